"""Addresses of the programme, its plan and its days."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, ParamSpec, TypeVar

from tornado.web import HTTPError

from accounts.actions import note_access
from campaigns.binding import print_all, print_page
from campaigns.booking import actions, day_actions, paper_queries, plan_queries, queries
from campaigns.booking.paper_queries import ListToPrint
from common import access
from common.access import Route, allow
from common.handler import Handler

P = ParamSpec("P")
T = TypeVar("T")


class Plan(Handler):
    """The calendar and the list of the programme in view, and who is left out."""

    async def get(self) -> None:
        """The month asked for, or the present one."""
        if self.visit.campaign is None:
            self.page("campaigns/booking/no_campaign.html")
            return
        campaign, month = self.visit.campaign.id, self.asked_date("month")
        found = await self.read(plan_queries.plan_page, self.who, campaign, month)
        self.page("campaigns/booking/plan.html", plan=found)


class PlanAnnounce(Handler):
    """Tell every school of its draft days."""

    async def post(self, campaign_id: str) -> None:
        """Announce, then say how many, and who found no place."""
        told = await self.act(day_actions.announce_all, self.who, int(campaign_id))
        say_announced(self, told, self.url("plan") + "#left-out")
        self.go("plan")


class PlanDiscard(Handler):
    """Take the drafts away, after asking."""

    async def get(self, campaign_id: str) -> None:
        """Say what will happen."""
        plan = await self.read(plan_queries.plan_page, self.who, int(campaign_id))
        self.page("campaigns/booking/discard.html", plan=plan)

    async def post(self, campaign_id: str) -> None:
        """Discard."""
        count = await self.act(actions.discard_drafts, self.who, int(campaign_id))
        words = self.ngettext("%(num)s draft day was discarded.", "%(num)s draft days were discarded.", count)
        self.notice(
            "done" if count else "info", words if count else self._("There is no draft day to discard.")
        )
        self.go("plan")


class Day(Handler):
    """A recording day."""

    async def get(self, day_id: str) -> None:
        """The day with its places."""
        await show_day(self, int(day_id))


class DayAct(Handler):
    """A change to a day that needs nothing typed: announce, confirm, give places."""

    async def post(self, day_id: str) -> None:
        """Do what the route is named for, say what happened."""
        number = int(day_id)
        if self.route.name == "day_announce":
            told = await try_on_day(self, day_actions.announce_day, self.who, number)
            if told is not None:
                say_announced(self, told, "#unplaced")
        elif self.route.name == "day_confirm":
            whole = bool(self.sent("whole_school"))
            seen = self.get_body_argument("seen", None)
            count = await try_on_day(self, day_actions.confirm_day, self.who, number, whole, seen)
            if count is not None:
                words = self.ngettext("%(num)s day is confirmed.", "%(num)s days are confirmed.", count)
                self.notice("done", words if count else self._("The day was confirmed already."))
        else:
            given = await self.act(day_actions.give_places_of_day, self.who, number)
            words = self.ngettext(
                "%(num)s student was given a place.", "%(num)s students were given a place.", given.new
            )
            self.notice("done", words)
        if self.sent("back") == "my_days":
            self.go("my_days")
        else:
            self.go("day", number)


class DayMove(Handler):
    """Another date or team for a day."""

    async def post(self, day_id: str) -> None:
        """Move it, or name every rule that stands against it and keep what was typed."""
        form = self.sent_form("date", "team")
        try:
            to, team_id = date.fromisoformat(form["date"]), int(form["team"][:18])
        except ValueError:
            await show_day(self, int(day_id), 422, form=form, fault="date_and_team")
            return
        moved = await try_on_day(self, day_actions.move_day, self.who, int(day_id), to, team_id)
        if moved is not None and moved.clashes:
            await show_day(self, int(day_id), 422, form=form, clashes=moved.clashes)
            return
        if moved is not None:
            self.notice("done", self._("The day is moved."))
        self.go("day", int(day_id))


class DayCallOff(Handler):
    """Cancel or postpone a day, with a reason."""

    async def get(self, day_id: str) -> None:
        """Say what will happen and ask why."""
        await self._show(int(day_id), {}, "")

    async def post(self, day_id: str) -> None:
        """Call it off."""
        form = self.sent_form("state", "reason")
        if form["state"] not in ("cancelled", "postponed") or not form["reason"]:
            await self._show(int(day_id), form, "reason", 422)
            return
        done = await try_on_day(
            self, day_actions.call_off_day, self.who, int(day_id), form["state"], form["reason"]
        )
        if done:
            self.notice("done", self._("The day is called off. Its students need another day: make a plan."))
        self.go("day", int(day_id))

    async def _show(self, day_id: int, form: dict[str, str], fault: str, status: int = 200) -> None:
        page = await self.read(queries.day_page, self.who, day_id)
        self.page("campaigns/booking/call_off.html", status, shown=page, form=form, fault=fault)


class MyDays(Handler):
    """The days of the school admin's own school."""

    async def get(self) -> None:
        """The list."""
        self.page("campaigns/booking/my_days.html", shown=await self.read(queries.own_days, self.who))


