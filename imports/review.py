"""Rule: how a plan is shown for review: line by line, of one kind, with no whole NIK that anybody need not see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from campaigns.eligibility import VOTING_AGE, latest_birth_date_for
from imports.decisions import Decision, Place
from imports.findings import Finding, Kind, Severity, Status
from imports.fixes import NewFix, new_fixes
from imports.likeness import is_near
from imports.matching import Match, MatchedBy, MatchKind
from imports.plan import ImportPlan
from imports.roster import RosterRow
from schools.names import plain_name
from schools.nik import masked
from schools.students import KnownStudent, StudentFacts


class Shown(StrEnum):
    """The kinds by which a review is filtered; the urgent first."""

    TO_FIX = "to_fix"
    MISSING = "missing"
    CHANGED = "changed"
    WARNED = "warned"
    NEW = "new"
    SAME = "same"
    SKIPPED = "skipped"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding as the screen shows it: the cell by column letter and heading, the value masked where it is whole.

    `cell` names the cell for mending it; None where there is no cell. `is_masked`: the cell holds more than is shown.
    """

    kind: str
    column: str | None
    heading: str | None
    value: str | None
    earlier_sheet: str | None
    earlier_row: int | None
    cell: str | None = None
    is_masked: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact of a known student, as it is and as it would be. `fact` is its name in StudentFacts, or `status`."""

    fact: str
    old: str | date | bool | None
    new: str | date | bool | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A known student beside a row that may be theirs. `school_id` is None at the row's own school.

    `choices` are what can be decided; `key` names row and student for the form.
    """

    student_id: int
    school_id: int | None
    key: str
    facts: tuple[Difference, ...]
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A row of the file, or a student the file does not name (then `row` is None and `student_id` says who)."""

    sheet: str | None
    row: int | None
    name: str
    class_name: str
    birth_date: date | None
    nik_masked: str
    nisn: str
    reasons: tuple[str, ...] = ()
    findings: tuple[FindingLine, ...] = ()
    differences: tuple[Difference, ...] = ()
    student_id: int | None = None
    status: str = ""
    candidates: tuple[Candidate, ...] = ()
    from_school: int | None = None


@dataclass(frozen=True, slots=True)
class AgeCounts:
    """How many of the people a roster brings are old enough; None where no programme says until when."""

    people: int
    record_age: int
    recordable_today: int
    recordable_by_end: int | None
    voters: int | None


def counts_of(plan: ImportPlan, rows: Sequence[RosterRow], known: Sequence[KnownStudent]) -> dict[Shown, int]:
    """How many lines each kind of the review has."""
    return {
        Shown.TO_FIX: len(plan.rejected) + len(plan.unclear) + len(plan.at_other_school),
        Shown.MISSING: len(plan.missing),
        Shown.CHANGED: len(plan.changed) + len(plan.moved),
        Shown.WARNED: sum(row.status is Status.WARNED for row in rows),
        Shown.NEW: len(plan.new),
        Shown.SAME: len(plan.same),
        Shown.SKIPPED: sum(row.status is Status.SKIPPED for row in rows),
        Shown.GONE: len(_gone(plan, known)),
    }


def lines_of(
    plan: ImportPlan, rows: Sequence[RosterRow], known: Sequence[KnownStudent], kind: Shown, search: str = ""
) -> list[object]:
    """What stands behind the lines of one kind, whose name holds `search`; `line` shows each. In the file's order."""
    found: Sequence[object]
    if kind is Shown.TO_FIX:
        found = to_fix(plan, rows)
    elif kind is Shown.MISSING:
        found = _by_class(plan.missing)
    elif kind is Shown.GONE:
        found = _by_class(_gone(plan, known))
    elif kind is Shown.WARNED:
        found = [row for row in rows if row.status is Status.WARNED]
    elif kind is Shown.SKIPPED:
        found = [row for row in rows if row.status is Status.SKIPPED]
    else:
        found = {Shown.NEW: plan.new, Shown.CHANGED: plan.moved + plan.changed, Shown.SAME: plan.same}[kind]
    wanted = plain_name(search)
    return [item for item in found if wanted in plain_name(_name(item))] if wanted else list(found)


@dataclass(frozen=True, slots=True)
class ToFix:
    """A row that cannot go in by itself, why, and the known students it may be."""

    row: RosterRow
    item: NewFix
    match: Match | None


