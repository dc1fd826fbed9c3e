"""From a programme to printed lists over HTTP, as Sari, Ratna, Budi and the others meet it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from accounts.models import Audit
from campaigns.booking import day_actions
from campaigns.models import Campaign, CampaignPause, RecordingDay
from campaigns.progress.forecast_queries import forecast_page
from common import clock
from common.database import Store
from common.page import long_date
from ground.booking_office import MONDAY, Office, open_office, people
from ground.site import Site
from schools.actions import insert_students
from schools.queries import teams


@pytest.fixture(autouse=True)
def on_monday() -> Iterator[None]:
    with clock.fixed_at(MONDAY):
        yield


@pytest.fixture
def quick(sqlite_store: Store) -> Office:
    return open_office(sqlite_store)


@pytest.fixture
def site(quick: Office, tmp_path: Path) -> Iterator[Site]:
    with Site(quick.store, tmp_path) as running:
        yield running


def form(office: Office, **changes: Any) -> dict[str, Any]:
    """What Sari types to open a programme."""
    crews = [team.id for team in office.store.read_now(teams, office.sari)]
    return {
        "name": "Perekaman pemula 2027",
        "from_date": "2026-08-03",
        "to_date": "2026-11-20",
        "voting_day": "2026-11-25",
        "voting_day_is_fixed": "estimated",
        "weekdays": ["1", "2", "3", "4", "5"],
        "reserved_weekdays": ["5"],
        "rate_good": "25",
        "rate_poor": "10",
        "max_days_per_school": "2",
        "latest_useful_day": "",
        "day_start": "08:00",
        "day_end": "14:00",
        "team_ids": crews,
        **changes,
    }


def test_sari_opens_a_programme_and_sees_its_settings(site: Site, quick: Office) -> None:
    sari = site.as_("sari")
    pause = {"pause_from_1": "2026-10-05", "pause_to_1": "2026-10-09", "pause_reason_1": "Sumatif"}
    answer = sari.post("/campaigns/new", form(quick, **pause))
    assert answer.status == 303
    page = sari.follow(answer).text
    assert "Perekaman pemula 2027" in page
    assert "Sumatif" in page
    saved = quick.store.read_now(lambda: Campaign.get(Campaign.name == "Perekaman pemula 2027"))
    assert (saved.latest_useful_day, saved.voting_day_is_fixed) == (date(2026, 11, 24), False)
    again = sari.post(f"/campaigns/{saved.id}/edit", form(quick, name="Perekaman lain", **pause))
    assert again.status == 303
    assert quick.store.read_now(lambda: CampaignPause.select().count()) == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"to_date": "2026-08-01"}, "to_date"),
        ({"voting_day": "2026-08-02"}, "voting_day"),
        ({"team_ids": []}, "team_ids"),
        ({"pause_from_2": "2026-10-05", "pause_to_2": "2026-10-01", "pause_reason_2": "x"}, "pause_to_2"),
    ],
)
def test_an_impossible_programme_is_explained_at_its_field_and_nothing_typed_is_lost(
    site: Site, quick: Office, wrong: dict[str, Any], field: str
) -> None:
    before = quick.store.read_now(lambda: Campaign.select().count())
    answer = site.as_("sari").post("/campaigns/new", form(quick, **{"name": "Nama yang tinggal", **wrong}))
    assert answer.status == 422
    assert f'href="#f-{field}"' in answer.text
    assert f'id="f-{field}-error"' in answer.text
    assert wrong.get("name", "Nama yang tinggal") in answer.text
    assert quick.store.read_now(lambda: Campaign.select().count()) == before


def seen_on(page: str) -> list[str]:
    """What the forms of a page carry of the days that it shows."""
    return re.findall(r'name="seen" value="([0-9a-f ]+)"', page)


def test_an_answer_to_an_old_page_changes_nothing(site: Site, quick: Office) -> None:
    sari, ratna = site.as_("sari"), site.as_("ratna")
    sari.post(f"/campaigns/{quick.campaign}/plan")
    sari.post(f"/campaigns/{quick.campaign}/announce")
    first = quick.days("SMAN 1 SUKOHARJO")[0]
    old, form = ratna.get("/my/days").text, ratna.get(f"/days/{first.id}/ask").text
    assert len(seen_on(old)) >= 1
    asked = {"text": "Ujian", "seen": seen_on(form)[0]}
    ratna.post(f"/days/{first.id}/ask", asked)

    again = ratna.follow(ratna.post(f"/days/{first.id}/ask", {"text": "Hari lain", "seen": asked["seen"]}))
    assert "sudah berubah" in again.text
    assert quick.days("SMAN 1 SUKOHARJO")[0].note == "Ujian", "what was asked first still stands"

    whole = {"whole_school": "1", "back": "my_days", "seen": seen_on(old)[0]}
    assert "sudah berubah" in ratna.follow(ratna.post(f"/days/{first.id}/confirm", whole)).text
    assert "confirmed" not in {day.state for day in quick.days("SMAN 1 SUKOHARJO")}


def test_a_school_confirms_one_of_its_days_or_all_of_them_whichever_comes_first(
    site: Site, quick: Office
) -> None:
    quick.plan()
    quick.announce()
    first, second = quick.days("SMAN 1 SUKOHARJO")
    ratna = site.as_("ratna")
    ratna.cookies["language"] = "en"

    def page() -> str:
        return ratna.get("/my/days").text

    assert page().count("Confirm all 2 days") == 1
    assert page().count("Confirm this day") == 2
    quick.write(lambda: RecordingDay.create(**_like(first, date=first.date - timedelta(days=1))))
    assert page().count("Confirm all 2 days") == 1, "also when the next day is certain already"
    ratna.post(f"/days/{second.id}/confirm", {"back": "my_days", "seen": seen_on(page())[-1]})
    assert [day.state for day in quick.days("SMAN 1 SUKOHARJO") if day.kind == "school"] == [
        "proposed",
        "confirmed",
    ]
    assert "Confirm all" not in page()
    assert page().count("Confirm this day") == 1


def _like(day: RecordingDay, **other: object) -> dict[str, object]:
    """The values of a confirmed retake day that is like another day."""
    values = {name: value for name, value in day.__data__.items() if name not in ("id", "takes_afternoon")}
    return {**values, "kind": "retake", "state": "confirmed", **other}


def test_a_school_with_two_confirmed_days_can_offer_dates_for_one(site: Site, quick: Office) -> None:
    sari, ratna = site.as_("sari"), site.as_("ratna")
    sari.post(f"/campaigns/{quick.campaign}/plan")
    sari.post(f"/campaigns/{quick.campaign}/announce")
    days = quick.days("SMAN 1 SUKOHARJO")
    assert len(days) > 1
    page = ratna.get("/my/days").text
    told = {"whole_school": "1", "back": "my_days", "seen": seen_on(page)[0]}
    ratna.post(f"/days/{days[0].id}/confirm", told)
    assert {day.state for day in quick.days("SMAN 1 SUKOHARJO")} == {"confirmed"}
    offered = re.findall(r'name="dates"[^>]*value="([0-9-]+)"', ratna.get(f"/days/{days[-1].id}/ask").text)
    assert offered


def test_sari_plans_announces_moves_and_prints_and_ratna_confirms(site: Site, quick: Office) -> None:
    sari, ratna = site.as_("sari"), site.as_("ratna")
    empty = sari.get("/plan").text
    assert f"/campaigns/{quick.campaign}/plan" in empty

    planned = sari.follow(sari.post(f"/campaigns/{quick.campaign}/plan")).text
    assert "SMAN 1 MOJOLABAN" in planned
    assert "30" in planned
    assert ratna.get("/my/days").text.count("/confirm") == 0

    assert sari.post(f"/campaigns/{quick.campaign}/announce").status == 303
    days = quick.days("SMAN 1 SUKOHARJO")
    assert f"/days/{days[0].id}/confirm" in ratna.get("/my/days").text
    confirmed = ratna.post(f"/days/{days[0].id}/confirm", {"whole_school": "1", "back": "my_days"})
    assert confirmed.headers["Location"] == "/my/days"
    assert {day.state for day in quick.days("SMAN 1 SUKOHARJO")} == {"confirmed"}
    assert ratna.post(f"/days/{days[0].id}/confirm").status == 303  # a second press

    page = ratna.get(f"/days/{days[0].id}").text
    assert "Siswa Contoh 001" in page
    assert "331104" not in page
    call = ratna.get(f"/days/{days[0].id}/call-list.pdf")
    assert (call.status, call.body[:5]) == (200, b"%PDF-")
    assert call.headers["Content-Type"] == "application/pdf"
    assert ratna.get(f"/days/{days[0].id}/list.pdf").status == 403
    assert sari.get(f"/days/{days[0].id}/list.pdf").body[:5] == b"%PDF-"
    assert site.as_("budi").get(f"/days/{days[0].id}/list.pdf").body[:5] == b"%PDF-"
    whole = sari.get(f"/days/print/{days[0].date}.pdf?kind=call")
    assert whole.body[:5] == b"%PDF-"

    acts = quick.store.read_now(lambda: [(row.kind, row.act, row.detail) for row in Audit.select()])
    assert ("access", "call_list_printed", f"students={days[0].planned}") in acts
    assert ("access", "day_list_printed", f"students={days[0].planned}") in acts
    assert "day_confirmed" in [act for _, act, _ in acts]
    assert not any("Siswa" in detail or "331104" in detail for _, _, detail in acts)


def test_a_move_that_clashes_names_the_holiday_and_keeps_the_form(site: Site, quick: Office) -> None:
    quick.plan()
    day = quick.days("SMAN 1 KARTASURA")[0]
    sari = site.as_("sari")
    answer = sari.post(f"/days/{day.id}/move", {"date": "2026-08-17", "team": str(day.team_id)})
    assert answer.status == 422
    assert "Kemerdekaan" in answer.text
    assert 'value="2026-08-17"' in answer.text
    for date_typed, team in (("", "1"), ("2026-09-14", ""), ("2026-13-45", "1"), ("2026-09-14", "x")):
        wrong = sari.post(f"/days/{day.id}/move", {"date": date_typed, "team": team})
        assert wrong.status == 422
        assert 'id="f-date-error"' in wrong.text
    done = sari.post(f"/days/{day.id}/move", {"date": "2026-09-14", "team": str(day.team_id)})
    assert done.status == 303
    assert quick.days("SMAN 1 KARTASURA")[0].date == date(2026, 9, 14)


def test_ratna_asks_for_another_day_and_sari_sees_it_on_the_plan(site: Site, quick: Office) -> None:
    quick.plan()
    quick.announce()
    day = quick.days("SMAN 1 SUKOHARJO")[0]
    ratna = site.as_("ratna")
    offered = re.findall(r'name="dates"[^>]*value="([0-9-]+)"', ratna.get(f"/days/{day.id}/ask").text)
    nothing = ratna.post(f"/days/{day.id}/ask", {"text": ""})
    assert nothing.status == 422
    invented = ratna.post(f"/days/{day.id}/ask", {"dates": ["2026-08-17", "zz"], "text": ""})
    assert invented.status == 422
    asked = ratna.post(f"/days/{day.id}/ask", {"dates": offered[:2], "text": "Ujian <b>sekolah</b>"})
    assert asked.headers["Location"] == "/my/days"
    sari = site.as_("sari")
    plan = sari.get("/plan").text
    assert f'href="/days/{day.id}"' in plan
    assert "Ujian &lt;b&gt;sekolah" in plan
    answers = sari.get(f"/days/{day.id}/answer").text
    assert f'value="move:{offered[0]}:' in answers
    assert " checked" not in answers, (
        "a date taken is confirmed at once: nobody takes one by a press too early"
    )
    assert "memindahkan hari perekaman ini" not in ratna.get("/my/days").text
    to = re.findall(rf'value="(move:{offered[0]}:[0-9]+)"', answers)[0]
    sari.post(f"/days/{day.id}/answer", {"choice": to, "word": ""})
    seen = ratna.get("/my/days").text
    assert f"Dinas memindahkan hari perekaman ini dari {long_date(day.date, 'id')}." in seen


def test_who_found_no_place_is_one_press_away_from_the_announcement(site: Site, quick: Office) -> None:
    quick.plan()
    sari = site.as_("sari")
    sari.cookies["language"] = "en"
    plan = sari.follow(sari.post(f"/campaigns/{quick.campaign}/announce")).text
    assert "30 students found no place on the days of their schools." in plan
    assert '<a href="/plan#left-out">See who and why</a>' in plan
    listed = plan.split('id="left-out"')[1]
    first = quick.days("SMAN 1 MOJOLABAN")[0].id
    assert f'<a href="/days/{first}#unplaced">SMAN 1 MOJOLABAN</a>' in listed
    day = sari.get(f"/days/{first}").text
    assert day.split('id="unplaced"')[1].split("</section>")[0].count("Siswa Contoh") == 30
    assert "See who and why" not in day  # it was said once


def test_the_forecast_names_the_days_of_a_school_in_the_order_of_dates(quick: Office) -> None:
    quick.plan()
    quick.announce()
    first, second = quick.days("SMAN 1 MOJOLABAN")
    later = second.date + timedelta(days=7)
    quick.write(lambda: RecordingDay.update(date=later).where(RecordingDay.id == first.id).execute())
    page = quick.store.read_now(forecast_page, quick.sari, quick.campaign)
    line = next(line for line in page.lines if line.name == "SMAN 1 MOJOLABAN")
    assert [visit.date for visit in line.one.school.visits] == [second.date, later]


def test_where_no_date_is_free_the_school_has_to_write_and_is_told_so(site: Site, quick: Office) -> None:
    quick.plan()
    quick.announce()
    day = quick.days("SMAN 1 SUKOHARJO")[0]
    ratna = site.as_("ratna")
    ratna.cookies["language"] = "en"
    closed = {"from_date": "2026-08-03", "to_date": "2026-11-30", "reason": "PKL"}
    ratna.post(f"/schools/{day.school_id}/calendar", closed)
    address = f"/days/{day.id}/ask"
    page = ratna.get(address).text
    assert 'name="dates"' not in page
    assert "(optional)" not in page
    nothing = ratna.post(address, {"text": ""})
    assert nothing.status == 422
    assert "Write when it suits the school: there is no date to choose here." in nothing.text
    assert 'href="#f-text"' in nothing.text and 'id="f-text-error"' in nothing.text
    assert ratna.post(address, {"text": "Mulai Desember."}).status == 303


def test_newcomers_are_counted_on_the_day_and_placed_by_one_button(site: Site, quick: Office) -> None:
    quick.plan()
    quick.announce()
    day = quick.days("SMAN 1 KARTASURA")[0]
    quick.write(insert_students, quick.sari.office_id, day.school_id, people(2, 600))
    sari = site.as_("sari")
    assert f"/days/{day.id}/places" in sari.get(f"/days/{day.id}").text
    sari.post(f"/days/{day.id}/places")
    assert len(quick.bookings("SMAN 1 KARTASURA")) == 8
    assert f"/days/{day.id}/places" not in sari.get(f"/days/{day.id}").text


def test_a_day_is_called_off_only_with_a_reason(site: Site, quick: Office) -> None:
    quick.plan()
    quick.announce()
    day = quick.days("SMAN 1 KARTASURA")[0]
    sari = site.as_("sari")
    assert sari.get(f"/days/{day.id}/call-off").status == 200
    assert sari.post(f"/days/{day.id}/call-off", {"state": "cancelled", "reason": ""}).status == 422
    assert sari.post(f"/days/{day.id}/call-off", {"state": "closed", "reason": "x"}).status == 422
    assert sari.post(f"/days/{day.id}/call-off", {"state": "cancelled", "reason": "Banjir"}).status == 303
    assert "Banjir" in sari.get(f"/days/{day.id}").text


def test_nobody_reaches_a_day_or_a_programme_of_another_office_or_school(site: Site, quick: Office) -> None:
    quick.plan()
    quick.announce()
    day = quick.days("SMAN 1 SUKOHARJO")[0]
    wahyu, joko = site.as_("wahyu"), site.as_("joko")
    for path in (f"/days/{day.id}", f"/days/{day.id}/call-list.pdf", f"/days/{day.id}/ask"):
        assert wahyu.get(path).status == joko.get(path).status == 404
    for path in ("confirm", "places", "ask"):
        body = {"text": "x"}
        assert wahyu.post(f"/days/{day.id}/{path}", body).status == 404
        assert joko.post(f"/days/{day.id}/{path}", body).status == 404
    assert joko.post(f"/days/{day.id}/announce").status == 403
    assert joko.post(f"/days/{day.id}/move", {"date": "2026-09-14", "team": "1"}).status == 403
    assert joko.get("/plan").status == 403
    for path in ("", "/edit", "/discard"):
        assert wahyu.get(f"/campaigns/{quick.campaign}{path}").status == 404
    for path in ("plan", "announce", "discard"):
        assert wahyu.post(f"/campaigns/{quick.campaign}/{path}").status == 404
    assert wahyu.get(f"/days/print/{day.date}.pdf").status == 303
    assert quick.store.read_now(lambda: RecordingDay.get_by_id(day.id)).state == "proposed"


def test_an_old_page_says_that_the_day_has_changed(site: Site, quick: Office) -> None:
    quick.plan()
    quick.announce()
    day = quick.days("SMAN 1 KARTASURA")[0]
    quick.write(day_actions.call_off_day, quick.sari, day.id, "cancelled", "Banjir")
    sari = site.as_("sari")
    answer = sari.post(f"/days/{day.id}/confirm")
    assert answer.status == 303
    assert "notice--warn" in sari.follow(answer).text


def test_the_plan_of_an_office_without_a_programme_says_what_to_do_first(site: Site) -> None:
    assert "/campaigns/new" in site.as_("wahyu").get("/plan").text
