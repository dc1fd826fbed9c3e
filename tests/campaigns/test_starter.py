"""The two pages that a school begins with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from campaigns.paper import Letterhead, Printed, PrintedSchool
from campaigns.starter_printing import StarterPage, print_starter
from common.database import Store
from common.i18n import translator
from ground.people import Cast, invite_everyone
from ground.site import Site

SCHOOL = PrintedSchool(
    "SMAS MUHAMMADIYAH PROGRAM KHUSUS PONDOK PESANTREN IMAM SYUHODO", "20310417", "Polokarto"
)


def starter(lang: str, school: PrintedSchool | None = SCHOOL) -> list[str]:
    """The text of each page, in one line."""
    page = StarterPage(
        Letterhead(
            "PEMERINTAH KABUPATEN SUKOHARJO",
            "DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL",
            "Jalan Jenderal Sudirman Nomor 199, Sukoharjo, Jawa Tengah 57511",
            "(0271) 593068",
        ),
        school,
        "https://perekaman-pemula.sukoharjokab.example",
        "Sari Wulandari",
        "(0271) 593068",
        Printed("Sari Wulandari", datetime(2026, 8, 3, 8)),
    )
    pages = PdfReader(BytesIO(print_starter(page, lang))).pages
    return [" ".join(one.extract_text().split()) for one in pages]


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_starter_is_one_sheet_with_address_letterhead_and_whom_to_ask(lang: str) -> None:
    first, second = starter(lang)
    for text in ("DINAS KEPENDUDUKAN", SCHOOL.npsn, "https://perekaman-pemula.sukoharjokab.example"):
        assert text in first
    assert "Sari Wulandari, (0271) 593068" in second


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_starter_names_buttons_and_pages_as_they_are(lang: str) -> None:
    text = " ".join(starter(lang))
    names = (
        "Student data", "Send and check", "Confirm and store", "Recording days", "Confirm this day",
        "Ask for another day", "School calendar",
    )  # fmt: skip
    assert [name for name in names if translator(lang).gettext(name) not in text] == []


def test_the_starter_for_all_names_no_school() -> None:
    first, _second = starter("id", None)
    assert "NPSN" not in first
    assert "Untuk operator sekolah dan kepala sekolah" in first


@pytest.fixture
def cast(sqlite_store: Store) -> Cast:
    return invite_everyone(sqlite_store)


@pytest.fixture
def site(cast: Cast, sqlite_store: Store, tmp_path: Path) -> Iterator[Site]:
    with Site(sqlite_store, tmp_path) as running:
        yield running


def test_the_office_prints_it_for_a_school_or_for_all_and_a_school_its_own(cast: Cast, site: Site) -> None:
    sari, ratna, joko = (site.as_(name) for name in ("sari", "ratna", "joko"))
    own = f"/schools/{cast.ratnas_school}/starter.pdf"
    assert f'href="{own}"' in sari.get(f"/schools/{cast.ratnas_school}").text
    assert 'href="/plan/starter.pdf"' in sari.get("/plan/letters").text
    for client, path in ((sari, own), (sari, "/plan/starter.pdf"), (ratna, own)):
        answer = client.get(path)
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "application/pdf"
        assert site.url in PdfReader(BytesIO(answer.body)).pages[0].extract_text()
    assert joko.get(own).status == 404
    assert ratna.get("/plan/starter.pdf").status == 403
