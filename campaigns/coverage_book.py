"""What stands in the workbook of the coverage: facts only. `coverage_book_writing` gives them words and cells.

The shapes keep a promise of data protection: a student's row has no field for a NIK, a birth date or an address, and
who may not see students has no rows of students at all (UU 27/2022).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from campaigns.coverage import Coverage
from campaigns.paper import Printed
from campaigns.slices import Slice
from campaigns.student_stands import Stand


@dataclass(frozen=True, slots=True)
class DistrictRow:
    """A district, how many schools it has, and its coverage."""

    name: str
    schools: int
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """A school and its coverage; a school without a roster has no students yet."""

    name: str
    npsn: str
    level: str
    is_public: bool
    district: str
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class ClassRow:
    """A class of a school and its coverage."""

    school: str
    npsn: str
    district: str
    name: str
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class StudentRow:
    """A student and where he or she stands. `outcome` is empty before any day.

    `last_day` is the recording day that decided it, `marked_on` the date of the newest mark, `next_day` the next place.
    """

    school: str
    npsn: str
    class_name: str
    name: str
    stand: Stand
    outcome: str
    is_voter: bool
    last_day: date | None
    marked_on: date | None
    next_day: date | None


@dataclass(frozen=True, slots=True)
class CoverageBook:
    """The coverage on every level. `students` is None where no student may be named, or none can (a past day).

    `part` and `on` say of which students and as of the end of which day (None: of the moment it was made); `home` and
    `district` are the names of the districts that were asked for.
    """

    office: str
    campaign: str
    part: Slice
    home: str
    district: str
    on: date | None
    made: Printed
    total: Coverage
    districts: tuple[DistrictRow, ...]
    schools: tuple[SchoolRow, ...]
    classes: tuple[ClassRow, ...]
    students: tuple[StudentRow, ...] | None
