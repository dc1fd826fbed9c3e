"""A school's own file comes back marked, and with everything else in it as it was."""

from __future__ import annotations

import io
import re
from pathlib import Path

import openpyxl
import pytest
from lxml import etree
from marked_books import (
    LIST_SHEET,
    NO_CLASS,
    SHEET,
    SHORT_NIK,
    assert_sound,
    fill_of,
    marked,
    opened,
    order_of_faults,
    parts_of,
    rich_book,
    saved,
    sheet_with,
    texts_in_list,
    with_parts,
)
from openpyxl.drawing.image import Image
from PIL import Image as Picture
from python_calamine import CalamineWorkbook
from tiny_rosters import BUDI, HEAD, JOKO, RATNA, workbook

from common.sandbox import Died
from imports.book_marks import Fault, order_text
from imports.book_package import OddPackage, Package
from imports.book_styles import AMBER, RED
from imports.findings import Kind
from imports.findings_book import marked_book, order_and_file
from imports.reading import roster_sandbox
from imports.sheets import Cell


def test_a_bad_cell_is_red_a_doubtful_one_amber_and_both_say_why(tmp_path: Path) -> None:
    data = saved(workbook([HEAD, SHORT_NIK, NO_CLASS, JOKO], "Siswa"))
    made = marked(data, tmp_path)
    book = opened(made)
    assert book.sheetnames == [LIST_SHEET, "Siswa"]
    assert fill_of(book, "Siswa", "C2") == RED
    assert fill_of(book, "Siswa", "H3") == AMBER
    assert fill_of(book, "Siswa", "C4") == ""
    note = book["Siswa"]["C2"].comment
    assert "Harus diperbaiki" in note.text
    assert "NIK tidak terdiri atas 16 angka." in note.text
    assert "Salin NIK" in note.text
    assert "Perlu diperiksa" in book["Siswa"]["H3"].comment.text
    assert_sound(made)


def test_the_first_sheet_lists_everything_with_a_link_to_its_cell(tmp_path: Path) -> None:
    data = saved(workbook([HEAD, SHORT_NIK, NO_CLASS, JOKO], "Siswa d'A"))
    book = opened(marked(data, tmp_path))
    sheet = book[LIST_SHEET]
    lines = texts_in_list(book)
    assert "Daftar perbaikan untuk SMAN 1 SUKOHARJO" in str(lines[0][0])
    assert "RAHASIA" in str(lines[1][0])
    assert "1 baris harus diperbaiki, 1 baris lain perlu diperiksa." in str(lines[2][0])
    head = next(number for number, line in enumerate(lines) if line[0] == "Sel")
    first, second = lines[head + 1], lines[head + 2]
    assert first[:7] == ["C2", "Siswa d'A", 2, "RATNA AYU", "NIK", "331104570309", "Harus diperbaiki"]
    assert second[:7] == ["H3", "Siswa d'A", 3, "BUDI SANTOSO", "Kelas", "(kosong)", "Perlu diperiksa"]
    assert first[7] == "NIK tidak terdiri atas 16 angka."
    assert all(line[8] for line in (first, second))
    assert sheet.cell(head + 2, 1).hyperlink.location == "'Siswa d''A'!C2"
    assert book.active.title == LIST_SHEET


@pytest.mark.parametrize("rows", [[HEAD, SHORT_NIK], [HEAD, RATNA]])
def test_only_the_list_is_open_in_front(rows: list[list[Cell]], tmp_path: Path) -> None:
    book = workbook(rows)
    book.active.sheet_view.tabSelected = True
    views = [sheet.sheet_view.tabSelected for sheet in opened(marked(saved(book), tmp_path))]
    assert views == [True, None], "with two sheets selected an edit would go into both"


def test_a_clean_file_says_that_nothing_has_to_be_mended(tmp_path: Path) -> None:
    data = saved(workbook([HEAD, RATNA, BUDI, JOKO]))
    made = marked(data, tmp_path)
    assert any("Tidak ada yang perlu diperbaiki" in str(line[0]) for line in texts_in_list(opened(made)))
    old, new = parts_of(data), parts_of(made)
    sheet = "xl/worksheets/sheet1.xml"
    assert new[sheet] == old[sheet].replace(b' tabSelected="1"', b"")


