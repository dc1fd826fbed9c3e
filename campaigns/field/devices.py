"""Rule: how a device of the office is known: its code, where it stands, which of its marks have not arrived."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

# Without letters and figures that are taken for each other on paper or read out; 8 of 30 are 39 bits, which a day
# and the delays of signing in leave nobody the time to guess.
CODE_SIGNS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
CODE_LENGTH = 8
CODE_LIVES = timedelta(days=1)
MOST_RANGES = 12
# Where a browser keeps how its device was named, for showing only: the marks themselves say which device made them.
KEPT_AS = "this_device"


class DeviceState(StrEnum):
    """Where a device stands."""

    WAITING = "waiting"  # a code was made and nobody has typed it yet
    EXPIRED = "expired"  # nobody typed the code in time
    REGISTERED = "registered"
    UNREGISTERED = "unregistered"  # it sends marks, and no coordinator has named it
    DISABLED = "disabled"  # its marks wait for a coordinator


def device_state(
    is_registered: bool, is_disabled: bool, code_expires_at: datetime | None, now: datetime
) -> DeviceState:
    """Where a device that a coordinator has named stands."""
    if is_disabled:
        return DeviceState.DISABLED
    if is_registered:
        return DeviceState.REGISTERED
    is_alive = code_expires_at is not None and now < code_expires_at
    return DeviceState.WAITING if is_alive else DeviceState.EXPIRED


def kept_name(office_id: int, name: str) -> str:
    """What a browser keeps of its device's name: another office's people are not told it."""
    return f"{office_id} {name}"


def name_kept(kept: str, office_id: int) -> str:
    """The device's name from what its browser kept; empty when it was registered with another office, or never."""
    its, _, name = kept.partition(" ")
    return name if its == str(office_id) else ""


def code_as_typed(text: str) -> str:
    """A code as somebody typed it, without spaces and hyphens, in capitals."""
    return "".join(sign for sign in text.upper() if sign.isalnum())


def code_as_shown(code: str) -> str:
    """A code in two halves, as it is read out: `K7QM-4TXD`."""
    return f"{code[: CODE_LENGTH // 2]}-{code[CODE_LENGTH // 2 :]}"


def missing_ranges(numbers: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """The numbers from 1 to the highest that are not there, as (first, last); at most 12 ranges."""
    found: list[tuple[int, int]] = []
    before = 0
    for number in sorted({number for number in numbers if number > 0}):
        if number > before + 1 and len(found) < MOST_RANGES:
            found.append((before + 1, number - 1))
        before = number
    return tuple(found)
