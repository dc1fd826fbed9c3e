"""Files on their way in: who may send, how large, and what stays on disk."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from warm import warm_sandbox  # noqa: F401 - used by every test of this file

from common.clock import fixed_at
from common.database import Store
from ground.people import Cast, invite_everyone
from ground.site import Client, Site
from imports import actions, reading_handlers
from imports.models import FixItem, RosterRowRecord, RosterUpload
from schools.models import Student

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
    ratna, address = as_english(site, "ratna"), f"/schools/{cast.ratnas_school}/rosters"
    # as a browser sends a file field that nothing was chosen for
    none = b'--X\r\nContent-Disposition: form-data; name="file"; filename=""\r\n\r\n\r\n--X--\r\n'
    kind = {"Content-Type": "multipart/form-data; boundary=X"}
    for answer in (ratna.ask("POST", address, none, kind), ratna.post(address, {"file": "a.xlsx"})):
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
