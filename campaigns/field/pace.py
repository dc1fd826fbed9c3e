"""Rule: how fast a recording day goes, when it will be done, and who should be asked to come another time.

Times are the devices' own and serve to show; a person decides, with the names before the eyes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

# Fewer say nothing yet: the first students of a morning take long.
FEWEST_FOR_A_PACE = 5
SHORTEST_FOR_A_PACE = timedelta(minutes=20)
# The pace of the last two hours: what was before the network failed tells little of what comes.
LOOKS_BACK = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Pace:
    """How a day goes. `an_hour`: students; `is_observed` when from marks, else from the rates of the programme.

    `done_at` is None when nobody is left or nothing can be recorded. `too_many`: how many of those left will not be
    reached by the end of the day.
    """

    an_hour: Fraction
    is_observed: bool
    left: int
    done_at: datetime | None
    too_many: int


def students_an_hour(sat_at: Sequence[datetime], now: datetime) -> Fraction | None:
    """Students an hour of late, from the moments at which students sat at a kit; None while too few say nothing."""
    late = sorted(moment for moment in sat_at if now - LOOKS_BACK <= moment <= now)
    if len(late) < FEWEST_FOR_A_PACE or late[-1] - late[0] < SHORTEST_FOR_A_PACE:
        return None
    seconds = int((late[-1] - late[0]).total_seconds())
    return Fraction(3600 * (len(late) - 1), seconds)


def expected_an_hour(rate_a_day: Fraction, kits: int, day_starts: datetime, day_ends: datetime) -> Fraction:
    """Students an hour by the programme's rate per kit and day, over the day's hours."""
    hours = Fraction(int((day_ends - day_starts).total_seconds()), 3600)
    return rate_a_day * kits / hours if hours > 0 else Fraction(0)


def pace_of(
    left: int,
    observed: Fraction | None,
    expected: Fraction,
    now: datetime,
    day_starts: datetime,
    day_ends: datetime,
) -> Pace:
    """When the day will be done at the observed pace, or without one at the expected, and how many are too many."""
    an_hour = expected if observed is None else observed
    begins = max(now, day_starts)
    hours_left = max(Fraction(0), Fraction(int((day_ends - begins).total_seconds()), 3600))
    reached = int(an_hour * hours_left)
    done_at = None
    if left and an_hour > 0:
        done_at = begins + timedelta(seconds=int(left * 3600 / an_hour))
    return Pace(an_hour, observed is not None, left, done_at, max(0, left - reached))
