"""axe finds nothing on the pages of the main walk, in either language, at both widths, light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import pytest

from common import clock
from common.database import open_store
from demo import build
from ground import browser, databases
from ground.axe import faults_on
from ground.site import Site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

WEDNESDAY = date(2026, 11, 25)
WAYS = [
    pytest.param(browser.DESKTOP, "id", "light", id="desk-id-light"),
    pytest.param(browser.PHONE, "en", "dark", id="phone-en-dark"),
]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A small made-up kabupaten half way through its programme."""
    folder = tmp_path_factory.mktemp("accessible")
    with databases.fresh("sqlite", folder, migrated=True) as address:
        store = open_store(address)
        with clock.fixed_at(WEDNESDAY):
            build.build(store, WEDNESDAY, folder, school_count=6)
            with Site(store, folder) as site:
                yield site
        store.close()


def pages_of(site: Site, username: str, page: Page) -> list[str]:
    """The pages to look at as this person: the first page and what it and the navigation lead to."""
    links: list[str] = page.eval_on_selector_all(
        "nav a[href^='/'], main a[href^='/']", "found => found.map(one => one.getAttribute('href'))"
    )
    return [link for link in dict.fromkeys(links) if ".pdf" not in link and link != "/"][:16]


@pytest.mark.parametrize(("shape", "language", "scheme"), WAYS)
@pytest.mark.parametrize("username", ["sari", "budi", "ratna", "lina"])
def test_axe_finds_nothing(
    office: Site, chromium: Browser, shape: dict[str, object], language: str, scheme: str, username: str
) -> None:
    context = chromium.new_context(**{**browser.PLACE, **shape, "color_scheme": scheme})
    context.set_default_timeout(15_000)
    context.add_cookies([{"name": "language", "value": language, "url": office.url}])
    page = context.new_page()
    found: list[str] = []
    with clock.fixed_at(WEDNESDAY):
        page.goto(office.url + "/login")
        found += faults_on(page)
        page.fill("#f-username", username)
        page.fill("#f-password", build.PASSWORD)
        page.click("main form.form button[type=submit]")
        page.wait_for_url(office.url + "/")
        found += faults_on(page)
        for path in pages_of(office, username, page):
            answer = page.goto(office.url + path)
            assert answer is not None
            assert answer.status == 200, f"{username}: {path}: {answer.status}"
            found += faults_on(page)
    context.close()
    assert found == []


def test_a_page_with_a_fault_is_found_out(chromium: Browser) -> None:
    page = chromium.new_page()
    page.set_content("<html lang='en'><title>x</title><main><h1>x</h1><img src='data:,'><input></main>")
    assert any("image-alt" in fault for fault in faults_on(page))
    page.close()
