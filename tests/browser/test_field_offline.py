"""The officer's list with the line really cut: it opens again, and nobody else sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from test_field_page import FieldDay, done, sent, until

from accounts.models import Session
from campaigns.field import (
    closing_actions,
    device_actions,
    device_queries,
    queries,
    walk_in_queries,
)
from campaigns.models import MarkRow, RecordingDay
from common import clock
from common.database import Store
from ground import field_day
from ground.axe import faults_on
from ground.browser import ARGUMENTS, PHONE, PLACE
from ground.field_day import WEDNESDAY
from ground.people import PASSWORD, invite_everyone
from ground.site import Site
from ground.wire import Wire
from tools import system

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser


class Line:
    """A day behind a line that can be cut."""

    def __init__(self, day: FieldDay, wire: Wire) -> None:
        self.day, self.wire = day, wire
        self.path = f"{wire.url}/days/{day.id}/field"

    def sign_in(self, page: Page, username: str) -> None:
        page.goto(f"{self.wire.url}/login")
        page.fill("[name=username]", username)
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(lambda url: "/login" not in url)

    def open_ready(self, page: Page) -> None:
        """Opens the list and waits until it says that it is ready without network."""
        page.goto(self.path)
        page.locator("[data-field-ready][data-said]").wait_for()
        assert re.fullmatch(r"Siap: 20 nama, disimpan \d\d\.\d\d\.", ready(page)), ready(page)

    def reopen(self, page: Page) -> None:
        """Opens the list and waits until its script has begun."""
        page.goto(self.path)
        page.locator("[data-field-ready][data-said]").wait_for()


def ready(page: Page) -> str:
    return page.locator("[data-field-ready]").inner_text()


@pytest.fixture
def line(sqlite_store: Store, tmp_path: Path) -> Iterator[Line]:
    cast = invite_everyone(sqlite_store)
    campaign = field_day.open_campaign(sqlite_store, cast)
    students = field_day.add_students(sqlite_store, cast, cast.ratnas_school, 20)
    day_id = field_day.add_day(sqlite_store, cast, campaign, cast.ratnas_school, students)
    with (
        clock.fixed_at(WEDNESDAY),
        Site(sqlite_store, tmp_path / "files") as site,
        Wire(site.port) as wire,
    ):
        yield Line(FieldDay(sqlite_store, site, cast, day_id, students), wire)


@contextmanager
def started_with(browser: Browser, folder: Path) -> Iterator[BrowserContext]:
    """A phone's browser that keeps what it has in `folder` when it is closed."""
    context = browser.browser_type.launch_persistent_context(
        folder, executable_path=str(system.chromium()), args=list(ARGUMENTS), **PLACE, **PHONE
    )
    context.set_default_timeout(10_000)
    try:
        yield context
    finally:
        context.close()


def test_a_list_once_opened_opens_without_network_after_the_browser_was_closed_with_all_it_knew(
    line: Line, chromium: Browser, tmp_path: Path
) -> None:
    day = line.day
    with started_with(chromium, tmp_path / "phone") as context:
        page = context.pages[0]
        line.sign_in(page, "budi")
        line.open_ready(page)
        day.tap(page, 0)
        until(page, done(page, 1))
        until(page, sent(day, page))
        day.take_elsewhere(1)
        until(page, done(page, 2))
        line.wire.cut()
        day.tap(page, 2)
        until(page, done(page, 3))

    with started_with(chromium, tmp_path / "phone") as context:
        page = context.pages[0]
        line.reopen(page)
        # sent before, told by the other kit, and still waiting: all three are known
        until(page, done(page, 3))
        assert day.unsent(page).inner_text() == "1"
        assert "20 nama" in ready(page)
        day.tap(page, 3)
        until(page, done(page, 4))
        assert sorted(day.outcomes()) == [0, 1]
        line.wire.restore()
        page.locator(".field-strip__send").click()
        until(page, lambda: sorted(day.outcomes()) == [0, 1])
        # the session ended with the browser: what waits stays until somebody signs in again
        assert day.unsent(page).inner_text() == "2"
        page.locator("[data-field-notice] a").click()
        page.wait_for_url(lambda url: "/login" in url)
        page.fill("[name=username]", "budi")
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(line.path)
        until(page, lambda: sorted(day.outcomes()) == [0, 1, 2, 3])
    assert day.marks() == 4


