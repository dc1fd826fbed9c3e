"""Questions about rosters sent: what was read, what confirming would change, what is still to be fixed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from peewee import fn

from accounts.models import Account
from accounts.queries import office_card
from common import clock
from common.access import SCHOOL_ADMIN, Missing, Who
from common.database import db, rows_of
from imports.fix_queries import SchoolCount, mine, open_items
from imports.mending_queries import wishes_of
from imports.models import RosterUpload
from imports.roster import RosterRow
from imports.school_list import DistrictName, SchoolRow
from imports.school_plan import KnownSchool, SchoolPlan, plan_schools
from imports.stored import rows_of_texts
from imports.wishes import NOTHING_SAID, Wishes
from schools import queries as schools
from schools.models import School, Student

PAGE_SIZE = 100
LAST_UPLOADS = 10
RECORD_AGE = 16  # where no programme says otherwise; the settings of a new one begin with it


@dataclass(frozen=True, slots=True)
class UploadCard:
    """A roster as it was sent and how far it has come; `counts`, `reasons`, `outcome` are empty until known.

    `is_kept`: the file itself is still stored. `is_read_anew`: something was said of it that its rows do not show yet.
    """

    id: int
    school_id: int
    school_name: str
    file_name: str
    file_size: int
    state: str
    reasons: tuple[str, ...]
    counts: dict[str, int]
    notes: dict[str, Any]
    outcome: dict[str, int]
    sent_by: str
    sent_at: datetime
    decided_by: str
    decided_at: datetime | None
    is_kept: bool
    is_read_anew: bool


@dataclass(frozen=True, slots=True)
class RostersPage:
    """A school's student data: what was sent before, newest first, and what is known now."""

    school: schools.SchoolCard
    uploads: tuple[UploadCard, ...]
    students: int
    open_fixes: int


@dataclass(frozen=True, slots=True)
class UploadToRead:
    """A stored file that is to be read: what the reading needs to know. `said` counts the wishes it was made with."""

    id: int
    stored_as: str
    file_name: str
    as_of: date
    wishes: Wishes = NOTHING_SAID
    said: int = 0


def rosters_page(who: Who, school_id: int) -> RostersPage:
    """The student data of a school. Raises Missing when it is not this person's to see."""
    school = schools.school(who, school_id)
    if not who.may_see_school(school_id):
        raise Missing
    uploads = uploads_of(who).where(RosterUpload.school == school_id).order_by(RosterUpload.id.desc())
    students = Student.select().where(Student.school == school_id, Student.status == "active").count()
    return RostersPage(
        school,
        tuple(cards_of(uploads.limit(LAST_UPLOADS))),
        students,
        open_items(who, school_id).count(),
    )


def roster(who: Who, upload_id: int) -> UploadCard:
    """One upload. Raises Missing when it is not this person's to see."""
    return card_of(upload_of(who, upload_id))


def rosters_waiting(who: Who) -> list[SchoolCount]:
    """Schools whose roster waits for a review, the longest waiting first."""
    query = (
        RosterUpload.select(
            RosterUpload.school, School.name, fn.COUNT(RosterUpload.id), fn.MAX(RosterUpload.id)
        )
        .join(School)
        .where(mine(who, RosterUpload), RosterUpload.state == "waiting")
        .group_by(RosterUpload.school, School.name)
        .order_by(fn.MIN(RosterUpload.id))
    )
    return [
        SchoolCount(school_id, name, count, newest if count == 1 else None)
        for school_id, name, count, newest in rows_of(query)
    ]


def schools_without_roster(who: Who) -> list[SchoolCount]:
    """Schools that have no student in the office's data and no file under way, by name."""
    sent = RosterUpload.select(RosterUpload.school).where(
        RosterUpload.office == who.office_id, RosterUpload.state.in_(("reading", "waiting"))
    )
    known = Student.select(Student.school).where(Student.office == who.office_id)
    query = (
        School.select(School.id, School.name)
        .where(School.office == who.office_id, School.id.not_in(sent), School.id.not_in(known))
        .order_by(School.name)
    )
    if who.role == SCHOOL_ADMIN:
        query = query.where(School.id == who.school_id)
    return [SchoolCount(school_id, name, 0) for school_id, name in rows_of(query)]


