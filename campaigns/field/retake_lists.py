"""Rule: the lists of who is due a retake, and what each of them is divided by."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from campaigns.attendance import DUE_A_RETAKE, REASONS, Outcome

# Days that came to nothing from which somebody should call rather than book again.
MISSED_TWICE = 2


class RetakeList(StrEnum):
    """A list of students due a retake, as its address names it."""

    NO_DATE = "no_date"
    TWICE = "twice"
    REFUSED = "refused"
    FAILED = "failed"


# The outcomes on a list, and whether it is divided by the outcome's reasons rather than by outcomes.
OUTCOMES_ON: Mapping[RetakeList, tuple[Outcome, ...]] = {
    RetakeList.NO_DATE: (Outcome.ABSENT, Outcome.FAILED, Outcome.REFUSED),
    RetakeList.TWICE: (Outcome.ABSENT, Outcome.FAILED, Outcome.REFUSED),
    RetakeList.REFUSED: (Outcome.REFUSED,),
    RetakeList.FAILED: (Outcome.FAILED,),
}
assert frozenset(OUTCOMES_ON[RetakeList.NO_DATE]) == DUE_A_RETAKE


def is_by_reason(which: RetakeList) -> bool:
    """Whether the list has one outcome, and so is divided by its reasons."""
    return len(OUTCOMES_ON[which]) == 1


def kinds_of(which: RetakeList) -> tuple[str, ...]:
    """What the list is divided by: reasons of the one outcome, or the outcomes."""
    if is_by_reason(which):
        return tuple(reason.value for reason in REASONS[OUTCOMES_ON[which][0]])
    return tuple(outcome.value for outcome in OUTCOMES_ON[which])


def is_on(which: RetakeList, outcome: Outcome, attempts: int, has_a_date: bool) -> bool:
    """Whether a student who stands so is on the list."""
    if outcome not in OUTCOMES_ON[which]:
        return False
    if which is RetakeList.NO_DATE:
        return not has_a_date
    return which is not RetakeList.TWICE or attempts >= MISSED_TWICE