def test_everything_else_stays_byte_for_byte(tmp_path: Path) -> None:
    data = saved(rich_book())
    made = marked(data, tmp_path)
    assert_sound(made)
    old, new = parts_of(data), parts_of(made)
    changed_parts = {name for name in old if old[name] != new.get(name)}
    assert changed_parts <= {
        "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml",
        "xl/worksheets/sheet1.xml", "xl/worksheets/sheet3.xml",  # marked; no longer the open one
        "xl/comments/comment1.xml", "xl/drawings/commentsDrawing1.vml",
    }  # fmt: skip
    assert {"xl/media/image1.png", "xl/charts/chart1.xml", "xl/drawings/drawing1.xml"} <= set(
        old
    ) - changed_parts
    assert new["xl/worksheets/sheet3.xml"] == old["xl/worksheets/sheet3.xml"].replace(
        b' tabSelected="1"', b""
    )

    sheet = "xl/worksheets/sheet1.xml"
    restyled = re.sub(rb'(<c r="(?:C3|H4)"[^>]*?)(?: s="\d+")?( t="\w+")?(/?>)', rb"\1\2\3", new[sheet])
    before = re.sub(rb'(<c r="(?:C3|H4)"[^>]*?)(?: s="\d+")?( t="\w+")?(/?>)', rb"\1\2\3", old[sheet])
    assert restyled == before.replace(b' tabSelected="1"', b"")
    book = opened(made)
    kept = book["Siswa"]["C3"]
    assert (kept.number_format, kept.font.italic, kept.font.color.rgb) == ("@", True, "FF00AA00")
    assert fill_of(book, "Siswa", "C3") == RED
    assert fill_of(book, "Siswa", "B4") == "FF99CCFF"


def test_names_of_one_sheet_stay_with_their_sheet(tmp_path: Path) -> None:
    book = opened(marked(saved(rich_book()), tmp_path))
    assert book["Siswa"].print_title_rows == "$2:$2"
    assert book["Nilai"].print_title_rows == "$1:$1"
    assert book["Nilai"].defined_names["nilai"].attr_text == "Nilai!$B$2"
    assert book["Rekap & nilai"].sheet_state == "hidden"
    assert book["Siswa"].auto_filter.ref == "A2:H5"
    assert not book[LIST_SHEET].defined_names.get("nilai")


def test_notes_of_the_school_are_kept_and_ours_joined_to_them(tmp_path: Path) -> None:
    made = marked(saved(rich_book()), tmp_path)
    sheet = opened(made)["Siswa"]
    assert sheet["B5"].comment.text == "Pindahan dari Klaten"
    assert sheet["B5"].comment.author == sheet["C3"].comment.author == "Wali kelas"
    assert sheet["C3"].comment.text.startswith("Tanyakan orang tua")
    assert "NIK tidak terdiri atas 16 angka." in sheet["C3"].comment.text
    assert sheet["H4"].comment.text.startswith("Daftar perbaikan:")
    shapes = next(content for name, content in parts_of(made).items() if name.endswith(".vml"))
    assert shapes.count(b'ObjectType="Note"') == 3
    numbers = re.findall(rb'<v:shape [^>]*id="([^"]+)"|<v:shape id="([^"]+)"', shapes)
    assert len(numbers) == len(set(numbers))
    etree.fromstring(shapes)


def test_a_sheet_without_notes_gets_its_door_to_them_in_the_right_place(tmp_path: Path) -> None:
    book = workbook([HEAD, SHORT_NIK, BUDI])
    picture = io.BytesIO()
    Picture.new("RGB", (8, 8)).save(picture, "PNG")
    book.active.add_image(Image(picture), "L2")
    book.active.add_table(openpyxl.worksheet.table.Table(displayName="Siswa", ref="A1:H3"))
    made = marked(saved(book), tmp_path)
    assert_sound(made)
    xml = parts_of(made)["xl/worksheets/sheet1.xml"]
    assert xml.index(b"<drawing ") < xml.index(b"<legacyDrawing ") < xml.index(b"<tableParts")


