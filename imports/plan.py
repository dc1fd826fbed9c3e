"""Rule: what confirming a roster would change, with a fingerprint that tells later whether it still would."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from imports.decisions import UNDECIDED, Decisions
from imports.findings import Status
from imports.matching import Match, MatchKind, is_person_to_take_in, match_rows
from imports.roster import RosterRow
from schools.names import plain_name
from schools.students import KnownStudent, StudentChanges, StudentFacts

FEW_IN_COMMON = 5
"""A file that names at most one in so many of the students known is likely another school's; a year's intake leaves
two of three."""
TOLD_APART_FROM = 5  # students known, and rows: of fewer nothing can be said


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What a roster would do. `missing` are active students of the school whom the file does not name, not even in
    a row that must be mended first.

    `moved` are students of another school who, someone said, are at this one now.
    """

    new: tuple[Match, ...]
    changed: tuple[Match, ...]
    moved: tuple[Match, ...]
    same: tuple[Match, ...]
    unclear: tuple[Match, ...]
    at_other_school: tuple[Match, ...]
    missing: tuple[KnownStudent, ...]
    rejected: tuple[RosterRow, ...]
    fingerprint: str

    @property
    def changes(self) -> StudentChanges:
        """What confirming writes."""
        return StudentChanges(
            create=tuple(match.after for match in self.new),
            update=tuple((match.student.id, match.after) for match in self.changed if match.student),
            move=tuple((match.student.id, match.after) for match in self.moved if match.student),
        )

    @property
    def people(self) -> tuple[Match, ...]:
        """Everyone of the file who would be a student of the school after confirming."""
        return self.new + self.changed + self.moved + self.same

    @property
    def is_unlike(self) -> bool:
        """Whether hardly any known student is in the file and hardly any row is known: another school's list?"""
        present = len(self.same) + sum(
            match.student.status == "active" for match in self.changed if match.student
        )
        told = len(self.people) + len(self.at_other_school)
        active = present + len(self.missing)
        fewer = min(active, told)
        return fewer >= TOLD_APART_FROM and FEW_IN_COMMON * present <= fewer


def make_plan(
    rows: Sequence[RosterRow],
    known: Sequence[KnownStudent],
    elsewhere: Mapping[str, KnownStudent],
    decided: Decisions = UNDECIDED,
    namesakes: Sequence[KnownStudent] = (),
    edition: int = 0,
) -> ImportPlan:
    """What the rows of a roster would change among the students of its school. The same input gives the same plan.

    See `matching.match_rows` for what is held against what. `edition` counts how often the rows were read anew: the
    fingerprint holds it, and of new students no more than their places.
    """
    new_kind = MatchKind.NEW
    new: list[Match] = []
    kinds: dict[MatchKind, list[Match]] = {kind: [] for kind in MatchKind}
    for match in match_rows(rows, known, elsewhere, decided, namesakes):
        (new if match.kind is new_kind else kinds[match.kind]).append(match)

    present = {
        match.student.id
        for kind in (MatchKind.SAME, MatchKind.CHANGED)
        for match in kinds[kind]
        if match.student
    }
    unclear = {student.id for match in kinds[MatchKind.UNCLEAR] for student in match.candidates}
    accounted = present | unclear | decided.still_here
    skipped, kept_out = Status.SKIPPED, Status.REJECTED
    # a row that was let through but is no person to take in (no birth date after all) is for a person to mend
    rejected = tuple(
        row
        for row in rows
        if (status := row.status) is kept_out or (status is not skipped and not is_person_to_take_in(row))
    )
    missing = _without(
        [student for student in known if student.status == "active" and student.id not in accounted], rejected
    )
    changed, moved = tuple(kinds[MatchKind.CHANGED]), tuple(kinds[MatchKind.MOVED])
    return ImportPlan(
        new=tuple(new),
        changed=changed,
        moved=moved,
        same=tuple(kinds[MatchKind.SAME]),
        unclear=tuple(kinds[MatchKind.UNCLEAR]),
        at_other_school=tuple(kinds[MatchKind.AT_OTHER_SCHOOL]),
        missing=missing,
        rejected=rejected,
        fingerprint=_fingerprint(
            edition,
            new,
            changed + moved,
            kinds[MatchKind.AT_OTHER_SCHOOL],
            kinds[MatchKind.UNCLEAR],
            missing,
        ),
    )


def _without(students: Sequence[KnownStudent], rows: Sequence[RosterRow]) -> tuple[KnownStudent, ...]:
    """The students whom none of these rows names: a row that cannot be taken in names its student all the same, by NIK,
    NISN, or the name where the birth date is the same or cannot be read."""
    niks, nisns = {row.nik for row in rows if row.nik}, {row.nisn for row in rows if row.nisn}
    named: dict[str, set[date | None]] = defaultdict(set)
    for row in rows:
        if row.name:
            named[plain_name(row.name)].add(row.birth_date)

    def is_named(known: StudentFacts) -> bool:
        if known.nik in niks or known.nisn in nisns:
            return True
        born = named.get(plain_name(known.name)) if named else None
        return born is not None and (None in born or known.birth_date in born)

    return tuple(student for student in students if not is_named(student.facts))


def _fingerprint(
    edition: int,
    new: Sequence[Match],
    changed: Sequence[Match],
    at_other_school: Sequence[Match],
    unclear: Sequence[Match],
    missing: Sequence[KnownStudent],
) -> str:
    # one text of everything: thousands of small ones take several times as long
    places: defaultdict[str | None, list[int]] = defaultdict(list)
    for match in new:
        row = match.row
        places[row.sheet].append(row.row)
    told = (
        edition,
        list(places.items()),
        [
            (match.student.id, match.changed, *match.student.facts, *match.after)
            for match in changed
            if match.student
        ],
        [(match.row.row, match.student.id) for match in at_other_school if match.student],
        [(match.row.row, [student.id for student in match.candidates]) for match in unclear],
        [student.id for student in missing],
    )
    return hashlib.sha256(repr(told).encode()).hexdigest()
