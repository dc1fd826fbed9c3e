"""Acts of the recording day: take marks, mark by hand, decide what disagrees."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from peewee import fn

from accounts.actions import note_change
from accounts.models import Account
from campaigns.actions import refresh_standings
from campaigns.attendance import DayState, Outcome, OutcomeReason, is_allowed
from campaigns.field.models import Device
from campaigns.field.received import (
    MOST_IN_A_BATCH,
    UNDECIDED,
    Quarantine,
    Received,
    Verdict,
    quarantine_of,
    received,
    state_after_a_mark,
)
from campaigns.models import Booking, MarkRow, RecordingDay, UnreadableMark
from common import clock
from common.access import COORDINATOR, OFFICER, Missing, Who
from common.database import db, rows_of
from schools.models import Student


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What became of the mark at place `n` (from 0) of a batch; `why` is the quarantine's reason."""

    n: int
    uuid: str
    verdict: Verdict
    why: str = ""


class NotAllowed(Exception):
    """The day's state, or its date, does not allow this. The word says which: see the templates."""


def take_marks(who: Who, day_id: int, bodies: Sequence[object]) -> list[Acknowledged]:
    """Store marks as a device sent them, then judge them; one acknowledgement each, in order.

    Nothing is refused and everything is stored in this one transaction. The first mark that counts opens the day;
    standings and counts follow. Raises Missing when the office has no such day.
    """
    if who.role not in (COORDINATOR, OFFICER):
        raise Missing
    day = locked_day(who, day_id)
    marks = [received(body, day_id, who.account_id) for body in bodies]
    facts = _Facts(who, day, [mark for mark in marks if mark is not None])

    answers: list[Acknowledged] = []
    rows: list[dict[str, Any]] = []
    counted: set[int] = set()
    for n, (body, mark) in enumerate(zip(bodies, marks, strict=True)):
        if mark is None or (mark.student is not None and mark.student not in facts.school_of):
            answers.append(Acknowledged(n, _uuid_of(body), Verdict.UNREADABLE))
            _keep_aside(who, day_id, body)
            continue
        hashed = mark.hash_on(day_id)
        if hashed in facts.known[mark.uuid]:
            answers.append(Acknowledged(n, mark.uuid, Verdict.DUPLICATE))
            continue
        held = facts.quarantine_of(mark)
        facts.known.setdefault(mark.uuid, set()).add(hashed)
        rows.append(_row(who, day_id, mark, hashed, held, facts))
        if held is None and mark.student is not None:
            counted.add(mark.student)
        verdict = Verdict.QUARANTINED if held else Verdict.STORED
        answers.append(Acknowledged(n, mark.uuid, verdict, held.value if held else ""))

    _add(day, rows, counted)
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


def mark_by_hand(
    who: Who, day_id: int, student_id: int, outcome: Outcome, reason: OutcomeReason | None, uuid: str
) -> None:
    """Mark a student from a page without scripts, in place of whatever counts now; the same `uuid` again does nothing.

    Raises Missing for a student who is neither called nor of the school, NotAllowed ("gone", "reason").
    """
    day = locked_day(who, day_id)
    _check_by_hand(who, day, student_id, outcome, reason)

    if MarkRow.select().where(MarkRow.office == who.office_id, MarkRow.uuid == uuid).exists():
        return
    _supersede_all(who, day, student_id, outcome, reason, f"form:{who.account_id}", uuid)
    note_change(who, "marked_by_hand", "recording_day", day_id, f"student={student_id}")


def decide(
    who: Who, day_id: int, student_id: int, outcome: Outcome, reason: OutcomeReason | None, seen: str
) -> None:
    """A coordinator's decision where marks disagree: a mark that replaces all that are live. Nothing is taken away.

    `seen` are the numbers of the marks the coordinator was shown, and makes a second press harmless.
    Raises Missing, NotAllowed ("gone", "reason").
    """
    if not who.is_coordinator:
        raise Missing
    day = locked_day(who, day_id)
    _check_by_hand(who, day, student_id, outcome, reason)

    uuid = _number_from(f"decision {day_id} {student_id} {seen}")
    if MarkRow.select().where(MarkRow.office == who.office_id, MarkRow.uuid == uuid).exists():
        return
    _supersede_all(who, day, student_id, outcome, reason, f"desk:{who.account_id}", uuid)
    note_change(who, "mark_decided", "recording_day", day_id, f"student={student_id}")


