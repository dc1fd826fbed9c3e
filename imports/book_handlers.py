"""Workbooks for schools: their own file with what is to be mended, and the blank template."""

from __future__ import annotations

import asyncio
import logging
import secrets
from functools import cache
from pathlib import Path, PurePath
from urllib.parse import quote

from accounts.actions import note_access
from common import page
from common.access import COORDINATOR, SCHOOL_ADMIN, Route, allow
from common.handler import Handler
from common.i18n import translator
from common.sandbox import Died, Ending, Sandbox
from imports.book_marks import BookOrder, order_text, rows_in
from imports.book_queries import BookToMark, book_to_mark
from imports.book_template import blank_template
from imports.book_words import IN_THE_FILE, LABELS, TEMPLATE
from imports.findings_book import order_and_file
from imports.words import REASONS

log = logging.getLogger("imports")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LANGUAGE = "id"
"""Of the workbooks: they go to the school, whoever downloads them."""
_LONGEST_STEM = 100  # characters of a file's name that are kept


class BookHandler(Handler):
    """Answers with a workbook to keep."""

    def workbook(self, content: bytes, file_name: str) -> None:
        """Answer with an .xlsx. `file_name` may hold any letter: old browsers are given a plain one."""
        plain = "".join(
            mark if mark.isascii() and (mark.isalnum() or mark in "-_. ") else "_" for mark in file_name
        )
        self.set_header("Content-Type", XLSX)
        self.set_header(
            "Content-Disposition",
            f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='')}",
        )
        self.finish(content)


class AnnotatedRoster(BookHandler):
    """A school's own file with the bad cells marked."""

    async def get(self, upload_id: str) -> None:
        """The workbook; where the file is gone or cannot be marked, the roster's page says so."""
        book = await self.read(book_to_mark, self.who, int(upload_id))
        if book.stored_as is None:
            self._say_gone(book)
            return
        path = self.config.files / Path(book.stored_as).name
        order = order_text(order_for(book, self.who.time_zone))
        try:
            made = await marked_in_sandbox(self.settings["roster_readings"].sandbox, path, order)
        except FileNotFoundError:
            self._say_gone(book)
            return
        if isinstance(made, Died):
            self._say_why_not(book, made)
            return
        await self.note(note_access, self.who, "roster_annotated", "roster_upload", book.upload.id)
        self.workbook(made, annotated_name(book.upload.file_name))

    def _say_gone(self, book: BookToMark) -> None:
        self.notice(
            "warn",
            self._(
                "The file itself was deleted 30 days after it was sent, so it cannot be marked any more. "
                "What is still open is on the fix list; send a newer file to get it marked."
            ),
        )
        self.go("roster", book.upload.id)

    def _say_why_not(self, book: BookToMark, died: Died) -> None:
        log.warning(
            "the file of upload %s was not marked: %s %s", book.upload.id, died.ending.value, died.detail
        )
        if died.ending is Ending.UNAVAILABLE:
            sentence = self._("The file could not be marked just now. Try again in a moment.")
        else:
            sentence = self._(
                "This file cannot be marked: it is too large or too unusual. "
                "Mend it with the list on this page, or copy the students into the blank template."
            )
        self.notice("warn", sentence)
        self.go("roster", book.upload.id)


class RosterTemplate(BookHandler):
    """The blank template for a school that has no list to send."""

    async def get(self) -> None:
        """The workbook; nobody's data is in it."""
        self.workbook(await asyncio.to_thread(_template), "templat-data-siswa.xlsx")


@cache
def _template() -> bytes:
    say = translator(LANGUAGE).gettext
    return blank_template({name: say(message) for name, message in TEMPLATE.items()})


def order_for(book: BookToMark, zone: str) -> BookOrder:
    """What the child is to mark, with every sentence in Indonesian."""
    say = translator(LANGUAGE).gettext
    codes = {fault.code for fault in book.faults}
    grave, mild = rows_in(book.faults)
    upload = book.upload
    labels = {name: say(message) for name, message in LABELS.items()}
    source = {
        "file": upload.file_name,
        "person": upload.sent_by,
        "moment": page.moment(upload.sent_at, LANGUAGE, zone),
    }
    ngettext = translator(LANGUAGE).ngettext
    counted = (
        ngettext("%(num)s row must be mended", "%(num)s rows must be mended", grave),
        ngettext("%(num)s other should be looked at", "%(num)s others should be looked at", mild),
    )
    shown = [
        sentence % {"num": page.number(count, LANGUAGE)}
        for sentence, count in zip(counted, (grave, mild), strict=True)
        if count
    ]
    return BookOrder(
        faults=book.faults,
        reasons={code: say(REASONS[code]) for code in codes},
        remedies={code: say(IN_THE_FILE[code]) for code in codes if code in IN_THE_FILE},
        labels=labels,
        above=(
            labels["title"] % {"school": upload.school_name},
            labels["source"] % source,
            *(say(REASONS[code]) for code in upload.reasons),
            *((f"{', '.join(shown)}.", labels["how"]) if book.faults else (labels["nothing"],)),
        ),
    )


async def marked_in_sandbox(sandbox: Sandbox, path: Path, order: str) -> bytes | Died:
    """The marked workbook of a stored file, made in a child that can harm nothing. Raises FileNotFoundError.

    An order of 20,000 rows is too long for the door to the child, so it travels in front of the file. Should the
    server stop meanwhile, the name lets the copy be deleted with other orphans.
    """
    handed = path.with_name(f"{secrets.token_hex(16)}.upload")
    try:
        await asyncio.to_thread(_hand_over, path, handed, order)
        made: bytes | Died = await sandbox.run_async("imports.findings_book:marked_in_child", handed)
        return made
    finally:
        await asyncio.to_thread(handed.unlink, missing_ok=True)


def _hand_over(path: Path, handed: Path, order: str) -> None:
    content = order_and_file(order, path.read_bytes())
    with handed.open("xb") as file:
        file.write(content)


def annotated_name(file_name: str) -> str:
    """What the marked file is called: by the school's own name for it, without what no file may be called."""
    stem = PurePath(file_name.replace("\\", "/")).name
    stem = stem.rsplit(".", 1)[0] if "." in stem[1:] else stem
    clean = "".join(mark for mark in stem if mark.isprintable() and mark not in '<>:"/|?*').strip(" .")
    return f"perbaikan-{clean[:_LONGEST_STEM] or 'data-siswa'}.xlsx"


_BOTH = allow(COORDINATOR, SCHOOL_ADMIN)
ROUTES: list[Route] = [
    Route("roster_annotated", r"/rosters/([0-9]{1,18})/annotated\.xlsx", AnnotatedRoster, _BOTH),
    Route("roster_template", r"/roster-template\.xlsx", RosterTemplate, _BOTH),
]
