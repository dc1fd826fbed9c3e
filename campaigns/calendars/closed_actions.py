"""Acts on the calendars of schools: closed dates entered, changed, removed."""

from __future__ import annotations

from accounts.actions import note_change
from campaigns.closed_dates import ClosedDates, Reach
from campaigns.closed_queries import closed_dates_of
from campaigns.models import BlackoutSchool, SchoolBlackout
from common import clock
from common.access import COORDINATOR, SCHOOL_ADMIN, Missing, Who
from schools.models import District, School


def add_closed_dates(who: Who, dates: ClosedDates) -> int:
    """Enter closed dates for all the schools they concern; answers their id.

    Raises Missing for schools or a district of another office, and when a school admin means more than the own school.
    """
    _may_write(who, dates)
    saved = SchoolBlackout.create(
        office=who.office_id, made_by=who.account_id, made_at=clock.now(), **_columns(dates)
    ).id
    _name_schools(saved, dates)
    note_change(who, "closed_dates_added", "school_blackout", saved, _told(dates))
    return saved


def change_closed_dates(who: Who, dates_id: int, dates: ClosedDates) -> None:
    """Put other dates, another reason or other schools in the place of what was entered. Raises Missing."""
    _may_write(who, _known(who, dates_id))
    _may_write(who, dates)
    SchoolBlackout.update(changed_by=who.account_id, changed_at=clock.now(), **_columns(dates)).where(
        SchoolBlackout.id == dates_id
    ).execute()
    BlackoutSchool.delete().where(BlackoutSchool.blackout == dates_id).execute()
    _name_schools(dates_id, dates)
    note_change(who, "closed_dates_changed", "school_blackout", dates_id, _told(dates))


def remove_closed_dates(who: Who, dates_id: int) -> None:
    """Take closed dates away, for every school they concerned. Raises Missing."""
    dates = _known(who, dates_id)
    _may_write(who, dates)
    BlackoutSchool.delete().where(BlackoutSchool.blackout == dates_id).execute()
    SchoolBlackout.delete().where(SchoolBlackout.id == dates_id).execute()
    note_change(who, "closed_dates_removed", "school_blackout", dates_id, _told(dates))


def _known(who: Who, dates_id: int) -> ClosedDates:
    found = closed_dates_of(who).get(dates_id)
    if found is None:
        raise Missing
    return found


def _may_write(who: Who, dates: ClosedDates) -> None:
    """A coordinator for every school of the office, a school admin for the own school alone."""
    if who.role == SCHOOL_ADMIN:
        if dates.reach != Reach.SCHOOLS or dates.school_ids != {who.school_id}:
            raise Missing
        return
    if who.role != COORDINATOR:
        raise Missing
    ids = sorted(dates.school_ids)
    ours = School.select().where(School.office == who.office_id, School.id.in_(ids)).count()
    if ours != len(ids):
        raise Missing
    district = District.select().where(District.id == dates.district_id, District.office == who.office_id)
    if dates.district_id is not None and not district.exists():
        raise Missing


def _columns(dates: ClosedDates) -> dict[str, object]:
    return {
        "from_date": dates.span.first,
        "to_date": dates.span.last,
        "reason": dates.span.name,
        "reach": dates.reach.value,
        "levels": " ".join(sorted(dates.levels)) if dates.reach == Reach.LEVEL else "",
        "district": dates.district_id if dates.reach == Reach.DISTRICT else None,
    }


def _name_schools(dates_id: int, dates: ClosedDates) -> None:
    if dates.reach == Reach.SCHOOLS:
        rows = [(dates_id, school_id) for school_id in sorted(dates.school_ids)]
        fields = [BlackoutSchool.blackout, BlackoutSchool.school]
        for start in range(0, len(rows), 200):
            BlackoutSchool.insert_many(rows[start : start + 200], fields=fields).execute()


def _told(dates: ClosedDates) -> str:
    return f"{dates.span.first}..{dates.span.last} {dates.reach.value}"
