"""The hard rules of a plan of recording days: each yields what clashes with what.

The same rules judge the planner's plan and a change made by hand. They come from the office's own practice:
inside the window, working days only, a district a day, the team's capacity, at most so many days a school,
two days of a school running and by one team, and what is locked stays.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from campaigns.calendar import BlockedBy, blocks_on, dates
from campaigns.scheduling import (
    Day,
    Locked,
    Problem,
    Reason,
    ReasonKind,
    Rule,
    SchoolId,
    TeamId,
    Visit,
    with_parts,
)


@dataclass(frozen=True, slots=True)
class Clash:
    """A hard rule that a visit breaks, and with what.

    `name` is what the calendar calls the reason (a holiday, an exam week); `others` are the visits it clashes
    with; `limit` and `found` are the figures where the rule is one of quantity (students, schools, days).
    """

    rule: Rule | BlockedBy
    visit: Visit | Locked
    name: str = ""
    others: tuple[Visit, ...] = ()
    limit: int | None = None
    found: int | None = None


class _Facts:
    """A problem's schools and teams by id, and some visits gathered by school and by team's day."""

    def __init__(self, visits: Sequence[Visit], problem: Problem) -> None:
        self.visits = visits
        self.problem = problem
        self.schools = {school.id: school for school in problem.schools}
        self.teams = {team.id: team for team in problem.teams}
        self.of_school: dict[SchoolId, list[Visit]] = defaultdict(list)
        self.of_team_day: dict[tuple[TeamId, date], list[Visit]] = defaultdict(list)
        for visit in sorted(visits, key=lambda visit: visit.date):
            self.of_school[visit.school].append(visit)
            self.of_team_day[visit.team, visit.date].append(visit)


def on_days_that_are_open(facts: _Facts) -> Iterator[Clash]:
    """Inside the window, not after the latest useful day, on a working day of campaign, school and team."""
    for visit in facts.visits:
        school, team = facts.schools[visit.school], facts.teams[visit.team]
        for block in blocks_on(visit.date, facts.problem.calendar, school.calendar, team.calendar):
            yield Clash(block.by, visit, name=block.name)


def one_district_a_day(facts: _Facts) -> Iterator[Clash]:
    """A team works in one district a day."""
    for visits in facts.of_team_day.values():
        for visit in visits:
            home = facts.schools[visit.school].district
            others = tuple(other for other in visits if facts.schools[other.school].district != home)
            if others:
                yield Clash(Rule.ONE_DISTRICT_A_DAY, visit, others=others)


def within_capacity(facts: _Facts) -> Iterator[Clash]:
    """The visits of a team's day take at most the whole day: students / (kits x rate of the school), added up."""
    rates = facts.problem.rates
    for (team, _), visits in facts.of_team_day.items():
        whole = facts.teams[team].kits * rates.units_per_kit_day
        used = {
            visit.key: visit.students * rates.units_per_student(facts.schools[visit.school].network)
            for visit in visits
        }
        if sum(used.values()) <= whole:
            continue
        for visit in visits:
            network = facts.schools[visit.school].network
            left = whole - sum(used.values()) + used[visit.key]
            yield Clash(
                Rule.TEAM_CAPACITY,
                visit,
                others=tuple(other for other in visits if other is not visit),
                limit=max(0, left) // rates.units_per_student(network),
                found=visit.students,
            )


def schools_a_day(facts: _Facts) -> Iterator[Clash]:
    """A team visits at most so many schools a day (two: morning and afternoon)."""
    limit = facts.problem.max_schools_per_day
    for visits in facts.of_team_day.values():
        if len(visits) > limit:
            for visit in visits:
                others = tuple(other for other in visits if other is not visit)
                yield Clash(Rule.SCHOOLS_A_DAY, visit, others=others, limit=limit, found=len(visits))


def days_a_school(facts: _Facts) -> Iterator[Clash]:
    """A school gets at most so many days in one round."""
    limit = facts.problem.max_days_per_school
    for visits in facts.of_school.values():
        if len(visits) > limit:
            for visit in visits:
                others = tuple(other for other in visits if other is not visit)
                yield Clash(Rule.DAYS_A_SCHOOL, visit, others=others, limit=limit, found=len(visits))


def school_once_a_day(facts: _Facts) -> Iterator[Clash]:
    """A school has one visit a day, whatever the team."""
    for visits in facts.of_school.values():
        for earlier, later in pairwise(visits):
            if earlier.date == later.date:
                yield Clash(Rule.SCHOOL_ONCE_A_DAY, later, others=(earlier,))


