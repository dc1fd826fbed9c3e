"""The coverage pages over HTTP: who sees figures, who sees names, and that what was shown is written down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pytest

from accounts.models import Audit
from campaigns.actions import refresh_standings, refresh_tallies
from campaigns.models import Booking, Campaign, MarkRow, RecordingDay
from campaigns.progress import chart_queries, queries, student_queries
from common.access import Missing
from common.clock import fixed_at
from common.database import Store
from ground.people import Cast, invite_everyone
from ground.site import Site
from schools.actions import insert_students
from schools.models import School, Student, Team
from schools.students import StudentFacts

NIK = "3311045203109001"


@dataclass(frozen=True)
class Scene:
    """Ratna's school on 12 October 2026: four students of X-1, one day held, one to come."""

    recorded: int
    absent: int
    too_young: int
    had_a_card: int
    held: int


@pytest.fixture
def cast(sqlite_store: Store) -> Cast:
    return invite_everyone(sqlite_store)


@pytest.fixture
def scene(sqlite_store: Store, cast: Cast) -> Scene:
    return sqlite_store.write_now(_scene, cast)


@pytest.fixture
def site(sqlite_store: Store, scene: Scene, tmp_path: Path) -> Iterator[Site]:
    with fixed_at(date(2026, 10, 12)), Site(sqlite_store, tmp_path) as running:
        yield running


def _scene(cast: Cast) -> Scene:
    now = datetime(2026, 10, 1, 3)
    office, school = cast.sari.office_id, cast.ratnas_school
    campaign = Campaign.create(
        office=office,
        name="Perekaman pemula",
        from_date=date(2026, 9, 1),
        to_date=date(2026, 12, 18),
        voting_day=date(2027, 2, 10),
        voting_day_is_fixed=True,
        latest_useful_day=date(2027, 2, 9),
        created_at=now,
    )
    insert_students(
        office,
        school,
        [
            StudentFacts("Ayu Lestari", date(2010, 3, 12), nik=NIK, sex="P", class_name="X-1"),
            StudentFacts("Bagas Pratama", date(2009, 7, 1), class_name="X-1"),
            StudentFacts("Citra Dewi", date(2011, 1, 5), class_name="X-1"),
            StudentFacts("Dimas Nugroho", date(2009, 1, 5), class_name="X-1", recorded_before=True),
        ],
    )
    ids = [row.id for row in Student.select().order_by(Student.name)]
    team = Team.select().first()

    def day(on: date, state: str) -> int:
        return RecordingDay.create(
            office=office,
            campaign=campaign,
            date=on,
            team=team,
            school=school,
            kind="school",
            state=state,
            takes_morning=1,
            starts_at="08:00",
            ends_at="14:00",
            capacity=50,
            created_at=now,
        ).id

    held, coming = day(date(2026, 10, 5), "closed"), day(date(2026, 10, 20), "confirmed")
    Booking.create(day=held, student=ids[0], queue_number=1, slot="08:00")
    Booking.create(day=held, student=ids[1], queue_number=2, slot="08:10")
    Booking.create(day=coming, student=ids[1], queue_number=1, slot="08:00")
    MarkRow.create(
        office=office,
        uuid="mark-0001",
        day=held,
        student=ids[0],
        outcome="recorded",
        device="hp",
        seq=1,
        lc=1,
        officer=cast.budi.account_id,
        received_at=now,
        body_hash="1",
    )
    refresh_tallies(campaign.id, [row.id for row in School.select().where(School.office == office)])
    refresh_standings(campaign.id, ids)
    return Scene(*ids, held)


def test_sari_sees_the_office_by_district_and_school(site: Site) -> None:
    page = site.as_("sari").get("/coverage").text
    assert "SMAN 1 SUKOHARJO" in page
    assert "Sukoharjo" in page
    assert "50%" in page  # one of two in the target


def test_lina_sees_figures_down_to_the_class_and_no_name(site: Site, cast: Cast) -> None:
    lina = site.as_("lina")
    assert lina.get("/coverage").status == 200
    school = lina.get(f"/coverage/schools/{cast.ratnas_school}")
    assert school.status == 200
    assert "X-1" in school.text
    assert "Ayu" not in school.text
    assert "/classes" not in school.text
    assert lina.get(f"/coverage/schools/{cast.ratnas_school}/classes?class=X-1").status == 403


