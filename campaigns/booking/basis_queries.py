"""What a plan is made from: every school's need, every calendar, the days that stand."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from peewee import SQL, Case, fn

from campaigns.booking.calendar_queries import campaign_calendar, other_work
from campaigns.calendar import (
    SchoolCalendar,
    Span,
    TeamCalendar,
    school_week,
    weekdays_of,
    working_days,
)
from campaigns.capacity import Network, Rates
from campaigns.closed_queries import closed_spans
from campaigns.eligibility import latest_birth_date_for, turns
from campaigns.hard_rules import violations_of
from campaigns.models import RecordingDay, StandingRow
from campaigns.queries import (
    ANNOUNCED_STATES,
    LIVE_STATES,
    CampaignCard,
    CutOffs,
    DayCard,
    DaysAsked,
    campaign,
    in_target,
    is_voter,
    places_of_the_student,
)
from campaigns.scheduling import (
    Announced,
    Locked,
    Problem,
    Reason,
    ReasonKind,
    Rule,
    SchoolNeed,
    Team,
    Visit,
    with_parts,
)
from common import clock
from common.access import Who
from common.prepared import Given, Prepared
from schools.models import District, School, Student
from schools.queries import TeamCard, teams

# A new day is planned no nearer than this many working days, so that a school can be told and tell its students.
NOTICE_DAYS = 3
# Fewer students than this, at a school visited before, are no reason to send a team there again.
FEW = 5


@dataclass(frozen=True)
class Basis:
    """All that a plan of a campaign is made from, at one moment.

    Days that schools were told of are locked in the problem; `drafts` are those that a new plan replaces. `days` are
    both, by school, team and date. `called_off` are the dates to come on which a school's day was called off. `loose`
    are days told that cannot stay as they are and that no school has confirmed: a new plan may move them.
    """

    campaign: CampaignCard
    problem: Problem
    drafts: tuple[Visit, ...]
    days: dict[tuple[Any, Any, date], DayCard]
    locked_visits: tuple[Visit, ...]
    called_off: frozenset[tuple[int, date]] = frozenset()
    loose: frozenset[tuple[Any, Any, date]] = frozenset()

    @property
    def visits(self) -> tuple[Visit, ...]:
        """Every visit that stands, told or draft."""
        return with_parts([*self.locked_visits, *self.drafts])


@dataclass(frozen=True, slots=True)
class Why:
    """Why a day is where it is (a ReasonKind and its figures); dates a school offered instead, and when it asked."""

    kind: str = ""
    voters: int = 0
    rank: int = 0
    offered: tuple[date, ...] = ()
    asked: date | None = None


@dataclass(slots=True)
class _Need:
    """A school's students without a place: those old enough today, voters among all, and when the others will be."""

    ready: int = 0
    voters: int = 0
    young: list[date] = field(default_factory=list)
    told: int = 0

    @property
    def waiting(self) -> int:
        """Students without a place."""
        return self.ready + len(self.young)


def draft_basis(who: Who, campaign_id: int) -> Basis:
    """The basis of a new plan: new days come at least `NOTICE_DAYS` working days after today. Raises Missing.

    What schools were told of stays, but for the days that `loosened` lets go.
    """
    tomorrow = clock.today(who.time_zone) + timedelta(days=1)
    to_come = working_days(campaign_calendar(who, campaign(who, campaign_id), tomorrow))
    new_from = to_come[NOTICE_DAYS - 1] if len(to_come) >= NOTICE_DAYS else date.max
    return loosened(plan_basis(who, campaign_id, new_from=new_from))


def loosened(basis: Basis) -> Basis:
    """The basis with the days that break a rule where they stand (a late holiday, a broken kit) free to move.

    Confirmed days and those locked by hand stay whatever they break: people decide about them.
    """
    broken = {
        (clash.visit.school, clash.visit.team, clash.visit.date)
        for clash in violations_of(with_parts(basis.locked_visits), basis.problem)
        if clash.rule is not Rule.NO_MORE_THAN_TARGET
    }
    loose = frozenset(
        key
        for key, day in basis.days.items()
        if key in broken and day.state == "proposed" and not day.is_locked
    )
    if not loose:
        return basis
    locked = tuple(one for one in basis.problem.locked if (one.school, one.team, one.date) not in loose)
    told = tuple(Announced(*key) for key in sorted(loose))
    return replace(basis, problem=replace(basis.problem, locked=locked, announced=told), loose=loose)


