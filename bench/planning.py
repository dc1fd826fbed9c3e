"""How good and how quick planning is, against first-fit in date order and against what no plan can exceed."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from time import perf_counter

from bench.figures import Figure
from campaigns.board import Board, Style
from campaigns.calendar import CampaignCalendar, SchoolCalendar, Span, holidays_between, school_week
from campaigns.capacity import Network
from campaigns.drafting import Draft
from campaigns.planning import make_plan
from campaigns.scheduling import Announced, Plan, Problem, SchoolNeed, Score, Team, score_of

START = date(2026, 8, 3)


def an_office(schools: int, districts: int, teams: int, working_days: int) -> Problem:
    """A made-up office: most schools small, a few large, a quarter on a poor line, half with an exam week."""
    chance = random.Random(schools * 1000 + districts)
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


def measure() -> list[Figure]:
    """The figures of one kabupaten with 1 to 3 teams, and of the largest office there could be."""
    figures = []
    for name, problem, most_changes in (
        ("60 schools, 1 team", an_office(60, 12, 1, 110), 0.5),
        ("60 schools, 2 teams", an_office(60, 12, 2, 110), 0.5),
        ("60 schools, 3 teams", an_office(60, 12, 3, 110), 0.5),
        ("700 schools, 12 teams", an_office(700, 40, 12, 200), 0.1),
    ):
        started = perf_counter()
        plan = make_plan(problem)
        seconds = perf_counter() - started
        plain = first_fit(problem)
        short = 100 * (1 - plan.score.earliness / max(1, plan.bound.earliness))
        plain_short = 100 * (1 - plain.earliness / max(1, plan.bound.earliness))
        changes = plan.score.district_changes / max(1, plain.district_changes)
        figures += [
            Figure(f"plan {name}: time", seconds, 1.0, "s"),
            Figure(
                f"plan {name}: voters short of the bound", plan.bound.voters - plan.score.voters, 0, "voters"
            ),
            Figure(f"plan {name}: earliness short of the simple bound", short, None, "%"),
            Figure(f"first-fit {name}: the same", plain_short, None, "%"),
            Figure(f"plan {name}: district changes of first-fit's", changes, most_changes, "x"),
        ]
        seconds, others, lost = after_15_cancellations(problem, plan)
        figures += [
            Figure(f"mend {name} after 15 cancellations: time", seconds, 5.0, "s"),
            Figure(f"mend {name}: days of other schools moved", others, 0, "days"),
            Figure(f"mend {name}: voters lost", lost, 0, "voters"),
        ]
    return figures
