"""How many students a kit records in a day, as closed days tell, and that rate taken over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from campaigns.capacity import Network
from campaigns.models import Booking, Campaign, MarkRow, RecordingDay
from campaigns.throughput import DayAtWork, MeasuredRate, measured_rates
from common import clock
from common.database import Store
from ground.booking_office import MONDAY, Office, open_office
from ground.site import Site
from schools.models import School

SIX_HOURS = timedelta(hours=6)
START = datetime(2026, 8, 10, 8, 0)


def moments(count: int, minutes: float) -> list[datetime]:
    """So many students, one every so many minutes."""
    return [START + timedelta(minutes=minutes * n) for n in range(count)]


def test_the_rate_is_the_median_of_the_days_of_a_network() -> None:
    days = [
        DayAtWork(Network.GOOD, 2, moments(40, 5)),  # 12 an hour with two kits
        DayAtWork(Network.GOOD, 2, moments(40, 10)),
        DayAtWork(Network.GOOD, 1, moments(20, 6)),
        DayAtWork(Network.POOR, 2, moments(20, 10)),
    ]
    assert measured_rates(days, SIX_HOURS) == {
        Network.GOOD: MeasuredRate(36, 3),
        Network.POOR: MeasuredRate(18, 1),
    }


@pytest.mark.parametrize(
    "told",
    [[], moments(7, 10), moments(30, 0.1), [*moments(20, 5), START + timedelta(days=3)]],
    ids=["nobody", "too few", "typed in at once", "a wrong clock"],
)
def test_days_that_tell_nothing_are_left_out(told: list[datetime]) -> None:
    assert measured_rates([DayAtWork(Network.GOOD, 2, told)], SIX_HOURS) == {}


def test_a_rate_of_two_days_is_not_offered() -> None:
    assert not MeasuredRate(20, 2).is_enough
    assert MeasuredRate(20, 3).is_enough


@pytest.fixture(autouse=True)
def on_monday() -> Iterator[None]:
    with clock.fixed_at(MONDAY):
        yield


@pytest.fixture
def worked(sqlite_store: Store) -> Office:
    """Four days announced, held at one student every eight minutes, and closed; their schools have a poor line."""
    office = open_office(sqlite_store)
    office.plan()
    office.announce()

    def work() -> None:
        School.update(network="poor").execute()
        for day in RecordingDay.select().where(RecordingDay.planned >= 8).order_by(RecordingDay.id):
            for n, booking in enumerate(Booking.select().where(Booking.day == day.id)):
                MarkRow.insert(
                    office=office.sari.office_id,
                    uuid=str(uuid4()),
                    day=day.id,
                    student=booking.student_id,
                    outcome="recorded",
                    device="t",
                    seq=1000 * day.id + n,
                    lc=n,
                    device_time=(START + timedelta(minutes=8 * n)).isoformat() + "+07:00",
                    received_at=clock.now(),
                    body_hash="",
                ).execute()
            RecordingDay.update(state="closed").where(RecordingDay.id == day.id).execute()

    office.store.write_now(work)
    return office


@pytest.fixture
def site(worked: Office, tmp_path: Path) -> Iterator[Site]:
    with Site(worked.store, tmp_path) as running:
        yield running


def rates(office: Office) -> tuple[int, int]:
    found = office.store.read_now(lambda: Campaign.get_by_id(office.campaign))
    return found.rate_good, found.rate_poor


def test_sari_takes_the_measured_rate_over_with_one_press(site: Site, worked: Office) -> None:
    sari, address = site.as_("sari"), f"/campaigns/{worked.campaign}"
    page = sari.get(address).text
    assert f'action="{address}/rate"' in page
    offered = int(page.split('name="rate" value="')[1].split('"')[0])
    assert offered == 22  # 7.5 an hour, six hours, two kits
    assert sari.post(f"{address}/rate", {"network": "poor", "rate": str(offered)}).status == 303
    assert rates(worked) == (25, 22)
    assert f'action="{address}/rate"' not in sari.get(address).text


@pytest.mark.parametrize(
    "form",
    [
        {"network": "poor", "rate": "99"},
        {"network": "good", "rate": "22"},
        {"network": "unknown", "rate": "22"},
        {},
    ],
)
def test_a_rate_that_was_not_measured_is_not_taken_over(
    site: Site, worked: Office, form: dict[str, str]
) -> None:
    answer = site.as_("sari").post(f"/campaigns/{worked.campaign}/rate", form)
    assert answer.status == 303
    assert rates(worked) == (25, 10)


def test_others_see_the_programme_without_what_was_measured(site: Site, worked: Office) -> None:
    assert "/rate" not in site.as_("ratna").get(f"/campaigns/{worked.campaign}").text
    assert (
        site.as_("budi").post(f"/campaigns/{worked.campaign}/rate", {"network": "poor", "rate": "22"}).status
        == 403
    )
    assert rates(worked) == (25, 10)
