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

# Widths in hundredths of an em of the signs from space to tilde, each of the widest of Source Sans regular, semibold
# and bold: what they add up to is never less than what is set.
_ASCII = (
    "20 34 54 53 53 86 67 30 35 35 46 53 30 34 30 35 53 53 53 53 53 53 53 53 53 53 30 30 53 53 53 47 91 "
    "58 61 59 64 55 53 64 68 31 51 62 52 77 67 69 60 69 62 56 56 67 56 82 57 53 55 35 35 35 53 50 56 53 "
    "58 47 58 52 35 54 58 28 28 55 29 86 58 56 58 58 40 45 39 57 53 78 52 53 46 35 27 35 53 "
)
_WIDE = {chr(32 + place): int(width) / 100 for place, width in enumerate(_ASCII.split())}
_LAST_JUDGED = 0x24F  # the last of the Latin letters that are at most 1 em wide


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


def place_of_day(kind: str, school_name: str, venue: str) -> str:
    """Where students come on a day of that kind: the office, or the school that has them; nowhere on a home visit."""
    if kind == "home":
        return ""
    return venue if kind == "office" else " · ".join(part for part in (school_name, venue) if part)


@dataclass(frozen=True, slots=True)
class LetterDay:
    """One day named in the letter to the school; `before` is the day as the school was told it last, `note` why.

    On a retake come those called again, `guests` of them from other schools; `place` is where students go when it is
    not their own school.
    """

    date: date
    starts: time
    team: str
    students: int
    before: LetterDay | None = None
    note: str = ""
    is_retake: bool = False
    place: str = ""
    guests: int = 0


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
    """Whether the text surely takes one line of `width` em, judged by the widths of the boldest letters used.

    A row that surely fits is given its height beforehand, which spares the typesetter a quarter of its time.
    """
    return text.isascii() and text.isprintable() and sum(map(_WIDE.__getitem__, text)) <= width


def lines_in(text: str, width: float, room: float = 7 / 6) -> int:
    """Lines that the text surely needs no more of: 1 at its full size, 2 in a type `room` times smaller, 3 for more.

    `width` in em of the full size. Letters that are not judged (Chinese, say) make it 3.
    """
    if fits(text, width):
        return 1
    lines, left = 1, 0.0
    for word in breakable(text).replace(_BREAK_HERE, " ").split():
        if any(ord(sign) > _LAST_JUDGED and sign not in "\u2018\u2019" for sign in word):
            return 3
        needed = sum(_WIDE.get(sign, 1.0) for sign in word)
        if needed > room * width:
            return 3
        if left and needed + _WIDE[" "] > left:
            lines, left = lines + 1, 0.0
        left = (left - _WIDE[" "] if left else room * width) - needed
    return min(lines, 3)


def breakable(text: str) -> str:
    """The text for a narrow cell: a run of letters longer than any real name may be broken across lines."""
    return _LONG_WORD.sub(lambda found: f"{found[0]}{_BREAK_HERE}", text)
