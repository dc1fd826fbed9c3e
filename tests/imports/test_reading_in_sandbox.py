"""A roster read in the child is the roster read in the process; files made to break parsers end in one value."""

import asyncio
import io
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from tiny_rosters import AS_OF, HEAD, STUDENTS, xlsx

from common.sandbox import Job, Sandbox
from imports.findings import Action, Kind
from imports.reading import read_in_sandbox, read_in_sandbox_async, read_roster, roster_sandbox

ROSTERS = Path(__file__).parent.parent / "data" / "rosters"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with roster_sandbox() as started:
        yield started


@pytest.mark.parametrize(
    "name",
    [
        "02_dapodik_defects_420.xlsx",
        "03_dapodik_spreadsheetml_240.xls",
        "09_manual_multisheet_per_class_288.xlsx",
        "12_manual_biff_6.xls",
        "13_html_saved_as_xls_175.xls",
        "14_csv_semicolon_cp1252_230.csv",
        "16_manual_130.ods",
        "20_password_protected.xlsx",
    ],
)
def test_the_child_reads_what_the_process_reads(sandbox: Sandbox, name: str) -> None:
    path = ROSTERS / name
    assert read_in_sandbox(sandbox, path, name, AS_OF) == read_roster(path, name, AS_OF)


def test_progress_tells_stages_and_rows(sandbox: Sandbox) -> None:
    heard: list[tuple[str, int, int]] = []
    path = ROSTERS / "02_dapodik_defects_420.xlsx"

    async def read() -> None:
        await read_in_sandbox_async(sandbox, path, path.name, AS_OF, lambda *told: heard.append(told))

    asyncio.run(read())
    assert heard[0][0] == "opening"
    assert heard[-1] == ("checking", 433, 433)


def test_a_cancelled_reading_says_so(sandbox: Sandbox) -> None:
    job = Job()
    job.cancel()
    reading = read_in_sandbox(sandbox, ROSTERS / "16_manual_130.ods", "x", date(2026, 11, 22), job=job)
    assert reading.reasons == (Kind.READING_CANCELLED,)


def _with_sheet(sheet: bytes) -> bytes:
    """A small workbook whose sheet is replaced."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx([HEAD, *STUDENTS]))) as good, zipfile.ZipFile(made, "w", 8) as bad:
        for entry in good.infolist():
            bad.writestr(entry, sheet if entry.filename == "xl/worksheets/sheet1.xml" else good.read(entry))
    return made.getvalue()


_SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
BOMBS = {
    "two cells a world apart": _SHEET
    % b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "a million empty rows": _SHEET % (b'<row r="1"><c r="A1"><v>1</v></c></row>' + b"<row/>" * 1_000_000),
    "entities": b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    + _SHEET % b"<row>&b;</row>",
    "tags in tags": b"<a>" * 200_000,
    "no end": _SHEET[:60],
}


@pytest.mark.parametrize("what", BOMBS)
def test_a_workbook_made_to_break_parsers_ends_in_one_refusal(
    sandbox: Sandbox, tmp_path: Path, what: str
) -> None:
    path = tmp_path / "bom.xlsx"
    path.write_bytes(_with_sheet(BOMBS[what]))
    reading = read_in_sandbox(sandbox, path, path.name, AS_OF)
    assert reading.action is Action.REFUSE
    assert len(reading.reasons) == 1
