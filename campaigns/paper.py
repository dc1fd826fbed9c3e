"""What stands on each printed page: facts only. `campaigns.printing` gives them words, a look and a PDF.

The shapes keep a promise of data protection: what has no field here cannot reach the paper (UU 27/2022).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

# No word may push into the next column: a run of letters longer than this may be broken. The longest single
# names met in rosters have 14 letters.
_LONG_WORD = re.compile(r"\S{18}(?=\S)")
_BREAK_HERE = "\u200b"

# Widths in em that no letter of Source Sans exceeds; capitals and everything not named here are at most 0.72.
_WIDE = {"I": 0.35, " ": 0.25, **dict.fromkeys("0123456789", 0.55), **dict.fromkeys("MW@%mw&", 0.95)}
_WIDE |= dict.fromkeys("abcdefghijklnopqrstuvxyz.,'-", 0.62)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who sends the paper: the parent government, the office, where it is, how it is reached."""

    government: str
    office: str
    address: str
    contact: str = ""


@dataclass(frozen=True, slots=True)
class PrintedSchool:
    """The school as it is named on paper; `district` is the bare name (`Sukoharjo`, not `Kec. Sukoharjo`)."""

    name: str
    npsn: str
    district: str


@dataclass(frozen=True, slots=True)
class Printed:
    """Who printed a page and when; `at` is the office's wall clock with its zone (`common.clock.local`)."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DayListRow:
    """One student of the team's list. `nik` in full; `note` is printed where the officer writes remarks.

    `school` names the student's own school on a day that several schools share, and is empty on every other day.
    """

    number: int
    starts: time
    name: str
    class_name: str
    birth_date: date | None
    nik: str
    note: str = ""
    school: str = ""


@dataclass(frozen=True, slots=True)
class DayListPage:
    """The team's list of one recording day. `address` is the day's page, put in the QR code.

    `school` is where the team works; on a shared day the rows stand school by school and each names its own.
    """

    letterhead: Letterhead
    school: PrintedSchool
    team: str
    kits: int
    date: date
    day_number: int
    day_count: int
    rows: tuple[DayListRow, ...]
    address: str
    printed: Printed
    retake: bool = False
    venue: str = ""


@dataclass(frozen=True, slots=True)
class CallListRow:
    """One student of the school's list: there is no place here for a NIK or a birth date."""

    number: int
    starts: time
    name: str
    class_name: str


@dataclass(frozen=True, slots=True)
class CallListPage:
    """A school's list for calling its own students, class by class; `page_per_class` gives each class its own sheet.

    `venue` is named when the students go somewhere else than to their school.
    """

    letterhead: Letterhead
    school: PrintedSchool
    team: str
    date: date
    day_number: int
    day_count: int
    rows: tuple[CallListRow, ...]
    printed: Printed
    retake: bool = False
    venue: str = ""
    page_per_class: bool = False


@dataclass(frozen=True, slots=True)
class SharedCallLists:
    """The call lists of a day that several schools share: each school gets its own sheets and no other's."""

    lists: tuple[CallListPage, ...]


@dataclass(frozen=True, slots=True)
class LetterDay:
    """One day named in the letter to the school; `before` is the day as the school was told it last, `note` why."""

    date: date
    starts: time
    team: str
    students: int
    before: LetterDay | None = None
    note: str = ""


class LetterKind(StrEnum):
    """What a letter tells: days that come, days that are not as they were told, days that do not come."""

    ANNOUNCED = "announced"
    CHANGED = "changed"
    CALLED_OFF = "called_off"


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs for the office; `number` is the civil servant's NIP. What is empty is left to be written by hand."""

    title: str
    name: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class SchoolLetterPage:
    """The letter (*surat pemberitahuan*) that tells a school which days the team comes, or what became of them."""

    letterhead: Letterhead
    school: PrintedSchool
    letter_number: str
    place: str
    date: date
    days: tuple[LetterDay, ...]
    contact_name: str
    contact_phone: str
    signer: Signer
    printed: Printed
    kind: LetterKind = LetterKind.ANNOUNCED


@dataclass(frozen=True, slots=True)
class MinutesRow:
    """What came of one class, in figures: planned, then the outcomes in the order of `MinutesPage.outcomes`."""

    class_name: str
    planned: int
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MinutesPage:
    """The official minutes (*berita acara*) of a closed day: counts and places to sign, and no student's name.

    `outcomes` are `campaigns.attendance.Outcome` values, the columns; `men` and `women` the sums by sex.
    """

    letterhead: Letterhead
    school: PrintedSchool
    team: str
    kits: int
    date: date
    venue: str
    retake: bool
    outcomes: tuple[str, ...]
    rows: tuple[MinutesRow, ...]
    total: MinutesRow
    men: MinutesRow
    women: MinutesRow
    printed: Printed


def plain(text: str) -> str:
    """The text on one line without control marks, which could turn the direction of what stands beside it."""
    if text.isprintable():
        return text
    spaced = " ".join(text.split())
    return "".join(
        sign for sign in spaced if sign == _BREAK_HERE or unicodedata.category(sign) not in ("Cc", "Cf", "Cs")
    )


def fits(text: str, width: float) -> bool:
    """Whether the text surely takes one line of `width` em, judged by letters no narrower than the font's boldest used.

    A row that surely fits is given its height beforehand, which spares the typesetter a quarter of its time.
    """
    return text.isascii() and text.isprintable() and sum(_WIDE.get(sign, 0.72) for sign in text) <= width


def breakable(text: str) -> str:
    """The text for a narrow cell: a run of letters longer than any real name may be broken across lines."""
    return _LONG_WORD.sub(lambda found: f"{found[0]}{_BREAK_HERE}", text)
