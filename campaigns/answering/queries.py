"""A school's wish for another day, judged when it is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from campaigns.booking.basis_queries import plan_basis, why_of
from campaigns.booking.move_queries import dates_to_move_to, tried_move
from campaigns.booking.waiting_queries import WaitingDay, waiting_day
from campaigns.hard_rules import Clash
from campaigns.queries import DayCard, day
from common import clock
from common.access import COORDINATOR, Missing, Who
from schools.queries import teams


@dataclass(frozen=True, slots=True)
class Offer:
    """A date the school offers: the team that is free then (its own where that can), or what stands against it."""

    date: date
    team_id: int
    team_name: str
    room: int
    clashes: tuple[Clash, ...] = ()


@dataclass(frozen=True, slots=True)
class WishPage:
    """A school's wish: the day as it is, since when it waits, and the dates offered as they are now."""

    waiting: WaitingDay
    day: DayCard
    offers: tuple[Offer, ...]
    is_past: bool


class NothingAsked(Exception):
    """The school asks for nothing (any more): its wish was answered, or the page is an old one."""


def wish_page(who: Who, day_id: int) -> WishPage:
    """The wish about a day, each offered date judged anew. Raises Missing, or NothingAsked."""
    card = day(who, day_id)
    if who.role != COORDINATOR:
        raise Missing
    if card.state != "change_asked":
        raise NothingAsked
    today = clock.today(who.time_zone)
    return WishPage(
        waiting_day(card, today, who.time_zone), card, _offers(who, card, today), card.date < today
    )


def _offers(who: Who, card: DayCard, today: date) -> tuple[Offer, ...]:
    offered = why_of(card).offered
    if not offered:
        return ()
    basis = plan_basis(who, card.campaign_id, today, by_hand=True)
    names = {team.id: team.name for team in teams(who)}
    there = list(dates_to_move_to(basis, card, today, offered))
    here = next((visit for visit in basis.visits if basis.days[visit.key].id == card.id), None)
    offers = []
    for on in offered:
        fit = sorted((one for one in there if one.date == on), key=lambda one: one.team != card.team_id)
        if fit:
            offers.append(Offer(on, int(fit[0].team), names[int(fit[0].team)], fit[0].room))
            continue
        clashes = tried_move(basis, here, on, card.team_id)[1] if here is not None else []
        offers.append(Offer(on, card.team_id, card.team_name, 0, tuple(clashes)))
    return tuple(offers)
