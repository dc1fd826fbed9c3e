"""A school's rosters on the web: sent, reviewed, confirmed; and its fix list."""

from __future__ import annotations

from tornado.web import HTTPError

from accounts.actions import note_access
from common.access import COORDINATOR, SCHOOL_ADMIN, Route, allow
from common.handler import Handler
from common.i18n import N_
from common.upload import UploadHandler
from imports import actions, mending_actions, queries, review_queries
from imports.actions import ReceivedFile
from imports.words import UNREADABLE, WORDS

NO_FILE = N_("Choose the file with the student data, then send it.")
TOO_LARGE = N_(
    "The file is too large: at most 20 MB can be sent. Send the student list alone, without pictures."
)
NOT_SURE = N_("Tick that this file is the list of this school, or put it aside.")
CHANGED_MEANWHILE = N_(
    "Student data changed while you were looking, so nothing was stored. "
    "Look at the changes again, then confirm."
)
STILL_HERE = "still_here"  # beside the statuses of a student
NOT_THIS_SCHOOL = N_(
    "Nothing changed: hardly any student of the school is in this file. "
    "If it is the list of this school, confirm it first; then say what became of the others."
)
EMPTY = N_("This file is empty (0 bytes). Download the list again, then send it.")


class SchoolRosters(UploadHandler):
    """A school's student data: send a file, and see what was sent before."""

    async def get(self, school_id: str) -> None:
        """The page with the form."""
        await self._show(int(school_id))

    async def post(self, school_id: str) -> None:
        """Store the file and begin to read it; the browser goes on to its progress."""
        upload = self.take_upload()
        if upload is None:
            fault = TOO_LARGE if self.is_too_large else EMPTY if self.is_empty else NO_FILE
            await self._show(int(school_id), 413 if self.is_too_large else 422, fault)
            return
        file = ReceivedFile(upload.name, upload.size, upload.sha256, upload.path.name)
        received = await self.act(actions.receive_roster, self.who, int(school_id), file)
        if received.is_again:
            self.notice("info", self._("This same file was already sent. Here it is."))
        else:
            self.keep_upload()
        if received.is_unread:
            self.settings["roster_readings"].begin(received.upload)
        self.go("roster", received.upload.id)

    async def _show(self, school_id: int, status: int = 200, fault: str = "") -> None:
        page = await self.read(queries.rosters_page, self.who, school_id)
        errors = {"file": self._(fault)} if fault else {}
        self.page("imports/rosters.html", status, page=page, errors=errors, words=WORDS)


class MyRosters(Handler):
    """The student data of the school admin's own school."""

    async def get(self) -> None:
        """The same page as under the school's own address."""
        page = await self.read(queries.rosters_page, self.who, self.who.school_id or 0)
        self.page("imports/rosters.html", page=page, errors={}, words=WORDS)


class RosterPage(Handler):
    """One roster: being read, refused, put aside, to be reviewed, or confirmed."""

    async def get(self, upload_id: str) -> None:
        """The page of the roster's state."""
        await self._show(int(upload_id))

    async def post(self, upload_id: str) -> None:
        """The rows whose name holds what was typed: a name never stands in an address."""
        await self._show(int(upload_id), self.sent("name")[:100])

    async def _show(self, upload_id: int, search: str = "", errors: dict[str, str] | None = None) -> None:
        found = await self._found(upload_id, search)
        if (
            isinstance(found, review_queries.ReviewPage)
            and found.upload.is_read_anew
            and found.upload.is_kept
        ):
            # something was said of it, and the server stopped before it was read with that
            upload = await self.read(queries.upload_to_read, self.who, upload_id)
            await self.settings["roster_readings"].read_anew(upload)
            found = await self._found(upload_id, search)
        if isinstance(found, review_queries.ReviewPage):
            await self.note(note_access, self.who, "roster_shown", "roster_upload", upload_id, found.kind)
            status = 422 if errors else 200
            self.page("imports/review.html", status, page=found, words=WORDS, errors=errors or {})
        elif found.state == "reading":
            await self._show_progress(found)
        else:
            self.page("imports/refused.html", upload=found, words=WORDS)

    async def _found(self, upload_id: int, search: str) -> queries.UploadCard | review_queries.ReviewPage:
        return await self.read(
            review_queries.roster_page,
            self.who,
            upload_id,
            self.today,
            self.visit.campaign,
            self.asked("kind"),
            search,
            self.asked_number("page"),
        )

    async def _show_progress(self, upload: queries.UploadCard) -> None:
        readings = self.settings["roster_readings"]
        if not readings.is_reading(
            upload.id
        ):  # what was read could not be stored: the disk was full, perhaps
            readings.begin(await self.read(queries.upload_to_read, self.who, upload.id))
        self.page("imports/reading.html", upload=upload, far=readings.progress_of(self, upload.id))


