"""A day at 360 px whose pace is followed without network, and which ends in retakes booked by one press."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from test_field_offline import Line
from test_field_page import FieldDay, done, sent, until

from campaigns.field import closing_actions, pace_queries, retakes_page_queries
from campaigns.models import Booking, RecordingDay
from common import clock
from common.database import Store
from ground import field_day
from ground.axe import faults_on
from ground.field_day import WEDNESDAY
from ground.people import invite_everyone
from ground.site import Site
from ground.wire import Wire

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

EIGHT = datetime(2026, 8, 12, 1, 0, tzinfo=UTC)  # 08.00 WIB
THURSDAY = date(2026, 8, 13)


@pytest.fixture
def walk(sqlite_store: Store, tmp_path: Path) -> Iterator[tuple[Line, int]]:
    cast = invite_everyone(sqlite_store)
    campaign = field_day.open_campaign(sqlite_store, cast)
    students = field_day.add_students(sqlite_store, cast, cast.ratnas_school, 20)
    day_id = field_day.add_day(sqlite_store, cast, campaign, cast.ratnas_school, students)
    with (
        clock.fixed_at(WEDNESDAY),
        Site(sqlite_store, tmp_path / "files") as site,
        Wire(site.port) as wire,
    ):
        yield Line(FieldDay(sqlite_store, site, cast, day_id, students), wire), campaign


def pace_said(page: Page) -> str:
    return page.locator("[data-field-pace]").inner_text()


def tap_at(line: Line, page: Page, n: int, minutes: int) -> None:
    page.clock.set_fixed_time(EIGHT + timedelta(minutes=minutes))
    line.day.tap(page, n)
    until(page, done(page, n + 1))


def test_the_pace_follows_marks_made_without_network_and_the_day_ends_in_booked_retakes(
    walk: tuple[Line, int], phone: Page
) -> None:
    line, campaign = walk
    day = line.day
    phone.clock.set_fixed_time(EIGHT)
    line.sign_in(phone, "budi")
    line.open_ready(phone)
    assert pace_said(phone) == "8 siswa per jam, selesai sekitar 10.24."  # by the programme's rate

    for n in range(3):
        tap_at(line, phone, n, 10 * n)
    until(phone, sent(day, phone))
    line.wire.cut()
    for n in range(3, 6):
        tap_at(line, phone, n, 10 * n)
    until(phone, lambda: pace_said(phone) == "6 siswa per jam, selesai sekitar 11.10.")
    assert day.unsent(phone).inner_text() == "3"
    assert faults_on(phone) == []

    line.wire.restore()
    phone.locator(".field-strip__send").click()
    until(phone, sent(day, phone))
    with clock.fixed_at(datetime(2026, 8, 12, 1, 50)):
        page = day.store.read_now(pace_queries.pace_page, day.cast.budi, day.id)
    assert (page.pace.an_hour, page.done_local) == (6, "11:10"), "the server says the same"
    day.take_elsewhere(6)
    until(phone, lambda: pace_said(phone) == "6 siswa per jam, selesai sekitar 11.00.")
    phone.reload()  # opened anew, the page counts the marks it finds as well as those it sees made
    until(phone, lambda: pace_said(phone) == "6 siswa per jam, selesai sekitar 11.00.")

    day.store.write_now(closing_actions.close_day, day.cast.budi, day.id)
    phone.context.clear_cookies()
    with clock.fixed_at(THURSDAY):
        book_and_take_back(line, phone, campaign)


def book_and_take_back(line: Line, phone: Page, campaign: int) -> None:
    """Sari books the proposal with a double click, goes back and presses again, and takes one of it back."""
    day = line.day
    line.sign_in(phone, "sari")
    phone.goto(f"{line.wire.url}/retakes")
    assert phone.locator(".lists b").all_inner_texts() == ["13", "0", "0", "0", "0"]
    phone.locator(".actions a").click()
    phone.locator(".proposal summary").click()
    assert phone.locator(".proposal li").count() == 13
    assert faults_on(phone) == []
    phone.locator(".proposal button").dblclick()
    phone.wait_for_url(f"{line.wire.url}/retakes")
    assert "13 siswa mendapat jadwal" in phone.locator("main").inner_text()
    assert faults_on(phone) == []

    phone.go_back()
    button = phone.locator(".proposal button")
    if button.count():  # the page as it was, from the browser's memory: pressing it again books nobody twice
        button.click()
        phone.wait_for_url(f"{line.wire.url}/retakes")
    retake = day.store.read_now(lambda: RecordingDay.get(RecordingDay.kind == "retake"))
    assert day.store.read_now(lambda: Booking.select().where(Booking.day == retake.id).count()) == 13

    phone.goto(f"{line.wire.url}/retakes")
    assert phone.locator("a[href$='/call-list.pdf']").count() == 1
    phone.get_by_role("button", name="Tarik kembali").dblclick()
    phone.get_by_text("ditarik kembali", exact=True).wait_for()
    page = day.store.read_now(retakes_page_queries.retakes_page, day.cast.sari, campaign)
    assert (page.due, page.with_a_date) == (13, 0)
