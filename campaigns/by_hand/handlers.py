"""Addresses of what is done to a day by hand: look at a move, force it, lock the day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tornado.web import HTTPError

from campaigns.booking import plan_queries
from campaigns.booking.forcing import may_be_forced
from campaigns.by_hand import actions, queries
from campaigns.hard_rules import Clash
from common import access
from common.access import Route, allow
from common.handler import Handler, whole_number


class DayTry(Handler):
    """What moving a day to a date and team would break and cost, and the way past it."""

    async def get(self, day_id: str) -> None:
        """Look; nothing is changed."""
        to, team_id = self.asked_date("date"), whole_number(self.asked("team"), 18)
        if to is None or team_id is None:
            self.notice("warn", self._("Choose a date and a team."))
            self.go("day", int(day_id))
            return
        await self._show(int(day_id), to, team_id, {}, "")

    async def post(self, day_id: str) -> None:
        """Force it, with a reason."""
        form = self.sent_form("date", "team", "reason")
        team_id = whole_number(form["team"], 18)
        try:
            to = date.fromisoformat(form["date"])
        except ValueError:
            raise HTTPError(404) from None
        if team_id is None:
            raise HTTPError(404)
        if not form["reason"]:
            await self._show(int(day_id), to, team_id, form, "reason", 422)
            return
        try:
            clashes = await self.act(
                actions.force_day, self.who, int(day_id), to, team_id, form["reason"][:300]
            )
        except actions.NotMoved:
            words = self._("This day has changed in the meantime. Look at it again, then decide.")
            self.notice("warn", words)
            self.go("day", int(day_id))
            return
        if clashes:
            await self._show(int(day_id), to, team_id, form, "", 422)
            return
        self.notice("done", self._("The day is moved and locked; its exception and reason are kept."))
        self.go("day", int(day_id))

    async def _show(
        self, day_id: int, to: date, team_id: int, form: dict[str, str], fault: str, status: int = 200
    ) -> None:
        found = await self.read(queries.tried, self.who, day_id, to, team_id)
        schools = await self.read(plan_queries.school_names, self.who)

        def those(forced: bool) -> Sequence[Clash]:
            return [clash for clash in found.clashes if may_be_forced(clash) == forced]

        self.page(
            "campaigns/by_hand/try.html",
            status,
            tried=found,
            never=those(False),
            forceable=those(True),
            schools=schools,
            form=form,
            fault=fault,
        )


class DayLock(Handler):
    """Lock a day where it is, or let plans move it again."""

    async def post(self, day_id: str) -> None:
        """One click."""
        locked = self.sent("locked") == "1"
        try:
            done = await self.act(actions.lock_day, self.who, int(day_id), locked)
        except actions.NotMoved:
            self.notice("warn", self._("This day can no longer be locked or unlocked."))
        else:
            words = (
                self._("The day is locked: no plan moves it.") if locked else self._("The day is unlocked.")
            )
            self.notice("done" if done else "info", words)
        self.go("day", int(day_id))


_OFFICE = allow(access.COORDINATOR)
_ID = r"([0-9]{1,18})"

ROUTES = [
    Route("day_try", rf"/days/{_ID}/try", DayTry, _OFFICE),
    Route("day_lock", rf"/days/{_ID}/lock", DayLock, _OFFICE),
]
