"""Slips that call students to their retake, the annex of the letter of duty, a call list for each class."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest
from test_field_marks import Day
from test_printing import BY_SARI, LETTERHEAD, SCHOOL, sheets_of

from campaigns.binding import print_page
from campaigns.booking import paper_queries
from campaigns.crew_list import Crew, CrewDay, CrewListPage, lines_for
from campaigns.field import device_actions
from campaigns.models import RecordingDay
from campaigns.papers import actions, crew_queries, slip_queries
from campaigns.summons import Slip, SlipsPage
from common import clock
from common.access import Missing
from common.database import Store
from ground.field_day import WEDNESDAY, add_day
from ground.site import Site

RETAKE = date(2026, 8, 19)
SLIPS = SlipsPage(
    LETTERHEAD,
    SCHOOL,
    tuple(
        Slip(f"SISWA CONTOH {n:03d}", "XII MIPA 1", RETAKE, time(8), n, "SMA Contoh 1") for n in range(1, 20)
    ),
    BY_SARI,
)


@pytest.fixture
def day(sqlite_store: Store) -> Day:
    """A closed day of Ratna's school: 1 recorded, 1 not ours, 10 of 12 due a retake."""
    made = Day(sqlite_store)
    made.take(
        made.mark(made.students[0]),
        made.mark(made.students[1], "failed", reason="iris"),
        made.mark(made.students[3], "not_ours", reason="moved"),
    )
    made.close()
    return made


@pytest.fixture
def site(sqlite_store: Store, day: Day, tmp_path: Path) -> Iterator[Site]:
    with clock.fixed_at(WEDNESDAY), Site(sqlite_store, tmp_path) as running:
        yield running


def book_retake(day: Day, state: str = "confirmed", students: slice = slice(0, 3)) -> int:
    """A second day for the first students, of whom the first was recorded already."""
    made = add_day(
        day.store,
        day.cast,
        day.campaign,
        day.cast.ratnas_school,
        day.students[students],
        RETAKE,
        state,
    )
    day.store.write_now(
        lambda: RecordingDay.update(kind="retake", venue="Aula").where(RecordingDay.id == made).execute()
    )
    return made


def slips_of_school(day: Day, who: str = "sari") -> slip_queries.SlipsToPrint:
    with clock.fixed_at(WEDNESDAY):
        return day.store.read_now(
            slip_queries.slips_of_school, getattr(day.cast, who), day.campaign, day.cast.ratnas_school
        )


# Slips


def test_each_student_who_is_due_gets_one_slip_with_the_day_or_a_line_for_it(day: Day) -> None:
    book_retake(day)

    found = slips_of_school(day)

    names = [slip.name for slip in found.page.slips]
    assert (len(names), len(set(names)), found.dated) == (10, 10, 2)
    assert "Ayu Lestari 1" not in names, "she is recorded, though she has a place"
    assert "Dimas Pratama 4" not in names, "he moved away"
    dated = {slip.name: slip for slip in found.page.slips if slip.date}
    assert set(dated) == {"Bagas Wirawan 2", "Citra Ayuningtyas 3"}
    assert dated["Citra Ayuningtyas 3"] == Slip(
        "Citra Ayuningtyas 3", "XII IPA 1", RETAKE, time(8), 3, "SMAN 1 SUKOHARJO · Aula"
    )


def test_a_day_that_the_school_was_not_told_of_or_that_is_called_off_gives_no_date(day: Day) -> None:
    book_retake(day, "draft")
    book_retake(day, "cancelled", slice(4, 6))

    assert slips_of_school(day).dated == 0


def test_the_slips_of_a_day_are_of_its_students_alone(day: Day) -> None:
    (found,) = day.store.read_now(slip_queries.slips_of_day, day.cast.ratna, book_retake(day))

    assert [slip.number for slip in found.page.slips] == [2, 3]


def test_slips_are_eight_to_a_sheet_each_student_once_and_in_order() -> None:
    sheets = sheets_of(print_page(SLIPS))

    on_sheets = [re.findall(r"SISWA CONTOH (\d+)", sheet) for sheet in sheets]
    assert [len(found) for found in on_sheets] == [8, 8, 3]
    assert [int(number) for found in on_sheets for number in found] == list(range(1, 20))
    assert all(f"Halaman {number} dari 3" in sheet for number, sheet in enumerate(sheets, 1))
    assert sheets[0].count("Rabu, 19 Agustus 2026") == 8


def test_a_slip_holds_no_nik_and_no_birth_date_and_says_what_to_bring(day: Day) -> None:
    book_retake(day)

    (first, _) = sheets_of(print_page(slips_of_school(day).page))

    assert not re.search(r"\d{16}", first)
    assert "2009" not in first
    assert first.count("fotokopi kartu keluarga") == 8


@pytest.mark.parametrize("date_is_known", [True, False])
def test_the_longest_names_leave_the_slip_whole(date_is_known: bool) -> None:
    long = " ".join(["KUSUMANINGRAT"] * 6)[:80]
    when = (RETAKE, time(8), 12, "Sekolah Menengah Kejuruan Negeri Pembangunan Contoh · Aula kecamatan")
    slip = Slip(long, "XII TEKNIK KOMPUTER DAN JARINGAN 2", *(when if date_is_known else ()))
    school = replace(SCHOOL, name="Sekolah Menengah Kejuruan Negeri Pembangunan Pertanian Contoh Selatan")

    (sheet,) = sheets_of(print_page(replace(SLIPS, school=school, slips=(slip,) * 8)))

    assert sheet.count("fotokopi kartu keluarga") == 8, "the last line is not cut off"
    assert sheet.count("0271-000000") == 8


