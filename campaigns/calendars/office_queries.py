"""The office's calendar as its pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from campaigns.booking.calendar_queries import campaign_calendar
from campaigns.booking.month import month_after, month_before, month_of, weeks_of
from campaigns.calendar import CampaignCalendar, Holiday, Pause, national_holidays
from campaigns.calendars.breaking_queries import ClosedDay, days_on_closed_dates
from campaigns.models import OfficeDay
from campaigns.queries import CampaignCard, campaign
from common import clock
from common.access import Who

MONTHS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class ShownDate:
    """A date of the office's calendar, and all that is known of it.

    `holiday` is what closes it now; `national` what the state says of it; `worked` is the reason when the office
    works although the state closes it. `is_own` tells that the office has an entry of its own.
    """

    date: date
    in_window: bool = True
    is_today: bool = False
    is_past: bool = False
    holiday: Holiday | None = None
    national: Holiday | None = None
    worked: str = ""
    is_own: bool = False
    pauses: tuple[Pause, ...] = ()
    is_reserved: bool = False
    is_working_weekday: bool = True


@dataclass(frozen=True, slots=True)
class ShownMonth:
    """A month: its weeks (dates of other months are None), and its dates with a name."""

    first: date
    weeks: tuple[tuple[ShownDate | None, ...], ...]
    named: tuple[ShownDate, ...]


@dataclass(frozen=True, slots=True)
class OfficeCalendarPage:
    """Months of the programme in view, and the planned days that lie on closed dates."""

    campaign: CampaignCard
    months: tuple[ShownMonth, ...]
    pauses: tuple[Pause, ...]
    closed_days: tuple[ClosedDay, ...]
    previous: date | None
    following: date | None


@dataclass(frozen=True, slots=True)
class OfficeDatePage:
    """One date: what is known of it, and the planned days that lie on it."""

    shown: ShownDate
    days: tuple[ClosedDay, ...]


def office_calendar(who: Who, campaign_id: int, start: date | None = None) -> OfficeCalendarPage:
    """The programme's months from `start` on, six at a time (from the present one unless asked). Raises Missing."""
    card = campaign(who, campaign_id)
    today = clock.today(who.time_zone)
    last = max(card.to_date, card.latest_useful_day)
    first = month_of(min(max(start or today, card.from_date), last))
    calendar = campaign_calendar(who, card)
    known = {row.date: row for row in OfficeDay.select().where(OfficeDay.office == who.office_id)}
    months: list[ShownMonth] = []
    month = first
    while len(months) < MONTHS_SHOWN and month <= last:
        months.append(_month(month, calendar, known, today, last))
        month = month_after(month)
    earlier = first
    for _ in range(MONTHS_SHOWN):
        earlier = month_before(earlier)
    return OfficeCalendarPage(
        campaign=card,
        months=tuple(months),
        pauses=calendar.pauses,
        closed_days=days_on_closed_dates(who, card),
        previous=max(earlier, month_of(card.from_date)) if first > card.from_date else None,
        following=month if month <= last else None,
    )


def office_date(who: Who, campaign_id: int | None, on: date) -> OfficeDatePage:
    """One date of the office's calendar, with the days planned on it in the programme in view."""
    own = OfficeDay.get_or_none(OfficeDay.office == who.office_id, OfficeDay.date == on)
    national = next((holiday for holiday in national_holidays(on.year) if holiday.date == on), None)
    holiday = Holiday(on, own.name) if own and own.is_free else (None if own else national)
    shown = ShownDate(
        on,
        is_past=on < clock.today(who.time_zone),
        holiday=holiday,
        national=national,
        worked=own.name if own and not own.is_free else "",
        is_own=own is not None,
    )
    if campaign_id is None:
        return OfficeDatePage(shown, ())
    card = campaign(who, campaign_id)
    return OfficeDatePage(shown, days_on_closed_dates(who, card, on=on))


def _month(
    first: date, calendar: CampaignCalendar, known: dict[date, OfficeDay], today: date, last: date
) -> ShownMonth:
    national = {holiday.date: holiday for holiday in national_holidays(first.year)}

    def shown(day: date) -> ShownDate:
        own = known.get(day)
        return ShownDate(
            day,
            in_window=calendar.starts <= day <= last,
            is_today=day == today,
            is_past=day < today,
            holiday=calendar.holidays.get(day),
            national=national.get(day),
            worked=own.name if own and not own.is_free else "",
            is_own=own is not None,
            pauses=tuple(pause for pause in calendar.pauses if day in pause),
            is_reserved=day.weekday() in calendar.reserved_weekdays,
            is_working_weekday=day.weekday() in calendar.weekdays,
        )

    weeks = tuple(
        tuple(shown(day) if day.month == first.month else None for day in week) for week in weeks_of(first)
    )
    named = tuple(
        day for week in weeks for day in week if day is not None and (day.holiday is not None or day.worked)
    )
    return ShownMonth(first, weeks, named)
