"""The facts of the summons slips; `campaigns.slips_printing` makes them paper."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from peewee import JOIN

from accounts.queries import office_card
from campaigns.attendance import DUE_A_RETAKE, DayState
from campaigns.booking.paper_queries import letterhead_of, printed_by
from campaigns.models import Booking, RecordingDay, StandingRow
from campaigns.paper import PrintedSchool, place_of_day
from campaigns.places import class_order
from campaigns.queries import day
from campaigns.summons import Slip, SlipsPage
from common import clock
from common.access import Missing, Who
from schools.models import District, School, Student

# A day that schools were told of and that is still to be held.
_TO_COME = tuple(
    state.value for state in (DayState.PROPOSED, DayState.CHANGE_ASKED, DayState.CONFIRMED, DayState.OPEN)
)
_DUE = tuple(outcome.value for outcome in DUE_A_RETAKE)


@dataclass(frozen=True, slots=True)
class SlipsToPrint:
    """A school's slips ready for the press; `dated` of them name a day."""

    school_id: int
    npsn: str
    page: SlipsPage
    dated: int

    @property
    def students(self) -> int:
        """How many students are called."""
        return len(self.page.slips)


def slips_of_school(who: Who, campaign_id: int | None, school_id: int) -> SlipsToPrint:
    """Slips for a school's students with a place on a day to come, and for those due without a date.

    Raises Missing for a school that is not this person's to see.
    """
    school = (
        School.select(School, District)
        .join(District)
        .where(School.id == school_id, School.office == who.office_id)
        .first()
    )
    if school is None or not who.may_see_school(school_id):
        raise Missing
    today = clock.today(who.time_zone)
    dated = _dated(who, campaign_id, (Student.school == school_id) & (RecordingDay.date >= today))
    called = {row.student_id for row in dated}
    without = [row for row in _without_a_date(who, campaign_id, school_id) if row.student_id not in called]
    return _slips(who, school, dated, without)


def slips_of_day(who: Who, day_id: int) -> tuple[SlipsToPrint, ...]:
    """Slips for the students of a day who are called again, a page a school. Raises Missing.

    A school admin is given the own school's alone.
    """
    card = day(who, day_id)
    return _by_school(who, _dated(who, card.campaign_id, RecordingDay.id == day_id))


def slips_of_days(
    who: Who, campaign_id: int | None, first: date, last: date, team_id: int | None = None
) -> tuple[SlipsToPrint, ...]:
    """Slips for everyone who is called again on these dates, a page a school. Raises Missing."""
    if not who.is_coordinator:
        raise Missing
    condition = RecordingDay.date.between(first, last)
    if team_id:
        condition &= RecordingDay.team == team_id
    return _by_school(who, _dated(who, campaign_id, condition))


def _by_school(who: Who, rows: Sequence[Booking]) -> tuple[SlipsToPrint, ...]:
    found: dict[int, list[Booking]] = defaultdict(list)
    for row in rows:
        if who.may_see_school(row.student.school_id):
            found[row.student.school_id].append(row)
    slips = [_slips(who, its[0].student.school, its, ()) for its in found.values()]
    return tuple(sorted(slips, key=lambda one: one.page.school.name))


def _slips(
    who: Who, school: School, dated: Sequence[Booking], without: Sequence[StandingRow]
) -> SlipsToPrint:
    rows: list[tuple[Any, Slip]] = []
    for row in dated:
        at = row.day
        assert at.school is not None  # an inner join
        slip = Slip(
            row.student.name,
            row.student.class_name,
            at.date,
            time.fromisoformat(row.slot),
            row.queue_number,
            place_of_day(at.kind, at.school.name, at.venue),
        )
        rows.append(((class_order(slip.class_name), at.date, row.queue_number, slip.name), slip))
    for standing in without:
        slip = Slip(standing.student.name, standing.student.class_name)
        rows.append(((class_order(slip.class_name), date.max, 0, slip.name), slip))
    rows.sort(key=lambda row: row[0])
    page = SlipsPage(
        letterhead=letterhead_of(office_card(who)),
        school=PrintedSchool(school.name, school.npsn, school.district.name),
        slips=tuple(slip for _, slip in rows),
        printed=printed_by(who),
    )
    return SlipsToPrint(school.id, school.npsn, page, len(dated))


def _dated(who: Who, campaign_id: int | None, condition: Any) -> list[Booking]:
    """Places of students who are called again: due a retake by their standing, or new on a retake day."""
    own, host = School, School.alias()
    query: Any = (
        Booking.select(Booking, RecordingDay, host, Student, own, District)
        .join(RecordingDay)
        .join(host, on=(RecordingDay.school == host.id), attr="school")
        .switch(Booking)
        .join(Student)
        .join(own, on=(Student.school == own.id), attr="school")
        .join(District)
        .switch(Booking)
        .join(
            StandingRow,
            JOIN.LEFT_OUTER,
            on=(StandingRow.student == Booking.student) & (StandingRow.campaign == RecordingDay.campaign),
        )
        .where(
            RecordingDay.office == who.office_id,
            RecordingDay.campaign == campaign_id,
            RecordingDay.state.in_(_TO_COME),
            Student.status == "active",
            Student.recorded_before == False,
            StandingRow.outcome.in_(_DUE) | (StandingRow.outcome.is_null() & (RecordingDay.kind == "retake")),
            condition,
        )
        .order_by(RecordingDay.date, Booking.queue_number)
    )
    return list(query)


def _without_a_date(who: Who, campaign_id: int | None, school_id: int) -> list[StandingRow]:
    query: Any = (
        StandingRow.select(StandingRow, Student)
        .join(Student)
        .where(
            StandingRow.campaign == campaign_id,
            StandingRow.outcome.in_(_DUE),
            Student.office == who.office_id,
            Student.school == school_id,
            Student.status == "active",
            Student.recorded_before == False,
        )
        .order_by(Student.name, Student.id)
    )
    return list(query)
