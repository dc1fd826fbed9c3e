"""The state of a recording day follows its marks: the first opens it, the last one taken back undoes that."""

from __future__ import annotations

import json

import pytest
from test_field_marks import Day

from campaigns.attendance import DayState, Outcome
from campaigns.booking import day_actions
from campaigns.field import actions, closing_actions, quick_actions, quick_queries
from campaigns.field.received import state_without_marks
from campaigns.models import RecordingDay
from common import clock
from common.database import Store
from ground import field_day
from ground.field_day import WEDNESDAY


class Tapped(Day):
    """The day, on which a tap is recorded and taken back again."""

    def record(self, n: int) -> str:
        mark = self.mark(self.students[n])
        assert self.take(mark) == ["stored"]
        return str(mark["uuid"])

    def take_back(self, n: int, uuid: str) -> None:
        assert self.take(self.mark(self.students[n], "taken_back", supersedes=[uuid])) == ["stored"]


@pytest.mark.parametrize(
    ("is_confirmed", "is_change_asked", "was_reopened", "to"),
    [
        (True, False, False, DayState.CONFIRMED),
        (True, True, False, DayState.CONFIRMED),  # another day was asked for first, then this one confirmed
        (False, True, False, DayState.CHANGE_ASKED),
        (False, False, False, DayState.PROPOSED),
        (True, False, True, DayState.OPEN),
    ],
)
def test_an_open_day_without_marks_goes_back_to_where_it_was(
    is_confirmed: bool, is_change_asked: bool, was_reopened: bool, to: DayState
) -> None:
    assert state_without_marks(DayState.OPEN, is_confirmed, is_change_asked, was_reopened) is to


def test_a_day_that_no_mark_had_opened_stays_what_it_is() -> None:
    for state in set(DayState) - {DayState.OPEN}:
        assert state_without_marks(state, True, False, False) is state


@pytest.mark.parametrize("state", ["confirmed", "proposed"])
def test_the_last_mark_taken_back_takes_the_opening_back(store: Store, state: str) -> None:
    day = Tapped(store, state)
    first, second = day.record(0), day.record(1)
    assert day.state() == "open"
    day.take_back(0, first)
    assert day.state() == "open"
    day.take_back(1, second)
    assert day.state() == state
    day.record(2)
    assert day.state() == "open"


def test_a_mark_and_its_taking_back_in_one_batch_open_nothing(store: Store) -> None:
    day = Tapped(store)
    mark = day.mark(day.students[0], "recorded")
    day.take(mark, day.mark(day.students[0], "taken_back", supersedes=[mark["uuid"]]))
    assert day.state() == "confirmed"


def test_a_wish_for_another_day_stands_again_with_the_dates_the_school_offered(store: Store) -> None:
    day = Tapped(store, "proposed")
    with clock.fixed_at(field_day.MADE.date()):
        day.store.write_now(
            day_actions.ask_for_another_day, day.cast.ratna, day.id, (WEDNESDAY.replace(day=19),), ""
        )
    day.take_back(0, day.record(0))
    assert day.state() == "change_asked"
    reason = day.store.read_now(lambda: RecordingDay.get_by_id(day.id).reason)
    assert json.loads(reason)["offered"] == ["2026-08-19"]


def test_the_school_can_ask_for_another_day_again_after_a_mark_made_by_mistake(store: Store) -> None:
    day = Tapped(store)
    day.take_back(0, day.record(0))
    with clock.fixed_at(field_day.MADE.date()):
        day.store.write_now(day_actions.ask_for_another_day, day.cast.ratna, day.id, (), "Ada ujian")
    assert day.state() == "change_asked"


def test_a_closed_day_and_one_opened_again_by_a_coordinator_stay_so(store: Store) -> None:
    day = Tapped(store)
    uuid = day.record(0)
    with clock.fixed_at(WEDNESDAY):
        day.store.write_now(closing_actions.close_day, day.cast.budi, day.id)
    back = day.mark(day.students[0], "taken_back", supersedes=[uuid])
    day.take(back)
    assert day.state() == "closed"
    day.store.write_now(closing_actions.reopen_day, day.cast.sari, day.id, "Salah hari")
    day.take_back(1, day.record(1))
    assert day.state() == "open"


def test_a_day_goes_back_too_when_typed_lines_or_a_mark_by_hand_are_taken_back(store: Store) -> None:
    day = Tapped(store)
    seen = day.store.read_now(quick_queries.quick_page, day.cast.sari, day.id, "1-3 r").seen
    day.store.write_now(quick_actions.store_lines, day.cast.sari, day.id, "1-3 r", seen, "lines")
    assert day.state() == "open"
    day.store.write_now(quick_actions.take_lines_back, day.cast.sari, day.id, "lines")
    assert day.state() == "confirmed"
    for n, outcome in enumerate((Outcome.RECORDED, Outcome.TAKEN_BACK)):
        day.store.write_now(
            actions.mark_by_hand, day.cast.budi, day.id, day.students[0], outcome, None, f"by-hand-{n}"
        )
    assert day.state() == "confirmed"
