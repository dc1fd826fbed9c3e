"""Rule: a roster's row as text for the database, and back again: what goes in comes out equal.

The person is a list in the order of PERSON and a finding a list in the order of its fields, for a roster has up to
20,000 rows and names of fields would be most of what is stored.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from imports.findings import Finding, Fix, Kind, Status
from imports.roster import RosterRow
from schools.students import FACT_NAMES, KnownStudent, StudentFacts

PERSON = RosterRow._fields[5:-1]
_BIRTH_DATE = PERSON.index("birth_date")
_BORN = FACT_NAMES.index("birth_date")
_NOTHING = "[]"

# sheet, row, status, reasons, fixes, person, findings
RowTexts = tuple[str | None, int, str, str, str, str | None, str]


def texts_of(row: RosterRow) -> RowTexts:
    """What the database keeps of a row; a row that is no student has no person."""
    person: list[Any] = list(row[5:-1])
    born = person[_BIRTH_DATE]
    if born is not None:
        person[_BIRTH_DATE] = born.isoformat()
    return (
        row.sheet,
        row.row,
        row.status.value,
        _as_json([kind.value for kind in row.reasons]) if row.reasons else _NOTHING,
        _as_json([fix.value for fix in row.fixes]) if row.fixes else _NOTHING,
        None if row.status is Status.SKIPPED else _as_json(person),
        findings_text(row.findings),
    )


def rows_of_texts(stored: Sequence[RowTexts]) -> list[RosterRow]:
    """The rows that `texts_of` was given, in the same order."""
    # one parse of everything is several times quicker than one a row
    people = iter(_from_json(text for *_, text, _findings in stored if text is not None))
    rows = []
    for sheet, row, status, reasons, fixes, person, findings in stored:
        facts: list[Any] = []
        if person is not None:
            facts = next(people)
            facts[_BIRTH_DATE] = date.fromisoformat(facts[_BIRTH_DATE]) if facts[_BIRTH_DATE] else None
        read = RosterRow(
            sheet,
            row,
            _STATUSES[status],
            kinds_of(reasons),
            () if fixes == _NOTHING else tuple(Fix(fix) for fix in json.loads(fixes)),
            *facts,
        )
        rows.append(read if findings == _NOTHING else read._replace(findings=findings_of(findings)))
    return rows


def student_text(student: KnownStudent, changed_at: datetime) -> str:
    """What the database keeps of a student as they were before a roster changed them, last at `changed_at`."""
    facts: list[Any] = list(student.facts)
    facts[_BORN] = student.facts.birth_date.isoformat()
    return _as_json([changed_at.isoformat(), student.school_id, student.status, *facts])


def student_of(student_id: int, text: str) -> tuple[KnownStudent, datetime]:
    """The student that `student_text` was given, and when they were last changed."""
    changed_at, school_id, status, *facts = json.loads(text)
    facts[_BORN] = date.fromisoformat(facts[_BORN])
    student = KnownStudent(student_id, school_id, status, StudentFacts(*facts))
    return student, datetime.fromisoformat(changed_at)


def kinds_text(kinds: Iterable[Kind]) -> str:
    """Kinds of findings as the database keeps them."""
    return _as_json([kind.value for kind in kinds])


def kinds_of(text: str) -> tuple[Kind, ...]:
    """The kinds that `kinds_text` was given."""
    return () if text == _NOTHING else tuple(Kind(kind) for kind in json.loads(text))


def findings_text(findings: Sequence[Finding]) -> str:
    """Findings as the database keeps them."""
    if not findings:
        return _NOTHING
    return _as_json(
        [
            [
                found.kind.value,
                found.sheet,
                found.row,
                found.column,
                found.heading,
                found.value,
                found.earlier_sheet,
                found.earlier_row,
            ]
            for found in findings
        ]
    )


def findings_of(text: str) -> tuple[Finding, ...]:
    """The findings that `findings_text` was given."""
    if text == _NOTHING:
        return ()
    return tuple(Finding(Kind(kind), *rest) for kind, *rest in json.loads(text))


_STATUSES = {status.value: status for status in Status}


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _from_json(texts: Iterable[str]) -> list[list[Any]]:
    return json.loads(f"[{','.join(texts)}]")
