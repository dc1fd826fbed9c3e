"""Rule: which of an office's programmes the pages show. The one that runs, until someone chooses another for oneself.

A programme runs from its first day to voting day. A new one that is prepared meanwhile does not take its place.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum


class ProgrammeState(StrEnum):
    """Where a programme stands on a date, in the order in which they are shown."""

    RUNNING = "running"
    TO_COME = "to_come"
    OVER = "over"


def state_of(from_date: date, voting_day: date, today: date) -> ProgrammeState:
    """Running from its first day to voting day, both included."""
    if today < from_date:
        return ProgrammeState.TO_COME
    return ProgrammeState.RUNNING if today <= voting_day else ProgrammeState.OVER


def view_rank(from_date: date, voting_day: date, is_closed: bool, today: date) -> tuple[bool, int, int]:
    """The lowest of an office's programmes is in view: open before closed, then running, to come, over; of each kind
    the one whose next moment (voting day, first day, voting day that was) is nearest."""
    state = state_of(from_date, voting_day, today)
    moment = from_date if state is ProgrammeState.TO_COME else voting_day
    return is_closed, list(ProgrammeState).index(state), abs((moment - today).days)
