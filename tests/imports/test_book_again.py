"""A marked file sent again, files that are no .xlsx, and the child that marks them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from marked_books import (
    LIST_SHEET,
    ROSTERS,
    SHORT_NIK,
    assert_sound,
    fill_of,
    marked,
    opened,
    order_for_file,
    order_of_faults,
    reading_of,
    rich_book,
    saved,
    texts_in_list,
)
from tiny_rosters import BUDI, HEAD, RATNA, workbook

from imports.book_handlers import annotated_name
from imports.book_marks import Fault, order_of, order_text
from imports.book_styles import AMBER
from imports.book_words import IN_THE_FILE
from imports.findings import Kind, Severity
from imports.findings_book import LIST_NAME, marked_book, order_and_file
from imports.reading import roster_sandbox


def test_a_file_sent_again_shows_what_is_wrong_now(tmp_path: Path) -> None:
    data = saved(rich_book())
    first = opened(marked(data, tmp_path))
    sheet = first["Siswa"]
    sheet["C3"] = RATNA[2]
    sheet["E5"] = "?"
    sheet["H4"].comment.author = ""  # as LibreOffice saves it
    again = marked(saved(first), tmp_path)
    assert_sound(again)
    book = opened(again)
    assert book.sheetnames == [LIST_SHEET, "Siswa", "Rekap & nilai", "Nilai"]
    sheet = book["Siswa"]
    assert fill_of(book, "Siswa", "C3") == ""
    assert (sheet["C3"].number_format, sheet["C3"].font.italic) == ("@", True)
    assert sheet["C3"].comment.text == "Tanyakan orang tua"
    assert sheet["B5"].comment.text == "Pindahan dari Klaten"
    assert fill_of(book, "Siswa", "H4") == AMBER
    assert fill_of(book, "Siswa", "E5") == AMBER
    assert fill_of(book, "Siswa", "B4") == "FF99CCFF"
    assert sum(line[0] == "H4" for line in texts_in_list(book)) == 1
    assert not any(line[0] == "C3" for line in texts_in_list(book))
    assert book["Nilai"].print_title_rows == "$1:$1"
    assert list(book.defined_names) == [LIST_NAME]

    sheet["H4"], sheet["E5"] = "XI F-2", "L"
    clean = opened(marked(saved(book), tmp_path))
    assert clean["Siswa"]["H4"].comment is None
    assert fill_of(clean, "Siswa", "H4") == ""


def test_the_marked_file_is_read_as_the_same_students(tmp_path: Path) -> None:
    for name in ("02_dapodik_defects_420.xlsx", "11_manual_nik_numbers_rounded_140.xlsx"):
        data = (ROSTERS / name).read_bytes()
        before = reading_of(data, tmp_path)
        made = marked(data, tmp_path)
        assert_sound(made)
        after = reading_of(made, tmp_path)
        assert after.rows == before.rows
        assert (after.reasons, after.counts, after.layout) == (before.reasons, before.counts, before.layout)


@pytest.mark.parametrize(
    "name",
    [
        "03_dapodik_spreadsheetml_240.xls",
        "12_manual_biff_6.xls",
        "13_html_saved_as_xls_175.xls",
        "14_csv_semicolon_cp1252_230.csv",
        "16_manual_130.ods",
    ],
)
def test_a_file_that_is_no_xlsx_becomes_one_that_reads_the_same(name: str, tmp_path: Path) -> None:
    data = (ROSTERS / name).read_bytes()
    before = reading_of(data, tmp_path, name)
    row = next(row for row in before.rows if row.name)
    fault = Fault(row.sheet, row.row, row.name or "", None, None, None, "UNCLEAR", True)
    made = marked_book(data, order_of_faults(fault))
    assert_sound(made)
    book = opened(made)
    assert any("disalin" in str(line[0]) for line in texts_in_list(book))
    noted = [cell for sheet in book for cells in sheet.iter_rows() for cell in cells if cell.comment]
    assert [cell.value.strip() for cell in noted] == [row.name]
    after = reading_of(made, tmp_path)
    assert after.counts == before.counts
    for old, new in zip(before.rows, after.rows, strict=True):
        assert new[2:4] == old[2:4]
        assert new[5:-1] == old[5:-1]


def test_numbers_and_dates_of_a_converted_file_stay_what_they_are(tmp_path: Path) -> None:
    rows = b"nama;nik;nisn;tanggal lahir;jk;kelas\nDEWI;3311084501099001;0099000001;05-01-2009;P;X-1\n"
    sheet = opened(marked(rows, tmp_path, "a.csv"))["Data"]
    assert [cell.value for cell in sheet[2]][1:4] == ["3311084501099001", "0099000001", "05-01-2009"]
    book = opened(marked_book((ROSTERS / "16_manual_130.ods").read_bytes(), order_of_faults()))
    dates = [cell for row in book["Siswa"].iter_rows() for cell in row if isinstance(cell.value, datetime)]
    assert all(cell.number_format.replace("\\", "") == "yyyy-mm-dd" for cell in dates)


def test_names_of_sheets_that_excel_refuses_are_mended(tmp_path: Path) -> None:
    head = "<tr><th>Nama</th><th>NIK</th><th>Kelas</th></tr>"
    table = f"<table>{head}<tr><td>DEWI</td><td>33</td><td>X-1</td></tr></table>"
    made = marked(f"<html><body><h2>KELAS X-1</h2>{table}{table}</body></html>".encode(), tmp_path, "a.xls")
    assert_sound(made)
    assert opened(made)["table1"]["A1"].value == "KELAS X-1"
    assert opened(made)["table1"]["A3"].value == "DEWI"
    assert any(line[:3] == ["B3", "table1", 3] for line in texts_in_list(opened(made)))


def test_a_sheet_called_as_ours_stays(tmp_path: Path) -> None:
    data = saved(workbook([HEAD, SHORT_NIK, BUDI], "DAFTAR PERBAIKAN"))
    book = opened(marked_book(data, order_for_file(data, tmp_path)))
    assert book.sheetnames == ["Daftar perbaikan (2)", "DAFTAR PERBAIKAN"]


def test_the_order_travels_whole() -> None:
    order = order_of_faults(Fault("A", 2, "DEWI", "C", "NIK", "1", Kind.NIK_LENGTH.value, True, None, 7))
    assert order_of(order_text(order)) == order


def test_every_finding_of_a_row_says_what_to_do() -> None:
    severities = (Severity.REJECT, Severity.WARN)
    assert {kind.value for kind in Kind if kind.severity in severities} <= set(IN_THE_FILE)


def test_the_child_makes_what_the_process_makes(tmp_path: Path) -> None:
    data = (ROSTERS / "02_dapodik_defects_420.xlsx").read_bytes()
    order = order_for_file(data, tmp_path)
    path = tmp_path / "x.upload"
    path.write_bytes(order_and_file(order_text(order), data))
    with roster_sandbox() as sandbox:
        assert sandbox.run("imports.findings_book:marked_in_child", path) == marked_book(data, order)
        path.write_bytes(order_and_file(order_text(order), b"PK\x03\x04 no workbook"))
        assert sandbox.run("imports.findings_book:marked_in_child", path).detail == "NotReadable"


@pytest.mark.parametrize(
    ("sent", "named"),
    [
        ("Daftar Siswa.XLSX", "perbaikan-Daftar Siswa.xlsx"),
        ("C:\\data\\siswa.v2.xls", "perbaikan-siswa.v2.xlsx"),
        ("../../etc/passwd", "perbaikan-passwd.xlsx"),
        ('a"\r\nb<>.csv', "perbaikan-ab.xlsx"),
        ("", "perbaikan-data-siswa.xlsx"),
        (".xlsx", "perbaikan-xlsx.xlsx"),
    ],
)
def test_the_marked_file_is_named_after_the_schools_own(sent: str, named: str) -> None:
    assert annotated_name(sent) == named


def test_an_order_of_another_sheet_marks_nothing_and_is_listed() -> None:
    order = order_of_faults(Fault("Hilang", 2, "DEWI", "C", "NIK", "1", Kind.NIK_LENGTH.value, True))
    book = opened(marked_book(saved(workbook([HEAD, RATNA])), replace(order)))
    assert any(line[1] == "Hilang" for line in texts_in_list(book))
