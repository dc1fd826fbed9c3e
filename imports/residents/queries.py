"""Questions about the office's own lists: which were sent, what one says of the students, what is still open."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from accounts.models import Account
from campaigns.attendance import Outcome
from campaigns.eligibility import CampaignFacts, Eligible, StudentFacts, eligibility_of
from campaigns.models import Campaign, StandingRow
from campaigns.queries import CampaignCard
from common.access import Missing, Who
from common.database import db, rows_of
from imports.residents.lines import ListLine, Shown, StudentShown, counts_of, items_of, line
from imports.residents.listing import Resident
from imports.residents.models import ListedNik, ResidentDecision, ResidentList, ResidentStatement
from imports.residents.plan import Decision, ListPlan, OurStudent, Pair, make_plan
from schools.models import School, Student
from schools.names import plain_name
from schools.nik import masked

PAGE_SIZE = 100
LAST_LISTS = 50
RECORDED_HERE = (Outcome.RECORDED.value, Outcome.WAITING.value)


@dataclass(frozen=True, slots=True)
class ListCard:
    """A list as it was sent and how far it has come; `outcome` are the counts of when it was confirmed."""

    id: int
    file_name: str
    kind: str
    state: str
    reasons: tuple[str, ...]
    outcome: dict[str, int]
    sent_by: str
    sent_at: datetime
    decided_by: str
    decided_at: datetime | None
    undone_by: str
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class ListsPage:
    """Every list of the office, newest first, and whether there are students to compare with."""

    lists: tuple[ListCard, ...]
    has_students: bool


@dataclass(frozen=True, slots=True)
class ListReview:
    """One page of what a list says of the students. `total` are the lines of the kind that match the search.

    `counts` are by kind; the further numbers describe the whole list. `stated`: rows that say recorded, not yet,
    nothing. `leaving_target`: of those who would be marked, how many the programme in view counts in its target now.
    """

    card: ListCard
    counts: dict[str, int]
    persons: int
    by_nik: int
    by_name: int
    open: int
    open_people: int
    undecided: int
    plainly_same: int
    put_back: int
    repeated: int
    stated: tuple[int, int, int]
    leaving_target: int
    schools: tuple[tuple[str, int], ...]
    kind: str
    search: str
    lines: tuple[ListLine, ...]
    total: int
    page: int
    pages: int
    fingerprint: str
    names_sheet: bool
    same_file: ListCard | None


@dataclass(frozen=True, slots=True)
class ListToRead:
    """A stored file that is to be read: what the reading needs to know."""

    id: int
    stored_as: str
    as_of: date


def lists_page(who: Who) -> ListsPage:
    """The lists that were loaded before. Raises Missing for anybody but a coordinator."""
    _only_coordinators(who)
    found = ResidentList.select().where(ResidentList.office == who.office_id)
    has_students = Student.select().where(Student.office == who.office_id).exists()
    return ListsPage(tuple(_cards(found.order_by(ResidentList.id.desc()).limit(LAST_LISTS))), has_students)


def list_card(who: Who, list_id: int) -> ListCard:
    """One list. Raises Missing when it is not this person's to see."""
    return _cards([list_of(who, list_id)])[0]


def list_page(
    who: Who, list_id: int, campaign: CampaignCard | None, kind: str = "", search: str = "", page: int = 1
) -> ListCard | ListReview:
    """The review of a list that waits or was confirmed; of any other the list itself. Raises Missing."""
    found = list_of(who, list_id)
    if found.state not in ("waiting", "confirmed"):
        return _cards([found])[0]
    return _review(who, found, campaign, kind, search, page)


def list_review(who: Who, list_id: int) -> ListReview:
    """What a list that waits or was confirmed says of the students, its first page. Raises Missing."""
    return _review(who, list_of(who, list_id), None, "", "", 1)


