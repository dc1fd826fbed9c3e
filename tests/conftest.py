"""What every test may ask for: databases, Chromium; and the rules of a run: no network, no silent skip."""

from __future__ import annotations

import socket
import sys
from collections import Counter
from collections.abc import Generator, Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
for place in (ROOT, ROOT / "tests"):
    if str(place) not in sys.path:
        sys.path.insert(0, str(place))

from ground import browser, databases, server  # noqa: E402

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from common.database import Store

# A shared machine is slow at odd moments; how long an example takes is the benchmarks' question.
settings.register_profile("house", deadline=None, print_blob=True)
settings.load_profile("house")


# --- databases ---------------------------------------------------------------------------------------------


def _database(kind: str, folder: Path, *, migrated: bool) -> Iterator[str]:
    try:
        with databases.fresh(kind, folder, migrated=migrated) as address:
            yield address
    except server.NoServer as reason:
        pytest.skip(str(reason))


_BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(params=_BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, migrated database, once on SQLite and once on PostgreSQL."""
    yield from _database(request.param, tmp_path, migrated=True)


@pytest.fixture(params=_BOTH)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without a table, once on SQLite and once on PostgreSQL."""
    yield from _database(request.param, tmp_path, migrated=False)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, migrated SQLite database, for a test that has no need of both."""
    yield from _database("sqlite", tmp_path, migrated=True)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """An open, migrated store on each of both databases."""
    yield from _store(database_url)


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Iterator[Store]:
    """An open, migrated store on SQLite alone."""
    yield from _store(sqlite_url)


def _store(address: str) -> Iterator[Store]:
    from common.database import open_store

    opened = open_store(address)
    try:
        opened.migrate()
        yield opened
    finally:
        opened.close()


# --- the browser -------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A running Chromium, one for all the tests of a process."""
    try:
        with browser.started() as running:
            yield running
    except browser.NoChromium as reason:
        pytest.skip(str(reason))


@pytest.fixture
def troubles() -> list[str]:
    """What went wrong in the test's pages unseen; a test that means it to happen clears the list."""
    return []


@pytest.fixture
def page(chromium: Browser, troubles: list[str], request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page at the width of a desk, in Indonesian."""
    yield from _page(chromium, browser.DESKTOP, troubles, request)


@pytest.fixture
def phone(chromium: Browser, troubles: list[str], request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of 360 x 740, with touch."""
    yield from _page(chromium, browser.PHONE, troubles, request)


_failed = pytest.StashKey[bool]()


def _page(
    chromium: Browser, shape: dict[str, Any], troubles: list[str], request: pytest.FixtureRequest
) -> Iterator[Page]:
    with browser.opened(chromium, shape, troubles) as page:
        yield page
        if request.node.stash.get(_failed, False):
            print("picture:", browser.picture(page, request.node.nodeid))
    assert not troubles, "\n".join(troubles)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Lets tests with an event loop of their own run in the same process as browser tests."""
    browser.take_loop("chromium" in getattr(item, "fixturenames", ()))
    return (yield)


# --- the rules of a run ------------------------------------------------------------------------------------

_ground = pytest.StashKey[server.Ground]()


def pytest_configure(config: pytest.Config) -> None:
    """Prepares the run's folder, in the first process only, and shuts the network."""
    if not hasattr(config, "workerinput"):
        config.stash[_ground] = server.Ground()
    sys.addaudithook(_stay_here)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stops what the run started."""
    if _ground in config.stash:
        config.stash[_ground].clear()


def _stay_here(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect":
        connection, address = arguments
        if connection.family in (socket.AF_INET, socket.AF_INET6):
            _refuse_strangers(str(address[0]))
    elif event == "socket.getaddrinfo":
        _refuse_strangers(str(arguments[0] or "localhost"))


def _refuse_strangers(host: str) -> None:
    host = host.removeprefix("b'").removesuffix("'")
    try:
        own = ip_address(host).is_loopback or ip_address(host).is_unspecified
    except ValueError:
        own = host in browser.OWN_HOSTS
    if not own:
        raise PermissionError(f"a test asked for {host}: tests have no network")


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail") and browser.in_ci():
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI=true does not allow: {_reason(report)}"


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    told = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return told.removeprefix("Skipped: ")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turns a skip into a failure where CI=true, and remembers a failure for the page's picture."""
    report = yield
    _refuse_skip(report)
    if report.failed:
        item.stash[_failed] = True
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a whole file that leaves itself out."""
    report = yield
    _refuse_skip(report)
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says loudly, once a reason, what was not tested here."""
    skipped = Counter(_reason(report) for report in terminalreporter.stats.get("skipped", []))
    if skipped:
        terminalreporter.section("NOT TESTED HERE", red=True, bold=True)
        for reason, count in skipped.most_common():
            terminalreporter.line(f"{count} left out: {reason}")
