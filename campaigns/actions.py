"""The stored copies of what follows from rosters and marks, kept by the transaction that changes their source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import TypeAlias

from campaigns.attendance import DayState, Mark, Outcome, OutcomeReason, View, view_of
from campaigns.coverage import FIGURES
from campaigns.mark_queries import MARK_FIELDS, mark_from
from campaigns.models import Booking, Campaign, MarkRow, RecordingDay, StandingRow, Tally
from campaigns.standing import DayOutcome, Standing, absent_if_closed, standing_of
from campaigns.tally_queries import class_tally_rows, tally_rows
from common.database import bound, insert_rows, rows_of
from common.prepared import Prepared
from schools.actions import after_students_changed
from schools.models import Student


def refresh_standings(campaign_id: int, student_ids: Iterable[int]) -> None:
    """Work out again where these students stand, from their bookings and marks, and the counts of their classes."""
    ids = sorted(set(student_ids))
    refresh_standings_in(
        campaign_id, ids, {place for part in _parts(ids) for place in _CLASSES.rows(students=part)}
    )


def refresh_standings_in(
    campaign_id: int, student_ids: Iterable[int], classes: Iterable[tuple[int, str]]
) -> None:
    """The same for students whose classes, each with its school, are known already."""
    needs_look = {answer: bound(answer) for answer in (False, True)}
    for part in _parts(sorted(set(student_ids))):
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
                    needs_look[standing.needs_look],
                    standing.attempts,
                    standing.last_day_id,
                )
                for student_id, standing in standings.items()
            ],
            replacing=("campaign_id", "student_id"),
        )
    names: dict[int, set[str]] = defaultdict(set)
    for school_id, class_name in classes:
        names[school_id].add(class_name)
    for school_id, its in names.items():
        _insert_tallies(class_tally_rows(campaign_id, school_id, its))


def _parts(ids: list[int]) -> list[list[int]]:
    return [ids[start : start + 500] for start in range(0, len(ids), 500)]


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
_CALLED_ON_CLOSED = Prepared(
    lambda given: (
        Booking.select(Booking.day, Booking.student)
        .join(RecordingDay)
        .where(
            given.among(Booking.student, "students"),
            # `+ 0` keeps the other index out: from the students' few places to their days
            RecordingDay.campaign + 0 == given("campaign"),
            RecordingDay.state == DayState.CLOSED.value,
        )
    )
)
_SAID = Prepared(
    lambda given: MarkRow.select(MarkRow.student, MarkRow.day, MarkRow.outcome, MarkRow.reason).where(
        given.among(MarkRow.student, "students"), MarkRow.quarantine == ""
    )
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
    called = _CALLED_ON_CLOSED.rows(students=student_ids, campaign=campaign_id)
    said = _said(student_ids)
    touched = {day_id for day_id, _ in called} | {day_id for _, day_id in said}
    found = _DAYS.rows(days=touched)
    days = {day_id: (on, state) for day_id, on, state, its in found if its == campaign_id}

    told: dict[int, list[DayOutcome]] = defaultdict(list)
    for (student_id, day_id), (by_marks, why, needs_look) in said.items():
        if day_id in days:
            on, state = days[day_id]
            outcome = absent_if_closed(by_marks, state == DayState.CLOSED)
            reason = why or (_UNKNOWN if outcome is Outcome.ABSENT else "")
            told[student_id].append(DayOutcome(day_id, on, outcome, reason, needs_look))
    for day_id, student_id in called:
        if (student_id, day_id) not in said:
            told[student_id].append(DayOutcome(day_id, days[day_id][0], Outcome.ABSENT, _UNKNOWN))
    standings = {student_id: standing_of(its) for student_id, its in told.items()}
    return {student_id: standing for student_id, standing in standings.items() if standing is not None}


_UNKNOWN = OutcomeReason.UNKNOWN.value
_Said: TypeAlias = tuple[Outcome | None, str, bool]
"""Of one student on one day: outcome, reason, and whether somebody has to look."""


def _said(student_ids: list[int]) -> dict[tuple[int, int], _Said]:
    """What the marks of each of these students say of each day that they are of: by student and day."""
    said: dict[tuple[int, int], _Said] = {}
    several = set()
    for student_id, day_id, outcome, reason in _SAID.rows(students=student_ids):
        key = (student_id, day_id)
        if key in said:
            several.add(key)
        said[key] = _said_by_one(outcome, reason)
    if several:  # seldom; only then the rest of the marks is read
        marks: dict[tuple[int, int], list[Mark]] = defaultdict(list)
        for row in _MARKS.rows(students={student_id for student_id, _ in several}):
            mark = mark_from(row)
            marks[mark.student, mark.day].append(mark)
        said |= {key: _told(view_of(marks[key])) for key in several}
    return said


@cache
def _said_by_one(outcome: str, reason: str) -> _Said:
    """What a mark says that stands alone, as nearly all do: nothing else of it matters, and there are few kinds."""
    return _told(view_of([mark_from(("", 0, 0, outcome, reason, "", 0, 0, "[]", 0, ""))]))


def _told(view: View) -> _Said:
    # bare texts: SQLite's library asks of every value that is something more how to write it
    return view.outcome, view.reason.value if view.reason else "", view.needs_look


def _students_changed(office_id: int, school_ids: frozenset[int]) -> None:
    for campaign in Campaign.select().where(Campaign.office == office_id, Campaign.closed_at.is_null()):
        refresh_tallies(campaign.id, school_ids)


after_students_changed.append(_students_changed)
