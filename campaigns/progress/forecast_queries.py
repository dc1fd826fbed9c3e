"""What a forecast is made from: who is left at each school, the days that stand, free days of teams, the last days."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from peewee import Case, fn

from campaigns.attendance import DUE_A_RETAKE, Outcome
from campaigns.booking.calendar_queries import campaign_calendar
from campaigns.calendar import (
    SchoolCalendar,
    Span,
    TeamCalendar,
    is_open,
    school_week,
    weekdays_of,
    working_days,
)
from campaigns.capacity import Network, Rates
from campaigns.closed_queries import closed_spans
from campaigns.coverage import Coverage, together
from campaigns.days_ahead import FreeDay, SchoolAhead, VisitAhead
from campaigns.forecast import LOOKS_BACK, DayDone, Forecast, SchoolForecast, forecast, voters_at_risk
from campaigns.models import Booking, RecordingDay, StandingRow
from campaigns.progress.queries import coverage_of_schools
from campaigns.queries import LIVE_STATES, CampaignCard, CutOffs, campaign, in_target, is_voter
from common import clock
from common.access import SCHOOL_ADMIN, Missing, Who
from common.database import rows_of
from common.prepared import Given, Prepared
from schools.models import District, School, Student, Team
from schools.queries import teams

# students who can still be recorded: of whom nothing is known, or whom a day did not get
STILL_OPEN = ("", *(outcome.value for outcome in DUE_A_RETAKE))
SAT = (Outcome.RECORDED.value, Outcome.WAITING.value)


@dataclass(frozen=True, slots=True)
class ForecastLine:
    """A school's forecast with its names."""

    id: int
    name: str
    district_name: str
    coverage: Coverage
    one: SchoolForecast


@dataclass(frozen=True, slots=True)
class RiskLine:
    """A school at risk, and the voters whom the days that stand do not reach."""

    id: int
    name: str
    district_name: str
    voters: int


@dataclass(frozen=True, slots=True)
class ForecastPage:
    """The programme's forecast; `lines` are its schools as in `forecast.schools`, `teams` the names of teams by id."""

    campaign: CampaignCard
    coverage: Coverage
    forecast: Forecast
    lines: tuple[ForecastLine, ...]
    teams: tuple[tuple[int, str], ...]

    @property
    def at_risk(self) -> tuple[ForecastLine, ...]:
        """The schools whose voters the days that stand do not reach."""
        return tuple(line for line in self.lines if line.one.is_at_risk)

    def team_name(self, team_id: int | None) -> str:
        """The name of a team; empty for one that the office does not have."""
        return next((name for number, name in self.teams if number == team_id), "")


def forecast_page(who: Who, campaign_id: int) -> ForecastPage:
    """The forecast as of now. Raises Missing, also for who sees one school alone."""
    card = campaign(who, campaign_id)
    if who.role == SCHOOL_ADMIN:
        raise Missing
    today = clock.today(who.time_zone)
    crews = [team for team in teams(who) if team.id in card.team_ids and team.is_active]
    working = working_days(campaign_calendar(who, card, max(card.from_date, today + timedelta(days=1))))
    coverage, schools, names = _schools(who, card, today)
    found = forecast(
        schools,
        _free_days(who, crews, working),
        working,
        _days_done(campaign_id),
        Rates(Fraction(card.rate_good), Fraction(card.rate_poor)),
        card.latest_useful_day,
    )
    return ForecastPage(
        campaign=card,
        coverage=together(coverage.values()),
        forecast=found,
        lines=tuple(
            ForecastLine(one.school.id, *names[one.school.id], coverage[one.school.id], one)
            for one in found.schools
        ),
        teams=tuple((team.id, team.name) for team in crews),
    )


def at_risk(who: Who, card: CampaignCard) -> tuple[RiskLine, ...]:
    """The schools at risk, most voters first: those of `forecast_page`, without what would mend them."""
    _, schools, names = _schools(who, card, clock.today(who.time_zone))
    rates = Rates(Fraction(card.rate_good), Fraction(card.rate_poor))
    found = voters_at_risk(schools, _days_done(card.id), rates, card.latest_useful_day)
    lines = [RiskLine(school_id, *names[school_id], voters) for school_id, voters in found.items()]
    return tuple(sorted(lines, key=lambda line: (-line.voters, line.name)))


def _schools(
    who: Who, card: CampaignCard, today: date
) -> tuple[dict[int, Coverage], list[SchoolAhead], dict[int, tuple[str, str]]]:
    coverage = coverage_of_schools(who, card.id)
    closed = closed_spans(who, list(coverage))
    visits = _visits(card, today)
    visited = {school_id for (school_id,) in _VISITED.rows(campaign=card.id)}
    schools, names = [], {}
    for school_id, name, district, district_name, network, week_days in _SCHOOLS.rows(office=who.office_id):
        if school_id not in coverage:
            continue
        its = coverage[school_id]
        names[school_id] = name, district_name
        schools.append(
            SchoolAhead(
                id=school_id,
                district=district,
                left=its.left - its.waiting,
                voters=its.left_voters - its.waiting_voters,
                network=Network(network),
                calendar=SchoolCalendar(school_week(week_days), tuple(closed[school_id])),
                visits=tuple(visits.get(school_id, ())),
                was_visited=school_id in visited,
            )
        )
    return coverage, schools, names


