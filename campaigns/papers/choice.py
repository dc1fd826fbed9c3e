"""Rule: which papers are wanted, for which dates and teams, and what is written down of each that is printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class PaperKind(StrEnum):
    """The papers that can be had together, in the order in which they are bound."""

    CREWS = "crews"
    LETTERS = "letters"
    CALL_LISTS = "call_lists"
    DAY_LISTS = "day_lists"
    SLIPS = "slips"
    MINUTES = "minutes"


# What most offices print before a week begins.
USUAL = frozenset({PaperKind.CREWS, PaperKind.CALL_LISTS, PaperKind.DAY_LISTS})


@dataclass(frozen=True, slots=True)
class PaperChoice:
    """Papers of these kinds for these dates; of all teams when `team_id` is None."""

    first: date
    last: date
    team_id: int | None = None
    kinds: frozenset[PaperKind] = frozenset()
    page_per_class: bool = False


@dataclass(frozen=True, slots=True)
class PrintedPaper:
    """One line of the log: which kind of paper was printed of what, and how many students stand on it."""

    act: str
    subject: str
    subject_id: int | None
    students: int


def span_of(day: date, is_week: bool) -> tuple[date, date]:
    """The day alone, or Monday to Sunday of its week."""
    if not is_week:
        return day, day
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def kinds_of(words: Iterable[str]) -> frozenset[PaperKind]:
    """The kinds that these words name; other words name nothing."""
    return frozenset(kind for kind in PaperKind if kind.value in set(words))
