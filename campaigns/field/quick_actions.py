"""Marks typed from the printed list: stored as any mark is, all lines or none; and taken back together."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from accounts.actions import note_change
from campaigns.attendance import Mark, Outcome, view_of
from campaigns.field.actions import NotAllowed
from campaigns.field.quick_lines import QuickMark, fingerprint, judged, quick_lines
from campaigns.field.quick_queries import on_the_list
from campaigns.field.received import MOST_IN_A_BATCH
from campaigns.field.taking_actions import take_marks
from campaigns.mark_queries import mark_of
from campaigns.models import MarkRow
from common import clock
from common.access import Who


def store_lines(who: Who, day_id: int, text: str, seen: str, batch: str) -> int:
    """Store what was typed, in place of what counts now; answers how many marks. The same `batch` again stores nothing.

    `seen` is the fingerprint of what was shown before. Raises Missing, NotAllowed: "fault" while a line has one,
    "changed" when the list has changed since it was shown.
    """
    lines = judged(quick_lines(text), on_the_list(who, day_id))
    marks = [mark for line in lines for mark in line.marks]
    prefix = _prefix(who, day_id, batch)
    if MarkRow.select().where(MarkRow.office == who.office_id, MarkRow.uuid.startswith(prefix)).exists():
        return 0
    if any(line.fault for line in lines):
        raise NotAllowed("fault")
    if fingerprint(lines) != seen:
        raise NotAllowed("changed")

    _take(who, day_id, prefix, marks)
    note_change(who, "paper_typed", "recording_day", day_id, f"marks={len(marks)}")
    return len(marks)


def take_lines_back(who: Who, day_id: int, batch: str) -> int:
    """Undo what a batch marked: what counted before counts again. What was marked anew since stays; answers how many.

    Doing it twice does nothing. Raises Missing.
    """
    on_the_list(who, day_id)  # may this person?
    prefix = _prefix(who, day_id, batch)
    of_batch, rest = _by_student(who, day_id, prefix)
    back = []
    for student, its in of_batch.items():
        before = [mark for mark in rest[student] if not mark.supersedes & {one.uuid for one in its}]
        if len(before) < len(rest[student]):
            continue  # somebody has marked the student since
        view = view_of(before)
        outcome, reason = view.outcome or Outcome.TAKEN_BACK, view.reason
        back.append(QuickMark(student, 0, "", outcome, reason, ""))

    _take(who, day_id, f"{prefix}u", back)
    if back:
        note_change(who, "paper_taken_back", "recording_day", day_id, f"marks={len(back)}")
    return len(back)


def _take(who: Who, day_id: int, prefix: str, marks: Sequence[QuickMark]) -> None:
    device = f"paper:{who.account_id}"
    rows = list(MarkRow.select().where(MarkRow.day == day_id, MarkRow.quarantine == ""))
    live: dict[int, list[str]] = defaultdict(list)
    by_student: dict[int, list[Mark]] = defaultdict(list)
    for row in rows:
        by_student[row.student_id or 0].append(mark_of(row))
    for student, its in by_student.items():
        live[student] = sorted({mark.uuid for mark in view_of(its).live})
    numbers = [row.seq for row in MarkRow.select(MarkRow.seq).where(
        MarkRow.office == who.office_id, MarkRow.device == device
    )]  # fmt: skip
    seq, lc = max(numbers, default=0), max((row.lc for row in rows), default=0) + 1
    bodies: list[dict[str, Any]] = [
        {
            "uuid": f"{prefix}-{mark.student}",
            "day": day_id,
            "student": mark.student,
            "outcome": mark.outcome.value,
            "reason": mark.reason.value if mark.reason else "",
            "device": device,
            "seq": seq + n,
            "lc": lc,
            "supersedes": live[mark.student],
            "officer": who.account_id,
            "device_time": f"{clock.now().isoformat(timespec='seconds')}Z",
        }
        for n, mark in enumerate(marks, 1)
    ]
    for start in range(0, len(bodies), MOST_IN_A_BATCH):
        take_marks(who, day_id, bodies[start : start + MOST_IN_A_BATCH])


def _by_student(
    who: Who, day_id: int, prefix: str
) -> tuple[dict[int, list[Mark]], defaultdict[int, list[Mark]]]:
    of_batch: dict[int, list[Mark]] = {}
    rest: defaultdict[int, list[Mark]] = defaultdict(list)
    rows = MarkRow.select().where(
        MarkRow.office == who.office_id, MarkRow.day == day_id, MarkRow.quarantine == ""
    )
    for row in rows:
        if row.uuid.startswith(f"{prefix}-"):
            of_batch.setdefault(row.student_id or 0, []).append(mark_of(row))
        else:
            rest[row.student_id or 0].append(mark_of(row))
    return of_batch, rest


def _prefix(who: Who, day_id: int, batch: str) -> str:
    told = f"paper {who.account_id} {day_id} {batch}"
    return f"p{hashlib.sha256(told.encode()).hexdigest()[:30]}"
