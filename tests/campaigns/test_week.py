"""A week of the plan by team: who goes where, what closes a date, which team stays in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from campaigns.calendars import office_actions, week_queries
from campaigns.calendars.entries import OfficeDate
from campaigns.models import RecordingDay
from common import clock
from common.access import Missing
from common.database import Store
from ground.booking_office import MONDAY, Office, open_office
from ground.site import Site
from schools.actions import edit_team

SUNDAY = MONDAY + timedelta(days=6)


@pytest.fixture(autouse=True)
def on_monday() -> Iterator[None]:
    with clock.fixed_at(MONDAY):
        yield


@pytest.fixture
def quick(sqlite_store: Store) -> Office:
    office = open_office(sqlite_store)
    office.plan()
    return office


@pytest.fixture
def site(quick: Office, tmp_path: Path) -> Iterator[Site]:
    with Site(quick.store, tmp_path) as running:
        yield running


def week(office: Office, day: date | None = None) -> week_queries.WeekPage:
    return office.store.read_now(week_queries.week_page, office.sari, office.campaign, day)


def test_every_day_of_the_week_stands_with_its_team_and_date_and_no_other(quick: Office) -> None:
    first = quick.days()[0]
    found = week(quick, first.date)
    shown = {
        visit.id: (row.team.id, cell.date.date)
        for row in found.teams
        for cell in row.dates
        for visit in cell.visits
    }
    expected = {
        day.id: (day.team_id, day.date)
        for day in quick.days()
        if found.monday <= day.date <= found.monday + timedelta(days=6)
    }
    assert shown == expected
    assert first.id in shown
    assert sum(row.students for row in found.teams) == sum(
        day.planned for day in quick.days() if day.id in expected
    )


@pytest.mark.parametrize("day", [MONDAY, MONDAY + timedelta(days=3), SUNDAY])
def test_a_week_runs_from_monday_to_sunday_whichever_day_is_asked(quick: Office, day: date) -> None:
    found = week(quick, day)
    assert (found.monday, found.sunday) == (MONDAY, SUNDAY)
    assert [one.date for one in found.dates] == [MONDAY + timedelta(days=n) for n in range(7)]


def test_the_weeks_end_with_the_programme(quick: Office) -> None:
    first, last = week(quick, date(1999, 1, 1)), week(quick, date(2030, 1, 1))
    assert (first.monday, first.previous) == (MONDAY, None)
    assert (last.monday <= date(2026, 9, 30) <= last.sunday, last.following) == (True, None)
    assert first.following == MONDAY + timedelta(days=7)


def test_a_free_day_and_a_team_that_stays_in_are_told(quick: Office) -> None:
    wednesday = MONDAY + timedelta(days=2)
    quick.write(office_actions.set_office_date, quick.sari, OfficeDate(wednesday, True, "Pilkades"))
    team = week(quick).teams[0].team
    quick.write(edit_team, quick.sari, team.id, team.name, team.kits, "1234", True, [MONDAY])
    found = week(quick)
    assert "Pilkades" in [block.name for block in found.dates[2].blocks]
    cells = next(row for row in found.teams if row.team.id == team.id).dates
    assert [cell.is_out for cell in cells] == [False, True, True, True, False, False, False]


def test_budi_sees_no_draft_and_wahyu_nothing(quick: Office) -> None:
    day = quick.days()[0]

    def visits() -> int:
        found = quick.store.read_now(week_queries.week_page, quick.cast.budi, quick.campaign, day.date)
        return sum(len(cell.visits) for row in found.teams for cell in row.dates)

    assert visits() == 0
    quick.announce()
    assert visits() > 0
    with pytest.raises(Missing):
        quick.store.read_now(week_queries.week_page, quick.cast.wahyu, quick.campaign, day.date)


def test_sari_and_budi_open_the_week_and_go_on_from_its_days(site: Site, quick: Office) -> None:
    quick.announce()
    day = quick.days()[0]
    sari = site.as_("sari").get(f"/plan/week?day={day.date}").text
    assert f'href="/days/{day.id}"' in sari
    assert "data-print" in sari
    budi = site.as_("budi").get(f"/plan/week?day={day.date}").text
    assert f'href="/days/{day.id}/field"' in budi
    quick.write(lambda: RecordingDay.update(state="cancelled").where(RecordingDay.id == day.id).execute())
    assert f'href="/days/{day.id}"' not in site.as_("sari").get(f"/plan/week?day={day.date}").text
    assert site.as_("sari").get("/plan/week?day=x").status == 200
