"""Rosters being read: the server's tasks that read them, how far each is, and cancelling one."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tornado.web import Application

from common import clock
from common.access import COORDINATOR, SCHOOL_ADMIN, Route, allow
from common.database import Store
from common.handler import Handler
from common.memory import give_back_memory
from common.page import number
from common.sandbox import Job, Sandbox
from imports import actions, mending_actions, queries
from imports.actions import StoredReading
from imports.findings import Action, Kind
from imports.queries import UploadToRead
from imports.reading import DIED, Reading, read_in_sandbox_async, refused, roster_sandbox
from imports.stored import texts_of

log = logging.getLogger("imports")

WARM_AFTER = 3.0  # seconds: the first file finds the sandbox warm, and starting the server waits for nothing
ORPHAN_AFTER = timedelta(days=1)  # then a file that no upload names was left by a server that stopped
A_DAY = 24 * 3600.0  # seconds
DIED_OF = frozenset(DIED.values())


@dataclass(slots=True)
class HowFar:
    """How far the reading of one file is. `begun` is of the ticking clock, in seconds."""

    stage: str = "waiting"
    done: int = 0
    total: int = 0
    begun: float = 0.0

    def seconds_left(self, now: float) -> int | None:
        """How long it should still take at the pace so far; None until that can be told."""
        if not self.done or not self.total or now <= self.begun:
            return None
        return round((now - self.begun) * (self.total - self.done) / self.done)


class Readings:
    """The tasks that read uploads, at most two at a time. They outlive the request that began them."""

    def __init__(self, store: Store, files: Path) -> None:
        """Nothing runs yet: see `start`."""
        self.sandbox: Sandbox = roster_sandbox()
        self.how_far: dict[int, HowFar] = {}
        self._store = store
        self._files = files
        self._jobs: dict[int, Job] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._warming: asyncio.TimerHandle | None = None

    async def start(self) -> None:
        """Go on with what a stopped server left unread, and begin to let go of old files every day."""
        self._warming = asyncio.get_running_loop().call_later(WARM_AFTER, self.sandbox.start)
        for upload in await self._store.read(queries.uploads_to_read):
            self.begin(upload)
        self._keep(self._tidy_daily())

    async def close(self) -> None:
        """End every reading; an unfinished one is begun again at the next start."""
        if self._warming is not None:
            self._warming.cancel()
        for job in self._jobs.values():
            job.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.to_thread(self.sandbox.close)

    def begin(self, upload: UploadToRead) -> None:
        """Read a stored file, unless that is under way."""
        if upload.id in self._jobs:
            return
        self._jobs[upload.id] = Job()
        self.how_far[upload.id] = HowFar(begun=clock.ticking())
        self._keep(self._read(upload, self._jobs[upload.id]))

    def is_reading(self, upload_id: int) -> bool:
        """Whether a task of this server reads that file, or waits to."""
        return upload_id in self._jobs

    def progress_of(self, handler: Handler, upload_id: int) -> dict[str, Any]:
        """How far the reading is, in words and numbers, as the page and its script show it."""
        far = self.how_far.get(upload_id, HowFar())
        return {
            "label": progress_label(handler, far),
            "value": far.done,
            "max": far.total,
            "left": time_left(handler, far),
        }

    def cancel(self, upload_id: int) -> None:
        """Stop reading a file, if it is being read."""
        if upload_id in self._jobs:
            self._jobs[upload_id].cancel()

    def _keep(self, work: Any) -> None:
        # the loop itself holds tasks weakly
        task: asyncio.Task[None] = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _read(self, upload: UploadToRead, job: Job) -> None:
        try:
            reading = await self._reading_of(upload, job)
            died = bool(DIED_OF & set(reading.reasons)) and not job.is_cancelled
            if died and await self._store.write(actions.keep_rows_read_before, upload):
                return
            stored = await asyncio.to_thread(as_stored, reading)
            await self._store.write(actions.store_reading, upload, stored)
            del reading, stored
            await asyncio.to_thread(give_back_memory)
        except Exception:
            # it stays in the state `reading`, and is read again at the next start or when its page is opened
            log.exception("upload %s could not be read", upload.id)
        finally:
            self._jobs.pop(upload.id, None)
            self.how_far.pop(upload.id, None)

    async def _reading_of(self, upload: UploadToRead, job: Job) -> Reading:
        far = self.how_far[upload.id]

        def heard(stage: str, done: int, total: int) -> None:
            if far.stage == "waiting":
                far.begun = clock.ticking()
            far.stage, far.done, far.total = stage, done, total

        try:
            return await read_in_sandbox_async(
                self.sandbox,
                self.path_of(upload),
                upload.file_name,
                upload.as_of,
                on_progress=heard,
                wishes=upload.wishes,
                job=job,
            )
        except OSError:
            log.warning("the file of upload %s is gone", upload.id)
            return refused(Kind.READING_UNAVAILABLE)

    async def read_anew(self, upload: UploadToRead) -> bool:
        """Read a stored file with what was said of it since, and keep that; False where it could not be read.

        Waits for it: a person who mended a cell sees at once what became of it.
        """
        try:
            reading = await read_in_sandbox_async(
                self.sandbox, self.path_of(upload), upload.file_name, upload.as_of, wishes=upload.wishes
            )
        except OSError:
            return False
        if reading.action is Action.REFUSE:
            return False  # it was a list before: what was said of it since is to be mended, not the rows lost
        stored = await asyncio.to_thread(as_stored, reading)
        await self._store.write(mending_actions.store_again, upload, stored)
        return True

    def path_of(self, upload: UploadToRead) -> Path:
        """Where the file of an upload is stored."""
        return self._files / Path(upload.stored_as).name

    async def _tidy_daily(self) -> None:
        while True:
            try:
                await self.tidy()
            except Exception:
                log.exception("old files could not be deleted; the next try is tomorrow")
            await asyncio.sleep(A_DAY)

    async def tidy(self) -> None:
        """Delete files sent more than 30 days ago, and those that no upload names."""
        old = await self._store.write(actions.forget_old_uploads, clock.now())
        used = await self._store.read(queries.files_in_use)
        await asyncio.to_thread(_delete_files, self._files, set(old), used)


class RosterProgress(Handler):
    """How far the reading of a roster is, for the script of its page."""

    async def get(self, upload_id: str) -> None:
        """State, words and numbers; `done` once there is something to look at."""
        upload = await self.read(queries.roster, self.who, int(upload_id))
        is_done = upload.state != "reading"
        told = readings_of(self.application).progress_of(self, upload.id)
        following = self.url("roster", upload.id) if is_done else None
        self.json({**told, "state": upload.state, "done": is_done, "next": following})


class CancelRoster(Handler):
    """Put a roster aside, while it is being read or when it waits for a review."""

    async def post(self, upload_id: str) -> None:
        """Nothing of it goes in."""
        try:
            await self.act(actions.withdraw_roster, self.who, int(upload_id))
        except actions.AlreadyDecided:
            self.notice("info", self._("Nothing changed: this file was decided before."))
        else:
            readings_of(self.application).cancel(int(upload_id))
            self.notice("done", self._("The file is put aside. Nothing of it was stored as student data."))
        self.go("roster", int(upload_id))


def progress_label(handler: Handler, far: HowFar) -> str:
    """What the reading is at, in the reader's language."""
    if far.stage == "waiting":
        return handler._("Waiting for its turn")
    if not far.total:
        return handler._("Opening the file")
    return handler._(
        "Checking: row %(done)s of %(rows)s",
        done=number(far.done, handler.language),
        rows=number(far.total, handler.language),
    )


