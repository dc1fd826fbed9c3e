"""Back to a page that answered a form: the worker asks for it anew, and says "no network" only where there is none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from test_field_page import FieldDay

from campaigns.field import closing_actions
from campaigns.models import RecordingDay
from common import clock
from common.database import Store
from ground import field_day
from ground.field_day import WEDNESDAY
from ground.people import invite_everyone
from ground.site import Site
from ground.wire import Wire

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


class Line:
    """A closed day of six students, and the wire that leads to it."""

    def __init__(self, day: FieldDay, wire: Wire) -> None:
        self.day, self.wire = day, wire
        self.url = f"{wire.url}/days/{day.id}"

    def come_in(self, page: Page) -> None:
        """Sari, with the worker at work."""
        self.day.site.url = self.wire.url
        self.day.path = f"{self.url}/field"
        self.day.opened_by("sari", page)
        page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
        page.reload()
        assert page.evaluate("Boolean(navigator.serviceWorker.controller)")


@pytest.fixture
def line(sqlite_store: Store, tmp_path: Path) -> Iterator[Line]:
    cast = invite_everyone(sqlite_store)
    campaign = field_day.open_campaign(sqlite_store, cast)
    students = field_day.add_students(sqlite_store, cast, cast.ratnas_school, 6)
    day_id = field_day.add_day(sqlite_store, cast, campaign, cast.ratnas_school, students)
    with clock.fixed_at(WEDNESDAY), Site(sqlite_store, tmp_path) as site, Wire(site.port) as wire:
        sqlite_store.write_now(closing_actions.close_day, cast.budi, day_id)
        yield Line(FieldDay(sqlite_store, site, cast, day_id, students), wire)


def test_back_to_checked_lines_is_the_page_of_the_lines(line: Line, page: Page) -> None:
    line.come_in(page)
    page.goto(f"{line.url}/quick")
    page.fill("textarea", "1 r")
    page.locator("button[value=check]").click()
    page.locator("tbody tr").wait_for()
    page.locator("main a", has_text="Kembali ke daftar").click()
    page.wait_for_url(re.compile("/field"))
    page.go_back()
    assert page.locator("h1").inner_text() == "Ketik daftar cetak"
    assert line.day.marks() == 0


def test_back_to_a_refused_reopening_is_the_summary_and_nothing_is_sent_again(line: Line, page: Page) -> None:
    line.come_in(page)
    page.goto(f"{line.url}/summary")
    reopen = page.locator("form[action$='/reopen'] button")
    reopen.click()
    page.fill("[name=reason]", "Dua siswa datang sore")
    reopen.click()
    page.wait_for_url(lambda url: "/reopen" not in url)
    page.go_back()
    assert page.locator("h1").inner_text() == "Hasil hari perekaman ini"
    assert line.day.store.read_now(lambda: RecordingDay.get_by_id(line.day.id).state) == "open"


def test_back_without_network_is_the_page_that_says_so(line: Line, page: Page) -> None:
    line.come_in(page)
    page.goto(f"{line.url}/quick")
    page.locator("button[value=check]").click()
    page.wait_for_load_state()
    page.locator("main a", has_text="Kembali ke daftar").click()
    page.wait_for_url(re.compile("/field"))
    line.wire.cut()
    page.go_back()
    assert page.locator("h1").inner_text() == "Tidak ada jaringan"
