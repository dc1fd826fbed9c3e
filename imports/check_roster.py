"""`server.py check-roster FILE [--as-of YYYY-MM-DD] [--json] [--lang id|en]`: what is in a roster, without a database.

Prints what would be taken in and what would not, and why. Exits 0 where the file can be imported, 1 where it is
refused, 2 where the command was used wrongly. The file is read in the same sandbox as an upload.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, NoReturn, TextIO

from common.clock import today
from common.i18n import DEFAULT_LANGUAGE, LANGUAGES, N_, translator
from imports.findings import Action, Finding, Kind, Status
from imports.reading import Reading, read_in_sandbox, roster_sandbox
from imports.roster import RosterRow
from imports.sentences import ACTIONS, SENTENCES

READ, REFUSED, WRONG_USE = 0, 1, 2


class _Parser(argparse.ArgumentParser):
    """argparse that says how the command is used in the person's words."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        print(message, file=sys.stderr)
        raise SystemExit(WRONG_USE)


def main(argv: Sequence[str]) -> int:
    """Run the command with the words after `check-roster`; the exit code."""
    parser = _Parser(prog="server.py check-roster", description=__doc__)
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument("--as-of", metavar="YYYY-MM-DD", type=date.fromisoformat, default=None)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--lang", choices=[code for code, _ in LANGUAGES], default=DEFAULT_LANGUAGE)
    try:
        asked = parser.parse_args(list(argv))
    except SystemExit as stopped:
        return WRONG_USE if stopped.code else READ
    words = translator(asked.lang).gettext
    try:
        with roster_sandbox(at_once=1) as sandbox:
            reading = read_in_sandbox(sandbox, asked.file, asked.file.name, asked.as_of or today())
    except OSError:
        print(words(N_("The file %(file)s cannot be opened.")) % {"file": asked.file}, file=sys.stderr)
        return WRONG_USE
    if asked.json:
        json.dump(as_json(reading), sys.stdout, ensure_ascii=False)
        print()
    else:
        _print_for_a_person(reading, asked.lang, sys.stdout)
    return REFUSED if reading.action is Action.REFUSE else READ


def as_json(reading: Reading) -> dict[str, Any]:
    """The reading as issue trackers, scripts and other offices' programs take it: codes and plain values."""
    counts = reading.counts
    return {
        "action": reading.action.value,
        "reasons": [kind.value for kind in reading.reasons],
        "counts": {
            "rows": counts.rows,
            "persons": counts.persons,
            "accepted": counts.accepted,
            "warned": counts.warned,
            "rejected": counts.rejected,
            "skipped": counts.skipped,
        },
        "rows": [_row_as_json(row) for row in reading.rows],
    }


def _row_as_json(row: RosterRow) -> dict[str, Any]:
    return {
        "sheet": row.sheet,
        "row": row.row,
        "status": row.status.value,
        "reasons": [kind.value for kind in row.reasons],
        "fixes": [fix.value for fix in row.fixes],
        "values": None
        if row.status is Status.SKIPPED
        else {
            "nama": row.name,
            "nik": row.nik,
            "nisn": row.nisn,
            "jk": row.sex,
            "tempat_lahir": row.birth_place,
            "tanggal_lahir": row.birth_date.isoformat() if row.birth_date else None,
            "rombel": row.class_name,
        },
    }


def _print_for_a_person(reading: Reading, language: str, out: TextIO) -> None:
    words = translator(language).gettext
    print(words(ACTIONS[reading.action]), file=out)
    for kind in reading.reasons:
        print(f"  {words(SENTENCES[kind])}", file=out)
    if reading.action is Action.REFUSE:
        return
    if reading.school:
        print(words(N_("School in the file: %(school)s")) % {"school": reading.school}, file=out)
    counts = reading.counts
    print(
        words(
            N_(
                "%(persons)s students in %(rows)s rows: %(accepted)s accepted, %(warned)s with a warning, "
                "%(rejected)s rejected; %(skipped)s rows are no student."
            )
        )
        % {name: _figure(getattr(counts, name), language) for name in counts.__slots__},
        file=out,
    )
    for status, title in (
        (Status.REJECTED, N_("Rejected, to be mended by the school:")),
        (Status.WARNED, N_("With a warning:")),
    ):
        rows = [row for row in reading.rows if row.status is status]
        if rows:
            print(f"\n{words(title)}", file=out)
        for row in rows:
            place = words(N_("row %(row)s")) % {"row": row.row}
            if row.sheet is not None and len(reading.sheets) > 1:
                place = f"{row.sheet}, {place}"
            for finding in row.findings:
                print(f"  {place}, {row.name or '?'}: {_finding_line(finding, language)}", file=out)
    columns = sorted({f"{column.letter} {column.heading}" for column in reading.unsure_columns})
    if columns:
        unsure = words(N_("Columns that were not recognised for certain:"))
        print(f"\n{unsure}", file=out)
        for column in columns:
            print(f"  {column}", file=out)


def _finding_line(finding: Finding, language: str) -> str:
    words = translator(language).gettext
    line = words(SENTENCES[finding.kind])
    typed = finding.value
    if typed and finding.kind not in (Kind.NIK_PARENT_SUSPECT, Kind.DUPLICATE_ROW):
        line += " " + words(N_("Column %(column)s: %(value)s")) % {
            "column": finding.column,
            "value": repr(typed),
        }
    if finding.earlier_row is not None:
        line += " " + words(N_("See row %(row)s.")) % {"row": finding.earlier_row}
    return line


def _figure(number: int, language: str) -> str:
    grouped = f"{number:,}"
    return grouped.replace(",", ".") if language == "id" else grouped
