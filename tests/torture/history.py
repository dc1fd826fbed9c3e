"""Eight devices that mark the same students unseen by each other, over a network that loses, repeats, reorders."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from random import Random
from typing import Any

from campaigns.attendance import REASONS, Mark, Outcome, OutcomeReason, View, view_of, views_of
from campaigns.field import queries, taking_actions
from common.access import Who
from common.database import Store

DEVICES = 8
LOST = 0.3


@dataclass
class Device:
    """A simulated phone: its queue, what it knows, and what the server has acknowledged."""

    name: str
    seq: int = 0
    lc: int = 0
    queue: list[dict[str, Any]] = field(default_factory=list)
    known: dict[int, dict[str, Mark]] = field(default_factory=lambda: defaultdict(dict))

    def mark(self, day: int, officer: int, student: int, chance: Random) -> dict[str, Any]:
        """One more mark in place of what this device sees as live."""
        outcome = chance.choice(list(Outcome))
        reason = chance.choice(REASONS[outcome]) if REASONS[outcome] else None
        seen = [mark.uuid for mark in view_of(self.known[student].values()).live]
        self.seq += 1
        self.lc += 1
        made = {
            "uuid": f"{chance.getrandbits(128):032x}",
            "day": day,
            "student": student,
            "outcome": outcome.value,
            "reason": reason.value if reason else "",
            "device": self.name,
            "seq": self.seq,
            "lc": self.lc,
            "supersedes": seen,
            "officer": officer,
            "device_time": "2026-08-12T02:00:00Z",
        }
        self.queue.append(made)
        self.learn(as_mark(made))
        return made

    def learn(self, mark: Mark) -> None:
        """A mark that this device made or was told of."""
        self.lc = max(self.lc, mark.lc)
        self.known[mark.student][mark.uuid] = mark


def as_mark(made: dict[str, Any]) -> Mark:
    """What a device sent, as the rule takes it."""
    reason = OutcomeReason(made["reason"]) if made["reason"] else None
    return Mark(
        made["uuid"],
        made["student"],
        made["day"],
        Outcome(made["outcome"]),
        reason,
        made["device"],
        made["seq"],
        made["lc"],
        frozenset(made["supersedes"]),
        made["officer"],
        made["device_time"],
    )


def run_history(
    store: Store, who: Who, day: int, students: list[int], chance: Random
) -> tuple[dict[int, View], dict[int, tuple[str, str, bool]], int]:
    """Lets the devices work and sync until nothing waits; the pure merge, the server's list, how many marks.

    Of the replies 30 % are lost after the server has stored, batches come in any order and come again.
    """
    devices = [Device(f"kit-{n}") for n in range(DEVICES)]
    made: list[dict[str, Any]] = []
    while len(made) < 40 or any(device.queue for device in devices):
        device = chance.choice(devices)
        if len(made) < 40 and chance.random() < 0.6:
            made.append(device.mark(day, who.account_id, chance.choice(students), chance))
        if chance.random() < 0.4:
            _sync(store, who, day, device, made, chance)
    merged = views_of(map(as_mark, made))
    page = store.read_now(queries.field_page, who, day)
    shown = {its.id: (its.outcome, its.reason, its.needs_look) for its in page.students if its.outcome}
    return {student: view for (student, _), view in merged.items() if view.outcome}, shown, len(made)


def _sync(
    store: Store, who: Who, day: int, device: Device, made: list[dict[str, Any]], chance: Random
) -> None:
    batch = chance.sample(device.queue, chance.randint(0, len(device.queue)))
    sent_before = [one for one in made if one["device"] == device.name]
    again = chance.sample(sent_before, min(len(sent_before), chance.randrange(3)))
    answers = store.write_now(taking_actions.take_marks, who, day, [*batch, *again])
    if chance.random() < LOST:
        return
    acknowledged = {answer.uuid for answer in answers}
    device.queue = [one for one in device.queue if one["uuid"] not in acknowledged]
    for one in chance.sample(made, len(made) // 2):  # the other kits' news, as far as it came through
        device.learn(as_mark(one))


def differences(
    merged: dict[int, View], shown: dict[int, tuple[str, str, bool]]
) -> list[tuple[int, object, object]]:
    """Where the list on the server is not the pure merge."""
    expected = {
        student: (str(view.outcome), str(view.reason or ""), view.needs_look)
        for student, view in merged.items()
    }
    students = expected.keys() | shown.keys()
    return [
        (student, expected.get(student), shown.get(student))
        for student in sorted(students)
        if expected.get(student) != shown.get(student)
    ]
