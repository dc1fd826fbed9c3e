"""Papers for a date or a week: chosen, bound in one file while a page follows it, looked at, printed."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field
from datetime import date

from tornado.web import Application, HTTPError

from campaigns.binding import print_all
from campaigns.papers import actions, queries
from campaigns.papers.choice import USUAL, PaperChoice, PaperKind, kinds_of, span_of
from campaigns.papers.queries import PaperToPrint
from common import access
from common.access import Route, Who, allow
from common.handler import Handler, whole_number

# Seconds: most files are there by then, and nobody needs to see how far they are.
WAIT = 1.0
# A file holds personal data: it is kept so long for who asked for it, in memory alone.
KEPT = 600.0


@dataclass(slots=True)
class Bundle:
    """One file in the making. `is_stopped` is heard between two documents."""

    account_id: int
    name: str
    documents: int
    counts: dict[PaperKind, int]
    key: str = field(default_factory=lambda: secrets.token_hex(8))
    task: asyncio.Task[bytes] | None = None
    done: int = 0
    is_stopped: bool = False

    def watch(self, done: int) -> bool:
        """Hear how many documents are set, on the press's thread, and say whether to stop."""
        self.done = done
        return self.is_stopped

    @property
    def is_done(self) -> bool:
        """Whether the file is there, or failed."""
        return self.task is not None and self.task.done()


def bundles_of(application: Application) -> dict[str, Bundle]:
    """The files in the making or kept, by key; one for each person."""
    found: dict[str, Bundle] = application.settings.setdefault("paper_bundles", {})
    return found


class Papers(Handler):
    """Everything on paper for a date or a week."""

    async def get(self) -> None:
        """How much there is of each kind, and the choice."""
        on = self.asked_date("date")
        if on is None:
            on = await self.read(queries.next_date, self.who, self.today)
        await self._show(on.isoformat(), self.asked("span", "date"), self.asked("team"), USUAL)

    async def post(self) -> None:
        """Bind what was chosen; what is there quickly is shown, the rest followed."""
        form = self.sent_form("date", "span", "team", "sheet")
        kinds = kinds_of(self.sent_list("kinds"))
        choice = _choice(self, form["date"], form["span"], form["team"], kinds, form["sheet"] == "class")
        address = self.full_url("field_day", 0).replace("/0/", "/{id}/")
        papers = await self.read(queries.papers_to_print, self.who, choice, address)
        if not papers:
            await self._show(form["date"], form["span"], form["team"], kinds, form["sheet"], True)
            return
        bundle = _begin(self, choice, papers)
        assert bundle.task is not None
        await asyncio.wait({bundle.task}, timeout=WAIT)
        self.go("papers_made", bundle.key)

    async def _show(
        self,
        on: str,
        span: str,
        team: str,
        kinds: frozenset[PaperKind],
        sheet: str = "",
        is_nothing: bool = False,
    ) -> None:
        choice = _choice(self, on, span, team)
        self.page(
            "campaigns/papers/papers.html",
            422 if is_nothing else 200,
            shown=await self.read(queries.papers_page, self.who, choice),
            form={"date": on, "span": span, "team": team, "sheet": sheet},
            kinds=[kind.value for kind in kinds],
            is_nothing=is_nothing,
        )


class PapersMade(Handler):
    """A file in the making, or made."""

    async def get(self, key: str) -> None:
        """How far it is; once it is there, what it holds and where it opens."""
        bundle = _own(self, key)
        if bundle.is_done and not _pdf(bundle):
            bundles_of(self.application).pop(key)
            self.notice("info", self._("Printing was stopped. Nothing was printed."))
            self.go("papers")
            return
        self.page("campaigns/papers/made.html", bundle=bundle, far=_how_far(self, bundle))


class PapersProgress(Handler):
    """How far a file is, for the script of its page."""

    async def get(self, key: str) -> None:
        """Words and numbers; `done` with where to go once the file is there."""
        bundle = _own(self, key)
        there = self.url("papers_made", key) if bundle.is_done else None
        self.json({**_how_far(self, bundle), "done": bundle.is_done, "next": there})