class ConfirmRoster(RosterPage):
    """Make a reviewed roster the school's students."""

    async def post(self, upload_id: str) -> None:
        """All or nothing; when the students changed meanwhile, nothing, and the review is shown again."""
        try:
            await self.act(
                actions.confirm_roster,
                self.who,
                int(upload_id),
                self.sent("fingerprint"),
                bool(self.sent("is_sure")),
            )
        except actions.NotSure:
            await self._show(int(upload_id), errors={"is_sure": self._(NOT_SURE)})
            return
        except actions.NotReadYet:
            upload = await self.read(queries.upload_to_read, self.who, int(upload_id))
            is_read = await self.settings["roster_readings"].read_anew(upload)
            self.notice("warn", self._(CHANGED_MEANWHILE if is_read else UNREADABLE))
        except actions.PlanChanged:
            self.notice("warn", self._(CHANGED_MEANWHILE))
        except actions.AlreadyDecided:
            self.notice("info", self._("Nothing changed: this file was decided before."))
        else:
            self.notice("done", self._("The student data is stored."))
        self.go("roster", int(upload_id))


class DecideMissing(Handler):
    """Say what became of students whom the roster does not name."""

    async def post(self, upload_id: str) -> None:
        """Chosen students, or everyone on the list, moved away, left school, or are still there."""
        ids = [int(value) for value in self.sent_list("student") if value.isdigit() and len(value) < 19]
        everyone, status = bool(self.sent("everyone")), self.sent("status")
        shown = self.sent("fingerprint")
        if status not in (*actions.STATUSES, STILL_HERE):
            raise HTTPError(400)
        try:
            if status == STILL_HERE:
                changed = await self.act(
                    mending_actions.say_still_here, self.who, int(upload_id), ids, everyone, shown
                )
            else:
                changed = await self.act(
                    actions.decide_missing, self.who, int(upload_id), ids, everyone, status, shown
                )
        except actions.NotSure:
            self.notice("warn", self._(NOT_THIS_SCHOOL))
            self.go("roster", int(upload_id), kind="missing")
            return
        except actions.PlanChanged:
            self.notice(
                "warn", self._("The list changed while you were looking. Look at it again, then decide.")
            )
            self.go("roster", int(upload_id), kind="missing")
            return
        except actions.AlreadyDecided:
            self.notice("info", self._("Nothing changed: a newer file was confirmed since."))
            self.go("roster", int(upload_id))
            return
        if changed and status == STILL_HERE:
            self.notice(
                "done",
                self.ngettext(
                    "%(num)s student stays on the list of students.",
                    "%(num)s students stay on the list of students.",
                    changed,
                ),
            )
        elif changed:
            self.notice(
                "done", self.ngettext("%(num)s student is changed.", "%(num)s students are changed.", changed)
            )
        else:
            self.notice("info", self._("No student was chosen. Tick the students first."))
        self.go("roster", int(upload_id), kind="gone" if status == "active" else "missing")


_BOTH = allow(COORDINATOR, SCHOOL_ADMIN)
_ID = r"([0-9]{1,18})"
ROUTES: list[Route] = [
    Route("roster_upload", rf"/schools/{_ID}/rosters", SchoolRosters, _BOTH),
    Route("my_rosters", r"/my/rosters", MyRosters, allow(SCHOOL_ADMIN), apart=True),
    Route("roster", rf"/rosters/{_ID}", RosterPage, _BOTH),
    Route("roster_confirm", rf"/rosters/{_ID}/confirm", ConfirmRoster, _BOTH),
    Route("decide_missing", rf"/rosters/{_ID}/missing", DecideMissing, _BOTH),
]
