"""The lists of students due a retake: no date yet, missed twice, refused, failed; by reason, school and district."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from peewee import fn

from campaigns.attendance import Outcome
from campaigns.field.retake_lists import MISSED_TWICE, OUTCOMES_ON, RetakeList, is_by_reason, is_on, kinds_of
from campaigns.field.retake_queries import EXPECTED, due_groups, due_standings, expected_students
from campaigns.field.waiting import LONG_FROM
from campaigns.models import Booking, RecordingDay, StandingRow
from campaigns.queries import campaign
from common import clock
from common.access import Missing, Who
from common.database import rows_of
from common.ordering import Leaf, Order, leaf_of
from common.prepared import Prepared
from schools.models import District, School, Student

PAGE_SIZE = 100
# the columns by which a list can be sorted; the first, which has no heading, is the list's own order
_BY_CLASS = (School.name, Student.class_name, Student.name_key)
LINE_COLUMNS: Mapping[str, tuple[Any, ...]] = {
    "missed": (StandingRow.attempts * -1, *_BY_CLASS),
    "name": (Student.name_key,),
    "class": (Student.class_name, Student.name_key),
    "school": _BY_CLASS,
    "outcome": (StandingRow.outcome, StandingRow.reason, *_BY_CLASS),
    "attempts": (StandingRow.attempts, *_BY_CLASS),
    "last": (RecordingDay.date, *_BY_CLASS),
}


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a list is narrowed to: a kind (an outcome or a reason), a district, a school; nothing where empty."""

    kind: str = ""
    district: int | None = None
    school: int | None = None


@dataclass(frozen=True, slots=True)
class DueLine:
    """A student due a retake: what came of the last day, how many days came to nothing, and the date there is."""

    id: int
    name: str
    class_name: str
    school_id: int
    school_name: str
    outcome: str
    reason: str
    attempts: int
    last_date: date
    next_date: date | None = None
    next_day_id: int | None = None


@dataclass(frozen=True, slots=True)
class ListCounts:
    """How many students are on each list, and how many recordings wait to be sent."""

    lists: dict[str, int]
    waiting: int


@dataclass(frozen=True, slots=True)
class RetakeListPage:
    """One list: how many of each kind, the schools and districts to choose from, and a page of names."""

    which: RetakeList
    chosen: Narrowed
    counts: ListCounts
    kinds: tuple[tuple[str, int], ...]
    by_reason: bool
    districts: tuple[tuple[int, str], ...]
    schools: tuple[tuple[int, str], ...]
    rows: tuple[DueLine, ...]
    leaf: Leaf
    without_a_date: int = field(default=0)


def list_counts(who: Who, campaign_id: int) -> ListCounts:
    """How many students each list holds. Raises Missing for who is no coordinator."""
    if not who.is_coordinator:
        raise Missing
    campaign(who, campaign_id)
    groups = due_groups(who, campaign_id)
    counts = {
        which.value: sum(
            group.students
            for group in groups
            if is_on(which, Outcome(group.outcome), group.attempts, group.has_a_date)
        )
        for which in RetakeList
    }
    return ListCounts(counts, _count_waiting(who, campaign_id, date.max))


