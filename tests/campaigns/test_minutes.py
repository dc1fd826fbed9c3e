"""The official minutes of a closed day: counts that add up, places to sign, and no student's name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from test_field_marks import Day

from campaigns.field import minutes_queries
from common import clock
from common.database import Store
from ground.field_day import WEDNESDAY
from ground.site import Site


@pytest.fixture
def day(sqlite_store: Store) -> Day:
    made = Day(sqlite_store)
    made.take(
        made.mark(made.students[0]),
        made.mark(made.students[1], "failed", reason="iris"),
        made.mark(made.students[2], "refused", reason="uniform"),
        made.mark(made.students[3], "not_ours", reason="moved"),
    )
    made.close()
    return made


@pytest.fixture
def site(sqlite_store: Store, day: Day, tmp_path: Path) -> Iterator[Site]:
    with clock.fixed_at(WEDNESDAY), Site(sqlite_store, tmp_path) as running:
        yield running


def test_the_counts_add_up_by_class_and_by_sex(day: Day) -> None:
    _, minutes = day.store.read_now(minutes_queries.minutes_of, day.cast.budi, day.id)
    assert minutes.outcomes == ("recorded", "waiting", "failed", "absent", "refused", "not_ours")
    assert minutes.total.counts == (1, 0, 1, 8, 1, 1)
    assert [(row.class_name, row.planned) for row in minutes.rows] == [("XII IPA 1", 10), ("XII IPA 2", 2)]
    for parts in (minutes.rows, (minutes.men, minutes.women)):
        assert sum(row.planned for row in parts) == minutes.total.planned == 12
        assert tuple(map(sum, zip(*(row.counts for row in parts), strict=True))) == minutes.total.counts
    assert sum(minutes.total.counts) == minutes.total.planned


def test_the_paper_has_figures_and_places_to_sign_and_no_name(site: Site, day: Day) -> None:
    answer = site.as_("budi").get(f"/days/{day.id}/minutes.pdf")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/pdf")
    (page,) = PdfReader(BytesIO(answer.body)).pages
    text = page.extract_text()
    for words in (
        "BERITA ACARA",
        "Rabu, 12 Agustus 2026",
        "SMAN 1 SUKOHARJO",
        "Petugas perekaman",
        "XII IPA 2",
    ):
        assert words in text, words
    assert not re.search(r"Ayu|Bagas|Citra|\d{16}", text)
    assert site.as_("wahyu").get(f"/days/{day.id}/minutes.pdf").status == 404


def test_a_day_that_is_not_closed_has_no_minutes_yet(site: Site, day: Day) -> None:
    sari = site.as_("sari")
    sari.post(f"/days/{day.id}/reopen", {"reason": "Dua siswa datang sore"})
    answer = sari.get(f"/days/{day.id}/minutes.pdf")
    assert (answer.status, answer.headers["Location"]) == (303, f"/days/{day.id}/summary")


def test_who_has_no_mark_is_named_before_closing_and_after(site: Site, day: Day) -> None:
    budi = site.as_("budi")
    after = budi.get(f"/days/{day.id}/summary").text
    assert "8 siswa belum ditandai" in after
    assert "5. Eka Sulistyowati 5" in after and "1. Ayu Lestari 1" not in after
    site.as_("sari").post(f"/days/{day.id}/reopen", {"reason": "Dua siswa datang sore"})
    assert "5. Eka Sulistyowati 5" in budi.get(f"/days/{day.id}/close").text
