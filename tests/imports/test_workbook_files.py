"""What a file is, is told by its content; what cannot or must not be read is refused by name."""

import io
import time
import zipfile
from pathlib import Path

import pytest
from tiny_rosters import HEAD, JOKO, RATNA, STUDENTS, changed, codes, read_bytes, workbook, xlsx

from imports import workbook as reader
from imports.findings import Action, Kind
from imports.workbook import read_workbook

ROSTERS = Path(__file__).parent.parent / "data" / "rosters"


def _csv(delimiter: str) -> str:
    return "\r\n".join(delimiter.join(map(str, row)) for row in [HEAD, *STUDENTS]) + "\r\n"


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_csv_is_read_with_any_delimiter_and_encoding(tmp_path: Path, delimiter: str, encoding: str) -> None:
    reading = read_bytes(tmp_path, _csv(delimiter).encode(encoding), "daftar.csv")
    assert [(row.sheet, row.row, codes(row)) for row in reading.rows] == [(None, n, []) for n in (2, 3, 4)]


def test_csv_with_a_sep_line_and_breaks_in_cells_counts_records(tmp_path: Path) -> None:
    text = (
        'sep=;\r\nNo;Nama;NIK\r\n1;"RATNA\nAYU";'
        + str(RATNA[2])
        + "\r\n2;JOKO WIBOWO;"
        + str(JOKO[2])
        + "\r\n"
    )
    rows = read_bytes(tmp_path, text.encode(), "daftar.csv").rows
    assert [(row.row, row.name) for row in rows] == [(3, "RATNA AYU"), (4, "JOKO WIBOWO")]


def test_bytes_that_mean_nothing_in_cp1252_do_not_stop_the_reading(tmp_path: Path) -> None:
    text = _csv(";").encode("cp1252").replace(b"SUKOHARJO", b"SUKO\x92HARJO\x81", 1)
    assert read_bytes(tmp_path, text, "daftar.csv").counts.persons == 3


def test_the_name_of_a_file_does_not_decide_what_it_is(tmp_path: Path) -> None:
    assert read_bytes(tmp_path, xlsx([HEAD, *STUDENTS]), "daftar.csv").counts.accepted == 3
    assert read_bytes(tmp_path, _csv(";").encode(), "daftar.xlsx").counts.accepted == 3


def test_hidden_rows_columns_and_sheets_are_noted(tmp_path: Path) -> None:
    book = workbook([HEAD, *STUDENTS])
    book.active.row_dimensions[3].hidden = True
    book.active.column_dimensions["F"].hidden = True
    old = book.create_sheet("LAMA")
    for row in (HEAD, JOKO):
        old.append(list(row))
    old.sheet_state = "hidden"
    file = io.BytesIO()
    book.save(file)

    reading = read_bytes(tmp_path, file.getvalue())

    seen, hidden = reading.sheets
    assert (seen.is_hidden, seen.hidden_rows, seen.hidden_columns) == (False, 1, 1)
    assert hidden.is_hidden
    assert [codes(row) for row in reading.rows] == [[], [], [], ["HIDDEN_SHEET"]]


def _html(body: str) -> bytes:
    return f"<html><body>{body}</body></html>".encode()


def _table(*rows: list[object]) -> str:
    return (
        "<table>" + "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in rows) + "</table>"
    )


def test_html_saved_as_xls_is_read_with_merged_headings(tmp_path: Path) -> None:
    head = "<tr><th rowspan=2>No</th><th rowspan=2>Nama</th><th rowspan=2>NIK</th><th colspan=2>Data Ayah</th></tr>"
    head += "<tr><th>Nama</th><th>NIK</th></tr>"
    row = f"<tr><td>1</td><td>RATNA<br>AYU</td><td>&nbsp;{RATNA[2]}</td><td>WAGIYO</td><td>3311041203759901</td></tr>"
    reading = read_bytes(tmp_path, _html(f"<table>{head}{row}</table>"), "daftar.xls")
    (found,) = reading.rows
    assert (found.sheet, found.row, found.nik, codes(found)) == ("table1", 3, RATNA[2], [])


