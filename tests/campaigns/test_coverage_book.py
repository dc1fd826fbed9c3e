"""The coverage as a workbook: the page's figures on every level, and no student for who may not see one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl import Workbook
from test_coverage_over_http import NIK, Scene, _scene

from accounts.models import Account, Audit
from campaigns.coverage import FIGURES, Coverage
from campaigns.coverage_book import CoverageBook, StudentRow
from campaigns.coverage_book_writing import coverage_workbook
from campaigns.models import Campaign
from campaigns.paper import Printed
from campaigns.progress import book_queries, queries
from campaigns.progress.figure_queries import Asked
from campaigns.slices import Slice
from campaigns.student_stands import IN_TARGET, Stand
from common import clock
from common.access import Who
from common.database import Store, open_store
from demo import build
from ground import databases
from ground.people import Cast, invite_everyone
from ground.site import Site

TODAY = date(2026, 10, 12)
WEDNESDAY = date(2026, 8, 12)
LEVELS = ["Keterangan", "Dinas dan kecamatan", "Sekolah", "Kelas"]


@pytest.fixture
def cast(sqlite_store: Store) -> Cast:
    return invite_everyone(sqlite_store)


@pytest.fixture
def scene(sqlite_store: Store, cast: Cast) -> Scene:
    return sqlite_store.write_now(_scene, cast)


@pytest.fixture
def site(sqlite_store: Store, scene: Scene, tmp_path: Path) -> Iterator[Site]:
    with clock.fixed_at(TODAY), Site(sqlite_store, tmp_path) as running:
        yield running


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Who, int]]:
    """The demo with three schools in the middle of its work: Sari, and the programme."""
    folder = tmp_path_factory.mktemp("book")
    with databases.fresh("sqlite", folder, migrated=True) as address:
        store = open_store(address)
        with clock.fixed_at(WEDNESDAY):
            build.build(store, WEDNESDAY, folder / "files", school_count=3)
        yield store, *store.read_now(_sari)
        store.close()


def _sari() -> tuple[Who, int]:
    row = Account.get(Account.username == "sari")
    who = Who(row.id, row.office_id, "coordinator", row.name, build.OFFICE_NAME, "Asia/Jakarta")
    return who, Campaign.get().id


def opened(body: bytes) -> Workbook:
    return openpyxl.load_workbook(BytesIO(body))


def lines(book: Workbook, sheet: str) -> list[dict[str, Any]]:
    """The rows of a sheet by heading."""
    headings, *rows = book[sheet].iter_rows(values_only=True)
    return [dict(zip(map(str, headings), row, strict=True)) for row in rows]


def exported(log: Store) -> list[str]:
    def ask() -> list[str]:
        return [row.detail for row in Audit.select().where(Audit.act == "coverage_exported")]

    return log.read_now(ask)


def test_sari_takes_every_level_along_and_that_names_left_is_written_down(site: Site, cast: Cast) -> None:
    sari = site.as_("sari")
    assert 'href="/coverage/coverage.xlsx"' in sari.get("/coverage").text
    answer = sari.get("/coverage/coverage.xlsx")
    assert answer.status == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="capaian-2026-10-12.xlsx"'
    book = opened(answer.body)
    assert book.sheetnames == [*LEVELS, "Siswa"]
    (ayu, *_others) = students = lines(book, "Siswa")
    assert [row["Nama"] for row in students] == [
        "Ayu Lestari",
        "Bagas Pratama",
        "Citra Dewi",
        "Dimas Nugroho",
    ]
    assert ayu["Status siswa"] == "Sudah rekam"
    assert ayu["Hari perekaman terakhir"] == datetime(2026, 10, 5)
    assert ayu["Tanda terakhir"] == datetime(2026, 10, 1)
    assert students[1]["Hari perekaman berikutnya"] == datetime(2026, 10, 20)
    assert exported(site.store) == ["students=4"]


def test_no_nik_and_no_birth_date_leave_with_it(site: Site) -> None:
    book = opened(site.as_("sari").get("/coverage/coverage.xlsx").body)
    values = {str(value) for sheet in book for row in sheet.iter_rows(values_only=True) for value in row}
    assert not any(NIK in value or "2010-03-12" in value for value in values)


def test_lina_takes_figures_along_and_no_student(site: Site) -> None:
    lina = site.as_("lina")
    assert 'href="/coverage/coverage.xlsx"' in lina.get("/coverage").text
    answer = lina.get("/coverage/coverage.xlsx")
    book = opened(answer.body)
    assert book.sheetnames == LEVELS
    values = {str(value) for sheet in book for row in sheet.iter_rows(values_only=True) for value in row}
    assert "SMAN 1 SUKOHARJO" in values
    assert not any("Ayu" in value for value in values)
    assert exported(site.store) == []


def test_a_past_day_has_figures_of_that_day_and_no_student(site: Site) -> None:
    sari = site.as_("sari")
    assert "/coverage/coverage.xlsx?level=SMA" in sari.get("/coverage?level=SMA").text
    answer = sari.get("/coverage/coverage.xlsx?on=2026-10-04")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="capaian-2026-10-04.xlsx"'
    book = opened(answer.body)
    assert book.sheetnames == LEVELS
    about = {row[0]: row[1] for row in book["Keterangan"].iter_rows(values_only=True) if row[0]}
    assert about["Angka per"] == "akhir Minggu, 4 Oktober 2026"


def test_an_officer_and_a_school_are_given_none(site: Site) -> None:
    for name in ("budi", "ratna"):
        assert site.as_(name).get("/coverage/coverage.xlsx").status == 403


def test_a_sheet_has_a_frozen_heading_filters_numbers_and_shares(site: Site) -> None:
    book = opened(site.as_("sari").get("/coverage/coverage.xlsx").body)
    for name in book.sheetnames[1:]:
        sheet = book[name]
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref == sheet.dimensions
    row = next(row for row in book["Sekolah"].iter_rows(min_row=2) if row[0].value == "SMAN 1 SUKOHARJO")
    by_heading = {str(head.value): cell for head, cell in zip(book["Sekolah"][1], row, strict=True)}
    assert (by_heading["Sasaran"].value, by_heading["Sasaran"].data_type) == (2, "n")
    assert (by_heading["Capaian"].value, by_heading["Capaian"].number_format) == (0.5, "0.0%")
    assert by_heading["NPSN"].data_type == "s"
    day = next(row for row in book["Siswa"].iter_rows(min_row=2))[8]
    assert (day.is_date, day.number_format) == (True, "dd/mm/yyyy")


@pytest.mark.parametrize("name", ["=1+1", "+62 812", "-Ayu", "@Ayu", "#N/A", "\tAyu\x0b", '=HYPERLINK("x")'])
def test_what_was_typed_stays_text(name: str) -> None:
    book = opened(coverage_workbook(a_book(students=(a_student(name),), office=name)))
    cells = [book["Siswa"]["A2"], book["Keterangan"]["B3"]]
    for cell in cells:
        assert cell.data_type == "s"
        assert cell.value == " ".join(name.replace("\x0b", " ").split())
    assert book["Siswa"]["A2"].quotePrefix is name.startswith(("=", "+", "-", "@", "#"))


def test_an_office_without_anything_has_its_sheets_all_the_same() -> None:
    book = opened(coverage_workbook(a_book()))
    assert book["Dinas dan kecamatan"].max_row == 2
    assert [row["Capaian"] for row in lines(book, "Dinas dan kecamatan")] == [None]


@pytest.mark.parametrize(
    "part", [Slice(), Slice(level="SMK"), Slice(sex="P"), Slice(home="elsewhere", owner="public")]
)
def test_every_level_adds_up_to_the_page_and_the_students_recount_it(
    full: tuple[Store, Who, int], part: Slice
) -> None:
    store, sari, campaign = full
    asked = Asked(part)
    with clock.fixed_at(WEDNESDAY):
        book = store.read_now(book_queries.coverage_book, sari, campaign, asked)
        page = store.read_now(queries.coverage_page, sari, campaign, asked=asked)
    assert book.total == page.total
    assert {(row.name, row.coverage) for row in page.districts} == {
        (row.name, row.coverage) for row in book.districts
    }
    assert {(row.name, row.coverage) for row in page.schools} == {
        (row.name, row.coverage) for row in book.schools
    }
    assert book.students is not None and (book.students or not part.is_whole)
    assert recounted(book.students) == book.total
    for row in book.classes:
        mine = [one for one in book.students if (one.npsn, one.class_name) == (row.npsn, row.name)]
        assert recounted(mine) == row.coverage
    sheet = opened(coverage_workbook(book, "en"))
    (office, *districts) = lines(sheet, "Office and districts")
    assert office["Target"] == sum(row["Target"] for row in districts) == page.total.target
    assert Counter(row["In the target"] for row in lines(sheet, "Students"))["yes"] == page.total.target


def test_one_district_is_that_districts_schools_alone(full: tuple[Store, Who, int]) -> None:
    store, sari, campaign = full
    first = store.read_now(queries.coverage_page, sari, campaign).districts[0]
    book = store.read_now(book_queries.coverage_book, sari, campaign, Asked(), first.id)
    assert book.total == first.coverage
    assert {row.district for row in book.schools} == {first.name} == {book.district}
    assert book.students is not None and {row.school for row in book.students} <= {
        row.name for row in book.schools
    }


def recounted(students: Any) -> Coverage:
    """The figures of coverage, counted from rows of students alone."""
    counts = dict.fromkeys(FIGURES, 0)
    names = {Stand.RETAKE: "retake_due", Stand.PLANNED: ""}
    for row in students:
        counts["students"] += 1
        stand = names.get(row.stand, row.stand.value)
        voter = row.is_voter and row.stand in (*IN_TARGET, Stand.NOT_YET)
        for figure in ("target" if row.stand in IN_TARGET else "", stand if stand in FIGURES else ""):
            if figure:
                counts[figure] += 1
                beside = "voters" if figure == "target" else f"{figure}_voters"
                counts[beside] = counts.get(beside, 0) + voter
    return Coverage(**{name: counts[name] for name in FIGURES})


def a_student(name: str) -> StudentRow:
    return StudentRow("SMAN 1", "20300001", "X-1", name, Stand.UNPLANNED, "", False, None, None, None)


def a_book(**facts: Any) -> CoverageBook:
    made = Printed("Sari", datetime(2026, 8, 12, 8))
    empty = CoverageBook("Dinas", "Program", Slice(), "", "", None, made, Coverage(), (), (), (), None)
    return replace(empty, **facts)
