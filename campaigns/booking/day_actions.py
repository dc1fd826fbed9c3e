"""Acts on recording days: announce, confirm, ask for another, move, call off."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from accounts.actions import note_change
from campaigns.attendance import DayState, may_move
from campaigns.booking.actions import (
    PlacesGiven,
    arrange_team_day,
    call_off,
    give_places,
    hold_campaign,
    number_parts,
)
from campaigns.booking.basis_queries import plan_basis, why_of
from campaigns.booking.forcing import kept_clash, may_be_forced
from campaigns.booking.hours import TeamDayFull
from campaigns.booking.move_queries import tried_move
from campaigns.booking.moving import Moved
from campaigns.booking.version_actions import keep_version
from campaigns.hard_rules import Clash
from campaigns.models import Booking, Campaign, DayException, RecordingDay
from campaigns.queries import AT_A_SCHOOL, DayCard, day, hosts
from campaigns.scheduling import ReasonKind, Rule
from campaigns.told_actions import note_told
from common import clock
from common.access import COORDINATOR, SCHOOL_ADMIN, Missing, Who

# An ask or a reason stands at the top of the day's page: longer than this it would fill a phone.
MOST_WORDS = 300


@dataclass(frozen=True, slots=True)
class Announced:
    """What announcing did: the days told now, students who fit on none of their school's days, and days left drafts.

    A day on which nobody would have a place is `empty`: no school is told of it.
    """

    days: int
    unplaced: int
    empty: int = 0


@dataclass(frozen=True, slots=True)
class MoveAnswer:
    """What became of a move: refused by the rules named in `clashes`, or done when there are none."""

    clashes: tuple[Clash, ...] = ()


class StateChanged(Exception):
    """The day is no longer in a state in which this can be done: somebody was quicker, or the page was old."""


def announce_day(who: Who, day_id: int) -> Announced:
    """Tell a school of its draft days (both of a large school's) and give its students places.

    Raises Missing, or StateChanged when the day is past or no draft. A second press changes nothing.
    """
    card = _held(who, day_id, COORDINATOR)
    if card.state == "proposed":
        return Announced(0, 0)
    if card.state != "draft" or card.date < clock.today(who.time_zone):
        raise StateChanged
    return _announce(who, card.campaign_id, [card.school_id])


def announce_all(who: Who, campaign_id: int) -> Announced:
    """Tell every school of its draft days that are not past, and give their students places. Raises Missing."""
    if who.role != COORDINATOR:
        raise Missing
    hold_campaign(who, campaign_id)
    rows = (
        RecordingDay.select(RecordingDay.school)
        .where(*_drafts_to_announce(who, campaign_id))
        .distinct()
        .order_by(RecordingDay.school)
    )
    return _announce(who, campaign_id, [row.school_id for row in rows])


def confirm_day(who: Who, day_id: int, whole_school: bool = False, seen: str | None = None) -> int:
    """Confirm a day, or every day the school was told of; newcomers get places. Answers how many were confirmed.

    `seen` are the stamps of the days as they were shown. A second press confirms nothing more. Raises Missing, or
    StateChanged when the day is past, cannot be confirmed, or is another than was shown.
    """
    card = _held_by_host(who, day_id)
    today = clock.today(who.time_zone)
    if card.state == "confirmed":
        return 0
    if not may_move(DayState(card.state), DayState.CONFIRMED) or card.date < today:
        raise StateChanged

    rows = RecordingDay.select().where(RecordingDay.id == card.id)
    if whole_school:
        rows = RecordingDay.select().where(
            RecordingDay.campaign == card.campaign_id,
            RecordingDay.school == card.school_id,
            RecordingDay.kind.in_(AT_A_SCHOOL),
            RecordingDay.state == "proposed",
            RecordingDay.date >= today,
        )
    ids = {row.id for row in rows} | {card.id}
    if seen is not None and not {day(who, one).stamp for one in ids} <= set(seen.split()):
        raise StateChanged

    RecordingDay.update(state="confirmed", confirmed_at=clock.now()).where(
        RecordingDay.id.in_(sorted(ids))
    ).execute()
    for confirmed in sorted(ids):
        note_change(who, "day_confirmed", "recording_day", confirmed)
    if card.kind == "school":
        give_places(who, card.campaign_id, card.school_id)
    return len(ids)


def give_places_of_day(who: Who, day_id: int) -> PlacesGiven:
    """Give the newcomers of a day's school their places. Raises Missing."""
    card = _held_by_host(who, day_id)
    return give_places(who, card.campaign_id, card.school_id)


def ask_for_another_day(
    who: Who, day_id: int, offered: tuple[date, ...], text: str, seen: str | None = None
) -> bool:
    """Write down that a school asks for another day, the dates it offers, and what it says; answers True.

    `seen` is the day's stamp as it was shown. Raises Missing, or StateChanged when it is too late, the day is not one
    that a school can ask about, or another than was shown: what was asked before is not overwritten unseen.
    """
    card = _held(who, day_id, COORDINATOR, SCHOOL_ADMIN)
    if seen is not None and seen != card.stamp:
        raise StateChanged
    asked_again = card.state == "change_asked"
    can = asked_again or may_move(DayState(card.state), DayState.CHANGE_ASKED)
    if not can or card.kind != "school" or card.date <= clock.today(who.time_zone):
        raise StateChanged
    reason = {
        **json.loads(card.reason or "{}"),
        "offered": [one.isoformat() for one in sorted(set(offered))],
        "asked": clock.today(who.time_zone).isoformat(),
    }
    RecordingDay.update(
        state="change_asked", confirmed_at=None, note=text[:MOST_WORDS], reason=json.dumps(reason)
    ).where(RecordingDay.id == card.id).execute()
    note_change(who, "day_change_asked", "recording_day", card.id, f"dates={len(offered)}")
    return True


def call_off_day(who: Who, day_id: int, state: str, reason: str) -> bool:
    """Cancel or postpone a day, with a reason; answers False when it was so already.

    The day stays on record, and its students need a day again.

    Raises Missing, ValueError for another state or without a reason, StateChanged when it is closed or called off.
    """
    if state not in ("cancelled", "postponed") or not reason.strip():
        raise ValueError("cancelled or postponed, with a reason")
    card = _held(who, day_id, COORDINATOR)
    if card.state == state:
        return False
    if not may_move(DayState(card.state), DayState(state)):
        raise StateChanged
    call_off(who, card, state, reason.strip()[:MOST_WORDS])
    keep_version(who, card.campaign_id, f"day_{state}", reason.strip()[:MOST_WORDS])
    return True


def move_day(who: Who, day_id: int, to: date, team_id: int, despite: str = "") -> MoveAnswer:
    """Put a day, and a large school's later days after it, on another date and team.

    A rule that this would break refuses it and is named, unless it may be broken and `despite` says why: then both are
    kept with the day, which is locked where it is. A school that was told is told again: its days are proposed
    anew and its students get new places; a date that the school itself offered counts as confirmed. Raises Missing, or
    StateChanged when the day does not move by hand.
    """
    card = _held(who, day_id, COORDINATOR)
    if (card.date, card.team_id) == (to, team_id):
        return MoveAnswer()
    if card.kind != "school" or card.state in ("open", "closed", "cancelled", "postponed"):
        raise StateChanged
    basis = plan_basis(who, card.campaign_id, clock.today(who.time_zone), by_hand=True)
    if team_id not in basis.campaign.team_ids:
        raise Missing
    here = next((visit for visit in basis.visits if basis.days[visit.key].id == card.id), None)
    if here is None:
        raise StateChanged
    if card.state == "confirmed" or card.is_locked:
        return MoveAnswer((Clash(Rule.LOCKED_DAY, here),))
    moved, clashes = tried_move(basis, here, to, team_id)
    if clashes and not (despite and all(map(may_be_forced, clashes))):
        return MoveAnswer(tuple(clashes))

    moves = [(basis.days[move.before.key], move) for move in moved]
    DayException.delete().where(DayException.day.in_([one.id for one, _ in moves])).execute()
    _put(who, card.campaign_id, moves)
    if clashes:
        _keep_exception(who, card, clashes, despite)
    if card.state == "change_asked" and to in why_of(card).offered:
        confirm_day(who, day_id)
    return MoveAnswer()


def _keep_exception(who: Who, card: DayCard, clashes: list[Clash], despite: str) -> None:
    """Write down what the day breaks and why, and lock it. Nobody is planned beyond what the team can record."""
    rules = json.dumps([kept_clash(clash) for clash in clashes])
    DayException.insert(
        day=card.id, rules=rules, reason=despite[:MOST_WORDS], made_by=who.account_id, made_at=clock.now()
    ).execute()
    RecordingDay.update(is_locked=True).where(RecordingDay.id == card.id).execute()
    RecordingDay.update(planned=RecordingDay.capacity).where(
        RecordingDay.id == card.id, RecordingDay.planned > RecordingDay.capacity
    ).execute()
    words = " ".join(sorted({clash.rule.value for clash in clashes}))
    note_change(who, "day_forced", "recording_day", card.id, words)


def _put(who: Who, campaign_id: int, moves: list[tuple[DayCard, Moved]]) -> None:
    """Move the rows: first away from where they are, then each onto its new team day."""
    campaign = Campaign.get_by_id(campaign_id)
    told_again = False
    for card, _ in moves:
        # Out of the way of one another; nothing reads this state, the transaction is not over.
        RecordingDay.update(state="postponed").where(RecordingDay.id == card.id).execute()
    for card, _ in moves:
        arrange_team_day(who, campaign_id, card.team_id, card.date)
    for card, move in moves:
        state = "draft" if card.state == "draft" else "proposed"
        told_again |= state == "proposed"
        Booking.delete().where(Booking.day == card.id).execute()
        _make_room(who, campaign_id, int(move.after.team), move.after.date)
        RecordingDay.update(
            state="draft",
            date=move.after.date,
            team=move.after.team,
            planned=card.planned,
            reason=json.dumps({"kind": ReasonKind.BY_HAND.value}),
            starts_at=campaign.day_start,
            ends_at=campaign.day_end,
            **_free_half(int(move.after.team), move.after.date),
        ).where(RecordingDay.id == card.id).execute()
        arrange_team_day(who, campaign_id, int(move.after.team), move.after.date)
        if state == "proposed":
            RecordingDay.update(state=state, announced_at=clock.now(), note="").where(
                RecordingDay.id == card.id
            ).execute()
        note_change(
            who,
            "day_moved",
            "recording_day",
            card.id,
            f"{card.date} -> {move.after.date} team={move.after.team}",
        )
    school_id = moves[0][0].school_id
    told = [move for move in moves if move[0].state != "draft"]
    number_parts(who, campaign_id, school_id)
    if told_again:
        give_places(who, campaign_id, school_id)
    note_told(who, "moved", [card.id for card, _ in told], {card.id: card for card, _ in told})
    keep_version(who, campaign_id, "day_moved")


def _make_room(who: Who, campaign_id: int, team_id: int, on: date) -> None:
    """Let the visit that has the whole of a team's day keep the half it begins in."""
    campaign = Campaign.get_by_id(campaign_id)
    for row in RecordingDay.select().where(
        RecordingDay.team == team_id,
        RecordingDay.date == on,
        RecordingDay.takes_morning == 1,
        RecordingDay.takes_afternoon == 1,
        RecordingDay.state.not_in(("cancelled", "postponed")),
    ):
        begins_late = row.starts_at > campaign.day_start
        halves = {"takes_morning": None} if begins_late else {"takes_afternoon": None}
        RecordingDay.update(**halves).where(RecordingDay.id == row.id).execute()


def _free_half(team_id: int, on: date) -> dict[str, int | None]:
    """The halves of a team's day that nobody has. Raises TeamDayFull."""
    rows = list(
        RecordingDay.select().where(
            RecordingDay.team == team_id,
            RecordingDay.date == on,
            RecordingDay.state.not_in(("cancelled", "postponed")),
        )
    )
    morning = not any(row.takes_morning for row in rows)
    afternoon = not any(row.takes_afternoon for row in rows)
    if not morning and not afternoon:
        raise TeamDayFull
    return {"takes_morning": 1 if morning else None, "takes_afternoon": 1 if afternoon else None}


def _announce(who: Who, campaign_id: int, school_ids: list[int]) -> Announced:
    days = unplaced = empty = 0
    for school_id in school_ids:
        drafts = list(
            RecordingDay.select(RecordingDay.id).where(
                *_drafts_to_announce(who, campaign_id), RecordingDay.school == school_id
            )
        )
        RecordingDay.update(state="proposed", announced_at=clock.now()).where(
            RecordingDay.id.in_([row.id for row in drafts])
        ).execute()
        unplaced += len(give_places(who, campaign_id, school_id).unplaced)
        ids = [row.id for row in drafts]
        seated = {row.day_id for row in Booking.select(Booking.day).where(Booking.day.in_(ids)).distinct()}
        without = [day_id for day_id in ids if day_id not in seated]
        RecordingDay.update(state="draft", announced_at=None).where(RecordingDay.id.in_(without)).execute()
        days += len(seated)
        empty += len(without)
        for day_id in sorted(seated):
            note_change(who, "day_announced", "recording_day", day_id)
        note_told(who, "announced", sorted(seated))
    if days:
        keep_version(who, campaign_id, "day_announced")
    return Announced(days, unplaced, empty)


def _drafts_to_announce(who: Who, campaign_id: int) -> tuple[object, ...]:
    return (
        RecordingDay.campaign == campaign_id,
        RecordingDay.office == who.office_id,
        RecordingDay.kind == "school",
        RecordingDay.state == "draft",
        RecordingDay.date >= clock.today(who.time_zone),
    )


def _held_by_host(who: Who, day_id: int) -> DayCard:
    """The day, held, for the office or the school it is at. Raises Missing for a school whose students only come."""
    card = _held(who, day_id, COORDINATOR, SCHOOL_ADMIN)
    if who.role == SCHOOL_ADMIN and not hosts(who, card):
        raise Missing
    return card


def _held(who: Who, day_id: int, *roles: str) -> DayCard:
    """The day, read after its programme is held. Raises Missing for who may not see or change it."""
    card = day(who, day_id)
    if who.role not in roles:
        raise Missing
    hold_campaign(who, card.campaign_id)
    return day(who, day_id)
