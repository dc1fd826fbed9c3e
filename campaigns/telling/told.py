"""Rule: what of all that schools were told goes on their letters: the last word about a day, beside what it was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from campaigns.paper import LetterKind

Day = date  # the type, where a field called date hides its name
CALLED_OFF = ("cancelled", "postponed")


@dataclass(frozen=True, slots=True)
class Told:
    """One time a school was told of one day: as it is from then on, and as it was (`was_date` is None when new)."""

    day_id: int
    school_id: int
    kind: str
    at: datetime
    date: date
    starts_at: str
    team_name: str
    students: int
    was_date: Day | None = None
    was_starts_at: str = ""
    was_team_name: str = ""
    reason: str = ""
    is_retake: bool = False

    @property
    def letter(self) -> LetterKind:
        """The letter on which this stands."""
        if self.kind in CALLED_OFF:
            return LetterKind.CALLED_OFF
        return LetterKind.CHANGED if self.was_date is not None else LetterKind.ANNOUNCED


@dataclass(frozen=True, slots=True)
class Message:
    """What one letter, or one message, tells a school: days of one kind, in the order of dates."""

    school_id: int
    letter: LetterKind
    days: tuple[Told, ...]


def last_words(told: Iterable[Told]) -> list[Told]:
    """The last word about each day. What it was is what the school knew before the first of these words.

    A day that was announced and moved since is new to a letter that tells both, and so is not told as changed; one that
    was announced and called off is told as called off, for the school saw it.
    """
    by_day: dict[int, list[Told]] = defaultdict(list)
    for one in sorted(told, key=lambda one: one.at):
        by_day[one.day_id].append(one)
    words = []
    for its in by_day.values():
        first, last = its[0], its[-1]
        words.append(
            replace(
                last,
                was_date=first.was_date,
                was_starts_at=first.was_starts_at,
                was_team_name=first.was_team_name,
            )
        )
    return words


def messages(told: Iterable[Told]) -> list[Message]:
    """The last words gathered: one message for each school and kind of letter, in the order of their first dates."""
    together: dict[tuple[int, LetterKind], list[Told]] = defaultdict(list)
    for one in last_words(told):
        together[one.school_id, one.letter].append(one)
    found = [
        Message(school_id, letter, tuple(sorted(days, key=lambda one: (one.date, one.starts_at))))
        for (school_id, letter), days in together.items()
    ]
    return sorted(found, key=lambda one: (one.days[0].date, one.school_id, one.letter))
