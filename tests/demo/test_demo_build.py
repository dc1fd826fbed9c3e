"""A small demo, on both databases: it is half way through, and it keeps every rule the program has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from peewee import fn

from accounts.models import Account, Office
from accounts.passwords import is_right
from campaigns.answering.queries import WishPage, wish_page
from campaigns.models import Booking, Campaign, MarkRow, RecordingDay, StandingRow, Tally
from campaigns.tally_queries import tally_rows
from common.access import COORDINATOR, Who
from common.clock import fixed_at
from common.database import Store, open_store, rows_of
from demo.build import JOKOS_SCHOOL, PASSWORD, PEOPLE, build
from demo.roster import roster_csv
from demo.students import Registry, students_of
from ground import databases, server
from imports.models import RosterUpload
from imports.reading import Action, read_roster
from schools.models import School, Student

TUESDAY = date(2026, 11, 24)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def demo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Built once for all the tests here, as they only look."""
    try:
        with databases.fresh(request.param, tmp_path_factory.mktemp("demo"), migrated=True) as address:
            store = open_store(address)
            with fixed_at(TUESDAY):
                build(store, TUESDAY, tmp_path_factory.mktemp("files"), school_count=4)
            yield store
            store.close()
    except server.NoServer as reason:
        pytest.skip(str(reason))


def test_a_school_that_asks_for_another_day_offers_one_that_can_be_taken(demo: Store) -> None:
    """The guide's step can be followed."""

    def look() -> list[WishPage]:
        account = Account.get(Account.username == "sari")
        sari = Who(account.id, account.office_id, COORDINATOR, account.name, "", "Asia/Jakarta")
        asked = RecordingDay.select().where(RecordingDay.state == "change_asked")
        return [wish_page(sari, day.id) for day in asked]

    with fixed_at(TUESDAY):
        pages = demo.read_now(look)
    assert any(offer.room for page in pages for offer in page.offers)


def test_the_demo_keeps_every_rule(demo: Store) -> None:
    def look() -> None:
        # the counts kept are the counts there are
        campaign = Campaign.get()
        kept = rows_of(Tally.select(*(field for field in Tally._meta.sorted_fields if field.name != "id")))
        schools = [school.id for school in School.select()]
        assert sorted(kept) == sorted(tally_rows(campaign, schools))
        # invented numbers only
        niks = [student.nik for student in Student.select() if student.nik]
        assert all(9000 <= int(nik[12:]) <= 9999 for nik in niks)
        # nothing of the past is left open, and today is under way
        past = RecordingDay.select().where(RecordingDay.date < TUESDAY)
        assert {day.state for day in past} == {"closed"}
        today = RecordingDay.select().where(RecordingDay.date == TUESDAY)
        assert {day.state for day in today} <= {"open", "confirmed"}
        # nobody has two places on a day, no day more than it holds
        assert max(Counter((one.day_id, one.student_id) for one in Booking.select()).values()) == 1
        places = Counter(one.day_id for one in Booking.select())
        assert all(places[day.id] <= day.capacity for day in RecordingDay.select())
        # no team is at two places at once
        halves = Counter(
            (day.team_id, day.date, half)
            for day in RecordingDay.select()
            for half, is_taken in (("morning", day.takes_morning), ("afternoon", day.takes_afternoon))
            if is_taken
        )
        assert max(halves.values()) == 1
        # every day is one of the programme's
        assert all(campaign.from_date <= day.date <= campaign.to_date for day in RecordingDay.select())
        assert all(day.date.isoweekday() != 5 for day in RecordingDay.select())

    demo.read_now(look)


def test_the_demo_is_half_way_through(demo: Store) -> None:
    def look() -> None:
        (target, recorded), *_ = rows_of(Tally.select(*(_sum(name) for name in ("target", "recorded"))))
        assert 0.15 < recorded / target < 0.9
        outcomes = {row.outcome for row in StandingRow.select()}
        assert {"recorded", "absent"} <= outcomes
        states = {day.state for day in RecordingDay.select()}
        assert "closed" in states
        assert states & {"draft", "proposed", "confirmed"}
        assert School.select().count() > Student.select(Student.school).distinct().count()

    demo.read_now(look)


def test_marks_come_from_two_devices_without_gaps(demo: Store) -> None:
    def look() -> None:
        for device in ("demo-1", "demo-2"):
            numbers = sorted(mark.seq for mark in MarkRow.select().where(MarkRow.device == device))
            assert numbers == list(range(1, len(numbers) + 1))
        assert MarkRow.select().where(MarkRow.quarantine != "").count() == 0

    demo.read_now(look)


def test_everyone_of_the_demo_signs_in_with_the_password_that_is_printed(demo: Store) -> None:
    def look() -> None:
        assert Office.select().count() == 1
        accounts = {account.username: account for account in Account.select()}
        assert {name: accounts[name].role for name in accounts} == dict(PEOPLE)
        assert all(is_right(account.password_hash, PASSWORD) for account in list(accounts.values())[:1])
        assert len(PASSWORD) >= 12

    demo.read_now(look)


def test_jokos_roster_waits_to_be_read(demo: Store) -> None:
    def look() -> None:
        upload = RosterUpload.get()
        assert (upload.state, upload.school.npsn) == ("reading", JOKOS_SCHOOL)

    demo.read_now(look)


def test_jokos_roster_is_read_good_rows_and_bad(tmp_path: Path) -> None:
    students = list(students_of(JOKOS_SCHOOL, "SMK", "33.11.06", 400, TUESDAY, Registry()))
    path = tmp_path / "daftar.csv"
    path.write_bytes(roster_csv("SMKN 1 SUKOHARJO", students))
    reading = read_roster(path, "daftar.csv", TUESDAY)
    assert reading.action is not Action.REFUSE
    assert reading.counts.persons == len(students)
    assert 3 < reading.counts.rejected < 30


def _sum(name: str) -> object:
    return fn.SUM(getattr(Tally, name))
