"""How many students a team can record in a day, and how many days a school needs.

Rates are students per kit per day, measured by Sukoharjo in 2022: about 25 on a good network, 10 on a poor
one (50 and 20 for the two kits of a visit). Two schools share a day as long as the parts of the day they use
add up to at most one; this is counted in whole units, never in floating point, so that a day exactly full is
full and not a hair over.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import lcm


class Network(StrEnum):
    """The quality of a school's line to the population data centre."""

    GOOD = "good"
    POOR = "poor"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Rates:
    """Students per kit per day on a good and on a poor network. Raises ValueError unless both are above 0."""

    good: Fraction = Fraction(25)
    poor: Fraction = Fraction(10)

    def __post_init__(self) -> None:
        """Refuse a rate at which nobody would ever be recorded."""
        if self.good <= 0 or self.poor <= 0:
            raise ValueError("a rate is above 0")

    def on(self, network: Network) -> Fraction:
        """The rate on that network. An unknown one counts as poor.

        Counted as good it would call in students who then wait in vain; counted as poor it costs a second day
        until somebody asks the school, which takes one message.
        """
        return self.good if network is Network.GOOD else self.poor

    @property
    def units_per_kit_day(self) -> int:
        """Units in one kit's day, chosen so that a student costs a whole number of them on either network."""
        return lcm(self.good.numerator, self.poor.numerator)

    def units_per_student(self, network: Network) -> int:
        """The units of a kit's day that one student takes on that network."""
        rate = self.on(network)
        return rate.denominator * self.units_per_kit_day // rate.numerator


def capacity(kits: int, network: Network, rates: Rates) -> int:
    """Students whom a team with that many kits can record in one day at a school with that network; kits x rate."""
    return int(kits * rates.on(network))


def days_needed(target: int, capacity_a_day: int) -> int:
    """Days to record that many students: the target divided by the capacity, rounded up.

    Raises ValueError when there are students and no capacity at all.
    """
    if target > 0 and capacity_a_day <= 0:
        raise ValueError("no capacity for any student")
    return -(-target // capacity_a_day) if target > 0 else 0


def share_of_day(students: int, kits: int, network: Network, rates: Rates) -> Fraction:
    """The part of a team's day that so many students take, 0 for none, 1 for all of it, above 1 when too many.

    Raises ValueError for a team without kits.
    """
    if kits <= 0:
        raise ValueError("a team without kits has no day to share")
    return Fraction(students) / (kits * rates.on(network))
