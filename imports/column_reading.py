"""EDGE: the columns of a file with their first values, for the person who says what they hold. Runs in the sandbox.

Nothing of this is stored. Columns that are known not to be needed (parents, income, bank) stay in the child here too.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from common.sandbox import Died, Job, Sandbox
from imports.columns import Column, Field, column_letter, field_of, heading_key
from imports.dates import read_date
from imports.findings import Kind
from imports.layout import HEADER_WITHIN, Layout, Table, find_table, layout_of, texts_of
from imports.reading import DIED, table_of
from imports.rows import pick_rows
from imports.sheets import MAX_BYTES, Cell, Progress, RawSheet
from imports.values import as_typed, class_in_title, read_nik, read_nisn, read_sex
from imports.wishes import ANY_OTHER_LAYOUT, Wishes
from imports.workbook import read_workbook
from schools.nik import masked

FIRST_ROWS = 4  # values shown of a column
LOOKED_AT = 30  # rows, to propose what a column holds
MOST_CHARACTERS = 40  # of a value
MOST_COLUMNS = 80  # of a sheet in which no list was found

_NOT_ASKED = frozenset({Field.UNNEEDED, Field.PARENT_NIK, Field.STAFF, Field.LEFT_SCHOOL, Field.ROW_NUMBER})


@dataclass(frozen=True, slots=True)
class AskedColumn:
    """A column and what it was taken for; `key` is what an answer is kept under, `values` its first cells."""

    letter: str
    heading: str
    key: str
    field: Field
    sure: bool
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SheetColumns:
    """A sheet and its columns to name. `heading_row` counts from 1; None where no heading could be made out.

    `found` is False where no list was recognised; `first_rows` are then its first rows with their numbers, among which
    a person points out the headings.
    """

    name: str | None
    layout: Layout
    found: bool
    heading_row: int | None
    columns: tuple[AskedColumn, ...]
    first_rows: tuple[tuple[int, tuple[str, ...]], ...] = ()


def columns_in_child(
    file: BinaryIO, filename: str, wishes: Wishes, heading_row: int | None, progress: Progress
) -> tuple[SheetColumns, ...] | Kind:
    """What the child runs: every visible sheet with its columns, or why the file cannot be read."""
    sheets = read_workbook(file.read(MAX_BYTES + 1))
    if isinstance(sheets, Kind):
        return sheets
    return columns_of(sheets, wishes, heading_row)


def columns_of(
    sheets: Sequence[RawSheet], wishes: Wishes, heading_row: int | None = None
) -> tuple[SheetColumns, ...]:
    """Every visible sheet that has rows, with its columns. `heading_row` (from 1): where a person saw the headings."""
    return tuple(
        _columns_of(sheet, wishes, heading_row)
        for sheet in sheets
        if not sheet.hidden and any(texts_of(row) for row in sheet.rows)
    )


def _columns_of(sheet: RawSheet, wishes: Wishes, heading_row: int | None) -> SheetColumns:
    table = table_of(sheet, wishes)
    if table is None:
        return _without_table(sheet, heading_row)
    plain = find_table(sheet.rows, sheet.above)
    layout = layout_of(plain) if plain else ANY_OTHER_LAYOUT
    picked = pick_rows(sheet.rows, table)
    rows = [sheet.rows[index] for index in picked.persons[:LOOKED_AT]]
    asked = [column for column in table.columns if not (column.sure and column.field in _NOT_ASKED)]
    return SheetColumns(sheet.name, layout, True, _last_heading(table) + 1, _all_asked(asked, rows))


def _last_heading(table: Table) -> int:
    return table.header_rows[-1] if table.header_rows else table.first_row


def _without_table(sheet: RawSheet, heading_row: int | None) -> SheetColumns:
    head = sheet.rows[:HEADER_WITHIN]
    first = tuple(
        (number, tuple(_shown(cell) for cell in row[:12]))
        for number, row in enumerate(head, 1)
        if any(_shown(cell) for cell in row)
    )[:15]
    if heading_row is None or not 0 < heading_row <= len(head):
        return SheetColumns(sheet.name, ANY_OTHER_LAYOUT, False, None, (), first)
    headings = head[heading_row - 1][:MOST_COLUMNS]
    below = [row for row in sheet.rows[heading_row : heading_row + LOOKED_AT] if texts_of(row)]
    asked = []
    for index, cell in enumerate(headings):
        text = as_typed(cell).strip()
        field, sure = field_of([text])
        if not text or (sure and field in _NOT_ASKED):
            continue
        asked.append(Column(index, column_letter(index), text, field or Field.UNNEEDED, sure))
    return SheetColumns(sheet.name, ANY_OTHER_LAYOUT, False, heading_row, _all_asked(asked, below), first)


def _all_asked(columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> tuple[AskedColumn, ...]:
    """The columns as they are asked about; for one that no heading tells, what its cells look like is proposed."""
    taken = {column.field for column in columns}
    asked = []
    for column in _once_a_heading(columns):
        cells = [row[column.index] for row in rows if column.index < len(row) and _shown(row[column.index])]
        field = column.field
        if field is Field.UNNEEDED and cells:
            field = next(
                (guess for guess, fits in _LOOKS if guess not in taken and _mostly(fits, cells)), field
            )
            taken.add(field)
        values = tuple(_shown(cell) for cell in cells[:FIRST_ROWS])
        asked.append(
            AskedColumn(
                column.letter, column.heading, heading_key(column.heading), field, column.sure, values
            )
        )
    return tuple(asked)


_NAME = re.compile(r"[^\W\d_]{2,}[.,']?( [^\W\d_]+[.,']?)+")


def _once_a_heading(columns: Sequence[Column]) -> list[Column]:
    """Each heading once, for an answer is kept by heading: of two columns of one heading the one that is read."""
    found: dict[str, Column] = {}
    for column in columns:
        held = found.setdefault(heading_key(column.heading), column)
        if held.field is Field.UNNEEDED and column.field is not Field.UNNEEDED:
            found[heading_key(column.heading)] = column
    return list(found.values())


_LOOKS: tuple[tuple[Field, Callable[[Cell], bool]], ...] = (
    (Field.NIK, lambda cell: read_nik(cell).digits is not None),
    (Field.NISN, lambda cell: read_nisn(cell).digits is not None),
    (Field.BIRTH_DATE, lambda cell: _is_birth_date(cell)),
    (Field.SEX, lambda cell: bool(read_sex(cell).value)),
    (Field.CLASS, lambda cell: isinstance(cell, str) and class_in_title(cell) is not None),
    (Field.NAME, lambda cell: isinstance(cell, str) and bool(_NAME.fullmatch(cell.strip()))),
)


def _mostly(fits: Callable[[Cell], bool], cells: Sequence[Cell]) -> bool:
    # a list that needs mending has a wrong cell here and there
    return 2 * sum(map(fits, cells)) > len(cells)


def _is_birth_date(cell: Cell) -> bool:
    read = read_date(cell, date.max)
    return read.value is not None or read.order is not None


def _shown(cell: Cell) -> str:
    """A cell as the screen shows it: short, and a number as long as a NIK masked."""
    text = cell.isoformat() if type(cell) is date else as_typed(cell).strip()
    if sum(map(str.isdigit, text)) >= 16:
        text = masked("".join(filter(str.isdigit, text))[:16])
    return text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS - 1]}…"


async def read_columns(
    sandbox: Sandbox, path: str, filename: str, wishes: Wishes, heading_row: int | None = None
) -> tuple[SheetColumns, ...] | Kind:
    """The columns of a stored file, read in the sandbox, or why it cannot be read. Raises OSError: the file is gone."""
    outcome = await sandbox.run_async(
        "imports.column_reading:columns_in_child", path, filename, wishes, heading_row, job=Job()
    )
    return DIED[outcome.ending] if isinstance(outcome, Died) else outcome
