"""Reads one field of a planning problem at a time, and names the field that is wrong.

`at` is always the field's place in the file, as in `schools[3].voters`; every function raises ProblemError
with it.
"""

import difflib
from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar

from campaigns.calendar import Span

WEEKDAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

T = TypeVar("T")


class Wrong(StrEnum):
    """What can be wrong with a field."""

    NOT_JSON = "not_json"
    MISSING = "missing"
    NOT_AN_OBJECT = "not_an_object"
    NOT_A_LIST = "not_a_list"
    NOT_A_DATE = "not_a_date"
    NOT_A_WEEKDAY = "not_a_weekday"
    NOT_A_WHOLE_NUMBER = "not_a_whole_number"
    NOT_A_NUMBER = "not_a_number"
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    NOT_A_NAME = "not_a_name"
    NOT_A_NETWORK = "not_a_network"
    NAMED_TWICE = "named_twice"
    UNKNOWN = "unknown"
    ENDS_BEFORE_IT_STARTS = "ends_before_it_starts"
    MORE_VOTERS_THAN_STUDENTS = "more_voters_than_students"
    MISSPELT = "misspelt"


# Read by whoever installs or scripts the program, so English like every message of the command line.
_IN_WORDS = {
    Wrong.NOT_JSON: "is not readable as JSON",
    Wrong.MISSING: "is missing",
    Wrong.NOT_AN_OBJECT: "must be an object {...}",
    Wrong.NOT_A_LIST: "must be a list [...]",
    Wrong.NOT_A_DATE: "must be a date like 2026-08-12",
    Wrong.NOT_A_WEEKDAY: "must be one of mon, tue, wed, thu, fri, sat, sun",
    Wrong.NOT_A_WHOLE_NUMBER: "must be a whole number",
    Wrong.NOT_A_NUMBER: "must be a number",
    Wrong.TOO_SMALL: "is too small",
    Wrong.TOO_LARGE: "is too large",
    Wrong.NOT_A_NAME: "must be a text or a whole number, and not empty",
    Wrong.NOT_A_NETWORK: "must be good, poor or unknown",
    Wrong.NAMED_TWICE: "is there twice",
    Wrong.UNKNOWN: "is not among those listed",
    Wrong.ENDS_BEFORE_IT_STARTS: "is before the date it starts from",
    Wrong.MORE_VOTERS_THAN_STUDENTS: "is more than the target",
    Wrong.MISSPELT: "is not a field of the problem; a field with a name much like it is",
}


class ProblemError(ValueError):
    """The problem cannot be planned because a field is wrong: `field` is its place, `wrong` the kind."""

    def __init__(self, field: str, wrong: Wrong) -> None:
        self.field = field
        self.wrong = wrong
        super().__init__(f"{field} {_IN_WORDS[wrong]}")


def object_at(value: Any, at: str) -> dict[str, Any]:
    """The value as an object."""
    if not isinstance(value, dict):
        raise ProblemError(at, Wrong.NOT_AN_OBJECT)
    return value


def required(fields: dict[str, Any], name: str, before: str = "") -> Any:
    """The field, which must be there."""
    if fields.get(name) is None:
        raise ProblemError(before + name, Wrong.MISSING)
    return fields[name]


def list_in(fields: dict[str, Any], name: str, before: str = "") -> list[Any]:
    """The field as a list; absent means none."""
    value = fields.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise ProblemError(before + name, Wrong.NOT_A_LIST)
    return value


def rows_in(fields: dict[str, Any], name: str, read: Callable[[dict[str, Any], str], T]) -> tuple[T, ...]:
    """Every object of a list, read."""
    rows = list_in(fields, name)
    return tuple(read(object_at(row, f"{name}[{n}]"), f"{name}[{n}]") for n, row in enumerate(rows))


def date_at(value: Any, at: str) -> date:
    """A date written YYYY-MM-DD, and in no other of the ways ISO 8601 knows."""
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ProblemError(at, Wrong.NOT_A_DATE) from None
    if day.isoformat() != value:
        raise ProblemError(at, Wrong.NOT_A_DATE)
    return day


def from_to(value: Any, at: str) -> tuple[date, date]:
    """The dates of {"from", "to"}, in order."""
    fields = object_at(value, at)
    first = date_at(required(fields, "from", f"{at}."), f"{at}.from")
    last = date_at(required(fields, "to", f"{at}."), f"{at}.to")
    if last < first:
        raise ProblemError(f"{at}.to", Wrong.ENDS_BEFORE_IT_STARTS)
    return first, last


def span_at(value: Any, at: str) -> Span:
    """The dates of ["from", "to"], or of a single date."""
    if isinstance(value, str):
        return Span(date_at(value, at), date_at(value, at))
    if not isinstance(value, list) or len(value) != 2:
        raise ProblemError(at, Wrong.NOT_A_DATE)
    first, last = date_at(value[0], f"{at}[0]"), date_at(value[1], f"{at}[1]")
    if last < first:
        raise ProblemError(f"{at}[1]", Wrong.ENDS_BEFORE_IT_STARTS)
    return Span(first, last)


def weekdays_at(value: Any, at: str) -> frozenset[int]:
    """Weekday names as numbers, Monday 0."""
    if not isinstance(value, list):
        raise ProblemError(at, Wrong.NOT_A_LIST)
    for n, name in enumerate(value):
        if name not in WEEKDAY_NAMES:
            raise ProblemError(f"{at}[{n}]", Wrong.NOT_A_WEEKDAY)
    return frozenset(WEEKDAY_NAMES.index(name) for name in value)


def whole_number(value: Any, at: str, least: int) -> int:
    """A whole number of at least so many. True is not a number, although Python counts with it."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ProblemError(at, Wrong.NOT_A_WHOLE_NUMBER)
    if value < least:
        raise ProblemError(at, Wrong.TOO_SMALL)
    if value > 10_000_000:
        raise ProblemError(at, Wrong.TOO_LARGE)
    return value


def rate_at(value: Any, at: str) -> Fraction:
    """Students per kit per day, above 0, as exact as it was written."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ProblemError(at, Wrong.NOT_A_NUMBER)
    if not value > 0:
        raise ProblemError(at, Wrong.TOO_SMALL)
    if value > 100_000:
        raise ProblemError(at, Wrong.TOO_LARGE)
    return Fraction(str(value))


def seconds_at(value: Any, at: str) -> float:
    """A number of seconds, 0 or more."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ProblemError(at, Wrong.NOT_A_NUMBER)
    if not value >= 0:
        raise ProblemError(at, Wrong.TOO_SMALL)
    if value > 86_400:
        raise ProblemError(at, Wrong.TOO_LARGE)
    return float(value)


def name_at(value: Any, at: str) -> int | str:
    """An id: a text or a whole number."""
    if isinstance(value, bool) or not isinstance(value, int | str) or value == "":
        raise ProblemError(at, Wrong.NOT_A_NAME)
    return value


def refuse_misspelt(fields: dict[str, Any], known: Sequence[str], before: str) -> None:
    """Refuse a field that is almost one we know: `lockd` read past in silence would move days that were promised."""
    for name in fields:
        if name not in known and difflib.get_close_matches(name, known, n=1, cutoff=0.8):
            raise ProblemError(before + name, Wrong.MISSPELT)


def refuse_twice(names: Sequence[Any], at: str, after: str) -> None:
    """Refuse a list in which something is named twice."""
    seen = set()
    for n, name in enumerate(names):
        if name in seen:
            raise ProblemError(f"{at}[{n}]{after}", Wrong.NAMED_TWICE)
        seen.add(name)
