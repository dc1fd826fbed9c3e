"""The programme's settings, a recording day, and a school's own days, as their pages show them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from peewee import fn

from campaigns.attendance import MOVES, DayState
from campaigns.booking.basis_queries import Why, plan_basis, why_of
from campaigns.booking.calendar_queries import campaign_calendar
from campaigns.booking.exception_queries import ForcedException, exceptions_of
from campaigns.booking.move_queries import dates_to_move_to
from campaigns.booking.place_queries import (
    GROWING_STATES,
    PlaceRow,
    UnplacedRow,
    place_rows,
    seating_of,
    unplaced_rows,
)
from campaigns.booking.settings import CampaignSettings, PauseTyped
from campaigns.booking.throughput_queries import measured
from campaigns.calendar import Block, Holiday, working_days
from campaigns.calendars.breaking_queries import closed_among
from campaigns.in_view import ProgrammeState, state_of
from campaigns.models import Booking, CampaignPause, RecordingDay, ToldDay
from campaigns.queries import (
    LIVE_STATES,
    CampaignCard,
    DayCard,
    DaysAsked,
    campaign,
    campaigns,
    day,
    day_cards,
    hosts,
    visible_days,
)
from campaigns.throughput import MeasuredRate
from common import clock
from common.access import COORDINATOR, SCHOOL_ADMIN, Who
from common.database import rows_of
from schools.models import Student
from schools.queries import TeamCard, teams

FREE_DAYS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class CampaignPage:
    """A programme with everything that shapes its calendar."""

    campaign: CampaignCard
    programmes: tuple[tuple[CampaignCard, ProgrammeState], ...]
    teams: tuple[TeamCard, ...]
    pauses: tuple[PauseTyped, ...]
    holidays: tuple[Holiday, ...]
    working_days: int
    measured: dict[str, MeasuredRate]


@dataclass(frozen=True, slots=True)
class FreeDate:
    """A date on which a team could visit the school, and how many of its students it could record there."""

    date: date
    team_id: int
    team_name: str
    room: int


@dataclass(frozen=True, slots=True)
class DayPage:
    """A recording day: who comes when, who has no place, and what can be done with it.

    `moves` are the states it may go to; `parts` the other days of the same school, `following` whether a
    later one moves with it; `newcomers` are students who would
    get a place when places are given again; `closed` is what closed the date since the day was planned.
    """

    day: DayCard
    why: Why
    beside: str
    parts: tuple[DayCard, ...]
    following: bool
    places: tuple[PlaceRow, ...]
    unplaced: tuple[UnplacedRow, ...]
    newcomers: int
    moves: frozenset[str]
    can_be_moved: bool
    is_past: bool
    is_growing: bool
    teams: tuple[TeamCard, ...]
    free: tuple[FreeDate, ...]
    exception: ForcedException | None
    closed: Block | None
    is_host: bool


@dataclass(frozen=True, slots=True)
class AskPage:
    """What a school sees when it asks for another day: the day, and the dates that are free."""

    day: DayCard
    free: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class OwnDay:
    """A school's own day on its list, with the dates it offered instead.

    `students` of the own school have a place, the first of them at `first_slot`; the day's other students are
    of schools that share it.
    """

    day: DayCard
    offered: tuple[date, ...]
    can_be_confirmed: bool
    can_be_asked: bool
    is_host: bool
    students: int
    first_slot: str
    was: date | None = None


@dataclass(frozen=True, slots=True)
class OwnDays:
    """A school's days: those to come first, then those that were."""

    coming: tuple[OwnDay, ...]
    past: tuple[OwnDay, ...]

    @property
    def _waiting(self) -> list[DayCard]:
        return [one.day for one in self.coming if one.day.state == "proposed" and one.is_host]

    @property
    def waiting(self) -> int:
        """How many days wait for the school's answer."""
        return len(self._waiting)

    @property
    def waiting_stamps(self) -> str:
        """What the button that confirms them all carries."""
        return " ".join(card.stamp for card in self._waiting)