def test_an_officer_sees_figures_and_no_student(site: Site, cast: Cast, scene: Scene) -> None:
    budi = site.as_("budi")
    assert budi.get("/coverage").status == 200
    assert budi.get(f"/coverage/schools/{cast.ratnas_school}/classes?class=X-1").status == 403
    assert budi.get(f"/students/{scene.recorded}").status == 403


def test_ratna_is_led_to_her_own_school(site: Site, cast: Cast) -> None:
    ratna = site.as_("ratna")
    answer = ratna.get("/coverage")
    assert answer.status == 303
    assert answer.headers["Location"] == f"/coverage/schools/{cast.ratnas_school}"
    assert ratna.follow(answer).status == 200


def test_joko_finds_nothing_of_ratnas_school(site: Site, cast: Cast, scene: Scene) -> None:
    joko = site.as_("joko")
    for path in (
        f"/coverage/schools/{cast.ratnas_school}",
        f"/coverage/schools/{cast.ratnas_school}/classes?class=X-1",
        f"/students/{scene.recorded}",
    ):
        assert joko.get(path).status == 404


def test_another_office_finds_nothing_either(site: Site, cast: Cast, scene: Scene) -> None:
    wahyu = site.as_("wahyu")
    district = site.store.read_now(lambda: School.get_by_id(cast.ratnas_school).district_id)
    for path in (
        f"/coverage/schools/{cast.ratnas_school}",
        f"/coverage/schools/{cast.ratnas_school}/classes?class=X-1",
        f"/students/{scene.recorded}",
    ):
        assert wahyu.get(path).status == 404
    assert site.as_("sari").get(f"/coverage?district={district}").status == 200
    assert "SUKOHARJO" not in wahyu.get("/coverage").text


def test_a_class_shows_where_each_student_stands_and_why(site: Site, cast: Cast) -> None:
    sari = site.as_("sari")
    sari.cookies["language"] = "en"
    page = sari.get(f"/coverage/schools/{cast.ratnas_school}/classes?class=X-1").text
    for words in (
        "Recorded before the programme",  # Dimas
        "Not yet: old enough from 5 Jan 2027",  # Citra
        "In the target, voter",  # Bagas
        "20 Oct 2026",  # Bagas is called again
        "Absent",
    ):
        assert words in page
    assert NIK not in page
    assert "01" in page


def test_a_class_that_is_not_there_is_missing(site: Site, cast: Cast) -> None:
    assert site.as_("sari").get(f"/coverage/schools/{cast.ratnas_school}/classes?class=XII-9").status == 404


def test_a_students_page_tells_what_happened_and_hides_the_nik(site: Site, scene: Scene) -> None:
    sari = site.as_("sari")
    sari.cookies["language"] = "en"
    page = sari.get(f"/students/{scene.recorded}").text
    assert "Ayu Lestari" in page
    assert "Budi Santosa" in page  # who made the mark
    assert "5 Oct 2026" in page
    assert NIK not in page
    assert NIK[:14] not in page


def test_the_query_itself_shows_no_student_to_the_head_of_office(
    sqlite_store: Store, cast: Cast, scene: Scene
) -> None:
    with pytest.raises(Missing):
        sqlite_store.read_now(student_queries.student_page, cast.lina, None, scene.recorded)


def test_showing_a_class_or_a_student_is_written_down_without_personal_data(
    site: Site, cast: Cast, scene: Scene
) -> None:
    sari = site.as_("sari")
    sari.get(f"/coverage/schools/{cast.ratnas_school}/classes?class=X-1")
    sari.get(f"/students/{scene.absent}")
    rows = site.store.read_now(lambda: list(Audit.select().where(Audit.kind == "access")))
    assert [(row.act, row.subject_id, row.detail) for row in rows] == [
        ("class_shown", cast.ratnas_school, "students=4"),
        ("student_shown", scene.absent, ""),
    ]


def test_the_figures_of_a_page_are_not_written_down_as_access(site: Site, cast: Cast) -> None:
    site.as_("lina").get("/coverage")
    assert site.store.read_now(lambda: Audit.select().where(Audit.kind == "access").count()) == 0


