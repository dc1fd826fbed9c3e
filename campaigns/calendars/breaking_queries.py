"""Planned days that lie on dates which a calendar has closed since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from campaigns.booking.calendar_queries import campaign_calendar
from campaigns.calendar import Block, BlockedBy, SchoolCalendar, blocks_on
from campaigns.closed_queries import closed_spans
from campaigns.models import RecordingDay
from campaigns.queries import AT_A_SCHOOL, CampaignCard, DayCard, day_cards, visible_days
from common import clock
from common.access import Who

# states of a day that can still be put elsewhere, those whose school counts on them first
MOVABLE_STATES = ("confirmed", "change_asked", "proposed", "draft")
CLOSED_BY = frozenset(
    {
        BlockedBy.PUBLIC_HOLIDAY,
        BlockedBy.JOINT_LEAVE,
        BlockedBy.OFFICE_HOLIDAY,
        BlockedBy.PAUSE,
        BlockedBy.SCHOOL_CLOSED,
    }
)


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """A planned day, and what closes its date."""

    day: DayCard
    block: Block


def days_on_closed_dates(who: Who, card: CampaignCard, on: date | None = None) -> tuple[ClosedDay, ...]:
    """The days to come (or of one date) that lie on a holiday, a free day, a pause or closed dates of the school.

    Days of every kind, for a retake needs an open date too; confirmed ones first, then by date.
    """
    rows = visible_days(who).where(
        RecordingDay.campaign == card.id,
        RecordingDay.state.in_(MOVABLE_STATES),
        RecordingDay.date >= clock.today(who.time_zone),
    )
    if on is not None:
        rows = rows.where(RecordingDay.date == on)
    calendar = campaign_calendar(who, card)
    found = []
    cards = day_cards(rows.order_by(RecordingDay.date, RecordingDay.starts_at, RecordingDay.id))
    closed = closed_spans(who, {planned.school_id for planned in cards if planned.kind in AT_A_SCHOOL})
    for planned in cards:
        own = SchoolCalendar(closed=tuple(closed.get(planned.school_id, ())))
        school = own if planned.kind in AT_A_SCHOOL else None
        block = next((one for one in blocks_on(planned.date, calendar, school) if one.by in CLOSED_BY), None)
        if block is not None:
            found.append(ClosedDay(planned, block))
    return tuple(sorted(found, key=lambda one: MOVABLE_STATES.index(one.day.state)))
