"""Addresses of the papers that are not a day's own: slips, crews and their annex."""

from __future__ import annotations

import asyncio

from campaigns.binding import print_all
from campaigns.papers import actions, crew_queries, slip_queries
from campaigns.papers.choice import PrintedPaper
from campaigns.papers.slip_queries import SlipsToPrint
from common import access
from common.access import Route, allow
from common.handler import Handler


class Slips(Handler):
    """The summons slips of a school, or of a day."""

    async def get(self, number: str) -> None:
        """The PDF; when nobody is called again, that is said where the link was."""
        if self.route.name == "day_slips":
            found = await self.read(slip_queries.slips_of_day, self.who, int(number))
        else:
            campaign = self.visit.campaign.id if self.visit.campaign else None
            found = (await self.read(slip_queries.slips_of_school, self.who, campaign, int(number)),)
        called = [one for one in found if one.students]
        if not called:
            self.notice("info", self._("No student is called to a retake, so there is no slip to print."))
            if self.route.name == "day_slips":
                self.go("day", int(number))
            elif self.who.is_coordinator:
                self.go("school", int(number))
            else:
                self.go("my_days")
            return
        await self._send(called)

    async def _send(self, called: list[SlipsToPrint]) -> None:
        pdf = await asyncio.to_thread(print_all, [one.page for one in called], self.language)
        printed = [PrintedPaper("slips_printed", "school", one.school_id, one.students) for one in called]
        await self.note(actions.note_printed, self.who, printed)
        self.pdf(pdf, f"surat-panggilan-{called[0].npsn}-{self.today}.pdf")


class CrewOf(Handler):
    """Who goes out with a team, and with which devices."""

    async def get(self, team_id: str) -> None:
        """The choice as it is."""
        page = await self.read(crew_queries.crew_page, self.who, int(team_id))
        self.page("campaigns/papers/crew.html", page=page)

    async def post(self, team_id: str) -> None:
        """Keep the choice."""
        officers = {int(one) for one in self.sent_list("officers") if one.isdecimal()}
        devices = {int(one) for one in self.sent_list("devices") if one.isdecimal()}
        await self.act(actions.choose_crew, self.who, int(team_id), officers, devices)
        self.notice("done", self._("The crew is saved. It stands on the next annex that is printed."))
        self.go("teams")


_ID = r"([0-9]{1,18})"
_BOTH = allow(access.COORDINATOR, access.SCHOOL_ADMIN)

ROUTES = [
    Route("day_slips", rf"/days/{_ID}/slips\.pdf", Slips, _BOTH),
    Route("school_slips", rf"/schools/{_ID}/slips\.pdf", Slips, _BOTH),
    Route("crew", rf"/teams/{_ID}/crew", CrewOf, allow(access.COORDINATOR)),
]
