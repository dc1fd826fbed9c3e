"""Addresses of what schools are told: the letter as PDF, the WhatsApp text, all letters since a date."""

from __future__ import annotations

import asyncio
from datetime import date

from tornado.web import HTTPError

from accounts.whatsapp import whatsapp_link
from campaigns.binding import print_all
from campaigns.paper import LetterKind, SchoolLetterPage
from campaigns.telling import queries
from campaigns.telling.told import Told
from common import access, i18n
from common.access import Route, Who, allow
from common.handler import Handler
from common.page import clock_time, long_date
from common.words import OFFICIAL


class DayTell(Handler):
    """The letter and the WhatsApp text for a day."""

    async def get(self, day_id: str) -> None:
        """Both, ready to send; nothing is sent from here."""
        found = await self.read(queries.told_of_day, self.who, int(day_id))
        texts = _texts(self, found)
        links = [
            whatsapp_link(one.school.contact_phone, text) for one, text in zip(found, texts, strict=True)
        ]
        self.page(
            "campaigns/telling/tell.html",
            day_id=int(day_id),
            rows=list(zip(found, texts, links, strict=True)),
        )


class DayLetter(Handler):
    """The letter of a day."""

    async def get(self, day_id: str) -> None:
        """The PDF, a letter for each school."""
        found = await self.read(queries.told_of_day, self.who, int(day_id))
        pages: list[SchoolLetterPage] = await self.read(queries.letters, self.who, found)
        pdf = await asyncio.to_thread(print_all, pages, i18n.OFFICIAL_LANGUAGE)
        whose = f"-{found[0].school.npsn}" if len(found) == 1 else ""
        self.pdf(pdf, f"surat{whose}-{found[0].message.days[0].date}.pdf")


class Letters(Handler):
    """What schools were told since a date: each message, and all letters in one PDF."""

    async def get(self) -> None:
        """The list."""
        shown = await self.read(queries.told_since, self.who, self.asked_date("since"))
        rows = [
            (one, whatsapp_link(one.school.contact_phone, text))
            for one, text in zip(shown.found, _texts(self, shown.found), strict=True)
        ]
        self.page("campaigns/telling/letters.html", shown=shown, rows=rows)


class LettersPdf(Handler):
    """All letters since a date."""

    async def get(self, since: str) -> None:
        """The PDF; when no school was told anything since, that is said on the list."""
        try:
            first = date.fromisoformat(since)
        except ValueError:
            raise HTTPError(404) from None
        shown = await self.read(queries.told_since, self.who, first)
        if not shown.found:
            self.notice("info", self._("No school was told anything since then, so there is no letter."))
            self.go("letters", since=since)
            return
        pages: list[SchoolLetterPage] = await self.read(queries.letters, self.who, shown.found)
        pdf = await asyncio.to_thread(print_all, pages, i18n.OFFICIAL_LANGUAGE)
        self.pdf(pdf, f"surat-sejak-{first}.pdf")


def _texts(handler: Handler, found: tuple[queries.SchoolMessage, ...]) -> list[str]:
    """What goes by WhatsApp to each school."""
    link = handler.full_url("my_days")
    return [message_text(handler.who, one, link) for one in found]


def message_text(who: Who, told: queries.SchoolMessage, link: str) -> str:
    """What goes by WhatsApp: polite, whole, in Indonesian, without the name of a student.

    `link` is the address where the school answers.
    """

    def when(day: date, starts_at: str) -> str:
        return f"{long_date(day, OFFICIAL.language)}, {clock_time(starts_at, OFFICIAL.language)}"

    def line(one: Told) -> str:
        now = when(one.date, one.starts_at)
        if told.message.letter == LetterKind.CALLED_OFF:
            return f"- {now}: {one.reason}" if one.reason else f"- {now}"
        students = OFFICIAL.ngettext("%(num)s student", "%(num)s students", one.students)
        if one.guests:
            students += OFFICIAL.ngettext(
                ", and %(num)s of other schools", ", and %(num)s of other schools", one.guests
            )
        if one.was_date is None:
            note = f" ({one.reason})" if one.reason else ""
            return f"- {now}, {one.place or one.team_name}, {students}{note}"
        was = when(one.was_date, one.was_starts_at)
        return OFFICIAL._(
            "- before: %(was)s; now: %(now)s, %(team)s, %(students)s",
            was=was,
            now=now,
            team=one.place or one.team_name,
            students=students,
        )

    closing = OFFICIAL._("Thank you. %(name)s, %(office)s", name=who.name, office=who.office_name)
    name = told.school.contact_name
    greeting = OFFICIAL._("Dear %(name)s,", name=name) if name else OFFICIAL._("Dear Sir or Madam,")
    opening = _opening(told)
    return "\n".join([greeting, opening, *map(line, told.message.days), *_asks(told, link), closing])


def _opening(told: queries.SchoolMessage) -> str:
    message = told.message
    if message.is_elsewhere:
        opening = {
            LetterKind.ANNOUNCED: OFFICIAL._("Students of %(school)s are called again for the KTP-el, on:"),
            LetterKind.CHANGED: OFFICIAL._("The KTP-el retake of students of %(school)s has changed:"),
            LetterKind.CALLED_OFF: OFFICIAL._("The KTP-el retake of students of %(school)s is called off:"),
        }
    else:
        opening = {
            LetterKind.ANNOUNCED: OFFICIAL._("The KTP-el team plans to come to %(school)s for the retake on:")
            if message.is_retake
            else OFFICIAL._("The KTP-el recording team plans to come to %(school)s on:"),
            LetterKind.CHANGED: OFFICIAL._("The KTP-el recording at %(school)s has changed:"),
            LetterKind.CALLED_OFF: OFFICIAL._("The KTP-el recording at %(school)s is called off:"),
        }
    return opening[message.letter] % {"school": told.school.name}


def _asks(told: queries.SchoolMessage, link: str) -> list[str]:
    """What the school is asked to do, where there is something."""
    message = told.message
    if message.letter == LetterKind.CALLED_OFF:
        return []
    if message.is_elsewhere:
        return [OFFICIAL._("Please tell these students; their names and slips are here: %(link)s", link=link)]
    if all(one.is_certain for one in message.days):
        return [OFFICIAL._("The day is certain; the call list is here: %(link)s", link=link)]
    if message.is_retake:
        return [OFFICIAL._("Please confirm the day here: %(link)s", link=link)]
    return [OFFICIAL._("Please confirm the day, or ask for another one, here: %(link)s", link=link)]


_OFFICE = allow(access.COORDINATOR)

ROUTES = [
    Route("day_tell", r"/days/([0-9]{1,18})/tell", DayTell, _OFFICE),
    Route(
        "day_letter",
        r"/days/([0-9]{1,18})/letter\.pdf",
        DayLetter,
        allow(access.COORDINATOR, access.SCHOOL_ADMIN),
    ),
    Route("letters", r"/plan/letters", Letters, _OFFICE),
    Route("letters_pdf", r"/plan/letters/([0-9]{4}-[0-9]{2}-[0-9]{2})\.pdf", LettersPdf, _OFFICE),
]
