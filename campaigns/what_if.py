"""Rule: the same problem under other circumstances: more teams, another rate, Saturdays open, a pause."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from campaigns.calendar import SATURDAY, CampaignCalendar, Pause, SchoolCalendar
from campaigns.capacity import Rates
from campaigns.scheduling import Problem, SchoolNeed, Team

MOST_TEAMS = 20
MOST_KITS = 20
MOST_RATE = 500  # students a kit and day: a hundred is a record


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What is asked. A rate of None stays as it is; a pause needs both of its dates."""

    more_teams: int = 0
    kits: int = 2
    rate_good: int | None = None
    rate_poor: int | None = None
    saturdays: bool = False
    pause_from: date | None = None
    pause_to: date | None = None

    @property
    def asks_something(self) -> bool:
        """Whether anything differs from how it is."""
        return self != WhatIf(kits=self.kits)


def under(problem: Problem, what_if: WhatIf) -> Problem:
    """The problem as it would be. Days that schools were told of stay: what cannot stay shows by hand."""
    extra = tuple(Team(f"+{n}", what_if.kits) for n in range(1, what_if.more_teams + 1))
    rates = Rates(
        Fraction(what_if.rate_good or problem.rates.good), Fraction(what_if.rate_poor or problem.rates.poor)
    )
    return replace(
        problem,
        teams=tuple(_on_saturdays(team, what_if) for team in problem.teams) + extra,
        rates=rates,
        calendar=_calendar(problem.calendar, what_if),
        schools=tuple(_school_on_saturdays(school, what_if) for school in problem.schools),
    )


def _calendar(calendar: CampaignCalendar, what_if: WhatIf) -> CampaignCalendar:
    weekdays, reserved, pauses = calendar.weekdays, calendar.reserved_weekdays, calendar.pauses
    if what_if.saturdays:
        weekdays, reserved = weekdays | {SATURDAY}, reserved - {SATURDAY}
    if what_if.pause_from and what_if.pause_to:
        pauses = (*pauses, Pause(what_if.pause_from, what_if.pause_to))
    return replace(calendar, weekdays=weekdays, reserved_weekdays=reserved, pauses=pauses)


def _on_saturdays(team: Team, what_if: WhatIf) -> Team:
    if not what_if.saturdays or not team.calendar.weekdays:  # no weekday at all: the team takes no new days
        return team
    return replace(team, calendar=replace(team.calendar, weekdays=team.calendar.weekdays | {SATURDAY}))


def _school_on_saturdays(school: SchoolNeed, what_if: WhatIf) -> SchoolNeed:
    """Schools with a week of five days are asked to open too: that is what opening Saturdays means."""
    if not what_if.saturdays or SATURDAY in school.calendar.weekdays:
        return school
    weekdays = school.calendar.weekdays | {SATURDAY}
    return replace(school, calendar=SchoolCalendar(weekdays, school.calendar.closed))
