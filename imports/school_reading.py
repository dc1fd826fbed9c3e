"""EDGE: the walk from a file to a list of schools, run in the sandboxed child like a roster's."""

from __future__ import annotations

import asyncio
import json
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import BinaryIO

from common.sandbox import Died, Ending, Sandbox
from imports.findings import Kind
from imports.school_list import SchoolFinding, SchoolKind, SchoolList, SchoolRow, read_schools
from imports.sheets import MAX_BYTES, Progress, RawSheet
from imports.values import read_text
from imports.workbook import read_workbook


@dataclass(frozen=True, slots=True)
class NamedSchool:
    """A school of a list. `district` is code or name as typed; `district_name` the name, where the list has it too."""

    school: SchoolRow
    district_name: str


@dataclass(frozen=True, slots=True)
class SchoolReading:
    """A school list as read; `refused` is why nothing can be taken from the file, None where something can."""

    refused: Kind | None
    schools: tuple[NamedSchool, ...] = ()
    findings: tuple[SchoolFinding, ...] = ()


def kept_text(reading: SchoolReading, office_id: int) -> str:
    """A list that was read, as text to keep until it is loaded: whose it is, its schools, what is wrong with it."""
    return json.dumps(
        {
            "office": office_id,
            "schools": [[*astuple(named.school), named.district_name] for named in reading.schools],
            "findings": [[found.kind.value, *astuple(found)[1:]] for found in reading.findings],
        }
    )


def kept_reading(text: str, office_id: int) -> SchoolReading | None:
    """The list that `kept_text` was given; None for another office's. Raises ValueError for what is none."""
    kept = json.loads(text)
    if kept["office"] != office_id:
        return None
    return SchoolReading(
        None,
        tuple(NamedSchool(SchoolRow(*row), name) for *row, name in kept["schools"]),
        tuple(SchoolFinding(SchoolKind(kind), *rest) for kind, *rest in kept["findings"]),
    )


def read_school_list(sheets: tuple[RawSheet, ...]) -> SchoolReading:
    """The schools of the first sheet that holds a list of schools; other sheets are notes and left alone."""
    empty: SchoolList | None = None
    for sheet in sheets:
        if sheet.hidden:
            continue
        found = read_schools(sheet)
        if all(finding.kind is not SchoolKind.NO_SCHOOL_LIST for finding in found.findings):
            return SchoolReading(None, _with_district_names(sheet, found), found.findings)
        empty = empty or found
    return SchoolReading(None, (), empty.findings if empty else ())


def read_schools_in_child(file: BinaryIO, progress: Progress) -> SchoolReading:
    """What the child runs: the file is handed to it open, for it may open nothing itself."""
    sheets = read_workbook(file.read(MAX_BYTES + 1))
    return SchoolReading(sheets) if isinstance(sheets, Kind) else read_school_list(sheets)


async def read_schools_in_sandbox(path: Path) -> SchoolReading:
    """The school list in a file, read in a child that can harm nothing; a child that dies becomes a refusal.

    A list is loaded a few times a year, so its child's server is started for it and ended after it.
    """
    sandbox = school_sandbox()
    try:
        outcome = await sandbox.run_async("imports.school_reading:read_schools_in_child", path)
    finally:
        await asyncio.to_thread(sandbox.close)
    if isinstance(outcome, Died):
        return SchoolReading(_DIED.get(outcome.ending, Kind.FILE_CORRUPT))
    return outcome


def school_sandbox() -> Sandbox:
    """A sandbox that has everything loaded to read lists of schools."""
    return Sandbox(
        preload=("imports.school_reading",),
        results=("imports.school_reading", "imports.school_list", "imports.findings"),
        at_once=1,
    )


_DIED = {
    Ending.TOO_SLOW: Kind.FILE_TOO_SLOW,
    Ending.TOO_MUCH_MEMORY: Kind.FILE_TOO_HEAVY,
    Ending.UNAVAILABLE: Kind.READING_UNAVAILABLE,
}


def _with_district_names(sheet: RawSheet, found: SchoolList) -> tuple[NamedSchool, ...]:
    """Each school with its district's name. A list that has a column of codes and one of names is read once more
    without the codes, for `read_schools` answers the code where there are both."""
    codes = {school.row: school.district for school in found.schools if school.district[:1].isdigit()}
    column = _column_of(sheet, codes)
    names: dict[int, str] = {}
    if column is not None:
        rows = [[*row[:column], None, *row[column + 1 :]] for row in sheet.rows]
        names = {school.row: school.district for school in read_schools(RawSheet(sheet.name, rows)).schools}
    return tuple(
        NamedSchool(school, names.get(school.row, "" if school.row in codes else school.district))
        for school in found.schools
    )


def _column_of(sheet: RawSheet, codes: dict[int, str]) -> int | None:
    for row, code in codes.items():
        for column, cell in enumerate(sheet.rows[row - 1]):
            if cell is not None and read_text(cell).value == code:
                return column
    return None