def test_html_of_one_table_a_class_is_read_whole(tmp_path: Path) -> None:
    first, second = _table(HEAD, RATNA), _table(HEAD, JOKO)
    reading = read_bytes(tmp_path, _html(f"<h3>SMAN 1 WERU</h3>{first}<p>dan</p>{second}"), "daftar.xls")
    assert ([row.sheet for row in reading.rows], reading.school) == (["table1", "table2"], "SMAN 1 WERU")


def _spreadsheetml(rows: str) -> bytes:
    start = '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
    start += ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="A &amp; B"><Table>'
    return f"{start}{rows}</Table></Worksheet></Workbook>".encode()


def _xml_row(cells: list[object], kind: str = "String") -> str:
    return "<Row>" + "".join(f'<Cell><Data ss:Type="{kind}">{c}</Data></Cell>' for c in cells) + "</Row>"


def test_spreadsheetml_with_bare_signs_gaps_and_types_is_read(tmp_path: Path) -> None:
    rows = _xml_row(["No", "Nama", "NIK", "Tanggal Lahir"])
    rows += '<Row ss:Index="4"><Cell ss:Index="2"><Data ss:Type="String">SITI & <ABC> AYU</Data></Cell>'
    rows += f'<Cell><Data ss:Type="Number">{RATNA[2]}</Data></Cell>'
    rows += '<Cell><Data ss:Type="DateTime">2009-03-17T00:00:00.000</Data></Cell></Row>'
    reading = read_bytes(tmp_path, _spreadsheetml(rows), "daftar.xls")
    (found,) = reading.rows
    assert (found.sheet, found.row, found.name) == ("A & B", 4, "SITI & <ABC> AYU")
    assert [fix.value for fix in found.fixes] == ["numeric_nik", "date_cell"]


def _with_entry(data: bytes, name: str, content: bytes = b"x") -> bytes:
    file = io.BytesIO(data)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(name, content)
    return file.getvalue()


