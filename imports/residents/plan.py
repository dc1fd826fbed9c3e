"""Rule: the residents of a list beside the students of the office: who is who, and what confirming would change.

A NIK settles it. Without one on either side, name and birth date make a pair likely, and a person decides; two whole
NIKs that differ by more than a slip of the pen are two people. What the row itself says of the KTP-el outranks the kind
of the list; of two rows with one NIK that say different things, "not yet" counts: being called again harms nobody.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from operator import ne
from typing import NamedTuple

from imports.residents.listing import Resident
from schools.name_variants import Named, alike, alike_pairs
from schools.names import plain_name


class OurStudent(NamedTuple):
    """A student of the office as matching compares it. `recorded_here`: a team of ours recorded it on a recording day,
    so it is no "recorded before" and counts as recorded in the programme."""

    id: int
    school_id: int
    status: str
    nik: str | None
    name: str
    birth_date: date
    class_name: str
    sex: str
    recorded_before: bool
    recorded_here: bool


class Decision(NamedTuple):
    """What a person said of a row and a student: the same person or not; and, where list and student contradict each
    other, whether the student goes back into the target. None where nobody said."""

    is_same: bool | None = None
    puts_back: bool | None = None


UNDECIDED = Decision()
Decisions = Mapping[tuple[int, int], Decision]  # (resident id, student id)


class Niks(StrEnum):
    """What the NIKs of a likely pair say."""

    UNKNOWN = "unknown"  # one of the two has none
    FIT = "fit"  # every digit that the list shows is the student's
    DIFFER = "differ"  # by a slip


class Pair(NamedTuple):
    """A resident who is, or may be, a student. `says`: recorded, by the list. `niks`: None where matched by NIK."""

    resident: Resident
    student: OurStudent
    says: bool
    niks: Niks | None
    decision: Decision = UNDECIDED

    @property
    def key(self) -> tuple[int, int]:
        """By which a decision is kept."""
        return self.resident.id, self.student.id

    @property
    def has_same_name(self) -> bool:
        """Whether the two names are one but for case, marks and spaces."""
        return _flat(self.resident.name) == _flat(self.student.name)

    @property
    def would_change(self) -> bool:
        """Whether anything hangs on this pair: the list says otherwise than the office knows."""
        return self.says != self.student.recorded_before and not self.student.recorded_here


@dataclass(frozen=True, slots=True)
class ListPlan:
    """What a list says of the students. Everyone of the list who can be matched is in exactly one of the first six, or
    in `open`.

    `leaving` become recorded before; `known` are so already; `here` were recorded by a team of ours; `unrecorded` are
    students whom the list too calls not yet recorded; `contradicting` are recorded before although the list says not
    yet, each with what was decided. `likely` are the pairs by name that a person decides (`open` without a decision).
    """

    leaving: tuple[Pair, ...]
    known: tuple[Pair, ...]
    here: tuple[Pair, ...]
    unrecorded: tuple[Pair, ...]
    contradicting: tuple[Pair, ...]
    strangers: tuple[Resident, ...]
    likely: tuple[Pair, ...]
    unusable: tuple[Resident, ...]
    repeated: int
    stated: tuple[int, int, int]  # rows that say recorded, not yet, nothing
    fingerprint: str

    @property
    def sure(self) -> tuple[Pair, ...]:
        """Every resident who is a student, by NIK or by decision."""
        return self.leaving + self.known + self.here + self.unrecorded + self.contradicting

    @property
    def open(self) -> tuple[Pair, ...]:
        """Likely pairs of which nobody said anything yet."""
        return tuple(pair for pair in self.likely if pair.decision.is_same is None)

    @property
    def open_people(self) -> int:
        """How many residents the open pairs are about."""
        return len({pair.resident.id for pair in self.open})

    @property
    def undecided(self) -> tuple[Pair, ...]:
        """Contradicting students of whom nobody decided."""
        return tuple(pair for pair in self.contradicting if pair.decision.puts_back is None)

    @property
    def put_back(self) -> tuple[Pair, ...]:
        """Contradicting students who go back into the target."""
        return tuple(pair for pair in self.contradicting if pair.decision.puts_back)

    @property
    def plainly_same(self) -> tuple[Pair, ...]:
        """Open pairs whose names are equal, and in which nobody is the other half of another open pair."""
        residents: dict[int, int] = defaultdict(int)
        students: dict[int, int] = defaultdict(int)
        for pair in self.open:
            residents[pair.resident.id] += 1
            students[pair.student.id] += 1
        return tuple(
            pair
            for pair in self.open
            if pair.has_same_name
            and pair.niks is not Niks.DIFFER
            and residents[pair.resident.id] == students[pair.student.id] == 1
        )


def make_plan(
    residents: Sequence[Resident], students: Sequence[OurStudent], is_recorded: bool, decisions: Decisions
) -> ListPlan:
    """What a list says of the students. `is_recorded` is the kind of the list: what a row means that says nothing.

    The same input gives the same plan.
    """
    people, says, repeated = _one_row_each(residents, is_recorded)
    usable = [resident for resident in people if resident.can_be_matched]

    by_nik = {student.nik: student for student in students if student.nik}
    sure: dict[int, Pair] = {}
    for resident in usable:
        student = by_nik.get(resident.nik) if resident.nik else None
        if student is not None:
            key = (resident.id, student.id)
            said = decisions.get(key, UNDECIDED)
            sure[resident.id] = Pair(resident, student, says[resident.id], None, said)
    taken = {pair.student.id for pair in sure.values()}
    left = [resident for resident in usable if resident.id not in sure]
    likely = _likely(left, [student for student in students if student.id not in taken], says, decisions)
    for pair in likely:
        if pair.decision.is_same:
            sure[pair.resident.id] = pair

    asked = {pair.resident.id for pair in likely if pair.decision.is_same is None}
    kinds = _kinds([sure[resident.id] for resident in usable if resident.id in sure])
    stated = [resident.is_recorded for resident in residents]
    return ListPlan(
        leaving=tuple(kinds["leaving"]),
        known=tuple(kinds["known"]),
        here=tuple(kinds["here"]),
        unrecorded=tuple(kinds["unrecorded"]),
        contradicting=tuple(kinds["contradicting"]),
        strangers=tuple(r for r in usable if r.id not in sure and r.id not in asked),
        likely=likely,
        unusable=tuple(resident for resident in people if not resident.can_be_matched),
        repeated=repeated,
        stated=(stated.count(True), stated.count(False), stated.count(None)),
        fingerprint=_fingerprint(kinds, likely),
    )


def _one_row_each(
    residents: Sequence[Resident], is_recorded: bool
) -> tuple[list[Resident], dict[int, bool], int]:
    """The first row of each person, what the list says of them, and how many rows repeat a person."""
    first: dict[object, int] = {}
    says: dict[int, bool] = {}
    people: list[Resident] = []
    for resident in residents:
        told = is_recorded if resident.is_recorded is None else resident.is_recorded
        key: object = resident.nik or (_flat(resident.name), resident.birth_date, resident.nik_shown)
        if not resident.can_be_matched:
            key = ("row", resident.id)
        if key in first:
            says[first[key]] = says[first[key]] and told
            continue
        first[key] = resident.id
        says[resident.id] = told
        people.append(resident)
    return people, says, len(residents) - len(people)


def _likely(
    residents: Sequence[Resident],
    students: Sequence[OurStudent],
    says: Mapping[int, bool],
    decisions: Decisions,
) -> tuple[Pair, ...]:
    """Pairs by name and birth date, those on which something hangs first, then in the order of the list.

    A person's own name outranks a variant of it, and a NIK that fits one that does not. Once one is the same person,
    whatever else was open for the two is no question any more.
    """
    dated = [resident for resident in residents if resident.name and resident.birth_date]
    found: list[Pair] = []
    for resident, student in _candidates(dated, students):
        niks = niks_of(resident, student)
        if niks is not None:
            said = decisions.get((resident.id, student.id), UNDECIDED)
            found.append(Pair(resident, student, says[resident.id], niks, said))
    for is_better in (lambda pair: pair.has_same_name, lambda pair: pair.niks is not Niks.DIFFER):
        best = [pair for pair in found if is_better(pair) and pair.decision.is_same is not False]
        residents_of, students_of = {p.resident.id for p in best}, {p.student.id for p in best}
        found = [
            pair
            for pair in found
            if is_better(pair)
            or pair.decision.is_same is not None
            or (pair.resident.id not in residents_of and pair.student.id not in students_of)
        ]
    settled: list[Pair] = []
    residents_done: set[int] = set()
    students_done: set[int] = set()
    for pair in found:
        if pair.decision.is_same and not (
            pair.resident.id in residents_done or pair.student.id in students_done
        ):
            settled.append(pair)
            residents_done.add(pair.resident.id)
            students_done.add(pair.student.id)
    for pair in found:
        if pair.decision.is_same is False or not (
            pair.resident.id in residents_done or pair.student.id in students_done
        ):
            settled.append(pair if not pair.decision.is_same else pair._replace(decision=UNDECIDED))
    return tuple(sorted(settled, key=lambda pair: (not pair.would_change, pair.resident.id, pair.student.id)))


def _candidates(
    residents: Sequence[Resident], students: Sequence[OurStudent]
) -> Iterable[tuple[Resident, OurStudent]]:
    # two whole NIKs settle most pairs without a look at the names, which cost a hundred times as much
    numbered: dict[date, list[OurStudent]] = defaultdict(list)
    for student in students:
        if student.nik:
            numbered[student.birth_date].append(student)
    for resident in residents:
        if resident.nik and resident.birth_date in numbered:
            for student in numbered[resident.birth_date]:
                if is_slip(resident.nik, student.nik or "") and alike(resident.name, student.name):
                    yield resident, student
    without = [student for student in students if not student.nik]
    yield from _alike(residents, without)
    yield from _alike([r for r in residents if not r.nik], [student for student in students if student.nik])


def _alike(
    residents: Sequence[Resident], students: Sequence[OurStudent]
) -> Iterable[tuple[Resident, OurStudent]]:
    if not residents or not students:
        return
    listed = tuple((resident.name, resident.birth_date) for resident in residents if resident.birth_date)
    places = _alike_places(listed, tuple((student.name, student.birth_date) for student in students))
    for place, other in places:
        yield residents[place], students[other]


@lru_cache(maxsize=4)
def _alike_places(
    residents: tuple[tuple[str, date], ...], students: tuple[tuple[str, date], ...]
) -> tuple[tuple[int, int], ...]:
    """Which of the ones are like which of the others, by their places.

    Remembered, for a review is asked for page by page and where nobody has a NIK this is nearly all of its time.
    """
    found = alike_pairs(
        [Named(place, name, born) for place, (name, born) in enumerate(students)],
        [Named(place, name, born) for place, (name, born) in enumerate(residents)],
    )
    return tuple((resident, student) for student, resident in found)


def niks_of(resident: Resident, student: OurStudent) -> Niks | None:
    """What the NIKs of two people of one name and birth date say; None where they are two people."""
    told = resident.nik or resident.nik_shown
    if not told or not student.nik:
        return Niks.UNKNOWN
    if all(digit in ("*", known) for digit, known in zip(told, student.nik, strict=True)):
        return Niks.FIT
    # a masked NIK that shows another digit is never a slip: of so little, a slip cannot be told from another person
    return Niks.DIFFER if is_slip(told, student.nik) else None


def is_slip(one: str, other: str) -> bool:
    """Whether two different NIKs may be one, mistyped: in one digit, or with two neighbours swapped."""
    if len(one) != len(other):
        return False
    differ = sum(map(ne, one, other))
    if differ != 2:
        return differ == 1
    at = next(place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b)
    return one[at : at + 2] == other[at : at + 2][::-1]


def _kinds(sure: Iterable[Pair]) -> dict[str, list[Pair]]:
    kinds: dict[str, list[Pair]] = {
        "leaving": [],
        "known": [],
        "here": [],
        "unrecorded": [],
        "contradicting": [],
    }
    for pair in sure:
        if pair.student.recorded_here:
            kinds["here"].append(pair)
        elif pair.says:
            kinds["known" if pair.student.recorded_before else "leaving"].append(pair)
        else:
            kinds["contradicting" if pair.student.recorded_before else "unrecorded"].append(pair)
    return kinds


def _fingerprint(kinds: Mapping[str, Sequence[Pair]], likely: Sequence[Pair]) -> str:
    told = hashlib.sha256()
    for kind, pairs in (*kinds.items(), ("likely", likely)):
        for pair in pairs:
            told.update(repr((kind, *pair.key, pair.student.status, pair.niks, pair.decision)).encode())
    return told.hexdigest()


def _flat(name: str) -> str:
    return plain_name(name).replace(" ", "")