def decide_quarantined(who: Who, mark_id: int, it_counts: bool, student_id: int | None = None) -> None:
    """Let a quarantined mark count, as the coordinator's own mark with its outcome, or leave it out for good.

    `student_id`: who the student is whom the officer found in no list. Deciding twice does nothing. Raises Missing.
    """
    row = MarkRow.get_or_none(MarkRow.id == mark_id, MarkRow.office == who.office_id)
    if row is None or not who.is_coordinator or row.day_id is None:
        raise Missing
    student = row.student_id or student_id
    if (
        it_counts
        and not Student.select().where(Student.id == student, Student.office == who.office_id).exists()
    ):
        raise Missing
    if row.quarantine not in UNDECIDED:
        return

    day = locked_day(who, row.day_id)
    MarkRow.update(quarantine=Quarantine.DECIDED.value).where(MarkRow.id == mark_id).execute()
    if it_counts and student is not None:
        outcome = Outcome(row.outcome)
        reason = OutcomeReason(row.reason) if row.reason else None
        uuid = _number_from(f"counts {mark_id}")
        _supersede_all(who, day, student, outcome, reason, f"desk:{who.account_id}", uuid)
    act = "quarantined_mark_counts" if it_counts else "quarantined_mark_left_out"
    note_change(who, act, "mark", mark_id)


def locked_day(who: Who, day_id: int) -> RecordingDay:
    """The day, for whoever writes marks of it, one after the other. Raises Missing."""
    query = RecordingDay.select().where(RecordingDay.id == day_id, RecordingDay.office == who.office_id)
    if (
        db.for_update
    ):  # PostgreSQL: marks of one day are taken one batch at a time, whichever server they came to
        query = query.for_update()
    found = query.first()
    if found is None:
        raise Missing
    return found


class _Facts:
    """What judging a batch needs to know, asked of the database once."""

    def __init__(self, who: Who, day: RecordingDay, marks: Iterable[Received]) -> None:
        batch = list(marks)
        self.day = day
        self.known: dict[str, set[str]] = {mark.uuid: set() for mark in batch}
        stored = MarkRow.select(MarkRow.uuid, MarkRow.body_hash).where(
            MarkRow.office == who.office_id, MarkRow.uuid.in_(list(self.known))
        )
        for uuid, body_hash in rows_of(stored):
            self.known[uuid].add(body_hash)
        students = Student.select(Student.id, Student.school).where(
            Student.office == who.office_id, Student.id.in_({mark.student for mark in batch} - {None})
        )
        self.school_of = dict(rows_of(students))
        called = Booking.select(Booking.student).where(Booking.day == day.id)
        self.called = {student_id for (student_id,) in rows_of(called)}
        officers = Account.select(Account.id, Account.disabled_at).where(
            Account.office == who.office_id,
            Account.role.in_((COORDINATOR, OFFICER)),
            Account.id.in_({mark.officer for mark in batch}),
        )
        disabled = Device.select(Device.device).where(
            Device.office == who.office_id,
            Device.disabled_at.is_null(False),
            Device.device.in_({mark.device for mark in batch}),
        )
        self.disabled_devices = {device for (device,) in rows_of(disabled)}
        self.officers = {account_id: disabled_at is not None for account_id, disabled_at in rows_of(officers)}

    def quarantine_of(self, mark: Received) -> Quarantine | None:
        """The rule, with this mark's facts."""
        return quarantine_of(
            DayState(self.day.state),
            is_called=mark.student in self.called,
            is_of_the_school=self.school_of.get(mark.student) == self.day.school_id,
            officer_is_known=mark.officer in self.officers,
            officer_is_disabled=self.officers.get(mark.officer, False),
            number_is_taken=bool(self.known[mark.uuid]),
            day_has_moved=mark.list_date not in ("", self.day.date.isoformat()),
            is_walk_in=mark.student is None,
            device_is_disabled=mark.device in self.disabled_devices,
        )


