"""When schools are closed: what plans, retakes and pages ask."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from peewee import JOIN

from campaigns.calendar import Span
from campaigns.closed_dates import ClosedDates, Reach, SchoolFacts, spans_of
from campaigns.models import BlackoutSchool, SchoolBlackout
from common.access import Who
from common.prepared import Prepared
from schools.models import School


def closed_dates_of(who: Who) -> dict[int, ClosedDates]:
    """Every closed dates entered in the office, by id."""
    rows = _CLOSED_DATES.rows(office=who.office_id)
    named: dict[int, set[int]] = defaultdict(set)
    for dates_id, *_, school_id in rows:
        if school_id is not None:
            named[dates_id].add(school_id)
    return {
        dates_id: ClosedDates(
            Span(first, last, reason),
            Reach(reach),
            frozenset(levels.split()),
            district_id,
            frozenset(named[dates_id]),
        )
        for dates_id, first, last, reason, reach, levels, district_id, _ in rows
    }


_CLOSED_DATES = Prepared(  # a row for each school that they name, or one
    lambda given: (
        SchoolBlackout.select(
            SchoolBlackout.id,
            SchoolBlackout.from_date,
            SchoolBlackout.to_date,
            SchoolBlackout.reason,
            SchoolBlackout.reach,
            SchoolBlackout.levels,
            SchoolBlackout.district,
            BlackoutSchool.school,
        )
        .join(BlackoutSchool, JOIN.LEFT_OUTER)
        .where(SchoolBlackout.office == given("office"))
        .order_by(SchoolBlackout.id)
    )
)


def closed_spans(who: Who, school_ids: Iterable[int]) -> dict[int, list[Span]]:
    """School -> the spans in which it is closed, in the order of dates, for these schools of the office."""
    closed = closed_dates_of(who).values()
    if not closed:
        return {school_id: [] for school_id in school_ids}
    facts = {row[0]: SchoolFacts(*row) for row in _SCHOOL_FACTS.rows(office=who.office_id)}
    return {
        school_id: spans_of(facts[school_id], closed) if school_id in facts else []
        for school_id in set(school_ids)
    }


_SCHOOL_FACTS = Prepared(
    lambda given: School.select(School.id, School.level, School.district).where(
        School.office == given("office")
    )
)
