"""The whole work once, in a real Chromium with real files: roster in, days booked, list printed, marked, covered.

In Indonesian at a desk and in English on a phone; nothing stands in for what a person would meet.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import Workbook

from accounts import actions as accounts
from accounts.passwords import hash_password
from campaigns.models import Booking, RecordingDay
from common import clock
from common.access import COORDINATOR, OFFICER
from common.database import Store
from demo.sukoharjo import DISTRICTS, SCHOOLS
from ground import browser
from ground.people import PASSWORD
from ground.site import Site
from schools.models import School, Student

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser

ROSTERS = Path(__file__).resolve().parents[1] / "data" / "rosters"
MONDAY = date(2026, 11, 23)
FIRST, SECOND = "20310417", "20310436"  # SMAN 1 and SMKN 1 Sukoharjo
# the months in which nothing may be planned: joint leave at Christmas, the new year
FREE = {date(2026, 12, 24), date(2026, 12, 25), date(2027, 1, 1)}


class Walk:
    """A browser in one language and width, and the store behind it to look at what really happened."""

    def __init__(
        self, chromium: Browser, site: Site, store: Store, shape: dict[str, Any], language: str
    ) -> None:
        self.site, self.store, self.language = site, store, language
        self._chromium, self._shape = chromium, shape
        self._contexts: list[BrowserContext] = []
        self.troubles: list[str] = []

    def new_browser(self) -> Page:
        """A browser of another person."""
        context = self._chromium.new_context(**browser.PLACE, **self._shape)
        context.set_default_timeout(15_000)
        context.add_cookies([{"name": "language", "value": self.language, "url": self.site.url}])
        context.on("weberror", lambda told: self.troubles.append(str(told.error)))
        context.on("console", lambda told: self._heard(told.text))
        self._contexts.append(context)
        return context.new_page()

    def signed_in(self, username: str) -> Page:
        """A browser in which this person is signed in."""
        page = self.new_browser()
        self.open(page, "/login")
        page.fill("#f-username", username)
        page.fill("#f-password", PASSWORD)
        self.press(page, "")
        page.wait_for_url(self.site.url + "/")
        return page

    def open(self, page: Page, path: str) -> None:
        """Go to a page; it is there, in the right language, and no wider than the screen."""
        answer = page.goto(self.site.url + path)
        assert answer is not None
        assert answer.status == 200, f"{path}: {answer.status}"
        self.fits(page)

    def fits(self, page: Page) -> None:
        """No sideways scrolling."""
        assert page.evaluate("document.documentElement.lang") == self.language
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= self._shape["viewport"]["width"], f"{page.url} is {width} px wide"

    def press(self, page: Page, action: str) -> None:
        """Send the form whose address ends so; an empty one is the page's own form."""
        which = f"form[action$='{action}']" if action else "main form.form"
        page.locator(
            f"main {which} button[type=submit]" if action else f"{which} button[type=submit]"
        ).first.click()
        page.wait_for_load_state()

    def pdf(self, page: Page, path: str, folder: Path) -> str:
        """The text of a PDF that the signed-in browser fetches."""
        answer = page.request.get(self.site.url + path)
        assert answer.status == 200, f"{path}: {answer.status}"
        assert answer.headers["content-type"] == "application/pdf"
        file = folder / "list.pdf"
        file.write_bytes(answer.body())
        return subprocess.run(
            ["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True
        ).stdout

    def ask(self, query: Callable[[], Any]) -> Any:
        """What the database says."""
        return self.store.read_now(query)

    def _heard(self, text: str) -> None:
        if "Content Security Policy" in text:
            self.troubles.append(text)

    def close(self) -> None:
        """End all browsers; what went wrong in one unseen fails the test."""
        for context in self._contexts:
            context.close()
        assert not self.troubles, "\n".join(self.troubles)


@pytest.fixture(params=[(browser.DESKTOP, "id"), (browser.PHONE, "en")], ids=["desk-id", "phone-en"])
def walk(
    request: pytest.FixtureRequest, chromium: Browser, sqlite_store: Store, tmp_path: Path
) -> Iterator[Walk]:
    shape, language = request.param
    with clock.fixed_at(MONDAY):
        office = sqlite_store.write_now(
            accounts.open_office,
            "Disdukcapil Kabupaten Sukoharjo",
            "Pemerintah Kabupaten Sukoharjo",
            "33.11",
            "Jl. Jenderal Sudirman 199, Sukoharjo",
            "(0271) 593068",
        )
        hashed = hash_password(PASSWORD)
        sqlite_store.write_now(accounts.open_account, office, "sari", "Sari Wulandari", COORDINATOR, hashed)
        sqlite_store.write_now(accounts.open_account, office, "budi", "Budi Santosa", OFFICER, hashed)
        with Site(sqlite_store, tmp_path / "files") as site:
            on_the_way = Walk(chromium, site, sqlite_store, shape, language)
            yield on_the_way
            on_the_way.close()


def school_list(folder: Path) -> Path:
    """The office's list of schools as a workbook, the district by its code."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["NPSN", "Nama Sekolah", "Bentuk Pendidikan", "Status", "Kecamatan"])
    for npsn, name, level, public, district in SCHOOLS:
        sheet.append([npsn, name, level, "NEGERI" if public else "SWASTA", district])
    path = folder / "daftar_sekolah.xlsx"
    book.save(path)
    return path


def send_file(walk: Walk, page: Page, path: str, file: Path) -> None:
    """Upload a file and wait until it was read, following the progress live."""
    walk.open(page, path)
    page.set_input_files("#f-file", file)
    walk.press(page, "/rosters" if path.endswith("/rosters") else "")
    if path.endswith("/rosters"):
        page.wait_for_url(re.compile(r"/rosters/\d+"))
        page.locator("form[action$='/confirm'], main .notice--error, main .notice--warn").first.wait_for(
            timeout=60_000
        )


def test_from_the_school_list_to_coverage(walk: Walk, tmp_path: Path) -> None:
    sari = walk.signed_in("sari")
    first = load_schools_and_teams(walk, sari, tmp_path)
    ratna = accept_the_invitation(walk, sari, first)
    send_the_rosters(walk, sari, ratna, first)
    plan_announce_and_confirm(walk, sari, ratna)
    day = print_the_lists(walk, sari, ratna, tmp_path)
    mark_on_two_phones(walk, day)
    close_and_book_retakes(walk, sari, day, tmp_path)
    read_the_coverage(walk, sari, first)


def load_schools_and_teams(walk: Walk, sari: Page, folder: Path) -> int:
    """The school list goes in, its districts named by code; two teams of two kits."""
    send_file(walk, sari, "/schools/load", school_list(folder))
    for n in range(len(DISTRICTS)):
        code = sari.locator(f"#f-code-{n}")
        if code.count() == 0:
            break
        code_typed = code.input_value()
        assert code_typed in DISTRICTS
        sari.fill(f"#f-name-{n}", DISTRICTS[code_typed])
    sari.locator("main form button[type=submit]").first.click()
    sari.wait_for_load_state()
    assert walk.ask(lambda: School.select().count()) == len(SCHOOLS)
    for name in ("Tim A", "Tim B"):
        walk.open(sari, "/teams")
        sari.fill("#f-name", name)
        sari.fill("#f-kits", "2")
        walk.press(sari, "")
    walk.open(sari, "/schools")
    return walk.ask(lambda: School.get(School.npsn == FIRST).id)


def accept_the_invitation(walk: Walk, sari: Page, school: int) -> Page:
    """A one-time link with a WhatsApp message; Ratna sets a password and sees only her school."""
    walk.open(sari, f"/schools/{school}")
    sari.fill("form[action$='/invitations'] [name=name]", "Ratna Dewi")
    sari.fill("form[action$='/invitations'] [name=phone]", "0812 3456 7890")
    walk.press(sari, "/invitations")
    sari.wait_for_url(re.compile(r"/people/invitations/\d+"))
    assert sari.locator("a[href^='https://wa.me/6281234567890?text=']").count() == 1
    link = sari.locator("#f-link").input_value()

    ratna = walk.new_browser()
    ratna.goto(link)
    ratna.fill("#f-password", PASSWORD)
    ratna.fill("#f-again", PASSWORD)
    walk.press(ratna, "")
    ratna.wait_for_url(walk.site.url + "/")
    other = walk.ask(lambda: School.get(School.npsn == SECOND).id)
    answer = ratna.goto(f"{walk.site.url}/schools/{other}/rosters")
    assert answer is not None
    assert answer.status == 404
    assert walk.new_browser().request.get(link).status == 404  # it worked once
    return ratna


def send_the_rosters(walk: Walk, sari: Page, ratna: Page, school: int) -> None:
    """A clean roster of 900, one with defects, and files that are no roster."""
    send_file(walk, ratna, f"/schools/{school}/rosters", ROSTERS / "01_dapodik_clean_900.xlsx")
    walk.fits(ratna)
    assert "900" in ratna.locator("main").inner_text()
    walk.press(ratna, "/confirm")
    assert walk.ask(lambda: Student.select().where(Student.school == school).count()) == 900

    other = walk.ask(lambda: School.get(School.npsn == SECOND).id)
    send_file(walk, sari, f"/schools/{other}/rosters", ROSTERS / "02_dapodik_defects_420.xlsx")
    walk.press(sari, "/confirm")
    assert walk.ask(lambda: Student.select().where(Student.school == other).count()) == 401
    walk.open(sari, f"/schools/{other}/fixes")
    assert sari.locator("main tbody tr").count() == 23
    walk.open(sari, "/audit")

    third = walk.ask(lambda: School.get(School.npsn == "20310424").id)
    for refused in ("20_password_protected.xlsx", "22_not_a_roster_daftar_guru.xlsx"):
        send_file(walk, sari, f"/schools/{third}/rosters", ROSTERS / refused)
        assert sari.locator("form[action$='/confirm']").count() == 0
    small = ("09_manual_multisheet_per_class_288.xlsx", "13_html_saved_as_xls_175.xls")
    for school_npsn, name in zip(("20310424", "20310425"), small, strict=True):
        place = walk.ask(lambda npsn=school_npsn: School.get(School.npsn == npsn).id)
        send_file(walk, sari, f"/schools/{place}/rosters", ROSTERS / name)
        for sure in sari.locator("label[for=f-is_sure]").all():  # the file names another school
            sure.click()
        walk.press(sari, "/confirm")
        assert walk.ask(lambda at=place: Student.select().where(Student.school == at).count()) > 150


def plan_announce_and_confirm(walk: Walk, sari: Page, ratna: Page) -> None:
    """A programme, a plan that keeps the rules, a clash that is refused and named, announcing, confirming."""
    walk.open(sari, "/campaigns/new")
    sari.fill("#f-name", "Perekaman pemula 2026/2027")
    for name, day in (("from_date", "2026-11-16"), ("to_date", "2027-01-29"), ("voting_day", "2027-02-17")):
        sari.fill(f"#f-{name}", day)
    walk.press(sari, "")
    walk.open(sari, "/plan")
    walk.press(sari, "/plan")
    walk.fits(sari)
    days = walk.ask(lambda: list(RecordingDay.select().order_by(RecordingDay.date)))
    assert days
    for day in days:
        assert day.state == "draft"
        assert day.date >= MONDAY
        assert day.date not in FREE
        assert day.date.isoweekday() <= 4  # Friday is kept for home visits
    taken = [
        (day.team_id, day.date, half) for day in days for half in ("m", "a") if getattr(day, _half(half))
    ]
    assert len(taken) == len(set(taken))
    large = walk.ask(lambda: School.get(School.npsn == FIRST).id)
    assert sum(day.school_id == large for day in days) == 2

    moved = next(day for day in days if day.school_id != large)
    walk.open(sari, f"/days/{moved.id}")
    sari.fill("#f-date", "2026-12-25")
    walk.press(sari, "/move")
    assert sari.locator("main .notice--error").count() == 1
    assert walk.ask(lambda: RecordingDay.get_by_id(moved.id).date) == moved.date

    walk.open(sari, "/plan")
    sari.locator(".asked-once summary").first.click()
    walk.press(sari, "/announce")
    assert walk.ask(lambda: RecordingDay.select().where(RecordingDay.state == "draft").count()) == 0
    ratna.goto(walk.site.url + "/my/days")
    walk.fits(ratna)
    for _ in range(2):
        if ratna.locator("form[action$='/confirm']").count():
            walk.press(ratna, "/confirm")
            ratna.goto(walk.site.url + "/my/days")
    mine = walk.ask(lambda: [day.state for day in RecordingDay.select().where(RecordingDay.school == large)])
    assert mine == ["confirmed", "confirmed"]


def _half(letter: str) -> str:
    return "takes_morning" if letter == "m" else "takes_afternoon"


def print_the_lists(walk: Walk, sari: Page, ratna: Page, folder: Path) -> RecordingDay:
    """The day's list with NIK and QR for the team, the call list without either for the school, all of a date."""
    large = walk.ask(lambda: School.get(School.npsn == FIRST).id)
    days = walk.ask(
        lambda: list(RecordingDay.select().where(RecordingDay.school == large).order_by(RecordingDay.date))
    )
    booked = [walk.ask(lambda at=day.id: Booking.select().where(Booking.day == at).count()) for day in days]
    assert all(booked)
    assert abs(booked[0] - booked[1]) <= max(booked) // 2  # about half to each day
    day: RecordingDay = days[0]
    full = walk.pdf(sari, f"/days/{day.id}/list.pdf", folder)
    assert len(set(re.findall(r"\b\d{16}\b", full))) == booked[0]
    assert "RAHASIA" in full or "CONFIDENTIAL" in full
    calls = walk.pdf(ratna, f"/days/{day.id}/call-list.pdf", folder)
    assert not re.search(r"\d{16}|\d\d-\d\d-20\d\d", calls)
    assert ratna.request.get(f"{walk.site.url}/days/{day.id}/list.pdf").status == 403
    every = walk.pdf(sari, f"/days/print/{day.date.isoformat()}.pdf?kind=day", folder)
    assert len(every) >= len(full)
    return day


def mark_on_two_phones(walk: Walk, day: RecordingDay) -> None:
    """One tap each, found by number, seen on the other kit without reloading."""
    with clock.fixed_at(day.date):
        one, two = walk.signed_in("budi"), walk.signed_in("sari")
        for page in (one, two):
            page.clock.set_fixed_time(f"{day.date}T12:00:00+07:00")
        walk.open(one, "/")
        for page in (one, two):
            walk.open(page, f"/days/{day.id}/field")
            page.locator("[data-field-save]").wait_for()
        rows = one.locator(".field-row")
        assert rows.count() > 10
        for n in range(3):
            rows.nth(n).locator(".field-row__mark").click()
        rows.nth(3).locator(".field-row__other").click()
        one.locator(".field-sheet[open] .field-sheet__choices button").nth(1).click()
        one.locator(".field-sheet[open] .field-sheet__choices button").first.click()
        two.locator(".field-row--done").nth(2).wait_for()
        one.locator("[data-count=unsent]", has_text=re.compile(r"^\s*0")).wait_for()
        one.locator("[data-field-search] input").fill("7")
        one.wait_for_timeout(200)
        seen = one.locator(".field-row:visible .field-row__number").all_inner_texts()
        assert seen
        assert all("7" in number for number in seen)


def close_and_book_retakes(walk: Walk, sari: Page, day: RecordingDay, folder: Path) -> None:
    """Closing makes the unmarked absent; who missed is due a retake, which is proposed, accepted and printed."""
    with clock.fixed_at(day.date):
        sari = walk.signed_in("sari")
        walk.open(sari, f"/days/{day.id}/close")
        walk.press(sari, "/close")
        assert walk.ask(lambda: RecordingDay.get_by_id(day.id).state) == "closed"
        walk.open(sari, "/retakes")
        walk.open(sari, "/retakes/proposal")
        walk.press(sari, "/accept")
        retake = walk.ask(lambda: RecordingDay.get(RecordingDay.kind == "retake"))
        assert retake.date > day.date
        assert re.search(r"\b\d{16}\b", walk.pdf(sari, f"/days/{retake.id}/list.pdf", folder))


def read_the_coverage(walk: Walk, sari: Page, school: int) -> None:
    """Three are recorded: said by office, district, school and class, down to the student."""
    walk.open(sari, "/coverage")
    tile = sari.locator("main .tiles").first.inner_text()
    assert re.search(r"(?<!\d)3(?!\d)", tile)
    walk.open(sari, f"/coverage/schools/{school}")
    sari.locator("main tbody a").first.click()
    sari.wait_for_load_state()
    walk.fits(sari)
    sari.locator("main tbody a[href^='/students/']").first.click()
    sari.wait_for_load_state()
    walk.fits(sari)
