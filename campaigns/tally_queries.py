"""The counts of each class, from students, standings and places: what the stored tallies must equal."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from peewee import JOIN, SQL, Case, fn

from campaigns.attendance import DUE_A_RETAKE, Outcome
from campaigns.coverage import FIGURES
from campaigns.models import Campaign, StandingRow
from campaigns.queries import LIVE_STATES, CutOffs, in_target, is_voter, places_of_the_student
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
    query = _kinds(campaign.id, CutOffs.of(campaign), where if only is None else where & only)
    return _counted(campaign.id, rows_of(query))


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
    return _counted(campaign_id, rows)


def _kinds(campaign_id: Any, cut_offs: CutOffs, where: Any) -> Any:
    """How many students of each class are of which kind: each is asked once what he or she is, then counted."""
    outcome = fn.COALESCE(StandingRow.outcome, "")
    kind = (
        Case(None, [(Student.status == "active", 1)], 0),
        Case(None, [(in_target(cut_offs), 1)], 0),
        Case(None, [(is_voter(cut_offs), 1)], 0),
        Case(None, [(Student.recorded_before == True, 1)], 0),
        outcome,
        Case(
            None, [(outcome != "", 1), (fn.EXISTS(places_of_the_student(campaign_id, STATES_TO_COME)), 1)], 0
        ),
    )
    return (
        Student.select(Student.school, Student.class_name, *kind, fn.COUNT(Student.id))
        .join(
            StandingRow,
            JOIN.LEFT_OUTER,
            on=((StandingRow.student == Student.id) & (StandingRow.campaign == campaign_id)),
        )
        .where(where)
        .group_by(*(SQL(str(place)) for place in range(1, 9)))
    )


def _counted(campaign_id: int, kinds: Iterable[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """Campaign, school, class and the figures, from the kinds of students and how many are of each."""
    tallies: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    for school, class_name, active, old_enough, voter, before, outcome, has_place, students in kinds:
        tally = tallies[school, class_name]
        if not active:
            continue
        tally["students"] += students
        if before or outcome == Outcome.ALREADY_RECORDED.value:
            tally["already"] += students
        if before or outcome in OUT_OF_TARGET:
            continue
        for name in _figures_of(bool(old_enough), outcome, bool(has_place)):
            tally[name] += students
            if voter:
                tally[_OF_VOTERS[name]] += students
    return [(campaign_id, *key, *(tally[name] for name in FIGURES)) for key, tally in tallies.items()]


def _figures_of(old_enough: bool, outcome: str, has_place: bool) -> tuple[str, ...]:
    """The figures that count an active student not recorded elsewhere before."""
    if not old_enough:
        return ("not_yet",)
    if outcome in _STANDS:
        return ("target", _STANDS[outcome])
    return ("target",) if has_place else ("target", "unplanned")


_STANDS = {
    Outcome.RECORDED.value: "recorded",
    Outcome.WAITING.value: "waiting",
    **{due.value: "retake_due" for due in DUE_A_RETAKE},
}
_OF_VOTERS = {
    "target": "voters",
    "recorded": "recorded_voters",
    "waiting": "waiting_voters",
    "retake_due": "retake_due_voters",
    "unplanned": "unplanned_voters",
    "not_yet": "not_yet_voters",
}


_ENDS = Prepared(
    lambda given: Campaign.select(Campaign.to_date, Campaign.voting_day, Campaign.record_age).where(
        Campaign.id == given("campaign")
    )
)
_CLASSES = Prepared(
    lambda given: _kinds(
        given("campaign"),
        CutOffs(given("target"), given("voters")),
        (Student.school == given("school")) & given.among(Student.class_name, "classes"),
    )
)
