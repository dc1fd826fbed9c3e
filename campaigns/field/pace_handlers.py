"""Addresses of the day's pace."""

from __future__ import annotations

from accounts.actions import note_access
from campaigns import queries
from campaigns.field import actions, pace_actions, tail_queries
from common import access
from common.access import Route, allow
from common.handler import Handler, whole_number


class DayPacePage(Handler):
    """How the day goes, and who will not be reached."""

    async def get(self, day_id: str) -> None:
        """The pace, the switches, and the end of the queue by name; after moving it (`moved`, `to`) its new day."""
        await self._show(day_id)

    async def post(self, day_id: str) -> None:
        """`act`: say keeps what the crew says of network and kits, move gives the tail a place on the later day,
        retake books a day for it."""
        day = int(day_id)
        if self.sent("act") == "move":
            to = whole_number(self.sent("to"), 18) or 0
            students = [whole_number(text, 18) or 0 for text in self.sent_list("student")]
            try:
                count = await self.act(pace_actions.move_tail, self.who, day, to, students)
            except actions.NotAllowed:
                self.notice("error", self._("That day takes nobody any more. Look at the names again."))
            else:
                if not count:
                    self.notice(
                        "info", self._("Nobody was moved: look at the end of the queue as it is now.")
                    )
                    self.go("day_pace", day)
                    return
                self.go("day_pace", day, moved=count, to=to)
                return
            self.go("day_pace", day)
            return
        if self.sent("act") == "retake":
            await self._move_to_retake(day)
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

    async def _move_to_retake(self, day: int) -> None:
        team = whole_number(self.sent("team"), 15) or 0
        students = [whole_number(text, 15) or 0 for text in self.sent_list("student")]
        try:
            count, to = await self.act(
                pace_actions.move_tail_to_retake, self.who, day, self.sent("date"), team, students
            )
        except actions.NotAllowed:
            self.notice("error", self._("That day was taken meanwhile. Look at the names again."))
        else:
            if not count:
                self.notice("info", self._("Nobody was moved: look at the end of the queue as it is now."))
                self.go("day_pace", day)
                return
            self.go("day_pace", day, moved=count, to=to)
            return
        self.go("day_pace", day)

    async def _show(self, day_id: str, errors: dict[str, str] | None = None) -> None:
        page, retake = await self.read(tail_queries.pace_with_retake, self.who, int(day_id))
        if page.tail:
            shown = f"students={len(page.tail)}"
            await self.note(note_access, self.who, "tail_shown", "recording_day", int(day_id), shown)
        moved = self.asked_number("moved", 0)
        to = await self.read(queries.day, self.who, self.asked_number("to", 0)) if moved else None
        self.page(
            "campaigns/field/pace.html",
            422 if errors else 200,
            page=page,
            retake=retake,
            errors=errors or {},
            moved=moved,
            to=to,
        )


ROUTES = [
    Route("day_pace", r"/days/([0-9]{1,18})/pace", DayPacePage, allow(access.COORDINATOR, access.OFFICER)),
]
