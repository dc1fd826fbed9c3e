"""Fifty people at fifty requests a second in a database of 100,000 students, while 5,000 rows are read.

Run as `python -m bench.crowd [seconds]`. The real server runs in a process of its own: the made-up kabupaten of 60
schools, and a second office with all the other students. Nine requests of ten ask for a page, the tenth sends marks.
The waiting for a page is set against its median when nobody else asks; it counts from when the request was due.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from statistics import median, quantiles

from tornado.httpclient import HTTPRequest
from tornado.simple_httpclient import SimpleAsyncHTTPClient

from accounts import actions as accounts
from accounts.models import Account
from bench.figures import Figure, print_table
from bench.growth import write_workbook
from bench.requests import running_server
from campaigns.models import Booking, Campaign, RecordingDay
from common import clock
from common.access import COORDINATOR, VIEWER, Who
from common.database import open_store
from demo import sukoharjo
from demo.build import build
from demo.students import Registry, students_of
from schools import actions as schools
from schools.models import School, Student
from schools.queries import schools as every_school

STUDENTS = 100_000
USERS = 50
A_SECOND = 50
SECONDS = 30.0
ROWS = 5_000
ALONE = 15
"""Times that each page is asked for when nobody else does."""
BAR = 6.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A page that somebody asks for. Two people see two pages at one address: each is set against its own."""

    session: str
    username: str
    path: str

    @property
    def page(self) -> str:
        """Whose page this is and which."""
        return f"{self.username} {self.path}"


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who asks for which pages. `marking` are sessions, days and their students for the marks."""

    pages: tuple[Asked, ...]
    marking: tuple[tuple[str, int, tuple[int, ...]], ...]
    sender: str
    school: int


def measure(seconds: float = SECONDS) -> list[Figure]:
    """The 99th percentile of waiting for a page, over that page's median when idle."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        crowd, students = _offices(folder)
        with running_server(folder) as port:
            stolen, began = _stolen(), clock.ticking()
            run = asyncio.run(_Run(port, crowd, folder).run(seconds))
            stolen = (_stolen() - stolen) / (clock.ticking() - began) / (os.cpu_count() or 1)
    ratios = [waited / run.alone[page] for page, its in run.waits.items() for waited in its]
    waits = [waited for its in run.waits.values() for waited in its]
    return [
        Figure(
            f"pages among {USERS} users, {students:,} students: p99 / each one's median idle",
            _p99(ratios),
            BAR,
            "x",
        ),
        Figure("requests answered with an error", run.errors, 0, ""),
        Figure("pages a second", len(waits) / seconds, None, "/s"),
        Figure("marks taken meanwhile", run.marks, None, ""),
        Figure("p99 of a page", _p99(waits) * 1000, None, "ms"),
        Figure("median of a page when idle, all pages", median(run.alone.values()) * 1000, None, "ms"),
        Figure("of the processors meanwhile given to others by the host", stolen * 100, None, "%"),
    ]


def _stolen() -> float:
    """Seconds of the processors that the host of this machine gave to others, since it started (`proc(5)`)."""
    ticks = Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()[8]
    return int(ticks) / os.sysconf("SC_CLK_TCK")


def _p99(values: list[float]) -> float:
    return quantiles(values, n=100)[98]


def _offices(folder: Path) -> tuple[Crowd, int]:
    store = open_store(f"sqlite:///{folder / 'perekaman.sqlite3'}")
    try:
        store.migrate()
        build(store, clock.today(), folder / "files")
        store.write_now(_second_office)
        return store.write_now(_crowd)
    finally:
        store.close()


