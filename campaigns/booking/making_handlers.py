"""A plan in the making, which outlives the request that began it; then looked at, and taken or put aside."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from tornado.web import Application

from campaigns.booking import actions, proposal_actions, version_queries
from campaigns.booking.basis_queries import draft_basis
from campaigns.planning import Progress, make_plan
from campaigns.queries import campaign
from common import access, clock
from common.access import Route, Who, allow
from common.handler import Handler
from common.i18n import N_

log = logging.getLogger("campaigns")

REPLANNED = N_("It could not stay where it was, and the plan was made anew.")
CHANGED = N_("Students or days changed while the plan was being made. Make the plan again.")
# Seconds: most plans are there by then, and nobody needs to see how far they are.
WAIT = 1.5
WAIT_STOPPING = 5.0


@dataclass(slots=True)
class Making:
    """One plan in the making. `begun` is of the ticking clock; `progress` is None until the first draft stands."""

    begun: float
    task: asyncio.Task[actions.PlanSaved | None] | None = None
    progress: Progress | None = None
    is_stopped: bool = False

    def watch(self, progress: Progress) -> bool:
        """Hear how far it is, on the planner's thread, and say whether to stop."""
        self.progress = progress
        return self.is_stopped

    @property
    def is_done(self) -> bool:
        """Whether the plan is there, or failed."""
        return self.task is not None and self.task.done()


def makings_of(application: Application) -> dict[tuple[int, int], Making]:
    """The plans in the making, by office and programme: one for each programme at a time."""
    found: dict[tuple[int, int], Making] = application.settings.setdefault("plan_makings", {})
    return found


class PlanMake(Handler):
    """Make a plan: what schools were told of stays, the drafts are made anew."""

    async def post(self, campaign_id: str) -> None:
        """Begin, unless that was done; a plan that is there quickly is shown, another followed."""
        number = int(campaign_id)
        makings = makings_of(self.application)
        making = makings.get((self.who.office_id, number))
        if making is None or making.is_done:
            basis = await self.read(draft_basis, self.who, number)  # also says whose programme it is
            making = makings[self.who.office_id, number] = Making(clock.ticking())
            making.task = asyncio.ensure_future(self._make(self.who, basis, making))
            self.settings["under_way"].add(making.task)
            making.task.add_done_callback(self.settings["under_way"].discard)
        await show_making(self, number, WAIT)

    async def _make(self, who: Who, basis: actions.Basis, making: Making) -> actions.PlanSaved | None:
        plan = await asyncio.to_thread(make_plan, basis.problem, making.watch)
        return await self.store.write(proposal_actions.propose_plan, who, basis, plan)


async def show_making(handler: Handler, campaign_id: int, wait: float) -> None:
    """Go to what became of the making, or to the page that follows it when it takes longer than so many seconds."""
    making = makings_of(handler.application).get((handler.who.office_id, campaign_id))
    if making is None or making.task is None:
        handler.go("plan")
        return
    await asyncio.wait({making.task}, timeout=wait)
    if not making.is_done:
        handler.go("plan_making", campaign_id)
        return
    makings_of(handler.application).pop((handler.who.office_id, campaign_id), None)
    try:
        saved = making.task.result()
    except actions.BasisChanged:
        handler.notice("warn", handler._(CHANGED))
        handler.go("plan")
        return
    if saved is None:
        handler.go("plan_proposal", campaign_id)
        return
    say_saved(handler, saved)
    handler.go("plan")


def say_saved(handler: Handler, saved: actions.PlanSaved) -> None:
    """How many draft days a plan brought."""
    words = handler.ngettext(
        "The plan has %(num)s new draft day.", "The plan has %(num)s new draft days.", saved.days
    )
    handler.notice("done" if saved.days else "info", words)


class PlanMaking(Handler):
    """How far a plan is."""

    async def get(self, campaign_id: str) -> None:
        """The page that follows it; what became of it once it is there."""
        number = int(campaign_id)
        await self.read(campaign, self.who, number)
        making = makings_of(self.application).get((self.who.office_id, number))
        if making is None or making.is_done:
            await show_making(self, number, 0)
            return
        self.page(
            "campaigns/booking/making.html",
            campaign_id=number,
            far=_how_far(self, making),
            best=making.progress,
        )


class PlanMakingProgress(Handler):
    """How far a plan is, for the script of its page."""

    async def get(self, campaign_id: str) -> None:
        """Words and numbers; `done` with where to go once the plan is there."""
        number = int(campaign_id)
        await self.read(campaign, self.who, number)
        making = makings_of(self.application).get((self.who.office_id, number))
        is_done = making is None or making.is_done
        told = {} if making is None else _how_far(self, making)
        self.json({**told, "done": is_done, "next": self.url("plan_making", number) if is_done else None})


class PlanStop(Handler):
    """Stop with the best plan found so far."""

    async def post(self, campaign_id: str) -> None:
        """Say so to the planner, which hears it between two tries."""
        number = int(campaign_id)
        await self.read(campaign, self.who, number)
        making = makings_of(self.application).get((self.who.office_id, number))
        if making is not None:
            making.is_stopped = True
        await show_making(self, number, WAIT_STOPPING)


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


def _how_far(handler: Handler, making: Making) -> dict[str, object]:
    far = making.progress
    if far is None:
        return {"label": handler._("The first draft is being made"), "value": 0, "max": None, "left": ""}
    return {
        "label": handler._("Better plans are looked for"),
        "value": far.tried,
        "max": far.of,
        "left": handler.ngettext(
            "The best so far has a day for %(num)s student.",
            "The best so far has a day for %(num)s students.",
            far.students,
        ),
    }


_OFFICE = allow(access.COORDINATOR)
_ID = r"([0-9]{1,18})"

ROUTES = [
    Route("plan_make", rf"/campaigns/{_ID}/plan", PlanMake, _OFFICE),
    Route("plan_making", rf"/campaigns/{_ID}/making", PlanMaking, _OFFICE),
    Route("plan_making_progress", rf"/campaigns/{_ID}/making/progress", PlanMakingProgress, _OFFICE),
    Route("plan_stop", rf"/campaigns/{_ID}/making/stop", PlanStop, _OFFICE),
    Route("plan_proposal", rf"/campaigns/{_ID}/proposal", PlanProposal, _OFFICE),
    Route("plan_take", rf"/campaigns/{_ID}/take", PlanTake, _OFFICE),
    Route("plan_aside", rf"/campaigns/{_ID}/aside", PlanTake, _OFFICE),
]
