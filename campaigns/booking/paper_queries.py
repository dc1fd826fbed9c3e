"""The facts of the printed lists; `campaigns.printing` makes them paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Any

from accounts.queries import OfficeCard, office_card
from campaigns.models import Booking, RecordingDay
from campaigns.paper import (
    CallListPage,
    CallListRow,
    DayListPage,
    DayListRow,
    Letterhead,
    Page,
    Printed,
    PrintedSchool,
)
from campaigns.places import class_order
from campaigns.queries import ANNOUNCED_STATES, DayCard, day, day_card, visible_days
from common import clock
from common.access import Who
from schools.models import Student


@dataclass(frozen=True, slots=True)
class ListToPrint:
    """A list ready for the press, the day it is of, and how many students stand on it."""

    day: DayCard
    page: Page
    students: int


def day_list(who: Who, day_id: int, address: str) -> ListToPrint:
    """The team's list of a day, with NIK; `address` is put in its QR code. Raises Missing."""
    return _day_list(who, office_card(who), day(who, day_id), address)


def call_list(who: Who, day_id: int) -> ListToPrint:
    """The school's list of a day: number, name, class, time and nothing else. Raises Missing."""
    return _call_list(who, office_card(who), day(who, day_id))


def lists_of_date(who: Who, on: date, kind: str, address: str) -> list[ListToPrint]:
    """Every list of a date, by team and hour. kind: day or call; `address` holds {id} where the day's id goes."""
    rows = (
        visible_days(who)
        .where(RecordingDay.date == on, RecordingDay.state.in_(ANNOUNCED_STATES))
        .order_by(RecordingDay.team, RecordingDay.starts_at, RecordingDay.id)
    )
    office = office_card(who)
    cards = [day_card(row) for row in rows]
    if kind == "call":
        return [_call_list(who, office, card) for card in cards]
    return [_day_list(who, office, card, address.replace("{id}", str(card.id))) for card in cards]


def _day_list(who: Who, office: OfficeCard, card: DayCard, address: str) -> ListToPrint:
    rows = tuple(
        DayListRow(
            number=row.queue_number,
            starts=time.fromisoformat(row.slot),
            name=row.student.name,
            class_name=row.student.class_name,
            birth_date=row.student.birth_date,
            nik=row.student.nik or "",
            note=row.student.special_needs,
        )
        for row in _bookings(card.id)
    )
    page = DayListPage(
        letterhead=_letterhead(office),
        school=_school(card),
        team=card.team_name,
        kits=card.kits,
        date=card.date,
        day_number=card.part,
        day_count=card.of_parts,
        rows=rows,
        address=address,
        printed=_printed(who),
        retake=card.kind == "retake",
        venue=card.venue,
    )
    return ListToPrint(card, page, len(rows))


def _call_list(who: Who, office: OfficeCard, card: DayCard) -> ListToPrint:
    rows = tuple(
        CallListRow(row.queue_number, time.fromisoformat(row.slot), row.student.name, row.student.class_name)
        for row in sorted(
            _bookings(card.id), key=lambda row: (class_order(row.student.class_name), row.queue_number)
        )
    )
    page = CallListPage(
        letterhead=_letterhead(office),
        school=_school(card),
        team=card.team_name,
        date=card.date,
        day_number=card.part,
        day_count=card.of_parts,
        rows=rows,
        printed=_printed(who),
        retake=card.kind == "retake",
        venue=card.venue,
    )
    return ListToPrint(card, page, len(rows))


def _bookings(day_id: int) -> Any:
    return (
        Booking.select(Booking, Student)
        .join(Student)
        .where(Booking.day == day_id)
        .order_by(Booking.queue_number)
    )


def _letterhead(office: OfficeCard) -> Letterhead:
    return Letterhead(office.government, office.name, office.address, office.phone)


def _school(card: DayCard) -> PrintedSchool:
    return PrintedSchool(card.school_name, card.npsn, card.district_name)


def _printed(who: Who) -> Printed:
    return Printed(who.name, clock.local(clock.now(), who.time_zone))
