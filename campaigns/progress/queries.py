"""How far the programme is: the office, its districts, schools and classes, now and on any past day."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import fn

from campaigns.coverage import FIGURES, Coverage, together
from campaigns.models import RecordingDay, Tally
from campaigns.places import class_order
from campaigns.progress.figure_queries import NOW_AND_ALL, Asked, class_figures
from campaigns.queries import DayCard, DaysAsked
from common.access import SCHOOL_ADMIN, Missing, Who
from common.prepared import Given, Prepared
from schools import queries as schools
from schools.models import District, School, Team
from schools.queries import SchoolCard

SCHOOLS_A_PAGE = 100
SORTS = ("left", "name", "coverage")


@dataclass(frozen=True, slots=True)
class DistrictCoverage:
    """A district, how many schools it has, and its coverage."""

    id: int
    code: str
    name: str
    schools: int
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class SchoolCoverage:
    """A school and its coverage; a school without a roster has no students yet."""

    id: int
    name: str
    level: str
    district_id: int
    district_name: str
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class CoveragePage:
    """The office's coverage (of one district where asked), its districts, and a page of its schools."""

    total: Coverage
    district: DistrictCoverage | None
    districts: tuple[DistrictCoverage, ...]
    schools: tuple[SchoolCoverage, ...]
    school_count: int
    without_students: int
    sort: str
    page: int
    pages: int
    asked: Asked


@dataclass(frozen=True, slots=True)
class ClassCoverage:
    """A class of a school and its coverage."""

    name: str
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class SchoolCoveragePage:
    """One school's coverage by class."""

    school: SchoolCard
    total: Coverage
    classes: tuple[ClassCoverage, ...]
    districts: tuple[tuple[int, str], ...]
    asked: Asked


def days_between(who: Who, first: date, last: date, states: Collection[str]) -> list[DayCard]:
    """The recording days in these states from `first` to `last`, as far as this person may see them, soonest first."""
    return _BETWEEN.cards(who, first=first, last=last, states=states)


_BETWEEN = DaysAsked(
    lambda days, given: days.where(
        RecordingDay.date.between(given("first"), given("last")), given.among(RecordingDay.state, "states")
    ).order_by(RecordingDay.date, RecordingDay.starts_at, Team.name, RecordingDay.id)
)


def coverage_of(who: Who, campaign_id: int) -> Coverage:
    """The coverage of everything this person may see: the office, or the own school."""
    own = who.school_id if who.role == SCHOOL_ADMIN else None
    query = _COVERAGE if own is None else _COVERAGE_OF_SCHOOL
    (sums,) = query.rows(campaign=campaign_id, office=who.office_id, school=own)
    return Coverage(*sums)


def _coverage(given: Given) -> Any:
    sums = [fn.COALESCE(fn.SUM(getattr(Tally, name)), 0) for name in FIGURES]
    ours = (Tally.campaign == given("campaign"), School.office == given("office"))
    return Tally.select(*sums).join(School).where(*ours)


_COVERAGE = Prepared(_coverage)
_COVERAGE_OF_SCHOOL = Prepared(lambda given: _coverage(given).where(Tally.school == given("school")))