def to_fix(plan: ImportPlan, rows: Sequence[RosterRow]) -> list[ToFix]:
    """The rows that cannot go in by themselves, in the order of the file."""
    by_place = {(row.sheet, row.row): row for row in rows}
    order = {place: number for number, place in enumerate(by_place)}
    matches = {(match.row.sheet, match.row.row): match for match in plan.unclear + plan.at_other_school}
    fixes = sorted(new_fixes(plan), key=lambda item: order[item.sheet, item.row])
    return [
        ToFix(by_place[item.sheet, item.row], item, matches.get((item.sheet, item.row))) for item in fixes
    ]


def line(item: object, names_sheet: bool = True, sees_others: bool = False) -> ReviewLine:
    """One line of a review, its sheet named where the file has several; see `candidates_of` for `sees_others`.

    Raises TypeError for what is no such item.
    """
    found = _line(item, sees_others)
    return found if names_sheet else _without_sheet(found)


def _without_sheet(found: ReviewLine) -> ReviewLine:
    # the name of the only sheet of a file says nothing
    return replace(
        found, sheet=None, findings=tuple(replace(each, earlier_sheet=None) for each in found.findings)
    )


def _line(item: object, sees_others: bool) -> ReviewLine:
    if isinstance(item, Match):
        return _of_match(item)
    if isinstance(item, KnownStudent):
        return _of_student(item)
    if isinstance(item, RosterRow):
        return _of_row(item, tuple(kind.value for kind in item.reasons))
    if isinstance(item, ToFix):
        shown = _of_row(item.row, item.item.reasons)
        return replace(shown, candidates=candidates_of(item.match, sees_others)) if item.match else shown
    raise TypeError(type(item).__name__)


def finding_line(finding: Finding) -> FindingLine:
    """A finding for the screen. A NIK that is whole is masked; one that must be mended is shown as it was typed."""
    value = finding.value
    is_masked = bool(value) and sum(map(str.isdigit, value or "")) >= 16 and finding.kind not in _TO_MEND
    if is_masked:
        digits = "".join(filter(str.isdigit, value or ""))
        value = masked(digits[:16])
    return FindingLine(
        finding.kind.value,
        finding.column,
        finding.heading,
        value,
        finding.earlier_sheet,
        finding.earlier_row,
        cell_key(finding) if finding.column else None,
        is_masked,
    )


def cell_key(finding: Finding) -> str:
    """A cell of the file in one word of a form: row, column, and the sheet last, for its name may hold anything."""
    return f"{finding.row}:{finding.column}:{finding.sheet or ''}"


def candidates_of(match: Match, sees_others: bool) -> tuple[Candidate, ...]:
    """The known students beside a row, each with the facts that tell them apart, and what can be said of them.

    Students of other schools only where `sees_others`: a school's admin is not shown them and decides nothing of them.
    """
    if match.kind is MatchKind.AT_OTHER_SCHOOL:
        if not sees_others or match.student is None:
            return ()
        # a NIK is one person's: who has it cannot be somebody else
        choices = (Decision.MOVED_HERE,) if match.by is MatchedBy.NIK else _ELSEWHERE
        return (_candidate(match, match.student, match.student.school_id, choices),)
    return tuple(_candidate(match, student, None, _HERE) for student in match.candidates)


def asked_of(plan: ImportPlan, sees_others: bool) -> dict[tuple[str, int, int], tuple[str, ...]]:
    """What is asked of rows: the decisions there are by sheet ('' where there is none), row and student."""
    return {
        (match.row.sheet or "", match.row.row, candidate.student_id): candidate.choices
        for match in plan.unclear + plan.at_other_school
        for candidate in candidates_of(match, sees_others)
    }


def place(match: Match) -> Place:
    """Where the row of a match stands in its file."""
    return match.row.sheet, match.row.row


_HERE = (Decision.SAME, Decision.DIFFERENT)
_ELSEWHERE = (Decision.MOVED_HERE, Decision.DIFFERENT)


def _candidate(
    match: Match, student: KnownStudent, school_id: int | None, choices: Sequence[Decision]
) -> Candidate:
    told, known = match.after, student.facts
    facts = []
    for fact in ("name", "birth_date", "nik", "nisn", "class_name"):
        old, new = getattr(known, fact), getattr(told, fact)
        if fact == "nik":
            old, new = _beside(old, new)
        facts.append(Difference(fact, old, new))
    key = f"{match.row.row}:{student.id}:{match.row.sheet or ''}"
    return Candidate(student.id, school_id, key, tuple(facts), tuple(choice.value for choice in choices))


