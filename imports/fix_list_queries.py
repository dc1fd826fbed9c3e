"""Questions about the page of a school's fix list: its rows, and the known students they may be."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from accounts.models import Account
from common.access import Missing, Who
from common.database import rows_of
from common.ordering import Leaf, Order, leaf_of
from imports.fix_queries import open_items
from imports.fixes import FixReason
from imports.models import FixItem, RosterUpload
from imports.queries import stored_rows
from imports.review import Candidate, FindingLine, candidates_of, finding_line, place
from imports.review_queries import names_of_schools, plan_of
from imports.stored import findings_of
from schools import queries as schools

PAGE_SIZE = 100
DISMISSED_SHOWN = 50
# the columns by which the list can be sorted; the first is its own order: the newest file first, row by row
FIX_COLUMNS: dict[str, tuple[Any, ...]] = {
    "row": (-1 * FixItem.upload,),
    "name": (FixItem.name,),
    "reason": (FixItem.reasons,),
}
_ASKED = frozenset({FixReason.UNCLEAR, FixReason.AT_OTHER_SCHOOL, FixReason.NAMESAKE_ELSEWHERE})


@dataclass(frozen=True, slots=True)
class FixLine:
    """An open item of the fix list, with the file it came from. `can_mend`: the file is kept, so its cells can be."""

    id: int
    upload_id: int
    name: str
    sheet: str | None
    row: int
    reasons: tuple[str, ...]
    findings: tuple[FindingLine, ...]
    file_name: str
    sent_at: datetime
    can_mend: bool
    candidates: tuple[Candidate, ...] = ()


class DismissedLine(NamedTuple):
    """An item that a person took off the fix list without mending it, and who did so when."""

    id: int
    name: str
    row: int
    file_name: str
    dismissed_by: str
    dismissed_at: datetime


@dataclass(frozen=True, slots=True)
class FixPage:
    """One page of a school's fix list, how many items were settled before, and the latest dismissed of these.

    `schools` are names by id.
    """

    school: schools.SchoolCard
    lines: tuple[FixLine, ...]
    settled: int
    dismissed: tuple[DismissedLine, ...]
    leaf: Leaf
    schools: dict[int, str]


def fix_list(who: Who, school_id: int, order: Order, page: int) -> FixPage:
    """What a school still has to fix, in that order. Raises Missing when it is not this person's to see."""
    school = schools.school(who, school_id)
    if not who.may_see_school(school_id):
        raise Missing
    leaf = leaf_of(page, open_items(who, school_id).count(), PAGE_SIZE)
    columns = (*FIX_COLUMNS[order.by], FixItem.id)
    found = (
        open_items(who, school_id)
        .select(FixItem, RosterUpload)
        .join(RosterUpload, on=(FixItem.upload == RosterUpload.id))
        .order_by(*(column.desc() if order.is_turned else column.asc() for column in columns))
        .paginate(leaf.number, PAGE_SIZE)
    )
    items = list(found)
    candidates = _candidates(who, items)
    lines = tuple(_fix_line(item, candidates.get(item.id, ())) for item in items)
    settled = FixItem.select().where(FixItem.school == school_id, FixItem.state != "open").count()
    names = names_of_schools(who, [each for line in lines for each in line.candidates])
    return FixPage(school, lines, settled, _dismissed(who, school_id), leaf, names)


def _dismissed(who: Who, school_id: int) -> tuple[DismissedLine, ...]:
    query = (
        FixItem.select(
            FixItem.id,
            FixItem.name,
            FixItem.row_number,
            RosterUpload.file_name,
            Account.name,
            FixItem.decided_at,
        )
        .join(RosterUpload, on=(FixItem.upload == RosterUpload.id))
        .join(Account, on=(FixItem.decided_by == Account.id))
        .where(FixItem.office == who.office_id, FixItem.school == school_id, FixItem.state == "dismissed")
        .order_by(FixItem.decided_at.desc(), FixItem.id.desc())
        .limit(DISMISSED_SHOWN)
    )
    return tuple(DismissedLine(*row) for row in rows_of(query))


def _candidates(who: Who, items: Sequence[FixItem]) -> dict[int, tuple[Candidate, ...]]:
    """By item: the known students that its row may be, as long as the rows of its file are kept."""
    asked = [item for item in items if _ASKED & set(json.loads(item.reasons))]
    found = {}
    for upload in {item.upload_id: item.upload for item in asked}.values():
        _, plan = plan_of(who, upload, stored_rows(upload))
        matches = {place(match): match for match in plan.unclear + plan.at_other_school}
        for item in asked:
            match = matches.get((item.sheet, item.row_number))
            if item.upload_id == upload.id and match is not None:
                found[item.id] = candidates_of(match, who.is_coordinator)
    return found


def _fix_line(item: FixItem, candidates: tuple[Candidate, ...]) -> FixLine:
    names_sheet = json.loads(item.upload.notes).get("lists", 1) > 1
    findings = tuple(finding_line(finding) for finding in findings_of(item.findings))
    if not names_sheet:
        findings = tuple(replace(finding, earlier_sheet=None) for finding in findings)
    return FixLine(
        id=item.id,
        upload_id=item.upload_id,
        name=item.name,
        sheet=item.sheet if names_sheet else None,
        row=item.row_number,
        reasons=tuple(json.loads(item.reasons)),
        findings=findings,
        file_name=item.upload.file_name,
        sent_at=item.upload.uploaded_at,
        can_mend=item.upload.stored_as is not None,
        candidates=candidates,
    )
