"""Files on their way in: who may send, how large, what stays on disk, and lists of schools."""

from __future__ import annotations

import io
import os
import socket
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from warm import warm_sandbox  # noqa: F401 - used by every test of this file

from common.clock import fixed_at
from common.database import Store
from ground.people import Cast, invite_everyone
from ground.site import Client, Site
from imports import actions, reading_handlers
from imports.models import FixItem, RosterRowRecord, RosterUpload
from schools.models import District, School, Student

DEWI = b"nama;nik;tanggal lahir;jk;kelas\nDEWI CONTOH;3311084501099001;05-01-2009;P;X-1\n"
BROKEN = b"nama;nik;tanggal lahir;jk;kelas\nEKO CONTOH;33110845;05-01-2009;L;X-1\n"


@pytest.fixture
def cast(sqlite_store: Store) -> Cast:
    return invite_everyone(sqlite_store)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    return tmp_path / "files"


@pytest.fixture
def site(sqlite_store: Store, cast: Cast, files: Path) -> Iterator[Site]:
    with Site(sqlite_store, files) as running:
        yield running


def as_english(site: Site, name: str) -> Client:
    client = site.as_(name)
    client.cookies["language"] = "en"
    return client


def kept(files: Path) -> list[str]:
    return sorted(path.name for path in files.glob("*")) if files.exists() else []


def soon(is_so: object) -> bool:
    assert callable(is_so)
    for _ in range(100):
        if is_so():
            return True
        time.sleep(0.05)
    return False


def test_nobody_sends_a_file_without_signing_in(site: Site, cast: Cast, files: Path) -> None:
    answer = site.client().upload(f"/schools/{cast.ratnas_school}/rosters", "file", DEWI, "a.csv")
    assert answer.status == 401
    assert kept(files) == []


def test_who_may_not_send_is_told_before_the_file_is_read(site: Site, cast: Cast, files: Path) -> None:
    answer = site.as_("budi").upload(f"/schools/{cast.ratnas_school}/rosters", "file", DEWI, "a.csv")
    assert answer.status == 403
    assert kept(files) == []


def test_a_file_for_another_school_leaves_nothing_behind(site: Site, cast: Cast, files: Path) -> None:
    answer = site.as_("joko").upload(f"/schools/{cast.ratnas_school}/rosters", "file", DEWI, "a.csv")
    assert answer.status == 404
    assert soon(lambda: kept(files) == [])


def test_a_file_of_21_mib_is_refused_in_words_and_not_kept(site: Site, cast: Cast, files: Path) -> None:
    ratna = as_english(site, "ratna")
    answer = ratna.upload(f"/schools/{cast.ratnas_school}/rosters", "file", b"x" * (21 << 20), "besar.xlsx")
    assert answer.status == 413
    assert "at most 20 MB can be sent" in answer.text
    assert soon(lambda: kept(files) == [])


def test_a_form_without_a_file_says_so_at_the_field(site: Site, cast: Cast) -> None:
    ratna = as_english(site, "ratna")
    for answer in (
        ratna.upload(f"/schools/{cast.ratnas_school}/rosters", "file", b"", ""),
        ratna.post(f"/schools/{cast.ratnas_school}/rosters", {"file": "a.xlsx"}),
    ):
        assert answer.status == 422
        assert "Choose the file with the student data" in answer.text


def test_a_body_that_is_no_form_is_refused(site: Site, cast: Cast, files: Path) -> None:
    ratna = site.as_("ratna")
    address = f"/schools/{cast.ratnas_school}/rosters"
    for kind in ("application/json", "multipart/form-data; boundary=X"):
        assert ratna.ask("POST", address, b'{"a": 1}', {"Content-Type": kind}).status == 400
    long_header = b"--X\r\nContent-Disposition: form-data" + b"; a=b" * 9000 + b"\r\n\r\nx\r\n--X--\r\n"
    sent = ratna.ask("POST", address, long_header, {"Content-Type": "multipart/form-data; boundary=X"})
    assert sent.status == 400
    assert kept(files) == []


