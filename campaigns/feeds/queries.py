"""What stands in the calendars that other programs follow: days, places of work, counts; no person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from peewee import fn

from accounts.models import Account, Audit, Office
from campaigns.feeds.icalendar_text import Status, status_of
from campaigns.models import CalendarFeed, RecordingDay
from campaigns.queries import ANNOUNCED_STATES, AT_A_SCHOOL, DayCard, day_cards, visible_days
from common import clock
from common.access import COORDINATOR, Missing, Who
from common.database import rows_of
from schools.queries import TeamCard, school, team, teams

# how long a day that was stays in the calendars that follow
KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class FeedDay:
    """A recording day in a calendar: how certain, how often changed, when last."""

    day: DayCard
    uid: str
    status: Status
    sequence: int
    changed: datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """The calendar of a school or of a team (`team_name` is empty for a school's)."""

    office_name: str
    zone: str
    school_name: str
    team_name: str
    days: tuple[FeedDay, ...]


@dataclass(frozen=True, slots=True)
class FeedPage:
    """The address of a calendar (empty when none was made yet), who made it and when."""

    id: int
    name: str
    token: str
    made_by: str
    made_at: datetime | None


def feed_of(token: str) -> Feed:
    """The calendar behind an address. Raises Missing for one that opens nothing (any more)."""
    row = CalendarFeed.get_or_none(CalendarFeed.token == token)
    if row is None:
        raise Missing
    office = Office.get_by_id(row.office_id)
    # asked as the office, for a school is shown no day that was called off; drafts never stand in a calendar
    who = Who(0, office.id, COORDINATOR, "", office.name, office.time_zone)
    days = visible_days(who).where(
        RecordingDay.date >= clock.today(office.time_zone) - KEPT,
        RecordingDay.state.in_((*ANNOUNCED_STATES, "cancelled", "postponed")),
        RecordingDay.announced_at.is_null(False) | RecordingDay.state.in_(ANNOUNCED_STATES),
    )
    at_the_school = (RecordingDay.school == row.school_id) & RecordingDay.kind.in_(AT_A_SCHOOL)
    whose = at_the_school if row.school_id else RecordingDay.team == row.team_id
    found = days.where(whose).order_by(RecordingDay.date, RecordingDay.starts_at, RecordingDay.id)
    made = dict(rows_of(found.select(RecordingDay.id, RecordingDay.created_at)))
    changes = _changes(office.id, list(made))
    return Feed(
        office.name,
        office.time_zone,
        school(who, row.school_id).name if row.school_id else "",
        team(who, row.team_id).name if row.team_id else "",
        tuple(
            FeedDay(
                card,
                f"day-{card.id}-{made[card.id]:%Y%m%d%H%M%S}@{office.region_code}.perekaman",
                status_of(card.state),
                *changes.get(card.id, (0, card.announced_at or made[card.id])),
            )
            for card in day_cards(found)
        ),
    )


def school_feed(who: Who, school_id: int) -> FeedPage:
    """The address of a school's calendar. Raises Missing."""
    card = school(who, school_id)
    found = CalendarFeed.get_or_none(CalendarFeed.office == who.office_id, CalendarFeed.school == school_id)
    return _page(card.id, card.name, found)


def team_feed(who: Who, team_id: int) -> FeedPage:
    """The address of a team's calendar. Raises Missing."""
    card = team(who, team_id)
    found = CalendarFeed.get_or_none(CalendarFeed.office == who.office_id, CalendarFeed.team == team_id)
    return _page(card.id, card.name, found)


def teams_to_follow(who: Who) -> list[TeamCard]:
    """The teams whose calendar can be followed."""
    return teams(who, only_active=True)


def _page(subject_id: int, name: str, found: CalendarFeed | None) -> FeedPage:
    if found is None:
        return FeedPage(subject_id, name, "", "", None)
    maker = Account.get_or_none(Account.id == found.made_by_id)
    return FeedPage(subject_id, name, found.token, maker.name if maker else "", found.made_at)


def _changes(office_id: int, day_ids: list[int]) -> dict[int, tuple[int, datetime]]:
    """Day -> how many changes the log knows of it, and when the last was: both only ever grow."""
    query = (
        Audit.select(Audit.subject_id, fn.COUNT(Audit.id), fn.MAX(Audit.at))
        .where(
            Audit.office == office_id,
            Audit.kind == "change",
            Audit.subject == "recording_day",
            Audit.subject_id.in_(day_ids),
        )
        .group_by(Audit.subject_id)
    )
    return {
        day_id: (count, at if isinstance(at, datetime) else datetime.fromisoformat(at))
        for day_id, count, at in rows_of(query)
    }
