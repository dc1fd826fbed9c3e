"""The blank template: what it asks for, and that it is read as what was filled in."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from marked_books import opened, reading_of, saved
from tiny_rosters import BUDI

from imports.book_template import COLUMNS, GUIDE, LIST, blank_template
from imports.book_words import TEMPLATE
from imports.columns import Field, field_of
from imports.findings import Kind


@pytest.fixture(scope="module")
def template() -> bytes:
    return blank_template(TEMPLATE)


def test_every_heading_of_the_template_is_known_for_sure() -> None:
    fields = [field_of([heading]) for heading, *_ in COLUMNS]
    assert all(sure for _, sure in fields)
    found = [field for field, _ in fields]
    assert len(set(found)) == len(found)
    assert {Field.NAME, Field.NIK, Field.BIRTH_DATE, Field.MARRIED, Field.RECORDED} <= set(found)
    assert Field.UNNEEDED not in found


def test_the_blank_template_is_a_list_without_students(template: bytes, tmp_path: Path) -> None:
    reading = reading_of(template, tmp_path)
    assert reading.reasons == (Kind.NO_STUDENT_ROWS,)
    assert [sheet.layout is not None for sheet in reading.sheets] == [True, False]


def test_a_template_with_two_students_is_read_as_two_students(template: bytes, tmp_path: Path) -> None:
    book = opened(template)
    sheet = book[LIST]
    example = [book[GUIDE].cell(row, 3).value for row in range(8, 8 + len(COLUMNS))]
    assert re.fullmatch(r"\d{12}9\d{3}", str(example[1])), "an invented student"
    for column, value in enumerate(example, 1):
        sheet.cell(2, column).value = value
    for column, value in enumerate(
        ["BUDI CONTOH", BUDI[2], BUDI[3], "L", "KLATEN", date(2010, 8, 3), "XI F-2", "", "1", "2", "", "",
         "Daksa", "Kawin", "Sudah rekam"], 1
    ):  # fmt: skip
        sheet.cell(3, column).value = value
    reading = reading_of(saved(book), tmp_path)
    assert (reading.counts.persons, reading.counts.accepted) == (2, 2)
    assert reading.unsure_columns == ()
    first, second = reading.rows
    assert (first.nik, first.nisn, first.sex, first.married, first.recorded) == (
        example[1],
        "0099000001",
        "P",
        False,
        False,
    )
    assert (second.birth_date, second.married, second.recorded) == (date(2010, 8, 3), True, True)


def test_the_template_keeps_numbers_as_text_and_offers_what_can_be_chosen(template: bytes) -> None:
    sheet = opened(template)[LIST]
    assert [cell.value for cell in sheet[1]] == [heading for heading, *_ in COLUMNS]
    for row in (2, 2001):
        assert (sheet.cell(row, 2).number_format, sheet.cell(row, 3).number_format) == ("@", "@")
        assert sheet.cell(row, 6).number_format == "yyyy-mm-dd"
    rules = {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}
    assert rules["D2"].formula1 == '"L,P"'
    assert (rules["B2"].type, rules["B2"].formula1) == ("textLength", "16")
    assert (rules["C2"].type, rules["C2"].formula1) == ("textLength", "10")
    assert rules["F2"].type == "date"
    assert {"N2", "O2"} <= set(rules)
    assert all(rule.showErrorMessage and rule.error and len(rule.error) < 255 for rule in rules.values())
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref
