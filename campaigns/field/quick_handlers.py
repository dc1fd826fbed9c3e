"""Addresses of the quick entry from paper: judged line by line, stored, taken back."""

from __future__ import annotations

from uuid import uuid4

from accounts.actions import note_access
from campaigns.field import actions, quick_actions, quick_queries
from campaigns.field.quick_lines import letters_of
from common import access
from common.access import Route, allow
from common.handler import Handler

MOST_TYPED = 20_000


class QuickEntry(Handler):
    """Type the printed list."""

    async def get(self, day_id: str) -> None:
        """The form; after storing (`stored`, `batch`), how many, and the way back."""
        listed = await self.read(quick_queries.on_the_list, self.who, int(day_id))
        shown = f"students={len(listed)}"  # by name, as their numbers are typed
        await self.note(note_access, self.who, "field_list_shown", "recording_day", int(day_id), shown)
        await self.show(
            day_id, "", uuid4().hex, stored=self.asked_number("stored", 0), done=self.asked("batch")
        )

    async def post(self, day_id: str) -> None:
        """`act`: check shows each line, store stores them all or none, undo takes a stored batch back."""
        text, batch = self.typed(), self.sent("batch", 32)
        if self.sent("act") == "undo":
            count = await self.act(quick_actions.take_lines_back, self.who, int(day_id), batch)
            self.settings["field_listeners"].tell(int(day_id))
            self.notice("done", self.ngettext("%(num)s mark taken back.", "%(num)s marks taken back.", count))
            self.go("quick_entry", int(day_id))
            return
        if self.sent("act") != "store":
            await self.show(day_id, text, batch)
            return
        try:
            count = await self.act(
                quick_actions.store_lines, self.who, int(day_id), text, self.sent("seen", 32), batch
            )
        except actions.NotAllowed as why:
            changed = self._("The list has changed since. Look at the lines again, then store.")
            wrong = self._("Some lines cannot be stored yet. Mend them; nothing was stored.")
            await self.show(day_id, text, batch, 422, error=changed if str(why) == "changed" else wrong)
            return
        self.settings["field_listeners"].tell(int(day_id))
        self.go("quick_entry", int(day_id), stored=count, batch=batch)

    def typed(self) -> str:
        """The lines as typed, each on its own."""
        return self.get_body_argument("lines", "", strip=False)[:MOST_TYPED].replace("\r\n", "\n")

    async def show(
        self,
        day_id: str,
        text: str,
        batch: str,
        status: int = 200,
        error: str = "",
        stored: int = 0,
        done: str = "",
    ) -> None:
        """The page with every line judged."""
        page = await self.read(quick_queries.quick_page, self.who, int(day_id), text)
        self.page(
            "campaigns/field/quick.html",
            status,
            page=page,
            text=text,
            batch=batch,
            error=error,
            stored=stored,
            done=done,
            letters=letters_of(self.language),
        )


class QuickCheck(QuickEntry):
    """The same lines while they are typed, for the page's script."""

    async def get(self, day_id: str) -> None:
        """To the page."""
        self.go("quick_entry", int(day_id))

    async def post(self, day_id: str) -> None:
        """Each line judged, as a piece of the page."""
        page = await self.read(quick_queries.quick_page, self.who, int(day_id), self.typed())
        self.page("campaigns/field/quick_lines.html", page=page)


_FIELD = allow(access.COORDINATOR, access.OFFICER)

ROUTES = [
    Route("quick_entry", r"/days/([0-9]{1,18})/quick", QuickEntry, _FIELD),
    Route("quick_check", r"/days/([0-9]{1,18})/quick/check", QuickCheck, _FIELD),
]