_SCHOOLS = Prepared(
    lambda given: (
        School.select(
            School.id, School.name, School.district, District.name, School.network, School.week_days
        )
        .join(District)
        .where(School.office == given("office"))
    )
)
_VISITED = Prepared(
    lambda given: (
        RecordingDay.select(RecordingDay.school)
        .where(RecordingDay.campaign == given("campaign"), RecordingDay.state == "closed")
        .distinct()
    )
)


def _visits(card: CampaignCard, today: date) -> dict[int, list[VisitAhead]]:
    """By school of the students, by date: a told day counts who has a place there, a draft how many it is for."""
    found: dict[int, list[VisitAhead]] = defaultdict(list)
    by_id = {day_id: its for day_id, *its in _DAYS_AHEAD.rows(campaign=card.id, today=today)}
    cut_offs = CutOffs.of(card)
    called = _CALLED.rows(campaign=card.id, days=list(by_id), target=cut_offs.target, voters=cut_offs.voters)
    with_places = set()
    for day_id, school_id, students, voters in called:
        on, *_, kits = by_id[day_id]
        with_places.add(day_id)
        found[school_id].append(VisitAhead(on, students, int(voters), kits))
    for day_id, (on, state, school_id, planned, planned_voters, kits) in by_id.items():
        if day_id not in with_places and state == "draft":
            found[school_id].append(VisitAhead(on, planned, planned_voters, kits))
    return {school_id: sorted(its, key=lambda one: one.date) for school_id, its in found.items()}


_DAYS_AHEAD = Prepared(
    lambda given: (
        RecordingDay.select(
            RecordingDay.id,
            RecordingDay.date,
            RecordingDay.state,
            RecordingDay.school,
            RecordingDay.planned,
            RecordingDay.planned_voters,
            Team.kits,
        )
        .join(Team)
        .where(
            RecordingDay.campaign == given("campaign"),
            RecordingDay.date >= given("today"),
            RecordingDay.state.in_([state for state in LIVE_STATES if state != "closed"]),
        )
        .order_by(RecordingDay.date)
    )
)


def _called(given: Given) -> Any:
    """Day, school of the students, and how many students and voters of it have a place there and are still open."""
    cut_offs = CutOffs(given("target"), given("voters"))
    stands = (StandingRow.student == Student.id) & (StandingRow.campaign == given("campaign"))
    return (
        Booking.select(
            Booking.day,
            Student.school,
            fn.COUNT(Booking.id),
            fn.SUM(Case(None, [(is_voter(cut_offs), 1)], 0)),
        )
        .join(Student)
        .left_outer_join(StandingRow, on=stands)
        .where(
            given.among(Booking.day, "days"),
            in_target(cut_offs),
            fn.COALESCE(StandingRow.outcome, "").in_(STILL_OPEN),
        )
        .group_by(Booking.day, Student.school)
    )


_CALLED = Prepared(_called)


def _free_days(who: Who, crews: list[Any], working: tuple[date, ...]) -> list[FreeDay]:
    if not working:
        return []
    busy = set(
        rows_of(
            RecordingDay.select(RecordingDay.team, RecordingDay.date).where(
                RecordingDay.office == who.office_id,
                RecordingDay.date >= working[0],
                RecordingDay.state.in_(LIVE_STATES),
            )
        )
    )
    free = []
    for team in crews:
        own = TeamCalendar(weekdays_of(team.weekdays), tuple(Span(day, day, "") for day in team.days_off))
        free += [
            FreeDay(day, team.id, team.kits)
            for day in working
            if (team.id, day) not in busy and is_open(day, own)
        ]
    return free


def _days_done(campaign_id: int) -> list[DayDone]:
    return [DayDone(*row) for row in _DAYS_DONE.rows(campaign=campaign_id)]


def _newest(given: Given) -> Any:
    """Date of the newest closed days, how many were called and how many of these days' students were recorded."""
    called = Booking.select(fn.COUNT(Booking.id)).where(Booking.day == RecordingDay.id)
    recorded = StandingRow.select(fn.COUNT(StandingRow.id)).where(
        StandingRow.last_day == RecordingDay.id, StandingRow.outcome.in_(SAT)
    )
    return (
        RecordingDay.select(RecordingDay.date, called, recorded)
        .where(RecordingDay.campaign == given("campaign"), RecordingDay.state == "closed")
        .order_by(RecordingDay.date.desc(), RecordingDay.id.desc())
        .limit(LOOKS_BACK)
    )


_DAYS_DONE = Prepared(_newest)
