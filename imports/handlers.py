"""A school's rosters on the web: sent, reviewed, confirmed; and its fix list."""

from __future__ import annotations

from typing import Any

from tornado.web import HTTPError

from accounts.actions import note_access
from common.access import COORDINATOR, SCHOOL_ADMIN, Route, allow
from common.handler import Handler, whole_number
from common.i18n import N_
from common.upload import UploadHandler
from imports import actions, fix_queries, queries
from imports.actions import ReceivedFile
from imports.findings import Kind
from imports.fixes import FixReason
from imports.sentences import FIXES, SENTENCES

NO_FILE = N_("Choose the file with the student data, then send it.")
TOO_LARGE = N_(
    "The file is too large: at most 20 MB can be sent. Send the student list alone, without pictures."
)
NOT_SURE = N_("Hardly any student is the same. Tick that the file is of this school, or put it aside.")
EMPTY = N_("This file is empty (0 bytes). Download the list again, then send it.")
# what stands on the fix list although the row itself was read without a fault
REASONS: dict[str, str] = {
    FixReason.UNCLEAR: N_(
        "Several known students could be this person. Complete the NIK, then send the file again."
    ),
    FixReason.SAME_NIK: N_("An earlier row of this file has the same NIK."),
    FixReason.AT_OTHER_SCHOOL: N_(
        "The office knows this student at another school. The coordinator decides where the student belongs."
    ),
    **{kind.value: sentence for kind, sentence in SENTENCES.items()},
}
# what the school does about it
REMEDIES: dict[str, str] = {
    Kind.NIK_LENGTH.value: N_("Copy the NIK from the family card."),
    Kind.NIK_NONDIGIT.value: N_("Copy the NIK from the family card."),
    Kind.NIK_PRECISION_LOST.value: N_(
        "Download the list again and do not save it in Excel, or type the NIK as text."
    ),
    Kind.NIK_DATE_INVALID.value: N_("Copy the NIK from the family card."),
    Kind.NIK_REGION_UNKNOWN.value: N_("Copy the NIK from the family card."),
    Kind.NIK_PARENT_SUSPECT.value: N_("Put the student's own NIK in this column, not a parent's."),
    Kind.DUPLICATE_ROW.value: N_("Delete one of the two rows, or dismiss this one here."),
    Kind.NIK_DUPLICATE_CONFLICT.value: N_(
        "Compare both students with their family cards and mend the wrong NIK."
    ),
    Kind.NAME_MISSING.value: N_("Fill in the name, or delete the row."),
    Kind.DOB_INVALID.value: N_("Fill in the birth date, for example 2009-03-12."),
}
# facts of a student as the comparison names them
FACTS: dict[str, str] = {
    "status": N_("Status"),
    "name": N_("Name"),
    "birth_date": N_("Birth date"),
    "nik": N_("NIK"),
    "nisn": N_("NISN"),
    "sex": N_("Sex"),
    "birth_place": N_("Birth place"),
    "class_name": N_("Class"),
    "address": N_("Address"),
    "home_district": N_("Home district"),
    "special_needs": N_("Special needs"),
    "is_married": N_("Married"),
    "recorded_before": N_("Recorded before"),
}
WORDS: dict[str, Any] = {
    "reasons": REASONS,
    "remedies": REMEDIES,
    "facts": FACTS,
    "fixes": {fix.value: sentence for fix, sentence in FIXES.items()},
}


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
        found = await self.read(
            queries.roster_page,
            self.who,
            upload_id,
            self.today,
            self.visit.campaign,
            self.asked("kind"),
            search,
            self.asked_number("page"),
        )
        if isinstance(found, queries.ReviewPage):
            await self.act(note_access, self.who, "roster_shown", "roster_upload", upload_id, found.kind)
            status = 422 if errors else 200
            self.page("imports/review.html", status, page=found, words=WORDS, errors=errors or {})
        elif found.state == "reading":
            await self._show_progress(found)
        else:
            self.page("imports/refused.html", upload=found, words=WORDS)

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
        except actions.PlanChanged:
            self.notice(
                "warn",
                self._(
                    "Student data changed while you were looking, so nothing was stored. "
                    "Look at the changes again, then confirm."
                ),
            )
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
        everyone = bool(self.sent("everyone"))
        if self.sent("status") not in actions.STATUSES:
            raise HTTPError(400)
        try:
            changed = await self.act(
                actions.decide_missing, self.who, int(upload_id), ids, everyone, self.sent("status")
            )
        except actions.AlreadyDecided:
            self.notice("info", self._("Nothing changed: a newer file was confirmed since."))
            self.go("roster", int(upload_id))
            return
        if changed:
            self.notice(
                "done", self.ngettext("%(num)s student is changed.", "%(num)s students are changed.", changed)
            )
        else:
            self.notice("info", self._("No student was chosen. Tick the students first."))
        self.go("roster", int(upload_id), kind="gone" if self.sent("status") == "active" else "missing")


class FixList(Handler):
    """What a school still has to fix."""

    async def get(self, school_id: str) -> None:
        """The open items; that they were shown is written down."""
        page = await self.read(fix_queries.fix_list, self.who, int(school_id), self.asked_number("page"))
        if page.lines:
            await self.act(note_access, self.who, "fix_list_shown", "school", page.school.id)
        self.page("imports/fixes.html", page=page, words=WORDS)

    async def post(self, school_id: str) -> None:
        """Take items off the list that need no mending; the coordinator says where a known student belongs."""
        moved = whole_number(self.sent("move"), 18)
        if moved is not None:
            await self._move(int(school_id), moved)
            return
        sent = [self.sent("stay")] if self.sent("stay") else self.sent_list("item")
        ids = [int(value) for value in sent if value.isdigit() and len(value) < 19]
        count = await self.act(actions.dismiss_fixes, self.who, int(school_id), ids)
        if count:
            self.notice(
                "done", self.ngettext("%(num)s row is dismissed.", "%(num)s rows are dismissed.", count)
            )
        else:
            self.notice("info", self._("No row was chosen. Tick the rows first."))
        self.go("fix_list", int(school_id))

    async def _move(self, school_id: int, item_id: int) -> None:
        if await self.act(actions.move_here, self.who, school_id, item_id):
            self.notice("done", self._("The student is now a student of this school."))
        else:
            self.notice("info", self._("Nothing changed: this row was settled before, or its file is gone."))
        self.go("fix_list", school_id)


_BOTH = allow(COORDINATOR, SCHOOL_ADMIN)
_ID = r"([0-9]{1,18})"
ROUTES: list[Route] = [
    Route("roster_upload", rf"/schools/{_ID}/rosters", SchoolRosters, _BOTH),
    Route("my_rosters", r"/my/rosters", MyRosters, allow(SCHOOL_ADMIN)),
    Route("roster", rf"/rosters/{_ID}", RosterPage, _BOTH),
    Route("roster_confirm", rf"/rosters/{_ID}/confirm", ConfirmRoster, _BOTH),
    Route("decide_missing", rf"/rosters/{_ID}/missing", DecideMissing, _BOTH),
    Route("fix_list", rf"/schools/{_ID}/fixes", FixList, _BOTH),
]
