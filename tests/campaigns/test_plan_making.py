"""A plan that takes longer is followed on its page, and stopped with the best found so far; over HTTP."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from campaigns.booking import making_handlers
from campaigns.planning import Progress, Watch, make_plan
from campaigns.scheduling import Bound, Plan, Problem
from common import clock
from common.database import Store
from ground.booking_office import MONDAY, Office, open_office
from ground.site import Site


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


class Slow:
    """A planner that goes on until it is stopped, or let go."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.was_stopped = False

    def __call__(self, problem: Problem, watch: Watch) -> Plan:
        while not self.go.is_set():
            if watch(Progress(500, 2000, 90, 114, 3000, Bound(114, 114, 4000))):
                self.was_stopped = True
                break
            time.sleep(0.01)
        return make_plan(problem)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    planner = Slow()
    monkeypatch.setattr(making_handlers, "make_plan", planner)
    monkeypatch.setattr(making_handlers, "WAIT", 0.1)
    yield planner
    planner.go.set()


def test_a_long_planning_shows_how_far_it_is_and_goes_on_by_itself(
    site: Site, quick: Office, slow: Slow
) -> None:
    sari, address = site.as_("sari"), f"/campaigns/{quick.campaign}"
    answer = sari.post(f"{address}/plan")
    assert answer.headers["Location"] == f"{address}/making"
    assert f'action="{address}/making/stop"' in sari.follow(answer).text
    told = sari.get(f"{address}/making/progress").json
    assert (told["value"], told["max"], told["done"]) == (500, 2000, False)
    assert "114" in told["left"]
    assert sari.post(f"{address}/plan").headers["Location"] == f"{address}/making", (
        "a second press begins no other"
    )
    assert quick.days() == []

    slow.go.set()
    for _ in range(100):
        told = sari.get(f"{address}/making/progress").json
        if told["done"]:
            break
        time.sleep(0.05)
    assert told["next"] == f"{address}/making"
    assert sari.get(f"{address}/making").headers["Location"] == "/plan"
    assert quick.days()
    assert not slow.was_stopped


def test_a_long_planning_is_stopped_with_the_best_so_far(site: Site, quick: Office, slow: Slow) -> None:
    sari, address = site.as_("sari"), f"/campaigns/{quick.campaign}"
    sari.post(f"{address}/plan")
    assert sari.post(f"{address}/making/stop").headers["Location"] == "/plan"
    assert slow.was_stopped
    assert quick.days()


def test_nobody_else_follows_or_stops_it(site: Site, quick: Office, slow: Slow) -> None:
    sari, address = site.as_("sari"), f"/campaigns/{quick.campaign}"
    sari.post(f"{address}/plan")
    wahyu = site.as_("wahyu")
    assert wahyu.get(f"{address}/making/progress").status == 404
    assert wahyu.post(f"{address}/making/stop").status == 404
    assert wahyu.post(f"{address}/plan").status == 404
    assert not slow.was_stopped
