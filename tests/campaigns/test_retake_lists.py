"""The lists of who is due a retake, and recordings that wait to be sent, told in bulk and undone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from test_field_marks import Day
from test_field_retakes import listed, miss_a_day

from campaigns.attendance import Outcome, OutcomeReason
from campaigns.field import actions, queries, retake_list_queries, waiting_actions, waiting_queries
from campaigns.field.retake_list_queries import Narrowed
from campaigns.field.retake_lists import RetakeList
from campaigns.field.waiting import Age, age_of, days_waiting
from campaigns.models import MarkRow
from common import clock
from common.access import Missing
from common.database import Store
from common.ordering import order_of
from ground.site import Site
from schools.models import School

THURSDAY = date(2026, 8, 13)
NEXT_WEEK = date(2026, 8, 19)
EVERYONE = Narrowed()


@pytest.fixture
def day(store: Store) -> Day:
    return Day(store)


@pytest.fixture
def quick_day(sqlite_store: Store) -> Day:
    return Day(sqlite_store)


@pytest.fixture
def site(sqlite_store: Store, quick_day: Day, tmp_path: Path) -> Iterator[Site]:
    with clock.fixed_at(THURSDAY), Site(sqlite_store, tmp_path / "files") as running:
        yield running


def confirm(
    day: Day,
    *students: int,
    outcome: Outcome = Outcome.RECORDED,
    reason: OutcomeReason | None = None,
    on: date = THURSDAY,
) -> waiting_actions.Told:
    keys = [(student, day.id) for student in students]
    with clock.fixed_at(on):
        return day.store.write_now(
            waiting_actions.confirm_waiting, day.cast.sari, day.campaign, keys, outcome, reason
        )


def waiting(day: Day, on: date = THURSDAY, chosen: Narrowed = EVERYONE) -> waiting_queries.WaitingPage:
    with clock.fixed_at(on):
        return day.store.read_now(waiting_queries.waiting_page, day.cast.sari, day.campaign, chosen)


def undo(day: Day, confirm_id: int) -> waiting_actions.Told:
    return day.store.write_now(waiting_actions.undo_confirm, day.cast.sari, confirm_id)


@pytest.mark.parametrize(
    ("days", "age"), [(0, "fresh"), (2, "fresh"), (3, "long"), (6, "long"), (7, "too_long")]
)
def test_waiting_grows_old_by_the_day(days: int, age: str) -> None:
    assert age_of(days) == age


def test_a_device_whose_date_runs_ahead_makes_nobody_wait_less_than_no_day() -> None:
    assert days_waiting(NEXT_WEEK, THURSDAY) == 0


def test_refused_and_failed_are_counted_by_their_reason_and_narrowed_to_one(day: Day) -> None:
    day.take(
        day.mark(day.students[0], "refused", reason="uniform"),
        day.mark(day.students[1], "refused", reason="uniform"),
        day.mark(day.students[2], "refused", reason="not_ready"),
        day.mark(day.students[3], "failed", reason="iris"),
        *(day.mark(student) for student in day.students[4:]),
    )
    refused = listed(day, RetakeList.REFUSED)
    assert dict(refused.kinds) == {"uniform": 2, "not_ready": 1, "other": 0}
    only = listed(day, RetakeList.REFUSED, Narrowed("not_ready"))
    assert [row.id for row in only.rows] == [day.students[2]]
    assert dict(only.kinds)["uniform"] == 2, "the other reasons keep their counts"
    failed = listed(day, RetakeList.FAILED)
    assert dict(failed.kinds) == {"fingerprint": 0, "iris": 1, "photo": 0, "data_not_found": 0}
    assert refused.counts.lists == {"no_date": 4, "twice": 0, "refused": 3, "failed": 1}


def test_a_list_narrowed_to_a_district_or_a_school_names_no_other(day: Day) -> None:
    day.close()
    joko = miss_a_day(day.store, day.cast, day.campaign, day.cast.jokos_school, 2, 9300)
    both = listed(day, RetakeList.NO_DATE)
    assert both.leaf.total == 14
    one = listed(day, RetakeList.NO_DATE, Narrowed("", None, day.cast.jokos_school))
    assert {row.id for row in one.rows} == set(joko)
    (district,) = both.districts
    assert listed(day, RetakeList.NO_DATE, Narrowed("", district[0])).leaf.total == 14
    assert listed(day, RetakeList.NO_DATE, Narrowed("", district[0] + 1)).rows == ()


def test_a_list_is_sorted_by_its_headings_and_turned_page_by_page(
    day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    miss_a_day(day.store, day.cast, day.campaign, day.cast.ratnas_school, 5, 9400)
    monkeypatch.setattr(retake_list_queries, "PAGE_SIZE", 3)
    first, second = (listed(day, RetakeList.NO_DATE, sort="name", page=page) for page in (1, 2))
    names = [row.name for row in first.rows + second.rows]
    assert names == sorted(names) and len(names) == 5
    assert (first.leaf.following, second.leaf.number, second.leaf.following) == (2, 2, None)
    turned = listed(day, RetakeList.NO_DATE, sort="-name")
    assert [row.name for row in turned.rows] == sorted(names, reverse=True)[:3]
    assert listed(day, RetakeList.NO_DATE, sort="salah").rows == listed(day, RetakeList.NO_DATE).rows
    for column in retake_list_queries.LINE_COLUMNS:
        assert listed(day, RetakeList.NO_DATE, sort=f"-{column}").leaf.total == 5


def test_a_list_narrowed_to_a_school_whose_last_student_left_it_still_says_so(quick_day: Day) -> None:
    page = listed(quick_day, RetakeList.NO_DATE, Narrowed("", None, quick_day.cast.jokos_school))
    assert page.rows == ()
    assert page.schools == ((quick_day.cast.jokos_school, "SMKN 1 SUKOHARJO"),)
    stranger = quick_day.store.read_now(lambda: School.select().count()) + 1
    assert listed(quick_day, RetakeList.NO_DATE, Narrowed("", None, stranger)).schools == ()


def test_the_oldest_waiting_comes_first_and_its_age_grows(day: Day) -> None:
    day.take(*(day.mark(student, "waiting") for student in day.students[:3]))
    page = waiting(day)
    assert {(row.days, row.age) for row in page.rows} == {(1, Age.FRESH)}
    week_later = waiting(day, NEXT_WEEK)
    assert {(row.days, row.age) for row in week_later.rows} == {(7, Age.TOO_LONG)}
    assert week_later.ages == {Age.FRESH: 0, Age.LONG: 0, Age.TOO_LONG: 3}


def test_those_chosen_are_recorded_in_one_act_and_the_others_wait_on(day: Day) -> None:
    day.take(*(day.mark(student, "waiting") for student in day.students[:4]))
    told = confirm(day, *day.students[:3])
    assert (told.students, told.skipped, told.day_ids) == (3, 0, (day.id,))
    assert day.outcomes() == {
        **dict.fromkeys(day.students[:3], "recorded"),
        day.students[3]: "waiting",
    }
    assert day.standings()[day.students[0]] == ("recorded", 1, False)
    assert [row.id for row in waiting(day).rows] == [day.students[3]]


def test_pressing_twice_or_with_an_old_page_changes_nobody_who_does_not_wait(day: Day) -> None:
    day.take(day.mark(day.students[0], "waiting"), day.mark(day.students[1]))
    assert confirm(day, *day.students[:3], outcome=Outcome.FAILED, reason=OutcomeReason.PHOTO).students == 1
    again = confirm(day, *day.students[:3], outcome=Outcome.FAILED, reason=OutcomeReason.PHOTO)
    assert (again.students, again.skipped) == (0, 3)
    assert day.outcomes() == {day.students[0]: "failed", day.students[1]: "recorded"}
    assert listed(day, RetakeList.FAILED).leaf.total == 1, "what did not go through is due a retake"


def test_undone_they_wait_again_but_for_whom_somebody_marked_since(day: Day) -> None:
    day.take(*(day.mark(student, "waiting") for student in day.students[:3]))
    confirm(day, *day.students[:3], outcome=Outcome.FAILED, reason=OutcomeReason.IRIS)
    (said,) = waiting(day).confirmed
    live = day.store.read_now(
        lambda: MarkRow.get(MarkRow.student == day.students[0], MarkRow.device == f"bulk:{said.id}")
    )
    day.take(day.mark(day.students[0], "recorded", lc=live.lc + 1, supersedes=[live.uuid]))
    told = undo(day, said.id)
    assert (told.students, told.skipped) == (2, 1)
    assert day.outcomes() == {day.students[0]: "recorded", **dict.fromkeys(day.students[1:3], "waiting")}
    assert undo(day, said.id).students == 0
    assert waiting(day).confirmed[0].undone_at is not None
    assert confirm(day, *day.students[1:3]).students == 2, "said again after it was undone"


def test_a_failure_needs_its_reason_and_nothing_else_can_be_said(quick_day: Day) -> None:
    day = quick_day
    day.take(day.mark(day.students[0], "waiting"))
    for outcome, reason, fault in (
        (Outcome.FAILED, None, "reason"),
        (Outcome.RECORDED, OutcomeReason.IRIS, "reason"),
        (Outcome.ABSENT, OutcomeReason.SICK, "outcome"),
    ):
        with pytest.raises(actions.NotAllowed, match=fault):
            confirm(day, day.students[0], outcome=outcome, reason=reason)
    assert day.outcomes() == {day.students[0]: "waiting"}


def test_no_mark_is_lost_and_both_kits_see_what_was_said(quick_day: Day) -> None:
    day = quick_day
    day.take(day.mark(day.students[0], "waiting"))
    confirm(day, day.students[0])
    page = day.store.read_now(queries.field_page, day.cast.budi, day.id)
    assert [(mark.outcome, len(mark.supersedes)) for mark in page.marks] == [("waiting", 0), ("recorded", 1)]


def test_nobody_but_the_offices_coordinator_sees_or_says_it(quick_day: Day) -> None:
    day = quick_day
    day.take(day.mark(day.students[0], "waiting"))
    confirm(day, day.students[0])
    (said,) = waiting(day).confirmed
    key = [(day.students[0], day.id)]
    for stranger in (day.cast.wahyu, day.cast.budi, day.cast.ratna):
        with pytest.raises(Missing):
            day.store.read_now(waiting_queries.waiting_page, stranger, day.campaign, EVERYONE)
        with pytest.raises(Missing):
            day.store.read_now(
                retake_list_queries.retake_list,
                stranger,
                day.campaign,
                RetakeList.NO_DATE,
                EVERYONE,
                order_of("", retake_list_queries.LINE_COLUMNS, "missed"),
            )
        with pytest.raises(Missing):
            day.store.write_now(
                waiting_actions.confirm_waiting, stranger, day.campaign, key, Outcome.RECORDED, None
            )
        with pytest.raises(Missing):
            day.store.write_now(waiting_actions.undo_confirm, stranger, said.id)
    assert day.outcomes() == {day.students[0]: "recorded"}


def test_over_the_page_sari_says_it_of_all_shown_and_undoes_it(site: Site, quick_day: Day) -> None:
    day = quick_day
    day.take(*(day.mark(student, "waiting") for student in day.students[:3]))
    sari = site.as_("sari")
    page = sari.get("/retakes/waiting?all=1").text
    assert page.count(" checked") == 3 and "Ayu Lestari 1" in page
    keys = [f"{student}-{day.id}" for student in day.students[:3]]
    assert sari.post("/retakes/waiting", {"say": "recorded"}).status == 422
    kept = sari.post("/retakes/waiting", {"say": "failed", "student": keys[:2]})
    assert kept.status == 422 and kept.text.count(" checked") == 2, "what was ticked stays ticked"
    done = sari.follow(sari.post("/retakes/waiting", {"say": "recorded", "student": keys}))
    assert "3 siswa" in done.text and "Batalkan" in done.text
    back = sari.follow(sari.post("/retakes/waiting/1/undo"))
    assert day.outcomes() == dict.fromkeys(day.students[:3], "waiting")
    assert "dibatalkan" in back.text
    assert site.as_("wahyu").post("/retakes/waiting/1/undo").status == 404
