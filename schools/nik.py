"""What a NIK says: `PPKKCC DDMMYY SSSS`, a woman's day of birth being +40, and no check digit.

Source: PP 37/2007 art. 37. The number is for life: it does not follow a move and is not corrected when a birth
date is (PP 40/2019 art. 30), so what it says may differ from the register without being wrong.
"""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import lru_cache

from schools.regions import PROVINCES

NIK_LENGTH = 16
OLDEST_STUDENT = 25
"""Completed years. A number in a student's row that decodes to someone older is taken for a parent's."""


class NikFault(Enum):
    """Why sixteen characters cannot be a NIK."""

    NONDIGIT = "nondigit"
    LENGTH = "length"
    REGION_UNKNOWN = "region_unknown"
    DATE_INVALID = "date_invalid"
    SERIAL_ZERO = "serial_zero"


@dataclass(frozen=True, slots=True)
class NikParts:
    """What a sound NIK says: where first registered, born when, and 'L' or 'P'."""

    region: str
    birth_date: date
    sex: str
    serial: str


@lru_cache(maxsize=65536)
def birth_in(digits: str, year_now: int) -> tuple[date, str] | None:
    """Birth date and sex ('L' or 'P') in the six digits DDMMYY of a NIK, or None where they are no date.

    A two-digit year later than that of `year_now` belongs to the last century.
    """
    day, month, year = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    sex = "L"
    if day > 40:
        day, sex = day - 40, "P"
    century = year_now // 100 * 100
    full_year = century + year if year <= year_now % 100 else century - 100 + year
    try:
        return date(full_year, month, day), sex
    except ValueError:
        return None


def fault_of(nik: str, year_now: int) -> NikFault | None:
    """The first thing that makes `nik` (already stripped of blanks and separators) no NIK, or None."""
    if not (nik.isascii() and nik.isdigit()):
        return NikFault.NONDIGIT
    if len(nik) != NIK_LENGTH:
        return NikFault.LENGTH
    if nik[:2] not in PROVINCES:
        return NikFault.REGION_UNKNOWN
    if birth_in(nik[6:12], year_now) is None:
        return NikFault.DATE_INVALID
    if nik[12:] == "0000":
        return NikFault.SERIAL_ZERO
    return None


def parts_of(nik: str, year_now: int) -> NikParts | None:
    """What `nik` says, or None where it is no NIK."""
    if fault_of(nik, year_now) is not None:
        return None
    born = birth_in(nik[6:12], year_now)
    if born is None:
        return None
    return NikParts(region=nik[:6], birth_date=born[0], sex=born[1], serial=nik[12:])


def masked(nik: str) -> str:
    """The number as screens show it: the last two digits alone, for the rest is birth date and home."""
    return "•" * (len(nik) - 2) + nik[-2:] if len(nik) > 2 else "•" * len(nik)


def completed_years(born: date, on: date) -> int:
    """Age in completed years on a day, by calendar date; who is born on 29 February turns on 1 March."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
