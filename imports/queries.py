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
from campaigns.queries import CampaignCard
from common import clock
from common.access import SCHOOL_ADMIN, Missing, Who
from common.database import db, rows_of
from imports.fix_queries import SchoolCount, mine, open_items
from imports.models import RosterUpload
from imports.plan import ImportPlan, make_plan
from imports.review import (
    AgeCounts,
    ReviewLine,
    Shown,
    ages_of,
    counts_of,
    line,
    lines_of,
)
from imports.roster import RosterRow
from imports.school_list import DistrictName, SchoolRow
from imports.school_plan import KnownSchool, SchoolPlan, plan_schools
from imports.stored import rows_of_texts
from schools import queries as schools
from schools.models import School, Student
from schools.students import KnownStudent

PAGE_SIZE = 100
LAST_UPLOADS = 10
RECORD_AGE = 16  # where no programme says otherwise; the settings of a new one begin with it


@dataclass(frozen=True, slots=True)
class UploadCard:
    """A roster as it was sent and how far it has come; `counts`, `reasons`, `outcome` are empty until known."""

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


@dataclass(frozen=True, slots=True)
class RostersPage:
    """A school's student data: what was sent before, newest first, and what is known now."""

    school: schools.SchoolCard
    uploads: tuple[UploadCard, ...]
    students: int
    open_fixes: int


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """One page of what confirming a roster would do, filtered by kind.

    `same_file` was sent before with the very same content; `others` are further uploads of the school that wait or
    are being read. `compares` is False for a roster of the past: it says nothing of the students of today. `is_unlike`:
    hardly any student of the school is in the file.
    """

    upload: UploadCard
    counts: dict[str, int]
    ages: AgeCounts
    kind: str
    search: str
    lines: tuple[ReviewLine, ...]
    total: int
    page: int
    pages: int
    fingerprint: str
    same_file: UploadCard | None
    others: tuple[UploadCard, ...]
    compares: bool
    is_unlike: bool


@dataclass(frozen=True, slots=True)
class UploadToRead:
    """A stored file that is to be read: what the reading needs to know."""

    id: int
    stored_as: str
    file_name: str
    as_of: date


def rosters_page(who: Who, school_id: int) -> RostersPage:
    """The student data of a school. Raises Missing when it is not this person's to see."""
    school = schools.school(who, school_id)
    if not who.may_see_school(school_id):
        raise Missing
    uploads = _uploads(who).where(RosterUpload.school == school_id).order_by(RosterUpload.id.desc())
    students = Student.select().where(Student.school == school_id, Student.status == "active").count()
    return RostersPage(
        school,
        tuple(_cards(uploads.limit(LAST_UPLOADS))),
        students,
        open_items(who, school_id).count(),
    )


def roster(who: Who, upload_id: int) -> UploadCard:
    """One upload. Raises Missing when it is not this person's to see."""
    return _card(upload_of(who, upload_id))


def roster_page(
    who: Who,
    upload_id: int,
    today: date,
    campaign: CampaignCard | None,
    kind: str = "",
    search: str = "",
    page: int = 1,
) -> UploadCard | ReviewPage:
    """The review of a roster that waits or was confirmed; of any other the upload itself. Raises Missing."""
    upload = upload_of(who, upload_id)
    if upload.state not in ("waiting", "confirmed"):
        return _card(upload)
    return _review(who, upload, today, campaign, kind, search, page)


def roster_review(
    who: Who,
    upload_id: int,
    today: date,
    campaign: CampaignCard | None,
    kind: str = "",
    search: str = "",
    page: int = 1,
) -> ReviewPage:
    """What confirming the roster would do, as things stand now. Raises Missing."""
    return _review(who, upload_of(who, upload_id), today, campaign, kind, search, page)


