"""Rule: what a coordinator answers a school that asks for another day, as typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

LONGEST_WORD = 300


class Kind(StrEnum):
    """What becomes of the day: moved to a date the school offered, kept with a word, or called off."""

    MOVE = "move"
    KEEP = "keep"
    POSTPONE = "postponed"
    CANCEL = "cancelled"


class Fault(StrEnum):
    """What is wrong with the answer."""

    NOTHING_CHOSEN = "nothing_chosen"
    WORD_MISSING = "word_missing"


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer; `to` and `team_id` where the day moves. `word` is what the school reads."""

    kind: Kind
    word: str = ""
    to: date | None = None
    team_id: int | None = None


def read_answer(form: Mapping[str, str]) -> tuple[Answer | None, dict[str, Fault]]:
    """The answer, or None and what is wrong by field. `choice` is keep, postponed, cancelled or move:DATE:TEAM.

    Whoever keeps or calls off a day against a wish says why.
    """
    choice, word = form.get("choice", ""), form.get("word", "")[:LONGEST_WORD]
    kind, _, place = choice.partition(":")
    if kind == Kind.MOVE:
        day, _, team = place.partition(":")
        try:
            return Answer(Kind.MOVE, word, date.fromisoformat(day), int(team[:18])), {}
        except ValueError:
            return None, {"choice": Fault.NOTHING_CHOSEN}
    if choice not in (Kind.KEEP, Kind.POSTPONE, Kind.CANCEL):
        return None, {"choice": Fault.NOTHING_CHOSEN}
    if not word:
        return None, {"word": Fault.WORD_MISSING}
    return Answer(Kind(choice), word), {}
