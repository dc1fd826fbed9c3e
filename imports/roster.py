"""A row of a roster as read and judged: the shape that everything after the reading works with."""

from datetime import date
from typing import NamedTuple

from imports.findings import Finding, Fix, Kind, Status
from schools.nik import birth_in


class RosterRow(NamedTuple):
    """One row of a roster as read and judged; the only columns of a school's file that leave the reading process.

    A tuple by kind and not a dataclass, for 20,000 of them cross a process border and this is a fifth of the cost.
    `row` is the physical row counted from 1; `values` that were rejected are None and stand as typed in `findings`.
    `recorded` and `married` are None where the list does not say.
    """

    sheet: str | None
    row: int
    status: Status
    reasons: tuple[Kind, ...]
    fixes: tuple[Fix, ...]
    name: str | None = None
    nik: str | None = None
    nisn: str | None = None
    sex: str | None = None
    birth_place: str | None = None
    birth_date: date | None = None
    class_name: str | None = None
    address: str | None = None
    village: str | None = None
    home_district: str | None = None
    special_needs: str | None = None
    recorded: bool | None = None
    married: bool | None = None
    status_text: str | None = None
    npsn: str | None = None
    school: str | None = None
    findings: tuple[Finding, ...] = ()


def known_birth_date(row: RosterRow, as_of: date) -> date | None:
    """The birth date of a row, taken from its NIK where the list has no column for it; None where neither says."""
    if row.birth_date is not None or row.nik is None:
        return row.birth_date
    born = birth_in(row.nik[6:12], as_of.year)
    return born[0] if born else None
