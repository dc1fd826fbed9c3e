"""Rule: the figures of a class as they stood at a moment of the past, from what was known then.

What has a time counts by it: a mark by when the server received it, a student by when he or she came in, a day by when
it was made, closed, opened again and called off, leaving and moving away by the log. What has none is taken as it is
now: birth date, class, school, marriage, "recorded before", whether a mark is quarantined, and the places on days; a
place that was given up since is not known any more (docs/decisions/0015).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from campaigns.attendance import DUE_A_RETAKE, Mark, Outcome, view_of
from campaigns.coverage import Coverage
from campaigns.eligibility import (
    AlreadyRecorded,
    CampaignFacts,
    Eligible,
    NotYet,
    StudentFacts,
    eligibility_of,
    is_voter_on,
)
from campaigns.standing import DayOutcome, absent_if_closed, standing_of


@dataclass(frozen=True, slots=True)
class StudentThen:
    """A student as far as the figures need one; `statuses` are the changes that the log tells, the earliest first."""

    id: int
    school: int
    class_name: str
    birth_date: date
    is_married: bool
    recorded_before: bool
    status: str
    came_in: datetime
    statuses: tuple[tuple[datetime, str], ...] = ()


@dataclass(frozen=True, slots=True)
class DayThen:
    """A recording day; `closings` are (when, closed or opened again), `gone_at` when it was called off."""

    id: int
    date: date
    made_at: datetime
    closings: tuple[tuple[datetime, bool], ...] = ()
    gone_at: datetime | None = None

    def was_there(self, moment: datetime) -> bool:
        """Whether it was made and not yet called off."""
        return self.made_at <= moment and (self.gone_at is None or self.gone_at > moment)

    def was_closed(self, moment: datetime) -> bool:
        """Whether it was closed then."""
        before = [closed for at, closed in self.closings if at <= moment]
        return bool(before) and before[-1]


@dataclass(frozen=True, slots=True)
class Past:
    """All that is known of a campaign's students, days, places (student, day) and marks with when they came in."""

    students: tuple[StudentThen, ...]
    days: tuple[DayThen, ...]
    places: tuple[tuple[int, int], ...]
    marks: tuple[tuple[datetime, Mark], ...]


def status_then(student: StudentThen, moment: datetime) -> str:
    """Active, moved or left at that moment; where the log tells of no change, as it is now."""
    if not student.statuses:
        return student.status
    before = [status for at, status in student.statuses if at <= moment]
    if before:
        return before[-1]
    return "left" if student.statuses[0][1] == "active" else "active"


def figures_then(
    past: Past, facts: CampaignFacts, voting_day: date, moment: datetime
) -> dict[tuple[int, str], Coverage]:
    """The figures of each class (school, class) at that moment; classes of which nobody was there are left out."""
    days = {day.id: day for day in past.days}
    called: dict[int, set[int]] = defaultdict(set)
    to_come: set[int] = set()
    for student_id, day_id in past.places:
        if days[day_id].was_there(moment):
            called[student_id].add(day_id)
            if not days[day_id].was_closed(moment):
                to_come.add(student_id)
    marks: dict[tuple[int, int], list[Mark]] = defaultdict(list)
    for received_at, mark in past.marks:
        if received_at <= moment:
            called[mark.student].add(mark.day)
            marks[mark.student, mark.day].append(mark)

    counts: dict[tuple[int, str], list[int]] = {}
    for student in past.students:
        if student.came_in > moment or status_then(student, moment) != "active":
            continue
        outcome = _outcome(student.id, called.get(student.id, ()), marks, days, moment)
        figures = _figures(student, outcome, student.id in to_come, facts, voting_day)
        its = counts.setdefault((student.school, student.class_name), [0] * len(figures))
        for n, figure in enumerate(figures):
            its[n] += figure
    return {key: Coverage(*its) for key, its in counts.items()}


def _outcome(
    student: int,
    called: Iterable[int],
    marks: dict[tuple[int, int], list[Mark]],
    days: dict[int, DayThen],
    moment: datetime,
) -> Outcome | None:
    told = [
        DayOutcome(
            day,
            days[day].date,
            absent_if_closed(view_of(marks.get((student, day), ())).outcome, days[day].was_closed(moment)),
        )
        for day in called
    ]
    standing = standing_of(told) if told else None
    return standing.outcome if standing else None


def _figures(
    student: StudentThen, outcome: Outcome | None, has_place: bool, facts: CampaignFacts, voting_day: date
) -> tuple[int, ...]:
    """1 or 0 for each of `coverage.FIGURES`, in their order."""
    why = eligibility_of(StudentFacts(student.birth_date, True, student.recorded_before), facts)
    is_out = outcome in (Outcome.ALREADY_RECORDED, Outcome.NOT_OURS)
    target = isinstance(why, Eligible) and not is_out
    votes = is_voter_on(student.birth_date, student.is_married, voting_day)
    voter = target and votes
    recorded, waiting, due = outcome is Outcome.RECORDED, outcome is Outcome.WAITING, outcome in DUE_A_RETAKE
    already = isinstance(why, AlreadyRecorded) or outcome is Outcome.ALREADY_RECORDED
    not_yet = isinstance(why, NotYet) and not is_out
    unplanned = outcome is None and not has_place
    return (
        1,
        target,
        voter,
        target and recorded,
        voter and recorded,
        target and waiting,
        target and due,
        already,
        not_yet,
        voter and waiting,
        voter and due,
        target and unplanned,
        voter and unplanned,
        not_yet and votes,
    )
