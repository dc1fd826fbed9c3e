"""Where the lines and columns of the charts stand."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from campaigns.charts import FLOOR, TOP, burn_up, day_bars, steps

FIRST, LAST, VOTING = date(2026, 9, 1), date(2026, 12, 18), date(2027, 2, 10)
COUNTS = st.dictionaries(st.dates(FIRST, LAST), st.integers(1, 300), max_size=40)


@given(st.integers(1, 10**7))
def test_the_grid_is_a_few_round_figures_that_reach_the_highest(highest: int) -> None:
    found = steps(highest)
    assert 1 <= len(found) <= 4
    assert found[-1] >= highest > found[-1] - found[0]
    assert found[0] == int(str(found[0])[0]) * 10 ** (len(str(found[0])) - 1)


@given(COUNTS, st.dates(FIRST, VOTING))
def test_the_line_never_falls_and_ends_at_what_is_recorded(counts: dict[date, int], today: date) -> None:
    days = sorted(counts.items())
    chart = burn_up(days, 12_000, FIRST, LAST, today, VOTING)
    points = [tuple(map(float, point.split(","))) for point in chart.recorded.split()]
    assert all(x <= later for (x, _), (later, _) in itertools.pairwise(points))
    assert all(y >= later for (_, y), (_, later) in itertools.pairwise(points))
    assert chart.now == sum(counts.values())
    assert abs(points[-1][1] - (100 - 100 * chart.now / chart.grid[-1].value)) < 0.01  # type: ignore[operator]


def test_the_needed_line_stands_at_the_whole_target_on_the_last_day() -> None:
    assert burn_up([], 100, FIRST, LAST, LAST, VOTING).needed_now == 100
    assert burn_up([], 100, FIRST, LAST, FIRST, VOTING).needed_now == 0
    assert burn_up([], 100, FIRST, LAST, VOTING, VOTING).needed_now == 100


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=24)
)
def test_the_parts_of_a_column_stand_on_each_other_from_the_floor(some: list[tuple[int, int, int]]) -> None:
    chart = day_bars([(FIRST + timedelta(days=n), parts) for n, parts in enumerate(some)])
    highest = chart.grid[-1].value
    for bar, parts in zip(chart.bars, some, strict=True):
        low = FLOOR
        for (top, height), count in zip(bar.parts, parts, strict=True):
            assert abs(top + height - low) < 0.02
            assert abs(height - (FLOOR - TOP) * count / highest) < 0.03  # type: ignore[operator]
            low = top
        assert bar.x >= 0 and bar.x + bar.width <= 100.01
