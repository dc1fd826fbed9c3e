"""Students who are not on the list of a day: found by name, or still to be named by a coordinator."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from peewee import JOIN, Case

from campaigns.field.received import Quarantine
from campaigns.models import Booking, MarkRow
from campaigns.queries import day
from common.access import COORDINATOR, OFFICER, Missing, Who
from common.prepared import Prepared
from schools.models import School, Student
from schools.names import plain_name

MOST_FOUND = 8
FEWEST_LETTERS = 3
_ADDED = (Quarantine.WALK_IN.value, Quarantine.WRONG_SCHOOL.value)


@dataclass(frozen=True, slots=True)
class FoundStudent:
    """A student of the office by name, class and school: no NIK, no birth date."""

    id: int
    name: str
    class_name: str
    school_name: str
    is_of_the_school: bool


@dataclass(frozen=True, slots=True)
class WaitingWalkIn:
    """A student added on the spot who does not count yet: found in no list, or of another school."""

    uuid: str
    name: str
    class_name: str
    school_name: str
    """Of one who is of another school than the day's; else empty."""
    outcome: str


def students_by_name(who: Who, day_id: int, name: str) -> tuple[FoundStudent, ...]:
    """Active students in whose name every word is found; at most 8.

    First those with more of the words at the beginning of a name, then those of the day's school. Who has a place
    on the day is left out, and so is everything for fewer than three letters. Raises Missing.
    """
    if who.role not in (COORDINATOR, OFFICER):
        raise Missing
    card = day(who, day_id)
    words = plain_name(name).split()
    if sum(map(len, words)) < FEWEST_LETTERS:
        return ()
    called = Booking.select(Booking.student).where(Booking.day == day_id)
    found: Any = (
        Student.select(Student, School)
        .join(School)
        .where(Student.office == who.office_id, Student.status == "active", Student.id.not_in(called))
        .order_by(
            sum(Case(None, [(_begins(word), -1)], 0) for word in words),
            Case(None, [(Student.school == card.school_id, 0)], 1),
            Student.name_key,
            Student.id,
        )
        .limit(MOST_FOUND)
    )
    for word in words:
        found = found.where(Student.name_key.contains(word))
    return tuple(_found(student, card.school_id) for student in found)


def _begins(word: str) -> Any:
    return Student.name_key.startswith(word) | Student.name_key.contains(f" {word}")


def waiting_walk_ins(who: Who, day_id: int) -> tuple[WaitingWalkIn, ...]:
    """Those of a day who wait for a coordinator, in the order in which they came. Raises Missing."""
    card = day(who, day_id)
    return tuple(
        WaitingWalkIn(uuid, name, class_name, school if school_id != card.school_id else "", outcome)
        if name is not None
        else WaitingWalkIn(uuid, typed_name, typed_class, "", outcome)
        for uuid, outcome, typed_name, typed_class, name, class_name, school_id, school in _WALK_INS.rows(
            day=card.id
        )
    )


_WALK_INS = Prepared(
    lambda given: (
        MarkRow.select(
            MarkRow.uuid,
            MarkRow.outcome,
            MarkRow.walk_in_name,
            MarkRow.walk_in_class,
            Student.name,
            Student.class_name,
            School.id,
            School.name,
        )
        .join(Student, JOIN.LEFT_OUTER)
        .join(School, JOIN.LEFT_OUTER)
        .where(MarkRow.day == given("day"), MarkRow.quarantine.in_(_ADDED))
        .order_by(MarkRow.id)
    )
)


def candidates(who: Who, day_id: int, name: str, class_name: str) -> tuple[FoundStudent, ...]:
    """Who a student typed by an officer may be: a word of the name in common, the likelier first; at most 8.

    Likelier is who shares more words of the name, is of the day's school, and of the class. Raises Missing.
    """
    card = day(who, day_id)
    words = plain_name(name).split()
    if not who.is_coordinator:
        raise Missing
    if not words:
        return ()
    likely: Any = (
        Student.select(Student, School)
        .join(School)
        .where(
            Student.office == who.office_id,
            Student.status == "active",
            reduce(or_, (Student.name_key.contains(word) for word in words)),
        )
        .order_by(
            sum(Case(None, [(Student.name_key.contains(word), -1)], 0) for word in words),
            Case(None, [(Student.school == card.school_id, 0)], 1),
            Case(None, [(Student.class_name == class_name, 0)], 1),
            Student.id,
        )
        .limit(MOST_FOUND)
    )
    return tuple(_found(student, card.school_id) for student in likely)


def _found(student: Any, school_id: int) -> FoundStudent:
    return FoundStudent(
        student.id, student.name, student.class_name, student.school.name, student.school_id == school_id
    )
