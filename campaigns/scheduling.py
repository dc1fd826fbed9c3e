"""What a plan of recording days is, how good it is, and which days are still free.

The shapes here go between the office's data, the planner, the hard rules (`hard_rules.py`) and the plan file.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from itertools import pairwise

from campaigns.calendar import (
    CampaignCalendar,
    SchoolCalendar,
    TeamCalendar,
    is_open,
    useful_days,
    working_days,
)
from campaigns.capacity import Network, Rates, capacity

SchoolId = int | str
TeamId = int | str
Day = date  # the type, where a field called date hides its name


class Rule(StrEnum):
    """The hard rules that are not about the calendar (those are `BlockedBy`), and why a school can be left out."""

    NO_TEAM = "no_team"
    NO_WORKING_DAY = "no_working_day"
    SCHOOL_NEVER_OPEN = "school_never_open"
    NO_CAPACITY = "no_capacity"
    NO_FREE_DAY = "no_free_day"
    TOO_YOUNG = "too_young"
    FEW_LEFT = "few_left"
    ONE_DISTRICT_A_DAY = "one_district_a_day"
    TEAM_CAPACITY = "team_capacity"
    SCHOOLS_A_DAY = "schools_a_day"
    DAYS_A_SCHOOL = "days_a_school"
    SCHOOL_ONCE_A_DAY = "school_once_a_day"
    CONSECUTIVE_DAYS = "consecutive_days"
    SAME_TEAM = "same_team"
    LOCKED_DAY = "locked_day"
    NO_MORE_THAN_TARGET = "no_more_than_target"


class ReasonKind(StrEnum):
    """Why a visit is on its day."""

    LOCKED = "locked"
    ANNOUNCED = "announced"
    OPENS_DISTRICT = "opens_district"
    SAME_DISTRICT = "same_district"
    SHARES_DAY = "shares_day"
    NEXT_DAY = "next_day"
    BY_HAND = "by_hand"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a visit is on its day: the kind, and the figures behind it.

    `voters` are the school's voters still unplanned when the day was chosen; `rank` is its place, from 1,
    among the schools of its district that could come that day (0 where it had none); `beside` is the school
    whose day it shares.
    """

    kind: ReasonKind
    voters: int = 0
    rank: int = 0
    beside: SchoolId | None = None


@dataclass(frozen=True, slots=True)
class Team:
    """A team with its recording kits and its own calendar."""

    id: TeamId
    kits: int
    calendar: TeamCalendar = field(default_factory=TeamCalendar)


@dataclass(frozen=True, slots=True)
class SchoolNeed:
    """A school to visit: students in the target, voters among them, network, and when it is open.

    `too_young` has, for each student of the target who is not old enough yet, the first date on which that is
    so. `few` is a school visited before of which too few are left for a day of their own: it may share one.
    """

    id: SchoolId
    district: str
    target: int
    voters: int
    network: Network = Network.UNKNOWN
    calendar: SchoolCalendar = field(default_factory=SchoolCalendar)
    too_young: tuple[Day, ...] = ()
    few: bool = False


@dataclass(frozen=True, slots=True)
class Locked:
    """A day that must not move (confirmed, or locked by hand), and how many students it serves."""

    school: SchoolId
    team: TeamId
    date: date
    students: int


@dataclass(frozen=True, slots=True)
class Announced:
    """A day the school was told of, kept where possible."""

    school: SchoolId
    team: TeamId
    date: date


@dataclass(frozen=True)
class Problem:
    """All that a plan is made from. No new day comes before `new_from`: a school needs to be told in time."""

    calendar: CampaignCalendar
    teams: tuple[Team, ...]
    schools: tuple[SchoolNeed, ...]
    rates: Rates = field(default_factory=Rates)
    max_days_per_school: int = 2
    max_schools_per_day: int = 2
    locked: tuple[Locked, ...] = ()
    announced: tuple[Announced, ...] = ()
    new_from: date | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """So many students of a school on a team's day; `part` of `of` days of that school, in date order."""

    school: SchoolId
    team: TeamId
    date: date
    students: int
    reason: Reason
    part: int = 1
    of: int = 1

    @property
    def key(self) -> tuple[SchoolId, TeamId, Day]:
        """What tells two visits apart."""
        return self.school, self.team, self.date


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Students of a school without a day in this round, and the rule that kept them out."""

    school: SchoolId
    students: int
    rule: Rule


@dataclass(frozen=True, slots=True)
class Score:
    """How good a plan is. Earliness is in student-days, see `earliness_of_days`; fewer changes and moves are better."""

    voters: int
    students: int
    earliness: int
    district_changes: int
    moved: int


@dataclass(frozen=True, slots=True)
class Bound:
    """What no plan of the problem can exceed, each figure for itself."""

    voters: int
    students: int
    earliness: int


@dataclass(frozen=True, slots=True)
class TeamDay:
    """A team's day: one district, at most so many visits. `district` is that of its first visit."""

    date: date
    team: TeamId
    district: str
    visits: tuple[Visit, ...]


