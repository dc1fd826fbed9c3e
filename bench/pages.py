"""Coverage at every level, of an office with 25,000 students: against the same pages rendered from ready data, and how
the cost grows when the database holds a hundred times as many students of other offices.

Run as `python -m bench pages`. The two sides of each figure take turns over HTTP in one process.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from tornado.httpclient import AsyncHTTPClient
from tornado.httputil import url_concat
from tornado.netutil import bind_sockets
from tornado.web import RequestHandler

import server
from accounts import actions as accounts
from bench.figures import Figure
from campaigns.booking import actions as booking
from campaigns.booking.settings import CampaignSettings
from campaigns.models import Tally
from common import clock, page
from common.access import COORDINATOR, Who
from common.database import Store, open_store
from common.settings import Settings
from demo import sukoharjo
from demo.students import Registry, students_of
from schools import actions as schools
from schools.models import Student
from schools.queries import schools as every_school
from schools.queries import teams
from schools.students import StudentFacts

ROUNDS = 40
BAR = 3.0
STUDENTS = 25_000
SMALL, OFFICES = 2_500, 100
GROWTH_BAR = 1.3


class Ready(RequestHandler):
    """Renders a page from a context that is ready: no session, no database, no headers of ours."""

    kept: dict[str, tuple[str, dict[str, Any]]] = {}

    def get(self) -> None:
        """The page of the address in `of`."""
        template, context = self.kept[self.get_query_argument("of")]
        self.finish(page.render(template, "id", context))


def measure() -> list[Figure]:
    """The ratio at each level, and the growth; medians."""
    with _opened() as (store, folder):
        token = store.write_now(_office, "sari", _facts(STUDENTS, len(sukoharjo.SCHOOLS)))
        levels = store.read_now(_levels)
        found = asyncio.run(_take_turns(store, token, folder, levels))
    figures = []
    for level, (ours, ready) in found.items():
        name = f"coverage of {level}, 25,000 students"
        figures.append(Figure(f"{name} / the same page from ready data", ours / ready, BAR, "x"))
        figures.append(Figure(name, ours * 1000, None, "ms"))
    return [*figures, *_growth()]


def _growth() -> list[Figure]:
    """The office's pages when it is alone in the database, and with 99 others of its size.

    Each side is measured against ready data in turns, so that how busy the machine is falls out.
    """
    facts = _facts(SMALL, 6)
    costs: list[dict[str, float]] = []
    for offices in (1, OFFICES):
        with _opened() as (store, folder):
            token = store.write_now(_office, "sari", facts)
            for number in range(1, offices):
                store.write_now(_office, f"sari{number}", facts)
            levels = store.read_now(_levels)
            found = asyncio.run(_take_turns(store, token, folder, levels))
        costs.append({level: ours / ready for level, (ours, ready) in found.items()})
    before, after = costs
    return [
        Figure(
            f"coverage of {level}, 250,000 students in the database / 2,500",
            after[level] / before[level],
            GROWTH_BAR,
            "x",
        )
        for level in before
    ]


@contextmanager
def _opened() -> Iterator[tuple[Store, Path]]:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/bench.sqlite3")
        try:
            store.migrate()
            yield store, Path(folder)
        finally:
            store.close()


def _facts(students: int, school_count: int) -> list[list[StudentFacts]]:
    """So many students in so many schools of the kabupaten, no school more than two above another."""
    registry, today = Registry(), clock.today()
    found = []
    for n, (npsn, _, level, _, district) in enumerate(sukoharjo.SCHOOLS[:school_count]):
        size = (students * (n + 1)) // school_count - (students * n) // school_count
        found.append(list(students_of(npsn, level, district, size, today, registry)))
    short = students - sum(map(len, found))  # the shares of the years are rounded
    found[0] += [_another(one, n) for n, one in enumerate(found[0][: max(0, short)])]
    return found


def _another(one: StudentFacts, number: int) -> StudentFacts:
    return one._replace(name=f"{one.name} {number}", nik=None, nisn=None)


def _office(username: str, facts: list[list[StudentFacts]]) -> str:
    """An office with these students in its schools and a programme; answers the coordinator's session."""
    office_id = accounts.open_office("Disdukcapil", "Pemerintah Kabupaten", "33.11", "", "")
    account_id = accounts.open_account(office_id, username, "Sari", COORDINATOR, "")
    sari = Who(account_id, office_id, COORDINATOR, "Sari", "Disdukcapil", clock.DEFAULT_ZONE)
    schools.load_districts(sari, sukoharjo.DISTRICTS.items())
    schools.load_schools(sari, [schools.SchoolFacts(*it) for it in sukoharjo.SCHOOLS[: len(facts)]])
    schools.add_team(sari, "Tim A", 2, "1234")
    ids = {row.school.npsn: row.school.id for row in every_school(sari)}
    for (npsn, *_), found in zip(sukoharjo.SCHOOLS, facts, strict=False):
        schools.insert_students(office_id, ids[npsn], found)
    today = clock.today()
    settings = CampaignSettings(
        name="Perekaman pemula",
        from_date=today.replace(month=1, day=1),
        to_date=today.replace(month=12, day=31),
        voting_day=today.replace(year=today.year + 1, month=2, day=10),
        voting_day_is_fixed=True,
        weekdays="12345",
        reserved_weekdays="5",
        rate_good=25,
        rate_poor=10,
        max_days_per_school=2,
        latest_useful_day=today.replace(year=today.year + 1, month=2, day=9),
        day_start="08:00",
        day_end="14:00",
        team_ids=tuple(team.id for team in teams(sari)),
    )
    booking.save_campaign(sari, settings)
    return accounts.start_session(account_id)


def _levels() -> dict[str, str]:
    """The address of each level, for the first school of the first office and its largest class."""
    tally = Tally.select().order_by(Tally.id).first()
    student = Student.select().where(Student.school == tally.school_id).order_by(Student.id).first()
    district = tally.school.district_id
    return {
        "the office": "/coverage",
        "a district": f"/coverage?district={district}",
        "a school": f"/coverage/schools/{tally.school_id}",
        "a class": url_concat(f"/coverage/schools/{tally.school_id}/classes", {"class": student.class_name}),
    }


async def _take_turns(
    store: Store, token: str, files: Path, levels: dict[str, str]
) -> dict[str, tuple[float, float]]:
    """Seconds of each level's page, and of the same from ready data."""
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
        assert answer.code == 200 and b"</html>" in answer.body
        return clock.ticking() - start

    real_render = page.render
    kept: list[tuple[str, dict[str, Any]]] = []

    def keep(template: str, language: str, context: dict[str, Any]) -> str:
        kept.append((template, context))
        return real_render(template, language, context)

    page.render = keep
    try:
        for level, path in levels.items():
            await seconds(path)
            Ready.kept[level] = kept[-1]
    finally:
        page.render = real_render
    found: dict[str, tuple[float, float]] = {}
    for level, path in levels.items():
        ready = url_concat("/ready", {"of": level})
        turns = [(await seconds(path), await seconds(ready)) for _ in range(ROUNDS)]
        found[level] = median(ours for ours, _ in turns), median(bare for _, bare in turns)
    client.close()
    listening.stop()
    await listening.close_all_connections()
    return found
