"""What a coordinator met on a walk through the plan: age on the day, notice, offers that hold, days called off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from campaigns.booking import day_actions, plan_queries, queries
from campaigns.booking.basis_queries import draft_basis, plan_basis
from campaigns.hard_rules import violations_of
from campaigns.models import RecordingDay
from common import clock
from common.database import Store
from ground.booking_office import MONDAY, Office, open_office, people
from ground.site import Site
from schools.actions import insert_students
from schools.models import Student
from schools.queries import teams

KARTASURA, SUKOHARJO, MOJOLABAN = "SMAN 1 KARTASURA", "SMAN 1 SUKOHARJO", "SMAN 1 MOJOLABAN"


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


def come(office: Office, school: str, count: int, turn_16: date, first: int = 700) -> None:
    """Students who turn 16 on that date come to the school."""
    born = turn_16.replace(year=turn_16.year - 16)
    office.write(
        insert_students, office.sari.office_id, office.school_ids[school], people(count, first, born)
    )


def left_out(office: Office) -> dict[str, tuple[int, str]]:
    page = office.store.read_now(plan_queries.plan_page, office.sari, office.campaign)
    return {row.school_name: (row.students, row.rule) for row in page.left_out}


def test_a_day_is_planned_for_those_old_enough_on_it_and_the_others_are_named(store: Store) -> None:
    office = open_office(store, {KARTASURA: 12})
    come(office, KARTASURA, 6, date(2026, 9, 29))
    office.plan()
    (day,) = office.days(KARTASURA)
    assert (day.planned, day.date < date(2026, 9, 29)) == (12, True)
    assert left_out(office) == {KARTASURA: (6, "too_young")}
    office.announce()
    assert office.days(KARTASURA)[0].planned == len(office.bookings(KARTASURA)) == 12


def test_a_school_whose_students_are_all_too_young_is_visited_once_they_are_not(sqlite_store: Store) -> None:
    office = open_office(sqlite_store, {})
    come(office, KARTASURA, 6, date(2026, 9, 16))
    office.plan()
    (day,) = office.days(KARTASURA)
    assert day.date >= date(2026, 9, 16)
    assert day.planned == 6
    assert left_out(office) == {}


def test_places_free_on_a_day_told_are_not_counted_for_who_is_too_young_then(sqlite_store: Store) -> None:
    office = open_office(sqlite_store, {KARTASURA: 6})
    office.plan()
    office.announce()
    come(office, KARTASURA, 8, date(2026, 9, 16))
    office.plan()
    assert left_out(office)[KARTASURA][0] == 8


def test_an_empty_day_is_never_announced(quick: Office, site: Site) -> None:
    quick.plan()
    young = date(2026, 9, 30).replace(year=2010)
    quick.write(lambda: _make_young(quick.school_ids[KARTASURA], young))
    told = quick.announce()
    assert told.empty == 1
    assert [day.state for day in quick.days(KARTASURA)] == ["draft"]
    sari = site.as_("sari")
    answer = sari.post(f"/days/{quick.days(KARTASURA)[0].id}/announce")
    assert "tetap rancangan" in sari.follow(answer).text


def _make_young(school_id: int, born: date) -> None:
    Student.update(birth_date=born).where(Student.school == school_id).execute()


def test_a_new_day_comes_at_least_three_working_days_later(quick: Office) -> None:
    quick.plan()
    assert min(day.date for day in quick.days()) == date(2026, 8, 6)
    with clock.fixed_at(date(2026, 9, 29)):
        quick.plan()
        assert quick.days() == []
        assert {rule for _, rule in left_out(quick).values()} == {"no_working_day"}


def test_a_day_by_hand_may_come_tomorrow(quick: Office) -> None:
    quick.plan()
    day = quick.days(KARTASURA)[0]
    answer = quick.write(day_actions.move_day, quick.sari, day.id, date(2026, 8, 4), day.team_id)
    assert answer.clashes == ()


def test_a_postponed_day_does_not_come_back_to_its_date(sqlite_store: Store) -> None:
    office = open_office(sqlite_store, {KARTASURA: 6})
    office.plan()
    day = office.days(KARTASURA)[0]
    office.write(day_actions.call_off_day, office.sari, day.id, "postponed", "Banjir")
    office.plan()
    (again,) = office.days(KARTASURA, "draft")
    assert again.date != day.date
    basis = office.store.read_now(plan_basis, office.sari, office.campaign)
    assert violations_of(basis.visits, basis.problem) == []
    shown = office.store.read_now(queries.day_page, office.sari, again.id)
    assert day.date not in {one.date for one in shown.free}
    back = office.write(day_actions.move_day, office.sari, again.id, day.date, day.team_id)
    assert back.clashes == ()  # by hand it may


@pytest.mark.parametrize("part", [0, 1])
def test_every_date_offered_to_a_school_of_two_days_can_be_moved_to(quick: Office, part: int) -> None:
    quick.plan()
    quick.announce()
    day = quick.days(SUKOHARJO)[part]
    own = {one.date for one in quick.days(SUKOHARJO)}
    free = quick.store.read_now(queries.ask_page, quick.cast.ratna, day.id).free
    assert not own & set(free)
    shown = quick.store.read_now(queries.day_page, quick.sari, day.id)
    assert not own & {one.date for one in shown.free}
    for one in shown.free:

        def undone(one: queries.FreeDate = one) -> tuple[object, ...]:
            answer = day_actions.move_day(quick.sari, day.id, one.date, one.team_id)
            RecordingDay.update(note="undo").execute()
            raise Undone(answer.clashes)

        with pytest.raises(Undone) as found:
            quick.write(undone)
        assert found.value.args[0] == ()


class Undone(Exception):
    """Carries an answer out of a transaction that is rolled back."""


def test_an_offer_taken_by_somebody_else_is_no_button_any_more(quick: Office, site: Site) -> None:
    quick.plan()
    quick.announce()
    day = quick.days(KARTASURA)[0]
    offered = (date(2026, 9, 14), date(2026, 9, 15))
    quick.write(day_actions.ask_for_another_day, quick.sari, day.id, offered, "Ujian")
    quick.write(_all_teams_away, quick, offered[0])
    page = site.as_("sari").get(f"/days/{day.id}/answer").text
    moves = re.findall(r'value="move:([0-9-]+):[0-9]+"', page)
    assert moves == ["2026-09-15"]
    assert "tidak kosong lagi" in page


def _all_teams_away(office: Office, on: date) -> None:
    for team in teams(office.sari):
        RecordingDay.create(
            office=office.sari.office_id,
            campaign=office.campaign,
            date=on,
            team=team.id,
            school=office.school_ids[MOJOLABAN],
            kind="retake",
            state="confirmed",
            takes_morning=1,
            starts_at="08:00",
            ends_at="11:00",
            capacity=10,
            created_at=clock.now(),
        )


def test_sari_does_not_confirm_by_one_press_the_day_that_a_school_cannot_take(
    quick: Office, site: Site
) -> None:
    quick.plan()
    quick.announce()
    day = quick.days(KARTASURA)[0]
    quick.write(day_actions.ask_for_another_day, quick.sari, day.id, (date(2026, 9, 14),), "Ujian")
    page = site.as_("sari").get(f"/days/{day.id}").text
    assert f"/days/{day.id}/confirm" not in page
    assert re.search(rf'class="button button--solid" href="/days/{day.id}/answer"', page)


def test_few_newcomers_at_a_school_visited_before_are_named_and_get_no_team_day(sqlite_store: Store) -> None:
    office = open_office(sqlite_store, {KARTASURA: 20})
    office.plan()
    office.announce()
    come(office, KARTASURA, 4, date(2026, 7, 1))
    office.plan()
    assert len(office.days(KARTASURA)) == 1
    assert left_out(office) == {KARTASURA: (4, "few_left")}
    come(office, KARTASURA, 1, date(2026, 7, 1), 800)
    office.plan()
    assert len(office.days(KARTASURA)) == 2


def test_few_newcomers_share_a_day_that_a_team_spends_beside_them(sqlite_store: Store) -> None:
    office = open_office(sqlite_store, {SUKOHARJO: 20})
    office.plan()
    office.announce()
    office.write(lambda: RecordingDay.update(date=MONDAY, state="closed").execute())
    come(office, SUKOHARJO, 3, date(2026, 7, 1))
    come(office, "SMKN 1 SUKOHARJO", 9, date(2026, 7, 1), 800)
    with clock.fixed_at(MONDAY + timedelta(days=1)):
        office.plan()
    (shared,) = office.days(SUKOHARJO, "draft")
    (beside,) = office.days("SMKN 1 SUKOHARJO", "draft")
    assert (shared.date, shared.team_id, shared.planned) == (beside.date, beside.team_id, 3)


def test_the_plan_tells_days_done_from_days_certain_and_folds_the_past_away(
    quick: Office, site: Site
) -> None:
    quick.plan()
    quick.announce()
    day = quick.days(KARTASURA)[0]
    quick.write(lambda: RecordingDay.update(state="closed").where(RecordingDay.id == day.id).execute())
    with clock.fixed_at(day.date + timedelta(days=1)):
        page = site.as_("sari").get(f"/plan?month={day.date.isoformat()}").text
    cards = dict(re.findall(r"<dt>([^<]+)</dt>\s*<dd class=\"card__value\">(?:<a[^>]*>)?([0-9.]+)", page))
    assert (cards["Sudah pasti"], cards["Selesai"]) == ("0", "1")
    assert cards["Siswa tanpa hari"] == "30"
    assert KARTASURA in page.split("<details>", 1)[1].split("</details>")[0]


def test_holidays_after_the_programme_are_not_listed(quick: Office) -> None:
    page = quick.store.read_now(queries.campaign_page, quick.sari, quick.campaign)
    assert page.holidays
    assert max(day.date for day in page.holidays) <= page.campaign.to_date


def test_an_old_tab_is_told_that_nothing_was_left_to_announce_or_discard(quick: Office, site: Site) -> None:
    quick.plan()
    quick.announce()
    sari = site.as_("sari")
    again = sari.follow(sari.post(f"/campaigns/{quick.campaign}/announce")).text
    assert "Sudah diumumkan" in again
    assert "0 hari" not in re.sub(r"<dl.*?</dl>", "", again, flags=re.DOTALL)
    path = f"/campaigns/{quick.campaign}/discard"
    assert "Tidak ada rancangan hari" in sari.get(path).text
    assert "Tidak ada rancangan hari" in sari.follow(sari.post(path)).text


def test_only_a_day_with_a_later_one_says_that_it_follows(quick: Office) -> None:
    quick.plan()
    first, last = quick.days(SUKOHARJO)
    follows = [
        quick.store.read_now(queries.day_page, quick.sari, day.id).following
        for day in (first, last, quick.days(KARTASURA)[0])
    ]
    assert follows == [True, False, False]


def test_a_long_ask_or_reason_is_kept_short(quick: Office) -> None:
    quick.plan()
    quick.announce()
    first, last = quick.days(SUKOHARJO)
    quick.write(day_actions.ask_for_another_day, quick.cast.ratna, first.id, (), "x" * 900)
    quick.write(day_actions.call_off_day, quick.sari, last.id, "cancelled", "y" * 900)
    assert sorted({len(day.note) for day in quick.days(SUKOHARJO)}) == [300]


def test_the_call_off_page_names_each_button_for_what_it_does(quick: Office, site: Site) -> None:
    quick.plan()
    quick.announce()
    page = site.as_("sari").get(f"/days/{quick.days(KARTASURA)[0].id}/call-off").text
    form = page.split('class="confirmation', 1)[1].split("</form>")[0]
    assert re.findall(r'name="state" value="(\w+)"', form) == ["postponed", "cancelled"]
    assert "Kembali" in form
    assert ">Batal<" not in form


def test_the_basis_of_a_plan_knows_who_is_too_young_yet(quick: Office) -> None:
    come(quick, KARTASURA, 6, date(2026, 9, 29))
    basis = quick.store.read_now(draft_basis, quick.sari, quick.campaign)
    need = next(one for one in basis.problem.schools if one.id == quick.school_ids[KARTASURA])
    assert (need.target, len(need.too_young), need.few) == (12, 6, False)
