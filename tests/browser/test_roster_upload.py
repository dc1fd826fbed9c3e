"""Ratna sends her school's list in a real browser: progress, review, confirmation; at a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from common.database import Store
from ground.people import PASSWORD, invite_everyone
from ground.site import Site

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROSTERS = Path(__file__).resolve().parents[1] / "data" / "rosters"


@pytest.fixture
def site(sqlite_store: Store, tmp_path: Path) -> Iterator[Site]:
    invite_everyone(sqlite_store)
    with Site(sqlite_store, tmp_path / "files") as running:
        yield running


def sign_in(page: Page, site: Site, username: str) -> None:
    page.goto(f"{site.url}/login")
    page.locator("#f-username").fill(username)
    page.locator("#f-password").fill(PASSWORD)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(f"{site.url}/")


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def send_and_confirm(page: Page, site: Site) -> None:
    sign_in(page, site, "ratna")
    page.goto(f"{site.url}/my/rosters")
    assert fits(page)
    page.locator("#f-file").set_input_files(ROSTERS / "01_dapodik_clean_900.xlsx")
    page.get_by_role("button", name="Kirim dan periksa").click()
    page.wait_for_url("**/rosters/1")
    # it goes from the progress to the review by itself
    page.get_by_text("900 siswa dari berkas ini").wait_for()
    assert fits(page)
    page.get_by_role("link", name="Berikutnya").click()
    page.get_by_text("101 sampai 200 dari 900").wait_for()
    name = page.locator("tbody th").first.inner_text()
    page.locator("#f-name").fill(name.lower())
    page.get_by_role("button", name="Cari").click()
    page.get_by_role("link", name="Hapus pencarian").wait_for()
    assert page.locator("tbody th").first.inner_text() == name
    assert name not in page.url
    page.get_by_role("button", name="Setujui dan simpan").click()
    page.get_by_text("Data siswa tersimpan.").wait_for()
    page.get_by_text("900 baru, 0 berubah").wait_for()
    assert fits(page)


def test_ratna_sends_and_confirms_900_students_at_her_desk(page: Page, site: Site) -> None:
    send_and_confirm(page, site)


def test_ratna_sends_and_confirms_900_students_on_her_phone(phone: Page, site: Site) -> None:
    send_and_confirm(phone, site)


def test_joko_sees_progress_may_leave_and_finds_the_fix_list(page: Page, site: Site) -> None:
    sign_in(page, site, "joko")
    page.goto(f"{site.url}/my/rosters")
    page.locator("#f-file").set_input_files(ROSTERS / "19_stress_20000.xlsx")
    page.get_by_role("button", name="Kirim dan periksa").click()
    page.locator("progress").wait_for()
    page.goto(f"{site.url}/my/rosters")
    page.get_by_role("link", name="19_stress_20000.xlsx").click()
    page.get_by_role("heading", name="Yang akan berubah di SMKN 1 SUKOHARJO").wait_for(timeout=30_000)
    page.get_by_role("button", name="Sisihkan berkas ini").click()
    page.get_by_text("Berkas disisihkan.").wait_for()

    page.get_by_role("link", name="Kirim berkas lain").click()
    page.locator("#f-file").set_input_files(ROSTERS / "02_dapodik_defects_420.xlsx")
    page.get_by_role("button", name="Kirim dan periksa").click()
    page.get_by_text("23 baris masuk daftar perbaikan").wait_for()
    page.get_by_role("button", name="Setujui dan simpan").click()
    page.get_by_role("link", name="Lihat daftar perbaikan").click()
    page.get_by_text("NIK tidak terdiri atas 16 angka.").first.wait_for()
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Abaikan baris yang dipilih").click()
    page.get_by_text("22 baris belum dapat masuk").wait_for()


def test_a_file_too_large_is_told_before_it_is_sent(page: Page, site: Site, tmp_path: Path) -> None:
    sign_in(page, site, "ratna")
    page.goto(f"{site.url}/my/rosters")
    large = tmp_path / "besar.xlsx"
    with large.open("wb") as file:
        file.truncate(21 << 20)
    page.locator("#f-file").set_input_files(large)
    page.get_by_role("button", name="Kirim dan periksa").click()
    told = page.locator("#f-file").evaluate("input => input.validationMessage")
    assert told == "Berkas terlalu besar: paling besar 20 MB."
    assert page.url == f"{site.url}/my/rosters"
