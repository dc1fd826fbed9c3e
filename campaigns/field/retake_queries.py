"""Who is due a retake, and the days proposed for them."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from peewee import JOIN, fn

from campaigns.attendance import DUE_A_RETAKE, Outcome, OutcomeReason
from campaigns.booking.basis_queries import Basis, plan_basis
from campaigns.calendar import SchoolCalendar, school_week
from campaigns.capacity import Network, capacity
from campaigns.closed_queries import closed_spans
from campaigns.field.retake_lists import MISSED_TWICE
from campaigns.models import Booking, RecordingDay, StandingRow
from campaigns.queries import CutOffs, campaign, is_voter
from campaigns.retakes import DueStudent, RetakeDay, propose_retakes
from campaigns.scheduling import SchoolNeed
from common import clock
from common.access import Missing, Who
from common.database import rows_of
from schools.models import District, School, Student, Team
from schools.queries import teams

# states of a day on which a student is still expected
EXPECTED = ("draft", "proposed", "change_asked", "confirmed", "open")


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
    """A retake day ahead."""

    day_id: int
    date: date
    school_name: str
    team_name: str
    state: str
    planned: int


@dataclass(frozen=True, slots=True)
class RetakesPage:
    """Who is due a date, by school, and the retake days ahead."""

    schools: tuple[DueSchool, ...]
    with_a_date: int
    days: tuple[BookedRetake, ...]

    @property
    def due(self) -> int:
        """Students without a date."""
        return sum(school.due for school in self.schools)

    @property
    def missed_twice(self) -> int:
        """Those of them for whom two days or more came to nothing."""
        return sum(school.missed_twice for school in self.schools)


@dataclass(frozen=True, slots=True)
class ProposedDay:
    """A retake day that could be booked. `key` changes when its date, team, place or students change."""

    key: str
    found: RetakeDay
    team_name: str
    venue_name: str
    district_name: str
    schools: tuple[tuple[str, int], ...]
    capacity: int


@dataclass(frozen=True, slots=True)
class NotPlaced:
    """A due student for whom no day was found, and the rule against it."""

    student_id: int
    name: str
    class_name: str
    school_name: str
    rule: str


@dataclass(frozen=True, slots=True)
class RetakeProposalPage:
    """The proposed days in date order, and everyone who could not be placed."""

    days: tuple[ProposedDay, ...]
    not_placed: tuple[NotPlaced, ...]
    school_ids: tuple[int, ...]


def retakes_page(who: Who, campaign_id: int) -> RetakesPage:
    """Who is due a retake in a campaign, school by school, those with most missed twice first. Raises Missing."""
    campaign(who, campaign_id)
    if not who.is_coordinator:
        raise Missing
    counts: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    names: dict[int, tuple[str, str]] = {}
    without = due_standings(who, campaign_id, StandingRow.student.not_in(expected_students(who, campaign_id)))
    grouped = without.select(
        School.id,
        School.name,
        District.name,
        StandingRow.outcome,
        StandingRow.attempts,
        fn.COUNT(StandingRow.id),
    ).group_by(School.id, School.name, District.name, StandingRow.outcome, StandingRow.attempts)
    for found, name, district, outcome, attempts, count in rows_of(grouped):
        names[found] = name, district
        counts[found][outcome] += count
        counts[found]["missed_twice"] += count if attempts >= MISSED_TWICE else 0
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
    with_a_date = due_standings(
        who, campaign_id, StandingRow.student.in_(expected_students(who, campaign_id))
    )
    return RetakesPage(
        schools=tuple(sorted(schools, key=lambda school: (-school.missed_twice, -school.due, school.name))),
        with_a_date=with_a_date.select(fn.COUNT(StandingRow.id)).scalar(),
        days=_booked(who, campaign_id),
    )


def retake_proposal(who: Who, campaign_id: int, school_ids: Collection[int] = ()) -> RetakeProposalPage:
    """Days for the due students of these schools (none named: of all), from tomorrow on.

    Nothing is written. The same facts give the same proposal, so that accepting can make it again and compare.
    Raises Missing.
    """
    if not who.is_coordinator:
        raise Missing
    due = _due_students(who, campaign_id, school_ids)
    basis = plan_basis(who, campaign_id)
    problem = replace(basis.problem, schools=_with_all(who, basis, {int(one.school) for one in due}))
    found = propose_retakes(due, problem, basis.visits, problem.calendar.starts)
    schools = {
        school_id: (name, network, district)
        for school_id, name, network, district in rows_of(
            School.select(School.id, School.name, School.network, District.name)
            .join(District)
            .where(School.office == who.office_id)
        )
    }
    crews = {team.id: team for team in teams(who)}
    students = {
        row.id: row for row in Student.select().where(Student.id.in_([one.student for one in found.no_day]))
    }
    return RetakeProposalPage(
        days=tuple(
            ProposedDay(
                key=_key(day),
                found=day,
                team_name=crews[int(day.team)].name,
                venue_name=schools[int(day.venue)][0],
                district_name=schools[int(day.venue)][2],
                schools=tuple((schools[int(group.school)][0], len(group.students)) for group in day.groups),
                capacity=capacity(
                    crews[int(day.team)].kits, Network(schools[int(day.venue)][1]), problem.rates
                ),
            )
            for day in found.days
        ),
        not_placed=tuple(
            NotPlaced(
                one.student,
                students[one.student].name,
                students[one.student].class_name,
                schools[int(one.school)][0],
                one.rule.value,
            )
            for one in found.no_day
        ),
        school_ids=tuple(school_ids),
    )


def due_standings(who: Who, campaign_id: int, condition: Any) -> Any:
    """The selection of standings due a retake: failed, absent, refused, of students who are still there."""
    return (
        StandingRow.select()
        .join(Student)
        .join(School)
        .join(District)
        .switch(StandingRow)
        .join(RecordingDay, JOIN.LEFT_OUTER, on=(StandingRow.last_day == RecordingDay.id))
        .where(
            StandingRow.campaign == campaign_id,
            StandingRow.outcome.in_([outcome.value for outcome in DUE_A_RETAKE]),
            Student.office == who.office_id,
            Student.status == "active",
            Student.recorded_before == False,
            condition,
        )
    )


def expected_students(who: Who, campaign_id: int) -> Any:
    """Students with a place on a day that is still to come. A day that is being held is not to come."""
    return (
        Booking.select(Booking.student)
        .join(RecordingDay)
        .where(
            RecordingDay.campaign == campaign_id,
            RecordingDay.office == who.office_id,
            RecordingDay.state.in_(EXPECTED),
            RecordingDay.date > clock.today(who.time_zone),
        )
    )


def _booked(who: Who, campaign_id: int) -> tuple[BookedRetake, ...]:
    query: Any = (
        RecordingDay.select(RecordingDay, School, Team)
        .join(School)
        .switch(RecordingDay)
        .join(Team)
        .where(
            RecordingDay.office == who.office_id,
            RecordingDay.campaign == campaign_id,
            RecordingDay.kind == "retake",
            RecordingDay.state.in_(EXPECTED),
        )
        .order_by(RecordingDay.date, RecordingDay.id)
    )
    return tuple(
        BookedRetake(row.id, row.date, row.school.name, row.team.name, row.state, row.planned)
        for row in query
    )


def _due_students(who: Who, campaign_id: int, school_ids: Collection[int]) -> list[DueStudent]:
    cut_offs = CutOffs.of(campaign(who, campaign_id))
    query = due_standings(who, campaign_id, StandingRow.student.not_in(expected_students(who, campaign_id)))
    if school_ids:
        query = query.where(Student.school.in_(list(school_ids)))
    query = query.select(
        Student.id,
        Student.school,
        is_voter(cut_offs),
        StandingRow.attempts,
        StandingRow.outcome,
        StandingRow.reason,
        RecordingDay.date,
    ).order_by(School.id, Student.class_name, Student.name_key, Student.id)
    return [
        DueStudent(
            student,
            school,
            bool(voter),
            attempts,
            Outcome(outcome),
            OutcomeReason(reason) if reason else None,
            last,
        )
        for student, school, voter, attempts, outcome, reason, last in rows_of(query)
    ]


def _with_all(who: Who, basis: Basis, school_ids: set[int]) -> tuple[SchoolNeed, ...]:
    """The problem's schools and those that need nothing but a retake."""
    known = {school.id for school in basis.problem.schools}
    wanted = school_ids - {int(school_id) for school_id in known}
    if not wanted:
        return basis.problem.schools
    closed = closed_spans(who, wanted)
    rows = (
        School.select(School.id, District.code, School.network, School.week_days)
        .join(District)
        .where(School.office == who.office_id, School.id.in_(wanted))
        .order_by(School.id)
    )
    more = tuple(
        SchoolNeed(
            school_id,
            district,
            0,
            0,
            Network(network),
            SchoolCalendar(school_week(week_days), tuple(closed[school_id])),
        )
        for school_id, district, network, week_days in rows_of(rows)
    )
    return (*basis.problem.schools, *more)


def _key(day: RetakeDay) -> str:
    students = sorted(student for group in day.groups for student in group.students)
    return hashlib.sha256(f"{day.date} {day.team} {day.venue} {students}".encode()).hexdigest()[:20]