def _review(
    who: Who, found: ResidentList, campaign: CampaignCard | None, kind: str, search: str, page: int
) -> ListReview:
    residents, plan = plan_of(who, found)
    waits = found.state == "waiting"
    counts = counts_of(plan)
    if not waits:
        counts = {Shown.LIKELY: len(plan.open), Shown.CONTRADICTING: len(plan.undecided)}
        counts[Shown.MARKED] = _marked(found).count()
    shown = _shown(kind, counts)
    school_names = dict(rows_of(School.select(School.id, School.name).where(School.office == who.office_id)))
    lines: list[ListLine]
    if shown is Shown.MARKED:
        wanted = _marked(found, search)
        total = wanted.count()
        page, pages = _page_of(page, total)
        order = wanted.order_by(Student.school, Student.class_name, Student.name_key, Student.id)
        lines = [_marked_line(row, school_names) for row in order.paginate(page, PAGE_SIZE)]
    else:
        items = [item for item in items_of(plan, shown, search) if waits or _is_open(item)]
        total = len(items)
        page, pages = _page_of(page, total)
        lines = [line(item, school_names) for item in items[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]]
    same = ResidentList.select().where(
        ResidentList.office == who.office_id,
        ResidentList.sha256 == found.sha256,
        ResidentList.id < found.id,
        ResidentList.state == "confirmed",
    )
    same_file = same.order_by(ResidentList.id.desc()).first() if waits else None
    return ListReview(
        card=_cards([found])[0],
        counts={each.value: count for each, count in counts.items()},
        persons=len(residents),
        by_nik=sum(pair.niks is None for pair in plan.sure),
        by_name=sum(pair.niks is not None for pair in plan.sure),
        open=len(plan.open),
        open_people=plan.open_people,
        undecided=len(plan.undecided),
        plainly_same=len(plan.plainly_same),
        put_back=len(plan.put_back),
        repeated=plan.repeated,
        stated=plan.stated,
        leaving_target=sum(_is_in_target(pair.student, campaign) for pair in plan.leaving),
        schools=_by_school(plan.unrecorded + plan.contradicting, school_names),
        kind=shown.value,
        search=search,
        lines=tuple(lines),
        total=total,
        page=page,
        pages=pages,
        fingerprint=plan.fingerprint,
        names_sheet=len({resident.sheet for resident in residents}) > 1,
        same_file=_cards([same_file])[0] if same_file else None,
    )


def plan_of(who: Who, found: ResidentList) -> tuple[list[Resident], ListPlan]:
    """The people of a list that are still kept, and what it says of the office's students as they are now."""
    residents = residents_of(found)
    decided = ResidentDecision.select().where(ResidentDecision.list == found.id)
    decisions = {(row.row_id, row.student_id): Decision(row.is_same, row.puts_back) for row in decided}
    return residents, make_plan(
        residents, our_students(who.office_id) if residents else [], found.kind == "recorded", decisions
    )


def compare_ahead(asked: ListToRead, residents: Sequence[Resident]) -> None:
    """Compare the people of a list with the students before anybody waits for it: the review finds it done."""
    found = ResidentList.get_or_none(ResidentList.id == asked.id)
    if found is not None and residents:
        people = [resident._replace(id=place) for place, resident in enumerate(residents)]
        make_plan(people, our_students(found.office_id), found.kind == "recorded", {})


def residents_of(found: ResidentList) -> list[Resident]:
    """The people of a list that are still kept, in the order of the file."""
    # up to 50,000 rows on every review: made by the model they would take most of its time
    rows = db.execute_sql(
        "SELECT id, sheet, row_number, name, birth_date, nik, nik_shown, sex, address, district, is_recorded "
        f"FROM resident_row WHERE list_id = {db.obj.param} ORDER BY id",
        (found.id,),
    )
    return [Resident._make((*row[:4], _as_date(row[4]), *row[5:10], _as_truth(row[10]))) for row in rows]


def our_students(office_id: int) -> list[OurStudent]:
    """Every student the office knows, whatever the status, in the order they came in."""
    rows = db.execute_sql(
        "SELECT id, school_id, status, nik, name, birth_date, class_name, sex, recorded_before "
        f"FROM student WHERE office_id = {db.obj.param} ORDER BY id",
        (office_id,),
    )
    here = recorded_here(office_id)
    students = []
    for row in rows:
        students.append(
            OurStudent._make((*row[:5], _as_date(row[5]), *row[6:8], bool(row[8]), row[0] in here))
        )
    return students


def recorded_here(office_id: int) -> set[int]:
    """Students whom a team of the office recorded in a programme that is not closed: no list makes these "recorded
    before", for they would leave the programme's own count."""
    query = (
        StandingRow.select(StandingRow.student)
        .join(Campaign)
        .where(
            Campaign.office == office_id, Campaign.closed_at.is_null(), StandingRow.outcome.in_(RECORDED_HERE)
        )
    )
    return {student_id for (student_id,) in rows_of(query)}


