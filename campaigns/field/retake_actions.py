"""Booking the retake days that a coordinator accepts."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import time

from accounts.actions import note_change
from campaigns.actions import refresh_standings
from campaigns.field.retake_queries import ProposedDay, retake_proposal
from campaigns.models import Booking, RecordingDay
from campaigns.places import DayForSchool, class_order, slot_starts
from campaigns.queries import CampaignCard, CutOffs, campaign, is_voter
from common import clock
from common.access import Who
from schools.models import School, Student


@dataclass(frozen=True, slots=True)
class Accepted:
    """Which proposals became days, and how many could not because something changed meanwhile."""

    day_ids: tuple[int, ...]
    students: int
    changed: int


def accept_retakes(
    who: Who, campaign_id: int, school_ids: Collection[int], keys: Collection[str]
) -> Accepted:
    """Book the proposed days with these keys: each becomes a retake day told to its school, with numbered places.

    The proposal is made again here; what is not in it any more is not booked, and so a second press books nothing.
    Raises Missing.
    """
    card = campaign(who, campaign_id)
    proposed = {day.key: day for day in retake_proposal(who, campaign_id, school_ids).days}

    chosen = [proposed[key] for key in dict.fromkeys(keys) if key in proposed]

    day_ids = tuple(_book(who, card, day) for day in chosen)
    students = [student for day in chosen for group in day.found.groups for student in group.students]
    refresh_standings(campaign_id, students)
    return Accepted(day_ids, len(students), len(set(keys)) - len(chosen))


def _book(who: Who, card: CampaignCard, proposed: ProposedDay) -> int:
    found = proposed.found
    ids = [student for group in found.groups for student in group.students]
    order = {group.school: n for n, group in enumerate(found.groups)}
    students = sorted(
        Student.select(Student, School).join(School).where(Student.id.in_(ids)),
        key=lambda student: (
            order[student.school_id],
            class_order(student.class_name),
            student.name_key,
            student.id,
        ),
    )
    voters = Student.select().where(Student.id.in_(ids), is_voter(CutOffs.of(card))).count()
    now = clock.now()
    day = RecordingDay.create(
        office=who.office_id,
        campaign=card.id,
        date=found.date,
        team=found.team,
        school=found.venue,
        kind="retake",
        state="proposed",
        takes_morning=1,
        takes_afternoon=1,
        starts_at=card.day_start,
        ends_at=card.day_end,
        capacity=max(proposed.capacity, len(ids)),
        planned=len(ids),
        planned_voters=voters,
        reason=json.dumps({"kind": found.reason.value}),
        announced_at=now,
        created_at=now,
    )
    shape = DayForSchool(
        day.id,
        found.date,
        time.fromisoformat(card.day_start),
        time.fromisoformat(card.day_end),
        day.capacity,
    )
    Booking.insert_many(
        [
            {
                "day": day.id,
                "student": student.id,
                "queue_number": number,
                "slot": slot_starts(shape, number).strftime("%H:%M"),
            }
            for number, student in enumerate(students, 1)
        ]
    ).execute()
    note_change(who, "retake_day_booked", "recording_day", day.id, f"students={len(ids)}")
    return day.id