def _second_office() -> None:
    """A kabupaten like the first with the students that are missing; their NIKs are of another province."""
    office = accounts.open_office("Disdukcapil Kedua", "Pemerintah Kabupaten Kedua", "33.12", "", "")
    account = accounts.open_account(office, "wahyu", "Wahyu", COORDINATOR, "")
    accounts.open_account(office, "tono", "Tono", VIEWER, "")
    wahyu = Who(account, office, COORDINATOR, "Wahyu", "Disdukcapil Kedua", clock.DEFAULT_ZONE)
    schools.load_districts(wahyu, sukoharjo.DISTRICTS.items())
    schools.load_schools(wahyu, [schools.SchoolFacts(*facts) for facts in sukoharjo.SCHOOLS])
    rows = every_school(wahyu)
    each = -(-(STUDENTS - Student.select().count()) // len(rows))
    registry = Registry()
    for row in rows:
        card = row.school
        found = students_of(card.npsn, card.level, card.district_code, each, clock.today(), registry)
        schools.insert_students(office, card.id, found)


def _crowd() -> tuple[Crowd, int]:
    def session(username: str) -> str:
        return accounts.start_session(Account.get(Account.username == username).id)

    first = Campaign.get().office_id
    campaign_days = RecordingDay.select().where(RecordingDay.state == "confirmed").order_by(RecordingDay.date)
    days = [day for day in campaign_days if day.date <= clock.today() + timedelta(days=14)][:6]
    own = [row.id for row in School.select().where(School.office == first).order_by(School.id)]
    ratna = Account.get(Account.username == "ratna").school_id
    pages: list[Asked] = []
    for n in range(USERS):
        username = ("sari", "budi", "ratna", "lina", "wahyu", "sari", "budi", "tono", "bayu", "sari")[n % 10]
        token, school = session(username), own[n % len(own)]
        pages += [
            Asked(token, username, path)
            for path in {
                "sari": ("/", "/coverage", "/plan", f"/schools/{school}", "/schools", "/retakes"),
                "budi": ("/", f"/days/{days[n % len(days)].id}/field"),
                "bayu": ("/", f"/days/{days[n % len(days)].id}/field"),
                "ratna": ("/", f"/schools/{ratna}/students", "/my/days", "/my/rosters"),
                "lina": ("/", "/coverage"),
                "wahyu": ("/", "/schools"),
                "tono": ("/",),
            }[username]
        ]
    marking = tuple(
        (
            session("budi"),
            day.id,
            tuple(row.student_id for row in Booking.select(Booking.student).where(Booking.day == day)),
        )
        for day in days
    )
    return Crowd(tuple(pages), marking, session("sari"), own[-1]), Student.select().count()


class _Run:
    """One run: each page alone, then all together while a roster is read."""

    def __init__(self, port: int, crowd: Crowd, folder: Path) -> None:
        self._base = f"http://localhost:{port}"
        self._crowd = crowd
        self._folder = folder
        self._client = SimpleAsyncHTTPClient(force_instance=True, max_clients=200)
        self._numbers = count(1)
        self.alone: dict[str, float] = {}
        self.waits: dict[str, list[float]] = defaultdict(list)
        self.errors = 0
        self.marks = 0

    async def run(self, seconds: float) -> _Run:
        """Itself, when done."""
        for asked in {asked.page: asked for asked in self._crowd.pages}.values():
            turns = [await self._timed(asked, clock.ticking()) for _ in range(ALONE)]
            self.alone[asked.page] = median(turns[2:])
        file = self._folder / "daftar.xlsx"
        write_workbook(file, 200_000, ROWS + 1)
        sent = asyncio.create_task(self._send(file))
        under_way, started = [], clock.ticking()
        for n in range(round(seconds * A_SECOND)):
            due = started + n / A_SECOND
            await asyncio.sleep(max(0.0, due - clock.ticking()))
            under_way.append(asyncio.create_task(self._ask(n, due)))
        await asyncio.gather(*under_way)
        await sent
        self._client.close()
        return self

    async def _ask(self, n: int, due: float) -> None:
        try:
            if n % 10 == 9:
                await self._mark(n // 10)
            else:
                asked = self._crowd.pages[n * 7 % len(self._crowd.pages)]
                self.waits[asked.page].append(await self._timed(asked, due))
        except Exception as error:
            print(f"an error: {error}", file=sys.stderr)
            self.errors += 1

    async def _timed(self, asked: Asked, due: float) -> float:
        await self._client.fetch(self._request(asked.session, asked.path))
        return clock.ticking() - due

    async def _mark(self, n: int) -> None:
        token, day, students = self._crowd.marking[n % len(self._crowd.marking)]
        number = next(self._numbers)
        mark = {
            "uuid": f"{number:032x}",
            "day": day,
            "student": students[number % len(students)],
            "outcome": "recorded",
            "reason": "",
            "device": f"crowd-{day}",
            "seq": number,
            "lc": number,
            "supersedes": [],
            "device_time": "2026-11-22T02:00:00Z",
        }
        request = self._request(token, f"/days/{day}/marks")
        request.method, request.body = "POST", json.dumps({"marks": [mark]}).encode()
        request.headers.update(
            {"Content-Type": "application/json", "Accept": "application/json", "Origin": self._base}
        )
        await self._client.fetch(request)
        self.marks += 1

    async def _send(self, file: Path) -> None:
        boundary = "formboundary7MA4YWxkTrZu0gW"
        body = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode() + file.read_bytes()
        request = self._request(self._crowd.sender, f"/schools/{self._crowd.school}/rosters")
        request.method, request.body = "POST", body + f"\r\n--{boundary}--\r\n".encode()
        kind = f"multipart/form-data; boundary={boundary}"
        request.headers.update({"Content-Type": kind, "Origin": self._base})
        request.follow_redirects = False
        answer = await self._client.fetch(request, raise_error=False)
        assert answer.code == 303, answer.code
        progress = self._request(self._crowd.sender, f"{answer.headers['Location']}/progress")
        while b'"done": true' not in (await self._client.fetch(progress)).body:
            await asyncio.sleep(0.5)

    def _request(self, token: str, path: str) -> HTTPRequest:
        return HTTPRequest(
            self._base + path, headers={"Cookie": f"session={token}; language=id"}, request_timeout=60.0
        )


if __name__ == "__main__":
    print_table(measure(float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS))
