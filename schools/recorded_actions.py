"""The act that says of students that they were, or were not, recorded for the KTP-el before the programme."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.actions import note_change
from common import clock
from common.access import Who
from schools.actions import students_changed
from schools.models import Student

AT_ONCE = 500  # ids in one statement


def set_recorded_before(who: Who, student_ids: Iterable[int], is_recorded: bool) -> int:
    """Say that students were recorded before, or were not after all; answers how many changed. Counts follow.

    Students of other offices, and those of whom it was known, are left alone. The log gets one row with the number:
    whose list said it of whom is kept with the list.
    """
    ids = sorted(set(student_ids))
    changed: list[int] = []
    schools: set[int] = set()
    for start in range(0, len(ids), AT_ONCE):
        found = Student.select(Student.id, Student.school).where(
            Student.id.in_(ids[start : start + AT_ONCE]),
            Student.office == who.office_id,
            Student.recorded_before != is_recorded,
        )
        for student in found:
            changed.append(student.id)
            schools.add(student.school_id)

    for start in range(0, len(changed), AT_ONCE):
        Student.update(recorded_before=is_recorded, updated_at=clock.now()).where(
            Student.id.in_(changed[start : start + AT_ONCE])
        ).execute()
    if changed:
        note_change(
            who,
            "students_recorded_before" if is_recorded else "students_not_recorded",
            "student",
            changed[0] if len(changed) == 1 else None,
            f"students={len(changed)}",
        )
    students_changed(who.office_id, schools)
    return len(changed)
