"""By which way each student due a retake comes again: home, a coming day of the school, a retake day, the office.

The ways are tried one after the other; what one takes the next no longer sees, so that everybody is proposed one day.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from campaigns.attendance import Outcome, OutcomeReason
from campaigns.retakes import (
    DueStudent,
    NoPlace,
    NoRetake,
    RetakeDay,
    RetakeGroup,
    RetakeProposal,
    RetakeReason,
    propose_retakes,
)
from campaigns.scheduling import Problem, Rule, SchoolId, TeamId, Visit


class Way(StrEnum):
    """What a coordinator can choose among."""

    COMING_DAY = "coming_day"
    RETAKE_DAY = "retake_day"
    OFFICE = "office"
    HOME = "home"


EVERY_WAY = frozenset(Way)


@dataclass(frozen=True, slots=True)
class ComingDay:
    """A day that a school was told of, and the places still free on it; `is_second` of its days in this round."""

    day: int
    school: SchoolId
    team: TeamId
    date: date
    room: int
    is_second: bool


@dataclass(frozen=True, slots=True)
class OpenDate:
    """A date on which a crew receives students at the office, or visits them at home; `day` where it stands already."""

    date: date
    team: TeamId
    room: int
    day: int | None = None


def may_be_visited(one: DueStudent) -> bool:
    """Whether a home visit is for this student: absent, and ill or disabled."""
    return one.outcome is Outcome.ABSENT and (one.has_special_needs or one.reason is OutcomeReason.SICK)


def is_better_visited(one: DueStudent) -> bool:
    """Whether a visit comes before any other way: disabled, or ill for the second time. Once ill is soon well again."""
    return may_be_visited(one) and (one.has_special_needs or one.missed_twice)


def propose_ways(
    due: Iterable[DueStudent],
    problem: Problem,
    booked: Iterable[Visit],
    earliest: date,
    coming: Sequence[ComingDay] = (),
    office: Sequence[OpenDate] = (),
    homes: Sequence[OpenDate] = (),
    ways: Collection[Way] = EVERY_WAY,
) -> RetakeProposal:
    """One day for everybody due, by the first of these ways that has room, and who is left with the rule against it.

    Home visits for whom they are better; then free places on coming days of the school; then retake days; then the
    office; at last home visits for the others who are ill. A team works at one place a day.
    """
    everybody = waiting = sorted(due, key=lambda one: not one.voter)
    days: list[RetakeDay] = []
    better = [one for one in waiting if is_better_visited(one)] if Way.HOME in ways else []
    visits = _filled(homes, better, problem, RetakeReason.HOME)
    waiting = _without(waiting, visits)
    if Way.COMING_DAY in ways:
        days += _joined(coming, waiting, problem)
        waiting = _without(waiting, days)
    rules: dict[int, Rule | NoPlace] = {}
    if Way.RETAKE_DAY in ways:
        found = propose_retakes(waiting, problem, booked, earliest)
        rules.update((one.student, one.rule) for one in found.no_day)
        days += found.days
        waiting = _without(waiting, days)
    if Way.OFFICE in ways:
        days += _filled(_still_free(office, [*days, *visits]), waiting, problem, RetakeReason.OFFICE)
        waiting = _without(waiting, days)
    if Way.HOME in ways:
        ill = [one for one in waiting if may_be_visited(one)]
        visits = _filled(_still_free(homes, days), better + ill, problem, RetakeReason.HOME)
    days += visits
    waiting = _without(everybody, days)
    return RetakeProposal(
        tuple(sorted(days, key=lambda day: (day.date, str(day.team), str(day.venue)))),
        tuple(
            NoRetake(one.student, one.school, rules.get(one.student) or _no_place(one, ways))
            for one in waiting
        ),
    )


def _no_place(one: DueStudent, ways: Collection[Way]) -> Rule | NoPlace:
    """Why the ways that were tried had nothing for this student: of several, the one that is for the most students."""
    if Way.RETAKE_DAY in ways:
        return Rule.NO_FREE_DAY
    if Way.OFFICE in ways:
        return NoPlace.NO_OFFICE_ROOM
    if Way.COMING_DAY in ways:
        return NoPlace.NO_COMING_ROOM
    return NoPlace.NO_VISIT_LEFT if may_be_visited(one) else NoPlace.NOT_ILL_OR_DISABLED


def _joined(coming: Sequence[ComingDay], waiting: list[DueStudent], problem: Problem) -> list[RetakeDay]:
    """Free places on coming days, given to the students of that school in the order in which they wait."""
    district = {school.id: school.district for school in problem.schools}
    left: dict[SchoolId, list[DueStudent]] = defaultdict(list)
    for one in waiting:
        left[one.school].append(one)
    found = []
    for day in sorted(coming, key=lambda day: (day.date, day.day)):
        able = [one for one in left[day.school] if one.last_date < day.date][: max(0, day.room)]
        if not able:
            continue
        left[day.school] = [one for one in left[day.school] if one not in able]
        group = RetakeGroup(day.school, tuple(sorted(one.student for one in able)))
        reason = RetakeReason.SECOND_DAY if day.is_second else RetakeReason.NEXT_ROUND
        found.append(
            RetakeDay(day.date, day.team, district[day.school], day.school, (group,), reason, day.day)
        )
    return found


def _filled(
    dates: Sequence[OpenDate], waiting: Iterable[DueStudent], problem: Problem, reason: RetakeReason
) -> list[RetakeDay]:
    """The places of these dates given out, the first date first, in the order in which students wait."""
    district = {school.id: school.district for school in problem.schools}
    left = list(waiting)
    found = []
    for open_date in sorted(dates, key=lambda one: (one.date, str(one.team))):
        able = [one for one in left if one.last_date < open_date.date][: max(0, open_date.room)]
        if not able:
            continue
        left = [one for one in left if one not in able]
        by_school: dict[SchoolId, list[int]] = defaultdict(list)
        for one in able:
            by_school[one.school].append(one.student)
        groups = tuple(
            RetakeGroup(school, tuple(sorted(students)))
            for school, students in sorted(by_school.items(), key=lambda pair: (-len(pair[1]), str(pair[0])))
        )
        venue = groups[0].school
        found.append(
            RetakeDay(open_date.date, open_date.team, district[venue], venue, groups, reason, open_date.day)
        )
    return found


def _still_free(dates: Sequence[OpenDate], days: Iterable[RetakeDay]) -> list[OpenDate]:
    """The dates whose crew was not sent elsewhere meanwhile."""
    taken = {(day.team, day.date) for day in days}
    return [one for one in dates if (one.team, one.date) not in taken]


def _without(waiting: Iterable[DueStudent], days: Iterable[RetakeDay]) -> list[DueStudent]:
    placed = {student for day in days for group in day.groups for student in group.students}
    return [one for one in waiting if one.student not in placed]
