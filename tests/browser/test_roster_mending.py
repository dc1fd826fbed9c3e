"""Ratna's school has a list no program knows: she names its columns, mends a cell, takes it back; in a real browser."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from common.database import Store
from ground.axe import faults_on
from ground.people import PASSWORD, invite_everyone
from ground.site import Site
from schools.models import Student

if TYPE_CHECKING:
    from playwright.sync_api import Page

HEADINGS = ["Urut", "Peserta", "Kode Warga", "Hari Jadi", "Ruang"]
STUDENTS = [
    [1, "DEWI CONTOH", "3311084501099001", "05-01-2009", "X-1"],
    [2, "EKO CONTOH", "331108060109900", "06-01-2009", "X-1"],  # a digit short
    [3, "RINA CONTOH", "3311084701099003", "07-01-2009", "X-2"],
]
MENDED = "3311080601099002"


@pytest.fixture
def site(sqlite_store: Store, tmp_path: Path) -> Iterator[Site]:
    invite_everyone(sqlite_store)
    with Site(sqlite_store, tmp_path / "files") as running:
        yield running


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Rekap peserta perekaman"])
    for row in (HEADINGS, *STUDENTS):
        sheet.append(row)
    path = tmp_path / "peserta.xlsx"
    book.save(path)
    return path


def looks_right(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    assert faults_on(page) == []


def names_the_columns(page: Page, site: Site, roster: Path) -> str:
    """The list is refused, for no heading is known; she points out the headings and says what they hold."""
    page.goto(f"{site.url}/login")
    page.locator("#f-username").fill("ratna")
    page.locator("#f-password").fill(PASSWORD)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(f"{site.url}/")
    page.goto(f"{site.url}/my/rosters")
    page.locator("#f-file").set_input_files(roster)
    page.get_by_role("button", name="Kirim dan periksa").click()
    page.wait_for_url("**/rosters/1")
    page.get_by_role("link", name="Tentukan isi kolom").click()
    looks_right(page)
    page.get_by_label("2", exact=True).check()
    page.get_by_role("button", name="Baris ini memuat judul kolom").click()
    looks_right(page)
    # what the cells look like is proposed already, though one NIK is a digit short
    held = {"B, Peserta": "name", "C, Kode Warga": "nik", "D, Hari Jadi": "birth_date", "E, Ruang": "class"}
    for column, field in held.items():
        assert page.get_by_label(f"Isi kolom {column}").input_value() == field
    page.get_by_label("Isi kolom E, Ruang").select_option(label="Kelas")
    page.get_by_role("button", name="Ingat dan baca ulang berkas").click()
    page.get_by_text("2 siswa dari berkas ini").wait_for()
    return page.url.partition("?")[0]


def mends_and_takes_back(page: Page, site: Site, store: Store, roster: Path) -> None:
    address = names_the_columns(page, site, roster)
    page.goto(f"{address}?kind=to_fix")
    looks_right(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Unduh berkas bertanda").click()
    marked = openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert marked.sheetnames[0] == "Daftar perbaikan"
    cell = marked[marked.sheetnames[1]]["C4"]
    assert cell.value == "331108060109900", "the school's own cell"
    assert cell.comment is not None and "16 angka" in cell.comment.text
    assert cell.fill.fgColor.rgb not in ("00000000", None)

    page.get_by_label("Kode Warga dari EKO CONTOH").fill(MENDED)
    page.get_by_role("button", name="Simpan dan periksa lagi").click()
    page.get_by_text("1 sel disimpan.").wait_for()
    page.get_by_text("3 siswa dari berkas ini").wait_for()
    looks_right(page)
    page.get_by_role("button", name="Setujui dan simpan").click()
    page.get_by_text("Data siswa tersimpan.").wait_for()
    assert store.read_now(lambda: {student.nik for student in Student.select()}) >= {MENDED}
    looks_right(page)
    page.get_by_role("button", name="Tarik kembali berkas ini").click()
    page.get_by_text("Berkas ditarik kembali").wait_for()
    assert store.read_now(Student.select().count) == 0
    page.get_by_role("button", name="Setujui dan simpan").click()
    page.get_by_text("Data siswa tersimpan.").wait_for()
    assert store.read_now(Student.select().count) == 3


def test_ratna_mends_her_list_at_her_desk(page: Page, site: Site, sqlite_store: Store, roster: Path) -> None:
    mends_and_takes_back(page, site, sqlite_store, roster)


def test_ratna_mends_her_list_on_her_phone(
    phone: Page, site: Site, sqlite_store: Store, roster: Path
) -> None:
    mends_and_takes_back(phone, site, sqlite_store, roster)


def test_ratna_mends_her_list_by_keyboard_alone(
    page: Page, site: Site, sqlite_store: Store, roster: Path
) -> None:
    address = names_the_columns(page, site, roster)
    page.goto(f"{address}?kind=to_fix")
    page.get_by_label("Kode Warga dari EKO CONTOH").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type(MENDED)
    page.keyboard.press("Enter")
    page.get_by_text("1 sel disimpan.").wait_for()
