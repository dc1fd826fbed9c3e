"""The office's own lists on the web: sent, read, reviewed, confirmed, undone."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tornado.web import Application, HTTPError

from accounts.actions import note_access
from common import clock
from common.access import COORDINATOR, Route, allow
from common.database import Store
from common.handler import Handler, whole_number
from common.i18n import N_
from common.page import number
from common.sandbox import Job
from common.upload import UploadHandler
from imports.actions import ReceivedFile
from imports.findings import Kind
from imports.residents import actions, queries
from imports.residents.actions import Choice
from imports.residents.listing import ListRead
from imports.residents.queries import ListToRead
from imports.residents.reading import StoppedReading, read_residents
from imports.sentences import SENTENCES

log = logging.getLogger("imports")

NO_FILE = N_("Choose the file with the list of residents, then send it.")
NO_KIND = N_("Say whether the people of the list are already recorded or not yet.")
TOO_LARGE = N_("The file is too large: at most 20 MB can be sent.")
EMPTY = N_("This file is empty (0 bytes). Download the list again, then send it.")
# why a file is refused: as for rosters, but for what only a list of residents can lack
REASONS: dict[str, str] = {
    **{kind.value: sentence for kind, sentence in SENTENCES.items()},
    Kind.NO_STUDENT_ROWS.value: N_(
        "Nobody in this file can be matched: a NIK is needed, or a name and a birth date."
    ),
    Kind.WRONG_DOCUMENT.value: N_(
        "No list of residents was found in this file. It needs a column with NIKs, or names and birth dates."
    ),
}
RESUME_AFTER = 1.0  # seconds: by then whoever lends the sandbox has started
A_DAY = 24 * 3600.0  # seconds


@dataclass(slots=True)
class _Reading:
    """A list that is being read: how far, and how to stop it. `begun` is of the ticking clock, in seconds."""

    job: Job
    begun: float
    done: int = 0
    total: int = 0
    stage: str = "waiting"


class ListReadings:
    """The tasks that read lists, in the sandbox that reads rosters. They outlive the request that began them."""

    def __init__(self, application: Application) -> None:
        """Nothing runs yet: see `start`."""
        self._application = application
        self._store: Store = application.settings["store"]
        self._files: Path = application.settings["config"].files
        self._reading: dict[int, _Reading] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Go on with what a stopped server left unread, and begin to let go of old lists every day."""
        self._keep(self._resume_and_tidy())

    async def close(self) -> None:
        """End every reading; an unfinished one is begun again at the next start."""
        for reading in self._reading.values():
            reading.job.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def begin(self, asked: ListToRead) -> None:
        """Read a stored file, unless that is under way."""
        if asked.id not in self._reading:
            self._reading[asked.id] = _Reading(Job(), clock.ticking())
            self._keep(self._read(asked, self._reading[asked.id]))

    def is_reading(self, list_id: int) -> bool:
        """Whether a task of this server reads that file, or waits to."""
        return list_id in self._reading

    def cancel(self, list_id: int) -> None:
        """Stop reading a file, if it is being read."""
        if list_id in self._reading:
            self._reading[list_id].job.cancel()

    def progress_of(self, handler: Handler, list_id: int) -> dict[str, Any]:
        """How far the reading is, in words and numbers, as the page and its script show it."""
        far = self._reading.get(list_id)
        if far is None or far.stage == "waiting":
            label = handler._("Waiting for its turn")
        elif not far.total:
            label = handler._("Opening the file")
        else:
            done, rows = (number(value, handler.language) for value in (far.done, far.total))
            label = handler._("Checking: row %(done)s of %(rows)s", done=done, rows=rows)
        left = ""
        if far is not None and far.done and far.total:
            seconds = round((clock.ticking() - far.begun) * (far.total - far.done) / far.done)
            left = handler.ngettext(
                "About %(num)s second left", "About %(num)s seconds left", max(seconds, 1)
            )
        return {"label": label, "value": far.done if far else 0, "max": far.total if far else 0, "left": left}

    def _keep(self, work: Any) -> None:
        # the loop itself holds tasks weakly
        task: asyncio.Task[None] = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _read(self, asked: ListToRead, reading: _Reading) -> None:
        try:
            read = await self._reading_of(asked, reading)
            await self._store.read(queries.compare_ahead, asked, read.residents)
            await self._store.write(actions.store_list, asked, read)
            await self._delete([asked.stored_as])
        except StoppedReading:
            pass  # put aside meanwhile, or the server stops and begins again at the next start
        except Exception:
            # it stays in the state `reading`, and is read again at the next start or when its page is opened
            log.exception("list %s could not be read", asked.id)
        finally:
            self._reading.pop(asked.id, None)

    async def _reading_of(self, asked: ListToRead, reading: _Reading) -> ListRead:
        def heard(stage: str, done: int, total: int) -> None:
            reading.stage, reading.done, reading.total = stage, done, total

        path = self._files / Path(asked.stored_as).name
        sandbox = self._application.settings["roster_readings"].sandbox
        try:
            return await read_residents(sandbox, path, asked.as_of, heard, reading.job)
        except OSError:
            log.warning("the file of list %s is gone", asked.id)
            return ListRead(Kind.READING_UNAVAILABLE)

    async def _resume_and_tidy(self) -> None:
        await asyncio.sleep(RESUME_AFTER)
        for asked in await self._store.read(queries.lists_to_read):
            self.begin(asked)
        while True:
            try:
                await self._delete(await self._store.write(actions.forget_old_lists, clock.now()))
            except Exception:
                log.exception("old lists could not be let go of; the next try is tomorrow")
            await asyncio.sleep(A_DAY)

    async def _delete(self, names: list[str]) -> None:
        for name in names:
            if name:
                path = self._files / Path(name).name
                await asyncio.to_thread(path.unlink, missing_ok=True)

    async def forget_file(self, stored_as: str) -> None:
        """Delete the file of a list that was put aside."""
        await self._delete([stored_as])