class DayAsk(Handler):
    """A school asks for another day."""

    async def get(self, day_id: str) -> None:
        """The dates that are free."""
        shown = await self.read(queries.ask_page, self.who, int(day_id))
        self.page("campaigns/booking/ask.html", shown=shown, form={}, chosen=[], fault="")

    async def post(self, day_id: str) -> None:
        """Write the wish down for the coordinator."""
        form, chosen = self.sent_form("text"), self.sent_list("dates")
        shown = await self.read(queries.ask_page, self.who, int(day_id))
        offered = tuple(day for day in shown.free if day.isoformat() in chosen)
        if not offered and not form["text"]:
            self.page(
                "campaigns/booking/ask.html", 422, shown=shown, form=form, chosen=chosen, fault="nothing"
            )
            return
        done = await try_on_day(
            self,
            day_actions.ask_for_another_day,
            self.who,
            int(day_id),
            offered,
            form["text"],
            self.get_body_argument("seen", None),
        )
        if done and self.who.is_coordinator:
            self.notice("done", self._("The school's wish is written down. Answer it when a date is found."))
        elif done:
            self.notice("done", self._("The office was asked for another day and will answer here."))
        self.go("my_days" if self.who.role == access.SCHOOL_ADMIN else "plan")


class SchoolList(Handler):
    """The team's list, or the school's call list, as PDF."""

    async def get(self, day_id: str) -> None:
        """Print it."""
        if self.route.name == "call_list":
            act, word = "call_list_printed", "panggil"
            found = await self.read(
                paper_queries.call_list, self.who, int(day_id), self.asked("sheet") == "class"
            )
        else:
            act, word = "day_list_printed", "daftar"
            address = self.full_url("field_day", int(day_id))
            found = await self.read(paper_queries.day_list, self.who, int(day_id), address)
        await send_paper(self, [found], act, f"{word}-{found.day.npsn}-{found.day.date}.pdf")


class ListsOfDate(Handler):
    """Every list of a date in one PDF."""

    async def get(self, on: str) -> None:
        """Print them; a date without days says so on the plan."""
        try:
            day = date.fromisoformat(on)
        except ValueError:
            raise HTTPError(404) from None
        kind = "call" if self.asked("kind") == "call" else "day"
        address = self.full_url("field_day", 0).replace("/0/", "/{id}/")
        found = await self.read(paper_queries.lists_of_date, self.who, day, kind, address)
        if not found:
            self.notice(
                "info", self._("No school was told of a day on that date, so there is no list to print.")
            )
            self.go("plan", month=day.isoformat())
            return
        await send_paper(self, found, f"{kind}_list_printed", f"{kind}-{day}.pdf")


async def show_day(
    handler: Handler,
    day_id: int,
    status: int = 200,
    form: dict[str, str] | None = None,
    fault: str = "",
    clashes: Sequence[Any] = (),
) -> None:
    """The day's page; that names were shown is written down."""
    page = await handler.read(queries.day_page, handler.who, day_id)
    if page.places or page.unplaced:
        shown = f"students={len(page.places) + len(page.unplaced)}"
        await handler.note(note_access, handler.who, "day_shown", "recording_day", day_id, shown)
    schools = await handler.read(plan_queries.school_names, handler.who) if clashes else {}
    handler.page(
        "campaigns/booking/day.html",
        status,
        shown=page,
        form=form or {"date": page.day.date.isoformat(), "team": str(page.day.team_id)},
        fault=fault,
        clashes=clashes,
        schools=schools,
    )