def test_what_was_typed_is_never_a_formula(tmp_path: Path) -> None:
    name, nik = '=HYPERLINK("http://x.invalid","klik")', "=1+1"
    fault = Fault("Sheet1", 2, name, "C", "@SUM(A1)", nik, Kind.NIK_LENGTH.value, True)
    data = saved(workbook([HEAD, RATNA]))
    made = marked_book(data, order_of_faults(fault))
    cells = [cell for row in opened(made)[LIST_SHEET].iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n"}
    assert [cell.value for cell in cells if str(cell.value).startswith("=")] == [name, nik]
    assert b"<f" not in parts_of(made)["xl/worksheets/sheet2.xml"]
    assert all(cell.style and cell.quotePrefix for cell in cells if str(cell.value).startswith(("=", "@")))

    rows = f"nama;nik;tanggal lahir;jk;kelas\n{name};{nik};2009-03-17;P;=cmd|' /C calc'!A0\n".encode()
    made = marked(rows, tmp_path, "daftar.csv")
    assert all(b"<f" not in content for part, content in parts_of(made).items() if "worksheets" in part)
    assert opened(made)["Data"]["A2"].value == name


def test_signs_that_xml_or_excel_would_read_otherwise_stay_what_was_typed() -> None:
    typed = "A_x0041_ <b>&\"'\x00\x0b"
    fault = Fault("Sheet1", 2, typed, "C", "NIK", typed, Kind.NIK_LENGTH.value, True)
    made = marked_book(saved(workbook([HEAD, RATNA])), order_of_faults(fault))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(made)).get_sheet_by_index(0).to_python()
    assert any("<b>&\"'" in str(cell) for row in rows for cell in row)
    assert b"_x005F_x0041_" in parts_of(made)["xl/worksheets/sheet2.xml"]
    assert_sound(made)


def test_what_is_of_the_whole_row_marks_the_name() -> None:
    faults = [Fault("Sheet1", 3, "RATNA AYU", None, None, None, "SAME_NIK", True)]
    book = opened(marked_book(saved(workbook([["Judul"], HEAD, RATNA])), order_of_faults(*faults)))
    assert fill_of(book, "Sheet1", "B3") == RED
    assert "NIK yang sama" in book["Sheet1"]["B3"].comment.text
    no_head = saved(workbook([[None, None, "a"], [None, "b"]]))
    book = opened(marked_book(no_head, order_of_faults(faults[0]._replace(row=1))))
    assert fill_of(book, "Sheet1", "C1") == RED


def test_several_faults_of_one_cell_are_one_note_and_the_gravest_colour() -> None:
    faults = (
        Fault("Sheet1", 2, "R", "C", "NIK", "1", Kind.NIK_SEX_MISMATCH.value, False),
        Fault("Sheet1", 2, "R", "C", "NIK", "1", Kind.DUPLICATE_ROW.value, True, "Sheet1", 9),
    )
    book = opened(marked_book(saved(workbook([HEAD, RATNA])), order_of_faults(*faults)))
    note = book["Sheet1"]["C2"].comment.text
    assert fill_of(book, "Sheet1", "C2") == RED
    assert "jenis kelamin" in note
    assert "Lihat baris 9." in note


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(sheet_with(b'<row r="2"><c r="A2"><v>1</v></c><c r="C2" t="n"><v>5</v></c></row>'), id="plain"),
        pytest.param(sheet_with(b"<row/><row><c/><c/><c><v>5</v></c></row>"), id="without places"),
        pytest.param(sheet_with(b'<row r="2" spans="1:1"><c r="A2"><v>1</v></c><c r="E2"/></row>'), id="no such cell"),
        pytest.param(sheet_with(b'<row r="2" spans="1:1"/><row r="3"><c r="A3"/></row>'), id="empty row"),
        pytest.param(sheet_with(b"<x:row r='2'><x:c r='C2' s='0'><x:v>5</x:v></x:c></x:row>", p=b"x:"), id="prefix"),
        pytest.param(
            sheet_with(b'<!--<row r="2"><c r="C2"/></row>--><row r="2"><c r="B2" t="inlineStr"><is><t>'
                       b'<![CDATA[<c r="C2">]]></t></is></c><c r="C2"/></row>'), id="comment and CDATA"),
        pytest.param(
            sheet_with(b'<row r="2"><c r="A2" t="inlineStr"><is><t>r="C2"</t></is></c><c r="C2"/></row>'),
            id="text that looks so"),
    ],
)  # fmt: skip
def test_a_cell_is_found_however_the_sheet_is_written(data: bytes) -> None:
    fault = Fault("Sheet1", 2, "R", "C", "NIK", "1", Kind.NIK_LENGTH.value, True)
    made = marked_book(data, order_of_faults(fault))
    book = opened(made)
    assert fill_of(book, "Sheet1", "C2") == RED
    assert [cell.coordinate for row in book["Sheet1"].iter_rows() for cell in row if cell.comment] == ["C2"]
    assert sum(fill_of(book, "Sheet1", f"{column}2") == RED for column in "ABCDE") == 1
    assert_sound(made)
    assert "disalin" not in str(texts_in_list(book)), "it was marked in its own zip"
    assert b'spans="1:1"><c r="A2"><v>1</v></c><c r="C2"' not in parts_of(made)[SHEET], "that is wider now"


