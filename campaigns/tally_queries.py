"""The counts of each class, from students, standings and places: what the stored tallies must equal."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from peewee import JOIN, Case, fn

from campaigns.attendance import DUE_A_RETAKE, Outcome
from campaigns.models import Booking, Campaign, RecordingDay, StandingRow
from campaigns.queries import LIVE_STATES, CutOffs, in_target, is_voter
from common.database import rows_of
from common.prepared import Prepared
from schools.models import Student

OUT_OF_TARGET = (Outcome.ALREADY_RECORDED.value, Outcome.NOT_OURS.value)
# days on which somebody can still be recorded: who has a place on one is planned
STATES_TO_COME = tuple(state for state in LIVE_STATES if state != "closed")


def tally_rows(campaign: Campaign, school_ids: Sequence[int], only: Any = None) -> list[tuple[Any, ...]]:
    """Campaign, school, class and the figures of `coverage.FIGURES`, for each class of these schools.

    `only` is SQL about students that narrows who is counted.
    """
    where = Student.school.in_(list(school_ids))
    query = _counts(campaign.id, CutOffs.of(campaign), where if only is None else where & only)
    return [(campaign.id, *row) for row in rows_of(query)]


def class_tally_rows(campaign_id: int, school_id: int, classes: Collection[str]) -> list[tuple[Any, ...]]:
    """The same for some classes of one school."""
    ((to_date, voting_day, record_age),) = _ENDS.rows(campaign=campaign_id)
    cut_offs = CutOffs.at(to_date, voting_day, record_age)
    rows = _CLASSES.rows(
        campaign=campaign_id,
        target=cut_offs.target,
        voters=cut_offs.voters,
        school=school_id,
        classes=classes,
    )
    return [(campaign_id, *row) for row in rows]


def _counts(campaign_id: Any, cut_offs: CutOffs, where: Any) -> Any:
    outcome = fn.COALESCE(StandingRow.outcome, "")
    target = in_target(cut_offs) & outcome.not_in(OUT_OF_TARGET)
    voter = is_voter(cut_offs)
    active = Student.status == "active"
    waiting = outcome == Outcome.WAITING.value
    due = outcome.in_([due.value for due in DUE_A_RETAKE])
    unplanned = (outcome == "") & ~fn.EXISTS(_place(campaign_id))
    not_yet = (
        active
        & (Student.birth_date > cut_offs.target)
        & (Student.recorded_before == False)
        & outcome.not_in(OUT_OF_TARGET)
    )

    def count(condition: Any) -> Any:
        return fn.SUM(Case(None, [(condition, 1)], 0))

    return (
        Student.select(
            Student.school,
            Student.class_name,
            count(active),
            count(target),
            count(target & voter),
            count(target & (outcome == Outcome.RECORDED.value)),
            count(target & voter & (outcome == Outcome.RECORDED.value)),
            count(target & waiting),
            count(target & due),
            count(active & ((Student.recorded_before == True) | (outcome == Outcome.ALREADY_RECORDED.value))),
            count(not_yet),
            count(target & voter & waiting),
            count(target & voter & due),
            count(target & unplanned),
            count(target & voter & unplanned),
            count(not_yet & voter),
        )
        .join(
            StandingRow,
            JOIN.LEFT_OUTER,
            on=((StandingRow.student == Student.id) & (StandingRow.campaign == campaign_id)),
        )
        .where(where)
        .group_by(Student.school, Student.class_name)
    )


def _place(campaign_id: Any) -> Any:
    """A place of the student on a day to come: looked up one by one, so that a class costs what a class holds."""
    return (
        Booking.select(Booking.id)
        .join(RecordingDay)
        .where(
            Booking.student == Student.id,
            RecordingDay.campaign == campaign_id,
            RecordingDay.state.in_(STATES_TO_COME),
        )
    )


_ENDS = Prepared(
    lambda given: Campaign.select(Campaign.to_date, Campaign.voting_day, Campaign.record_age).where(
        Campaign.id == given("campaign")
    )
)
_CLASSES = Prepared(
    lambda given: _counts(
        given("campaign"),
        CutOffs(given("target"), given("voters")),
        (Student.school == given("school")) & given.among(Student.class_name, "classes"),
    )
)
