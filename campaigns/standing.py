"""Rule: where a student stands in a campaign, from every day he or she was called to or marked on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from campaigns.attendance import DUE_A_RETAKE, Outcome

# these end the matter whatever other days say, in this order
SETTLED = (Outcome.RECORDED, Outcome.ALREADY_RECORDED, Outcome.NOT_OURS, Outcome.WAITING)
_PLACE = {outcome: place for place, outcome in enumerate(SETTLED)}
TRIES = frozenset({Outcome.RECORDED, Outcome.WAITING, Outcome.FAILED, Outcome.ABSENT, Outcome.REFUSED})


class DayOutcome(NamedTuple):
    """What one recording day says of a student; `outcome` is None while an open day has no mark.

    A tuple, as `Standing` is: a batch of marks makes hundreds, and a frozen dataclass takes three times as long.
    """

    day_id: int
    date: date
    outcome: Outcome | None
    reason: str = ""
    needs_look: bool = False


class Standing(NamedTuple):
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
    told = [day for day in days if day.outcome is not None]
    if not told:
        return None
    if len(told) == 1:  # nearly every student: the long way says the same
        (only,) = told
        assert only.outcome is not None
        return Standing(only.outcome, only.reason, only.needs_look, int(only.outcome in TRIES), only.day_id)
    told.sort(key=lambda day: (day.date, day.day_id))
    counts, needs_look, attempts = told[-1], False, 0
    settled = len(SETTLED)
    for day in told:
        needs_look |= day.needs_look
        attempts += day.outcome in TRIES
        place = _PLACE.get(day.outcome, len(SETTLED))  # type: ignore[arg-type]
        if place < len(SETTLED) and place <= settled:
            settled, counts = place, day
    assert counts.outcome is not None
    return Standing(counts.outcome, counts.reason, needs_look, attempts, counts.day_id)
