"""The walk from a file to a reading: raw rows, the list in each sheet, its columns, its rows judged.

`read_roster` is what the sandboxed child runs; `read_in_sandbox` and `read_in_sandbox_async` are what the rest of the
program calls. Columns that the office does not need stay in the child.
"""

import gc
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

from common.sandbox import Died, Ending, Job, Sandbox
from imports.checks import SeenInFile, check_sheet
from imports.columns import KEPT, Field
from imports.findings import Action, Kind, Status
from imports.layout import Layout, Table, find_table, layout_of
from imports.roster import RosterRow
from imports.sheets import MAX_BYTES, Progress, RawSheet
from imports.titles import titles_say, wrong_document
from imports.values import class_in_title, is_blank
from imports.wishes import NOTHING_SAID, Wishes
from imports.workbook import read_workbook


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows of the lists in a file, blank ones apart, and where they ended. `persons` is rows less skipped."""

    rows: int = 0
    persons: int = 0
    accepted: int = 0
    warned: int = 0
    rejected: int = 0
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class SeenColumn:
    """A column of a list and what it was taken for: the field, or None where it is not needed and was dropped.

    `sure` is False where a person should look.
    """

    letter: str
    heading: str
    field: Field | None
    sure: bool


@dataclass(frozen=True, slots=True)
class SheetNote:
    """What is known of one sheet: whether it holds a list (`layout`), where, and what in it is hidden."""

    name: str | None
    layout: Layout | None
    header_rows: tuple[int, ...]
    first_row: int | None
    columns: tuple[SeenColumn, ...]
    is_hidden: bool
    hidden_rows: int
    hidden_columns: int
    class_name: str | None


@dataclass(frozen=True, slots=True)
class Reading:
    """A roster file as read: what may be done with it, why, and every row. `school` and `district` as the titles name
    them, None where they do not."""

    action: Action
    reasons: tuple[Kind, ...]
    counts: Counts
    rows: tuple[RosterRow, ...]
    sheets: tuple[SheetNote, ...]
    school: str | None
    district: str | None
    layout: Layout | None

    @property
    def unsure_columns(self) -> tuple[SeenColumn, ...]:
        """Columns on which a person should say what they are, over all sheets."""
        return tuple(column for sheet in self.sheets for column in sheet.columns if not column.sure)


def refused(*reasons: Kind) -> Reading:
    """The reading of a file from which nothing may be taken."""
    return Reading(Action.REFUSE, reasons, Counts(), (), (), None, None, None)


def _silent(stage: str, done: int, total: int) -> None:
    """Tells nobody."""


def read_roster(
    path: str | Path,
    filename: str,
    as_of: date,
    progress: Progress | None = None,
    wishes: Wishes = NOTHING_SAID,
) -> Reading:
    """Read and judge the roster in a file.

    `as_of` is the day on which ages are counted; `wishes` is what people said of the file before; `progress` hears
    stage, rows done and rows in all. Never raises for what a file holds.
    """
    with open(path, "rb") as file:
        return _read_file(file, filename, as_of, progress, wishes)


def _read_file(
    file: BinaryIO,
    filename: str,
    as_of: date,
    progress: Progress | None = None,
    wishes: Wishes = NOTHING_SAID,
) -> Reading:
    tell = progress or _silent
    tell("opening", 0, 0)
    # A list of 20,000 students is a million new objects and no cycles: looking for those is a third of the time.
    was_collecting = gc.isenabled()
    gc.disable()
    try:
        sheets = read_workbook(file.read(MAX_BYTES + 1))
        if isinstance(sheets, Kind):
            return refused(sheets)
        return judge_sheets(sheets, as_of, tell, wishes)
    finally:
        if was_collecting:
            gc.enable()


def judge_sheets(
    sheets: tuple[RawSheet, ...],
    as_of: date,
    progress: Progress = _silent,
    wishes: Wishes = NOTHING_SAID,
) -> Reading:
    """The reading of raw sheets: every sheet that holds a list of students, one after the other."""
    total = sum(len(sheet.rows) for sheet in sheets)
    seen = SeenInFile()
    rows: list[RosterRow] = []
    notes: list[SheetNote] = []
    wrong: list[Kind] = []
    rounded = lists = done = 0
    school = district = None
    layout: Layout | None = None
    progress("checking", 0, total)
    for as_sent in sheets:
        sheet = wishes.laid_over(as_sent)
        table = table_of(sheet, wishes)
        titles = table.titles if table else (*sheet.above, *_first_texts(sheet))
        body = sheet.rows[table.first_row :] if table else []
        other = wrong_document(table, (*titles, sheet.name or ""), body)
        if table is None or other is not None:
            if other is not None and not sheet.hidden:
                wrong.append(other)
            notes.append(_note(sheet, None, None))
            done += len(sheet.rows)
            continue
        if sheet.hidden:
            notes.append(_note(sheet, table, None))
            rows.extend(_hidden_rows(sheet, table))
            done += len(sheet.rows)
            continue
        said = titles_say(titles)
        school, district = school or said.school, district or said.district
        layout = layout or layout_of(table)
        class_name = said.class_name or class_in_title(sheet.name or "")
        before = done
        checked = check_sheet(
            sheet.name,
            sheet.rows,
            table,
            as_of,
            seen,
            class_name,
            lambda rows_done, before=before: progress("checking", before + rows_done, total),  # type: ignore[misc]
        )
        lists += 1
        rounded += checked.nik_column_rounded
        rows.extend(checked.rows)
        notes.append(_note(sheet, table, class_name))
        done += len(sheet.rows)
    progress("checking", total, total)

    counts = _count(rows)
    if counts.persons == 0:
        return _nothing_to_import(sheets, tuple(notes), wrong, lists > 0)
    reasons = (Kind.NIK_COLUMN_ROUNDED,) if rounded else ()
    action = Action.IMPORT_WITH_FIX_LIST if rounded else Action.IMPORT
    return Reading(action, reasons, counts, tuple(rows), tuple(notes), school, district, layout)


def table_of(sheet: RawSheet, wishes: Wishes) -> Table | None:
    """The list of a sheet as people named its columns; None where it holds none."""
    found = find_table(sheet.rows, sheet.above)
    chosen = wishes.answers_for(layout_of(found) if found else None)
    return find_table(sheet.rows, sheet.above, chosen) if chosen else found


def _nothing_to_import(
    sheets: tuple[RawSheet, ...], notes: tuple[SheetNote, ...], wrong: list[Kind], has_list: bool
) -> Reading:
    """Why a file without a single student is refused: another document, a list without rows, or anything else."""
    if wrong:
        reason = wrong[0]
    elif has_list or any(note.layout for note in notes) or all(_is_empty(sheet) for sheet in sheets):
        reason = Kind.NO_STUDENT_ROWS
    else:
        reason = Kind.WRONG_DOCUMENT
    return Reading(Action.REFUSE, (reason,), Counts(), (), notes, None, None, None)


def _is_empty(sheet: RawSheet) -> bool:
    return all(is_blank(cell) for row in sheet.rows for cell in row)


def _first_texts(sheet: RawSheet) -> tuple[str, ...]:
    """The texts of the first rows of a sheet in which no list was found."""
    return tuple(cell for row in sheet.rows[:6] for cell in row if isinstance(cell, str) and cell.strip())


def _hidden_rows(sheet: RawSheet, table: Table) -> list[RosterRow]:
    first = table.first_row
    return [
        RosterRow(sheet.name, first + offset + 1, Status.SKIPPED, (Kind.HIDDEN_SHEET,), ())
        for offset, row in enumerate(sheet.rows[first:])
        if any(not is_blank(cell) for cell in row)
    ]


def _note(sheet: RawSheet, table: Table | None, class_name: str | None) -> SheetNote:
    columns = table.columns if table else ()
    return SheetNote(
        sheet.name,
        layout_of(table) if table else None,
        tuple(row + 1 for row in table.header_rows) if table else (),
        table.first_row + 1 if table else None,
        tuple(SeenColumn(c.letter, c.heading, c.field if c.field in KEPT else None, c.sure) for c in columns),
        sheet.hidden,
        sheet.hidden_rows,
        sheet.hidden_columns,
        class_name,
    )


def _count(rows: list[RosterRow]) -> Counts:
    ended = [row.status for row in rows]
    skipped = ended.count(Status.SKIPPED)
    return Counts(
        len(rows),
        len(rows) - skipped,
        ended.count(Status.ACCEPTED),
        ended.count(Status.WARNED),
        ended.count(Status.REJECTED),
        skipped,
    )


_RESULTS = (
    "imports.reading",
    "imports.roster",
    "imports.columns",
    "imports.findings",
    "imports.layout",
    "imports.column_reading",
)
DIED = {  # what a child that ended badly says of its file
    Ending.TOO_SLOW: Kind.FILE_TOO_SLOW,
    Ending.TOO_MUCH_MEMORY: Kind.FILE_TOO_HEAVY,
    Ending.CRASHED: Kind.FILE_CORRUPT,
    Ending.FAILED: Kind.FILE_CORRUPT,
    Ending.CANCELLED: Kind.READING_CANCELLED,
    Ending.UNAVAILABLE: Kind.READING_UNAVAILABLE,
}


def roster_sandbox(at_once: int = 2) -> Sandbox:
    """A sandbox that has everything loaded to read rosters. One for the life of a server; start it early."""
    return Sandbox(preload=("imports.reading", "imports.column_reading"), results=_RESULTS, at_once=at_once)


def read_in_child(file: BinaryIO, filename: str, as_of: date, wishes: Wishes, progress: Progress) -> Reading:
    """What the child runs: the file is handed to it open, for it may open nothing itself."""
    return _read_file(file, filename, as_of, progress, wishes)


def read_in_sandbox(
    sandbox: Sandbox,
    path: str | Path,
    filename: str,
    as_of: date,
    on_progress: Progress | None = None,
    wishes: Wishes = NOTHING_SAID,
    job: Job | None = None,
) -> Reading:
    """`read_roster` in a child that can harm nothing; a child that dies becomes a refusal. Blocks: for commands."""
    outcome = sandbox.run(
        "imports.reading:read_in_child", path, filename, as_of, wishes, on_progress=on_progress, job=job
    )
    return refused(DIED[outcome.ending]) if isinstance(outcome, Died) else outcome


async def read_in_sandbox_async(
    sandbox: Sandbox,
    path: str | Path,
    filename: str,
    as_of: date,
    on_progress: Progress | None = None,
    wishes: Wishes = NOTHING_SAID,
    job: Job | None = None,
) -> Reading:
    """`read_in_sandbox` for the server: awaits, hears progress on the event loop, and is cancelled with its task."""
    outcome = await sandbox.run_async(
        "imports.reading:read_in_child", path, filename, as_of, wishes, on_progress=on_progress, job=job
    )
    return refused(DIED[outcome.ending]) if isinstance(outcome, Died) else outcome
