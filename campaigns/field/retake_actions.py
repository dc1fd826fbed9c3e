"""Calling students again: booking the days that a coordinator accepts, and taking that back."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import time

from peewee import fn

from accounts.actions import note_change
from accounts.queries import office_card
from campaigns.actions import refresh_standings
from campaigns.booking.actions import call_off, count_places, hold_campaign
from campaigns.booking.version_actions import keep_version
from campaigns.field.actions import NotAllowed
from campaigns.field.models import Retake, RetakeCall
from campaigns.field.opening import Opening
from campaigns.field.opening_queries import office_opening
from campaigns.field.retake_queries import ProposedDay, retake_proposal
from campaigns.models import Booking, MarkRow, RecordingDay, StandingRow
from campaigns.places import DayForSchool, class_order, slot_starts
from campaigns.queries import SHARED_KINDS, CampaignCard, campaign, day
from campaigns.retake_ways import EVERY_WAY, Way
from campaigns.retakes import RetakeGroup, RetakeReason
from campaigns.told_actions import note_told
from common import clock
from common.access import Missing, Who
from common.database import rows_of
from schools.models import School, Student

# What kind of day a way makes; the others put students on a day that stands.
_KINDS = {RetakeReason.OFFICE: "office", RetakeReason.HOME: "home"}


@dataclass(frozen=True, slots=True)
class Accepted:
    """Which days the students of the accepted proposals come on, and how many could not be booked as shown."""

    day_ids: tuple[int, ...]
    students: int
    changed: int


def accept_retakes(
    who: Who,
    campaign_id: int,
    school_ids: Collection[int],
    keys: Collection[str],
    ways: frozenset[Way] = EVERY_WAY,
) -> Accepted:
    """Book the proposals with these keys: each makes a day, or fills places of one that stands, with queue numbers.

    The proposal is made again here; what is not in it any more is not booked, and so a second press books nothing.
    Raises Missing.
    """
    card = campaign(who, campaign_id)
    hold_campaign(who, campaign_id)
    proposed = {one.key: one for one in retake_proposal(who, campaign_id, school_ids, ways).days}

    chosen = [proposed[key] for key in dict.fromkeys(keys) if key in proposed]

    day_ids = tuple(book_retake(who, card, one) for one in chosen)
    if day_ids:
        keep_version(who, campaign_id, "retake_day_booked")
    return Accepted(day_ids, sum(one.found.students for one in chosen), len(set(keys)) - len(chosen))


def book_retake(who: Who, card: CampaignCard, proposed: ProposedDay, from_day: int | None = None) -> int:
    """Book one proposed day, which the caller found free while holding the programme; answers the day's id.

    `from_day` is the day whose students come another time before anything came of it.
    """
    found = proposed.found
    students = [student for group in found.groups for student in group.students]
    day_id = found.day or _new_day(who, card, proposed, office_opening(who))

    call = RetakeCall.create(
        office=who.office_id,
        campaign=card.id,
        day=day_id,
        way=found.reason.value,
        made_day=found.day is None,
        students=len(students),
        called_by=who.account_id,
        called_at=clock.now(),
    ).id
    _give_places(who, card, day_id, call, _in_order(found.groups), from_day)
    count_places(who, card.id, [day_id])
    refresh_standings(card.id, students)
    note_change(
        who,
        "retake_day_booked",
        "recording_day",
        day_id,
        f"students={len(students)} way={found.reason.value}",
    )
    # the schools whose students go there are told; on a school's own second day they are with the others on its list
    if RecordingDay.get_by_id(day_id).kind in SHARED_KINDS:
        note_told(who, "announced", [day_id])
    return day_id


def take_back_call(who: Who, call_id: int) -> int:
    """Give the places of one call up again, but for students marked since; answers how many are due a date again.

    A day that the call made and that holds nobody any more is cancelled. Twice does nothing.
    Raises Missing, NotAllowed ("held") when the day is being held or is over.
    """
    row = RetakeCall.get_or_none(RetakeCall.id == call_id, RetakeCall.office == who.office_id)
    if row is None or not who.is_coordinator:
        raise Missing
    hold_campaign(who, row.campaign_id)
    if row.taken_back_at is not None:
        return 0
    card = day(who, row.day_id)
    if card.state in ("open", "closed") or card.date <= clock.today(who.time_zone):
        raise NotAllowed("held")
    marked = MarkRow.select(MarkRow.student).where(MarkRow.day == card.id, MarkRow.student.is_null(False))
    its = (
        Booking.select(Booking.id, Booking.student)
        .join(Retake, on=(Retake.booking == Booking.id))
        .where(Retake.call == call_id, Booking.student.not_in(marked))
    )
    places = dict(rows_of(its))

    Booking.delete().where(Booking.id.in_(list(places))).execute()
    RetakeCall.update(taken_back_at=clock.now(), taken_back_by=who.account_id).where(
        RetakeCall.id == call_id
    ).execute()
    is_live = card.state not in ("cancelled", "postponed")
    if row.made_day and is_live and not Booking.select().where(Booking.day == card.id).exists():
        call_off(who, card, "cancelled", "")
    count_places(who, row.campaign_id, [card.id])
    refresh_standings(row.campaign_id, places.values())
    note_change(who, "retake_taken_back", "recording_day", card.id, f"students={len(places)}")
    keep_version(who, row.campaign_id, "retake_taken_back")
    return len(places)


def _new_day(who: Who, card: CampaignCard, proposed: ProposedDay, opening: Opening) -> int:
    found = proposed.found
    kind = _KINDS.get(found.reason, "retake")
    now = clock.now()
    at_office = kind == "office"
    row = RecordingDay.create(
        office=who.office_id,
        campaign=card.id,
        date=found.date,
        team=found.team,
        school=found.venue,
        venue=office_card(who).name if at_office else "",
        kind=kind,
        # nobody has to confirm that the office is open, or that a student is at home
        state="proposed" if kind == "retake" else "confirmed",
        takes_morning=1,
        takes_afternoon=1,
        starts_at=opening.starts_at if at_office else card.day_start,
        ends_at=opening.ends_at if at_office else card.day_end,
        capacity=max(proposed.capacity, found.students),
        reason=json.dumps({"kind": found.reason.value}),
        announced_at=now,
        confirmed_at=None if kind == "retake" else now,
        created_at=now,
    )
    return int(row.id)


def _in_order(groups: Sequence[RetakeGroup]) -> list[Student]:
    """The students school by school as proposed, class by class, by name."""
    order = {group.school: n for n, group in enumerate(groups)}
    ids = [student for group in groups for student in group.students]
    return sorted(
        Student.select(Student, School).join(School).where(Student.id.in_(ids)),
        key=lambda student: (
            order[student.school_id],
            class_order(student.class_name),
            student.name_key,
            student.id,
        ),
    )


def _give_places(
    who: Who,
    card: CampaignCard,
    day_id: int,
    call: int,
    students: list[Student],
    from_day: int | None,
) -> None:
    """A number that nobody had for each, and beside it which try this is and what came of the one before."""
    row = RecordingDay.get(RecordingDay.id == day_id, RecordingDay.office == who.office_id)
    shape = DayForSchool(
        day_id,
        row.date,
        time.fromisoformat(row.starts_at),
        time.fromisoformat(row.ends_at),
        row.capacity,
    )
    last = Booking.select(fn.MAX(Booking.queue_number)).where(Booking.day == day_id).scalar() or 0
    standings = {
        one.student_id: one
        for one in StandingRow.select().where(
            StandingRow.campaign == card.id, StandingRow.student.in_([student.id for student in students])
        )
    }
    for number, student in enumerate(students, last + 1):
        booking = Booking.create(
            day=day_id,
            student=student.id,
            queue_number=number,
            slot=slot_starts(shape, number).strftime("%H:%M"),
        )
        before = standings.get(student.id)
        Retake.create(
            booking=booking.id,
            call=call,
            attempt=before.attempts + 1 if before else 1,
            outcome=before.outcome if before else "",
            reason=before.reason if before else "",
            from_day=before.last_day_id if before else from_day,
        )
