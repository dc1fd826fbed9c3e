"""Rule: a roster's row is a student the office knows, or a new one.

Rows match known students by NIK, then by what a person decided, then NISN, then name and birth date; a known student
is matched once, and a NIK goes to one person only. What only looks alike is for a person to decide. A blank cell never
takes away what is known: a sheet without a NISN column does not erase NISNs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from imports.decisions import UNDECIDED, Decision, Decisions
from imports.findings import Status
from imports.likeness import Likely, is_near
from imports.roster import RosterRow
from schools.names import plain_name
from schools.students import FACT_NAMES, KnownStudent, StudentFacts, changed_fields


class MatchKind(StrEnum):
    """What a row is to the students the office knows."""

    NEW = "new"
    SAME = "same"
    CHANGED = "changed"
    UNCLEAR = "unclear"  # known students could be this person: someone must say which, if any
    AT_OTHER_SCHOOL = (
        "at_other_school"  # a student of another school of the office, by NIK or by name and birth date
    )
    MOVED = "moved"  # someone said that the student of another school is at this one now


class MatchedBy(StrEnum):
    """What a row and a known student had in common."""

    NIK = "nik"
    NISN = "nisn"
    NAME_AND_BIRTH_DATE = "name_and_birth_date"
    DECISION = "decision"


class Match(NamedTuple):
    """A person's row and what it is; `changed` names the facts that would differ from those known.

    `student` is the known student matched (or the one at the other school), and `merged` what is known of the student
    together with the row. Where it is unclear `candidates` are those it could be; none where an earlier row of the file
    has the same NIK.
    """

    row: RosterRow
    kind: MatchKind
    student: KnownStudent | None = None
    by: MatchedBy | None = None
    changed: tuple[str, ...] = ()
    candidates: tuple[KnownStudent, ...] = ()
    merged: StudentFacts | None = None

    @property
    def after(self) -> StudentFacts:
        """The facts as they would be. Of a new student they are made when asked for: a plan of 20,000 rarely is."""
        return self.merged or facts_of(self.row)


# looked up once: an enum's member costs a call, and every row of 20,000 is asked
_ACCEPTED, _WARNED = Status.ACCEPTED, Status.WARNED


def is_person_to_take_in(row: RosterRow) -> bool:
    """Whether a row is a person who can become a student: accepted or warned, with a name and a birth date."""
    status = row.status
    return (status is _ACCEPTED or status is _WARNED) and bool(row.name) and row.birth_date is not None


_as_facts = StudentFacts._make  # half the cost of calling it with twelve arguments


def facts_of(row: RosterRow) -> StudentFacts:
    """What the office keeps of a row. Raises ValueError for a row that is no person to take in."""
    if not is_person_to_take_in(row):
        raise ValueError(f"row {row.row} is {row.status}")
    return _as_facts(
        (
            row.name,
            row.birth_date,
            row.nik,
            row.nisn,
            row.sex or "",
            row.birth_place or "",
            row.class_name or "",
            _address_of(row) if row.address or row.village else "",
            row.home_district or "",
            row.special_needs or "",
            bool(row.married),
            bool(row.recorded),
        )
    )


def _address_of(row: RosterRow) -> str:
    if not row.address or not row.village:
        return row.address or row.village or ""
    return f"{row.address}, {row.village}"


def merged(known: StudentFacts, row: RosterRow) -> StudentFacts:
    """The known facts with what the row says: blanks, and columns the file does not have, leave what is known.

    Raises ValueError for a row that is no person to take in.
    """
    told = facts_of(row)
    values = {name: getattr(told, name) or getattr(known, name) for name in FACT_NAMES}
    values["is_married"] = known.is_married if row.married is None else told.is_married
    # once recorded, always recorded: a school's sheet cannot take back what the office knows
    values["recorded_before"] = known.recorded_before or told.recorded_before
    return StudentFacts(**values)


def adds_nothing(known: StudentFacts, row: RosterRow) -> bool:
    """Whether `merged` would answer the known facts: most rows of a list sent again, told without making any facts."""
    return (
        row.name == known.name
        and row.birth_date == known.birth_date
        and (not row.nik or row.nik == known.nik)
        and (not row.nisn or row.nisn == known.nisn)
        and (not row.sex or row.sex == known.sex)
        and (not row.birth_place or row.birth_place == known.birth_place)
        and (not row.class_name or row.class_name == known.class_name)
        and (not (row.address or row.village) or _address_of(row) == known.address)
        and (not row.home_district or row.home_district == known.home_district)
        and (not row.special_needs or row.special_needs == known.special_needs)
        and (row.married is None or bool(row.married) == known.is_married)
        and (known.recorded_before or not row.recorded)
    )


def match_rows(
    rows: Sequence[RosterRow],
    known: Sequence[KnownStudent],
    elsewhere: Mapping[str, KnownStudent],
    decided: Decisions = UNDECIDED,
    namesakes: Sequence[KnownStudent] = (),
) -> list[Match]:
    """Every person's row of a roster with what it is; other rows are left out.

    `known` are the students of the school; `elsewhere` those of the office's other schools, by NIK; `namesakes` those
    there who share a name and birth date with a row. NIKs of the whole file are matched first, then decisions, then
    NISNs, then names: no weaker likeness takes a student of a stronger one.
    """
    people = [row for row in rows if is_person_to_take_in(row)]
    if not (known or elsewhere or namesakes):
        return _first_list(people)
    found: dict[int, tuple[KnownStudent, MatchedBy]] = {}
    unclear: dict[int, tuple[KnownStudent, ...]] = {}
    taken: set[int] = set()

    by_nik = {student.facts.nik: student for student in known if student.facts.nik}
    seen: set[str] = set()
    for index, row in enumerate(people):
        if row.nik is None:
            continue
        if row.nik in seen:
            unclear[index] = ()
        elif row.nik in by_nik:
            found[index] = (by_nik[row.nik], MatchedBy.NIK)
            taken.add(by_nik[row.nik].id)
        seen.add(row.nik)
    # a NIK of another school's student is that student, however much the rest is like somebody here
    left = [
        index
        for index, row in enumerate(people)
        if index not in found and index not in unclear and row.nik not in elsewhere
    ]

    if decided.by_row:
        by_id = {student.id: student for student in known}
        for index in left:
            said = decided.of((people[index].sheet, people[index].row))
            same = next((by_id[i] for i, what in said.items() if what is Decision.SAME and i in by_id), None)
            if same is not None and same.id in taken:
                unclear[index] = (same,)  # two rows cannot be one student
            elif same is not None:
                found[index] = (same, MatchedBy.DECISION)
                taken.add(same.id)

    by_nisn: dict[str, KnownStudent] = {}
    shared: set[str] = set()  # a NISN that several known students bear tells nobody from another
    for student in known:
        nisn = student.facts.nisn
        if nisn and by_nisn.setdefault(nisn, student) is not student:
            shared.add(nisn)
    for index in left:
        row = people[index]
        holder = by_nisn.get(row.nisn) if row.nisn and row.nisn not in shared else None
        if (
            index in found
            or index in unclear
            or holder is None
            or holder.id in taken
            or not _niks_agree(holder.facts, row)
        ):
            continue
        if holder.id in _ruled_out(decided, row):
            continue
        if _is_alike(holder.facts, row):
            found[index] = (holder, MatchedBy.NISN)
            taken.add(holder.id)
        else:
            unclear[index] = (holder,)  # one NISN, another name and birth date: a slip, or another person

    by_name: dict[tuple[str, date | None], list[KnownStudent]] = defaultdict(list)
    for student in known:
        if student.id not in taken:
            by_name[plain_name(student.facts.name), student.facts.birth_date].append(student)
    for index in left if by_name else ():
        if index in found or index in unclear:
            continue
        row, ruled_out = people[index], _ruled_out(decided, people[index])
        alike = [
            student
            for student in by_name.get((plain_name(row.name or ""), row.birth_date), ())
            if student.id not in taken and _niks_agree(student.facts, row) and student.id not in ruled_out
        ]
        if len(alike) == 1:
            found[index] = (alike[0], MatchedBy.NAME_AND_BIRTH_DATE)
            taken.add(alike[0].id)
        elif alike:
            unclear[index] = tuple(alike)

    untaken = [student for student in known if student.id not in taken]
    likely = Likely(untaken) if untaken else None
    there: dict[tuple[str, date], list[KnownStudent]] = defaultdict(list)
    by_number = {elsewhere[row.nik].id for row in people if row.nik and row.nik in elsewhere}
    moved: set[int] = set()
    for student in namesakes:
        if student.id in by_number:
            continue  # another row has that student's NIK
        there[plain_name(student.facts.name), student.facts.birth_date].append(student)

    matches = []
    for index, row in enumerate(people):
        if index in found:
            matches.append(_of_known(row, *found[index]))
        elif index in unclear:
            matches.append(Match(row, MatchKind.UNCLEAR, candidates=unclear[index]))
        elif row.nik and row.nik in elsewhere:
            matches.append(_of_elsewhere(row, elsewhere[row.nik], MatchedBy.NIK, decided, moved))
        else:
            possible = likely.candidates(row, _ruled_out(decided, row)) if likely is not None else ()
            moving = [] if possible or not there else _namesakes(row, there, _ruled_out(decided, row))
            if possible:
                matches.append(Match(row, MatchKind.UNCLEAR, candidates=possible))
            elif moving:
                matches.append(_of_elsewhere(row, moving[0], MatchedBy.NAME_AND_BIRTH_DATE, decided, moved))
            else:
                matches.append(Match(row, MatchKind.NEW))
    return matches


def _first_list(people: Sequence[RosterRow]) -> list[Match]:
    """Everybody of a school's first list is new, but for whoever has the NIK of an earlier row."""
    new, unclear = MatchKind.NEW, MatchKind.UNCLEAR
    seen: set[str | None] = set()
    matches = []
    for row in people:
        nik = row.nik
        kind = new if nik is None or nik not in seen else unclear
        seen.add(nik)
        matches.append(Match(row, kind))
    return matches


