"""The printed list typed: shown before it is stored, stored as any mark, taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_field_marks import Day

from campaigns.field import actions, quick_actions, quick_queries
from common import clock
from common.access import Missing
from common.database import Store
from ground.field_day import WEDNESDAY
from ground.site import Site


@pytest.fixture
def day(store: Store) -> Day:
    return Day(store)


@pytest.fixture
def quick_day(sqlite_store: Store) -> Day:
    return Day(sqlite_store)


def seen(day: Day, text: str) -> str:
    return day.store.read_now(quick_queries.quick_page, day.cast.budi, day.id, text).seen


def store_lines(day: Day, text: str, batch: str = "b1") -> int:
    return day.store.write_now(quick_actions.store_lines, day.cast.budi, day.id, text, seen(day, text), batch)


def test_lines_are_stored_as_marks_and_replace_what_counted(day: Day) -> None:
    day.take(day.mark(day.students[1], "absent", reason="sick"))
    assert store_lines(day, "1-3 r\n4 a sakit\n5 g iris") == 5
    assert day.outcomes() == {
        **dict.fromkeys(day.students[:3], "recorded"),
        day.students[3]: "absent",
        day.students[4]: "failed",
    }
    assert day.standings()[day.students[1]] == ("recorded", 1, False)
    assert day.state() == "open"


def test_a_second_press_stores_nothing_twice(quick_day: Day) -> None:
    day = quick_day
    text = "1-3 r"
    shown = seen(day, text)
    for expected in (3, 0):
        count = day.store.write_now(quick_actions.store_lines, day.cast.budi, day.id, text, shown, "b1")
        assert count == expected
    assert len(day.quarantine()) == 3


def test_nothing_is_stored_while_a_line_has_a_fault_or_the_list_has_changed(quick_day: Day) -> None:
    day = quick_day
    with pytest.raises(actions.NotAllowed, match="fault"):
        store_lines(day, "1 r\n99 r")
    shown = seen(day, "1-2 r")
    day.take(day.mark(day.students[1], "refused", reason="uniform"))
    with pytest.raises(actions.NotAllowed, match="changed"):
        day.store.write_now(quick_actions.store_lines, day.cast.budi, day.id, "1-2 r", shown, "b2")
    assert day.outcomes() == {day.students[1]: "refused"}


def test_taking_back_brings_what_counted_before_and_leaves_what_came_after(day: Day) -> None:
    day.take(day.mark(day.students[0], "absent", reason="sick"))
    store_lines(day, "1-3 r")
    later = day.mark(day.students[2], "failed", reason="iris", lc=1_000_000)
    later["supersedes"] = [
        mark.uuid for mark in day.store.read_now(actions_page, day).marks if mark.student == day.students[2]
    ]
    day.take(later)
    for expected in (2, 0):
        assert day.store.write_now(quick_actions.take_lines_back, day.cast.budi, day.id, "b1") == expected
    assert day.outcomes() == {day.students[0]: "absent", day.students[2]: "failed"}
    assert day.students[1] not in day.standings()


def actions_page(day: Day) -> object:
    from campaigns.field.queries import field_page

    return field_page(day.cast.sari, day.id)


def test_two_phones_and_the_paper_give_one_list_without_a_quarrel(quick_day: Day) -> None:
    day = quick_day
    day.take(
        day.mark(day.students[0], device="kit-1", lc=9), day.mark(day.students[1], device="kit-2", lc=40)
    )
    assert store_lines(day, "1-2 r\n3 r") == 1  # the first two are marked so already
    store_lines(day, "2 a sakit", "b2")
    page = day.store.read_now(actions_page, day)
    assert [student.needs_look for student in page.students[:3]] == [False, False, False]  # type: ignore[attr-defined]
    assert day.outcomes()[day.students[1]] == "absent"


def test_another_office_types_nothing(quick_day: Day) -> None:
    day = quick_day
    for who in (day.cast.wahyu, day.cast.ratna):
        with pytest.raises(Missing):
            day.store.write_now(quick_actions.store_lines, who, day.id, "1 r", "", "b")
        with pytest.raises(Missing):
            day.store.write_now(quick_actions.take_lines_back, who, day.id, "b")


@pytest.fixture
def site(sqlite_store: Store, quick_day: Day, tmp_path: Path) -> Iterator[Site]:
    with clock.fixed_at(WEDNESDAY), Site(sqlite_store, tmp_path) as running:
        yield running


def hidden(text: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([0-9a-f]+)"', text)
    assert found
    return found[1]


def test_without_scripts_the_lines_are_checked_stored_and_taken_back(site: Site, quick_day: Day) -> None:
    day, budi = quick_day, site.as_("budi")
    path = f"/days/{day.id}/quick"
    form = {"batch": hidden(budi.get(path).text, "batch"), "lines": "1 r\r\n2 a sakit\r\n77 r"}
    checked = budi.post(path, {**form, "act": "check"})
    assert "Tidak ada siswa bernomor 77" in checked.text
    assert "2 a sakit" in checked.text
    refused = budi.post(path, {**form, "act": "store", "seen": hidden(checked.text, "seen")})
    assert refused.status == 422
    assert "77 r</textarea>" in refused.text
    assert day.outcomes() == {}
    form["lines"] = "1 r\n2 a sakit"
    seen_now = hidden(budi.post(f"{path}/check", form).text, "seen")
    done = budi.follow(budi.post(path, {**form, "act": "store", "seen": seen_now}))
    assert "2 tanda disimpan" in done.text
    assert day.outcomes() == {day.students[0]: "recorded", day.students[1]: "absent"}
    undone = budi.follow(budi.post(path, {"act": "undo", "batch": form["batch"]}))
    assert "2 tanda dibatalkan" in undone.text
    assert day.outcomes() == {}
    assert site.as_("wahyu").post(path, form).status == 404


def test_the_next_step_is_the_solid_button_and_the_meanings_stand_as_they_were_typed(
    site: Site, quick_day: Day
) -> None:
    budi, path = site.as_("budi"), f"/days/{quick_day.id}/quick"
    form = {"batch": "ab", "act": "check"}

    def solid(text: str) -> list[str]:
        return re.findall(r'button--solid"[^>]*value="(\w+)"', text)

    assert solid(budi.get(path).text) == ["check"]
    assert solid(budi.post(path, {**form, "lines": "1 r, 99 r"}).text) == ["check"]
    budi.post(path, {**form, "act": "store", "lines": "1 g iris", "seen": seen(quick_day, "1 g iris")})
    budi.post(path, {**form, "act": "store", "lines": "2 r", "seen": seen(quick_day, "2 r"), "batch": "cd"})
    checked = budi.post(path, {**form, "lines": "1-2 r, 3 a sakit"}).text
    assert solid(checked) == ["store"]
    assert checked.index('scope="row">1-2 r') < checked.index('scope="row">3 a sakit')
    words = " ".join(re.sub(r"<[^>]+>", " ", checked).split())
    assert "(sebelumnya: gagal) ; 1 sudah dengan hasil ini" in words


def test_the_page_lists_every_letter_of_both_languages(site: Site, quick_day: Day) -> None:
    page = site.as_("budi").get(f"/days/{quick_day.id}/quick").text
    assert "<dt><b>g / f</b></dt><dd>Gagal rekam</dd>" in page
    assert "<dt><b>t</b></dt><dd>Menolak</dd>" in page
