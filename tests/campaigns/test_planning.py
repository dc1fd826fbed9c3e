"""What the planner does with a whole office."""

import random
from dataclasses import replace
from datetime import date, timedelta
from time import perf_counter

import pytest

from campaigns.bounds import bound_of
from campaigns.calendar import CampaignCalendar, SchoolCalendar, Span, holidays_between, school_week
from campaigns.capacity import Network
from campaigns.hard_rules import violations_of
from campaigns.planning import make_plan
from campaigns.scheduling import Announced, Locked, Plan, Problem, ReasonKind, Rule, SchoolNeed, Team

START = date(2026, 8, 3)


def an_office(
    schools: int = 60, districts: int = 12, teams: int = 3, weeks: int = 28, seed: int = 1
) -> Problem:
    """A made-up kabupaten: most schools small, a few large, a quarter on a poor line, half with an exam week."""
    chance = random.Random(seed)
    needs = []
    for n in range(schools):
        target = min(400, max(12, int(chance.lognormvariate(4.2, 0.8))))
        exams = START + timedelta(weeks=chance.randrange(6, 12))
        needs.append(
            SchoolNeed(
                n,
                f"Kecamatan {chance.randrange(districts)}",
                target,
                int(target * chance.uniform(0.3, 0.9)),
                Network.GOOD if chance.random() < 0.75 else Network.POOR,
                SchoolCalendar(
                    school_week(5 if chance.random() < 0.8 else 6),
                    (Span(exams, exams + timedelta(days=11)),) if chance.random() < 0.5 else (),
                ),
            )
        )
    end = START + timedelta(weeks=weeks)
    calendar = CampaignCalendar(
        START, end, end, frozenset(range(4)), frozenset({4}), holidays_between(START, end)
    )
    return Problem(calendar, tuple(Team(f"Tim {n}", 2) for n in range(teams)), tuple(needs))


@pytest.fixture(scope="module")
def office() -> Problem:
    return an_office()


@pytest.fixture(scope="module")
def plan(office: Problem) -> Plan:
    return make_plan(office)


def test_an_office_gets_every_voter_the_bound_allows_and_no_rule_is_broken(
    office: Problem, plan: Plan
) -> None:
    assert violations_of(plan.visits, office) == []
    assert (plan.score.voters, plan.score.students) == (plan.bound.voters, plan.bound.students)
    assert plan.score.earliness >= 0.97 * plan.bound.earliness
    assert plan.score.district_changes <= 15


def test_who_is_left_out_has_had_all_the_days_a_school_may_get(plan: Plan) -> None:
    assert {row.rule for row in plan.left_out} == {Rule.DAYS_A_SCHOOL}


def test_the_same_problem_gets_the_same_plan(office: Problem, plan: Plan) -> None:
    assert make_plan(office) == plan


def test_every_visit_says_why(office: Problem, plan: Plan) -> None:
    for day in plan.days(office):
        shared = [visit for visit in day.visits if visit.reason.kind is ReasonKind.SHARES_DAY]
        assert all(visit.reason.beside in {other.school for other in day.visits} for visit in shared)
    assert {visit.reason.kind for visit in plan.visits if visit.part == 2} == {ReasonKind.NEXT_DAY}
    assert {visit.reason.rank for visit in plan.visits if visit.reason.kind is ReasonKind.OPENS_DISTRICT} >= {
        1
    }


def test_a_plan_that_reaches_its_bound_is_proved_and_no_other(office: Problem, plan: Plan) -> None:
    one = replace(office, schools=(SchoolNeed(1, "Weru", 50, 30, Network.GOOD),))
    assert make_plan(one).proved
    assert plan.proved == (plan.score.earliness == plan.bound.earliness)


def test_what_is_announced_stays_when_nothing_stands_in_its_way(office: Problem, plan: Plan) -> None:
    told = tuple(Announced(visit.school, visit.team, visit.date) for visit in plan.visits)
    again = make_plan(replace(office, announced=told))
    assert again.score.moved == 0 and again.score.students == plan.score.students


def test_fifteen_cancelled_days_move_only_their_own_schools(office: Problem, plan: Plan) -> None:
    gone = random.Random(3).sample(plan.visits, 15)
    closed = {visit.school: () for visit in gone}
    for visit in gone:
        closed[visit.school] += (Span(visit.date, visit.date, "Batal"),)  # type: ignore[assignment]
    schools = tuple(
        replace(
            school,
            calendar=replace(school.calendar, closed=(*school.calendar.closed, *closed.get(school.id, ()))),
        )
        for school in office.schools
    )
    told = tuple(Announced(visit.school, visit.team, visit.date) for visit in plan.visits)
    mended = make_plan(replace(office, schools=schools, announced=told))
    assert {day.school for day in mended.announced_days_lost} == set(closed)
    assert mended.score.voters == plan.score.voters
    assert violations_of(mended.visits, replace(office, schools=schools)) == []


