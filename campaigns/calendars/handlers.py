"""Addresses of the office's calendar, and of the plan week by week."""

from __future__ import annotations

from datetime import date

from tornado.web import HTTPError

from campaigns.calendars import office_actions, office_queries, week_queries
from campaigns.calendars.entries import FREE, WORKED, Fault, read_date, read_office_date
from common import access
from common.access import Route, allow
from common.handler import Handler


class OfficeCalendar(Handler):
    """The months of the programme in view: holidays, joint leave, free days, pauses."""

    async def get(self) -> None:
        """The page, from the month asked for."""
        await self._show({}, {})

    async def post(self) -> None:
        """Add a free day, then say which planned days lie on it."""
        form = {**self.sent_form("date", "name"), "kind": FREE}
        entry, faults = read_office_date(form, is_holiday=False)
        if entry is None:
            await self._show(form, faults, 422)
            return
        await self.act(office_actions.set_office_date, self.who, entry)
        self.notice("done", self._("The free day is saved."))
        await say_what_breaks(self, entry.date)
        self.go("office_calendar", start=self.asked("start"))

    async def _show(self, form: dict[str, str], faults: dict[str, Fault], status: int = 200) -> None:
        if self.visit.campaign is None:
            self.page("campaigns/booking/no_campaign.html")
            return
        campaign, start = self.visit.campaign.id, self.asked_date("start")
        shown = await self.read(office_queries.office_calendar, self.who, campaign, start)
        self.page("campaigns/calendars/office.html", status, shown=shown, form=form, faults=faults)


class OfficeDate(Handler):
    """One date: what closes it, and what the office says of it."""

    async def get(self, on: str) -> None:
        """The date, with what can be changed about it."""
        await self._show(known_date(on), {}, {})

    async def post(self, on: str) -> None:
        """Make it free, rename it, or work it after all."""
        day = known_date(on)
        form = self.sent_form("kind", "name")
        known = await self.read(office_queries.office_date, self.who, None, day)
        entry, faults = read_office_date(form, known.shown.national is not None, on=day)
        if entry is None:
            await self._show(day, form, faults, 422)
            return
        await self.act(office_actions.set_office_date, self.who, entry)
        self.notice(
            "done",
            self._("The free day is saved.") if entry.is_free else self._("The date is a working day again."),
        )
        await say_what_breaks(self, day)
        self.go("office_calendar", start=day.replace(day=1).isoformat())

    async def _show(
        self, on: date, form: dict[str, str], faults: dict[str, Fault], status: int = 200
    ) -> None:
        campaign = self.visit.campaign.id if self.visit.campaign else None
        page = await self.read(office_queries.office_date, self.who, campaign, on)
        shown = page.shown
        known = {
            "kind": WORKED if shown.worked else FREE,
            "name": shown.worked or (shown.holiday.name if shown.holiday else ""),
        }
        self.page(
            "campaigns/calendars/office_date.html", status, page=page, form=form or known, faults=faults
        )


class OfficeDateRemove(Handler):
    """Take away what the office said of a date."""

    async def post(self, on: str) -> None:
        """The national calendar holds again."""
        day = known_date(on)
        done = await self.act(office_actions.remove_office_date, self.who, day)
        if done:
            self.notice("done", self._("The entry is removed; the national calendar holds again."))
            await say_what_breaks(self, day)
        self.go("office_calendar", start=day.replace(day=1).isoformat())


class Week(Handler):
    """A week of the plan, team by team."""

    async def get(self) -> None:
        """The week of the day asked for, or the present one."""
        if self.visit.campaign is None:
            raise HTTPError(404)
        found = await self.read(
            week_queries.week_page, self.who, self.visit.campaign.id, self.asked_date("day")
        )
        self.page("campaigns/calendars/week.html", week=found)


async def say_what_breaks(handler: Handler, on: date) -> None:
    """Say at once how many planned days now lie on a closed date."""
    if handler.visit.campaign is None:
        return
    page = await handler.read(office_queries.office_date, handler.who, handler.visit.campaign.id, on)
    if page.days:
        handler.notice(
            "warn",
            handler.ngettext(
                "%(num)s planned day now lies on it: see below.",
                "%(num)s planned days now lie on it: see below.",
                len(page.days),
            ),
        )


def known_date(text: str) -> date:
    """The date of an address; nonsense is a 404."""
    found = read_date(text)
    if found is None:
        raise HTTPError(404)
    return found


_OFFICE = allow(access.COORDINATOR)
_DATE = r"([0-9]{4}-[0-9]{2}-[0-9]{2})"

ROUTES = [
    Route("week", r"/plan/week", Week, allow(access.COORDINATOR, access.OFFICER), apart=True),
    Route("office_calendar", r"/plan/calendar", OfficeCalendar, _OFFICE),
    Route("office_date", rf"/plan/calendar/{_DATE}", OfficeDate, _OFFICE),
    Route("office_date_remove", rf"/plan/calendar/{_DATE}/remove", OfficeDateRemove, _OFFICE),
]
