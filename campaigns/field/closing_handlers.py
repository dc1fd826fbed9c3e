"""Addresses of the end of a recording day: closing it, what came of it, opening it again."""

from __future__ import annotations

import asyncio

from accounts.actions import note_access
from campaigns.field import actions, closing_actions, minutes_queries, queries, reopen_queries
from campaigns.minutes_printing import print_minutes
from common import access
from common.access import Route, allow
from common.handler import Handler


class DayClose(Handler):
    """Close a day: first what it will do, then do it."""

    async def get(self, day_id: str) -> None:
        """How many become absent."""
        await self._show(int(day_id), refused=False)

    async def post(self, day_id: str) -> None:
        """Close, and show what came of the day."""
        try:
            await self.act(closing_actions.close_day, self.who, int(day_id))
        except actions.NotAllowed:
            await self._show(int(day_id), refused=True)
            return
        self.settings["field_listeners"].tell(int(day_id))
        self.notice("done", self._("The day is closed."))
        self.go("day_summary", int(day_id))

    async def _show(self, day_id: int, refused: bool) -> None:
        page = await self.read(queries.summary_page, self.who, day_id)
        if page.unmarked:
            shown = f"students={len(page.unmarked)}"
            await self.note(note_access, self.who, "unmarked_shown", "recording_day", day_id, shown)
        self.page("campaigns/field/close.html", 422 if refused else 200, page=page, refused=refused)


class DaySummary(Handler):
    """What came of a day, in figures."""

    async def get(self, day_id: str) -> None:
        """By class and sex."""
        await self.show(int(day_id), "")

    async def show(self, day_id: int, error: str) -> None:
        """The page, with the reason why a closing could not be undone."""
        page = await self.read(queries.summary_page, self.who, day_id)
        if page.unmarked:
            shown = f"students={len(page.unmarked)}"
            await self.note(note_access, self.who, "unmarked_shown", "recording_day", day_id, shown)
        retakes = await self.read(reopen_queries.retakes_from, self.who, day_id)
        self.page(
            "campaigns/field/summary.html",
            422 if error else 200,
            page=page,
            retakes=retakes,
            error=error,
            reason=self.sent("reason"),
        )


class DayReopen(DaySummary):
    """Undo a closing, with the reason."""

    async def get(self, day_id: str) -> None:
        """The form is on the summary."""
        self.go("day_summary", int(day_id))

    async def post(self, day_id: str) -> None:
        """Open the day again."""
        try:
            await self.act(closing_actions.reopen_day, self.who, int(day_id), self.sent("reason"))
        except actions.NotAllowed as why:
            needs_reason = self._("Write why the day is opened again.")
            await self.show(
                int(day_id), needs_reason if str(why) == "reason" else self._("This day is not closed.")
            )
            return
        self.settings["field_listeners"].tell(int(day_id))
        self.notice("done", self._("The day is open again. Students without a mark are no longer absent."))
        self.go("field_day", int(day_id))


class Minutes(Handler):
    """The official minutes of a closed day."""

    async def get(self, day_id: str) -> None:
        """As PDF, typeset on a worker thread. Of a day that is not closed there are none: to its summary."""
        page, minutes = await self.read(minutes_queries.minutes_of, self.who, int(day_id))
        if page.day.state != "closed":
            self.go("day_summary", int(day_id))
            return
        made = await asyncio.to_thread(print_minutes, minutes, self.language)
        await self.note(note_access, self.who, "minutes_printed", "recording_day", int(day_id), "")
        self.pdf(made, f"berita-acara-{page.day.npsn}-{page.day.date}.pdf")


_FIELD = allow(access.COORDINATOR, access.OFFICER)

ROUTES = [
    Route("minutes", r"/days/([0-9]{1,18})/minutes\.pdf", Minutes, _FIELD),
    Route("day_close", r"/days/([0-9]{1,18})/close", DayClose, _FIELD),
    Route("day_summary", r"/days/([0-9]{1,18})/summary", DaySummary, _FIELD),
    Route("day_reopen", r"/days/([0-9]{1,18})/reopen", DayReopen, allow(access.COORDINATOR)),
]
