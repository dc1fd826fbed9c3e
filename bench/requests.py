"""What other people wait while a school's 20,000 rows are sent, read, reviewed and confirmed, against a quiet server.

Run as `python -m bench.requests [cycles]`. The real server runs in a process of its own on the made-up kabupaten.
An officer, a coordinator and a school ask for their pages at a steady rate, whether the last answer came or not; quiet
and busy stretches take turns. Waiting counts from the moment a request was due.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlencode

from tornado.httpclient import HTTPRequest, HTTPResponse
from tornado.simple_httpclient import SimpleAsyncHTTPClient

from accounts import actions as accounts
from accounts.models import Account
from bench.figures import Figure, print_table
from bench.growth import write_workbook
from campaigns.models import RecordingDay
from common import clock
from common.database import open_store
from demo.build import build
from schools.models import School

ROOT = Path(__file__).resolve().parent.parent
SCHOOLS = 16
ROWS = 20_000
EVERY = 1 / 12
"""Seconds from one request to the next: twelve a second is what a few hundred people make."""
QUIET = 7.0
BAR = 2.0


@dataclass(frozen=True, slots=True)
class Office:
    """Who asks for which page, by session; who sends rosters, and the schools that they are of."""

    pages: tuple[tuple[str, str], ...]
    sender: str
    schools: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Wait:
    """How long one page was waited for, in seconds, and what the server did besides (`quiet`: nothing)."""

    seconds: float
    besides: str
    page: str


def measure(cycles: int = 4) -> list[Figure]:
    """The 99th percentile of waiting, busy over quiet."""
    waits = waits_of(cycles)
    quiet = [wait.seconds for wait in waits if wait.besides == "quiet"]
    busy = [wait.seconds for wait in waits if wait.besides != "quiet"]
    return [
        Figure(
            "other requests while 20,000 rows are taken in / when quiet: p99",
            _p99(busy) / _p99(quiet),
            BAR,
            "x",
        ),
        Figure(f"p99 of {len(quiet)} requests when quiet", _p99(quiet) * 1000, None, "ms"),
        Figure(f"p99 of {len(busy)} requests while 20,000 rows are taken in", _p99(busy) * 1000, None, "ms"),
    ]


def waits_of(cycles: int) -> list[Wait]:
    """Every request of a run, in order."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        office = _office(folder, cycles)
        with running_server(folder) as port:
            return asyncio.run(_Visitors(port, office, folder).run(cycles))


def _p99(seconds: list[float]) -> float:
    return quantiles(seconds, n=100)[98]


def _office(folder: Path, cycles: int) -> Office:
    store = open_store(f"sqlite:///{folder / 'perekaman.sqlite3'}")
    try:
        store.migrate()
        build(store, clock.today(), folder / "files", SCHOOLS)
        return store.write_now(_office_of, cycles)
    finally:
        store.close()


def _office_of(cycles: int) -> Office:
    tokens = {
        name: accounts.start_session(Account.get(Account.username == name).id)
        for name in ("sari", "budi", "lina", "ratna")
    }
    days = RecordingDay.select().where(RecordingDay.state == "confirmed").order_by(RecordingDay.date)
    near = [day for day in days if day.date <= clock.today() + timedelta(days=7)] or list(days)
    schools = [row.id for row in School.select().order_by(School.id.desc()).limit(cycles)]
    pages = (
        ("sari", "/coverage"),
        ("budi", f"/days/{near[-1].id}/field"),
        ("ratna", "/"),
        ("lina", "/coverage"),
        ("sari", "/"),
    )
    return Office(tuple((tokens[name], page) for name, page in pages), tokens["sari"], tuple(schools))


