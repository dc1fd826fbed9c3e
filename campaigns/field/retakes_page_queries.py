"""Who is due a retake school by school, the retake days ahead, and who was called to days still to come."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import Account
from campaigns.attendance import DUE_A_RETAKE
from campaigns.field.models import RetakeCall
from campaigns.field.retake_lists import MISSED_TWICE
from campaigns.field.retake_queries import EXPECTED, due_groups
from campaigns.models import RecordingDay
from campaigns.queries import campaign
from common import clock
from common.access import Missing, Who
from common.prepared import Prepared
from schools.models import School, Team

CALLS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class DueSchool:
    """A school with students due a retake who have no date yet."""

    id: int
    name: str
    district: str
    due: int
    missed_twice: int
    failed: int
    absent: int
    refused: int


@dataclass(frozen=True, slots=True)
class BookedRetake:
    """A retake day ahead, at a school, the office or the students' homes (`kind`)."""

    day_id: int
    date: date
    kind: str
    school_name: str
    team_name: str
    state: str
    planned: int


@dataclass(frozen=True, slots=True)
class CallCard:
    """Students called again by one press, and the day they come on. It can be taken back until that day."""

    id: int
    day_id: int
    way: str
    students: int
    date: date
    kind: str
    state: str
    school_name: str
    team_name: str
    called_by: str
    called_at: datetime
    taken_back_at: datetime | None


@dataclass(frozen=True, slots=True)
class RetakesPage:
    """Who is due a date, by school, the retake days ahead, and who was called to days still to come."""

    schools: tuple[DueSchool, ...]
    with_a_date: int
    days: tuple[BookedRetake, ...]
    calls: tuple[CallCard, ...] = ()

    @property
    def due(self) -> int:
        """Students without a date."""
        return sum(school.due for school in self.schools)

    @property
    def missed_twice(self) -> int:
        """Those of them for whom two days or more came to nothing."""
        return sum(school.missed_twice for school in self.schools)


def retakes_page(who: Who, campaign_id: int) -> RetakesPage:
    """Who is due a retake in a campaign, school by school, those with most missed twice first. Raises Missing."""
    campaign(who, campaign_id)
    if not who.is_coordinator:
        raise Missing
    counts: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    names: dict[int, tuple[str, str]] = {}
    groups = due_groups(who, campaign_id)
    for group in groups:
        if group.has_a_date:
            continue
        found = group.school_id
        names[found] = group.school_name, group.district_name
        counts[found][group.outcome] += group.students
        counts[found]["missed_twice"] += group.students if group.attempts >= MISSED_TWICE else 0
    schools = [
        DueSchool(
            found,
            *names[found],
            due=sum(its[outcome.value] for outcome in DUE_A_RETAKE),
            missed_twice=its["missed_twice"],
            failed=its["failed"],
            absent=its["absent"],
            refused=its["refused"],
        )
        for found, its in counts.items()
    ]
    return RetakesPage(
        schools=tuple(sorted(schools, key=lambda school: (-school.missed_twice, -school.due, school.name))),
        with_a_date=sum(group.students for group in groups if group.has_a_date),
        days=_booked(who, campaign_id),
        calls=_calls(who, campaign_id),
    )


def _booked(who: Who, campaign_id: int) -> tuple[BookedRetake, ...]:
    return tuple(BookedRetake(*row) for row in _BOOKED.rows(office=who.office_id, campaign=campaign_id))


# in the order of BookedRetake
_BOOKED = Prepared(
    lambda given: (
        RecordingDay.select(
            RecordingDay.id,
            RecordingDay.date,
            RecordingDay.kind,
            School.name,
            Team.name,
            RecordingDay.state,
            RecordingDay.planned,
        )
        .join(School)
        .switch(RecordingDay)
        .join(Team)
        .where(
            RecordingDay.office == given("office"),
            RecordingDay.campaign == given("campaign"),
            RecordingDay.kind.in_(("retake", "office", "home")),
            RecordingDay.state.in_(EXPECTED),
        )
        .order_by(RecordingDay.date, RecordingDay.id)
    )
)


def _calls(who: Who, campaign_id: int) -> tuple[CallCard, ...]:
    today = clock.today(who.time_zone)
    rows = _CALLS.rows(office=who.office_id, campaign=campaign_id, today=today)
    return tuple(CallCard(*row) for row in rows)


# in the order of CallCard
_CALLS = Prepared(
    lambda given: (
        RetakeCall.select(
            RetakeCall.id,
            RetakeCall.day,
            RetakeCall.way,
            RetakeCall.students,
            RecordingDay.date,
            RecordingDay.kind,
            RecordingDay.state,
            School.name,
            Team.name,
            Account.name,
            RetakeCall.called_at,
            RetakeCall.taken_back_at,
        )
        .join(RecordingDay)
        .join(School)
        .switch(RecordingDay)
        .join(Team)
        .switch(RetakeCall)
        .join(Account, on=(RetakeCall.called_by == Account.id))
        .where(
            RetakeCall.office == given("office"),
            RetakeCall.campaign == given("campaign"),
            RecordingDay.date > given("today"),
        )
        .order_by(RetakeCall.id.desc())
        .limit(CALLS_SHOWN)
    )
)
