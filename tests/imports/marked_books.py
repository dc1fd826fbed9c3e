"""Workbooks to be marked, marked, and looked into; what strict programs ask of them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import openpyxl
from lxml import etree
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from PIL import Image as Picture
from python_calamine import CalamineWorkbook
from tiny_rosters import AS_OF, BUDI, HEAD, JOKO, RATNA, changed, workbook

from imports.book_handlers import order_for
from imports.book_marks import BookOrder, Fault, faults_of
from imports.book_queries import BookToMark
from imports.findings_book import marked_book
from imports.fixes import new_fixes
from imports.plan import make_plan
from imports.queries import UploadCard
from imports.reading import Reading, read_roster

ROSTERS = Path(__file__).resolve().parents[1] / "data" / "rosters"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LIST_SHEET = "Daftar perbaikan"
SHORT_NIK = changed(RATNA, nik="331104570309")
NO_CLASS = changed(BUDI, kelas="")
# the children of a worksheet in the order of ECMA-376 part 1, CT_Worksheet
CHILDREN = """sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges
    scenarios
    autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting dataValidations
    hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks customProperties cellWatches
    ignoredErrors smartTags drawing legacyDrawing legacyDrawingHF drawingHF picture oleObjects controls webPublishItems
    tableParts extLst"""
ORDER = CHILDREN.split()


SHEET = "xl/worksheets/sheet1.xml"


def sheet_with(rows: bytes, head: bytes = b"", p: bytes = b"") -> bytes:
    """A workbook whose sheet is written by hand."""
    bound = b":" + p[:-1] if p else b""
    xml = (
        b'<?xml version="1.0" encoding="UTF-8"?><%bworksheet xmlns%b="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b"%b<%bsheetData>%b</%bsheetData></%bworksheet>"
    ) % (p, bound, head, p, rows, p, p)
    return with_parts(saved(workbook([["x"]])), lambda name, content: xml if name == SHEET else content)


def saved(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert len(names) == len(set(names))
        return {name: archive.read(name) for name in names}


def with_parts(
    data: bytes, change: Callable[[str, bytes], bytes | None], more: dict[str, bytes] | None = None
) -> bytes:
    """The package with parts changed by a function (None drops one) and more of them."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", 8) as archive:
        for name, content in parts_of(data).items():
            then = change(name, content)
            if then is not None:
                archive.writestr(name, then)
        for name, content in (more or {}).items():
            archive.writestr(name, content)
    return made.getvalue()


def reading_of(data: bytes, folder: Path, name: str = "daftar.xlsx") -> Reading:
    path = folder / name
    path.write_bytes(data)
    return read_roster(path, name, AS_OF)


def order_of_faults(*faults: Fault, reasons: tuple[str, ...] = ()) -> BookOrder:
    card = UploadCard(
        id=1,
        school_id=1,
        school_name="SMAN 1 SUKOHARJO",
        file_name="daftar.xlsx",
        file_size=9,
        state="waiting",
        reasons=reasons,
        counts={},
        notes={},
        outcome={},
        sent_by="Ratna Dewi",
        sent_at=datetime(2026, 11, 22, 3, 0),
        decided_by="",
        decided_at=None,
        is_kept=True,
        is_read_anew=False,
    )
    return order_for(BookToMark(card, "x.upload", faults), "Asia/Jakarta")


def order_for_file(data: bytes, folder: Path, name: str = "daftar.xlsx") -> BookOrder:
    """What the review of a new school's file would list."""
    reading = reading_of(data, folder, name)
    plan = make_plan(reading.rows, [], {})
    reasons = tuple(kind.value for kind in reading.reasons)
    return order_of_faults(*faults_of(new_fixes(plan), reading.rows), reasons=reasons)


def marked(data: bytes, folder: Path, name: str = "daftar.xlsx") -> bytes:
    return marked_book(data, order_for_file(data, folder, name))


def fill_of(book: openpyxl.Workbook, sheet: str, cell: str) -> str:
    pattern = book[sheet][cell].fill
    return str(pattern.fgColor.rgb) if pattern.fill_type == "solid" else ""


def texts_in_list(book: openpyxl.Workbook) -> list[list[object]]:
    return [[cell.value for cell in row] for row in book[LIST_SHEET].iter_rows()]


