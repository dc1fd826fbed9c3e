"""When schools are closed: what plans, retakes and pages ask."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from campaigns.calendar import Span
from campaigns.closed_dates import ClosedDates, Reach, SchoolFacts, spans_of
from campaigns.models import BlackoutSchool, SchoolBlackout
from common.access import Who
from common.database import rows_of
from schools.models import School


def closed_dates_of(who: Who) -> dict[int, ClosedDates]:
    """Every closed dates entered in the office, by id."""
    named: dict[int, set[int]] = defaultdict(set)
    rows = (
        BlackoutSchool.select(BlackoutSchool.blackout, BlackoutSchool.school)
        .join(SchoolBlackout)
        .where(SchoolBlackout.office == who.office_id)
    )
    for blackout_id, school_id in rows_of(rows):
        named[blackout_id].add(school_id)
    return {
        row.id: ClosedDates(
            Span(row.from_date, row.to_date, row.reason),
            Reach(row.reach),
            frozenset(row.levels.split()),
            row.district_id,
            frozenset(named[row.id]),
        )
        for row in SchoolBlackout.select().where(SchoolBlackout.office == who.office_id)
    }


def closed_spans(who: Who, school_ids: Iterable[int]) -> dict[int, list[Span]]:
    """School -> the spans in which it is closed, in the order of dates, for these schools of the office."""
    closed = closed_dates_of(who).values()
    if not closed:
        return {school_id: [] for school_id in school_ids}
    wanted = set(school_ids)
    rows = School.select(School.id, School.level, School.district).where(School.office == who.office_id)
    facts = {row[0]: SchoolFacts(*row) for row in rows_of(rows)}
    return {
        school_id: spans_of(facts[school_id], closed) if school_id in facts else [] for school_id in wanted
    }
