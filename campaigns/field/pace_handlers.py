"""Addresses of the day's pace."""

from __future__ import annotations

from accounts.actions import note_access
from campaigns.field import actions, pace_actions, pace_queries
from common import access
from common.access import Route, allow
from common.handler import Handler, whole_number


class DayPacePage(Handler):
    """How the day goes, and who will not be reached."""

    async def get(self, day_id: str) -> None:
        """The pace, the switches, and the names at the end of the queue."""
        await self._show(day_id)

    async def post(self, day_id: str) -> None:
        """`act`: say keeps what the crew says of network and kits, move gives the tail a place on the later day."""
        day = int(day_id)
        if self.sent("act") == "move":
            to = whole_number(self.sent("to"), 18) or 0
            students = [whole_number(text, 18) or 0 for text in self.sent_list("student")]
            try:
                count = await self.act(pace_actions.move_tail, self.who, day, to, students)
            except actions.NotAllowed:
                self.notice("error", self._("That day takes nobody any more. Look at the names again."))
            else:
                sentence = self.ngettext(
                    "%(num)s student has a place on the later day. Tell the school.",
                    "%(num)s students have a place on the later day. Tell the school.",
                    count,
                )
                self.notice("done", sentence)
            self.go("day_pace", day)
            return
        kits = whole_number(self.sent("kits"), 2)
        try:
            if kits is None:
                raise actions.NotAllowed("kits")
            await self.act(pace_actions.say_pace, self.who, day, self.sent("bad") == "1", kits)
        except actions.NotAllowed:
            await self._show(
                day_id, {"kits": self._("Write how many kits work now, no more than the team has.")}
            )
            return
        self.notice("done", self._("Noted. The expected end follows."))
        self.go("day_pace", day)

    async def _show(self, day_id: str, errors: dict[str, str] | None = None) -> None:
        page = await self.read(pace_queries.pace_page, self.who, int(day_id))
        if page.tail:
            shown = f"students={len(page.tail)}"
            await self.note(note_access, self.who, "tail_shown", "recording_day", int(day_id), shown)
        self.page("campaigns/field/pace.html", 422 if errors else 200, page=page, errors=errors or {})


ROUTES = [
    Route("day_pace", r"/days/([0-9]{1,18})/pace", DayPacePage, allow(access.COORDINATOR, access.OFFICER)),
]
