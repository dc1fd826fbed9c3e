"""Rule: how a team's day is shared by the visits on it: halves, hours, and how many students each takes.

A visit alone has the whole day. Two share it by what they need; the room left over is halved between them, so that a
newcomer still finds a place at either school. What a school was told (its hours) never changes because of a neighbour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

SLOT_MINUTES = 30


@dataclass(frozen=True, slots=True)
class Hours:
    """The halves of the day a visit takes, when it starts and ends ("08:00"), and the students it can take."""

    morning: bool
    afternoon: bool
    starts_at: str
    ends_at: str
    capacity: int


@dataclass(frozen=True, slots=True)
class OnTheDay:
    """A visit on a team's day: its students, the units of the day each takes, and its hours once it was told them."""

    students: int
    units_per_student: int
    told: Hours | None = None


class TeamDayFull(Exception):
    """Three visits, or two of which neither leaves the other a half of the day."""


def hours_of(visits: Sequence[OnTheDay], units: int, day_start: str, day_end: str) -> list[Hours]:
    """The hours of one or two visits on a team's day of so many units, in the order given.

    Raises TeamDayFull when they cannot share the day.
    """
    if len(visits) > 2:
        raise TeamDayFull
    if len(visits) == 1:
        only = visits[0]
        if only.told is not None:
            return [replace(only.told, morning=True, afternoon=True)]
        return [Hours(True, True, day_start, day_end, units // only.units_per_student)]
    first, second = visits
    if first.told is not None and second.told is not None:
        told = sorted((first.told, second.told), key=lambda hours: hours.starts_at)
        halves = {told[0]: (True, False), told[1]: (False, True)}
        if told[0].starts_at == told[1].starts_at:
            raise TeamDayFull
        return [
            replace(hours, morning=halves[hours][0], afternoon=halves[hours][1])
            for hours in (first.told, second.told)
        ]
    if second.told is not None and second.told.starts_at > day_start:
        return [_before(first, second, units, day_start), replace(second.told, morning=False, afternoon=True)]
    if second.told is not None:
        return list(reversed(hours_of((second, first), units, day_start, day_end)))
    if first.told is not None and first.told.starts_at > day_start:
        return [replace(first.told, morning=False, afternoon=True), _before(second, first, units, day_start)]
    return _one_after_the_other(first, second, units, day_start, day_end)


def _one_after_the_other(
    first: OnTheDay, second: OnTheDay, units: int, day_start: str, day_end: str
) -> list[Hours]:
    spare = units - _needs(first) - _needs(second)
    if spare < 0:
        raise TeamDayFull
    takes_first = first.students + spare // 2 // first.units_per_student
    takes_second = (units - takes_first * first.units_per_student) // second.units_per_student
    start, end = _minutes(day_start), _minutes(day_end)
    share = takes_first * first.units_per_student / units
    boundary = start + round((end - start) * share / SLOT_MINUTES) * SLOT_MINUTES
    boundary = min(max(boundary, start + SLOT_MINUTES), end - SLOT_MINUTES)
    starts = first.told.starts_at if first.told else day_start
    return [
        Hours(True, False, starts, _clock(boundary), takes_first),
        Hours(False, True, _clock(boundary), day_end, takes_second),
    ]


def _before(new: OnTheDay, told: OnTheDay, units: int, day_start: str) -> Hours:
    """The morning before a visit that was told to come later."""
    assert told.told is not None
    room = (units - max(told.students, told.told.capacity) * told.units_per_student) // new.units_per_student
    if units - _needs(told) < _needs(new):
        raise TeamDayFull
    return Hours(True, False, day_start, told.told.starts_at, max(new.students, room))


def _needs(visit: OnTheDay) -> int:
    return visit.students * visit.units_per_student


def _minutes(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
