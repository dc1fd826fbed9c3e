"""Which rows below a header are students, and what the others are: titles, totals, headers again, signatures."""

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from imports.columns import Field, heading_key, is_heading_word
from imports.dates import read_date
from imports.findings import Kind
from imports.layout import Row, Table, texts_of
from imports.sheets import Cell
from imports.values import class_in_title, is_blank, read_sex

_TOTAL = re.compile(
    r"^(sub ?)?(jumlah|total|jml|rekap(itulasi)?|laki ?2?( laki)?|perempuan|putra|putri|pria|wanita|l|p|lk|pr)"
    r"( (siswa|murid|peserta didik|seluruhnya|total|kelas|l|p|laki laki|perempuan|keseluruhan|semua|putra|putri))*"
    r"( ?\d+)?( (orang|siswa|anak))?$"
)
_SIGNATURE = re.compile(
    r"\b(mengetahui|menyetujui|kepala (sekolah|madrasah|tata usaha)|wali kelas|nip|nuptk|tata usaha|operator|petugas"
    r"|tertanda|ttd|hormat)\b"
)
_PLACE_AND_DAY = re.compile(r"^[A-Za-z .]+, *(tanggal)?[\d. …_]*\s*[A-Za-z]+\s*(\d{4}|20[.…_]*)$")
_NIK_LIKE = re.compile(r"^\W*\d[\d\s.\-/]{10,}\d\W*$")


class RowJudge:
    """Tells the rows of one table that are no students, and why; knows only the table's headings."""

    def __init__(self, table: Table) -> None:
        """Keep what every row is compared with."""
        self._headings = table.headings
        self._fields = {column.field: column.index for column in table.columns}
        dated = self._fields.get(Field.BIRTH_DATE, self._fields.get(Field.PLACE_AND_DATE))
        self._dated = dated

    def _cell(self, row: Row, field: Field) -> Cell:
        index = self._fields.get(field)
        return row[index] if index is not None and index < len(row) else None

    def skip_kind(self, row: Row, is_tail: bool) -> Kind | None:
        """Why a row that is not blank is no student, or None where it is one.

        `is_tail` is True where no plain student follows: a lone name there is the headmaster's, in the middle of
        the list it is a student with nothing else filled in.
        """
        filled = [(i, cell) for i, cell in enumerate(row) if not is_blank(cell)]
        if not filled:
            return Kind.SIGNATURE_BLOCK
        if self._is_header_again(filled):
            return Kind.REPEATED_HEADER
        if _numbers_columns([cell for _, cell in filled]):
            return Kind.COLUMN_NUMBER_ROW
        texts = [cell for _, cell in filled if isinstance(cell, str)]
        if len(filled) <= 4 and texts and _TOTAL.match(heading_key(texts[0])) and not self._identity(row):
            return Kind.TOTAL_ROW
        identity = self._identity(row)
        if len(filled) <= 3 and not identity and title_class(row):
            return Kind.CLASS_TITLE_ROW
        has_name = not is_blank(self._cell(row, Field.NAME))
        signs = any(
            _SIGNATURE.search(heading_key(text)) or _PLACE_AND_DAY.match(text.strip()) for text in texts
        )
        if signs and not (has_name and identity):
            return Kind.SIGNATURE_BLOCK
        numbered = (
            str(self._cell(row, Field.ROW_NUMBER) or "").strip().rstrip(".").removesuffix(".0").isdigit()
        )
        if identity >= 2 or (has_name and (identity or numbered)):
            return None
        if identity and (numbered or not is_tail):
            return None
        if has_name and not is_tail:
            return None
        if has_name and not is_blank(self._cell(row, Field.CLASS)):
            return None
        return Kind.SIGNATURE_BLOCK

    def _identity(self, row: Row) -> int:
        """How many cells of the row look like a person's NIK, NISN, birth date or sex."""
        found = 0
        for field in (Field.NIK, Field.NISN):
            cell = self._cell(row, field)
            if isinstance(cell, str):
                found += bool(_NIK_LIKE.match(cell)) or bool(re.search(r"\d{7,}|\d[.,]\d+E\+", cell))
            elif isinstance(cell, int | float):
                found += cell >= 1_000_000
        cell = self._cell(row, Field.SEX)
        found += isinstance(cell, str) and bool(read_sex(cell).value)
        if self._dated is not None and self._dated < len(row):
            cell = row[self._dated]
            if isinstance(cell, str):
                # "Sukoharjo, 12 Juli 2026" is a birth only beside a name; else it is where somebody signs.
                signed = _PLACE_AND_DAY.match(cell.strip()) and is_blank(self._cell(row, Field.NAME))
                found += bool(re.search(r"\d.*\d", cell)) and not signed
            elif not is_blank(cell) and isinstance(cell, int | float):
                found += cell > 10_000
            elif not is_blank(cell):
                found += read_date(cell, _FAR).value is not None
        return found

    def _is_header_again(self, filled: Sequence[tuple[int, Cell]]) -> bool:
        same = sum(
            isinstance(cell, str) and i < len(self._headings) and heading_key(cell) == self._headings[i] != ""
            for i, cell in filled
        )
        if same >= 2 and same * 2 >= len(filled):
            return True
        return len(filled) >= 3 and all(isinstance(cell, str) and is_heading_word(cell) for _, cell in filled)


