"""Questions about districts, schools, students and teams; each asks for the person's own office (and school)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from peewee import JOIN, fn

from common.access import SCHOOL_ADMIN, Missing, Who
from common.database import db, rows_of
from common.ordering import Leaf, Order, leaf_of
from common.prepared import Prepared
from schools.models import District, School, Student, Team, TeamDayOff
from schools.names import plain_name
from schools.nik import masked
from schools.students import FACT_NAMES, KnownStudent, StudentFacts


@dataclass(frozen=True, slots=True)
class DistrictRow:
    """A district and how many schools of the office are in it."""

    id: int
    code: str
    name: str
    schools: int


@dataclass(frozen=True, slots=True)
class SchoolCard:
    """A school with its district."""

    id: int
    npsn: str
    name: str
    level: str
    is_public: bool
    district_id: int
    district_code: str
    district_name: str
    week_days: int
    network: str
    contact_name: str
    contact_phone: str


# in the order of SchoolCard
_CARD_FIELDS = (
    School.id,
    School.npsn,
    School.name,
    School.level,
    School.is_public,
    School.district,
    District.code,
    District.name,
    School.week_days,
    School.network,
    School.contact_name,
    School.contact_phone,
)


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """A school in the list, with how many active students it has."""

    school: SchoolCard
    students: int


@dataclass(frozen=True, slots=True)
class TeamCard:
    """A team and the dates on which it does not go out."""

    id: int
    name: str
    kits: int
    weekdays: str
    is_active: bool
    days_off: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class StudentCard:
    """A student as screens show it: the NIK is masked."""

    id: int
    school_id: int
    name: str
    class_name: str
    sex: str
    birth_place: str
    birth_date: date
    nik_masked: str
    nisn: str
    status: str
    is_married: bool
    recorded_before: bool
    home_district: str
    special_needs: str


@dataclass(frozen=True, slots=True)
class StudentsPage:
    """One page of a school's students and the classes to choose from."""

    school: SchoolCard
    classes: tuple[tuple[str, int], ...]
    students: tuple[StudentCard, ...]
    leaf: Leaf


@dataclass(frozen=True, slots=True)
class SchoolsPage:
    """One page of the schools, and the districts to choose from."""

    rows: tuple[SchoolRow, ...]
    leaf: Leaf
    districts: tuple[DistrictRow, ...]


PAGE_SIZE = 100
# the columns by which lists can be sorted; the first is the list's own order
SCHOOL_COLUMNS: dict[str, Callable[[SchoolRow], Any]] = {
    "district": lambda row: (),  # as they come
    "name": lambda row: row.school.name,
    "npsn": lambda row: row.school.npsn,
    "status": lambda row: not row.school.is_public,
    "network": lambda row: row.school.network,
    "students": lambda row: row.students,
}
STUDENT_COLUMNS: dict[str, tuple[Any, ...]] = {
    "class": (Student.class_name, Student.name_key),
    "name": (Student.name_key,),
    "birth_date": (Student.birth_date, Student.name_key),
    "status": (Student.status, Student.recorded_before, Student.name_key),
}


def districts(who: Who) -> list[DistrictRow]:
    """The office's districts by code."""
    query = (
        District.select(District.id, District.code, District.name, fn.COUNT(School.id))
        .join(School, JOIN.LEFT_OUTER)
        .where(District.office == who.office_id)
        .group_by(District.id)
        .order_by(District.code)
    )
    return [DistrictRow(*row) for row in rows_of(query)]


def schools(who: Who, search: str = "", district_id: int = 0) -> list[SchoolRow]:
    """The schools this person may see, by district and name, with their active students.

    `search` is a part of the name or the NPSN, `district_id` a district; empty and 0 mean all.
    """
    counts = dict(_ACTIVE.rows(office=who.office_id))
    wanted = search.upper()
    return [
        SchoolRow(card, counts.get(card.id, 0))
        for card in (SchoolCard(*row) for row in _SCHOOLS.rows(office=who.office_id))
        if (who.role != SCHOOL_ADMIN or card.id == who.school_id)
        and (wanted in card.name.upper() or card.npsn.startswith(search))
        and district_id in (0, card.district_id)
    ]


