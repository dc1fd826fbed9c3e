"""The coordinator's answer to a school that asks for another day, as one act."""

from __future__ import annotations

from accounts.actions import note_change
from campaigns.answering.answers import Answer, Kind
from campaigns.booking import day_actions
from campaigns.booking.basis_queries import why_of
from campaigns.booking.hours import TeamDayFull
from campaigns.hard_rules import Clash
from campaigns.models import RecordingDay
from campaigns.queries import day
from common.access import COORDINATOR, Missing, Who


class NotAnswered(Exception):
    """The day is no longer as it was when the answer was chosen: somebody was quicker, or the page was old."""


def answer_wish(who: Who, day_id: int, answer: Answer) -> tuple[Clash, ...]:
    """Move the day, keep it or call it off, and keep the word for the school; answers what stands against a move.

    Nothing is changed when something does. A kept day counts as confirmed, and so does one on a date that the school
    itself offered. Raises Missing, or NotAnswered when the school asks for nothing (any more), does not offer that date
    (any more), or the day cannot become what was answered.
    """
    card = day(who, day_id)
    if who.role != COORDINATOR:
        raise Missing
    if card.state != "change_asked" or (answer.to is not None and answer.to not in why_of(card).offered):
        raise NotAnswered

    try:
        if answer.kind == Kind.MOVE:
            assert answer.to is not None and answer.team_id is not None
            moved = day_actions.move_day(who, day_id, answer.to, answer.team_id)
            if moved.clashes:
                return moved.clashes
        elif answer.kind == Kind.KEEP:
            day_actions.confirm_day(who, day_id)
        else:
            day_actions.call_off_day(who, day_id, answer.kind.value, answer.word)
    except (day_actions.StateChanged, TeamDayFull) as changed:
        raise NotAnswered from changed
    RecordingDay.update(note=answer.word).where(RecordingDay.id == day_id).execute()
    note_change(who, "wish_answered", "recording_day", day_id, answer.kind.value)
    return ()
