"""What a school is told of a day is written down, so that the next letter can say what it was before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from campaigns.models import RecordingDay, ToldDay, ToldSchool
from campaigns.queries import SHARED_KINDS, DayCard, students_of_schools
from common import clock
from common.access import Who
from common.database import rows_of


def note_told(
    who: Who, kind: str, day_ids: Sequence[int], before: Mapping[int, DayCard] | None = None
) -> None:
    """Write down that the schools of these days are told of them as they are now (kind: announced, moved, cancelled or
    postponed); `before` are the days as they were.

    Whoever announces, moves or calls off a day calls it last, in the same transaction.
    """
    now = clock.now()
    rows = RecordingDay.select().where(
        RecordingDay.office == who.office_id, RecordingDay.id.in_(list(day_ids))
    )
    for row in rows.order_by(RecordingDay.date, RecordingDay.id):
        was = (before or {}).get(row.id)
        told_id = ToldDay.insert(
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
        if row.kind in SHARED_KINDS:
            _note_schools(told_id, row.id)


def _note_schools(told_id: int, day_id: int) -> None:
    """Who is told of a shared day: the schools whose students have a place, else those who were told of it before."""
    now = students_of_schools([day_id])[day_id]
    if not now:
        before = (
            ToldSchool.select(ToldSchool.school, ToldSchool.students)
            .join(ToldDay)
            .where(ToldDay.day == day_id)
            .order_by(ToldDay.id)
        )
        now = dict(rows_of(before))
    rows = [{"told": told_id, "school": school, "students": students} for school, students in now.items()]
    if rows:
        ToldSchool.insert_many(rows).execute()
