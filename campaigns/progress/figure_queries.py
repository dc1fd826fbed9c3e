"""The figures of each class: of today from the stored counts, of some students and of a past day counted anew."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import Audit
from campaigns.as_of import DayThen, Past, StudentThen, figures_then
from campaigns.coverage import FIGURES, Coverage
from campaigns.eligibility import CampaignFacts
from campaigns.mark_queries import mark_of
from campaigns.models import Booking, Campaign, MarkRow, RecordingDay, Tally
from campaigns.queries import campaign
from campaigns.slices import EVERYBODY, Slice, homes_of
from campaigns.tally_queries import tally_rows
from common.access import SCHOOL_ADMIN, Who
from common.database import rows_of
from schools.models import District, School, Student

STATUS_ACTS = {"student_active": "active", "student_moved": "moved", "student_left": "left"}
CLOSING_ACTS = {"day_closed": True, "day_reopened": False}
GONE_ACTS = ("day_cancelled", "day_postponed")


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which students figures are asked for, and as of the end of which day; `on` is None for now.

    `voters`: lists of schools are put in order by their voters alone.
    """

    part: Slice = EVERYBODY
    on: date | None = None
    voters: bool = False

    @property
    def needs_students(self) -> bool:
        """Whether the stored counts of the classes do not answer it."""
        return self.part.is_of_students or self.on is not None

    @property
    def is_plain(self) -> bool:
        """Whether it is all students, now."""
        return self.part.is_whole and self.on is None


NOW_AND_ALL = Asked()


def class_figures(
    who: Who, campaign_id: int, asked: Asked, school_id: int | None = None
) -> dict[tuple[int, str], Coverage]:
    """The figures of every class this person may see, or of those of one school, by (school, class). Raises Missing."""
    card = campaign(who, campaign_id)
    only = who.school_id if who.role == SCHOOL_ADMIN else school_id
    if not asked.needs_students:
        query: Any = Tally.select(Tally.school, Tally.class_name, *(getattr(Tally, name) for name in FIGURES))
        query = query.where(Tally.campaign == campaign_id)
        if only is not None:
            query = query.where(Tally.school == only)
        return {(school, name): Coverage(*figures) for school, name, *figures in rows_of(query)}

    query = School.select(School.id, School.level, School.is_public).where(School.office == who.office_id)
    if only is not None:
        query = query.where(School.id == only)
    schools = [number for number, level, public in rows_of(query) if asked.part.takes_school(level, public)]
    narrowed = _students_in(who, asked.part)
    if asked.on is None:
        return {
            (school, name): Coverage(*figures)
            for _, school, name, *figures in tally_rows(Campaign.get_by_id(campaign_id), schools, narrowed)
        }
    past = _past(who, campaign_id, schools, narrowed)
    facts = CampaignFacts(card.to_date, card.record_age)
    return figures_then(past, facts, card.voting_day, end_of(asked.on, who.time_zone))


def end_of(day: date, zone: str) -> datetime:
    """The last moment of a day at the office, as moments are stored (UTC without a zone)."""
    midnight = datetime.combine(day + timedelta(days=1), time(), tzinfo=ZoneInfo(zone))
    return midnight.astimezone(UTC).replace(tzinfo=None) - timedelta(microseconds=1)


def _students_in(who: Who, part: Slice) -> Any:
    """SQL: the student is in that part; None when all are."""
    conditions = []
    if part.sex:
        conditions.append(Student.sex == part.sex)
    if part.home:
        texts = Student.select(Student.home_district).where(Student.office == who.office_id).distinct()
        districts = District.select(District.id, District.name).where(District.office == who.office_id)
        homes = homes_of([text for (text,) in rows_of(texts)], rows_of(districts))
        wanted = [text for text, home in homes.items() if home == part.home]
        conditions.append(Student.home_district.in_(wanted))
    if not conditions:
        return None
    found = conditions[0]
    for condition in conditions[1:]:
        found &= condition
    return found


def _past(who: Who, campaign_id: int, schools: list[int], narrowed: Any) -> Past:
    wanted = Student.school.in_(schools)
    if narrowed is not None:
        wanted &= narrowed
    changes = _log(who, "student", tuple(STATUS_ACTS))
    students = rows_of(
        Student.select(
            Student.id,
            Student.school,
            Student.class_name,
            Student.birth_date,
            Student.is_married,
            Student.recorded_before,
            Student.status,
            Student.created_at,
        ).where(wanted)
    )
    in_campaign = RecordingDay.campaign == campaign_id
    places = Booking.select(Booking.student, Booking.day).join(RecordingDay).switch(Booking).join(Student)
    marks = (
        MarkRow.select(MarkRow)
        .join(RecordingDay)
        .switch(MarkRow)
        .join(Student)
        .where(in_campaign, wanted, MarkRow.quarantine == "")
    )
    return Past(
        tuple(
            StudentThen(*row, tuple((at, STATUS_ACTS[act]) for at, act in changes.get(row[0], ())))  # type: ignore[call-arg]
            for row in students
        ),
        _days_then(who, campaign_id),
        tuple((student, day) for student, day in rows_of(places.where(in_campaign, wanted))),
        tuple((row.received_at, mark_of(row)) for row in marks),
    )


def _days_then(who: Who, campaign_id: int) -> tuple[DayThen, ...]:
    log = _log(who, "recording_day", (*CLOSING_ACTS, *GONE_ACTS))
    days = []
    for row in RecordingDay.select().where(RecordingDay.campaign == campaign_id):
        told = log.get(row.id, ())
        closings = tuple((at, CLOSING_ACTS[act]) for at, act in told if act in CLOSING_ACTS)
        gone_at = None
        if row.state in ("cancelled", "postponed"):
            gone_at = next((at for at, act in told if act in GONE_ACTS), row.created_at)
        elif row.state == "closed" and not closings:
            closings = ((row.closed_at or row.created_at, True),)
        days.append(DayThen(row.id, row.date, row.created_at, closings, gone_at))
    return tuple(days)


def _log(who: Who, subject: str, acts: tuple[str, ...]) -> dict[int, list[tuple[datetime, str]]]:
    """When these acts were done to each subject, the earliest first."""
    query = (
        Audit.select(Audit.subject_id, Audit.at, Audit.act)
        .where(Audit.office == who.office_id, Audit.subject == subject, Audit.act.in_(acts))
        .order_by(Audit.id)
    )
    found: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
    for subject_id, at, act in rows_of(query):
        found[subject_id].append((at, act))
    return found
