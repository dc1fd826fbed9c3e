"""Rule: the settings of a recording programme as someone typed them, and what is impossible about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

LONGEST_WINDOW = timedelta(days=3 * 366)
MOST_PAUSES = 12
MOST_RATE = 200
MOST_DAYS_A_SCHOOL = 10

# the answers of the form that are one word each, and what a new programme begins with
TYPED = (
    "name",
    "from_date",
    "to_date",
    "voting_day",
    "voting_day_is_fixed",
    "rate_good",
    "rate_poor",
    "max_days_per_school",
    "latest_useful_day",
    "day_start",
    "day_end",
)
NEW: Mapping[str, str] = {
    "voting_day_is_fixed": "fixed",
    "weekdays": "12345",
    "reserved_weekdays": "5",
    "rate_good": "25",
    "rate_poor": "10",
    "max_days_per_school": "2",
    "day_start": "08:00",
    "day_end": "14:00",
}

# answers by name, chosen teams, pauses: the form as somebody typed it
Typed = tuple[dict[str, str], list[str], list[dict[str, str]]]


class Fault(StrEnum):
    """What is wrong with one answer of the form."""

    NAME_MISSING = "name_missing"
    DATE_MISSING = "date_missing"
    ENDS_BEFORE_START = "ends_before_start"
    WINDOW_TOO_LONG = "window_too_long"
    VOTING_BEFORE_START = "voting_before_start"
    VOTING_PAST = "voting_past"
    USEFUL_BEFORE_START = "useful_before_start"
    USEFUL_AFTER_VOTING = "useful_after_voting"
    NO_WEEKDAY = "no_weekday"
    ALL_RESERVED = "all_reserved"
    RATE = "rate"
    DAYS_A_SCHOOL = "days_a_school"
    HOUR = "hour"
    HOURS_TOO_SHORT = "hours_too_short"
    NO_TEAM = "no_team"
    PAUSE_DATES = "pause_dates"
    PAUSE_REASON = "pause_reason"


@dataclass(frozen=True, slots=True)
class PauseTyped:
    """Dates on which the programme rests, why, and whether urgent cases may still come."""

    from_date: date
    to_date: date
    reason: str
    urgent_allowed: bool = False


@dataclass(frozen=True, slots=True)
class CampaignSettings:
    """A programme's settings, all possible. Weekdays are ISO numbers as text: "12345"."""

    name: str
    from_date: date
    to_date: date
    voting_day: date
    voting_day_is_fixed: bool
    weekdays: str
    reserved_weekdays: str
    rate_good: int
    rate_poor: int
    max_days_per_school: int
    latest_useful_day: date
    day_start: str
    day_end: str
    team_ids: tuple[int, ...]
    pauses: tuple[PauseTyped, ...] = ()


def read_settings(
    form: Mapping[str, str], team_ids: Sequence[str], pauses: Sequence[Mapping[str, str]]
) -> tuple[CampaignSettings | None, dict[str, Fault]]:
    """The settings, or None and what is wrong by field. An empty latest useful day is the day before voting.

    A pause is a mapping with from, to, reason, urgent; one with nothing in it is skipped.
    """
    faults: dict[str, Fault] = {}
    dates = {name: _date(form.get(name, "")) for name in ("from_date", "to_date", "voting_day")}
    for name, found in dates.items():
        if found is None:
            faults[name] = Fault.DATE_MISSING
    first, last, voting = dates["from_date"], dates["to_date"], dates["voting_day"]
    useful = _date(form.get("latest_useful_day", ""))
    if useful is None and form.get("latest_useful_day"):
        faults["latest_useful_day"] = Fault.DATE_MISSING
    if useful is None and voting is not None:
        useful = voting - timedelta(days=1)
    if first is not None and last is not None and voting is not None and useful is not None:
        faults |= _date_faults(first, last, voting, useful)
    if not form.get("name"):
        faults["name"] = Fault.NAME_MISSING
    weekdays, reserved = _weekdays(form.get("weekdays", "")), _weekdays(form.get("reserved_weekdays", ""))
    if not weekdays:
        faults["weekdays"] = Fault.NO_WEEKDAY
    elif not set(weekdays) - set(reserved):
        faults["reserved_weekdays"] = Fault.ALL_RESERVED
    numbers = {name: _whole(form.get(name, "")) for name in ("rate_good", "rate_poor", "max_days_per_school")}
    for name in ("rate_good", "rate_poor"):
        if not 1 <= numbers[name] <= MOST_RATE:
            faults[name] = Fault.RATE
    if not 1 <= numbers["max_days_per_school"] <= MOST_DAYS_A_SCHOOL:
        faults["max_days_per_school"] = Fault.DAYS_A_SCHOOL
    faults |= _hour_faults(form.get("day_start", ""), form.get("day_end", ""))
    teams = tuple(sorted({int(text) for text in team_ids if text.isdecimal() and len(text) < 19}))
    if not teams:
        faults["team_ids"] = Fault.NO_TEAM
    rests, pause_faults = _pauses(pauses)
    faults |= pause_faults
    if faults or first is None or last is None or voting is None or useful is None:
        return None, faults
    return (
        CampaignSettings(
            name=form["name"],
            from_date=first,
            to_date=last,
            voting_day=voting,
            voting_day_is_fixed=form.get("voting_day_is_fixed") == "fixed",
            weekdays=weekdays,
            reserved_weekdays=reserved,
            rate_good=numbers["rate_good"],
            rate_poor=numbers["rate_poor"],
            max_days_per_school=numbers["max_days_per_school"],
            latest_useful_day=useful,
            day_start=form["day_start"],
            day_end=form["day_end"],
            team_ids=teams,
            pauses=rests,
        ),
        {},
    )


