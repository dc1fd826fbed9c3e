"""Taking marks that devices sent: all are stored and acknowledged, then judged; standings and counts follow.

The path that a day without signal comes through in the evening, from all kits at once; its queries are prepared
(see bench/marks.py).
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from accounts.actions import note_change
from accounts.models import Account, Audit
from campaigns.actions import refresh_standings_in
from campaigns.attendance import DayState, Outcome, views_of
from campaigns.field.models import Device
from campaigns.field.received import (
    MOST_IN_A_BATCH,
    Quarantine,
    Received,
    Verdict,
    quarantine_of,
    received,
    state_after_a_mark,
    state_without_marks,
)
from campaigns.mark_queries import mark_of
from campaigns.models import Booking, MarkRow, RecordingDay, UnreadableMark
from common import clock
from common.access import COORDINATOR, OFFICER, Missing, Who
from common.database import bound, insert_rows
from common.prepared import Given, Prepared
from schools.models import Student


class Acknowledged(NamedTuple):
    """What became of the mark at place `n` (from 0) of a batch; `why` is the quarantine's reason."""

    n: int
    uuid: str
    verdict: Verdict
    why: str = ""


@dataclass(frozen=True, slots=True)
class MarkedDay:
    """The day that marks are of, locked for who writes them."""

    id: int
    campaign_id: int
    school_id: int
    date: date
    state: DayState


def take_marks(who: Who, day_id: int, bodies: Sequence[object]) -> list[Acknowledged]:
    """Store marks as a device sent them, then judge them; one acknowledgement each, in order.

    Nothing is refused and everything is stored in this one transaction. The first mark that counts opens the day, and
    the last one taken back undoes that; standings and counts follow. Raises Missing when the office has no such day.
    """
    if who.role not in (COORDINATOR, OFFICER):
        raise Missing
    day = marked_day(who, day_id)
    marks = [received(body, day_id, who.account_id) for body in bodies]
    batch = _Batch(who, day, [mark for mark in marks if mark is not None])

    answers: list[Acknowledged] = []
    rows: list[tuple[object, ...]] = []
    counted: set[int] = set()
    for n, (body, mark) in enumerate(zip(bodies, marks, strict=True)):
        if mark is None or (mark.student is not None and mark.student not in batch.class_of):
            answers.append(Acknowledged(n, _uuid_of(body), Verdict.UNREADABLE))
            _keep_aside(who, day_id, body)
            continue
        hashed = mark.hash_on(day_id)
        if hashed in batch.known.get(mark.uuid, ()):
            answers.append(Acknowledged(n, mark.uuid, Verdict.DUPLICATE))
            continue
        held = batch.quarantine_of(mark)
        batch.known[mark.uuid].add(hashed)
        rows.append(batch.row(mark, hashed, held))
        if held is None and mark.student is not None:
            counted.add(mark.student)
        verdict = Verdict.QUARANTINED if held else Verdict.STORED
        answers.append(Acknowledged(n, mark.uuid, verdict, held.value if held else ""))

    batch.add(rows, counted)
    if rows:
        note_change(who, "marks_taken", "recording_day", day_id, _tally_of(answers))
    return answers


def take_file(who: Who, bodies: Iterable[object]) -> Counter[str]:
    """Take the marks of a file that a device saved, of one day or several; loading it twice changes nothing.

    Answers how many met which verdict; "elsewhere" counts those of a day this office does not have,
    which are not taken.
    Raises Missing for who is no coordinator.
    """
    if not who.is_coordinator:
        raise Missing
    by_day: dict[int, list[object]] = defaultdict(list)
    for body in bodies:
        day_id = body.get("day") if isinstance(body, dict) else None
        by_day[day_id if isinstance(day_id, int) else 0].append(body)

    told: Counter[str] = Counter()
    for day_id, its in by_day.items():
        if (
            not RecordingDay.select()
            .where(RecordingDay.id == min(day_id, 2**31 - 1), RecordingDay.office == who.office_id)
            .exists()
        ):
            told["elsewhere"] += len(its)
            continue
        for start in range(0, len(its), MOST_IN_A_BATCH):
            answers = take_marks(who, day_id, its[start : start + MOST_IN_A_BATCH])
            told.update(answer.verdict.value for answer in answers)
    return told


