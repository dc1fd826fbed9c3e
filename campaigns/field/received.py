"""What a device sent: whether it can be read as a mark, and whether the mark counts at once.

Nothing is refused here. What cannot be read is None and is kept aside; what can be read but raises a question is
quarantined: stored, acknowledged, and out of the totals until a coordinator decides.
"""

from __future__ import annotations

import hashlib
import json
import re
from enum import StrEnum
from typing import NamedTuple

from campaigns.attendance import DayState, Outcome, OutcomeReason, is_allowed
from campaigns.paper import plain

MOST_IN_A_BATCH = 500
# An integer column of PostgreSQL ends at 2,147,483,647; a clock so high must leave the marks after it some room.
_HIGHEST_NUMBER = 1_000_000_000
_UUID = re.compile(r"[0-9A-Za-z-]{8,64}")
_DEVICE = re.compile(r"[0-9A-Za-z:._-]{1,64}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d[0-9:.+Z-]{0,20}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_MOST_SUPERSEDED = 200


class Verdict(StrEnum):
    """What became of one mark of a batch; each is an acknowledgement, after which the device may forget the mark."""

    STORED = "stored"
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"
    UNREADABLE = "unreadable"


class Quarantine(StrEnum):
    """Why a mark is out of the totals. `DECIDED` is one that a coordinator has looked at."""

    DAY_GONE = "day_gone"  # the day was cancelled or postponed
    WRONG_SCHOOL = "wrong_school"  # the student is not of that school and has no place on that day
    OFFICER_DISABLED = "officer_disabled"
    OFFICER_UNKNOWN = "officer_unknown"
    DAY_MOVED = "day_moved"  # made from a list of another date than the day now has
    DEVICE_DISABLED = "device_disabled"
    WALK_IN = "walk_in"  # a student whom the officer found in no list: only a name and a class
    SAME_NUMBER = "same_number"  # another mark came earlier with the same number and another content
    DECIDED = "decided"


UNDECIDED = tuple(reason.value for reason in Quarantine if reason is not Quarantine.DECIDED)


_OUTCOMES = {outcome.value: outcome for outcome in Outcome}
_REASONS = {reason.value: reason for reason in OutcomeReason}


class Received(NamedTuple):
    """A mark as it was read; `supersedes` is in order, so that the same content always has the same hash.

    `student` is None for one whom the officer found in no list; then `walk_in_name` and `walk_in_class` are what was
    typed. `list_date` is the date of the list that the officer had, empty from a device that does not say it.
    """

    uuid: str
    student: int | None
    outcome: Outcome
    reason: OutcomeReason | None
    device: str
    seq: int
    lc: int
    supersedes: tuple[str, ...]
    officer: int
    device_time: str
    list_date: str = ""
    walk_in_name: str = ""
    walk_in_class: str = ""

    def hash_on(self, day_id: int) -> str:
        """SHA-256 of the content and the day: equal for the same mark sent twice, different for another content.

        Fields that marks did not have from the beginning are left out where empty, so that the hash stays what it was.
        """
        # JSON with its names in order, written out: half the time of judging a mark went into an encoder
        list_date = f'"list_date": "{self.list_date}", ' if self.list_date else ""
        reason = f'"{self.reason}"' if self.reason else "null"
        student = "null" if self.student is None else self.student
        walk_in = ""
        if self.walk_in_class:
            walk_in = f', "walk_in_class": {json.dumps(self.walk_in_class, ensure_ascii=False)}'
        if self.walk_in_name:
            walk_in += f', "walk_in_name": {json.dumps(self.walk_in_name, ensure_ascii=False)}'
        supersedes = json.dumps(self.supersedes) if self.supersedes else "[]"
        text = (
            f'{{"day": {day_id}, "device": "{self.device}", "device_time": "{self.device_time}", "lc": {self.lc}, '
            f'{list_date}"officer": {self.officer}, "outcome": "{self.outcome}", "reason": {reason}, '
            f'"seq": {self.seq}, "student": {student}, "supersedes": {supersedes}, '
            f'"uuid": "{self.uuid}"{walk_in}}}'
        )
        return hashlib.sha256(text.encode()).hexdigest()


def received(body: object, day_id: int, sender: int) -> Received | None:
    """The mark in `body`, or None when it cannot be read. A mark that names no officer is the sender's."""
    if not isinstance(body, dict) or body.get("day", day_id) != day_id:
        return None
    uuid, device = _text(body.get("uuid"), _UUID), _text(body.get("device"), _DEVICE)
    student, seq, lc = _number(body.get("student")), _number(body.get("seq")), _number(body.get("lc"))
    officer = _number(body.get("officer", sender))
    if uuid is None or device is None or seq is None or lc is None or officer is None:
        return None
    name, class_name = ("", "") if student is not None else _walk_in(body)
    if student is None and (not name or body.get("student") is not None):
        return None
    supersedes = body.get("supersedes", [])
    if supersedes != [] and not _are_uuids(supersedes):
        return None
    said, why = body.get("outcome"), body.get("reason") or ""
    if not isinstance(said, str) or not isinstance(why, str):
        return None
    outcome, reason = _OUTCOMES.get(said), _REASONS.get(why)
    if outcome is None or (why and reason is None) or not is_allowed(outcome, reason):
        return None
    return Received(
        uuid,
        student,
        outcome,
        reason,
        device,
        seq,
        lc,
        tuple(sorted(set(supersedes))) if supersedes else (),
        officer,
        _text(body.get("device_time"), _MOMENT) or "",
        _text(body.get("date"), _DATE) or "",
        name,
        class_name,
    )


def quarantine_of(
    day: DayState,
    is_called: bool,
    is_of_the_school: bool,
    officer_is_known: bool,
    officer_is_disabled: bool,
    number_is_taken: bool,
    device_is_disabled: bool = False,
    day_has_moved: bool = False,
    is_walk_in: bool = False,
) -> Quarantine | None:
    """Why a mark must wait for a coordinator, or None when it counts at once.

    A mark for a closed day counts: it was made with the students there and only arrived late. `is_called`: the student
    has a place on the day, which on a shared retake day may be at another school.
    """
    if number_is_taken:
        return Quarantine.SAME_NUMBER
    if is_walk_in:
        return Quarantine.WALK_IN
    if day in (DayState.CANCELLED, DayState.POSTPONED, DayState.DRAFT):
        return Quarantine.DAY_GONE
    if day_has_moved:
        return Quarantine.DAY_MOVED
    if not is_called and not is_of_the_school:
        return Quarantine.WRONG_SCHOOL
    if not officer_is_known:
        return Quarantine.OFFICER_UNKNOWN
    if officer_is_disabled:
        return Quarantine.OFFICER_DISABLED
    return Quarantine.DEVICE_DISABLED if device_is_disabled else None


def state_after_a_mark(state: DayState) -> DayState:
    """Where the first mark takes a day that was told to the school: it is being held, so it is open.

    A day the school never answered makes both moves at once, to confirmed and to open: the team is there.
    """
    held = (DayState.PROPOSED, DayState.CHANGE_ASKED, DayState.CONFIRMED)
    return DayState.OPEN if state in held else state


def state_without_marks(
    state: DayState, is_confirmed: bool, is_change_asked: bool, was_reopened: bool
) -> DayState:
    """Where a day goes whose last mark was taken back: to where it was before the first, as if nobody had tapped.

    A day that a coordinator has opened again stays open: no mark had opened it.
    """
    if state is not DayState.OPEN or was_reopened:
        return state
    if is_confirmed:
        return DayState.CONFIRMED
    return DayState.CHANGE_ASKED if is_change_asked else DayState.PROPOSED


def _walk_in(body: dict[object, object]) -> tuple[str, str]:
    typed = body.get("walk_in")
    if not isinstance(typed, dict):
        return "", ""
    name, class_name = (typed.get(part) for part in ("name", "class"))
    if not (isinstance(name, str) and isinstance(class_name, str)):
        return "", ""
    return plain(name)[:100].strip(), plain(class_name)[:40].strip()


def _are_uuids(supersedes: object) -> bool:
    return (
        isinstance(supersedes, list)
        and len(supersedes) <= _MOST_SUPERSEDED
        and all(isinstance(other, str) and _UUID.fullmatch(other) for other in supersedes)
    )


def _text(value: object, shape: re.Pattern[str]) -> str | None:
    return value if isinstance(value, str) and shape.fullmatch(value) else None


def _number(value: object) -> int | None:
    # type() rather than isinstance: True is an int
    return value if type(value) is int and 0 < value <= _HIGHEST_NUMBER else None
