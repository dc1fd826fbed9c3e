"""The fix list: a student known at another school, whom the coordinator moves or leaves; over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from test_review_over_http import DEWI, confirm, in_english, send, students
from warm import warm_sandbox  # noqa: F401 - used by every test of this file

from common.clock import fixed_at
from common.database import Store
from ground.people import Cast, invite_everyone
from ground.site import Site
from imports.models import FixItem, RosterRowRecord, RosterUpload
from schools.models import Student


@pytest.fixture
def cast(sqlite_store: Store) -> Cast:
    return invite_everyone(sqlite_store)


@pytest.fixture
def site(sqlite_store: Store, cast: Cast, tmp_path: Path) -> Iterator[Site]:
    with fixed_at(date(2026, 11, 22)), Site(sqlite_store, tmp_path / "files") as running:
        yield running


def test_a_student_of_another_school_goes_to_the_fix_list_not_to_two_schools(
    site: Site, cast: Cast, sqlite_store: Store
) -> None:
    ratna, joko = in_english(site.as_("ratna")), in_english(site.as_("joko"))
    row = b"nama;nik;tanggal lahir;jk;kelas\nDEWI CONTOH;3311084501099001;05-01-2009;P;X-1\n"
    confirm(ratna, send(ratna, cast.ratnas_school, row, "satu.csv"))
    address = send(joko, cast.jokos_school, row, "satu.csv")
    assert "at another school" in joko.get(f"{address}?kind=to_fix").text
    confirm(joko, address)
    assert students(sqlite_store, cast.jokos_school) == 0
    fixes = joko.get(f"/schools/{cast.jokos_school}/fixes").text
    assert "The coordinator decides" in fixes

    item = fixes.split('name="item" value="')[1].split('"')[0]
    ratna.post(f"/schools/{cast.ratnas_school}/fixes", {"act": "dismiss", "item": item})
    assert sqlite_store.read_now(lambda: FixItem.get_by_id(int(item)).state) == "open", "not hers to dismiss"
    answer = joko.post(f"/schools/{cast.jokos_school}/fixes", {"act": "dismiss", "item": item})
    assert "1 row is dismissed." in joko.follow(answer).text
    settled = sqlite_store.read_now(lambda: FixItem.get_by_id(int(item)))
    assert (settled.state, settled.decided_by_id) == ("dismissed", cast.joko.account_id)
    assert settled.decided_at is not None

    ratna.post(f"/schools/{cast.ratnas_school}/fixes", {"put_back": item})
    assert sqlite_store.read_now(lambda: FixItem.get_by_id(int(item)).state) == "dismissed", "not hers either"
    page = joko.get(f"/schools/{cast.jokos_school}/fixes").text
    assert f'name="put_back" value="{item}"' in page
    answer = joko.post(f"/schools/{cast.jokos_school}/fixes", {"put_back": item})
    assert "The row is on the fix list again." in joko.follow(answer).text
    assert sqlite_store.read_now(lambda: FixItem.get_by_id(int(item)).state) == "open"
    answer = joko.post(f"/schools/{cast.jokos_school}/fixes", {"put_back": item})
    assert "no longer dismissed" in joko.follow(answer).text


def fix_of_a_student_elsewhere(site: Site, cast: Cast) -> FixItem:
    """Dewi is known at Ratna's school and Joko's file names her: answers the item on his fix list."""
    ratna, joko = site.as_("ratna"), site.as_("joko")
    confirm(ratna, send(ratna, cast.ratnas_school, DEWI, "satu.csv"))
    confirm(joko, send(joko, cast.jokos_school, DEWI.replace(b"X-1", b"XI-2"), "dua.csv"))
    return site.store.read_now(FixItem.get)


def moves(site: Site, item: FixItem) -> dict[str, str]:
    dewi = site.store.read_now(Student.get)
    return {"act": "mend", f"row:{item.upload_id}:{item.row_number}:{dewi.id}:": "moved_here"}


def test_a_file_sent_before_dawn_was_sent_on_that_day_of_the_office(site: Site, cast: Cast) -> None:
    fix_of_a_student_elsewhere(site, cast)
    early = datetime(2026, 11, 21, 22, 30)  # in UTC; at the office it is the 22nd
    site.store.write_now(lambda: RosterUpload.update(uploaded_at=early).execute())
    page = in_english(site.as_("joko")).get(f"/schools/{cast.jokos_school}/fixes").text
    assert "22 Nov 2026 05:30 WIB" in page
    assert "21 Nov 2026" not in page


def test_sari_moves_a_student_to_the_school_whose_file_names_her(
    site: Site, cast: Cast, sqlite_store: Store
) -> None:
    item = fix_of_a_student_elsewhere(site, cast)
    sari, address = in_english(site.as_("sari")), f"/schools/{cast.jokos_school}/fixes"
    page = sari.get(address).text
    assert "Known at SMAN 1 SUKOHARJO" in page
    assert "3311084501099001" not in page
    done = sari.post(address, moves(site, item))
    assert "1 row is decided. 1 row left the fix list." in sari.follow(done).text

    dewi = sqlite_store.read_now(Student.get)
    assert (dewi.school_id, dewi.class_name, dewi.status) == (cast.jokos_school, "XI-2", "active")
    settled = sqlite_store.read_now(lambda: FixItem.get_by_id(item.id))
    assert (settled.state, settled.decided_by_id) == ("mended", cast.sari.account_id)
    again = sari.post(address, moves(site, item))
    assert "Nothing changed" in sari.follow(again).text


def test_a_student_stays_where_she_is_when_the_row_is_dismissed(
    site: Site, cast: Cast, sqlite_store: Store
) -> None:
    item = fix_of_a_student_elsewhere(site, cast)
    site.as_("sari").post(f"/schools/{cast.jokos_school}/fixes", {"act": "dismiss", "item": str(item.id)})
    assert sqlite_store.read_now(lambda: Student.get().school_id) == cast.ratnas_school
    assert sqlite_store.read_now(lambda: FixItem.get_by_id(item.id).state) == "dismissed"


def test_a_school_admin_neither_sees_nor_takes_another_schools_student(
    site: Site, cast: Cast, sqlite_store: Store
) -> None:
    item = fix_of_a_student_elsewhere(site, cast)
    joko, wahyu, address = (
        in_english(site.as_("joko")),
        site.as_("wahyu"),
        f"/schools/{cast.jokos_school}/fixes",
    )
    for page in (joko.get(address).text, joko.get(f"/rosters/{item.upload_id}?kind=to_fix").text):
        assert "SMAN 1 SUKOHARJO" not in page
        assert "moved_here" not in page
    assert "Nothing changed" in joko.follow(joko.post(address, moves(site, item))).text
    assert wahyu.post(address, moves(site, item)).status == 404
    assert sqlite_store.read_now(lambda: Student.get().school_id) == cast.ratnas_school
    assert sqlite_store.read_now(lambda: FixItem.get_by_id(item.id).state) == "open"


def test_a_move_whose_file_is_gone_is_offered_to_nobody(site: Site, cast: Cast, sqlite_store: Store) -> None:
    item = fix_of_a_student_elsewhere(site, cast)
    sqlite_store.write_now(lambda: RosterRowRecord.delete().execute())
    sari, address = in_english(site.as_("sari")), f"/schools/{cast.jokos_school}/fixes"
    assert "moved_here" not in sari.get(address).text
    assert "Nothing changed" in sari.follow(sari.post(address, moves(site, item))).text