def test_what_is_kept_holds_number_name_class_and_outcome_and_nothing_else(line: Line, phone: Page) -> None:
    line.sign_in(phone, "budi")
    line.open_ready(phone)
    kept = phone.evaluate(
        """async () => {
          const found = {};
          for (const name of await caches.keys())
            for (const request of await (await caches.open(name)).keys())
              found[new URL(request.url).pathname] = await (await caches.match(request)).text();
          return found;
        }"""
    )
    pages = {path: text for path, text in kept.items() if not path.startswith("/static/")}
    assert set(pages) == {f"/days/{line.day.id}/field", "/offline/id", "/offline/en"}
    day_page = re.sub(r"\?v=[0-9a-f]+|value=\"[0-9a-f]{32}\"", "", pages[f"/days/{line.day.id}/field"])
    assert "Citra Ayuningtyas 3" in day_page
    assert not re.search(r"\d{16}|2009|331104|Sukoharjo, ", day_page)
    assert "Ayu" not in pages["/offline/id"]


def test_the_kept_list_keeps_the_strict_policy_and_breaks_nothing_of_it(line: Line, phone: Page) -> None:
    line.sign_in(phone, "budi")
    line.open_ready(phone)
    line.wire.cut()
    answer = phone.goto(line.path)
    assert answer is not None
    assert answer.from_service_worker
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    phone.locator("[data-field-ready][data-said]").wait_for()


def test_a_network_that_answers_nothing_is_waited_for_only_some_seconds(line: Line, phone: Page) -> None:
    line.sign_in(phone, "budi")
    line.open_ready(phone)
    line.wire.deaden()
    phone.goto(line.path)
    phone.locator("[data-field-ready][data-said]").wait_for()
    line.day.tap(phone, 5)
    until(phone, done(phone, 1))


def test_a_page_that_was_not_kept_says_so_and_leads_to_the_lists_that_were(line: Line, phone: Page) -> None:
    line.sign_in(phone, "budi")
    line.open_ready(phone)
    line.wire.cut()
    phone.goto(f"{line.wire.url}/")
    phone.locator("[data-kept-days] a").wait_for()
    assert "Tidak ada jaringan" in phone.locator("h1").inner_text()
    assert faults_on(phone) == []
    phone.locator("[data-kept-days] a").click()
    phone.locator("[data-field-ready][data-said]").wait_for()
    assert phone.url == line.path


def test_who_logs_out_takes_the_names_along_and_leaves_the_marks(line: Line, phone: Page) -> None:
    day = line.day
    line.sign_in(phone, "budi")
    line.open_ready(phone)
    phone.route("**/marks", lambda route: route.abort())
    day.tap(phone, 0)
    until(phone, lambda: day.unsent(phone).inner_text() == "1")
    phone.locator(".menu summary").click()
    phone.locator(".menu form[action='/logout'] button").click()
    phone.wait_for_url(lambda url: "/login" in url)
    phone.unroute("**/marks")
    line.wire.cut()
    phone.goto(line.path)
    phone.locator("[data-kept-none]").wait_for()
    assert "Ayu" not in phone.content()
    line.wire.restore()
    line.sign_in(phone, "sari")
    line.open_ready(phone)
    until(phone, lambda: day.outcomes() == {0: "recorded"})


def test_without_network_logging_out_takes_the_names_along_too(line: Line, phone: Page) -> None:
    line.sign_in(phone, "budi")
    line.open_ready(phone)
    line.wire.cut()
    phone.locator(".menu summary").click()
    phone.locator(".menu form[action='/logout'] button").click()
    phone.locator("[data-kept-none]").wait_for()
    phone.goto(line.path)
    phone.locator("[data-kept-none]").wait_for()


def test_somebody_else_who_signs_in_does_not_find_the_lists_of_the_one_before(
    line: Line, phone: Page
) -> None:
    line.sign_in(phone, "budi")
    line.open_ready(phone)
    line.day.store.write_now(lambda: Session.delete().execute())
    line.sign_in(phone, "sari")
    line.wire.cut()
    phone.goto(line.path)
    phone.locator("[data-kept-none]").wait_for()