_ACTIVE = Prepared(
    lambda given: (
        Student.select(Student.school, fn.COUNT(Student.id))
        .where(
            Student.school.in_(School.select(School.id).where(School.office == given("office"))),
            Student.status == "active",
        )
        .group_by(Student.school)
    )
)
_SCHOOLS = Prepared(
    lambda given: (
        School.select(*_CARD_FIELDS)
        .join(District)
        .where(School.office == given("office"))
        .order_by(District.code, School.name)
    )
)


def schools_page(who: Who, search: str, district_id: int, order: Order, page: int) -> SchoolsPage:
    """A page of `schools` in that order; where the column says the same, by district and name."""
    rows = sorted(schools(who, search, district_id), key=SCHOOL_COLUMNS[order.by])
    if order.is_turned:
        rows.reverse()
    leaf = leaf_of(page, len(rows), PAGE_SIZE)
    return SchoolsPage(tuple(rows[max(leaf.first - 1, 0) : leaf.last]), leaf, tuple(districts(who)))


def school(who: Who, school_id: int) -> SchoolCard:
    """One school. Raises Missing when it is not this person's to see."""
    found = _ONE.rows(office=who.office_id, school=school_id)
    if not found or (who.role == SCHOOL_ADMIN and school_id != who.school_id):
        raise Missing
    return SchoolCard(*found[0])


_ONE = Prepared(
    lambda given: (
        School.select(*_CARD_FIELDS)
        .join(District)
        .where(School.office == given("office"), School.id == given("school"))
    )
)


def school_by_npsn(who: Who, npsn: str) -> SchoolCard | None:
    """The school with that NPSN, when this person may see it."""
    query = School.select(*_CARD_FIELDS).join(District)
    found = [
        SchoolCard(*row) for row in rows_of(query.where(School.office == who.office_id, School.npsn == npsn))
    ]
    return next((card for card in found if who.role != SCHOOL_ADMIN or card.id == who.school_id), None)


def school_name(office_id: int, school_id: int | None) -> str:
    """The name of a school of that office for an invitation's page; empty for none."""
    found = School.get_or_none(School.id == school_id, School.office == office_id) if school_id else None
    return found.name if found else ""


def teams(who: Who, only_active: bool = False) -> list[TeamCard]:
    """The office's teams by name."""
    days_off: dict[int, list[date]] = defaultdict(list)
    for team_id, day in _DAYS_OFF.rows(office=who.office_id):
        days_off[team_id].append(day)
    return [
        TeamCard(team_id, name, kits, weekdays, is_active, tuple(days_off[team_id]))
        for team_id, name, kits, weekdays, is_active in _TEAMS.rows(office=who.office_id)
        if is_active or not only_active
    ]


_TEAMS = Prepared(
    lambda given: (
        Team.select(Team.id, Team.name, Team.kits, Team.weekdays, Team.is_active)
        .where(Team.office == given("office"))
        .order_by(Team.name)
    )
)
_DAYS_OFF = Prepared(
    lambda given: (
        TeamDayOff.select(TeamDayOff.team, TeamDayOff.date)
        .join(Team)
        .where(Team.office == given("office"))
        .order_by(TeamDayOff.date)
    )
)


def team(who: Who, team_id: int) -> TeamCard:
    """One team of the office. Raises Missing."""
    for card in teams(who):
        if card.id == team_id:
            return card
    raise Missing


def students_page(
    who: Who, school_id: int, class_name: str, search: str, order: Order, page: int
) -> StudentsPage:
    """A page of a school's students in that order, of one class and with a name part where asked. Raises Missing."""
    card = school(who, school_id)
    if not who.may_see_school(school_id):
        raise Missing
    everyone = Student.select().where(Student.office == who.office_id, Student.school == school_id)
    wanted = everyone
    if class_name:
        wanted = wanted.where(Student.class_name == class_name)
    if search:
        wanted = wanted.where(Student.name_key.contains(plain_name(search)))
    leaf = leaf_of(page, wanted.count(), PAGE_SIZE)
    columns = (*STUDENT_COLUMNS[order.by], Student.id)
    found = wanted.order_by(*(column.desc() if order.is_turned else column.asc() for column in columns))
    return StudentsPage(
        school=card,
        classes=tuple((name, count) for name, count in _CLASSES.rows(office=who.office_id, school=school_id)),
        students=tuple(student_card(student) for student in found.paginate(leaf.number, PAGE_SIZE)),
        leaf=leaf,
    )


