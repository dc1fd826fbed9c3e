"""By which way a student comes again: at home, on a coming day of the school, on a retake day, at the office."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_retakes import AUTUMN, FIRST, PROBLEM, SCHOOLS, booked

from campaigns.attendance import Outcome, OutcomeReason
from campaigns.field.opening import Opening, OpeningFault, form_of, read_opening
from campaigns.hard_rules import violations_of
from campaigns.retake_ways import (
    ComingDay,
    OpenDate,
    Way,
    is_better_visited,
    may_be_visited,
    propose_ways,
)
from campaigns.retakes import DueStudent, NoPlace, RetakeReason
from campaigns.scheduling import Problem, Reason, ReasonKind, Rule, Team, Visit, with_parts

WERU, SMK, MA, BULU = (school.id for school in SCHOOLS)
FRIDAY = date(2026, 8, 14)
SATURDAY = date(2026, 8, 15)
SECOND_DAY = ComingDay(7, WERU, "A", date(2026, 8, 13), 2, is_second=True)
OFFICE = [OpenDate(SATURDAY, "Loket", 3), OpenDate(date(2026, 8, 22), "Loket", 3)]
HOMES = [OpenDate(FRIDAY, "A", 2)]


def one(
    student: int,
    school: object = WERU,
    outcome: Outcome = Outcome.ABSENT,
    reason: OutcomeReason = OutcomeReason.UNKNOWN,
    attempts: int = 1,
    voter: bool = False,
    disabled: bool = False,
) -> DueStudent:
    return DueStudent(student, school, voter, attempts, outcome, reason, FIRST, disabled)  # type: ignore[arg-type]


def ill(student: int, attempts: int = 1) -> DueStudent:
    return one(student, reason=OutcomeReason.SICK, attempts=attempts)


def placed(found: object) -> dict[int, RetakeReason]:
    return {
        student: day.reason
        for day in found.days  # type: ignore[attr-defined]
        for group in day.groups
        for student in group.students
    }


def test_who_is_visited_at_home() -> None:
    assert is_better_visited(ill(1, attempts=2)) and not is_better_visited(ill(1))
    assert is_better_visited(one(1, disabled=True)) and may_be_visited(ill(1))
    assert not may_be_visited(one(1, outcome=Outcome.REFUSED, reason=OutcomeReason.UNIFORM, disabled=True))
    assert not may_be_visited(one(1))


def test_free_places_of_the_schools_second_day_are_filled_voters_first_then_a_retake_day_comes() -> None:
    waiting = [one(1), one(2, voter=True), one(3, voter=True)]
    found = propose_ways(waiting, PROBLEM, [booked(WERU, SECOND_DAY.date)], FIRST, [SECOND_DAY])
    assert placed(found) == {
        2: RetakeReason.SECOND_DAY,
        3: RetakeReason.SECOND_DAY,
        1: RetakeReason.OWN_SCHOOL,
    }
    assert found.days[0].day == SECOND_DAY.day and found.days[1].day is None


def test_a_coming_day_takes_only_its_own_school_and_only_after_the_day_that_was_missed() -> None:
    later = ComingDay(8, WERU, "A", FIRST, 9, is_second=False)
    found = propose_ways([one(1), one(2, SMK)], PROBLEM, [], FIRST, [later], ways={Way.COMING_DAY})
    assert found.days == () and len(found.no_day) == 2
    next_round = ComingDay(8, WERU, "A", date(2026, 9, 7), 9, is_second=False)
    found = propose_ways([one(1), one(2, SMK)], PROBLEM, [], FIRST, [next_round], ways={Way.COMING_DAY})
    assert placed(found) == {1: RetakeReason.NEXT_ROUND}


def test_the_office_takes_students_of_every_school_as_many_as_it_has_places() -> None:
    waiting = [one(1), one(2, SMK), one(3, MA), one(4, BULU), one(5)]
    found = propose_ways(waiting, PROBLEM, [], FIRST, office=OFFICE, ways={Way.OFFICE})
    assert [(day.date, day.students) for day in found.days] == [(SATURDAY, 3), (date(2026, 8, 22), 2)]


def test_the_ill_for_the_second_time_go_before_the_ill_once_and_nobody_else_is_visited() -> None:
    waiting = [ill(1), ill(2, attempts=2), one(3, disabled=True), one(4)]
    every = propose_ways(waiting, PROBLEM, [], FIRST, homes=HOMES)
    assert placed(every) == {
        2: RetakeReason.HOME,
        3: RetakeReason.HOME,
        1: RetakeReason.OWN_SCHOOL,
        4: RetakeReason.OWN_SCHOOL,
    }
    only = propose_ways(waiting, PROBLEM, [], FIRST, homes=HOMES, ways={Way.HOME})
    assert set(placed(only)) == {2, 3}
    assert {row.student: row.rule for row in only.no_day} == {
        1: NoPlace.NO_VISIT_LEFT,
        4: NoPlace.NOT_ILL_OR_DISABLED,
    }


@pytest.mark.parametrize(
    ("ways", "rule"),
    [
        ({Way.HOME}, NoPlace.NOT_ILL_OR_DISABLED),
        ({Way.COMING_DAY}, NoPlace.NO_COMING_ROOM),
        ({Way.OFFICE}, NoPlace.NO_OFFICE_ROOM),
        ({Way.COMING_DAY, Way.OFFICE, Way.HOME}, NoPlace.NO_OFFICE_ROOM),
        ({Way.RETAKE_DAY, Way.HOME}, Rule.NO_TEAM),
    ],
)
def test_whoever_has_no_place_reads_what_the_chosen_ways_lack(ways: set[Way], rule: Rule | NoPlace) -> None:
    found = propose_ways([one(1)], replace(PROBLEM, teams=()), [], FIRST, ways=ways)
    assert [row.rule for row in found.no_day] == [rule]


def test_the_office_does_not_take_the_crew_that_visits_the_ill_of_whom_nobody_is_forgotten() -> None:
    homes = [OpenDate(FRIDAY, team, 1) for team in ("A", "B")]
    waiting = [ill(1, attempts=2), ill(2, attempts=2), ill(3)]
    found = propose_ways(
        waiting,
        PROBLEM,
        [],
        FIRST,
        office=[OpenDate(FRIDAY, "B", 1)],
        homes=homes,
        ways={Way.OFFICE, Way.HOME},
    )
    assert placed(found) == {1: RetakeReason.HOME, 2: RetakeReason.HOME}
    assert [row.student for row in found.no_day] == [3]


def test_a_crew_is_at_one_place_a_day() -> None:
    last = date(2026, 8, 13)
    problem = replace(PROBLEM, calendar=replace(AUTUMN, ends=last, latest_useful_day=last))
    waiting = [one(n) for n in range(60)]
    found = propose_ways(waiting, problem, [], last, office=[OpenDate(last, "A", 20)])
    assert [(day.reason, day.students) for day in found.days] == [(RetakeReason.OWN_SCHOOL, 50)]
    assert len(found.no_day) == 10


OUTCOMES = st.sampled_from(
    [
        (Outcome.ABSENT, OutcomeReason.SICK),
        (Outcome.ABSENT, OutcomeReason.PKL),
        (Outcome.REFUSED, OutcomeReason.UNIFORM),
        (Outcome.FAILED, OutcomeReason.IRIS),
    ]
)
WAITING = st.lists(
    st.tuples(st.sampled_from([WERU, SMK, MA, BULU]), OUTCOMES, st.integers(1, 3), st.booleans()), max_size=90
)


@given(
    facts=WAITING,
    room=st.integers(0, 5),
    places=st.integers(0, 9),
    ways=st.sets(st.sampled_from(list(Way)), min_size=1),
    visits=st.sets(st.integers(0, 12), max_size=5),
)
def test_everybody_is_proposed_one_day_or_named_and_no_hard_rule_is_broken(
    facts: list[tuple[str, tuple[Outcome, OutcomeReason], int, bool]],
    room: int,
    places: int,
    ways: set[Way],
    visits: set[int],
) -> None:
    waiting = [
        one(n, school, outcome, reason, attempts, voter)
        for n, (school, (outcome, reason), attempts, voter) in enumerate(facts)
    ]
    standing = [booked(BULU, date(2026, 8, 24) + timedelta(days=n)) for n in sorted(visits)]
    problem = Problem(AUTUMN, (Team("A", 2), Team("B", 1)), SCHOOLS)
    coming = [ComingDay(7, BULU, "A", visit.date, room, is_second=False) for visit in standing]
    office = [OpenDate(date(2026, 8, 13) + timedelta(days=n), "B", places) for n in range(4)]
    homes = [OpenDate(FRIDAY, team, places) for team in ("A", "B")]
    found = propose_ways(waiting, problem, standing, FIRST, coming, office, homes, ways)

    told = [student for day in found.days for group in day.groups for student in group.students]
    told += [row.student for row in found.no_day]
    assert sorted(told) == [one.student for one in waiting]
    new = [day for day in found.days if day.day is None]
    assert len({(day.team, day.date) for day in new}) == len(new)
    assert not {(day.team, day.date) for day in new} & {(visit.team, visit.date) for visit in standing}
    at_schools = with_parts(
        Visit(day.venue, day.team, day.date, day.students, Reason(ReasonKind.BY_HAND))
        for day in new
        if day.reason in (RetakeReason.OWN_SCHOOL, RetakeReason.SHARED_IN_DISTRICT)
    )
    # the limits of days a school gets, and that they follow one another, are for first visits
    own_to_rounds = {"days_a_school", "consecutive_days", "same_team", "no_more_than_target"}
    broken = {clash.rule.value for clash in violations_of(at_schools, problem)} - own_to_rounds
    assert broken == set()
    assert all(day.date > FIRST for day in found.days)


def test_what_was_typed_of_the_offices_opening_is_read_or_sent_back_with_its_fault() -> None:
    good = Opening(4, "126", "08:30", "11:00", 15, 0)
    assert read_opening(form_of(good)) == (good, {})
    assert read_opening(form_of(Opening()))[0] == Opening()


@pytest.mark.parametrize(
    ("field", "typed", "fault"),
    [
        ("weekdays", "", OpeningFault.WEEKDAYS),
        ("starts_at", "delapan", OpeningFault.TIME),
        ("ends_at", "08:00", OpeningFault.ORDER),
        ("places_a_day", "0", OpeningFault.PLACES),
        ("places_a_day", "²", OpeningFault.PLACES),
        ("home_visits_a_day", "51", OpeningFault.VISITS),
    ],
)
def test_a_fault_of_the_opening_is_named_at_its_field(field: str, typed: str, fault: OpeningFault) -> None:
    form = {**form_of(Opening(4, "126", "08:30", "11:00", 15, 0)), field: typed}
    assert read_opening(form) == (None, {field: fault})
