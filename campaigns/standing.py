"""Rule: where a student stands in a campaign, from every day he or she was called to or marked on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from campaigns.attendance import DUE_A_RETAKE, Outcome

# these end the matter whatever other days say, in this order
SETTLED = (Outcome.RECORDED, Outcome.ALREADY_RECORDED, Outcome.NOT_OURS, Outcome.WAITING)
TRIES = frozenset({Outcome.RECORDED, Outcome.WAITING, Outcome.FAILED, Outcome.ABSENT, Outcome.REFUSED})


@dataclass(frozen=True, slots=True)
class DayOutcome:
    """What one recording day says of a student; `outcome` is None while an open day has no mark."""

    day_id: int
    date: date
    outcome: Outcome | None
    reason: str = ""
    needs_look: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a student stands: the outcome that counts, the day it is from, how often it was tried."""

    outcome: Outcome
    reason: str
    needs_look: bool
    attempts: int
    last_day_id: int

    @property
    def is_due_a_retake(self) -> bool:
        """Whether the student must be called again: failed, absent or refused."""
        return self.outcome in DUE_A_RETAKE


def absent_if_closed(outcome: Outcome | None, is_closed: bool) -> Outcome | None:
    """Closing a day makes everyone without a mark absent; undone with the closing, for nothing is stored."""
    return Outcome.ABSENT if outcome is None and is_closed else outcome


def standing_of(days: Sequence[DayOutcome]) -> Standing | None:
    """Where a student stands after these days (any order), or None when no day says anything yet.

    Recorded on any day is recorded; otherwise the latest day counts. Attempts are the days that tried.
    """
    told = sorted((day for day in days if day.outcome is not None), key=lambda day: (day.date, day.day_id))
    if not told:
        return None
    counts = told[-1]
    for settled in SETTLED:
        found = [day for day in told if day.outcome is settled]
        if found:
            counts = found[-1]
            break
    assert counts.outcome is not None
    return Standing(
        outcome=counts.outcome,
        reason=counts.reason,
        needs_look=any(day.needs_look for day in told),
        attempts=sum(1 for day in told if day.outcome in TRIES),
        last_day_id=counts.day_id,
    )
