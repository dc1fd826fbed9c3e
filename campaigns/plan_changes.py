"""Rule: how two plans differ, school by school, and the figures by which they are compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple


class PlannedVisit(NamedTuple):
    """A school's day as a kept plan has it; `state` as of the recording day."""

    school: int
    team: int
    date: date
    students: int
    voters: int
    state: str


class ChangeKind(StrEnum):
    """What becomes of a school from one plan to another."""

    NEW = "new"  # a day, or one more
    GONE = "gone"  # no day any more
    LOST = "lost"  # one day less, and others that stay
    MOVED = "moved"
    STUDENTS = "students"  # the same days, other numbers of students


@dataclass(frozen=True, slots=True)
class SchoolChange:
    """A school whose days differ: those of its days that are in one plan alone or hold other students, by date.

    `kept` counts the days that stay as they are; `was_told`: the school had been told of a day that it loses.
    """

    school: int
    kind: ChangeKind
    before: tuple[PlannedVisit, ...]
    after: tuple[PlannedVisit, ...]
    was_told: bool
    kept: int


@dataclass(frozen=True, slots=True)
class PlanFigures:
    """What a plan amounts to. `days` counts team days, `last` is its last date, `changes` are those of district."""

    days: int
    schools: int
    students: int
    voters: int
    last: date | None
    changes: int


def changes_between(
    before: Iterable[PlannedVisit], after: Iterable[PlannedVisit]
) -> tuple[SchoolChange, ...]:
    """The schools whose days differ: those that were told of a day they lose first, then by date."""
    old, new = _by_school(before), _by_school(after)
    found = []
    for school in old.keys() | new.keys():
        was, becomes = old.get(school, ()), new.get(school, ())
        lost = _not_among(was, {_place(visit) for visit in becomes})
        gained = _not_among(becomes, {_place(visit) for visit in was})
        if lost and gained:
            kind = ChangeKind.MOVED
        elif gained:
            kind = ChangeKind.NEW
        elif lost:
            kind = ChangeKind.LOST if becomes else ChangeKind.GONE
        elif [visit.students for visit in was] != [visit.students for visit in becomes]:
            kind = ChangeKind.STUDENTS
        else:
            continue
        same = {(_place(visit), visit.students) for visit in was} & {
            (_place(visit), visit.students) for visit in becomes
        }
        found.append(
            SchoolChange(
                school,
                kind,
                tuple(visit for visit in was if (_place(visit), visit.students) not in same),
                tuple(visit for visit in becomes if (_place(visit), visit.students) not in same),
                any(visit.state != "draft" for visit in lost),
                len(same),
            )
        )
    return tuple(
        sorted(found, key=lambda one: (not one.was_told, (one.after or one.before)[0].date, one.school))
    )


def _place(visit: PlannedVisit) -> tuple[date, int]:
    return visit.date, visit.team


def _not_among(visits: Iterable[PlannedVisit], places: set[tuple[date, int]]) -> list[PlannedVisit]:
    return [visit for visit in visits if _place(visit) not in places]


def figures_of(visits: Iterable[PlannedVisit], district_of: dict[int, str]) -> PlanFigures:
    """The figures of a plan. `district_of`: the district of every school; one that is not there has its own."""
    days: dict[tuple[int, date], str] = {}
    schools: set[int] = set()
    students = voters = 0
    for visit in sorted(visits, key=lambda one: (one.team, one.date)):
        days.setdefault((visit.team, visit.date), district_of.get(visit.school, f"school {visit.school}"))
        schools.add(visit.school)
        students += visit.students
        voters += visit.voters
    ordered = sorted(days)
    changes = sum(one[0] == other[0] and days[one] != days[other] for one, other in pairwise(ordered))
    last = max((day for _, day in ordered), default=None)
    return PlanFigures(len(days), len(schools), students, voters, last, changes)


def _by_school(visits: Iterable[PlannedVisit]) -> dict[int, tuple[PlannedVisit, ...]]:
    found: dict[int, list[PlannedVisit]] = defaultdict(list)
    for visit in visits:
        found[visit.school].append(visit)
    return {
        school: tuple(sorted(rows, key=lambda one: (one.date, one.team))) for school, rows in found.items()
    }