def add_marks(who: Who, day: MarkedDay, marks: Sequence[Received]) -> None:
    """Store marks of students that were made on a page of the program and already judged there."""
    batch = _Batch(who, day, marks)
    rows = [batch.row(mark, mark.hash_on(day.id), None) for mark in marks]
    batch.add(rows, {mark.student for mark in marks if mark.student is not None})


def marked_day(who: Who, day_id: int) -> MarkedDay:
    """The day, for whoever writes marks of it, one after the other. Raises Missing."""
    found = _DAY.rows(day=day_id, office=who.office_id)
    if not found:
        raise Missing
    campaign_id, school_id, on, state = found[0]
    return MarkedDay(day_id, campaign_id, school_id, on, DayState(state))


def _day(given: Given) -> object:
    asked = (RecordingDay.campaign, RecordingDay.school, RecordingDay.date, RecordingDay.state)
    query = RecordingDay.select(*asked).where(
        RecordingDay.id == given("day"), RecordingDay.office == given("office")
    )
    # PostgreSQL: marks of one day are taken one batch at a time, whichever server they came to
    return query if given.is_sqlite else query.for_update()


_DAY = Prepared(_day)
_KNOWN = Prepared(
    lambda given: MarkRow.select(MarkRow.uuid, MarkRow.body_hash).where(
        MarkRow.office == given("office"), given.among(MarkRow.uuid, "uuids")
    )
)
_STUDENTS = Prepared(  # asked by their numbers alone: with the office named SQLite reads all its students
    lambda given: Student.select(Student.id, Student.school, Student.class_name, Student.office).where(
        given.among(Student.id, "students")
    )
)
_CALLED = Prepared(lambda given: Booking.select(Booking.student).where(Booking.day == given("day")))
_OFFICERS = Prepared(
    lambda given: Account.select(Account.id, Account.disabled_at).where(
        Account.office == given("office"),
        Account.role.in_((COORDINATOR, OFFICER)),
        given.among(Account.id, "officers"),
    )
)
_DISABLED_DEVICES = Prepared(
    lambda given: Device.select(Device.device).where(
        Device.office == given("office"),
        Device.disabled_at.is_null(False),
        given.among(Device.device, "devices"),
    )
)
_MOVED = Prepared(
    lambda given: RecordingDay.update(state=given("state")).where(RecordingDay.id == given("day"))
)


