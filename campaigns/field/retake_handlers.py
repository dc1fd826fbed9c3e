"""Addresses of retakes: who is due one, list by list; days proposed and booked."""

from __future__ import annotations

from tornado.web import HTTPError

from accounts.actions import note_access
from campaigns.field import (
    opening_actions,
    opening_queries,
    retake_actions,
    retake_list_queries,
    retake_queries,
    retakes_page_queries,
)
from campaigns.field.actions import NotAllowed
from campaigns.field.opening import OpeningFault, form_of, read_opening
from campaigns.field.retake_list_queries import Narrowed
from campaigns.field.retake_lists import RetakeList, kinds_of
from campaigns.retake_ways import EVERY_WAY, Way
from common import access
from common.access import Route, allow
from common.handler import Handler, whole_number
from common.ordering import order_of


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
        page = await self.read(retakes_page_queries.retakes_page, self.who, self.campaign_id)
        counts = await self.read(retake_list_queries.list_counts, self.who, self.campaign_id)
        self.page("campaigns/field/retakes.html", page=page, counts=counts)


class RetakeListed(RetakeHandler):
    """One list of students due a retake, by name."""

    async def get(self, which: str) -> None:
        """Narrowed to a `kind`, a `district`, a `school`; `sort` orders it."""
        if which not in set(RetakeList):
            raise HTTPError(404)
        listed = RetakeList(which)
        district, school = (whole_number(self.asked(name), 15) for name in ("district", "school"))
        kind = self.asked("kind")
        chosen = Narrowed(kind if kind in kinds_of(listed) else "", district or None, school or None)
        order = order_of(self.asked("sort"), retake_list_queries.LINE_COLUMNS, "missed")
        page = await self.read(
            retake_list_queries.retake_list,
            self.who,
            self.campaign_id,
            listed,
            chosen,
            order,
            self.asked_number("page"),
        )
        if page.rows:
            detail = f"students={len(page.rows)}"
            await self.note(note_access, self.who, "retakes_due_shown", "school", school, detail)
        asked = {"kind": chosen.kind, "district": chosen.district, "school": chosen.school}
        query = {name: value for name, value in asked.items() if value}
        self.page("campaigns/field/retake_list.html", page=page, query=query, order=order)


class RetakePropose(RetakeHandler):
    """Days on which those due a retake could come; nothing is written."""

    async def get(self) -> None:
        """For the schools named (`school`, several times), or for all; by the ways named (`way`), or by every one."""
        schools = tuple(int(text) for text in self.get_query_arguments("school") if text.isdecimal())
        ways = _ways(self.get_query_arguments("way"))
        page = await self.read(retake_queries.retake_proposal, self.who, self.campaign_id, schools, ways)
        shown = len(page.not_placed) + sum(day.found.students for day in page.days)
        if shown:
            await self.note(
                note_access, self.who, "retakes_proposed_shown", "student", None, f"students={shown}"
            )
        self.page("campaigns/field/proposal.html", page=page)


class RetakeAccept(RetakeHandler):
    """Book proposals, one or several."""

    async def post(self) -> None:
        """Each becomes a day with numbered places, or fills places of a day that stands."""
        schools = [self.sent_number(text) for text in self.sent_list("school")]
        ways = _ways(self.sent_list("way"))
        keys = self.sent_list("day")
        done = await self.act(retake_actions.accept_retakes, self.who, self.campaign_id, schools, keys, ways)
        if done.day_ids:
            self.notice(
                "done",
                self.ngettext(
                    "%(num)s student has a date. Print the lists below, and tell the schools.",
                    "%(num)s students have a date. Print the lists below, and tell the schools.",
                    done.students,
                ),
            )
        if done.changed:
            self.notice("warn", self._("Some days could no longer be booked as shown. Propose days again."))
        if not keys:
            self.notice("error", self._("Choose at least one proposal, then book."))
        self.go("retakes")

    def sent_number(self, text: str) -> int:
        """A whole number of a form. Nonsense is a 400."""
        number = whole_number(text, 15)
        if number is None:
            raise HTTPError(400)
        return number


class RetakeTakeBack(RetakeHandler):
    """Take back what one press booked."""

    async def post(self, call_id: str) -> None:
        """Those called are due a date again."""
        try:
            students = await self.act(retake_actions.take_back_call, self.who, int(call_id))
        except NotAllowed:
            self.notice("error", self._("That day is being held or is over; its places stay."))
        else:
            if not students:
                self.notice("info", self._("Nobody was taken back: these places were given up before."))
                self.go("retakes")
                return
            self.notice(
                "done",
                self.ngettext(
                    "Taken back. %(num)s student is due a date again.",
                    "Taken back. %(num)s students are due a date again.",
                    students,
                ),
            )
        self.go("retakes")


class RetakeOpening(RetakeHandler):
    """When the office itself records, and how many homes a team visits a day."""

    async def get(self) -> None:
        """The form as it is kept."""
        await self.show(None, {})

    async def post(self) -> None:
        """Keep it."""
        form = self.sent_form("team", "starts_at", "ends_at", "places_a_day", "home_visits_a_day")
        form["weekdays"] = "".join(sorted(set(self.sent_list("weekdays"))))
        opening, faults = read_opening(form)
        if opening is None:
            await self.show(form, faults, 422)
            return
        await self.act(opening_actions.save_opening, self.who, opening)
        self.notice("done", self._("Saved. The next proposals follow it."))
        self.go("retake_propose")

    async def show(
        self, form: dict[str, str] | None, faults: dict[str, OpeningFault], status: int = 200
    ) -> None:
        """The form, as typed where it came back."""
        page = await self.read(opening_queries.opening_page, self.who)
        self.page(
            "campaigns/field/opening.html",
            status,
            page=page,
            form=form or form_of(page.opening),
            faults=faults,
        )


def _ways(texts: list[str]) -> frozenset[Way]:
    """The ways named; every one where none is, or only nonsense."""
    return frozenset(Way(text) for text in texts if text in set(Way)) or EVERY_WAY


_COORDINATOR = allow(access.COORDINATOR)

ROUTES = [
    Route("retakes", r"/retakes", Retakes, _COORDINATOR, apart=True),
    Route("retake_list", r"/retakes/list/([a-z_]{1,20})", RetakeListed, _COORDINATOR, apart=True),
    Route("retake_propose", r"/retakes/proposal", RetakePropose, _COORDINATOR),
    Route("retake_accept", r"/retakes/accept", RetakeAccept, _COORDINATOR),
    Route("retake_take_back", r"/retakes/([0-9]{1,18})/take-back", RetakeTakeBack, _COORDINATOR),
    Route("retake_opening", r"/retakes/opening", RetakeOpening, _COORDINATOR),
]
