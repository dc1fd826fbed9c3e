"""What a coordinator must look at: marks that disagree, marks kept out of the totals, numbers that never came."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from peewee import JOIN, fn

from accounts.models import Account
from campaigns.attendance import Mark, Outcome, OutcomeReason, views_of
from campaigns.field.device_queries import names_of_devices
from campaigns.field.received import UNDECIDED
from campaigns.field.walk_in_queries import FoundStudent, candidates
from campaigns.models import Campaign, MarkRow, RecordingDay, StandingRow, UnreadableMark
from common.access import Missing, Who
from common.database import rows_of
from common.prepared import Prepared
from schools.models import School

MOST_SHOWN = 50
MOST_LETTERS = 600  # of what could not be read


@dataclass(frozen=True, slots=True)
class LookedMark:
    """A mark as a coordinator compares it: who, when, what."""

    id: int
    uuid: str
    outcome: str
    reason: str
    officer_name: str
    device: str
    device_time: str
    received_at: datetime
    quarantine: str


@dataclass(frozen=True, slots=True)
class Look:
    """A student whose marks on one day disagree, with the marks side by side."""

    day_id: int
    date: date
    school_name: str
    student_id: int
    name: str
    class_name: str
    marks: tuple[LookedMark, ...]

    @property
    def seen(self) -> str:
        """The marks shown, as one word: a decision is about these and no later ones."""
        return ",".join(str(mark.id) for mark in self.marks)


@dataclass(frozen=True, slots=True)
class QuarantinedMark:
    """A mark out of the totals, until decided. `candidates`: who a student found in no list may be."""

    day_id: int
    date: date
    school_name: str
    name: str
    class_name: str
    students_school: str
    mark: LookedMark
    candidates: tuple[FoundStudent, ...] = ()


@dataclass(frozen=True, slots=True)
class KeptAside:
    """What a device sent as a mark and could not be read, as it came."""

    id: int
    day_id: int
    date: date
    school_name: str
    sender_name: str
    received_at: datetime
    body: str


@dataclass(frozen=True, slots=True)
class DeviceGap:
    """A device of which some numbers in its sequence have not arrived."""

    device: str
    missing: int
    last_received: datetime


@dataclass(frozen=True, slots=True)
class LooksPage:
    """All that needs a look in the office."""

    looks: tuple[Look, ...]
    looks_total: int
    quarantined: tuple[QuarantinedMark, ...]
    quarantined_total: int
    unreadable: tuple[KeptAside, ...]
    unreadable_total: int
    gaps: tuple[DeviceGap, ...]


def looks_page(who: Who) -> LooksPage:
    """What needs a look, oldest first, at most 50 of each kind. Raises Missing for who is no coordinator."""
    if not who.is_coordinator:
        raise Missing
    looks = _looks(who, names_of_devices(who))
    held = (
        MarkRow.select()
        .where(MarkRow.office == who.office_id, MarkRow.quarantine.in_(UNDECIDED))
        .order_by(MarkRow.id)
    )
    unreadable: Any = (
        UnreadableMark.select(UnreadableMark, RecordingDay, School, Account)
        .join(RecordingDay)
        .join(School)
        .join(Account, JOIN.LEFT_OUTER, on=(UnreadableMark.sender == Account.id))
        .where(UnreadableMark.office == who.office_id, UnreadableMark.looked_at.is_null())
        .order_by(UnreadableMark.id)
    )
    names = names_of_devices(who)
    return LooksPage(
        looks=tuple(looks[:MOST_SHOWN]),
        looks_total=len(looks),
        quarantined=tuple(_quarantined(who, row, names) for row in held.limit(MOST_SHOWN)),
        quarantined_total=held.count(),
        unreadable=tuple(_kept_aside(row) for row in unreadable.limit(MOST_SHOWN)),
        unreadable_total=unreadable.count(),
        gaps=_gaps(who, names),
    )


def looks_count(who: Who) -> int:
    """How many decisions wait for a coordinator: for the first page."""
    return sum(int(query.rows(office=who.office_id)[0][0]) for query in (_DISAGREEING, _HELD, _UNREADABLE))


_DISAGREEING = Prepared(
    lambda given: (
        StandingRow.select(fn.COUNT(StandingRow.id))
        .join(Campaign)
        .where(Campaign.office == given("office"), StandingRow.needs_look == True)
    )
)
_HELD = Prepared(
    lambda given: MarkRow.select(fn.COUNT(MarkRow.id)).where(
        MarkRow.office == given("office"), MarkRow.quarantine.in_(UNDECIDED)
    )
)
_UNREADABLE = Prepared(
    lambda given: UnreadableMark.select(fn.COUNT(UnreadableMark.id)).where(
        UnreadableMark.office == given("office"), UnreadableMark.looked_at.is_null()
    )
)


def _looks(who: Who, names: Mapping[str, str]) -> list[Look]:
    flagged = (
        StandingRow.select(StandingRow.student)
        .join(Campaign)
        .where(Campaign.office == who.office_id, StandingRow.needs_look)
    )
    rows: Any = (
        MarkRow.select(MarkRow, RecordingDay, School)
        .join(RecordingDay)
        .join(School)
        .where(MarkRow.office == who.office_id, MarkRow.quarantine == "", MarkRow.student.in_(flagged))
        .order_by(MarkRow.id)
    )
    by_place: dict[tuple[int, int], list[Any]] = defaultdict(list)
    for row in rows:
        by_place[row.student_id, row.day_id].append(row)
    views = views_of(_mark(row) for its in by_place.values() for row in its)
    found = []
    for key, its in by_place.items():
        if not views[key].needs_look:
            continue
        live = {mark.uuid for mark in views[key].live}
        day, student = its[0].day, its[0].student
        found.append(
            Look(
                day.id,
                day.date,
                day.school.name,
                student.id,
                student.name,
                student.class_name,
                tuple(_looked(row, names) for row in its if row.uuid in live),
            )
        )
    return found


def _quarantined(who: Who, row: Any, names: Mapping[str, str]) -> QuarantinedMark:
    if row.student is None:
        name, class_name = row.walk_in_name, row.walk_in_class
        return QuarantinedMark(
            row.day_id,
            row.day.date,
            row.day.school.name,
            name,
            class_name,
            "",
            _looked(row, names),
            candidates(who, row.day_id, name, class_name),
        )
    return QuarantinedMark(
        row.day_id,
        row.day.date,
        row.day.school.name,
        row.student.name,
        row.student.class_name,
        row.student.school.name,
        _looked(row, names),
    )


def _kept_aside(row: Any) -> KeptAside:
    sender = row.sender.name if row.sender else ""
    return KeptAside(
        row.id,
        row.day_id,
        row.day.date,
        row.day.school.name,
        sender,
        row.received_at,
        row.body[:MOST_LETTERS],
    )


def _looked(row: Any, names: Mapping[str, str]) -> LookedMark:
    officer = Account.get_or_none(Account.id == row.officer_id) if row.officer_id else None
    return LookedMark(
        row.id,
        row.uuid,
        row.outcome,
        row.reason,
        officer.name if officer else "",
        names.get(row.device, row.device[:10]),
        row.device_time,
        row.received_at,
        row.quarantine,
    )


def _mark(row: Any) -> Mark:
    reason = OutcomeReason(row.reason) if row.reason else None
    return Mark(
        row.uuid,
        row.student_id,
        row.day_id,
        Outcome(row.outcome),
        reason,
        row.device,
        row.seq,
        row.lc,
        frozenset(json.loads(row.supersedes)),
        row.officer_id or 0,
        row.device_time,
    )


def _gaps(who: Who, names: Mapping[str, str]) -> tuple[DeviceGap, ...]:
    # numbers run from 1 without gaps, so a highest number above the count is what has not arrived
    highest, count = fn.MAX(MarkRow.seq), fn.COUNT(MarkRow.seq.distinct())
    query = (
        MarkRow.select(MarkRow.device, highest, count, fn.MAX(MarkRow.received_at))
        .where(MarkRow.office == who.office_id)
        .group_by(MarkRow.device)
        .having(highest > count)
        .order_by(MarkRow.device)
    )
    return tuple(
        DeviceGap(names.get(device, device[:10]), top - got, last)
        for device, top, got, last in rows_of(query)
    )
