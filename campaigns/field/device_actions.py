"""Acts on the office's devices: name one, register it by its code, disable and enable it."""

from __future__ import annotations

import secrets

from accounts.actions import note_change
from campaigns.field.actions import NotAllowed
from campaigns.field.devices import CODE_LENGTH, CODE_LIVES, CODE_SIGNS, code_as_typed
from campaigns.field.models import Device
from campaigns.models import MarkRow
from common import clock
from common.access import COORDINATOR, OFFICER, Missing, Who
from common.tokens import hash_of


def make_code(who: Who, name: str, device_id: int | None = None) -> tuple[int, str]:
    """A code by which one device becomes the office's, once, within a day; answers the device's id and the code.

    `device_id`: make the code anew for a device that was not registered with its first one. Only the code's hash is
    stored. Raises Missing, NotAllowed ("name").
    """
    if not who.is_coordinator:
        raise Missing
    if device_id is None and not name.strip():
        raise NotAllowed("name")
    code = "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))
    now = clock.now()
    row = (
        Device(office=who.office_id, name=name.strip()[:60], made_by=who.account_id, made_at=now)
        if device_id is None
        else _own(who, device_id)
    )
    if row.device is not None:
        raise Missing

    row.code_hash = hash_of(code)
    row.code_expires_at = now + CODE_LIVES
    row.save()
    note_change(who, "device_code_made", "device", row.id)
    return row.id, code


def register_device(who: Who, code: str, device: str) -> str:
    """Make the device that names itself `device` the one that the code was made for; answers its name.

    The same device with the same code again does nothing. Raises Missing, NotAllowed: "code" for one that is unknown,
    used or too old, "known" when the device has a name already.
    """
    if who.role not in (COORDINATOR, OFFICER):
        raise Missing
    row = Device.get_or_none(Device.office == who.office_id, Device.code_hash == hash_of(code_as_typed(code)))
    if row is not None and row.device == device:
        return row.name
    if row is None or row.device is not None or (row.code_expires_at or clock.now()) <= clock.now():
        raise NotAllowed("code")
    if Device.select().where(Device.office == who.office_id, Device.device == device).exists():
        raise NotAllowed("known")

    Device.update(device=device, registered_by=who.account_id, registered_at=clock.now()).where(
        Device.id == row.id
    ).execute()
    note_change(who, "device_registered", "device", row.id)
    return row.name


def name_device(who: Who, device: str, name: str) -> None:
    """Register a device that sends marks already, without a code: the coordinator knows whose it is.

    Raises Missing, NotAllowed ("name").
    """
    if not who.is_coordinator:
        raise Missing
    if not name.strip():
        raise NotAllowed("name")
    sent = MarkRow.select().where(MarkRow.office == who.office_id, MarkRow.device == device).exists()
    if not sent or Device.select().where(Device.office == who.office_id, Device.device == device).exists():
        raise Missing

    now = clock.now()
    row = Device.create(
        office=who.office_id,
        name=name.strip()[:60],
        device=device,
        made_by=who.account_id,
        made_at=now,
        registered_by=who.account_id,
        registered_at=now,
    )
    note_change(who, "device_registered", "device", row.id)


def disable_device(who: Who, device_id: int) -> None:
    """From now on the device's marks wait for a coordinator; none is refused. Twice is once. Raises Missing."""
    row = _own(who, device_id)
    if row.disabled_at is not None:
        return
    Device.update(disabled_at=clock.now(), code_hash=None).where(Device.id == row.id).execute()
    note_change(who, "device_disabled", "device", row.id)


def enable_device(who: Who, device_id: int) -> None:
    """The device's marks count again from now on; those that wait still wait. Raises Missing."""
    row = _own(who, device_id)
    if row.disabled_at is None:
        return
    Device.update(disabled_at=None).where(Device.id == row.id).execute()
    note_change(who, "device_enabled", "device", row.id)


def _own(who: Who, device_id: int) -> Device:
    row = Device.get_or_none(Device.id == device_id, Device.office == who.office_id)
    if row is None or not who.is_coordinator:
        raise Missing
    return row
