"""Rosters stored, confirmed and settled, on both databases."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from peewee import IntegrityError

from accounts.models import Office
from common.access import Missing, Who
from common.clock import fixed_at
from common.database import Store
from ground.people import Cast, invite_everyone
from imports import actions, queries, review_queries
from imports.actions import ReceivedFile
from imports.fix_queries import open_fixes
from imports.models import FixItem
from imports.reading import judge_sheets
from imports.reading_handlers import as_stored
from imports.sheets import RawSheet
from schools.models import Student

TODAY = date(2026, 11, 22)
HEAD = ["Nama", "NIK", "NISN", "JK", "Tanggal Lahir", "Rombel"]
DEWI = ["DEWI CONTOH", "3311084501099001", "0091234567", "P", "2009-01-05", "X-1"]
EKO = ["EKO CONTOH", "3311080601099002", "0091234568", "L", "2009-01-06", "X-1"]
RINA = ["RINA CONTOH", "33110845", "0091234569", "P", "2009-01-07", "X-1"]


@pytest.fixture
def cast(store: Store) -> Cast:
    return invite_everyone(store)


def send(store: Store, who: Who, school_id: int, *rows: list[str]) -> int:
    """A roster of these rows, read and waiting."""

    def write() -> int:
        reading = judge_sheets((RawSheet("Siswa", [list(HEAD), *(list(row) for row in rows)]),), TODAY)
        file = ReceivedFile("daftar.xlsx", 1, repr(rows), "a.upload")
        received = actions.receive_roster(who, school_id, file)
        actions.store_reading(received.upload, as_stored(reading))
        return received.upload.id

    return store.write_now(write)


def confirm(store: Store, who: Who, upload_id: int) -> dict[str, int]:
    review = store.read_now(review_queries.roster_review, who, upload_id, TODAY, None)
    return store.write_now(actions.confirm_roster, who, upload_id, review.fingerprint)


def test_a_roster_goes_in_and_a_newer_one_mends_its_fix_list(store: Store, cast: Cast) -> None:
    outcome = confirm(store, cast.ratna, send(store, cast.ratna, cast.ratnas_school, DEWI, EKO, RINA))
    assert (outcome["new"], outcome["to_fix"]) == (2, 1)
    assert store.read_now(open_fixes, cast.sari)[0].count == 1
    assert store.read_now(open_fixes, cast.joko) == []

    mended = [*RINA[:1], "3311084701099003", *RINA[2:]]
    older = [*DEWI[:5], "XI-1"]
    outcome = confirm(store, cast.ratna, send(store, cast.ratna, cast.ratnas_school, older, EKO, mended))
    assert (outcome["new"], outcome["changed"], outcome["same"], outcome["replaced"]) == (1, 1, 1, 1)
    assert store.read_now(open_fixes, cast.sari) == []
    assert store.read_now(lambda: Student.get(Student.nisn == DEWI[2]).class_name) == "XI-1"


def test_a_failure_in_the_middle_leaves_nothing_half_done(
    store: Store, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = send(store, cast.ratna, cast.ratnas_school, DEWI, RINA)

    def broken(*_: object) -> None:
        raise IntegrityError("the disk is full")

    monkeypatch.setattr(actions, "_add_fixes", broken)
    with pytest.raises(IntegrityError):
        confirm(store, cast.ratna, upload)
    assert store.read_now(lambda: (Student.select().count(), FixItem.select().count())) == (0, 0)
    assert store.read_now(queries.roster, cast.ratna, upload).state == "waiting"


def test_a_plan_that_changed_is_not_carried_out(store: Store, cast: Cast) -> None:
    upload = send(store, cast.ratna, cast.ratnas_school, DEWI)
    review = store.read_now(review_queries.roster_review, cast.ratna, upload, TODAY, None)
    confirm(store, cast.sari, send(store, cast.sari, cast.ratnas_school, EKO))
    with pytest.raises(actions.PlanChanged):
        store.write_now(actions.confirm_roster, cast.ratna, upload, review.fingerprint)
    assert store.read_now(lambda: [student.name for student in Student.select()]) == ["EKO CONTOH"]


def test_an_upload_of_another_office_or_school_is_missing(store: Store, cast: Cast) -> None:
    upload = send(store, cast.ratna, cast.ratnas_school, DEWI)
    for who in (cast.joko, cast.wahyu):
        with pytest.raises(Missing):
            store.write_now(actions.confirm_roster, who, upload, "")
        with pytest.raises(Missing):
            store.write_now(actions.withdraw_roster, who, upload)
        with pytest.raises(Missing):
            store.write_now(actions.decide_missing, who, upload, [], True, "left")
        with pytest.raises(Missing):
            store.write_now(actions.dismiss_fixes, who, cast.ratnas_school, [1])
        with pytest.raises(Missing):
            store.read_now(queries.roster, who, upload)
    with pytest.raises(Missing):
        store.read_now(queries.roster, cast.lina, upload)  # figures only: no personal data


def test_a_reading_that_comes_after_the_withdrawal_is_dropped(store: Store, cast: Cast) -> None:
    def write() -> int:
        file = ReceivedFile("daftar.xlsx", 1, "0" * 64, "a.upload")
        received = actions.receive_roster(cast.ratna, cast.ratnas_school, file)
        actions.withdraw_roster(cast.ratna, received.upload.id)
        reading = judge_sheets((RawSheet("Siswa", [list(HEAD), list(DEWI)]),), TODAY)
        actions.store_reading(received.upload, as_stored(reading))
        return received.upload.id

    upload = store.write_now(write)
    assert store.read_now(queries.roster, cast.ratna, upload).state == "withdrawn"


def test_what_waits_and_what_is_left_to_fix_is_counted_for_each_person(store: Store, cast: Cast) -> None:
    upload = send(store, cast.ratna, cast.ratnas_school, DEWI, RINA)
    (waiting,) = store.read_now(queries.rosters_waiting, cast.sari)
    assert (waiting.school_id, waiting.count, waiting.only_id) == (cast.ratnas_school, 1, upload)
    assert store.read_now(queries.rosters_waiting, cast.joko) == []
    assert store.read_now(queries.rosters_waiting, cast.wahyu) == []
    without = [row.school_id for row in store.read_now(queries.schools_without_roster, cast.sari)]
    assert cast.ratnas_school not in without
    assert cast.jokos_school in without
    assert [row.school_id for row in store.read_now(queries.schools_without_roster, cast.joko)] == [
        cast.jokos_school
    ]


def test_who_confirmed_and_when_is_kept(store: Store, cast: Cast) -> None:
    upload = send(store, cast.ratna, cast.ratnas_school, DEWI)
    with fixed_at(datetime(2026, 11, 22, 3, 4)):
        confirm(store, cast.sari, upload)
    card = store.read_now(queries.roster, cast.ratna, upload)
    assert (card.sent_by, card.decided_by, card.decided_at) == (
        "Ratna Dewi",
        "Sari Wulandari",
        datetime(2026, 11, 22, 3, 4),
    )


@pytest.mark.parametrize(
    ("zone", "counted_on"), [("Asia/Jakarta", date(2026, 11, 22)), ("Asia/Jayapura", date(2026, 11, 23))]
)
def test_ages_of_a_roster_are_counted_by_the_clock_of_its_office(
    store: Store, cast: Cast, zone: str, counted_on: date
) -> None:
    store.write_now(lambda: Office.update(time_zone=zone).where(Office.id == cast.ratna.office_id).execute())

    with fixed_at(datetime(2026, 11, 22, 16, 30)):  # 23.30 WIB, 01.30 WIT on the next day
        upload = send(store, cast.ratna, cast.ratnas_school, DEWI)

    assert store.read_now(queries.upload_to_read, cast.ratna, upload).as_of == counted_on
