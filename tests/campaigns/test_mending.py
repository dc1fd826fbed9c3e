"""A plan is mended: what was announced stays, and where it cannot as little as possible moves."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from test_planning import an_office

from campaigns.calendar import CampaignCalendar, Holiday, Pause, SchoolCalendar, Span
from campaigns.capacity import Network
from campaigns.hard_rules import violations_of
from campaigns.planning import make_plan
from campaigns.scheduling import Announced, Plan, Problem, SchoolNeed, Team

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (date(2026, 8, day) for day in range(3, 8))
WEEK = CampaignCalendar(MONDAY, FRIDAY, FRIDAY, frozenset(range(5)))


def school(
    name: str, target: int, voters: int = 0, district: str = "Weru", closed: date | None = None
) -> SchoolNeed:
    spans = () if closed is None else (Span(closed, closed, "Ujian"),)
    return SchoolNeed(name, district, target, voters, Network.GOOD, SchoolCalendar(closed=spans))


def told(*days: tuple[str, date]) -> tuple[Announced, ...]:
    return tuple(Announced(name, "A", day) for name, day in days)


def days_of(plan: Plan) -> dict[str, list[tuple[date, int]]]:
    found: dict[str, list[tuple[date, int]]] = {}
    for visit in plan.visits:
        found.setdefault(str(visit.school), []).append((visit.date, visit.students))
    return found


def test_a_school_that_needs_two_days_in_a_row_gets_one_from_another_that_finds_room_elsewhere() -> None:
    schools = (
        school("large", 80, 40, closed=MONDAY),
        school("b", 50, 20, "Bulu"),
        school("c", 50, 20, "Nguter"),
    )
    problem = Problem(WEEK, (Team("A", 2),), schools)
    announced = told(("large", MONDAY), ("large", TUESDAY), ("b", WEDNESDAY), ("c", THURSDAY))
    plan = make_plan(replace(problem, announced=announced))
    assert violations_of(plan.visits, problem) == [] and plan.left_out == ()
    assert len(days_of(plan)["large"]) == 2
    assert sum(days_of(plan)[name] == [(day, 50)] for name, day in (("b", WEDNESDAY), ("c", THURSDAY))) == 1


def test_nobody_moves_for_students_who_were_never_told_of_a_day_and_are_no_voters() -> None:
    everywhere = [school(str(day.day), 50, 20, f"D{day.day}") for day in (MONDAY, TUESDAY, THURSDAY, FRIDAY)]
    announced = told(*((str(day.day), day) for day in (MONDAY, TUESDAY, THURSDAY, FRIDAY)))
    for voters, moved in ((0, 0), (50, 1)):
        # Only Wednesday is free, and on Wednesday the new school is closed.
        new = school("new", 50, voters, "Bulu", closed=WEDNESDAY)
        plan = make_plan(Problem(WEEK, (Team("A", 2),), (*everywhere, new), announced=announced))
        assert plan.score.moved == moved and plan.score.students == 200 + (50 if moved else 0)


def test_two_schools_told_of_one_day_both_keep_it_though_not_all_their_students_fit() -> None:
    one_day = replace(WEEK, ends=MONDAY, latest_useful_day=MONDAY)
    schools = (school("1", 40, 10), school("2", 45, 30))
    plan = make_plan(Problem(one_day, (Team("A", 2),), schools, announced=told(("1", MONDAY), ("2", MONDAY))))
    assert days_of(plan) == {"1": [(MONDAY, 20)], "2": [(MONDAY, 30)]}
    assert plan.score.moved == 0 and plan.score.voters == 40


def test_with_a_broken_kit_a_school_goes_to_the_team_that_still_has_two() -> None:
    schools = (school("1", 50, 30), school("2", 20, 10, "Bulu"))
    announced = told(("1", MONDAY), ("2", TUESDAY))
    plan = make_plan(
        Problem(WEEK, (Team("A", 1), Team("B", 2)), schools, max_days_per_school=1, announced=announced)
    )
    assert {(visit.school, visit.team) for visit in plan.visits} == {("1", "B"), ("2", "A")}
    assert plan.score.moved == 1 and plan.left_out == ()


def closed_on(problem: Problem, name: object, days: list[date]) -> Problem:
    spans = tuple(Span(day, day, "Menolak") for day in days)
    return replace(
        problem,
        schools=tuple(
            replace(s, calendar=replace(s.calendar, closed=(*s.calendar.closed, *spans)))
            if s.id == name
            else s
            for s in problem.schools
        ),
    )


def refusal(problem: Problem, plan: Plan) -> Problem:
    name = plan.visits[20].school
    return closed_on(problem, name, [visit.date for visit in plan.visits if visit.school == name])


def late_holiday(problem: Problem, plan: Plan) -> Problem:
    day = plan.visits[30].date
    return replace(problem, calendar=replace(problem.calendar, holidays={day: Holiday(day, "Cuti bersama")}))


def pause(problem: Problem, plan: Plan) -> Problem:
    first = plan.visits[40].date
    two_weeks = Pause(first, first + timedelta(days=13), "Surat Kemendagri")
    return replace(problem, calendar=replace(problem.calendar, pauses=(two_weeks,)))


def new_school(problem: Problem, plan: Plan) -> Problem:
    return replace(
        problem, schools=(*problem.schools, SchoolNeed("new", "Kecamatan 3", 80, 50, Network.GOOD))
    )


@pytest.fixture(scope="module")
def office() -> Problem:
    return an_office(teams=2)


@pytest.fixture(scope="module")
def plan(office: Problem) -> Plan:
    return make_plan(office)


@pytest.mark.parametrize("happens", [refusal, late_holiday, pause, new_school])
def test_what_happens_moves_only_the_schools_it_concerns_and_everybody_is_still_served(
    happens: Callable[[Problem, Plan], Problem], office: Problem, plan: Plan
) -> None:
    changed = happens(office, plan)
    concerned = {clash.visit.school for clash in violations_of(plan.visits, changed)}
    announced = tuple(Announced(visit.school, visit.team, visit.date) for visit in plan.visits)
    mended = make_plan(replace(changed, announced=announced))
    assert violations_of(mended.visits, changed) == []
    assert {day.school for day in mended.announced_days_lost} == concerned
    assert (mended.score.voters, mended.score.students) == (mended.bound.voters, mended.bound.students)


def test_where_days_are_short_a_refusal_still_moves_hardly_any_other_school() -> None:
    short = an_office(teams=1, weeks=18)
    full = make_plan(short)
    assert full.score.students < full.bound.students, "there is no room for all"
    refused = refusal(short, full)
    announced = tuple(Announced(visit.school, visit.team, visit.date) for visit in full.visits)
    mended = make_plan(replace(refused, announced=announced))
    assert violations_of(mended.visits, refused) == [] and mended.score.moved <= 5
