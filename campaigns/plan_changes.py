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

    NEW = "new"
    GONE = "gone"
    MOVED = "moved"
    STUDENTS = "students"  # the same days, other numbers of students


@dataclass(frozen=True, slots=True)
class SchoolChange:
    """A school whose days differ, with its days before and after, each by date.

    `was_told`: the school had been told of a day that it loses.
    """

    school: int
    kind: ChangeKind
    before: tuple[PlannedVisit, ...]
    after: tuple[PlannedVisit, ...]
    was_told: bool


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
        places_before = [(visit.date, visit.team) for visit in was]
        places_after = [(visit.date, visit.team) for visit in becomes]
        if not was:
            kind = ChangeKind.NEW
        elif not becomes:
            kind = ChangeKind.GONE
        elif places_before != places_after:
            kind = ChangeKind.MOVED
        elif [visit.students for visit in was] != [visit.students for visit in becomes]:
            kind = ChangeKind.STUDENTS
        else:
            continue
        lost = [visit for visit in was if (visit.date, visit.team) not in places_after]
        found.append(SchoolChange(school, kind, was, becomes, any(visit.state != "draft" for visit in lost)))
    return tuple(
        sorted(found, key=lambda one: (not one.was_told, (one.after or one.before)[0].date, one.school))
    )


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