def time_left(handler: Handler, far: HowFar) -> str:
    """About how long the reading will still take; empty while that cannot be told."""
    seconds = far.seconds_left(clock.ticking())
    if seconds is None:
        return ""
    return handler.ngettext("About %(num)s second left", "About %(num)s seconds left", max(seconds, 1))


def readings_of(application: Application) -> Readings:
    """The server's readings."""
    found: Readings = application.settings["roster_readings"]
    return found


def as_stored(reading: Reading) -> StoredReading:
    """A reading as the database keeps it."""
    hidden = [sheet.name or "" for sheet in reading.sheets if sheet.is_hidden]
    return StoredReading(
        is_refused=reading.action is Action.REFUSE,
        reasons=tuple(kind.value for kind in reading.reasons),
        counts=asdict(reading.counts),
        notes={
            "school": reading.school,
            "district": reading.district,
            "lists": len({row.sheet for row in reading.rows}),
            "hidden_sheets": hidden,
            "hidden_rows": sum(sheet.hidden_rows for sheet in reading.sheets),
            "unsure": sorted({f"{column.letter}: {column.heading}" for column in reading.unsure_columns}),
            "can_name_columns": reading.reasons == (Kind.WRONG_DOCUMENT,),
        },
        rows=tuple(texts_of(row) for row in reading.rows),
    )


def _delete_files(folder: Path, old: set[str], used: set[str]) -> None:
    for name in old:
        (folder / Path(name).name).unlink(missing_ok=True)
    before = clock.now() - ORPHAN_AFTER
    for path in folder.glob("*.upload"):
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(tzinfo=None)
        if path.name not in used and written < before:
            path.unlink(missing_ok=True)


async def started(application: Application) -> None:
    """Begin the server's readings."""
    settings = application.settings
    settings["roster_readings"] = Readings(settings["store"], settings["config"].files)
    await settings["roster_readings"].start()


async def stopped(application: Application) -> None:
    """End the server's readings."""
    await readings_of(application).close()


_BOTH = allow(COORDINATOR, SCHOOL_ADMIN)
ROUTES: list[Route] = [
    Route("roster_progress", r"/rosters/([0-9]{1,18})/progress", RosterProgress, _BOTH),
    Route("roster_cancel", r"/rosters/([0-9]{1,18})/cancel", CancelRoster, _BOTH),
]