def coverage_page(
    who: Who,
    campaign_id: int,
    district_id: int | None = None,
    sort: str = "left",
    page: int = 1,
    asked: Asked = NOW_AND_ALL,
) -> CoveragePage:
    """Coverage by district and school, those with most left first unless `sort` says otherwise.

    `asked` says of which students and of which day. Raises Missing for a district of another office.
    """
    tallies = _by_school(who, campaign_id, asked)
    codes: dict[int, str] = {}
    everything = []
    for school_id, name, level, in_district, code, district_name, is_public in _SCHOOLS.rows(
        office=who.office_id
    ):
        if who.role == SCHOOL_ADMIN and school_id != who.school_id:
            continue
        codes[in_district] = code
        if not asked.part.takes_school(level, is_public):
            continue
        coverage = tallies.get(school_id, Coverage())
        everything.append(SchoolCoverage(school_id, name, level, in_district, district_name, coverage))

    districts = _districts(everything, codes)
    district = None
    if district_id is not None:
        if district_id not in codes:
            raise Missing
        district = next((row for row in districts if row.id == district_id), None) or DistrictCoverage(
            district_id, codes[district_id], District.get_by_id(district_id).name, 0, Coverage()
        )
    found = [school for school in everything if district is None or school.district_id == district.id]
    found.sort(key=_order_of(sort, asked.voters))
    districts.sort(key=_order_of(sort, asked.voters))
    pages = max(1, -(-len(found) // SCHOOLS_A_PAGE))
    page = min(max(page, 1), pages)
    return CoveragePage(
        total=together(school.coverage for school in found),
        district=district,
        districts=tuple(districts),
        schools=tuple(found[(page - 1) * SCHOOLS_A_PAGE : page * SCHOOLS_A_PAGE]),
        school_count=len(found),
        without_students=sum(1 for school in found if not school.coverage.students),
        sort=sort if sort in SORTS else SORTS[0],
        page=page,
        pages=pages,
        asked=asked,
    )


def school_page(who: Who, campaign_id: int, school_id: int, asked: Asked = NOW_AND_ALL) -> SchoolCoveragePage:
    """A school's coverage by class, X before XI before XII. Raises Missing."""
    school = schools.school(who, school_id)
    found = class_figures(who, campaign_id, asked, school_id)
    classes = [ClassCoverage(name, its) for (_, name), its in found.items() if its.students]
    classes.sort(key=lambda row: (class_order(row.name), row.name))
    total = together(row.coverage for row in classes)
    return SchoolCoveragePage(school, total, tuple(classes), districts_of(who), asked)


def districts_of(who: Who) -> tuple[tuple[int, str], ...]:
    """The office's districts (id, name) by name: where a student's home can be."""
    return tuple((number, name) for number, name in _DISTRICTS.rows(office=who.office_id))


_SCHOOLS = Prepared(
    lambda given: (
        School.select(
            School.id,
            School.name,
            School.level,
            District.id,
            District.code,
            District.name,
            School.is_public,
        )
        .join(District)
        .where(School.office == given("office"))
        .order_by(District.code, School.name)
    )
)
_DISTRICTS = Prepared(
    lambda given: (
        District.select(District.id, District.name)
        .where(District.office == given("office"))
        .order_by(District.name)
    )
)


def _by_school(who: Who, campaign_id: int, asked: Asked) -> dict[int, Coverage]:
    if asked.needs_students:
        parts: dict[int, list[Coverage]] = {}
        for (school_id, _), its in class_figures(who, campaign_id, asked).items():
            parts.setdefault(school_id, []).append(its)
        return {school_id: together(its) for school_id, its in parts.items()}
    return coverage_of_schools(who, campaign_id)


def coverage_of_schools(who: Who, campaign_id: int) -> dict[int, Coverage]:
    """The coverage, as of now, of every school with students that this person may see."""
    return {
        school_id: Coverage(*figures)
        for school_id, *figures in _SUMS.rows(campaign=campaign_id)
        if who.role != SCHOOL_ADMIN or school_id == who.school_id
    }


_SUMS = Prepared(
    lambda given: (
        Tally.select(Tally.school, *(fn.SUM(getattr(Tally, name)) for name in FIGURES))
        .where(Tally.campaign == given("campaign"))
        .group_by(Tally.school)
    )
)


def _districts(found: list[SchoolCoverage], codes: dict[int, str]) -> list[DistrictCoverage]:
    of_district: dict[int, list[SchoolCoverage]] = {}
    for school in found:
        of_district.setdefault(school.district_id, []).append(school)
    return [
        DistrictCoverage(
            district_id,
            codes[district_id],
            members[0].district_name,
            len(members),
            together(school.coverage for school in members),
        )
        for district_id, members in of_district.items()
    ]


def _order_of(sort: str, voters: bool) -> Callable[[Any], Any]:
    def figures(row: Any) -> Coverage:
        return row.coverage.of_voters if voters else row.coverage

    if sort == "name":
        return lambda row: row.name
    if sort == "coverage":
        # a school without a target has no share; it stands last, as nothing can be done there yet
        return lambda row: (
            figures(row).target == 0,
            figures(row).recorded / max(1, figures(row).target),
            row.name,
        )
    return lambda row: (-figures(row).left, row.name)