def _review(
    who: Who,
    upload: RosterUpload,
    today: date,
    campaign: CampaignCard | None,
    kind: str,
    search: str,
    page: int,
) -> ReviewPage:
    compares = is_compared(upload)
    rows = stored_rows(upload) if compares else []
    known, plan = plan_of(who, upload, rows) if compares else ([], make_plan([], [], {}))
    counts = counts_of(plan, rows, known)
    shown = _shown(kind, counts)
    found = lines_of(plan, rows, known, shown, search)
    pages = max(1, -(-len(found) // PAGE_SIZE))
    page = min(max(page, 1), pages)
    names_sheet = json.loads(upload.notes).get("lists", 1) > 1
    others = _other_uploads(who, upload)
    same = (
        _uploads(who)
        .where(
            RosterUpload.school == upload.school_id,
            RosterUpload.sha256 == upload.sha256,
            RosterUpload.id < upload.id,
            RosterUpload.state == "confirmed",
        )
        .order_by(RosterUpload.id.desc())
        .first()
    )
    return ReviewPage(
        upload=_card(upload),
        counts={kind.value: count for kind, count in counts.items()},
        ages=ages_of(
            [match.after for match in plan.people],
            today,
            campaign.record_age if campaign else RECORD_AGE,
            campaign.to_date if campaign else None,
            campaign.voting_day if campaign else None,
        ),
        kind=shown.value,
        search=search,
        lines=tuple(line(item, names_sheet) for item in found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]),
        total=len(found),
        page=page,
        pages=pages,
        fingerprint=plan.fingerprint,
        same_file=_card(same) if same else None,
        others=tuple(others),
        compares=compares,
        is_unlike=plan.is_unlike,
    )


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
    """What reading an upload needs; ages count on the day it was sent, so that reading again says the same."""
    as_of = clock.local(upload.uploaded_at).date()
    return UploadToRead(upload.id, upload.stored_as or "", upload.file_name, as_of)


def upload_of(who: Who, upload_id: int) -> RosterUpload:
    """The row of an upload, with its school. Raises Missing when it is not this person's to see."""
    found = _uploads(who).where(RosterUpload.id == upload_id).first()
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


def is_compared(upload: RosterUpload) -> bool:
    """Whether the file can still be held against the students as they are: it waits, or is the last one confirmed and
    its rows are kept. By any other, whoever came since would seem to be missing."""
    if upload.state == "waiting":
        return True
    newer = RosterUpload.select().where(
        RosterUpload.school == upload.school_id,
        RosterUpload.state == "confirmed",
        (RosterUpload.decided_at > upload.decided_at)
        | ((RosterUpload.decided_at == upload.decided_at) & (RosterUpload.id > upload.id)),
    )
    return upload.state == "confirmed" and upload.stored_as is not None and not newer.exists()


def plan_of(who: Who, upload: RosterUpload, rows: list[RosterRow]) -> tuple[list[KnownStudent], ImportPlan]:
    """The students of the upload's school as they are now, and what the rows would change among them."""
    known = schools.known_students(who, upload.school_id)
    # a NIK is one student's in an office: who is known here is at no other school
    here = {student.facts.nik for student in known}
    niks = [row.nik for row in rows if row.nik and row.nik not in here]
    return known, make_plan(rows, known, schools.known_elsewhere(who, upload.school_id, niks))


def _shown(kind: str, counts: dict[Shown, int]) -> Shown:
    """The kind asked for; without one the most urgent that has any lines."""
    if kind in Shown.__members__.values():
        return Shown(kind)
    order = (Shown.TO_FIX, Shown.CHANGED, Shown.NEW, Shown.MISSING, Shown.SAME)
    return next((shown for shown in order if counts[shown]), Shown.NEW)


def _uploads(who: Who) -> Any:
    return RosterUpload.select(RosterUpload, School).join(School).where(mine(who, RosterUpload))


def _other_uploads(who: Who, upload: RosterUpload) -> list[UploadCard]:
    query = (
        _uploads(who)
        .where(
            RosterUpload.school == upload.school_id,
            RosterUpload.id != upload.id,
            RosterUpload.state.in_(("reading", "waiting")),
        )
        .order_by(RosterUpload.id)
    )
    return _cards(query)


def _card(row: RosterUpload) -> UploadCard:
    return _cards([row])[0]


def _cards(rows: Iterable[RosterUpload]) -> list[UploadCard]:
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
    )
