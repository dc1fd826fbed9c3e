"""Who is due a retake (*rekam susulan*), how often they have missed, and on which days they could come.

Failed, absent and refused students are due another try until they are recorded. A school with enough of them
gets a day of its own; the few of several schools of a district come together at the school that has most.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from campaigns.attendance import DUE_A_RETAKE, Outcome, OutcomeReason
from campaigns.calendar import is_open, working_days
from campaigns.scheduling import Problem, Rule, SchoolId, SchoolNeed, TeamId, Visit

# From this part of a team's day upwards a school's due students are worth a day at their own school.
OWN_DAY_FROM_SHARE = 0.4

_SETTLED = frozenset({Outcome.RECORDED, Outcome.ALREADY_RECORDED})


@dataclass(frozen=True, slots=True)
class DayOutcome:
    """What came of a student on one day, as `attendance.view_of` says."""

    student: int
    school: SchoolId
    date: date
    outcome: Outcome
    reason: OutcomeReason | None = None
    voter: bool = False


@dataclass(frozen=True, slots=True)
class DueStudent:
    """A student due a retake: what came of the last day, and how many days have come to nothing (`attempts`)."""

    student: int
    school: SchoolId
    voter: bool
    attempts: int
    outcome: Outcome
    reason: OutcomeReason | None
    last_date: date
    has_special_needs: bool = False

    @property
    def missed_twice(self) -> bool:
        """Whether two days or more came to nothing: someone should call rather than book a third."""
        return self.attempts >= 2


def due_students(outcomes: Iterable[DayOutcome]) -> tuple[DueStudent, ...]:
    """Students due a retake, in the order of school as first met, then voters first, then by student.

    Whoever was once recorded, or had been before, is not due, whatever another day says: biometrics are taken
    once. Else the latest day decides: failed, absent and refused are due; waiting to be sent and not ours are
    not.
    """
    by_student: dict[int, list[DayOutcome]] = defaultdict(list)
    schools: dict[SchoolId, int] = {}
    for outcome in outcomes:
        by_student[outcome.student].append(outcome)
        schools.setdefault(outcome.school, len(schools))
    due = []
    for student, days in by_student.items():
        days.sort(key=lambda day: day.date)
        last = days[-1]
        if last.outcome not in DUE_A_RETAKE or any(day.outcome in _SETTLED for day in days):
            continue
        attempts = sum(day.outcome in DUE_A_RETAKE for day in days)
        due.append(
            DueStudent(student, last.school, last.voter, attempts, last.outcome, last.reason, last.date)
        )
    return tuple(sorted(due, key=lambda one: (schools[one.school], not one.voter, one.student)))


class RetakeReason(StrEnum):
    """Why a retake is on its day and at its place: the ways to come again, as they are tried one after the other."""

    HOME = "home"  # the ill and disabled are visited on the reserved weekday
    SECOND_DAY = "second_day"  # the school's second day of the round, which has room
    NEXT_ROUND = "next_round"  # a later day of the school, which has room
    OWN_SCHOOL = "own_school"
    SHARED_IN_DISTRICT = "shared_in_district"
    OFFICE = "office"
    TAIL = "tail"  # whom a day did not reach: its own school, before anything came of the day


@dataclass(frozen=True, slots=True)
class RetakeGroup:
    """The students of one school who come on a retake day."""

    school: SchoolId
    students: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RetakeDay:
    """A proposed retake day: the students of `groups` come to the school `venue`.

    `day` is a recording day that stands already and takes them in. At the office and at home `venue` is the school
    that sends most.
    """

    date: date
    team: TeamId
    district: str
    venue: SchoolId
    groups: tuple[RetakeGroup, ...]
    reason: RetakeReason
    day: int | None = None

    @property
    def students(self) -> int:
        """How many students are expected."""
        return sum(len(group.students) for group in self.groups)


class NoPlace(StrEnum):
    """Why no place was found by the ways that are no retake day of a team."""

    NO_COMING_ROOM = "no_coming_room"
    NO_OFFICE_ROOM = "no_office_room"
    NO_VISIT_LEFT = "no_visit_left"
    NOT_ILL_OR_DISABLED = "not_ill_or_disabled"


@dataclass(frozen=True, slots=True)
class NoRetake:
    """A due student for whom no day was found, and what stands against it."""

    student: int
    school: SchoolId
    rule: Rule | NoPlace


@dataclass(frozen=True, slots=True)
class RetakeProposal:
    """The proposed retake days in date order, and everyone due who has none."""

    days: tuple[RetakeDay, ...]
    no_day: tuple[NoRetake, ...]


def propose_retakes(
    due: Iterable[DueStudent], problem: Problem, booked: Iterable[Visit], earliest: date
) -> RetakeProposal:
    """Retake days for the students due one, on days that no team has booked, from `earliest` on.

    Schools with most voters due first. A school that would fill `OWN_DAY_FROM_SHARE` of a day, or is alone in
    its district, gets its own; of the others those of one district come together, at most a day's capacity,
    to the school that sends most (at that school's rate and on a day on which it and all who come are open).
    A retake is after the student's last day. The limit of days a school gets in one round is for first visits
    and does not hold here. Raises KeyError when a student's school is not in the problem.
    """
    return _Retakes(problem, booked, earliest).propose(due)


class _Retakes:
    """Retake days being proposed."""

    def __init__(self, problem: Problem, booked: Iterable[Visit], earliest: date) -> None:
        self.problem = problem
        self.schools = {school.id: school for school in problem.schools}
        self.days = [day for day in working_days(problem.calendar) if day >= earliest]
        self.taken = {(visit.team, visit.date) for visit in booked}
        # Two teams at one school on one day would be one queue too many.
        self.visited = {(visit.school, visit.date) for visit in booked}
        self.proposed: list[RetakeDay] = []
        self.no_day: list[NoRetake] = []

    def propose(self, due: Iterable[DueStudent]) -> RetakeProposal:
        """See `propose_retakes`."""
        by_school: dict[SchoolId, list[DueStudent]] = defaultdict(list)
        for student in due:
            by_school[student.school].append(student)
        few: dict[str, list[list[DueStudent]]] = defaultdict(list)
        for students in sorted(by_school.values(), key=_urgency):
            school = self.schools[students[0].school]
            if self._share(school, len(students)) >= OWN_DAY_FROM_SHARE:
                self._own_days(school, students)
            else:
                few[school.district].append(students)
        for groups in sorted(
            few.values(), key=lambda groups: _urgency([one for group in groups for one in group])
        ):
            self._shared_days(groups)
        position = {team.id: n for n, team in enumerate(self.problem.teams)}
        days = sorted(self.proposed, key=lambda day: (day.date, position[day.team]))
        return RetakeProposal(tuple(days), tuple(self.no_day))

    def _share(self, school: SchoolNeed, students: int) -> float:
        """The part of the best equipped team's day that so many students of the school take."""
        most = max(
            (self._room(kits, school) for kits in (team.kits for team in self.problem.teams)), default=0
        )
        return students / most if most else 1.0

    def _room(self, kits: int, school: SchoolNeed) -> int:
        """Students whom that many kits record in a day at the school."""
        rates = self.problem.rates
        return kits * rates.units_per_kit_day // rates.units_per_student(school.network)

    def _own_days(self, school: SchoolNeed, students: list[DueStudent]) -> None:
        """As many days at their own school as its due students take, the voters on the first."""
        waiting = list(students)
        while waiting:
            found = self._free_day([school], school, max(one.last_date for one in waiting))
            if found is None:
                self._without_day(waiting)
                return
            team, day, room = found
            group = RetakeGroup(school.id, tuple(one.student for one in waiting[:room]))
            self._add(RetakeDay(day, team, school.district, school.id, (group,), RetakeReason.OWN_SCHOOL))
            waiting = waiting[room:]

    def _shared_days(self, groups: list[list[DueStudent]]) -> None:
        """Days for the few of several schools of one district; a school that closes on all common days goes alone."""
        waiting = sorted(groups, key=lambda group: -len(group))
        while waiting:
            host = self.schools[waiting[0][0].school]
            together = [waiting[0]]
            found = self._free_day([host], host, max(one.last_date for one in waiting[0]))
            if found is None:
                self._without_day(waiting[0])
                waiting = waiting[1:]
                continue
            # Whole schools only: a class that came together goes home together.
            for group in waiting[1:]:
                more = [*together, group]
                wider = self._free_day(
                    [self.schools[one[0].school] for one in more],
                    host,
                    max(one.last_date for part in more for one in part),
                )
                if wider is not None and sum(map(len, more)) <= wider[2]:
                    together, found = more, wider
            team, day, _ = found
            reason = RetakeReason.SHARED_IN_DISTRICT if len(together) > 1 else RetakeReason.OWN_SCHOOL
            parts = tuple(
                RetakeGroup(group[0].school, tuple(one.student for one in group)) for group in together
            )
            self._add(RetakeDay(day, team, host.district, host.id, parts, reason))
            waiting = [group for group in waiting if group not in together]

    def _free_day(
        self, schools: Sequence[SchoolNeed], host: SchoolNeed, after: date
    ) -> tuple[TeamId, date, int] | None:
        """The first day after that date with all the schools open and a team free, and its room at the host."""
        for day in self.days:
            if day <= after or any(
                not is_open(day, school.calendar) or (school.id, day) in self.visited for school in schools
            ):
                continue
            for team in sorted(self.problem.teams, key=lambda team: -team.kits):
                room = self._room(team.kits, host)
                if room and is_open(day, team.calendar) and (team.id, day) not in self.taken:
                    return team.id, day, room
        return None

    def _add(self, day: RetakeDay) -> None:
        """Propose a day and hold its team and schools."""
        self.proposed.append(day)
        self.taken.add((day.team, day.date))
        self.visited.update((group.school, day.date) for group in day.groups)

    def _without_day(self, students: Iterable[DueStudent]) -> None:
        """Name those for whom there is no day, with the first rule against it."""
        if not any(team.kits for team in self.problem.teams):
            rule = Rule.NO_TEAM
        elif not self.days:
            rule = Rule.NO_WORKING_DAY
        else:
            rule = Rule.NO_FREE_DAY
        self.no_day += [NoRetake(one.student, one.school, rule) for one in students]


def _urgency(students: Sequence[DueStudent]) -> tuple[int, int]:
    """What puts schools in order: most voters due, then most students."""
    return -sum(one.voter for one in students), -len(students)
