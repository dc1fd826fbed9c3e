"""Who of a school needs a place, on which days, and who has one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from campaigns.attendance import DUE_A_RETAKE
from campaigns.eligibility import turns
from campaigns.models import Booking, RecordingDay, StandingRow
from campaigns.places import DayForSchool, Place, Places, StudentToPlace, Unplaced, places_for
from campaigns.queries import LIVE_STATES, CutOffs, campaign, in_target, is_voter
from common import clock
from common.access import SCHOOL_ADMIN, Who
from common.database import rows_of
from schools.models import Student

# a day in one of these is announced and not begun: its list can still grow
GROWING_STATES = ("proposed", "change_asked", "confirmed")


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place as screens and the call list show it: no NIK, no birth date."""

    student_id: int
    number: int
    starts: str
    name: str
    class_name: str


@dataclass(frozen=True, slots=True)
class UnplacedRow:
    """A student without a place, why (a NoPlace), and from when old enough."""

    name: str
    class_name: str
    reason: str
    recordable_from: date


@dataclass(frozen=True, slots=True)
class Seating:
    """A school's places as they are and as they would be after giving places to newcomers."""

    days: tuple[DayForSchool, ...]
    before: tuple[Place, ...]
    after: Places


def seating_of(who: Who, campaign_id: int, school_id: int) -> Seating:
    """The places of a school's announced days, and what giving places would make of them. Raises Missing."""
    card = campaign(who, campaign_id)
    today = clock.today(who.time_zone)
    rows = RecordingDay.select().where(
        RecordingDay.campaign == campaign_id,
        RecordingDay.office == who.office_id,
        RecordingDay.school == school_id,
        RecordingDay.kind == "school",
        RecordingDay.state.in_(GROWING_STATES),
        RecordingDay.date >= today,
    )
    days = tuple(
        DayForSchool(
            row.id,
            row.date,
            time.fromisoformat(row.starts_at),
            time.fromisoformat(row.ends_at),
            row.capacity,
        )
        for row in rows
    )
    day_ids = [day.id for day in days]
    booked = Booking.select(Booking.student, Booking.day, Booking.queue_number, Booking.slot)
    before = tuple(
        Place(student_id, day_id, number, time.fromisoformat(slot))
        for student_id, day_id, number, slot in rows_of(booked.where(Booking.day.in_(day_ids)))
    )
    # Only this school's: without that each of hundreds of schools would read every booking of the programme.
    pupil = Student.alias()
    elsewhere = (
        Booking.select(Booking.student)
        .join(RecordingDay)
        .switch(Booking)
        .join(pupil, on=(Booking.student == pupil.id))
        .where(
            pupil.school == school_id,
            RecordingDay.campaign == campaign_id,
            RecordingDay.state.in_(LIVE_STATES),
            RecordingDay.id.not_in(day_ids),
        )
    )
    called = (
        StandingRow.select(StandingRow.student)
        .join(pupil, on=(StandingRow.student == pupil.id))
        .where(pupil.school == school_id, StandingRow.campaign == campaign_id)
    )
    # Called again to one of these very days: such a place is kept like any other.
    called_again = (
        StandingRow.select(StandingRow.student)
        .join(Booking, on=(Booking.student == StandingRow.student))
        .where(
            StandingRow.campaign == campaign_id,
            StandingRow.outcome.in_([outcome.value for outcome in DUE_A_RETAKE]),
            Booking.day.in_(day_ids),
        )
    )
    cut_offs = CutOffs.of(card)
    facts = (Student.id, Student.class_name, Student.name, Student.birth_date, is_voter(cut_offs))
    students = Student.select(*facts).where(
        Student.office == who.office_id,
        Student.school == school_id,
        in_target(cut_offs),
        (Student.id.not_in(elsewhere) & Student.id.not_in(called)) | Student.id.in_(called_again),
    )
    waiting = [
        StudentToPlace(student_id, class_name, name, turns(birth_date, card.record_age), bool(votes))
        for student_id, class_name, name, birth_date, votes in rows_of(students)
    ]
    return Seating(days, before, places_for(waiting, days, before))


def unplaced_rows(who: Who, unplaced: Sequence[Unplaced]) -> tuple[UnplacedRow, ...]:
    """The names of those who have no place, in the order given."""
    ids = [one.student for one in unplaced]
    found = {
        student.id: student
        for student in Student.select(Student.id, Student.name, Student.class_name).where(
            Student.office == who.office_id, Student.id.in_(ids)
        )
    }
    return tuple(
        UnplacedRow(
            found[one.student].name,
            found[one.student].class_name,
            one.reason.value,
            one.recordable_from,
        )
        for one in unplaced
        if one.student in found
    )


def place_rows(who: Who, day_id: int) -> tuple[PlaceRow, ...]:
    """The places of a day by queue number; the day must be one that `who` was let see.

    A school admin sees the own school's students alone, whoever else comes that day.
    """
    rows = (
        Booking.select(Booking, Student)
        .join(Student)
        .where(Booking.day == day_id, Student.office == who.office_id)
        .order_by(Booking.queue_number)
    )
    if who.role == SCHOOL_ADMIN:
        rows = rows.where(Student.school == who.school_id)
    return tuple(
        PlaceRow(row.student_id, row.queue_number, row.slot, row.student.name, row.student.class_name)
        for row in rows
    )
