"""Act: a confirmed roster is taken back, as long as nothing later depends on it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from peewee import IntegrityError

from accounts.actions import note_change
from campaigns import queries as campaigns
from common.access import Who
from imports.actions import CREATED_FROM, CREATED_TO, AlreadyDecided
from imports.dependence import Depends
from imports.models import FixItem, RosterChange, RosterDecision, RosterUpload, StillHere
from imports.queries import upload_of
from imports.residents.models import ResidentDecision, ResidentStatement
from imports.review_queries import is_newest_confirmed
from imports.stored import student_of
from schools import actions as schools
from schools import queries as schools_queries
from schools.models import Student
from schools.students import KnownStudent


class CannotUndo(Exception):
    """Something depends on the roster. `students` says how many stand in the way, where it is students."""

    def __init__(self, why: Depends, students: int = 0) -> None:
        """`why` is for the sentence that the page makes."""
        super().__init__(why.value)
        self.why = why
        self.students = students


def undo_roster(who: Who, upload_id: int) -> None:
    """Take a confirmed roster back: its new students go, those it changed are as before, and it waits for a review.

    Items of the fix list that it had replaced are open again, its own go. All or nothing. Raises Missing,
    AlreadyDecided, CannotUndo.
    """
    upload = upload_of(who, upload_id)
    if upload.state != "confirmed":
        raise AlreadyDecided(upload.state)
    if not is_newest_confirmed(upload):
        raise CannotUndo(Depends.NEWER_ROSTER)
    if upload.stored_as is None:
        raise CannotUndo(Depends.FILE_GONE)
    outcome = json.loads(upload.outcome)
    changes = list(RosterChange.select().where(RosterChange.upload == upload.id))
    added = range(outcome[CREATED_FROM], outcome[CREATED_TO] + 1) if CREATED_FROM in outcome else range(0)
    created = [*added, *(change.student_id for change in changes if not change.before)]
    before = [student_of(change.student_id, change.before) for change in changes if change.before]
    here = (upload.school_id, "active")
    # of those who were here before only who came to this school by it can be on one of its days because of it
    came = [student.id for student, _ in before if (student.school_id, student.status) != here]
    on_a_day = campaigns.students_on_days(who, created + came)
    if on_a_day:
        raise CannotUndo(Depends.ON_A_DAY, on_a_day)
    touched = schools_queries.touched_since(who, upload.school_id, added, upload.decided_at)
    touched += _touched_since(upload)
    if touched:
        raise CannotUndo(Depends.CHANGED, touched)

    RosterChange.delete().where(RosterChange.upload == upload.id).execute()
    FixItem.delete().where(FixItem.upload == upload.id).execute()
    FixItem.update(state="open", decided_by=None, decided_at=None, replaced_by=None).where(
        FixItem.replaced_by == upload.id
    ).execute()
    for table in (RosterDecision, StillHere, ResidentDecision, ResidentStatement):
        for start in range(0, len(created), 500):
            table.delete().where(table.student.in_(created[start : start + 500])).execute()
    _forget_later_words(before)
    try:
        schools.take_back_students(who, created, before)
    except IntegrityError:
        raise CannotUndo(Depends.CHANGED, len(created)) from None
    RosterUpload.update(state="waiting", decided_by=None, decided_at=None, outcome="{}").where(
        RosterUpload.id == upload.id
    ).execute()
    note_change(who, "roster_undone", "roster_upload", upload.id, f"gone={len(created)} back={len(before)}")


def _forget_later_words(before: Sequence[tuple[KnownStudent, datetime]]) -> None:
    """What a list of residents said of students by a NIK that goes again: it is said anew when the NIK comes again."""
    for student, _ in before:
        if not student.facts.recorded_before:
            ResidentStatement.delete().where(
                ResidentStatement.student == student.id,
                ResidentStatement.matched_by == "later",
                ResidentStatement.student.in_(
                    Student.select(Student.id).where(
                        Student.id == student.id,
                        Student.nik.is_null(False),
                        Student.nik != (student.facts.nik or ""),
                    )
                ),
            ).execute()


def _touched_since(upload: RosterUpload) -> int:
    return (
        RosterChange.select()
        .join(Student)
        .where(
            RosterChange.upload == upload.id,
            (Student.updated_at > RosterChange.changed_at) | (Student.school != upload.school_id),
        )
        .count()
    )
