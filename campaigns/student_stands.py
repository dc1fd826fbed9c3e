"""Rule: in which line of the coverage a student stands; every active one stands in exactly one (decision 0019)."""

from __future__ import annotations

from enum import StrEnum

from campaigns.attendance import Outcome
from campaigns.eligibility import AlreadyRecorded, Eligibility, Left, NotYet


class Stand(StrEnum):
    """The lines: the first five are the target, the others stand outside it."""

    RECORDED = "recorded"
    WAITING = "waiting"
    RETAKE = "retake"
    PLANNED = "planned"
    UNPLANNED = "unplanned"
    NOT_YET = "not_yet"
    ALREADY = "already"
    NOT_OURS = "not_ours"


IN_TARGET = (Stand.RECORDED, Stand.WAITING, Stand.RETAKE, Stand.PLANNED, Stand.UNPLANNED)


def stand_of(why: Eligibility, outcome: str, has_place: bool) -> Stand | None:
    """Where a student stands, by eligibility, what came of the days (empty: none yet) and a place on a day to come.

    None for who has left: not counted at all.
    """
    if isinstance(why, Left):
        return None
    if isinstance(why, AlreadyRecorded) or outcome == Outcome.ALREADY_RECORDED:
        return Stand.ALREADY
    if outcome == Outcome.NOT_OURS:
        return Stand.NOT_OURS
    if isinstance(why, NotYet):
        return Stand.NOT_YET
    if outcome == Outcome.RECORDED:
        return Stand.RECORDED
    if outcome == Outcome.WAITING:
        return Stand.WAITING
    if outcome:
        return Stand.RETAKE
    return Stand.PLANNED if has_place else Stand.UNPLANNED
