"""Addresses of the recording day: the officer's list, marks, the live news, what needs a look."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict, replace
from typing import Any
from uuid import uuid4

from tornado.iostream import StreamClosedError
from tornado.web import Application, HTTPError

from accounts.actions import note_access
from campaigns.attendance import PRIORITY, REASONS, Outcome, OutcomeReason
from campaigns.field import (
    actions,
    look_queries,
    pace_queries,
    queries,
    taking_actions,
    walk_in_queries,
)
from campaigns.field.live import SLOW_RE_READ, Listeners
from campaigns.field.received import MOST_IN_A_BATCH
from common import access, clock
from common.access import Route, allow
from common.handler import Handler

# Seconds after which a stream ends; the page asks again by itself, and must still be signed in.
LONGEST_STREAM = 600


class FieldHandler(Handler):
    """What the pages of a day share: telling those who follow it, and reading an outcome from a form."""

    def tell(self, day_id: int) -> None:
        """Wake the pages that follow the day; called after the commit."""
        self.settings["field_listeners"].tell(day_id)

    def chosen(self, text: str) -> tuple[Outcome, OutcomeReason | None]:
        """ "failed:iris" as an outcome with its reason. Nonsense is a 400: no page of ours sends it."""
        outcome, _, reason = text.partition(":")
        try:
            return Outcome(outcome), OutcomeReason(reason) if reason else None
        except ValueError:
            raise HTTPError(400) from None

    def sent_number(self, text: str) -> int:
        """A whole number of a form. Nonsense is a 400."""
        if not (text.isdecimal() and len(text) < 16):
            raise HTTPError(400)
        return int(text)


class FieldDay(FieldHandler):
    """The officer's list of a day."""

    async def get(self, day_id: str) -> None:
        """Everyone called, with what counts so far."""
        page = await self.read(queries.field_page, self.who, int(day_id))
        await self.note(
            note_access,
            self.who,
            "field_list_shown",
            "recording_day",
            page.day.id,
            f"students={len(page.students)}",
        )
        walk_ins = await self.read(walk_in_queries.waiting_walk_ins, self.who, int(day_id))
        pace = await self.read(pace_queries.pace_page, self.who, int(day_id))
        marks = [asdict(mark) for mark in page.marks]
        self.page(
            "campaigns/field/day.html",
            page=page,
            marks=marks,
            walk_ins=walk_ins,
            pace=pace,
            reasons=REASONS,
            priority=[outcome.value for outcome in PRIORITY],
            batch=uuid4().hex,
        )


class FieldChoices(FieldHandler):
    """The outcomes of one student, for who has no scripts."""

    async def get(self, day_id: str, student_id: str) -> None:
        """Every outcome with its reasons, each a button."""
        day, student = await self.read(queries.field_student, self.who, int(day_id), int(student_id))
        self.page(
            "campaigns/field/choices.html", day=day, student=student, reasons=REASONS, batch=uuid4().hex
        )


class FieldMarkForm(FieldHandler):
    """One mark from a page without scripts."""

    async def post(self, day_id: str) -> None:
        """`mark` is student:outcome:reason; `other` is a student whose choices are wanted."""
        if self.sent("other"):
            self.go("field_choices", int(day_id), self.sent_number(self.sent("other")))
            return
        student, _, choice = self.sent("mark").partition(":")
        student_id = self.sent_number(student)
        outcome, reason = self.chosen(choice)
        # the page's own number and the choice: the same button pressed twice is one mark
        uuid = f"{self.sent('batch')[:32] or uuid4().hex}-{student_id}-{outcome.value[:8].replace('_', '')}"
        try:
            await self.act(actions.mark_by_hand, self.who, int(day_id), student_id, outcome, reason, uuid)
        except actions.NotAllowed:
            self.notice(
                "error", self._("This day was cancelled or moved. Ask the coordinator where it went.")
            )
        self.tell(int(day_id))
        self.redirect(f"{self.url('field_day', int(day_id))}#n{student_id}", status=303)


class Marks(FieldHandler):
    """Marks from a device, at most 500 at a time."""

    async def post(self, day_id: str) -> None:
        """An answer for each mark: stored, duplicate, quarantined or unreadable."""
        sent = self.sent_json()
        marks = sent.get("marks") if isinstance(sent, dict) else None
        if not isinstance(marks, list) or len(marks) > MOST_IN_A_BATCH:
            raise HTTPError(400)
        answers = await self.act(taking_actions.take_marks, self.who, int(day_id), marks)
        self.tell(int(day_id))
        self.json({"answers": [answer._asdict() for answer in answers]})


