"""Rule: what stands on a school's fix list, and which of its items a newer file has made idle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from imports.findings import Finding, Kind, Status
from imports.matching import Match, MatchedBy
from imports.plan import ImportPlan
from imports.roster import RosterRow
from schools.names import plain_name


class FixReason(StrEnum):
    """Why a row that was read without a fault cannot go in by itself: a person decides."""

    UNCLEAR = "UNCLEAR"
    SAME_NIK = "SAME_NIK"
    AT_OTHER_SCHOOL = "AT_OTHER_SCHOOL"
    NAMESAKE_ELSEWHERE = "NAMESAKE_ELSEWHERE"


@dataclass(frozen=True, slots=True)
class NewFix:
    """A row for the fix list. `reasons` are codes of Kind and FixReason."""

    sheet: str | None
    row: int
    name: str
    reasons: tuple[str, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class OpenFix:
    """An open item of the fix list with what is known of its person; where nothing is, only its place tells."""

    id: int
    sheet: str | None
    row: int
    name: str
    nik: str | None
    nisn: str | None
    birth_date: date | None
    findings: tuple[Finding, ...]


def new_fixes(plan: ImportPlan) -> list[NewFix]:
    """What confirming a roster puts on the fix list, in the order of the file."""
    items = [_of_row(row, tuple(_rejections(row))) for row in plan.rejected]
    items += [_of_row(match.row, (_unclear(match),)) for match in plan.unclear]
    items += [_of_row(match.row, (_elsewhere(match),)) for match in plan.at_other_school]
    return items


def replaced_by(items: Sequence[OpenFix], rows: Sequence[RosterRow]) -> list[int]:
    """The ids of open items whose person stands in a newer file: taken in now, or on the list again for it.

    The same NIK, NISN, or name with no other birth date; an item without any of these is replaced where the newer
    file has the same fault in the same place.
    """
    if not items:
        return []
    niks = {row.nik for row in rows if row.nik}
    nisns = {row.nisn for row in rows if row.nisn}
    born: dict[str, set[date | None]] = defaultdict(set)
    places = set()
    for row in rows:
        if row.status is Status.SKIPPED:
            continue
        if row.name:
            born[plain_name(row.name)].add(row.birth_date)
        if row.status is Status.REJECTED:
            places.add((row.sheet, row.row, row.findings))
    return [
        item.id
        for item in items
        if item.nik in niks
        or item.nisn in nisns
        or (item.name and _may_be_born(item.birth_date, born.get(plain_name(item.name), set())))
        or (item.sheet, item.row, item.findings) in places
    ]


def _may_be_born(known: date | None, told: set[date | None]) -> bool:
    return bool(told) and (known is None or known in told or None in told)


def _of_row(row: RosterRow, reasons: tuple[str, ...]) -> NewFix:
    return NewFix(row.sheet, row.row, row.name or "", reasons, row.findings)


def _rejections(row: RosterRow) -> list[str]:
    told = [kind.value for kind in row.reasons]
    if row.status is Status.REJECTED:
        return told
    # let through when read, but without a name or birth date: it has no rejecting kind of its own
    return [(Kind.DOB_INVALID if row.name else Kind.NAME_MISSING).value, *told]


def _elsewhere(match: Match) -> str:
    by_nik = match.by is MatchedBy.NIK
    return (FixReason.AT_OTHER_SCHOOL if by_nik else FixReason.NAMESAKE_ELSEWHERE).value


def _unclear(match: Match) -> str:
    return (FixReason.UNCLEAR if match.candidates else FixReason.SAME_NIK).value
