"""Rule: what would get a school's students recorded in time: free days of a team, another team, the office."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from campaigns.days_ahead import FreeDay, Pace, SchoolAhead, after_plan, by_date, less, suits, whole

OFFICE_SHARE = Fraction(2, 5)
"""Up to this part of a team's day the students of a school are asked to the office, as `retakes` shares their days."""


class MendKind(StrEnum):
    """What would get a school's students recorded in time."""

    ONE_MORE_DAY = "one_more_day"
    MORE_DAYS = "more_days"
    ANOTHER_TEAM = "another_team"
    OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Mend:
    """Something that could be done for a school, and the voters whom it leaves at the expected pace.

    `dates` are the days on which it can be, of `team`, or of a team that the office does not have; at the office there
    is no date.
    """

    kind: MendKind
    students: int
    voters_left: int
    dates: tuple[date, ...] = ()
    team: int | None = None


def mends_of(
    school: SchoolAhead, free: Sequence[FreeDay], working: Sequence[date], pace: Pace, latest: date
) -> tuple[Mend, ...]:
    """What would get this school's students who have no day recorded by `latest`, the least trouble first.

    Each is reckoned as if it were the only school in need: two schools can be offered the same free day.
    """
    left, voters, last = after_plan(school, pace, latest)
    students = whole(left)
    if not students:
        return ()
    kits = max((day.kits for day in free), default=2)
    room = pace.room(kits, school.network)
    mends = []
    if not room or left <= OFFICE_SHARE * room:
        mends.append(Mend(MendKind.OFFICE, students, 0))
    of_teams = [day for day in sorted(free, key=by_date) if day.date <= latest and suits(day, school, last)]
    found = _days_for(left, voters, of_teams, school, pace)
    if found is not None:
        kind = MendKind.ONE_MORE_DAY if len(found.dates) == 1 else MendKind.MORE_DAYS
        mends.append(Mend(kind, students, found.voters_left, found.dates, found.team))
    if found is None or found.voters_left:
        new = [FreeDay(day, 0, kits) for day in sorted(working) if day <= latest]
        another = _days_for(left, voters, [day for day in new if suits(day, school, last)], school, pace)
        if another is not None and (found is None or another.voters_left < found.voters_left):
            mends.append(Mend(MendKind.ANOTHER_TEAM, students, another.voters_left, another.dates))
    return tuple(mends)


@dataclass(frozen=True, slots=True)
class _DaysOfTeam:
    """Days of one team at a school, and the voters whom they do not reach."""

    voters_left: int
    dates: tuple[date, ...]
    team: int


def _days_for(
    left: Fraction, voters: Fraction, days: Sequence[FreeDay], school: SchoolAhead, pace: Pace
) -> _DaysOfTeam | None:
    """The first days of one team that take them all, or as many as it has; of several teams the best."""
    found = []
    for team in sorted({day.team for day in days}):
        still, still_voters, used = left, voters, []
        for day in days:
            if day.team == team and whole(still) and (room := pace.room(day.kits, school.network)):
                still, still_voters = less(still, still_voters, room)
                used.append(day.date)
        if used:
            found.append(_DaysOfTeam(whole(still_voters), tuple(used), team))
    return min(found, key=lambda one: (one.voters_left, len(one.dates), one.dates, one.team), default=None)