def _zip(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return file.getvalue()


ROSTER = xlsx([HEAD, *STUDENTS])
REFUSED = {
    "nothing at all": (b"", Kind.FILE_EMPTY),
    "only blanks": (b" \r\n\t\n", Kind.FILE_EMPTY),
    "an empty workbook": (xlsx([]), Kind.NO_STUDENT_ROWS),
    "a list without rows": (xlsx([HEAD]), Kind.NO_STUDENT_ROWS),
    "half of a workbook": (ROSTER[: len(ROSTER) // 2], Kind.FILE_CORRUPT),
    "a workbook with macros": (_with_entry(ROSTER, "xl/vbaProject.bin"), Kind.FILE_HAS_MACROS),
    "a Word document": (_zip("[Content_Types].xml", "word/document.xml"), Kind.FILE_UNSUPPORTED),
    "a zip": (_zip("foto.jpg"), Kind.FILE_UNSUPPORTED),
    "a PDF": (b"%PDF-1.7 ...", Kind.FILE_UNSUPPORTED),
    "a picture": (b"\x89PNG\r\n\x1a\n....", Kind.FILE_UNSUPPORTED),
    "a program": (b"\x7fELF\x02\x01\x01\x00....", Kind.FILE_UNSUPPORTED),
    "noise": (bytes(range(256)) * 20, Kind.FILE_UNSUPPORTED),
    "a letter": (b"Dengan hormat,\nbersama ini kami kirim.\n", Kind.WRONG_DOCUMENT),
    "half of an XML workbook": (_spreadsheetml(_xml_row(HEAD))[:-20], Kind.FILE_CORRUPT),
    "half of an HTML table": (b"<html><table><tr><td>No</td><td>Nama</td>", Kind.FILE_CORRUPT),
    "other XML": (b"<?xml version='1.0'?><note><to>x</to></note>", Kind.FILE_UNSUPPORTED),
    "too many parts": (_zip(*(f"xl/part{n}.xml" for n in range(201))), Kind.FILE_TOO_LARGE),
    "too many columns": (("a;" * 201).encode(), Kind.FILE_TOO_MANY_COLUMNS),
    "too many rows": (b"No;Nama;NIK\n" + b"1;A;2\n" * 50_000, Kind.FILE_TOO_MANY_ROWS),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_file_that_is_no_roster_is_refused_by_name(what: str, tmp_path: Path) -> None:
    data, kind = REFUSED[what]
    reading = read_bytes(tmp_path, data)
    assert (reading.action, reading.reasons, reading.rows) == (Action.REFUSE, (kind,), ())


def test_a_password_is_named() -> None:
    assert read_workbook((ROSTERS / "20_password_protected.xlsx").read_bytes()) is Kind.FILE_ENCRYPTED


def test_a_file_over_20_mib_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "besar.csv"
    with path.open("wb") as file:
        file.truncate(20 * 1024 * 1024 + 1)
    assert read_workbook(path.read_bytes()) is Kind.FILE_TOO_LARGE


def test_a_bomb_is_refused_by_its_declared_size_before_it_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("the parser saw it")

    monkeypatch.setattr(reader, "_read_with_calamine", never)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(121 * 1024 * 1024))
    assert read_workbook(file.getvalue()) is Kind.FILE_TOO_LARGE


@pytest.mark.parametrize("cut", range(100, 4000, 390))
def test_a_mangled_workbook_ends_in_a_value(tmp_path: Path, cut: int) -> None:
    mangled = ROSTER[:cut] + b"\x00\xff" * 8 + ROSTER[cut + 16 :]
    assert read_bytes(tmp_path, mangled).action in Action


def _with_sheet(sheet: bytes) -> bytes:
    """The roster with another first sheet."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(ROSTER)) as given,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for entry in given.infolist():
            content = sheet if entry.filename.endswith("sheet1.xml") else given.read(entry)
            made.writestr(entry.filename, content)
    return file.getvalue()


_SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
_BROAD = b'<row r="1"><c r="BN1"><v>1</v></c></row>'


@pytest.mark.parametrize("cell", [b"<v>1</v>", b'<is><t xml:space="preserve"> </t></is>'])
def test_a_value_forgotten_in_the_last_row_of_a_broad_list_is_called_too_many_rows(cell: bytes) -> None:
    # what the parser would lay out is a million rows of 66 columns: more than the child may have
    last = b'<row r="1048576"><c r="A1048576" t="inlineStr">%s</c></row>' % cell
    assert read_workbook(_with_sheet(_SHEET % (_BROAD + last))) is Kind.FILE_TOO_MANY_ROWS


def test_a_row_far_below_that_only_has_a_colour_is_no_row() -> None:
    last = b'<row r="1048576" s="4" customFormat="1"><c r="A1048576" s="4"/></row>'
    (sheet,) = read_workbook(_with_sheet(_SHEET % (_BROAD + last)))
    assert not isinstance(sheet, str) and len(sheet.rows) == 1


def test_more_sheets_than_a_file_can_have_parts_are_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(ROSTER)) as given, zipfile.ZipFile(file, "w") as made:
        for entry in given.infolist():
            content = given.read(entry)
            if entry.filename == "xl/workbook.xml":
                start, end = content.index(b"<sheet "), content.index(b"</sheets>")
                content = content[:start] + content[start:end] * 201 + content[end:]
            made.writestr(entry.filename, content)
    assert read_workbook(file.getvalue()) is Kind.FILE_TOO_LARGE


def test_a_hidden_row_among_tags_without_an_end_is_looked_for_in_no_time() -> None:
    began = time.process_time()
    read_workbook(_with_sheet(_SHEET % (b'<row r="1" hidden="1"/>' + b"<row " * 200_000)))
    assert time.process_time() - began < 2


def test_the_rest_of_a_text_that_no_list_has_is_left_behind(tmp_path: Path) -> None:
    long = changed(RATNA, nama="RATNA " * 5000)
    for data in (
        xlsx([HEAD, long, JOKO]),
        "\n".join(";".join(map(str, row)) for row in (HEAD, long, JOKO)).encode(),
    ):
        reading = read_bytes(tmp_path, data)
        assert [len(row.name or "") <= 500 for row in reading.rows] == [True, True]
        assert reading.rows[1].name == "JOKO WIBOWO"


def test_a_long_text_beside_a_number_is_shortened_too() -> None:
    (sheet,) = read_workbook(xlsx([[1, "A" * 30_000, 2.5], ["B", "C"]]))
    assert not isinstance(sheet, str)
    assert [len(str(cell)) for cell in sheet.rows[0]] == [3, 500, 3]


def test_a_web_archive_is_no_list() -> None:
    assert (
        read_workbook(b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n<table>")
        is Kind.FILE_UNSUPPORTED
    )