def test_an_expired_log_in_opens_the_kept_list_and_marking_goes_on(line: Line, phone: Page) -> None:
    day = line.day
    line.sign_in(phone, "budi")
    line.open_ready(phone)
    day.store.write_now(lambda: Session.delete().execute())
    line.reopen(phone)
    day.tap(phone, 0)
    until(phone, done(phone, 1))
    phone.locator("[data-field-notice] a").wait_for()
    assert day.unsent(phone).inner_text() == "1"


def test_a_new_version_leaves_the_kept_list_its_own_scripts(line: Line, phone: Page) -> None:
    line.sign_in(phone, "budi")
    line.open_ready(phone)
    worker: Any = phone.evaluate(
        """async () => {
          for (const name of await caches.keys()) if (name.startsWith("perekaman-shell-")) await caches.delete(name);
          return (await caches.keys());
        }"""
    )
    assert worker == ["perekaman-days"]
    line.wire.cut()
    line.reopen(phone)
    assert phone.evaluate("getComputedStyle(document.querySelector('.field-row')).display") == "flex"


def test_the_program_can_be_put_on_the_first_screen(line: Line, phone: Page) -> None:
    line.sign_in(phone, "budi")
    line.open_ready(phone)
    session = phone.context.new_cdp_session(phone)
    found = session.send("Page.getInstallabilityErrors")
    assert [one["errorId"] for one in found["installabilityErrors"] if one["errorId"] != "in-incognito"] == []


def test_a_phone_is_registered_by_its_code_and_once_disabled_its_marks_wait_and_the_names_go(
    line: Line, phone: Page
) -> None:
    day = line.day
    store, sari = day.store, day.cast.sari
    device_id, code = store.write_now(device_actions.make_code, sari, "Ponsel Tim A")
    line.sign_in(phone, "budi")
    phone.goto(f"{line.wire.url}/device#{code}")
    phone.locator("[name=device]:not([value=''])").wait_for(state="attached")
    phone.click("main form.form button")
    phone.get_by_text("terdaftar sebagai Ponsel Tim A").wait_for()
    line.open_ready(phone)
    day.tap(phone, 0)
    until(phone, done(phone, 1))
    until(phone, sent(day, phone))
    card = store.read_now(device_queries.device_card, sari, device_id)
    assert (card.state.value, card.marks, card.missing) == ("registered", 1, 0)

    store.write_now(device_actions.disable_device, sari, device_id)
    day.tap(phone, 1)
    phone.locator("[data-field-notice]").wait_for()
    until(phone, lambda: day.marks() == 2)
    assert day.outcomes() == {0: "recorded"}
    until(phone, lambda: "perekaman-days" not in phone.evaluate("caches.keys()"))
    notice = phone.locator("[data-field-notice] p")
    assert "Perangkat ini dinonaktifkan" in notice.inner_text()
    phone.reload()
    until(phone, lambda: "Perangkat ini dinonaktifkan" in notice.inner_text())
    kept = "caches.open('perekaman-days').then((days) => days.keys()).then((kept) => kept.length)"
    assert phone.evaluate(kept) == 0, "the list is not kept here again"
    line.wire.cut()
    phone.goto(line.path)
    phone.locator("[data-kept-none]").wait_for()

    line.wire.restore()
    store.write_now(device_actions.enable_device, sari, device_id)
    phone.goto(line.path)
    day.tap(phone, 2)
    until(phone, lambda: day.marks() == 3)
    until(phone, lambda: not notice.is_visible())


def test_two_tabs_without_network_share_one_sequence_and_one_queue(line: Line, phone: Page) -> None:
    day = line.day
    line.sign_in(phone, "budi")
    line.open_ready(phone)
    other = phone.context.new_page()
    line.open_ready(other)
    line.wire.cut()
    for n, tab in enumerate((phone, other, phone, other)):
        day.tap(tab, n)
        until(tab, done(tab, n + 1))
    until(other, lambda: day.unsent(other).inner_text() == "4")
    until(phone, lambda: day.unsent(phone).inner_text() == "4")
    line.wire.restore()
    for tab in (phone, other):  # both send the same queue
        tab.locator(".field-strip__send").click()
    until(phone, lambda: day.marks() == 4)
    until(other, lambda: day.unsent(other).inner_text() == "0")
    numbers = day.store.read_now(lambda: sorted(row.seq for row in MarkRow.select()))
    assert numbers == [1, 2, 3, 4]
    assert day.outcomes() == dict.fromkeys(range(4), "recorded")


