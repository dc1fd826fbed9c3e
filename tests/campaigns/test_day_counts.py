"""One rule for how far a day is, on the first pages, the wall and the page that closes it: never above the total."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from campaigns.actions import refresh_all_tallies, refresh_tallies
from campaigns.field import taking_actions
from campaigns.field.count_queries import DayCount, day_counts
from campaigns.field.queries import summary_page
from campaigns.models import Booking
from common.clock import fixed_at
from common.database import Store
from ground import field_day
from ground.field_day import WEDNESDAY
from ground.people import invite_everyone
from ground.site import Site


class Day:
    """Seven called, of whom one lost the place after the mark; two walked in."""

    def __init__(self, store: Store) -> None:
        self.store, self.cast = store, invite_everyone(store)
        self.campaign = field_day.open_campaign(store, self.cast)
        school = self.cast.ratnas_school
        called = field_day.add_students(store, self.cast, school, 8)
        walked_in = field_day.add_students(store, self.cast, school, 2, 9100)
        self.id = field_day.add_day(store, self.cast, self.campaign, school, called)
        outcomes = {
            **dict.fromkeys(called[:3], "recorded"),
            called[3]: "waiting",
            called[4]: "refused",
            called[5]: "taken_back",
            called[7]: "recorded",
            walked_in[0]: "recorded",
            walked_in[1]: "waiting",
        }
        marks = [self.mark(n, *its) for n, its in enumerate(outcomes.items(), 1)]
        answers = store.write_now(taking_actions.take_marks, self.cast.budi, self.id, marks)
        assert {answer.verdict.value for answer in answers} == {"stored"}
        store.write_now(lambda: Booking.delete().where(Booking.student == called[7]).execute())
        store.write_now(refresh_tallies, self.campaign, [school])
        store.write_now(refresh_all_tallies, self.campaign)

    def mark(self, n: int, student: int, outcome: str) -> dict[str, Any]:
        return {
            "uuid": f"count-{n:08d}",
            "student": student,
            "outcome": outcome,
            "reason": "uniform" if outcome == "refused" else "",
            "device": "kit-1",
            "seq": n,
            "lc": n,
            "supersedes": [],
        }


@pytest.fixture
def site(sqlite_store: Store, tmp_path: Path) -> Iterator[Site]:
    Day(sqlite_store)
    with fixed_at(WEDNESDAY), Site(sqlite_store, tmp_path) as running:
        yield running


def test_who_is_marked_without_a_place_is_counted_beside_the_total(store: Store) -> None:
    day = Day(store)
    counts = {who: store.read_now(day_counts, who, [day.id]) for who in (day.cast.sari, day.cast.ratna)}
    count = DayCount(called=7, done=5, recorded=3, waiting=1, extra=3, extra_recorded=2)
    assert all(found == {day.id: count} for found in counts.values())


def test_a_school_is_told_of_its_own_students_alone(store: Store) -> None:
    day = Day(store)
    assert store.read_now(day_counts, day.cast.joko, [day.id]) == {day.id: DayCount()}


def test_the_page_that_closes_the_day_counts_the_same(store: Store) -> None:
    day = Day(store)
    page = store.read_now(summary_page, day.cast.budi, day.id)
    count = store.read_now(day_counts, day.cast.budi, [day.id])[day.id]
    outcomes = page.total.outcomes
    assert (page.total.planned, outcomes["recorded"], outcomes["waiting"]) == (
        count.called,
        count.recorded,
        count.waiting,
    )


@pytest.mark.parametrize("username", ["sari", "budi"])
def test_the_first_pages_say_it_alike(site: Site, username: str) -> None:
    page = site.as_(username).get("/").text
    assert "5 dari 7 sudah ditandai, +3 tambahan" in page


def test_the_wall_keeps_those_who_wait_for_the_data_centre_apart(site: Site) -> None:
    page = " ".join(site.as_("lina").get("/wall").text.split())
    assert "3 dari 7 sudah rekam, 1 menunggu pusat data, +3 tambahan" in page
    assert "Hari ini: 5 siswa" in page