def campaign_page(who: Who, campaign_id: int) -> CampaignPage:
    """A programme's settings, pauses, and the holidays in its window, beside all of the office. Raises Missing."""
    card, today = campaign(who, campaign_id), clock.today(who.time_zone)
    calendar = campaign_calendar(who, card)
    return CampaignPage(
        campaign=card,
        programmes=tuple((one, state_of(one.from_date, one.voting_day, today)) for one in campaigns(who)),
        teams=tuple(team for team in teams(who) if team.id in card.team_ids),
        pauses=_pauses(campaign_id),
        holidays=tuple(
            calendar.holidays[day]
            for day in sorted(calendar.holidays)
            if day.weekday() in calendar.weekdays and day <= card.to_date
        ),
        working_days=len(working_days(calendar)),
        measured={network.value: rate for network, rate in measured(who, campaign_id).items()},
    )


def day_page(who: Who, day_id: int) -> DayPage:
    """A recording day with its places; for a coordinator also where it could go. Raises Missing."""
    card = day(who, day_id)
    today = clock.today(who.time_zone)
    of_school = visible_days(who).where(
        RecordingDay.campaign == card.campaign_id,
        RecordingDay.school == card.school_id,
        RecordingDay.kind == card.kind,
        RecordingDay.state.in_(LIVE_STATES),
        RecordingDay.id != card.id,
    )
    growing = card.kind == "school" and card.state in GROWING_STATES and card.date >= today
    unplaced: tuple[UnplacedRow, ...] = ()
    newcomers = 0
    if growing:
        seating = seating_of(who, card.campaign_id, card.school_id)
        had = {place.student for place in seating.before}
        newcomers = sum(place.student not in had for place in seating.after.placed)
        unplaced = unplaced_rows(who, seating.after.unplaced)
    moves = frozenset(state.value for state in MOVES[DayState(card.state)])
    movable = (
        who.role == COORDINATOR
        and card.kind == "school"
        and card.state in ("draft", "proposed", "change_asked")
        and not card.is_locked
    )
    programme = campaign(who, card.campaign_id)
    closed = closed_among(who, programme, [card]) if card.date >= today else ()
    why = why_of(card)
    free: tuple[FreeDate, ...] = ()
    if movable:
        free = _free_dates(who, card)
    parts = tuple(day_cards(of_school.order_by(RecordingDay.date)))
    return DayPage(
        day=card,
        why=why,
        beside=_beside(who, card),
        parts=parts,
        following=any(
            part.date > card.date
            and part.state in ("draft", "proposed", "change_asked")
            and not part.is_locked
            for part in parts
        ),
        places=place_rows(who, card.id),
        unplaced=unplaced,
        newcomers=newcomers,
        moves=moves,
        can_be_moved=movable,
        is_past=card.date < today,
        is_growing=growing,
        teams=tuple(team for team in teams(who, only_active=True) if team.id in programme.team_ids)
        if movable
        else (),
        free=free,
        exception=exceptions_of(who, [card]).get(card.id) if who.role == COORDINATOR else None,
        closed=closed[0].block if closed else None,
        is_host=hosts(who, card),
    )


def ask_page(who: Who, day_id: int) -> AskPage:
    """The dates a school can ask for instead of its day: dates alone, nothing of other schools. Raises Missing."""
    card = day(who, day_id)
    # Asked as the office: a school admin alone would see every other school's day as free.
    asker = replace(who, role=COORDINATOR, school_id=None) if who.role == SCHOOL_ADMIN else who
    today = clock.today(who.time_zone)
    basis = plan_basis(asker, card.campaign_id, today, by_hand=True)
    dates: list[date] = []
    for free in dates_to_move_to(basis, card, today):
        if free.date != card.date and free.date not in dates:
            dates.append(free.date)
        if len(dates) == FREE_DAYS_SHOWN:
            break
    return AskPage(card, tuple(dates))


