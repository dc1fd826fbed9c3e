"""The screen on the wall: figures without a person, new as soon as a mark comes in, honest when it hears nothing."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from campaigns.actions import refresh_all_tallies, refresh_tallies
from campaigns.progress import wall_queries
from campaigns.queries import CampaignCard
from common.access import Who
from common.clock import fixed_at
from common.database import Store
from ground.field_day import WEDNESDAY, add_day, add_students, open_campaign
from ground.people import PASSWORD, Cast, invite_everyone
from ground.site import Client, Site

if TYPE_CHECKING:
    from playwright.sync_api import Page

NINE = datetime(WEDNESDAY.year, WEDNESDAY.month, WEDNESDAY.day, 2)


@pytest.fixture
def cast(sqlite_store: Store) -> Cast:
    return invite_everyone(sqlite_store)


@pytest.fixture
def day(sqlite_store: Store, cast: Cast) -> tuple[int, list[int]]:
    campaign = open_campaign(sqlite_store, cast)
    students = add_students(sqlite_store, cast, cast.ratnas_school, 4)
    made = add_day(sqlite_store, cast, campaign, cast.ratnas_school, students)
    sqlite_store.write_now(refresh_tallies, campaign, [cast.ratnas_school])
    sqlite_store.write_now(refresh_all_tallies, campaign)
    return made, students


@pytest.fixture
def site(sqlite_store: Store, day: tuple[int, list[int]], tmp_path: Path) -> Iterator[Site]:
    with fixed_at(NINE), Site(sqlite_store, tmp_path) as running:
        yield running


def mark(client: Client, day: int, student: int, number: int) -> None:
    sent = {
        "uuid": f"wall-{student}-{number}",
        "student": student,
        "outcome": "recorded",
        "reason": "",
        "device": "hp-dinding",
        "seq": number,
        "lc": number,
        "supersedes": [],
        "device_time": "2026-08-12T09:00:00+07:00",
    }
    assert "stored" in client.post_json(f"/days/{day}/marks", {"marks": [sent]}).text


def news(response: http.client.HTTPResponse) -> Any:
    while True:
        line = response.readline().decode()
        assert line, "the stream ended"
        if line.startswith("data: "):
            return json.loads(line.removeprefix("data: "))


def follow(site: Site, client: Client) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
    cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    connection.request("GET", "/wall/live", headers={"Cookie": cookie, "Accept": "text/event-stream"})
    response = connection.getresponse()
    assert response.status == 200
    return response


def test_lina_sees_todays_days_and_no_student(site: Site) -> None:
    page = site.as_("lina").get("/wall").text
    assert "SMAN 1 SUKOHARJO" in page
    assert "0 dari 4 sudah rekam" in page
    assert "Lestari" not in page


def test_a_mark_is_on_the_wall_at_once(site: Site, day: tuple[int, list[int]]) -> None:
    day_id, students = day
    stream = follow(site, site.as_("lina"))
    assert "0 dari 4 sudah rekam" in news(stream)["shown"]
    mark(site.as_("budi"), day_id, students[0], 1)
    assert "1 dari 4 sudah rekam" in news(stream)["shown"]


def test_a_mark_that_comes_while_the_wall_is_first_read_is_shown(
    site: Site, day: tuple[int, list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    day_id, students = day
    budi, lina = site.as_("budi"), site.as_("lina")
    reads: list[None] = []

    def read_and_mark(who: Who, card: CampaignCard) -> wall_queries.WallPage:
        read = real(who, card)
        if not reads:
            mark(budi, day_id, students[0], 1)
        reads.append(None)
        return read

    real = wall_queries.wall_page
    monkeypatch.setattr(wall_queries, "wall_page", read_and_mark)
    stream = follow(site, lina)
    assert "0 dari 4 sudah rekam" in news(stream)["shown"]
    assert "1 dari 4 sudah rekam" in news(stream)["shown"]


def test_a_school_has_no_wall_and_another_office_none_of_this_one(site: Site) -> None:
    assert site.as_("ratna").get("/wall").status == 403
    assert "SMAN 1 SUKOHARJO" not in site.as_("wahyu").get("/wall").text


@pytest.mark.browser
def test_the_wall_follows_and_says_since_when_it_hears_nothing(
    site: Site, day: tuple[int, list[int]], page: Page
) -> None:
    page.goto(site.url + "/login")
    page.fill("#f-username", "lina")
    page.fill("#f-password", PASSWORD)
    page.press("#f-password", "Enter")
    page.wait_for_url(site.url + "/")
    page.goto(site.url + "/wall")
    page.wait_for_function("document.getElementById('wall-state').textContent.includes('09.00')")
    mark(site.as_("budi"), day[0], day[1][0], 1)
    page.wait_for_selector("text=1 dari 4 sudah rekam")

    page.context.set_offline(True)
    page.wait_for_selector("#wall-state.is-stale")
    assert "Terputus sejak pukul 09.00" in page.inner_text("#wall-state")
    assert page.is_visible("text=1 dari 4 sudah rekam")

    page.context.set_offline(False)
    page.wait_for_selector("#wall-state:not(.is-stale)")
