"""Rule: what is marked in the workbook that goes back to a school, and the order it handles with the child that marks.

A cell is marked once for each thing found in it; what was found of a row as a whole has no column.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import NamedTuple

from imports.findings import Finding, Severity, Status
from imports.fixes import NewFix
from imports.roster import RosterRow


class Fault(NamedTuple):
    """One thing to mend (`is_grave`) or to look at. `code` is of Kind or FixReason; `row` counts from 1; `column` is
    the letter, or None for the row as a whole."""

    sheet: str | None
    row: int
    name: str
    column: str | None
    heading: str | None
    value: str | None
    code: str
    is_grave: bool
    earlier_sheet: str | None = None
    earlier_row: int | None = None


@dataclass(frozen=True, slots=True)
class BookOrder:
    """What a book is made of: the faults in the order of the list, the sentence and the advice of each code, the
    labels of the first sheet, and the lines above its table."""

    faults: tuple[Fault, ...]
    reasons: Mapping[str, str]
    remedies: Mapping[str, str]
    labels: Mapping[str, str]
    above: tuple[str, ...]


def faults_of(items: Sequence[NewFix], rows: Sequence[RosterRow]) -> tuple[Fault, ...]:
    """Everything to mend, then everything to look at, each in the order of the file.

    `items` are on the fix list, or would be; `rows` are all rows of the file as read, and tell the order too.
    """
    listed = {(item.sheet, item.row) for item in items}
    found = [fault for item in items for fault in _of_item(item)]
    for row in rows:
        if row.status is Status.WARNED and (row.sheet, row.row) not in listed:
            found += [_fault(row.name or "", finding, is_grave=False) for finding in row.findings]
    places = [(row.sheet, row.row) for row in rows] or [(fault.sheet, fault.row) for fault in found]
    order = {place: number for number, place in reversed(list(enumerate(places)))}
    last = len(places)
    return tuple(
        sorted(found, key=lambda fault: (not fault.is_grave, order.get((fault.sheet, fault.row), last)))
    )


def rows_in(faults: Iterable[Fault]) -> tuple[int, int]:
    """How many rows must be mended, and how many others are to be looked at."""
    grave: set[tuple[str | None, int]] = set()
    mild: set[tuple[str | None, int]] = set()
    for fault in faults:
        (grave if fault.is_grave else mild).add((fault.sheet, fault.row))
    return len(grave), len(mild - grave)


def order_text(order: BookOrder) -> str:
    """The order as text, for the child."""
    return json.dumps(asdict(order), ensure_ascii=False, separators=(",", ":"))


def order_of(text: str) -> BookOrder:
    """The order that `order_text` was given."""
    told = json.loads(text)
    return BookOrder(
        tuple(Fault(*fault) for fault in told["faults"]),
        told["reasons"],
        told["remedies"],
        told["labels"],
        tuple(told["above"]),
    )


def _of_item(item: NewFix) -> list[Fault]:
    told = {finding.kind.value for finding in item.findings}
    # a reason that no cell shows is one of the whole row
    faults = [
        Fault(item.sheet, item.row, item.name, None, None, None, reason, True)
        for reason in item.reasons
        if reason not in told
    ]
    faults += [
        _fault(item.name, finding, finding.kind.severity is Severity.REJECT) for finding in item.findings
    ]
    return faults


def _fault(name: str, finding: Finding, is_grave: bool) -> Fault:
    return Fault(
        finding.sheet,
        finding.row,
        name,
        finding.column,
        finding.heading,
        finding.value,
        finding.kind.value,
        is_grave,
        finding.earlier_sheet,
        finding.earlier_row,
    )
