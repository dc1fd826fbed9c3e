"""Who is due a retake, and the days proposed for them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from peewee import JOIN, SQL, Case, fn

from campaigns.attendance import DUE_A_RETAKE, Outcome, OutcomeReason
from campaigns.booking.basis_queries import Basis, plan_basis
from campaigns.calendar import SchoolCalendar, school_week
from campaigns.capacity import Network, capacity
from campaigns.closed_queries import closed_spans
from campaigns.field.opening import Opening
from campaigns.field.opening_queries import coming_days, home_dates, office_dates, office_opening
from campaigns.models import Booking, RecordingDay, StandingRow
from campaigns.queries import CutOffs, campaign, is_voter
from campaigns.retake_ways import EVERY_WAY, Way, propose_ways
from campaigns.retakes import DueStudent, RetakeDay, RetakeReason
from campaigns.scheduling import SchoolNeed
from common import clock
from common.access import Missing, Who
from common.database import rows_of
from common.prepared import Given, Prepared
from schools.models import District, School, Student
from schools.queries import teams

# states of a day on which a student is still expected
EXPECTED = ("draft", "proposed", "change_asked", "confirmed", "open")


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
    students: tuple[str, ...] = ()


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
    ways: frozenset[Way] = EVERY_WAY
    has_office: bool = False


def retake_proposal(
    who: Who, campaign_id: int, school_ids: Collection[int] = (), ways: frozenset[Way] = EVERY_WAY
) -> RetakeProposalPage:
    """Days for the due students of these schools (none named: of all), from tomorrow on, by these ways.

    Nothing is written. The same facts give the same proposal, so that accepting can make it again and compare.
    Raises Missing.
    """
    if not who.is_coordinator:
        raise Missing
    due = _due_students(who, campaign_id, school_ids)
    basis = plan_basis(who, campaign_id)
    problem = replace(basis.problem, schools=with_all(who, basis, {int(one.school) for one in due}))
    opening = office_opening(who)
    found = propose_ways(
        due,
        problem,
        basis.visits,
        problem.calendar.starts,
        coming_days(who, campaign_id, {int(one.school) for one in due}),
        office_dates(who, basis.campaign, opening),
        home_dates(who, basis.campaign, opening),
        ways,
    )
    names = _names(who, [one.student for one in due])
    return RetakeProposalPage(
        days=proposed_days(who, found.days, basis, opening, names),
        not_placed=tuple(
            NotPlaced(one.student, *names[one.student], _school_name(who, int(one.school)), one.rule.value)
            for one in found.no_day
        ),
        school_ids=tuple(school_ids),
        ways=ways,
        has_office=opening.team_id is not None,
    )


def proposed_days(
    who: Who,
    days: Iterable[RetakeDay],
    basis: Basis,
    opening: Opening,
    names: Mapping[int, tuple[str, str]],
) -> tuple[ProposedDay, ...]:
    """Proposed days with the names that a page shows, and the students each takes."""
    schools = {
        school_id: (name, network, district)
        for school_id, name, network, district in rows_of(
            School.select(School.id, School.name, School.network, District.name)
            .join(District)
            .where(School.office == who.office_id)
        )
    }
    crews = {team.id: team for team in teams(who)}

    def room(day: RetakeDay) -> int:
        if day.reason is RetakeReason.OFFICE:
            return opening.places_a_day
        if day.reason is RetakeReason.HOME:
            return opening.home_visits_a_day
        network = Network(schools[int(day.venue)][1])
        return capacity(crews[int(day.team)].kits, network, basis.problem.rates)

    return tuple(
        ProposedDay(
            key=_key(day),
            found=day,
            team_name=crews[int(day.team)].name,
            venue_name=schools[int(day.venue)][0],
            district_name=schools[int(day.venue)][2],
            schools=tuple((schools[int(group.school)][0], len(group.students)) for group in day.groups),
            capacity=room(day),
            students=tuple(
                ", ".join(part for part in names[student] if part)
                for group in day.groups
                for student in group.students
            ),
        )
        for day in days
    )


def _names(who: Who, students: Iterable[int]) -> dict[int, tuple[str, str]]:
    rows = Student.select(Student.id, Student.name, Student.class_name).where(
        Student.office == who.office_id, Student.id.in_(list(students))
    )
    return {student: (name, class_name) for student, name, class_name in rows_of(rows)}


def _school_name(who: Who, school_id: int) -> str:
    return School.get(School.id == school_id, School.office == who.office_id).name


@dataclass(frozen=True, slots=True)
class DueGroup:
    """Students of one school due a retake alike: outcome, days that tried, with a date still to come or without."""

    school_id: int
    school_name: str
    district_name: str
    outcome: str
    attempts: int
    has_a_date: bool
    students: int


def due_groups(who: Who, campaign_id: int) -> list[DueGroup]:
    """All who are due a retake in a campaign, counted in groups of which every page takes its figures."""
    today = clock.today(who.time_zone)
    rows = _GROUPS.rows(office=who.office_id, campaign=campaign_id, today=today)
    return [
        DueGroup(school_id, name, district, outcome, attempts, bool(has_a_date), students)
        for school_id, name, district, outcome, attempts, has_a_date, students in rows
    ]


def _groups(given: Given) -> Any:
    office, campaign_id = given("office"), given("campaign")
    expected = StandingRow.student.in_(_expected(office, campaign_id, given("today")))
    kind = (School.id, School.name, District.name, StandingRow.outcome, StandingRow.attempts)
    has_a_date = Case(None, [(expected, 1)], 0)
    return (
        _due(office, campaign_id)
        .select(*kind, has_a_date, fn.COUNT(StandingRow.id))
        .group_by(*(SQL(str(place)) for place in range(1, 7)))
    )


def due_standings(who: Who, campaign_id: int, condition: Any) -> Any:
    """The selection of standings due a retake: failed, absent, refused, of students who are still there."""
    return _due(who.office_id, campaign_id).where(condition)


def _due(office: Any, campaign_id: Any) -> Any:
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
            Student.office == office,
            Student.status == "active",
            Student.recorded_before == False,
        )
    )


_GROUPS = Prepared(_groups)


def expected_students(who: Who, campaign_id: int) -> Any:
    """Students with a place on a day that is still to come. A day that is being held is not to come."""
    return _expected(who.office_id, campaign_id, clock.today(who.time_zone))


def _expected(office: Any, campaign_id: Any, today: Any) -> Any:
    return (
        Booking.select(Booking.student)
        .join(RecordingDay)
        .where(
            RecordingDay.campaign == campaign_id,
            RecordingDay.office == office,
            RecordingDay.state.in_(EXPECTED),
            RecordingDay.date > today,
        )
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
        Student.special_needs,
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
            bool(needs),
        )
        for student, school, voter, attempts, outcome, reason, last, needs in rows_of(query)
    ]


def with_all(who: Who, basis: Basis, school_ids: set[int]) -> tuple[SchoolNeed, ...]:
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
