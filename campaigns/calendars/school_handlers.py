"""Addresses of the calendars of schools: closed dates entered once for all schools they concern, or for one."""

from __future__ import annotations

from campaigns.calendars import closed_actions, school_queries
from campaigns.calendars.entries import Fault, read_closed_dates, typed_closed_dates
from campaigns.closed_dates import LEVELS, ClosedDates, Reach
from common import access
from common.access import Route, allow
from common.handler import Handler

Typed = tuple[dict[str, str], list[str], list[str]]
NOTHING: Typed = ({"reach": Reach.LEVEL.value}, [], [])


class ClosedDatesPage(Handler):
    """What the pages of closed dates share: reading the form, saying what breaks."""

    @property
    def campaign_id(self) -> int | None:
        """The programme in view."""
        return self.visit.campaign.id if self.visit.campaign else None

    def typed(self) -> Typed:
        """The form as sent."""
        form = self.sent_form("from_date", "to_date", "reason", "reach", "district")
        return form, self.sent_list("levels"), self.sent_list("schools")

    async def say_what_breaks(self, dates: ClosedDates) -> None:
        """Say at once how many planned days now lie in the dates."""
        count = await self.read(school_queries.days_in, self.who, self.campaign_id, dates.span)
        if count:
            words = self.ngettext(
                "%(num)s planned day now lies on a closed date: see below.",
                "%(num)s planned days now lie on closed dates: see below.",
                count,
            )
            self.notice("warn", words)

    def back(self) -> None:
        """To the list the person came from: the office's, or the own school's."""
        if self.who.role == access.SCHOOL_ADMIN:
            self.go("school_calendar", self.who.school_id)
        else:
            self.go("school_calendars")


class SchoolCalendars(ClosedDatesPage):
    """Every closed dates of the office."""

    async def get(self) -> None:
        """The list."""
        shown = await self.read(school_queries.school_calendars, self.who, self.campaign_id)
        self.page("campaigns/calendars/schools.html", shown=shown)


class ClosedDatesNew(ClosedDatesPage):
    """Enter closed dates once for all schools they concern."""

    async def get(self) -> None:
        """The form."""
        await self.show(None, NOTHING, {})

    async def post(self) -> None:
        """Save them, then say which planned days lie in them."""
        typed = self.typed()
        dates, faults = read_closed_dates(*typed)
        if dates is None:
            await self.show(None, typed, faults, 422)
            return
        await self.act(closed_actions.add_closed_dates, self.who, dates)
        self.notice("done", self._("The closed dates are saved."))
        await self.say_what_breaks(dates)
        self.back()

    async def show(
        self,
        entry: school_queries.ClosedEntry | None,
        typed: Typed,
        faults: dict[str, Fault],
        status: int = 200,
    ) -> None:
        """The form with what was typed."""
        office = self.who.role == access.COORDINATOR
        choices = await self.read(school_queries.choices, self.who) if office else None
        form, levels, schools = typed
        self.page(
            "campaigns/calendars/closed_form.html",
            status,
            entry=entry,
            form=form,
            levels=levels,
            schools=schools,
            known_levels=LEVELS,
            faults=faults,
            choices=choices,
        )


class ClosedDatesChange(ClosedDatesNew):
    """Change closed dates."""

    async def get(self, dates_id: str = "") -> None:
        """The form, filled in."""
        entry = await self.read(school_queries.closed_entry, self.who, int(dates_id))
        await self.show(entry, typed_closed_dates(entry.dates), {})

    async def post(self, dates_id: str = "") -> None:
        """Save the change."""
        entry = await self.read(school_queries.closed_entry, self.who, int(dates_id))
        typed = self.typed()
        only = self.who.school_id if self.who.role == access.SCHOOL_ADMIN else None
        dates, faults = read_closed_dates(*typed, only=only)
        if dates is None:
            await self.show(entry, typed, faults, 422)
            return
        await self.act(closed_actions.change_closed_dates, self.who, entry.id, dates)
        self.notice("done", self._("The closed dates are saved."))
        await self.say_what_breaks(dates)
        self.back()


class ClosedDatesRemove(ClosedDatesPage):
    """Remove closed dates."""

    async def post(self, dates_id: str) -> None:
        """Take them away for every school."""
        await self.act(closed_actions.remove_closed_dates, self.who, int(dates_id))
        self.notice("done", self._("The closed dates are removed: these days can be planned again."))
        self.back()


class SchoolCalendar(ClosedDatesPage):
    """The closed dates of one school."""

    async def get(self, school_id: str) -> None:
        """The list and the form for more."""
        await self._show(int(school_id), {}, {})

    async def post(self, school_id: str) -> None:
        """Enter closed dates of this school alone."""
        form, _, _ = self.typed()
        dates, faults = read_closed_dates(form, only=int(school_id))
        if dates is None:
            await self._show(int(school_id), form, faults, 422)
            return
        await self.act(closed_actions.add_closed_dates, self.who, dates)
        self.notice("done", self._("The closed dates are saved."))
        await self.say_what_breaks(dates)
        self.go("school_calendar", int(school_id))

    async def _show(
        self, school_id: int, form: dict[str, str], faults: dict[str, Fault], status: int = 200
    ) -> None:
        shown = await self.read(school_queries.school_calendar, self.who, school_id, self.campaign_id)
        self.page("campaigns/calendars/school.html", status, shown=shown, form=form, faults=faults)


_OFFICE = allow(access.COORDINATOR)
_BOTH = allow(access.COORDINATOR, access.SCHOOL_ADMIN)
_ID = r"([0-9]{1,18})"

ROUTES = [
    Route("school_calendars", r"/plan/school-calendars", SchoolCalendars, _OFFICE),
    Route("closed_dates_new", r"/plan/school-calendars/new", ClosedDatesNew, _OFFICE),
    Route("closed_dates", rf"/plan/school-calendars/{_ID}", ClosedDatesChange, _BOTH),
    Route("closed_dates_remove", rf"/plan/school-calendars/{_ID}/remove", ClosedDatesRemove, _BOTH),
    Route("school_calendar", rf"/schools/{_ID}/calendar", SchoolCalendar, _BOTH),
]
