"""Acts that end a recording day and undo its end."""

from __future__ import annotations

from accounts.actions import note_change
from campaigns.actions import refresh_standings
from campaigns.attendance import DayState, may_move
from campaigns.field.actions import NotAllowed, locked_day
from campaigns.field.closing import closing_fault
from campaigns.models import Booking, MarkRow, RecordingDay
from common import clock
from common.access import COORDINATOR, OFFICER, Missing, Who
from common.database import rows_of


def close_day(who: Who, day_id: int) -> None:
    """Close a day: whoever has no mark is absent. Closing a closed day does nothing.

    Raises Missing, NotAllowed: "early" before its date, "state" when it was neither confirmed nor held.
    """
    if who.role not in (COORDINATOR, OFFICER):
        raise Missing
    day = locked_day(who, day_id)
    state = DayState(day.state)
    if state is DayState.CLOSED:
        return
    fault = closing_fault(state, day.date, clock.today(who.time_zone))
    if fault is not None:
        raise NotAllowed(fault.value)

    RecordingDay.update(state=DayState.CLOSED.value, closed_at=clock.now(), closed_by=who.account_id).where(
        RecordingDay.id == day_id
    ).execute()
    refresh_standings(day.campaign_id, _called_or_marked(day_id))
    note_change(who, "day_closed", "recording_day", day_id)


def reopen_day(who: Who, day_id: int, reason: str) -> None:
    """Undo a closing, with the reason, which is kept in the day's log. An open day stays open.

    Raises Missing, NotAllowed: "reason" without one, "state" when the day was not closed.
    """
    day = locked_day(who, day_id)
    state = DayState(day.state)
    if not who.is_coordinator:
        raise Missing
    if state is DayState.OPEN:
        return
    if state is not DayState.CLOSED or not may_move(state, DayState.OPEN):
        raise NotAllowed("state")
    if not reason.strip():
        raise NotAllowed("reason")

    RecordingDay.update(state=DayState.OPEN.value, closed_at=None, closed_by=None).where(
        RecordingDay.id == day_id
    ).execute()
    refresh_standings(day.campaign_id, _called_or_marked(day_id))
    note_change(who, "day_reopened", "recording_day", day_id, reason.strip()[:200])


def _called_or_marked(day_id: int) -> set[int]:
    called = Booking.select(Booking.student).where(Booking.day == day_id)
    marked = MarkRow.select(MarkRow.student).where(MarkRow.day == day_id, MarkRow.student.is_null(False))
    return {student_id for (student_id,) in [*rows_of(called), *rows_of(marked)]}
