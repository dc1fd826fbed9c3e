"""The plan as its page shows it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import fn

from campaigns.booking.basis_queries import Basis, Why, plan_basis, why_of
from campaigns.booking.calendar_queries import campaign_calendar
from campaigns.booking.exception_queries import ForcedException, exceptions_of
from campaigns.booking.month import month_after, month_before, month_of, weeks_of
from campaigns.booking.place_queries import GROWING_STATES
from campaigns.booking.waiting_queries import WaitingDay, waiting_days
from campaigns.calendar import Block, blocks_on
from campaigns.hard_rules import Clash, violations_of
from campaigns.models import LeftOutRow, RecordingDay
from campaigns.queries import LIVE_STATES, CampaignCard, DayCard, DaysAsked
from campaigns.scheduling import Rule
from common import clock
from common.access import Who
from common.database import rows_of
from common.prepared import Prepared
from schools.models import District, School, Team
from schools.queries import teams


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """A recording day on the plan; `beside` is the school that shares the team's day."""

    card: DayCard
    why: Why
    beside: str = ""
    stripe: int = 1


@dataclass(frozen=True, slots=True)
class CalendarDate:
    """A date of the calendar: what blocks it, and the days on it."""

    date: date
    outside: bool
    today: bool
    blocks: tuple[Block, ...]
    days: tuple[PlannedDay, ...]


@dataclass(frozen=True, slots=True)
class LeftOutSchool:
    """A school with students that have no day, and the rule that kept them out (empty: no plan was made yet).

    `day_id` is a day of the school whose page names them; None where it was told of none.
    """

    school_id: int
    school_name: str
    district_name: str
    students: int
    rule: str
    day_id: int | None


@dataclass(frozen=True, slots=True)
class BrokenDay:
    """A day that breaks a rule where it stands, as after a holiday declared late."""

    day: DayCard
    clash: Clash


@dataclass(frozen=True, slots=True)
class ForcedDay:
    """A day that breaks rules on purpose, with the reason."""

    day: DayCard
    exception: ForcedException


@dataclass(frozen=True)
class PlanPage:
    """The plan of one month, and what of the whole plan needs the coordinator."""

    campaign: CampaignCard
    month: date
    previous: date | None
    following: date | None
    weeks: tuple[tuple[CalendarDate, ...], ...]
    days: tuple[PlannedDay, ...]
    schools: int
    schools_planned: int
    students: int
    states: dict[str, int]
    waiting: tuple[WaitingDay, ...]
    left_out: tuple[LeftOutSchool, ...]
    broken: tuple[BrokenDay, ...]
    forced: tuple[ForcedDay, ...]
    teams: tuple[tuple[str, int], ...]


def plan_page(who: Who, campaign_id: int, month: date | None = None) -> PlanPage:
    """The plan of a month (the present one, or the nearest of the campaign). Raises Missing."""
    today = clock.today(who.time_zone)
    basis = plan_basis(who, campaign_id, today)
    card = basis.campaign
    first = month_of(min(max(month or today, card.from_date), max(card.to_date, card.from_date)))
    crews = teams(who)
    stripes = {team.id: number % 6 + 1 for number, team in enumerate(crews)}
    weeks = weeks_of(first)
    shown = _SHOWN.cards(who, campaign=campaign_id, first=weeks[0][0], last=weeks[-1][-1])
    days = _planned_days(shown, stripes)
    on_date: dict[date, list[PlannedDay]] = defaultdict(list)
    for day in days:
        on_date[day.card.date].append(day)
    calendar = campaign_calendar(who, card)
    exceptions = exceptions_of(who, list(basis.days.values()))
    on_purpose = {(day_id, clash.rule) for day_id, forced in exceptions.items() for clash in forced.clashes}
    states = _states(card)
    planned = {school_id for (school_id,) in _SCHOOLS_WITH_A_DAY.rows(campaign=campaign_id)}
    return PlanPage(
        campaign=card,
        month=first,
        previous=month_before(first) if first > card.from_date else None,
        following=month_after(first) if month_after(first) <= card.to_date else None,
        weeks=tuple(
            tuple(
                CalendarDate(
                    day, day.month != first.month, day == today, blocks_on(day, calendar), tuple(on_date[day])
                )
                for day in week
            )
            for week in weeks
        ),
        days=tuple(day for day in days if day.card.date.month == first.month),
        schools=len(planned | {need.id for need in basis.problem.schools}),
        schools_planned=len(planned),
        students=sum(visit.students for visit in basis.visits),
        states=states,
        waiting=waiting_days(who, campaign_id),
        left_out=_left_out(who, basis),
        broken=tuple(
            BrokenDay(basis.days[clash.visit.school, clash.visit.team, clash.visit.date], clash)
            for clash in violations_of(basis.visits, basis.problem)
            if clash.rule is not Rule.NO_MORE_THAN_TARGET
            and (known := basis.days.get((clash.visit.school, clash.visit.team, clash.visit.date)))
            is not None
            and (known.id, clash.rule) not in on_purpose
        ),
        forced=tuple(
            ForcedDay(day, exceptions[day.id]) for day in basis.days.values() if day.id in exceptions
        ),
        teams=tuple((team.name, stripes[team.id]) for team in crews if team.id in card.team_ids),
    )


