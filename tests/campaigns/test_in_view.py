"""The programme that runs is in view; another is prepared without taking its place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.in_view import ProgrammeState, state_of, view_rank
from common.clock import fixed_at
from common.database import Store
from ground.people import Cast, invite_everyone
from ground.site import Site

TODAY = date(2026, 10, 12)
DATES = st.dates(date(2024, 1, 1), date(2030, 1, 1))


@pytest.mark.parametrize(
    ("first", "voting", "state"),
    [
        (date(2026, 10, 13), date(2027, 2, 1), ProgrammeState.TO_COME),
        (date(2026, 10, 12), date(2027, 2, 1), ProgrammeState.RUNNING),
        (date(2026, 1, 1), date(2026, 10, 12), ProgrammeState.RUNNING),
        (date(2026, 1, 1), date(2026, 10, 11), ProgrammeState.OVER),
    ],
)
def test_a_programme_runs_from_its_first_day_to_voting_day(
    first: date, voting: date, state: ProgrammeState
) -> None:
    assert state_of(first, voting, TODAY) is state


def test_of_several_the_nearest_is_in_view() -> None:
    running = (date(2026, 9, 1), date(2027, 2, 1), False)
    runs_longer = (date(2026, 10, 1), date(2027, 9, 1), False)
    soon = (date(2026, 11, 1), date(2027, 2, 1), False)
    later = (date(2027, 1, 1), date(2027, 2, 1), False)
    just_over = (date(2026, 1, 1), date(2026, 10, 1), False)
    long_over = (date(2024, 1, 1), date(2024, 2, 14), False)
    closed = (date(2026, 9, 1), date(2027, 2, 1), True)
    expected = [running, runs_longer, soon, later, just_over, long_over, closed]
    assert sorted((*expected[3:], *expected[:3]), key=lambda one: view_rank(*one, TODAY)) == expected


@given(DATES, DATES, st.booleans(), DATES)
def test_one_that_runs_comes_before_any_that_does_not(
    first: date, voting: date, closed: bool, today: date
) -> None:
    running = view_rank(today, today, False, today)
    assert running <= view_rank(first, max(first, voting), closed, today)


@pytest.fixture
def cast(sqlite_store: Store) -> Cast:
    return invite_everyone(sqlite_store)


@pytest.fixture
def site(sqlite_store: Store, cast: Cast, tmp_path: Path) -> Iterator[Site]:
    with fixed_at(datetime(2026, 10, 12, 2)), Site(sqlite_store, tmp_path) as running:
        yield running


def form(site: Site, name: str, year: int) -> dict[str, object]:
    """The programme's form for a voting day in February after that year."""
    team = site.as_("sari").post("/teams", {"name": f"Tim {name}", "kits": "2", "weekdays": "12345"})
    assert team.status == 303
    return {
        "name": name,
        "from_date": f"{year}-09-01",
        "to_date": f"{year + 1}-01-31",
        "voting_day": f"{year + 1}-02-10",
        "voting_day_is_fixed": "fixed",
        "weekdays": list("12345"),
        "reserved_weekdays": ["5"],
        "rate_good": "25",
        "rate_poor": "10",
        "max_days_per_school": "2",
        "day_start": "08:00",
        "day_end": "14:00",
        "team_ids": ["1"],
    }


def test_a_new_programme_does_not_hide_the_one_that_runs(site: Site) -> None:
    sari, lina = site.as_("sari"), site.as_("lina")
    first = sari.post("/campaigns/new", form(site, "Pemula 2026", 2026)).headers["Location"]
    saved = sari.post("/campaigns/new", form(site, "Pemula 2027", 2027))
    page = sari.follow(saved).text
    assert "Halaman-halaman tetap menampilkan Pemula 2026" in page
    assert "Tampilkan program ini" in page
    assert f'href="{first}">Pemula 2026</a>' in sari.get("/").text

    second = saved.headers["Location"]
    shown = sari.follow(sari.post(f"{second}/show"))
    assert "Sampai besok Anda melihat halaman Pemula 2027" in shown.text
    assert "Tampilkan program ini" not in shown.text
    for path in ("/", "/plan", "/coverage"):
        assert f'href="{second}">Pemula 2027</a>' in sari.get(path).text
    assert f'href="{first}">Pemula 2026</a>' in lina.get("/").text, "others see the one that runs"
    with fixed_at(datetime(2026, 10, 13, 3)):
        assert f'href="{first}">Pemula 2026</a>' in site.as_("sari").get("/").text


def test_a_new_programme_is_in_view_at_once_where_the_last_one_is_over(site: Site) -> None:
    site.as_("sari").post("/campaigns/new", form(site, "Pemula 2026", 2026))
    with fixed_at(datetime(2027, 6, 1, 2)):
        sari = site.as_("sari")
        page = sari.follow(sari.post("/campaigns/new", form(site, "Pemula 2027", 2027))).text
    assert "tetap menampilkan" not in page
    assert "Tampilkan program ini" not in page


def test_a_programme_of_another_office_is_not_shown(site: Site) -> None:
    sari = site.as_("sari")
    made = sari.post("/campaigns/new", form(site, "Pemula 2026", 2026)).headers["Location"]
    assert site.as_("wahyu").post(f"{made}/show").status == 404
    assert sari.post("/campaigns/999/show").status == 404


def test_a_programme_for_a_voting_day_that_was_is_refused(site: Site) -> None:
    answer = site.as_("sari").post("/campaigns/new", form(site, "Pemula 2024", 2024))
    assert answer.status == 422
    assert "Hari pemungutan suara: Hari pemungutan suara sudah lewat." in answer.text
    assert "Pemula 2024" in answer.text
