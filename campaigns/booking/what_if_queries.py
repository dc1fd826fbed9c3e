"""What is recorded so far, to tell what becomes of coverage under other circumstances."""

from __future__ import annotations

from dataclasses import dataclass

from peewee import fn

from campaigns.booking.basis_queries import Basis, draft_basis
from campaigns.models import Tally
from common.access import Who
from common.database import rows_of


@dataclass(frozen=True, slots=True)
class Standing:
    """The target of a programme and what of it is recorded, and the same of its voters."""

    target: int
    recorded: int
    voters: int
    recorded_voters: int


def what_if_basis(who: Who, campaign_id: int) -> tuple[Basis, Standing]:
    """What a plan is made from, and what is recorded already. Raises Missing."""
    basis = draft_basis(who, campaign_id)
    sums = [fn.COALESCE(fn.SUM(column), 0) for column in _COLUMNS]
    ((target, recorded, voters, recorded_voters),) = rows_of(
        Tally.select(*sums).where(Tally.campaign == campaign_id)
    )
    return basis, Standing(int(target), int(recorded), int(voters), int(recorded_voters))


_COLUMNS = (Tally.target, Tally.recorded, Tally.voters, Tally.recorded_voters)