def school_names(who: Who) -> dict[int, str]:
    """The names of the office's schools, for what a day clashes with."""
    rows = School.select(School.id, School.name).where(School.office == who.office_id)
    return dict(rows_of(rows))


_SHOWN = DaysAsked(
    lambda days, given: days.where(
        RecordingDay.campaign == given("campaign"),
        RecordingDay.state.in_(LIVE_STATES),
        RecordingDay.date.between(given("first"), given("last")),
    ).order_by(RecordingDay.date, Team.name, RecordingDay.starts_at, RecordingDay.id)
)


def _planned_days(cards: list[DayCard], stripes: dict[int, int]) -> list[PlannedDay]:
    on_team_day: dict[tuple[int, date], list[DayCard]] = defaultdict(list)
    for card in cards:
        on_team_day[card.team_id, card.date].append(card)
    return [
        PlannedDay(
            card,
            why_of(card),
            ", ".join(
                other.school_name for other in on_team_day[card.team_id, card.date] if other is not card
            ),
            stripes.get(card.team_id, 1),
        )
        for card in cards
    ]


def _states(card: CampaignCard) -> dict[str, int]:
    """How many days of the campaign stand in each state."""
    return dict(_STATES.rows(campaign=card.id))


_STATES = Prepared(
    lambda given: (
        RecordingDay.select(RecordingDay.state, fn.COUNT(RecordingDay.id))
        .where(RecordingDay.campaign == given("campaign"))
        .group_by(RecordingDay.state)
    )
)
_SCHOOLS_WITH_A_DAY = Prepared(
    lambda given: (
        RecordingDay.select(RecordingDay.school)
        .where(RecordingDay.campaign == given("campaign"), RecordingDay.state.in_(LIVE_STATES))
        .distinct()
    )
)


def _left_out(who: Who, basis: Basis) -> tuple[LeftOutSchool, ...]:
    """Schools with students who were never called and have no day, most students first."""
    planned: dict[Any, int] = defaultdict(int)
    for visit in basis.visits:
        planned[visit.school] += visit.students
    without = {
        need.id: need.target - planned[need.id]
        for need in basis.problem.schools
        if need.target > planned[need.id]
    }
    rules = dict(_LEFT_OUT.rows(campaign=basis.campaign.id))
    rows = _NAMES.rows(office=who.office_id, schools=list(without))
    today = clock.today(who.time_zone)
    told = [day for day in basis.days.values() if day.state in GROWING_STATES and day.date >= today]
    naming = {day.school_id: day.id for day in sorted(told, key=lambda day: day.date, reverse=True)}
    found = [
        LeftOutSchool(school, name, district, without[school], rules.get(school, ""), naming.get(school))
        for school, name, district in rows
    ]
    return tuple(sorted(found, key=lambda row: (-row.students, row.school_name)))


_LEFT_OUT = Prepared(
    lambda given: LeftOutRow.select(LeftOutRow.school, LeftOutRow.rule).where(
        LeftOutRow.campaign == given("campaign")
    )
)
_NAMES = Prepared(
    lambda given: (
        School.select(School.id, School.name, District.name)
        .join(District)
        .where(School.office == given("office"), given.among(School.id, "schools"))
    )
)
