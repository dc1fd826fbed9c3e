"""The facts of the coverage's workbook: every level from the same counts of classes, and the students behind them."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from peewee import fn

from campaigns.booking.paper_queries import printed_by
from campaigns.coverage import Coverage, together
from campaigns.coverage_book import ClassRow, CoverageBook, DistrictRow, SchoolRow, StudentRow
from campaigns.eligibility import CampaignFacts, StudentFacts, eligibility_of, is_voter_on
from campaigns.models import Booking, MarkRow, RecordingDay, StandingRow
from campaigns.places import class_order
from campaigns.progress.figure_queries import NOW_AND_ALL, Asked, class_figures
from campaigns.queries import LIVE_STATES, CampaignCard, campaign
from campaigns.slices import homes_of
from campaigns.student_stands import stand_of
from common import clock
from common.access import SCHOOL_ADMIN, Missing, Who
from common.database import rows_of
from schools.models import District, School, Student

_TO_COME = [state for state in LIVE_STATES if state != "closed"]


def coverage_book(
    who: Who,
    campaign_id: int,
    asked: Asked = NOW_AND_ALL,
    district_id: int | None = None,
    with_students: bool = True,
) -> CoverageBook:
    """The coverage on every level, of one district where asked; students for the coordinator alone, and as of now.

    Where everybody stood on a past day is known by class, not by name. Raises Missing, also for who sees one school.
    """
    if who.role == SCHOOL_ADMIN:
        raise Missing
    card = campaign(who, campaign_id)
    districts = _districts(who)
    if district_id is not None and district_id not in districts:
        raise Missing
    schools = _schools(who, asked, district_id)
    classes: dict[int, list[tuple[str, Coverage]]] = defaultdict(list)
    for (school_id, name), its in class_figures(who, campaign_id, asked).items():
        if school_id in schools and its.students:
            classes[school_id].append((name, its))

    school_rows, class_rows = [], []
    of_district: dict[int, list[Coverage]] = {}
    for school_id, (name, npsn, level, is_public, in_district) in schools.items():
        district = districts[in_district]
        members = sorted(classes.get(school_id, ()), key=lambda row: (class_order(row[0]), row[0]))
        total = together(coverage for _, coverage in members)
        of_district.setdefault(in_district, []).append(total)
        school_rows.append(SchoolRow(name, npsn, level, is_public, district, total))
        class_rows += [
            ClassRow(name, npsn, district, class_name, coverage) for class_name, coverage in members
        ]
    names_students = with_students and who.is_coordinator and asked.on is None
    return CoverageBook(
        office=who.office_name,
        campaign=card.name,
        part=asked.part,
        home=districts.get(int(asked.part.home), "") if asked.part.home.isdecimal() else "",
        district=districts[district_id] if district_id is not None else "",
        on=asked.on,
        made=printed_by(who),
        total=together(row.coverage for row in school_rows),
        districts=tuple(
            DistrictRow(districts[number], len(its), together(its)) for number, its in of_district.items()
        ),
        schools=tuple(school_rows),
        classes=tuple(class_rows),
        students=_students(who, card, asked, schools) if names_students else None,
    )


def _districts(who: Who) -> dict[int, str]:
    query = District.select(District.id, District.name).where(District.office == who.office_id)
    return dict(rows_of(query))


def _schools(who: Who, asked: Asked, district_id: int | None) -> dict[int, tuple[str, str, str, bool, int]]:
    """Name, NPSN, level, whether public, district; by id, in the order of districts and names."""
    query = (
        School.select(School.id, School.name, School.npsn, School.level, School.is_public, School.district)
        .join(District)
        .where(School.office == who.office_id)
        .order_by(District.code, School.name)
    )
    if district_id is not None:
        query = query.where(School.district == district_id)
    return {
        number: (name, npsn, level, bool(is_public), district)
        for number, name, npsn, level, is_public, district in rows_of(query)
        if asked.part.takes_school(level, is_public)
    }


def _students(
    who: Who, card: CampaignCard, asked: Asked, schools: dict[int, tuple[str, str, str, bool, int]]
) -> tuple[StudentRow, ...]:
    rows = rows_of(
        Student.select(
            Student.id,
            Student.school,
            Student.class_name,
            Student.name,
            Student.birth_date,
            Student.is_married,
            Student.recorded_before,
            Student.sex,
            Student.home_district,
        )
        .where(Student.office == who.office_id, Student.status == "active")
        .order_by(Student.name_key, Student.id)
    )
    homes = homes_of({row[8] for row in rows}, _districts(who).items())
    standings = {student: its for student, *its in rows_of(_standings(card.id))}
    marked = {student: clock.local(at, who.time_zone).date() for student, at in rows_of(_last_marks(card.id))}
    places = dict(rows_of(_next_days(card.id)))
    facts = CampaignFacts(card.to_date, card.record_age)
    found: dict[int, list[StudentRow]] = {school_id: [] for school_id in schools}
    for number, school_id, class_name, name, born, is_married, recorded_before, sex, home in rows:
        if school_id not in found or not asked.part.takes_student(sex, home, homes):
            continue
        outcome, last_day = standings.get(number, ("", None))
        next_day: date | None = places.get(number)
        why = eligibility_of(StudentFacts(born, True, recorded_before), facts)
        stand = stand_of(why, outcome, next_day is not None)
        assert stand is not None  # who has left was not asked for
        found[school_id].append(
            StudentRow(
                school=schools[school_id][0],
                npsn=schools[school_id][1],
                class_name=class_name,
                name=name,
                stand=stand,
                outcome=outcome,
                is_voter=is_voter_on(born, is_married, card.voting_day),
                last_day=last_day,
                marked_on=marked.get(number),
                next_day=next_day,
            )
        )
    for its in found.values():
        its.sort(key=lambda row: (class_order(row.class_name), row.class_name))
    return tuple(row for its in found.values() for row in its)


def _standings(campaign_id: int) -> Any:
    return (
        StandingRow.select(StandingRow.student, StandingRow.outcome, RecordingDay.date)
        .join(RecordingDay, on=(StandingRow.last_day == RecordingDay.id))
        .where(StandingRow.campaign == campaign_id)
    )


def _last_marks(campaign_id: int) -> Any:
    return (
        MarkRow.select(MarkRow.student, fn.MAX(MarkRow.received_at))
        .join(RecordingDay)
        .where(RecordingDay.campaign == campaign_id, MarkRow.student.is_null(False), MarkRow.quarantine == "")
        .group_by(MarkRow.student)
    )


def _next_days(campaign_id: int) -> Any:
    return (
        Booking.select(Booking.student, fn.MIN(RecordingDay.date))
        .join(RecordingDay)
        .where(RecordingDay.campaign == campaign_id, RecordingDay.state.in_(_TO_COME))
        .group_by(Booking.student)
    )
