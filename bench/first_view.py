"""The first view of each role's pages on a bad line, in Chromium: 400 kbit/s, 400 ms of delay, nothing kept."""

from __future__ import annotations

import importlib
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bench.figures import Figure

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TESTS = Path(__file__).resolve().parents[1] / "tests"
LATENCY, BYTES_A_SECOND = 400, 400_000 / 8
MOST = 2.5  # seconds
# (who, path): signing in, the first page of each role, and the pages that are open all day
LOOKED_AT = (
    ("", "/login"),
    *((who, "/") for who in ("sari", "budi", "ratna", "lina")),
    ("sari", "/schools"),
    ("sari", "/plan"),
    ("sari", "/days/{confirmed}"),
    ("budi", "/days/{confirmed}/field"),
    ("sari", "/coverage"),
)


def measure() -> list[Figure]:
    """Seconds until something is seen (first contentful paint), the best of three, the server warm."""
    sys.path.insert(0, str(TESTS))
    browser, server, offices = (
        importlib.import_module(f"ground.{name}") for name in ("browser", "server", "full_office")
    )

    ground = server.Ground()
    figures = []
    try:
        with (
            tempfile.TemporaryDirectory() as folder,
            offices.full_office(Path(folder)) as office,
            browser.started() as chromium,
        ):
            for who, path in LOOKED_AT:
                address = office.site.url + path.format_map(office.ids)
                cookies = {**office.client(who).cookies, "language": "id"}
                office.client(who).get(path.format_map(office.ids))
                seconds = min(_first_view(chromium, address, cookies, office.site.url) for _ in range(3))
                name = f"first view of {path.format_map(dict.fromkeys(office.ids, 'N'))} as {who or 'nobody'}"
                figures.append(Figure(f"{name}, 400 kbit/s, 400 ms", seconds, MOST, "s"))
    finally:
        ground.clear()
    return figures


def _first_view(chromium: Browser, address: str, cookies: dict[str, str], site: str) -> float:
    """Seconds from asking to the first contentful paint, in a browser that has seen nothing of the program yet."""
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    try:
        context.add_cookies([{"name": name, "value": value, "url": site} for name, value in cookies.items()])
        page = context.new_page()
        _slow_down(page)
        page.goto(address)
        painted = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
        page.wait_for_function(painted)
        return float(page.evaluate(painted)) / 1000
    finally:
        context.close()


def _slow_down(page: Page) -> None:
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": LATENCY,
            "downloadThroughput": BYTES_A_SECOND,
            "uploadThroughput": BYTES_A_SECOND,
        },
    )
