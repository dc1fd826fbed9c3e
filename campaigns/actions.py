"""The stored copies of what follows from rosters and marks, kept by the transaction that changes their source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from peewee import JOIN, Case, fn

from campaigns.attendance import DUE_A_RETAKE, DayState, Mark, Outcome, OutcomeReason, view_of
from campaigns.models import Booking, Campaign, MarkRow, RecordingDay, StandingRow, Tally
from campaigns.queries import CutOffs, in_target, is_voter, mark_of
from campaigns.standing import DayOutcome, Standing, absent_if_closed, standing_of
from common.database import rows_of
from schools.actions import after_students_changed
from schools.models import Student

OUT_OF_TARGET = (Outcome.ALREADY_RECORDED.value, Outcome.NOT_OURS.value)
GONE_STATES = (DayState.CANCELLED.value, DayState.POSTPONED.value)


def refresh_standings(campaign_id: int, student_ids: Iterable[int]) -> None:
    """Work out again where these students stand, from their bookings and marks, and the counts of their schools."""
    ids = sorted(set(student_ids))
    schools: set[int] = set()
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        standings = _standings(campaign_id, part)
        StandingRow.delete().where(
            StandingRow.campaign == campaign_id, StandingRow.student.in_(part)
        ).execute()
        if standings:
            StandingRow.insert_many(
                [
                    {
                        "campaign": campaign_id,
                        "student": student_id,
                        "outcome": standing.outcome.value,
                        "reason": standing.reason,
                        "needs_look": standing.needs_look,
                        "attempts": standing.attempts,
                        "last_day": standing.last_day_id,
                    }
                    for student_id, standing in standings.items()
                ]
            ).execute()
        found = Student.select(Student.school).where(Student.id.in_(part)).distinct()
        schools.update(school_id for (school_id,) in rows_of(found))
    refresh_tallies(campaign_id, schools)


def refresh_tallies(campaign_id: int, school_ids: Iterable[int]) -> None:
    """Count the classes of these schools again for one campaign."""
    ids = sorted(set(school_ids))
    campaign = Campaign.get_by_id(campaign_id)
    if not ids:
        return
    Tally.delete().where(Tally.campaign == campaign_id, Tally.school.in_(ids)).execute()
    rows = tally_rows(campaign, ids)
    for start in range(0, len(rows), 50):
        Tally.insert_many(rows[start : start + 50], fields=TALLY_FIELDS).execute()


TALLY_FIELDS = [
    Tally.campaign,
    Tally.school,
    Tally.class_name,
    Tally.students,
    Tally.target,
    Tally.voters,
    Tally.recorded,
    Tally.recorded_voters,
    Tally.waiting,
    Tally.retake_due,
    Tally.already,
    Tally.not_yet,
]


def tally_rows(campaign: Campaign, school_ids: list[int]) -> list[tuple[object, ...]]:
    """The counts of each class of these schools, from students and standings: what a tally must equal."""
    cut_offs = CutOffs.of(campaign)
    outcome = fn.COALESCE(StandingRow.outcome, "")
    target = in_target(cut_offs) & outcome.not_in(OUT_OF_TARGET)
    voter = is_voter(cut_offs)
    active = Student.status == "active"

    def count(condition: object) -> object:
        return fn.SUM(Case(None, [(condition, 1)], 0))

    query = (
        Student.select(
            Student.school,
            Student.class_name,
            count(active),
            count(target),
            count(target & voter),
            count(target & (outcome == Outcome.RECORDED.value)),
            count(target & voter & (outcome == Outcome.RECORDED.value)),
            count(target & (outcome == Outcome.WAITING.value)),
            count(target & outcome.in_([due.value for due in DUE_A_RETAKE])),
            count(active & ((Student.recorded_before == True) | (outcome == Outcome.ALREADY_RECORDED.value))),
            count(
                active
                & (Student.birth_date > cut_offs.target)
                & (Student.recorded_before == False)
                & outcome.not_in(OUT_OF_TARGET)
            ),
        )
        .join(
            StandingRow,
            JOIN.LEFT_OUTER,
            on=((StandingRow.student == Student.id) & (StandingRow.campaign == campaign.id)),
        )
        .where(Student.school.in_(school_ids))
        .group_by(Student.school, Student.class_name)
    )
    return [(campaign.id, *row) for row in rows_of(query)]


def _standings(campaign_id: int, student_ids: list[int]) -> dict[int, Standing]:
    days = {day.id: day for day in RecordingDay.select().where(RecordingDay.campaign == campaign_id)}
    called: dict[int, set[int]] = defaultdict(set)
    for booking in Booking.select(Booking.day, Booking.student).where(Booking.student.in_(student_ids)):
        if booking.day_id in days and days[booking.day_id].state not in GONE_STATES:
            called[booking.student_id].add(booking.day_id)
    marks: dict[tuple[int, int], list[Mark]] = defaultdict(list)
    for row in MarkRow.select().where(MarkRow.student.in_(student_ids), MarkRow.quarantine == ""):
        if row.day_id in days and row.student_id is not None:
            called[row.student_id].add(row.day_id)
            marks[row.student_id, row.day_id].append(mark_of(row))

    standings: dict[int, Standing] = {}
    for student_id, day_ids in called.items():
        outcomes = []
        for day_id in day_ids:
            view = view_of(marks.get((student_id, day_id), []))
            outcome = absent_if_closed(view.outcome, days[day_id].state == DayState.CLOSED)
            outcomes.append(
                DayOutcome(
                    day_id,
                    days[day_id].date,
                    outcome,
                    view.reason or (OutcomeReason.UNKNOWN if outcome is Outcome.ABSENT else ""),
                    view.needs_look,
                )
            )
        standing = standing_of(outcomes)
        if standing is not None:
            standings[student_id] = standing
    return standings


def _students_changed(office_id: int, school_ids: frozenset[int]) -> None:
    for campaign in Campaign.select().where(Campaign.office == office_id, Campaign.closed_at.is_null()):
        refresh_tallies(campaign.id, school_ids)


after_students_changed.append(_students_changed)
