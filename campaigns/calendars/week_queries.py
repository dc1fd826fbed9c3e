"""A week of the plan, team by team."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from campaigns.booking.basis_queries import campaign_calendar
from campaigns.calendar import Block, Span, TeamCalendar, blocks_on, is_open
from campaigns.models import RecordingDay
from campaigns.queries import LIVE_STATES, CampaignCard, DayCard, campaign, day_cards, visible_days
from common import clock
from common.access import Who
from schools.queries import TeamCard, teams

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class WeekDate:
    """A date of the week, and what closes it for the whole programme."""

    date: date
    is_today: bool
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class TeamOnDate:
    """What a team does on a date: its visits, or that it is not out."""

    date: WeekDate
    visits: tuple[DayCard, ...]
    is_out: bool


@dataclass(frozen=True, slots=True)
class TeamWeek:
    """A team's seven dates from Monday, and how many students stand on them."""

    team: TeamCard
    dates: tuple[TeamOnDate, ...]
    students: int


@dataclass(frozen=True, slots=True)
class WeekPage:
    """A week of the programme, by team."""

    campaign: CampaignCard
    monday: date
    dates: tuple[WeekDate, ...]
    teams: tuple[TeamWeek, ...]
    previous: date | None
    following: date | None

    @property
    def sunday(self) -> date:
        """The last date of the week."""
        return self.monday + timedelta(days=6)


def week_page(who: Who, campaign_id: int, day: date | None = None) -> WeekPage:
    """The week that holds a day (the present one, or the nearest of the programme). Raises Missing."""
    card = campaign(who, campaign_id)
    today = clock.today(who.time_zone)
    chosen = min(max(day or today, card.from_date), max(card.to_date, card.from_date))
    monday = chosen - timedelta(days=chosen.weekday())
    rows = visible_days(who).where(
        RecordingDay.campaign == campaign_id,
        RecordingDay.state.in_(LIVE_STATES),
        RecordingDay.date.between(monday, monday + timedelta(days=6)),
    )
    visits: dict[tuple[int, date], list[DayCard]] = defaultdict(list)
    for visit in day_cards(rows.order_by(RecordingDay.date, RecordingDay.starts_at, RecordingDay.id)):
        visits[visit.team_id, visit.date].append(visit)
    calendar = campaign_calendar(who, card)
    week = [monday + timedelta(days=n) for n in range(7)]
    dates = tuple(WeekDate(on, on == today, blocks_on(on, calendar)) for on in week)
    busy = {team_id for team_id, _ in visits}
    return WeekPage(
        campaign=card,
        monday=monday,
        dates=dates,
        teams=tuple(
            _team_week(team, dates, visits)
            for team in teams(who)
            if team.id in busy or (team.is_active and team.id in card.team_ids)
        ),
        previous=monday - WEEK if monday > card.from_date else None,
        following=monday + WEEK if monday + WEEK <= card.to_date else None,
    )


def _team_week(
    team: TeamCard, dates: tuple[WeekDate, ...], visits: dict[tuple[int, date], list[DayCard]]
) -> TeamWeek:
    own = TeamCalendar(
        frozenset(int(digit) - 1 for digit in team.weekdays), tuple(Span(off, off) for off in team.days_off)
    )
    on_dates = tuple(
        TeamOnDate(one, tuple(visits.get((team.id, one.date), ())), is_open(one.date, own)) for one in dates
    )
    return TeamWeek(team, on_dates, sum(visit.planned for one in on_dates for visit in one.visits))