def same_team(facts: _Facts) -> Iterator[Clash]:
    """All days of a school are by the same team."""
    for visits in facts.of_school.values():
        for earlier, later in pairwise(visits):
            if earlier.team != later.team:
                yield Clash(Rule.SAME_TEAM, later, others=(earlier,))


def consecutive_days(facts: _Facts) -> Iterator[Clash]:
    """Between two days of a school lies no day on which that team could have visited it."""
    for visits in facts.of_school.values():
        for earlier, later in pairwise(visits):
            school, team = facts.schools[later.school], facts.teams[later.team]
            between = list(dates(earlier.date, later.date))[1:-1]
            if any(
                not blocks_on(day, facts.problem.calendar, school.calendar, team.calendar) for day in between
            ):
                yield Clash(Rule.CONSECUTIVE_DAYS, later, others=(earlier,))


def locked_days_stay(facts: _Facts) -> Iterator[Clash]:
    """A confirmed or locked day is in the plan, with its students."""
    found = {visit.key: visit.students for visit in facts.visits}
    for locked in facts.problem.locked:
        students = found.get((locked.school, locked.team, locked.date))
        if students != locked.students:
            yield Clash(Rule.LOCKED_DAY, locked, limit=locked.students, found=students)


def no_more_than_target(facts: _Facts) -> Iterator[Clash]:
    """No school gets places for more students than its target."""
    for school, visits in facts.of_school.items():
        limit, found = facts.schools[school].target, sum(visit.students for visit in visits)
        if found > limit:
            yield Clash(
                Rule.NO_MORE_THAN_TARGET, visits[-1], others=tuple(visits[:-1]), limit=limit, found=found
            )


HARD_RULES = (
    on_days_that_are_open,
    one_district_a_day,
    within_capacity,
    schools_a_day,
    days_a_school,
    school_once_a_day,
    same_team,
    consecutive_days,
    locked_days_stay,
    no_more_than_target,
)


def violations_of(visits: Sequence[Visit], problem: Problem) -> list[Clash]:
    """Every hard rule that these visits break. A school or team that the problem does not know raises KeyError.

    What a locked day breaks by itself is reported too: a holiday declared late is something to be told,
    although the planner must leave that day alone.
    """
    facts = _Facts(visits, problem)
    return [clash for rule in HARD_RULES for clash in rule(facts)]


@dataclass(frozen=True, slots=True)
class Change:
    """A change by hand: a visit on a date with a team, in place of another of the same school or as a new one."""

    school: SchoolId
    team: TeamId
    date: date
    students: int
    instead_of: tuple[TeamId, Day] | None = None


def visits_after(change: Change, visits: Iterable[Visit]) -> tuple[Visit, ...]:
    """The visits as they would be after the change. Raises KeyError when the visit to be replaced is not there."""
    kept = list(visits)
    if change.instead_of is not None:
        team, day = change.instead_of
        replaced = [visit for visit in kept if visit.key == (change.school, team, day)]
        if not replaced:
            raise KeyError(change.instead_of)
        kept.remove(replaced[0])
    new = Visit(change.school, change.team, change.date, change.students, Reason(ReasonKind.BY_HAND))
    return with_parts([*kept, new])


def clashes_of(change: Change, visits: Sequence[Visit], problem: Problem) -> list[Clash]:
    """What the change would break: the clashes of its own visit, and those of others that were not there before.

    Raises KeyError when the change names a school, a team or a visit that is not there.
    """
    key = (change.school, change.team, change.date)
    before = {_sign(clash) for clash in violations_of(visits, problem)}
    after = violations_of(visits_after(change, visits), problem)
    own = [clash for clash in after if _key_of(clash) == key]
    told = {(clash.rule, other.key) for clash in own for other in clash.others}
    new = [
        clash
        for clash in after
        if _key_of(clash) != key and _sign(clash) not in before and (clash.rule, _key_of(clash)) not in told
    ]
    return own + new


def _key_of(clash: Clash) -> tuple[SchoolId, TeamId, date]:
    """The visit that clashes, without its figures."""
    return clash.visit.school, clash.visit.team, clash.visit.date


def _sign(clash: Clash) -> tuple[str, tuple[SchoolId, TeamId, date], int | None]:
    """What makes a clash the same one before and after a change."""
    return clash.rule, _key_of(clash), clash.found
