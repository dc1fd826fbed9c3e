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
from common import access
from common.access import Route, allow
from common.handler import Handler
from common.page import clock_time, long_date


class DayTell(Handler):
    """The letter and the WhatsApp text for a day."""

    async def get(self, day_id: str) -> None:
        """Both, ready to send; nothing is sent from here."""
        found = await self.read(queries.told_of_day, self.who, int(day_id))
        texts = [message_text(self, one) for one in found]
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
        pdf = await asyncio.to_thread(print_all, pages, self.language)
        whose = f"-{found[0].school.npsn}" if len(found) == 1 else ""
        self.pdf(pdf, f"surat{whose}-{found[0].message.days[0].date}.pdf")


class Letters(Handler):
    """What schools were told since a date: each message, and all letters in one PDF."""

    async def get(self) -> None:
        """The list."""
        shown = await self.read(queries.told_since, self.who, self.asked_date("since"))
        rows = [
            (one, whatsapp_link(one.school.contact_phone, message_text(self, one))) for one in shown.found
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
        pdf = await asyncio.to_thread(print_all, pages, self.language)
        self.pdf(pdf, f"surat-sejak-{first}.pdf")


def message_text(handler: Handler, told: queries.SchoolMessage) -> str:
    """What goes by WhatsApp: polite, whole, without the name of a student."""
    language = handler.language

    def when(day: date, starts_at: str) -> str:
        return f"{long_date(day, language)}, {clock_time(starts_at, language)}"

    def line(one: Told) -> str:
        now = when(one.date, one.starts_at)
        if told.message.letter == LetterKind.CALLED_OFF:
            return f"- {now}: {one.reason}" if one.reason else f"- {now}"
        students = handler.ngettext("%(num)s student", "%(num)s students", one.students)
        if one.guests:
            students += handler.ngettext(
                ", and %(num)s of other schools", ", and %(num)s of other schools", one.guests
            )
        if one.was_date is None:
            note = f" ({one.reason})" if one.reason else ""
            return f"- {now}, {one.place or one.team_name}, {students}{note}"
        was = when(one.was_date, one.was_starts_at)
        return handler._(
            "- before: %(was)s; now: %(now)s, %(team)s, %(students)s",
            was=was,
            now=now,
            team=one.place or one.team_name,
            students=students,
        )

    closing = handler._(
        "Thank you. %(name)s, %(office)s", name=handler.who.name, office=handler.who.office_name
    )
    name = told.school.contact_name
    greeting = handler._("Dear %(name)s,", name=name) if name else handler._("Dear Sir or Madam,")
    opening = _opening(handler, told)
    return "\n".join([greeting, opening, *map(line, told.message.days), *_asks(handler, told), closing])


def _opening(handler: Handler, told: queries.SchoolMessage) -> str:
    message = told.message
    if message.is_elsewhere:
        words = {
            LetterKind.ANNOUNCED: handler._("Students of %(school)s are called again for the KTP-el, on:"),
            LetterKind.CHANGED: handler._("The KTP-el retake of students of %(school)s has changed:"),
            LetterKind.CALLED_OFF: handler._("The KTP-el retake of students of %(school)s is called off:"),
        }
    else:
        words = {
            LetterKind.ANNOUNCED: handler._("The KTP-el team plans to come to %(school)s for the retake on:")
            if message.is_retake
            else handler._("The KTP-el recording team plans to come to %(school)s on:"),
            LetterKind.CHANGED: handler._("The KTP-el recording at %(school)s has changed:"),
            LetterKind.CALLED_OFF: handler._("The KTP-el recording at %(school)s is called off:"),
        }
    return words[message.letter] % {"school": told.school.name}


def _asks(handler: Handler, told: queries.SchoolMessage) -> list[str]:
    """What the school is asked to do, where there is something."""
    message, link = told.message, handler.full_url("my_days")
    if message.letter == LetterKind.CALLED_OFF:
        return []
    if message.is_elsewhere:
        return [handler._("Please tell these students; their names and slips are here: %(link)s", link=link)]
    if all(one.is_certain for one in message.days):
        return [handler._("The day is certain; the call list is here: %(link)s", link=link)]
    if message.is_retake:
        return [handler._("Please confirm the day here: %(link)s", link=link)]
    return [handler._("Please confirm the day, or ask for another one, here: %(link)s", link=link)]


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
