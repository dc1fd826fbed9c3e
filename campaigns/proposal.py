"""Rule: a plan as text, to be kept until somebody takes it, and the key that tells whether it still fits."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from campaigns.scheduling import LeftOut, Problem, Reason, ReasonKind, Rule, Visit


def problem_key(problem: Problem) -> str:
    """A key of everything a plan is made from: two problems have one only where they are the same."""
    return hashlib.sha256(repr(_plain(problem)).encode()).hexdigest()


def _plain(value: Any) -> Any:
    """The value without anything whose order or address differs from one process to the next."""
    if is_dataclass(value) and not isinstance(value, type):
        return tuple((field.name, _plain(getattr(value, field.name))) for field in fields(value))
    if isinstance(value, Mapping):
        return sorted((repr(_plain(key)), _plain(item)) for key, item in value.items())
    if isinstance(value, AbstractSet):
        return sorted(repr(_plain(item)) for item in value)
    if isinstance(value, list | tuple):
        return tuple(_plain(item) for item in value)
    return value


def visits_text(visits: Sequence[Visit]) -> str:
    """The visits with their reasons as JSON."""
    return json.dumps(
        [
            [
                visit.school,
                visit.team,
                visit.date.isoformat(),
                visit.students,
                visit.part,
                visit.of,
                visit.reason.kind.value,
                visit.reason.voters,
                visit.reason.rank,
                visit.reason.beside,
            ]
            for visit in visits
        ]
    )


def visits_of_text(text: str) -> tuple[Visit, ...]:
    """The visits of `visits_text`."""
    return tuple(
        Visit(
            school,
            team,
            date.fromisoformat(day),
            students,
            Reason(ReasonKind(kind), voters, rank, beside),
            part,
            of,
        )
        for school, team, day, students, part, of, kind, voters, rank, beside in json.loads(text)
    )


def left_out_text(left_out: Sequence[LeftOut]) -> str:
    """Who is left out, as JSON."""
    return json.dumps([[row.school, row.students, row.rule.value] for row in left_out])


def left_out_of_text(text: str) -> tuple[LeftOut, ...]:
    """Who is left out, of `left_out_text`."""
    return tuple(LeftOut(school, students, Rule(rule)) for school, students, rule in json.loads(text))


def voters_of(visits: Sequence[Visit], problem: Problem) -> dict[tuple[Any, Any, date], int]:
    """Voters expected on each visit: the school's voters, who have their places first, spread as its students are."""
    seats: dict[Any, int] = defaultdict(int)
    for visit in visits:
        seats[visit.school] += visit.students
    left = {need.id: (seats[need.id], min(need.voters, seats[need.id])) for need in problem.schools}
    voters: dict[tuple[Any, Any, date], int] = {}
    for visit in sorted(visits, key=lambda visit: visit.date):
        students, still = left[visit.school]
        voters[visit.key] = min(visit.students, round(still * visit.students / students)) if students else 0
        left[visit.school] = students - visit.students, still - voters[visit.key]
    return voters
