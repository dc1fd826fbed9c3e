"""Rule: what can stand in the way of taking a confirmed roster back."""

from __future__ import annotations

from enum import StrEnum


class Depends(StrEnum):
    """Why a confirmed roster can no longer be taken back."""

    NEWER_ROSTER = "newer_roster"  # of the school, confirmed since
    FILE_GONE = "file_gone"  # its rows are no longer kept: taken back, it could not be confirmed again
    ON_A_DAY = "on_a_day"  # students it brought have a place on a recording day, or were marked
    CHANGED = "changed"  # its students were changed since in another way
