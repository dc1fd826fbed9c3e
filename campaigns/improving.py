"""Looks for better itineraries by changing the order of their schools, a given number of times.

Simulated annealing: a change that makes the plan better is kept, a worse one is kept now and then, ever more
rarely, so that the search gets out of corners. What looks like chance is a fixed row of numbers, and what ends
the search is a count of changes tried, so that the same problem gets the same plan.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import exp
from typing import NamedTuple

from campaigns.itineraries import Place, Terrain, Wanted

# Changes between two looks at whether to stop.
_BETWEEN_LOOKS = 128
_ONE = 1 << 20


class Worth(NamedTuple):
    """What itineraries are worth: voters, students (with those too young on their day), earliness, district changes."""

    voters: int
    students: int
    earliness: int
    changes: int


@dataclass(frozen=True, slots=True)
class Taste:
    """How itineraries are compared: so much for a voter, a student, a change of district.

    Earliness counts in full up to `early_enough`, and a quarter beyond it: from there on fewer changes of
    district are the better bargain.
    """

    voter: int
    student: int
    change: float
    early_enough: float

    def of(self, worth: Worth) -> float:
        """One figure for all of it; higher is better."""
        over = worth.earliness - self.early_enough
        earliness = worth.earliness if over < 0 else self.early_enough + over / 4
        return (
            self.voter * worth.voters
            + self.student * worth.students
            + earliness
            - self.change * worth.changes
        )


class _Chance:
    """Whole numbers in a row that has no pattern to speak of, and is the same each time (Knuth's MMIX generator)."""

    def __init__(self) -> None:
        self.state = 1

    def below(self, n: int) -> int:
        """The next number, from 0 to n - 1."""
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) & 0xFFFFFFFFFFFFFFFF
        return (self.state >> 33) % n


@dataclass(frozen=True, slots=True)
class _Changed:
    """A team's new order, and how many schools at its beginning and at its end are as before."""

    team: int
    order: list[int]
    same_before: int
    same_after: int


