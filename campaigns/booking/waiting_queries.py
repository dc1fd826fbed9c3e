"""What waits for an answer: days that schools were told of, and wishes for another day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from campaigns.booking.basis_queries import Why, why_of
from campaigns.models import RecordingDay
from campaigns.queries import DayCard, DaysAsked
from common import clock
from common.access import Who


@dataclass(frozen=True, slots=True)
class WaitingDay:
    """A day that waits: for the school (announced), or for the office (another day asked); since when, in days."""

    card: DayCard
    why: Why
    since: date
    age: int

    @property
    def is_wish(self) -> bool:
        """Whether the office has to answer."""
        return self.card.state == "change_asked"


def waiting_days(who: Who, campaign_id: int) -> tuple[WaitingDay, ...]:
    """The days to come that wait for an answer: first the wishes, which the office answers; each the oldest first."""
    today = clock.today(who.time_zone)
    cards = _WAITING.cards(who, campaign=campaign_id, today=today)
    found = [waiting_day(card, today, who.time_zone) for card in cards]
    return tuple(
        sorted(found, key=lambda one: (not one.is_wish, one.since, one.card.date, one.card.school_name))
    )


_WAITING = DaysAsked(
    lambda days, given: days.where(
        RecordingDay.campaign == given("campaign"),
        RecordingDay.state.in_(("proposed", "change_asked")),
        RecordingDay.date >= given("today"),
    )
)


def waiting_day(card: DayCard, today: date, zone: str) -> WaitingDay:
    """Since when this day waits; one that was never announced waits since today."""
    why = why_of(card)
    told = clock.local(card.announced_at, zone).date() if card.announced_at else today
    since = min(why.asked or told, today) if card.state == "change_asked" else told
    return WaitingDay(card, why, since, (today - since).days)