class Residents(UploadHandler):
    """The office's lists: send one, and see what was sent before."""

    async def get(self) -> None:
        """The page with the form."""
        await self._show()

    async def post(self) -> None:
        """Store the file and begin to read it; the browser goes on to its progress."""
        upload = self.take_upload()
        kind = self.sent("kind")
        errors: dict[str, str] = {}
        if upload is None:
            errors["file"] = self._(TOO_LARGE if self.is_too_large else EMPTY if self.is_empty else NO_FILE)
        if kind not in actions.KINDS:
            errors["kind"] = self._(NO_KIND)
        if upload is None or errors:
            await self._show(413 if self.is_too_large else 422, errors, kind)
            return
        file = ReceivedFile(upload.name, upload.size, upload.sha256, upload.path.name)
        received = await self.act(actions.receive_list, self.who, kind, file)
        if received.is_again:
            self.notice("info", self._("This same file was already sent. Here it is."))
        else:
            self.keep_upload()
        if received.is_unread:
            self.settings["list_readings"].begin(received.to_read)
        self.go("resident_list", received.to_read.id)

    async def _show(self, status: int = 200, errors: dict[str, str] | None = None, kind: str = "") -> None:
        page = await self.read(queries.lists_page, self.who)
        self.page("imports/residents/lists.html", status, page=page, errors=errors or {}, kind=kind)


class ResidentListPage(Handler):
    """One list: being read, refused, put aside, to be reviewed, confirmed, or undone."""

    async def get(self, list_id: str) -> None:
        """The page of the list's state."""
        await self._show(int(list_id))

    async def post(self, list_id: str) -> None:
        """The lines whose name holds what was typed: a name never stands in an address."""
        await self._show(int(list_id), self.sent("name")[:100])

    async def _show(self, list_id: int, search: str = "") -> None:
        found = await self.read(
            queries.list_page,
            self.who,
            list_id,
            self.visit.campaign,
            self.asked("kind"),
            search,
            self.asked_number("page"),
        )
        if isinstance(found, queries.ListReview):
            if found.lines:
                await self.note(
                    note_access, self.who, "residents_shown", "resident_list", list_id, found.kind
                )
            self.page("imports/residents/review.html", page=found, reasons=REASONS)
        elif found.state == "reading":
            readings = self.settings["list_readings"]
            if not readings.is_reading(list_id):
                readings.begin(await self.read(queries.list_to_read, self.who, list_id))
            far = readings.progress_of(self, list_id)
            self.page("imports/residents/reading.html", card=found, far=far)
        else:
            self.page("imports/residents/closed.html", card=found, reasons=REASONS)


class ResidentListProgress(Handler):
    """How far the reading of a list is, for the script of its page."""

    async def get(self, list_id: str) -> None:
        """State, words and numbers; `done` once there is something to look at."""
        card = await self.read(queries.list_card, self.who, int(list_id))
        is_done = card.state != "reading"
        told = self.settings["list_readings"].progress_of(self, card.id)
        following = self.url("resident_list", card.id) if is_done else None
        self.json({**told, "state": card.state, "done": is_done, "next": following})


