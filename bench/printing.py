"""How long a printed list takes, beside an empty sheet of the same typesetter in the same run.

Where PEREKAMAN_REPORTLAB names a Python that has reportlab and segno, also beside ReportLab (bench/reportlab_lists.py),
in rounds of 40 lists taking turns, and once with 2,000 lists in one file, between two halves of ReportLab's. The
program itself has no use for ReportLab. `python -m bench.printing N` makes one file of N lists and says what it took.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from zoneinfo import ZoneInfo

import font_source_sans_pro
import typst

from bench.figures import Figure
from campaigns.binding import print_all
from campaigns.paper import DayListPage, DayListRow, Letterhead, Printed, PrintedSchool
from campaigns.printing import print_day_list

ROUNDS = 15
BESIDE_ROUNDS = 5
BESIDE = 40
MANY = 2_000
PART = 200  # lists of a file of ReportLab's: more of them in one only take it longer


def day_list_of(students: int, number: int = 0) -> DayListPage:
    """A day list of invented students; another `number` gives another list, so that nothing is answered from memory."""
    return DayListPage(
        letterhead=Letterhead(
            "PEMERINTAH KABUPATEN SUKOHARJO",
            "Dinas Kependudukan dan Pencatatan Sipil",
            "Jalan Contoh Nomor 1, Sukoharjo",
        ),
        school=PrintedSchool(f"SMA Contoh {number}", "20399001", "Mojolaban"),
        team="Tim Melati",
        kits=2,
        date=date(2026, 8, 12),
        day_number=1,
        day_count=1,
        rows=tuple(
            DayListRow(
                number=place,
                starts=time(8 + place // 10 % 8),
                name=f"SISWA CONTOH {number} NOMOR {place}",
                class_name=f"XII MIPA {1 + place // 36}",
                birth_date=date(2009, 1 + (place + number) % 12, 1 + place % 28),
                nik=f"331108{1 + place % 28:02d}{1 + (place + number) % 12:02d}09{9000 + place}",
            )
            for place in range(1, students + 1)
        ),
        address=f"https://perekaman.example/hari/{number}",
        printed=Printed("Sari Wulandari", datetime(2026, 8, 11, 14, 5, tzinfo=ZoneInfo("Asia/Jakarta"))),
    )


def measure() -> list[Figure]:
    """Median times over rounds in which the list, the empty sheet and 20 joined lists take turns."""
    with tempfile.TemporaryDirectory() as folder:
        sheet = Path(folder) / "empty.typ"
        sheet.write_text('#set page(paper: "a4", flipped: true)\n#sys.inputs.round', encoding="utf-8")
        press = typst.Compiler(root=folder)

        def empty(number: int) -> None:
            press.compile(input=str(sheet), format="pdf", sys_inputs={"round": str(number)}, pdf_tags=False)

        def one_list(number: int) -> None:
            print_day_list(day_list_of(50, number))

        def a_date(number: int) -> None:
            print_all([day_list_of(50, 100 + number * 20 + place) for place in range(20)])

        empty(-1)
        one_list(-1)
        spent: dict[str, list[float]] = {"empty": [], "list": [], "date": []}
        for number in range(ROUNDS):
            spent["empty"].append(_milliseconds(empty, number))
            spent["list"].append(_milliseconds(one_list, number))
            if number % 5 == 0:
                spent["date"].append(_milliseconds(a_date, number))
    list_time, empty_time, date_time = (median(spent[name]) for name in ("list", "empty", "date"))
    figures = (
        beside_reportlab(os.environ["PEREKAMAN_REPORTLAB"]) if "PEREKAMAN_REPORTLAB" in os.environ else []
    )
    return [
        *figures,
        Figure("day list of 50 students as PDF, warm", list_time, 60, "ms"),
        Figure("day list of 50 students / an empty sheet", list_time / empty_time, None, "x"),
        Figure("20 day lists joined in one PDF, each / one list alone", date_time / 20 / list_time, 2, "x"),
    ]


def beside_reportlab(python: str) -> list[Figure]:
    """Lists of 50 students joined in one file, beside the same lists set by ReportLab; the medians of the rounds."""
    print_all([day_list_of(50, 1_000 + place) for place in range(10)])
    waited: dict[str, list[float]] = {"0": [], "1": []}
    worked: dict[str, list[float]] = {"0": [], "1": []}
    for number in range(BESIDE_ROUNDS):
        lists = [day_list_of(50, 10_000 + number * BESIDE + place) for place in range(BESIDE)]
        begun, begun_work = perf_counter(), process_time()
        print_all(lists)
        ours, our_work = perf_counter() - begun, process_time() - begun_work
        for wraps in waited:
            its, its_work = _reportlab(python, wraps, number * BESIDE, BESIDE)
            waited[wraps].append(ours / its)
            worked[wraps].append(our_work / its_work)
    before = sum(_reportlab(python, "1", first, PART)[0] for first in range(0, MANY // 2, PART))
    many, memory = _many()
    after = sum(_reportlab(python, "1", first, PART)[0] for first in range(MANY // 2, MANY, PART))
    return [
        Figure("day lists joined / the same lists by ReportLab", median(waited["1"]), 0.4, "x"),
        Figure("the same in processor time: ours uses two cores", median(worked["1"]), None, "x"),
        Figure(
            "day lists joined / ReportLab with bare strings that never wrap", median(waited["0"]), None, "x"
        ),
        Figure(f"{MANY:,} day lists in one file / the same by ReportLab", many / (before + after), 0.4, "x"),
        Figure(f"memory of the process that made the {MANY:,}", memory, 500, "MB"),
    ]


def _many() -> tuple[float, float]:
    """Seconds that all the lists in one file take in a process of their own, and the most memory it had, in MB."""
    told = subprocess.run(
        [sys.executable, "-m", "bench.printing", str(MANY)], capture_output=True, text=True, check=True
    ).stdout
    waited, memory = told.split()
    return float(waited), float(memory)


def _make_many(count: int) -> None:
    print_all([day_list_of(50, 1_000 + place) for place in range(10)])
    lists = [day_list_of(50, 10_000 + place) for place in range(count)]
    begun = perf_counter()
    print_all(lists)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(perf_counter() - begun, memory)


def _reportlab(python: str, wraps: str, first: int, count: int) -> tuple[float, float]:
    """Seconds that were waited and that were worked."""
    command = [python, str(Path(__file__).parent / "reportlab_lists.py"), font_source_sans_pro.font_directory]
    told = subprocess.run(
        [*command, wraps, str(first), str(count)], capture_output=True, text=True, check=True
    ).stdout
    waited, worked, _ = told.split()
    return float(waited), float(worked)


def _milliseconds(act: Callable[[int], None], number: int) -> float:
    begun = perf_counter()
    act(number)
    return (perf_counter() - begun) * 1000


if __name__ == "__main__":
    _make_many(int(sys.argv[1]))
