"""What no plan can exceed, to tell how good a plan is."""

from bisect import bisect_left
from collections import defaultdict
from fractions import Fraction

from campaigns.board import Board
from campaigns.scheduling import Bound, Problem, earliness_of_days


def bound_of(problem: Problem) -> Bound:
    """What no plan can exceed: as if students were poured into the teams' days, whatever the district.

    Each figure is a relaxation solved exactly. Voters and students: a fractional knapsack, those who cost
    least time first. Earliness: the cheapest students on the days worth most, which is optimal because a
    day's worth and a student's cost multiply. Locked days count as they stand.
    """
    return bound_on(Board(problem))


def bound_on(board: Board) -> Bound:
    """See `bound_of`."""
    problem = board.problem
    free = {
        (t, i): board.units[t]
        for t in range(len(board.units))
        for i in range(board.first_new, len(board.days))
    }
    free = {(t, i): units for (t, i), units in free.items() if board.team_mask[t] >> i & 1}
    left, voters_left = list(board.target), list(board.voters)
    days_left = [problem.max_days_per_school] * len(left)
    count: dict[tuple[int, int], int] = defaultdict(int)
    fixed_worth = earliness_of_days(problem.calendar, (locked.date for locked in problem.locked))
    fixed_students = fixed_earliness = 0
    for locked in problem.locked:
        s, t = board.school_at[locked.school], board.team_at[locked.team]
        left[s] = max(0, left[s] - locked.students)
        voters_left[s] = max(0, voters_left[s] - locked.students)
        days_left[s] -= 1
        fixed_students += locked.students
        fixed_earliness += locked.students * fixed_worth[locked.date]
        i = bisect_left(board.days, locked.date)
        if (t, i) in free and board.days[i] == locked.date:
            count[t, i] += 1
            full = count[t, i] >= problem.max_schools_per_day
            free[t, i] = 0 if full else max(0, free[t, i] - locked.students * board.cost[s])
    fixed_voters = sum(board.voters) - sum(voters_left)

    by_cost: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for s, cost in enumerate(board.cost):
        teams = [t for t in range(len(board.units)) if board.joint(t, s)]
        most = max((board.units[t] // cost for t in teams), default=0) * max(0, days_left[s])
        by_cost[cost][0] += min(left[s], most)
        by_cost[cost][1] += min(voters_left[s], most)

    def poured(which: int) -> int:
        units, served = sum(free.values()), 0
        for cost in sorted(by_cost):
            fit = min(by_cost[cost][which], units // cost)
            served += fit
            units -= fit * cost
        return served

    units_worth: dict[int, int] = defaultdict(int)
    for (_, i), units in free.items():
        units_worth[board.worth[board.days[i]]] += units
    waiting = {cost: Fraction(by_cost[cost][0]) for cost in sorted(by_cost)}
    earliness = Fraction(0)
    for worth in sorted(units_worth, reverse=True):
        spare = Fraction(units_worth[worth])
        for cost in waiting:
            part = min(waiting[cost], spare / cost)
            waiting[cost] -= part
            spare -= part * cost
            earliness += part * worth
    return Bound(fixed_voters + poured(1), fixed_students + poured(0), fixed_earliness + int(earliness))
