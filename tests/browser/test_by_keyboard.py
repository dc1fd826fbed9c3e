"""The daily work by keyboard alone, and the same forms without a script: nobody needs a mouse, and no form a script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from campaigns.models import MarkRow, RecordingDay
from common import clock
from demo.build import PASSWORD
from ground import browser
from ground.full_office import ROSTER, WEDNESDAY, Office, full_office
from imports.models import RosterUpload

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

# what has the focus, and whether that can be seen: on the screen, with a line around it
FOCUS = """() => {
  const at = document.activeElement, box = at.getBoundingClientRect(), style = getComputedStyle(at);
  const ringed = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  const shown = box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return {isPage: at === document.body, isSeen: ringed && shown, what: at.outerHTML.slice(0, 120)};
}"""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with full_office(tmp_path_factory.mktemp("keyboard")) as found, clock.fixed_at(WEDNESDAY):
        yield found


def reach(page: Page, wanted: str, most: int = 80) -> None:
    """Press Tab until what is wanted has the focus; each stop on the way can be seen."""
    for _ in range(most):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus["isPage"]:
            continue
        assert focus["isSeen"], f"the focus cannot be seen: {focus['what']}"
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", wanted):
            return
    raise AssertionError(f"{wanted} is not reached with Tab on {page.url}")


def press(page: Page, wanted: str) -> None:
    """Reach a link or button and press it; it leads somewhere."""
    reach(page, wanted)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def sign_in(page: Page, office: Office, username: str, password: str = PASSWORD) -> None:
    reach(page, "#f-username")
    page.keyboard.press("Control+a")
    page.keyboard.type(username)
    reach(page, "#f-password")
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    page.wait_for_load_state()


def test_sari_works_without_a_mouse(office: Office, page: Page) -> None:
    page.goto(office.site.url + "/login")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate(FOCUS)["isSeen"], "the skip link is seen once it has the focus"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"

    sign_in(page, office, "sari", "salah sama sekali")
    page.wait_for_selector("[data-focus]:focus")  # errors are read first
    page.goto(office.site.url + "/login")
    sign_in(page, office, "sari")
    page.wait_for_url(office.site.url + "/")

    press(page, ".nav a[href='/schools']")
    press(page, "thead a[href*='sort=-students'], thead a[href*='sort=students']")
    page.wait_for_selector("th[aria-sort=ascending] a[href*='sort=-students']")
    reach(page, "#f-q")
    page.keyboard.type("SMKN 3")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"q=SMKN"))
    press(page, "tbody th a")
    page.wait_for_selector("h1:has-text('SMKN 3')")

    page.goto(f"{office.site.url}/days/{office.ids['confirmed']}/call-off")
    press(page, "main form button[type=submit]")
    page.wait_for_selector(".notice--error:focus")
    press(page, ".notice--error a")
    page.wait_for_selector("[id^='f-']:focus")  # the summary leads to the field


def test_budi_marks_without_a_mouse_and_the_choices_give_the_focus_back(office: Office, phone: Page) -> None:
    on = office.store.read_now(lambda: RecordingDay.get_by_id(office.ids["confirmed"]).date)
    phone.clock.set_fixed_time(f"{on}T12:00:00+07:00")
    phone.goto(office.site.url + "/login")
    sign_in(phone, office, "budi")
    phone.wait_for_url(office.site.url + "/")
    phone.goto(f"{office.site.url}/days/{office.ids['confirmed']}/field")
    phone.wait_for_selector(".field-row--open")

    reach(phone, ".field-row--open .field-row__other")
    phone.keyboard.press("Enter")
    phone.wait_for_selector("dialog[open]")
    phone.wait_for_timeout(600)  # the choices take no tap for a moment
    stops = set()
    for _ in range(12):
        phone.keyboard.press("Tab")
        stops.add(
            phone.evaluate("document.activeElement.closest('dialog') ? 'in' : document.activeElement.tagName")
        )
    assert stops <= {"in", "BODY"}, f"the dialog keeps the focus: {stops}"
    phone.keyboard.press("Escape")
    assert phone.locator("dialog[open]").count() == 0
    assert phone.evaluate("document.activeElement.matches('.field-row__other')"), "and gives it back"

    before = office.store.read_now(lambda: MarkRow.select().count())
    phone.keyboard.press("Shift+Tab")
    assert phone.evaluate("document.activeElement.matches('.field-row__mark')")
    phone.keyboard.press("Enter")
    phone.wait_for_selector(".field-row--done")
    for _ in range(50):
        if office.store.read_now(lambda: MarkRow.select().count()) == before + 1:
            return
        phone.wait_for_timeout(100)
    raise AssertionError("the mark did not arrive")


@pytest.fixture
def plain(chromium: Browser) -> Iterator[Page]:
    """A phone in which no script runs."""
    shape: dict[str, Any] = {**browser.PLACE, **browser.PHONE, "java_script_enabled": False}
    context = chromium.new_context(**shape)
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def test_reading_and_forms_need_no_script(office: Office, plain: Page) -> None:
    def come_in(username: str) -> None:
        plain.context.clear_cookies()
        plain.goto(office.site.url + "/login")
        plain.fill("#f-username", username)
        plain.fill("#f-password", PASSWORD)
        plain.click("main form.form button[type=submit]")
        plain.wait_for_url(office.site.url + "/")

    come_in("ratna")
    plain.click(".menu summary")
    plain.locator(".menu__sheet nav a").nth(1).click()
    plain.set_input_files(
        "#f-file",
        {
            "name": "lagi.csv",
            "mimeType": "text/csv",
            "buffer": ROSTER + b"4;TIO CONTOH;;;L;;01/02/2009;X-1\n",
        },
    )
    plain.click("main form.form button[type=submit]")
    plain.wait_for_url(re.compile(r"/rosters/\d+"))
    for _ in range(100):
        if plain.locator("form[action$='/confirm']").count():
            break
        plain.wait_for_timeout(100)
        plain.reload()
    plain.locator("form[action$='/confirm'] button[type=submit]").first.click()
    states = office.store.read_now(
        lambda: [row.state for row in RosterUpload.select().order_by(RosterUpload.id)]
    )
    assert states[-1] in ("waiting", "confirmed")
    assert plain.locator("main").count() == 1

    come_in("budi")
    before = office.store.read_now(lambda: MarkRow.select().count())
    plain.goto(f"{office.site.url}/days/{office.ids['confirmed']}/field")
    plain.locator(".field-row--open .field-row__mark").first.click()
    assert office.store.read_now(lambda: MarkRow.select().count()) == before + 1

    come_in("sari")
    plain.goto(f"{office.site.url}/days/{office.ids['proposed']}")
    plain.locator("form[action$='/confirm'] button[type=submit]").first.click()
    day = office.store.read_now(lambda: RecordingDay.get_by_id(office.ids["proposed"]))
    assert day.state == "confirmed"
    plain.goto(f"{office.site.url}/schools?sort=-students")
    assert plain.locator("tbody tr").count() == 6
