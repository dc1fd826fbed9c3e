"""Making a plan, looking at it beside the one that stands, taking it; the versions kept; what if."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from campaigns.booking import actions, proposal_actions, version_queries
from campaigns.booking.basis_queries import draft_basis
from campaigns.booking.rate_actions import take_over_rate
from campaigns.booking.what_if_queries import Standing, what_if_basis
from campaigns.capacity import Network
from campaigns.planning import make_plan
from campaigns.scheduling import Plan, Problem
from campaigns.what_if import MOST_KITS, MOST_RATE, MOST_TEAMS, WhatIf, under
from common import access
from common.access import Route, allow
from common.handler import Handler, whole_number
from common.i18n import N_

REPLANNED = N_("It could not stay where it was, and the plan was made anew.")
CHANGED = N_("Students or days changed while the plan was being made. Make the plan again.")


class PlanMake(Handler):
    """Make a plan: what schools were told of stays, the drafts are made anew."""

    async def post(self, campaign_id: str) -> None:
        """Gather on a reader thread, plan on a worker thread; the first plan is taken, another is looked at first."""
        basis = await self.read(draft_basis, self.who, int(campaign_id))
        plan = await asyncio.to_thread(make_plan, basis.problem)
        try:
            saved = await self.act(proposal_actions.propose_plan, self.who, basis, plan)
        except actions.BasisChanged:
            self.notice("warn", self._(CHANGED))
            self.go("plan")
            return
        if saved is None:
            self.go("plan_proposal", int(campaign_id))
            return
        say_saved(self, saved)
        self.go("plan")


def say_saved(handler: Handler, saved: actions.PlanSaved) -> None:
    """How many draft days a plan brought."""
    words = handler.ngettext(
        "The plan has %(num)s new draft day.", "The plan has %(num)s new draft days.", saved.days
    )
    handler.notice("done" if saved.days else "info", words)


class PlanProposal(Handler):
    """The plan that waits, beside the one that stands."""

    async def get(self, campaign_id: str) -> None:
        """What taking it would change."""
        page = await self.read(version_queries.proposal_page, self.who, int(campaign_id))
        if page is None:
            self.notice("info", self._("No plan waits to be taken."))
            self.go("plan")
            return
        self.page("campaigns/booking/proposal.html", page=page)


class PlanTake(Handler):
    """Take the plan that waits, or let go of it."""

    async def post(self, campaign_id: str) -> None:
        """Do what the route is named for."""
        number = int(campaign_id)
        if self.route.name == "plan_aside":
            if await self.act(proposal_actions.put_plan_aside, self.who, number):
                self.notice("done", self._("The new plan was put aside. Everything stays as it was."))
            self.go("plan")
            return
        try:
            saved = await self.act(proposal_actions.take_plan, self.who, number, self._(REPLANNED))
        except actions.BasisChanged:
            self.notice("warn", self._(CHANGED))
        except proposal_actions.NoPlanWaits:
            self.notice("info", self._("No plan waits to be taken."))
        else:
            say_saved(self, saved)
        self.go("plan")


class CampaignRate(Handler):
    """Reckon with a measured rate."""

    async def post(self, campaign_id: str) -> None:
        """Take it over, unless another was measured meanwhile."""
        network, rate = self.sent("network"), whole_number(self.sent("rate"), 4)
        done = False
        if network in (Network.GOOD, Network.POOR) and rate is not None:
            done = await self.act(take_over_rate, self.who, int(campaign_id), Network(network), rate)
        if done:
            self.notice(
                "done", self._("The programme reckons with this rate now. Make the plan again to follow it.")
            )
        else:
            self.notice("warn", self._("The measured rate has changed in the meantime. Look at it again."))
        self.go("campaign", int(campaign_id))


class PlanVersions(Handler):
    """Every version of a programme's plan."""

    async def get(self, campaign_id: str) -> None:
        """The list, the newest first."""
        card, lines, waits = await self.read(version_queries.versions, self.who, int(campaign_id))
        self.page("campaigns/booking/versions.html", campaign_shown=card, lines=lines, waits=waits)


