"""Questions about what people said of a roster: cells mended, columns named, rows decided."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Account
from common.database import rows_of
from imports.columns import Field
from imports.decisions import Decision, Decisions, Place
from imports.layout import Layout
from imports.models import ColumnAnswer, RosterDecision, RosterMend, RosterUpload, StillHere
from imports.wishes import Mend, Wishes
from schools.models import Student
from schools.nik import masked


@dataclass(frozen=True, slots=True)
class MendLine:
    """A cell mended on screen: where, the new value (a NIK masked), who and when. No sheet is ''."""

    id: int
    sheet: str
    row: int
    column: str
    heading: str
    value: str
    made_by: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A row that was decided on screen: where, which known student, what was said, who and when. No sheet is ''."""

    id: int
    sheet: str
    row: int
    student_name: str
    decision: str
    made_by: str
    made_at: datetime


def wishes_of(upload: RosterUpload) -> Wishes:
    """What the reading of a file has to heed: the school's answers about headings, the mended cells of this file."""
    answers = {
        (Layout(layout), heading): Field(field)
        for layout, heading, field in rows_of(
            ColumnAnswer.select(ColumnAnswer.layout, ColumnAnswer.heading, ColumnAnswer.field).where(
                ColumnAnswer.school == upload.school_id
            )
        )
    }
    mends = RosterMend.select().where(RosterMend.upload == upload.id).order_by(RosterMend.id)
    return Wishes(
        answers,
        tuple(Mend(mend.sheet, mend.row_number, mend.column_letter, mend.value) for mend in mends),
    )


def decisions_of(upload: RosterUpload) -> Decisions:
    """What was decided of a roster's rows, and of students whom it does not name."""
    by_row: dict[Place, dict[int, Decision]] = defaultdict(dict)
    for row in RosterDecision.select().where(RosterDecision.upload == upload.id):
        by_row[row.sheet or None, row.row_number][row.student_id] = Decision(row.decision)
    here = StillHere.select(StillHere.student).where(StillHere.upload == upload.id)
    return Decisions(dict(by_row), frozenset(student_id for (student_id,) in rows_of(here)))


def mends_of(upload: RosterUpload) -> tuple[MendLine, ...]:
    """The cells of a roster that were mended on screen, in the order of the file."""
    found = list(
        RosterMend.select()
        .where(RosterMend.upload == upload.id)
        .order_by(RosterMend.sheet, RosterMend.row_number, RosterMend.column_letter)
    )
    names = _names({mend.made_by_id for mend in found})
    return tuple(
        MendLine(
            mend.id,
            mend.sheet,
            mend.row_number,
            mend.column_letter,
            mend.heading,
            masked(mend.value) if sum(map(str.isdigit, mend.value)) >= 16 else mend.value,
            names.get(mend.made_by_id, ""),
            mend.made_at,
        )
        for mend in found
    )


def decision_lines(upload: RosterUpload) -> tuple[DecisionLine, ...]:
    """What was decided of a roster's rows, in the order of the file."""
    found = list(
        RosterDecision.select(RosterDecision, Student)
        .join(Student)
        .where(RosterDecision.upload == upload.id)
        .order_by(RosterDecision.sheet, RosterDecision.row_number, RosterDecision.id)
    )
    names = _names({row.made_by_id for row in found})
    return tuple(
        DecisionLine(
            row.id,
            row.sheet,
            row.row_number,
            row.student.name,
            row.decision,
            names.get(row.made_by_id, ""),
            row.made_at,
        )
        for row in found
    )


def _names(account_ids: set[int]) -> dict[int, str]:
    found = Account.select(Account.id, Account.name).where(Account.id.in_(account_ids))
    return dict(rows_of(found))
