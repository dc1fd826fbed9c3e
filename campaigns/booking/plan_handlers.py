"""The versions kept of a plan; what if; the measured rate taken over."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from campaigns.booking import version_queries
from campaigns.booking.rate_actions import take_over_rate
from campaigns.booking.what_if_queries import Standing, what_if_basis
from campaigns.capacity import Network
from campaigns.planning import make_plan
from campaigns.scheduling import Plan, Problem
from campaigns.what_if import MOST_KITS, MOST_RATE, MOST_TEAMS, WhatIf, under
from common import access
from common.access import Route, allow
from common.handler import Handler, whole_number


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
    Route("campaign_rate", rf"/campaigns/{_ID}/rate", CampaignRate, _OFFICE),
    Route("plan_versions", rf"/campaigns/{_ID}/versions", PlanVersions, _OFFICE),
    Route("plan_version", rf"/plan/versions/{_ID}", PlanVersionView, _OFFICE),
    Route("plan_what_if", rf"/campaigns/{_ID}/what-if", PlanWhatIf, _OFFICE),
]
