"""What a line of the log tells besides the act: figures and codes, taken apart for the page to say them in words.

Rule: `note_change` keeps them as "days=9 left_out=2", as a date or a code, or as the sentence that a person typed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_PAIR = re.compile(r"([a-z_]+)=([^\s=]*)")
_DATES = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\.\.(\d{4}-\d{2}-\d{2}))?")
# where new rows stand in their table: for taking a roster back, and nothing to read
_INSIDE = frozenset({"created_from", "created_to"})


@dataclass(frozen=True, slots=True)
class Part:
    """One thing told: what it is of (a code, or empty), and the figure, code or text; or the first and last date."""

    of: str = ""
    value: str = ""
    first: date | None = None
    last: date | None = None

    @property
    def is_number(self) -> bool:
        """Whether the value is a count."""
        return self.value.isdigit()


def parts_of(detail: str) -> tuple[Part, ...]:
    """A detail's parts in order, without counts of nothing; what a person typed is one part."""
    tokens = detail.split()
    if not any(_PAIR.fullmatch(token) for token in tokens) and not _DATES.fullmatch((tokens or [""])[0]):
        return (Part(value=detail),) if detail else ()
    return tuple(part for part in map(_part, tokens) if part.value != "0" and part.of not in _INSIDE)


def _part(token: str) -> Part:
    if pair := _PAIR.fullmatch(token):
        return Part(pair[1], pair[2])
    if dates := _DATES.fullmatch(token):
        first = date.fromisoformat(dates[1])
        return Part(first=first, last=date.fromisoformat(dates[2]) if dates[2] else first)
    return Part(value=token)
