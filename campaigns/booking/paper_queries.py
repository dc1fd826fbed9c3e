"""The facts of the printed lists; `campaigns.printing` makes them paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

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
    SharedCallLists,
)
from campaigns.places import class_order
from campaigns.queries import ANNOUNCED_STATES, DayCard, day, day_card, visible_days
from common import clock
from common.access import Who
from schools.models import District, School, Student


@dataclass(frozen=True, slots=True)
class ListToPrint:
    """A list ready for the press, the day it is of, and how many students stand on it."""

    day: DayCard
    page: Page
    students: int


@dataclass(frozen=True, slots=True)
class _OwnSchool:
    """A school that some students of a day belong to."""

    id: int
    printed: PrintedSchool


def day_list(who: Who, day_id: int, address: str) -> ListToPrint:
    """The team's list of a day, with NIK; `address` is put in its QR code. Raises Missing."""
    return _day_list(who, office_card(who), day(who, day_id), address)


def call_list(who: Who, day_id: int) -> ListToPrint:
    """The schools' lists of a day, one a school: number, name, class, time and nothing else. Raises Missing.

    A school admin is given the own school's list alone, whoever else comes that day.
    """
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
    by_school = _bookings_by_school(card)
    shared = any(school.id != card.school_id for school in by_school)
    rows = tuple(
        DayListRow(
            number=row.queue_number,
            starts=time.fromisoformat(row.slot),
            name=row.student.name,
            class_name=row.student.class_name,
            birth_date=row.student.birth_date,
            nik=row.student.nik or "",
            note=row.student.special_needs,
            school=school.printed.name if shared else "",
        )
        for school, bookings in by_school.items()
        for row in bookings
    )
    page = DayListPage(
        letterhead=_letterhead(office),
        school=_host(card).printed,
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
    lists = tuple(
        _call_list_of(who, office, card, school, bookings)
        for school, bookings in _bookings_by_school(card).items()
        if who.may_see_school(school.id)
    )
    if not lists:
        lists = (_call_list_of(who, office, card, _host(card), []),)
    page = lists[0] if len(lists) == 1 else SharedCallLists(lists)
    return ListToPrint(card, page, sum(len(one.rows) for one in lists))


def _call_list_of(
    who: Who, office: OfficeCard, card: DayCard, school: _OwnSchool, bookings: list[Booking]
) -> CallListPage:
    """One school's list; students who are called to another school are told its name as the place."""
    rows = (
        CallListRow(row.queue_number, time.fromisoformat(row.slot), row.student.name, row.student.class_name)
        for row in sorted(bookings, key=lambda row: (class_order(row.student.class_name), row.queue_number))
    )
    return CallListPage(
        letterhead=_letterhead(office),
        school=school.printed,
        team=card.team_name,
        date=card.date,
        day_number=card.part,
        day_count=card.of_parts,
        rows=tuple(rows),
        printed=_printed(who),
        retake=card.kind == "retake",
        venue=card.venue or ("" if school == _host(card) else card.school_name),
    )


def _bookings_by_school(card: DayCard) -> dict[_OwnSchool, list[Booking]]:
    """The places of a day by the students' own schools, both in the order of their queue numbers."""
    rows = (
        Booking.select(Booking, Student, School, District)
        .join(Student)
        .join(School)
        .join(District)
        .where(Booking.day == card.id)
        .order_by(Booking.queue_number)
    )
    found: dict[_OwnSchool, list[Booking]] = {}
    for row in rows:
        school = row.student.school
        named = PrintedSchool(school.name, school.npsn, school.district.name)
        found.setdefault(_OwnSchool(school.id, named), []).append(row)
    return found


def _host(card: DayCard) -> _OwnSchool:
    return _OwnSchool(card.school_id, PrintedSchool(card.school_name, card.npsn, card.district_name))


def _letterhead(office: OfficeCard) -> Letterhead:
    return Letterhead(office.government, office.name, office.address, office.phone)


def _printed(who: Who) -> Printed:
    return Printed(who.name, clock.local(clock.now(), who.time_zone))
