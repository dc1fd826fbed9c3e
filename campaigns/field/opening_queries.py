"""Where students can come again beside a retake day: coming days of their school, the office, their homes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from peewee import JOIN, fn

from campaigns.booking.calendar_queries import campaign_calendar
from campaigns.calendar import CampaignCalendar, dates, weekdays_of
from campaigns.field.models import OfficeOpening
from campaigns.field.opening import Opening
from campaigns.models import Booking, RecordingDay
from campaigns.queries import LIVE_STATES, CampaignCard
from campaigns.retake_ways import ComingDay, OpenDate
from common import clock
from common.access import Missing, Who
from common.database import rows_of
from schools.queries import TeamCard, teams

# So many open dates are looked at: nobody is called for a day half a year from now.
MOST_DATES = 40
_JOINABLE = ("proposed", "change_asked", "confirmed")


@dataclass(frozen=True, slots=True)
class OpeningPage:
    """The office's opening as it is, and the crews to choose from."""

    opening: Opening
    teams: tuple[TeamCard, ...]


def office_opening(who: Who) -> Opening:
    """The office's own days; the usual figures while nobody entered any."""
    row = OfficeOpening.get_or_none(OfficeOpening.office == who.office_id)
    if row is None:
        return Opening()
    return Opening(
        row.team_id, row.weekdays, row.starts_at, row.ends_at, row.places_a_day, row.home_visits_a_day
    )


def opening_page(who: Who) -> OpeningPage:
    """The opening with the crews. Raises Missing for who is no coordinator."""
    if not who.is_coordinator:
        raise Missing
    return OpeningPage(office_opening(who), tuple(teams(who, only_active=True)))


def coming_days(who: Who, campaign_id: int, school_ids: Iterable[int]) -> list[ComingDay]:
    """The days ahead that these schools were told of, with their free places, soonest first."""
    booked = fn.COUNT(Booking.id)
    rows = (
        RecordingDay.select(
            RecordingDay.id,
            RecordingDay.school,
            RecordingDay.team,
            RecordingDay.date,
            RecordingDay.capacity,
            RecordingDay.part,
            booked,
        )
        .join(Booking, JOIN.LEFT_OUTER)
        .where(
            RecordingDay.office == who.office_id,
            RecordingDay.campaign == campaign_id,
            RecordingDay.school.in_(set(school_ids)),
            RecordingDay.kind == "school",
            RecordingDay.state.in_(_JOINABLE),
            RecordingDay.date > clock.today(who.time_zone),
        )
        .group_by(RecordingDay.id)
        .order_by(RecordingDay.date, RecordingDay.id)
    )
    return [
        ComingDay(day_id, school, team, on, capacity - taken, part > 1)
        for day_id, school, team, on, capacity, part, taken in rows_of(rows)
        if capacity > taken
    ]


def office_dates(who: Who, card: CampaignCard, opening: Opening) -> list[OpenDate]:
    """The dates from tomorrow on which the office records, with the places still free; none while no crew is named."""
    crew = next((team for team in teams(who) if team.id == opening.team_id), None)
    if crew is None:
        return []
    calendar = campaign_calendar(who, card)
    weekdays = weekdays_of(opening.weekdays)
    open_on = [on for on in _to_come(who, card, calendar) if on.weekday() in weekdays]
    return _free(who, card, {crew.id: crew}, open_on, "office", opening.places_a_day)


def home_dates(who: Who, card: CampaignCard, opening: Opening) -> list[OpenDate]:
    """The reserved weekdays from tomorrow on, team by team, with the visits each can still make."""
    calendar = campaign_calendar(who, card)
    reserved = [on for on in _to_come(who, card, calendar) if on.weekday() in calendar.reserved_weekdays]
    crews = {team.id: team for team in teams(who) if team.is_active and team.id in card.team_ids}
    return _free(who, card, crews, reserved, "home", opening.home_visits_a_day)


def _to_come(who: Who, card: CampaignCard, calendar: CampaignCalendar) -> list[date]:
    """The dates of the programme from tomorrow on without holiday or pause, whatever the weekday."""
    first = max(card.from_date, clock.today(who.time_zone) + timedelta(days=1))
    last = min(card.to_date, card.latest_useful_day)
    return [
        on
        for on in dates(first, last)
        if on not in calendar.holidays and not any(on in pause for pause in calendar.pauses)
    ]


def _free(
    who: Who, card: CampaignCard, crews: dict[int, TeamCard], open_on: list[date], kind: str, places: int
) -> list[OpenDate]:
    """For each crew and date where it is not elsewhere: the places, or what is left on a day of that kind."""
    if not open_on or not crews or places <= 0:
        return []
    standing = (
        RecordingDay.select(
            RecordingDay.team,
            RecordingDay.date,
            RecordingDay.id,
            RecordingDay.kind,
            RecordingDay.state,
            RecordingDay.campaign,
            RecordingDay.capacity,
            fn.COUNT(Booking.id),
        )
        .join(Booking, JOIN.LEFT_OUTER)
        .where(
            RecordingDay.office == who.office_id,
            RecordingDay.team.in_(list(crews)),
            RecordingDay.date >= open_on[0],
            RecordingDay.state.in_(LIVE_STATES),
        )
        .group_by(RecordingDay.id)
    )
    there = {(team, on): rest for team, on, *rest in rows_of(standing)}
    found = []
    for on in open_on:
        for crew in crews.values():
            if on in crew.days_off or (kind == "home" and on.weekday() not in weekdays_of(crew.weekdays)):
                continue
            stands = there.get((crew.id, on))
            if stands is None:
                found.append(OpenDate(on, crew.id, places))
                continue
            day_id, its_kind, state, campaign_id, capacity, taken = stands
            if (its_kind, campaign_id) == (kind, card.id) and state in _JOINABLE and capacity > taken:
                found.append(OpenDate(on, crew.id, capacity - taken, day_id))
        if len(found) >= MOST_DATES:
            break
    return found
