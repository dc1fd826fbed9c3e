"""The order and the page of a list: what an address asks for, and what the headings and the pager then say.

Rule: "?sort=name" sorts by name, "?sort=-name" turns it round; anything else is the list's own order.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Order:
    """By which column a list stands, and whether from the last to the first. `own` is the list's own order."""

    by: str
    is_turned: bool
    own: str

    @property
    def word(self) -> str:
        """As an address says it; empty for the list's own order."""
        return "" if (self.by, self.is_turned) == (self.own, False) else "-" * self.is_turned + self.by

    def pressed(self, column: str) -> str:
        """The word for the address behind a column's heading: a column that sorts already is turned round."""
        return Order(column, column == self.by and not self.is_turned, self.own).word

    def heard(self, column: str) -> str | None:
        """What a heading says of itself (aria-sort); None for a column that does not sort."""
        if column != self.by:
            return None
        return "descending" if self.is_turned else "ascending"


def order_of(asked: str, columns: Collection[str], own: str) -> Order:
    """The order that a word of an address asks for; `own` where it names none of the columns."""
    by = asked.removeprefix("-")
    return Order(by, asked.startswith("-"), own) if by in columns else Order(own, False, own)


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of a list: its number of how many, and which rows of how many it shows (counted from 1)."""

    number: int
    of: int
    first: int
    last: int
    total: int

    @property
    def previous(self) -> int | None:
        """The number of the page before, if there is one."""
        return self.number - 1 if self.number > 1 else None

    @property
    def following(self) -> int | None:
        """The number of the page after, if there is one."""
        return self.number + 1 if self.number < self.of else None


def leaf_of(asked: int, total: int, size: int) -> Leaf:
    """The page asked for of so many rows, `size` a page; one that is not there is the nearest that is."""
    pages = max(1, -(-total // size))
    number = min(max(asked, 1), pages)
    first = (number - 1) * size
    return Leaf(number, pages, min(first + 1, total), min(first + size, total), total)
