"""Rule: how long a recording made offline may wait to be sent before somebody must look."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

# A team is back where there is a line within days; what still waits then is forgotten easily.
LONG_FROM = 3
# After a week the kit may have been emptied or lent on: the data is asked after, or the student called again.
TOO_LONG_FROM = 7


class Age(StrEnum):
    """How long a recording has waited."""

    FRESH = "fresh"
    LONG = "long"
    TOO_LONG = "too_long"


def days_waiting(recorded_on: date, today: date) -> int:
    """Whole days since the recording; a device's wrong date never makes it less than none."""
    return max(0, (today - recorded_on).days)


def age_of(days: int) -> Age:
    """What so many days of waiting are called."""
    if days >= TOO_LONG_FROM:
        return Age.TOO_LONG
    return Age.LONG if days >= LONG_FROM else Age.FRESH
