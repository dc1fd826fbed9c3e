"""The first page of each role says what waits for that person, and of what is not the own it says nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import peewee
import pytest

from campaigns.actions import refresh_standings, refresh_tallies
from campaigns.models import Booking, Campaign, RecordingDay, StandingRow
from common.clock import fixed_at
from common.database import Store
from ground.people import Cast, invite_everyone
from ground.site import Client, Site
from home import queries, task_queries
from imports.models import FixItem, RosterUpload
from schools.actions import insert_students
from schools.models import School, Student, Team
from schools.students import StudentFacts

TODAY = date(2026, 10, 12)
NOW = datetime(2026, 10, 1, 3)


@pytest.fixture
def cast(sqlite_store: Store) -> Cast:
    return invite_everyone(sqlite_store)


@pytest.fixture
def site(sqlite_store: Store, cast: Cast, tmp_path: Path) -> Iterator[Site]:
    with fixed_at(TODAY), Site(sqlite_store, tmp_path) as running:
        yield running


def in_english(site: Site, username: str) -> Client:
    person = site.as_(username)
    person.cookies["language"] = "en"
    return person


def open_campaign(cast: Cast) -> int:
    campaign = Campaign.create(
        office=cast.sari.office_id,
        name="Perekaman pemula",
        from_date=date(2026, 9, 1),
        to_date=date(2026, 12, 18),
        voting_day=date(2027, 2, 10),
        voting_day_is_fixed=True,
        latest_useful_day=date(2027, 2, 9),
        created_at=NOW,
    )
    students = [StudentFacts(f"Siswa {n}", date(2010, 1, 1), class_name="X-1") for n in range(3)]
    insert_students(cast.sari.office_id, cast.ratnas_school, students)
    refresh_tallies(campaign.id, [cast.ratnas_school])
    return campaign.id


def add_day(cast: Cast, campaign: int, on: date, state: str, school: int) -> int:
    return RecordingDay.create(
        office=cast.sari.office_id,
        campaign=campaign,
        date=on,
        team=Team.select().first(),
        school=school,
        kind="school",
        state=state,
        takes_morning=1,
        starts_at="08:00",
        ends_at="14:00",
        capacity=50,
        planned=3,
        created_at=NOW,
    ).id


def add_roster(cast: Cast, school: int, state: str) -> int:
    return RosterUpload.create(
        office=cast.sari.office_id,
        school=school,
        file_name="dapodik.xlsx",
        file_size=1,
        sha256="0",
        state=state,
        uploaded_by=cast.ratna.account_id,
        uploaded_at=NOW,
    ).id


def add_fix(cast: Cast, school: int, upload: int, state: str = "open") -> None:
    FixItem.create(
        office=cast.sari.office_id,
        school=school,
        upload=upload,
        row_number=7,
        name="Siswa",
        reasons="[]",
        findings="[]",
        state=state,
    )


def kinds(store: Store, cast: Cast) -> dict[str, int]:
    campaign = store.read_now(queries.current_campaign, cast.sari)
    page = store.read_now(queries.coordinator_page, cast.sari, campaign, TODAY)
    return {task.kind: task.count for task in page.tasks}


def test_a_new_office_is_told_its_first_step(site: Site) -> None:
    page = in_english(site, "wahyu").get("/").text
    assert "First steps" in page
    assert page.index("Load the list of schools") < page.index("Add the teams") < page.index("Make the plan")
    assert "/schools/load" in page


def test_sari_sees_what_waits_for_her_the_urgent_first(site: Site, cast: Cast) -> None:
    def happen() -> None:
        campaign = open_campaign(cast)
        add_day(cast, campaign, date(2026, 10, 20), "change_asked", cast.ratnas_school)
        add_day(cast, campaign, date(2026, 10, 21), "draft", cast.jokos_school)
        add_day(cast, campaign, date(2026, 10, 5), "confirmed", cast.ratnas_school)
        add_roster(cast, cast.jokos_school, "waiting")

    site.store.write_now(happen)
    page = in_english(site, "sari").get("/").text
    for earlier, later in (
        ("Answer 1 school that asks for another day", "Close 1 past recording day"),
        ("Close 1 past recording day", "Review 1 student list"),
        ("Review 1 student list", "Announce 1 drafted recording day"),
        ("Announce 1 drafted recording day", "Remind 2 schools that have sent no student list"),
    ):
        assert page.index(earlier) < page.index(later)


def test_what_is_settled_waits_no_longer(sqlite_store: Store, cast: Cast) -> None:
    def happen() -> None:
        campaign = open_campaign(cast)
        add_day(cast, campaign, date(2026, 10, 5), "closed", cast.ratnas_school)
        add_day(cast, campaign, date(2026, 10, 6), "cancelled", cast.ratnas_school)
        add_day(cast, campaign, date(2026, 10, 20), "confirmed", cast.ratnas_school)
        upload = add_roster(cast, cast.ratnas_school, "confirmed")
        add_fix(cast, cast.ratnas_school, upload, "dismissed")

    sqlite_store.write_now(happen)
    assert kinds(sqlite_store, cast) == {"no_students": 3}


def test_a_student_with_a_coming_retake_waits_for_no_date(sqlite_store: Store, cast: Cast) -> None:
    def missed() -> tuple[int, list[int]]:
        campaign = open_campaign(cast)
        held = add_day(cast, campaign, date(2026, 10, 5), "closed", cast.ratnas_school)
        ids = [row.id for row in Student.select()]
        for number, student in enumerate(ids, 1):
            Booking.create(day=held, student=student, queue_number=number, slot="08:00")
        refresh_standings(campaign, ids)
        return campaign, ids

    campaign, ids = sqlite_store.write_now(missed)
    assert kinds(sqlite_store, cast)["retakes"] == 3

    def call_again() -> None:
        coming = add_day(cast, campaign, date(2026, 10, 20), "confirmed", cast.ratnas_school)
        Booking.create(day=coming, student=ids[0], queue_number=1, slot="08:00")

    sqlite_store.write_now(call_again)
    assert kinds(sqlite_store, cast)["retakes"] == 2


def test_a_recording_that_waits_three_days_to_be_sent_is_something_to_check(
    sqlite_store: Store, cast: Cast
) -> None:
    campaign = sqlite_store.write_now(open_campaign, cast)

    def wait_since(on: date, number: int) -> None:
        held = add_day(cast, campaign, on, "closed", cast.ratnas_school)
        student = [row.id for row in Student.select()][number]
        StandingRow.create(
            campaign=campaign, student=student, outcome="waiting", reason="", attempts=1, last_day=held
        )

    sqlite_store.write_now(wait_since, date(2026, 10, 10), 0)
    assert "waiting" not in kinds(sqlite_store, cast)
    sqlite_store.write_now(wait_since, date(2026, 10, 9), 1)
    assert kinds(sqlite_store, cast)["waiting"] == 1


def test_the_to_do_lists_name_every_school(site: Site, cast: Cast) -> None:
    def happen() -> None:
        open_campaign(cast)
        upload = add_roster(cast, cast.ratnas_school, "confirmed")
        add_fix(cast, cast.ratnas_school, upload)
        add_fix(cast, cast.ratnas_school, upload)

    site.store.write_now(happen)
    sari = site.as_("sari")
    missing = sari.get("/to-do/no_students").text
    assert "SMKN 1 SUKOHARJO" in missing
    assert "SMAN 1 SUKOHARJO" not in missing
    assert "SMAN 1 SUKOHARJO" in sari.get("/to-do/fixes").text
    assert sari.get("/to-do/anything").status == 404
    assert site.as_("ratna").get("/to-do/fixes").status == 403


def test_another_offices_work_waits_for_nobody_here(sqlite_store: Store, cast: Cast) -> None:
    def happen() -> None:
        campaign = open_campaign(cast)
        add_day(cast, campaign, date(2026, 10, 20), "change_asked", cast.ratnas_school)
        add_fix(cast, cast.ratnas_school, add_roster(cast, cast.ratnas_school, "waiting"))

    sqlite_store.write_now(happen)
    for kind in ("rosters", "fixes", "no_students"):
        assert sqlite_store.read_now(task_queries.to_do_page, cast.wahyu, kind).rows == ()
    page = sqlite_store.read_now(queries.coordinator_page, cast.wahyu, None, TODAY)
    assert page.tasks == page.today == page.next_days == ()


def test_budi_sees_todays_day_and_those_to_come(site: Site, cast: Cast) -> None:
    def happen() -> int:
        campaign = open_campaign(cast)
        add_day(cast, campaign, date(2026, 10, 15), "confirmed", cast.jokos_school)
        add_day(cast, campaign, date(2026, 10, 14), "draft", cast.jokos_school)
        return add_day(cast, campaign, TODAY, "confirmed", cast.ratnas_school)

    day = site.store.write_now(happen)
    page = in_english(site, "budi").get("/").text
    assert f"/days/{day}/field" in page
    assert "Thursday, 15 October 2026" in page
    assert "Wednesday, 14 October 2026" not in page  # a draft is the coordinator's alone


def test_joko_is_asked_to_send_his_roster_and_sees_no_other_school(site: Site, cast: Cast) -> None:
    site.store.write_now(
        lambda: add_day(cast, open_campaign(cast), date(2026, 10, 20), "proposed", cast.ratnas_school)
    )
    page = in_english(site, "joko").get("/").text
    assert "Send the student list" in page
    assert "SMAN 1" not in page
    assert "20 October" not in page


def test_ratnas_steps_come_in_the_order_of_the_work(site: Site, cast: Cast) -> None:
    def happen() -> None:
        campaign = open_campaign(cast)
        upload = add_roster(cast, cast.ratnas_school, "waiting")
        add_fix(cast, cast.ratnas_school, upload)
        add_day(cast, campaign, date(2026, 10, 20), "proposed", cast.ratnas_school)
        add_day(cast, campaign, date(2026, 10, 21), "confirmed", cast.ratnas_school)

    site.store.write_now(happen)
    page = in_english(site, "ratna").get("/").text
    steps = ("Review the student list", "Mend 1 row", "Confirm 1 recording day", "Print the call list")
    assert [page.index(step) for step in steps] == sorted(page.index(step) for step in steps)
    assert "Send the student list" not in page


def test_lina_sees_figures_and_no_work(site: Site, cast: Cast) -> None:
    site.store.write_now(open_campaign, cast)
    page = in_english(site, "lina").get("/").text
    assert "of 3" in page
    assert "/days/" not in page


def test_the_office_page_says_whether_the_database_is_safe(site: Site) -> None:
    page = in_english(site, "sari").get("/office").text
    assert "safe for several people at once" in page
    assert 'href="/teams"' in page
    assert site.as_("budi").get("/office").status == 403


def test_every_first_page_speaks_indonesian_first(site: Site, cast: Cast) -> None:
    site.store.write_now(open_campaign, cast)
    for person, words in (
        ("sari", "Yang perlu dikerjakan hari ini"),
        ("budi", "Hari perekaman"),
        ("ratna", "Yang perlu dikerjakan sekarang"),
        ("lina", "Hari pemungutan suara"),
    ):
        assert words in site.as_(person).get("/").text


def selections_of_the_first_page(cast: Cast) -> int:
    """How many times the coordinator's first page asks the database."""
    asked: list[str] = []
    original = peewee.Database.execute_sql

    def counting(self: peewee.Database, sql: str, *rest: object, **named: object) -> object:
        asked.append(sql)
        return original(self, sql, *rest, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(peewee.Database, "execute_sql", counting)
        queries.coordinator_page(cast.sari, queries.current_campaign(cast.sari), TODAY)
    return len([sql for sql in asked if sql.startswith("SELECT")])


def test_more_schools_need_no_more_queries(sqlite_store: Store, cast: Cast) -> None:
    def more_schools() -> None:
        district = School.get_by_id(cast.ratnas_school).district_id
        for n in range(8):
            School.create(
                office=cast.sari.office_id,
                district=district,
                npsn=f"9000000{n}",
                name=f"SMAS {n}",
                level="SMA",
                is_public=False,
                created_at=NOW,
            )

    sqlite_store.write_now(open_campaign, cast)
    before = sqlite_store.read_now(selections_of_the_first_page, cast)
    sqlite_store.write_now(more_schools)
    assert sqlite_store.read_now(selections_of_the_first_page, cast) == before <= 34
