"""Reading and checking a roster of 20,000 students, against the floor: calamine's bare read of the same file.

Run as `python -m bench.read_roster [runs]`. The ways of reading take turns, so that a slow moment of the machine
hits all of them.
"""

import gc
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median

import openpyxl
from python_calamine import CalamineWorkbook

from bench.figures import Figure, print_table
from imports.plan import make_plan
from imports.reading import read_in_sandbox, read_roster, roster_sandbox

ROSTER = Path(__file__).resolve().parent.parent / "tests" / "data" / "rosters" / "19_stress_20000.xlsx"
SMALL = ROSTER.with_name("24_papua_numeric_nik_60.xlsx")
AS_OF = date(2026, 11, 22)


def _seconds(act: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """How long an act takes; by `time.process_time` only the processor counts, not what else the machine does."""
    began = clock()
    act()
    return clock() - began


def _bare_read() -> int:
    book = CalamineWorkbook.from_path(ROSTER)
    return len(book.get_sheet_by_index(0).to_python())


def _read_and_plan() -> int:
    reading = read_roster(ROSTER, ROSTER.name, AS_OF)
    was_collecting = gc.isenabled()
    gc.disable()  # as reading does: the plan is made of the same 20,000 rows
    try:
        return len(make_plan(reading.rows, [], {}).new)
    finally:
        if was_collecting:
            gc.enable()


def _openpyxl_read() -> int:
    book = openpyxl.load_workbook(ROSTER, read_only=True)
    return sum(1 for _ in book.worksheets[0].iter_rows(values_only=True))


def measure(runs: int = 5) -> list[Figure]:
    """Medians of `runs` turns, in processor seconds but for the sandbox, which is waited for.

    openpyxl, which takes seconds, has one turn only."""
    bare: list[float] = []
    ours: list[float] = []
    planned: list[float] = []
    waited: list[float] = []
    confined: list[float] = []
    small: list[float] = []
    with roster_sandbox() as sandbox:
        read_in_sandbox(sandbox, SMALL, SMALL.name, AS_OF)
        for _ in range(runs):
            bare.append(_seconds(_bare_read, time.process_time))
            ours.append(_seconds(lambda: read_roster(ROSTER, ROSTER.name, AS_OF), time.process_time))
            planned.append(_seconds(_read_and_plan, time.process_time))
            waited.append(_seconds(_bare_read))
            confined.append(_seconds(lambda: read_in_sandbox(sandbox, ROSTER, ROSTER.name, AS_OF)))
            in_child = _seconds(lambda: read_in_sandbox(sandbox, SMALL, SMALL.name, AS_OF))
            small.append(in_child - _seconds(lambda: read_roster(SMALL, SMALL.name, AS_OF)))
        openpyxl_reads = _seconds(_openpyxl_read, time.process_time)
    floor = median(bare)
    return [
        Figure("bare read of 20,000 rows by calamine", floor, None, "s"),
        Figure("read and checked, in process", median(ours), None, "s"),
        Figure("read and checked, in process, of the bare read", median(ours) / floor, 3.0, "x"),
        Figure("read, checked and planned, in process, of the bare read", median(planned) / floor, 2.0, "x"),
        Figure(
            "read and checked, in the sandbox, of the bare read", median(confined) / median(waited), 3.0, "x"
        ),
        Figure(
            "read and checked, in process, of openpyxl's read-only read alone",
            median(ours) / openpyxl_reads,
            0.2,
            "x",
        ),
        Figure("what the sandbox adds to a small file", median(small) * 1000, 15.0, "ms"),
    ]


if __name__ == "__main__":
    print_table(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 5))
