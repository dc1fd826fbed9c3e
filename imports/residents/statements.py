"""Rule: what a student's "recorded before" is once a list's word on it is taken back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Statement(NamedTuple):
    """What a confirmed list said of a student; `base` is what was known before any list that still stands spoke."""

    list_id: int
    is_recorded: bool
    base: bool


def base_for(current: bool, standing: Sequence[Statement]) -> bool:
    """The base of a new statement, given those that stand, oldest first."""
    return standing[0].base if standing else current


def value_without(list_id: int, current: bool, standing: Sequence[Statement]) -> bool | None:
    """What the student should be when one list no longer speaks; the statements that stand are given oldest first.

    The last of the other lists counts, or what was known before them all. None: leave it as it is, for somebody else
    has changed it since (a school's roster, say).
    """
    if not standing or standing[-1].is_recorded != current:
        return None
    others = [statement for statement in standing if statement.list_id != list_id]
    return others[-1].is_recorded if others else standing[0].base
