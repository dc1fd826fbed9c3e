"""What opening a closed day again would touch: the retakes booked for its students."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from peewee import JOIN, Case, fn

from campaigns.attendance import DUE_A_RETAKE
from campaigns.field.models import Retake
from campaigns.field.retake_queries import EXPECTED
from campaigns.models import Booking, RecordingDay, StandingRow
from common.access import Missing, Who
from common.database import rows_of


@dataclass(frozen=True, slots=True)
class RetakeFrom:
    """A retake day that holds students of an earlier day, how many, and how many of them are not due one any more."""

    day_id: int
    date: date
    students: int
    not_due: int


def retakes_from(who: Who, day_id: int) -> tuple[RetakeFrom, ...]:
    """The retakes to come that were booked because of what came of this day. Raises Missing for a stranger."""
    own = RecordingDay.get_or_none(RecordingDay.id == day_id, RecordingDay.office == who.office_id)
    if own is None:
        raise Missing
    due = StandingRow.outcome.in_([outcome.value for outcome in DUE_A_RETAKE])
    rows = (
        Retake.select(
            RecordingDay.id,
            RecordingDay.date,
            fn.COUNT(Retake.booking),
            fn.SUM(Case(None, [(due, 0)], 1)),
        )
        .join(Booking)
        .join(RecordingDay)
        .join(
            StandingRow,
            JOIN.LEFT_OUTER,
            on=((StandingRow.student == Booking.student) & (StandingRow.campaign == RecordingDay.campaign)),
        )
        .where(Retake.from_day == day_id, RecordingDay.state.in_(EXPECTED))
        .group_by(RecordingDay.id, RecordingDay.date)
        .order_by(RecordingDay.date, RecordingDay.id)
    )
    return tuple(RetakeFrom(row[0], row[1], row[2], int(row[3])) for row in rows_of(rows))
