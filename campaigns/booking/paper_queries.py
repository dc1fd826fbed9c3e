"""The facts of the printed lists; `campaigns.printing` makes them paper."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from typing import TypeAlias

from accounts.queries import OfficeCard, office_card
from campaigns.models import Booking, RecordingDay
from campaigns.paper import (
    CallListPage,
    CallListRow,
    DayListPage,
    DayListRow,
    Letterhead,
    Printed,
    PrintedSchool,
    SharedCallLists,
)
from campaigns.places import class_order
from campaigns.queries import ANNOUNCED_STATES, DayCard, day, day_cards, visible_days
from common import clock
from common.access import Who
from schools.models import District, School, Student


@dataclass(frozen=True, slots=True)
class ListToPrint:
    """A list ready for the press, the day it is of, and how many students stand on it."""

    day: DayCard
    page: DayListPage | CallListPage | SharedCallLists
    students: int


@dataclass(frozen=True, slots=True)
class _OwnSchool:
    """A school that some students of a day belong to."""

    id: int
    printed: PrintedSchool


_BySchool: TypeAlias = dict[_OwnSchool, list[Booking]]


def day_list(who: Who, day_id: int, address: str) -> ListToPrint:
    """The team's list of a day, with NIK; `address` is put in its QR code. Raises Missing."""
    card = day(who, day_id)
    return _day_list(who, office_card(who), card, _bookings((card,))[card.id], address)


def call_list(who: Who, day_id: int, page_per_class: bool = False) -> ListToPrint:
    """The schools' lists of a day, one a school: number, name, class, time and nothing else. Raises Missing.

    A school admin is given the own school's list alone, whoever else comes that day.
    """
    card = day(who, day_id)
    return _call_list(who, office_card(who), card, _bookings((card,))[card.id], page_per_class)


def lists_of_date(who: Who, on: date, kind: str, address: str) -> list[ListToPrint]:
    """Every list of a date, by team and hour. kind: day or call; `address` holds {id} where the day's id goes."""
    cards = days_between(who, on, on)
    return call_lists(who, cards) if kind == "call" else day_lists(who, cards, address)


def days_between(who: Who, first: date, last: date, team_id: int | None = None) -> list[DayCard]:
    """The days that schools were told of, by date, team and hour; of all teams or of one."""
    query = visible_days(who).where(
        RecordingDay.date.between(first, last), RecordingDay.state.in_(ANNOUNCED_STATES)
    )
    if team_id is not None:
        query = query.where(RecordingDay.team == team_id)
    order = (RecordingDay.date, RecordingDay.team, RecordingDay.starts_at, RecordingDay.id)
    return day_cards(query.order_by(*order))


def day_lists(who: Who, cards: list[DayCard], address: str) -> list[ListToPrint]:
    """The teams' lists of these days; `address` holds {id} where the day's id goes."""
    office, bookings = office_card(who), _bookings(cards)
    return [
        _day_list(who, office, card, bookings[card.id], address.replace("{id}", str(card.id)))
        for card in cards
    ]


def call_lists(who: Who, cards: list[DayCard], page_per_class: bool = False) -> list[ListToPrint]:
    """The schools' lists of these days."""
    office, bookings = office_card(who), _bookings(cards)
    return [_call_list(who, office, card, bookings[card.id], page_per_class) for card in cards]


def _day_list(who: Who, office: OfficeCard, card: DayCard, by_school: _BySchool, address: str) -> ListToPrint:
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
        letterhead=letterhead_of(office),
        school=_host(card).printed,
        team=card.team_name,
        kits=card.kits,
        date=card.date,
        day_number=card.part,
        day_count=card.of_parts,
        rows=rows,
        address=address,
        printed=printed_by(who),
        retake=card.kind == "retake",
        venue=card.venue,
    )
    return ListToPrint(card, page, len(rows))


def _call_list(
    who: Who, office: OfficeCard, card: DayCard, by_school: _BySchool, page_per_class: bool
) -> ListToPrint:
    lists = tuple(
        _call_list_of(who, office, card, school, bookings, page_per_class)
        for school, bookings in by_school.items()
        if who.may_see_school(school.id)
    )
    if not lists:
        lists = (_call_list_of(who, office, card, _host(card), [], page_per_class),)
    page = lists[0] if len(lists) == 1 else SharedCallLists(lists)
    return ListToPrint(card, page, sum(len(one.rows) for one in lists))


def _call_list_of(
    who: Who,
    office: OfficeCard,
    card: DayCard,
    school: _OwnSchool,
    bookings: list[Booking],
    page_per_class: bool,
) -> CallListPage:
    """One school's list; students who are called to another school are told its name as the place."""
    rows = (
        CallListRow(row.queue_number, time.fromisoformat(row.slot), row.student.name, row.student.class_name)
        for row in sorted(bookings, key=lambda row: (class_order(row.student.class_name), row.queue_number))
    )
    return CallListPage(
        letterhead=letterhead_of(office),
        school=school.printed,
        team=card.team_name,
        date=card.date,
        day_number=card.part,
        day_count=card.of_parts,
        rows=tuple(rows),
        printed=printed_by(who),
        retake=card.kind == "retake",
        venue=card.venue or ("" if school == _host(card) else card.school_name),
        page_per_class=page_per_class,
    )


def _bookings(cards: Iterable[DayCard]) -> dict[int, _BySchool]:
    """The places of each day by the students' own schools, both in the order of their queue numbers."""
    rows = (
        Booking.select(Booking, Student, School, District)
        .join(Student)
        .join(School)
        .join(District)
        .where(Booking.day.in_([card.id for card in cards]))
        .order_by(Booking.day, Booking.queue_number)
    )
    found: dict[int, _BySchool] = defaultdict(dict)
    for row in rows:
        school = row.student.school
        named = PrintedSchool(school.name, school.npsn, school.district.name)
        found[row.day_id].setdefault(_OwnSchool(school.id, named), []).append(row)
    return found


def _host(card: DayCard) -> _OwnSchool:
    return _OwnSchool(card.school_id, PrintedSchool(card.school_name, card.npsn, card.district_name))


def letterhead_of(office: OfficeCard) -> Letterhead:
    """The office as its paper names it."""
    return Letterhead(office.government, office.name, office.address, office.phone)


def printed_by(who: Who) -> Printed:
    """Who prints, now."""
    return Printed(who.name, clock.local(clock.now(), who.time_zone))
