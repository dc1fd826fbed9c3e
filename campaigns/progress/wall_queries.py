"""What the screen on the wall shows: how far the programme is and how today goes. Figures and schools, no person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import fn

from accounts.models import Account
from campaigns.coverage import Coverage
from campaigns.field.count_queries import DayCount, day_counts
from campaigns.models import RecordingDay
from campaigns.progress.chart_queries import DayRecorded, recorded_by_date
from campaigns.progress.queries import coverage_of
from campaigns.queries import ANNOUNCED_STATES, CampaignCard
from common import clock
from common.access import SCHOOL_ADMIN, Missing, Who
from schools.models import District, School, Team


@dataclass(frozen=True, slots=True)
class WallDay:
    """A recording day of today, with how far it is."""

    id: int
    school_name: str
    district_name: str
    team_name: str
    state: str
    starts_at: str
    count: DayCount


@dataclass(frozen=True, slots=True)
class WallPage:
    """The screen: coverage, today's days, recorded by date, and the next date with days where today has none."""

    campaign: CampaignCard
    today: date
    coverage: Coverage
    days: tuple[WallDay, ...]
    recorded: tuple[DayRecorded, ...]
    next_date: date | None

    @property
    def days_to_voting(self) -> int:
        """Days until voting day; 0 from then on."""
        return max(0, (self.campaign.voting_day - self.today).days)

    @property
    def recorded_today(self) -> int:
        """Students recorded on today's days, with a place or without."""
        return sum(day.count.recorded + day.count.extra_recorded for day in self.days)


def wall_page(who: Who, card: CampaignCard) -> WallPage:
    """The screen as it is now. Raises Missing for who sees one school alone, or was disabled meanwhile."""
    is_here = Account.select().where(Account.id == who.account_id, Account.disabled_at.is_null()).exists()
    if who.role == SCHOOL_ADMIN or not is_here:
        raise Missing
    today = clock.today(who.time_zone)
    held = (
        (RecordingDay.office == who.office_id)
        & (RecordingDay.campaign == card.id)
        & RecordingDay.state.in_(ANNOUNCED_STATES)
    )
    rows: Any = (
        RecordingDay.select(RecordingDay, School, District, Team)
        .join(School)
        .join(District)
        .switch(RecordingDay)
        .join(Team)
        .where(held, RecordingDay.date == today)
        .order_by(RecordingDay.starts_at, Team.name, RecordingDay.id)
    )
    days = list(rows)
    counts = day_counts(who, [day.id for day in days])
    coming = RecordingDay.select(fn.MIN(RecordingDay.date)).where(held, RecordingDay.date > today)
    return WallPage(
        campaign=card,
        today=today,
        coverage=coverage_of(who, card.id),
        days=tuple(
            WallDay(
                day.id,
                day.school.name,
                day.school.district.name,
                day.team.name,
                day.state,
                day.starts_at,
                counts[day.id],
            )
            for day in days
        ),
        recorded=recorded_by_date(who, card.id),
        next_date=coming.scalar() if not days else None,
    )
