"""Acts on the office's calendar: a date made free, a holiday worked after all, an entry taken away."""

from __future__ import annotations

from datetime import date

from accounts.actions import note_change
from campaigns.calendars.entries import OfficeDate
from campaigns.models import OfficeDay
from common.access import COORDINATOR, Missing, Who


def set_office_date(who: Who, entry: OfficeDate) -> None:
    """Write down that a date is free, or worked after all, in place of what the office said of it before.

    Raises Missing for who is no coordinator.
    """
    if who.role != COORDINATOR:
        raise Missing
    known = OfficeDay.get_or_none(OfficeDay.office == who.office_id, OfficeDay.date == entry.date)
    if known is None:
        saved = OfficeDay.create(
            office=who.office_id, date=entry.date, name=entry.name, is_free=entry.is_free
        ).id
    else:
        saved = known.id
        OfficeDay.update(name=entry.name, is_free=entry.is_free).where(OfficeDay.id == saved).execute()
    note_change(
        who,
        "office_day_freed" if entry.is_free else "office_day_worked",
        "office_day",
        saved,
        entry.date.isoformat(),
    )


def remove_office_date(who: Who, on: date) -> bool:
    """Take away what the office said of a date; answers False when it had said nothing. Raises Missing."""
    if who.role != COORDINATOR:
        raise Missing
    known = OfficeDay.get_or_none(OfficeDay.office == who.office_id, OfficeDay.date == on)
    if known is None:
        return False
    OfficeDay.delete().where(OfficeDay.id == known.id).execute()
    note_change(who, "office_day_removed", "office_day", known.id, on.isoformat())
    return True