def test_a_new_cell_looks_like_its_row_or_column() -> None:
    book = workbook([["x", "y"], ["a"]])
    book.active["A1"].number_format = "0.00"
    style = b'style="1"'
    data = with_parts(
        saved(book),
        lambda name, content: (
            content.replace(
                b"<sheetData>", b'<cols><col min="3" max="3" width="9" ' + style + b"/></cols><sheetData>"
            )
            if name == SHEET
            else content
        ),
    )
    fault = Fault("Sheet1", 2, "R", "C", "NIK", "", Kind.NIK_MISSING.value, False)
    cell = opened(marked_book(data, order_of_faults(fault)))["Sheet1"]["C2"]
    assert cell.number_format == "0.00"


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    b'<!ENTITY %c "%b">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
) + b"]>"  # fmt: skip


@pytest.mark.parametrize("part", ["xl/styles.xml", "xl/workbook.xml", SHEET, "xl/_rels/workbook.xml.rels"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_part_with_entities_is_not_looked_into(part: str, encoding: str, tmp_path: Path) -> None:
    def change(name: str, content: bytes) -> bytes:
        if name != part:
            return content
        body = re.sub(rb"<\?xml[^>]*\?>\s*", b"", content)
        body = re.sub(rb"(<\w+ )", rb'\1bomb="&j;" ', body, count=1)
        return (BOMB + body).decode().encode(encoding)

    data = with_parts(saved(workbook([HEAD, SHORT_NIK, BUDI])), change)
    fault = Fault("Sheet1", 2, "R", "C", "NIK", "1", Kind.NIK_LENGTH.value, True)
    order = order_of_faults(fault)
    path = tmp_path / "bom.upload"
    path.write_bytes(order_and_file(order_text(order), data))
    with roster_sandbox() as sandbox:
        made = sandbox.run("imports.findings_book:marked_in_child", path)
    if isinstance(made, Died):
        assert made.detail in ("NotReadable", "MemoryError"), "what the reader refuses is refused here too"
        return
    assert len(made) < 100_000
    assert b"aaaaaaaaaa" not in b"".join(parts_of(made).values())
    assert "disalin" in str(texts_in_list(opened(made))), "written anew from what was read"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("entity", ['"halo"', 'SYSTEM "file:hostname"'])
def test_not_even_one_entity_is_taken(entity: str, encoding: str) -> None:
    def change(name: str, content: bytes) -> bytes:
        if name != "xl/styles.xml":
            return content
        body = re.sub(r"<\?xml[^>]*\?>\s*", "", content.decode()).replace(
            "<styleSheet ", '<styleSheet a="&e;" '
        )
        return f"<!DOCTYPE styleSheet [<!ENTITY e {entity}>]>{body}".encode(encoding)

    data = with_parts(saved(workbook([HEAD, SHORT_NIK, BUDI])), change)
    with pytest.raises(OddPackage, match="DOCTYPE"):
        Package(data).tree("xl/styles.xml")
