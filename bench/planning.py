"""How good and how quick planning is, against first-fit in date order and against what no plan can exceed."""

from __future__ import annotations

import os
import random
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from statistics import median
from time import perf_counter

from bench.figures import Figure
from campaigns.board import Board, Style
from campaigns.calendar import CampaignCalendar, SchoolCalendar, Span, holidays_between, school_week
from campaigns.capacity import Network
from campaigns.drafting import Draft
from campaigns.planning import make_plan
from campaigns.scheduling import Announced, Plan, Problem, SchoolNeed, Score, Team, score_of

START = date(2026, 8, 3)


# Offices of each size that are measured beside the first, so that nothing is made to fit one of them.
OTHERS = int(os.environ.get("BENCH_OFFICES", "5"))


def an_office(schools: int, districts: int, teams: int, working_days: int, seed: int = 0) -> Problem:
    """A made-up office: most schools small, a few large, a quarter on a poor line, half with an exam week."""
    chance = random.Random(schools * 1000 + districts + 100_000 * seed)
    needs = []
    for n in range(schools):
        target = min(480, max(12, int(chance.lognormvariate(4.2, 0.8))))
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
    end = START + timedelta(days=working_days * 7 // 4)
    holidays = holidays_between(START, end)
    calendar = CampaignCalendar(START, end, end, frozenset(range(4)), frozenset({4}), holidays)
    return Problem(calendar, tuple(Team(n, 2) for n in range(teams)), tuple(needs))


def first_fit(problem: Problem) -> Score:
    """The score of the plain way: each school in the order of the list on the first days that take it."""
    draft = Draft(Board(problem), Style(0.0), ())
    for s in range(len(problem.schools)):
        if draft.left[s]:
            draft.place_at_first_fit(s)
    return score_of(draft.visits, problem)


def after_15_cancellations(problem: Problem, plan: Plan) -> tuple[float, int, int]:
    """Seconds to mend the plan, announced days of other schools moved, and voters lost."""
    cancelled = random.Random(15).sample(plan.visits, 15)
    schools = tuple(
        replace(
            school,
            calendar=replace(
                school.calendar,
                closed=school.calendar.closed
                + tuple(Span(visit.date, visit.date) for visit in cancelled if visit.school == school.id),
            ),
        )
        for school in problem.schools
    )
    told = tuple(Announced(visit.school, visit.team, visit.date) for visit in plan.visits)
    started = perf_counter()
    mended = make_plan(replace(problem, schools=schools, announced=told))
    seconds = perf_counter() - started
    concerned = {visit.school for visit in cancelled}
    others = sum(day.school not in concerned for day in mended.announced_days_lost)
    return seconds, others, plan.score.voters - mended.score.voters


@dataclass(frozen=True, slots=True)
class Measured:
    """One office planned: seconds, how far below its bound (voters, percent of earliness), changes of first-fit's."""

    seconds: float
    voters_short: int
    earliness_short: float
    changes: float
    plan: Plan


def measured(problem: Problem, seconds: float) -> Measured:
    """Plan the office as a session of so many seconds would, stopped by the clock where the machine is slow."""
    started = perf_counter()
    plan = make_plan(problem, lambda _: perf_counter() - started > seconds, seconds)
    took = perf_counter() - started
    return Measured(
        took,
        plan.bound.voters - plan.score.voters,
        100 * (1 - plan.score.earliness / max(1, plan.bound.earliness)),
        plan.score.district_changes / max(1, first_fit(problem).district_changes),
        plan,
    )


def told(name: str, offices: Iterable[Measured], time: float, late: float, changes: float) -> list[Figure]:
    """The worst time and voters, and the median of the rest, over some offices, against the bars."""
    found = list(offices)
    worst = max(one.earliness_short for one in found)
    return [
        Figure(f"{name}: longest time", max(one.seconds for one in found), time, "s"),
        Figure(
            f"{name}: most voters short of the bound", max(one.voters_short for one in found), 0, "voters"
        ),
        Figure(
            f"{name}: earliness short of the bound", median(one.earliness_short for one in found), late, "%"
        ),
        Figure(f"{name}: the same at worst", worst, None, "%"),
        Figure(
            f"{name}: district changes of first-fit's", median(one.changes for one in found), changes, "x"
        ),
        Figure(f"{name}: the same at worst", max(one.changes for one in found), None, "x"),
    ]


def measure() -> list[Figure]:
    """The figures of one kabupaten with 1 to 3 teams, and of the largest office there could be."""
    figures = []
    for name, size, seconds, time, late, most_changes in (
        ("60 schools, 1 team", (60, 12, 1, 110), 5, 1.0, 2.0, 0.5),
        ("60 schools, 2 teams", (60, 12, 2, 110), 5, 1.0, 2.0, 0.5),
        ("60 schools, 3 teams", (60, 12, 3, 110), 5, 1.0, 2.0, 0.5),
        ("700 schools, 12 teams", (700, 40, 12, 200), 10, 10.5, 1.5, 0.1),
    ):
        problem = an_office(*size)
        first = measured(problem, seconds)
        figures += told(f"plan {name}", [first], time, late, most_changes)
        plain_short = 100 * (1 - first_fit(problem).earliness / max(1, first.plan.bound.earliness))
        figures.append(Figure(f"first-fit {name}: earliness short of the bound", plain_short, None, "%"))
        if size[0] == 700:
            at_first = measured(problem, 0)
            figures.append(Figure(f"plan {name}: time of a first plan", at_first.seconds, 1.0, "s"))
        mended, others, lost = after_15_cancellations(problem, first.plan)
        figures += [
            Figure(f"mend {name} after 15 cancellations: time", mended, 5.0, "s"),
            Figure(f"mend {name}: days of other schools moved", others, 0, "days"),
            Figure(f"mend {name}: voters lost", lost, 0, "voters"),
        ]
        offices = (measured(an_office(*size, seed=seed), seconds) for seed in range(1, OTHERS + 1))
        figures += (
            told(f"{OTHERS} other offices, {name}", offices, time, late, most_changes) if OTHERS else []
        )
    return figures
