"""What every part of the programme asks: the campaign in view, a recording day, who is in the target."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from peewee import fn

from campaigns import attendance
from campaigns.attendance import DayState
from campaigns.eligibility import VOTING_AGE, latest_birth_date_for
from campaigns.in_view import view_rank
from campaigns.models import Booking, Campaign, CampaignTeam, MarkRow, RecordingDay
from common import clock
from common.access import COORDINATOR, SCHOOL_ADMIN, VIEWER, Missing, Who
from common.database import rows_of
from common.prepared import Given, Prepared
from schools.models import District, School, Student, Team

# states in which a day holds its team and its students, in the order of its life
LIVE_STATES = tuple(state.value for state in DayState if state in attendance.LIVE_STATES)
# kinds of days that a school is host to; the office and the homes have none
AT_A_SCHOOL = ("school", "retake")
# to which students of several schools may be called
SHARED_KINDS = ("retake", "office")
# of the states, what schools and officers see; a draft is the coordinator's alone
ANNOUNCED_STATES = tuple(state for state in LIVE_STATES if state != DayState.DRAFT)


@dataclass(frozen=True, slots=True)
class CampaignCard:
    """A campaign with its settings, as rules and pages need them."""

    id: int
    name: str
    from_date: date
    to_date: date
    voting_day: date
    voting_day_is_fixed: bool
    record_age: int
    print_age: int
    weekdays: str
    reserved_weekdays: str
    rate_good: int
    rate_poor: int
    max_days_per_school: int
    latest_useful_day: date
    day_start: str
    day_end: str
    is_closed: bool
    team_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DayCard:
    """A recording day with the names that pages and paper show."""

    id: int
    campaign_id: int
    date: date
    kind: str
    state: str
    team_id: int
    team_name: str
    kits: int
    school_id: int
    school_name: str
    npsn: str
    district_name: str
    network: str
    venue: str
    takes_morning: bool
    takes_afternoon: bool
    starts_at: str
    ends_at: str
    part: int
    of_parts: int
    capacity: int
    planned: int
    planned_voters: int
    reason: str
    note: str
    is_locked: bool
    announced_at: datetime | None
    confirmed_at: datetime | None
    closed_at: datetime | None

    @property
    def stamp(self) -> str:
        """What a form carries, so that an answer given to an old page is not taken for one to the day as it is."""
        told = (
            self.id,
            self.date,
            self.team_id,
            self.starts_at,
            self.ends_at,
            self.state,
            self.reason,
            self.note,
        )
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class CutOffs:
    """The latest birth dates of a campaign's target and voters: what SQL compares with."""

    target: date
    voters: date

    @classmethod
    def of(cls, campaign: CampaignCard | Campaign) -> CutOffs:
        """From the campaign's last day and its voting day; the same rule as eligibility, as dates."""
        return cls.at(campaign.to_date, campaign.voting_day, campaign.record_age)

    @classmethod
    def at(cls, to_date: date, voting_day: date, record_age: int) -> CutOffs:
        """Of a campaign that ends on `to_date` and records from `record_age`."""
        return cls(latest_birth_date_for(record_age, to_date), latest_birth_date_for(VOTING_AGE, voting_day))


def campaigns(who: Who) -> list[CampaignCard]:
    """The office's campaigns, newest first."""
    crews: dict[int, list[int]] = defaultdict(list)
    for campaign_id, team_id in _CREWS.rows(office=who.office_id):
        crews[campaign_id].append(team_id)
    cards = []
    for *values, closed_at in _CAMPAIGNS.rows(office=who.office_id):
        card: list[Any] = [*values, closed_at is not None, tuple(crews[values[0]])]
        cards.append(CampaignCard(*card))
    return cards


def campaign(who: Who, campaign_id: int) -> CampaignCard:
    """One campaign of the office. Raises Missing."""
    for card in campaigns(who):
        if card.id == campaign_id:
            return card
    raise Missing


def current_campaign(who: Who, chosen: int | None = None) -> CampaignCard | None:
    """The campaign in view: the one `chosen` where the office has it, else by `view_rank`; None without any."""
    cards, today = campaigns(who), clock.today(who.time_zone)

    def rank(card: CampaignCard) -> tuple[object, ...]:
        by_date = view_rank(card.from_date, card.voting_day, card.is_closed, today)
        return card.id != chosen, by_date, card.id

    return min(cards, key=rank, default=None)


_CAMPAIGNS = Prepared(  # asked at every request; in the order of CampaignCard
    lambda given: (
        Campaign.select(
            Campaign.id,
            Campaign.name,
            Campaign.from_date,
            Campaign.to_date,
            Campaign.voting_day,
            Campaign.voting_day_is_fixed,
            Campaign.record_age,
            Campaign.print_age,
            Campaign.weekdays,
            Campaign.reserved_weekdays,
            Campaign.rate_good,
            Campaign.rate_poor,
            Campaign.max_days_per_school,
            Campaign.latest_useful_day,
            Campaign.day_start,
            Campaign.day_end,
            Campaign.closed_at,
        )
        .where(Campaign.office == given("office"))
        .order_by(Campaign.id.desc())
    )
)
_CREWS = Prepared(
    lambda given: (
        CampaignTeam.select(CampaignTeam.campaign, CampaignTeam.team)
        .join(Campaign)
        .where(Campaign.office == given("office"))
        .order_by(CampaignTeam.team)
    )
)


def day(who: Who, day_id: int) -> DayCard:
    """One recording day. Raises Missing when it is not this person's to see (a draft, another school's)."""
    found = _DAY.cards(who, day=day_id)
    if not found:
        raise Missing
    return found[0]


