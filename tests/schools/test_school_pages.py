"""Schools, students and teams over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from accounts.models import Audit
from common.database import Store
from ground.people import Cast, invite_everyone
from ground.site import Site
from schools.actions import apply_student_changes
from schools.models import Student
from schools.students import StudentChanges, StudentFacts


@pytest.fixture
def cast(sqlite_store: Store) -> Cast:
    return invite_everyone(sqlite_store)


@pytest.fixture
def site(sqlite_store: Store, cast: Cast, tmp_path: Path) -> Iterator[Site]:
    with Site(sqlite_store, tmp_path) as running:
        yield running


@pytest.fixture
def adinda(sqlite_store: Store, cast: Cast) -> int:
    facts = StudentFacts(
        "ADINDA AZZAHRA", date(2008, 9, 7), "3311064709089068", "0089060528", "P", class_name="XI 1"
    )
    sqlite_store.write_now(
        apply_student_changes, cast.ratna, cast.ratnas_school, StudentChanges(create=(facts,))
    )
    return sqlite_store.read_now(lambda: Student.get().id)


def test_a_nik_is_masked_on_the_list(site: Site, cast: Cast, adinda: int) -> None:
    text = site.as_("ratna").get(f"/schools/{cast.ratnas_school}/students").text
    assert "ADINDA AZZAHRA" in text
    assert "3311064709089068" not in text
    assert "68" in text


def test_a_nik_is_shown_once_and_that_is_written_down(
    site: Site, cast: Cast, adinda: int, sqlite_store: Store
) -> None:
    assert "3311064709089068" in site.as_("ratna").post(f"/students/{adinda}/nik").text
    row = sqlite_store.read_now(lambda: Audit.get(Audit.act == "nik_shown"))
    assert (row.account_id, row.subject_id, row.detail) == (cast.ratna.account_id, adinda, "")


def test_joko_never_sees_a_nik_of_ratnas_school(site: Site, adinda: int, sqlite_store: Store) -> None:
    assert site.as_("joko").post(f"/students/{adinda}/nik").status == 404
    assert not sqlite_store.read_now(lambda: Audit.select().where(Audit.act == "nik_shown").exists())


def test_a_name_is_searched_by_post_and_stands_in_no_address(site: Site, cast: Cast, adinda: int) -> None:
    ratna = site.as_("ratna")
    path = f"/schools/{cast.ratnas_school}/students"
    assert "ADINDA AZZAHRA" in ratna.post(path, {"name": "azza"}).text
    assert "ADINDA AZZAHRA" not in ratna.post(path, {"name": "budi"}).text
    assert "azza" not in "".join(
        part for part in ratna.post(path, {"name": "azza"}).text.split('"') if "/" in part
    )


def test_a_nik_belongs_to_one_student_of_the_office(cast: Cast, adinda: int, sqlite_store: Store) -> None:
    import peewee

    twice = StudentFacts("SOMEBODY ELSE", date(2008, 9, 7), "3311064709089068")
    with pytest.raises(peewee.IntegrityError):
        sqlite_store.write_now(
            apply_student_changes, cast.joko, cast.jokos_school, StudentChanges(create=(twice,))
        )


def test_a_team_is_added_changed_and_named_once(site: Site) -> None:
    sari = site.as_("sari")
    assert sari.post("/teams", {"name": "Tim C", "kits": "2", "weekdays": ["1", "2"]}).status == 303
    again = sari.post("/teams", {"name": "Tim C", "kits": "2", "weekdays": ["1"]})
    assert again.status == 422
    assert 'value="Tim C"' in again.text
    wrong = sari.post("/teams", {"name": "", "kits": "0"})
    assert wrong.status == 422
    assert wrong.text.count("field__error") == 3


def test_days_off_of_a_team_are_dates(site: Site) -> None:
    sari = site.as_("sari")
    form = {"name": "Tim A", "kits": "2", "weekdays": ["1"], "is_active": "1", "days_off": "17 Agustus"}
    assert sari.post("/teams/1", form).status == 422
    assert sari.post("/teams/1", {**form, "days_off": "2026-08-17\n2026-08-18"}).status == 303
    assert "2026-08-17" in sari.get("/teams/1").text


def test_what_the_office_knows_of_a_school_is_saved(site: Site, cast: Cast) -> None:
    sari = site.as_("sari")
    path = f"/schools/{cast.ratnas_school}"
    assert sari.post(path, {"network": "splendid", "week_days": "5"}).status == 422
    form = {"network": "good", "week_days": "6", "contact_name": "Bu Tini", "contact_phone": "0812"}
    assert sari.post(path, form).status == 303
    assert "Bu Tini" in sari.get(path).text
