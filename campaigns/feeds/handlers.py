"""Addresses of the calendars that other programs follow."""

from __future__ import annotations

from campaigns.feeds import actions, queries
from campaigns.feeds.icalendar_text import Event, Status, calendar_text
from common import access
from common.access import ANYONE, Route, allow
from common.handler import Handler
from common.page import number


class CalendarFeed(Handler):
    """The calendar itself, for whoever has its address."""

    async def get(self, token: str) -> None:
        """The calendar; an address that opens nothing is the 404 of what never was."""
        feed = await self.read(queries.feed_of, token)
        self.set_header("Content-Type", "text/calendar; charset=utf-8")
        self.set_header("Content-Disposition", 'inline; filename="perekaman.ics"')
        self.set_header("X-Robots-Tag", "noindex")
        name = self._("KTP-el recording: %(name)s", name=feed.team_name or feed.school_name)
        self.finish(calendar_text(name, feed.zone, [self._event(feed, one) for one in feed.days]))

    def _event(self, feed: queries.Feed, one: queries.FeedDay) -> Event:
        day = one.day
        kinds = {
            "school": self._("KTP-el recording"),
            "retake": self._("KTP-el retake"),
            "office": self._("KTP-el recording at the office"),
            "home": self._("Home visits"),
            "community": self._("KTP-el recording in the community"),
        }
        certain = {
            Status.TENTATIVE: self._("Not confirmed by the school yet."),
            Status.CONFIRMED: self._("Confirmed."),
            Status.CANCELLED: self._("Called off."),
        }
        # where people are visited at home is theirs: it stands in no calendar
        at_school = day.kind in ("school", "retake")
        where = day.venue or day.school_name if at_school else ""
        told = [
            certain[one.status],
            self.ngettext("%(num)s student", "%(num)s students", day.planned),
            self._("Team: %(name)s", name=day.team_name),
        ]
        if day.of_parts > 1:
            told.append(
                self._(
                    "Day %(part)s of %(of)s",
                    part=number(day.part, self.language),
                    of=number(day.of_parts, self.language),
                )
            )
        who = day.school_name if feed.team_name and at_school else day.team_name
        return Event(
            uid=one.uid,
            sequence=one.sequence,
            changed=one.changed,
            date=day.date,
            starts_at=day.starts_at,
            ends_at=day.ends_at,
            status=one.status,
            summary=f"{kinds[day.kind]}: {who}",
            location=where,
            description="\n".join(told),
            url=self.full_url("field_day" if feed.team_name else "day", day.id),
        )


class SchoolFeed(Handler):
    """The address of a school's calendar."""

    async def get(self, school_id: str) -> None:
        """The address, or how to make one."""
        show_feed(self, await self.read(queries.school_feed, self.who, int(school_id)))

    async def post(self, school_id: str) -> None:
        """Make a new one."""
        await self.act(actions.renew_school_feed, self.who, int(school_id))
        self.notice("done", self._("The address is made. Put it into your calendar program."))
        self.go("school_feed", int(school_id))


class TeamFeeds(Handler):
    """The teams whose calendar can be followed."""

    async def get(self) -> None:
        """The list."""
        self.page("campaigns/feeds/teams.html", teams=await self.read(queries.teams_to_follow, self.who))


class TeamFeed(Handler):
    """The address of a team's calendar."""

    async def get(self, team_id: str) -> None:
        """The address, or how to make one."""
        show_feed(self, await self.read(queries.team_feed, self.who, int(team_id)))

    async def post(self, team_id: str) -> None:
        """Make a new one."""
        await self.act(actions.renew_team_feed, self.who, int(team_id))
        self.notice("done", self._("The address is made. Put it into your calendar program."))
        self.go("team_feed", int(team_id))


def show_feed(handler: Handler, page: queries.FeedPage) -> None:
    """The page of an address; it is the same for schools and teams."""
    address = handler.full_url("calendar_feed", page.token) if page.token else ""
    handler.page(
        "campaigns/feeds/feed.html",
        feed=page,
        address=address,
        follow="webcal:" + address.partition(":")[2] if address else "",
        is_team=handler.route.name == "team_feed",
    )


_SCHOOL = allow(access.COORDINATOR, access.SCHOOL_ADMIN)
_CREW = allow(access.COORDINATOR, access.OFFICER)
_ID = r"([0-9]{1,18})"

ROUTES = [
    Route("calendar_feed", r"/calendars/([A-Za-z0-9_-]{43})\.ics", CalendarFeed, allow(ANYONE)),
    Route("school_feed", rf"/schools/{_ID}/calendar-address", SchoolFeed, _SCHOOL),
    Route("team_feeds", r"/teams/calendars", TeamFeeds, _CREW),
    Route("team_feed", rf"/teams/{_ID}/calendar-address", TeamFeed, _CREW),
]
