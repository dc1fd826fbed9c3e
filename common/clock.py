"""The one door by which time comes in: tests and the demo set it, everything else asks it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

DEFAULT_ZONE = "Asia/Jakarta"

_fixed: datetime | None = None


def now() -> datetime:
    """The moment now, in UTC and without a zone, as the database stores it."""
    if _fixed is not None:
        return _fixed
    return datetime.now(UTC).replace(tzinfo=None)


def today(zone: str = DEFAULT_ZONE) -> date:
    """The date now where the office is (`zone`: WIB, WITA or WIT by its IANA name)."""
    return local(now(), zone).date()


def local(moment: datetime, zone: str) -> datetime:
    """A stored moment (naive UTC) as the wall clock of `zone` shows it."""
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))


def ticking() -> float:
    """Seconds of a clock that never goes back: for measuring how long something took."""
    return time.monotonic()


@contextmanager
def fixed_at(moment: datetime | date) -> Iterator[None]:
    """Hold the clock at `moment` (a date means 08.00 WIB on it); for tests and for making the demo."""
    global _fixed
    before = _fixed
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day, 8) - timedelta(hours=7)
    _fixed = moment.replace(tzinfo=None)
    try:
        yield
    finally:
        _fixed = before
