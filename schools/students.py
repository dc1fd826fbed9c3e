"""Rule: what the office keeps of a student, and which facts differ."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class StudentFacts(NamedTuple):
    """What the office keeps of a student; everything else in a roster is dropped when the file is read.

    A tuple by kind and not a dataclass, for a roster makes 20,000 of them and this is a fifth of the cost.
    """

    name: str
    birth_date: date
    nik: str | None = None
    nisn: str | None = None
    sex: str = ""  # 'L' (male), 'P' (female), '' unknown
    birth_place: str = ""
    class_name: str = ""
    address: str = ""
    home_district: str = ""
    special_needs: str = ""
    is_married: bool = False
    recorded_before: bool = False


FACT_NAMES = StudentFacts._fields


class KnownStudent(NamedTuple):
    """A student the office knows, as matching compares a roster's row with it."""

    id: int
    school_id: int
    status: str
    facts: StudentFacts


@dataclass(frozen=True, slots=True)
class StudentChanges:
    """What a confirmed roster does to the students of one school.

    `update` holds (student id, facts after); `move` the same of students who were at another school of the office.
    """

    create: tuple[StudentFacts, ...] = ()
    update: tuple[tuple[int, StudentFacts], ...] = ()
    move: tuple[tuple[int, StudentFacts], ...] = ()


def changed_fields(before: StudentFacts, after: StudentFacts) -> tuple[str, ...]:
    """The names of the facts that differ, in the order of StudentFacts."""
    return tuple(name for name, old, new in zip(FACT_NAMES, before, after, strict=True) if old != new)
