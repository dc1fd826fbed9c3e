"""Students who are not on the list: searched, or typed and named by the coordinator; what could not be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from test_field_marks import Day

from accounts.models import Audit
from campaigns.field import actions, look_queries, walk_in_queries
from common import clock
from common.access import Missing
from common.database import Store
from ground import field_day
from ground.field_day import WEDNESDAY
from ground.site import Site
from schools.models import School, Student
from schools.names import plain_name


@pytest.fixture
def day(store: Store) -> Day:
    return Day(store)


@pytest.fixture
def quick_day(sqlite_store: Store) -> Day:
    return Day(sqlite_store)


def typed(
    day: Day, name: str = "Gilang Ramadan", class_name: str = "XII IPS 1", **other: Any
) -> dict[str, Any]:
    mark = day.mark(1, **other)
    return {**mark, "student": None, "walk_in": {"name": name, "class": class_name}}


def newcomer(day: Day, school: int) -> int:
    (student,) = field_day.add_students(day.store, day.cast, school, 1, 9700)
    return student


def test_somebody_of_the_school_without_a_place_counts_at_once(day: Day) -> None:
    student = newcomer(day, day.cast.ratnas_school)
    assert day.take(day.mark(student)) == ["stored"]
    assert day.outcomes() == {student: "recorded"}


def test_somebody_nobody_knows_waits_with_the_name_that_was_typed(day: Day) -> None:
    mark = typed(day)
    assert day.take(mark, mark) == ["quarantined", "duplicate"]
    assert day.quarantine() == ["walk_in"]
    (waiting,) = day.store.read_now(walk_in_queries.waiting_walk_ins, day.cast.budi, day.id)
    assert (waiting.name, waiting.class_name, waiting.outcome) == ("Gilang Ramadan", "XII IPS 1", "recorded")
    assert day.state() == "confirmed"
    (held,) = day.store.read_now(look_queries.looks_page, day.cast.sari).quarantined
    assert (held.name, held.mark.quarantine) == ("Gilang Ramadan", "walk_in")


def test_sari_says_who_it_was_and_then_it_counts(day: Day) -> None:
    student = newcomer(day, day.cast.ratnas_school)  # Ayu Lestari 1
    day.take(typed(day, "ayu lestari", "XII IPA 1"))
    (held,) = day.store.read_now(look_queries.looks_page, day.cast.sari).quarantined
    assert student in [one.id for one in held.candidates]
    with pytest.raises(Missing):  # nobody was named
        day.store.write_now(actions.decide_quarantined, day.cast.sari, held.mark.id, True)
    for _ in range(2):
        day.store.write_now(actions.decide_quarantined, day.cast.sari, held.mark.id, True, student)
    assert day.standings() == {student: ("recorded", 1, False)}
    assert day.quarantine() == ["decided", ""]


def test_sari_names_no_student_of_another_office_and_can_leave_it_out(quick_day: Day) -> None:
    day = quick_day
    day.take(typed(day))
    (held,) = day.store.read_now(look_queries.looks_page, day.cast.sari).quarantined
    with pytest.raises(Missing):
        day.store.write_now(actions.decide_quarantined, day.cast.sari, held.mark.id, True, 999_999)
    day.store.write_now(actions.decide_quarantined, day.cast.sari, held.mark.id, False)
    assert day.quarantine() == ["decided"]
    assert day.store.read_now(look_queries.looks_count, day.cast.sari) == 0


@pytest.mark.parametrize(
    "walk_in", [None, {}, {"name": ""}, {"name": "Gilang", "class": 7}, {"name": 3, "class": ""}, "Gilang"]
)
def test_a_mark_of_nobody_at_all_is_kept_aside(quick_day: Day, walk_in: object) -> None:
    mark = {**quick_day.mark(1), "student": None, "walk_in": walk_in}
    assert quick_day.take(mark, {**mark, "student": "7"}) == ["unreadable", "unreadable"]


def test_control_marks_in_a_typed_name_are_not_kept(quick_day: Day) -> None:
    quick_day.take(typed(quick_day, "Gilang\u202e\x00 Ramadan\n"))
    (waiting,) = quick_day.store.read_now(walk_in_queries.waiting_walk_ins, quick_day.cast.budi, quick_day.id)
    assert waiting.name == "Gilang Ramadan"


def test_a_student_is_found_by_parts_of_the_name_and_only_who_is_not_on_the_list(quick_day: Day) -> None:
    day = quick_day
    own, other = newcomer(day, day.cast.ratnas_school), 0
    (other,) = field_day.add_students(day.store, day.cast, day.cast.jokos_school, 1, 9800)
    found = day.store.read_now(walk_in_queries.students_by_name, day.cast.budi, day.id, "lest AYU")
    assert [(one.id, one.is_of_the_school) for one in found] == [(own, True), (other, False)]
    assert day.store.read_now(walk_in_queries.students_by_name, day.cast.budi, day.id, "ay") == ()
    for who in (day.cast.wahyu, day.cast.ratna):
        with pytest.raises(Missing):
            day.store.read_now(walk_in_queries.students_by_name, who, day.id, "ayu")


@pytest.fixture
def site(sqlite_store: Store, quick_day: Day, tmp_path: Path) -> Iterator[Site]:
    with clock.fixed_at(WEDNESDAY), Site(sqlite_store, tmp_path) as running:
        yield running


def test_the_search_takes_names_by_the_body_and_is_written_down(site: Site, quick_day: Day) -> None:
    newcomer(quick_day, quick_day.cast.ratnas_school)
    answer = site.as_("budi").post(
        f"/days/{quick_day.id}/walk-in", {"name": "ayu lestari"}, Accept="application/json"
    )
    (found,) = answer.json["students"]
    assert set(found) == {"id", "name", "class_name", "school_name", "is_of_the_school"}
    noted = quick_day.store.read_now(
        lambda: [row.detail for row in Audit.select().where(Audit.act == "walk_in_searched")]
    )
    assert noted == ["students=1"]


def test_sari_decides_over_the_page_and_puts_aside_what_could_not_be_read(site: Site, quick_day: Day) -> None:
    day, sari = quick_day, site.as_("sari")
    student = newcomer(day, day.cast.ratnas_school)
    day.take(typed(day, "Ayu Lestari"), {"uuid": "<b>rusak</b>"})
    page = sari.get("/looks").text
    assert "&lt;b&gt;rusak&lt;/b&gt;" in page
    assert f'name="student" value="{student}"' in page
    mark = re.search(r'name="mark" value="(\d+)"', page)
    aside = re.search(r'name="unreadable" value="(\d+)"', page)
    assert mark and aside
    for form in ({"mark": mark[1], "student": str(student)}, {"unreadable": aside[1]}):
        assert site.as_("wahyu").post("/looks", form).status == 404
        assert sari.post("/looks", form).status == 303
    assert day.outcomes() == {student: "recorded"}
    assert "Tidak ada yang perlu dilihat" in sari.get("/looks").text


def test_the_name_that_was_begun_comes_before_the_name_that_only_holds_the_letter(quick_day: Day) -> None:
    day, school = quick_day, quick_day.cast.jokos_school
    dwi, ningrum = field_day.add_students(day.store, day.cast, school, 2, 9800)

    def rename() -> None:
        for student, name in ((dwi, "Hana Dwi Astuti"), (ningrum, "Hana Ningrum")):
            Student.update(name=name, name_key=plain_name(name)).where(Student.id == student).execute()

    day.store.write_now(rename)
    found = day.store.read_now(walk_in_queries.students_by_name, day.cast.budi, day.id, "Hana N")
    assert [one.name for one in found] == ["Hana Ningrum", "Hana Dwi Astuti"]


def test_somebody_of_another_school_stands_on_the_list_with_the_school(site: Site, quick_day: Day) -> None:
    day = quick_day
    student = newcomer(day, day.cast.jokos_school)
    assert day.take(day.mark(student)) == ["quarantined"]
    path, budi = f"/days/{day.id}/field", site.as_("budi")
    school = day.store.read_now(lambda: School.get_by_id(day.cast.jokos_school).name)
    waiting = budi.get(path).text
    assert f"XII IPA 1, {school}" in waiting
    assert '<b data-count="done">1</b>' in waiting  # done here, though a coordinator has yet to decide
    (held,) = day.store.read_now(look_queries.looks_page, day.cast.sari).quarantined
    day.store.write_now(actions.decide_quarantined, day.cast.sari, held.mark.id, True)
    assert f"{school}, XII IPA 1" in budi.get(path).text
