"""What the charts show: students recorded by date, what came of the last days, and how much each team gets done."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import Case, fn

from campaigns.attendance import Outcome, views_of
from campaigns.mark_queries import mark_of
from campaigns.models import Booking, MarkRow, RecordingDay, StandingRow
from campaigns.queries import CutOffs, campaign, in_target, is_voter
from campaigns.standing import absent_if_closed
from common.access import Who
from common.database import rows_of
from schools.models import Student, Team

LAST_DAYS = 24
"""Dates with closed days that the columns show, the newest."""


@dataclass(frozen=True, slots=True)
class DayRecorded:
    """Students of the target, and voters among them, who were recorded on that date."""

    date: date
    recorded: int
    voters: int


@dataclass(frozen=True, slots=True)
class DayOutcomes:
    """What came of everyone called or marked on the closed days of one date. `missed`: absent, failed, refused."""

    date: date
    called: int
    recorded: int
    waiting: int
    absent: int
    failed: int
    refused: int

    @property
    def missed(self) -> int:
        """Those who are due a retake."""
        return self.absent + self.failed + self.refused


@dataclass(frozen=True, slots=True)
class TeamPace:
    """A team's closed days and the students recorded on them (sent or waiting)."""

    name: str
    kits: int
    days: int
    recorded: int

    @property
    def a_day(self) -> float:
        """Students a day."""
        return self.recorded / self.days if self.days else 0.0

    @property
    def a_kit(self) -> float:
        """Students a kit and day."""
        return self.a_day / self.kits if self.kits else 0.0


@dataclass(frozen=True, slots=True)
class ChartFacts:
    """The facts of every chart, each in order of date or name."""

    recorded: tuple[DayRecorded, ...]
    outcomes: tuple[DayOutcomes, ...]
    teams: tuple[TeamPace, ...]


def chart_facts(who: Who, campaign_id: int) -> ChartFacts:
    """The facts of the charts. Raises Missing."""
    return ChartFacts(recorded_by_date(who, campaign_id), _outcomes(campaign_id), _teams(campaign_id))


def recorded_by_date(who: Who, campaign_id: int) -> tuple[DayRecorded, ...]:
    """Students of the target recorded, by the date of the recording day that got them. Raises Missing.

    Together they are what coverage counts as recorded.
    """
    cut_offs = CutOffs.of(campaign(who, campaign_id))
    query = (
        StandingRow.select(
            RecordingDay.date, fn.COUNT(StandingRow.id), fn.SUM(Case(None, [(is_voter(cut_offs), 1)], 0))
        )
        .join(Student)
        .switch(StandingRow)
        .join(RecordingDay, on=(StandingRow.last_day == RecordingDay.id))
        .where(
            StandingRow.campaign == campaign_id,
            StandingRow.outcome == Outcome.RECORDED.value,
            in_target(cut_offs),
        )
        .group_by(RecordingDay.date)
        .order_by(RecordingDay.date)
    )
    return tuple(DayRecorded(day, count, int(voters)) for day, count, voters in rows_of(query))


def _closed_days(campaign_id: int) -> Any:
    return (RecordingDay.campaign == campaign_id) & (RecordingDay.state == "closed")


def _outcomes(campaign_id: int) -> tuple[DayOutcomes, ...]:
    newest = (
        RecordingDay.select(RecordingDay.date)
        .where(_closed_days(campaign_id))
        .distinct()
        .order_by(RecordingDay.date.desc())
        .limit(LAST_DAYS)
    )
    since = min((day for (day,) in rows_of(newest)), default=None)
    if since is None:
        return ()
    days = rows_of(
        RecordingDay.select(RecordingDay.id, RecordingDay.date).where(
            _closed_days(campaign_id), RecordingDay.date >= since
        )
    )
    dates = dict(days)
    marks = MarkRow.select().where(
        MarkRow.day.in_(list(dates)), MarkRow.quarantine == "", MarkRow.student.is_null(False)
    )
    views = views_of(mark_of(row) for row in marks)
    called = rows_of(Booking.select(Booking.student, Booking.day).where(Booking.day.in_(list(dates))))
    counts: dict[date, Counter[str]] = defaultdict(Counter)
    for student, day in {*called, *views}:
        view = views.get((student, day))
        outcome = absent_if_closed(view.outcome if view else None, is_closed=True)
        counts[dates[day]]["called"] += 1
        counts[dates[day]][outcome.value if outcome else ""] += 1
    return tuple(
        DayOutcomes(
            day,
            its["called"],
            its["recorded"],
            its["waiting"],
            its["absent"],
            its["failed"],
            its["refused"],
        )
        for day, its in sorted(counts.items())
    )


def _teams(campaign_id: int) -> tuple[TeamPace, ...]:
    days = rows_of(
        RecordingDay.select(Team.id, Team.name, Team.kits, fn.COUNT(RecordingDay.date.distinct()))
        .join(Team)
        .where(_closed_days(campaign_id))
        .group_by(Team.id, Team.name, Team.kits)
        .order_by(Team.name)
    )
    done = dict(
        rows_of(
            StandingRow.select(RecordingDay.team, fn.COUNT(StandingRow.id))
            .join(RecordingDay, on=(StandingRow.last_day == RecordingDay.id))
            .where(
                _closed_days(campaign_id),
                StandingRow.outcome.in_([Outcome.RECORDED.value, Outcome.WAITING.value]),
            )
            .group_by(RecordingDay.team)
        )
    )
    return tuple(TeamPace(name, kits, count, done.get(team, 0)) for team, name, kits, count in days)