def test_a_day_that_was_moved_meanwhile_is_said_and_marks_of_the_old_list_wait(
    line: Line, phone: Page
) -> None:
    day = line.day
    line.sign_in(phone, "budi")
    line.open_ready(phone)
    line.wire.cut()
    day.tap(phone, 0)
    until(phone, done(phone, 1))
    later = date(2026, 8, 19)
    day.store.write_now(lambda: RecordingDay.update(date=later).where(RecordingDay.id == day.id).execute())
    line.wire.restore()
    phone.locator(".field-strip__send").click()
    until(phone, lambda: day.marks() == 1)
    assert day.outcomes() == {}
    line.reopen(phone)
    assert "19 Agustus 2026" in phone.locator(".lead").inner_text()
    until(phone, done(phone, 0))


def test_after_weeks_the_names_are_gone_from_the_device_and_the_marks_are_not(
    line: Line, phone: Page
) -> None:
    day = line.day
    line.sign_in(phone, "budi")
    line.open_ready(phone)
    line.wire.cut()
    day.tap(phone, 0)
    until(phone, done(phone, 1))
    phone.evaluate(
        """async () => {
          const days = await caches.open("perekaman-days");
          const kept = await days.match(location.pathname);
          const headers = new Headers(kept.headers);
          headers.set("Kept-At", new Date(Date.now() - 15 * 24 * 3600 * 1000).toISOString());
          await days.put(location.pathname, new Response(await kept.text(), { headers }));
        }"""
    )
    phone.goto(line.path)
    phone.locator("[data-again]").wait_for()
    assert "Ayu" not in phone.content()
    day.store.write_now(closing_actions.close_day, day.cast.budi, day.id)
    line.wire.restore()
    with clock.fixed_at(date(2026, 9, 16)):
        line.sign_in(phone, "budi")  # the log-in of five weeks ago is over
        until(phone, lambda: day.outcomes() == {0: "recorded"})  # sent from the first page


def test_the_printed_list_is_typed_with_keys_only_and_the_other_kit_sees_it(
    line: Line, page: Page, phone: Page
) -> None:
    day = line.day
    line.sign_in(phone, "budi")
    line.open_ready(phone)
    line.sign_in(page, "sari")
    page.goto(f"{line.wire.url}/days/{day.id}/quick")
    page.keyboard.type("12 r\n13 a sakit\n14-16 r\n99 r")
    page.get_by_text("Tidak ada siswa bernomor 99").wait_for()
    page.get_by_text("5 tanda akan disimpan").wait_for()
    assert day.outcomes() == {}
    page.keyboard.press("Control+Enter")
    page.locator(".error-summary, [role=alert]").first.wait_for()
    assert page.input_value("textarea") == "12 r\n13 a sakit\n14-16 r\n99 r"
    page.keyboard.press("Tab")  # from the error to the link, which leads back to the lines
    page.locator("textarea").focus()
    for _ in range(5):
        page.keyboard.press("Backspace")
    page.keyboard.press("Control+Enter")
    page.get_by_text("5 tanda disimpan").wait_for()
    assert day.outcomes() == {11: "recorded", 12: "absent", 13: "recorded", 14: "recorded", 15: "recorded"}
    until(phone, done(phone, 5))
    assert page.evaluate("document.activeElement.name") == "lines"
    page.locator("form button[value=undo], .notice form button").first.press("Enter")
    page.get_by_text("5 tanda dibatalkan").wait_for()
    until(phone, done(phone, 0))


