"""How far recording days are, for every page that says it in one line: the first pages and the screen on the wall."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from peewee import JOIN, fn

from campaigns.attendance import Outcome, views_of
from campaigns.mark_queries import MARK_FIELDS, mark_from
from campaigns.models import Booking, MarkRow
from common.access import SCHOOL_ADMIN, Who
from common.prepared import Given, Prepared
from schools.models import Student


@dataclass(frozen=True, slots=True)
class DayCount:
    """Of a day: how many have a place, and of those how many have an outcome, are recorded, wait for the data centre.

    So no figure is above `called`. Who was marked without a place (walked in, or lost it since) is in `extra`, and
    in `extra_recorded` when recorded.
    """

    called: int = 0
    done: int = 0
    recorded: int = 0
    waiting: int = 0
    extra: int = 0
    extra_recorded: int = 0


def day_counts(who: Who, day_ids: Sequence[int]) -> dict[int, DayCount]:
    """By day, for days that this person may see; schools share days, and a school is told of its own students."""
    school = who.school_id if who.role == SCHOOL_ADMIN else None
    places, marks = _OF_A_SCHOOL if school else _OF_ALL
    rows = marks.rows(days=day_ids, school=school)
    has_place = {(student, day): bool(booking) for _, student, day, *_, booking in rows}
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for (student, day), view in views_of(mark_from(row[:-1]) for row in rows).items():
        if view.outcome is None:
            continue
        is_called = has_place[student, day]
        its = counts[day]
        its["done" if is_called else "extra"] += 1
        if view.outcome is Outcome.RECORDED:
            its["recorded" if is_called else "extra_recorded"] += 1
        its["waiting"] += is_called and view.outcome is Outcome.WAITING
    called = dict(places.rows(days=day_ids, school=school))
    return {day: DayCount(called.get(day, 0), **counts[day]) for day in day_ids}


def _prepared(of_a_school: bool) -> tuple[Prepared, Prepared]:
    def own(column: Any, given: Given) -> Any:
        students = Student.select(Student.id)
        return column.in_(students.where(Student.school == given("school"))) if of_a_school else True

    places = Prepared(
        lambda given: (
            Booking.select(Booking.day, fn.COUNT(Booking.id))
            .where(given.among(Booking.day, "days"), own(Booking.student, given))
            .group_by(Booking.day)
        )
    )
    marks = Prepared(
        lambda given: (
            MarkRow.select(*MARK_FIELDS, Booking.id)
            .join(
                Booking,
                JOIN.LEFT_OUTER,
                on=((Booking.day == MarkRow.day) & (Booking.student == MarkRow.student)),
            )
            .where(given.among(MarkRow.day, "days"), MarkRow.quarantine == "", own(MarkRow.student, given))
        )
    )
    return places, marks


_OF_ALL, _OF_A_SCHOOL = _prepared(False), _prepared(True)
