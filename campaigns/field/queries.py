"""What the pages of a recording day show: the list with its marks, news of it, and what came of everyone."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from peewee import fn

from accounts.models import Account
from campaigns.attendance import DayState, View, views_of
from campaigns.field.closing import ClosingFault, closing_fault
from campaigns.field.count_queries import DayCount, day_counts
from campaigns.field.live import LOOK_BACK
from campaigns.mark_queries import mark_of
from campaigns.models import Booking, MarkRow, RecordingDay
from campaigns.places import class_order
from campaigns.queries import DayCard, DaysAsked, day
from campaigns.standing import absent_if_closed
from common import clock
from common.access import COORDINATOR, OFFICER, Missing, Who
from common.prepared import Prepared
from schools.models import School, Student

AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class SeenMark:
    """A mark that counts, as a device needs it to work out the same view and pace as the server: no officer."""

    id: int
    uuid: str
    student: int
    outcome: str
    reason: str
    lc: int
    supersedes: tuple[str, ...]
    device_time: str


@dataclass(frozen=True, slots=True)
class FieldStudent:
    """A student on the officer's list. `number` is None for one who was marked without having a place."""

    id: int
    number: int | None
    slot: str
    name: str
    class_name: str
    school_name: str
    outcome: str
    reason: str
    needs_look: bool


@dataclass(frozen=True, slots=True)
class FieldPage:
    """The officer's page of a day: no NIK, no birth date, no address. `last_mark` is where its news begins."""

    day: DayCard
    students: tuple[FieldStudent, ...]
    marks: tuple[SeenMark, ...]
    last_mark: int

    @property
    def done(self) -> int:
        """Students with an outcome."""
        return sum(1 for student in self.students if student.outcome)

    @property
    def left(self) -> int:
        """Students without one."""
        return len(self.students) - self.done


@dataclass(frozen=True, slots=True)
class DayNews:
    """Marks of a day since the last look, its state, and the date it has now: it may have moved."""

    marks: tuple[SeenMark, ...]
    state: str
    last_mark: int
    date: date


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """What came of the students of one class and sex. `open` are those without a mark while the day is not closed."""

    class_name: str
    sex: str
    planned: int
    outcomes: dict[str, int]
    open: int


@dataclass(frozen=True, slots=True)
class SummaryPage:
    """What came of a day, by class and sex and in all; marks without a place are not in `planned`.

    `closing_fault` is why it cannot be closed today, if so; `unmarked` are those called of whom nothing is known.
    """

    day: DayCard
    rows: tuple[SummaryRow, ...]
    total: SummaryRow
    closed_by: str
    late_marks: int
    needs_look: int
    closing_fault: ClosingFault | None
    unmarked: tuple[FieldStudent, ...]


@dataclass(frozen=True, slots=True)
class OfficerDay:
    """A day on a first page, with how far it is."""

    day: DayCard
    count: DayCount


def field_page(who: Who, day_id: int) -> FieldPage:
    """The list of a day with the marks that count. Raises Missing."""
    card = _held_day(who, day_id)
    rows, views = _marks_of(day_id)
    called = _called(day_id)
    numbers = {student.id for student, _ in called}
    uncalled = [
        student_id for (student_id, _), view in views.items() if view.outcome and student_id not in numbers
    ]
    extra = _students(who, uncalled)
    is_shared = len({student.school_id for student, _ in called}) > 1
    listed = [(student, booking, is_shared) for student, booking in called]
    listed += [(student, None, is_shared or student.school_id != card.school_id) for student in extra]
    students = [
        _field_student(student, booking, views.get((student.id, day_id)), names_school)
        for student, booking, names_school in listed
    ]
    return FieldPage(
        day=card,
        students=tuple(students),
        marks=tuple(_seen(row) for row in rows),
        last_mark=_last_mark(who),
    )


def field_student(who: Who, day_id: int, student_id: int) -> tuple[DayCard, FieldStudent]:
    """One student of the list, with the day. Raises Missing."""
    page = field_page(who, day_id)
    for student in page.students:
        if student.id == student_id:
            return page.day, student
    raise Missing


def day_news(who: Who, day_id: int, after: int, look_back: bool) -> DayNews:
    """The marks of a day with a number above `after` (or from some way before it). Raises Missing.

    Missing too when the account was disabled meanwhile: a page that stays open must not go on showing.
    """
    found = (
        RecordingDay.select(RecordingDay.state, RecordingDay.date)
        .join(Account, on=((Account.office == RecordingDay.office) & (Account.id == who.account_id)))
        .where(
            RecordingDay.id == day_id,
            RecordingDay.office == who.office_id,
            Account.disabled_at.is_null(),
        )
        .first()
    )
    if found is None:
        raise Missing
    since = max(0, after - LOOK_BACK) if look_back else after
    rows = (
        MarkRow.select()
        .where(MarkRow.day == day_id, MarkRow.id > since, MarkRow.quarantine == "")
        .order_by(MarkRow.id)
    )
    marks = tuple(_seen(row) for row in rows)
    return DayNews(marks, found.state, max([after, *(mark.id for mark in marks)]), found.date)