def school_plan(
    who: Who, listed: Sequence[tuple[SchoolRow, str]]
) -> tuple[SchoolPlan, list[DistrictName], str]:
    """What loading schools (each beside the name its list gives the district) would do; the office's districts; its
    region."""
    region = office_card(who).region_code
    districts = [DistrictName(row.code, row.name) for row in schools.districts(who)]
    held = [
        KnownSchool(card.npsn, card.name, card.level, card.is_public, card.district_name)
        for card in (row.school for row in schools.schools(who))
    ]
    return plan_schools(listed, districts, region, held), districts, region


def upload_to_read(who: Who, upload_id: int) -> UploadToRead:
    """What reading one upload needs. Raises Missing."""
    return to_read(upload_of(who, upload_id))


def uploads_to_read() -> list[UploadToRead]:
    """Files of all offices that were sent and not read to the end: what a restarted server goes on with."""
    query = RosterUpload.select().where(RosterUpload.state == "reading").order_by(RosterUpload.id)
    return [to_read(upload) for upload in query]


def files_in_use() -> set[str]:
    """The names of the stored files that an upload of any office still needs."""
    return {name for (name,) in rows_of(RosterUpload.select(RosterUpload.stored_as)) if name is not None}


def to_read(upload: RosterUpload) -> UploadToRead:
    """What reading an upload needs; ages count on the office's date of sending: read again, it is the same."""
    as_of = clock.local(upload.uploaded_at, upload.office.time_zone).date()
    return UploadToRead(
        upload.id, upload.stored_as or "", upload.file_name, as_of, wishes_of(upload), upload.wishes
    )


def upload_of(who: Who, upload_id: int) -> RosterUpload:
    """The row of an upload, with its school. Raises Missing when it is not this person's to see."""
    found = uploads_of(who).where(RosterUpload.id == upload_id).first()
    if found is None or not who.may_see_school(found.school_id):
        raise Missing
    return found


def stored_rows(upload: RosterUpload) -> list[RosterRow]:
    """The rows of an upload as they were read, in the order of the file."""
    # thousands of rows on every review: converting each column would take most of the time
    found = db.execute_sql(
        "SELECT sheet, row_number, status, reasons, fixes, person, findings FROM roster_row "
        f"WHERE upload_id = {db.obj.param} ORDER BY id",
        (upload.id,),
    )
    return rows_of_texts(found.fetchall())


def uploads_of(who: Who) -> Any:
    """The selection of the uploads that a person may see, with their schools."""
    return RosterUpload.select(RosterUpload, School).join(School).where(mine(who, RosterUpload))


def card_of(row: RosterUpload) -> UploadCard:
    """An upload, selected with its school, as screens show it."""
    return cards_of([row])[0]


def cards_of(rows: Iterable[RosterUpload]) -> list[UploadCard]:
    """Uploads, selected with their schools, as screens show them."""
    found = list(rows)
    people = {row.uploaded_by_id for row in found} | {row.decided_by_id for row in found}
    names: dict[int | None, str] = dict(
        rows_of(Account.select(Account.id, Account.name).where(Account.id.in_(people - {None})))
    )
    return [_named(row, names) for row in found]


def _named(row: RosterUpload, names: dict[int | None, str]) -> UploadCard:
    return UploadCard(
        id=row.id,
        school_id=row.school_id,
        school_name=row.school.name,
        file_name=row.file_name,
        file_size=row.file_size,
        state=row.state,
        reasons=tuple(json.loads(row.reasons)),
        counts=json.loads(row.counts),
        notes=json.loads(row.notes),
        outcome=json.loads(row.outcome),
        sent_by=names.get(row.uploaded_by_id, ""),
        sent_at=row.uploaded_at,
        decided_by=names.get(row.decided_by_id, ""),
        decided_at=row.decided_at,
        is_kept=row.stored_as is not None,
        is_read_anew=row.wishes != row.wishes_read,
    )