def _moved_from(cards: list[DayCard]) -> dict[int, date]:
    """By day: the date from which it came to the one that it has, as its school was last told."""
    told = ToldDay.select(ToldDay.day, ToldDay.date, ToldDay.before_date).where(
        ToldDay.day.in_([card.id for card in cards])
    )
    last = {day_id: (now, before) for day_id, now, before in rows_of(told.order_by(ToldDay.id))}
    return {
        card.id: before
        for card in cards
        for now, before in [last.get(card.id, (None, None))]
        if before is not None and now == card.date != before
    }


def own_days(who: Who) -> OwnDays:
    """The days of the school admin's own school. Raises Missing for who has none."""
    today = clock.today(who.time_zone)
    own = _own_students(who)

    cards = _OWN_DAYS.cards(who)
    was = _moved_from(cards)
    found = [
        OwnDay(
            card,
            why_of(card).offered,
            can_be_confirmed=card.date >= today
            and card.state in ("proposed", "change_asked")
            and hosts(who, card),
            can_be_asked=card.date > today
            and card.kind == "school"
            and DayState.CHANGE_ASKED in MOVES[DayState(card.state)],
            is_host=hosts(who, card),
            students=own.get(card.id, (0, ""))[0],
            first_slot=own.get(card.id, (0, ""))[1],
            was=was.get(card.id),
        )
        for card in cards
    ]
    coming = tuple(one for one in found if one.day.date >= today)
    past = tuple(reversed([one for one in found if one.day.date < today]))
    return OwnDays(coming, past)


_OWN_DAYS = DaysAsked(
    lambda days, given: days.where(RecordingDay.state.in_(LIVE_STATES)).order_by(RecordingDay.date)
)


def _own_students(who: Who) -> dict[int, tuple[int, str]]:
    """By day: how many of the own school's students have a place there, and the first one's time."""
    rows = (
        Booking.select(Booking.day, fn.COUNT(Booking.id), fn.MIN(Booking.slot))
        .join(Student)
        .where(Student.office == who.office_id, Student.school == who.school_id)
        .group_by(Booking.day)
    )
    return {day_id: (students, slot) for day_id, students, slot in rows_of(rows)}


def campaign_settings(who: Who, campaign_id: int) -> CampaignSettings:
    """A programme's settings for its form. Raises Missing."""
    card = campaign(who, campaign_id)
    values = {name: getattr(card, name) for name in CampaignSettings.__dataclass_fields__ if name != "pauses"}
    return CampaignSettings(**values, pauses=_pauses(campaign_id))


def _free_dates(who: Who, card: DayCard) -> tuple[FreeDate, ...]:
    """The first days to which the day could go."""
    today = clock.today(who.time_zone)
    basis = plan_basis(who, card.campaign_id, today, by_hand=True)
    names = {team.id: team.name for team in teams(who)}
    return tuple(
        FreeDate(one.date, int(one.team), names[int(one.team)], one.room)
        for one in islice(dates_to_move_to(basis, card, today), FREE_DAYS_SHOWN)
    )


def _beside(who: Who, card: DayCard) -> str:
    """The school that shares the team's day; for the office alone, and empty where there is none."""
    if who.role == SCHOOL_ADMIN:
        return ""
    rows = visible_days(who).where(
        RecordingDay.team == card.team_id,
        RecordingDay.date == card.date,
        RecordingDay.state.in_(LIVE_STATES),
        RecordingDay.id != card.id,
    )
    return ", ".join(card.school_name for card in day_cards(rows))


def _pauses(campaign_id: int) -> tuple[PauseTyped, ...]:
    rows = (
        CampaignPause.select().where(CampaignPause.campaign == campaign_id).order_by(CampaignPause.from_date)
    )
    return tuple(PauseTyped(row.from_date, row.to_date, row.reason, row.urgent_allowed) for row in rows)
