"""Recordings made offline that wait to be sent, the oldest first, and what was lately said of many at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from peewee import fn

from accounts.models import Account
from campaigns.field.models import WaitingConfirm
from campaigns.field.retake_list_queries import ListCounts, Narrowed, list_counts, waiting_standings
from campaigns.field.waiting import Age, age_of, days_waiting
from campaigns.models import RecordingDay, StandingRow
from campaigns.queries import campaign
from common import clock
from common.access import Missing, Who
from common.database import rows_of
from schools.models import District, School, Student, Team

# As many as one press can tell: more would make a page that a phone is slow with.
PAGE_SIZE = 200
# For so long a bulk confirm stands on the page to be undone.
SHOWN_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A student recorded offline: on which day, and for how long the data has waited."""

    id: int
    day_id: int
    name: str
    class_name: str
    school_name: str
    team_name: str
    date: date
    days: int
    age: Age

    @property
    def key(self) -> str:
        """What a form names the line by."""
        return f"{self.id}-{self.day_id}"


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What was said of many at once lately, by whom; it can be undone while `undone_at` is empty."""

    id: int
    outcome: str
    reason: str
    students: int
    made_by: str
    made_at: datetime
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """Who waits, how many are of each age, where one can narrow to, and what was confirmed lately."""

    counts: ListCounts
    chosen: Narrowed
    ages: dict[Age, int]
    districts: tuple[tuple[int, str], ...]
    schools: tuple[tuple[int, str], ...]
    rows: tuple[WaitingLine, ...]
    total: int
    confirmed: tuple[Confirmed, ...]


def waiting_page(who: Who, campaign_id: int, chosen: Narrowed) -> WaitingPage:
    """Whose recordings wait to be sent, the oldest first. Raises Missing for who is no coordinator."""
    counts = list_counts(who, campaign_id)
    campaign(who, campaign_id)
    today = clock.today(who.time_zone)
    every = waiting_standings(who, campaign_id)
    places = rows_of(
        every.select(School.id, School.name, District.id, District.name).distinct().order_by(School.name)
    )
    if chosen.district is not None:
        every = every.where(School.district == chosen.district)
    if chosen.school is not None:
        every = every.where(Student.school == chosen.school)
    ages = dict.fromkeys(Age, 0)
    for on, count in rows_of(
        every.select(RecordingDay.date, fn.COUNT(StandingRow.id)).group_by(RecordingDay.date)
    ):
        ages[age_of(days_waiting(on, today))] += count
    rows = (
        every.join_from(RecordingDay, Team)
        .select(
            Student.id,
            RecordingDay.id,
            Student.name,
            Student.class_name,
            School.name,
            Team.name,
            RecordingDay.date,
        )
        .order_by(RecordingDay.date, School.name, Student.class_name, Student.name_key, Student.id)
        .limit(PAGE_SIZE)
    )
    lines = []
    for student, day_id, name, class_name, school, team, on in rows_of(rows):
        days = days_waiting(on, today)
        lines.append(WaitingLine(student, day_id, name, class_name, school, team, on, days, age_of(days)))
    return WaitingPage(
        counts=counts,
        chosen=chosen,
        ages=ages,
        districts=tuple(sorted({(row[2], row[3]) for row in places}, key=lambda one: one[1])),
        schools=tuple((row[0], row[1]) for row in places if chosen.district in (None, row[2])),
        rows=tuple(lines),
        total=sum(ages.values()),
        confirmed=_confirmed(who, campaign_id),
    )


def _confirmed(who: Who, campaign_id: int) -> tuple[Confirmed, ...]:
    if not who.is_coordinator:
        raise Missing
    rows: Any = (
        WaitingConfirm.select(WaitingConfirm, Account)
        .join(Account, on=(WaitingConfirm.made_by == Account.id))
        .where(
            WaitingConfirm.office == who.office_id,
            WaitingConfirm.campaign == campaign_id,
            WaitingConfirm.made_at >= clock.now() - SHOWN_FOR,
        )
        .order_by(WaitingConfirm.id.desc())
    )
    return tuple(
        Confirmed(row.id, row.outcome, row.reason, row.students, row.made_by.name, row.made_at, row.undone_at)
        for row in rows
    )
