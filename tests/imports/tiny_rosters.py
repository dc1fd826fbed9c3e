"""Small rosters made on the spot: a header and a few invented students, as raw sheets or as files."""

import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import openpyxl

from imports.reading import Reading, judge_sheets, read_roster
from imports.roster import RosterRow
from imports.sheets import Cell, RawSheet

AS_OF = date(2026, 11, 22)
HEAD: list[Cell] = ["No", "Nama", "NIK", "NISN", "JK", "Tempat Lahir", "Tanggal Lahir", "Kelas"]
RATNA: list[Cell] = [
    1,
    "RATNA AYU",
    "3311045703099901",
    "0099000001",
    "P",
    "SUKOHARJO",
    "2009-03-17",
    "XII F-1",
]
BUDI: list[Cell] = [
    2,
    "BUDI SANTOSO",
    "3311040308109902",
    "0109000002",
    "L",
    "KLATEN",
    "2010-08-03",
    "XI F-2",
]
JOKO: list[Cell] = [
    3,
    "JOKO WIBOWO",
    "3311042512089903",
    "0089000003",
    "L",
    "SUKOHARJO",
    "2008-12-25",
    "XII F-1",
]
STUDENTS = [RATNA, BUDI, JOKO]


def judged(*rows: Sequence[Cell], name: str | None = "Sheet1", typed: bool = True) -> Reading:
    """The reading of one raw sheet."""
    return judge_sheets((RawSheet(name, [list(row) for row in rows], typed),), AS_OF)


def changed(row: Sequence[Cell], **cells: Cell) -> list[Cell]:
    """The student with some cells replaced, by the heading's first word: nik, nisn, jk, nama, tanggal, kelas."""
    places = {"no": 0, "nama": 1, "nik": 2, "nisn": 3, "jk": 4, "tempat": 5, "tanggal": 6, "kelas": 7}
    copy = list(row)
    for name, cell in cells.items():
        copy[places[name]] = cell
    return copy


def one(**cells: Cell) -> RosterRow:
    """Ratna's row as judged after some of its cells are replaced; Budi and Joko stand below her."""
    return judged(HEAD, changed(RATNA, **cells), BUDI, JOKO).rows[0]


def codes(row: RosterRow) -> list[str]:
    """The reasons of a row by their codes."""
    return [kind.value for kind in row.reasons]


def mended(row: RosterRow) -> list[str]:
    """The fixes of a row by their codes."""
    return [fix.value for fix in row.fixes]


def workbook(rows: Sequence[Sequence[Cell]], title: str = "Sheet1") -> "openpyxl.Workbook":
    """A workbook of one sheet."""
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(list(row))
    return book


def xlsx(rows: Sequence[Sequence[Cell]], title: str = "Sheet1") -> bytes:
    """The bytes of a workbook of one sheet."""
    file = io.BytesIO()
    workbook(rows, title).save(file)
    return file.getvalue()


def read_bytes(folder: Path, data: bytes, name: str = "daftar.xlsx") -> Reading:
    """The reading of a file with these bytes."""
    path = folder / name
    path.write_bytes(data)
    return read_roster(path, name, AS_OF)
