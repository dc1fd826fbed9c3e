"""Questions about a school's fix list: rows that could not go in, until mended, replaced or dismissed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from peewee import fn

from common.access import SCHOOL_ADMIN, Who
from common.database import rows_of
from imports.fixes import OpenFix
from imports.models import FixItem, RosterRowRecord, RosterUpload
from imports.roster import RosterRow
from imports.stored import findings_of, rows_of_texts
from schools.models import School

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
class SchoolCount:
    """A school with how many of something: uploads that wait, open items. `only_id` is the upload when it is one."""

    school_id: int
    school_name: str
    count: int
    only_id: int | None = None


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


def open_items(who: Who, school_id: int) -> Any:
    """The selection of the open items of a school of the office; that the person may see it was asked before."""
    return FixItem.select().where(
        FixItem.office == who.office_id, FixItem.school == school_id, FixItem.state == "open"
    )
