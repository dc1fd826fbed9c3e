"""A plan that was made: taken at once where there is nothing to compare it with, else looked at first."""

from __future__ import annotations

from campaigns.booking.actions import BasisChanged, PlanSaved, hold_campaign, save_plan
from campaigns.booking.basis_queries import Basis, draft_basis
from campaigns.booking.version_queries import standing_visits
from campaigns.models import PlanProposal
from campaigns.proposal import left_out_of_text, left_out_text, problem_key, visits_of_text, visits_text
from campaigns.scheduling import Bound, Plan, Score
from common import clock
from common.access import COORDINATOR, Missing, Who


class NoPlanWaits(Exception):
    """No plan waits to be taken: it was taken or put aside before."""


def propose_plan(who: Who, basis: Basis, plan: Plan) -> PlanSaved | None:
    """Take a programme's first plan; keep another one beside the days that stand, and answer None.

    A plan that waited before makes room. Raises Missing; BasisChanged as `save_plan`.
    """
    _coordinator(who)
    campaign_id = basis.campaign.id
    hold_campaign(who, campaign_id)
    PlanProposal.delete().where(PlanProposal.campaign == campaign_id).execute()
    if not standing_visits(who, campaign_id):
        return save_plan(who, basis, plan)
    PlanProposal.insert(
        office=who.office_id,
        campaign=campaign_id,
        basis=problem_key(basis.problem),
        visits=visits_text(plan.visits),
        left_out=left_out_text(plan.left_out),
        bound_voters=plan.bound.voters,
        is_proved=plan.proved,
        made_by=who.account_id,
        made_at=clock.now(),
    ).execute()
    return None


def take_plan(who: Who, campaign_id: int, note: str = "") -> PlanSaved:
    """Put the plan that waits in the place of the drafts; `note` is told of days that it postpones.

    Raises Missing; NoPlanWaits, as on a second press; BasisChanged where students, days or calendars changed since.
    """
    _coordinator(who)
    hold_campaign(who, campaign_id)
    row = PlanProposal.get_or_none(PlanProposal.campaign == campaign_id, PlanProposal.office == who.office_id)
    if row is None:
        raise NoPlanWaits
    basis = draft_basis(who, campaign_id)
    if problem_key(basis.problem) != row.basis:
        raise BasisChanged
    nothing = Score(0, 0, 0, 0, 0)
    plan = Plan(
        visits_of_text(row.visits),
        left_out_of_text(row.left_out),
        nothing,
        Bound(row.bound_voters, 0, 0),
        row.is_proved,
    )

    saved = save_plan(who, basis, plan, note)
    PlanProposal.delete().where(PlanProposal.campaign == campaign_id).execute()
    return saved


def put_plan_aside(who: Who, campaign_id: int) -> bool:
    """Let go of the plan that waits; False where none does. Raises Missing."""
    _coordinator(who)
    hold_campaign(who, campaign_id)
    return bool(PlanProposal.delete().where(PlanProposal.campaign == campaign_id).execute())


def _coordinator(who: Who) -> None:
    if who.role != COORDINATOR:
        raise Missing
