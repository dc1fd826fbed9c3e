"""Questions about a school's fix list: rows that could not go in, until mended, replaced or dismissed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from peewee import fn

from common.access import SCHOOL_ADMIN, Missing, Who
from common.database import rows_of
from imports.fixes import FixReason, OpenFix
from imports.models import FixItem, RosterRowRecord, RosterUpload
from imports.review import FindingLine, finding_line
from imports.roster import RosterRow
from imports.stored import findings_of, rows_of_texts
from schools import queries as schools
from schools.models import School
from schools.students import KnownStudent

PAGE_SIZE = 100
# as rows_of_texts takes them
_ROW_COLUMNS = (
    RosterRowRecord.sheet,
    RosterRowRecord.row_number,
    RosterRowRecord.status,
    RosterRowRecord.reasons,
    RosterRowRecord.fixes,
    RosterRowRecord.person,
    RosterRowRecord.findings,
)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where the office knows the student of an item: for the coordinator, who decides where they belong."""

    school_name: str
    name: str
    class_name: str


@dataclass(frozen=True, slots=True)
class FixLine:
    """An open item of the fix list, with the file it came from; `elsewhere` only where a move can be decided."""

    id: int
    name: str
    sheet: str | None
    row: int
    reasons: tuple[str, ...]
    findings: tuple[FindingLine, ...]
    file_name: str
    sent_at: datetime
    elsewhere: Elsewhere | None = None


@dataclass(frozen=True, slots=True)
class FixPage:
    """One page of a school's fix list, and how many items were settled before."""

    school: schools.SchoolCard
    lines: tuple[FixLine, ...]
    total: int
    settled: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class SchoolCount:
    """A school with how many of something: uploads that wait, open items. `only_id` is the upload when it is one."""

    school_id: int
    school_name: str
    count: int
    only_id: int | None = None


def fix_list(who: Who, school_id: int, page: int = 1) -> FixPage:
    """What a school still has to fix, by file and row. Raises Missing when it is not this person's to see."""
    school = schools.school(who, school_id)
    if not who.may_see_school(school_id):
        raise Missing
    total = open_items(who, school_id).count()
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(page, 1), pages)
    found = (
        open_items(who, school_id)
        .select(FixItem, RosterUpload)
        .join(RosterUpload)
        .order_by(FixItem.upload.desc(), FixItem.id)
        .paginate(page, PAGE_SIZE)
    )
    items = list(found)
    known = _elsewhere(who, school_id, items) if who.is_coordinator else {}
    lines = tuple(_fix_line(item, known.get(item.id)) for item in items)
    settled = FixItem.select().where(FixItem.school == school_id, FixItem.state != "open").count()
    return FixPage(school, lines, total, settled, page, pages)


def open_fixes(who: Who) -> list[SchoolCount]:
    """Schools with open items on their fix list, the longest list first."""
    count = fn.COUNT(FixItem.id)
    query = (
        FixItem.select(FixItem.school, School.name, count)
        .join(School)
        .where(mine(who, FixItem), FixItem.state == "open")
        .group_by(FixItem.school, School.name)
        .order_by(count.desc(), School.name)
    )
    return [SchoolCount(*row) for row in rows_of(query)]


def open_fix_items(who: Who, upload: RosterUpload) -> list[OpenFix]:
    """The open items of the upload's school, with what is known of each person."""
    record = RosterRowRecord
    items = list(open_items(who, upload.school_id).order_by(FixItem.id))
    people: dict[tuple[int, str | None, int], RosterRow] = {}
    for upload_id in {item.upload_id for item in items}:
        found = record.select(*_ROW_COLUMNS).where(record.upload == upload_id, record.status != "skipped")
        for row in rows_of_texts(rows_of(found)):
            people[upload_id, row.sheet, row.row] = row
    opened = []
    for item in items:
        person = people.get((item.upload_id, item.sheet, item.row_number))
        opened.append(
            OpenFix(
                id=item.id,
                sheet=item.sheet,
                row=item.row_number,
                name=item.name,
                nik=person.nik if person else None,
                nisn=person.nisn if person else None,
                birth_date=person.birth_date if person else None,
                findings=findings_of(item.findings),
            )
        )
    return opened


def mine(who: Who, table: Any) -> Any:
    """SQL: the row belongs to the person's office, and to the own school of a school admin."""
    condition = table.office == who.office_id
    return condition & (table.school == who.school_id) if who.role == SCHOOL_ADMIN else condition


def open_item_elsewhere(who: Who, school_id: int, item_id: int) -> tuple[RosterRow, KnownStudent] | None:
    """The row of an open item and the student of another school who has its NIK; None when either is gone."""
    items = list(open_items(who, school_id).where(FixItem.id == item_id))
    return _students_elsewhere(who, school_id, items).get(item_id)


def _students_elsewhere(
    who: Who, school_id: int, items: Sequence[FixItem]
) -> dict[int, tuple[RosterRow, KnownStudent]]:
    """By item: rows that name a student of another school, as long as the rows are kept."""
    asked = [item for item in items if FixReason.AT_OTHER_SCHOOL in json.loads(item.reasons)]
    rows = _rows_of_items(asked)
    niks = [row.nik for row in rows.values() if row.nik]
    known = schools.known_elsewhere(who, school_id, niks)
    return {item_id: (row, known[row.nik]) for item_id, row in rows.items() if row.nik in known}


def _rows_of_items(items: Sequence[FixItem]) -> dict[int, RosterRow]:
    record = RosterRowRecord
    found: dict[int, RosterRow] = {}
    for upload_id in {item.upload_id for item in items}:
        places = {(item.sheet, item.row_number): item.id for item in items if item.upload_id == upload_id}
        kept = record.select(*_ROW_COLUMNS).where(
            record.upload == upload_id, record.row_number.in_([row for _, row in places])
        )
        for row in rows_of_texts(rows_of(kept)):
            if (row.sheet, row.row) in places:
                found[places[row.sheet, row.row]] = row
    return found


def _elsewhere(who: Who, school_id: int, items: Sequence[FixItem]) -> dict[int, Elsewhere]:
    found = _students_elsewhere(who, school_id, items)
    ids = {student.school_id for _, student in found.values()}
    names: dict[int, str] = dict(rows_of(School.select(School.id, School.name).where(School.id.in_(ids))))
    return {
        item_id: Elsewhere(names[student.school_id], student.facts.name, student.facts.class_name)
        for item_id, (_, student) in found.items()
    }


def _fix_line(item: FixItem, elsewhere: Elsewhere | None) -> FixLine:
    names_sheet = json.loads(item.upload.notes).get("lists", 1) > 1
    findings = tuple(finding_line(finding) for finding in findings_of(item.findings))
    if not names_sheet:
        findings = tuple(replace(finding, earlier_sheet=None) for finding in findings)
    return FixLine(
        id=item.id,
        name=item.name,
        sheet=item.sheet if names_sheet else None,
        row=item.row_number,
        reasons=tuple(json.loads(item.reasons)),
        findings=findings,
        file_name=item.upload.file_name,
        sent_at=item.upload.uploaded_at,
        elsewhere=elsewhere,
    )


def open_items(who: Who, school_id: int) -> Any:
    """The selection of the open items of a school of the office; that the person may see it was asked before."""
    return FixItem.select().where(
        FixItem.office == who.office_id, FixItem.school == school_id, FixItem.state == "open"
    )
