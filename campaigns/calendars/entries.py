"""Rule: what someone typed into a calendar, and what is impossible about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from campaigns.calendar import Span
from campaigns.closed_dates import LEVELS, ClosedDates, Reach

LONGEST_NAME = 120
LONGEST_CLOSED = timedelta(days=366)
FREE, WORKED = "free", "worked"


class Fault(StrEnum):
    """What is wrong with one answer of a calendar's form."""

    DATE_MISSING = "date_missing"
    NAME_MISSING = "name_missing"
    KIND_MISSING = "kind_missing"
    NO_HOLIDAY = "no_holiday"
    ENDS_BEFORE_START = "ends_before_start"
    TOO_LONG = "too_long"
    REASON_MISSING = "reason_missing"
    REACH_MISSING = "reach_missing"
    LEVEL_MISSING = "level_missing"
    DISTRICT_MISSING = "district_missing"
    SCHOOLS_MISSING = "schools_missing"


@dataclass(frozen=True, slots=True)
class ClosedFor:
    """The answers that belong to each reach."""

    levels: frozenset[str] = frozenset()
    district_id: int | None = None
    school_ids: frozenset[int] = frozenset()


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


def read_closed_dates(
    form: Mapping[str, str],
    levels: Sequence[str] = (),
    schools: Sequence[str] = (),
    only: int | None = None,
) -> tuple[ClosedDates | None, dict[str, Fault]]:
    """Closed dates as typed, or None and what is wrong by field. `only` is the school where the form asks of no other.

    An empty last date means one day.
    """
    faults: dict[str, Fault] = {}
    first = read_date(form.get("from_date", ""))
    last = read_date(form.get("to_date", "")) if form.get("to_date") else first
    if first is None:
        faults["from_date"] = Fault.DATE_MISSING
    elif last is None:
        faults["to_date"] = Fault.DATE_MISSING
    elif last < first:
        faults["to_date"] = Fault.ENDS_BEFORE_START
    elif last - first > LONGEST_CLOSED:
        faults["to_date"] = Fault.TOO_LONG
    if not form.get("reason"):
        faults["reason"] = Fault.REASON_MISSING
    if only is not None:
        form, schools = {**form, "reach": Reach.SCHOOLS.value}, [str(only)]
    reach, chosen, wrong = _read_reach(form, levels, schools)
    faults |= wrong
    if faults or first is None or last is None or reach is None:
        return None, faults
    span = Span(first, last, form["reason"][:LONGEST_NAME])
    return ClosedDates(span, reach, chosen.levels, chosen.district_id, chosen.school_ids), {}


def _read_reach(
    form: Mapping[str, str], levels: Sequence[str], schools: Sequence[str]
) -> tuple[Reach | None, ClosedFor, dict[str, Fault]]:
    """Whom the dates concern; what was typed for another answer than the chosen one does not count."""
    match form.get("reach", ""):
        case Reach.ALL:
            return Reach.ALL, ClosedFor(), {}
        case Reach.LEVEL:
            known = frozenset(levels) & set(LEVELS)
            return Reach.LEVEL, ClosedFor(levels=known), {} if known else {"levels": Fault.LEVEL_MISSING}
        case Reach.DISTRICT:
            text = form.get("district", "")
            district = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
            wrong = {} if district else {"district": Fault.DISTRICT_MISSING}
            return Reach.DISTRICT, ClosedFor(district_id=district), wrong
        case Reach.SCHOOLS:
            ids = frozenset(
                int(text) for text in schools if text.isascii() and text.isdigit() and len(text) < 19
            )
            wrong = {} if ids else {"schools": Fault.SCHOOLS_MISSING}
            return Reach.SCHOOLS, ClosedFor(school_ids=ids), wrong
    return None, ClosedFor(), {"reach": Fault.REACH_MISSING}


def typed_closed_dates(dates: ClosedDates) -> tuple[dict[str, str], list[str], list[str]]:
    """Closed dates as the form shows them: answers by name, levels, schools."""
    form = {
        "from_date": dates.span.first.isoformat(),
        "to_date": dates.span.last.isoformat(),
        "reason": dates.span.name,
        "reach": dates.reach.value,
        "district": str(dates.district_id or ""),
    }
    return form, sorted(dates.levels), [str(school_id) for school_id in sorted(dates.school_ids)]


def read_date(text: str) -> date | None:
    """A date as browsers send it; years far from ours are typing errors."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2100 else None
