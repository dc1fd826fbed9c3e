"""The report for the head of the office: two pages whatever there is, the page's figures, and no student."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from test_coverage_over_http import _scene

from campaigns.charts import burn_up, day_bars
from campaigns.coverage import Coverage, together
from campaigns.coverage_book import DistrictRow
from campaigns.forecast import ObservedPace, Outlook, Outlooks
from campaigns.paper import Letterhead, Printed
from campaigns.progress import forecast_queries, queries
from campaigns.report import MOST_DISTRICTS, ReportPage, SchoolAtRisk, shown_districts
from campaigns.report_printing import print_report
from campaigns.school_mends import Mend, MendKind
from common import clock
from common.database import Store
from ground.people import Cast, invite_everyone
from ground.site import Site

TODAY, FIRST, LAST, VOTING = date(2026, 9, 21), date(2026, 8, 3), date(2026, 12, 18), date(2027, 2, 10)
LETTERHEAD = Letterhead(
    "PEMERINTAH KABUPATEN SUKOHARJO",
    "DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL",
    "Jalan Jenderal Sudirman Nomor 199, Sukoharjo, Jawa Tengah 57511",
    "(0271) 593068",
)
LONG = "SMAS MUHAMMADIYAH PROGRAM KHUSUS PONDOK PESANTREN IMAM SYUHODO KALIMASADA NUSANTARA"


def a_report(districts: int = 12, schools: int = 60, days: int = 24) -> ReportPage:
    """A report of so many districts, schools at risk and closed days."""
    its = Coverage(
        students=1_400, target=1_234, voters=1_100, recorded=612, recorded_voters=580, waiting=23,
        retake_due=87, unplanned=201, unplanned_voters=150, not_yet=100,
    )  # fmt: skip
    rows = tuple(DistrictRow(f"Kecamatan {n:02d}", 5, its) for n in range(districts))
    total = together(row.coverage for row in rows)
    closed = [FIRST + timedelta(days=2 * n) for n in range(days)]
    look = Outlook(None, 301, 240, date(2026, 11, 30), 0, 0, 9)
    dates = tuple(date(2026, 10, n) for n in range(5, 15))
    mend = Mend(MendKind.MORE_DAYS, 40, 3, dates, 1)
    return ReportPage(
        letterhead=LETTERHEAD,
        campaign="Perekaman pemula 2026",
        voting_day=VOTING,
        voting_day_is_fixed=False,
        today=TODAY,
        total=total,
        districts=rows,
        burn=burn_up(
            [(day, total.recorded // max(1, days)) for day in closed],
            total.target,
            FIRST,
            LAST,
            TODAY,
            VOTING,
        ),
        bars=day_bars([(day, (40, 3, 9)) for day in closed]),
        outcomes=(40 * days, 3 * days, 9 * days),
        pace=ObservedPace(12, Fraction(7, 8), Fraction(3, 4), Fraction(24, 25)) if days else None,
        outlooks=Outlooks(
            look,
            replace(look, voters_by_plan=310, done_on=None),
            replace(look, voters_by_plan=180),
            look,
            look,
        ),
        at_risk=tuple(
            SchoolAtRisk(f"{LONG} {n}", "Polokarto", 40, 52, (), mend, "Tim Bengawan") for n in range(schools)
        ),
        printed=Printed("Sari Wulandari", datetime(2026, 9, 21, 8)),
    )


def pages(report: ReportPage, lang: str = "id") -> list[str]:
    """The text of each page, in one line."""
    return [
        " ".join(one.extract_text().split()) for one in PdfReader(BytesIO(print_report(report, lang))).pages
    ]


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize(
    ("districts", "schools", "days"), [(12, 60, 24), (60, 10, 24), (1, 1, 1), (0, 0, 0), (20, 11, 3)]
)
def test_it_has_two_pages_whatever_there_is(districts: int, schools: int, days: int, lang: str) -> None:
    assert len(pages(a_report(districts, schools, days), lang)) == 2


def test_the_figures_stand_on_the_first_page_and_the_way_out_on_the_second() -> None:
    report = a_report()
    first, second = pages(report)
    for words in (
        "DINAS KEPENDUDUKAN",
        "Perekaman pemula 2026",
        "7.344",
        "dari 14.808 · 49,6%",
        "6.960",
        "Kecamatan 07",
    ):
        assert words in first, words
    for words in (
        "240 pemilih (antara 180 dan 310)",
        "dan seluruhnya 301 siswa",
        "dengan tambahan 9 hari, semua terekam pada 30 November 2026 (antara 30 November 2026 dan tidak sempat).",
        "87,5% dari yang dipanggil",
        "Dan 50 sekolah lain",
        "Kepala Dinas",
    ):
        assert words in second, words


def test_many_districts_lose_nothing_in_the_line_of_the_others() -> None:
    rows = tuple(DistrictRow(f"K{n}", n, Coverage(target=n, recorded=n // 2)) for n in range(50))
    shown, others, rest = shown_districts(rows)
    assert rest is not None and len(shown) + 1 == MOST_DISTRICTS and len(shown) + others == 50
    assert together([rest.coverage, *(row.coverage for row in shown)]) == together(
        row.coverage for row in rows
    )
    assert rest.schools + sum(row.schools for row in shown) == sum(range(50))
    assert shown[0].coverage.left >= shown[-1].coverage.left >= 1
    assert shown_districts(rows[:20])[1:] == (0, None)


@pytest.fixture
def cast(sqlite_store: Store) -> Cast:
    return invite_everyone(sqlite_store)


@pytest.fixture
def site(sqlite_store: Store, cast: Cast, tmp_path: Path) -> Iterator[Site]:
    with clock.fixed_at(date(2026, 10, 12)), Site(sqlite_store, tmp_path) as running:
        yield running


def test_the_head_of_the_office_prints_the_figures_of_the_page_and_no_name(site: Site, cast: Cast) -> None:
    lina = site.as_("lina")
    assert lina.get("/coverage/report.pdf").headers["Location"] == "/coverage"
    site.store.write_now(_scene, cast)
    assert 'href="/coverage/report.pdf"' in lina.get("/coverage").text
    answer = lina.get("/coverage/report.pdf")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/pdf")
    first, second = (" ".join(one.extract_text().split()) for one in PdfReader(BytesIO(answer.body)).pages)
    page = site.store.read_now(queries.coverage_page, cast.sari, 1)
    ahead = site.store.read_now(forecast_queries.forecast_page, cast.sari, 1)
    assert f"dari {page.total.target} · 50%" in first
    for row in page.districts:
        its = row.coverage
        assert f"{row.name} {row.schools} {its.target} {its.recorded}" in first
    assert f"{ahead.forecast.total.expected.voters_by_plan} pemilih (antara" in second
    assert "SMAN 1 SUKOHARJO" in second or not ahead.at_risk
    assert not any(name in first + second for name in ("Ayu", "Bagas", "Citra", "Dimas"))
    for name in ("budi", "ratna"):
        assert site.as_(name).get("/coverage/report.pdf").status == 403
