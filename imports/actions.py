"""Acts on rosters sent: received, read, confirmed, withdrawn; and the fix list they leave."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from accounts.actions import note_change
from common import clock
from common.access import Missing, Who
from common.database import db, insert_rows, rows_of
from imports.fix_queries import open_fix_items
from imports.fixes import new_fixes, replaced_by
from imports.models import (
    FixItem,
    RosterChange,
    RosterDecision,
    RosterMend,
    RosterRowRecord,
    RosterUpload,
    StillHere,
)
from imports.plan import ImportPlan
from imports.queries import UploadToRead, stored_rows, to_read, upload_of
from imports.review import Shown, counts_of
from imports.review_queries import is_compared, plan_of
from imports.school_names import other_school_named
from imports.stored import RowTexts, findings_text, student_text
from schools import actions as schools
from schools import queries as schools_queries
from schools.actions import SchoolFacts, SchoolsLoaded
from schools.models import School, Student
from schools.students import KnownStudent

KEPT_DAYS = 30
"""How long a file stays as it was sent (the office's rule for personal data of children)."""
CREATED_FROM, CREATED_TO = "created_from", "created_to"
"""In what came of a confirmed roster: the ids of the first and the last student that it added."""
STATUSES = ("active", "moved", "left")


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A file as it arrived: the sender's name for it, its size in bytes, its hash, and the name it is stored under."""

    name: str
    size: int
    sha256: str
    stored_as: str


@dataclass(frozen=True, slots=True)
class Received:
    """An upload that was stored, or the earlier one of the very same file that is still under way (`is_again`)."""

    upload: UploadToRead
    is_again: bool
    is_unread: bool


@dataclass(frozen=True, slots=True)
class StoredReading:
    """What was read of a file, as the database keeps it."""

    is_refused: bool
    reasons: tuple[str, ...]
    counts: dict[str, int]
    notes: dict[str, Any]
    rows: tuple[RowTexts, ...]


class PlanChanged(Exception):
    """What confirming would do is no longer what was shown: somebody changed the students meanwhile."""


class NotReadYet(Exception):
    """Something was said of the file that its rows do not show: it has to be read again first."""


class NotSure(Exception):
    """The file holds nearly all other students, or names another school, and nobody said that this is right."""


class AlreadyDecided(Exception):
    """The upload was confirmed, withdrawn or refused before."""


def receive_roster(who: Who, school_id: int, file: ReceivedFile) -> Received:
    """Write down a file that a school sent, to be read. Raises Missing.

    The same file sent again while it is being read or waits is the same upload.
    """
    school = schools_queries.school(who, school_id)
    if not who.may_see_school(school.id):
        raise Missing
    again = (
        RosterUpload.select()
        .where(
            RosterUpload.school == school.id,
            RosterUpload.sha256 == file.sha256,
            RosterUpload.state.in_(("reading", "waiting")),
        )
        .order_by(RosterUpload.id.desc())
        .first()
    )
    if again is not None:
        return Received(to_read(again), True, again.state == "reading")

    upload = RosterUpload.create(
        office=who.office_id,
        school=school.id,
        file_name=file.name,
        file_size=file.size,
        sha256=file.sha256,
        stored_as=file.stored_as,
        state="reading",
        uploaded_by=who.account_id,
        uploaded_at=clock.now(),
    )
    note_change(who, "roster_sent", "roster_upload", upload.id, f"bytes={file.size}")
    return Received(to_read(upload), False, True)


def store_reading(upload: UploadToRead, reading: StoredReading) -> None:
    """Keep what was read of a file. Does nothing when the upload was withdrawn while it was being read, or more was
    said of it meanwhile."""
    changed = (
        RosterUpload.update(
            state="refused" if reading.is_refused else "waiting",
            action="refuse" if reading.is_refused else "import",
            reasons=json.dumps(reading.reasons),
            counts=json.dumps(reading.counts),
            notes=json.dumps(reading.notes, ensure_ascii=False),
            wishes_read=upload.said,
        )
        .where(
            RosterUpload.id == upload.id, RosterUpload.state == "reading", RosterUpload.wishes == upload.said
        )
        .execute()
    )
    if changed:
        RosterRowRecord.delete().where(RosterRowRecord.upload == upload.id).execute()
        insert_roster_rows(upload.id, reading.rows)


def keep_rows_read_before(upload: UploadToRead) -> bool:
    """When a file could not be read anew: whether it has rows from before, and so waits with them."""
    if not RosterRowRecord.select().where(RosterRowRecord.upload == upload.id).exists():
        return False
    of_reading = (RosterUpload.id == upload.id) & (RosterUpload.state == "reading")
    return bool(RosterUpload.update(state="waiting").where(of_reading).execute())


def insert_roster_rows(upload_id: int, rows: Sequence[RowTexts]) -> None:
    """Add the rows of a roster as they were read."""
    insert_rows("roster_row", ("upload_id", *ROW_COLUMNS), [(upload_id, *row) for row in rows])


ROW_COLUMNS = ("sheet", "row_number", "status", "reasons", "fixes", "person", "findings")
"""The columns of `stored.RowTexts`."""


def confirm_roster(who: Who, upload_id: int, fingerprint: str, is_sure: bool = False) -> dict[str, int]:
    """Make a reviewed roster the school's students, all or nothing; answers what was done.

    The plan is made again here, among the students as they are in this transaction. `is_sure`: someone said that a
    file with hardly any known student, or that names another school, is this school's. Raises Missing, AlreadyDecided,
    NotSure, NotReadYet, and PlanChanged when it is not the plan whose fingerprint was shown: then nothing is written.
    """
    upload = _waiting(who, upload_id)
    rows = stored_rows(upload)
    known, plan = plan_of(who, upload, rows)
    if plan.fingerprint != fingerprint:
        raise PlanChanged
    is_doubtful = plan.is_unlike or other_school_named(json.loads(upload.notes), upload.school.name)
    if is_doubtful and not is_sure:
        raise NotSure
    replaced = replaced_by(open_fix_items(who, upload), rows)

    counts = counts_of(plan, rows, known)
    outcome = {kind.value: counts[kind] for kind in Shown}
    outcome["replaced"] = len(replaced)

    remember_changes(upload.id, [match.student for match in plan.changed + plan.moved if match.student])
    created = schools.apply_student_changes(who, upload.school_id, plan.changes)
    RosterChange.update(changed_at=clock.now()).where(RosterChange.upload == upload.id).execute()
    settle(who, replaced, "replaced", upload.id)
    _add_fixes(upload, plan)
    if created:
        outcome |= {CREATED_FROM: created[0], CREATED_TO: created[-1]}
    _decide(who, upload, "confirmed", outcome)
    told = " ".join(f"{name}={count}" for name, count in outcome.items() if count)
    note_change(who, "roster_confirmed", "roster_upload", upload.id, told)
    return outcome


def withdraw_roster(who: Who, upload_id: int) -> None:
    """Put a roster aside that is being read or waits; nothing of it goes in. Raises Missing, AlreadyDecided."""
    upload = upload_of(who, upload_id)
    if upload.state not in ("reading", "waiting"):
        raise AlreadyDecided(upload.state)
    _decide(who, upload, "withdrawn", {})
    _forget_rows(upload.id)
    note_change(who, "roster_withdrawn", "roster_upload", upload.id)


def decide_missing(
    who: Who, upload_id: int, student_ids: Sequence[int], everyone: bool, status: str, shown: str = ""
) -> int:
    """Say what became of students of the school whom its roster does not name; answers how many were changed.

    `everyone` means all that the review lists as missing; `shown` is the fingerprint of that review. Raises Missing;
    AlreadyDecided for a roster of the past, by which everyone who came since would be missing; PlanChanged when
    everyone is no longer who was shown; NotSure for everyone by a file that hardly names a known student and is not
    confirmed; ValueError for a status there is not.
    """
    if status not in STATUSES:
        raise ValueError(status)
    upload = upload_of(who, upload_id)
    if not is_compared(upload):
        raise AlreadyDecided(upload.state)
    known, plan = plan_of(who, upload, stored_rows(upload))

    if everyone:
        if plan.fingerprint != shown:
            raise PlanChanged
        if plan.is_unlike and upload.state == "waiting":
            raise NotSure
        chosen = [student.id for student in plan.missing]
    else:
        ours = {student.id for student in known}
        chosen = [student_id for student_id in student_ids if student_id in ours]
    return schools.set_student_status(who, chosen, status)


def dismiss_fixes(who: Who, school_id: int, item_ids: Sequence[int]) -> int:
    """Take items off a school's fix list without mending them; answers how many. Raises Missing."""
    school = schools_queries.school(who, school_id)
    if not who.may_see_school(school.id):
        raise Missing
    found = FixItem.select(FixItem.id).where(
        FixItem.id.in_(list(item_ids)), FixItem.school == school.id, FixItem.state == "open"
    )
    chosen = [item.id for item in found]

    settle(who, chosen, "dismissed")
    for item_id in chosen:
        note_change(who, "fix_dismissed", "fix_item", item_id)
    return len(chosen)


def put_back_fix(who: Who, school_id: int, item_id: int) -> bool:
    """Put a dismissed item on a school's fix list again; False where it is not dismissed. Raises Missing."""
    school = schools_queries.school(who, school_id)
    if not who.may_see_school(school.id):
        raise Missing

    changed = (
        FixItem.update(state="open", decided_by=None, decided_at=None)
        .where(FixItem.id == item_id, FixItem.school == school.id, FixItem.state == "dismissed")
        .execute()
    )
    if changed:
        note_change(who, "fix_put_back", "fix_item", item_id)
    return bool(changed)


def load_school_list(
    who: Who, new_districts: Sequence[tuple[str, str]], found: Sequence[SchoolFacts]
) -> SchoolsLoaded:
    """Add the districts (code, name) that the office did not have, then its schools. Raises Missing for a district
    that is neither known nor among the new ones."""
    if new_districts:
        schools.load_districts(who, new_districts)
    return schools.load_schools(who, found)


def forget_old_uploads(now: datetime) -> list[str]:
    """Let go of files sent more than 30 days ago, of all offices; answers the names of the files to delete.

    What was read of them goes too, and a roster nobody confirmed in that time is withdrawn; students and the fix
    list stay.
    """
    before = now - timedelta(days=KEPT_DAYS)
    old = RosterUpload.select().where(
        RosterUpload.stored_as.is_null(False), RosterUpload.uploaded_at < before
    )
    names = []
    for upload in old:
        names.append(str(upload.stored_as))
        state = "withdrawn" if upload.state in ("reading", "waiting") else upload.state
        RosterUpload.update(stored_as=None, state=state).where(RosterUpload.id == upload.id).execute()
        _forget_rows(upload.id)
    return names


def _forget_rows(upload_id: int) -> None:
    """Let go of what was read of a file, said of it, and known of its students before it."""
    for table in (RosterRowRecord, RosterMend, RosterDecision, StillHere, RosterChange):
        table.delete().where(table.upload == upload_id).execute()


def _waiting(who: Who, upload_id: int) -> RosterUpload:
    """The upload, once nobody else can confirm one of its school until this transaction ends."""
    upload = upload_of(who, upload_id)
    if db.obj.__class__.__name__.startswith("Postgresql"):
        School.select(School.id).where(School.id == upload.school_id).for_update().execute()
        upload = upload_of(who, upload_id)
    if upload.state != "waiting":
        raise AlreadyDecided(upload.state)
    if upload.wishes != upload.wishes_read:
        raise NotReadYet
    return upload


def _decide(who: Who, upload: RosterUpload, state: str, outcome: dict[str, int]) -> None:
    RosterUpload.update(
        state=state, decided_by=who.account_id, decided_at=clock.now(), outcome=json.dumps(outcome)
    ).where(RosterUpload.id == upload.id).execute()


def settle(who: Who, item_ids: Sequence[int], state: str, replaced_by: int | None = None) -> None:
    """Take items off a fix list: mended, replaced by a newer roster, or dismissed."""
    for start in range(0, len(item_ids), 500):
        FixItem.update(
            state=state, decided_by=who.account_id, decided_at=clock.now(), replaced_by=replaced_by
        ).where(FixItem.id.in_(item_ids[start : start + 500])).execute()


def remember_changes(upload_id: int, before: Sequence[KnownStudent]) -> None:
    """Keep what students are before a roster changes them, as long as it can be undone."""
    changed_at: dict[int, datetime] = {}
    for start in range(0, len(before), 500):
        ids = [student.id for student in before[start : start + 500]]
        changed_at |= dict(rows_of(Student.select(Student.id, Student.updated_at).where(Student.id.in_(ids))))
    insert_rows(
        "roster_change",
        ("upload_id", "student_id", "before", "changed_at"),
        [
            (upload_id, student.id, student_text(student, changed_at[student.id]), clock.now())
            for student in before
        ],
    )


def _add_fixes(upload: RosterUpload, plan: ImportPlan) -> None:
    insert_rows(
        "fix_item",
        ("office_id", "school_id", "upload_id", "sheet", "row_number", "name", "reasons", "findings"),
        [
            (
                upload.office_id,
                upload.school_id,
                upload.id,
                item.sheet,
                item.row,
                item.name,
                json.dumps(item.reasons),
                findings_text(item.findings),
            )
            for item in new_fixes(plan)
        ],
    )