def plan_basis(
    who: Who,
    campaign_id: int,
    earliest: date | None = None,
    new_from: date | None = None,
    by_hand: bool = False,
) -> Basis:
    """The campaign's problem: every school's need, every calendar, and the days that stand.

    Nothing is planned before `earliest` (the day after today unless said otherwise: a school needs to be told),
    and no new day before `new_from`; where that is given, dates that a school offered stay free until its wish is
    answered. A date on which a school's day was called off is closed to that school, unless
    the change is made `by_hand`. Raises Missing.
    """
    card = campaign(who, campaign_id)
    today = clock.today(who.time_zone)
    starts = max(card.from_date, earliest or today + timedelta(days=1))
    standing_days = _standing_days(who, card, today)
    told = [day for day in standing_days if stands_for(day)]
    locked = [_visit(day, ReasonKind.LOCKED) for day in told]
    called_off = _called_off(card, today) - {(day.school_id, day.date) for day in standing_days}
    needs = _needs(who, card, told, today)
    crews = {team.id: team for team in teams(who)}
    away = other_work(who, card, today)
    if new_from is not None:
        for team_id, spans in _kept_for_answers(told).items():
            away[team_id] += spans
    problem = Problem(
        calendar=campaign_calendar(who, card, starts),
        teams=tuple(
            _team(crews[team_id], team_id in card.team_ids, away[team_id])
            for team_id in sorted({*card.team_ids, *(day.team_id for day in standing_days)})
        ),
        schools=_schools(who, card, needs, standing_days, frozenset() if by_hand else called_off),
        rates=Rates(Fraction(card.rate_good), Fraction(card.rate_poor)),
        max_days_per_school=card.max_days_per_school,
        locked=tuple(Locked(day.school_id, day.team_id, day.date, day.planned) for day in told),
        new_from=new_from,
    )
    return Basis(
        campaign=card,
        problem=problem,
        drafts=tuple(_visit(day, ReasonKind.BY_HAND) for day in standing_days if not stands_for(day)),
        days={(day.school_id, day.team_id, day.date): day for day in standing_days},
        locked_visits=tuple(locked),
        called_off=called_off,
    )


def why_of(card: DayCard) -> Why:
    """The reason stored with a day."""
    stored = json.loads(card.reason or "{}")
    return Why(
        kind=stored.get("kind", ""),
        voters=stored.get("voters", 0),
        rank=stored.get("rank", 0),
        offered=tuple(date.fromisoformat(text) for text in stored.get("offered", [])),
        asked=date.fromisoformat(stored["asked"]) if stored.get("asked") else None,
    )


def stands_for(card: DayCard) -> bool:
    """Whether the school was told of the day, or somebody locked it: no new plan moves it."""
    return card.state != "draft" or card.is_locked


def _standing_days(who: Who, card: CampaignCard, today: date) -> list[DayCard]:
    """The campaign's school days from today on."""
    return _STANDING.cards(who, campaign=card.id, today=today)


_STANDING = DaysAsked(
    lambda days, given: days.where(
        RecordingDay.campaign == given("campaign"),
        RecordingDay.kind == "school",
        RecordingDay.state.in_(LIVE_STATES),
        RecordingDay.date >= given("today"),
    ).order_by(RecordingDay.date, RecordingDay.starts_at, RecordingDay.id)
)


def _visit(day: DayCard, kind: ReasonKind) -> Visit:
    return Visit(day.school_id, day.team_id, day.date, day.planned, Reason(kind), day.part, day.of_parts)


def _needs(who: Who, card: CampaignCard, told: list[DayCard], today: date) -> dict[int, _Need]:
    """School -> its students in the target who were never called and have no place, and how many are on days told.

    Places still free on days that were told count as theirs, as far as they are old enough then: newcomers are given
    those first.
    """
    cut_offs = CutOffs.of(card)
    rows = _WAITING.rows(
        office=who.office_id,
        campaign=card.id,
        target=cut_offs.target,
        voters=cut_offs.voters,
        old_enough=latest_birth_date_for(card.record_age, today),
    )
    needs: dict[int, _Need] = defaultdict(_Need)
    for school, born, students, voters in rows:
        need = needs[school]
        need.voters += int(voters)
        if born is None:
            need.ready += students
        else:
            # SQLite has no dates: what is worked out of one comes as text
            on = date.fromisoformat(born) if isinstance(born, str) else born
            need.young += [turns(on, card.record_age)] * students
    for day in told:
        need = needs[day.school_id]
        need.told += day.planned
        if day.state not in ("open", "closed"):
            _seat(need, day)
    for day in told:
        needs[day.school_id].voters += day.planned_voters
    return needs


