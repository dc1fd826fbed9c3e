"""Acts on schools, students and teams: load, decide, save, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from peewee import fn

from accounts.actions import NewInvitation, UsernameTaken, invite, note_access, note_change, note_changes
from common import clock
from common.access import SCHOOL_ADMIN, Missing, Who
from common.database import bound, insert_rows, rows_of
from schools.models import District, School, Student, Team, TeamDayOff
from schools.names import plain_name
from schools.students import FACT_NAMES, KnownStudent, StudentChanges, StudentFacts

# Packages above keep counts of students; they add what to do after students of some schools changed.
after_students_changed: list[Callable[[int, frozenset[int]], None]] = []


@dataclass(frozen=True, slots=True)
class SchoolFacts:
    """A school as a list names it, its district already found."""

    npsn: str
    name: str
    level: str
    is_public: bool
    district_code: str


@dataclass(frozen=True, slots=True)
class SchoolsLoaded:
    """What loading a school list did."""

    new: int
    changed: int
    same: int


class NameTaken(Exception):
    """Another team of the office has this name."""


def load_districts(who: Who, districts: Iterable[tuple[str, str]]) -> None:
    """Add the office's districts (code, name), or give known ones their name."""
    for code, name in districts:
        District.insert(office=who.office_id, code=code, name=name).on_conflict(
            conflict_target=[District.office, District.code], preserve=[District.name]
        ).execute()
    note_change(who, "districts_loaded", "district")


def load_schools(who: Who, schools: Iterable[SchoolFacts]) -> SchoolsLoaded:
    """Add schools, or change those of the same NPSN. Raises Missing for a district the office does not have."""
    districts = {
        district.code: district for district in District.select().where(District.office == who.office_id)
    }
    known = {school.npsn: school for school in School.select().where(School.office == who.office_id)}
    new = changed = same = 0

    for facts in schools:
        if facts.district_code not in districts:
            raise Missing
        values = {
            "district": districts[facts.district_code].id,
            "name": facts.name,
            "level": facts.level,
            "is_public": facts.is_public,
        }
        school = known.get(facts.npsn)
        if school is None:
            School.insert(office=who.office_id, npsn=facts.npsn, created_at=clock.now(), **values).execute()
            new += 1
        elif (school.district_id, school.name, school.level, school.is_public) != tuple(values.values()):
            School.update(**values).where(School.id == school.id).execute()
            changed += 1
        else:
            same += 1

    note_change(who, "schools_loaded", "school", detail=f"new={new} changed={changed} same={same}")
    return SchoolsLoaded(new, changed, same)


def edit_school(
    who: Who, school_id: int, network: str, week_days: int, contact_name: str, contact_phone: str
) -> None:
    """Write down what the office knows of a school. Raises Missing."""
    count = (
        School.update(
            network=network, week_days=week_days, contact_name=contact_name, contact_phone=contact_phone
        )
        .where(School.id == school_id, School.office == who.office_id)
        .execute()
    )
    if not count:
        raise Missing
    note_change(who, "school_edited", "school", school_id)


def add_team(who: Who, name: str, kits: int, weekdays: str) -> int:
    """Add a team; answers its id. Raises NameTaken."""
    if _is_team_name_taken(who, name):
        raise NameTaken(name)
    team = Team.create(office=who.office_id, name=name, kits=kits, weekdays=weekdays)
    note_change(who, "team_added", "team", team.id)
    return team.id


def edit_team(
    who: Who, team_id: int, name: str, kits: int, weekdays: str, is_active: bool, days_off: Iterable[date]
) -> None:
    """Change a team, and replace the dates on which it does not go out. Raises Missing, NameTaken."""
    team = Team.get_or_none(Team.id == team_id, Team.office == who.office_id)
    if team is None:
        raise Missing
    if (
        Team.select()
        .where(Team.office == who.office_id, fn.LOWER(Team.name) == name.lower(), Team.id != team_id)
        .exists()
    ):
        raise NameTaken(name)

    team.name, team.kits, team.weekdays, team.is_active = name, kits, weekdays, is_active

    team.save()
    TeamDayOff.delete().where(TeamDayOff.team == team_id).execute()
    for day in sorted(set(days_off)):
        TeamDayOff.insert(team=team_id, date=day).execute()
    note_change(who, "team_edited", "team", team_id)


def invite_admin(who: Who, school_id: int, npsn: str, name: str, phone: str) -> NewInvitation:
    """Invite a school's admin under the school's NPSN; a second admin becomes NPSN-2, and so on.

    Who is invited is also whom the office writes to, where no contact of the school is known.
    """
    School.update(contact_name=name, contact_phone=phone).where(
        School.id == school_id,
        School.office == who.office_id,
        School.contact_name == "",
        School.contact_phone == "",
    ).execute()
    for number in range(1, 100):
        username = npsn.lower() if number == 1 else f"{npsn.lower()}-{number}"
        try:
            return invite(who, SCHOOL_ADMIN, name, username, phone, school_id)
        except UsernameTaken:
            continue
    raise UsernameTaken(npsn)


