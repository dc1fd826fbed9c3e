"""Addresses of recordings that wait to be sent: seen by age, told in bulk to have gone through, that undone."""

from __future__ import annotations

import re

from tornado.web import HTTPError

from accounts.actions import note_access
from campaigns.attendance import REASONS, Outcome, OutcomeReason
from campaigns.field import actions, waiting_actions, waiting_queries
from campaigns.field.retake_list_queries import Narrowed
from common import access
from common.access import Route, allow
from common.handler import Handler, whole_number

_KEY = re.compile(r"([0-9]{1,15})-([0-9]{1,15})")


class Waiting(Handler):
    """Whose recordings wait to be sent."""

    async def get(self) -> None:
        """The oldest first; `all` ticks everyone shown."""
        await self.show(frozenset(), {})

    async def post(self) -> None:
        """Say of those ticked that the data went through, or that it did not and why."""
        keys = [_KEY.fullmatch(text) for text in self.sent_list("student")]
        chosen = {(int(key[1]), int(key[2])) for key in keys if key}
        if not chosen:
            await self.show(frozenset(), {"student": self._("Tick at least one student.")}, 422)
            return
        if self.sent("say") not in ("recorded", "failed"):
            raise HTTPError(400)
        outcome = Outcome(self.sent("say"))
        reason = self.sent("reason") if outcome is Outcome.FAILED else ""
        try:
            why = OutcomeReason(reason) if reason else None
            told = await self.act(
                waiting_actions.confirm_waiting, self.who, self.campaign_id, chosen, outcome, why
            )
        except (actions.NotAllowed, ValueError):
            await self.show(
                frozenset(self.sent_list("student")),
                {"reason": self._("Choose why it did not go through.")},
                422,
            )
            return
        for day_id in told.day_ids:
            self.settings["field_listeners"].tell(day_id)
        self._say(told.students, told.skipped, outcome)
        self.go("retake_waiting", **_narrowed_query(self.narrowed))

    async def show(self, ticked: frozenset[str], errors: dict[str, str], status: int = 200) -> None:
        """The page, with what was ticked and why it came back."""
        page = await self.read(waiting_queries.waiting_page, self.who, self.campaign_id, self.narrowed)
        if page.rows:
            shown = f"students={len(page.rows)}"
            await self.note(note_access, self.who, "waiting_shown", "student", None, shown)
        if self.asked("all"):
            ticked = frozenset(row.key for row in page.rows)
        self.page(
            "campaigns/field/waiting.html",
            status,
            page=page,
            ticked=ticked,
            errors=errors,
            failed_reasons=REASONS[Outcome.FAILED],
            reason=self.sent("reason"),
            query=_narrowed_query(self.narrowed),
        )

    def _say(self, students: int, skipped: int, outcome: Outcome) -> None:
        if students and outcome is Outcome.RECORDED:
            self.notice(
                "done",
                self.ngettext(
                    "%(num)s student counts as recorded now. It can be undone below.",
                    "%(num)s students count as recorded now. It can be undone below.",
                    students,
                ),
            )
        elif students:
            self.notice(
                "done",
                self.ngettext(
                    "%(num)s student is due a retake now. It can be undone below.",
                    "%(num)s students are due a retake now. It can be undone below.",
                    students,
                ),
            )
        if skipped:
            self.notice(
                "info",
                self.ngettext(
                    "%(num)s student did not wait any more and stays as is.",
                    "%(num)s students did not wait any more and stay as they are.",
                    skipped,
                ),
            )

    @property
    def campaign_id(self) -> int:
        """The programme in view; without one there is no such page."""
        if self.visit.campaign is None:
            raise HTTPError(404)
        return self.visit.campaign.id

    @property
    def narrowed(self) -> Narrowed:
        """The district and the school asked for."""
        district, school = (whole_number(self.asked(name), 15) for name in ("district", "school"))
        return Narrowed("", district or None, school or None)


class WaitingUndo(Handler):
    """Undo what was said of many at once."""

    async def post(self, confirm_id: str) -> None:
        """They wait again, but for whom somebody marked since."""
        told = await self.act(waiting_actions.undo_confirm, self.who, int(confirm_id))
        for day_id in told.day_ids:
            self.settings["field_listeners"].tell(day_id)
        if told.students:
            self.notice(
                "done",
                self.ngettext("%(num)s student waits again.", "%(num)s students wait again.", told.students),
            )
        else:
            self.notice("info", self._("Nothing was left to undo."))
        if told.skipped:
            self.notice(
                "info",
                self.ngettext(
                    "%(num)s student was marked since and stays as is.",
                    "%(num)s students were marked since and stay as they are.",
                    told.skipped,
                ),
            )
        self.go("retake_waiting")


def _narrowed_query(chosen: Narrowed) -> dict[str, int]:
    asked = {"district": chosen.district, "school": chosen.school}
    return {name: value for name, value in asked.items() if value is not None}


_COORDINATOR = allow(access.COORDINATOR)

ROUTES = [
    Route("retake_waiting", r"/retakes/waiting", Waiting, _COORDINATOR),
    Route("retake_waiting_undo", r"/retakes/waiting/([0-9]{1,18})/undo", WaitingUndo, _COORDINATOR),
]