class FieldLive(FieldHandler):
    """News of a day: a stream of marks, or one answer for a page that asks now and then."""

    async def get(self, day_id: str) -> None:
        """Marks with a number above `after` (or the stream's last), then each as it is stored."""
        after = self.request.headers.get("Last-Event-ID", "")
        number = int(after) if after.isdecimal() and len(after) < 16 else self.asked_number("after", 0)
        if self.wants_json:
            news = await self.read(queries.day_news, self.who, int(day_id), number, False)
            self.json(_plain(news))
            return
        await self._stream(int(day_id), number)

    async def _stream(self, day_id: int, after: int) -> None:
        self.set_header("Content-Type", "text/event-stream; charset=utf-8")
        self.set_header("Content-Encoding", "identity")  # a compressor would hold small events back
        news = await self.read(queries.day_news, self.who, day_id, after, False)
        told = {mark.id for mark in news.marks}
        told_of: tuple[object, ...] = ()
        self._woken = asyncio.Event()
        listeners: Listeners = self.settings["field_listeners"]
        listeners.listen(day_id, self._woken.set)
        try:
            ends = clock.ticking() + LONGEST_STREAM
            while not (self._gone or listeners.is_over) and clock.ticking() < ends:
                if news.marks or (news.state, news.date) != told_of:
                    self.write(f"id: {news.last_mark}\ndata: {json.dumps(_plain(news))}\n\n")
                    told_of = (news.state, news.date)
                else:
                    self.write(": still here\n\n")
                await self.flush()
                look_back = not await self._woken_within(SLOW_RE_READ)
                self._woken.clear()
                found = await self.read(queries.day_news, self.who, day_id, news.last_mark, look_back)
                fresh = tuple(mark for mark in found.marks if mark.id not in told)
                told.update(mark.id for mark in fresh)
                news = replace(found, marks=fresh)
        except (StreamClosedError, HTTPError):
            pass  # the page was left, or the person may no longer be told: either way there is no more to say
        finally:
            listeners.leave(day_id, self._woken.set)

    async def _woken_within(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._woken.wait(), seconds)
        except TimeoutError:
            return False
        return True

    _gone = False
    _woken: asyncio.Event

    def on_connection_close(self) -> None:
        """The page was left: stop waiting."""
        self._gone = True
        if hasattr(self, "_woken"):
            self._woken.set()


class Looks(FieldHandler):
    """What a coordinator must decide about marks."""

    async def get(self) -> None:
        """Marks that disagree side by side, marks kept out of the totals, missing numbers."""
        page = await self.read(look_queries.looks_page, self.who)
        detail = f"students={len(page.looks)} quarantined={len(page.quarantined)}"
        await self.note(note_access, self.who, "looks_shown", "mark", None, detail)
        self.page("campaigns/field/looks.html", page=page, reasons=REASONS)

    async def post(self) -> None:
        """One decision: `choice` about a student's day, or `counts` about a quarantined mark."""
        if self.sent("mark"):
            mark_id = self.sent_number(self.sent("mark"))
            student = self.sent("student")
            it_counts = self.sent("counts") == "yes" or bool(student)
            student_id = self.sent_number(student) if student else None
            await self.act(actions.decide_quarantined, self.who, mark_id, it_counts, student_id)
        elif self.sent("unreadable"):
            await self.act(actions.look_at_unreadable, self.who, self.sent_number(self.sent("unreadable")))
        else:
            day_id, student_id = (self.sent_number(self.sent(name)) for name in ("day", "student"))
            outcome, reason = self.chosen(self.sent("choice"))
            seen = self.sent("seen")[:500]
            try:
                await self.act(actions.decide, self.who, day_id, student_id, outcome, reason, seen)
            except actions.NotAllowed:
                raise HTTPError(400) from None
            self.tell(day_id)
        self.notice("done", self._("Your decision is saved and counts from now on."))
        self.go("needs_look")


class MarksFile(FieldHandler):
    """Load a file of marks that a device saved because it could not send them."""

    async def post(self) -> None:
        """Take them, and say how many were new."""
        sent = self.request.files.get("file", [])
        try:
            marks = json.loads(sent[0].body)["marks"] if sent else None
        except (ValueError, KeyError, TypeError):
            marks = None
        if not isinstance(marks, list):
            self.notice("error", self._("This is no file of marks. Choose the file that the phone saved."))
            self.go("needs_look")
            return
        told = await self.act(taking_actions.take_file, self.who, marks)
        self.notice(
            "done",
            self._(
                "File loaded. New marks: %(new)s. Known already: %(known)s. To be looked at: %(held)s.",
                new=told["stored"],
                known=told["duplicate"],
                held=told["quarantined"] + told["unreadable"],
            ),
        )
        if told["elsewhere"]:
            self.notice("warn", self._("Some marks are of a day that this office does not have."))
        self.go("needs_look")


def _plain(news: queries.DayNews) -> dict[str, Any]:
    marks = [asdict(mark) for mark in news.marks]
    return {"marks": marks, "state": news.state, "date": news.date.isoformat(), "last": news.last_mark}


async def started(application: Application) -> None:
    """Who waits for news is known to this server alone."""
    application.settings["field_listeners"] = Listeners()


async def stopped(application: Application) -> None:
    """End every stream: none would end by itself while its page is open."""
    application.settings["field_listeners"].end()


_FIELD = allow(access.COORDINATOR, access.OFFICER)
_COORDINATOR = allow(access.COORDINATOR)

ROUTES = [
    Route("field_day", r"/days/([0-9]{1,18})/field", FieldDay, _FIELD, apart=True),
    Route("field_choices", r"/days/([0-9]{1,18})/field/([0-9]{1,18})", FieldChoices, _FIELD),
    Route("field_mark_form", r"/days/([0-9]{1,18})/mark", FieldMarkForm, _FIELD),
    Route("marks", r"/days/([0-9]{1,18})/marks", Marks, _FIELD),
    Route("field_live", r"/days/([0-9]{1,18})/live", FieldLive, _FIELD),
    Route("needs_look", r"/looks", Looks, _COORDINATOR, apart=True),
    Route("marks_file", r"/looks/file", MarksFile, _COORDINATOR),
]
