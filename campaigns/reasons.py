"""Why each visit of a plan is on its day.

What is locked or was announced stays with that reason. The others are read from the plan as it stands: the team
begins a district there, stays in it, has room beside another school, or goes on with a school of the day before.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from fractions import Fraction

from campaigns.board import Board
from campaigns.scheduling import Reason, ReasonKind, Visit

_GIVEN = (ReasonKind.LOCKED, ReasonKind.ANNOUNCED)


def with_reasons(visits: Iterable[Visit], board: Board) -> list[Visit]:
    """The visits in the order of date and team, each with its reason and the figures behind it.

    Among the schools of its district that could come that day those count first of which most are recorded a
    day, then those with most voters.
    """
    ordered = sorted(visits, key=lambda visit: visit.date)
    first: dict[int, date] = {}
    for visit in ordered:
        first.setdefault(board.school_at[visit.school], visit.date)
    ordered.sort(
        key=lambda visit: (
            visit.date,
            board.team_at[visit.team],
            _turn(visit, first[board.school_at[visit.school]]),
        )
    )
    together: dict[tuple[int, date], list[Visit]] = defaultdict(list)
    for visit in ordered:
        together[board.team_at[visit.team], visit.date].append(visit)
    better_first = {s: n for n, s in enumerate(_by_students_a_day(board))}
    waiting = [
        [s for s, other in enumerate(board.district) if other == d] for d in range(len(board.district_names))
    ]
    voters_left = list(board.voters)
    at: dict[int, int] = {}
    told = []
    for visit in ordered:
        s, t = board.school_at[visit.school], board.team_at[visit.team]
        d = board.district[s]
        day = together[t, visit.date]
        if visit.reason.kind not in _GIVEN:
            reason = Reason(ReasonKind.NEXT_DAY, voters_left[s])
            if visit.date == first[s] and day[0] is visit:
                kind = ReasonKind.SAME_DISTRICT if at.get(t) == d else ReasonKind.OPENS_DISTRICT
                could_come = [
                    other
                    for other in waiting[d]
                    if better_first[other] <= better_first[s]
                    and (other == s or first.get(other, visit.date) >= visit.date)
                    and board.could_visit(t, other, visit.date)
                ]
                reason = Reason(kind, voters_left[s], len(could_come))
            elif visit.date == first[s]:
                reason = Reason(ReasonKind.SHARES_DAY, voters_left[s], beside=day[0].school)
            visit = replace(visit, reason=reason)
        elif visit.reason.kind is ReasonKind.ANNOUNCED:
            visit = replace(visit, reason=Reason(ReasonKind.ANNOUNCED, voters_left[s]))
        told.append(visit)
        at[t] = d
        voters_left[s] = max(0, voters_left[s] - visit.students)
    return told


def _turn(visit: Visit, began: date) -> tuple[bool, bool, int]:
    """Which visit of a day comes first: what was given, then what goes on from the day before, then the larger."""
    return visit.reason.kind not in _GIVEN, visit.date == began, -visit.students


def _by_students_a_day(board: Board) -> list[int]:
    """The schools, those first at which the best equipped team records most students a day, then most voters."""

    def students_a_day(s: int) -> Fraction:
        cap = max(board.units, default=0) // board.cost[s]
        goal = min(board.target[s], cap * board.problem.max_days_per_school)
        return Fraction(goal, -(-goal // cap)) if goal else Fraction(0)

    return sorted(range(len(board.target)), key=lambda s: (-students_a_day(s), -board.voters[s], s))
