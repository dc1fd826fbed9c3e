"""A roster mended on screen: cells, decisions, the meaning of columns; its fix list; a confirmed one taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from accounts.actions import note_access
from common.access import COORDINATOR, SCHOOL_ADMIN, Route, allow
from common.handler import Handler, whole_number
from common.i18n import N_
from common.ordering import Order, order_of
from imports import actions, fix_list_queries, mending_actions, queries, undo_actions
from imports.actions import AlreadyDecided
from imports.column_reading import SheetColumns, read_columns
from imports.columns import Field
from imports.decisions import Decision
from imports.findings import Kind
from imports.layout import Layout
from imports.mending_actions import FileGone, TooManyMends
from imports.queries import UploadCard
from imports.words import DEPENDS, FIELDS, REASONS, UNREADABLE, WORDS

TOO_MANY = N_(
    "More than 1,000 cells of one file cannot be mended here. Mend the list itself, then send it again."
)
GONE = N_("This file was deleted, 30 days after it was sent. Send the list again.")
DECIDED = N_("Nothing changed: this file was decided before.")
TOO_FEW = N_("Say which column holds the name or the NIK, and one more, such as birth date or class.")
TWICE = N_("Two columns are said to hold the same: %(what)s. Choose one of them.")


class MendRoster(Handler):
    """Cells mended and rows decided on the review of a roster."""

    async def post(self, upload_id: str) -> None:
        """Judge the file again with what was said; or take one thing back that was said."""
        mend, decision = (
            whole_number(self.sent(name), 18) for name in ("take_back_mend", "take_back_decision")
        )
        if mend is not None:
            await self._take_back(int(upload_id), mend)
        elif decision is not None:
            await self._ask_again(int(upload_id), decision)
        elif self.sent("ask_who_is_missing"):
            await self._ask_who_is_missing(int(upload_id))
        else:
            await mend_and_decide(self)
        kind = self.sent("kind") if self.sent("kind").isalpha() or "_" in self.sent("kind") else ""
        self.go("roster", int(upload_id), kind=kind)

    async def _take_back(self, upload_id: int, mend: int) -> None:
        try:
            done = await self.act(mending_actions.take_back_mend, self.who, upload_id, mend)
        except (AlreadyDecided, FileGone):
            done = False
        if done and await read_anew(self, upload_id):
            self.notice("done", self._("The cell is as in the file again."))

    async def _ask_who_is_missing(self, upload_id: int) -> None:
        try:
            await self.act(mending_actions.ask_who_is_missing, self.who, upload_id)
        except AlreadyDecided:
            self.notice("info", self._(DECIDED))
        else:
            self.notice("done", self._("These students are asked about again."))

    async def _ask_again(self, upload_id: int, decision: int) -> None:
        try:
            done = await self.act(mending_actions.take_back_decision, self.who, upload_id, decision)
        except AlreadyDecided:
            done = False
        if done:
            self.notice("done", self._("This row is asked about again."))


async def mend_and_decide(handler: Handler) -> None:
    """Take what a form says of rows of one or several files, and say what came of it.

    Cells are named `cell:UPLOAD:ROW:COLUMN:SHEET`, what stood in them `was:` and the same, decisions
    `row:UPLOAD:ROW:STUDENT:SHEET`. Files that wait are
    judged again; of confirmed ones what is sound now goes in.
    """
    mended = rows = came_in = 0
    left: int | None = None
    for upload_id, form in sorted(_sent(handler).items()):
        try:
            changed = said = 0
            if form.cells:
                changed = await handler.act(
                    mending_actions.mend_cells, handler.who, upload_id, form.cells, form.offered
                )
            if changed and not await read_anew(handler, upload_id):
                return
            if form.decided:
                said = await handler.act(mending_actions.decide_rows, handler.who, upload_id, form.decided)
            upload = await handler.read(queries.roster, handler.who, upload_id)
            if changed and upload.state == "waiting":
                left = upload.counts["rejected"]
            if (changed or said) and upload.state == "confirmed":
                came_in += await handler.act(mending_actions.take_in_mended, handler.who, upload_id)
        except TooManyMends:
            handler.notice("warn", handler._(TOO_MANY))
            return
        except FileGone:
            handler.notice("warn", handler._(GONE))
            return
        except AlreadyDecided:
            handler.notice("info", handler._(DECIDED))
            return
        mended, rows = mended + changed, rows + said
    _say(handler, mended, rows, came_in, left)


def _say(handler: Handler, mended: int, rows: int, came_in: int, left: int | None) -> None:
    told = []
    if mended:
        told.append(handler.ngettext("%(num)s cell is saved.", "%(num)s cells are saved.", mended))
    if rows:
        told.append(handler.ngettext("%(num)s row is decided.", "%(num)s rows are decided.", rows))
    if came_in:
        told.append(
            handler.ngettext("%(num)s row left the fix list.", "%(num)s rows left the fix list.", came_in)
        )
    if left:
        told.append(
            handler.ngettext(
                "%(num)s row is still to be mended.", "%(num)s rows are still to be mended.", left
            )
        )
    elif left == 0:
        told.append(handler._("No row is left to be mended."))
    if told:
        handler.notice("done", " ".join(told))
    else:
        handler.notice("info", handler._("Nothing changed: no cell was mended and no row decided."))


@dataclass(slots=True)
class _Said:
    """What a form says of the rows of one file."""

    cells: dict[str, str] = field(default_factory=dict)
    offered: dict[str, str] = field(default_factory=dict)
    decided: list[tuple[str, int, int, Decision]] = field(default_factory=list)


def _sent(handler: Handler) -> dict[int, _Said]:
    """What a form says, by upload."""
    said: dict[int, _Said] = defaultdict(_Said)
    for name, value in handler.sent_fields().items():
        what, _, rest = name.partition(":")
        upload, _, key = rest.partition(":")
        upload_id = whole_number(upload, 18)
        if upload_id is None:
            continue
        if what == "cell":
            said[upload_id].cells[key] = value
        elif what == "was":
            said[upload_id].offered[key] = value
        elif what == "row" and value in list(Decision):
            row, _, last = key.partition(":")
            student, _, sheet = last.partition(":")
            number, student_id = whole_number(row, 9), whole_number(student, 18)
            if number is not None and student_id is not None:
                said[upload_id].decided.append((sheet, number, student_id, Decision(value)))
    return said


async def read_anew(handler: Handler, upload_id: int) -> bool:
    """Have a file judged again with what was said of it; False, with a word on it, where it could not be read."""
    upload = await handler.read(queries.upload_to_read, handler.who, upload_id)
    done = await handler.settings["roster_readings"].read_anew(upload)
    if not done:
        handler.notice("warn", handler._(UNREADABLE))
    return done


class FixList(Handler):
    """What a school still has to fix."""

    async def get(self, school_id: str) -> None:
        """The open items; that they were shown is written down."""
        order = self._order()
        page = await self.read(
            fix_list_queries.fix_list, self.who, int(school_id), order, self.asked_number("page")
        )
        if page.lines:
            await self.note(note_access, self.who, "fix_list_shown", "school", page.school.id)
        self.page("imports/fixes.html", page=page, order=order, words=WORDS)

    async def post(self, school_id: str) -> None:
        """Take items off the list that need no mending; or mend and decide them, and bring in what is sound now."""
        item = whole_number(self.sent("put_back"), 18)
        if item is not None:
            await self._put_back(int(school_id), item)
            return
        if self.sent("act") != "dismiss":
            await mend_and_decide(self)
            self._show_again(int(school_id))
            return
        ids = [int(value) for value in self.sent_list("item") if value.isdigit() and len(value) < 19]
        count = await self.act(actions.dismiss_fixes, self.who, int(school_id), ids)
        if count:
            self.notice(
                "done", self.ngettext("%(num)s row is dismissed.", "%(num)s rows are dismissed.", count)
            )
        else:
            self.notice("info", self._("No row was chosen. Tick the rows first."))
        self._show_again(int(school_id))

    def _order(self) -> Order:
        return order_of(self.asked("sort"), fix_list_queries.FIX_COLUMNS, "row")

    def _show_again(self, school_id: int) -> None:
        number = self.asked_number("page")  # the form is sent to the page that it stands on
        self.go("fix_list", school_id, sort=self._order().word, page=number if number > 1 else None)

    async def _put_back(self, school_id: int, item: int) -> None:
        if await self.act(actions.put_back_fix, self.who, school_id, item):
            self.notice("done", self._("The row is on the fix list again."))
        else:
            self.notice("info", self._("Nothing changed: this row is no longer dismissed."))
        self._show_again(school_id)


class RosterColumns(Handler):
    """What the columns of a roster hold, where a person knows better than the reading."""

    async def get(self, upload_id: str) -> None:
        """The columns that were read or are unsure, each with its first cells."""
        await self._show(int(upload_id), whole_number(self.asked("row"), 3))

    async def post(self, upload_id: str) -> None:
        """Remember the answers for this school and layout, and read the file again."""
        heading_row = whole_number(self.sent("row"), 3)
        upload = await self._upload(int(upload_id))
        sheets = await self._columns(upload, heading_row)
        if sheets is None:
            return
        answers, fault = self._answers(sheets)
        if fault:
            self._page(upload, sheets, heading_row, fault)
            return
        try:
            to_read = await self.act(mending_actions.name_columns, self.who, upload.id, answers)
        except (AlreadyDecided, FileGone):
            self.notice("info", self._(DECIDED))
        else:
            self.settings["roster_readings"].begin(to_read)
        self.go("roster", upload.id)

    async def _upload(self, upload_id: int) -> UploadCard:
        return await self.read(queries.roster, self.who, upload_id)

    async def _show(self, upload_id: int, heading_row: int | None) -> None:
        upload = await self._upload(upload_id)
        sheets = await self._columns(upload, heading_row)
        if sheets is not None:
            await self.note(note_access, self.who, "roster_columns_shown", "roster_upload", upload.id)
            self._page(upload, sheets, heading_row)

    def _page(
        self, upload: UploadCard, sheets: Sequence[SheetColumns], heading_row: int | None, fault: str = ""
    ) -> None:
        self.page(
            "imports/columns.html",
            422 if fault else 200,
            upload=upload,
            sheets=sheets,
            heading_row=heading_row,
            errors={"columns": fault} if fault else {},
            typed=self.sent_fields(),
            words=WORDS,
        )

    async def _columns(self, upload: UploadCard, heading_row: int | None) -> Sequence[SheetColumns] | None:
        """The columns of the file; None, and the browser goes on, where there is nothing to name."""
        if upload.state not in ("waiting", "refused"):
            self.notice("info", self._(DECIDED))
        elif not upload.is_kept:
            self.notice("warn", self._(GONE))
        else:
            to_read = await self.read(queries.upload_to_read, self.who, upload.id)
            readings = self.settings["roster_readings"]
            try:
                found = await read_columns(
                    readings.sandbox,
                    str(readings.path_of(to_read)),
                    upload.file_name,
                    to_read.wishes,
                    heading_row,
                )
            except OSError:
                found = Kind.READING_UNAVAILABLE
            if not isinstance(found, Kind):
                return found
            self.notice("warn", self._(REASONS[found.value]))
        self.go("roster", upload.id)
        return None

    def _answers(self, sheets: Sequence[SheetColumns]) -> tuple[Mapping[tuple[Layout, str], Field], str]:
        """What was chosen, by layout and heading; and what is wrong with it."""
        answers: dict[tuple[Layout, str], Field] = {}
        sent = self.sent_fields()
        for sheet in sheets:
            taken: set[Field] = set()
            for column in sheet.columns:
                word = sent.get(f"column:{sheet.layout.value}:{column.key}", "")
                held = Field(word) if word in FIELDS else column.field
                if held is not Field.UNNEEDED and held in taken:
                    return answers, self._(TWICE, what=self._(FIELDS.get(held.value, held.value)))
                taken.add(held)
                if word in FIELDS:
                    answers[sheet.layout, column.key] = held
            if sheet.columns and not _is_enough(taken):
                return answers, self._(TOO_FEW)
        return answers, ""


def _is_enough(fields: set[Field]) -> bool:
    """Whether a list with these columns can be recognised: by name or NIK, and one more."""
    return bool(fields & {Field.NAME, Field.NIK}) and len(fields - {Field.UNNEEDED}) > 1


class UndoRoster(Handler):
    """A confirmed roster taken back."""

    async def post(self, upload_id: str) -> None:
        """All of it or nothing; then it waits for a review again."""
        try:
            await self.act(undo_actions.undo_roster, self.who, int(upload_id))
        except AlreadyDecided:
            self.notice("info", self._("Nothing changed: this file is not stored as student data."))
        except undo_actions.CannotUndo as cannot:
            self.notice("warn", self._(DEPENDS[cannot.why]))
        else:
            self.notice(
                "done",
                self._("The file is taken back: the student data is as it was. It waits to be confirmed."),
            )
        self.go("roster", int(upload_id))


_BOTH = allow(COORDINATOR, SCHOOL_ADMIN)
ROUTES: list[Route] = [
    Route("fix_list", r"/schools/([0-9]{1,18})/fixes", FixList, _BOTH, apart=True),
    Route("roster_mend", r"/rosters/([0-9]{1,18})/mend", MendRoster, _BOTH),
    Route("roster_columns", r"/rosters/([0-9]{1,18})/columns", RosterColumns, _BOTH),
    Route("roster_undo", r"/rosters/([0-9]{1,18})/undo", UndoRoster, _BOTH),
]
