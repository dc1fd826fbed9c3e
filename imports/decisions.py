"""Rule: what a person can say of a row that looks like a student the office knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Place = tuple[str | None, int]
"""Where a row stands in its file: the sheet and the physical row."""


class Decision(StrEnum):
    """The answers to: is this row that student?"""

    SAME = "same"
    DIFFERENT = "different"  # twins and namesakes exist
    MOVED_HERE = "moved_here"  # the student of another school is at this one now


@dataclass(frozen=True, slots=True)
class Decisions:
    """What was said so far of a roster: of rows by place and student id, and of students whom it does not name."""

    by_row: Mapping[Place, Mapping[int, Decision]] = field(default_factory=dict)
    still_here: frozenset[int] = frozenset()

    def of(self, place: Place) -> Mapping[int, Decision]:
        """What was said of one row, by the id of the student it was held against."""
        return self.by_row.get(place, _NOTHING)


_NOTHING: Mapping[int, Decision] = {}
UNDECIDED = Decisions()