def test_a_sender_who_goes_away_leaves_no_half_file(site: Site, cast: Cast, files: Path) -> None:
    ratna = site.as_("ratna")
    cookie = "; ".join(f"{name}={value}" for name, value in ratna.cookies.items())
    with socket.create_connection(("127.0.0.1", site.port)) as line:
        line.sendall(
            f"POST /schools/{cast.ratnas_school}/rosters HTTP/1.1\r\nHost: localhost:{site.port}\r\n"
            f"Origin: http://localhost:{site.port}\r\nCookie: {cookie}\r\n"
            "Content-Type: multipart/form-data; boundary=X\r\nContent-Length: 100000\r\n\r\n"
            '--X\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nnama;'.encode()
        )
        assert soon(lambda: len(kept(files)) == 1)
    assert soon(lambda: kept(files) == [])


def test_a_double_click_on_send_loses_nothing(
    site: Site, cast: Cast, sqlite_store: Store, files: Path
) -> None:
    # the browser drops its first request, whose file is already in, and sends the same once more
    ratna = site.as_("ratna")
    sqlite_store._writer.submit(time.sleep, 0.6)
    body = (
        b'--X\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
        + DEWI
        + b"\r\n--X--\r\n"
    )
    head = (
        f"POST /schools/{cast.ratnas_school}/rosters HTTP/1.1\r\nHost: localhost:{site.port}\r\n"
        f"Origin: http://localhost:{site.port}\r\nCookie: session={ratna.cookies['session']}\r\n"
        f"Content-Type: multipart/form-data; boundary=X\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", site.port)) as first:
        first.sendall(head.encode() + body)
        time.sleep(0.2)
    ratna.upload(f"/schools/{cast.ratnas_school}/rosters", "file", DEWI, "a.csv")

    def is_read() -> bool:
        states = sqlite_store.read_now(lambda: [row.state for row in RosterUpload.select()])
        return bool(states) and set(states) == {"waiting"}

    assert soon(is_read), sqlite_store.read_now(
        lambda: [(row.state, row.reasons) for row in RosterUpload.select()]
    )


def test_who_was_signed_out_meanwhile_reads_why(site: Site, cast: Cast, files: Path) -> None:
    answer = site.client().upload(f"/schools/{cast.ratnas_school}/rosters", "file", DEWI * 40_000, "a.csv")
    assert answer.status == 401
    assert kept(files) == []


def test_a_form_of_a_thousand_parts_is_refused(site: Site, cast: Cast, files: Path) -> None:
    part = b'--X\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n'
    answer = site.as_("ratna").ask(
        "POST",
        f"/schools/{cast.ratnas_school}/rosters",
        part * 1000 + b"--X--\r\n",
        {"Content-Type": "multipart/form-data; boundary=X"},
    )
    assert answer.status == 400


def test_the_file_is_kept_under_a_name_of_our_own(site: Site, cast: Cast, files: Path) -> None:
    ratna = as_english(site, "ratna")
    answer = ratna.upload(f"/schools/{cast.ratnas_school}/rosters", "file", DEWI, "../../Daftar <b> PD.csv")
    assert answer.status == 303
    (name,) = kept(files)
    assert name.endswith(".upload")
    page = ratna.get(answer.headers["Location"]).text
    assert "Daftar &lt;b&gt; PD.csv" in page
    assert "../" not in page.split("Daftar &lt;b&gt;")[0][-5:]


def test_ratnas_own_page_lists_what_she_sent(site: Site, cast: Cast) -> None:
    ratna = as_english(site, "ratna")
    ratna.upload(f"/schools/{cast.ratnas_school}/rosters", "file", DEWI, "daftar.csv")
    page = ratna.get("/my/rosters").text
    assert "Student data of SMAN 1 SUKOHARJO" in page
    assert "daftar.csv" in page
    assert "Ratna Dewi" in page


