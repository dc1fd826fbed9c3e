"""The columns of a file as a person is asked about them."""

from __future__ import annotations

from tiny_rosters import BUDI, RATNA, changed

from imports.column_reading import SheetColumns, columns_of
from imports.columns import Field
from imports.sheets import Cell, RawSheet
from imports.wishes import NOTHING_SAID


def asked(
    *rows: list[Cell], heading_row: int | None = None, hidden: bool = False
) -> tuple[SheetColumns, ...]:
    sheet = RawSheet("Siswa", [list(row) for row in rows], hidden=hidden)
    return columns_of([sheet], NOTHING_SAID, heading_row)


ODD: list[Cell] = ["Peserta", "Kode Warga", "Nomor Induk Negara", "Hari Jadi", "Gen", "Ruang"]
ODD_RATNA: list[Cell] = [RATNA[1], RATNA[2], RATNA[3], "17-03-2009", "P", "XII F-1"]
ODD_BUDI: list[Cell] = [BUDI[1], BUDI[2], BUDI[3], "03-08-2010", "L", "XI F-2"]


def test_what_no_heading_tells_is_proposed_by_what_the_cells_look_like() -> None:
    (sheet,) = asked(ODD, ODD_RATNA, ODD_BUDI, heading_row=1)
    assert not sheet.found
    assert [column.field for column in sheet.columns] == [
        Field.NAME,
        Field.NIK,
        Field.NISN,
        Field.BIRTH_DATE,
        Field.SEX,
        Field.CLASS,
    ]
    assert all(not column.sure for column in sheet.columns)


def test_without_a_row_of_headings_the_first_rows_are_shown_to_choose_from() -> None:
    (sheet,) = asked(["Laporan"], [], ODD, ODD_RATNA)
    assert (sheet.heading_row, sheet.columns) == (None, ())
    assert [number for number, _ in sheet.first_rows] == [1, 3, 4]


def test_a_whole_nik_is_not_shown() -> None:
    (sheet,) = asked(ODD, ODD_RATNA, heading_row=1)
    assert str(RATNA[2]) not in repr(sheet)


def test_columns_that_are_not_needed_are_not_asked_about() -> None:
    head: list[Cell] = ["No", "Nama", "NIK", "Tanggal Lahir", "Penghasilan Ayah", "Nama Ibu Kandung", "Kode"]
    (sheet,) = asked(head, [1, *RATNA[1:3], "2009-03-17", "GAJI-X", "IBU-X", "K-1"])
    assert [column.heading for column in sheet.columns] == ["Nama", "NIK", "Tanggal Lahir", "Kode"]
    assert "GAJI-X" not in repr(sheet)
    assert "IBU-X" not in repr(sheet)


def test_a_hidden_sheet_is_not_shown() -> None:
    assert asked(ODD, ODD_RATNA, hidden=True) == ()


def test_a_column_that_is_known_is_not_proposed_a_second_time() -> None:
    head: list[Cell] = ["Nama", "NIK", "Nomor Lain"]
    (sheet,) = asked(head, [RATNA[1], RATNA[2], changed(BUDI)[2]])
    assert [column.field for column in sheet.columns] == [Field.NAME, Field.NIK, Field.UNNEEDED]