_FAR = date.max


def _numbers_columns(cells: Sequence[Cell]) -> bool:
    """True where the cells only count the columns: 1, 2, 3 ... or (1), (2), (3)."""
    if len(cells) < 3:
        return False
    numbers: list[int] = []
    for cell in cells:
        if isinstance(cell, bool):
            return False
        if isinstance(cell, int | float):
            if cell != int(cell):
                return False
            numbers.append(int(cell))
            continue
        found = re.fullmatch(r"[\s(\[]*(\d{1,3})[\s)\].]*", cell) if isinstance(cell, str) else None
        if found is None:
            return False
        numbers.append(int(found[1]))
    return numbers[0] <= 2 and all(later - sooner == 1 for sooner, later in pairwise(numbers))


def title_class(row: Row) -> str | None:
    """The class that a title row inside the list names, in one cell or as a label and a value; None otherwise."""
    texts = texts_of(row)
    if not texts:
        return None
    named = class_in_title(texts[0])
    if named is None and len(texts) > 1 and re.match(r"^\s*(kelas|rombel|kls)\s*:?\s*$", texts[0], re.I):
        named = class_in_title(texts[1].lstrip(" :"))
    return named


class PickedRows(NamedTuple):
    """The rows of a table told apart: persons with their row index and the class of the title above them."""

    persons: list[int]
    classes: list[str | None]
    skipped: list[tuple[int, Kind]]


def pick_rows(rows: Sequence[Row], table: Table) -> PickedRows:
    """Tell the persons of a table from titles, totals, repeated headers and signatures; blank rows are neither."""
    judge = RowJudge(table)
    named = table.column(Field.NAME)
    keys = [
        c.index for c in (table.column(f) for f in (Field.NIK, Field.NISN, Field.BIRTH_DATE)) if c is not None
    ]
    first = table.first_row
    plain = [_is_plain(row, named.index if named else None, keys) for row in rows[first:]]
    last_plain = first + max((i for i, is_person in enumerate(plain) if is_person), default=len(rows))
    picked = PickedRows([], [], [])
    class_name: str | None = None
    for index in range(first, len(rows)):
        row = rows[index]
        if plain[index - first]:
            picked.persons.append(index)
            picked.classes.append(class_name)
            continue
        if all(cell is None or cell == "" or (isinstance(cell, str) and not cell.strip()) for cell in row):
            continue
        kind = judge.skip_kind(row, is_tail=index > last_plain)
        if kind is None:
            picked.persons.append(index)
            picked.classes.append(class_name)
            continue
        if kind is Kind.CLASS_TITLE_ROW:
            class_name = title_class(row)
        picked.skipped.append((index, kind))
    return picked


def _is_plain(row: Row, named: int | None, keys: Sequence[int]) -> bool:
    """True for the ordinary row, which needs no further look: a name, and a date or a number as long as a NISN."""
    width = len(row)
    if named is None or named >= width or not row[named]:
        return False
    for key in keys:
        if key >= width:
            continue
        cell = row[key]
        if isinstance(cell, str):
            if len(cell) >= 10 and (cell.isdigit() or sum(map(str.isdigit, cell)) >= 8):
                return True
        elif isinstance(cell, float | int):
            if cell > 1_000_000:
                return True
        elif isinstance(cell, date):
            return True
    return False
