"""Who stands where: the students of a class, and one student with everything that happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import Account, Audit
from campaigns.coverage import FIGURES, Coverage, together
from campaigns.eligibility import (
    AlreadyRecorded,
    CampaignFacts,
    Eligibility,
    Eligible,
    Left,
    NotYet,
    StudentFacts,
    eligibility_of,
    is_voter_on,
)
from campaigns.models import Booking, MarkRow, RecordingDay, StandingRow, Tally
from campaigns.queries import ANNOUNCED_STATES, LIVE_STATES, CampaignCard
from common.access import Missing, Who
from common.database import rows_of
from schools import queries as schools
from schools.models import Student, Team
from schools.queries import SchoolCard, StudentCard

_WHY: dict[type, str] = {
    Eligible: "eligible",
    NotYet: "not_yet",
    AlreadyRecorded: "already_recorded",
    Left: "left",
}


@dataclass(frozen=True, slots=True)
class Where:
    """Where a student stands: why in the target or not, what came of it, and the next day he or she is called to.

    `why` is eligible, not_yet (old enough on `from_date`), already_recorded or left; `outcome` is empty before any day.
    """

    why: str
    from_date: date | None
    is_voter: bool
    outcome: str = ""
    reason: str = ""
    needs_look: bool = False
    attempts: int = 0
    next_day: date | None = None
    next_day_id: int | None = None


@dataclass(frozen=True, slots=True)
class StudentLine:
    """A student of a class; the NIK is masked."""

    student: StudentCard
    where: Where


@dataclass(frozen=True, slots=True)
class ClassCoveragePage:
    """The students of one class and where each stands."""

    school: SchoolCard
    name: str
    total: Coverage
    students: tuple[StudentLine, ...]


@dataclass(frozen=True, slots=True)
class CalledTo:
    """A recording day a student was called to, with the place in the queue."""

    day_id: int
    date: date
    kind: str
    state: str
    team_name: str
    queue_number: int
    slot: str


@dataclass(frozen=True, slots=True)
class MarkLine:
    """A mark about a student: what, on which day, who made it and when it came in; quarantined ones do not count."""

    received_at: datetime
    date: date | None
    outcome: str
    reason: str
    officer: str
    is_quarantined: bool


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """What was done about a student, by whom, when: a word of the log."""

    at: datetime
    by: str
    act: str


@dataclass(frozen=True, slots=True)
class StudentPage:
    """One student: facts, where he or she stands (None without a programme), and everything that happened."""

    school: SchoolCard
    student: StudentCard
    came_in_at: datetime
    updated_at: datetime
    where: Where | None
    days: tuple[CalledTo, ...]
    marks: tuple[MarkLine, ...]
    changes: tuple[ChangeLine, ...]


def class_page(who: Who, campaign: CampaignCard, school_id: int, class_name: str) -> ClassCoveragePage:
    """The students of a class and where each stands: the target first, then the others, both by name.

    Raises Missing, also for a class that is not there.
    """
    school = schools.school(who, school_id)
    if not who.may_see_school(school_id):
        raise Missing
    found = list(
        Student.select()
        # the school is known to be the office's; asked for the office as well, SQLite walks through all of its names
        .where(Student.school == school_id, Student.class_name == class_name)
        .order_by(Student.name_key, Student.id)
    )
    if not found:
        raise Missing
    where = _where(who, campaign, found)
    lines = [StudentLine(schools.student_card(row), where[row.id]) for row in found]
    tallies = rows_of(
        Tally.select(*(getattr(Tally, name) for name in FIGURES)).where(
            Tally.campaign == campaign.id, Tally.school == school_id, Tally.class_name == class_name
        )
    )
    return ClassCoveragePage(
        school=school,
        name=class_name,
        total=together(Coverage(*figures) for figures in tallies),
        students=tuple(sorted(lines, key=lambda line: line.where.why != "eligible")),
    )


def student_page(who: Who, campaign: CampaignCard | None, student_id: int) -> StudentPage:
    """One student with everything that happened. Raises Missing when it is not this person's to see."""
    row = Student.get_or_none(Student.id == student_id, Student.office == who.office_id)
    if row is None or not who.may_see_school(row.school_id):
        raise Missing
    return StudentPage(
        school=schools.school(who, row.school_id),
        student=schools.student_card(row),
        came_in_at=row.created_at,
        updated_at=row.updated_at,
        where=_where(who, campaign, [row])[row.id] if campaign is not None else None,
        days=_days_of(who, student_id),
        marks=_marks_of(who, student_id),
        changes=_changes_of(who, student_id),
    )


