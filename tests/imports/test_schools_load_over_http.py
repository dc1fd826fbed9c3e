"""The office's list of schools on its way in: sent, looked at, loaded; over HTTP."""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from test_upload_over_http import DEWI, as_english, kept, soon
from warm import warm_sandbox  # noqa: F401 - used by every test of this file

from common.database import Store
from ground.people import Cast, invite_everyone
from ground.site import Client, Site
from imports import reading_handlers
from schools.models import District, School


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


SCHOOLS = """npsn;nama sekolah;bentuk pendidikan;status;kecamatan
20310417;SMAN 1 SUKOHARJO BARU;SMA;NEGERI;Kec. Sukoharjo
20399001;SMK CONTOH 1;SMK;SWASTA;331108
20399002;SMA CONTOH 2;SMA;SWASTA;Kec. WERU
1234;SMA SALAH;SMA;NEGERI;Kec. Weru
20399003;SD CONTOH;SD;NEGERI;Kec. Weru
"""


def send_list(client: Client, content: bytes | str, name: str = "sekolah.csv") -> tuple[str, str]:
    """Send a list of schools; answers the page that shows it and the name it is kept under."""
    body = content.encode() if isinstance(content, str) else content
    sent = client.upload("/schools/load", "file", body, name)
    assert sent.status == 303, "what is looked at is a page of its own: Back and reload work"
    page = client.follow(sent)
    assert page.status == 200
    return page.text, sent.headers["Location"].split("list=")[1]


def test_sari_loads_a_list_of_schools_and_names_its_new_district(
    site: Site, cast: Cast, sqlite_store: Store, files: Path
) -> None:
    sari = as_english(site, "sari")
    page, name = send_list(sari, SCHOOLS)
    assert "3 schools can be loaded" in page
    assert "2 rows with a fault" in page
    assert "The NPSN does not have 8 digits." in page
    assert "1 district is new" in page
    assert 'value="Weru"' in page
    assert sqlite_store.read_now(lambda: School.select().count()) == 4, (
        "nothing is stored before it was looked at"
    )

    form = {"list": name, "code-0": "33.72.01", "name-0": "Weru"}
    wrong = sari.post("/schools/load", form)
    assert wrong.status == 422
    assert "beginning with 33.11" in wrong.text
    assert 'value="33.72.01"' in wrong.text, "what was typed stays"
    assert "2 rows with a fault" in wrong.text, "what is wrong with the file is still said"
    assert "Every row of the list is in order" not in wrong.text

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
    again, name = send_list(sari, SCHOOLS)
    assert "is new" not in again
    assert "The list brings nothing new" in again
    assert "Load 3 schools" not in again
    assert '<th scope="row">row 5</th>' in again, "on a phone no heading says what the number is"
    sari.post("/schools/load", {"list": name})
    assert sqlite_store.read_now(lambda: School.select().count()) == 6


def test_what_a_list_would_change_of_a_known_school_is_shown_old_and_new(site: Site, cast: Cast) -> None:
    sari = as_english(site, "sari")
    page, _ = send_list(
        sari, SCHOOLS.replace("20310417;SMAN 1 SUKOHARJO BARU;SMA", "20310417;SMAN 9 CONTOH;SMK")
    )
    changed = page.split('id="changed"')[1].split("</section>")[0]
    for told in (
        "1 school changes",
        "<del>SMAN 1 SUKOHARJO</del>",
        "<ins>SMAN 9 CONTOH</ins>",
        "<del>SMA</del>",
    ):
        assert told in changed
    assert "Mojolaban" in page, "a district goes by its name, not by its code"
    assert ">33.11.08<" not in page

    as_it_is = "npsn;nama;bentuk pendidikan;status;kecamatan\n20310417;SMAN 1 SUKOHARJO;SMA;NEGERI;33.11.04\n"
    page, _ = send_list(sari, as_it_is)
    assert 'id="changed"' not in page


def test_a_kept_list_is_for_the_office_that_sent_it_and_goes_after_a_day(
    site: Site, cast: Cast, sqlite_store: Store, files: Path
) -> None:
    sari, wahyu = as_english(site, "sari"), as_english(site, "wahyu")
    _, name = send_list(sari, SCHOOLS)
    assert "no longer kept" in wahyu.follow(wahyu.get(f"/schools/load?list={name}")).text
    wahyu.post("/schools/load", {"list": name})
    assert sqlite_store.read_now(lambda: School.select().count()) == 4

    os.utime(files / f"{name}.upload", (0, 0))
    asyncio.run(reading_handlers.Readings(sqlite_store, files).tidy())
    assert kept(files) == []
    assert "no longer kept" in sari.follow(sari.get(f"/schools/load?list={name}")).text


def test_schools_of_a_district_left_empty_stay_out(site: Site, cast: Cast, sqlite_store: Store) -> None:
    sari = as_english(site, "sari")
    _, name = send_list(sari, SCHOOLS)
    form = {"list": name, "code-0": "", "name-0": ""}
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
    page, _ = send_list(as_english(site, "sari"), content.getvalue(), "sekolah.xlsx")
    for value in ("33.11.01", "Weru", "33.11.02", "Bulu"):
        assert f'value="{value}"' in page


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (DEWI, "No list of schools was found"),
        (b"PK\x03\x04 this is no workbook", "damaged or incomplete"),
        (b"", "This file is empty (0 bytes)."),
        (b"NPSN;Nama Sekolah;Bentuk;Status;Kecamatan\n", "no school under them"),
        (
            b"NPSN;Nama Sekolah;Bentuk;Status\n20399002;SMA CONTOH 2;SMA;SWASTA\n",
            "No school of this file can be loaded. Row 2, the first: The district is missing.",
        ),
    ],
)
def test_what_is_no_list_of_schools_is_refused(site: Site, cast: Cast, content: bytes, sentence: str) -> None:
    answer = as_english(site, "sari").upload("/schools/load", "file", content, "a.xlsx")
    assert answer.status == 422
    assert sentence in answer.text


@pytest.mark.parametrize("name", ["..", "../../etc/passwd", "0" * 32, "x" * 32])
def test_a_made_up_name_of_a_list_opens_nothing(
    site: Site, cast: Cast, sqlite_store: Store, files: Path, name: str
) -> None:
    sari = as_english(site, "sari")
    files.mkdir(exist_ok=True)
    (files / f"{'0' * 32}.upload").write_bytes(DEWI)
    answer = sari.post("/schools/load", {"list": name})
    assert "no longer kept" in sari.follow(answer).text
    assert sqlite_store.read_now(lambda: School.select().count()) == 4
    assert site.as_("ratna").get("/schools/load").status == 403


@pytest.mark.parametrize("page", ["/schools/load", "/schools/{}/rosters"])
def test_an_empty_file_is_not_taken_for_no_file(site: Site, cast: Cast, files: Path, page: str) -> None:
    sari = as_english(site, "sari")
    answer = sari.upload(page.format(cast.ratnas_school), "file", b"", "kosong.xlsx")
    assert answer.status == 422
    assert "This file is empty (0 bytes)." in answer.text
    assert soon(lambda: kept(files) == [])
