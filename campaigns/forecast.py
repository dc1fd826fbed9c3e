"""Rule: when each school and the whole programme will be done, and how many voters no recording will have reached.

A school is recorded on its planned days, not a little every day, so no line is drawn onward from the past. Of the
last closed days the *share* of those called who were recorded is known; it holds what a crew meets: who was absent,
refused or failed, and who was not reached when the line was slow. The forecast walks through the days that stand, in
order of date, and expects that share of those called, at most what the kits can do. Who is then left has no day:

- *by the plan*: what is unrecorded if nobody plans anything further. This is where a school at risk shows.
- *going on*: the teams' free days are given to who is left, most voters first, schools of one district sharing a day
  as retakes do. A student called once more is expected to come; that is kind, and the band is there for it.

The band is the quarter of the last days that went worst and the quarter that went best; without enough of them, the
programme's poor and good rates with everyone present. No chance is computed: these are days that happened.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from math import floor

from campaigns.capacity import Rates
from campaigns.days_ahead import FreeDay, Pace, SchoolAhead, after_plan, by_date, less, suits, whole
from campaigns.school_mends import Mend, mends_of

LOOKS_BACK = 12
"""Closed days that tell the pace, the newest."""
FEWEST_DAYS = 3
"""Closed days below which nothing is said of the pace observed."""
FEW = 5
"""Fewer voters than this, at a school visited before, come to the office: nobody would send a team for them."""


class PaceKind(StrEnum):
    """How fast the days to come are taken to go."""

    EXPECTED = "expected"
    SLOW = "slow"
    FAST = "fast"
    GOOD = "good"
    POOR = "poor"


@dataclass(frozen=True, slots=True)
class DayDone:
    """A closed day: how many were called and how many of them were recorded (sent or waiting)."""

    date: date
    called: int
    recorded: int


@dataclass(frozen=True, slots=True)
class ObservedPace:
    """The share of those called who were recorded: of the middle one of so many last days, and of the quarters."""

    days: int
    share: Fraction
    low: Fraction
    high: Fraction


@dataclass(frozen=True, slots=True)
class Outlook:
    """How it ends at one pace. Students are rounded to whole ones.

    `by_plan` is the day on which nobody is left, by the days that stand; None when they do not suffice.
    `left_by_plan` and `voters_by_plan` are who is left then: the voters as of voting day.
    `done_on` is the day when the teams go on, None when even their free days do not suffice, and `left` and `voters`
    who is left nevertheless; `more_days` the free days that it takes.
    """

    by_plan: date | None
    left_by_plan: int
    voters_by_plan: int
    done_on: date | None
    left: int
    voters: int
    more_days: int


@dataclass(frozen=True, slots=True)
class Outlooks:
    """The same at every pace: expected with its band (slow, fast), and at the programme's good and poor rates."""

    expected: Outlook
    slow: Outlook
    fast: Outlook
    good: Outlook
    poor: Outlook


@dataclass(frozen=True, slots=True)
class SchoolForecast:
    """One school: who is left, its days that stand, how it ends, and what would mend it (nothing where all is well)."""

    school: SchoolAhead
    outlooks: Outlooks
    is_at_risk: bool
    mends: tuple[Mend, ...]


@dataclass(frozen=True, slots=True)
class Forecast:
    """The programme and its schools, those at risk first, most voters first. `pace` is None with too few days."""

    pace: ObservedPace | None
    total: Outlooks
    schools: tuple[SchoolForecast, ...]

    @property
    def at_risk(self) -> tuple[SchoolForecast, ...]:
        """The schools whose voters the days that stand do not reach."""
        return tuple(school for school in self.schools if school.is_at_risk)


