"""EDGE: the blank template: a list of students to fill in, and beside it how that is done. Made with openpyxl."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from imports.columns import column_letter

LIST, GUIDE = "Data Siswa", "Contoh dan petunjuk"
ROWS = 2_000
"""Rows that are ready to be filled in: NIK and NISN as text, dates as dates, words from lists."""

# heading, its explanation among the words, width, the example: an invented student, serial 9000 to 9999
COLUMNS: tuple[tuple[str, str, int, str], ...] = (
    ("Nama", "name", 32, "BUNGA CONTOH REKAAN"),
    ("NIK", "nik", 20, "3311045703099901"),
    ("NISN", "nisn", 13, "0099000001"),
    ("JK", "sex", 6, "P"),
    ("Tempat Lahir", "birth_place", 18, "SUKOHARJO"),
    ("Tanggal Lahir", "birth_date", 15, "2009-03-17"),
    ("Kelas", "class", 12, "XII F-1"),
    ("Alamat", "address", 32, "JL. CONTOH 1"),
    ("RT", "rt", 6, "001"),
    ("RW", "rw", 6, "002"),
    ("Desa/Kelurahan", "village", 20, "GAYAM"),
    ("Kecamatan", "district", 20, "SUKOHARJO"),
    ("Kebutuhan Khusus", "special_needs", 20, ""),
    ("Status Perkawinan", "married", 19, "Belum kawin"),
    ("Status KTP-el", "recorded", 16, "Belum rekam"),
)
_TEXT = ("NIK", "NISN", "RT", "RW", "Kelas")
_CHOICES = {
    "JK": "L,P",
    "Status Perkawinan": "Belum kawin,Kawin,Cerai hidup,Cerai mati",
    "Status KTP-el": "Belum rekam,Sudah rekam",
}
_DIGITS = {"NIK": 16, "NISN": 10}
_BORN = (date(1990, 1, 1), date(2029, 12, 31))
_HEAD = PatternFill("solid", fgColor="FFE4E9F1")
_WRAPPED = Alignment(vertical="top", wrap_text=True)


def blank_template(words: Mapping[str, str]) -> bytes:
    """The template as an .xlsx. `words` are the explanations by the names of book_words.TEMPLATE."""
    book = Workbook()
    book.properties.creator = ""
    _fill_list(book.active, words)
    _fill_guide(book.create_sheet(GUIDE), words)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _fill_list(sheet: Worksheet, words: Mapping[str, str]) -> None:
    sheet.title = LIST
    last = ROWS + 1
    for index, (heading, _, width, _) in enumerate(COLUMNS):
        letter = column_letter(index)
        cell = sheet.cell(1, index + 1, heading)
        cell.font, cell.fill = Font(bold=True), _HEAD
        sheet.column_dimensions[letter].width = width
        kept_as = "@" if heading in _TEXT else "yyyy-mm-dd" if heading == "Tanggal Lahir" else ""
        if kept_as:
            for row in range(2, last + 1):
                sheet.cell(row, index + 1).number_format = kept_as
        rule = _rule_for(heading, words)
        if rule is not None:
            rule.add(f"{letter}2:{letter}{last}")
            sheet.add_data_validation(rule)
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{column_letter(len(COLUMNS) - 1)}{last}"
    _print_wide(sheet)
    sheet.print_title_rows = "1:1"


def _rule_for(heading: str, words: Mapping[str, str]) -> DataValidation | None:
    """What a column accepts; a cell may always stay empty."""
    if heading in _CHOICES:
        rule = DataValidation("list", formula1=f'"{_CHOICES[heading]}"', allow_blank=True)
        rule.errorTitle, rule.error = words["choice_title"], words["choice_fault"]
    elif heading in _DIGITS:
        rule = DataValidation(
            "textLength", operator="equal", formula1=str(_DIGITS[heading]), allow_blank=True
        )
        name = heading.lower()
        rule.errorTitle, rule.error = words[f"{name}_title"], words[f"{name}_fault"]
        rule.promptTitle, rule.prompt = rule.errorTitle, words[name]
        rule.showInputMessage = True
    elif heading == "Tanggal Lahir":
        first, last = (f"DATE({day.year},{day.month},{day.day})" for day in _BORN)
        rule = DataValidation("date", operator="between", formula1=first, formula2=last, allow_blank=True)
        rule.errorTitle, rule.error = words["date_title"], words["date_fault"]
    else:
        return None
    rule.showErrorMessage = True
    return rule


def _fill_guide(sheet: Worksheet, words: Mapping[str, str]) -> None:
    """The example stands downwards, a column of the list a row: read as a list it would be a student."""
    _text(sheet.cell(1, 1), words["title"] % {"sheet": LIST}).font = Font(bold=True, size=14)
    for row, name in enumerate(("once", "paste", "send", "invented"), 2):
        _text(sheet.cell(row, 1), words[name])
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=3)
    for column, name in enumerate(("heading", "meaning", "example"), 1):
        cell = _text(sheet.cell(7, column), words[name])
        cell.font, cell.fill = Font(bold=True), _HEAD
    for row, (heading, name, _, example) in enumerate(COLUMNS, 8):
        for column, text in enumerate((heading, words[name], example), 1):
            _text(sheet.cell(row, column), text).alignment = _WRAPPED
    for letter, width in (("A", 22), ("B", 76), ("C", 26)):
        sheet.column_dimensions[letter].width = width
    _print_wide(sheet)


def _print_wide(sheet: Worksheet) -> None:
    """On A4 across, as wide as the paper and as long as it gets."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True


def _text(cell: Cell, text: str) -> Cell:
    """Words in a cell, never a number or a formula."""
    cell.value = text
    cell.data_type, cell.number_format = "s", "@"
    return cell
