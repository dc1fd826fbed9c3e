"""Rule: raw sheets become residents: the office's own lists, voter lists, and plain lists of NIKs.

Such a list has people of every age and from every school, so nothing of what makes a student's row doubtful is asked
here. What counts is whether a row can be matched: by its NIK, or by name and birth date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from imports.columns import Field
from imports.evidence import ListColumns, date_order_of, rounding_of, settle_date
from imports.findings import Kind
from imports.layout import Layout, Row, Table, find_table, layout_of, texts_of
from imports.rows import pick_rows
from imports.sheets import Cell, Progress, RawSheet
from imports.titles import wrong_document
from imports.values import as_typed, is_blank, read_recorded
from schools.nik import NIK_LENGTH, birth_in, fault_of

_OF_A_SCHOOL = (Layout.DAPODIK, Layout.EMIS)
TOLD_EVERY = 1000  # rows
MOSTLY = 0.5
"""Share of the filled rows below the first NIK that must be NIKs where a column has no heading."""
_MASKED = re.compile(rf"[0-9*xX•●#]{{{NIK_LENGTH}}}")
_HIDDEN_DIGIT = re.compile(r"[*xX•●#]")
_LONG_NUMBER = 8  # digits: fewer are a running number, a total or a date
_LEAST_SHOWN = 4  # digits: fewer tell nobody from another
_IN_TEXT = re.compile(r"(?<![0-9])[0-9]{16}(?![0-9])")
_BETWEEN = re.compile(r"[\s.\-/,_']+")


class Resident(NamedTuple):
    """A person of a list. `id` is the row of the table that keeps it (0 before), `row` the physical row of the file.

    `nik` is a sound NIK; `nik_shown` one of which some digits are masked by `*`. `is_recorded` is what the row itself
    says of the person's KTP-el; None where it says nothing.
    """

    id: int
    sheet: str | None
    row: int
    name: str
    birth_date: date | None
    nik: str | None
    nik_shown: str
    sex: str
    address: str
    district: str
    is_recorded: bool | None

    @property
    def can_be_matched(self) -> bool:
        """Whether there is anything by which a student could be found."""
        return self.nik is not None or bool(self.name and self.birth_date)


@dataclass(frozen=True, slots=True)
class ListRead:
    """A list as read: why nothing can be taken from it (`refused`), or its people.

    `is_rounded`: the NIKs went through Excel as numbers and were left aside.
    """

    refused: Kind | None
    residents: tuple[Resident, ...] = ()
    is_rounded: bool = False


def read_list(sheets: Sequence[RawSheet], as_of: date, tell: Progress) -> ListRead:
    """The residents of every visible sheet that holds a list. `tell` hears the stage, rows done and rows in all."""
    total = sum(len(sheet.rows) for sheet in sheets)
    found: list[Resident] = []
    wrong: Kind | None = None
    is_rounded = has_list = False
    done = 0
    tell("checking", 0, total)
    for sheet in sheets:
        if sheet.hidden:
            done += len(sheet.rows)
            continue
        table = find_table(sheet.rows, sheet.above)
        titles = (
            table.titles if table else (*sheet.above, *(t for row in sheet.rows[:6] for t in texts_of(row)))
        )
        other = wrong_document(
            table, (*titles, sheet.name or ""), sheet.rows[table.first_row :] if table else []
        )
        if other is None and table is not None and layout_of(table) in _OF_A_SCHOOL:
            other = Kind.WRONG_DOCUMENT_ROSTER
        if other is not None:
            wrong = wrong or other
        elif table is not None:
            has_list = True
            lost, people = _of_table(sheet, table, as_of)
            is_rounded = is_rounded or lost
            for person in people:
                found.append(person)
                if len(found) % TOLD_EVERY == 0:
                    tell("checking", done + person.row, total)
        else:
            found += _plain_numbers(sheet, as_of)
        done += len(sheet.rows)
    tell("checking", total, total)

    if any(resident.can_be_matched for resident in found):
        return ListRead(None, tuple(found), is_rounded)
    if is_rounded:
        return ListRead(Kind.NIK_COLUMN_ROUNDED)
    is_empty = all(is_blank(cell) for sheet in sheets for row in sheet.rows for cell in row)
    return ListRead(wrong or (Kind.NO_STUDENT_ROWS if has_list or is_empty else Kind.WRONG_DOCUMENT))


def _of_table(sheet: RawSheet, table: Table, as_of: date) -> tuple[bool, Iterator[Resident]]:
    picked = pick_rows(sheet.rows, table)
    columns = ListColumns([sheet.rows[index] for index in picked.persons], table, as_of)
    rounding = rounding_of(columns.niks)
    lost = rounding.all_lost or rounding.numbers_lost
    return lost, _people(sheet, picked.persons, columns, rounding.all_lost, rounding.numbers_lost)


def _people(
    sheet: RawSheet, persons: Sequence[int], columns: ListColumns, all_lost: bool, numbers_lost: bool
) -> Iterator[Resident]:
    year = columns.as_of.year
    order = date_order_of(columns.dates)
    for index, number, cell, name, dated, sex, address, village, district, recorded in zip(
        persons,
        columns.niks,
        columns.cells(Field.NIK),
        columns.names,
        columns.dates,
        columns.sexes,
        columns.addresses(),
        columns.values_of(Field.VILLAGE),
        columns.values_of(Field.DISTRICT),
        columns.values_of(Field.RECORDED),
        strict=True,
    ):
        is_lost = all_lost or (numbers_lost and number.was_number)
        nik = None if number.digits is None or is_lost else sound_nik(number.digits, year)
        shown = "" if nik or is_lost else masked_nik(cell)
        birth_date = dated.value if dated.order is None else settle_date(dated, order, None).value
        yield Resident(
            0,
            sheet.name,
            index + 1,
            name.value,
            birth_date or born_in(nik or shown, year),
            nik,
            shown,
            sex.value,
            ", ".join(part for part in (address, village) if part),
            district or "",
            read_recorded(recorded) if recorded else None,
        )


def _plain_numbers(sheet: RawSheet, as_of: date) -> Iterator[Resident]:
    """The NIKs of a sheet that has no heading at all: a column, or the lines of a text, where most are NIKs."""
    width = max((len(row) for row in sheet.rows), default=0)
    best: list[tuple[int, str]] = []
    column = 0
    for place in range(width):
        numbers = [
            (index + 1, number) for index, row in enumerate(sheet.rows) if (number := _nik_in(row, place))
        ]
        if len(numbers) > len(best):
            best, column = numbers, place
    if not best:
        return
    first = best[0][0]
    below = [row for row in sheet.rows[first - 1 :] if any(not is_blank(cell) for cell in row)]
    if len(best) < MOSTLY * len(below):
        return
    whole = dict(best)
    for place, row in enumerate(sheet.rows[first - 1 :], start=first):
        nik = sound_nik(whole[place], as_of.year) if place in whole else None
        if nik is not None or _is_long_number(row, column):
            born = born_in(nik, as_of.year) if nik else None
            yield Resident(0, sheet.name, place, "", born, nik, "", "", "", "", None)


def _is_long_number(row: Row, column: int) -> bool:
    """Whether a cell was meant for a NIK, whatever became of it: whoever it was counts as a row nobody can match."""
    cell: Cell = row[column] if column < len(row) else None
    return cell is not None and sum(map(str.isdigit, as_typed(cell))) >= _LONG_NUMBER


def _nik_in(row: Row, column: int) -> str | None:
    cell: Cell = row[column] if column < len(row) else None
    if is_blank(cell):
        return None
    text = as_typed(cell)
    bare = _BETWEEN.sub("", text)
    if len(bare) == NIK_LENGTH and bare.isascii() and bare.isdigit():
        return bare
    found = _IN_TEXT.search(text)
    return found.group() if found else None


def sound_nik(digits: str, year: int) -> str | None:
    """The digits where they can be a NIK, else None."""
    return digits if fault_of(digits, year) is None else None


def masked_nik(cell: Cell) -> str:
    """A NIK of which some digits are masked, with `*` for each of those; '' for anything else."""
    if not isinstance(cell, str):
        return ""
    text = _BETWEEN.sub("", cell)
    if not _MASKED.fullmatch(text):
        return ""
    shown = _HIDDEN_DIGIT.sub("*", text)
    digits = len(shown) - shown.count("*")
    return shown if _LEAST_SHOWN <= digits < NIK_LENGTH else ""


def born_in(nik: str, year: int) -> date | None:
    """The birth date in a NIK, whole or masked; None where its digits are hidden or are no date."""
    digits = nik[6:12]
    if len(digits) < 6 or not digits.isdigit():
        return None
    born = birth_in(digits, year)
    return born[0] if born else None
