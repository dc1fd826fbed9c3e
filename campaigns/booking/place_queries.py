"""Who of a school needs a place, on which days, and who has one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from campaigns.eligibility import turns
from campaigns.models import Booking, RecordingDay, StandingRow
from campaigns.places import DayForSchool, Place, Places, StudentToPlace, Unplaced, places_for
from campaigns.queries import LIVE_STATES, CutOffs, campaign, in_target
from common import clock
from common.access import Who
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
    before = tuple(
        Place(row.student_id, row.day_id, row.queue_number, time.fromisoformat(row.slot))
        for row in Booking.select().where(Booking.day.in_(day_ids))
    )
    elsewhere = (
        Booking.select(Booking.student)
        .join(RecordingDay)
        .where(
            RecordingDay.campaign == campaign_id,
            RecordingDay.state.in_(LIVE_STATES),
            RecordingDay.id.not_in(day_ids),
        )
    )
    called = StandingRow.select(StandingRow.student).where(StandingRow.campaign == campaign_id)
    students = Student.select().where(
        Student.office == who.office_id,
        Student.school == school_id,
        in_target(CutOffs.of(card)),
        Student.id.not_in(elsewhere),
        Student.id.not_in(called),
    )
    waiting = [
        StudentToPlace(
            student.id, student.class_name, student.name, turns(student.birth_date, card.record_age)
        )
        for student in students
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
    """The places of a day by queue number; the day must be one that `who` was let see."""
    rows = (
        Booking.select(Booking, Student)
        .join(Student)
        .where(Booking.day == day_id, Student.office == who.office_id)
        .order_by(Booking.queue_number)
    )
    return tuple(
        PlaceRow(row.student_id, row.queue_number, row.slot, row.student.name, row.student.class_name)
        for row in rows
    )
