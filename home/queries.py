"""What is known of a visit before its page is made, and what each role must do today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from peewee import fn

from accounts.models import Account, Invitation
from accounts.queries import OfficeCard, identity_of, office_card
from campaigns.coverage import Coverage
from campaigns.field.look_queries import looks_count
from campaigns.field.queries import OfficerDay, days_of_officer
from campaigns.field.retake_list_queries import waiting_long
from campaigns.models import Booking, RecordingDay, StandingRow
from campaigns.progress.queries import coverage_of, days_between
from campaigns.queries import CampaignCard, current_campaign, day_card, hosts, visible_days
from campaigns.standing import DUE_A_RETAKE
from common.access import SCHOOL_ADMIN, Missing, Visit, Who
from common.database import rows_of
from imports.models import FixItem, RosterUpload
from schools.models import District, School, Student, Team

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


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """What a new office has done already of what makes the programme run; the steps stand in their order."""

    has_schools: bool
    has_teams: bool
    has_campaign: bool
    has_admins: bool
    has_students: bool
    has_days: bool

    @property
    def are_done(self) -> bool:
        """Whether nothing of the beginning is left."""
        return all(
            (
                self.has_schools,
                self.has_teams,
                self.has_campaign,
                self.has_admins,
                self.has_students,
                self.has_days,
            )
        )


@dataclass(frozen=True, slots=True)
class CoordinatorPage:
    """The coordinator's day: what is out today, what comes next, what waits, how far the programme is."""

    steps: FirstSteps
    today: tuple[OfficerDay, ...]
    next_date: date | None
    next_days: tuple[OfficerDay, ...]
    tasks: tuple[Task, ...]
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class OfficerPage:
    """The officer's days: earlier ones nobody closed, today's, and those of the coming two weeks."""

    not_closed: tuple[OfficerDay, ...]
    today: tuple[OfficerDay, ...]
    coming: tuple[OfficerDay, ...]


@dataclass(frozen=True, slots=True)
class SchoolAdminPage:
    """What the school has to do now, its coming days, and how far its students are."""

    tasks: tuple[Task, ...]
    days: tuple[OfficerDay, ...]
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class ViewerPage:
    """Figures for the head of the office."""

    coverage: Coverage


@dataclass(frozen=True, slots=True)
class OfficePage:
    """The office as its letters name it, and how many people and teams it has."""

    office: OfficeCard
    people: int
    teams: int
    schools: int


def visit_of(token: str) -> tuple[Visit, bool]:
    """Who comes with this session, the programme in view, and whether to write the session down as seen."""
    identity = identity_of(token)
    if identity is None:
        return Visit(None), False
    return Visit(identity.who, identity.language, current_campaign(identity.who)), identity.is_due_a_touch


def coordinator_page(who: Who, campaign: CampaignCard | None, today: date) -> CoordinatorPage:
    """What the coordinator must do today, the urgent first."""
    days = _lines(
        who, today, today + timedelta(weeks=6), ("proposed", "change_asked", "confirmed", "open", "closed")
    )
    later = [line for line in days if line.day.date > today]
    next_date = later[0].day.date if later else None
    coverage = coverage_of(who, campaign.id) if campaign is not None else Coverage()
    return CoordinatorPage(
        steps=first_steps(who, campaign),
        today=tuple(line for line in days if line.day.date == today),
        next_date=next_date,
        next_days=tuple(line for line in later if line.day.date == next_date),
        tasks=_coordinator_tasks(who, campaign, today),
        coverage=coverage,
    )


def officer_page(who: Who, campaign: CampaignCard | None, today: date) -> OfficerPage:
    """The office's recording days of today and of the coming two weeks, and those nobody closed."""
    days = days_of_officer(who, today)
    return OfficerPage(
        not_closed=tuple(line for line in days if line.day.date < today),
        today=tuple(line for line in days if line.day.date == today),
        coming=tuple(line for line in days if line.day.date > today),
    )


def viewer_page(who: Who, campaign: CampaignCard | None, today: date) -> ViewerPage:
    """The office's coverage."""
    return ViewerPage(coverage_of(who, campaign.id) if campaign is not None else Coverage())


def first_steps(who: Who, campaign: CampaignCard | None) -> FirstSteps:
    """Which of the first steps of a new office are done."""
    ours = who.office_id
    has_admin = Account.select().where(Account.office == ours, Account.role == SCHOOL_ADMIN).exists()
    has_invited = (
        Invitation.select().where(Invitation.office == ours, Invitation.role == SCHOOL_ADMIN).exists()
    )
    return FirstSteps(
        has_schools=School.select().where(School.office == ours).exists(),
        has_teams=Team.select().where(Team.office == ours, Team.is_active).exists(),
        has_campaign=campaign is not None,
        has_admins=has_admin or has_invited,
        has_students=Student.select().where(Student.office == ours).exists(),
        has_days=RecordingDay.select().where(RecordingDay.office == ours).exists(),
    )


def office_page(who: Who) -> OfficePage:
    """The office, with how many people, teams and schools it has."""
    ours = who.office_id
    return OfficePage(
        office=office_card(who),
        people=Account.select().where(Account.office == ours, Account.disabled_at.is_null()).count(),
        teams=Team.select().where(Team.office == ours, Team.is_active).count(),
        schools=School.select().where(School.office == ours).count(),
    )