def retake_list(
    who: Who, campaign_id: int, which: RetakeList, chosen: Narrowed, order: Order, page: int = 1
) -> RetakeListPage:
    """A page of one list in that order; its own puts those who missed most often first.

    Raises Missing for who is no coordinator.
    """
    counts = list_counts(who, campaign_id)
    every = _on_list(who, campaign_id, which)
    schools = rows_of(
        every.select(School.id, School.name, District.id, District.name).distinct().order_by(School.name)
    )
    if chosen.school is not None and chosen.school not in {row[0] for row in schools}:
        schools += _school(
            who, chosen.school
        )  # whose last student was just given a day: the list still says so
    placed = _narrowed(every, chosen)
    divided = StandingRow.reason if is_by_reason(which) else StandingRow.outcome
    by_kind = Counter(dict(rows_of(placed.select(divided, fn.COUNT(StandingRow.id)).group_by(divided))))
    if chosen.kind in kinds_of(which):
        placed = placed.where(divided == chosen.kind)
    leaf = leaf_of(page, placed.select(fn.COUNT(StandingRow.id)).scalar(), PAGE_SIZE)
    columns = (*LINE_COLUMNS[order.by], Student.id)
    query = (
        placed.select(
            Student.id,
            Student.name,
            Student.class_name,
            School.id,
            School.name,
            StandingRow.outcome,
            StandingRow.reason,
            StandingRow.attempts,
            RecordingDay.date,
        )
        .order_by(*(column.desc() if order.is_turned else column.asc() for column in columns))
        .paginate(leaf.number, PAGE_SIZE)
    )
    found = rows_of(query)
    ahead = _next_days(who, campaign_id, [row[0] for row in found])
    waits = placed.where(StandingRow.student.not_in(expected_students(who, campaign_id)))
    return RetakeListPage(
        which=which,
        chosen=chosen,
        counts=counts,
        kinds=tuple((kind, by_kind[kind]) for kind in kinds_of(which)),
        by_reason=is_by_reason(which),
        districts=tuple(sorted({(row[2], row[3]) for row in schools}, key=lambda one: one[1])),
        schools=tuple((row[0], row[1]) for row in schools if chosen.district in (None, row[2])),
        rows=tuple(DueLine(*row, *ahead.get(row[0], (None, None))) for row in found),
        leaf=leaf,
        without_a_date=waits.select(fn.COUNT(StandingRow.id)).scalar(),
    )


def waiting_standings(who: Who, campaign_id: int) -> Any:
    """The selection of standings recorded offline and waiting to be sent, of students who are still there."""
    return _waiting_standings(who.office_id, campaign_id)


def _waiting_standings(office: Any, campaign_id: Any) -> Any:
    return (
        StandingRow.select()
        .join(Student)
        .join(School)
        .join(District)
        .switch(StandingRow)
        .join(RecordingDay, on=(StandingRow.last_day == RecordingDay.id))
        .where(
            StandingRow.campaign == campaign_id,
            StandingRow.outcome == Outcome.WAITING.value,
            Student.office == office,
            Student.status == "active",
        )
    )


def waiting_long(who: Who, campaign_id: int, today: date) -> int:
    """How many recordings have waited to be sent for so long that somebody should ask after them."""
    return _count_waiting(who, campaign_id, today - timedelta(days=LONG_FROM))


def _count_waiting(who: Who, campaign_id: int, until: date) -> int:
    ((students,),) = _WAITING.rows(office=who.office_id, campaign=campaign_id, until=until)
    return int(students)


_WAITING = Prepared(
    lambda given: (
        _waiting_standings(given("office"), given("campaign"))
        .where(RecordingDay.date <= given("until"))
        .select(fn.COUNT(StandingRow.id))
    )
)


def _on_list(who: Who, campaign_id: int, which: RetakeList) -> Any:
    condition: Any = StandingRow.outcome.in_([outcome.value for outcome in OUTCOMES_ON[which]])
    if which is RetakeList.NO_DATE:
        condition &= StandingRow.student.not_in(expected_students(who, campaign_id))
    if which is RetakeList.TWICE:
        condition &= StandingRow.attempts >= MISSED_TWICE
    return due_standings(who, campaign_id, condition)


def _school(who: Who, school_id: int) -> list[tuple[Any, ...]]:
    query = School.select(School.id, School.name, District.id, District.name).join(District)
    return rows_of(query.where(School.id == school_id, School.office == who.office_id))


def _narrowed(query: Any, chosen: Narrowed) -> Any:
    if chosen.district is not None:
        query = query.where(School.district == chosen.district)
    if chosen.school is not None:
        query = query.where(Student.school == chosen.school)
    return query


def _next_days(who: Who, campaign_id: int, students: Iterable[int]) -> dict[int, tuple[date, int]]:
    """Student -> the first day ahead on which he or she has a place."""
    rows = (
        Booking.select(Booking.student, RecordingDay.date, RecordingDay.id)
        .join(RecordingDay)
        .where(
            RecordingDay.campaign == campaign_id,
            RecordingDay.office == who.office_id,
            RecordingDay.state.in_(EXPECTED),
            RecordingDay.date > clock.today(who.time_zone),
            Booking.student.in_(list(students)),
        )
        .order_by(RecordingDay.date.desc(), RecordingDay.id.desc())
    )
    return {student: (on, day_id) for student, on, day_id in rows_of(rows)}
