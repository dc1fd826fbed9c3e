"""Questions about one roster's review: what confirming it would change among the students as they are now."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from campaigns.queries import CampaignCard
from common.access import Who
from common.database import rows_of
from imports.matching import is_person_to_take_in
from imports.mending_queries import DecisionLine, MendLine, decision_lines, decisions_of, mends_of
from imports.models import RosterUpload, StillHere
from imports.plan import ImportPlan, make_plan
from imports.queries import UploadCard, card_of, cards_of, stored_rows, upload_of, uploads_of
from imports.review import (
    AgeCounts,
    Candidate,
    ReviewLine,
    Shown,
    ages_of,
    counts_of,
    line,
    lines_of,
)
from imports.roster import RosterRow
from imports.school_names import other_school_named
from schools import queries as schools
from schools.models import School
from schools.names import plain_name
from schools.students import KnownStudent

PAGE_SIZE = 100
RECORD_AGE = 16  # where no programme says otherwise; the settings of a new one begin with it


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """One page of what confirming a roster would do, filtered by kind.

    `same_file` was sent before with the very same content; `others` are further uploads of the school that wait or
    are being read. `compares` is False for a roster of the past: it says nothing of the students of today. `is_unlike`:
    hardly any student of the school is in the file. `schools` names the other schools of the lines, by id.
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
    mends: tuple[MendLine, ...]
    decisions: tuple[DecisionLine, ...]
    still_here: int
    named_school: str
    schools: dict[int, str]


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
        return card_of(upload)
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
    lines = tuple(
        line(item, names_sheet, who.is_coordinator)
        for item in found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    )
    others = _other_uploads(who, upload)
    same = (
        uploads_of(who)
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
        upload=card_of(upload),
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
        lines=lines,
        total=len(found),
        page=page,
        pages=pages,
        fingerprint=plan.fingerprint,
        same_file=card_of(same) if same else None,
        others=tuple(others),
        compares=compares,
        is_unlike=plan.is_unlike,
        mends=mends_of(upload),
        decisions=decision_lines(upload),
        named_school=_named_school(upload),
        still_here=StillHere.select().where(StillHere.upload == upload.id).count(),
        schools=names_of_schools(
            who,
            [each for shown in lines for each in shown.candidates],
            [shown.from_school for shown in lines],
        ),
    )


def is_compared(upload: RosterUpload) -> bool:
    """Whether the file can still be held against the students as they are: it waits, or is the last one confirmed and
    its rows are kept. By any other, whoever came since would seem to be missing."""
    if upload.state == "waiting":
        return True
    return upload.state == "confirmed" and upload.stored_as is not None and is_newest_confirmed(upload)


def is_newest_confirmed(upload: RosterUpload) -> bool:
    """Whether no other roster of the school was confirmed after this confirmed one."""
    newer = RosterUpload.select().where(
        RosterUpload.school == upload.school_id,
        RosterUpload.state == "confirmed",
        (RosterUpload.decided_at > upload.decided_at)
        | ((RosterUpload.decided_at == upload.decided_at) & (RosterUpload.id > upload.id)),
    )
    return not newer.exists()


def plan_of(who: Who, upload: RosterUpload, rows: list[RosterRow]) -> tuple[list[KnownStudent], ImportPlan]:
    """The students of the upload's school as they are now, and what the rows would change among them."""
    known = schools.known_students(who, upload.school_id)
    # a NIK is one student's in an office: who is known here is at no other school
    here = {student.facts.nik for student in known if student.facts.nik}
    strangers = [row for row in rows if row.nik not in here and is_person_to_take_in(row)]
    elsewhere = schools.known_elsewhere(who, upload.school_id, [row.nik for row in strangers if row.nik])
    # with a NIK that is somebody's there, the name need not be asked for
    names = {plain_name(row.name or "") for row in strangers if row.nik not in elsewhere}
    namesakes = schools.namesakes_elsewhere(who, upload.school_id, names)
    return known, make_plan(rows, known, elsewhere, decisions_of(upload), namesakes, upload.wishes_read)


def _named_school(upload: RosterUpload) -> str:
    """The school that a waiting file's titles name, where it is called otherwise here; '' where not."""
    if upload.state != "waiting":
        return ""
    return other_school_named(json.loads(upload.notes), upload.school.name)


def names_of_schools(
    who: Who, candidates: Iterable[Candidate], others: Iterable[int | None] = ()
) -> dict[int, str]:
    """The names of the other schools that known students are at, and of others, by id."""
    ids = {each.school_id for each in candidates if each.school_id} | {other for other in others if other}
    if not ids:
        return {}
    query = School.select(School.id, School.name).where(School.office == who.office_id, School.id.in_(ids))
    return dict(rows_of(query))


def _shown(kind: str, counts: dict[Shown, int]) -> Shown:
    """The kind asked for; without one the most urgent that has any lines."""
    if kind in Shown.__members__.values():
        return Shown(kind)
    order = (Shown.TO_FIX, Shown.CHANGED, Shown.NEW, Shown.MISSING, Shown.SAME)
    return next((shown for shown in order if counts[shown]), Shown.NEW)


def _other_uploads(who: Who, upload: RosterUpload) -> list[UploadCard]:
    query = (
        uploads_of(who)
        .where(
            RosterUpload.school == upload.school_id,
            RosterUpload.id != upload.id,
            RosterUpload.state.in_(("reading", "waiting")),
        )
        .order_by(RosterUpload.id)
    )
    return cards_of(query)
