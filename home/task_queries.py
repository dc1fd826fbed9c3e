"""What waits for a person: kind, number, the first few by name, and every school that waits for one kind of work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import fn

from campaigns.calendars.breaking_queries import MOVABLE_STATES, closed_among
from campaigns.field.look_queries import looks_count
from campaigns.field.queries import OfficerDay
from campaigns.field.retake_list_queries import waiting_long
from campaigns.models import Booking, RecordingDay, StandingRow
from campaigns.progress.forecast_queries import at_risk
from campaigns.queries import CampaignCard, DayCard, DaysAsked, hosts
from campaigns.standing import DUE_A_RETAKE
from common.access import Missing, Who
from common.database import rows_of
from common.prepared import Given, Prepared
from imports.models import FixItem, RosterUpload
from schools.models import District, School, Student

ANSWERABLE = ("proposed", "change_asked", "confirmed", "open")
NAMES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits for a person: what kind, how many, and the first few by name.

    `only_id` is the one object it is about, when there is only one, so that a link can lead straight there.
    """

    kind: str
    count: int
    names: tuple[str, ...] = ()
    only_id: int | None = None
    has_more: bool = False  # whether more than `names` are meant


@dataclass(frozen=True, slots=True)
class ToDoRow:
    """A school that waits for something: `id` is what to open (the roster, else the school), `count` how many."""

    id: int
    school: str
    district: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class ToDoPage:
    """Every school that waits for one kind of work."""

    kind: str
    rows: tuple[ToDoRow, ...]


def coordinator_tasks(who: Who, campaign: CampaignCard | None, today: date) -> tuple[Task, ...]:
    """What waits for the coordinator, the urgent first; what is not there is not named."""
    if campaign is None:
        return ()
    days = _OPEN_DAYS.cards(who)
    ((without_date,),) = _WITHOUT_DATE.rows(office=who.office_id, campaign=campaign.id, today=today)
    to_come, past = [day for day in days if day.date >= today], [day for day in days if day.date < today]
    found = [
        _days_task("changes_asked", to_come, "change_asked"),
        _clashes_task(who, campaign, to_come),
        Task("looks", looks_count(who)),
        Task("waiting", waiting_long(who, campaign.id, today)),
        _days_task("not_closed", past, "open", "confirmed"),
        _schools_task("rosters", _rosters_waiting(who)),
        _risk_task(who, campaign),
        _days_task("drafts", days, "draft"),
        _days_task("unanswered", to_come, "proposed"),
        Task("retakes", without_date),
        _schools_task("no_students", _schools_without_students(who)),
        _schools_task("fixes", _schools_with_fixes(who)),
    ]
    return tuple(task for task in found if task.count)


def _clashes_task(who: Who, campaign: CampaignCard, to_come: list[DayCard]) -> Task:
    own = [day for day in to_come if day.campaign_id == campaign.id]
    return _days_task("clashes", [one.day for one in closed_among(who, campaign, own)], *MOVABLE_STATES)


def _risk_task(who: Who, campaign: CampaignCard) -> Task:
    found = at_risk(who, campaign)
    names = tuple(line.name for line in found[:NAMES_SHOWN])
    return Task("at_risk", len(found), names, None, len(found) > NAMES_SHOWN)


_OPEN_DAYS = DaysAsked(
    lambda days, given: days.where(
        RecordingDay.state.in_(("draft", "proposed", "change_asked", "confirmed", "open"))
    ).order_by(RecordingDay.date)
)


def _days_task(kind: str, days: list[DayCard], *states: str) -> Task:
    its = [day for day in days if day.state in states]
    names = tuple(dict.fromkeys(day.school_name for day in its))
    only_id = its[0].id if len(its) == 1 else None
    return Task(kind, len(its), names[:NAMES_SHOWN], only_id, len(names) > NAMES_SHOWN)


def _retakes_without_date(given: Given) -> Any:
    called_again = (
        Booking.select(Booking.student)
        .join(RecordingDay)
        .where(
            RecordingDay.campaign == given("campaign"),
            RecordingDay.date >= given("today"),
            RecordingDay.state.in_(("draft", *ANSWERABLE)),
        )
    )
    return (
        StandingRow.select(fn.COUNT(StandingRow.id))
        .join(Student)
        .where(
            StandingRow.campaign == given("campaign"),
            StandingRow.outcome.in_([outcome.value for outcome in DUE_A_RETAKE]),
            Student.office == given("office"),
            Student.status == "active",
            StandingRow.student.not_in(called_again),
        )
    )


