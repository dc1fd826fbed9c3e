"""Rule: a roster's row is a student the office knows, or a new one.

Rows match known students by NIK, then NISN, then name and birth date; a known student is matched once, and a NIK goes
to one person only. A blank cell never takes away what is known: a sheet without a NISN column does not erase NISNs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from operator import attrgetter

from imports.findings import Status
from imports.roster import RosterRow
from schools.names import plain_name
from schools.students import FACT_NAMES, KnownStudent, StudentFacts, changed_fields

_texts = attrgetter(*(name for name in FACT_NAMES if name not in ("is_married", "recorded_before")))


class MatchKind(StrEnum):
    """What a row is to the students the office knows."""

    NEW = "new"
    SAME = "same"
    CHANGED = "changed"
    UNCLEAR = "unclear"  # several known students could be this person: someone must say which
    AT_OTHER_SCHOOL = "at_other_school"  # the NIK belongs to a student of another school of the office


class MatchedBy(StrEnum):
    """What a row and a known student had in common."""

    NIK = "nik"
    NISN = "nisn"
    NAME_AND_BIRTH_DATE = "name_and_birth_date"


@dataclass(frozen=True, slots=True)
class Match:
    """A person's row and what it is. `after` are the facts as they would be; `changed` names those that differ.

    `student` is the known student matched (or the one at the other school). Where it is unclear `candidates` are the
    ids of those it could be; none where an earlier row of the file has the same NIK.
    """

    row: RosterRow
    kind: MatchKind
    after: StudentFacts
    student: KnownStudent | None = None
    by: MatchedBy | None = None
    changed: tuple[str, ...] = ()
    candidates: tuple[int, ...] = ()


def is_person_to_take_in(row: RosterRow) -> bool:
    """Whether a row is a person who can become a student: accepted or warned, with a name and a birth date."""
    return row.status in (Status.ACCEPTED, Status.WARNED) and bool(row.name) and row.birth_date is not None


def facts_of(row: RosterRow) -> StudentFacts:
    """What the office keeps of a row. Raises ValueError for a row that is no person to take in."""
    if not is_person_to_take_in(row):
        raise ValueError(f"row {row.row} is {row.status}")
    return _facts_of(row)


def _facts_of(row: RosterRow) -> StudentFacts:
    assert row.name is not None
    assert row.birth_date is not None
    return StudentFacts(
        name=row.name,
        birth_date=row.birth_date,
        nik=row.nik,
        nisn=row.nisn,
        sex=row.sex or "",
        birth_place=row.birth_place or "",
        class_name=row.class_name or "",
        address=", ".join(part for part in (row.address, row.village) if part),
        home_district=row.home_district or "",
        special_needs=row.special_needs or "",
        is_married=bool(row.married),
        recorded_before=bool(row.recorded),
    )


def merged(known: StudentFacts, row: RosterRow, told: StudentFacts) -> StudentFacts:
    """The known facts with what the row says: blanks, and columns the file does not have, leave what is known."""
    if _adds_nothing(known, row, told):
        return known
    values = {name: getattr(told, name) or getattr(known, name) for name in FACT_NAMES}
    values["is_married"] = known.is_married if row.married is None else told.is_married
    # once recorded, always recorded: a school's sheet cannot take back what the office knows
    values["recorded_before"] = known.recorded_before or told.recorded_before
    return StudentFacts(**values)


def _adds_nothing(known: StudentFacts, row: RosterRow, told: StudentFacts) -> bool:
    """The plain case of a list sent again, told quickly: most rows of most re-uploads."""
    return (
        all(not new or new == old for new, old in zip(_texts(told), _texts(known), strict=True))
        and (row.married is None or told.is_married == known.is_married)
        and (known.recorded_before or not told.recorded_before)
    )


def match_rows(
    rows: Sequence[RosterRow], known: Sequence[KnownStudent], elsewhere: Mapping[str, KnownStudent]
) -> list[Match]:
    """Every person's row of a roster with what it is; other rows are left out.

    `known` are the students of the school; `elsewhere` those of the office's other schools, by NIK. NIKs of the
    whole file are matched first, then NISNs, then names: no weaker likeness takes a student of a stronger one.
    """
    people = [(row, _facts_of(row)) for row in rows if is_person_to_take_in(row)]
    found: dict[int, tuple[KnownStudent, MatchedBy]] = {}
    unclear: dict[int, tuple[int, ...]] = {}
    taken: set[int] = set()

    by_nik = {student.facts.nik: student for student in known if student.facts.nik}
    seen: set[str] = set()
    for index, (_, facts) in enumerate(people):
        if facts.nik is None:
            continue
        if facts.nik in seen:
            unclear[index] = ()
        elif facts.nik in by_nik:
            found[index] = (by_nik[facts.nik], MatchedBy.NIK)
            taken.add(by_nik[facts.nik].id)
        seen.add(facts.nik)
    # a NIK of another school's student is that student, however much the rest is like somebody here
    left = [
        index
        for index, (_, facts) in enumerate(people)
        if index not in found and index not in unclear and facts.nik not in elsewhere
    ]

    by_nisn: dict[str, KnownStudent] = {}
    shared: set[str] = set()  # a NISN that several known students bear tells nobody from another
    for student in known:
        nisn = student.facts.nisn
        if nisn and by_nisn.setdefault(nisn, student) is not student:
            shared.add(nisn)
    for index in left:
        facts = people[index][1]
        holder = by_nisn.get(facts.nisn) if facts.nisn and facts.nisn not in shared else None
        if holder is None or holder.id in taken or not _niks_agree(holder.facts, facts):
            continue
        if _is_alike(holder.facts, facts):
            found[index] = (holder, MatchedBy.NISN)
            taken.add(holder.id)
        else:
            unclear[index] = (holder.id,)  # one NISN, another name and birth date: a slip, or another person

    by_name: dict[tuple[str, date], list[KnownStudent]] = defaultdict(list)
    for student in known:
        if student.id not in taken:
            by_name[plain_name(student.facts.name), student.facts.birth_date].append(student)
    for index in left if by_name else ():
        if index in found or index in unclear:
            continue
        facts = people[index][1]
        alike = [
            student
            for student in by_name.get((plain_name(facts.name), facts.birth_date), ())
            if student.id not in taken and _niks_agree(student.facts, facts)
        ]
        if len(alike) == 1:
            found[index] = (alike[0], MatchedBy.NAME_AND_BIRTH_DATE)
            taken.add(alike[0].id)
        elif alike:
            unclear[index] = tuple(student.id for student in alike)

    matches = []
    for index, (row, facts) in enumerate(people):
        if index in found:
            matches.append(_of_known(row, facts, *found[index]))
        elif index in unclear:
            matches.append(Match(row, MatchKind.UNCLEAR, facts, candidates=unclear[index]))
        elif facts.nik and facts.nik in elsewhere:
            matches.append(
                Match(row, MatchKind.AT_OTHER_SCHOOL, facts, student=elsewhere[facts.nik], by=MatchedBy.NIK)
            )
        else:
            matches.append(Match(row, MatchKind.NEW, facts))
    return matches


def _of_known(row: RosterRow, told: StudentFacts, student: KnownStudent, by: MatchedBy) -> Match:
    after = merged(student.facts, row, told)
    changed = () if after is student.facts else changed_fields(student.facts, after)
    if student.status != "active":
        changed = ("status", *changed)
    kind = MatchKind.CHANGED if changed else MatchKind.SAME
    return Match(row, kind, after, student, by, changed)


def _niks_agree(known: StudentFacts, told: StudentFacts) -> bool:
    # two people of one name and birth date exist (twins, namesakes): different NIKs are different people
    return not known.nik or not told.nik or known.nik == told.nik


def _is_alike(known: StudentFacts, told: StudentFacts) -> bool:
    return known.birth_date == told.birth_date or plain_name(known.name) == plain_name(told.name)
