"""Who waits for news of a recording day in this process. Whoever stores a mark tells the day, after the commit.

A server with several processes hears of the others' marks by reading again now and then (`SLOW_RE_READ`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

SLOW_RE_READ = 5.0  # seconds
# On PostgreSQL a mark with a lower number may be committed after one with a higher: a slow read looks back so far.
LOOK_BACK = 300  # marks


class Listeners:
    """The pages that follow a day live. Not for threads: all calls are made on the event loop."""

    def __init__(self) -> None:
        self._by_day: dict[int, set[Callable[[], None]]] = defaultdict(set)
        self.is_over = False  # the server stops: whoever is woken, or begins to listen, has to leave

    def listen(self, day_id: int, wake: Callable[[], None]) -> None:
        """Call `wake` whenever the day has news, until `leave`."""
        self._by_day[day_id].add(wake)

    def leave(self, day_id: int, wake: Callable[[], None]) -> None:
        """Stop calling `wake`; harmless when it was not listening."""
        self._by_day[day_id].discard(wake)
        if not self._by_day[day_id]:
            del self._by_day[day_id]

    def end(self) -> None:
        """Wake everyone for the last time."""
        self.is_over = True
        for day_id in tuple(self._by_day):
            self.tell(day_id)

    def tell(self, day_id: int) -> None:
        """Wake everyone who follows the day."""
        for wake in tuple(self._by_day.get(day_id, ())):
            wake()
