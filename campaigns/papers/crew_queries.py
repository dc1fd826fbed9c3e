"""Who goes out with which team: for the page that says so, and for the annex of a letter of duty."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from peewee import fn

from accounts.models import Account
from accounts.queries import office_card
from campaigns.booking.paper_queries import letterhead_of, printed_by
from campaigns.crew_list import Crew, CrewDay, CrewListPage
from campaigns.field.models import Device
from campaigns.models import Booking, RecordingDay
from campaigns.papers.models import CrewDevice, CrewMember
from campaigns.queries import ANNOUNCED_STATES, day_cards, visible_days
from common.access import COORDINATOR, OFFICER, Missing, Who
from common.database import rows_of
from schools.models import Team
from schools.queries import team as team_of_office


@dataclass(frozen=True, slots=True)
class CrewPage:
    """A team, everyone and everything that could go with it, and who and what does."""

    team_id: int
    team_name: str
    officers: tuple[tuple[int, str], ...]
    devices: tuple[tuple[int, str], ...]
    chosen_officers: frozenset[int]
    chosen_devices: frozenset[int]


def crew_page(who: Who, team_id: int) -> CrewPage:
    """Who may be chosen for a team and who is. Raises Missing."""
    if not who.is_coordinator:
        raise Missing
    team = team_of_office(who, team_id)
    return CrewPage(
        team_id=team.id,
        team_name=team.name,
        officers=tuple(rows_of(_officers(who).select(Account.id, Account.name))),
        devices=tuple(rows_of(_devices(who).select(Device.id, Device.name))),
        chosen_officers=_ids(CrewMember.select(CrewMember.account).where(CrewMember.team == team_id)),
        chosen_devices=_ids(CrewDevice.select(CrewDevice.device).where(CrewDevice.team == team_id)),
    )


def crew_list(who: Who, first: date, last: date, team_id: int | None = None) -> CrewListPage:
    """The annex for these dates: every team that goes out, or the one asked for. Raises Missing."""
    if not who.is_coordinator:
        raise Missing
    query = (
        visible_days(who)
        .where(RecordingDay.date.between(first, last), RecordingDay.state.in_(ANNOUNCED_STATES))
        .order_by(RecordingDay.date, RecordingDay.starts_at, RecordingDay.id)
    )
    cards = day_cards(query.where(RecordingDay.team == team_id) if team_id else query)
    counts = Booking.select(Booking.day, fn.COUNT(Booking.id)).where(
        Booking.day.in_([card.id for card in cards])
    )
    students: dict[int, int] = dict(rows_of(counts.group_by(Booking.day)))
    days: dict[int, list[CrewDay]] = defaultdict(list)
    for card in cards:
        place = f"{card.school_name} · {card.venue}" if card.venue else card.school_name
        days[card.team_id].append(
            CrewDay(
                card.date,
                time.fromisoformat(card.starts_at),
                time.fromisoformat(card.ends_at),
                place,
                card.district_name,
                students.get(card.id, 0),
            )
        )
    officers = _by_team(
        _officers(who)
        .select(CrewMember.team, Account.name)
        .join(CrewMember, on=(CrewMember.account == Account.id))
        .where(CrewMember.team.in_(list(days)))
    )
    devices = _by_team(
        _devices(who)
        .select(CrewDevice.team, Device.name)
        .join(CrewDevice, on=(CrewDevice.device == Device.id))
        .where(CrewDevice.team.in_(list(days)))
    )
    teams = Team.select().where(Team.id.in_(list(days))).order_by(Team.name, Team.id)
    return CrewListPage(
        letterhead=letterhead_of(office_card(who)),
        first=first,
        last=last,
        crews=tuple(
            Crew(row.name, row.kits, officers[row.id], devices[row.id], tuple(days[row.id])) for row in teams
        ),
        printed=printed_by(who),
    )


def _officers(who: Who) -> Any:
    """Who may go out: the office's officers and coordinators who still sign in."""
    return (
        Account.select()
        .where(
            Account.office == who.office_id,
            Account.role.in_((OFFICER, COORDINATOR)),
            Account.disabled_at.is_null(),
        )
        .order_by(Account.name, Account.id)
    )


def _devices(who: Who) -> Any:
    """The office's devices that are registered and not disabled."""
    return (
        Device.select()
        .where(
            Device.office == who.office_id, Device.registered_at.is_null(False), Device.disabled_at.is_null()
        )
        .order_by(Device.name, Device.id)
    )


def _by_team(query: Any) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = defaultdict(tuple)
    for team_id, name in rows_of(query):
        found[team_id] += (name,)
    return found


def _ids(query: Any) -> frozenset[int]:
    return frozenset(found for (found,) in rows_of(query))