@dataclass(frozen=True)
class Plan:
    """The proposed visits, in the order of date and team, and who is left out. Every student is in one or the other."""

    visits: tuple[Visit, ...]
    left_out: tuple[LeftOut, ...]
    score: Score
    bound: Bound
    proved: bool
    announced_days_lost: tuple[Announced, ...] = ()

    def days(self, problem: Problem) -> tuple[TeamDay, ...]:
        """The visits gathered into team days, in the order of date and then of the problem's teams."""
        district = {school.id: school.district for school in problem.schools}
        together: dict[tuple[date, TeamId], list[Visit]] = defaultdict(list)
        for visit in self.visits:
            together[visit.date, visit.team].append(visit)
        return tuple(
            TeamDay(day, team, district[visits[0].school], tuple(visits))
            for (day, team), visits in together.items()
        )


# What a plan is worth


def earliness_of_days(calendar: CampaignCalendar, days: Iterable[date]) -> dict[date, int]:
    """For each date, how many usable days follow it, up to and including the latest useful day."""
    wanted = sorted(set(days))
    if not wanted:
        return {}
    usable = useful_days(calendar, min(wanted[0], calendar.starts))
    return {day: len(usable) - bisect_right(usable, day) for day in wanted}


def score_of(visits: Sequence[Visit], problem: Problem) -> Score:
    """The score of these visits. Within a school voters are served first: min(voters, students served)."""
    worth = earliness_of_days(problem.calendar, (visit.date for visit in visits))
    served: dict[SchoolId, int] = defaultdict(int)
    for visit in visits:
        served[visit.school] += visit.students
    planned = {visit.key for visit in visits}
    return Score(
        voters=sum(min(school.voters, served[school.id]) for school in problem.schools),
        students=sum(served.values()),
        earliness=sum(visit.students * worth[visit.date] for visit in visits),
        district_changes=district_changes(visits, problem),
        moved=sum((day.school, day.team, day.date) not in planned for day in problem.announced),
    )


def district_changes(visits: Iterable[Visit], problem: Problem) -> int:
    """Per team, the days whose district differs from that of its day before; added up."""
    district = {school.id: school.district for school in problem.schools}
    seen: dict[TeamId, dict[date, str]] = defaultdict(dict)
    for visit in visits:
        seen[visit.team].setdefault(visit.date, district[visit.school])
    return sum(
        days[earlier] != days[later] for days in seen.values() for earlier, later in pairwise(sorted(days))
    )


def with_parts(visits: Iterable[Visit]) -> tuple[Visit, ...]:
    """The visits in date order, each told which day of its school it is, and of how many."""
    ordered = sorted(visits, key=lambda visit: visit.date)
    count: dict[SchoolId, int] = defaultdict(int)
    for visit in ordered:
        count[visit.school] += 1
    so_far: dict[SchoolId, int] = defaultdict(int)
    parted = []
    for visit in ordered:
        so_far[visit.school] += 1
        parted.append(replace(visit, part=so_far[visit.school], of=count[visit.school]))
    return tuple(parted)


# Days still free


@dataclass(frozen=True, slots=True)
class FreeDay:
    """A date on which that team could visit the school, and how many of its students it could record there."""

    date: date
    team: TeamId
    room: int


def days_left_free(
    problem: Problem, visits: Iterable[Visit], school: SchoolNeed, students: int = 1
) -> tuple[FreeDay, ...]:
    """The days on which a team could still visit this school and record at least so many students, by date and team.

    A day is free when the team has none on it, or only visits in the same district that leave room and do not
    yet fill the number of schools a day. The school's own visits are not counted: they would be the ones to
    move.
    """
    known = {other.id: other for other in problem.schools}
    per_student = problem.rates.units_per_student(school.network)
    taken: dict[tuple[TeamId, date], list[Visit]] = defaultdict(list)
    for visit in visits:
        if visit.school != school.id:
            taken[visit.team, visit.date].append(visit)
    free = []
    for day in working_days(problem.calendar, school.calendar):
        for team in problem.teams:
            there = taken[team.id, day]
            if not is_open(day, team.calendar) or len(there) >= problem.max_schools_per_day:
                continue
            if any(known[visit.school].district != school.district for visit in there):
                continue
            units = team.kits * problem.rates.units_per_kit_day - sum(
                visit.students * problem.rates.units_per_student(known[visit.school].network)
                for visit in there
            )
            room = max(0, units) // per_student
            if room >= max(1, students):
                free.append(FreeDay(day, team.id, room))
    return tuple(free)


def largest_capacity(problem: Problem, school: SchoolNeed) -> int:
    """Students whom the best equipped team can record in one day at that school; 0 without teams."""
    return max((capacity(team.kits, school.network, problem.rates) for team in problem.teams), default=0)
