"""Acts on what was read of a roster: columns named, cells mended, rows decided, and what mending brings in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from accounts.actions import note_change, note_changes
from common import clock
from common.access import Who
from common.database import bound, insert_rows, rows_of
from imports.actions import (
    ROW_COLUMNS,
    AlreadyDecided,
    PlanChanged,
    StoredReading,
    insert_roster_rows,
    remember_changes,
    settle,
)
from imports.columns import Field
from imports.decisions import Decision, Place
from imports.findings import Finding
from imports.fix_queries import open_items
from imports.layout import Layout
from imports.matching import Match
from imports.models import (
    ColumnAnswer,
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
from imports.review import asked_of, cell_key, finding_line, place, to_fix
from imports.review_queries import is_compared, is_newest_confirmed, plan_of
from imports.stored import RowTexts, findings_of, findings_text
from imports.wishes import is_untouched
from schools import actions as schools
from schools.students import KnownStudent, StudentChanges, StudentFacts

MOST_MENDS = 1_000
"""Cells of one file that may be mended on screen; with more, mending the list itself is less work."""
MOST_CHARACTERS = 200  # of a mended cell


class TooManyMends(Exception):
    """More cells were mended than one file may have."""


class FileGone(Exception):
    """The file is no longer kept, so it cannot be read again."""


def name_columns(who: Who, upload_id: int, answers: Mapping[tuple[Layout, str], Field]) -> UploadToRead:
    """Remember what a school's headings hold, by layout and `columns.heading_key`, and have the file read again.

    Raises Missing; AlreadyDecided for a file that is confirmed or put aside; FileGone.
    """
    upload = _kept(who, upload_id, "waiting", "refused")
    for (layout, heading), field in answers.items():
        ColumnAnswer.insert(
            office=upload.office_id,
            school=upload.school_id,
            layout=layout.value,
            heading=heading,
            field=field.value,
            answered_by=who.account_id,
            answered_at=clock.now(),
        ).on_conflict(
            conflict_target=[ColumnAnswer.school, ColumnAnswer.layout, ColumnAnswer.heading],
            preserve=[ColumnAnswer.field, ColumnAnswer.answered_by, ColumnAnswer.answered_at],
        ).execute()
    _say(upload, state="reading")
    note_change(who, "columns_named", "roster_upload", upload.id, f"columns={len(answers)}")
    return to_read(upload_of(who, upload_id))


def mend_cells(
    who: Who, upload_id: int, values: Mapping[str, str], offered: Mapping[str, str] | None = None
) -> int:
    """Write down cells (`review.cell_key`) as they should be; answers how many differ from what stands there.

    `offered` is what stood in the form: a cell that came back as it was is left alone, whoever mended it since.

    Only cells with a finding can be mended. The rows are to be read again: see `store_again`. Raises Missing,
    AlreadyDecided, FileGone, TooManyMends.
    """
    upload = _kept(who, upload_id, "waiting", "confirmed")
    found = _doubtful_cells(who, upload)
    changed = 0
    for key, value in values.items():
        finding = found.get(key)
        text = value.strip()[:MOST_CHARACTERS]
        if finding is None or finding.column is None or is_untouched(_offered(finding), text):
            continue
        if offered is not None and key in offered and is_untouched(offered[key], text):
            continue
        _mend(who, upload, finding, text)
        changed += 1
    if changed:
        if RosterMend.select().where(RosterMend.upload == upload.id).count() > MOST_MENDS:
            raise TooManyMends
        _say(upload)
        note_change(who, "cells_mended", "roster_upload", upload.id, f"cells={changed}")
    return changed


def take_back_mend(who: Who, upload_id: int, mend_id: int) -> bool:
    """Let a cell be as the file has it; False when that was done before. Raises Missing, AlreadyDecided, FileGone."""
    upload = _kept(who, upload_id, "waiting")
    found = RosterMend.delete().where(RosterMend.id == mend_id, RosterMend.upload == upload.id).execute()
    if found:
        _say(upload)
        note_change(who, "mend_taken_back", "roster_upload", upload.id)
    return bool(found)


def store_again(upload: UploadToRead, reading: StoredReading) -> None:
    """Keep what a file says with everything that was said of it.

    Nothing when more was said while it was read, or the file was put aside or let go of meanwhile.
    """
    changed = (
        RosterUpload.update(
            counts=json.dumps(reading.counts),
            reasons=json.dumps(reading.reasons),
            notes=json.dumps(reading.notes, ensure_ascii=False),
            wishes_read=upload.said,
        )
        .where(
            RosterUpload.id == upload.id,
            RosterUpload.wishes == upload.said,
            RosterUpload.state.in_(("waiting", "confirmed")),
            RosterUpload.stored_as.is_null(False),
        )
        .execute()
    )
    if changed:
        _change_rows(upload.id, reading.rows)


def decide_rows(who: Who, upload_id: int, decided: Iterable[tuple[str, int, int, Decision]]) -> int:
    """Write down what rows are (sheet or '', row, student id, decision); answers how many could be.

    Only what the review asks can be answered: of students of other schools it asks the coordinator alone. Raises
    Missing, AlreadyDecided.
    """
    upload = upload_of(who, upload_id)
    if upload.state not in ("waiting", "confirmed"):
        raise AlreadyDecided(upload.state)
    _, plan = plan_of(who, upload, stored_rows(upload))
    asked = asked_of(plan, who.is_coordinator)
    count = 0
    for sheet, row, student_id, decision in decided:
        if decision not in asked.get((sheet, row, student_id), ()):
            continue
        RosterDecision.insert(
            upload=upload.id,
            sheet=sheet,
            row_number=row,
            student=student_id,
            decision=decision.value,
            made_by=who.account_id,
            made_at=clock.now(),
        ).on_conflict(
            conflict_target=[
                RosterDecision.upload,
                RosterDecision.sheet,
                RosterDecision.row_number,
                RosterDecision.student,
            ],
            preserve=[RosterDecision.decision, RosterDecision.made_by, RosterDecision.made_at],
        ).execute()
        note_change(who, "row_decided", "student", student_id, f"upload={upload.id} {decision.value}")
        count += 1
    return count


def take_back_decision(who: Who, upload_id: int, decision_id: int) -> bool:
    """Ask again what a row is; False when that was done before. Raises Missing, AlreadyDecided."""
    upload = upload_of(who, upload_id)
    if upload.state != "waiting":
        raise AlreadyDecided(upload.state)
    of_upload = (RosterDecision.id == decision_id) & (RosterDecision.upload == upload.id)
    found = RosterDecision.delete().where(of_upload).execute()
    if found:
        note_change(who, "decision_taken_back", "roster_upload", upload.id)
    return bool(found)


def say_still_here(
    who: Who, upload_id: int, student_ids: Sequence[int], everyone: bool, shown: str = ""
) -> int:
    """Say that students whom a roster does not name are at the school all the same; answers how many.

    `everyone` means all that the review of the fingerprint `shown` lists. Raises Missing; AlreadyDecided for a roster
    that is no longer held against the students of today; PlanChanged when everyone is no longer who was shown.
    """
    upload = upload_of(who, upload_id)
    if not is_compared(upload):
        raise AlreadyDecided(upload.state)
    _, plan = plan_of(who, upload, stored_rows(upload))
    if everyone and plan.fingerprint != shown:
        raise PlanChanged
    missing = {student.id for student in plan.missing}
    chosen = sorted(missing if everyone else missing & set(student_ids))
    now = bound(clock.now())
    insert_rows(
        "still_here",
        ("upload_id", "student_id", "made_by_id", "made_at"),
        [(upload.id, student_id, who.account_id, now) for student_id in chosen],
    )
    note_changes(who, "student_still_here", "student", chosen, f"upload={upload.id}")
    return len(chosen)


def ask_who_is_missing(who: Who, upload_id: int) -> int:
    """Take back that students whom a roster does not name are still here; answers of how many.

    Raises Missing, AlreadyDecided.
    """
    upload = upload_of(who, upload_id)
    if not is_compared(upload):
        raise AlreadyDecided(upload.state)
    count = int(StillHere.delete().where(StillHere.upload == upload.id).execute())
    if count:
        note_change(who, "decision_taken_back", "roster_upload", upload.id, f"still_here={count}")
    return count


def take_in_mended(who: Who, upload_id: int) -> int:
    """Bring in what mending and deciding made sound of a confirmed roster's open items; answers how many left the list.

    The others stay, with the reasons they have now. Of a roster that is not the newest of its school only students
    come in who are not known yet: of all others a newer one has spoken. Raises Missing, AlreadyDecided.
    """
    upload = upload_of(who, upload_id)
    if upload.state != "confirmed":
        raise AlreadyDecided(upload.state)
    rows = stored_rows(upload)
    items = list(open_items(who, upload.school_id).where(FixItem.upload == upload.id))
    if not rows or not items:
        return 0
    _, plan = plan_of(who, upload, rows)
    places = {(item.sheet, item.row_number) for item in items}

    changes = _of_places(plan, places)
    if not is_newest_confirmed(upload):
        changes = replace(changes, update=())
    touched = {student_id for student_id, _ in changes.update + changes.move}
    known = [match.student for match in plan.changed + plan.moved if match.student]
    before = [student for student in known if student.id in touched]
    _remember_more(upload.id, before)
    for student_id in schools.apply_student_changes(who, upload.school_id, changes):
        RosterChange.create(upload=upload.id, student=student_id, before="", changed_at=clock.now())
    RosterChange.update(changed_at=clock.now()).where(
        RosterChange.upload == upload.id, RosterChange.student.in_([student.id for student in before])
    ).execute()

    came_in = {place(match) for match in plan.people}
    mended = [item.id for item in items if (item.sheet, item.row_number) in came_in]
    settle(who, mended, "mended")
    note_changes(who, "fix_mended", "fix_item", mended)
    left = {(line.row.sheet, line.row.row): line.item for line in to_fix(plan, rows)}
    for item in items:
        now = left.get((item.sheet, item.row_number))
        if now is not None:
            FixItem.update(
                name=now.name, reasons=json.dumps(now.reasons), findings=findings_text(now.findings)
            ).where(FixItem.id == item.id).execute()
    return len(mended)


def _remember_more(upload_id: int, before: Sequence[KnownStudent]) -> None:
    """Keep what these students were before, but of whom it is kept already."""
    of_upload = RosterChange.select(RosterChange.student).where(RosterChange.upload == upload_id)
    held = {student_id for (student_id,) in rows_of(of_upload)}
    remember_changes(upload_id, [student for student in before if student.id not in held])


def _of_places(plan: ImportPlan, places: set[Place]) -> StudentChanges:
    def known(matches: Iterable[Match]) -> tuple[tuple[int, StudentFacts], ...]:
        return tuple(
            (match.student.id, match.after) for match in matches if match.student and place(match) in places
        )

    new = tuple(match.after for match in plan.new if place(match) in places)
    return StudentChanges(new, known(plan.changed), known(plan.moved))


def _kept(who: Who, upload_id: int, *states: str) -> RosterUpload:
    upload = upload_of(who, upload_id)
    if upload.state not in states:
        raise AlreadyDecided(upload.state)
    if upload.stored_as is None:
        raise FileGone
    return upload


def _say(upload: RosterUpload, **values: object) -> None:
    RosterUpload.update(wishes=RosterUpload.wishes + 1, **values).where(
        RosterUpload.id == upload.id
    ).execute()


def _doubtful_cells(who: Who, upload: RosterUpload) -> dict[str, Finding]:
    """The cells that can be mended: those with a finding, of the whole file or, once confirmed, of the open items."""
    if upload.state == "confirmed":
        items = open_items(who, upload.school_id).where(FixItem.upload == upload.id)
        texts: Iterable[str] = (item.findings for item in items)
    else:
        record = RosterRowRecord
        texts = (
            text
            for (text,) in rows_of(
                record.select(record.findings).where(record.upload == upload.id, record.findings != "[]")
            )
        )
    return {cell_key(finding): finding for text in texts for finding in findings_of(text) if finding.column}


def _offered(finding: Finding) -> str:
    """What stood in the form for a cell: nothing where the cell was masked."""
    return "" if finding_line(finding).is_masked else finding.value or ""


def _mend(who: Who, upload: RosterUpload, finding: Finding, text: str) -> None:
    assert finding.column is not None
    RosterMend.insert(
        upload=upload.id,
        sheet=finding.sheet or "",
        row_number=finding.row,
        column_letter=finding.column,
        heading=finding.heading or "",
        value=text,
        made_by=who.account_id,
        made_at=clock.now(),
    ).on_conflict(
        conflict_target=[
            RosterMend.upload,
            RosterMend.sheet,
            RosterMend.row_number,
            RosterMend.column_letter,
        ],
        preserve=[RosterMend.value, RosterMend.made_by, RosterMend.made_at],
    ).execute()


def _change_rows(upload_id: int, rows: Sequence[RowTexts]) -> None:
    """The rows of an upload become these; where the same rows stand already only those that differ are written."""
    record = RosterRowRecord
    columns = [getattr(record, name) for name in ROW_COLUMNS]
    held = rows_of(record.select(record.id, *columns).where(record.upload == upload_id).order_by(record.id))
    if [row[1:3] for row in held] != [row[:2] for row in rows]:
        record.delete().where(record.upload == upload_id).execute()
        insert_roster_rows(upload_id, rows)
        return
    for (row_id, *before), after in zip(held, rows, strict=True):
        if tuple(before) != tuple(after):
            record.update(dict(zip(columns, after, strict=True))).where(record.id == row_id).execute()
