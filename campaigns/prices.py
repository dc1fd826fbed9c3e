"""What the time of each kind of team is worth, when teams have unlike kits.

A school is visited by one team, so the large ones compete for the well equipped. Put a price on each kind of
team's time: then nobody can serve more than the price of all their time, and for each school what it serves
beyond the price of the time it takes with the team that suits it best. This holds for any prices (they are the
multipliers of a Lagrangian relaxation); good ones make it strict.
"""

from collections.abc import Sequence
from math import floor

# Rounds of setting each price anew, and steps in looking for it: more make the bound hardly stricter.
_ROUNDS = 3
_STEPS = 9


class Prices:
    """Prices found for some moments of a campaign, each good for every moment."""

    def __init__(self, cost: Sequence[int], kinds: Sequence[int]) -> None:
        self.cost = cost
        self.highest = 1 / min(cost, default=1)
        self.kinds = range(len(kinds))
        self.found: list[list[float]] = []
        self.beyond: list[float] = []

    def add(self, units: Sequence[int], could: Sequence[Sequence[int]]) -> None:
        """Find prices for so many units of each kind of team, and students of each school it could record alone."""
        schools = [(self.cost[s], served) for s, served in enumerate(zip(*could, strict=True)) if any(served)]
        prices = [self.highest / 2] * len(units)
        for _ in range(_ROUNDS):
            for kind in self.kinds:
                low, high = 0.0, self.highest
                for _ in range(_STEPS):
                    third = (high - low) / 3
                    prices[kind] = low + third
                    left = self._sum(prices, units, schools)
                    prices[kind] = high - third
                    if left <= self._sum(prices, units, schools):
                        high -= third
                    else:
                        low += third
                prices[kind] = (low + high) / 2
        self.found.append(prices)

    def settle(self, could: Sequence[Sequence[int]]) -> None:
        """From now on these are the students of each school whom each kind could record at the very end."""
        schools = [(self.cost[s], served) for s, served in enumerate(zip(*could, strict=True)) if any(served)]
        nothing = [0] * len(could)
        self.beyond = [self._sum(prices, nothing, schools) for prices in self.found]

    def most(self, units: Sequence[int]) -> int:
        """The most who can be served in so many units of each kind of team."""
        return floor(
            min(
                beyond + sum(price * size for price, size in zip(prices, units, strict=True))
                for prices, beyond in zip(self.found, self.beyond, strict=True)
            )
            + 1e-6  # sums of prices are not exact
        )

    def _sum(
        self, prices: Sequence[float], units: Sequence[int], schools: Sequence[tuple[int, tuple[int, ...]]]
    ) -> float:
        """The price of all time, and what the schools serve beyond the price of theirs."""
        total = sum(price * size for price, size in zip(prices, units, strict=True))
        for cost, served in schools:
            best = 0.0
            for price, students in zip(prices, served, strict=True):
                beyond = (1 - price * cost) * students
                if beyond > best:
                    best = beyond
            total += best
        return total
