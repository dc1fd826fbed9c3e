"""The officer's page of a day with 300 students in Chromium: its weight, a tap, and how soon another kit shows it.

A phone that comes for the first time loads the page, its styles and scripts, and the service worker's own; everything
is counted as it comes over the wire. A tap is timed to the picture that shows it, with the processor slowed six times.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from http.client import HTTPConnection
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any

from bench.figures import Figure
from common import clock
from common.database import Store, open_store

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))

from ground.browser import PHONE, opened, started
from ground.field_day import WEDNESDAY, add_day, add_students, open_campaign
from ground.people import PASSWORD, Cast, invite_everyone
from ground.site import Client, Site
from ground.wire import Wire, first_visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser

STUDENTS = 300
SLOWED = 6
TAPS = 40
DEVICES = 8
ROUNDS = 60
"""Marks sent, each waited for by the seven other devices."""

# A tap, and the time until the picture that answers it and until the one that shows the outcome, kept on the device.
TAP = """
(n) => new Promise((done) => {
  const row = document.querySelectorAll('.field-row')[n];
  const button = row.querySelector('.field-row__mark');
  const began = performance.now();
  const since = () => performance.now() - began;
  const pictured = () => new Promise((seen) => requestAnimationFrame(() => setTimeout(seen)));
  button.click();
  pictured().then(async () => {
    const is = (what) => row.classList.contains(`field-row--${what}`);
    const answered = is('tapped') || is('done') ? since() : 1e9;
    while (!is('done')) await pictured();
    done([answered, since()]);
  });
})
"""


def measure() -> list[Figure]:
    """Weight in KB (1,000 bytes), a tap's median in ms, the 99th percentile of a mark's way to another kit in ms."""
    with tempfile.TemporaryDirectory() as folder, clock.fixed_at(WEDNESDAY):
        store = open_store(f"sqlite:///{folder}/bench.sqlite3")
        store.migrate()
        cast = invite_everyone(store)
        campaign = open_campaign(store, cast)
        students = add_students(store, cast, cast.ratnas_school, STUDENTS)
        day = add_day(store, cast, campaign, cast.ratnas_school, students)
        try:
            with Site(store, Path(folder)) as site:
                with started() as chromium, Wire(site.port) as wire:
                    weight, taps = _phone(chromium, wire, day)
                waits = _news(store, site, cast, day, students)
        finally:
            store.close()
    first, kept = zip(*taps, strict=True)
    return [
        Figure(f"the day's page with {STUDENTS} students, first load, everything", weight / 1000, 60, "KB"),
        Figure(f"a tap answered on the screen, {SLOWED}x slowed, median", median(first), 50, "ms"),
        Figure("the slowest of these taps", max(first), None, "ms"),
        Figure("a tap to its outcome, kept on the device, the same, median", median(kept), None, "ms"),
        Figure(f"a mark on another kit's stream, {DEVICES} devices, p99", _p99(waits), 300, "ms"),
        Figure("the same, median", median(waits), None, "ms"),
    ]


def _phone(chromium: Browser, wire: Wire, day: int) -> tuple[int, list[tuple[float, float]]]:
    with opened(chromium, PHONE, []) as page:
        page.goto(f"{wire.url}/login")
        page.fill("[name=username]", "budi")
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(lambda url: "/login" not in url)
        weight = first_visit(page, wire, f"/days/{day}/field", "[data-field-save]")
        session = page.context.new_cdp_session(page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
        taps = [page.evaluate(TAP, n) for n in range(TAPS)]
    return weight, taps[5:]  # the first taps of a page compile its scripts


def _news(store: Store, site: Site, cast: Cast, day: int, students: list[int]) -> list[float]:
    """Milliseconds from the sending of a mark to each other device's reading of it."""
    clients = [site.as_("budi") for _ in range(DEVICES)]
    heard: dict[str, float] = {}
    waits: list[float] = []
    lock = threading.Lock()
    all_heard = threading.Semaphore(0)
    streams = [_stream(site, client, day) for client in clients]

    def listen(stream: Any) -> None:
        for line in stream:
            if not line.startswith(b"data:") or b'"uuid"' not in line:
                continue
            now = time.perf_counter()
            with lock:
                found = [sent for uuid, sent in heard.items() if uuid.encode() in line]
                waits.extend((now - sent) * 1000 for sent in found)
            for _ in found:  # the first news is of the marks before
                all_heard.release()

    for stream in streams:
        threading.Thread(target=listen, args=(stream,), daemon=True).start()
    time.sleep(1)
    for n in range(ROUNDS):
        uuid = f"{n:032x}"
        mark = {
            "uuid": uuid,
            "day": day,
            "student": students[TAPS + n],
            "outcome": "recorded",
            "reason": "",
            "device": f"kit-{n % DEVICES}",
            "seq": n // DEVICES + 1,
            "lc": n + 1,
            "supersedes": [],
            "device_time": "2026-08-12T02:00:00Z",
        }
        with lock:
            heard.clear()
            heard[uuid] = time.perf_counter()
        clients[n % DEVICES].post_json(f"/days/{day}/marks", {"marks": [mark]})
        for _ in range(DEVICES):
            assert all_heard.acquire(timeout=10)
    return waits


def _stream(site: Site, client: Client, day: int) -> Any:
    connection = HTTPConnection("127.0.0.1", site.port, timeout=60)
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    connection.request(
        "GET", f"/days/{day}/live?after=0", headers={"Cookie": cookies, "Accept": "text/event-stream"}
    )
    return connection.getresponse()


def _p99(values: list[float]) -> float:
    return quantiles(values, n=100)[98]