def assert_sound(data: bytes) -> None:
    """What strict programs ask of a package: order, counts, types, relations that lead somewhere."""
    parts = parts_of(data)
    types = etree.fromstring(parts["[Content_Types].xml"])
    overrides = {element.get("PartName") for element in types if element.tag.endswith("Override")}
    extensions = {element.get("Extension") for element in types if element.tag.endswith("Default")}
    assert {name.lstrip("/") for name in overrides if name} <= set(parts)
    assert all(
        f"/{name}" in overrides or name.rsplit(".", 1)[-1] in extensions for name in parts if name[0] != "["
    )
    for name, content in parts.items():
        if name.endswith(".rels"):
            folder = name.split("_rels/")[0]
            identifiers = [element.get("Id") for element in etree.fromstring(content)]
            assert len(identifiers) == len(set(identifiers))
            for element in etree.fromstring(content):
                target = element.get("Target") or ""
                if element.get("TargetMode") != "External" and not target.startswith("/"):
                    assert (Path("/") / folder / target).resolve().as_posix().lstrip("/") in parts
                elif target.startswith("/"):
                    assert target.lstrip("/") in parts
        if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name):
            root = etree.fromstring(content)
            children = [etree.QName(child).localname for child in root]
            places = [ORDER.index(child) for child in children if child in ORDER]
            assert places == sorted(places), children
            for row in root.iter(f"{MAIN}row"):
                cells = [cell.get("r") for cell in row if cell.get("r")]
                columns = [openpyxl.utils.cell.coordinate_from_string(cell)[0] for cell in cells]
                numbers = [openpyxl.utils.column_index_from_string(column) for column in columns]
                assert numbers == sorted(set(numbers))
    styles = etree.fromstring(parts["xl/styles.xml"])
    for group in ("fonts", "fills", "cellXfs"):
        listed = styles.find(f"{MAIN}{group}")
        assert listed is not None
        assert int(listed.get("count") or 0) == len(listed)
    formats = len(list(styles.iterfind(f"{MAIN}cellXfs/{MAIN}xf")))
    for name, content in parts.items():
        if name.startswith("xl/worksheets/sheet"):
            assert all(int(style) < formats for style in re.findall(rb'<c [^>]*\bs="(\d+)"', content))
    assert CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names[0] == LIST_SHEET
    opened(data)


def rich_book() -> openpyxl.Workbook:
    """A workbook with everything that a school's file may have, and two faults."""
    book = workbook(
        [["DAFTAR SISWA SMAN 1 SUKOHARJO"], HEAD, SHORT_NIK, NO_CLASS, JOKO, [None] * 8, ["Jumlah", 3]],
        "Siswa",
    )
    sheet = book.active
    sheet.merge_cells("A1:H1")
    sheet["A1"].font = Font(bold=True, size=16)
    sheet["C3"].number_format, sheet["C3"].font = "@", Font(italic=True, color="FF00AA00")
    sheet["B4"].fill = PatternFill("solid", fgColor="FF99CCFF")
    sheet["B5"].comment = Comment("Pindahan dari Klaten", "Wali kelas")
    sheet["C3"].comment = Comment("Tanyakan orang tua", "Wali kelas")
    rule = DataValidation("list", formula1='"L,P"')
    rule.add("E3:E5")
    sheet.add_data_validation(rule)
    sheet.conditional_formatting.add(
        "A3:A5", CellIsRule(operator="greaterThan", formula=["2"], font=Font(bold=True))
    )
    sheet.freeze_panes, sheet.auto_filter.ref = "C3", "A2:H5"
    sheet.column_dimensions["B"].width = 33
    sheet.row_dimensions[5].hidden = True
    sheet.print_title_rows = "2:2"
    sheet.oddFooter.center.text = "SMAN 1"
    sheet["J3"] = "=LEN(C3)"
    sheet["B3"].hyperlink = "https://sekolah.invalid/"
    picture = io.BytesIO()
    Picture.new("RGB", (8, 8), "red").save(picture, "PNG")
    sheet.add_image(Image(picture), "L2")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=1, min_row=3, max_row=5))
    sheet.add_chart(chart, "L8")
    other = book.create_sheet("Rekap & nilai")
    other.append(["Rahasia sekolah"])
    other.sheet_state = "hidden"
    other.protection.sheet, other.protection.password = True, "sandi"
    third = book.create_sheet("Nilai")
    third.append(["Siswa", "Nilai"])
    third.append(["RATNA AYU", 90])
    third.defined_names["nilai"] = DefinedName("nilai", attr_text="Nilai!$B$2")
    third.print_title_rows = "1:1"
    book.active = 2
    return book
