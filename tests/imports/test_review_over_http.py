"""From a school's file to its students, over HTTP against the real server and the real files."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from warm import warm_sandbox  # noqa: F401 - used by every test of this file

from accounts.models import Audit
from campaigns.models import Campaign
from common import clock
from common.clock import fixed_at
from common.database import Store
from ground.people import Cast, invite_everyone
from ground.site import Answer, Client, Site
from imports.models import FixItem, RosterRowRecord, RosterUpload
from schools.models import Student

ROSTERS = Path(__file__).resolve().parents[1] / "data" / "rosters"
CLEAN = ROSTERS / "01_dapodik_clean_900.xlsx"
DEFECTS = ROSTERS / "02_dapodik_defects_420.xlsx"
DEWI = b"nama;nik;tanggal lahir;jk;kelas\nDEWI CONTOH;3311084501099001;05-01-2009;P;X-1\n"
ENGLISH = {"language": "en"}


@pytest.fixture
def cast(sqlite_store: Store) -> Cast:
    return invite_everyone(sqlite_store)


@pytest.fixture
def site(sqlite_store: Store, cast: Cast, tmp_path: Path) -> Iterator[Site]:
    with fixed_at(date(2026, 11, 22)), Site(sqlite_store, tmp_path / "files") as running:
        yield running


def in_english(client: Client) -> Client:
    client.cookies.update(ENGLISH)
    return client


def send(client: Client, school_id: int, file: Path | bytes, name: str = "") -> str:
    """Send a file and wait until it was read; answers the address of its page."""
    answer = client.upload(f"/schools/{school_id}/rosters", "file", file, name)
    assert answer.status == 303, answer.text
    return wait_for(client, answer.headers["Location"])


def wait_for(client: Client, address: str) -> str:
    for _ in range(300):
        told = client.get(f"{address}/progress", Accept="application/json").json
        if told["done"]:
            assert told["next"] == address
            return address
        time.sleep(0.05)
    raise AssertionError("the file was not read within 15 seconds")


def fingerprint(page: Answer) -> str:
    return page.text.split('name="fingerprint" value="')[1].split('"')[0]


def confirm(client: Client, address: str) -> Answer:
    page = client.get(address)
    return client.post(f"{address}/confirm", {"fingerprint": fingerprint(page)})


def students(store: Store, school_id: int) -> int:
    return store.read_now(lambda: Student.select().where(Student.school == school_id).count())


def test_ratna_reviews_and_confirms_900_students(site: Site, cast: Cast, sqlite_store: Store) -> None:
    ratna = in_english(site.as_("ratna"))
    address = send(ratna, cast.ratnas_school, CLEAN)
    page = ratna.get(address)
    assert "900 students of this file" in page.text
    assert "16 or over today" in page.text
    assert "1 to 100 of 900" in page.text
    assert students(sqlite_store, cast.ratnas_school) == 0

    done = confirm(ratna, address)
    assert done.status == 303
    assert "The student data is stored." in ratna.follow(done).text
    assert students(sqlite_store, cast.ratnas_school) == 900
    acts = sqlite_store.read_now(lambda: {row.act for row in Audit.select()})
    assert {"roster_sent", "roster_shown", "roster_confirmed"} <= acts


def test_good_rows_go_in_and_bad_rows_stay_on_the_fix_list(
    site: Site, cast: Cast, sqlite_store: Store
) -> None:
    joko = in_english(site.as_("joko"))
    address = send(joko, cast.jokos_school, DEFECTS)
    assert confirm(joko, address).status == 303
    assert students(sqlite_store, cast.jokos_school) == 401
    fixes = joko.get(f"/schools/{cast.jokos_school}/fixes").text
    assert "23 rows could not go in" in fixes
    assert "The NIK does not have 16 digits." in fixes
    assert "Column H (NIK):" in fixes
    assert "Copy the NIK from the family card." in fixes
    assert sqlite_store.read_now(lambda: FixItem.select().where(FixItem.state == "open").count()) == 23


def test_a_second_confirmation_changes_nothing(site: Site, cast: Cast, sqlite_store: Store) -> None:
    joko = in_english(site.as_("joko"))
    address = send(joko, cast.jokos_school, DEFECTS)
    shown = fingerprint(joko.get(address))
    first = joko.post(f"{address}/confirm", {"fingerprint": shown})
    again = joko.post(f"{address}/confirm", {"fingerprint": shown})
    assert first.status == again.status == 303
    assert "decided before" in joko.follow(again).text
    assert students(sqlite_store, cast.jokos_school) == 401
    assert sqlite_store.read_now(lambda: FixItem.select().count()) == 23


def test_a_change_meanwhile_stores_nothing_and_shows_the_review_again(
    site: Site, cast: Cast, sqlite_store: Store
) -> None:
    ratna, sari = in_english(site.as_("ratna")), in_english(site.as_("sari"))
    first = send(ratna, cast.ratnas_school, CLEAN)
    shown = fingerprint(ratna.get(first))
    small = b"nama;nik;tanggal lahir;jk;kelas\nDEWI CONTOH;3311084501099001;05-01-2009;P;X-1\n"
    other = send(sari, cast.ratnas_school, small, "tambahan.csv")
    assert "An older file of this school still waits" in sari.get(other).text
    assert "A newer file of this school is under way" in ratna.get(first).text
    confirm(sari, other)

    answer = ratna.post(f"{first}/confirm", {"fingerprint": shown})
    assert "nothing was stored" in ratna.follow(answer).text
    assert students(sqlite_store, cast.ratnas_school) == 1
    assert "Not in this file" in ratna.get(first).text
    confirm(ratna, first)
    assert students(sqlite_store, cast.ratnas_school) == 901


def test_the_same_file_again_is_recognised_and_changes_nobody(
    site: Site, cast: Cast, sqlite_store: Store
) -> None:
    joko = in_english(site.as_("joko"))
    first = send(joko, cast.jokos_school, DEFECTS)
    assert send(joko, cast.jokos_school, DEFECTS) == first, "while it waits it is the same upload"
    confirm(joko, first)
    again = send(joko, cast.jokos_school, DEFECTS)
    assert again != first
    page = joko.get(again).text
    assert "This very file was confirmed before" in page
    assert "No student would change." in page
    confirm(joko, again)
    assert students(sqlite_store, cast.jokos_school) == 401
    states = sqlite_store.read_now(lambda: [item.state for item in FixItem.select()])
    assert (states.count("open"), states.count("replaced")) == (23, 23)


@pytest.mark.parametrize(
    ("name", "people"),
    [
        ("03_dapodik_spreadsheetml_240.xls", 240),
        ("09_manual_multisheet_per_class_288.xlsx", 288),
        ("13_html_saved_as_xls_175.xls", 175),
        ("14_csv_semicolon_cp1252_230.csv", 230),
        ("16_manual_130.ods", 130),
    ],
)
def test_every_layout_is_read(site: Site, cast: Cast, name: str, people: int) -> None:
    sari = in_english(site.as_("sari"))
    page = sari.get(send(sari, cast.ratnas_school, ROSTERS / name))
    assert f"{people} students of this file" in page.text


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (ROSTERS / "20_password_protected.xlsx", "", "protected by a password"),
        (ROSTERS / "22_not_a_roster_daftar_guru.xlsx", "", "a list of teachers"),
        (b"PK\x03\x04 this is no workbook", "rusak.xlsx", "damaged or incomplete"),
    ],
)
def test_what_is_no_roster_is_refused_with_its_reason(
    site: Site, cast: Cast, sqlite_store: Store, content: Path | bytes, name: str, sentence: str
) -> None:
    ratna = in_english(site.as_("ratna"))
    page = ratna.get(send(ratna, cast.ratnas_school, content, name))
    assert page.status == 200
    assert sentence in page.text
    assert sqlite_store.read_now(lambda: RosterRowRecord.select().count()) == 0


def test_no_whole_nik_is_on_the_screen(site: Site, cast: Cast, sqlite_store: Store) -> None:
    joko = in_english(site.as_("joko"))
    address = send(joko, cast.jokos_school, DEFECTS)
    pages = [joko.get(f"{address}?kind={kind}").text for kind in ("new", "to_fix", "warned", "skipped")]
    confirm(joko, address)
    pages.append(joko.get(f"/schools/{cast.jokos_school}/fixes").text)
    niks = sqlite_store.read_now(lambda: [student.nik for student in Student.select() if student.nik])
    assert len(niks) > 300
    assert not [nik for nik in niks for page in pages if nik in page]


def test_a_name_is_searched_by_post_and_found_on_any_page(site: Site, cast: Cast) -> None:
    ratna = in_english(site.as_("ratna"))
    address = send(ratna, cast.ratnas_school, CLEAN)
    last = ratna.get(f"{address}?kind=new&page=9").text
    name = last.split('<th scope="row">')[-1].split("<")[0]
    found = ratna.post(f"{address}?kind=new", {"name": name.lower()})
    assert name in found.text
    assert found.text.count('<th scope="row">') < 100


def test_missing_students_are_decided_by_a_person(site: Site, cast: Cast, sqlite_store: Store) -> None:
    ratna = in_english(site.as_("ratna"))
    head = "nama;nik;tanggal lahir;jk;kelas\n"
    dewi = "DEWI CONTOH;3311084501099001;05-01-2009;P;X-1\n"
    eko = "EKO CONTOH;3311080601099002;06-01-2009;L;X-1\n"
    confirm(ratna, send(ratna, cast.ratnas_school, (head + dewi + eko).encode(), "dua.csv"))
    address = send(ratna, cast.ratnas_school, (head + dewi).encode(), "satu.csv")
    page = ratna.get(f"{address}?kind=missing").text
    assert "EKO CONTOH" in page
    student = page.split('name="student" value="')[1].split('"')[0]

    nobody = ratna.post(f"{address}/missing", {"status": "moved"})
    assert "No student was chosen" in ratna.follow(nobody).text
    moved = ratna.post(f"{address}/missing", {"status": "moved", "student": student})
    assert "1 student is changed." in ratna.follow(moved).text
    assert sqlite_store.read_now(lambda: Student.get_by_id(int(student)).status) == "moved"
    assert "EKO CONTOH" in ratna.get(f"{address}?kind=gone").text
    ratna.post(f"{address}/missing", {"status": "active", "student": student})
    shown = fingerprint(ratna.get(f"{address}?kind=missing"))
    ratna.post(f"{address}/missing", {"status": "left", "everyone": "1", "fingerprint": shown})
    assert sqlite_store.read_now(lambda: Student.get_by_id(int(student)).status) == "left"
    assert ratna.post(f"{address}/missing", {"status": "gone", "student": student}).status == 400


def test_by_a_roster_of_the_past_nobody_is_missing(site: Site, cast: Cast, sqlite_store: Store) -> None:
    ratna = in_english(site.as_("ratna"))
    head = "nama;nik;tanggal lahir;jk;kelas\n"
    dewi = "DEWI CONTOH;3311084501099001;05-01-2009;P;X-1\n"
    eko = "EKO CONTOH;3311080601099002;06-01-2009;L;X-1\n"
    first = send(ratna, cast.ratnas_school, (head + dewi).encode(), "satu.csv")
    confirm(ratna, first)
    confirm(ratna, send(ratna, cast.ratnas_school, (head + dewi + eko).encode(), "dua.csv"))
    page = ratna.get(f"{first}?kind=missing").text
    assert "confirmed this file on" in page
    assert "EKO CONTOH" not in page
    answer = ratna.post(f"{first}/missing", {"status": "left", "everyone": "1"})
    assert "a newer file was confirmed since" in ratna.follow(answer).text
    assert sqlite_store.read_now(lambda: Student.select().where(Student.status == "active").count()) == 2


def test_joko_decides_nothing_about_ratnas_students(site: Site, cast: Cast, sqlite_store: Store) -> None:
    ratna, joko = site.as_("ratna"), site.as_("joko")
    head = "nama;nik;tanggal lahir;jk;kelas\n"
    dewi = "DEWI CONTOH;3311084501099001;05-01-2009;P;X-1\n"
    confirm(ratna, send(ratna, cast.ratnas_school, (head + dewi).encode(), "satu.csv"))
    student = sqlite_store.read_now(lambda: Student.get().id)
    own = send(joko, cast.jokos_school, (head + dewi.replace("9001", "9005")).encode(), "joko.csv")
    joko.post(f"{own}/missing", {"status": "left", "student": student})
    assert sqlite_store.read_now(lambda: Student.get_by_id(student).status) == "active"


def test_a_wholly_different_file_is_stored_only_when_someone_says_that_it_is_right(
    site: Site, cast: Cast, sqlite_store: Store
) -> None:
    ratna, school = in_english(site.as_("ratna")), cast.ratnas_school
    head = "nama;nik;tanggal lahir;jk;kelas\n"
    ours = "".join(f"SISWA {c} CONTOH;331108450109900{n};05-01-2009;P;X-1\n" for n, c in enumerate("ABCDEF"))
    others = "".join(f"MURID {c} LAIN;331108060109901{n};06-01-2009;L;X-1\n" for n, c in enumerate("ABCDEF"))
    address = send(ratna, school, (head + ours).encode(), "satu.csv")
    assert 'name="is_sure"' not in ratna.get(address).text, "a first file is nothing unusual"
    confirm(ratna, address)

    address = send(ratna, school, (head + others).encode(), "lain.csv")
    page = ratna.get(address)
    assert "Hardly any student of SMAN 1 SUKOHARJO is in this file." in page.text
    refused = ratna.post(f"{address}/confirm", {"fingerprint": fingerprint(page)})
    assert refused.status == 422
    assert "Tick that this file is the list of this school" in refused.text
    assert students(sqlite_store, school) == 6
    done = ratna.post(f"{address}/confirm", {"fingerprint": fingerprint(page), "is_sure": "1"})
    assert done.status == 303
    assert students(sqlite_store, school) == 12


def test_a_file_that_names_another_school_is_stored_only_when_someone_says_that_it_is_right(
    site: Site, cast: Cast, sqlite_store: Store
) -> None:
    ratna, school = in_english(site.as_("ratna")), cast.ratnas_school
    titled = b"DAFTAR PESERTA DIDIK;;;;\nSMA NEGERI 1 WERU;;;;\n" + DEWI
    address = send(ratna, school, titled, "weru.csv")
    page = ratna.get(address)
    assert "This file names SMA NEGERI 1 WERU. Is it the list of SMAN 1 SUKOHARJO?" in page.text
    assert "Yes, this file is the list of SMAN 1 SUKOHARJO" in page.text
    refused = ratna.post(f"{address}/confirm", {"fingerprint": fingerprint(page)})
    assert refused.status == 422
    assert "Tick that this file is the list of this school" in refused.text
    assert students(sqlite_store, school) == 0
    done = ratna.post(f"{address}/confirm", {"fingerprint": fingerprint(page), "is_sure": "1"})
    assert done.status == 303
    assert students(sqlite_store, school) == 1


def test_a_picture_named_xlsx_is_told_by_what_is_in_it(site: Site, cast: Cast) -> None:
    ratna = in_english(site.as_("ratna"))
    address = send(ratna, cast.ratnas_school, b"\x89PNG\r\n\x1a\n....", "daftar.xlsx")
    assert "no spreadsheet that can be read, whatever its name says" in ratna.get(address).text


def test_nothing_of_ratnas_roster_is_there_for_joko_or_another_office(site: Site, cast: Cast) -> None:
    ratna = site.as_("ratna")
    address = send(ratna, cast.ratnas_school, DEWI, "satu.csv")
    shown = fingerprint(ratna.get(address))
    for name in ("joko", "wahyu"):
        other = site.as_(name)
        assert other.get(address).status == 404
        assert other.get(f"{address}/progress").status == 404
        assert other.post(f"{address}/confirm", {"fingerprint": shown}).status == 404
        assert other.post(f"{address}/cancel").status == 404
        assert other.post(f"{address}/missing", {"status": "left", "everyone": "1"}).status == 404
        assert other.get(f"/schools/{cast.ratnas_school}/rosters").status == 404
        assert other.get(f"/schools/{cast.ratnas_school}/fixes").status == 404
        sent = other.upload(f"/schools/{cast.ratnas_school}/rosters", "file", b"nama\n", "a.csv")
        assert sent.status == 404
    assert site.as_("budi").get(address).status == 403


def test_a_roster_put_aside_stores_nothing(site: Site, cast: Cast, sqlite_store: Store) -> None:
    ratna = in_english(site.as_("ratna"))
    address = send(ratna, cast.ratnas_school, DEWI, "satu.csv")
    shown = fingerprint(ratna.get(address))
    ratna.post(f"{address}/cancel")
    assert "This file was put aside" in ratna.get(address).text
    ratna.post(f"{address}/confirm", {"fingerprint": shown})
    assert students(sqlite_store, cast.ratnas_school) == 0
    assert sqlite_store.read_now(lambda: RosterRowRecord.select().count()) == 0


def test_the_ages_of_the_programme_are_counted(site: Site, cast: Cast, sqlite_store: Store) -> None:
    ratna = in_english(site.as_("ratna"))
    rows = "nama;nik;tanggal lahir;jk;kelas\n" + "".join(
        f"SISWA CONTOH {letter};33110802{month:02d}{year % 100:02d}90{number:02d};02-{month:02d}-{year};L;X-1\n"
        for number, (letter, month, year) in enumerate(
            [("SATU", 11, 2010), ("DUA", 12, 2010), ("TIGA", 1, 2009), ("EMPAT", 1, 2011)], start=1
        )
    )
    address = send(ratna, cast.ratnas_school, rows.encode(), "empat.csv")
    page = ratna.get(address).text
    tile = page.split('class="tile__number"><b>')
    assert [part.split("<")[0] for part in tile[1:]] == ["2"]
    assert "Once a programme is open" in page

    def open_programme() -> None:
        Campaign.create(
            office=cast.sari.office_id,
            name="Pemula 2026",
            from_date=date(2026, 8, 3),
            to_date=date(2026, 12, 2),
            voting_day=date(2028, 1, 2),
            voting_day_is_fixed=False,
            latest_useful_day=date(2026, 12, 2),
            created_at=clock.now(),
        )

    sqlite_store.write_now(open_programme)
    page = ratna.get(address).text
    tile = page.split('class="tile__number"><b>')
    assert [part.split("<")[0] for part in tile[1:]] == ["2", "3", "4"], "a birthday on voting day counts"


def test_an_upload_left_unread_by_a_stopped_server_is_read_at_the_next_start(
    sqlite_store: Store, cast: Cast, tmp_path: Path
) -> None:
    files = tmp_path / "files"
    with Site(sqlite_store, files) as site:
        ratna = site.as_("ratna")
        address = send(ratna, cast.ratnas_school, DEWI, "satu.csv")
    upload_id = int(address.rsplit("/", 1)[1])

    def unread() -> None:
        RosterRowRecord.delete().execute()
        RosterUpload.update(state="reading", counts="{}", notes="{}").where(
            RosterUpload.id == upload_id
        ).execute()

    sqlite_store.write_now(unread)
    with Site(sqlite_store, files) as site:
        ratna = in_english(site.as_("ratna"))
        wait_for(ratna, address)
        assert "1 student of this file" in ratna.get(address).text
    assert sqlite_store.read_now(lambda: RosterRowRecord.select().count()) == 1


def test_a_file_that_names_another_school_is_asked_about(site: Site, cast: Cast) -> None:
    ratna = in_english(site.as_("ratna"))
    address = send(ratna, cast.ratnas_school, ROSTERS / "03_dapodik_spreadsheetml_240.xls")
    assert "Is it the list of SMAN 1 SUKOHARJO?" in ratna.get(address).text


def test_nobody_leaves_by_another_schools_list(site: Site, cast: Cast, sqlite_store: Store) -> None:
    ratna = in_english(site.as_("ratna"))
    confirm(ratna, send(ratna, cast.ratnas_school, CLEAN))
    address = send(ratna, cast.ratnas_school, DEFECTS)
    shown = fingerprint(ratna.get(f"{address}?kind=missing"))
    answer = ratna.post(f"{address}/missing", {"status": "left", "everyone": "1", "fingerprint": shown})
    assert "confirm it first" in ratna.follow(answer).text
    assert sqlite_store.read_now(lambda: Student.select().where(Student.status != "active").count()) == 0