@pytest.mark.parametrize("sort", ["left", "name", "coverage", "nonsense"])
def test_the_overview_can_be_sorted_and_takes_nonsense(site: Site, sort: str) -> None:
    assert site.as_("sari").get(f"/coverage?sort={sort}&page=99&district=").status == 200


def test_a_district_of_another_office_is_missing(site: Site) -> None:
    assert site.as_("sari").get("/coverage?district=999999").status == 404


def test_without_a_programme_the_page_says_what_to_do_first(site: Site) -> None:
    wahyu = site.as_("wahyu")
    assert "/campaigns/new" in wahyu.get("/coverage").text


def test_figures_of_a_past_day_say_which_day_and_what_cannot_be_known(site: Site) -> None:
    page = site.as_("sari").get("/coverage?on=2026-10-04").text
    assert "Minggu, 4 Oktober 2026" in page
    assert "sudah dicabut" in page


def test_a_past_day_offers_no_report_of_today_as_if_it_were_of_that_day(site: Site) -> None:
    site.store.write_now(lambda: Student.update(created_at=datetime(2026, 10, 1, 3)).execute())
    lina = site.as_("lina")
    lina.cookies["language"] = "en"
    assert ">Report (PDF)</a>" in lina.get("/coverage").text
    past = lina.get("/coverage?on=2026-10-11").text
    assert ">Report (PDF)</a>" not in past
    assert "The report (PDF) is of today alone, for it holds the forecast." in past
    assert "/coverage/coverage.xlsx?on=2026-10-11" in past


@pytest.mark.parametrize(
    ("on", "said"),
    [
        ("2026-10-13", "The day asked for is still to come, so these are today&#39;s figures."),
        ("13/10/2026", "What was asked for is no date, so it is not used: these are today&#39;s figures."),
        ("2026-10-12", ""),
        ("2026-10-11", ""),
        ("", ""),
    ],
)
def test_a_date_that_cannot_be_shown_is_said_to_be_left_out(
    site: Site, cast: Cast, on: str, said: str
) -> None:
    sari = site.as_("sari")
    sari.cookies["language"] = "en"
    for path in ("/coverage", f"/coverage/schools/{cast.ratnas_school}"):
        page = sari.get(f"{path}?on={on}").text
        assert said in page
        assert bool(said) == ("these are today&#39;s figures" in page)


def test_parts_are_combined_in_the_address_and_kept_in_the_links(site: Site, cast: Cast) -> None:
    sari = site.as_("sari")
    page = sari.get("/coverage?sex=P&level=SMA&of=voters").text
    assert "perempuan" in page
    assert f"/coverage/schools/{cast.ratnas_school}?sex=P&amp;of=voters" in page
    assert "SMKN 1 SUKOHARJO" not in page
    school = sari.get(f"/coverage/schools/{cast.ratnas_school}?sex=P").text
    assert "1 siswa aktif" in school


@pytest.mark.parametrize("query", ["on=2199-01-01", "on=x", "level=SD", "sex=X", "home=99999", "owner=mine"])
def test_words_that_mean_nothing_ask_for_all(site: Site, query: str) -> None:
    page = site.as_("sari").get(f"/coverage?{query}")
    assert page.status == 200
    assert "Angka sebagian" not in page.text


def test_the_forecast_names_the_voters_left_and_what_the_office_could_do(site: Site) -> None:
    page = site.as_("lina").get("/coverage/forecast").text
    assert "Pemilih yang belum rekam" in page
    assert "SMAN 1 SUKOHARJO" in page
    assert "Bagas" not in page  # the head of the office sees figures and no names


def test_the_chart_ends_at_what_coverage_counts_as_recorded(
    sqlite_store: Store, site: Site, cast: Cast
) -> None:
    def both() -> tuple[int, int]:
        campaign = Campaign.get().id
        days = chart_queries.recorded_by_date(cast.sari, campaign)
        return sum(day.recorded for day in days), queries.coverage_of(cast.sari, campaign).recorded

    recorded, counted = sqlite_store.read_now(both)
    assert recorded == counted == 1
