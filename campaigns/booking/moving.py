"""Rule: a school's recording days put on other dates by hand, and what that would break."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from campaigns.calendar import blocks_on
from campaigns.hard_rules import Clash, violations_of
from campaigns.scheduling import (
    Locked,
    Problem,
    Reason,
    ReasonKind,
    SchoolId,
    TeamId,
    Visit,
    with_parts,
)


@dataclass(frozen=True, slots=True)
class Moved:
    """One visit before and after the move."""

    before: Visit
    after: Visit


def moved_visits(
    problem: Problem, visits: Sequence[Visit], first: Visit, to: date, team: TeamId
) -> tuple[Moved, ...]:
    """The visit on its new date and team; the school's later movable visits follow on the next dates it can be visited.

    A later visit is movable unless it is locked. When the calendar has no further date it keeps its own, and clashes.
    """
    locked = {(day.school, day.team, day.date) for day in problem.locked}
    following = sorted(
        (visit for visit in visits if visit.school == first.school and visit.date > first.date),
        key=lambda visit: visit.date,
    )
    moved = [Moved(first, _by_hand(first, to, team))]
    for visit in following:
        if visit.key in locked:
            continue
        free = _next_date(problem, visit.school, team, moved[-1].after.date)
        if free is not None:
            moved.append(Moved(visit, _by_hand(visit, free, team)))
    return tuple(moved)


def clashes_of_move(problem: Problem, visits: Sequence[Visit], moved: Sequence[Moved]) -> list[Clash]:
    """The hard rules that are broken after the move and were not before; those of the moved visits first."""
    taken = {move.before.key for move in moved}
    rest = [visit for visit in visits if visit.key not in taken]
    after = violations_of(with_parts([*rest, *(move.after for move in moved)]), problem)
    known = {_sign(clash) for clash in violations_of(visits, problem)}
    own = {move.after.key for move in moved}
    found = [clash for clash in after if _key(clash.visit) in own]
    told = {(clash.rule, other.key) for clash in found for other in clash.others}
    others = [
        clash
        for clash in after
        if _key(clash.visit) not in own
        and _sign(clash) not in known
        and (clash.rule, _key(clash.visit)) not in told
    ]
    return found + others


def _next_date(problem: Problem, school: SchoolId, team: TeamId, after: date) -> date | None:
    """The next date on which that team could visit that school, as far as calendars say."""
    need = next(one for one in problem.schools if one.id == school)
    crew = next(one for one in problem.teams if one.id == team)
    day = after + timedelta(days=1)
    while day <= problem.calendar.ends:
        if not blocks_on(day, problem.calendar, need.calendar, crew.calendar):
            return day
        day += timedelta(days=1)
    return None


def _by_hand(visit: Visit, to: date, team: TeamId) -> Visit:
    return replace(visit, date=to, team=team, reason=Reason(ReasonKind.BY_HAND))


def _key(visit: Visit | Locked) -> tuple[SchoolId, TeamId, date]:
    return visit.school, visit.team, visit.date


def _sign(clash: Clash) -> tuple[str, tuple[SchoolId, TeamId, date], int | None]:
    return clash.rule, _key(clash.visit), clash.found
