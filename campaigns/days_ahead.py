"""Rule: what the recording days that stand will leave of a school at a pace, and which free days it could have."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from math import ceil, floor

from campaigns.calendar import SchoolCalendar, is_open
from campaigns.capacity import Network, Rates


@dataclass(frozen=True, slots=True)
class Pace:
    """Students a kit a day by network, and the share of those called who are recorded."""

    rates: Rates
    share: Fraction = Fraction(1)

    def room(self, kits: int, network: Network) -> int:
        """Students whom so many kits can record on a day at a school with that network."""
        return floor(kits * self.rates.on(network))


@dataclass(frozen=True, slots=True)
class VisitAhead:
    """A day that stands: the school's students called to it, voters among them, and the team's kits."""

    date: date
    students: int
    voters: int
    kits: int


@dataclass(frozen=True, slots=True)
class SchoolAhead:
    """A school: students of the target neither recorded nor waiting to be sent (`left`), and voters among them."""

    id: int
    district: int
    left: int
    voters: int
    network: Network = Network.UNKNOWN
    calendar: SchoolCalendar = field(default_factory=SchoolCalendar)
    visits: tuple[VisitAhead, ...] = ()
    was_visited: bool = False


@dataclass(frozen=True, slots=True)
class FreeDay:
    """A working day to come on which a team has nothing planned."""

    date: date
    team: int
    kits: int


def after_plan(school: SchoolAhead, pace: Pace, latest: date) -> tuple[Fraction, Fraction, date | None]:
    """Students left after the days that stand, voters left on voting day, and the last of the days."""
    left, voters, missed = Fraction(school.left), Fraction(school.voters), Fraction(school.voters)
    last = None
    for visit in sorted(school.visits, key=lambda visit: visit.date):
        called = min(Fraction(visit.students), left)
        done = min(called, Fraction(pace.room(visit.kits, school.network))) * pace.share
        of_voters = min(done * visit.voters / visit.students, voters, done) if visit.students else Fraction(0)
        left, voters, last = left - done, min(voters - of_voters, left - done), visit.date
        if visit.date <= latest:
            missed = voters
    return left, missed, last


def less(left: Fraction, voters: Fraction, room: int) -> tuple[Fraction, Fraction]:
    """Who is left after a further day with so much room: voters are called first, as on retakes."""
    done = min(left, Fraction(room))
    return left - done, max(Fraction(0), voters - done)


def suits(day: FreeDay, school: SchoolAhead, after: date | None) -> bool:
    """Whether the school can have that free day: open, after its days that stand, and not visited on it."""
    return (after is None or day.date > after) and is_open(day.date, school.calendar)


def by_date(day: FreeDay) -> tuple[date, int, int]:
    """In which order free days are used: the earliest, then the team with most kits."""
    return day.date, -day.kits, day.team


def whole(count: Fraction) -> int:
    """Whole students; less than half a student is nobody."""
    return ceil(count - Fraction(1, 2)) if count > 0 else 0
