"""Questions for the workbook that goes back to a school: which file, and what is marked in it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from common.access import Missing, Who
from imports.book_marks import Fault, faults_of
from imports.fix_queries import open_items
from imports.fixes import NewFix, new_fixes
from imports.models import FixItem, RosterUpload
from imports.queries import UploadCard, roster, stored_rows, upload_of
from imports.review_queries import plan_of
from imports.stored import findings_of


@dataclass(frozen=True, slots=True)
class BookToMark:
    """A file that was read and what is to be marked in it. `stored_as` is None once the file was deleted."""

    upload: UploadCard
    stored_as: str | None
    faults: tuple[Fault, ...]


def book_to_mark(who: Who, upload_id: int) -> BookToMark:
    """What to mark in a roster's file: all that its review lists, or, once it is confirmed, what is still open.

    Raises Missing when it is not this person's to see, and for a file of which nothing was taken: refused, put aside,
    or still being read.
    """
    upload = upload_of(who, upload_id)
    if upload.state not in ("waiting", "confirmed"):
        raise Missing
    rows = stored_rows(upload)
    if upload.state == "waiting":
        _, plan = plan_of(who, upload, rows)
        items = new_fixes(plan)
    else:
        items = _still_open(who, upload)
    return BookToMark(roster(who, upload_id), upload.stored_as, faults_of(items, rows))


def _still_open(who: Who, upload: RosterUpload) -> list[NewFix]:
    found = open_items(who, upload.school_id).where(FixItem.upload == upload.id).order_by(FixItem.id)
    return [
        NewFix(
            item.sheet,
            item.row_number,
            item.name,
            tuple(json.loads(item.reasons)),
            findings_of(item.findings),
        )
        for item in found
    ]
