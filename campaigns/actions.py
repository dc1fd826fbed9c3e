"""The stored copies of what follows from rosters and marks, kept by the transaction that changes their source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any

from campaigns.attendance import DayState, Outcome, OutcomeReason, View, view_of
from campaigns.coverage import FIGURES
from campaigns.models import Booking, Campaign, MarkRow, RecordingDay, StandingRow, Tally
from campaigns.queries import MARK_FIELDS, mark_from
from campaigns.standing import DayOutcome, Standing, absent_if_closed, standing_of
from campaigns.tally_queries import class_tally_rows, tally_rows
from common.database import insert_rows, rows_of
from common.prepared import Prepared
from schools.actions import after_students_changed
from schools.models import Student


def refresh_standings(campaign_id: int, student_ids: Iterable[int]) -> None:
    """Work out again where these students stand, from their bookings and marks, and the counts of their classes."""
    ids = sorted(set(student_ids))
    classes: dict[int, set[str]] = defaultdict(set)
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        standings = _standings(campaign_id, part)
        gone = [student_id for student_id in part if student_id not in standings]
        if gone:
            _NO_STANDINGS.execute(campaign=campaign_id, students=gone)
        insert_rows(
            "standing",
            ("campaign_id", "student_id", "outcome", "reason", "needs_look", "attempts", "last_day_id"),
            [
                (
                    campaign_id,
                    student_id,
                    standing.outcome.value,
                    standing.reason,
                    standing.needs_look,
                    standing.attempts,
                    standing.last_day_id,
                )
                for student_id, standing in standings.items()
            ],
            replacing=("campaign_id", "student_id"),
        )
        for school_id, class_name in _CLASSES.rows(students=part):
            classes[school_id].add(class_name)
    for school_id, names in classes.items():
        _insert_tallies(class_tally_rows(campaign_id, school_id, names))


def refresh_tallies(campaign_id: int, school_ids: Iterable[int]) -> None:
    """Count the classes of these schools again for one campaign."""
    ids = sorted(set(school_ids))
    campaign = Campaign.get_by_id(campaign_id)
    if not ids:
        return
    Tally.delete().where(Tally.campaign == campaign_id, Tally.school.in_(ids)).execute()
    _insert_tallies(tally_rows(campaign, ids))


def refresh_all_tallies(campaign_id: int) -> None:
    """Count every class of a campaign again: places were given or taken away in many schools at once."""
    schools = Tally.select(Tally.school).where(Tally.campaign == campaign_id).distinct()
    refresh_tallies(campaign_id, [school_id for (school_id,) in rows_of(schools)])


def _insert_tallies(rows: list[tuple[object, ...]]) -> None:
    key = ("campaign_id", "school_id", "class_name")
    insert_rows("tally", (*key, *FIGURES), rows, replacing=key)


_NO_STANDINGS = Prepared(
    lambda given: StandingRow.delete().where(
        StandingRow.campaign == given("campaign"), given.among(StandingRow.student, "students")
    )
)
_CLASSES = Prepared(
    lambda given: (
        Student.select(Student.school, Student.class_name)
        .where(given.among(Student.id, "students"))
        .distinct()
    )
)
_CALLED = Prepared(
    lambda given: Booking.select(Booking.day, Booking.student).where(given.among(Booking.student, "students"))
)
_MARKS = Prepared(
    lambda given: MarkRow.select(*MARK_FIELDS).where(
        given.among(MarkRow.student, "students"), MarkRow.quarantine == ""
    )
)
_DAYS = Prepared(
    lambda given: RecordingDay.select(
        RecordingDay.id, RecordingDay.date, RecordingDay.state, RecordingDay.campaign
    ).where(given.among(RecordingDay.id, "days"))
)


def _standings(campaign_id: int, student_ids: list[int]) -> dict[int, Standing]:
    called = _CALLED.rows(students=student_ids)
    marks: dict[tuple[int, int], list[tuple[Any, ...]]] = defaultdict(list)
    for row in _MARKS.rows(students=student_ids):
        marks[row[1], row[2]].append(row)  # student and day
    touched = {day_id for day_id, _ in called} | {day_id for _, day_id in marks}
    found = _DAYS.rows(days=touched)
    days = {day_id: (on, state) for day_id, on, state, its in found if its == campaign_id}

    told: dict[int, list[DayOutcome]] = defaultdict(list)
    for (student_id, day_id), rows in marks.items():
        if day_id in days:
            on, state = days[day_id]
            said, why, needs_look = _said_by(rows)
            outcome = absent_if_closed(said, state == DayState.CLOSED)
            reason = why or (_UNKNOWN if outcome is Outcome.ABSENT else "")
            told[student_id].append(DayOutcome(day_id, on, outcome, reason, needs_look))
    for day_id, student_id in called:
        on, state = days.get(day_id, (None, ""))
        if on is not None and state == DayState.CLOSED and (student_id, day_id) not in marks:
            told[student_id].append(DayOutcome(day_id, on, Outcome.ABSENT, _UNKNOWN))
    standings = {student_id: standing_of(its) for student_id, its in told.items()}
    return {student_id: standing for student_id, standing in standings.items() if standing is not None}


_UNKNOWN = OutcomeReason.UNKNOWN.value


def _said_by(rows: list[tuple[Any, ...]]) -> tuple[Outcome | None, str, bool]:
    """What the marks of one student on one day say: outcome, reason, and whether somebody has to look."""
    if len(rows) == 1:
        return _said_by_one(rows[0][3], rows[0][4])
    return _told(view_of([mark_from(row) for row in rows]))


@cache
def _said_by_one(outcome: str, reason: str) -> tuple[Outcome | None, str, bool]:
    """The same of a mark that stands alone, as nearly all do: nothing else of it matters, and there are few kinds."""
    return _told(view_of([mark_from(("", 0, 0, outcome, reason, "", 0, 0, "[]", 0, ""))]))


def _told(view: View) -> tuple[Outcome | None, str, bool]:
    # bare texts: SQLite's library asks of every value that is something more how to write it
    return view.outcome, view.reason.value if view.reason else "", view.needs_look


def _students_changed(office_id: int, school_ids: frozenset[int]) -> None:
    for campaign in Campaign.select().where(Campaign.office == office_id, Campaign.closed_at.is_null()):
        refresh_tallies(campaign.id, school_ids)


after_students_changed.append(_students_changed)