async def send_paper(handler: Handler, lists: list[ListToPrint], act: str, name: str) -> None:
    """Typeset on a worker thread, write down who printed what, answer with the PDF."""
    pages = [one.page for one in lists]
    if len(pages) == 1:
        pdf = await asyncio.to_thread(print_page, pages[0], handler.language)
    else:
        pdf = await asyncio.to_thread(print_all, pages, handler.language)
    for one in lists:
        await handler.note(
            note_access, handler.who, act, "recording_day", one.day.id, f"students={one.students}"
        )
    handler.set_header("Content-Type", "application/pdf")
    handler.set_header("Content-Disposition", f'inline; filename="{name}"')
    handler.finish(pdf)


def say_announced(handler: Handler, told: day_actions.Announced, unplaced_at: str) -> None:
    """How many days schools were told of, which could not be, and how many students found no place, named there."""
    announced = handler.ngettext(
        "%(num)s day is announced. The school sees it and can confirm it.",
        "%(num)s days are announced. The schools see them and can confirm them.",
        told.days,
    )
    empty = handler.ngettext(
        "%(num)s day stays a draft: no student would have a place on it. Make the plan again.",
        "%(num)s days stay drafts: no student would have a place on them. Make the plan again.",
        told.empty,
    )
    unplaced = handler.ngettext(
        "%(num)s student found no place on the days of the school.",
        "%(num)s students found no place on the days of their schools.",
        told.unplaced,
    )
    if not told.days and not told.empty:
        handler.notice("info", handler._("Already announced: no draft day is left."))
    for count, words in (told.days, announced), (told.empty, empty):
        if count:
            handler.notice("done" if words is announced else "warn", words)
    if told.unplaced:
        label = handler._("See who and why")
        handler.notice("warn", unplaced, unplaced_at, label)


async def try_on_day(handler: Handler, action: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
    """Do the act on a day; when the page was old say so, and answer None."""
    try:
        return await handler.act(action, *args, **kwargs)
    except (day_actions.StateChanged, day_actions.TeamDayFull):
        handler.notice(
            "warn", handler._("This day has changed in the meantime. Look at it again, then decide.")
        )
        return None


_OFFICE = allow(access.COORDINATOR)
_BOTH = allow(access.COORDINATOR, access.SCHOOL_ADMIN)
_CREW = allow(access.COORDINATOR, access.OFFICER)
_ID = r"([0-9]{1,18})"

ROUTES = [
    Route("plan", r"/plan", Plan, _OFFICE, apart=True),
    Route("plan_announce", rf"/campaigns/{_ID}/announce", PlanAnnounce, _OFFICE),
    Route("plan_discard", rf"/campaigns/{_ID}/discard", PlanDiscard, _OFFICE),
    Route("day", rf"/days/{_ID}", Day, _BOTH, apart=True),
    Route("day_announce", rf"/days/{_ID}/announce", DayAct, _OFFICE),
    Route("day_confirm", rf"/days/{_ID}/confirm", DayAct, _BOTH),
    Route("day_places", rf"/days/{_ID}/places", DayAct, _BOTH),
    Route("day_move", rf"/days/{_ID}/move", DayMove, _OFFICE),
    Route("day_call_off", rf"/days/{_ID}/call-off", DayCallOff, _OFFICE),
    Route("day_ask", rf"/days/{_ID}/ask", DayAsk, _BOTH),
    Route("my_days", r"/my/days", MyDays, allow(access.SCHOOL_ADMIN), apart=True),
    Route("day_list", rf"/days/{_ID}/list\.pdf", SchoolList, _CREW),
    Route("call_list", rf"/days/{_ID}/call-list\.pdf", SchoolList, _CREW | _BOTH),
    Route("lists_of_date", r"/days/print/([0-9]{4}-[0-9]{2}-[0-9]{2})\.pdf", ListsOfDate, _OFFICE),
]
