"""Prepared queries: the library's text, kept, on both databases."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from peewee import IntegrityError

from accounts.models import Office
from campaigns.models import Campaign
from common import clock
from common.database import Store, insert_rows
from common.prepared import Prepared

MOMENT = datetime(2026, 8, 3, 1, 2, 3)
NAMES = Prepared(
    lambda given: (
        Office.select(Office.id, Office.name)
        .where(given.among(Office.name, "names"), Office.id > given("after"))
        .order_by(Office.id)
    )
)
RENAMED = Prepared(lambda given: Office.update(name=given("name")).where(given.among(Office.id, "offices")))
ENDS = Prepared(lambda given: Campaign.select(Campaign.to_date).where(Campaign.to_date >= given("since")))

MADE = Prepared(
    lambda given: Campaign.select(Campaign.voting_day_is_fixed, Campaign.created_at, Campaign.closed_at)
)


def _offices(*names: str) -> list[int]:
    return [
        Office.create(name=name, government="", region_code="33.11", created_at=clock.now()).id
        for name in names
    ]


def test_a_query_is_asked_with_other_values_each_time(store: Store) -> None:
    first, second, third = store.write_now(_offices, "Klaten", "Sukoharjo", "Wonogiri")

    def asked(names: set[str], after: int = 0) -> list[int]:
        return [row[0] for row in store.read_now(NAMES.rows, names=names, after=after)]

    assert asked({"Klaten", "Wonogiri"}) == [first, third]
    assert asked({"Klaten", "Wonogiri"}, after=first) == [third]
    assert asked({"Su'; DROP TABLE office; --", "Sukoharjo"}) == [second]
    assert asked(set()) == []


def test_an_act_answers_how_many_rows_it_changed(store: Store) -> None:
    first, second, _ = store.write_now(_offices, "Klaten", "Sukoharjo", "Wonogiri")
    assert store.write_now(RENAMED.execute, name="Satu", offices=[first, second]) == 2
    assert store.write_now(RENAMED.execute, name="Satu", offices=[]) == 0
    names = store.read_now(lambda: [office.name for office in Office.select().order_by(Office.id)])
    assert names == ["Satu", "Satu", "Wonogiri"]


def _campaign(office: int) -> None:
    Campaign.create(
        office=office,
        name="Perekaman pemula",
        from_date=date(2026, 8, 3),
        to_date=date(2026, 12, 18),
        voting_day=date(2027, 2, 10),
        voting_day_is_fixed=False,
        latest_useful_day=date(2027, 2, 9),
        created_at=MOMENT,
    )


def test_dates_moments_and_yes_and_no_come_back_as_such(store: Store) -> None:
    (office,) = store.write_now(_offices, "Klaten")
    store.write_now(_campaign, office)
    assert store.read_now(ENDS.rows, since=date(2026, 12, 18)) == [(date(2026, 12, 18),)]
    assert store.read_now(ENDS.rows, since=date(2026, 12, 19)) == []
    ((is_fixed, created_at, closed_at),) = store.read_now(MADE.rows)
    assert is_fixed is False
    assert (created_at, closed_at) == (MOMENT, None)


def test_a_row_takes_the_place_of_the_one_with_its_key(store: Store) -> None:
    def write(names: list[tuple[int, str]], replacing: tuple[str, ...] = ()) -> None:
        rows = [(office, name, "", "33.11", clock.now()) for office, name in names]
        insert_rows("office", ("id", "name", "government", "region_code", "created_at"), rows, replacing)

    store.write_now(write, [(7, "Klaten"), (8, "Sukoharjo")])
    with pytest.raises(IntegrityError):
        store.write_now(write, [(7, "Klaten baru")])
    store.write_now(write, [(7, "Klaten baru"), (9, "Wonogiri")], ("id",))
    names = store.read_now(lambda: {office.id: office.name for office in Office.select()})
    assert names == {7: "Klaten baru", 8: "Sukoharjo", 9: "Wonogiri"}
