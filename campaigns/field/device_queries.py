"""The devices of the office: who registered them, when they were last heard of, which of their marks are missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import JOIN, fn

from accounts.models import Account
from campaigns.field.devices import DeviceState, device_state, missing_ranges
from campaigns.field.models import Device
from campaigns.models import MarkRow
from common import clock
from common.access import Missing, Who
from common.database import rows_of

# What the program itself marks with (forms, decisions, quick entry, bulk) is no device of anybody.
DEVICES_OF_OURS = ("form:%", "desk:%", "paper:%", "bulk:%")


@dataclass(frozen=True, slots=True)
class DeviceCard:
    """A device as the coordinator's list shows it. `id` is None for one that nobody has named."""

    id: int | None
    device: str
    name: str
    state: DeviceState
    registered_by: str
    last_contact: datetime | None
    last_officer: str
    marks: int
    missing: int
    missing_ranges: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class _Sent:
    marks: int
    missing: int
    last: datetime
    officer: str
    ranges: tuple[tuple[int, int], ...]


def devices(who: Who) -> tuple[DeviceCard, ...]:
    """Every device: first those with missing numbers, then by last contact. Raises Missing for an officer."""
    if not who.is_coordinator:
        raise Missing
    sent = _sent_by_device(who)
    now = clock.now()
    rows: Any = (
        Device.select(Device, Account)
        .join(Account, JOIN.LEFT_OUTER, on=(Device.registered_by == Account.id))
        .where(Device.office == who.office_id)
        .order_by(Device.id)
    )
    cards = []
    for row in rows:
        state = device_state(row.device is not None, row.disabled_at is not None, row.code_expires_at, now)
        by = row.registered_by.name if row.registered_by else ""
        cards.append(
            _card(
                row.id, row.device or "", row.name, state, by, sent.pop(row.device, None), row.registered_at
            )
        )
    cards += [
        _card(None, name, "", DeviceState.UNREGISTERED, "", its, None) for name, its in sent.items() if name
    ]
    return tuple(
        sorted(
            cards,
            key=lambda card: (
                -min(card.missing, 1),
                -(card.last_contact.timestamp() if card.last_contact else 0),
                card.name,
            ),
        )
    )


def device_card(who: Who, device_id: int) -> DeviceCard:
    """One device. Raises Missing."""
    for card in devices(who):
        if card.id == device_id:
            return card
    raise Missing


def names_of_devices(who: Who) -> dict[str, str]:
    """What the coordinators call the office's devices, by the name in their marks."""
    rows = Device.select(Device.device, Device.name).where(
        Device.office == who.office_id, Device.device.is_null(False)
    )
    return dict(rows_of(rows))


def _card(
    id: int | None,
    device: str,
    name: str,
    state: DeviceState,
    registered_by: str,
    sent: _Sent | None,
    registered_at: datetime | None,
) -> DeviceCard:
    return DeviceCard(
        id=id,
        device=device,
        name=name,
        state=state,
        registered_by=registered_by,
        last_contact=sent.last if sent else registered_at,
        last_officer=sent.officer if sent else "",
        marks=sent.marks if sent else 0,
        missing=sent.missing if sent else 0,
        missing_ranges=sent.ranges if sent else (),
    )


def _sent_by_device(who: Who) -> dict[str, _Sent]:
    last = fn.MAX(MarkRow.received_at)
    query = (
        MarkRow.select(
            MarkRow.device, fn.COUNT(MarkRow.id), fn.COUNT(MarkRow.seq.distinct()), fn.MAX(MarkRow.seq), last
        )
        .where(MarkRow.office == who.office_id)
        .group_by(MarkRow.device)
    )
    for ours in DEVICES_OF_OURS:
        query = query.where(~(MarkRow.device**ours))
    found = rows_of(query)
    gappy = [device for device, _, numbers, highest, _ in found if highest > numbers]
    numbers: dict[str, list[int]] = {device: [] for device in gappy}
    if gappy:
        held = MarkRow.select(MarkRow.device, MarkRow.seq).where(
            MarkRow.office == who.office_id, MarkRow.device.in_(gappy)
        )
        for device, seq in rows_of(held):
            numbers[device].append(seq)
    officers = _last_officers(who)
    return {
        device: _Sent(
            marks,
            highest - counted,
            _moment(at),
            officers.get(device, ""),
            missing_ranges(numbers.get(device, ())),
        )
        for device, marks, counted, highest, at in found
    }


def _last_officers(who: Who) -> dict[str, str]:
    newest = (
        MarkRow.select(fn.MAX(MarkRow.id)).where(MarkRow.office == who.office_id).group_by(MarkRow.device)
    )
    rows = (
        MarkRow.select(MarkRow.device, Account.name)
        .join(Account, on=(MarkRow.officer == Account.id))
        .where(MarkRow.id.in_(newest))
    )
    return dict(rows_of(rows))


def _moment(value: datetime | str) -> datetime:
    # a MAX has no type of its own in SQLite
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)
