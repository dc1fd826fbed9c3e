"""What schools were told, as the pages, letters and messages need it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from peewee import JOIN

from accounts.queries import OfficeCard, office_card
from campaigns.models import RecordingDay, ToldDay, ToldSchool
from campaigns.paper import (
    LetterDay,
    Letterhead,
    LetterKind,
    Printed,
    PrintedSchool,
    SchoolLetterPage,
    Signer,
    place_of_day,
)
from campaigns.queries import ANNOUNCED_STATES, SHARED_KINDS, DayCard, day, students_of_schools
from campaigns.telling.told import CALLED_OFF, Message, Told, by_school, messages
from common import clock
from common.access import COORDINATOR, SCHOOL_ADMIN, Missing, Who
from common.database import rows_of
from schools.models import School, Team
from schools.queries import SchoolCard, schools

WEEK = timedelta(days=7)
CERTAIN = ("confirmed", "open", "closed")
"""States of a day that nobody has to answer any more."""


@dataclass(frozen=True, slots=True)
class SchoolMessage:
    """What one school is told now, and the school it goes to."""

    school: SchoolCard
    message: Message


@dataclass(frozen=True, slots=True)
class ToldPage:
    """Everything that schools were told since a date."""

    since: date
    found: tuple[SchoolMessage, ...]


def told_since(who: Who, since: date | None = None) -> ToldPage:
    """What schools were told since the beginning of a date (a week ago unless said), gathered for letters.

    Raises Missing for who is no coordinator.
    """
    if who.role != COORDINATOR:
        raise Missing
    first = since or clock.today(who.time_zone) - WEEK
    begin = datetime.combine(first, time(0), ZoneInfo(who.time_zone)).astimezone(UTC).replace(tzinfo=None)
    rows = _told(who).where(ToldDay.told_at >= begin)
    cards = {row.school.id: row.school for row in schools(who)}
    found = [SchoolMessage(cards[one.school_id], one) for one in messages(_words(list(rows)))]
    return ToldPage(first, tuple(found))


def told_of_day(who: Who, day_id: int) -> tuple[SchoolMessage, ...]:
    """What each school with students on a day was told of it last, with its other days told at the same moment.

    The host of a retake first; a school admin is given the own school's alone. A day that was announced before such
    words were kept is told as announced. Raises Missing, also when no school is told of the day, as of home visits.
    """
    card = day(who, day_id)
    if who.role not in (COORDINATOR, SCHOOL_ADMIN):
        raise Missing
    of_school = list(_told(who).where(RecordingDay.school == card.school_id))
    last = next((row for row in reversed(of_school) if row.day_id == day_id), None)
    if last is None:
        if card.state not in (*ANNOUNCED_STATES, *CALLED_OFF):
            raise Missing
        place = place_of_day(card.kind, card.school_name, card.venue)
        words = by_school(_as_it_is(card), card.kind, students_of_schools([day_id])[day_id], place)
    else:
        words = _words([row for row in of_school if (row.told_at, row.kind) == (last.told_at, last.kind)])
    cards = {row.school.id: row.school for row in schools(who) if who.may_see_school(row.school.id)}
    found = tuple(
        SchoolMessage(cards[one.school_id], one)
        for one in messages(words)
        if one.school_id in cards and any(told.day_id == day_id for told in one.days)
    )
    if not found:
        raise Missing
    return found


def letters(who: Who, told: tuple[SchoolMessage, ...]) -> list[SchoolLetterPage]:
    """The letters that say it, on the office's paper."""
    office = office_card(who)
    return [_letter(who, office, one) for one in told]


def _letter(who: Who, office: OfficeCard, told: SchoolMessage) -> SchoolLetterPage:
    return SchoolLetterPage(
        letterhead=Letterhead(office.government, office.name, office.address, office.phone),
        school=PrintedSchool(told.school.name, told.school.npsn, told.school.district_name),
        letter_number="",
        place=_place(office.government),
        date=clock.today(who.time_zone),
        days=tuple(_letter_day(one) for one in told.message.days),
        contact_name=who.name if who.role == COORDINATOR else office.name,
        contact_phone=office.phone or "–",
        signer=Signer("", ""),
        printed=Printed(who.name, clock.local(clock.now(), who.time_zone)),
        kind=told.message.letter,
    )


def _letter_day(one: Told) -> LetterDay:
    before = None
    if one.was_date is not None and one.letter == LetterKind.CHANGED:
        before = LetterDay(one.was_date, time.fromisoformat(one.was_starts_at), one.was_team_name, 0)
    starts = time.fromisoformat(one.starts_at)
    return LetterDay(
        one.date,
        starts,
        one.team_name,
        one.students,
        before,
        one.reason,
        one.is_retake,
        one.place,
        one.guests,
    )


def _place(government: str) -> str:
    """Where the office is, from the name of its government: "Pemerintah Kabupaten Sukoharjo" -> "Sukoharjo"."""
    place = government
    for before in ("Pemerintah ", "Kabupaten ", "Kota "):
        place = place.removeprefix(before)
    return place


def _told(who: Who) -> Any:
    was = Team.alias()
    return (
        ToldDay.select(ToldDay, RecordingDay, School, Team, was)
        .join(RecordingDay)
        .join(School)
        .switch(ToldDay)
        .join(Team, on=(ToldDay.team == Team.id))
        .switch(ToldDay)
        .join(was, JOIN.LEFT_OUTER, on=(ToldDay.before_team == was.id), attr="before_team")
        .where(ToldDay.office == who.office_id)
        .order_by(ToldDay.id)
    )


def _words(rows: list[Any]) -> list[Told]:
    shared = [row for row in rows if row.day.kind in SHARED_KINDS]
    told: dict[int, dict[int, int]] = defaultdict(dict)
    written = ToldSchool.select(ToldSchool.told, ToldSchool.school, ToldSchool.students)
    for told_id, school_id, count in rows_of(written.where(ToldSchool.told.in_([row.id for row in shared]))):
        told[told_id][school_id] = count
    # told before the schools were written down: those whose students have a place
    now = students_of_schools([row.day_id for row in shared if row.id not in told])
    return [
        one
        for row in rows
        for one in by_school(
            _word(row),
            row.day.kind,
            told.get(row.id) or now.get(row.day_id, {}),
            place_of_day(row.day.kind, row.day.school.name, row.day.venue),
        )
    ]


def _word(row: ToldDay) -> Told:
    return Told(
        day_id=row.day_id,
        school_id=row.day.school_id,
        kind=row.kind,
        at=row.told_at,
        date=row.date,
        starts_at=row.starts_at,
        team_name=row.team.name,
        students=row.students,
        was_date=row.before_date,
        was_starts_at=row.before_starts_at,
        was_team_name=row.before_team.name if row.before_team is not None else "",
        reason=row.day.note if row.kind in CALLED_OFF or row.day.state == "confirmed" else "",
        is_retake=row.day.kind != "school",
        is_certain=row.day.state in CERTAIN,
    )


def _as_it_is(card: DayCard) -> Told:
    kind = card.state if card.state in CALLED_OFF else "announced"
    at = card.announced_at or clock.now()
    reason = card.note if kind in CALLED_OFF or card.state == "confirmed" else ""
    return Told(
        card.id,
        card.school_id,
        kind,
        at,
        card.date,
        card.starts_at,
        card.team_name,
        card.planned,
        reason=reason,
        is_retake=card.kind != "school",
        is_certain=card.state in CERTAIN,
    )