def test_files_go_after_30_days_and_the_students_and_fix_list_stay(
    sqlite_store: Store, cast: Cast, files: Path
) -> None:
    with fixed_at(date(2026, 8, 3)), Site(sqlite_store, files) as site:
        ratna = site.as_("ratna")
        for content in (DEWI, BROKEN):
            address = ratna.upload(
                f"/schools/{cast.ratnas_school}/rosters", "file", content, "a.csv"
            ).headers["Location"]
            assert soon(lambda at=address: ratna.get(f"{at}/progress").json["done"])
            shown = ratna.get(address).text.split('name="fingerprint" value="')[1].split('"')[0]
            ratna.post(f"{address}/confirm", {"fingerprint": shown})
        ratna.upload(f"/schools/{cast.ratnas_school}/rosters", "file", DEWI + b"\n", "lagi.csv")
    assert len(kept(files)) == 3
    orphan = files / ("a" * 32 + ".upload")
    orphan.write_bytes(b"half")
    old = datetime(2026, 8, 1, tzinfo=UTC).timestamp()
    os.utime(orphan, (old, old))

    with fixed_at(date(2026, 9, 3)), Site(sqlite_store, files) as site:
        assert soon(lambda: kept(files) == [])
        page = site.as_("ratna").get("/my/rosters").text
        assert "daftar" in page
    found = sqlite_store.read_now(
        lambda: (
            Student.select().count(),
            FixItem.select().count(),
            RosterRowRecord.select().count(),
            sorted(upload.state for upload in RosterUpload.select()),
        )
    )
    assert found == (1, 1, 0, ["confirmed", "confirmed", "withdrawn"])


def test_files_of_29_days_stay(sqlite_store: Store, cast: Cast) -> None:
    sent = datetime(2026, 8, 3, 1)

    def receive() -> None:
        actions.receive_roster(
            cast.ratna, cast.ratnas_school, actions.ReceivedFile("a.csv", 1, "0" * 64, "a.upload")
        )

    with fixed_at(sent):
        sqlite_store.write_now(receive)
    assert sqlite_store.write_now(actions.forget_old_uploads, sent + timedelta(days=29)) == []
    assert sqlite_store.write_now(actions.forget_old_uploads, sent + timedelta(days=31)) == ["a.upload"]


