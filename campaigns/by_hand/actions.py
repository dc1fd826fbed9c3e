"""Acts by hand on a day that is planned: force it past a rule, lock it, unlock it."""

from __future__ import annotations

from datetime import date

from accounts.actions import note_change
from campaigns.booking import day_actions
from campaigns.booking.hours import TeamDayFull
from campaigns.hard_rules import Clash
from campaigns.models import RecordingDay
from campaigns.queries import day
from common.access import COORDINATOR, Missing, Who

LOCKABLE = ("draft", "proposed", "change_asked", "confirmed")


class NotMoved(Exception):
    """The day is no longer as it was when the move was looked at."""


def force_day(who: Who, day_id: int, to: date, team_id: int, reason: str) -> tuple[Clash, ...]:
    """Move a day although rules stand against it; answers those against which no reason helps (nothing moved then).

    The rules it breaks and the reason stay with the day, which is locked where it is. Raises Missing, ValueError
    without a reason, NotMoved when the day does not move by hand (any more).
    """
    if not reason.strip():
        raise ValueError("a forced exception has a reason")
    try:
        return day_actions.move_day(who, day_id, to, team_id, reason.strip()).clashes
    except (day_actions.StateChanged, TeamDayFull) as changed:
        raise NotMoved from changed


def lock_day(who: Who, day_id: int, locked: bool) -> bool:
    """Lock a day where it is, or let plans move it again; answers False when it was so. Raises Missing, or NotMoved."""
    card = day(who, day_id)
    if who.role != COORDINATOR:
        raise Missing
    if card.is_locked == locked:
        return False
    if card.state not in LOCKABLE or card.kind != "school":
        raise NotMoved
    RecordingDay.update(is_locked=locked).where(RecordingDay.id == day_id).execute()
    note_change(who, "day_locked" if locked else "day_unlocked", "recording_day", day_id)
    return True
