"""The calendars of schools as their pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts.models import Account
from campaigns.calendar import Block, BlockedBy, Span
from campaigns.calendars.breaking_queries import ClosedDay, days_on_closed_dates
from campaigns.closed_dates import ClosedDates, Reach, SchoolFacts
from campaigns.closed_queries import closed_dates_of
from campaigns.models import SchoolBlackout
from campaigns.queries import campaign
from common import clock
from common.access import COORDINATOR, SCHOOL_ADMIN, Missing, Who
from common.database import rows_of
from schools.models import School
from schools.queries import DistrictRow, SchoolCard, districts, school, schools


@dataclass(frozen=True, slots=True)
class ClosedEntry:
    """Closed dates as listed: whom they concern, who entered them and when, and whether this person may change them."""

    id: int
    dates: ClosedDates
    district_name: str
    school_names: tuple[str, ...]
    schools: int
    made_by: str
    made_at: datetime | None
    changed_by: str
    changed_at: datetime | None
    may_change: bool


@dataclass(frozen=True, slots=True)
class SchoolCalendarsPage:
    """Every closed dates of the office: those to come, those past, and the planned days that lie in them."""

    coming: tuple[ClosedEntry, ...]
    past: tuple[ClosedEntry, ...]
    closed_days: tuple[ClosedDay, ...]


@dataclass(frozen=True, slots=True)
class SchoolCalendarPage:
    """One school's closed dates, whoever entered them, and its planned days that lie in them."""

    school: SchoolCard
    coming: tuple[ClosedEntry, ...]
    past: tuple[ClosedEntry, ...]
    closed_days: tuple[ClosedDay, ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """Districts and schools among which a coordinator chooses."""

    districts: tuple[DistrictRow, ...]
    schools: tuple[SchoolCard, ...]


def school_calendars(who: Who, campaign_id: int | None) -> SchoolCalendarsPage:
    """The closed dates of the whole office. Raises Missing for who is no coordinator."""
    if who.role != COORDINATOR:
        raise Missing
    coming, past = _by_time(who, _entries(who))
    return SchoolCalendarsPage(coming, past, _closed_days(who, campaign_id))


def school_calendar(who: Who, school_id: int, campaign_id: int | None) -> SchoolCalendarPage:
    """The closed dates that concern one school. Raises Missing."""
    card = school(who, school_id)
    facts = SchoolFacts(card.id, card.level, card.district_id)
    coming, past = _by_time(who, [entry for entry in _entries(who) if entry.dates.concerns(facts)])
    days = tuple(one for one in _closed_days(who, campaign_id) if one.day.school_id == school_id)
    return SchoolCalendarPage(card, coming, past, days)


def closed_entry(who: Who, dates_id: int) -> ClosedEntry:
    """One entry that this person may change. Raises Missing."""
    for entry in _entries(who):
        if entry.id == dates_id and entry.may_change:
            return entry
    raise Missing


def days_in(who: Who, campaign_id: int | None, span: Span) -> int:
    """How many of the person's planned days lie in closed dates of that name and time."""
    found = _closed_days(who, campaign_id)
    return sum(
        one.day.date in span and one.block == Block(BlockedBy.SCHOOL_CLOSED, span.name) for one in found
    )


def choices(who: Who) -> Choices:
    """The office's districts and schools, for the form of a coordinator."""
    return Choices(tuple(districts(who)), tuple(row.school for row in schools(who)))


def _closed_days(who: Who, campaign_id: int | None) -> tuple[ClosedDay, ...]:
    return days_on_closed_dates(who, campaign(who, campaign_id)) if campaign_id is not None else ()


def _entries(who: Who) -> list[ClosedEntry]:
    """Every entry of the office in the order of dates, as this person may see and change it."""
    dates = closed_dates_of(who)
    rows = SchoolBlackout.select().where(SchoolBlackout.office == who.office_id)
    people = dict(rows_of(Account.select(Account.id, Account.name).where(Account.office == who.office_id)))
    names = {row.id: row.name for row in districts(who)}
    facts = School.select(School.id, School.level, School.district, School.name)
    known = rows_of(facts.where(School.office == who.office_id).order_by(School.name))
    entries = []
    for row in rows.order_by(SchoolBlackout.from_date, SchoolBlackout.id):
        its = dates[row.id]
        concerned = [one for one in known if its.concerns(SchoolFacts(*one[:3]))]
        own = its.reach == Reach.SCHOOLS and its.school_ids == {who.school_id}
        entries.append(
            ClosedEntry(
                row.id,
                its,
                names.get(row.district_id or 0, ""),
                tuple(one[3] for one in concerned) if its.reach == Reach.SCHOOLS else (),
                len(concerned),
                people.get(row.made_by_id or 0, ""),
                row.made_at,
                people.get(row.changed_by_id or 0, ""),
                row.changed_at,
                may_change=who.role == COORDINATOR or (who.role == SCHOOL_ADMIN and own),
            )
        )
    return entries


def _by_time(who: Who, entries: list[ClosedEntry]) -> tuple[tuple[ClosedEntry, ...], tuple[ClosedEntry, ...]]:
    today = clock.today(who.time_zone)
    return (
        tuple(entry for entry in entries if entry.dates.span.last >= today),
        tuple(reversed([entry for entry in entries if entry.dates.span.last < today])),
    )
