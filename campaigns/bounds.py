"""What no plan can exceed, to tell how good a plan is.

Nobody can be recorded where there is no room: up to any day, the students recorded are at most as many as could be
poured into the teams' days so far. Three ways of pouring are tried, and what the strictest allows counts:

- as if all days were one, those first who cost least time;
- every day in one district, so that a district's last day may stay half empty;
- every school with one team, when teams have unlike kits: what a small team can do for a large school is little.

Earliness adds up over the days: who is recorded by a day has one usable day more than who is recorded after it.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from math import gcd, lcm

from campaigns.board import Board
from campaigns.prices import Prices
from campaigns.scheduling import Bound, Problem, earliness_of_days


def bound_of(problem: Problem) -> Bound:
    """What no plan can exceed in voters, students and earliness, each for itself. Locked days count as they stand."""
    return bound_on(Board(problem))


def bound_on(board: Board) -> Bound:
    """See `bound_of`."""
    given = _Given(board)
    students = _Room(board, given, given.left)
    voters = _Room(board, given, given.voters_left)
    worth = [board.worth[day] for day in board.days] + [0]
    earliness = 0
    for i in range(board.first_new, len(board.days)):
        students.go_on_to(i)
        voters.go_on_to(i)
        earliness += students.most() * (worth[i] - worth[i + 1])
    return Bound(given.voters + voters.most(), given.students + students.most(), given.earliness + earliness)


class _Given:
    """What locked days serve already, whom they leave, and the room that they leave to each team on each day."""

    def __init__(self, board: Board) -> None:
        problem = board.problem
        self.left, self.voters_left = list(board.target), list(board.voters)
        self.days_left = [problem.max_days_per_school] * len(self.left)
        self.free = {
            (t, i): board.units[t]
            for t in range(len(board.units))
            for i in range(board.first_new, len(board.days))
            if board.team_mask[t] >> i & 1
        }
        count: dict[tuple[int, int], int] = defaultdict(int)
        worth = earliness_of_days(problem.calendar, (locked.date for locked in problem.locked))
        self.students = sum(locked.students for locked in problem.locked)
        self.earliness = sum(locked.students * worth[locked.date] for locked in problem.locked)
        for locked in problem.locked:
            s, t = board.school_at[locked.school], board.team_at[locked.team]
            self.left[s] = max(0, self.left[s] - locked.students)
            self.voters_left[s] = max(0, self.voters_left[s] - locked.students)
            self.days_left[s] -= 1
            i = bisect_left(board.days, locked.date)
            if (t, i) in self.free and board.days[i] == locked.date:
                count[t, i] += 1
                full = count[t, i] >= problem.max_schools_per_day
                left = 0 if full else max(0, self.free[t, i] - locked.students * board.cost[s])
                self.free[t, i] = left
        self.voters = sum(board.voters) - sum(self.voters_left)


class _Room:
    """How many of those waiting could be recorded up to a day, going on from day to day."""

    def __init__(self, board: Board, given: _Given, waiting: Sequence[int]) -> None:
        self.board = board
        self.given = given
        self.waiting = waiting
        self.kinds = sorted({board.units[t] for t in range(len(board.units)) if board.team_mask[t]})
        # The largest part of a day that every team's day is a multiple of: it is in one district, like the day.
        self.part = gcd(*self.kinds)
        self.whole = lcm(*board.cost)  # students are counted in such parts, so that halves stay exact
        self.units = [0] * len(self.kinds)
        self.parts = 0
        # For each kind of team the students of each school whom one such team could record so far.
        self.could = [[0] * len(waiting) for _ in self.kinds]
        self.by_cost: list[dict[int, int]] = [defaultdict(int) for _ in board.district_names]
        self.changed = True
        self.in_districts: list[tuple[int, int]] = []
        self.openings = self._openings()
        self.prices = Prices(board.cost, self.kinds) if len(self.kinds) > 1 else None
        if self.prices is not None:
            self._find_prices()

    def _openings(self) -> dict[int, list[tuple[int, int, int]]]:
        """From which day how many of a school one team of a kind could record: day -> (kind, school, students)."""
        board, given = self.board, self.given
        found: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        for t in range(len(board.units)):
            if not board.team_mask[t]:
                continue
            kind = self.kinds.index(board.units[t])
            for s, waiting in enumerate(self.waiting):
                cap = board.units[t] // board.cost[s]
                if not waiting or not cap:
                    continue
                mask = board.joint(t, s) & (-1 << board.first_new)
                for n in range(1, given.days_left[s] + 1):
                    if not mask or cap * (n - 1) >= waiting:
                        break
                    day = (mask & -mask).bit_length() - 1
                    mask &= mask - 1
                    found[day].append((kind, s, min(waiting, cap * n)))
        return found

    def _find_prices(self) -> None:
        """Ask what a team's time is worth after a third, two thirds and all of the days."""
        assert self.prices is not None
        first, last = self.board.first_new, len(self.board.days)
        stops = {first + (last - first) * n // 3 - 1 for n in (1, 2, 3)}
        units = [0] * len(self.kinds)
        could = [[0] * len(self.waiting) for _ in self.kinds]
        for i in range(first, last):
            for t, size in enumerate(self.board.units):
                if (t, i) in self.given.free:
                    units[self.kinds.index(size)] += self.given.free[t, i]
            for kind, s, students in self.openings.get(i, ()):
                could[kind][s] = max(could[kind][s], students)
            if i in stops:
                self.prices.add(units, could)
        self.prices.settle(could)

    def go_on_to(self, i: int) -> None:
        """Add a day's room, and whom it is open to."""
        for t, size in enumerate(self.board.units):
            if free := self.given.free.get((t, i), 0):
                self.units[self.kinds.index(size)] += free
                self.parts += -(-free // self.part)
        for kind, s, students in self.openings.get(i, ()):
            before = max(could[s] for could in self.could)
            self.could[kind][s] = max(self.could[kind][s], students)
            if students > before:
                self.by_cost[self.board.district[s]][self.board.cost[s]] += students - before
                self.changed = True

    def most(self) -> int:
        """The most who could be recorded so far."""
        if self.changed:
            self.in_districts = self._filled_by_district()
            self.changed = False
        most = min(self._poured(), self._in_districts())
        return most if self.prices is None else min(most, self.prices.most(self.units))

    def _poured(self) -> int:
        """As if all days were one: those first who cost least time."""
        together: dict[int, int] = defaultdict(int)
        for by_cost in self.by_cost:
            for cost, students in by_cost.items():
                together[cost] += students
        units, served = sum(self.units), 0
        for cost in sorted(together):
            fit = min(together[cost], units // cost)
            served += fit
            units -= fit * cost
        return served

    def _in_districts(self) -> int:
        """Every part of a day in one district: the fullest first."""
        parts, served = self.parts, 0
        for students, count in self.in_districts:
            taken = min(count, parts)
            served += students * taken
            parts -= taken
            if not parts:
                break
        return served // self.whole

    def _filled_by_district(self) -> list[tuple[int, int]]:
        """Parts of days filled district by district: students (in parts of one) in each, how many; fullest first."""
        filled: dict[int, int] = defaultdict(int)
        for by_cost in self.by_cost:
            started, students = 0, 0  # units and students of the part that is being filled
            for cost in sorted(by_cost):
                units = by_cost[cost] * cost
                if started:
                    taken = min(self.part - started, units)
                    started += taken
                    students += taken * (self.whole // cost)
                    units -= taken
                    if started < self.part:
                        continue
                    filled[students] += 1
                    started = students = 0
                filled[self.part * (self.whole // cost)] += units // self.part
                started = units % self.part
                students = started * (self.whole // cost)
            if started:
                filled[students] += 1
        return sorted(filled.items(), reverse=True)
