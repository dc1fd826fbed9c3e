"""Addresses of the programme itself: its settings, opening another, and which one the pages show."""

from __future__ import annotations

from campaigns.booking import actions, queries
from campaigns.booking.settings import MOST_PAUSES, NEW, TYPED, Fault, Typed, pause_rows, read_settings, typed
from campaigns.queries import campaign, current_campaign
from common import access
from common.access import ROLES, Route, allow
from common.handler import Handler
from schools.queries import teams


class CampaignForm(Handler):
    """The form that opens or changes a programme."""

    async def get(self, campaign_id: str | None = None) -> None:
        """The form, filled in where there is something."""
        if campaign_id is not None:
            known = await self.read(queries.campaign_settings, self.who, int(campaign_id))
            await self._show(campaign_id, typed(known), {})
            return
        crews = await self.read(teams, self.who, only_active=True)
        await self._show(None, (dict(NEW), [str(team.id) for team in crews], []), {})

    async def post(self, campaign_id: str | None = None) -> None:
        """Save the programme, or say what is impossible about it."""
        form = self.sent_form(*TYPED)
        form["name"] = form["name"][:120]
        for name in ("weekdays", "reserved_weekdays"):
            form[name] = "".join(self.sent_list(name))
        chosen = self.sent_list("team_ids")
        pauses = [
            {word: self.sent(f"pause_{word}_{number}") for word in ("from", "to", "reason", "urgent")}
            for number in range(1, MOST_PAUSES + 1)
        ]
        settings, faults = read_settings(form, chosen, pauses)
        if settings is not None and campaign_id is None and settings.voting_day < self.today:
            settings, faults = None, {"voting_day": Fault.VOTING_PAST}
        if settings is None:
            await self._show(campaign_id, (form, chosen, pauses), faults, 422)
            return
        known = int(campaign_id) if campaign_id else None
        saved = await self.act(actions.save_campaign, self.who, settings, known)
        in_view = await self.read(current_campaign, self.who, self.chosen_programme)
        if in_view is None or in_view.id == saved:
            self.notice("done", self._("The programme is saved. Make or check the plan next."))
        else:
            words = self._(
                "The programme is saved. Pages go on showing %(name)s; press “Show this programme” to plan it.",
                name=in_view.name,
            )
            self.notice("done", words)
        self.go("campaign", saved)

    async def _show(
        self, campaign_id: str | None, answers: Typed, faults: dict[str, Fault], status: int = 200
    ) -> None:
        form, chosen, pauses = answers
        crews = await self.read(teams, self.who)
        self.page(
            "campaigns/booking/campaign_form.html",
            status,
            campaign_id=campaign_id,
            form=form,
            chosen=chosen,
            teams=[team for team in crews if team.is_active or str(team.id) in chosen],
            pauses=pause_rows(pauses),
            faults=faults,
        )


class CampaignView(Handler):
    """A programme's settings."""

    async def get(self, campaign_id: str) -> None:
        """The page."""
        shown = await self.read(queries.campaign_page, self.who, int(campaign_id))
        self.page("campaigns/booking/campaign.html", shown=shown)


class CampaignShow(Handler):
    """Look at another programme than the one that runs."""

    async def post(self, campaign_id: str) -> None:
        """In this browser, for a day."""
        shown = await self.read(campaign, self.who, int(campaign_id))
        self.show_programme(shown.id)
        words = self._(
            "You see the pages of %(name)s until tomorrow. What others see stays as it is.", name=shown.name
        )
        self.notice("done", words)
        self.go("campaign", shown.id)


_OFFICE = allow(access.COORDINATOR)
_ID = r"([0-9]{1,18})"

ROUTES = [
    Route("campaign_new", r"/campaigns/new", CampaignForm, _OFFICE),
    Route("campaign", rf"/campaigns/{_ID}", CampaignView, allow(*ROLES), apart=True),
    Route("campaign_show", rf"/campaigns/{_ID}/show", CampaignShow, allow(access.COORDINATOR, access.VIEWER)),
    Route("campaign_edit", rf"/campaigns/{_ID}/edit", CampaignForm, _OFFICE),
]