def _waiting(given: Given) -> Any:
    """School, birth date of who is too young today, and how many students and voters of these wait for a place."""
    cut_offs = CutOffs(given("target"), given("voters"))
    young = Case(None, [(Student.birth_date > given("old_enough"), Student.birth_date)], None)
    was_called = StandingRow.select(StandingRow.id).where(
        StandingRow.campaign == given("campaign"), StandingRow.student == Student.id
    )
    return (
        Student.select(
            Student.school, young, fn.COUNT(Student.id), fn.SUM(Case(None, [(is_voter(cut_offs), 1)], 0))
        )
        .where(
            # by way of the schools: their students lie together, those of an office among all others
            Student.school.in_(School.select(School.id).where(School.office == given("office"))),
            in_target(cut_offs),
            ~fn.EXISTS(places_of_the_student(given("campaign"), LIVE_STATES)),
            ~fn.EXISTS(was_called),
        )
        .group_by(SQL("1"), SQL("2"))
    )


_WAITING = Prepared(_waiting)


def _seat(need: _Need, day: DayCard) -> None:
    """Take off the need those who fit into the places still free on a day that was told, the oldest first."""
    free = max(0, day.capacity - day.planned)
    need.voters = max(0, need.voters - free)
    ready = min(free, need.ready)
    need.ready -= ready
    young = sorted(need.young)
    able = sum(first <= day.date for first in young)
    need.young = young[min(able, free - ready) :]


def _called_off(card: CampaignCard, today: date) -> frozenset[tuple[int, date]]:
    """School and date of the days to come that were postponed or cancelled."""
    return frozenset((school, day) for school, day in _CALLED_OFF.rows(campaign=card.id, today=today))


_CALLED_OFF = Prepared(
    lambda given: RecordingDay.select(RecordingDay.school, RecordingDay.date).where(
        RecordingDay.campaign == given("campaign"),
        RecordingDay.kind == "school",
        RecordingDay.state.in_(("postponed", "cancelled")),
        RecordingDay.date >= given("today"),
    )
)
# schools that were told of a day of this campaign, past or to come
_VISITED = Prepared(
    lambda given: (
        RecordingDay.select(RecordingDay.school)
        .where(
            RecordingDay.campaign == given("campaign"),
            RecordingDay.kind == "school",
            RecordingDay.state.in_(ANNOUNCED_STATES),
        )
        .distinct()
    )
)


def _schools(
    who: Who,
    card: CampaignCard,
    needs: dict[int, _Need],
    days: list[DayCard],
    called_off: frozenset[tuple[int, date]],
) -> tuple[SchoolNeed, ...]:
    """The schools that need a day or have one, district by district."""
    wanted = {school for school, need in needs.items() if need.waiting} | {day.school_id for day in days}
    visited = {school_id for (school_id,) in _VISITED.rows(campaign=card.id)}
    closed: dict[int, list[Span]] = defaultdict(list)
    for school_id, day in sorted(called_off):
        closed[school_id].append(Span(day, day))
    for school_id, spans in closed_spans(who, wanted).items():
        closed[school_id] += spans
    return tuple(
        SchoolNeed(
            school_id,
            district,
            (need := needs.get(school_id, _Need())).told + need.waiting,
            min(need.voters, need.told + need.waiting),
            Network(network),
            SchoolCalendar(school_week(week_days), tuple(closed[school_id])),
            too_young=tuple(sorted(need.young)),
            few=school_id in visited and 0 < need.waiting < FEW,
        )
        for school_id, district, network, week_days in _EVERY_SCHOOL.rows(office=who.office_id)
        if school_id in wanted
    )


_EVERY_SCHOOL = Prepared(
    lambda given: (
        School.select(School.id, District.code, School.network, School.week_days)
        .join(District)
        .where(School.office == given("office"))
        .order_by(District.code, School.name, School.id)
    )
)


def _kept_for_answers(told: list[DayCard]) -> dict[int, list[Span]]:
    """Team -> dates that a school offered for a day of that team and that it was not answered about yet.

    A date on which the team is in another district anyway is no way out and is not kept.
    """
    kept: dict[int, list[Span]] = defaultdict(list)
    for day in told:
        if day.state != "change_asked":
            continue
        elsewhere = {
            other.date
            for other in told
            if other.team_id == day.team_id and other.district_name != day.district_name
        }
        kept[day.team_id] += [
            Span(on, on, day.school_name) for on in why_of(day).offered if on not in elsewhere
        ]
    return kept


def _team(card: TeamCard, goes_out: bool, away: list[Span]) -> Team:
    """A team with its calendar. One that left the campaign keeps its days and gets no new ones."""
    weekdays = weekdays_of(card.weekdays) if goes_out and card.is_active else frozenset()
    days_off = (*(Span(day, day) for day in card.days_off), *away)
    return Team(card.id, card.kits, TeamCalendar(weekdays, tuple(days_off)))
