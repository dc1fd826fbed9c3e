"""Where a recording day could go: tried as the move itself would be, so that what is offered can be done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from campaigns.booking.basis_queries import Basis
from campaigns.booking.moving import Moved, clashes_of_move, moved_visits
from campaigns.hard_rules import Clash
from campaigns.queries import DayCard
from campaigns.scheduling import FreeDay, Visit, days_left_free


def tried_move(basis: Basis, here: Visit, to: date, team_id: int) -> tuple[tuple[Moved, ...], list[Clash]]:
    """What moving that visit would do, the school's later days following, and the hard rules it would break.

    A day that is confirmed stands in its own way as little as another: it moves once the school asks for it.
    """
    movable = {
        key
        for key, other in basis.days.items()
        if other.school_id == here.school
        and (key == here.key or other.state in ("draft", "proposed", "change_asked"))
        and not other.is_locked
    }
    locked = tuple(row for row in basis.problem.locked if (row.school, row.team, row.date) not in movable)
    problem = replace(basis.problem, locked=locked)
    moved = moved_visits(problem, basis.visits, here, to, team_id)
    return moved, clashes_of_move(problem, basis.visits, moved)


def dates_to_move_to(
    basis: Basis, card: DayCard, today: date, among: Iterable[date] | None = None
) -> Iterator[FreeDay]:
    """The days after today to which that day could be moved, in the order of dates, found as they are asked for.

    `among` narrows to some dates. Left out are the dates of the school's other days and those on which a day of it
    was called off.
    """
    here = next((visit for visit in basis.visits if basis.days[visit.key].id == card.id), None)
    need = next((school for school in basis.problem.schools if school.id == card.school_id), None)
    if here is None or need is None:
        return
    others = {visit.date for visit in basis.visits if visit.school == card.school_id and visit is not here}
    barred = others | {day for school, day in basis.called_off if school == card.school_id}
    wanted = None if among is None else set(among)
    for free in days_left_free(basis.problem, basis.visits, need, card.planned):
        if free.date <= today or free.date in barred or (wanted is not None and free.date not in wanted):
            continue
        if (free.date, free.team) == (card.date, card.team_id) or int(
            free.team
        ) not in basis.campaign.team_ids:
            continue
        # A school with one day breaks no rule that `days_left_free` does not know; with several they must follow.
        if not others or not tried_move(basis, here, free.date, int(free.team))[1]:
            yield free
