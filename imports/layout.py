"""Where the student list is in a sheet: its header, its titles, and which rows below are no students."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from imports.columns import IDENTIFYING, Column, Field, heading_key, is_heading_word, map_columns
from imports.sheets import Cell

HEADER_WITHIN = 30
"""A header starts in the first 30 rows."""
HEADER_DEPTH = 3
"""A header has at most three rows."""


class Layout(Enum):
    """The kinds of list that are told apart by their headings."""

    DAPODIK = "dapodik"
    EMIS = "emis"
    OFFICE_LIST = "office_list"
    VOTER_LIST = "voter_list"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Table:
    """A student list in a sheet. Row numbers count from 0; `titles` are the texts above the header."""

    header_rows: tuple[int, ...]
    first_row: int
    columns: tuple[Column, ...]
    headings: tuple[str, ...]
    titles: tuple[str, ...]

    def column(self, field: Field) -> Column | None:
        """The column that holds a field, or None where the list has none."""
        for column in self.columns:
            if column.field is field:
                return column
        return None

    def columns_of(self, field: Field) -> tuple[Column, ...]:
        """All columns of a field that may repeat."""
        return tuple(column for column in self.columns if column.field is field)


Row = Sequence[Cell]


def texts_of(row: Row) -> list[str]:
    """The cells of a row that hold words."""
    return [cell for cell in row if isinstance(cell, str) and cell.strip()]


def _is_header_like(row: Row, chosen: Mapping[str, Field] | None = None) -> bool:
    """True where a row reads as headings: no data in it and half of its words, two at least, known as headings.

    A heading that a person named (`chosen`) is known.
    """
    words = 0
    known = 0
    for cell in row:
        if cell is None or cell == "":
            continue
        if isinstance(cell, str):
            if not cell.strip():
                continue
            if len(cell) > 90:
                return False
            words += 1
            known += is_heading_word(cell) or (chosen is not None and heading_key(cell) in chosen)
        elif not isinstance(cell, int | float) or not 0 < cell < 100:
            return False
    if words == 1:
        text = texts_of(row)[0]
        return bool(re.search(r"\b(ayah|ibu|wali|orang ?tua)\b", heading_key(text))) and known == 1
    return known >= 2 and known * 2 >= words


def _joined(rows: Sequence[Row]) -> list[list[str]]:
    """The heading parts of each column, outermost first.

    A group heading is written once over its columns, so an empty cell takes the text to its left, but only where
    a row below has text: a heading merged downward has none.
    """
    width = max(map(len, rows))
    written = [
        [str(row[i]).strip() if i < len(row) and row[i] is not None else "" for i in range(width)]
        for row in rows
    ]
    parts: list[list[str]] = [[] for _ in range(width)]
    for level, row in enumerate(written):
        below = written[level + 1 :]
        group = ""
        for i in range(width):
            has_below = any(lower[i] for lower in below)
            if row[i]:
                group = row[i] if has_below else ""
                parts[i].append(row[i])
            elif has_below and group:
                parts[i].append(group)
            else:
                group = group if has_below else ""
    return parts


def find_table(
    rows: Sequence[Row], above: Sequence[str] = (), chosen: Mapping[str, Field] | None = None
) -> Table | None:
    """The student list of a sheet, or None where the first 30 rows hold no header that names a person.

    Of all windows of one to three heading-like rows the one wins that yields the most fields of a person; among
    equals the first, and of it the deepest. `above` are texts that stood before the sheet's first row.
    """
    head = rows[: HEADER_WITHIN + HEADER_DEPTH]
    like = [_is_header_like(row, chosen) for row in head]
    best: tuple[int, int, int, tuple[Column, ...], list[list[str]]] | None = None
    for start in range(min(HEADER_WITHIN, len(head))):
        for depth in range(1, HEADER_DEPTH + 1):
            if start + depth > len(head) or not like[start + depth - 1]:
                break
            parts = _joined(head[start : start + depth])
            columns = map_columns(parts, chosen)
            fields = {column.field for column in columns if column.field in IDENTIFYING}
            if len(fields) < 2 or not fields & {Field.NAME, Field.NIK}:
                continue
            score = 10 * len(fields) + sum(column.sure for column in columns if column.field in fields)
            if best is None or score > best[0] or (score == best[0] and start == best[1]):
                best = (score, start, depth, columns, parts)
    if best is None:
        return _plain_nik_list(head, above)
    _, start, depth, columns, parts = best
    return Table(
        header_rows=tuple(range(start, start + depth)),
        first_row=start + depth,
        columns=columns,
        headings=tuple(heading_key(part[-1]) if part else "" for part in parts),
        titles=(*above, *(text for row in rows[:start] for text in texts_of(row))),
    )


def _plain_nik_list(head: Sequence[Row], above: Sequence[str]) -> Table | None:
    """A list that has nothing but a column of NIKs under the word."""
    for start, row in enumerate(head[:HEADER_WITHIN]):
        texts = texts_of(row)
        if not texts or len(texts) > 2:
            continue
        columns = map_columns([[str(cell)] if isinstance(cell, str) else [] for cell in row])
        nik = next((c for c in columns if c.field is Field.NIK and c.sure), None)
        if nik is None or start + 1 >= len(head) or nik.index >= len(head[start + 1]):
            continue
        below = head[start + 1][nik.index]
        if not (isinstance(below, int | float) or (isinstance(below, str) and re.search(r"\d{6}", below))):
            continue
        return Table(
            header_rows=(start,),
            first_row=start + 1,
            columns=columns,
            headings=tuple(heading_key(cell) if isinstance(cell, str) else "" for cell in row),
            titles=(*above, *(text for title in head[:start] for text in texts_of(title))),
        )
    return None


def layout_of(table: Table) -> Layout:
    """Which kind of list this is; only for display and for remembering a mapping."""
    keys = {heading_key(column.heading) for column in table.columns}
    fields = {column.field for column in table.columns}
    if {"nipd", "rombel saat ini"} & keys and "kebutuhan khusus" in keys:
        return Layout.DAPODIK
    if {"tingkat rombel", "nis lokal", "nama ibu kandung"} & keys and Field.NISN in fields:
        return Layout.EMIS
    if {"coklit", "tps", "kode tms", "pemilih pemula"} & keys:
        return Layout.VOTER_LIST
    if Field.RECORDED in fields or any("rekam" in heading_key(title) for title in table.titles):
        return Layout.OFFICE_LIST
    return Layout.MANUAL
