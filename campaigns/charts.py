"""Rule: where the lines, bars and labels of a chart stand, in points and percentages. Words and colours: the template.

Widths are percentages, heights points of a plot: so a chart is as wide as the page while its text keeps its size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

TOP, FLOOR = 20.0, 220.0
"""The plot's highest and lowest line, in points from the top of the drawing."""
MONTHS_APART = 14
"""Percent of the width below which two names of months would touch."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A line of the grid, or a month: where it is (points down, or percent across) and what stands there."""

    at: float
    value: int | date


@dataclass(frozen=True, slots=True)
class BurnUp:
    """Recorded day by day against the line that is needed. Lines are points of a square of 100 by 100."""

    recorded: str
    needed: str
    grid: tuple[Mark, ...]
    months: tuple[Mark, ...]
    today: float
    voting: float
    now: int
    needed_now: int
    target: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A day's column: its place across and how high its parts are, from the floor up."""

    x: float
    width: float
    parts: tuple[tuple[float, float], ...]
    date: date
    label: bool


@dataclass(frozen=True, slots=True)
class Bars:
    """Columns of days with the lines of the grid."""

    bars: tuple[Bar, ...]
    grid: tuple[Mark, ...]


def steps(highest: int, most: int = 4) -> tuple[int, ...]:
    """Round figures for the lines of a grid, from the first above 0 to the one that reaches `highest`."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            step = factor * size
            count = -(-highest // step)
            if count <= most:
                return tuple(step * n for n in range(1, max(1, count) + 1))
        size *= 10


def burn_up(
    days: Sequence[tuple[date, int]], target: int, starts: date, ends: date, today: date, voting_day: date
) -> BurnUp:
    """The chart of students recorded on each date, in order of date; the needed line runs evenly from the programme's
    first day to its last.
    """
    grid = steps(max(target, 1))
    first = min([starts, *(day for day, _ in days)])
    span = max(1, (max(voting_day, ends) - first).days)

    def across(day: date) -> float:
        return round(100 * min(max(0, (day - first).days), span) / span, 2)

    def down(count: float) -> float:
        return round(100 - 100 * count / grid[-1], 2)

    points = [(0.0, down(0))]
    done = 0
    for (day, _), total in zip(days, accumulate(count for _, count in days), strict=True):
        points += [(across(day), down(done)), (across(day), down(total))]
        done = total
    points.append((max(across(today), points[-1][0]), down(done)))
    length = max(1, (ends - starts).days)
    gone = min(max(0, (today - starts).days), length)
    return BurnUp(
        recorded=_line(points),
        needed=_line([(across(starts), down(0)), (across(ends), down(target)), (100.0, down(target))]),
        grid=tuple(Mark(_height(count, grid[-1]), count) for count in grid),
        months=_months(first, max(voting_day, ends), across),
        today=across(today),
        voting=across(voting_day),
        now=done,
        needed_now=round(target * gone / length),
        target=target,
    )


def day_bars(days: Sequence[tuple[date, tuple[int, ...]]]) -> Bars:
    """A column a day with its parts on top of each other, the first at the floor; every few days carry their date."""
    grid = steps(max([1, *(sum(parts) for _, parts in days)]), 3)
    width = 100 / max(8, len(days))
    every = -(-len(days) // 5)
    bars = []
    for n, (day, parts) in enumerate(days):
        tops = [_height(count, grid[-1]) for count in accumulate(parts)]
        floors = [FLOOR, *tops]
        stacked = tuple((top, round(low - top, 2)) for top, low in zip(tops, floors, strict=False))
        bars.append(Bar(round(n * width, 2), round(width * 0.72, 2), stacked, day, n % every == 0))
    return Bars(tuple(bars), tuple(Mark(_height(count, grid[-1]), count) for count in grid))


def _height(count: float, highest: int) -> float:
    return round(FLOOR - (FLOOR - TOP) * count / highest, 2)


def _line(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)


def _months(first: date, last: date, across: object) -> tuple[Mark, ...]:
    assert callable(across)
    found: list[Mark] = []
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        day = date(year, month, 1)
        if day >= first and (not found or across(day) - found[-1].at >= MONTHS_APART) and across(day) <= 90:
            found.append(Mark(across(day), day))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return tuple(found)
