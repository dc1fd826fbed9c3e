"""Questions about a school's fix list: rows that could not go in, until mended, replaced or dismissed."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from peewee import fn

from common.access import SCHOOL_ADMIN, Missing, Who
from common.database import rows_of
from imports.fixes import OpenFix
from imports.models import FixItem, RosterRowRecord, RosterUpload
from imports.review import FindingLine, finding_line
from imports.roster import RosterRow
from imports.stored import findings_of, rows_of_texts
from schools import queries as schools
from schools.models import School

PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class FixLine:
    """An open item of the fix list, with the file it came from."""

    id: int
    name: str
    sheet: str | None
    row: int
    reasons: tuple[str, ...]
    findings: tuple[FindingLine, ...]
    file_name: str
    sent_at: datetime


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
    lines = tuple(_fix_line(item) for item in found)
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
        found = record.select(
            record.sheet,
            record.row_number,
            record.status,
            record.reasons,
            record.fixes,
            record.person,
            record.findings,
        ).where(record.upload == upload_id, record.status != "skipped")
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


def _fix_line(item: FixItem) -> FixLine:
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
    )


def open_items(who: Who, school_id: int) -> Any:
    """The selection of the open items of a school of the office; that the person may see it was asked before."""
    return FixItem.select().where(
        FixItem.office == who.office_id, FixItem.school == school_id, FixItem.state == "open"
    )
