"""Rule: what people said of a file after it was read: columns they named, cells they mended on screen.

The file stays as it was sent. What was said is laid over it each time it is read, so that a mended cell is judged by
the very rules that judged the first one, together with all other rows.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from imports.columns import Field, column_index
from imports.layout import Layout
from imports.sheets import Cell, RawSheet

ANY_OTHER_LAYOUT = Layout.MANUAL
"""Under which an answer stands for a sheet in which no list was found at first."""


@dataclass(frozen=True, slots=True)
class Mend:
    """A cell as a person mended it: the physical row counted from 1, the column by its letter, no sheet as ''."""

    sheet: str
    row: int
    column: str
    value: str


@dataclass(frozen=True, slots=True)
class Wishes:
    """Everything that was said of a file. `answers` are by layout and `columns.heading_key`."""

    answers: Mapping[tuple[Layout, str], Field] = field(default_factory=dict)
    mends: tuple[Mend, ...] = ()

    def answers_for(self, layout: Layout | None) -> dict[str, Field]:
        """The answers by heading that were given for lists of this layout."""
        wanted = layout or ANY_OTHER_LAYOUT
        return {heading: answer for (told, heading), answer in self.answers.items() if told is wanted}

    def laid_over(self, sheet: RawSheet) -> RawSheet:
        """The sheet with its mended cells; the very same sheet where none of it was mended."""
        mended = [mend for mend in self.mends if mend.sheet == (sheet.name or "")]
        if not mended:
            return sheet
        rows = list(sheet.rows)
        for mend in mended:
            if 0 < mend.row <= len(rows):
                rows[mend.row - 1] = _with_cell(rows[mend.row - 1], column_index(mend.column), mend.value)
        return replace(sheet, rows=rows)


NOTHING_SAID = Wishes()


def is_untouched(offered: str, sent: str) -> bool:
    """Whether a cell that stood in a form came back as it was: forms lose white space and marks that cannot be seen."""
    return _bare(offered) == _bare(sent)


def _bare(text: str) -> str:
    return "".join(mark for mark in text if not mark.isspace() and unicodedata.category(mark) != "Cf")


def _with_cell(row: Sequence[Cell], index: int, value: str) -> list[Cell]:
    cells = [*row, *[None] * (index + 1 - len(row))]
    cells[index] = value
    return cells
