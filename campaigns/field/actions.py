"""Acts of the recording day: mark by hand, decide what disagrees."""

from __future__ import annotations

import hashlib

from peewee import fn

from accounts.actions import note_change
from campaigns.attendance import Outcome, OutcomeReason, is_allowed
from campaigns.field.received import UNDECIDED, Quarantine, Received, quarantine_of
from campaigns.field.taking_actions import MarkedDay, add_marks, marked_day
from campaigns.models import Booking, MarkRow, RecordingDay, UnreadableMark
from common import clock
from common.access import COORDINATOR, OFFICER, Missing, Who
from common.database import db, rows_of
from schools.models import Student


class NotAllowed(Exception):
    """The day's state, or its date, does not allow this. The word says which: see the templates."""


def mark_by_hand(
    who: Who, day_id: int, student_id: int, outcome: Outcome, reason: OutcomeReason | None, uuid: str
) -> None:
    """Mark a student from a page without scripts, in place of whatever counts now; the same `uuid` again does nothing.

    Raises Missing for a student who is neither called nor of the school, NotAllowed ("gone", "reason").
    """
    day = marked_day(who, day_id)
    _check_by_hand(who, day, student_id, outcome, reason)

    if MarkRow.select().where(MarkRow.office == who.office_id, MarkRow.uuid == uuid).exists():
        return
    _supersede_all(who, day, student_id, outcome, reason, f"form:{who.account_id}", uuid)
    note_change(who, "marked_by_hand", "recording_day", day_id, f"student={student_id}")


def decide(
    who: Who, day_id: int, student_id: int, outcome: Outcome, reason: OutcomeReason | None, seen: str
) -> None:
    """A coordinator's decision where marks disagree: a mark that replaces all that are live. Nothing is taken away.

    `seen` are the numbers of the marks the coordinator was shown, and makes a second press harmless.
    Raises Missing, NotAllowed ("gone", "reason").
    """
    if not who.is_coordinator:
        raise Missing
    day = marked_day(who, day_id)
    _check_by_hand(who, day, student_id, outcome, reason)

    uuid = _number_from(f"decision {day_id} {student_id} {seen}")
    if MarkRow.select().where(MarkRow.office == who.office_id, MarkRow.uuid == uuid).exists():
        return
    _supersede_all(who, day, student_id, outcome, reason, f"desk:{who.account_id}", uuid)
    note_change(who, "mark_decided", "recording_day", day_id, f"student={student_id}")


def decide_quarantined(who: Who, mark_id: int, it_counts: bool, student_id: int | None = None) -> None:
    """Let a quarantined mark count, as the coordinator's own mark with its outcome, or leave it out for good.

    `student_id`: who the student is whom the officer found in no list. Deciding twice does nothing. Raises Missing.
    """
    row = MarkRow.get_or_none(MarkRow.id == mark_id, MarkRow.office == who.office_id)
    if row is None or not who.is_coordinator or row.day_id is None:
        raise Missing
    student = row.student_id or student_id
    if (
        it_counts
        and not Student.select().where(Student.id == student, Student.office == who.office_id).exists()
    ):
        raise Missing
    if row.quarantine not in UNDECIDED:
        return

    day = marked_day(who, row.day_id)
    MarkRow.update(quarantine=Quarantine.DECIDED.value).where(MarkRow.id == mark_id).execute()
    if it_counts and student is not None:
        outcome = Outcome(row.outcome)
        reason = OutcomeReason(row.reason) if row.reason else None
        uuid = _number_from(f"counts {mark_id}")
        _supersede_all(who, day, student, outcome, reason, f"desk:{who.account_id}", uuid)
    act = "quarantined_mark_counts" if it_counts else "quarantined_mark_left_out"
    note_change(who, act, "mark", mark_id)


def locked_day(who: Who, day_id: int) -> RecordingDay:
    """The whole day, held for who changes it. Raises Missing."""
    query = RecordingDay.select().where(RecordingDay.id == day_id, RecordingDay.office == who.office_id)
    if db.for_update:  # PostgreSQL: changes of one day come one after the other
        query = query.for_update()
    found = query.first()
    if found is None:
        raise Missing
    return found


def _supersede_all(
    who: Who,
    day: MarkedDay,
    student_id: int,
    outcome: Outcome,
    reason: OutcomeReason | None,
    device: str,
    uuid: str,
) -> None:
    # naming every earlier mark is naming those that are live: the others are superseded already
    earlier = MarkRow.select(MarkRow.uuid, MarkRow.lc).where(
        MarkRow.day == day.id, MarkRow.student == student_id, MarkRow.quarantine == ""
    )
    seen = rows_of(earlier)
    last = MarkRow.select(fn.MAX(MarkRow.seq)).where(
        MarkRow.office == who.office_id, MarkRow.device == device
    )
    mark = Received(
        uuid=uuid,
        student=student_id,
        outcome=outcome,
        reason=reason,
        device=device,
        seq=(last.scalar() or 0) + 1,
        lc=max((lc for _, lc in seen), default=0) + 1,
        supersedes=tuple(sorted({other for other, _ in seen})),
        officer=who.account_id,
        device_time="",
    )
    add_marks(who, day, [mark])


def look_at_unreadable(who: Who, unreadable_id: int) -> None:
    """A coordinator has looked at what could not be read; it is kept and no longer asked about. Raises Missing."""
    own = (UnreadableMark.id == unreadable_id) & (UnreadableMark.office == who.office_id)
    if not who.is_coordinator or not UnreadableMark.select().where(own).exists():
        raise Missing
    changed = UnreadableMark.update(looked_at=clock.now(), looked_by=who.account_id).where(
        own, UnreadableMark.looked_at.is_null()
    )
    if changed.execute():
        note_change(who, "unreadable_mark_looked_at", "unreadable_mark", unreadable_id)


def _check_by_hand(
    who: Who, day: MarkedDay, student_id: int, outcome: Outcome, reason: OutcomeReason | None
) -> None:
    if who.role not in (COORDINATOR, OFFICER):
        raise Missing
    student = Student.get_or_none(Student.id == student_id, Student.office == who.office_id)
    is_called = Booking.select().where(Booking.day == day.id, Booking.student == student_id).exists()
    is_marked = MarkRow.select().where(MarkRow.day == day.id, MarkRow.student == student_id).exists()
    if student is None or not (is_called or is_marked or student.school_id == day.school_id):
        raise Missing
    if quarantine_of(day.state, True, True, True, False, False) is not None:
        raise NotAllowed("gone")
    if not is_allowed(outcome, reason):
        raise NotAllowed("reason")


def _number_from(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:32]
