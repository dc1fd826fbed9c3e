"""EDGE: the walk from a file to the residents of a list, run in the same sandboxed child as a roster's."""

from __future__ import annotations

import gc
from datetime import date
from pathlib import Path
from typing import BinaryIO

from common.sandbox import Died, Ending, Job, Sandbox
from imports.findings import Kind
from imports.residents.listing import ListRead, Resident, read_list
from imports.sheets import MAX_BYTES, Progress
from imports.workbook import read_workbook

# Refused (the kind's code, or ''), whether its NIKs were rounded, its people: plain values alone leave the child.
Told = tuple[str, bool, list[tuple[object, ...]]]


class StoppedReading(Exception):
    """Reading was stopped before its end: the file is to be read again."""


def read_residents_in_child(file: BinaryIO, as_of: date, progress: Progress) -> Told:
    """What the child runs: the file is handed to it open, for it may open nothing itself."""
    gc.disable()  # 50,000 people are no cycles, and the child ends with this call
    progress("opening", 0, 0)
    sheets = read_workbook(file.read(MAX_BYTES + 1))
    if isinstance(sheets, Kind):
        return sheets.value, False, []
    read = read_list(sheets, as_of, progress)
    if read.refused is not None:
        return read.refused.value, False, []
    return "", read.is_rounded, [tuple(resident) for resident in read.residents]


async def read_residents(
    sandbox: Sandbox, path: Path, as_of: date, on_progress: Progress, job: Job
) -> ListRead:
    """The list in a file, read in a child that can harm nothing; a child that dies becomes a refusal.

    Raises StoppedReading when the job was cancelled; OSError when the file is gone.
    """
    outcome = await sandbox.run_async(
        "imports.residents.reading:read_residents_in_child", path, as_of, on_progress=on_progress, job=job
    )
    if isinstance(outcome, Died):
        if outcome.ending is Ending.CANCELLED:
            raise StoppedReading
        return ListRead(_DIED.get(outcome.ending, Kind.FILE_CORRUPT))
    refused, is_rounded, people = outcome
    if refused:
        return ListRead(Kind(refused))
    return ListRead(None, tuple(Resident(*person) for person in people), is_rounded)


_DIED = {
    Ending.TOO_SLOW: Kind.FILE_TOO_SLOW,
    Ending.TOO_MUCH_MEMORY: Kind.FILE_TOO_HEAVY,
    Ending.UNAVAILABLE: Kind.READING_UNAVAILABLE,
}