def test_a_mark_is_taken_back_on_the_phone_also_without_network(line: Line, phone: Page) -> None:
    day = line.day
    line.sign_in(phone, "budi")
    line.open_ready(phone)
    line.wire.cut()
    day.tap(phone, 0)
    until(phone, done(phone, 1))
    phone.wait_for_timeout(800)
    day.tap(phone, 0)
    phone.wait_for_timeout(500)
    phone.get_by_role("button", name="Batalkan tanda").click()
    until(phone, done(phone, 0))
    assert "Rekam" in day.row(phone, 0).inner_text()
    line.wire.restore()
    phone.locator(".field-strip__send").click()
    until(phone, lambda: day.marks() == 2)
    assert day.outcomes() == {}
    assert day.row(phone, 0).locator(".field-row__other").is_visible(), (
        "any other outcome can be chosen again"
    )
    phone.wait_for_timeout(800)  # for so long a student takes one tap
    day.tap(phone, 0)
    until(phone, lambda: day.outcomes() == {0: "recorded"})
    assert not day.row(phone, 0).locator(".field-row__other").is_visible()


def test_somebody_not_on_the_list_is_added_without_network_and_goes_to_the_coordinator(
    line: Line, phone: Page
) -> None:
    day = line.day
    line.sign_in(phone, "budi")
    line.open_ready(phone)
    line.wire.cut()
    phone.fill(".field-search input", "Gilang Ramadan")
    phone.locator("[data-add-walk-in]").click()
    assert phone.input_value("#walk-in-name") == "Gilang Ramadan"
    phone.get_by_text("Tidak ada jaringan untuk mencari").wait_for()
    phone.fill("#walk-in-class", "XII IPS 1")
    phone.locator("[data-walk-in] form button:not([type=button])").click()
    phone.wait_for_timeout(500)
    phone.locator(".field-sheet__choices button").first.click()
    until(phone, lambda: day.unsent(phone).inner_text() == "1")
    row = phone.locator(".field-list li", has_text="Gilang Ramadan, XII IPS 1")
    row.wait_for(state="attached")
    until(phone, done(phone, 1))
    phone.fill(".field-search input", "12")
    assert not row.is_visible(), "somebody who was added is searched for like everybody"
    assert phone.locator(".field-row:visible").count() == 1
    phone.fill(".field-search input", "gilang")
    assert row.is_visible()
    phone.fill(".field-search input", "zzz")
    phone.locator("[data-show-all]").click()
    assert row.is_visible() and phone.locator(".field-row:visible").count() == 21
    line.reopen(phone)  # still there without network
    row.wait_for()
    line.wire.restore()
    phone.locator(".field-strip__send").click()
    until(phone, lambda: day.marks() == 1)
    (waiting,) = day.store.read_now(walk_in_queries.waiting_walk_ins, day.cast.budi, day.id)
    assert (waiting.name, waiting.outcome) == ("Gilang Ramadan", "recorded")
    phone.reload()
    phone.get_by_text("Gilang Ramadan, XII IPS 1 (sudah rekam)").wait_for()
    until(phone, done(phone, 1))  # still, though the coordinator has yet to say who it is


def test_somebody_of_the_school_without_a_place_is_searched_and_marked(line: Line, phone: Page) -> None:
    day = line.day
    (student,) = field_day.add_students(day.store, day.cast, day.cast.ratnas_school, 1, 9700)
    line.sign_in(phone, "budi")
    line.open_ready(phone)
    phone.locator("[data-add-walk-in]").click()
    phone.keyboard.type("ayu lest")
    phone.locator("[data-found] button").first.click()
    phone.wait_for_timeout(500)
    assert faults_on(phone) == []
    phone.locator(".field-sheet__choices button").nth(2).click()
    phone.locator(".field-sheet__choices button").nth(1).click()
    until(phone, lambda: day.marks() == 1)
    until(phone, done(phone, 1))
    page = day.store.read_now(queries.field_page, day.cast.sari, day.id)
    assert [(its.id, its.outcome) for its in page.students if its.outcome] == [(student, "failed")]
    phone.wait_for_timeout(800)
    phone.locator(f"#n{student} .field-row__mark").click()  # and changed like any other
    phone.wait_for_timeout(500)
    phone.locator(".field-sheet__choices button").first.click()
    until(phone, lambda: day.marks() == 2)
