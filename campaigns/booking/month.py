"""Rule: a month as a calendar shows it, in weeks that begin on Monday."""

from __future__ import annotations

from datetime import date, timedelta


def month_of(day: date) -> date:
    """The first day of the month."""
    return day.replace(day=1)


def month_after(first: date) -> date:
    """The first day of the next month."""
    return month_of(first + timedelta(days=31))


def month_before(first: date) -> date:
    """The first day of the month before."""
    return month_of(first - timedelta(days=1))


def weeks_of(first: date) -> tuple[tuple[date, ...], ...]:
    """The weeks that hold a day of the month that begins on `first`, each of seven dates from Monday."""
    monday = first - timedelta(days=first.weekday())
    weeks = []
    while monday < month_after(first):
        weeks.append(tuple(monday + timedelta(days=n) for n in range(7)))
        monday += timedelta(days=7)
    return tuple(weeks)
