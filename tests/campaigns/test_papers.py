"""Everything on paper for a date or a week: counted first, bound in one file, seen by who asked, written down."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from test_printing import sheets_of

from campaigns import binding
from campaigns.models import RecordingDay
from campaigns.papers import making_handlers, queries
from campaigns.papers.choice import PaperChoice, PaperKind, PrintedPaper, kinds_of, span_of
from common import clock
from common.access import Missing
from common.database import Store
from ground.booking_office import MONDAY, Office, open_office
from ground.site import Client, Site

ALL = frozenset(PaperKind)
LAST = date(2026, 9, 30)


@pytest.fixture
def office(sqlite_store: Store) -> Office:
    """Four schools with 114 students, their days announced."""
    with clock.fixed_at(MONDAY):
        office = open_office(sqlite_store)
        office.plan()
        office.announce()
    return office


@pytest.fixture
def site(office: Office, tmp_path: Path) -> Iterator[Site]:
    with clock.fixed_at(MONDAY), Site(office.store, tmp_path) as running:
        yield running


def week(office: Office) -> list[RecordingDay]:
    """The days of the first week with days."""
    days = office.days()
    first, last = span_of(days[0].date, True)
    return [day for day in days if first <= day.date <= last]


def placed(office: Office) -> list[int]:
    """The numbers in the names of everyone who has a place."""
    names = [row.student.name for school in office.school_ids for row in office.bookings(school)]
    return sorted(int(name.rsplit(" ", 1)[1]) for name in names)


def made(client: Client, office: Office, **form: object) -> str:
    """The address of the page of a file with these papers for the week of the first day."""
    on = min(day.date for day in office.days())
    answer = client.post("/papers", {"date": on.isoformat(), "span": "week", "team": "", **form})
    assert answer.status == 303, answer.text
    return answer.headers["Location"]


def test_a_week_is_monday_to_sunday() -> None:
    assert span_of(date(2026, 8, 9), True) == (date(2026, 8, 3), date(2026, 8, 9))
    assert span_of(date(2026, 8, 3), True) == (date(2026, 8, 3), date(2026, 8, 9))
    assert span_of(date(2026, 8, 5), False) == (date(2026, 8, 5), date(2026, 8, 5))
    assert kinds_of(["slips", "everything"]) == {PaperKind.SLIPS}


def test_what_is_counted_is_what_is_bound(office: Office) -> None:
    choice = PaperChoice(MONDAY, LAST, kinds=ALL)
    with clock.fixed_at(MONDAY):
        page = office.store.read_now(queries.papers_page, office.sari, choice)
        papers = office.store.read_now(queries.papers_to_print, office.sari, choice, "/days/{id}")

    counted = {count.kind: count.documents for count in page.counts if count.documents}
    bound = {kind: sum(one.documents for one in papers if one.kind == kind) for kind in counted}
    assert bound == counted
    assert counted[PaperKind.DAY_LISTS] == len(office.days()) > 3
    assert len({one.kind for one in papers}) == len(counted) == 4
    lists = next(count for count in page.counts if count.kind == PaperKind.DAY_LISTS)
    assert lists.students == len(placed(office)) > 80
    assert sum(
        one.printed.students for one in papers if one.kind == PaperKind.DAY_LISTS and one.printed
    ) == len(placed(office))


def test_every_student_of_the_choice_stands_once_on_the_lists_of_each_kind(office: Office) -> None:
    with clock.fixed_at(MONDAY):
        for kind, others in ((PaperKind.DAY_LISTS, len(placed(office))), (PaperKind.CALL_LISTS, 0)):
            choice = PaperChoice(MONDAY, LAST, kinds=frozenset({kind}))
            papers = office.store.read_now(queries.papers_to_print, office.sari, choice, "/days/{id}")
            text = "\n".join(sheets_of(binding.print_all([one.paper for one in papers])))
            assert sorted(map(int, re.findall(r"Siswa Contoh (\d{3})", text))) == placed(office)
            assert len(re.findall(r"\b\d{16}\b", text)) == others, "NIK on the team's lists alone"


def test_one_team_s_papers_are_that_team_s_alone(office: Office) -> None:
    day = office.days()[0]
    choice = PaperChoice(MONDAY, LAST, day.team_id, ALL)

    with clock.fixed_at(MONDAY):
        papers = office.store.read_now(queries.papers_to_print, office.sari, choice, "/days/{id}")
        page = office.store.read_now(queries.papers_page, office.sari, choice)

    ids = {one.id for one in office.days() if one.team_id == day.team_id}
    assert page.days == len(ids)
    assert {
        one.printed.subject_id for one in papers if one.kind == PaperKind.DAY_LISTS and one.printed
    } == ids


def test_nobody_else_may_print_for_the_whole_office(office: Office) -> None:
    choice = PaperChoice(MONDAY, LAST, kinds=ALL)
    for who in (office.cast.budi, office.cast.ratna, office.cast.lina):
        with pytest.raises(Missing):
            office.store.read_now(queries.papers_to_print, who, choice, "")
    with clock.fixed_at(MONDAY):
        assert office.store.read_now(queries.papers_to_print, office.cast.wahyu, choice, "") == []


def test_sari_sees_how_much_there_is_makes_one_file_and_it_is_written_down(
    site: Site, office: Office
) -> None:
    sari = site.as_("sari")
    on = min(day.date for day in office.days())
    shown = sari.get(f"/papers?date={on}&span=week").text
    assert "Daftar harian untuk tim" in shown and f"{sum(day.planned for day in week(office))} siswa" in shown
    assert "Tidak ada pada tanggal ini: " in shown

    page = made(sari, office, kinds=["day_lists", "crews"])
    opened = sari.get(page)
    assert "Berkas siap" in opened.text
    file = sari.get(page + "/papers.pdf")

    assert (file.status, file.headers["Content-Type"]) == (200, "application/pdf")
    assert file.headers["Content-Disposition"].startswith("inline")
    reader = PdfReader(BytesIO(file.body))
    assert len(reader.outline) == len(week(office)) + 1
    sheets = sheets_of(file.body)
    assert "Lampiran surat tugas" in sheets[0]
    assert all("Halaman" in sheet and "Dicetak oleh Sari Wulandari" in sheet for sheet in sheets)
    assert all(sheet.count("RAHASIA") == 2 for sheet in sheets if re.search(r"\d{16}", sheet))
    assert sari.get("/audit").text.count("Daftar sesi dicetak") == len(week(office))
    for name, status in (("wahyu", 404), ("budi", 403), ("ratna", 403)):
        assert site.as_(name).get(page + "/papers.pdf").status == status


def test_nothing_chosen_keeps_the_choice_and_says_so_at_the_field(site: Site, office: Office) -> None:
    on = min(day.date for day in office.days())

    answer = site.as_("sari").post("/papers", {"date": on.isoformat(), "span": "week", "sheet": "class"})

    assert answer.status == 422
    assert "Pilih setidaknya satu dokumen." in answer.text
    assert 'value="week" selected' in answer.text and 'value="class" selected' in answer.text
    assert not re.search(r'type="checkbox"[^>]*checked', answer.text)


def test_the_page_opens_on_the_next_date_that_has_days(site: Site, office: Office) -> None:
    first = min(day.date for day in office.days())
    page = site.as_("sari").get("/papers").text
    assert f'value="{first.isoformat()}"' in page
    with clock.fixed_at(max(day.date for day in office.days()) + timedelta(days=1)):
        assert f'value="{clock.today().isoformat()}"' in site.as_("sari").get("/papers").text


def test_a_date_without_days_says_so(site: Site) -> None:
    assert "Tidak ada yang dapat dicetak" in site.as_("sari").get("/papers?date=2026-08-02").text


def test_a_long_printing_is_followed_and_can_be_stopped(
    site: Site, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_one = binding.print_page

    def slowly(*args: object) -> bytes:
        time.sleep(0.4)
        return set_one(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(binding, "print_page", slowly)
    monkeypatch.setattr(making_handlers, "WAIT", 0.05)
    sari = site.as_("sari")
    page = made(sari, office, kinds=["day_lists", "call_lists"])

    told = sari.get(page + "/progress").json
    assert (told["done"], told["max"]) == (False, 2 * len(week(office)))
    assert "Berkas sedang dibuat" in sari.get(page).text
    assert sari.get(page + "/papers.pdf").status == 303
    stopped = sari.follow(sari.post(page + "/stop"))

    assert "Pencetakan dihentikan. Tidak ada yang dicetak." in stopped.text
    assert "Daftar sesi dicetak" not in sari.get("/audit").text
    assert sari.get(page).status == 404


def test_a_new_file_takes_the_place_of_the_old_one(site: Site, office: Office) -> None:
    sari = site.as_("sari")

    first, second = (made(sari, office, kinds=["crews"]) for _ in range(2))

    assert sari.get(first).status == 404
    assert sari.get(second + "/papers.pdf").status == 200


def test_what_is_written_down_names_no_student() -> None:
    assert set(PrintedPaper.__dataclass_fields__) == {"act", "subject", "subject_id", "students"}
