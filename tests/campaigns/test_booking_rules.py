"""The pure rules of booking: what a programme's form may say, how two schools share a day, what a month looks like."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.booking.hours import Hours, OnTheDay, TeamDayFull, hours_of
from campaigns.booking.month import month_after, month_before, weeks_of
from campaigns.booking.settings import PauseTyped, pause_rows, read_settings, typed

FORM = {
    "name": "Perekaman pemula 2026",
    "from_date": "2026-08-03",
    "to_date": "2026-11-20",
    "voting_day": "2026-11-25",
    "voting_day_is_fixed": "fixed",
    "weekdays": "12345",
    "reserved_weekdays": "5",
    "rate_good": "25",
    "rate_poor": "10",
    "max_days_per_school": "2",
    "latest_useful_day": "",
    "day_start": "08:00",
    "day_end": "14:00",
}


def faults(**changes: str) -> dict[str, str]:
    """The fields at fault, and why, when this is typed."""
    return {name: fault.value for name, fault in read_settings({**FORM, **changes}, ["1"], [])[1].items()}


def test_an_empty_latest_useful_day_is_the_day_before_voting() -> None:
    settings, wrong = read_settings(FORM, ["2", "1"], [])
    assert wrong == {}
    assert settings is not None
    assert settings.latest_useful_day == date(2026, 11, 24)
    assert settings.team_ids == (1, 2)


def test_what_was_saved_is_what_the_form_shows_again() -> None:
    pause = {"from": "2026-10-05", "to": "2026-10-09", "reason": "Sumatif", "urgent": "1"}
    settings, _ = read_settings(FORM, ["1"], [{}, pause])
    assert settings is not None
    assert settings.pauses == (PauseTyped(date(2026, 10, 5), date(2026, 10, 9), "Sumatif", True),)
    form, teams, pauses = typed(settings)
    assert read_settings(form, teams, pauses)[0] == settings
    assert pause_rows(pauses) == [pause, {}, {}]


@pytest.mark.parametrize(
    ("wrong", "field", "why"),
    [
        ({"to_date": "2026-08-01"}, "to_date", "ends_before_start"),
        ({"to_date": "2036-08-01"}, "to_date", "window_too_long"),
        ({"voting_day": "2026-08-02"}, "voting_day", "voting_before_start"),
        ({"latest_useful_day": "2026-08-01"}, "latest_useful_day", "useful_before_start"),
        ({"latest_useful_day": "2026-12-01"}, "latest_useful_day", "useful_after_voting"),
        ({"latest_useful_day": "besok"}, "latest_useful_day", "date_missing"),
        ({"from_date": "0026-08-03"}, "from_date", "date_missing"),
        ({"weekdays": ""}, "weekdays", "no_weekday"),
        ({"weekdays": "5"}, "reserved_weekdays", "all_reserved"),
        ({"rate_poor": "0"}, "rate_poor", "rate"),
        ({"rate_good": "12.5"}, "rate_good", "rate"),
        ({"rate_good": "٢"}, "rate_good", "rate"),
        ({"max_days_per_school": "11"}, "max_days_per_school", "days_a_school"),
        ({"day_start": "25:00"}, "day_start", "hour"),
        ({"day_end": "08:15"}, "day_end", "hours_too_short"),
        ({"name": ""}, "name", "name_missing"),
    ],
)
def test_what_is_impossible_is_named_at_its_field(wrong: dict[str, str], field: str, why: str) -> None:
    assert faults(**wrong)[field] == why


@pytest.mark.parametrize("ids", [[], ["x"], ["-1"], ["9" * 30]])
def test_a_programme_without_a_team_is_refused(ids: list[str]) -> None:
    assert read_settings(FORM, ids, [])[1]["team_ids"].value == "no_team"


@pytest.mark.parametrize(
    ("pause", "field"),
    [
        ({"from": "2026-10-05", "to": "2026-10-01", "reason": "x"}, "pause_to_1"),
        ({"from": "2026-10-05", "to": "", "reason": "x"}, "pause_to_1"),
        ({"from": "2026-10-05", "to": "2026-10-09", "reason": ""}, "pause_reason_1"),
    ],
)
def test_a_pause_needs_dates_in_order_and_a_reason(pause: dict[str, str], field: str) -> None:
    assert field in read_settings(FORM, ["1"], [pause])[1]


@given(st.dictionaries(st.sampled_from(sorted(FORM)), st.text(max_size=12)))
def test_whatever_is_typed_gets_an_answer(changes: dict[str, str]) -> None:
    settings, wrong = read_settings({**FORM, **changes}, ["1"], [])
    assert (settings is None) == bool(wrong)


# a team of two kits at 10 a day: 20 units, one each
UNITS = 20


def test_a_school_alone_has_the_whole_day() -> None:
    assert hours_of([OnTheDay(5, 1)], UNITS, "08:00", "14:00") == [Hours(True, True, "08:00", "14:00", 20)]


def test_two_schools_share_the_day_by_need_and_halve_what_is_left() -> None:
    first, second = hours_of([OnTheDay(12, 1), OnTheDay(4, 1)], UNITS, "08:00", "14:00")
    assert (first.capacity, second.capacity) == (14, 6)
    assert (first.starts_at, first.ends_at, second.starts_at, second.ends_at) == (
        "08:00",
        "12:00",
        "12:00",
        "14:00",
    )


def test_three_schools_or_two_that_are_too_large_do_not_share_a_day() -> None:
    with pytest.raises(TeamDayFull):
        hours_of([OnTheDay(1, 1)] * 3, UNITS, "08:00", "14:00")
    with pytest.raises(TeamDayFull):
        hours_of([OnTheDay(12, 1), OnTheDay(9, 1)], UNITS, "08:00", "14:00")


def test_what_a_school_was_told_stays_when_another_comes_beside_it() -> None:
    late = Hours(True, True, "11:00", "14:00", 9)
    for order in (0, 1):
        visits = [OnTheDay(6, 1), OnTheDay(8, 1, late)]
        answer = hours_of(visits[::-1] if order else visits, UNITS, "08:00", "14:00")
        new, told = answer[::-1] if order else answer
        assert (told.starts_at, told.ends_at, told.capacity) == ("11:00", "14:00", 9)
        assert (told.morning, told.afternoon, new.morning, new.afternoon) == (False, True, True, False)
        assert (new.starts_at, new.ends_at, new.capacity) == ("08:00", "11:00", 11)


@given(
    st.integers(1, 20),
    st.integers(1, 20),
    st.sampled_from([1, 2, 5]),
    st.sampled_from([1, 2, 5]),
    st.booleans(),
)
def test_a_shared_day_is_never_overfull(a: int, b: int, cost_a: int, cost_b: int, told: bool) -> None:
    whole = Hours(True, True, "08:00", "14:00", 100 // cost_a)
    visits = [OnTheDay(a, cost_a, whole if told else None), OnTheDay(b, cost_b)]
    try:
        first, second = hours_of(visits, 100, "08:00", "14:00")
    except TeamDayFull:
        assert a * cost_a + b * cost_b > 100
        return
    assert first.capacity >= a
    assert second.capacity >= b
    assert first.capacity * cost_a + second.capacity * cost_b <= 100
    assert first.ends_at <= second.starts_at
    assert (first.morning, first.afternoon, second.morning, second.afternoon) == (True, False, False, True)


def test_a_month_is_shown_in_whole_weeks_from_monday() -> None:
    weeks = weeks_of(date(2026, 8, 1))
    assert weeks[0][0] == date(2026, 7, 27)
    assert weeks[-1][-1] == date(2026, 9, 6)
    assert all(len(week) == 7 for week in weeks)
    assert month_before(date(2026, 1, 1)) == date(2025, 12, 1)
    assert month_after(date(2026, 12, 1)) == date(2027, 1, 1)