_CLASSES = Prepared(
    lambda given: (
        Student.select(Student.class_name, fn.COUNT(Student.id))
        .where(
            Student.office == given("office"), Student.school == given("school"), Student.status == "active"
        )
        .group_by(Student.class_name)
        .order_by(Student.class_name)
    )
)


def student(who: Who, student_id: int) -> StudentCard:
    """One student. Raises Missing when it is not this person's to see."""
    return student_card(_student(who, student_id))


def known_students(who: Who, school_id: int) -> list[KnownStudent]:
    """Every student the office knows at one school, whatever the status, in the order they came in."""
    return _known(who, "school_id = {}", [school_id])


def known_elsewhere(who: Who, school_id: int, niks: list[str]) -> dict[str, KnownStudent]:
    """Students of the office's other schools that have one of these NIKs, by NIK."""
    found: dict[str, KnownStudent] = {}
    for start in range(0, len(niks), 500):
        part = niks[start : start + 500]
        marks = ", ".join(["{}"] * len(part))
        for known in _known(who, f"school_id <> {{}} AND nik IN ({marks})", [school_id, *part]):
            found[str(known.facts.nik)] = known
    return found


def namesakes_elsewhere(who: Who, school_id: int, names: Iterable[str]) -> list[KnownStudent]:
    """Active students of the office's other schools who bear one of these names (`names.plain_name`)."""
    keys = sorted(names)
    found = []
    for start in range(0, len(keys), 500):
        part = keys[start : start + 500]
        marks = ", ".join(["{}"] * len(part))
        condition = f"school_id <> {{}} AND status = 'active' AND name_key IN ({marks})"
        found += _known(who, condition, [school_id, *part])
    return found


def touched_since(who: Who, school_id: int, student_ids: Sequence[int], moment: datetime | None) -> int:
    """How many of these students of a school are no longer as they were then: changed, at another school, or gone."""
    as_added = 0
    for start in range(0, len(student_ids), 500):
        as_added += (
            Student.select()
            .where(
                Student.id.in_(list(student_ids[start : start + 500])),
                Student.office == who.office_id,
                Student.school == school_id,
                Student.updated_at <= moment,
            )
            .count()
        )
    return len(student_ids) - as_added


def _known(who: Who, condition: str, values: Sequence[object]) -> list[KnownStudent]:
    # thousands of rows on every review: made by the model they would take most of its time
    columns = ", ".join(("id", "school_id", "status", *FACT_NAMES))
    statement = f"SELECT {columns} FROM student WHERE office_id = {{}} AND {condition} ORDER BY id"
    marked = statement.format(*[db.obj.param] * (len(values) + 1))
    found = []
    for row in db.execute_sql(marked, (who.office_id, *values)):
        # as the model would hand them out: a date, two truths
        facts: list[Any] = [row[3], _as_date(row[4]), *row[5:13], bool(row[13]), bool(row[14])]
        found.append(KnownStudent(row[0], row[1], row[2], StudentFacts(*facts)))
    return found


def _as_date(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def student_card(row: Student) -> StudentCard:
    """A row of the table as screens show it."""
    return StudentCard(
        id=row.id,
        school_id=row.school_id,
        name=row.name,
        class_name=row.class_name,
        sex=row.sex,
        birth_place=row.birth_place,
        birth_date=row.birth_date,
        nik_masked=masked(row.nik) if row.nik else "",
        nisn=row.nisn or "",
        status=row.status,
        is_married=row.is_married,
        recorded_before=row.recorded_before,
        home_district=row.home_district,
        special_needs=row.special_needs,
    )


def _student(who: Who, student_id: int) -> Student:
    found = Student.get_or_none(Student.id == student_id, Student.office == who.office_id)
    if found is None or not who.may_see_school(found.school_id):
        raise Missing
    return found
