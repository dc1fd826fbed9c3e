"""Whether a recording day can be closed, and if not, why."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from campaigns.attendance import DayState, may_move


class ClosingFault(StrEnum):
    """Why a day cannot be closed."""

    EARLY = "early"  # its date is still to come
    STATE = "state"  # the school has not confirmed it and nobody was marked, or it was cancelled or moved


def closing_fault(state: DayState, on: date, today: date) -> ClosingFault | None:
    """Why a day of this state and date cannot be closed today; None when it can, or is closed already."""
    if state is DayState.CLOSED:
        return None
    if on > today:
        return ClosingFault.EARLY
    if state is DayState.CONFIRMED:
        return None  # held, and nobody came: it goes by way of open
    return None if may_move(state, DayState.CLOSED) else ClosingFault.STATE
