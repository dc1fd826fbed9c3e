"""Addresses of the answers to schools."""

from __future__ import annotations

from collections.abc import Sequence

from campaigns.answering import actions, queries
from campaigns.answering.answers import Fault, Kind, read_answer
from campaigns.booking import plan_queries
from campaigns.hard_rules import Clash
from common import access
from common.access import Route, allow
from common.handler import Handler


class DayAnswer(Handler):
    """A school asks for another day: what it offers, and the answer."""

    async def get(self, day_id: str) -> None:
        """The wish, each offered date judged as it is now."""
        await self._show(int(day_id), {}, {})

    async def post(self, day_id: str) -> None:
        """Answer it; when a date was taken in the meantime say by what."""
        form = self.sent_form("choice", "word")
        answer, faults = read_answer(form)
        if answer is None:
            await self._show(int(day_id), form, faults, 422)
            return
        try:
            clashes = await self.act(actions.answer_wish, self.who, int(day_id), answer)
        except actions.NotAnswered:
            words = self._("This day has changed in the meantime. Look at it again, then decide.")
            self.notice("warn", words)
            self.go("day", int(day_id))
            return
        if clashes:
            await self._show(int(day_id), form, {}, 422, clashes)
            return
        called_off = self._("The day is called off. Its students need another day: make a plan.")
        words = {
            Kind.MOVE: self._(
                "The day is moved and counts as confirmed: the school offered this date. Tell it now."
            ),
            Kind.KEEP: self._("The day stays and counts as confirmed; the school reads your word."),
        }.get(answer.kind, called_off)
        self.notice("done", words)
        self.go("day", int(day_id))

    async def _show(
        self,
        day_id: int,
        form: dict[str, str],
        faults: dict[str, Fault],
        status: int = 200,
        clashes: Sequence[Clash] = (),
    ) -> None:
        try:
            shown = await self.read(queries.wish_page, self.who, day_id)
        except queries.NothingAsked:
            words = self._("The school's wish for another day is already answered: nothing waits here.")
            self.notice("info", words)
            self.go("day", day_id)
            return
        schools = await self.read(plan_queries.school_names, self.who)
        self.page(
            "campaigns/answering/answer.html",
            status,
            shown=shown,
            form=form,
            faults=faults,
            clashes=clashes,
            schools=schools,
        )


ROUTES = [
    Route("day_answer", r"/days/([0-9]{1,18})/answer", DayAnswer, allow(access.COORDINATOR)),
]