def summary_page(who: Who, day_id: int) -> SummaryPage:
    """What came of the day's students by class and sex. Raises Missing."""
    card = _held_day(who, day_id)
    rows, views = _marks_of(day_id)
    is_closed = card.state == "closed"
    planned: Counter[tuple[str, str]] = Counter()
    still_open: Counter[tuple[str, str]] = Counter()
    outcomes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    unmarked = []
    for student, booking in _called(day_id):
        key = (student.class_name, student.sex)
        view = views.get((student.id, day_id))
        outcome = absent_if_closed(view.outcome if view else None, is_closed)
        planned[key] += 1
        if view is None or view.outcome is None:
            unmarked.append(_field_student(student, booking, view, False))
        if outcome is None:
            still_open[key] += 1
        else:
            outcomes[key][outcome.value] += 1
    keys = sorted(planned, key=lambda key: (class_order(key[0]), key))
    total = sum((outcomes[key] for key in keys), Counter[str]())
    closer = RecordingDay.get_by_id(day_id).closed_by
    late = [row for row in rows if card.closed_at is not None and row.received_at > card.closed_at]
    return SummaryPage(
        day=card,
        rows=tuple(
            SummaryRow(name, sex, planned[name, sex], dict(outcomes[name, sex]), still_open[name, sex])
            for name, sex in keys
        ),
        total=SummaryRow("", "", planned.total(), dict(total), still_open.total()),
        closed_by=closer.name if closer else "",
        late_marks=len(late),
        needs_look=sum(1 for view in views.values() if view.needs_look),
        closing_fault=closing_fault(DayState(card.state), card.date, clock.today(who.time_zone)),
        unmarked=tuple(unmarked),
    )


def days_of_officer(who: Who, today: date) -> list[OfficerDay]:
    """The office's days today and in the next 14 days, soonest first, and earlier ones left open."""
    cards = _AT_HAND.cards(who, today=today, until=today + AHEAD)
    counts = day_counts(who, [card.id for card in cards])
    return [OfficerDay(card, counts[card.id]) for card in cards]


_AT_HAND = DaysAsked(
    lambda days, given: days.where(
        (RecordingDay.date.between(given("today"), given("until")))
        | ((RecordingDay.state == "open") & (RecordingDay.date < given("today")))
    ).order_by(RecordingDay.date, School.name, RecordingDay.id)
)


def _held_day(who: Who, day_id: int) -> DayCard:
    if who.role not in (COORDINATOR, OFFICER):
        raise Missing
    card = day(who, day_id)
    if card.state == "draft":
        raise Missing
    return card


def _marks_of(day_id: int) -> tuple[list[MarkRow], dict[tuple[int, int], View]]:
    rows = list(MarkRow.select().where(MarkRow.day == day_id, MarkRow.quarantine == "").order_by(MarkRow.id))
    return rows, views_of(mark_of(row) for row in rows)


def _called(day_id: int) -> list[tuple[Any, Any]]:
    bookings = (
        Booking.select(Booking, Student, School)
        .join(Student)
        .join(School)
        .where(Booking.day == day_id)
        .order_by(Booking.queue_number)
    )
    return [(booking.student, booking) for booking in bookings]


def _students(who: Who, ids: Iterable[int]) -> list[Any]:
    wanted = sorted(set(ids))
    if not wanted:
        return []
    found = Student.select(Student, School).join(School)
    return list(found.where(Student.id.in_(wanted), Student.office == who.office_id).order_by(Student.name))


def _field_student(student: Any, booking: Any, view: View | None, names_school: bool) -> FieldStudent:
    outcome = view.outcome if view else None
    return FieldStudent(
        id=student.id,
        number=booking.queue_number if booking else None,
        slot=booking.slot if booking else "",
        name=student.name,
        class_name=student.class_name,
        school_name=student.school.name if names_school else "",
        outcome=outcome.value if outcome else "",
        reason=(view.reason or "") if view else "",
        needs_look=view.needs_look if view else False,
    )


def _last_mark(who: Who) -> int:
    # of the office, not of the day: what is committed while the page is made has a higher number
    ((last,),) = _LAST_MARK.rows(office=who.office_id)
    return last or 0


_LAST_MARK = Prepared(
    lambda given: MarkRow.select(fn.MAX(MarkRow.id)).where(MarkRow.office == given("office"))
)


def _seen(row: MarkRow) -> SeenMark:
    assert row.student_id is not None
    return SeenMark(
        row.id,
        row.uuid,
        row.student_id,
        row.outcome,
        row.reason,
        row.lc,
        tuple(json.loads(row.supersedes)),
        row.device_time,
    )