def _beside(old: str | None, new: str | None) -> tuple[str | None, str | None]:
    """Two NIKs masked, but for the digits in which they differ: those are what a person must compare."""
    if not old or not new or not is_near(old, new):
        return (masked(old) if old else None), (masked(new) if new else None)
    return tuple(  # type: ignore[return-value]
        "".join(
            a if a != b or place >= len(one) - 2 else "•"
            for place, (a, b) in enumerate(zip(one, other, strict=True))
        )
        for one, other in ((old, new), (new, old))
    )


# the digits themselves are wrong: who mends them must see them
_TO_MEND = frozenset(
    {
        Kind.NIK_LENGTH,
        Kind.NIK_NONDIGIT,
        Kind.NIK_PRECISION_LOST,
        Kind.NIK_DATE_INVALID,
        Kind.NIK_REGION_UNKNOWN,
    }
)


def ages_of(
    people: Sequence[StudentFacts],
    today: date,
    record_age: int,
    last_day: date | None,
    voting_day: date | None,
) -> AgeCounts:
    """How many people are old enough today, by the programme's last day, and to vote on voting day (or married)."""
    by_today = latest_birth_date_for(record_age, today)
    by_end = latest_birth_date_for(record_age, last_day) if last_day else None
    by_vote = latest_birth_date_for(VOTING_AGE, voting_day) if voting_day else None
    return AgeCounts(
        len(people),
        record_age,
        sum(person.birth_date <= by_today for person in people),
        None if by_end is None else sum(person.birth_date <= by_end for person in people),
        None if by_vote is None else sum(p.is_married or p.birth_date <= by_vote for p in people),
    )


def _gone(plan: ImportPlan, known: Sequence[KnownStudent]) -> list[KnownStudent]:
    back = {match.student.id for match in plan.changed if match.student}
    return [student for student in known if student.status != "active" and student.id not in back]


def _by_class(students: Sequence[KnownStudent]) -> list[KnownStudent]:
    return sorted(students, key=lambda student: (student.facts.class_name, student.facts.name, student.id))


def _name(item: object) -> str:
    if isinstance(item, Match):
        return item.after.name
    if isinstance(item, KnownStudent):
        return item.facts.name
    row = item.row if isinstance(item, ToFix) else item
    return (row.name if isinstance(row, RosterRow) else None) or ""


def _of_match(match: Match) -> ReviewLine:
    return ReviewLine(
        sheet=match.row.sheet,
        row=match.row.row,
        name=match.after.name,
        class_name=match.after.class_name,
        birth_date=match.after.birth_date,
        nik_masked=masked(match.after.nik) if match.after.nik else "",
        nisn=match.after.nisn or "",
        differences=_differences(match) if match.changed else (),
        from_school=match.student.school_id if match.kind is MatchKind.MOVED and match.student else None,
    )


def _differences(match: Match) -> tuple[Difference, ...]:
    assert match.student is not None
    found = []
    for fact in match.changed:
        if fact == "school_id":
            continue  # the page names the school: see `from_school`
        if fact == "status":
            found.append(Difference(fact, match.student.status, "active"))
            continue
        old, new = getattr(match.student.facts, fact), getattr(match.after, fact)
        if fact == "nik":
            old, new = (masked(nik) if nik else None for nik in (old, new))
        found.append(Difference(fact, old, new))
    return tuple(found)


def _of_student(student: KnownStudent) -> ReviewLine:
    facts = student.facts
    return ReviewLine(
        sheet=None,
        row=None,
        name=facts.name,
        class_name=facts.class_name,
        birth_date=facts.birth_date,
        nik_masked=masked(facts.nik) if facts.nik else "",
        nisn=facts.nisn or "",
        student_id=student.id,
        status=student.status,
    )


def _of_row(row: RosterRow, reasons: tuple[str, ...]) -> ReviewLine:
    return ReviewLine(
        sheet=row.sheet,
        row=row.row,
        name=row.name or "",
        class_name=row.class_name or "",
        birth_date=row.birth_date,
        nik_masked=masked(row.nik) if row.nik else "",
        nisn=row.nisn or "",
        reasons=reasons,
        findings=tuple(finding_line(finding) for finding in _worth_showing(row)),
    )


def _worth_showing(row: RosterRow) -> list[Finding]:
    """The rejecting findings of a rejected row stand first; its warnings follow."""
    return sorted(row.findings, key=lambda finding: finding.kind.severity is not Severity.REJECT)
