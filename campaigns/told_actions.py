"""What a school is told of a day is written down, so that the next letter can say what it was before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from campaigns.models import RecordingDay, ToldDay
from campaigns.queries import DayCard
from common import clock
from common.access import Who


def note_told(
    who: Who, kind: str, day_ids: Sequence[int], before: Mapping[int, DayCard] | None = None
) -> None:
    """Write down that the school of these days is told of them as they are now (kind: announced, moved, cancelled or
    postponed); `before` are the days as they were.

    Whoever announces, moves or calls off a day calls it last, in the same transaction.
    """
    now = clock.now()
    rows = RecordingDay.select().where(
        RecordingDay.office == who.office_id, RecordingDay.id.in_(list(day_ids))
    )
    for row in rows.order_by(RecordingDay.date, RecordingDay.id):
        was = (before or {}).get(row.id)
        ToldDay.insert(
            office=who.office_id,
            day=row.id,
            kind=kind,
            told_by=who.account_id,
            told_at=now,
            date=row.date,
            starts_at=row.starts_at,
            team=row.team_id,
            students=row.planned,
            before_date=was.date if was else None,
            before_starts_at=was.starts_at if was else "",
            before_team=was.team_id if was else None,
        ).execute()
