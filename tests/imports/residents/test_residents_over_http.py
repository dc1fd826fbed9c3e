"""The office's own lists in a browser without scripts: sent, followed, reviewed, decided, confirmed, undone."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from warm import warm_sandbox  # noqa: F401 - used by every test of this file

from accounts.models import Audit
from common.database import Store
from ground.people import Cast, invite_everyone
from ground.site import Answer, Client, Site
from imports.actions import ReceivedFile
from imports.residents import actions
from imports.residents.models import ResidentList, ResidentRow
from schools.actions import insert_students
from schools.models import Student
from schools.students import StudentFacts

BORN = date(2009, 1, 5)
DEWI_NIK, RINA_NIK = "3311084501099001", "3311084701099003"
LIST = (
    "NIK;NAMA;TANGGAL LAHIR;KECAMATAN\n"
    f"{DEWI_NIK};DEWI CONTOH;05-01-2009;MOJOLABAN\n"
    ";RINA A. CONTOH;07-01-2009;GROGOL\n"
    "3311080601099777;ORANG LAIN;06-01-2009;GROGOL\n"
).encode()


@pytest.fixture
def cast(sqlite_store: Store) -> Cast:
    found = invite_everyone(sqlite_store)
    students = [
        StudentFacts("DEWI CONTOH", BORN, DEWI_NIK, sex="P", class_name="X-1"),
        StudentFacts("RINA AYU CONTOH", date(2009, 1, 7), RINA_NIK, sex="P", class_name="X-2"),
        StudentFacts("EKO CONTOH", date(2009, 1, 6), "3311080601099002", sex="L", class_name="X-1"),
    ]
    sqlite_store.write_now(insert_students, found.sari.office_id, found.ratnas_school, students)
    return found


@pytest.fixture
def files(tmp_path: Path) -> Path:
    return tmp_path / "files"


@pytest.fixture
def site(sqlite_store: Store, cast: Cast, files: Path) -> Iterator[Site]:
    with Site(sqlite_store, files) as running:
        yield running


@pytest.fixture
def sari(site: Site) -> Client:
    client = site.as_("sari")
    client.cookies["language"] = "en"
    return client


def send(client: Client, content: bytes | Path, kind: str = "recorded", name: str = "daftar.csv") -> Answer:
    """The form of the page, as a browser sends it."""
    data = content if isinstance(content, bytes) else content.read_bytes()
    body = (
        b'--X\r\nContent-Disposition: form-data; name="kind"\r\n\r\n' + kind.encode() + b"\r\n"
        b'--X\r\nContent-Disposition: form-data; name="file"; filename="' + name.encode() + b'"\r\n\r\n'
    )
    headers = {"Content-Type": "multipart/form-data; boundary=X"}
    return client.ask("POST", "/residents", body + data + b"\r\n--X--\r\n", headers)


def read(client: Client, answer: Answer) -> str:
    """The address of a list that was sent, once it is read."""
    assert answer.status == 303, answer.text
    address = answer.headers["Location"]
    for _ in range(200):
        if client.get(f"{address}/progress").json["done"]:
            return address
        time.sleep(0.05)
    raise AssertionError("the list was not read")


def confirm(client: Client, address: str) -> Answer:
    found = re.search(r'name="fingerprint" value="([0-9a-f]+)"', client.get(address).text)
    assert found is not None
    return client.follow(client.post(f"{address}/confirm", {"fingerprint": found.group(1)}))


def recorded(store: Store) -> set[str]:
    return store.read_now(
        lambda: {row.name for row in Student.select().where(Student.recorded_before == True)}
    )


def test_a_list_is_sent_reviewed_decided_confirmed_and_undone(
    sari: Client, sqlite_store: Store, files: Path
) -> None:
    address = read(sari, send(sari, LIST))
    assert list(files.glob("*")) == [], "the file goes once it is read"
    page = sari.get(address).text
    assert "3 people in the list" in page
    assert "RINA AYU CONTOH" in page
    assert "ORANG LAIN" not in page
    assert "ORANG LAIN" in sari.get(f"{address}?kind=strangers").text

    (key,) = re.findall(r'name="line" value="([0-9-]+)"', page)
    answer = sari.post(f"{address}/decide?kind=likely&page=1", {"line": key, f"pair-{key}": "same"})
    assert "1 decision is saved." in sari.follow(answer).text
    assert recorded(sqlite_store) == set()

    page = confirm(sari, address).text
    assert "2 students are now marked as recorded before." in page
    assert recorded(sqlite_store) == {"DEWI CONTOH", "RINA AYU CONTOH"}
    assert sqlite_store.read_now(lambda: ResidentRow.select().count()) == 0
    assert "Undo this list?" in sari.get(f"{address}/undo").text
    assert "2 students are again as before." in sari.follow(sari.post(f"{address}/undo")).text
    assert recorded(sqlite_store) == set()
    assert "Undone by" in sari.get(address).text


def test_a_likely_line_is_still_decided_after_confirming(sari: Client, sqlite_store: Store) -> None:
    address = read(sari, send(sari, LIST))
    confirm(sari, address)
    page = sari.get(address).text
    (key,) = re.findall(r'name="line" value="([0-9-]+)"', page)
    sari.post(f"{address}/decide", {"line": key, f"pair-{key}": "same"})
    assert recorded(sqlite_store) == {"DEWI CONTOH", "RINA AYU CONTOH"}


def test_no_whole_nik_stands_on_a_page_and_showing_people_is_written_down(
    sari: Client, sqlite_store: Store
) -> None:
    address = read(sari, send(sari, LIST))
    pages = [sari.get(f"{address}?kind={kind}").text for kind in ("likely", "leaving", "strangers")]
    pages.append(sari.post(f"{address}?kind=leaving", {"name": "dewi"}).text)
    for text in pages:
        assert not re.search(r"\d{12}", re.sub(r'value="[0-9a-f]{64}"', "", text))
    assert "••••••••••••••01" in pages[1]
    acts = sqlite_store.read_now(lambda: [row.act for row in Audit.select().where(Audit.kind == "access")])
    assert acts == ["residents_shown"] * 4


def test_names_are_searched_by_the_body_of_a_form(sari: Client) -> None:
    address = read(sari, send(sari, LIST))
    assert "DEWI CONTOH" in sari.post(f"{address}?kind=leaving", {"name": "contoh"}).text
    assert "No name matches" in sari.post(f"{address}?kind=leaving", {"name": "nobody"}).text


def test_students_that_changed_meanwhile_bring_the_review_back(
    sari: Client, cast: Cast, sqlite_store: Store
) -> None:
    address = read(sari, send(sari, LIST))
    shown = re.search(r'name="fingerprint" value="([0-9a-f]+)"', sari.get(address).text)
    assert shown is not None
    newcomer = StudentFacts("ORANG LAIN", date(2009, 1, 6), "3311080601099777")
    sqlite_store.write_now(insert_students, cast.sari.office_id, cast.jokos_school, [newcomer])
    answer = sari.follow(sari.post(f"{address}/confirm", {"fingerprint": shown.group(1)}))
    assert "Student data changed while you were looking" in answer.text
    assert recorded(sqlite_store) == set()
    confirm(sari, address)
    assert recorded(sqlite_store) == {"DEWI CONTOH", "ORANG LAIN"}


def test_a_second_click_does_nothing_more(sari: Client, sqlite_store: Store) -> None:
    first = send(sari, LIST)
    again = send(sari, LIST)
    assert read(sari, first) == again.headers["Location"]
    assert sqlite_store.read_now(lambda: ResidentList.select().count()) == 1
    address = first.headers["Location"]
    shown = re.search(r'name="fingerprint" value="([0-9a-f]+)"', sari.get(address).text)
    assert shown is not None
    for _ in range(2):
        answer = sari.follow(sari.post(f"{address}/confirm", {"fingerprint": shown.group(1)}))
    assert "this list was decided before" in answer.text
    for _ in range(2):
        answer = sari.follow(sari.post(f"{address}/undo"))
    assert "this list was decided before" in answer.text
    assert sari.get(f"{address}/undo").status == 303


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "password"),
        (b"PK\x03\x04 broken", "a.xlsx", "damaged or incomplete"),
        (b"%PDF-1.7", "a.pdf", "no spreadsheet that can be read"),
        (b"Kecamatan;Jumlah\nGrogol;12\n", "a.csv", "No list of residents was found"),
        (b"NAMA;JK;KELAS\nANI;P;X-1\n", "a.csv", "Nobody in this file can be matched"),
        (b"NAMA;NIK;NUPTK\nANI;3311084501099001;1\n", "a.csv", "not of students"),
    ],
)
def test_a_wrong_file_is_refused_in_words(sari: Client, content: bytes, name: str, words: str) -> None:
    page = sari.get(read(sari, send(sari, content, name=name))).text
    assert "This file cannot be taken in" in page
    assert words in page
    assert "Send another list" in page


def test_a_form_without_a_file_or_a_kind_says_so_at_the_field(sari: Client, files: Path) -> None:
    for answer, words in (
        (send(sari, b"", name=""), "Choose the file with the list of residents"),
        (send(sari, LIST, kind=""), "already recorded or not yet"),
        (send(sari, LIST, kind="other"), "already recorded or not yet"),
        (sari.post("/residents", {"kind": "recorded"}), "Choose the file with the list of residents"),
        (send(sari, b"", name="a.csv"), "empty (0 bytes)"),
    ):
        assert answer.status == 422
        assert words in answer.text
    time.sleep(0.2)
    assert list(files.glob("*")) == []
    assert send(sari, b"x" * (21 << 20)).status == 413


@pytest.mark.parametrize("username", ["budi", "ratna", "lina"])
def test_only_coordinators_come_near(site: Site, sari: Client, username: str) -> None:
    address = read(sari, send(sari, LIST))
    other = site.as_(username)
    assert send(other, LIST).status == 403
    for path in ("/residents", address, f"{address}/progress", f"{address}/undo"):
        assert other.get(path).status == 403
    for act in ("confirm", "decide", "cancel", "undo"):
        assert other.post(f"{address}/{act}").status == 403


def test_a_list_of_another_office_is_missing(site: Site, sari: Client, sqlite_store: Store) -> None:
    address = read(sari, send(sari, LIST))
    wahyu = site.as_("wahyu")
    for path in (address, f"{address}/progress", f"{address}/undo"):
        assert wahyu.get(path).status == 404
    for act in ("confirm", "decide", "cancel", "undo"):
        assert wahyu.post(f"{address}/{act}").status == 404
    assert "daftar.csv" not in wahyu.get("/residents").text
    assert sqlite_store.read_now(lambda: ResidentList.get().state) == "waiting"


def test_a_list_put_aside_leaves_nothing(sari: Client, sqlite_store: Store, files: Path) -> None:
    address = read(sari, send(sari, LIST))
    assert "This list was put aside" in sari.follow(sari.post(f"{address}/cancel")).text
    assert sqlite_store.read_now(lambda: ResidentRow.select().count()) == 0
    assert list(files.glob("*")) == []


def test_strange_decisions_are_passed_over(sari: Client, sqlite_store: Store) -> None:
    address = read(sari, send(sari, LIST))
    form = {"line": ["1-1", "x-y", "9" * 30 + "-1", "", "1"], "pair-1-1": "same", "pair-": "back"}
    assert sari.post(f"{address}/decide", form).status == 303
    assert sari.post(f"{address}/decide", {"everyone": "all"}).status == 400
    assert recorded(sqlite_store) == set()


def test_a_restarted_server_goes_on_with_a_list(sqlite_store: Store, cast: Cast, files: Path) -> None:

    files.mkdir()
    (files / "a.upload").write_bytes(LIST)
    sqlite_store.write_now(
        actions.receive_list, cast.sari, "recorded", ReceivedFile("daftar.csv", 1, "0" * 64, "a.upload")
    )
    with Site(sqlite_store, files):
        for _ in range(100):
            state = sqlite_store.read_now(lambda: ResidentList.get().state)
            if state != "reading":
                break
            time.sleep(0.05)
    assert state == "waiting"
