"""When a programme records, and when its teams are away, as the office entered it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from peewee import JOIN

from campaigns.calendar import CampaignCalendar, Holiday, Pause, Span, holidays_between, weekdays_of
from campaigns.models import CampaignPause, OfficeDay, RecordingDay
from campaigns.queries import LIVE_STATES, CampaignCard
from common.access import Who
from common.prepared import Prepared
from schools.models import School


def campaign_calendar(who: Who, card: CampaignCard, starts: date | None = None) -> CampaignCalendar:
    """The campaign's dates with the office's holidays; `starts` cuts off what is past."""
    last = max(card.to_date, card.latest_useful_day)
    known = _OFFICE_DAYS.rows(office=who.office_id)
    return CampaignCalendar(
        starts=starts or card.from_date,
        ends=card.to_date,
        latest_useful_day=card.latest_useful_day,
        weekdays=weekdays_of(card.weekdays),
        reserved_weekdays=weekdays_of(card.reserved_weekdays),
        holidays=holidays_between(
            card.from_date,
            last,
            added=[Holiday(on, name) for on, name, is_free in known if is_free],
            removed=[on for on, _, is_free in known if not is_free],
        ),
        pauses=tuple(
            Pause(first, last, reason, urgent_allowed=allowed)
            for first, last, reason, allowed in _PAUSES.rows(campaign=card.id)
        ),
    )


_OFFICE_DAYS = Prepared(
    lambda given: OfficeDay.select(OfficeDay.date, OfficeDay.name, OfficeDay.is_free).where(
        OfficeDay.office == given("office")
    )
)
_PAUSES = Prepared(
    lambda given: (
        CampaignPause.select(
            CampaignPause.from_date, CampaignPause.to_date, CampaignPause.reason, CampaignPause.urgent_allowed
        )
        .where(CampaignPause.campaign == given("campaign"))
        .order_by(CampaignPause.from_date)
    )
)


def other_work(who: Who, card: CampaignCard, today: date) -> dict[int, list[Span]]:
    """Team -> dates on which it works elsewhere: retakes, home visits, another campaign's days; named for the place."""
    away: dict[int, list[Span]] = defaultdict(list)
    rows = _OTHER_WORK.rows(office=who.office_id, campaign=card.id, today=today)
    for team_id, day, school, venue in rows:
        away[team_id].append(Span(day, day, venue or school or ""))
    return away


_OTHER_WORK = Prepared(
    lambda given: (
        RecordingDay.select(RecordingDay.team, RecordingDay.date, School.name, RecordingDay.venue)
        .join(School, JOIN.LEFT_OUTER)
        .where(
            RecordingDay.office == given("office"),
            RecordingDay.state.in_(LIVE_STATES),
            RecordingDay.date >= given("today"),
            (RecordingDay.kind != "school") | (RecordingDay.campaign != given("campaign")),
        )
        .order_by(RecordingDay.date, RecordingDay.id)
    )
)
