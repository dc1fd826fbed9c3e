"""Where the student list is in a sheet: its header, its titles, and which rows below are no students."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from imports.columns import IDENTIFYING, Column, Field, heading_key, is_heading_word, map_columns
from imports.findings import Kind
from imports.values import Cell, class_in_title, is_blank, read_date, read_sex

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


@dataclass(frozen=True, slots=True)
class Titles:
    """What the titles above a list say: each None where they do not."""

    school: str | None
    district: str | None
    class_name: str | None


Row = Sequence[Cell]


def _texts(row: Row) -> list[str]:
    return [cell for cell in row if isinstance(cell, str) and cell.strip()]


def _is_header_like(row: Row) -> bool:
    """True where a row reads as headings: no data in it and half of its words, two at least, known as headings."""
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
            known += is_heading_word(cell)
        elif not isinstance(cell, int | float) or not 0 < cell < 100:
            return False
    if words == 1:
        text = _texts(row)[0]
        return bool(re.search(r"\b(ayah|ibu|wali|orang ?tua)\b", heading_key(text))) and known == 1
    return known >= 2 and known * 2 >= words


def _joined(rows: Sequence[Row]) -> list[list[str]]:
    """The heading parts of each column, outermost first.

    A group heading is written once over its columns, so an empty cell takes the text to its left, but only where
    a row below has text: a heading merged downward has none.
    """
    width = max(map(len, rows))
    written = [
        [str(row[i]).strip() if i < len(row) and row[i] is not None else "" for i in range(width)] for row in rows
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


def find_table(rows: Sequence[Row], above: Sequence[str] = (), chosen: Mapping[str, Field] | None = None) -> Table | None:
    """The student list of a sheet, or None where the first 30 rows hold no header that names a person.

    Of all windows of one to three heading-like rows the one wins that yields the most fields of a person; among
    equals the first, and of it the deepest. `above` are texts that stood before the sheet's first row.
    """
    head = rows[: HEADER_WITHIN + HEADER_DEPTH]
    like = [_is_header_like(row) for row in head]
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
        titles=(*above, *(text for row in rows[:start] for text in _texts(row))),
    )


def _plain_nik_list(head: Sequence[Row], above: Sequence[str]) -> Table | None:
    """A list that has nothing but a column of NIKs under the word."""
    for start, row in enumerate(head[:HEADER_WITHIN]):
        texts = _texts(row)
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
            titles=(*above, *(text for title in head[:start] for text in _texts(title))),
        )
    return None


_SCHOOL = re.compile(
    r"\b(SMAN|SMAS|SMA|SMKN|SMKS|SMK|MAN|MAS|MAK|MA|SLBN|SLBS|SLB|SMLB|MADRASAH ALIYAH|SEKOLAH MENENGAH"
    r"|SEKOLAH LUAR BIASA)\b(?=[\s.]+\S)[^:;|]*",
    re.I,
)
_AFTER_SCHOOL = re.compile(
    r"\s*(?:[-–(,]\s*)?\b(KECAMATAN|KEC\.|KABUPATEN|KAB\.|TAHUN|TP\.?\s|T\.?A\.?\s|SEMESTER|KELAS\b|ALAMAT|NPSN).*$", re.I
)
_DISTRICT = re.compile(r"\b(?:KECAMATAN|KEC)\b[\s.:]*(?:KEC\b\.?\s*)?([^,;:|\d]+?)(?=$|[,;|]|\s+(?:KABUPATEN|KAB|KOTA|PROVINSI)\b)", re.I)
_NOT_A_SCHOOL = re.compile(r"\b(daftar|data|wali|kepala|tanggal|pengunduh|alamat)\b", re.I)


def titles_say(titles: Sequence[str]) -> Titles:
    """School, district and class as the titles above a list name them."""
    school = district = class_name = None
    for text in titles:
        for line in re.split(r"[\r\n]+", text):
            line = " ".join(line.split())
            if class_name is None and re.match(r"^(kelas|rombel|rombongan belajar|kls)\b", line, re.I):
                class_name = class_in_title(line)
            if district is None:
                found = _DISTRICT.search(line)
                district = found.group(1).strip(" .") if found else None
            if school is None:
                named = _SCHOOL.search(line)
                if named and (named.start() == 0 or _NOT_A_SCHOOL.search(line[: named.start()]) or ":" in line):
                    name = _AFTER_SCHOOL.sub("", named.group(0)).strip(" ,-–.")
                    school = name if len(name.split()) > 1 else None
    # A class may stand in two cells: "Kelas" and, beside it, "X-1".
    if class_name is None:
        for label, value in zip(titles, titles[1:], strict=False):
            if re.match(r"^\s*(kelas|rombel|kls)\s*:?\s*$", label, re.I):
                class_name = class_in_title(value.lstrip(" :"))
                break
    return Titles(school, district or None, class_name)


_WRONG_TITLES = (
    (Kind.WRONG_DOCUMENT_PD_KELUAR, re.compile(r"\b(peserta didik|siswa|pd|murid)\b.{0,20}\bkeluar\b|\bmutasi keluar\b")),
    (Kind.WRONG_DOCUMENT_TENDIK, re.compile(r"\b(daftar|data)\b.{0,25}\b(tenaga kependidikan|tendik|ptk)\b")),
    (Kind.WRONG_DOCUMENT_DAFTAR_GURU, re.compile(r"^(daftar|data)( nama)? guru\b")),
)


def wrong_document(table: Table | None, titles: Sequence[str], body: Sequence[Row]) -> Kind | None:
    """Which other document a sheet is, by its titles and headings; None where it may be a list of students.

    A list of staff read as students would be a breach of privacy, so the headings alone are enough to refuse it.
    """
    for text in titles:
        key = heading_key(text)
        for kind, pattern in _WRONG_TITLES:
            if pattern.search(key):
                return kind
    if table is None:
        return None
    fields = {column.field for column in table.columns}
    if Field.LEFT_SCHOOL in fields:
        return Kind.WRONG_DOCUMENT_PD_KELUAR
    if Field.STAFF in fields and not fields & {Field.NISN, Field.CLASS, Field.GRADE}:
        staff = table.columns_of(Field.STAFF)
        teaches = any(
            isinstance(cell, str) and cell.strip().casefold().startswith("guru")
            for row in body[:50]
            for cell in (row[column.index] for column in staff if column.index < len(row))
        )
        return Kind.WRONG_DOCUMENT_DAFTAR_GURU if teaches else Kind.WRONG_DOCUMENT_TENDIK
    identity = {Field.NIK, Field.NISN, Field.BIRTH_DATE, Field.PLACE_AND_DATE}
    if not fields & identity and any("daftar hadir" in heading_key(text) for text in titles):
        return Kind.WRONG_DOCUMENT
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
        signs = any(_SIGNATURE.search(heading_key(text)) or _PLACE_AND_DAY.match(text.strip()) for text in texts)
        if signs and not (has_name and identity):
            return Kind.SIGNATURE_BLOCK
        numbered = str(self._cell(row, Field.ROW_NUMBER) or "").strip().rstrip(".").removesuffix(".0").isdigit()
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
                found += bool(re.search(r"\d.*\d", cell)) and not _PLACE_AND_DAY.match(cell.strip()) or (
                    bool(_PLACE_AND_DAY.match(cell.strip())) and not is_blank(self._cell(row, Field.NAME))
                )
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
    return numbers[0] <= 2 and all(later - sooner == 1 for sooner, later in zip(numbers, numbers[1:], strict=False))


def title_class(row: Row) -> str | None:
    """The class that a title row inside the list names, in one cell or as a label and a value; None otherwise."""
    texts = _texts(row)
    if not texts:
        return None
    named = class_in_title(texts[0])
    if named is None and len(texts) > 1 and re.match(r"^\s*(kelas|rombel|kls)\s*:?\s*$", texts[0], re.I):
        named = class_in_title(texts[1].lstrip(" :"))
    return named