def list_of(who: Who, list_id: int) -> ResidentList:
    """The row of a list. Raises Missing when it is not this person's to see."""
    _only_coordinators(who)
    found = ResidentList.get_or_none(ResidentList.id == list_id, ResidentList.office == who.office_id)
    if found is None:
        raise Missing
    return found


def list_to_read(who: Who, list_id: int) -> ListToRead:
    """What reading one list needs. Raises Missing."""
    return to_read(list_of(who, list_id))


def lists_to_read() -> list[ListToRead]:
    """Files of all offices that were sent and not read to the end: what a restarted server goes on with."""
    query = ResidentList.select().where(ResidentList.state == "reading").order_by(ResidentList.id)
    return [to_read(found) for found in query]


def to_read(found: ResidentList) -> ListToRead:
    """What reading a list needs; the years in NIKs are read as on the day it was sent."""
    return ListToRead(found.id, found.stored_as or "", found.as_of)


def lists_with_niks(office_id: int) -> list[ResidentList]:
    """Confirmed lists of which hashes of NIKs are kept, oldest first."""
    kept = ListedNik.select(ListedNik.list).distinct()
    return list(
        ResidentList.select()
        .where(ResidentList.office == office_id, ResidentList.state == "confirmed", ResidentList.id.in_(kept))
        .order_by(ResidentList.decided_at, ResidentList.id)
    )


def _only_coordinators(who: Who) -> None:
    if not who.is_coordinator:
        raise Missing


def _shown(kind: str, counts: dict[Shown, int]) -> Shown:
    """The kind asked for where the list has it; without one the first that has any lines."""
    if kind in Shown.__members__.values() and Shown(kind) in counts:
        return Shown(kind)
    return next((shown for shown in Shown if counts.get(shown)), Shown.LIKELY)


def _page_of(page: int, total: int) -> tuple[int, int]:
    pages = max(1, -(-total // PAGE_SIZE))
    return min(max(page, 1), pages), pages


def _is_open(item: Pair | Resident) -> bool:
    return isinstance(item, Pair) and item.decision.is_same is not False and item.decision.puts_back is None


def _is_in_target(student: OurStudent, campaign: CampaignCard | None) -> bool:
    if campaign is None:
        return student.status == "active"
    facts = StudentFacts(student.birth_date, student.status == "active", student.recorded_before)
    return isinstance(eligibility_of(facts, CampaignFacts(campaign.to_date, campaign.record_age)), Eligible)


def _by_school(pairs: Iterable[Pair], names: dict[int, str]) -> tuple[tuple[str, int], ...]:
    counts: dict[str, int] = {}
    for pair in pairs:
        name = names.get(pair.student.school_id, "")
        counts[name] = counts.get(name, 0) + 1
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _marked(found: ResidentList, search: str = "") -> Any:
    """The students of whom a confirmed list said something that still stands."""
    query = (
        ResidentStatement.select(ResidentStatement, Student)
        .join(Student)
        .where(ResidentStatement.list == found.id, ResidentStatement.undone_at.is_null())
    )
    return query.where(Student.name_key.contains(plain_name(search))) if search else query


def _marked_line(row: ResidentStatement, schools: dict[int, str]) -> ListLine:
    student = row.student
    shown = StudentShown(
        student.id,
        student.name,
        student.birth_date,
        masked(student.nik) if student.nik else "",
        student.sex,
        student.class_name,
        schools.get(student.school_id, ""),
        student.status,
        student.recorded_before,
    )
    return ListLine(None, shown, row.is_recorded, "", "", row.matched_by, False)


def _cards(rows: Iterable[ResidentList]) -> list[ListCard]:
    found = list(rows)
    people = {
        person
        for row in found
        for person in (row.uploaded_by_id, row.decided_by_id, row.undone_by_id)
        if person
    }
    names: dict[int | None, str] = dict(
        rows_of(Account.select(Account.id, Account.name).where(Account.id.in_(people)))
    )
    return [
        ListCard(
            id=row.id,
            file_name=row.file_name,
            kind=row.kind,
            state=row.state,
            reasons=tuple(json.loads(row.reasons)),
            outcome=json.loads(row.outcome),
            sent_by=names.get(row.uploaded_by_id, ""),
            sent_at=row.uploaded_at,
            decided_by=names.get(row.decided_by_id, ""),
            decided_at=row.decided_at,
            undone_by=names.get(row.undone_by_id, ""),
            undone_at=row.undone_at,
        )
        for row in found
    ]


def _as_date(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _as_truth(value: bool | int | None) -> bool | None:
    return None if value is None else bool(value)
