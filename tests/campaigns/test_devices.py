"""The officers' devices: registered by a code, disabled when lost, listed with what has not arrived."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from test_field_marks import Day

from campaigns.field import actions, device_actions, device_queries
from campaigns.field.devices import (
    DeviceState,
    code_as_shown,
    code_as_typed,
    device_state,
    kept_name,
    missing_ranges,
    name_kept,
)
from campaigns.field.models import Device
from common import clock
from common.access import Missing
from common.database import Store
from ground.field_day import WEDNESDAY
from ground.site import Site

KIT = "kit-" + "0a" * 16
NOON = datetime(2026, 8, 12, 5, 0)


@pytest.fixture
def day(store: Store) -> Day:
    return Day(store)


@pytest.fixture
def quick_day(sqlite_store: Store) -> Day:
    return Day(sqlite_store)


def register(day: Day, name: str = "Ponsel Tim A", device: str = KIT) -> int:
    device_id, code = day.store.write_now(device_actions.make_code, day.cast.sari, name)
    assert day.store.write_now(device_actions.register_device, day.cast.budi, code, device) == name
    return device_id


def test_missing_numbers_are_said_in_ranges() -> None:
    assert missing_ranges([1, 2, 5, 9, 10]) == ((3, 4), (6, 8))
    assert missing_ranges([3]) == ((1, 2),)
    assert missing_ranges([1, 2, 3]) == missing_ranges([]) == ()
    assert len(missing_ranges(range(1, 100, 2))) == 12


def test_a_code_is_read_however_it_was_typed() -> None:
    assert code_as_typed(" k7qm-4txd ") == "K7QM4TXD"
    assert code_as_shown("K7QM4TXD") == "K7QM-4TXD"


def test_where_a_device_stands() -> None:
    later, earlier = NOON + timedelta(hours=1), NOON - timedelta(hours=1)
    assert device_state(False, False, later, NOON) is DeviceState.WAITING
    assert device_state(False, False, earlier, NOON) is DeviceState.EXPIRED
    assert device_state(True, False, earlier, NOON) is DeviceState.REGISTERED
    assert device_state(True, True, None, NOON) is DeviceState.DISABLED


def test_budis_phone_is_registered_once_with_saris_code(day: Day) -> None:
    device_id, code = day.store.write_now(device_actions.make_code, day.cast.sari, "Ponsel Tim A")
    for _ in range(2):  # a second press does nothing
        day.store.write_now(device_actions.register_device, day.cast.budi, code_as_shown(code), KIT)
    card = day.store.read_now(device_queries.device_card, day.cast.sari, device_id)
    assert (card.state, card.device, card.registered_by) == (DeviceState.REGISTERED, KIT, "Budi Santosa")
    with pytest.raises(actions.NotAllowed, match="code"):
        day.store.write_now(device_actions.register_device, day.cast.budi, code, "kit-" + "1" * 32)
    _, other = day.store.write_now(device_actions.make_code, day.cast.sari, "Ponsel lain")
    with pytest.raises(actions.NotAllowed, match="known"):
        day.store.write_now(device_actions.register_device, day.cast.budi, other, KIT)


def test_a_code_of_yesterday_or_of_another_office_opens_nothing(quick_day: Day) -> None:
    day = quick_day
    with clock.fixed_at(date(2026, 8, 10)):
        device_id, code = day.store.write_now(device_actions.make_code, day.cast.sari, "Ponsel Tim A")
    for who in (day.cast.budi, day.cast.wahyu):
        with pytest.raises(actions.NotAllowed, match="code"), clock.fixed_at(WEDNESDAY):
            day.store.write_now(device_actions.register_device, who, code, KIT)
    with clock.fixed_at(WEDNESDAY):
        assert day.store.read_now(device_queries.devices, day.cast.sari)[0].state is DeviceState.EXPIRED
        _, again = day.store.write_now(device_actions.make_code, day.cast.sari, "", device_id)
        day.store.write_now(device_actions.register_device, day.cast.budi, again, KIT)
    kept = day.store.read_now(lambda: Device.get_by_id(device_id).code_hash)
    assert again not in kept


def test_marks_of_a_disabled_device_are_stored_acknowledged_and_out_of_the_totals(day: Day) -> None:
    device_id = register(day)
    assert day.take(day.mark(day.students[0], device=KIT)) == ["stored"]
    day.store.write_now(device_actions.disable_device, day.cast.sari, device_id)
    assert day.take(day.mark(day.students[1], device=KIT), day.mark(day.students[2])) == [
        "quarantined",
        "stored",
    ]
    assert day.quarantine() == ["", "device_disabled", ""]
    assert set(day.outcomes()) == {day.students[0], day.students[2]}
    day.store.write_now(device_actions.enable_device, day.cast.sari, device_id)
    assert day.take(day.mark(day.students[3], device=KIT)) == ["stored"]


def test_the_list_shows_last_contact_missing_numbers_and_devices_nobody_named(day: Day) -> None:
    register(day)
    with clock.fixed_at(WEDNESDAY):
        day.take(*(day.mark(day.students[0], device=KIT, seq=seq) for seq in (1, 2, 5, 9)))
        day.take(day.mark(day.students[1], device="kit-2", seq=1))
    first, second = day.store.read_now(device_queries.devices, day.cast.sari)
    assert (first.name, first.missing, first.missing_ranges) == ("Ponsel Tim A", 5, ((3, 4), (6, 8)))
    assert (first.last_officer, first.marks) == ("Budi Santosa", 4)
    assert first.last_contact is not None and first.last_contact.date() == WEDNESDAY
    assert (second.id, second.state, second.missing) == (None, DeviceState.UNREGISTERED, 0)
    day.store.write_now(device_actions.name_device, day.cast.sari, "kit-2", "Laptop Bayu")
    states = {one.name: one.state for one in day.store.read_now(device_queries.devices, day.cast.sari)}
    assert states["Laptop Bayu"] is DeviceState.REGISTERED


def test_what_the_program_marks_itself_is_no_device(quick_day: Day) -> None:
    day = quick_day
    day.store.write_now(
        actions.mark_by_hand, day.cast.sari, day.id, day.students[0], actions.Outcome.RECORDED, None, "f" * 32
    )
    assert day.store.read_now(device_queries.devices, day.cast.sari) == ()


def test_nobody_but_a_coordinator_of_the_office_sees_names_or_disables_devices(quick_day: Day) -> None:
    day = quick_day
    device_id = register(day)
    day.take(day.mark(day.students[0], device="kit-2"))
    for who in (day.cast.budi, day.cast.wahyu):
        for act in (device_actions.disable_device, device_actions.enable_device):
            with pytest.raises(Missing):
                day.store.write_now(act, who, device_id)
        with pytest.raises(Missing):
            day.store.write_now(device_actions.name_device, who, "kit-2", "x")
    with pytest.raises(Missing):
        day.store.read_now(device_queries.devices, day.cast.budi)
    assert day.store.read_now(device_queries.devices, day.cast.wahyu) == ()


@pytest.fixture
def site(sqlite_store: Store, quick_day: Day, tmp_path: Path) -> Iterator[Site]:
    with clock.fixed_at(WEDNESDAY), Site(sqlite_store, tmp_path) as running:
        yield running


def test_sari_makes_a_code_and_budi_types_it(site: Site, quick_day: Day) -> None:
    sari, budi = site.as_("sari"), site.as_("budi")
    assert sari.post("/devices", {"name": " "}).status == 422
    made = sari.follow(sari.post("/devices", {"name": "Ponsel Tim A"}))
    found = re.search(r'value="([A-Z2-9]{4}-[A-Z2-9]{4})"', made.text)
    assert found
    assert "data:image/svg+xml" in made.text
    assert 'menekan "Daftarkan perangkat ini"' in made.text
    assert 'href="/device">Daftarkan perangkat ini</a>' in budi.get("/").text
    wrong = budi.post("/device", {"code": "AAAA-AAAA", "device": KIT})
    assert wrong.status == 422
    assert 'value="AAAA-AAAA"' in wrong.text
    assert budi.post("/device", {"code": found[1], "device": "nonsense"}).status == 422
    done = budi.follow(budi.post("/device", {"code": found[1], "device": KIT}))
    assert "Perangkat ini terdaftar sebagai Ponsel Tim A." in done.text
    assert 'href="/device">Perangkat ini: Ponsel Tim A</a>' in done.text
    assert "Daftarkan perangkat ini" not in done.text
    listed = sari.get("/devices").text
    assert "Ponsel Tim A" in listed
    address = re.search(r'href="(/devices/\d+/disable)"', listed)
    assert address
    assert "Ponsel Tim A" in sari.get(address[1]).text
    sari.post(address[1])
    assert "Nonaktif" in sari.get("/devices").text
    assert site.as_("wahyu").post(address[1]).status == 404


def test_the_name_that_a_browser_kept_is_told_in_its_own_office_alone() -> None:
    kept = kept_name(7, "Ponsel Tim A")
    assert (name_kept(kept, 7), name_kept(kept, 77), name_kept("", 7)) == ("Ponsel Tim A", "", "")