class PlanVersionView(Handler):
    """One version beside the one before it."""

    async def get(self, version_id: str) -> None:
        """What changed, school by school."""
        page = await self.read(version_queries.version_page, self.who, int(version_id))
        self.page("campaigns/booking/version.html", page=page)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a plan would come to if everyone comes: voters `unrecorded` on voting day, students `recorded` by then."""

    students: int
    voters: int
    left_out: int
    schools_left_out: int
    unrecorded: int
    recorded: int
    team_days: int
    last: date | None
    changes: int


class PlanWhatIf(Handler):
    """What becomes of coverage under other circumstances."""

    async def get(self, campaign_id: str) -> None:
        """The form; with something asked, the plan as it is beside the plan as it would be. Nothing is stored."""
        basis, standing = await self.read(what_if_basis, self.who, int(campaign_id))
        typed = {name: self.asked(name) for name in _TYPED}
        asked, faults = read_what_if(typed)
        outcomes: list[Outcome] = []
        if asked is not None:
            problems = [basis.problem]
            if asked.asks_something:
                problems.append(under(basis.problem, asked))
            for problem in problems:
                plan = await asyncio.to_thread(make_plan, problem)
                outcomes.append(_outcome(plan, problem, standing))
        self.page(
            "campaigns/booking/what_if.html",
            422 if faults else 200,
            shown=basis.campaign,
            form=typed,
            faults=faults,
            outcomes=outcomes,
            standing=standing,
        )


_TYPED = ("teams", "kits", "good", "poor", "saturdays", "pause_from", "pause_to")
_LIMITS = {"teams": (0, MOST_TEAMS), "kits": (1, MOST_KITS), "good": (1, MOST_RATE), "poor": (1, MOST_RATE)}


def read_what_if(typed: Mapping[str, str]) -> tuple[WhatIf | None, dict[str, str]]:
    """What a form asks, or what is wrong with it by field: `number`, `date`, or `order` of the two dates."""
    faults: dict[str, str] = {}
    numbers: dict[str, int | None] = {}
    for name, (least, most) in _LIMITS.items():
        number = whole_number(typed[name], 4) if typed[name] else None
        if typed[name] and (number is None or not least <= number <= most):
            faults[name] = "number"
        numbers[name] = number
    dates: dict[str, date | None] = {}
    for name in ("pause_from", "pause_to"):
        try:
            dates[name] = date.fromisoformat(typed[name]) if typed[name] else None
        except ValueError:
            faults[name] = "date"
    first, last = dates.get("pause_from"), dates.get("pause_to")
    if not faults and (first is None) != (last is None):
        faults["pause_to" if last is None else "pause_from"] = "date"
    elif first and last and last < first:
        faults["pause_to"] = "order"
    if faults:
        return None, faults
    asked = WhatIf(
        numbers["teams"] or 0,
        numbers["kits"] or 2,
        numbers["good"],
        numbers["poor"],
        bool(typed["saturdays"]),
        first,
        last,
    )
    return asked, {}


def _outcome(plan: Plan, problem: Problem, standing: Standing) -> Outcome:
    recorded = standing.recorded + plan.score.students
    return Outcome(
        plan.score.students,
        plan.score.voters,
        sum(row.students for row in plan.left_out),
        len({row.school for row in plan.left_out}),
        max(0, standing.voters - standing.recorded_voters - plan.score.voters),
        min(recorded, standing.target),
        len(plan.days(problem)),
        max((visit.date for visit in plan.visits), default=None),
        plan.score.district_changes,
    )


_OFFICE = allow(access.COORDINATOR)
_ID = r"([0-9]{1,18})"

ROUTES = [
    Route("plan_make", rf"/campaigns/{_ID}/plan", PlanMake, _OFFICE),
    Route("campaign_rate", rf"/campaigns/{_ID}/rate", CampaignRate, _OFFICE),
    Route("plan_proposal", rf"/campaigns/{_ID}/proposal", PlanProposal, _OFFICE),
    Route("plan_take", rf"/campaigns/{_ID}/take", PlanTake, _OFFICE),
    Route("plan_aside", rf"/campaigns/{_ID}/aside", PlanTake, _OFFICE),
    Route("plan_versions", rf"/campaigns/{_ID}/versions", PlanVersions, _OFFICE),
    Route("plan_version", rf"/plan/versions/{_ID}", PlanVersionView, _OFFICE),
    Route("plan_what_if", rf"/campaigns/{_ID}/what-if", PlanWhatIf, _OFFICE),
]
