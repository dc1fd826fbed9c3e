"""Rule: how many students a kit really records in a day, from the moments of the marks of closed days.

The moments are those of the devices, which decide nothing (docs/decisions/0005): they are an estimate, shown beside the
assumed rate, and a person takes it over or not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from campaigns.capacity import Network

FEWEST_STUDENTS = 8  # of a day: fewer say more of when the class came than of the crew
SHORTEST = timedelta(minutes=30)
LONGEST = timedelta(hours=12)  # longer is a device with a wrong clock
FEWEST_DAYS = 3
"""Closed days on a kind of network below which its rate is not offered to be taken over."""


@dataclass(frozen=True, slots=True)
class DayAtWork:
    """A closed day: the network there, the team's kits, and when each student was done."""

    network: Network
    kits: int
    moments: Sequence[datetime]


@dataclass(frozen=True, slots=True)
class MeasuredRate:
    """Students per kit and day, the median of so many `days`."""

    rate: int
    days: int

    @property
    def is_enough(self) -> bool:
        """Whether it rests on enough days to be taken over."""
        return self.days >= FEWEST_DAYS


def measured_rates(days: Iterable[DayAtWork], hours: timedelta) -> dict[Network, MeasuredRate]:
    """The rate by network, for a day of so many hours. Days that tell nothing are left out, and so are networks."""
    found: dict[Network, list[float]] = defaultdict(list)
    for day in days:
        pace = _students_an_hour(day.moments)
        if pace is not None and day.kits > 0:
            found[day.network].append(pace * (hours / timedelta(hours=1)) / day.kits)
    return {
        network: MeasuredRate(max(1, round(median(rates))), len(rates)) for network, rates in found.items()
    }


def _students_an_hour(moments: Sequence[datetime]) -> float | None:
    if len(moments) < FEWEST_STUDENTS:
        return None
    taken = max(moments) - min(moments)
    if not SHORTEST <= taken <= LONGEST:
        return None
    return (len(moments) - 1) / (taken / timedelta(hours=1))
