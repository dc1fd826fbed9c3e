"""The coverage page of 60 schools with some 20,000 students, against the same page rendered from ready data."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from tornado.httpclient import AsyncHTTPClient
from tornado.netutil import bind_sockets
from tornado.web import RequestHandler

import server
from accounts import actions as accounts
from bench.figures import Figure
from campaigns.booking import actions as booking
from campaigns.booking.settings import CampaignSettings
from common import clock, page
from common.access import COORDINATOR, Who
from common.database import Store, open_store
from common.settings import Settings
from demo import sukoharjo
from demo.students import Registry, size_of, students_of
from schools import actions as schools
from schools.queries import schools as every_school
from schools.queries import teams

ROUNDS = 60
BAR = 3.0


class Ready(RequestHandler):
    """Renders the page from a context that is ready: no session, no database, no headers of ours."""

    context: dict[str, Any] = {}

    def get(self) -> None:
        """The page."""
        self.finish(page.render("campaigns/progress/coverage.html", "id", self.context))


def measure() -> list[Figure]:
    """The ratio of the two, each the median of its requests, which take turns over HTTP in one process."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/bench.sqlite3")
        try:
            store.migrate()
            token = store.write_now(_office)
            ours, ready = asyncio.run(_take_turns(store, token, Path(folder)))
        finally:
            store.close()
    return [
        Figure("coverage page of 60 schools / the same page from ready data", ours / ready, BAR, "x"),
        Figure("coverage page of 60 schools", ours * 1000, None, "ms"),
    ]


def _office() -> str:
    office_id = accounts.open_office("Disdukcapil", "Pemerintah Kabupaten", "33.11", "", "")
    account_id = accounts.open_account(office_id, "sari", "Sari", COORDINATOR, "")
    sari = Who(account_id, office_id, COORDINATOR, "Sari", "Disdukcapil", clock.DEFAULT_ZONE)
    schools.load_districts(sari, sukoharjo.DISTRICTS.items())
    schools.load_schools(sari, [schools.SchoolFacts(*facts) for facts in sukoharjo.SCHOOLS])
    schools.add_team(sari, "Tim A", 2, "1234")
    registry, today = Registry(), clock.today()
    for row in every_school(sari):
        card = row.school
        size = size_of(card.level, card.is_public, Random(card.npsn))
        found = students_of(card.npsn, card.level, card.district_code, size, today, registry)
        schools.insert_students(office_id, card.id, found)
    year = today.year
    booking.save_campaign(
        sari,
        CampaignSettings(
            name="Perekaman pemula",
            from_date=today.replace(year=year, month=1, day=1),
            to_date=today.replace(year=year, month=12, day=31),
            voting_day=today.replace(year=year + 1, month=2, day=10),
            voting_day_is_fixed=True,
            weekdays="12345",
            reserved_weekdays="5",
            rate_good=25,
            rate_poor=10,
            max_days_per_school=2,
            latest_useful_day=today.replace(year=year + 1, month=2, day=9),
            day_start="08:00",
            day_end="14:00",
            team_ids=tuple(team.id for team in teams(sari)),
        ),
    )
    return accounts.start_session(account_id)


async def _take_turns(store: Store, token: str, files: Path) -> tuple[float, float]:
    sockets = bind_sockets(0, "127.0.0.1")
    port = sockets[0].getsockname()[1]
    config = Settings("", files, "127.0.0.1", port, f"http://localhost:{port}")
    application = server.make_application(store, config)
    application.add_handlers(r".*", [(r"/ready", Ready)])
    listening = server.http_server(application, config)
    listening.add_sockets(sockets)
    client = AsyncHTTPClient(force_instance=True)
    cookies = {"Cookie": f"session={token}; language=id"}

    async def seconds(path: str) -> float:
        start = clock.ticking()
        answer = await client.fetch(f"http://127.0.0.1:{port}{path}", headers=cookies)
        assert answer.code == 200 and b"SMAN 1 SUKOHARJO" in answer.body
        return clock.ticking() - start

    real_render = page.render

    def keep(template: str, language: str, context: dict[str, Any]) -> str:
        Ready.context = context
        return real_render(template, language, context)

    page.render = keep
    try:
        await seconds("/coverage")
    finally:
        page.render = real_render
    await seconds("/ready")
    turns = [(await seconds("/coverage"), await seconds("/ready")) for _ in range(ROUNDS)]
    client.close()
    listening.stop()
    await listening.close_all_connections()
    return median(ours for ours, _ in turns), median(ready for _, ready in turns)
