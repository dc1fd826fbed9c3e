"""The screen on the wall of the office: it shows itself, and then anew whenever a mark comes in."""

from __future__ import annotations

import asyncio
import json

from tornado.iostream import StreamClosedError
from tornado.web import HTTPError

from campaigns.charts import burn_up
from campaigns.field.live import Listeners
from campaigns.progress import wall_queries
from campaigns.progress.wall_queries import WallPage
from common import access, clock, page
from common.access import Route, allow
from common.handler import Handler

# Seconds after which a stream ends; the screen asks again by itself, and must still be signed in.
LONGEST_STREAM = 600
# The screen hears at least so often that all is well; twice as long without a word is a lost network.
ALIVE_EVERY = 15.0
# Marks come in bunches: a screen need not be drawn for each.
CALM = 1.0


class WallHandler(Handler):
    """What the screen and its news share."""

    async def figures(self) -> tuple[WallPage, str]:
        """The screen's page, and its figures as they are shown."""
        if self.visit.campaign is None:
            raise HTTPError(404)
        wall = await self.read(wall_queries.wall_page, self.who, self.visit.campaign)
        campaign = wall.campaign
        burn = burn_up(
            [(day.date, day.recorded) for day in wall.recorded],
            wall.coverage.target,
            campaign.from_date,
            campaign.to_date,
            wall.today,
            campaign.voting_day,
        )
        shown = page.render(
            "campaigns/progress/wall_figures.html",
            self.language,
            {**self._always(), "wall": wall, "burn": burn},
        )
        return wall, shown

    def time_now(self) -> str:
        """The time at the office as the screen writes it."""
        return page.clock_time(clock.local(clock.now(), self.who.time_zone).time(), self.language)


class Wall(WallHandler):
    """The screen itself."""

    async def get(self) -> None:
        """The page; without a programme it says so."""
        if self.visit.campaign is None:
            self.page("campaigns/progress/coverage.html", page=None)
            return
        _, shown = await self.figures()
        self.page("campaigns/progress/wall.html", shown=shown, at=self.time_now())


class WallLive(WallHandler):
    """News of the screen: a stream of its figures, each time that they are others."""

    async def get(self) -> None:
        """The figures at once, then as they change, and a sign of life now and then."""
        self.set_header("Content-Type", "text/event-stream; charset=utf-8")
        self.set_header("Content-Encoding", "identity")  # a compressor would hold small events back
        listeners: Listeners = self.settings["field_listeners"]
        self._woken = asyncio.Event()
        listening: set[int] = set()
        told = ""
        ends = clock.ticking() + LONGEST_STREAM
        try:
            while not (self._gone or listeners.is_over) and clock.ticking() < ends:
                wall, shown = await self.figures()
                for day_id in {day.id for day in wall.days} - listening:
                    listeners.listen(day_id, self._woken.set)
                    listening.add(day_id)
                    self._woken.set()  # a mark may have come between the reading and the listening: read once more
                news = {"at": self.time_now(), "shown": shown if shown != told else ""}
                told = shown
                self.write(f"data: {json.dumps(news)}\n\n")
                await self.flush()
                await self._woken_or_time()
        except (StreamClosedError, HTTPError):
            pass  # the screen was left, or the person may no longer see it: there is no more to say
        finally:
            for day_id in listening:
                listeners.leave(day_id, self._woken.set)

    async def _woken_or_time(self) -> None:
        try:
            await asyncio.wait_for(self._woken.wait(), ALIVE_EVERY)
            if not self._gone:
                await asyncio.sleep(CALM)
        except TimeoutError:
            pass
        self._woken.clear()

    _gone = False
    _woken: asyncio.Event

    def on_connection_close(self) -> None:
        """The screen was left: stop waiting."""
        self._gone = True
        if hasattr(self, "_woken"):
            self._woken.set()


_OFFICE = allow(access.COORDINATOR, access.OFFICER, access.VIEWER)

ROUTES = [
    Route("wall", r"/wall", Wall, _OFFICE),
    Route("wall_live", r"/wall/live", WallLive, _OFFICE),
]
