"""What a file holds before anything is understood: sheets of rows of cells, and how many there may be."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

MAX_BYTES = 20 * 1024 * 1024
"""Largest file that is read."""
MAX_ROWS = 50_000
"""Most rows of all sheets of a file together."""
MAX_COLUMNS = 200
"""Most columns of a sheet."""

Cell = str | float | int | bool | date | datetime | time | timedelta | None
RawRow = list[Cell]
Progress = Callable[[str, int, int], None]
"""Hears a stage of the work, the rows done and the rows in all."""


@dataclass(frozen=True, slots=True)
class RawSheet:
    """One sheet as the file holds it; `rows[0]` is the first physical row.

    `typed` is False where the format has no numbers or dates of its own (CSV, HTML). `hidden_rows` and
    `hidden_columns` count what a person looking at the sheet does not see. `above` are texts outside the table.
    """

    name: str | None
    rows: list[RawRow]
    typed: bool = True
    hidden: bool = False
    hidden_rows: int = 0
    hidden_columns: int = 0
    above: tuple[str, ...] = ()


class TooLargeError(Exception):
    """A sheet is larger than is read; caught where the file is opened."""

    def __init__(self, by_rows: bool) -> None:
        """`by_rows` is True for too many rows, False for too many columns."""
        super().__init__("too many rows" if by_rows else "too many columns")
        self.by_rows = by_rows


def check_size(rows: int, columns: int) -> None:
    """Raises TooLargeError where a sheet has more rows or columns than are read."""
    if rows > MAX_ROWS:
        raise TooLargeError(by_rows=True)
    if columns > MAX_COLUMNS:
        raise TooLargeError(by_rows=False)
