"""Rule: a row that matches nobody may still be somebody: a name spelt anew, a birth date or a NIK mended meanwhile.

Nothing here is sure, so nothing here is applied: the two are set side by side and a person says. Twins share the
birth date and often most of the name; two whole NIKs that differ widely are two people unless the names are one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from imports.roster import RosterRow
from schools.name_variants import alike
from schools.names import plain_name
from schools.students import KnownStudent

NEAR_DIGITS = 2
"""So many digits of a NIK may differ for it to be the same number typed wrong."""
MOST_CANDIDATES = 3  # a person compares no more at once


class Likely:
    """The students nobody of a file was matched with, found by birth date or by name."""

    def __init__(self, students: Iterable[KnownStudent]) -> None:
        """Sort them once; asking is quick then."""
        self._born: dict[date, list[KnownStudent]] = defaultdict(list)
        self._named: dict[str, list[KnownStudent]] = defaultdict(list)
        for student in students:
            self._born[student.facts.birth_date].append(student)
            self._named[plain_name(student.facts.name)].append(student)

    def candidates(self, row: RosterRow, ruled_out: frozenset[int] = frozenset()) -> tuple[KnownStudent, ...]:
        """Students that the row could be but for those `ruled_out`, the likeliest first; none where nothing speaks for
        it."""
        assert row.name is not None
        assert row.birth_date is not None
        name = plain_name(row.name)
        found: dict[int, KnownStudent] = {}
        for student in self._born.get(row.birth_date, ()):
            known_name = plain_name(student.facts.name)
            one_name = known_name == name
            if (one_name or one_letter_apart(known_name, name) or alike(student.facts.name, row.name)) and (
                one_name or not _contradicts(student.facts.nik, row.nik)
            ):
                found[student.id] = student
        for student in self._named.get(name, ()):
            if student.facts.nik and row.nik:
                is_likely = is_near(student.facts.nik, row.nik)
            else:
                is_likely = one_slip_apart(student.facts.birth_date, row.birth_date)
            if is_likely:
                found[student.id] = student
        left = (student for student in found.values() if student.id not in ruled_out)
        return tuple(left)[:MOST_CANDIDATES]


def one_letter_apart(one: str, other: str) -> bool:
    """Whether two names are a slip of the keyboard apart: one letter more, less, other, or two neighbours swapped."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])


def is_near(one: str, other: str) -> bool:
    """Whether two NIKs of one length differ in no more than two digits: mistyped, or two neighbours swapped."""
    return len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) <= NEAR_DIGITS


def one_slip_apart(one: date, other: date) -> bool:
    """Whether two birth dates are one slip of the pen apart: day and month swapped, or one of the three differs."""
    if (one.year, one.day, one.month) == (other.year, other.month, other.day):
        return True
    return (one.year != other.year) + (one.month != other.month) + (one.day != other.day) <= 1


def _contradicts(known: str | None, told: str | None) -> bool:
    return bool(known and told) and not is_near(known or "", told or "")
