"""Addresses of retakes: who is due one, list by list; days proposed and booked."""

from __future__ import annotations

from tornado.web import HTTPError

from accounts.actions import note_access
from campaigns.field import retake_actions, retake_list_queries, retake_queries
from campaigns.field.retake_list_queries import Narrowed
from campaigns.field.retake_lists import RetakeList, kinds_of
from common import access
from common.access import Route, allow
from common.handler import Handler, whole_number


class RetakeHandler(Handler):
    """What the pages of retakes share: the programme in view."""

    @property
    def campaign_id(self) -> int:
        """The programme in view; without one there is no such page."""
        if self.visit.campaign is None:
            raise HTTPError(404)
        return self.visit.campaign.id


class Retakes(RetakeHandler):
    """Who is due a retake and has no date yet, by school."""

    async def get(self) -> None:
        """How many are on each list, and the retake days ahead."""
        if self.visit.campaign is None:
            self.page("campaigns/field/retakes.html", page=None)
            return
        page = await self.read(retake_queries.retakes_page, self.who, self.campaign_id)
        counts = await self.read(retake_list_queries.list_counts, self.who, self.campaign_id)
        self.page("campaigns/field/retakes.html", page=page, counts=counts)


class RetakeListed(RetakeHandler):
    """One list of students due a retake, by name."""

    async def get(self, which: str) -> None:
        """Narrowed to a `kind`, a `district`, a `school`."""
        if which not in set(RetakeList):
            raise HTTPError(404)
        listed = RetakeList(which)
        district, school = (whole_number(self.asked(name), 15) for name in ("district", "school"))
        kind = self.asked("kind")
        chosen = Narrowed(kind if kind in kinds_of(listed) else "", district or None, school or None)
        page = await self.read(
            retake_list_queries.retake_list,
            self.who,
            self.campaign_id,
            listed,
            chosen,
            self.asked_number("page"),
        )
        if page.rows:
            detail = f"students={len(page.rows)}"
            await self.note(note_access, self.who, "retakes_due_shown", "school", school, detail)
        asked = {"kind": chosen.kind, "district": chosen.district, "school": chosen.school}
        query = {name: value for name, value in asked.items() if value}
        self.page("campaigns/field/retake_list.html", page=page, query=query)


class RetakePropose(RetakeHandler):
    """Retake days that could be booked; nothing is written."""

    async def get(self) -> None:
        """For the schools named (`school`, several times), or for all."""
        await self.show([int(text) for text in self.get_query_arguments("school") if text.isdecimal()])

    async def show(self, schools: list[int]) -> None:
        """The proposal, with who could not be placed and why."""
        page = await self.read(retake_queries.retake_proposal, self.who, self.campaign_id, tuple(schools))
        if page.not_placed:
            detail = f"students={len(page.not_placed)}"
            await self.note(note_access, self.who, "retakes_not_placed_shown", "student", None, detail)
        self.page("campaigns/field/proposal.html", page=page)


class RetakeAccept(RetakeHandler):
    """Book the proposed days that were ticked."""

    async def post(self) -> None:
        """Each becomes a retake day with numbered places."""
        schools = [self.sent_number(text) for text in self.sent_list("school")]
        keys = self.sent_list("day")
        done = await self.act(retake_actions.accept_retakes, self.who, self.campaign_id, schools, keys)
        if done.day_ids:
            self.notice(
                "done",
                self._(
                    "Retake days booked: %(days)s, for %(students)s students. Print their lists, and tell the schools.",
                    days=len(done.day_ids),
                    students=done.students,
                ),
            )
        if done.changed:
            self.notice("warn", self._("Some days could no longer be booked as shown. Propose days again."))
        if not keys:
            self.notice("error", self._("Tick at least one day, then book."))
        self.go("retakes")

    def sent_number(self, text: str) -> int:
        """A whole number of a form. Nonsense is a 400."""
        number = whole_number(text, 15)
        if number is None:
            raise HTTPError(400)
        return number


_COORDINATOR = allow(access.COORDINATOR)

ROUTES = [
    Route("retakes", r"/retakes", Retakes, _COORDINATOR),
    Route("retake_list", r"/retakes/list/([a-z_]{1,20})", RetakeListed, _COORDINATOR),
    Route("retake_propose", r"/retakes/proposal", RetakePropose, _COORDINATOR),
    Route("retake_accept", r"/retakes/accept", RetakeAccept, _COORDINATOR),
]