def reveal_nik(who: Who, student_id: int) -> str:
    """One student's whole NIK; that `who` was shown it is written down in the same transaction. Raises Missing."""
    student = Student.get_or_none(Student.id == student_id, Student.office == who.office_id)
    if student is None or not who.may_see_school(student.school_id):
        raise Missing
    note_access(who, "nik_shown", "student", student_id)
    return student.nik or ""


def apply_student_changes(who: Who, school_id: int, changes: StudentChanges) -> range:
    """Write a roster's new, changed and moved students of one school; answers the ids of the new. Raises Missing."""
    if not School.select().where(School.id == school_id, School.office == who.office_id).exists():
        raise Missing
    now = clock.now()

    last = Student.select(fn.MAX(Student.id)).scalar() or 0
    insert_students(who.office_id, school_id, changes.create)
    created = _ids_since(last, school_id) if changes.create else range(0)
    for student_id, _ in changes.move:
        move_student(who, student_id, school_id)
    for student_id, facts in changes.update + changes.move:
        Student.update(**_columns(facts), status="active", updated_at=now).where(
            Student.id == student_id, Student.office == who.office_id, Student.school == school_id
        ).execute()
    students_changed(who.office_id, {school_id})
    return created


def take_back_students(
    who: Who, created: Iterable[int], before: Iterable[tuple[KnownStudent, datetime]]
) -> None:
    """Undo what a roster did: the students it brought go, those it changed are again as they were `before`, last
    changed when they were.

    Raises Missing, and peewee's IntegrityError where something else hangs on a student who would go.
    """
    schools: set[int] = set()

    for ids in _portions(created):
        mine = (Student.id.in_(ids)) & (Student.office == who.office_id)
        schools.update(school for (school,) in rows_of(Student.select(Student.school).where(mine).distinct()))
        Student.delete().where(mine).execute()
    for student, changed_at in before:
        row = Student.get_or_none(Student.id == student.id, Student.office == who.office_id)
        if row is None:
            raise Missing
        schools.update((row.school_id, student.school_id))
        Student.update(
            **_columns(student.facts), status=student.status, school=student.school_id, updated_at=changed_at
        ).where(Student.id == student.id).execute()
    students_changed(who.office_id, schools)


def _portions(ids: Iterable[int]) -> Iterator[list[int]]:
    chosen = list(ids)
    for start in range(0, len(chosen), 500):
        yield chosen[start : start + 500]


def _ids_since(last: int, school_id: int) -> range:
    # one writer, so they follow each other; the first is asked for, for numbers of students taken back are not reused
    added = Student.select(fn.MIN(Student.id), fn.MAX(Student.id)).where(
        Student.id > last, Student.school == school_id
    )
    ((first, newest),) = rows_of(added)
    return range(first, newest + 1)


def insert_students(office_id: int, school_id: int, students: Iterable[StudentFacts]) -> None:
    """Add students of a school, quickly. Raises peewee's IntegrityError for a NIK that the office has already."""
    now = bound(clock.now())
    insert_rows(
        "student",
        ("office_id", "school_id", *FACT_NAMES, "name_key", "status", "created_at", "updated_at"),
        [
            (
                office_id,
                school_id,
                *facts,
                plain_name(facts.name),
                "active",
                now,
                now,
            )
            for facts in students
        ],
    )


def set_student_status(who: Who, student_ids: Iterable[int], status: str) -> int:
    """Say that students moved away, left, or are active after all; answers how many. Counts follow."""
    changed: list[int] = []
    schools: set[int] = set()
    for ids in _portions(student_ids):
        found = Student.select(Student.id, Student.school).where(
            Student.id.in_(ids), Student.office == who.office_id, Student.status != status
        )
        for student_id, school_id in rows_of(found):
            changed.append(student_id)
            schools.add(school_id)
    for ids in _portions(changed):
        Student.update(status=status, updated_at=clock.now()).where(Student.id.in_(ids)).execute()
    note_changes(who, f"student_{status}", "student", changed)
    students_changed(who.office_id, schools)
    return len(changed)


def students_changed(office_id: int, school_ids: Iterable[int]) -> None:
    """Tell the packages above, in the same transaction, that students of these schools changed."""
    schools = frozenset(school_ids)
    if schools:
        for tell in after_students_changed:
            tell(office_id, schools)


def _columns(facts: StudentFacts) -> dict[str, object]:
    return {**facts._asdict(), "name_key": plain_name(facts.name)}


def _is_team_name_taken(who: Who, name: str, by_another_than: int = 0) -> bool:
    same = (Team.office == who.office_id) & (fn.LOWER(Team.name) == name.lower())
    return Team.select().where(same, Team.id != by_another_than).exists()


def move_student(who: Who, student_id: int, school_id: int) -> None:
    """Make a student one of another school of the office: marks stay theirs, both schools' counts follow.

    Raises Missing when the student or the school is not the office's.
    """
    student = Student.get_or_none(Student.id == student_id, Student.office == who.office_id)
    if (
        student is None
        or not School.select().where(School.id == school_id, School.office == who.office_id).exists()
    ):
        raise Missing
    before = student.school_id
    if before == school_id:
        return

    Student.update(school=school_id, updated_at=clock.now()).where(Student.id == student_id).execute()
    note_change(who, "student_moved_school", "student", student_id, f"from={before} to={school_id}")
    students_changed(who.office_id, {before, school_id})
