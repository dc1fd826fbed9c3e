"""How the cost of a row grows with the list: reading and checking 1,000 to 50,000 rows, beside calamine's bare read.

Run as `python -m bench.growth [rounds]`. The sizes take turns, and no list is read twice: what a reading remembers of
names it saw would make the second time cheaper.
"""

import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median
from xml.sax.saxutils import escape

from python_calamine import CalamineWorkbook

from bench.figures import Figure, print_table
from imports.findings import Action
from imports.reading import read_roster

SIZES = (1_000, 5_000, 20_000, 50_000)
"""Rows of a list, its heading among them; the last is the most that is read."""
TURNS = {1_000: 12, 5_000: 4, 20_000: 1, 50_000: 2}
"""Lists of each size in a round: small ones are soon read, and their time is the less certain."""
AS_OF = date(2026, 11, 22)
HEAD = ("No", "Nama", "NIK", "NISN", "JK", "Tempat Lahir", "Tanggal Lahir", "Rombel", "Alamat")
_GIVEN = (
    "ADI",
    "BAGUS",
    "CITRA",
    "DEWI",
    "EKO",
    "FAJAR",
    "GALIH",
    "HANA",
    "INDAH",
    "JOKO",
    "KURNIA",
    "LESTARI",
)
_FAMILY = ("CONTOH", "PRATAMA", "SAPUTRA", "WULANDARI", "NUGROHO", "SETIAWAN", "RAHAYU", "UTAMI", "HIDAYAT")
_PLACES = ("SUKOHARJO", "KLATEN", "SURAKARTA", "WONOGIRI", "BOYOLALI")
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
    'ContentType="application/xml"/></Types>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def student(number: int) -> tuple[str, ...]:
    """The cells of an invented student; another number is another person."""
    born = date(2008 + number % 3, 1 + number // 3 % 12, 1 + number // 36 % 28)
    place = number // 1000
    is_girl = number % 2
    region = f"33{11 + place // 28 % 60:02d}{1 + place % 28:02d}"
    nik = f"{region}{born.day + 40 * is_girl:02d}{born:%m%y}{9000 + number % 1000}"
    family = "".join(chr(65 + int(digit)) for digit in str(number))
    return (
        str(number),
        f"{_GIVEN[number % 12]} {family} {_FAMILY[number % 9]}",
        nik,
        f"{number:010d}",
        "P" if is_girl else "L",
        _PLACES[number % 5],
        born.isoformat(),
        f"{('X', 'XI', 'XII')[number % 3]} {1 + number // 36 % 12}",
        f"DUKUH {family} RT {1 + number % 9:02d}",
    )


def write_workbook(path: Path, first: int, rows: int) -> None:
    """A workbook of so many rows, with a table of shared strings as Excel writes it."""
    places: dict[str, int] = {}
    lines = []
    for row in range(1, rows + 1):
        cells = HEAD if row == 1 else student(first + row)
        written = "".join(
            f'<c r="{chr(65 + column)}{row}" t="s"><v>{places.setdefault(cell, len(places))}</v></c>'
            for column, cell in enumerate(cells)
        )
        lines.append(f'<row r="{row}">{written}</row>')
    strings = "".join(f"<si><t>{escape(text)}</t></si>" for text in places)
    related = "".join(
        f'<Relationship Id="r{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(
            (("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml"))
        )
    )
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r" Type="{_OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="Siswa" sheetId="1" '
        'r:id="r0"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">{related}</Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}">{strings}</sst>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def measure(rounds: int = 1) -> list[Figure]:
    """Processor time a row at the largest size over that at the smallest: medians of the turns of each."""
    ours: dict[int, list[float]] = {rows: [] for rows in SIZES}
    bare: dict[int, list[float]] = {rows: [] for rows in SIZES}
    first = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "daftar.xlsx"
        for round_ in range(rounds + 1):
            for rows in SIZES:
                for _ in range(TURNS[rows] if round_ else 1):
                    first = (first + rows) % 1_600_000
                    write_workbook(path, first, rows)
                    read_once, bare_once = _turn(path, rows)
                    if round_:  # the first round warms what every process has warm after its first file
                        ours[rows].append(read_once)
                        bare[rows].append(bare_once)
    least, most = SIZES[0], SIZES[-1]
    a_row = {rows: median(times) / rows for rows, times in ours.items()}
    a_bare_row = {rows: median(times) / rows for rows, times in bare.items()}
    return [
        Figure(
            "cost of a row read and checked, 50,000 rows / 1,000 rows", a_row[most] / a_row[least], 1.2, "x"
        ),
        Figure(
            "cost of a row in calamine's bare read, the same", a_bare_row[most] / a_bare_row[least], None, "x"
        ),
        *(Figure(f"a row of {rows:,}, read and checked", a_row[rows] * 1e6, None, "µs") for rows in SIZES),
    ]


def _turn(path: Path, rows: int) -> tuple[float, float]:
    """Processor seconds of our reading and of the bare one."""

    def ours() -> None:
        reading = read_roster(path, path.name, AS_OF)
        if reading.action is Action.REFUSE or reading.counts.persons != rows - 1:
            raise AssertionError(f"{rows} rows were read as {reading.counts}, {reading.reasons}")

    def bare() -> None:
        CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()

    return _processor_seconds(ours), _processor_seconds(bare)


def _processor_seconds(act: Callable[[], None]) -> float:
    began = time.process_time()
    act()
    return time.process_time() - began


if __name__ == "__main__":
    print_table(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 1))
