"""Chromium for tests: started once a process, a clean context a page, and nothing asked of another host."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tools import system

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A container's shared memory is often too small for a page.
    "--disable-dev-shm-usage",
)
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
PLACE: dict[str, Any] = {"locale": "id-ID", "timezone_id": "Asia/Jakarta"}
OWN_HOSTS = ("localhost", "127.0.0.1", "::1")
PICTURES = Path(__file__).resolve().parents[2] / ".build" / "pictures"


class NoChromium(Exception):
    """There is no Chromium here; the text says how to have it."""


# Playwright's blocking calls leave their event loop marked as running between them, in which state no other
# loop may start on the thread. So it is marked while a browser test runs, and only then.
_loop: asyncio.AbstractEventLoop | None = None


@contextmanager
def started(*further: str) -> Iterator[Browser]:
    """A running Chromium (with `further` arguments), stopped afterwards. Raises NoChromium."""
    global _loop
    program = system.chromium()
    if program is None:
        raise NoChromium("Chromium is not installed here (sudo apt install chromium)")
    # Slow to import, and most processes of a run never open a page.
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        _loop = asyncio.get_running_loop()
        browser = playwright.chromium.launch(executable_path=str(program), args=[*ARGUMENTS, *further])
        try:
            yield browser
        finally:
            take_loop(True)
            browser.close()
            _loop = None


def take_loop(browsing: bool) -> None:
    """Marks Playwright's loop as the thread's running one for a browser test, and no loop for any other."""
    if _loop is not None:
        asyncio._set_running_loop(_loop if browsing else None)


@contextmanager
def opened(browser: Browser, shape: dict[str, Any], troubles: list[str]) -> Iterator[Page]:
    """A page in a context of its own; what goes wrong in it without a test looking is added to `troubles`."""
    context = browser.new_context(**PLACE, **shape)
    context.set_default_timeout(10_000)
    context.on("request", lambda request: _note_request(request.url, troubles))
    context.on("weberror", lambda told: troubles.append(f"a script failed: {told.error}"))
    context.on("console", lambda told: _note_words(told.text, troubles))
    page = context.new_page()
    try:
        yield page
    finally:
        context.close()


def _note_request(url: str, troubles: list[str]) -> None:
    parts = urlsplit(url)
    if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in OWN_HOSTS:
        troubles.append(f"the page asked another host: {url}")


def _note_words(text: str, troubles: list[str]) -> None:
    if "Content Security Policy" in text:
        troubles.append(f"the content security policy was broken: {text}")


def picture(page: Page, name: str) -> Path:
    """Keeps what the page shows under .build/pictures, for whoever looks into a failed test."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    path = PICTURES / ("".join(letter if letter.isalnum() else "-" for letter in name)[-100:] + ".png")
    page.screenshot(path=path, full_page=True)
    return path


def in_ci() -> bool:
    """Whether a test left out is a failure."""
    return os.environ.get("CI", "").lower() not in ("", "0", "false")
