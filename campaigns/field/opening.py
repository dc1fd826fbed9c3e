"""Rule: when the office itself records, as a coordinator enters it, and what is wrong with what was typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
# Nobody records so many a day, nor visits so many homes: a slip of the finger.
MOST_PLACES = 300
MOST_VISITS = 50


@dataclass(frozen=True, slots=True)
class Opening:
    """When the office itself records and with which crew (None: not at all), and the homes a team visits a day."""

    team_id: int | None = None
    weekdays: str = ""
    starts_at: str = "08:00"
    ends_at: str = "12:00"
    places_a_day: int = 20
    home_visits_a_day: int = 6


class OpeningFault(StrEnum):
    """What is wrong with a field."""

    WEEKDAYS = "weekdays"  # a crew is named and no weekday
    TIME = "time"
    ORDER = "order"  # it ends before it starts
    PLACES = "places"
    VISITS = "visits"


def read_opening(form: Mapping[str, str]) -> tuple[Opening | None, dict[str, OpeningFault]]:
    """The opening typed, or None with a fault for each field at fault."""
    faults: dict[str, OpeningFault] = {}
    team = int(form["team"]) if form.get("team", "").isdecimal() else None
    weekdays = "".join(digit for digit in form.get("weekdays", "") if digit in "1234567")
    if team is not None and not weekdays:
        faults["weekdays"] = OpeningFault.WEEKDAYS
    starts, ends = form.get("starts_at", "")[:5], form.get("ends_at", "")[:5]
    for name, text in (("starts_at", starts), ("ends_at", ends)):
        if not _TIME.fullmatch(text):
            faults[name] = OpeningFault.TIME
    if not faults.keys() & {"starts_at", "ends_at"} and ends <= starts:
        faults["ends_at"] = OpeningFault.ORDER
    places = _count(form.get("places_a_day", ""), 1, MOST_PLACES)
    visits = _count(form.get("home_visits_a_day", ""), 0, MOST_VISITS)
    if places is None:
        faults["places_a_day"] = OpeningFault.PLACES
    if visits is None:
        faults["home_visits_a_day"] = OpeningFault.VISITS
    if faults or places is None or visits is None:
        return None, faults
    return Opening(team, weekdays, starts, ends, places, visits), {}


def form_of(opening: Opening) -> dict[str, str]:
    """The opening as its form shows it."""
    return {
        "team": str(opening.team_id or ""),
        "weekdays": opening.weekdays,
        "starts_at": opening.starts_at,
        "ends_at": opening.ends_at,
        "places_a_day": str(opening.places_a_day),
        "home_visits_a_day": str(opening.home_visits_a_day),
    }


def _count(text: str, least: int, most: int) -> int | None:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else -1
    return number if least <= number <= most else None
