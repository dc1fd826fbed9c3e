"""Acts on recordings that waited to be sent: told in bulk to have gone through or not, and that undone."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from peewee import fn

from accounts.actions import note_change
from campaigns.attendance import NO_MARKS, Outcome, OutcomeReason, View, view_of
from campaigns.field.actions import NotAllowed, locked_day
from campaigns.field.models import WaitingConfirm
from campaigns.field.received import Received
from campaigns.field.taking_actions import add_marks, marked_day
from campaigns.mark_queries import mark_of
from campaigns.models import MarkRow, RecordingDay, StandingRow
from campaigns.queries import campaign
from common import clock
from common.access import Missing, Who
from common.database import rows_of

# What can be said of a recording that waited: it came through, or the student must come again.
SAYABLE = (Outcome.RECORDED, Outcome.FAILED)


@dataclass(frozen=True, slots=True)
class Told:
    """How many students changed, how many had changed meanwhile and stay as they are, and the days to tell of it."""

    students: int
    skipped: int
    day_ids: tuple[int, ...]


def confirm_waiting(
    who: Who,
    campaign_id: int,
    chosen: Collection[tuple[int, int]],
    outcome: Outcome,
    reason: OutcomeReason | None,
) -> Told:
    """Say of these (student, day) that their data went through, or that it did not; a mark each, in one transaction.

    Who no longer waits stays as he or she is, so a second press changes nothing. Raises Missing, NotAllowed ("outcome",
    "reason").
    """
    campaign(who, campaign_id)
    if not who.is_coordinator:
        raise Missing
    if outcome not in SAYABLE:
        raise NotAllowed("outcome")
    if (outcome is Outcome.FAILED) != (reason is not None):
        raise NotAllowed("reason")
    views = _views(who, campaign_id, chosen)
    wait = _waiting(campaign_id, chosen)

    told = {key: view for key, view in views.items() if key in wait and view.outcome is Outcome.WAITING}

    if not told:
        return Told(0, len(set(chosen)), ())
    made = WaitingConfirm.create(
        office=who.office_id,
        campaign=campaign_id,
        outcome=outcome.value,
        reason=reason or "",
        students=len(told),
        made_by=who.account_id,
        made_at=clock.now(),
    ).id
    _mark(who, made, told, outcome, reason)
    note_change(
        who, "waiting_confirmed", "waiting_confirm", made, f"students={len(told)} outcome={outcome.value}"
    )
    return Told(len(told), len(set(chosen) - set(told)), tuple(sorted({day for _, day in told})))


def undo_confirm(who: Who, confirm_id: int) -> Told:
    """Let those whom a bulk confirm told about wait again, but for whom somebody marked since. Twice does nothing.

    Raises Missing.
    """
    row = WaitingConfirm.get_or_none(WaitingConfirm.id == confirm_id, WaitingConfirm.office == who.office_id)
    if row is None or not who.is_coordinator:
        raise Missing
    if row.undone_at is not None:
        return Told(0, 0, ())
    ours = MarkRow.select(MarkRow.student, MarkRow.day).where(
        MarkRow.office == who.office_id, MarkRow.device == _device(confirm_id)
    )
    views = _views(who, row.campaign_id, rows_of(ours))

    back = {
        key: view for key, view in views.items() if {mark.device for mark in view.live} == {_device(row.id)}
    }

    _mark(who, row.id, back, Outcome.WAITING, None)
    WaitingConfirm.update(undone_at=clock.now(), undone_by=who.account_id).where(
        WaitingConfirm.id == row.id
    ).execute()
    note_change(who, "waiting_confirm_undone", "waiting_confirm", row.id, f"students={len(back)}")
    return Told(len(back), len(views) - len(back), tuple(sorted({day for _, day in back})))


def _device(confirm_id: int) -> str:
    return f"bulk:{confirm_id}"


def _views(who: Who, campaign_id: int, keys: Iterable[tuple[int, int]]) -> dict[tuple[int, int], View]:
    """What the marks say of each (student, day) of the campaign; the days held until the transaction ends."""
    wanted = set(keys)
    days = RecordingDay.select(RecordingDay.id).where(
        RecordingDay.id.in_({day for _, day in wanted}),
        RecordingDay.campaign == campaign_id,
        RecordingDay.office == who.office_id,
    )
    own = sorted(day for (day,) in rows_of(days))
    for day in own:
        locked_day(who, day)
    marks = defaultdict(list)
    rows = MarkRow.select().where(
        MarkRow.day.in_(own),
        MarkRow.student.in_({student for student, _ in wanted}),
        MarkRow.quarantine == "",
    )
    for row in rows:
        marks[row.student_id, row.day_id].append(mark_of(row))
    return {key: view_of(marks[key]) if key in marks else NO_MARKS for key in wanted if key[1] in own}


def _waiting(campaign_id: int, keys: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    """Those of whom the programme as a whole says that they wait: another day may have recorded them."""
    rows = StandingRow.select(StandingRow.student, StandingRow.last_day).where(
        StandingRow.campaign == campaign_id,
        StandingRow.student.in_({student for student, _ in keys}),
        StandingRow.outcome == Outcome.WAITING.value,
    )
    return set(rows_of(rows))


def _mark(
    who: Who,
    confirm_id: int,
    views: dict[tuple[int, int], View],
    outcome: Outcome,
    reason: OutcomeReason | None,
) -> None:
    device = _device(confirm_id)
    before = MarkRow.select(fn.MAX(MarkRow.seq)).where(
        MarkRow.office == who.office_id, MarkRow.device == device
    )
    marks = defaultdict(list)
    for seq, ((student, day_id), view) in enumerate(sorted(views.items()), (before.scalar() or 0) + 1):
        mark = Received(
            uuid=hashlib.sha256(f"{device} {seq}".encode()).hexdigest()[:32],
            student=student,
            outcome=outcome,
            reason=reason,
            device=device,
            seq=seq,
            lc=max(one.lc for one in view.live) + 1,
            supersedes=tuple(sorted(one.uuid for one in view.live)),
            officer=who.account_id,
            device_time="",
        )
        marks[day_id].append(mark)
    for day_id, its in sorted(marks.items()):
        add_marks(who, marked_day(who, day_id), its)