class PapersStop(Handler):
    """Stop; nothing is printed."""

    async def post(self, key: str) -> None:
        """Say so to the press, which hears it between two documents."""
        bundle = _own(self, key)
        bundle.is_stopped = True
        if bundle.task is not None:
            await asyncio.wait({bundle.task}, timeout=5)
        self.go("papers_made", key)


class PapersFile(Handler):
    """The file itself, for who asked for it."""

    async def get(self, key: str) -> None:
        """The PDF, shown by the browser."""
        bundle = _own(self, key)
        if not bundle.is_done:
            self.go("papers_made", key)
            return
        self.pdf(_pdf(bundle), bundle.name)


def _begin(handler: Handler, choice: PaperChoice, papers: list[PaperToPrint]) -> Bundle:
    bundles = bundles_of(handler.application)
    for old in [one for one in bundles.values() if one.account_id == handler.who.account_id]:
        old.is_stopped = True
        bundles.pop(old.key, None)
    counts = {
        kind: sum(one.documents for one in papers if one.kind == kind)
        for kind in PaperKind
        if any(one.kind == kind for one in papers)
    }
    name = (
        f"cetak-{choice.first}.pdf"
        if choice.first == choice.last
        else f"cetak-{choice.first}-{choice.last}.pdf"
    )
    bundle = Bundle(handler.who.account_id, name, sum(counts.values()), counts)
    bundle.task = asyncio.ensure_future(_bind(handler, handler.who, bundle, papers, handler.language))
    under_way = handler.settings["under_way"]
    under_way.add(bundle.task)
    bundle.task.add_done_callback(under_way.discard)
    bundles[bundle.key] = bundle
    asyncio.get_running_loop().call_later(KEPT, bundles.pop, bundle.key, None)
    return bundle


async def _bind(
    handler: Handler, who: Who, bundle: Bundle, papers: list[PaperToPrint], language: str
) -> bytes:
    """The file; that it was printed is written down before anybody can open it."""
    pdf = await asyncio.to_thread(print_all, [one.paper for one in papers], language, bundle.watch)
    if pdf:
        printed = [one.printed for one in papers if one.printed is not None]
        await handler.store.write(actions.note_printed, who, printed)
    return pdf


def _own(handler: Handler, key: str) -> Bundle:
    bundle = bundles_of(handler.application).get(key)
    if bundle is None or bundle.account_id != handler.who.account_id:
        raise HTTPError(404)
    return bundle


def _pdf(bundle: Bundle) -> bytes:
    return bundle.task.result() if bundle.task is not None else b""


def _choice(
    handler: Handler,
    on: str,
    span: str,
    team: str,
    kinds: frozenset[PaperKind] = frozenset(),
    page_per_class: bool = False,
) -> PaperChoice:
    try:
        day = date.fromisoformat(on)
    except ValueError:
        day = handler.today
    first, last = span_of(day, span == "week")
    return PaperChoice(first, last, whole_number(team), kinds, page_per_class)


def _how_far(handler: Handler, bundle: Bundle) -> dict[str, object]:
    return {
        "label": handler._("The papers are being set"),
        "value": bundle.done,
        "max": bundle.documents,
        "left": handler.ngettext("%(num)s document", "%(num)s documents", bundle.documents),
    }


_OFFICE = allow(access.COORDINATOR)
_KEY = r"([0-9a-f]{16})"

ROUTES = [
    Route("papers", r"/papers", Papers, _OFFICE),
    Route("papers_made", rf"/papers/{_KEY}", PapersMade, _OFFICE),
    Route("papers_progress", rf"/papers/{_KEY}/progress", PapersProgress, _OFFICE),
    Route("papers_stop", rf"/papers/{_KEY}/stop", PapersStop, _OFFICE),
    Route("papers_file", rf"/papers/{_KEY}/papers\.pdf", PapersFile, _OFFICE),
]
