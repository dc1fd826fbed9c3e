"""Who is due a retake, the days proposed for them, and booking those that Sari accepts."""

from __future__ import annotations

from datetime import date

import pytest
from test_field_marks import Day

from campaigns.field import closing_actions, retake_actions, retake_queries
from campaigns.field.retake_list_queries import LINE_COLUMNS, Narrowed, RetakeListPage, retake_list
from campaigns.field.retake_lists import RetakeList
from campaigns.field.retakes_page_queries import RetakesPage, retakes_page
from campaigns.models import Booking, RecordingDay
from common import clock
from common.access import Missing
from common.database import Store
from common.ordering import order_of
from ground import field_day
from ground.people import Cast

THURSDAY = date(2026, 8, 13)
# Friday is reserved, then the weekend, then Independence Day on Monday
NEXT_WORKING_DAY = date(2026, 8, 18)


@pytest.fixture
def day(sqlite_store: Store) -> Day:
    return Day(sqlite_store)


@pytest.fixture
def day_on_either(store: Store) -> Day:
    return Day(store)


def propose(day: Day, *schools: int) -> retake_queries.RetakeProposalPage:
    with clock.fixed_at(THURSDAY):
        return day.store.read_now(retake_queries.retake_proposal, day.cast.sari, day.campaign, schools)


def accept(day: Day, page: retake_queries.RetakeProposalPage) -> retake_actions.Accepted:
    keys = [one.key for one in page.days]
    with clock.fixed_at(THURSDAY):
        return day.store.write_now(
            retake_actions.accept_retakes, day.cast.sari, day.campaign, page.school_ids, keys
        )


def due(day: Day) -> RetakesPage:
    with clock.fixed_at(THURSDAY):
        return day.store.read_now(retakes_page, day.cast.sari, day.campaign)


def listed(
    day: Day,
    which: RetakeList,
    chosen: Narrowed = Narrowed(),
    on: date = THURSDAY,
    sort: str = "",
    page: int = 1,
) -> RetakeListPage:
    order = order_of(sort, LINE_COLUMNS, "missed")
    with clock.fixed_at(on):
        return day.store.read_now(retake_list, day.cast.sari, day.campaign, which, chosen, order, page)


def miss_a_day(
    store: Store, cast: Cast, campaign: int, school: int, count: int, first_serial: int
) -> list[int]:
    students = field_day.add_students(store, cast, school, count, first_serial)
    other = field_day.add_day(store, cast, campaign, school, students, date(2026, 8, 11), "open", "Tim B")
    with clock.fixed_at(date(2026, 8, 11)):
        store.write_now(closing_actions.close_day, cast.budi, other)
    return students


def test_absent_failed_and_refused_students_are_due_and_recorded_ones_are_not(day_on_either: Day) -> None:
    day = day_on_either
    day.take(
        day.mark(day.students[0]),
        day.mark(day.students[1], "failed", reason="iris"),
        day.mark(day.students[2], "refused", reason="uniform"),
        day.mark(day.students[3], "waiting"),
        day.mark(day.students[4], "already_recorded"),
        day.mark(day.students[5], "not_ours", reason="moved"),
    )
    day.close()
    (school,) = due(day).schools
    assert (school.due, school.failed, school.refused, school.absent) == (8, 1, 1, 6)
    names = listed(day, RetakeList.NO_DATE)
    assert {row.id for row in names.rows} == {*day.students[1:3], *day.students[6:]}


def test_a_retake_day_is_proposed_on_the_next_working_day_and_booked_with_numbers(day_on_either: Day) -> None:
    day = day_on_either
    day.close()
    page = propose(day)
    (proposed,) = page.days
    assert (proposed.found.date, proposed.found.students) == (NEXT_WORKING_DAY, 12)
    assert page.not_placed == ()

    done = accept(day, page)

    assert (len(done.day_ids), done.students, done.changed) == (1, 12, 0)
    retake = day.store.read_now(lambda: RecordingDay.get_by_id(done.day_ids[0]))
    assert (retake.kind, retake.state, retake.date, retake.planned) == (
        "retake",
        "proposed",
        NEXT_WORKING_DAY,
        12,
    )
    numbers = day.store.read_now(
        lambda: [row.queue_number for row in Booking.select().where(Booking.day == retake.id)]
    )
    assert sorted(numbers) == list(range(1, 13))
    after = due(day)
    assert (after.due, after.with_a_date, len(after.days)) == (0, 12, 1)


def test_pressing_book_twice_books_once(day: Day) -> None:
    day.close()
    page = propose(day)
    accept(day, page)
    again = accept(day, page)
    assert (again.day_ids, again.changed) == ((), 1)
    assert day.store.read_now(lambda: RecordingDay.select().where(RecordingDay.kind == "retake").count()) == 1


def test_a_retake_day_is_marked_like_any_day_and_missing_it_is_the_second_time(day: Day) -> None:
    day.close()
    (retake,) = accept(day, propose(day)).day_ids
    assert day.take({**day.mark(day.students[0]), "day": retake}, day=retake) == ["stored"]
    with clock.fixed_at(NEXT_WORKING_DAY):
        day.store.write_now(closing_actions.close_day, day.cast.budi, retake)
    with clock.fixed_at(date(2026, 8, 19)):
        page = day.store.read_now(retakes_page, day.cast.sari, day.campaign)
    assert (page.due, page.missed_twice) == (11, 11)
    twice = listed(day, RetakeList.TWICE, on=date(2026, 8, 19))
    assert {row.attempts for row in twice.rows} == {2} and twice.leaf.total == 11


def test_the_few_of_two_schools_of_a_district_come_together(day_on_either: Day) -> None:
    day = day_on_either
    day.take(*(day.mark(student) for student in day.students[3:]))
    day.close()
    few = miss_a_day(day.store, day.cast, day.campaign, day.cast.jokos_school, 2, 9300)
    (proposed,) = propose(day).days
    assert proposed.found.reason == "shared_in_district"
    assert proposed.venue_name == "SMAN 1 SUKOHARJO"
    (retake,) = accept(day, propose(day)).day_ids
    assert day.take({**day.mark(few[0]), "day": retake}, day=retake) == ["stored"]


def test_only_the_schools_asked_for_are_proposed(day: Day) -> None:
    day.close()
    miss_a_day(day.store, day.cast, day.campaign, day.cast.jokos_school, 12, 9300)
    page = propose(day, day.cast.jokos_school)
    assert [one.venue_name for one in page.days] == ["SMKN 1 SUKOHARJO"]


def test_who_cannot_be_placed_is_named_with_the_rule(day: Day) -> None:
    day.close()
    with clock.fixed_at(date(2026, 12, 18)):
        page = day.store.read_now(retake_queries.retake_proposal, day.cast.sari, day.campaign, ())
    assert page.days == ()
    assert len(page.not_placed) == 12
    assert {one.rule for one in page.not_placed} == {"no_working_day"}


def test_a_student_who_moved_away_is_not_due(day: Day) -> None:
    from schools.actions import set_student_status

    day.close()
    day.store.write_now(set_student_status, day.cast.sari, day.students[:2], "moved")
    assert due(day).due == 10


def test_another_office_and_an_officer_see_no_retakes(day: Day) -> None:
    day.close()
    for stranger in (day.cast.wahyu, day.cast.budi, day.cast.ratna):
        for query in (retakes_page, retake_queries.retake_proposal):
            with pytest.raises(Missing):
                day.store.read_now(query, stranger, day.campaign)