class _Batch:
    """Marks of one day taken together: what judging them needs to know is asked of the database once."""

    def __init__(self, who: Who, day: MarkedDay, marks: Sequence[Received]) -> None:
        office = who.office_id
        self.who, self.day = who, day
        self.date = day.date.isoformat()
        self.now = bound(clock.now())
        self.takes_back = any(mark.outcome is Outcome.TAKEN_BACK for mark in marks)
        self.known: dict[str, set[str]] = defaultdict(set)
        for uuid, body_hash in _KNOWN.rows(office=office, uuids=[mark.uuid for mark in marks]):
            self.known[uuid].add(body_hash)
        students = {mark.student for mark in marks} - {None}
        self.class_of = {
            student: (school, class_name)
            for student, school, class_name, its in _STUDENTS.rows(students=students)
            if its == office
        }
        """The school and the class of each student of this office."""
        self._judged: dict[tuple[object, ...], Quarantine | None] = {}
        self.called: set[int] = set()
        if any(school != day.school_id for school, _ in self.class_of.values()):
            self.called = {student_id for (student_id,) in _CALLED.rows(day=day.id)}
        self.officers = {who.account_id: False}  # who is signed in is no stranger and not disabled
        others = {mark.officer for mark in marks} - self.officers.keys()
        if others:
            officers = _OFFICERS.rows(office=office, officers=others)
            self.officers |= {account_id: disabled_at is not None for account_id, disabled_at in officers}
        disabled = _DISABLED_DEVICES.rows(office=office, devices={mark.device for mark in marks})
        self.disabled_devices = {device for (device,) in disabled}

    def quarantine_of(self, mark: Received) -> Quarantine | None:
        """The rule, with this mark's facts; marks of a batch are much alike, and each kind is judged once."""
        is_of_the_school = mark.student is not None and self.class_of[mark.student][0] == self.day.school_id
        is_called = is_of_the_school or mark.student in self.called
        number_is_taken = bool(self.known.get(mark.uuid))
        is_walk_in = mark.student is None
        kind = (
            is_called,
            is_of_the_school,
            number_is_taken,
            is_walk_in,
            mark.officer,
            mark.device,
            mark.list_date,
        )
        if kind not in self._judged:
            self._judged[kind] = quarantine_of(
                self.day.state,
                is_called=is_called,
                is_of_the_school=is_of_the_school,
                officer_is_known=mark.officer in self.officers,
                officer_is_disabled=self.officers.get(mark.officer, False),
                number_is_taken=number_is_taken,
                day_has_moved=mark.list_date not in ("", self.date),
                is_walk_in=is_walk_in,
                device_is_disabled=mark.device in self.disabled_devices,
            )
        return self._judged[kind]

    def row(self, mark: Received, hashed: str, held: Quarantine | None) -> tuple[object, ...]:
        """The mark as it is stored: the values of _COLUMNS."""
        return (
            self.who.office_id,
            mark.uuid,
            self.day.id,
            mark.student,
            mark.outcome.value,
            mark.reason.value if mark.reason else "",
            mark.device,
            mark.seq,
            mark.lc,
            json.dumps(mark.supersedes) if mark.supersedes else "[]",
            mark.officer if mark.officer in self.officers else None,
            mark.device_time,
            self.now,
            held.value if held else "",
            hashed,
            mark.walk_in_name,
            mark.walk_in_class,
        )

    def add(self, rows: list[tuple[object, ...]], counted: set[int]) -> None:
        """Store these marks; the day's state follows those that count, `counted` are their students."""
        insert_rows("mark", _COLUMNS, rows)
        if not counted:
            return
        state = state_after_a_mark(self.day.state)
        if self.takes_back and not _has_marks(self.day.id):
            state = self._state_without_marks(state)
        if state is not self.day.state:
            _MOVED.execute(day=self.day.id, state=state.value)
        classes = {self.class_of[student] for student in counted}
        refresh_standings_in(self.day.campaign_id, counted, classes)

    def _state_without_marks(self, state: DayState) -> DayState:
        day = RecordingDay.get_by_id(self.day.id)
        reopened = Audit.select().where(
            Audit.office == self.who.office_id,
            Audit.subject == "recording_day",
            Audit.subject_id == day.id,
            Audit.act == "day_reopened",
        )
        is_change_asked = "asked" in json.loads(day.reason or "{}")
        return state_without_marks(state, day.confirmed_at is not None, is_change_asked, reopened.exists())


_COLUMNS = (
    "office_id",
    "uuid",
    "day_id",
    "student_id",
    "outcome",
    "reason",
    "device",
    "seq",
    "lc",
    "supersedes",
    "officer_id",
    "device_time",
    "received_at",
    "quarantine",
    "body_hash",
    "walk_in_name",
    "walk_in_class",
)


def _has_marks(day_id: int) -> bool:
    """Whether anything is known of any student on the day: a mark that was taken back says nothing."""
    rows = MarkRow.select().where(MarkRow.day == day_id, MarkRow.quarantine == "")
    return any(view.outcome for view in views_of(map(mark_of, rows)).values())


def _keep_aside(who: Who, day_id: int, body: object) -> None:
    text = json.dumps(body, ensure_ascii=True, sort_keys=True)
    hashed = hashlib.sha256(f"{day_id} {text}".encode()).hexdigest()
    UnreadableMark.insert(
        office=who.office_id,
        day=day_id,
        sender=who.account_id,
        body=text,
        body_hash=hashed,
        received_at=clock.now(),
    ).on_conflict_ignore().execute()


def _uuid_of(body: object) -> str:
    uuid = body.get("uuid") if isinstance(body, dict) else None
    return uuid if isinstance(uuid, str) else ""


def _tally_of(answers: Iterable[Acknowledged]) -> str:
    told = Counter(answer.verdict for answer in answers)
    return " ".join(f"{verdict.value}={told[verdict]}" for verdict in Verdict)
