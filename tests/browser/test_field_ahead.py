"""The list of a day still to come, opened early or by mistake: asked once before the first mark, which begins it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from test_field_page import FieldDay, done, sent, until

from campaigns.models import RecordingDay
from common import clock
from common.database import Store
from ground import field_day
from ground.field_day import WEDNESDAY
from ground.people import invite_everyone
from ground.site import Site

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
TUESDAY = WEDNESDAY - timedelta(days=1)


@pytest.fixture
def tomorrow(sqlite_store: Store, tmp_path: Path) -> Iterator[FieldDay]:
    """Wednesday's list, looked at on Tuesday."""
    cast = invite_everyone(sqlite_store)
    campaign = field_day.open_campaign(sqlite_store, cast)
    students = field_day.add_students(sqlite_store, cast, cast.ratnas_school, 6)
    day_id = field_day.add_day(sqlite_store, cast, campaign, cast.ratnas_school, students)
    with clock.fixed_at(TUESDAY), Site(sqlite_store, tmp_path) as site:
        yield FieldDay(sqlite_store, site, cast, day_id, students)


def opened_on(day: FieldDay, phone: Page, on: date) -> Page:
    phone.clock.set_fixed_time(f"{on}T12:00:00+07:00")
    return day.opened_by("budi", phone)


def question(phone: Page) -> Any:
    return phone.locator(".field-sheet[open]")


def answer(phone: Page, words: str) -> None:
    phone.wait_for_timeout(450)  # it takes no tap for a moment
    question(phone).get_by_role("button", name=words).click()


def state(day: FieldDay) -> str:
    return day.store.read_now(lambda: RecordingDay.get_by_id(day.id).state)


def test_before_the_first_mark_on_a_day_to_come_the_page_asks_and_back_marks_nothing(
    tomorrow: FieldDay, phone: Page
) -> None:
    opened_on(tomorrow, phone, TUESDAY)
    told = phone.locator("[data-field-ahead]")
    assert "belum tiba" in told.inner_text()
    assert "Rabu, 12 Agustus 2026" in told.inner_text()
    tomorrow.tap(phone, 0)
    assert "Rabu, 12 Agustus 2026" in question(phone).inner_text()
    answer(phone, "Kembali ke daftar")
    phone.wait_for_timeout(300)
    assert (tomorrow.marks(), state(tomorrow)) == (0, "confirmed")
    tomorrow.tap(phone, 0)
    question(phone).wait_for()  # nothing was agreed to: it is asked again


def test_who_means_it_is_asked_once_on_this_device_also_without_network(
    tomorrow: FieldDay, phone: Page
) -> None:
    opened_on(tomorrow, phone, TUESDAY)
    phone.context.set_offline(True)
    tomorrow.row(phone, 0).locator(".field-row__other").click()
    phone.wait_for_timeout(450)
    question(phone).get_by_role("button", name="Gagal rekam").click()
    phone.wait_for_timeout(450)
    question(phone).get_by_role("button", name="Iris").click()
    answer(phone, "Tetap tandai")
    until(phone, done(phone, 1))
    tomorrow.tap(phone, 1)
    until(phone, done(phone, 2))
    phone.context.set_offline(False)
    until(phone, sent(tomorrow, phone))
    assert tomorrow.outcomes() == {0: "failed", 1: "recorded"}
    tomorrow.open(phone)
    tomorrow.tap(phone, 2)
    until(phone, done(phone, 3))
    assert question(phone).count() == 0


def test_on_the_day_itself_nothing_is_asked_though_the_list_was_made_before(
    tomorrow: FieldDay, phone: Page
) -> None:
    opened_on(tomorrow, phone, WEDNESDAY)
    assert phone.locator("[data-field-ahead]").is_hidden()
    tomorrow.tap(phone, 0)
    until(phone, done(phone, 1))


def test_a_tap_taken_back_gives_the_page_its_notice_and_the_school_its_choice_back(
    tomorrow: FieldDay, phone: Page
) -> None:
    tomorrow.store.write_now(
        lambda: (
            RecordingDay.update(state="proposed", confirmed_at=None)
            .where(RecordingDay.id == tomorrow.id)
            .execute()
        )
    )
    opened_on(tomorrow, phone, TUESDAY)
    unconfirmed = phone.locator("[data-field-state]")
    tomorrow.tap(phone, 0)
    answer(phone, "Tetap tandai")
    unconfirmed.wait_for(state="hidden")
    assert state(tomorrow) == "open"
    phone.wait_for_timeout(700)
    tomorrow.tap(phone, 0)
    phone.wait_for_timeout(450)
    question(phone).get_by_role("button", name="Batalkan tanda").click()
    unconfirmed.wait_for(state="visible")
    assert state(tomorrow) == "proposed"
    assert phone.locator("[data-field-ahead]").is_visible()