def test_a_cancelled_reading_ends_and_stores_nothing(
    site: Site, cast: Cast, sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slow(*_: object, job: object, **__: object) -> object:
        import asyncio

        while not job.is_cancelled:  # type: ignore[attr-defined]
            await asyncio.sleep(0.01)
        return reading_handlers.refused(reading_handlers.Kind.READING_CANCELLED)

    monkeypatch.setattr(reading_handlers, "read_in_sandbox_async", slow)
    ratna = as_english(site, "ratna")
    sent = ratna.upload(f"/schools/{cast.ratnas_school}/rosters", "file", DEWI, "a.csv")
    address = sent.headers["Location"]
    page = ratna.get(address)
    assert "The file is being read" in page.text
    assert f'data-progress-url="{address}/progress"' in page.text
    assert ratna.get(f"{address}/progress").json["done"] is False
    ratna.post(f"{address}/cancel")
    assert "This file was put aside" in ratna.get(address).text
    assert sqlite_store.read_now(lambda: [row.state for row in RosterUpload.select()]) == ["withdrawn"]


# --- lists of schools --------------------------------------------------------------------------------------

SCHOOLS = """npsn;nama sekolah;bentuk pendidikan;status;kecamatan
20310417;SMAN 1 SUKOHARJO BARU;SMA;NEGERI;Kec. Sukoharjo
20399001;SMK CONTOH 1;SMK;SWASTA;331108
20399002;SMA CONTOH 2;SMA;SWASTA;Kec. WERU
1234;SMA SALAH;SMA;NEGERI;Kec. Weru
20399003;SD CONTOH;SD;NEGERI;Kec. Weru
"""


def sent_schools(page: str) -> str:
    import html

    return html.unescape(page.split('name="schools" value="')[1].split('"')[0])


def test_sari_loads_a_list_of_schools_and_names_its_new_district(
    site: Site, cast: Cast, sqlite_store: Store, files: Path
) -> None:
    sari = as_english(site, "sari")
    page = sari.upload("/schools/load", "file", SCHOOLS.encode(), "sekolah.csv")
    assert page.status == 200
    assert "3 schools can be loaded" in page.text
    assert "2 rows with a fault" in page.text
    assert "The NPSN does not have 8 digits." in page.text
    assert "1 district is new" in page.text
    assert 'value="Weru"' in page.text
    assert sqlite_store.read_now(lambda: School.select().count()) == 4, (
        "nothing is stored before it was looked at"
    )

    form = {"schools": sent_schools(page.text), "code-0": "33.72.01", "name-0": "Weru"}
    wrong = sari.post("/schools/load", form)
    assert wrong.status == 422
    assert "beginning with 33.11" in wrong.text
    assert 'value="33.72.01"' in wrong.text, "what was typed stays"

    done = sari.post("/schools/load", {**form, "code-0": "331101"})
    assert done.status == 303
    loaded = sari.follow(done).text
    assert "The list of schools is loaded" in loaded
    assert 'href="/teams"' in loaded

    def found() -> tuple[set[str], str]:
        names = {school.name for school in School.select()}
        return names, District.get(District.code == "33.11.01").name

    names, district = sqlite_store.read_now(found)
    assert {"SMAN 1 SUKOHARJO BARU", "SMK CONTOH 1", "SMA CONTOH 2"} <= names
    assert len(names) == 6
    assert district == "Weru"
    again = sari.upload("/schools/load", "file", SCHOOLS.encode(), "sekolah.csv").text
    assert "is new" not in again
    sari.post("/schools/load", {"schools": sent_schools(again)})
    assert sqlite_store.read_now(lambda: School.select().count()) == 6
    assert soon(lambda: kept(files) == [])


def test_schools_of_a_district_left_empty_stay_out(site: Site, cast: Cast, sqlite_store: Store) -> None:
    sari = as_english(site, "sari")
    page = sari.upload("/schools/load", "file", SCHOOLS.encode(), "sekolah.csv").text
    form = {"schools": sent_schools(page), "code-0": "", "name-0": ""}
    assert "left=1" in sari.post("/schools/load", form).headers["Location"]
    assert sqlite_store.read_now(lambda: School.select().where(School.name == "SMA CONTOH 2").count()) == 0


def test_a_workbook_with_codes_and_names_names_its_districts(site: Site, cast: Cast) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["DAFTAR SEKOLAH"],
        ["NPSN", "Nama Sekolah", "Status", "Kode Kecamatan", "Kecamatan"],
        ["20399002", "SMA CONTOH 2", "SWASTA", "33.11.01", "Kec. Weru"],
        ["20399003", "SMK CONTOH 3", "NEGERI", "33.11.02", "Kec. Bulu"],
    ):
        sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    page = as_english(site, "sari").upload("/schools/load", "file", content.getvalue(), "sekolah.xlsx").text
    for value in ("33.11.01", "Weru", "33.11.02", "Bulu"):
        assert f'value="{value}"' in page


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (DEWI, "No list of schools was found"),
        (b"PK\x03\x04 this is no workbook", "damaged or incomplete"),
        (b"", "Choose the file with the list of schools"),
    ],
)
def test_what_is_no_list_of_schools_is_refused(site: Site, cast: Cast, content: bytes, sentence: str) -> None:
    answer = as_english(site, "sari").upload("/schools/load", "file", content, "a.xlsx" if content else "")
    assert answer.status == 422
    assert sentence in answer.text


def test_a_made_up_list_is_judged_like_a_file(site: Site, cast: Cast, sqlite_store: Store) -> None:
    sari = site.as_("sari")
    assert sari.post("/schools/load", {"schools": "{"}).status == 400
    assert sari.post("/schools/load", {"schools": "[1]"}).status == 400
    sari.post("/schools/load", {"schools": '[["12", "X", "TK", "", "Weru", ""]]'})
    assert sqlite_store.read_now(lambda: School.select().count()) == 4
    assert site.as_("ratna").get("/schools/load").status == 403
