"""What a plan is made from: every school's need, every calendar, the days that stand."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from peewee import JOIN, Case, fn

from campaigns.calendar import (
    CampaignCalendar,
    Holiday,
    Pause,
    SchoolCalendar,
    Span,
    TeamCalendar,
    holidays_between,
    school_week,
)
from campaigns.capacity import Network, Rates
from campaigns.models import (
    Booking,
    Campaign,
    CampaignPause,
    OfficeDay,
    RecordingDay,
    SchoolBlackout,
    StandingRow,
)
from campaigns.queries import (
    LIVE_STATES,
    CampaignCard,
    CutOffs,
    DayCard,
    campaign,
    day_card,
    in_target,
    is_voter,
    visible_days,
)
from campaigns.scheduling import Locked, Problem, Reason, ReasonKind, SchoolNeed, Team, Visit, with_parts
from common import clock
from common.access import Who
from common.database import rows_of
from schools.models import District, School, Student
from schools.queries import TeamCard, teams


@dataclass(frozen=True)
class Basis:
    """All that a plan of a campaign is made from, at one moment.

    Days that schools were told of are locked in the problem; `drafts` are those that a new plan replaces. `days` are
    both, by school, team and date.
    """

    campaign: CampaignCard
    problem: Problem
    drafts: tuple[Visit, ...]
    days: dict[tuple[Any, Any, date], DayCard]
    locked_visits: tuple[Visit, ...]

    @property
    def visits(self) -> tuple[Visit, ...]:
        """Every visit that stands, told or draft."""
        return with_parts([*self.locked_visits, *self.drafts])


@dataclass(frozen=True, slots=True)
class Why:
    """Why a day is where it is (a ReasonKind and its figures), and the dates a school offered instead."""

    kind: str = ""
    voters: int = 0
    rank: int = 0
    offered: tuple[date, ...] = ()


def plan_basis(who: Who, campaign_id: int, earliest: date | None = None) -> Basis:
    """The campaign's problem: every school's need, every calendar, and the days that stand.

    Nothing is planned before `earliest` (the day after today unless said otherwise: a school needs to be told).
    Raises Missing.
    """
    card = campaign(who, campaign_id)
    today = clock.today(who.time_zone)
    starts = max(card.from_date, earliest or today + timedelta(days=1))
    standing_days = _standing_days(who, card, today)
    told = [day for day in standing_days if stands_for(day)]
    locked = [_visit(day, ReasonKind.LOCKED) for day in told]
    needs = _needs(who, card, told)
    crews = {team.id: team for team in teams(who)}
    away = _other_work(who, card, today)
    problem = Problem(
        calendar=campaign_calendar(who, card, starts),
        teams=tuple(
            _team(crews[team_id], team_id in card.team_ids, away[team_id])
            for team_id in sorted({*card.team_ids, *(day.team_id for day in standing_days)})
        ),
        schools=_schools(who, needs, standing_days),
        rates=Rates(Fraction(card.rate_good), Fraction(card.rate_poor)),
        max_days_per_school=card.max_days_per_school,
        locked=tuple(Locked(day.school_id, day.team_id, day.date, day.planned) for day in told),
    )
    return Basis(
        campaign=card,
        problem=problem,
        drafts=tuple(_visit(day, ReasonKind.BY_HAND) for day in standing_days if not stands_for(day)),
        days={(day.school_id, day.team_id, day.date): day for day in standing_days},
        locked_visits=tuple(locked),
    )


def campaign_calendar(who: Who, card: CampaignCard, starts: date | None = None) -> CampaignCalendar:
    """The campaign's dates with the office's holidays; `starts` cuts off what is past."""
    last = max(card.to_date, card.latest_useful_day)
    known = list(OfficeDay.select().where(OfficeDay.office == who.office_id))
    pauses = CampaignPause.select().where(CampaignPause.campaign == card.id).order_by(CampaignPause.from_date)
    return CampaignCalendar(
        starts=starts or card.from_date,
        ends=card.to_date,
        latest_useful_day=card.latest_useful_day,
        weekdays=_weekdays(card.weekdays),
        reserved_weekdays=_weekdays(card.reserved_weekdays),
        holidays=holidays_between(
            card.from_date,
            last,
            added=[Holiday(day.date, day.name) for day in known if day.is_free],
            removed=[day.date for day in known if not day.is_free],
        ),
        pauses=tuple(
            Pause(pause.from_date, pause.to_date, pause.reason, urgent_allowed=pause.urgent_allowed)
            for pause in pauses
        ),
    )


def why_of(card: DayCard) -> Why:
    """The reason stored with a day."""
    stored = json.loads(card.reason or "{}")
    return Why(
        kind=stored.get("kind", ""),
        voters=stored.get("voters", 0),
        rank=stored.get("rank", 0),
        offered=tuple(date.fromisoformat(text) for text in stored.get("offered", [])),
    )


def stands_for(card: DayCard) -> bool:
    """Whether the school was told of the day, or somebody locked it: no new plan moves it."""
    return card.state != "draft" or card.is_locked


def _standing_days(who: Who, card: CampaignCard, today: date) -> list[DayCard]:
    """The campaign's school days from today on."""
    rows = visible_days(who).where(
        RecordingDay.campaign == card.id,
        RecordingDay.kind == "school",
        RecordingDay.state.in_(LIVE_STATES),
        RecordingDay.date >= today,
    )
    return [
        day_card(row) for row in rows.order_by(RecordingDay.date, RecordingDay.starts_at, RecordingDay.id)
    ]