def _namesakes(
    row: RosterRow, there: Mapping[tuple[str, date], Sequence[KnownStudent]], ruled_out: frozenset[int]
) -> list[KnownStudent]:
    assert row.birth_date is not None
    alike = there.get((plain_name(row.name or ""), row.birth_date), ())
    return [
        student
        for student in alike
        if student.id not in ruled_out
        and (_niks_agree(student.facts, row) or is_near(student.facts.nik or "", row.nik or ""))
    ]


def _ruled_out(decided: Decisions, row: RosterRow) -> frozenset[int]:
    """The ids of the students whom a person said the row is not."""
    if not decided.by_row:
        return frozenset()
    said = decided.of((row.sheet, row.row))
    return frozenset(student_id for student_id, what in said.items() if what is Decision.DIFFERENT)


def _of_elsewhere(
    row: RosterRow, student: KnownStudent, by: MatchedBy, decided: Decisions, moved: set[int]
) -> Match:
    said = decided.of((row.sheet, row.row)).get(student.id)
    if said is Decision.MOVED_HERE and student.id not in moved:
        moved.add(student.id)
        after = merged(student.facts, row)
        changed = ("school_id", *changed_fields(student.facts, after))
        return Match(row, MatchKind.MOVED, student, by, changed, merged=after)
    return Match(row, MatchKind.AT_OTHER_SCHOOL, student, by)


def _of_known(row: RosterRow, student: KnownStudent, by: MatchedBy) -> Match:
    after = student.facts if adds_nothing(student.facts, row) else merged(student.facts, row)
    changed = () if after is student.facts else changed_fields(student.facts, after)
    if student.status != "active":
        changed = ("status", *changed)
    kind = MatchKind.CHANGED if changed else MatchKind.SAME
    return Match(row, kind, student, by, changed, merged=after)


def _niks_agree(known: StudentFacts, told: RosterRow) -> bool:
    # two people of one name and birth date exist (twins, namesakes): different NIKs are different people
    return not known.nik or not told.nik or known.nik == told.nik


def _is_alike(known: StudentFacts, told: RosterRow) -> bool:
    return known.birth_date == told.birth_date or plain_name(known.name) == plain_name(told.name or "")