def typed(settings: CampaignSettings) -> Typed:
    """The settings as the form shows them: answers by name, chosen teams, pauses."""
    form = {name: str(getattr(settings, name)) for name in (*TYPED, "weekdays", "reserved_weekdays")}
    form["voting_day_is_fixed"] = "fixed" if settings.voting_day_is_fixed else "estimated"
    pauses = [
        {
            "from": pause.from_date.isoformat(),
            "to": pause.to_date.isoformat(),
            "reason": pause.reason,
            "urgent": "1" if pause.urgent_allowed else "",
        }
        for pause in settings.pauses
    ]
    return form, [str(team_id) for team_id in settings.team_ids], pauses


def pause_rows(pauses: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """The rows of the form for pauses, each where it was typed, and two empty ones to fill in."""
    last = max((number for number, row in enumerate(pauses, 1) if any(row.values())), default=0)
    empty: list[Mapping[str, str]] = [{}, {}]
    return [*pauses[:last], *empty][:MOST_PAUSES]


def _date_faults(first: date, last: date, voting: date, useful: date) -> dict[str, Fault]:
    faults = {}
    if last < first:
        faults["to_date"] = Fault.ENDS_BEFORE_START
    elif last - first > LONGEST_WINDOW:
        faults["to_date"] = Fault.WINDOW_TOO_LONG
    if voting < first:
        faults["voting_day"] = Fault.VOTING_BEFORE_START
    elif useful > voting:
        faults["latest_useful_day"] = Fault.USEFUL_AFTER_VOTING
    elif useful < first:
        faults["latest_useful_day"] = Fault.USEFUL_BEFORE_START
    return faults


def _hour_faults(start: str, end: str) -> dict[str, Fault]:
    hours = {"day_start": _hour(start), "day_end": _hour(end)}
    faults = {name: Fault.HOUR for name, hour in hours.items() if hour is None}
    first, last = hours["day_start"], hours["day_end"]
    if first is not None and last is not None and last - first < 60:
        faults["day_end"] = Fault.HOURS_TOO_SHORT
    return faults


def _pauses(typed: Sequence[Mapping[str, str]]) -> tuple[tuple[PauseTyped, ...], dict[str, Fault]]:
    pauses, faults = [], {}
    for number, row in enumerate(typed, 1):
        if not any(row.get(name) for name in ("from", "to", "reason")):
            continue
        first, last = _date(row.get("from", "")), _date(row.get("to", ""))
        if first is None or last is None or last < first:
            faults[f"pause_to_{number}"] = Fault.PAUSE_DATES
        elif not row.get("reason"):
            faults[f"pause_reason_{number}"] = Fault.PAUSE_REASON
        else:
            pauses.append(PauseTyped(first, last, row["reason"][:200], bool(row.get("urgent"))))
    return tuple(sorted(pauses, key=lambda pause: (pause.from_date, pause.to_date))), faults


def _date(text: str) -> date | None:
    """A date as browsers send it; years far from ours are typing errors."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2100 else None


def _hour(text: str) -> int | None:
    """Minutes since midnight of "08:00", or None."""
    try:
        found = time.fromisoformat(text)
    except ValueError:
        return None
    return found.hour * 60 + found.minute if len(text) == 5 else None


def _whole(text: str) -> int:
    """A whole number of up to four digits; anything else is -1, which no field takes."""
    return int(text) if text.isdecimal() and text.isascii() and len(text) <= 4 else -1


def _weekdays(text: str) -> str:
    return "".join(sorted(set(text) & set("1234567")))