def test_no_slip_is_one_sheet_that_says_so() -> None:
    (sheet,) = sheets_of(print_page(replace(SLIPS, slips=())))

    assert "Tidak ada siswa sekolah ini yang dipanggil" in sheet


def test_the_school_prints_its_own_slips_and_no_other_does(site: Site, day: Day) -> None:
    retake, school = book_retake(day), day.cast.ratnas_school

    for name in ("sari", "ratna"):
        for path in (f"/schools/{school}/slips.pdf", f"/days/{retake}/slips.pdf"):
            answer = site.as_(name).get(path)
            assert (answer.status, answer.headers["Content-Type"]) == (200, "application/pdf")
    for name, status in (("joko", 404), ("wahyu", 404), ("budi", 403), ("lina", 403)):
        assert site.as_(name).get(f"/schools/{school}/slips.pdf").status == status
        assert site.as_(name).get(f"/days/{retake}/slips.pdf").status == status
    assert "Surat panggilan rekam susulan dicetak" in site.as_("sari").get("/audit").text
    joko = site.as_("joko")
    said = joko.follow(joko.get(f"/schools/{day.cast.jokos_school}/slips.pdf"))
    assert "tidak ada surat panggilan untuk dicetak" in said.text


# A call list for each class


def test_the_call_list_comes_with_a_sheet_for_each_class(site: Site, day: Day) -> None:
    ratna = site.as_("ratna")

    together, apart = (
        sheets_of(ratna.get(f"/days/{day.id}/call-list.pdf{asked}").body) for asked in ("", "?sheet=class")
    )

    assert (len(together), len(apart)) == (1, 2)
    assert ["XII IPA 1" in sheet for sheet in apart] == [True, False]
    assert "?sheet=class" in ratna.get("/my/days").text


# The annex


def test_the_annex_names_team_officers_devices_and_visits(site: Site, day: Day) -> None:
    sari = site.as_("sari")
    with clock.fixed_at(WEDNESDAY):
        _, code = day.store.write_now(device_actions.make_code, day.cast.sari, "HP Tim A")
        day.store.write_now(device_actions.register_device, day.cast.budi, code, "kit-" + "a" * 32)
    team = day.store.read_now(lambda: RecordingDay.get_by_id(day.id).team_id)
    page = day.store.read_now(crew_queries.crew_page, day.cast.sari, team)
    budi = next(account for account, name in page.officers if name == "Budi Santosa")

    answer = sari.post(f"/teams/{team}/crew", {"officers": [budi, 999_999], "devices": [page.devices[0][0]]})

    assert answer.status == 303
    annex = day.store.read_now(crew_queries.crew_list, day.cast.sari, WEDNESDAY, WEDNESDAY)
    (crew,) = annex.crews
    assert (crew.officers, crew.devices, crew.days[0].students) == (("Budi Santosa",), ("HP Tim A",), 12)
    (sheet,) = sheets_of(print_page(annex))
    for words in ("Lampiran surat tugas", "Tim A", "Budi Santosa", "HP Tim A", "SMAN 1 SUKOHARJO", "NIP"):
        assert words in sheet
    assert "Ayu" not in sheet
    shown = sari.get(f"/teams/{team}/crew").text
    assert len(re.findall(r"<input[^>]*\bchecked", shown)) == 2


def test_another_office_and_an_officer_choose_no_crew(day: Day) -> None:
    team = day.store.read_now(lambda: RecordingDay.get_by_id(day.id).team_id)

    for who in (day.cast.wahyu, day.cast.budi):
        with pytest.raises(Missing):
            day.store.write_now(actions.choose_crew, who, team, (who.account_id,), ())


def test_only_the_office_s_own_people_go_out_with_its_team(day: Day) -> None:
    team = day.store.read_now(lambda: RecordingDay.get_by_id(day.id).team_id)
    strangers = (day.cast.wahyu.account_id, day.cast.ratna.account_id, day.cast.lina.account_id)

    day.store.write_now(actions.choose_crew, day.cast.sari, team, strangers, ())

    assert not day.store.read_now(crew_queries.crew_page, day.cast.sari, team).chosen_officers


def test_each_team_stands_on_its_own_sheet_with_a_line_for_each_kit() -> None:
    visit = CrewDay(RETAKE, time(8), time(14), "SMA Contoh 1", "Mojolaban", 50)
    crews = tuple(Crew(f"Tim {n}", 3, ("Budi Santosa",), (), (visit,) * 30) for n in (1, 2))

    sheets = sheets_of(print_page(CrewListPage(LETTERHEAD, RETAKE, RETAKE, crews, BY_SARI)))

    assert lines_for(crews[0]) == 3
    assert ["Tim 1" in sheet for sheet in sheets].count(True) == 1
    assert sum(sheet.count("SMA Contoh 1") for sheet in sheets) == 60
    assert all(f"Halaman {number} dari {len(sheets)}" in sheet for number, sheet in enumerate(sheets, 1))


def test_the_lists_of_several_days_are_asked_of_the_database_at_once(day: Day) -> None:
    book_retake(day)
    cards = day.store.read_now(paper_queries.days_between, day.cast.sari, WEDNESDAY, RETAKE)

    lists = day.store.read_now(paper_queries.day_lists, day.cast.sari, cards, "/days/{id}")

    assert [(one.students, one.day.date) for one in lists] == [(12, WEDNESDAY), (3, RETAKE)]
