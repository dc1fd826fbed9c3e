"""Planned days that lie on dates which a calendar has closed since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from campaigns.booking.calendar_queries import campaign_calendar
from campaigns.booking.exception_queries import exceptions_of
from campaigns.calendar import Block, BlockedBy, SchoolCalendar, blocks_on
from campaigns.closed_queries import closed_spans
from campaigns.models import RecordingDay
from campaigns.queries import AT_A_SCHOOL, CampaignCard, DayCard, DaysAsked
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
    cards = _MOVABLE.cards(who, campaign=card.id, today=clock.today(who.time_zone))
    return closed_among(who, card, [planned for planned in cards if on in (None, planned.date)])


def closed_among(who: Who, card: CampaignCard, days: Sequence[DayCard]) -> tuple[ClosedDay, ...]:
    """Those of these days that can still be put elsewhere and lie on a closed date, but for those forced onto it."""
    movable = [planned for planned in days if planned.state in MOVABLE_STATES]
    if not movable:
        return ()
    calendar = campaign_calendar(who, card)
    closed = closed_spans(who, {planned.school_id for planned in movable if planned.kind in AT_A_SCHOOL})
    found = []
    for planned in movable:
        own = SchoolCalendar(closed=tuple(closed.get(planned.school_id, ())))
        school = own if planned.kind in AT_A_SCHOOL else None
        block = next((one for one in blocks_on(planned.date, calendar, school) if one.by in CLOSED_BY), None)
        if block is not None:
            found.append(ClosedDay(planned, block))
    forced = exceptions_of(who, [one.day for one in found]) if found else {}
    meant = {(day_id, clash.rule) for day_id, exception in forced.items() for clash in exception.clashes}
    left = [one for one in found if (one.day.id, one.block.by) not in meant]
    return tuple(sorted(left, key=lambda one: MOVABLE_STATES.index(one.day.state)))


_MOVABLE = DaysAsked(
    lambda days, given: days.where(
        RecordingDay.campaign == given("campaign"),
        RecordingDay.state.in_(MOVABLE_STATES),
        RecordingDay.date >= given("today"),
    ).order_by(RecordingDay.date, RecordingDay.starts_at, RecordingDay.id)
)