_WITHOUT_DATE = Prepared(_retakes_without_date)


def to_do_page(who: Who, kind: str) -> ToDoPage:
    """Every school that waits for rosters, fixes or no_students. Raises Missing for another kind."""
    if kind == "no_students":
        rows = _schools_without_students(who)
    elif kind == "rosters":
        rows = _rosters_waiting(who)
    elif kind == "fixes":
        rows = _schools_with_fixes(who)
    else:
        raise Missing
    return ToDoPage(kind, tuple(rows))


def _rosters_waiting(who: Who) -> list[ToDoRow]:
    return [ToDoRow(*row) for row in _ROSTERS_WAITING.rows(office=who.office_id)]


_ROSTERS_WAITING = Prepared(
    lambda given: (
        RosterUpload.select(RosterUpload.id, School.name, District.name)
        .join(School)
        .join(District)
        .where(RosterUpload.office == given("office"), RosterUpload.state == "waiting")
        .order_by(RosterUpload.id)
    )
)


def _schools_without_students(who: Who) -> list[ToDoRow]:
    return [ToDoRow(*row) for row in _WITHOUT_STUDENTS.rows(office=who.office_id)]


def _without_students(given: Given) -> Any:
    # a school whose list has come and is not confirmed yet needs no reminder
    has_sent = RosterUpload.select(RosterUpload.school).where(
        RosterUpload.office == given("office"), RosterUpload.state.in_(("reading", "waiting"))
    )
    return (
        School.select(School.id, School.name, District.name)
        .join(District)
        .where(
            School.office == given("office"),
            ~fn.EXISTS(Student.select(Student.id).where(Student.school == School.id)),
            School.id.not_in(has_sent),
        )
        .order_by(School.name)
    )


_WITHOUT_STUDENTS = Prepared(_without_students)


def _schools_with_fixes(who: Who) -> list[ToDoRow]:
    return [ToDoRow(*row) for row in _WITH_FIXES.rows(office=who.office_id)]


_WITH_FIXES = Prepared(
    lambda given: (
        FixItem.select(School.id, School.name, District.name, fn.COUNT(FixItem.id))
        .join(School)
        .join(District)
        .where(FixItem.office == given("office"), FixItem.state == "open")
        .group_by(School.id, School.name, District.name)
        .order_by(School.name)
    )
)


def _schools_task(kind: str, rows: list[ToDoRow]) -> Task:
    names = tuple(row.school for row in rows[:NAMES_SHOWN])
    only_id = rows[0].id if len(rows) == 1 else None
    return Task(kind, len(rows), names, only_id, len(rows) > NAMES_SHOWN)


def school_tasks(who: Who, days: tuple[OfficerDay, ...]) -> tuple[Task, ...]:
    """What the school has to do now, in the order of the work."""
    uploads = rows_of(
        RosterUpload.select(RosterUpload.id, RosterUpload.state)
        .where(RosterUpload.school == who.school_id, RosterUpload.state.in_(("reading", "waiting")))
        .order_by(RosterUpload.id.desc())
    )
    reading = [upload_id for upload_id, state in uploads if state == "reading"]
    waiting = [upload_id for upload_id, state in uploads if state == "waiting"]
    fixes = FixItem.select().where(FixItem.school == who.school_id, FixItem.state == "open").count()
    proposed = [line.day.id for line in days if line.day.state == "proposed" and hosts(who, line.day)]
    certain = [line.day.id for line in days if line.day.state in ("confirmed", "open")]
    has_students = Student.select().where(Student.school == who.school_id).exists()
    found = [
        Task("send", 0 if has_students or uploads else 1),
        Task("reading", len(reading), only_id=reading[0] if reading else None),
        Task("review", len(waiting), only_id=waiting[0] if waiting else None),
        Task("fix", fixes),
        Task("confirm", len(proposed), only_id=proposed[0] if len(proposed) == 1 else None),
        Task("print", len(certain), only_id=certain[0] if len(certain) == 1 else None),
    ]
    return tuple(task for task in found if task.count)
