"""Birth dates as schools write them: ISO, day or month first, month names, Excel serials, and place with date.

A numeric date that can be read two ways comes back with both: only its column can settle it.
"""

import re
from datetime import date, datetime, timedelta
from typing import NamedTuple

from imports.findings import Fix
from imports.sheets import Cell
from imports.values import BLANKS, QUOTES, as_typed, read_text, unwrapped


class Order(NamedTuple):
    """The two readings of a numeric date: day first and month first; None where that is no date."""

    day_first: date | None
    month_first: date | None
    slashed: bool


class Dated(NamedTuple):
    """A date read from a cell: `value`, or both readings in `order` where only the column can settle it.

    `blank` is True where the cell says nothing at all; neither blank nor a value means unreadable.
    """

    value: date | None
    fixes: tuple[Fix, ...]
    order: Order | None = None
    blank: bool = False


MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan jannuari",
            "februari february feb pebruari peb febuari",
            "maret march mar mrt",
            "april apr",
            "mei may",
            "juni june jun",
            "juli july jul",
            "agustus august agu ags agt aug agst",
            "september sep sept",
            "oktober october okt oct",
            "november nov nopember nop",
            "desember december des dec",
        ),
        start=1,
    )
    for name in names.split()
}
_ISO = re.compile(r"^([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[T ][0-9:.Z+]*)?$")
_NUMERIC_DATE = re.compile(
    r"^([0-9]{1,2})\s*([-/. ])\s*([0-9]{1,2})\s*[-/. ]\s*([0-9]{4}|[0-9]{2})(?:[T ][0-9:.]*)?$"
)
_NAMED_MONTH = re.compile(r"^([0-9]{1,2})[\s\-/.]*([A-Za-z]+)[\s\-/.,]*([0-9]{4}|[0-9]{2})$")
_MONTH_FIRST_NAMED = re.compile(
    r"^([A-Za-z]+)[\s\-/.]*([0-9]{1,2})(?:st|nd|rd|th)?[\s\-/.,]+([0-9]{4}|[0-9]{2})$"
)
_SERIAL = re.compile(r"^[0-9]{5}([.,]0+)?$")
_EIGHT = re.compile(r"^(19|20)([0-9]{2})([0-9]{2})([0-9]{2})$")
_WEEKDAY = re.compile(r"^(senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|ahad)\s*,\s*", re.I)

_EXCEL_EPOCH = date(1899, 12, 30)
"""Day 0 of Excel's calendar, as every date after February 1900 counts it."""
_FIRST_SERIAL = 14_611
"""1 January 1940. Smaller numbers are years, row numbers or nothing."""
_FIRST_YEAR = 1900


def _day(year: int, month: int, day: int, latest: date) -> date | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if year >= _FIRST_YEAR and found <= latest else None


def _full_year(text: str, latest: date) -> int:
    year = int(text)
    if len(text) == 4:
        return year
    century = latest.year // 100 * 100
    return century + year if year <= latest.year % 100 else century - 100 + year


_UNREADABLE = Dated(None, ())
_BLANK_DATE = Dated(None, (), None, True)


def _date_text(text: str, latest: date) -> Dated:
    iso = _ISO.match(text)
    if iso:
        return Dated(_day(int(iso[1]), int(iso[2]), int(iso[3]), latest), ())
    text, fixes = unwrapped(text)
    if text and text[0] in QUOTES:
        text = text[1:].strip()
        fixes.append(Fix.STRIP_APOSTROPHE)
    text = _WEEKDAY.sub("", text)
    if not text or text.casefold() in BLANKS or text.strip("0-/. :") == "":
        return _BLANK_DATE
    iso = _ISO.match(text)
    if iso:
        return Dated(_day(int(iso[1]), int(iso[2]), int(iso[3]), latest), tuple(fixes))
    eight = _EIGHT.match(text)
    if eight:
        return Dated(_day(int(eight[1] + eight[2]), int(eight[3]), int(eight[4]), latest), tuple(fixes))
    if _SERIAL.match(text):
        return _serial(float(text.replace(",", ".")), latest)
    named = _NAMED_MONTH.match(text)
    if named:
        month = MONTHS.get(named[2].casefold())
        day, year = named[1], named[3]
    else:
        named = _MONTH_FIRST_NAMED.match(text)
        month = MONTHS.get(named[1].casefold()) if named else None
        day, year = (named[2], named[3]) if named else ("0", "0")
    if named:
        fixes.append(Fix.MONTH_NAME_DATE)
        if len(year) == 2:
            fixes.append(Fix.TWO_DIGIT_YEAR)
        found = _day(_full_year(year, latest), month, int(day), latest) if month else None
        return Dated(found, tuple(fixes) if found else ())
    numeric = _NUMERIC_DATE.match(text)
    if numeric is None:
        return _UNREADABLE
    one, two, year = int(numeric[1]), int(numeric[3]), numeric[4]
    if len(year) == 2:
        fixes.append(Fix.TWO_DIGIT_YEAR)
    full = _full_year(year, latest)
    order = Order(_day(full, two, one, latest), _day(full, one, two, latest), numeric[2] == "/")
    if order.day_first is None and order.month_first is None:
        return _UNREADABLE
    return Dated(None, tuple(fixes), order)


def _serial(number: float, latest: date) -> Dated:
    days = int(number)
    if not _FIRST_SERIAL <= days <= (latest - _EXCEL_EPOCH).days:
        return _BLANK_DATE if number == 0 else _UNREADABLE
    return Dated(_EXCEL_EPOCH + timedelta(days=days), (Fix.EXCEL_SERIAL_DATE,))


def read_date(cell: Cell, latest: date) -> Dated:
    """A birth date from text, a date cell or an Excel serial; nothing after `latest` (the day of reading) is one."""
    kind = type(cell)
    if kind is str:
        return _date_text(cell, latest)  # type: ignore[arg-type]
    if kind is datetime:
        cell = cell.date()  # type: ignore[union-attr]
        kind = date
    if kind is date:
        if cell.year < _FIRST_YEAR or cell > latest:  # type: ignore[union-attr, operator]
            return _UNREADABLE
        return Dated(cell, (Fix.DATE_CELL,))  # type: ignore[arg-type]
    if kind is float or kind is int:
        text = as_typed(cell)
        if _EIGHT.match(text):
            return _date_text(text, latest)
        return _serial(cell, latest)  # type: ignore[arg-type]
    return _BLANK_DATE if cell is None else _UNREADABLE


_PLACE_THEN_DATE = re.compile(r"^(?P<place>\D*?)[\s,./\-;:]*(?P<date>[0-9].*)$", re.S)


def split_place_and_date(cell: Cell) -> tuple[str, Cell, bool]:
    """Place and date of one cell such as `Sukoharjo, 12 Maret 2009`, and whether there was anything to split."""
    if not isinstance(cell, str):
        return "", cell, False
    text = read_text(cell).value
    parts = _PLACE_THEN_DATE.match(text)
    if parts is None:
        return text, None, False
    place, written = parts["place"].strip(" ,./-;:"), parts["date"].strip()
    words = place.split()
    if words and words[-1].casefold() in MONTHS and re.match(r"^[0-9]{1,2}\D", written):
        # "Sukoharjo, March 12, 2009": the month stands before the day.
        place, written = " ".join(words[:-1]).strip(" ,"), f"{words[-1]} {written}"
    return place, written, bool(place)
