"""What the crew says of a day's pace, and moving the tail of its queue to a later day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import time

from peewee import fn

from accounts.actions import note_change
from campaigns.booking.actions import count_places, hold_campaign
from campaigns.booking.version_actions import keep_version
from campaigns.field.actions import NotAllowed, locked_day
from campaigns.field.models import DayPace
from campaigns.field.pace_queries import pace_page
from campaigns.field.retake_actions import book_retake
from campaigns.field.tail_queries import pace_with_retake
from campaigns.models import Booking, RecordingDay
from campaigns.places import DayForSchool, slot_starts
from campaigns.queries import campaign, day
from common import clock
from common.access import COORDINATOR, OFFICER, Missing, Who


def say_pace(who: Who, day_id: int, network_is_bad: bool, kits: int) -> None:
    """Remember what the crew says: a bad network counts at the poor rate, kits that broke do not count.

    Raises Missing, NotAllowed ("kits") for more kits than the team has.
    """
    if who.role not in (COORDINATOR, OFFICER):
        raise Missing
    page = pace_page(who, day_id)
    if not 0 <= kits <= page.day.kits:
        raise NotAllowed("kits")

    DayPace.delete().where(DayPace.day == day_id).execute()
    DayPace.create(
        day=day_id, network_is_bad=network_is_bad, kits=kits, set_by=who.account_id, set_at=clock.now()
    )
    note_change(who, "pace_said", "recording_day", day_id, f"bad={int(network_is_bad)} kits={kits}")


def move_tail(who: Who, day_id: int, to_day_id: int, students: Sequence[int]) -> int:
    """Give these students of the queue, who were shown by name, a place on the later day; answers how many.

    Whoever was marked or moved meanwhile stays as he or she is; a later day takes no more than it has room for, and
    each gets a number that nobody had. Raises Missing, NotAllowed ("later") when that day takes nobody any more.
    """
    here = locked_day(who, day_id)
    page = pace_page(who, day_id)
    if page.later is None or page.later.id != to_day_id:
        if page.tail or not students:
            raise NotAllowed("later")
        return 0
    later = locked_day(who, to_day_id)
    wanted = [one.id for one in page.tail if one.id in set(students)][-page.later.room :]

    taken = Booking.select(fn.MAX(Booking.queue_number)).where(Booking.day == later.id).scalar() or 0
    shape = DayForSchool(
        later.id,
        later.date,
        time.fromisoformat(later.starts_at),
        time.fromisoformat(later.ends_at),
        later.capacity,
    )
    for number, student in enumerate(wanted, taken + 1):
        Booking.delete().where(Booking.day == here.id, Booking.student == student).execute()
        Booking.create(
            day=later.id,
            student=student,
            queue_number=number,
            slot=slot_starts(shape, number).strftime("%H:%M"),
        )
    for moved in (here, later):
        count = Booking.select().where(Booking.day == moved.id).count()
        RecordingDay.update(planned=count).where(RecordingDay.id == moved.id).execute()
    note_change(who, "tail_moved", "recording_day", here.id, f"students={len(wanted)} to={later.id}")
    return len(wanted)


def move_tail_to_retake(
    who: Who, day_id: int, on: str, team_id: int, students: Sequence[int]
) -> tuple[int, int]:
    """Book the retake day that was shown for the end of the queue, for those students who were shown.

    Answers how many, and the day they come on (0 where nobody was moved).

    Whoever was marked or moved meanwhile stays as he or she is, and a second press moves nobody. Raises Missing,
    NotAllowed ("later") when another day would be proposed now than the one shown (its date and team).
    """
    card = day(who, day_id)
    hold_campaign(who, card.campaign_id)
    locked_day(who, day_id)
    page, proposed = pace_with_retake(who, day_id)
    if not page.tail:
        return 0, 0
    if proposed is None or (proposed.found.date.isoformat(), proposed.found.team) != (on, team_id):
        raise NotAllowed("later")

    shown = set(students)
    (group,) = proposed.found.groups
    wanted = tuple(student for student in group.students if student in shown)

    if not wanted:
        return 0, 0
    found = replace(proposed.found, groups=(replace(group, students=wanted),))
    Booking.delete().where(Booking.day == day_id, Booking.student.in_(wanted)).execute()
    to = book_retake(who, campaign(who, card.campaign_id), replace(proposed, found=found), from_day=day_id)
    count_places(who, card.campaign_id, [day_id])
    note_change(who, "tail_moved", "recording_day", day_id, f"students={len(wanted)} to={to}")
    keep_version(who, card.campaign_id, "tail_moved")
    return len(wanted), to