@contextmanager
def running_server(folder: Path) -> Iterator[int]:
    """The server on the database of that folder; answers its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    process = subprocess.Popen(
        [sys.executable, "server.py"],
        cwd=ROOT,
        env={**os.environ, "PEREKAMAN_DATA": str(folder), "PEREKAMAN_PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        if str(port) not in process.stdout.readline():
            raise RuntimeError("the server did not start")
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=30)
        finally:
            process.kill()
            process.communicate()


class _Visitors:
    """Those who look at pages, and the one who sends rosters."""

    def __init__(self, port: int, office: Office, folder: Path) -> None:
        self._base = f"http://localhost:{port}"
        self._office = office
        self._folder = folder
        self._waits: list[Wait] = []
        self._besides = "warming"
        self._client = SimpleAsyncHTTPClient(force_instance=True, max_clients=100)
        self._sender = SimpleAsyncHTTPClient(force_instance=True, max_body_size=64 * 1024 * 1024)

    async def run(self, cycles: int) -> list[Wait]:
        """Take in a roster so often, with a quiet stretch before each; the first seconds are not counted."""
        files = []
        for cycle in range(cycles):
            files.append(self._folder / f"daftar {cycle}.xlsx")
            write_workbook(files[-1], cycle * ROWS, ROWS + 1)
        asking = asyncio.create_task(self._ask_steadily())
        await asyncio.sleep(4)  # the sandbox is warm after three
        for school, file in zip(self._office.schools, files, strict=True):
            self._besides = "quiet"
            await asyncio.sleep(QUIET)
            await self._take_in(school, file)
        self._besides = "quiet"
        await asyncio.sleep(QUIET)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        self._client.close()
        self._sender.close()
        return [wait for wait in self._waits if wait.besides != "warming"]

    async def _ask_steadily(self) -> None:
        asked: set[asyncio.Task[None]] = set()
        due, number = clock.ticking(), 0
        while True:
            task = asyncio.create_task(self._look(*self._office.pages[number % len(self._office.pages)], due))
            asked.add(task)
            task.add_done_callback(asked.discard)
            number += 1
            due += EVERY
            await asyncio.sleep(max(0.0, due - clock.ticking()))

    async def _look(self, token: str, page: str, due: float) -> None:
        besides = self._besides
        await self._client.fetch(self._request(token, page))
        self._waits.append(Wait(clock.ticking() - due, besides, page))

    async def _take_in(self, school: int, file: Path) -> None:
        self._besides = "sending"
        boundary = "formboundary7MA4YWxkTrZu0gW"
        body = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode() + file.read_bytes()
        kind = f"multipart/form-data; boundary={boundary}"
        sent = await self._post(f"/schools/{school}/rosters", body + f"\r\n--{boundary}--\r\n".encode(), kind)
        place = sent.headers["Location"]
        self._besides = "reading"
        while b'"done": true' not in (await self._get(f"{place}/progress")).body:
            await asyncio.sleep(0.5)
        self._besides = "reviewing"
        review = (await self._get(place)).body.decode()
        found = re.search(r'name="fingerprint" value="([^"]+)"', review)
        if found is None:
            raise AssertionError("the roster cannot be confirmed")
        self._besides = "confirming"
        form = urlencode({"fingerprint": found[1], "is_sure": "1"}).encode()
        await self._post(f"{place}/confirm", form, "application/x-www-form-urlencoded")
        self._besides = "looking at what was stored"
        if f"{place}/confirm".encode() in (await self._get(place)).body:
            raise AssertionError("the roster was not confirmed")

    async def _get(self, path: str) -> HTTPResponse:
        return await self._sender.fetch(self._request(self._office.sender, path))

    async def _post(self, path: str, body: bytes, kind: str) -> HTTPResponse:
        request = self._request(self._office.sender, path)
        request.method, request.body = "POST", body
        request.headers.update({"Content-Type": kind, "Origin": self._base})
        request.follow_redirects = False
        answer = await self._sender.fetch(request, raise_error=False)
        if answer.code != 303:
            raise AssertionError(f"{path} was answered with {answer.code}")
        return answer

    def _request(self, token: str, path: str) -> HTTPRequest:
        return HTTPRequest(
            self._base + path, headers={"Cookie": f"session={token}; language=id"}, request_timeout=60.0
        )


if __name__ == "__main__":
    print_table(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 4))
