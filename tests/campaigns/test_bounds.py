"""What no plan can exceed, held against every plan there is of tiny problems, and against plans of larger ones."""

import os
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from exhaustive_plans import best_of_all
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_plan_file import planned
from test_planning import an_office

from campaigns.bounds import bound_of
from campaigns.calendar import CampaignCalendar
from campaigns.capacity import Network
from campaigns.planning import make_plan
from campaigns.scheduling import Locked, Problem, SchoolNeed, Team

START = date(2026, 8, 3)  # a Monday
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri"]


@st.composite
def tiny_problems(draw: st.DrawFn) -> dict[str, Any]:
    """Two or three schools, one or two teams, up to four days, a day's room of one to four students."""
    teams = draw(st.integers(1, 2))
    days = [(START + timedelta(n)).isoformat() for n in range(4)]
    some_days = st.lists(st.sampled_from(days), max_size=1)
    schools = []
    for n in range(draw(st.integers(1, 3 if teams == 1 else 2))):
        target = draw(st.integers(1, 5))
        schools.append(
            {
                "id": n,
                "district": draw(st.sampled_from(["Weru", "Bulu"])),
                "target": target,
                "voters": draw(st.integers(0, target)),
                "network": draw(st.sampled_from(["good", "poor"])),
                "closed": [[day, day] for day in draw(some_days)],
            }
        )
    return {
        "window": {"from": days[0], "to": days[draw(st.integers(0, 3))]},
        "latest_useful_day": (START + timedelta(draw(st.integers(1, 7)))).isoformat(),
        "weekdays": WEEKDAYS,
        "holidays": draw(some_days),
        "rate": {"good": 2, "poor": 1},
        "max_days_per_school": draw(st.integers(1, 2)),
        "max_schools_per_day": draw(st.integers(1, 2)),
        "teams": [
            {"id": n, "kits": draw(st.sampled_from([1, 1, 2])), "days_off": draw(some_days)}
            for n in range(teams)
        ],
        "schools": schools,
    }


TINY = settings(
    max_examples=int(os.environ.get("RANDOM_PROBLEMS", "40")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@TINY
@given(tiny_problems())
def test_no_plan_of_a_tiny_problem_exceeds_the_bound_and_what_is_proved_is_the_best(
    problem: dict[str, Any],
) -> None:
    answer, best = planned(problem), best_of_all(problem)
    bound, score = answer["bound"], answer["score"]
    assert best.voters <= bound["voters"]
    assert best.students <= bound["students"] and best.earliness <= bound["earliness"]
    found = (score["voters"], score["students"], score["earliness"])
    assert found <= best.together
    if answer["proved"]:
        assert found == best.together == (best.voters, best.students, best.earliness)


def problem(*schools: SchoolNeed, days: int = 2, kits: tuple[int, ...] = (2,), **fields: Any) -> Problem:
    """Teams of so many kits, and schools on a good line, on working days from Monday on."""
    last = START + timedelta(days - 1)
    calendar = CampaignCalendar(START, last, last, frozenset(range(5)))
    teams = tuple(Team(n, of_team) for n, of_team in enumerate(kits))
    return Problem(calendar, teams, schools, **fields)


def school(name: str, target: int, district: str = "Weru", voters: int = 0) -> SchoolNeed:
    return SchoolNeed(name, district, target, voters, Network.GOOD)


def test_half_days_of_different_districts_are_not_added_up() -> None:
    apart = problem(school("1", 25, "Weru"), school("2", 25, "Bulu"), school("3", 25, "Nguter"))
    assert bound_of(apart).students == 50
    together = problem(school("1", 25), school("2", 25), school("3", 25))
    assert bound_of(together).students == 75


def test_a_team_of_one_kit_does_little_for_a_large_school() -> None:
    # 200 students could be poured into the days; but one of the three schools has the team of one kit, or none.
    large = [school(str(n), 75, voters=75) for n in range(3)]
    bound = bound_of(problem(*large, kits=(3, 1), max_days_per_school=1))
    assert (bound.voters, bound.students) == (175, 175)


def test_nobody_counts_as_early_on_days_on_which_their_school_is_closed() -> None:
    closed = problem(school("1", 40), days=5)
    open_late = replace(closed, calendar=replace(closed.calendar, ends=START + timedelta(4)))
    on_friday = replace(
        open_late,
        schools=(
            replace(school("1", 40), calendar=replace(school("1", 40).calendar, weekdays=frozenset({4}))),
        ),
    )
    assert bound_of(closed).earliness == 40 * 4 and bound_of(on_friday).earliness == 0
    assert make_plan(closed).proved and make_plan(on_friday).proved


def test_locked_days_count_as_they_stand_and_take_their_room() -> None:
    both = problem(school("1", 50, voters=20), school("2", 50, voters=50), days=1)
    assert (bound_of(both).voters, bound_of(both).students) == (50, 50)
    locked = replace(both, locked=(Locked("1", 0, START, 30),))
    bound = bound_of(locked)
    assert (bound.voters, bound.students) == (20 + 20, 50)
    assert bound_of(replace(locked, max_schools_per_day=1)).students == 30, "the day is full"
    again = problem(school("1", 120), days=2, locked=(Locked("1", 0, START, 10),))
    assert bound_of(again).students == 10 + 50, "one of its two days is used"


def test_an_office_of_ordinary_size_comes_within_two_percent_of_its_bound() -> None:
    for teams in (1, 2, 3):
        plan = make_plan(an_office(teams=teams))
        assert (plan.score.voters, plan.score.students) == (plan.bound.voters, plan.bound.students)
        assert plan.score.earliness >= 0.98 * plan.bound.earliness