def visible_days(who: Who) -> Any:
    """The selection of days this person may see, with team, school and district: add to it, do not narrow less.

    A school admin sees the days at the own school, and those elsewhere to which own students are called again.
    """
    return _visible_days(who.role, who.office_id, who.school_id)


def _visible_days(role: str, office: Any, school: Any) -> Any:
    query = (
        RecordingDay.select(RecordingDay, Team, School, District)
        .join(Team)
        .switch(RecordingDay)
        .join(School)
        .join(District)
        .where(RecordingDay.office == office)
    )
    if role == SCHOOL_ADMIN:
        at_own = (RecordingDay.school == school) & RecordingDay.kind.in_(AT_A_SCHOOL)
        called = Booking.select(Booking.day).join(Student).where(Student.school == school)
        query = query.where(
            at_own | ((RecordingDay.kind != "school") & RecordingDay.id.in_(called)),
        )
    if role == VIEWER:
        raise Missing
    if role != COORDINATOR:
        query = query.where(RecordingDay.state.in_(ANNOUNCED_STATES))
    return query


def hosts(who: Who, card: DayCard) -> bool:
    """Whether the day is held at a school for which this person speaks: only then it is confirmed by that school."""
    return card.kind in AT_A_SCHOOL and who.may_see_school(card.school_id)


def in_target(cut_offs: CutOffs) -> Any:
    """SQL: the student is in the campaign's target, as far as the roster tells (marks may take out more)."""
    return (
        (Student.status == "active")
        & (Student.recorded_before == False)
        & (Student.birth_date <= cut_offs.target)
    )


def is_voter(cut_offs: CutOffs) -> Any:
    """SQL: the student may vote on voting day."""
    return (Student.birth_date <= cut_offs.voters) | (Student.is_married == True)


def students_of_schools(day_ids: Sequence[int]) -> dict[int, dict[int, int]]:
    """Of each of these days of one office, how many students of each school have a place."""
    found: dict[int, dict[int, int]] = {day_id: {} for day_id in day_ids}
    query = (
        Booking.select(Booking.day, Student.school, fn.COUNT(Booking.id))
        .join(Student)
        .where(Booking.day.in_(list(day_ids)))
        .group_by(Booking.day, Student.school)
        .order_by(Booking.day, Student.school)
    )
    for day_id, school_id, students in rows_of(query):
        found[day_id][school_id] = students
    return found


def places_of_the_student(campaign_id: Any, states: Sequence[str]) -> Any:
    """The places, on days of the campaign in these states, of the student of the query around: for `fn.EXISTS`.

    From the student's few places to their days (`+ 0` keeps the other index out): SQLite would ask every day of the
    campaign for the student.
    """
    return (
        Booking.select(Booking.id)
        .join(RecordingDay)
        .where(
            Booking.student == Student.id,
            RecordingDay.campaign + 0 == campaign_id,
            RecordingDay.state.in_(states),
        )
    )


def students_on_days(who: Who, student_ids: Sequence[int]) -> int:
    """How many of these students of the office have a place on a recording day or a mark."""
    found: set[int] = set()
    for start in range(0, len(student_ids), 500):
        part = list(student_ids[start : start + 500])
        for table in (Booking, MarkRow):
            query = (
                table.select(table.student)
                .join(Student)
                .where(table.student.in_(part), Student.office == who.office_id)
            )
            found.update(student_id for (student_id,) in rows_of(query.distinct()))
    return len(found)


def day_cards(days: Any) -> list[DayCard]:
    """The days of a selection of `visible_days` as pages show them, in its order.

    Read as bare rows: an object for each day, its team, school and district takes ten times as long.
    """
    return [_day_card(*row) for row in rows_of(days.select(*_CARD_FIELDS))]


class DaysAsked:
    """Days that pages ask for again and again: `narrow(days, given)` of `visible_days`, its text made once a role."""

    def __init__(self, narrow: Callable[[Any, Given], Any]) -> None:
        self._narrow = narrow
        self._of_role: dict[str, Prepared] = {}

    def cards(self, who: Who, **values: object) -> list[DayCard]:
        """The days that this person may see, for these values."""
        query = self._of_role.setdefault(who.role, Prepared(partial(self._make, who.role)))
        return [_day_card(*row) for row in query.rows(office=who.office_id, school=who.school_id, **values)]

    def _make(self, role: str, given: Given) -> Any:
        days = _visible_days(role, given("office"), given("school"))
        return self._narrow(days, given).select(*_CARD_FIELDS)


_DAY = DaysAsked(lambda days, given: days.where(RecordingDay.id == given("day")))


def _day_card(*values: Any) -> DayCard:
    card = list(values)
    for half in _HALVES:
        card[half] = bool(card[half])
    return DayCard(*card)


# in the order of DayCard
_CARD_FIELDS = (
    RecordingDay.id,
    RecordingDay.campaign,
    RecordingDay.date,
    RecordingDay.kind,
    RecordingDay.state,
    RecordingDay.team,
    Team.name,
    Team.kits,
    RecordingDay.school,
    School.name,
    School.npsn,
    District.name,
    School.network,
    RecordingDay.venue,
    RecordingDay.takes_morning,
    RecordingDay.takes_afternoon,
    RecordingDay.starts_at,
    RecordingDay.ends_at,
    RecordingDay.part,
    RecordingDay.of_parts,
    RecordingDay.capacity,
    RecordingDay.planned,
    RecordingDay.planned_voters,
    RecordingDay.reason,
    RecordingDay.note,
    RecordingDay.is_locked,
    RecordingDay.announced_at,
    RecordingDay.confirmed_at,
    RecordingDay.closed_at,
)
_HALVES = (14, 15)  # where takes_morning and takes_afternoon stand, which are 1 or nothing