def _row(
    who: Who, day_id: int, mark: Received, hashed: str, held: Quarantine | None, facts: _Facts
) -> dict[str, Any]:
    return {
        "office": who.office_id,
        "uuid": mark.uuid,
        "day": day_id,
        "student": mark.student,
        "outcome": mark.outcome.value,
        "reason": mark.reason.value if mark.reason else "",
        "device": mark.device,
        "seq": mark.seq,
        "lc": mark.lc,
        "supersedes": json.dumps(mark.supersedes),
        "officer": mark.officer if mark.officer in facts.officers else None,
        "device_time": mark.device_time,
        "received_at": clock.now(),
        "quarantine": held.value if held else "",
        "body_hash": hashed,
        "walk_in_name": mark.walk_in_name,
        "walk_in_class": mark.walk_in_class,
    }


def _add(day: RecordingDay, rows: list[dict[str, Any]], counted: set[int]) -> None:
    for start in range(0, len(rows), 50):
        MarkRow.insert_many(rows[start : start + 50]).execute()
    if not counted:
        return
    state = state_after_a_mark(DayState(day.state))
    if state.value != day.state:
        RecordingDay.update(state=state.value).where(RecordingDay.id == day.id).execute()
    refresh_standings(day.campaign_id, counted)


def _supersede_all(
    who: Who,
    day: RecordingDay,
    student_id: int,
    outcome: Outcome,
    reason: OutcomeReason | None,
    device: str,
    uuid: str,
) -> None:
    # naming every earlier mark is naming those that are live: the others are superseded already
    earlier = MarkRow.select(MarkRow.uuid, MarkRow.lc).where(
        MarkRow.day == day.id, MarkRow.student == student_id, MarkRow.quarantine == ""
    )
    seen = rows_of(earlier)
    last = MarkRow.select(fn.MAX(MarkRow.seq)).where(
        MarkRow.office == who.office_id, MarkRow.device == device
    )
    mark = Received(
        uuid=uuid,
        student=student_id,
        outcome=outcome,
        reason=reason,
        device=device,
        seq=(last.scalar() or 0) + 1,
        lc=max((lc for _, lc in seen), default=0) + 1,
        supersedes=tuple(sorted({other for other, _ in seen})),
        officer=who.account_id,
        device_time="",
    )
    facts = _Facts(who, day, [mark])
    _add(day, [_row(who, day.id, mark, mark.hash_on(day.id), None, facts)], {student_id})


def look_at_unreadable(who: Who, unreadable_id: int) -> None:
    """A coordinator has looked at what could not be read; it is kept and no longer asked about. Raises Missing."""
    own = (UnreadableMark.id == unreadable_id) & (UnreadableMark.office == who.office_id)
    if not who.is_coordinator or not UnreadableMark.select().where(own).exists():
        raise Missing
    changed = UnreadableMark.update(looked_at=clock.now(), looked_by=who.account_id).where(
        own, UnreadableMark.looked_at.is_null()
    )
    if changed.execute():
        note_change(who, "unreadable_mark_looked_at", "unreadable_mark", unreadable_id)


def _check_by_hand(
    who: Who, day: RecordingDay, student_id: int, outcome: Outcome, reason: OutcomeReason | None
) -> None:
    if who.role not in (COORDINATOR, OFFICER):
        raise Missing
    student = Student.get_or_none(Student.id == student_id, Student.office == who.office_id)
    is_called = Booking.select().where(Booking.day == day.id, Booking.student == student_id).exists()
    is_marked = MarkRow.select().where(MarkRow.day == day.id, MarkRow.student == student_id).exists()
    if student is None or not (is_called or is_marked or student.school_id == day.school_id):
        raise Missing
    if quarantine_of(DayState(day.state), True, True, True, False, False) is not None:
        raise NotAllowed("gone")
    if not is_allowed(outcome, reason):
        raise NotAllowed("reason")


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


def _number_from(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:32]


def _tally_of(answers: Iterable[Acknowledged]) -> str:
    told = [answer.verdict.value for answer in answers]
    return " ".join(f"{verdict.value}={told.count(verdict.value)}" for verdict in Verdict)
