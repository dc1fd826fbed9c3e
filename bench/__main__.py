"""Runs the benchmarks: `python -m bench [name ...]`; each bench/<name>.py has a `measure() -> list[Figure]`.

One table of them all is printed, and kept in bench/results.md when all of them ran. Figures are ratios measured
side by side in one run wherever they can be, so that the machine matters little and is not named.
"""

from __future__ import annotations

import importlib
import platform
import sys
import traceback
from importlib.metadata import version
from pathlib import Path

from bench.figures import Figure, print_table
from common import clock
from common.database import sqlite_version

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results.md"
LIBRARIES = ("tornado", "peewee", "python-calamine", "openpyxl", "typst")


def names() -> list[str]:
    """The benchmarks there are: the modules here that say `def measure(`."""
    return [
        path.stem
        for path in sorted(HERE.glob("*.py"))
        if "\ndef measure(" in path.read_text(encoding="utf-8")
    ]


def results(figures: list[Figure], failed: list[str]) -> str:
    """What bench/results.md says about these figures."""
    lines = [
        "# Measured",
        "",
        f"On {clock.today().isoformat()} by `make bench`, Python {platform.python_version()}, "
        f"SQLite {'.'.join(map(str, sqlite_version()))}, "
        + ", ".join(f"{library} {version(library)}" for library in LIBRARIES)
        + ". Trust the ratios: both sides of each were measured in the same run.",
        "",
        "| figure | measured | bar | |",
        "|---|---:|---:|---|",
    ]
    lines += [row(figure) for figure in figures]
    lines += [f"| {name} | could not be measured | | |" for name in failed]
    return "\n".join(lines) + "\n"


def row(figure: Figure) -> str:
    """One line of the table; a figure without a bar is there to be compared with."""
    verdict = "" if figure.bar is None else "met" if figure.value <= figure.bar else "**short of it**"
    bar = "" if figure.bar is None else f"{figure.bar:g} {figure.unit}"
    value = f"{figure.value:.0f}" if figure.value >= 100 else f"{figure.value:.3g}"
    return f"| {figure.name} | {value} {figure.unit} | {bar} | {verdict} |"


def main(wanted: list[str]) -> int:
    """Measures all, or those named; 1 when one could not be measured, 2 for a name that is not there."""
    unknown = sorted(set(wanted) - set(names()))
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are {', '.join(names())}", file=sys.stderr)
        return 2
    figures: list[Figure] = []
    failed: list[str] = []
    for name in wanted or names():
        print(f"measuring {name}", file=sys.stderr, flush=True)
        try:
            figures += importlib.import_module(f"bench.{name}").measure()
        except Exception:  # one that fails must not cost the figures of the others
            traceback.print_exc()
            failed.append(name)
    print_table(figures)
    if not wanted:
        RESULTS.write_text(results(figures, failed), encoding="utf-8")
        print(f"kept in {RESULTS.relative_to(HERE.parent)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