def _lines(who: Who, first: date, last: date, states: tuple[str, ...]) -> tuple[OfficerDay, ...]:
    cards = days_between(who, first, last, states)
    ids = [card.id for card in cards]
    places = _count_by(Booking.day, Booking.day.in_(ids))
    known = _count_by(StandingRow.last_day, StandingRow.last_day.in_(ids))
    return tuple(OfficerDay(card, places.get(card.id, 0), known.get(card.id, 0)) for card in cards)


def _count_by(column: Any, condition: Any) -> dict[int, int]:
    query = column.model.select(column, fn.COUNT(column.model.id)).where(condition).group_by(column)
    return dict(rows_of(query))


def _coordinator_tasks(who: Who, campaign: CampaignCard | None, today: date) -> tuple[Task, ...]:
    if campaign is None:
        return ()
    found = [
        _days_task(
            who, "changes_asked", (RecordingDay.state == "change_asked") & (RecordingDay.date >= today)
        ),
        Task("looks", looks_count(who)),
        Task("waiting", waiting_long(who, campaign.id, today)),
        _days_task(
            who, "not_closed", RecordingDay.state.in_(("open", "confirmed")) & (RecordingDay.date < today)
        ),
        _schools_task("rosters", _rosters_waiting(who)),
        _days_task(who, "drafts", RecordingDay.state == "draft"),
        _days_task(who, "unanswered", (RecordingDay.state == "proposed") & (RecordingDay.date >= today)),
        Task("retakes", _retakes_without_date(who, campaign, today)),
        _schools_task("no_students", _schools_without_students(who)),
        _schools_task("fixes", _schools_with_fixes(who)),
    ]
    return tuple(task for task in found if task.count)


def _days_task(who: Who, kind: str, condition: Any) -> Task:
    rows = [day_card(row) for row in visible_days(who).where(condition).order_by(RecordingDay.date)]
    names = tuple(dict.fromkeys(row.school_name for row in rows))
    only_id = rows[0].id if len(rows) == 1 else None
    return Task(kind, len(rows), names[:NAMES_SHOWN], only_id, len(names) > NAMES_SHOWN)


def _retakes_without_date(who: Who, campaign: CampaignCard, today: date) -> int:
    called_again = (
        Booking.select(Booking.student)
        .join(RecordingDay)
        .where(
            RecordingDay.campaign == campaign.id,
            RecordingDay.date >= today,
            RecordingDay.state.in_(("draft", *ANSWERABLE)),
        )
    )
    due = (
        StandingRow.select()
        .join(Student)
        .where(
            StandingRow.campaign == campaign.id,
            StandingRow.outcome.in_([outcome.value for outcome in DUE_A_RETAKE]),
            Student.office == who.office_id,
            Student.status == "active",
            StandingRow.student.not_in(called_again),
        )
    )
    return due.count()


def school_admin_page(who: Who, campaign: CampaignCard | None, today: date) -> SchoolAdminPage:
    """What the school has to do now, its coming days, and how far its students are."""
    days = _lines(who, today, today + timedelta(weeks=26), ANSWERABLE)
    coverage = coverage_of(who, campaign.id) if campaign is not None else Coverage()
    return SchoolAdminPage(_school_tasks(who, days), days, coverage)


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
    query = (
        RosterUpload.select(RosterUpload.id, School.name, District.name)
        .join(School)
        .join(District)
        .where(RosterUpload.office == who.office_id, RosterUpload.state == "waiting")
        .order_by(RosterUpload.id)
    )
    return [ToDoRow(upload_id, name, district) for upload_id, name, district in rows_of(query)]


def _schools_without_students(who: Who) -> list[ToDoRow]:
    with_students = Student.select(Student.school).where(Student.office == who.office_id).distinct()
    # a school whose list has come and is not confirmed yet needs no reminder
    has_sent = RosterUpload.select(RosterUpload.school).where(
        RosterUpload.office == who.office_id, RosterUpload.state.in_(("reading", "waiting"))
    )
    query = (
        School.select(School.id, School.name, District.name)
        .join(District)
        .where(School.office == who.office_id, School.id.not_in(with_students), School.id.not_in(has_sent))
        .order_by(School.name)
    )
    return [ToDoRow(school_id, name, district) for school_id, name, district in rows_of(query)]


def _schools_with_fixes(who: Who) -> list[ToDoRow]:
    query = (
        FixItem.select(School.id, School.name, District.name, fn.COUNT(FixItem.id))
        .join(School)
        .join(District)
        .where(FixItem.office == who.office_id, FixItem.state == "open")
        .group_by(School.id, School.name, District.name)
        .order_by(School.name)
    )
    return [ToDoRow(school_id, name, district, count) for school_id, name, district, count in rows_of(query)]


def _schools_task(kind: str, rows: list[ToDoRow]) -> Task:
    names = tuple(row.school for row in rows[:NAMES_SHOWN])
    only_id = rows[0].id if len(rows) == 1 else None
    return Task(kind, len(rows), names, only_id, len(rows) > NAMES_SHOWN)


def _school_tasks(who: Who, days: tuple[OfficerDay, ...]) -> tuple[Task, ...]:
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
