"""Rule: coverage, that is how many of a target are recorded; for a class, a school, a district, the office alike.

Coverage is recorded / target, for all students and for voters alone. Only students in the target count: active, old
enough by the programme's last day, not recorded elsewhere before (domain: sasaran, capaian).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Coverage:
    """The counts of some students in a programme; counts of several groups add up to those of all of them.

    `students` are active; `waiting` were recorded offline and wait to be sent; `retake_due` were called in vain;
    `unplanned` were never called and have no place on a day. `already` (recorded elsewhere before) and `not_yet` (too
    young until the programme ends) stand outside the target. A figure of `voters` is a part of the one it is named for.
    """

    students: int = 0
    target: int = 0
    voters: int = 0
    recorded: int = 0
    recorded_voters: int = 0
    waiting: int = 0
    retake_due: int = 0
    already: int = 0
    not_yet: int = 0
    waiting_voters: int = 0
    retake_due_voters: int = 0
    unplanned: int = 0
    unplanned_voters: int = 0
    not_yet_voters: int = 0

    @property
    def left(self) -> int:
        """Students of the target not yet recorded for good; those whose recording waits to be sent are among them."""
        return self.target - self.recorded

    @property
    def left_voters(self) -> int:
        """Voters of the target not yet recorded for good."""
        return self.voters - self.recorded_voters

    @property
    def planned(self) -> int:
        """Students of the target not called yet who have a place on a day to come.

        All of the target is recorded, waiting, due a retake, planned or unplanned.
        """
        return self.target - self.recorded - self.waiting - self.retake_due - self.unplanned

    @property
    def planned_voters(self) -> int:
        """`planned` of the voters."""
        return (
            self.voters
            - self.recorded_voters
            - self.waiting_voters
            - self.retake_due_voters
            - self.unplanned_voters
        )

    @property
    def of_voters(self) -> Coverage:
        """The same counts of the voters alone, as if there were no others; who is no voter is not counted at all."""
        return Coverage(
            students=self.voters + self.not_yet_voters,
            target=self.voters,
            voters=self.voters,
            recorded=self.recorded_voters,
            recorded_voters=self.recorded_voters,
            waiting=self.waiting_voters,
            retake_due=self.retake_due_voters,
            not_yet=self.not_yet_voters,
            waiting_voters=self.waiting_voters,
            retake_due_voters=self.retake_due_voters,
            unplanned=self.unplanned_voters,
            unplanned_voters=self.unplanned_voters,
            not_yet_voters=self.not_yet_voters,
        )

    @property
    def not_ours(self) -> int:
        """Active in the roster, but found on a recording day to have moved away or died: outside the target too.

        Every active student is in the target, `already`, `not_yet` or here.
        """
        return self.students - self.target - self.already - self.not_yet

    @property
    def is_complete(self) -> bool:
        """Whether there is a target and all of it is recorded."""
        return self.target > 0 and self.left == 0

    def add(self, other: Coverage) -> Coverage:
        """The counts of both groups together; nobody may be in both."""
        return Coverage(*(getattr(self, name) + getattr(other, name) for name in FIGURES))


FIGURES = tuple(field.name for field in fields(Coverage))


def together(parts: Iterable[Coverage]) -> Coverage:
    """The counts of all the groups together; of none, zeros."""
    total = Coverage()
    for part in parts:
        total = total.add(part)
    return total