def observed_pace(days: Iterable[DayDone]) -> ObservedPace | None:
    """The pace of the newest closed days to which anybody was called, or None when there are too few."""
    told = sorted((day for day in days if day.called), key=lambda day: day.date)[-LOOKS_BACK:]
    if len(told) < FEWEST_DAYS:
        return None
    shares = sorted(min(Fraction(1), Fraction(day.recorded, day.called)) for day in told)
    last = len(shares) - 1
    return ObservedPace(len(told), shares[(last + 1) // 2], shares[last // 4], shares[last - last // 4])


def forecast(
    schools: Sequence[SchoolAhead],
    free: Sequence[FreeDay],
    working: Sequence[date],
    days: Iterable[DayDone],
    rates: Rates,
    latest: date,
) -> Forecast:
    """How it will end; `latest` is the last day that helps on voting day, `free` the teams' days without work,
    `working` all days to come on which the programme works, `days` those closed.

    Schools with nobody left are not in it.
    """
    observed = observed_pace(days)
    schools = [school for school in schools if school.left > 0]
    paces = _paces(observed, rates)
    ends = {kind: _ends(schools, free, pace, latest) for kind, pace in paces.items()}
    found = []
    for n, school in enumerate(schools):
        outlooks = Outlooks(**{kind.value: its[n] for kind, its in ends.items()})
        voters = outlooks.expected.voters_by_plan
        is_at_risk = _is_at_risk(school, voters)
        left = outlooks.expected.left_by_plan
        mends = mends_of(school, free, working, paces[PaceKind.EXPECTED], latest) if left else ()
        found.append(SchoolForecast(school, outlooks, is_at_risk, mends))
    found.sort(key=lambda one: (not one.is_at_risk, *_urgency(one)))
    total = Outlooks(**{kind.value: _together(its) for kind, its in ends.items()})
    return Forecast(observed, total, tuple(found))


def voters_at_risk(
    schools: Iterable[SchoolAhead], days: Iterable[DayDone], rates: Rates, latest: date
) -> dict[int, int]:
    """The schools at risk with the voters whom their days do not reach: what `forecast` says of them, and no more."""
    pace = _paces(observed_pace(days), rates)[PaceKind.EXPECTED]
    # the most that its days can leave are all its voters
    may_be = [school for school in schools if school.left > 0 and _is_at_risk(school, school.voters)]
    left = {school.id: (school, whole(after_plan(school, pace, latest)[1])) for school in may_be}
    return {number: voters for number, (school, voters) in left.items() if _is_at_risk(school, voters)}


def _is_at_risk(school: SchoolAhead, voters: int) -> bool:
    return voters >= FEW or (voters > 0 and not school.visits and not school.was_visited)


def _paces(observed: ObservedPace | None, rates: Rates) -> dict[PaceKind, Pace]:
    """Every pace; the rates of a good and of a poor network stand for both kinds of school."""
    good, poor = Pace(Rates(rates.good, rates.good)), Pace(Rates(rates.poor, rates.poor))
    if observed is None:
        return {
            PaceKind.EXPECTED: Pace(rates),
            PaceKind.SLOW: poor,
            PaceKind.FAST: good,
            PaceKind.GOOD: good,
            PaceKind.POOR: poor,
        }
    return {
        PaceKind.EXPECTED: Pace(rates, observed.share),
        PaceKind.SLOW: Pace(rates, observed.low),
        PaceKind.FAST: Pace(rates, observed.high),
        PaceKind.GOOD: good,
        PaceKind.POOR: poor,
    }


def _ends(schools: Sequence[SchoolAhead], free: Sequence[FreeDay], pace: Pace, latest: date) -> list[Outlook]:
    """The outlook of each school, in their order: by the plan first, then going on, most voters first."""
    plans = [after_plan(school, pace, latest) for school in schools]
    order = sorted(range(len(schools)), key=lambda n: (-plans[n][1], -plans[n][0], schools[n].id))
    rooms: dict[
        tuple[int, date], tuple[int, Fraction]
    ] = {}  # of a free day in use: district, part still free
    days = sorted(free, key=by_date)
    outlooks: dict[int, Outlook] = {}
    for n in order:
        days = [day for day in days if rooms.get((day.team, day.date), (0, 1))[1] > 0]
        outlooks[n] = _going_on(schools[n], plans[n], days, rooms, pace, latest)
    return [outlooks[n] for n in range(len(schools))]


def _going_on(
    school: SchoolAhead,
    plan: tuple[Fraction, Fraction, date | None],
    days: Sequence[FreeDay],
    rooms: dict[tuple[int, date], tuple[int, Fraction]],
    pace: Pace,
    latest: date,
) -> Outlook:
    left, voters, last = plan
    by_plan = last if whole(left) == 0 else None
    missed = voters  # the voters whom no day until the latest useful one reaches
    used, done_on = 0, by_plan
    for day in days:
        if whole(left) == 0:
            break
        district, part = rooms.get((day.team, day.date), (school.district, Fraction(1)))
        of_day = pace.room(day.kits, school.network)
        room = floor(of_day * part)
        if district != school.district or not room or not suits(day, school, last):
            continue
        used += (day.team, day.date) not in rooms
        before = left
        left, voters = less(left, voters, room)
        rooms[day.team, day.date] = district, part - (before - left) / of_day
        if day.date <= latest:
            missed = voters
        done_on = day.date
    done_on = done_on if whole(left) == 0 else None
    return Outlook(by_plan, whole(plan[0]), whole(plan[1]), done_on, whole(left), whole(missed), used)


def _urgency(one: SchoolForecast) -> tuple[int, int, int]:
    expected = one.outlooks.expected
    return -expected.voters_by_plan, -expected.left_by_plan, one.school.id


def _together(outlooks: Sequence[Outlook]) -> Outlook:
    """The outlook of all together: done when the last is. Days shared by two schools are counted once, at the first."""
    by_plan = [one.by_plan for one in outlooks]
    done = [one.done_on for one in outlooks]
    return Outlook(
        by_plan=_last_of(by_plan),
        left_by_plan=sum(one.left_by_plan for one in outlooks),
        voters_by_plan=sum(one.voters_by_plan for one in outlooks),
        done_on=_last_of(done),
        left=sum(one.left for one in outlooks),
        voters=sum(one.voters for one in outlooks),
        more_days=sum(one.more_days for one in outlooks),
    )


def _last_of(days: Sequence[date | None]) -> date | None:
    """The last of the days; None when one of them never comes, or there are none."""
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(days) else None
