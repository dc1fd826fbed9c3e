"""The marked file and the blank template over HTTP: who gets them, in which words, and who does not."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from marked_books import NO_CLASS, SHORT_NIK, saved
from test_review_over_http import DEFECTS, DEWI, confirm, in_english, send
from tiny_rosters import HEAD, JOKO, RATNA, changed, workbook
from warm import warm_sandbox  # noqa: F401 - used by every test of this file

from accounts.models import Audit
from common import clock
from common.clock import fixed_at
from common.database import Store
from ground.people import Cast, invite_everyone
from ground.site import Answer, Site
from imports.actions import forget_old_uploads
from imports.models import FixItem, RosterUpload

FEW = saved(workbook([HEAD, SHORT_NIK, NO_CLASS, changed(JOKO, nik="12")], "Siswa"))
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def cast(sqlite_store: Store) -> Cast:
    return invite_everyone(sqlite_store)


@pytest.fixture
def site(sqlite_store: Store, cast: Cast, tmp_path: Path) -> Iterator[Site]:
    with fixed_at(date(2026, 11, 22)), Site(sqlite_store, tmp_path / "files") as running:
        yield running


def book_of(answer: Answer) -> openpyxl.Workbook:
    assert (answer.status, answer.headers["Content-Type"]) == (200, XLSX), answer.status
    return openpyxl.load_workbook(io.BytesIO(answer.body))


def lines_of(book: openpyxl.Workbook) -> list[list[object]]:
    rows = [[cell.value for cell in row] for row in book["Daftar perbaikan"].iter_rows()]
    head = next(number for number, row in enumerate(rows) if row[0] == "Sel")
    return rows[head + 1 :]


def test_joko_gets_his_own_file_back_with_what_to_mend(site: Site, cast: Cast, sqlite_store: Store) -> None:
    joko = in_english(site.as_("joko"))
    address = send(joko, cast.jokos_school, DEFECTS)
    answer = joko.get(f"{address}/annotated.xlsx")
    book = book_of(answer)
    assert book.sheetnames == ["Daftar perbaikan", "Daftar Peserta Didik"]
    lines = lines_of(book)
    kinds = [line[6] for line in lines]
    assert kinds == sorted(kinds), "what must be mended comes first"
    assert len({line[2] for line in lines if line[6] == "Harus diperbaiki"}) == 23
    assert "NIK tidak terdiri atas 16 angka." in {line[7] for line in lines}, "in Indonesian for everyone"
    named = "attachment; filename=\"perbaikan-02_dapodik_defects_420.xlsx\"; filename*=UTF-8''"
    assert answer.headers["Content-Disposition"].startswith(named)
    notes = sqlite_store.read_now(lambda: list(Audit.select().where(Audit.act == "roster_annotated")))
    assert [(note.kind, note.account_id) for note in notes] == [("access", cast.joko.account_id)]
    assert list(site.config.files.glob("*.upload")) == [site.config.files / stored(sqlite_store)]


def stored(store: Store) -> str:
    return store.read_now(lambda: RosterUpload.select().get().stored_as)


def test_sari_gets_it_and_nobody_else_learns_that_it_is_there(
    site: Site, cast: Cast, sqlite_store: Store
) -> None:
    address = send(site.as_("joko"), cast.jokos_school, FEW, "sedikit.xlsx")
    book_of(site.as_("sari").get(f"{address}/annotated.xlsx"))
    for other in ("ratna", "wahyu"):
        theirs, never = (
            site.as_(other).get(path) for path in (f"{address}/annotated.xlsx", "/rosters/999/annotated.xlsx")
        )
        assert theirs.status == never.status == 404
        assert "SMKN" not in theirs.text
    assert site.as_("budi").get(f"{address}/annotated.xlsx").status == 403
    assert site.as_("lina").get(f"{address}/annotated.xlsx").status == 403
    assert sqlite_store.read_now(lambda: Audit.select().where(Audit.act == "roster_annotated").count()) == 1


def test_after_confirming_only_what_is_still_open_is_marked(
    site: Site, cast: Cast, sqlite_store: Store
) -> None:
    joko = in_english(site.as_("joko"))
    address = send(joko, cast.jokos_school, FEW, "sedikit.xlsx")
    before = lines_of(book_of(joko.get(f"{address}/annotated.xlsx")))
    confirm(joko, address)
    after = lines_of(book_of(joko.get(f"{address}/annotated.xlsx")))
    assert after == before
    item = sqlite_store.read_now(lambda: FixItem.select().order_by(FixItem.id).get())
    joko.post(f"/schools/{cast.jokos_school}/fixes", {"act": "dismiss", "item": item.id})
    left = lines_of(book_of(joko.get(f"{address}/annotated.xlsx")))
    assert {line[2] for line in before} - {line[2] for line in left} == {item.row_number}


def test_what_is_open_from_another_file_is_not_marked_in_this_one(site: Site, cast: Cast) -> None:
    joko = in_english(site.as_("joko"))
    first = send(joko, cast.jokos_school, FEW, "sedikit.xlsx")
    confirm(joko, first)
    other = saved(
        workbook([HEAD, changed(JOKO, nama="WAHYU REKAAN", nik="12", nisn="", tanggal="2009-01-01")])
    )
    second = send(joko, cast.jokos_school, other, "lain.xlsx")
    confirm(joko, second)
    names = {line[3] for line in lines_of(book_of(joko.get(f"{second}/annotated.xlsx")))}
    assert names == {"WAHYU REKAAN"}
    assert "WAHYU REKAAN" not in str(lines_of(book_of(joko.get(f"{first}/annotated.xlsx"))))


def test_a_student_of_another_school_is_marked_at_the_name(site: Site, cast: Cast) -> None:
    ratna, joko = site.as_("ratna"), site.as_("joko")
    confirm(ratna, send(ratna, cast.ratnas_school, DEWI, "satu.csv"))
    book = book_of(joko.get(f"{send(joko, cast.jokos_school, DEWI, 'dua, é.csv')}/annotated.xlsx"))
    (line,) = lines_of(book)
    assert line[:4] == ["A2", "Data", 2, "DEWI CONTOH"]
    assert "sekolah lain" in str(line[7])
    assert book["Data"]["A2"].comment is not None
    assert "SMAN 1 SUKOHARJO" not in str(lines_of(book)), "which school is not the reader's to know"


def test_a_clean_file_can_be_had_too(site: Site, cast: Cast) -> None:
    ratna = site.as_("ratna")
    address = send(ratna, cast.ratnas_school, saved(workbook([HEAD, RATNA])), "bersih.xlsx")
    assert lines_of(book_of(ratna.get(f"{address}/annotated.xlsx"))) == []


def test_of_a_refused_file_or_one_put_aside_there_is_nothing_to_mark(site: Site, cast: Cast) -> None:
    ratna = site.as_("ratna")
    refused = send(ratna, cast.ratnas_school, b"PK\x03\x04 this is no workbook", "rusak.xlsx")
    assert ratna.get(f"{refused}/annotated.xlsx").status == 404
    aside = send(ratna, cast.ratnas_school, DEWI, "satu.csv")
    ratna.post(f"{aside}/cancel")
    assert ratna.get(f"{aside}/annotated.xlsx").status == 404


def test_a_file_deleted_after_30_days_is_said_to_be_gone(site: Site, cast: Cast, sqlite_store: Store) -> None:
    joko = in_english(site.as_("joko"))
    address = send(joko, cast.jokos_school, FEW, "sedikit.xlsx")
    confirm(joko, address)
    (site.config.files / stored(sqlite_store)).unlink()
    answer = joko.get(f"{address}/annotated.xlsx")
    assert (answer.status, answer.headers["Location"]) == (303, address)
    assert "was deleted 30 days after it was sent" in joko.follow(answer).text

    with fixed_at(date(2026, 12, 31)):
        sqlite_store.write_now(forget_old_uploads, clock.now())
    answer = joko.get(f"{address}/annotated.xlsx")
    assert "was deleted 30 days after it was sent" in joko.follow(answer).text


def test_a_file_that_breaks_the_child_ends_in_one_sentence(
    site: Site, cast: Cast, sqlite_store: Store
) -> None:
    joko = in_english(site.as_("joko"))
    address = send(joko, cast.jokos_school, FEW, "sedikit.xlsx")
    path = site.config.files / stored(sqlite_store)
    path.write_bytes(b"PK\x03\x04 no longer what was read")
    answer = joko.get(f"{address}/annotated.xlsx")
    assert answer.headers["Location"] == address
    assert "This file cannot be marked" in joko.follow(answer).text
    assert list(site.config.files.glob("*.upload")) == [path], "the copy for the child is gone"
    assert sqlite_store.read_now(lambda: Audit.select().where(Audit.act == "roster_annotated").count()) == 0


def test_the_blank_template_is_for_those_who_send_lists(site: Site, cast: Cast) -> None:
    answer = site.as_("ratna").get("/roster-template.xlsx")
    book = book_of(answer)
    assert book.sheetnames == ["Data Siswa", "Contoh dan petunjuk"]
    assert "Cara mengisi lembar Data Siswa" in str(book["Contoh dan petunjuk"]["A1"].value)
    assert "templat-data-siswa.xlsx" in answer.headers["Content-Disposition"]
    assert book_of(in_english(site.as_("sari")).get("/roster-template.xlsx")).sheetnames == book.sheetnames
    assert site.as_("lina").get("/roster-template.xlsx").status == 403


def test_the_template_sent_blank_is_refused_as_a_list_without_students(site: Site, cast: Cast) -> None:
    ratna = in_english(site.as_("ratna"))
    blank = ratna.get("/roster-template.xlsx").body
    page = ratna.get(send(ratna, cast.ratnas_school, blank, "templat.xlsx"))
    assert "The list has no students in it." in page.text