def test_confirmed_days_do_not_move_and_the_rest_is_planned_around_them(office: Problem, plan: Plan) -> None:
    locked = tuple(
        Locked(visit.school, visit.team, visit.date, visit.students) for visit in plan.visits[40:60]
    )
    fewer = replace(office, locked=locked, teams=(*office.teams, Team("Tim baru", 2)))
    mended = make_plan(fewer)
    assert violations_of(mended.visits, fewer) == []
    kept = {visit.key for visit in mended.visits if visit.reason.kind is ReasonKind.LOCKED}
    assert kept == {(day.school, day.team, day.date) for day in locked}


def test_when_days_are_short_voters_come_before_others() -> None:
    schools = (
        SchoolNeed("few voters", "Weru", 50, 5, Network.GOOD),
        SchoolNeed("many voters", "Weru", 50, 45, Network.GOOD),
    )
    calendar = CampaignCalendar(START, START, START, frozenset(range(5)))
    plan = make_plan(Problem(calendar, (Team("A", 2),), schools))
    assert plan.score.voters == plan.bound.voters == 50
    assert sum(visit.students for visit in plan.visits) == 50


def test_a_small_school_shares_the_day_on_which_a_large_one_ends() -> None:
    schools = (SchoolNeed(1, "Weru", 60, 40, Network.GOOD), SchoolNeed(2, "Weru", 40, 30, Network.GOOD))
    plan = make_plan(Problem(an_office().calendar, (Team("A", 2),), schools))
    assert len({visit.date for visit in plan.visits}) == 2


def test_the_better_equipped_team_gets_the_larger_school() -> None:
    schools = (
        SchoolNeed("small", "Weru", 25, 20, Network.GOOD),
        SchoolNeed("large", "Weru", 75, 50, Network.GOOD),
    )
    plan = make_plan(Problem(an_office().calendar, (Team("one kit", 1), Team("three kits", 3)), schools))
    assert {(visit.school, visit.team) for visit in plan.visits} == {
        ("small", "one kit"),
        ("large", "three kits"),
    }


def test_the_bound_is_never_below_a_plan(office: Problem, plan: Plan) -> None:
    for teams in range(4):
        problem = replace(
            office, teams=office.teams[:teams], calendar=replace(office.calendar, ends=date(2026, 9, 30))
        )
        bound, score = bound_of(problem), make_plan(problem, seconds=0.3).score
        assert (score.voters, score.students, score.earliness) <= (
            bound.voters,
            bound.students,
            bound.earliness,
        )
        assert score.students <= bound.students and score.earliness <= bound.earliness


def test_the_nation_s_largest_office_is_planned_in_seconds() -> None:
    large = an_office(schools=700, districts=40, teams=12, weeks=52)
    started = perf_counter()
    plan = make_plan(large, seconds=1)
    assert perf_counter() - started < 15  # about 1.2 s; the bar is wide because test machines are shared
    assert plan.score.voters == plan.bound.voters and violations_of(plan.visits, large) == []


def test_a_school_of_another_district_does_not_share_the_day_though_there_is_room() -> None:
    schools = (
        SchoolNeed("Weru", "Weru", 20, 20, Network.GOOD),
        SchoolNeed("Bulu", "Bulu", 10, 10, Network.GOOD),
    )
    one_day = CampaignCalendar(START, START, START, frozenset(range(5)))
    plan = make_plan(Problem(one_day, (Team("A", 2),), schools))
    assert [visit.school for visit in plan.visits] == ["Weru"]
    assert [(row.school, row.rule) for row in plan.left_out] == [("Bulu", Rule.NO_FREE_DAY)]


def test_an_announced_day_that_is_now_in_another_district_s_way_moves() -> None:
    schools = (
        SchoolNeed("Weru", "Weru", 20, 20, Network.GOOD),
        SchoolNeed("Bulu", "Bulu", 10, 10, Network.GOOD),
    )
    locked, told = (Locked("Weru", "A", START, 20),), (Announced("Bulu", "A", START),)
    problem = Problem(an_office().calendar, (Team("A", 2),), schools, locked=locked, announced=told)
    plan = make_plan(problem)
    assert violations_of(plan.visits, problem) == [] and plan.score.moved == 1 and plan.left_out == ()
