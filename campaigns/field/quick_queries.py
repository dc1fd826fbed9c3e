"""The list of a day by queue number, as typed lines are judged against it."""

from __future__ import annotations

from dataclasses import dataclass

from campaigns.field.queries import field_page
from campaigns.field.quick_lines import JudgedLine, OnTheList, fingerprint, judged, quick_lines
from campaigns.queries import DayCard, day
from common.access import Who


@dataclass(frozen=True, slots=True)
class QuickPage:
    """What was typed, line by line, and whether it can be stored. `seen` names exactly what is shown."""

    day: DayCard
    lines: tuple[JudgedLine, ...]
    marks: int
    faults: int
    seen: str


def on_the_list(who: Who, day_id: int) -> dict[int, OnTheList]:
    """The students of a day by queue number. Raises Missing."""
    return {
        student.number: OnTheList(
            student.id, student.name, student.class_name, student.outcome, student.reason
        )
        for student in field_page(who, day_id).students
        if student.number is not None
    }


def quick_page(who: Who, day_id: int, text: str) -> QuickPage:
    """The lines judged against the list as it is now. Raises Missing."""
    lines = judged(quick_lines(text), on_the_list(who, day_id))
    return QuickPage(
        day(who, day_id),
        lines,
        sum(len(line.marks) for line in lines),
        sum(1 for line in lines if line.fault),
        fingerprint(lines),
    )