class _Decided(Handler):
    """An act on a list that may have been decided before."""

    async def tried(self, list_id: int, action: Any, *args: Any) -> Any:
        """What the action answers; None, and a sentence for the next page, where it came too late."""
        try:
            return await self.act(action, self.who, list_id, *args)
        except actions.AlreadyDecided:
            self.notice("info", self._("Nothing changed: this list was decided before."))
        except actions.ListChanged:
            self.notice(
                "warn",
                self._(
                    "Student data changed while you were looking, so nothing was stored. "
                    "Look at the list again, then confirm."
                ),
            )
        return None


class ConfirmResidents(_Decided):
    """Carry out what a list says."""

    async def post(self, list_id: str) -> None:
        """All or nothing; when the students changed meanwhile, nothing, and the review is shown again."""
        done = await self.tried(int(list_id), actions.confirm_list, self.sent("fingerprint"))
        if done is not None:
            self.notice(
                "done",
                self.ngettext(
                    "%(num)s student is now marked as recorded before.",
                    "%(num)s students are now marked as recorded before.",
                    done["leaving"],
                )
                if done["leaving"]
                else self._("The list is confirmed. No student was newly marked as recorded."),
            )
        self.go("resident_list", int(list_id))


class DecideResidents(_Decided):
    """Say of likely pairs whether they are one person, and of contradicting students what they are."""

    async def post(self, list_id: str) -> None:
        """The lines of one page, or all of one kind together."""
        everyone = self.sent("everyone")
        if everyone not in ("", "same", "back", "keep"):
            raise HTTPError(400)
        choices = []
        for key in self.sent_list("line"):
            row, _, student = key.partition("-")
            ids = whole_number(row, 18), whole_number(student, 18)
            word = self.sent(f"pair-{key}")
            if ids[0] is not None and ids[1] is not None and word in actions.CHOICES:
                choices.append(Choice(ids[0], ids[1], word))
        done = await self.tried(int(list_id), actions.decide_pairs, choices, everyone)
        if done:
            self.notice(
                "done", self.ngettext("%(num)s decision is saved.", "%(num)s decisions are saved.", done)
            )
        elif done == 0:
            self.notice("info", self._("Nothing changed: no other answer was chosen."))
        self.go("resident_list", int(list_id), kind=self.asked("kind"), page=whole_number(self.asked("page")))


class CancelResidents(_Decided):
    """Put a list aside, while it is being read or when it waits for a review."""

    async def post(self, list_id: str) -> None:
        """Nothing of it is kept."""
        asked = await self.read(queries.list_to_read, self.who, int(list_id))
        await self.tried(int(list_id), actions.withdraw_list)
        readings = self.settings["list_readings"]
        readings.cancel(int(list_id))
        card = await self.read(queries.list_card, self.who, int(list_id))
        if card.state == "withdrawn":
            await readings.forget_file(asked.stored_as)
        self.go("resident_list", int(list_id))


class UndoResidents(_Decided):
    """Take a confirmed list's word back."""

    async def get(self, list_id: str) -> None:
        """What undoing would do."""
        card = await self.read(queries.list_card, self.who, int(list_id))
        if card.state != "confirmed":
            self.go("resident_list", int(list_id))
            return
        self.page("imports/residents/undo.html", card=card)

    async def post(self, list_id: str) -> None:
        """Its students are again what they were, unless another list says so too."""
        changed = await self.tried(int(list_id), actions.undo_list)
        if changed is not None:
            self.notice(
                "done",
                self.ngettext(
                    "The list is undone. %(num)s student is again as before.",
                    "The list is undone. %(num)s students are again as before.",
                    changed,
                ),
            )
        self.go("resident_list", int(list_id))


async def started(application: Application) -> None:
    """Begin the server's readings of lists."""
    application.settings["list_readings"] = ListReadings(application)
    application.settings["list_readings"].start()


async def stopped(application: Application) -> None:
    """End the server's readings of lists."""
    await application.settings["list_readings"].close()


_C = allow(COORDINATOR)
_ID = r"([0-9]{1,18})"
ROUTES: list[Route] = [
    Route("residents", r"/residents", Residents, _C),
    Route("resident_list", rf"/residents/{_ID}", ResidentListPage, _C),
    Route("resident_progress", rf"/residents/{_ID}/progress", ResidentListProgress, _C),
    Route("resident_confirm", rf"/residents/{_ID}/confirm", ConfirmResidents, _C),
    Route("resident_decide", rf"/residents/{_ID}/decide", DecideResidents, _C),
    Route("resident_cancel", rf"/residents/{_ID}/cancel", CancelResidents, _C),
    Route("resident_undo", rf"/residents/{_ID}/undo", UndoResidents, _C),
]
