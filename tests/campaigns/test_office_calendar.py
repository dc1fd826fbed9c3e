"""Sari keeps the office's calendar: free days, holidays that are worked, and what they break among planned days."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from accounts.models import Audit
from campaigns.booking.calendar_queries import campaign_calendar
from campaigns.booking.month import month_of
from campaigns.calendar import working_days
from campaigns.calendars import office_actions, office_queries
from campaigns.calendars.entries import Fault, OfficeDate, read_office_date
from campaigns.models import OfficeDay
from campaigns.queries import campaign
from common import clock
from common.access import Missing
from common.database import Store
from ground.booking_office import MONDAY, Office, open_office
from ground.site import Site

INDEPENDENCE = date(2026, 8, 17)  # a Monday


@pytest.fixture(autouse=True)
def on_monday() -> Iterator[None]:
    with clock.fixed_at(MONDAY):
        yield


@pytest.fixture
def office(store: Store) -> Office:
    return open_office(store)


@pytest.fixture
def quick(sqlite_store: Store) -> Office:
    return open_office(sqlite_store)


@pytest.fixture
def site(quick: Office, tmp_path: Path) -> Iterator[Site]:
    with Site(quick.store, tmp_path) as running:
        yield running


def is_working(office: Office, day: date) -> bool:
    def ask() -> bool:
        return day in working_days(campaign_calendar(office.sari, campaign(office.sari, office.campaign)))

    return office.store.read_now(ask)


def page_of(office: Office, start: date | None = None) -> office_queries.OfficeCalendarPage:
    return office.store.read_now(office_queries.office_calendar, office.sari, office.campaign, start)


def test_a_free_day_closes_its_date_and_removing_it_opens_it_again(office: Office) -> None:
    day = date(2026, 8, 12)
    assert is_working(office, day)
    office.write(office_actions.set_office_date, office.sari, OfficeDate(day, True, "Pilkades"))
    assert not is_working(office, day)
    office.write(office_actions.set_office_date, office.sari, OfficeDate(day, True, "Pilkades serentak"))
    named = {shown.date: shown for month in page_of(office).months for shown in month.named}
    assert named[day].holiday is not None
    assert named[day].holiday.name == "Pilkades serentak"
    assert office.write(office_actions.remove_office_date, office.sari, day)
    assert is_working(office, day)
    assert not office.write(office_actions.remove_office_date, office.sari, day)
    acts = office.store.read_now(lambda: [row.act for row in Audit.select().order_by(Audit.id)])
    assert acts[-3:] == ["office_day_freed", "office_day_freed", "office_day_removed"]


def test_a_holiday_worked_after_all_opens_its_date_and_stays_named(office: Office) -> None:
    assert not is_working(office, INDEPENDENCE)
    office.write(office_actions.set_office_date, office.sari, OfficeDate(INDEPENDENCE, False, "Surat bupati"))
    assert is_working(office, INDEPENDENCE)
    named = {shown.date: shown for month in page_of(office).months for shown in month.named}
    assert (named[INDEPENDENCE].holiday, named[INDEPENDENCE].worked) == (None, "Surat bupati")
    assert named[INDEPENDENCE].national is not None
    office.write(office_actions.remove_office_date, office.sari, INDEPENDENCE)
    assert not is_working(office, INDEPENDENCE)


def test_only_a_coordinator_changes_the_calendar_and_only_of_the_own_office(office: Office) -> None:
    entry = OfficeDate(date(2026, 8, 12), True, "Pilkades")
    for who in (office.cast.budi, office.cast.ratna, office.cast.lina):
        with pytest.raises(Missing):
            office.write(office_actions.set_office_date, who, entry)
        with pytest.raises(Missing):
            office.write(office_actions.remove_office_date, who, entry.date)
    office.write(office_actions.set_office_date, office.cast.wahyu, entry)
    assert is_working(office, entry.date)
    with pytest.raises(Missing):
        office.store.read_now(office_queries.office_calendar, office.cast.wahyu, office.campaign)


def test_a_free_day_names_the_planned_days_that_lie_on_it_the_confirmed_first(quick: Office) -> None:
    quick.plan()
    quick.announce()
    days = [day for day in quick.days() if day.state == "proposed"]
    confirmed, proposed = days[-1], days[0]
    assert confirmed.date != proposed.date
    quick.write(
        lambda: (
            confirmed.__class__.update(state="confirmed")
            .where(confirmed.__class__.id == confirmed.id)
            .execute()
        )
    )
    for day in (proposed, confirmed):
        quick.write(office_actions.set_office_date, quick.sari, OfficeDate(day.date, True, "Banjir"))
    found = page_of(quick).closed_days
    assert found[0].day.id == confirmed.id
    assert proposed.id in {one.day.id for one in found}
    assert {one.block.name for one in found} == {"Banjir"}
    on_it = quick.store.read_now(office_queries.office_date, quick.sari, quick.campaign, proposed.date)
    assert {one.day.date for one in on_it.days} == {proposed.date}


def test_a_new_plan_takes_drafts_off_a_free_day(quick: Office) -> None:
    quick.plan()
    day = quick.days("SMAN 1 KARTASURA")[0]
    quick.write(office_actions.set_office_date, quick.sari, OfficeDate(day.date, True, "Banjir"))
    assert [one.day.state for one in page_of(quick).closed_days if one.day.id == day.id] == ["draft"]
    quick.plan()
    assert page_of(quick).closed_days == ()


def test_the_calendar_begins_with_the_present_month_and_shows_the_whole_programme_in_steps(
    quick: Office,
) -> None:
    page = page_of(quick)
    assert page.months[0].first == month_of(MONDAY)
    assert page.previous is None
    last = page.months[-1].first
    assert last == date(2026, 11, 1)  # the latest useful day is in November
    with clock.fixed_at(date(2026, 10, 12)):
        later = page_of(quick)
        assert later.months[0].first == date(2026, 10, 1)
        assert later.previous == date(2026, 8, 1)
        assert page_of(quick, date(1999, 1, 1)).months[0].first == month_of(MONDAY)
    every = [day for month in page.months for week in month.weeks for day in week if day]
    assert len({day.date for day in every}) == sum(
        ((month.first.replace(day=28) + timedelta(days=4)).replace(day=1) - month.first).days
        for month in page.months
    )


@pytest.mark.parametrize(
    ("form", "is_holiday", "faults"),
    [
        ({"date": "", "kind": "free", "name": "x"}, False, {"date": Fault.DATE_MISSING}),
        ({"date": "0001-01-01", "kind": "free", "name": "x"}, False, {"date": Fault.DATE_MISSING}),
        ({"date": "2026-08-12", "kind": "free", "name": ""}, False, {"name": Fault.NAME_MISSING}),
        ({"date": "2026-08-12", "kind": "x", "name": "x"}, True, {"kind": Fault.KIND_MISSING}),
        ({"date": "2026-08-12", "kind": "worked", "name": "x"}, False, {"kind": Fault.NO_HOLIDAY}),
        ({"date": "2026-08-17", "kind": "worked", "name": "x"}, True, {}),
    ],
)
def test_what_is_impossible_about_an_entry_is_said_at_its_field(
    form: dict[str, str], is_holiday: bool, faults: dict[str, Fault]
) -> None:
    entry, found = read_office_date(form, is_holiday)
    assert found == faults
    assert (entry is None) == bool(faults)


def test_sari_adds_renames_and_removes_a_free_day_and_is_told_what_it_breaks(
    site: Site, quick: Office
) -> None:
    quick.plan()
    quick.announce()
    day = quick.days("SMAN 1 KARTASURA")[0]
    sari = site.as_("sari")
    page = sari.get("/plan/calendar").text
    assert "Kemerdekaan" in page
    assert "Cuti" in page or "Libur nasional" in page

    empty = sari.post("/plan/calendar", {"date": day.date.isoformat(), "name": ""})
    assert empty.status == 422
    assert 'href="#f-name"' in empty.text
    assert f'value="{day.date}"' in empty.text

    told = sari.follow(
        sari.post("/plan/calendar", {"date": day.date.isoformat(), "name": "Haul <desa>"})
    ).text
    assert "Haul &lt;desa&gt;" in told
    assert f'href="/days/{day.id}"' in told
    address = f"/plan/calendar/{day.date}"
    assert "Haul &lt;desa&gt;" in sari.get(address).text
    assert sari.post(address, {"kind": "worked", "name": "x"}).status == 422
    assert sari.post(address, {"kind": "free", "name": "Haul"}).status == 303
    asked = re.search(r'<details class="asked-once">.*?</details>', sari.get(address).text, re.DOTALL)
    assert asked is not None and f'action="{address}/remove"' in asked[0] and "hari biasa" in asked[0]
    assert sari.post(address + "/remove").status == 303
    assert quick.store.read_now(lambda: OfficeDay.select().count()) == 0
    assert f'href="/days/{day.id}"' not in sari.get("/plan/calendar").text


def test_sari_works_a_holiday_after_all(site: Site, quick: Office) -> None:
    sari = site.as_("sari")
    address = f"/plan/calendar/{INDEPENDENCE}"
    done = sari.post(address, {"kind": "worked", "name": "Surat bupati"})
    assert done.status == 303
    assert "Surat bupati" in sari.follow(done).text
    assert is_working(quick, INDEPENDENCE)
    assert "Kemerdekaan" in sari.get(address).text
    for nonsense in ("/plan/calendar/2026-13-45", "/plan/calendar/0001-01-01"):
        assert sari.get(nonsense).status == 404
        assert sari.post(nonsense + "/remove").status == 404