def _where(who: Who, campaign: CampaignCard, found: list[Student]) -> dict[int, Where]:
    ids = [student.id for student in found]
    standings = {
        row.student_id: row
        for row in StandingRow.select().where(
            StandingRow.campaign == campaign.id, StandingRow.student.in_(ids)
        )
    }
    calls: dict[int, tuple[date, int]] = {}
    query = (
        Booking.select(Booking.student, RecordingDay.date, RecordingDay.id)
        .join(RecordingDay)
        .where(
            Booking.student.in_(ids),
            RecordingDay.office == who.office_id,
            RecordingDay.state.in_([state for state in _states_for(who) if state != "closed"]),
        )
        .order_by(RecordingDay.date.desc())
    )
    for student_id, day, day_id in rows_of(query):
        calls[student_id] = (day, day_id)
    facts = CampaignFacts(campaign.to_date, campaign.record_age)
    places: dict[int, Where] = {}
    for student in found:
        standing = standings.get(student.id)
        why = eligibility_of(
            StudentFacts(student.birth_date, student.status == "active", student.recorded_before), facts
        )
        next_day, next_day_id = calls.get(student.id, (None, None))
        places[student.id] = Where(
            why=_WHY[type(why)],
            from_date=_from_date(why),
            is_voter=is_voter_on(student.birth_date, student.is_married, campaign.voting_day),
            outcome=standing.outcome if standing else "",
            reason=standing.reason if standing else "",
            needs_look=standing.needs_look if standing else False,
            attempts=standing.attempts if standing else 0,
            next_day=next_day,
            next_day_id=next_day_id,
        )
    return places


def _from_date(why: Eligibility) -> date | None:
    return why.from_date if isinstance(why, (Eligible, NotYet)) else None


def _states_for(who: Who) -> tuple[str, ...]:
    return LIVE_STATES if who.is_coordinator else ANNOUNCED_STATES


def _days_of(who: Who, student_id: int) -> tuple[CalledTo, ...]:
    query = (
        Booking.select(Booking, RecordingDay, Team)
        .join(RecordingDay)
        .join(Team)
        .where(
            Booking.student == student_id,
            RecordingDay.office == who.office_id,
            RecordingDay.state.in_([*_states_for(who), "cancelled", "postponed"]),
        )
        .order_by(RecordingDay.date.desc(), RecordingDay.id.desc())
    )
    return tuple(
        CalledTo(
            row.day_id,
            row.day.date,
            row.day.kind,
            row.day.state,
            row.day.team.name,
            row.queue_number,
            row.slot,
        )
        for row in query
    )


def _marks_of(who: Who, student_id: int) -> tuple[MarkLine, ...]:
    query = (
        MarkRow.select(MarkRow, RecordingDay, Account)
        .left_outer_join(RecordingDay)
        .switch(MarkRow)
        .left_outer_join(Account)
        .where(MarkRow.student == student_id, MarkRow.office == who.office_id)
        .order_by(MarkRow.id.desc())
    )
    return tuple(
        MarkLine(
            row.received_at,
            row.day.date if row.day else None,
            row.outcome,
            row.reason,
            row.officer.name if row.officer else "",
            row.quarantine != "",
        )
        for row in query
    )


def _changes_of(who: Who, student_id: int) -> tuple[ChangeLine, ...]:
    query = (
        Audit.select(Audit, Account)
        .left_outer_join(Account)
        .where(
            Audit.office == who.office_id,
            Audit.kind == "change",
            Audit.subject == "student",
            Audit.subject_id == student_id,
        )
        .order_by(Audit.id.desc())
        .limit(50)
    )
    return tuple(ChangeLine(row.at, row.account.name if row.account else "", row.act) for row in query)