class Search:
    """Itineraries in search of better ones. `orders` has the schools of each team, each school once."""

    def __init__(self, terrain: Terrain, orders: Mapping[int, Sequence[int]], taste: Taste) -> None:
        self.terrain = terrain
        self.taste = taste
        self.chance = _Chance()
        self.district = terrain.board.district
        self.orders = {t: list(orders.get(t, ())) for t in terrain.teams}
        self.schools = [s for order in self.orders.values() for s in order]
        self.of_district: dict[int, list[int]] = defaultdict(list)
        for s in sorted(self.schools):
            self.of_district[self.district[s]].append(s)
        self.team_of = {s: t for t, order in self.orders.items() for s in order}
        self.places: dict[int, list[Place]] = {}
        for t in terrain.teams:
            self._note(t)

    def worth(self) -> Worth:
        """What the itineraries are worth together."""
        last = [places[-1] for places in self.places.values()]
        return Worth(
            sum(place[5] for place in last),
            sum(place[6] for place in last),
            sum(place[7] for place in last),
            sum(place[8] for place in last),
        )

    def improve(
        self, steps: int, hot: float, cold: float, choosing: bool, stop: Callable[[int, Worth], bool]
    ) -> Worth:
        """Try so many changes and keep the best itineraries found; what they are worth.

        With `choosing` also how many of a school are wanted changes: for when there is no room for all. `stop`
        is asked now and then, with the changes tried and the best so far.
        """
        worth = best = self.worth()
        value = self.taste.of(worth)
        best_value = worth.voters, worth.students, value
        best_orders, best_wanted = self._copy(), list(self.terrain.wanted)
        heat, cooling = hot, (cold / hot) ** (1 / max(1, steps))
        if len(self.schools) < 2 and not choosing:
            return best
        for step in range(steps):
            if not step % _BETWEEN_LOOKS and stop(step, best):
                break
            heat *= cooling
            before = self._want_otherwise() if choosing and not self.chance.below(8) else None
            changed = self._as_wanted(before[0]) if before else self._change()
            if not changed:
                continue
            after = self._after(changed, worth)
            after_value = self.taste.of(after)
            if after_value >= value or self.chance.below(_ONE) < _ONE * exp((after_value - value) / heat):
                self._take(changed)
                worth, value = after, after_value
                # While searching a voter may be given away for much else; what is kept has most voters, then students.
                if (worth.voters, worth.students, value) > best_value:
                    best, best_value = worth, (worth.voters, worth.students, value)
                    best_orders, best_wanted = self._copy(), list(self.terrain.wanted)
            elif before:
                self.terrain.want(*before)
        self._go_back_to(best_orders, best_wanted)
        return best

    # What a change does

    def _note(self, t: int) -> None:
        """Walk an itinerary and note where the team stands before each school and after the last."""
        places: list[Place] = []
        last = self.terrain.follow(t, self.orders[t], self.terrain.start(), 0, places)
        self.places[t] = [*places, last]

    def _after(self, changed: Sequence[_Changed], worth: Worth) -> Worth:
        """What all would be worth after the change."""
        voters, students, earliness, changes = worth
        for new in changed:
            places = self.places[new.team]
            ahead = len(self.orders[new.team]) - len(new.order)
            rejoin = len(new.order) - new.same_after, ahead, places
            last = self.terrain.follow(
                new.team, new.order, places[new.same_before], new.same_before, None, rejoin
            )
            old = places[-1]
            voters += last[5] - old[5]
            students += last[6] - old[6]
            earliness += last[7] - old[7]
            changes += last[8] - old[8]
        return Worth(voters, students, earliness, changes)

    def _take(self, changed: Sequence[_Changed]) -> None:
        """Make the change."""
        for new in changed:
            self.orders[new.team] = new.order
            self._note(new.team)
            for s in new.order:
                self.team_of[s] = new.team

    def _copy(self) -> dict[int, list[int]]:
        """The orders as they are; a change makes new lists, so these stay."""
        return dict(self.orders)

    def _go_back_to(self, orders: dict[int, list[int]], wanted: list[Wanted]) -> None:
        """Take up itineraries found earlier."""
        for s in self.schools:
            if wanted[s] != self.terrain.wanted[s]:
                self.terrain.want(s, wanted[s])
        self.orders = orders
        self.team_of = {s: t for t, order in orders.items() for s in order}
        for t in self.terrain.teams:
            self._note(t)

    # Which change to try

    def _change(self) -> list[_Changed]:
        """The next change: schools moved (6 of 10), exchanged (3), or two teams go on with each other's (1)."""
        kind = self.chance.below(10)
        t, n = self._somewhere()
        if kind < 6:
            return self._move(t, n)
        other, m = self._somewhere()
        if kind < 9:
            return self._exchange(t, n, other, m)
        return [] if t == other else self._cross(t, n, other, m)

    def _somewhere(self) -> tuple[int, int]:
        """A school's team, and its place in the team's order."""
        s = self.schools[self.chance.below(len(self.schools))]
        t = self.team_of[s]
        return t, self.orders[t].index(s)

    def _stay(self, t: int, n: int) -> tuple[int, int]:
        """The schools around place n that the team visits in the same district before it leaves: from, to."""
        order, district = self.orders[t], self.district
        d = district[order[n]]
        first, after = n, n + 1
        while first and district[order[first - 1]] == d:
            first -= 1
        while after < len(order) and district[order[after]] == d:
            after += 1
        return first, after

    def _some_of_stay(self, t: int, n: int) -> tuple[int, int]:
        """The school at place n (5 of 10), its whole stay (2), or from it to the end (2) or the beginning (1)."""
        kind = self.chance.below(10)
        if kind < 5:
            return n, n + 1
        first, after = self._stay(t, n)
        if kind < 7:
            return first, after
        return (n, after) if kind < 9 else (first, n + 1)

    def _move(self, t: int, n: int) -> list[_Changed]:
        """Schools of a stay go elsewhere: beside a school of their district, between two stays, or anywhere."""
        below, order = self.chance.below, self.orders[t]
        a, b = self._some_of_stay(t, n)
        kind = below(10)
        if kind < 6:
            mates = self.of_district[self.district[order[n]]]
            mate = mates[below(len(mates))]
            to = self.team_of[mate]
            p = self.orders[to].index(mate) + below(2)
        else:
            to = self.terrain.teams[below(len(self.terrain.teams))]
            p = below(len(self.orders[to]) + 1)
            if kind < 9 and p < len(self.orders[to]):
                p = self._stay(to, p)[below(2)]
        other = self.orders[to]
        if to != t:
            return [
                _Changed(t, order[:a] + order[b:], a, len(order) - b),
                _Changed(to, other[:p] + order[a:b] + other[p:], p, len(other) - p),
            ]
        if p > b:
            return [_Changed(t, order[:a] + order[b:p] + order[a:b] + order[p:], a, len(order) - p)]
        if p < a:
            return [_Changed(t, order[:p] + order[a:b] + order[p:a] + order[b:], p, len(order) - b)]
        return []

    def _exchange(self, t: int, n: int, other: int, m: int) -> list[_Changed]:
        """Schools of two stays take each other's place."""
        (a, b), (c, d) = self._some_of_stay(t, n), self._some_of_stay(other, m)
        mine, theirs = self.orders[t], self.orders[other]
        if t != other:
            return [
                _Changed(t, mine[:a] + theirs[c:d] + mine[b:], a, len(mine) - b),
                _Changed(other, theirs[:c] + mine[a:b] + theirs[d:], c, len(theirs) - d),
            ]
        if c < a:
            a, b, c, d = c, d, a, b
        if b > c:
            return []
        return [_Changed(t, mine[:a] + mine[c:d] + mine[b:c] + mine[a:b] + mine[d:], a, len(mine) - d)]

    def _cross(self, t: int, n: int, other: int, m: int) -> list[_Changed]:
        """From the end or the beginning of a stay each, two teams go on with what the other had before it."""
        mine, theirs = self.orders[t], self.orders[other]
        a, c = self._stay(t, n)[self.chance.below(2)], self._stay(other, m)[self.chance.below(2)]
        return [_Changed(t, mine[:a] + theirs[c:], a, 0), _Changed(other, theirs[:c] + mine[a:], c, 0)]

    def _want_otherwise(self) -> tuple[int, Wanted] | None:
        """Want all of some school, one day's, some number, or voters alone; the school, and what was wanted before."""
        board = self.terrain.board
        s = self.schools[self.chance.below(len(self.schools))]
        before = self.terrain.wanted[s]
        most = self.terrain.most_days
        some = self.chance.below(board.target[s]) + 1
        choice = [(board.target[s], most), (board.target[s], 1), (some, most), (board.voters[s], most)]
        wanted = choice[self.chance.below(4 if board.voters[s] else 3)]
        if wanted == before:
            return None
        self.terrain.want(s, wanted)
        return s, before

    def _as_wanted(self, s: int) -> list[_Changed]:
        """The same order, walked again from the school of which more or fewer are wanted."""
        order = self.orders[self.team_of[s]]
        n = order.index(s)
        return [_Changed(self.team_of[s], order, n, len(order) - n - 1)]