def _visit(day: DayCard, kind: ReasonKind) -> Visit:
    return Visit(day.school_id, day.team_id, day.date, day.planned, Reason(kind), day.part, day.of_parts)


def _needs(who: Who, card: CampaignCard, told: list[DayCard]) -> dict[int, tuple[int, int]]:
    """School -> (students, voters) in the target who were never called and have no place, plus those on days told.

    Places still free on days that were told count as theirs: newcomers are given those first.
    """
    cut_offs = CutOffs.of(card)
    placed = (
        Booking.select(Booking.student)
        .join(RecordingDay)
        .where(RecordingDay.campaign == card.id, RecordingDay.state.in_(LIVE_STATES))
    )
    called = StandingRow.select(StandingRow.student).where(StandingRow.campaign == card.id)
    query = (
        Student.select(Student.school, fn.COUNT(Student.id), fn.SUM(Case(None, [(is_voter(cut_offs), 1)], 0)))
        .where(
            Student.office == who.office_id,
            in_target(cut_offs),
            Student.id.not_in(placed),
            Student.id.not_in(called),
        )
        .group_by(Student.school)
    )
    needs = {school: (students, int(voters)) for school, students, voters in rows_of(query)}
    room: dict[int, int] = defaultdict(int)
    for day in told:
        if day.state not in ("open", "closed"):
            room[day.school_id] += max(0, day.capacity - day.planned)
    for school, free in room.items():
        students, voters = needs.get(school, (0, 0))
        needs[school] = max(0, students - free), max(0, voters - free)
    for day in told:
        students, voters = needs.get(day.school_id, (0, 0))
        needs[day.school_id] = students + day.planned, voters + day.planned_voters
    return needs


def _schools(who: Who, needs: dict[int, tuple[int, int]], days: list[DayCard]) -> tuple[SchoolNeed, ...]:
    """The schools that need a day or have one, district by district."""
    wanted = {school for school, (students, _) in needs.items() if students} | {day.school_id for day in days}
    closed: dict[int, list[Span]] = defaultdict(list)
    blackouts = SchoolBlackout.select().join(School).where(School.office == who.office_id)
    for row in blackouts.order_by(SchoolBlackout.from_date):
        closed[row.school_id].append(Span(row.from_date, row.to_date, row.reason))
    rows = (
        School.select(School.id, District.code, School.network, School.week_days)
        .join(District)
        .where(School.office == who.office_id)
        .order_by(District.code, School.name, School.id)
    )
    return tuple(
        SchoolNeed(
            school_id,
            district,
            *needs.get(school_id, (0, 0)),
            Network(network),
            SchoolCalendar(school_week(week_days), tuple(closed[school_id])),
        )
        for school_id, district, network, week_days in rows_of(rows)
        if school_id in wanted
    )


def _other_work(who: Who, card: CampaignCard, today: date) -> dict[int, list[Span]]:
    """Team -> dates on which it works elsewhere: retakes, home visits, another campaign's days; named for the place."""
    rows = (
        RecordingDay.select(RecordingDay.team, RecordingDay.date, School.name, RecordingDay.venue)
        .join(School, JOIN.LEFT_OUTER)
        .switch(RecordingDay)
        .join(Campaign)
        .where(
            RecordingDay.office == who.office_id,
            RecordingDay.state.in_(LIVE_STATES),
            RecordingDay.date >= today,
            (RecordingDay.kind != "school") | (RecordingDay.campaign != card.id),
        )
        .order_by(RecordingDay.date, RecordingDay.id)
    )
    away: dict[int, list[Span]] = defaultdict(list)
    for team_id, day, school, venue in rows_of(rows):
        away[team_id].append(Span(day, day, venue or school or ""))
    return away


def _team(card: TeamCard, goes_out: bool, away: list[Span]) -> Team:
    """A team with its calendar. One that left the campaign keeps its days and gets no new ones."""
    weekdays = _weekdays(card.weekdays) if goes_out and card.is_active else frozenset()
    days_off = (*(Span(day, day) for day in card.days_off), *away)
    return Team(card.id, card.kits, TeamCalendar(weekdays, tuple(days_off)))


def _weekdays(text: str) -> frozenset[int]:
    """ "12345" (ISO) as the calendar counts: Monday is 0."""
    return frozenset(int(digit) - 1 for digit in text)
