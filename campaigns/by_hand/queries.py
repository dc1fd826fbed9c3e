"""What moving a day would break and cost, before it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from campaigns.booking.basis_queries import plan_basis
from campaigns.booking.forcing import Cost, cost_of, may_be_forced
from campaigns.booking.move_queries import tried_move
from campaigns.booking.moving import Moved
from campaigns.hard_rules import Clash
from campaigns.queries import DayCard, day
from common import clock
from common.access import COORDINATOR, Missing, Who
from schools.queries import team


@dataclass(frozen=True, slots=True)
class TriedMove:
    """A move looked at: the rules it breaks, its cost, and the days that move with it (the first is the day itself)."""

    day: DayCard
    to: date
    team_id: int
    team_name: str
    clashes: tuple[Clash, ...]
    cost: Cost
    moved: tuple[Moved, ...]
    is_settled: bool

    @property
    def may_be_forced(self) -> bool:
        """Whether a reason helps against every rule that stands in the way."""
        return not self.is_settled and all(may_be_forced(clash) for clash in self.clashes)


def tried(who: Who, day_id: int, to: date, team_id: int) -> TriedMove:
    """What the move would do; nothing is changed. `is_settled` tells that the day does not move. Raises Missing."""
    card = day(who, day_id)
    if who.role != COORDINATOR:
        raise Missing
    crew = team(who, team_id)
    settled = card.kind != "school" or card.is_locked
    if settled or card.state not in ("draft", "proposed", "change_asked"):
        return TriedMove(card, to, crew.id, crew.name, (), Cost(), (), True)
    basis = plan_basis(who, card.campaign_id, clock.today(who.time_zone), by_hand=True)
    here = next((visit for visit in basis.visits if basis.days[visit.key].id == card.id), None)
    if here is None or team_id not in basis.campaign.team_ids:
        raise Missing
    moved, clashes = tried_move(basis, here, to, team_id)
    own = [clash for clash in clashes if clash.visit.school == card.school_id and clash.visit.date == to]
    cost = cost_of(own, card.planned, card.planned_voters)
    return TriedMove(card, to, crew.id, crew.name, tuple(clashes), cost, moved, False)
