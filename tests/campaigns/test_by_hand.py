"""Sari moves a day by hand: she sees what it breaks and costs, may force some rules with a reason, and locks days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from accounts.models import Audit
from campaigns.booking import day_actions, plan_queries
from campaigns.booking import queries as booking
from campaigns.booking.forcing import Cost, cost_of, may_be_forced
from campaigns.by_hand import actions, queries
from campaigns.calendar import BlockedBy
from campaigns.hard_rules import Clash
from campaigns.models import DayException, RecordingDay
from campaigns.scheduling import Reason, ReasonKind, Rule, Visit
from common import clock
from common.access import Missing
from common.database import Store
from ground.booking_office import MONDAY, Office, open_office
from ground.site import Site

KARTASURA, SUKOHARJO = "SMAN 1 KARTASURA", "SMAN 1 SUKOHARJO"
INDEPENDENCE = date(2026, 8, 17)
VISIT = Visit(1, 1, INDEPENDENCE, 30, Reason(ReasonKind.BY_HAND))


@pytest.fixture(autouse=True)
def on_monday() -> Iterator[None]:
    with clock.fixed_at(MONDAY):
        yield


@pytest.fixture
def office(store: Store) -> Office:
    return planned(open_office(store))


@pytest.fixture
def quick(sqlite_store: Store) -> Office:
    return planned(open_office(sqlite_store))


def planned(office: Office) -> Office:
    office.plan()
    return office


@pytest.fixture
def site(quick: Office, tmp_path: Path) -> Iterator[Site]:
    with Site(quick.store, tmp_path) as running:
        yield running


def force(office: Office, to: date = INDEPENDENCE, reason: str = "Sekolah meminta") -> tuple[Clash, ...]:
    day = office.days(KARTASURA)[0]
    return office.write(actions.force_day, office.sari, day.id, to, day.team_id, reason)


@pytest.mark.parametrize(
    ("clash", "forceable"),
    [
        (Clash(BlockedBy.PUBLIC_HOLIDAY, VISIT), True),
        (Clash(BlockedBy.SCHOOL_CLOSED, VISIT), True),
        (Clash(BlockedBy.AFTER_LATEST_USEFUL_DAY, VISIT), True),
        (Clash(BlockedBy.TEAM_DAY_OFF, VISIT), True),
        (Clash(Rule.TEAM_CAPACITY, VISIT, limit=20, found=30), True),
        (Clash(Rule.CONSECUTIVE_DAYS, VISIT, others=(VISIT,)), True),
        (Clash(BlockedBy.TEAM_DAY_OFF, VISIT, name="SMKN 1"), False),
        (Clash(Rule.TEAM_CAPACITY, VISIT, others=(VISIT,), limit=0, found=30), False),
        (Clash(BlockedBy.OUTSIDE_WINDOW, VISIT), False),
        (Clash(Rule.ONE_DISTRICT_A_DAY, VISIT, others=(VISIT,)), False),
        (Clash(Rule.SCHOOLS_A_DAY, VISIT), False),
        (Clash(Rule.SCHOOL_ONCE_A_DAY, VISIT), False),
        (Clash(Rule.LOCKED_DAY, VISIT), False),
    ],
)
def test_two_places_at_once_the_past_and_the_programmes_dates_are_never_forced(
    clash: Clash, forceable: bool
) -> None:
    assert may_be_forced(clash) == forceable


def test_a_move_costs_those_who_find_no_place_and_the_voters_who_come_too_late() -> None:
    full = Clash(Rule.TEAM_CAPACITY, VISIT, limit=20, found=30)
    late = Clash(BlockedBy.AFTER_LATEST_USEFUL_DAY, VISIT)
    assert cost_of([], 30, 25) == Cost()
    assert cost_of([full], 30, 25) == Cost(10, 5)
    assert cost_of([full], 30, 12) == Cost(10, 0)
    assert cost_of([late], 30, 25) == Cost(0, 25)


def test_a_forced_day_is_moved_locked_shown_and_logged_with_its_reason(office: Office) -> None:
    assert force(office) == ()
    day = office.days(KARTASURA)[0]
    assert (day.date, day.is_locked) == (INDEPENDENCE, True)
    page = office.store.read_now(booking.day_page, office.sari, day.id)
    assert page.exception is not None
    assert (page.exception.reason, page.exception.made_by) == ("Sekolah meminta", "Sari Wulandari")
    assert [clash.rule for clash in page.exception.clashes] == [BlockedBy.PUBLIC_HOLIDAY]
    plan = office.store.read_now(plan_queries.plan_page, office.sari, office.campaign)
    assert day.id not in {one.day.id for one in plan.broken}
    assert {one.day.id for one in plan.forced} == {day.id}
    acts = office.store.read_now(lambda: [(row.act, row.detail) for row in Audit.select()])
    assert ("day_forced", "public_holiday") in acts
    office.plan()
    assert office.days(KARTASURA)[0].date == INDEPENDENCE  # no plan moves it


def test_a_day_whose_exception_was_unlocked_is_planned_anew_and_the_exception_goes(office: Office) -> None:
    force(office)
    day = office.days(KARTASURA)[0]
    assert office.write(actions.lock_day, office.sari, day.id, False)
    office.plan()
    assert office.days(KARTASURA)[0].date != INDEPENDENCE
    assert office.store.read_now(lambda: DayException.select().count()) == 0


def test_a_forced_day_that_is_moved_to_a_good_date_is_no_exception_any_more(quick: Office) -> None:
    force(quick)
    day = quick.days(KARTASURA)[0]
    quick.write(actions.lock_day, quick.sari, day.id, False)
    answer = quick.write(day_actions.move_day, quick.sari, day.id, date(2026, 9, 14), day.team_id)
    assert answer.clashes == ()
    assert quick.store.read_now(lambda: DayException.select().count()) == 0


def test_another_rule_broken_later_is_still_told(quick: Office) -> None:
    force(quick)
    day = quick.days(KARTASURA)[0]
    quick.write(
        lambda: RecordingDay.update(date=date(2026, 8, 22)).where(RecordingDay.id == day.id).execute()
    )
    plan = quick.store.read_now(plan_queries.plan_page, quick.sari, quick.campaign)
    assert (day.id, "not_a_working_weekday") in {(one.day.id, one.clash.rule.value) for one in plan.broken}


@pytest.mark.parametrize("to", [MONDAY - timedelta(days=3), date(2026, 12, 2)])
def test_the_past_and_dates_outside_the_programme_cannot_be_forced(quick: Office, to: date) -> None:
    before = quick.days(KARTASURA)[0].date
    assert BlockedBy.OUTSIDE_WINDOW in {clash.rule for clash in force(quick, to)}
    assert quick.days(KARTASURA)[0].date == before
    assert quick.store.read_now(lambda: DayException.select().count()) == 0


def test_a_team_cannot_be_forced_into_two_districts_on_one_date(quick: Office) -> None:
    there = quick.days("SMAN 1 MOJOLABAN")[0]
    day = quick.days(KARTASURA)[0]
    clashes = quick.write(actions.force_day, quick.sari, day.id, there.date, there.team_id, "Darurat")
    assert Rule.ONE_DISTRICT_A_DAY in {clash.rule for clash in clashes}
    assert quick.days(KARTASURA)[0].date == day.date


def test_an_exception_without_a_reason_or_by_somebody_else_is_none(quick: Office) -> None:
    with pytest.raises(ValueError, match="reason"):
        force(quick, reason="  ")
    day = quick.days(KARTASURA)[0]
    for who in (quick.cast.ratna, quick.cast.budi, quick.cast.wahyu):
        with pytest.raises(Missing):
            quick.write(actions.force_day, who, day.id, INDEPENDENCE, day.team_id, "x")
        with pytest.raises(Missing):
            quick.write(actions.lock_day, who, day.id, True)
        with pytest.raises(Missing):
            quick.store.read_now(queries.tried, who, day.id, INDEPENDENCE, day.team_id)


def test_a_look_changes_nothing_and_names_the_days_that_move_along(quick: Office) -> None:
    first, second = quick.days(SUKOHARJO)
    found = quick.store.read_now(queries.tried, quick.sari, first.id, date(2026, 9, 14), first.team_id)
    assert found.clashes == ()
    assert [move.before.date for move in found.moved] == [first.date, second.date]
    assert [day.date for day in quick.days(SUKOHARJO)] == [first.date, second.date]
    quick.write(actions.lock_day, quick.sari, first.id, True)
    assert quick.store.read_now(queries.tried, quick.sari, first.id, date(2026, 9, 14), 1).is_settled


def test_a_locked_day_stays_when_the_plan_is_made_again(office: Office) -> None:
    day = office.days(KARTASURA)[0]
    assert office.write(actions.lock_day, office.sari, day.id, True)
    assert not office.write(actions.lock_day, office.sari, day.id, True)
    office.plan()
    assert day.id in {one.id for one in office.days(KARTASURA)}
    assert office.write(actions.lock_day, office.sari, day.id, False)
    office.plan()
    assert day.id not in {one.id for one in office.days(KARTASURA)}


def test_sari_looks_forces_and_unlocks_over_http(site: Site, quick: Office) -> None:
    day = quick.days(KARTASURA)[0]
    sari = site.as_("sari")
    look = f"/days/{day.id}/try?date={INDEPENDENCE}&team={day.team_id}"
    refused = sari.post(f"/days/{day.id}/move", {"date": f"{INDEPENDENCE}", "team": str(day.team_id)})
    assert look.replace("&", "&amp;") in refused.text
    page = sari.get(look).text
    assert "Kemerdekaan" in page
    assert 'name="reason"' in page
    typed = {"date": f"{INDEPENDENCE}", "team": str(day.team_id)}
    without = sari.post(f"/days/{day.id}/try", {**typed, "reason": ""})
    assert without.status == 422
    assert 'href="#f-reason"' in without.text
    done = sari.post(f"/days/{day.id}/try", {**typed, "reason": "Sekolah <meminta>"})
    assert done.headers["Location"] == f"/days/{day.id}"
    assert "Sekolah &lt;meminta&gt;" in sari.get(f"/days/{day.id}").text
    assert "Sekolah &lt;meminta&gt;" in sari.get("/plan").text
    assert sari.post(f"/days/{day.id}/lock", {"locked": ""}).status == 303
    assert not quick.days(KARTASURA)[0].is_locked
    sari.post("/teams", {"name": "Tim Baru", "kits": "2", "weekdays": list("12345")})
    assert "Tim Baru" in sari.get("/teams").text
    assert "Tim Baru" not in sari.get(f"/days/{day.id}").text, "the programme does without that team"
    past = sari.get(f"/days/{day.id}/try?date=2026-07-30&team={day.team_id}").text
    assert 'name="reason"' not in past
    assert "mendapat tempat" not in past, "what cannot be done has no cost"
    free = sari.get(f"/days/{day.id}/try?date=2026-09-14&team={day.team_id}").text
    assert f'action="/days/{day.id}/move"' in free
    assert sari.get(f"/days/{day.id}/try?date=x&team=1").status == 303
