"""Rule: what someone typed into a calendar, and what is impossible about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

LONGEST_NAME = 120
FREE, WORKED = "free", "worked"


class Fault(StrEnum):
    """What is wrong with one answer of a calendar's form."""

    DATE_MISSING = "date_missing"
    NAME_MISSING = "name_missing"
    KIND_MISSING = "kind_missing"
    NO_HOLIDAY = "no_holiday"


@dataclass(frozen=True, slots=True)
class OfficeDate:
    """A date as the office has it: free with a name, or a holiday that is worked after all with the reason."""

    date: date
    is_free: bool
    name: str


def read_office_date(
    form: Mapping[str, str], is_holiday: bool, on: date | None = None
) -> tuple[OfficeDate | None, dict[str, Fault]]:
    """The entry, or None and what is wrong by field. `on` is the date where the form does not ask for it.

    Only a date that the state closed (`is_holiday`) can be worked after all.
    """
    faults: dict[str, Fault] = {}
    day = on or read_date(form.get("date", ""))
    kind, name = form.get("kind", ""), form.get("name", "")[:LONGEST_NAME]
    if day is None:
        faults["date"] = Fault.DATE_MISSING
    if kind not in (FREE, WORKED):
        faults["kind"] = Fault.KIND_MISSING
    elif kind == WORKED and not is_holiday:
        faults["kind"] = Fault.NO_HOLIDAY
    if not name:
        faults["name"] = Fault.NAME_MISSING
    if faults or day is None:
        return None, faults
    return OfficeDate(day, kind == FREE, name), {}


def read_date(text: str) -> date | None:
    """A date as browsers send it; years far from ours are typing errors."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2100 else None
