"""The best there is, by trying every plan of a tiny problem. Reads its JSON and shares no code with the planner."""

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

# Team, day, students.
Visits = tuple[tuple[Any, date, int], ...]


class Best(NamedTuple):
    """The most of each figure that any plan has, and the figures of the best plan: voters, students, earliness."""

    voters: int
    students: int
    earliness: int
    together: tuple[int, int, int]


def best_of_all(problem: dict[str, Any]) -> Best:
    """Try every plan. Without locked days; two days a school at most."""
    return _Trial(problem).best()


class _Trial:
    def __init__(self, problem: dict[str, Any]) -> None:
        self.problem = problem
        self.schools = problem["schools"]
        self.teams = {team["id"]: team for team in problem["teams"]}
        first = date.fromisoformat(problem["window"]["from"])
        last = date.fromisoformat(problem["window"]["to"])
        self.days = [first + timedelta(n) for n in range((last - first).days + 1)]
        self.useful = date.fromisoformat(problem["latest_useful_day"])
        self.worth = {day: self.usable_after(day) for day in self.days}
        self.part = {
            (school["id"], team["id"]): 1 / (Fraction(str(problem["rate"][school["network"]])) * team["kits"])
            for school in self.schools
            for team in problem["teams"]
            if team["kits"]
        }

    def is_usable(self, day: date) -> bool:
        problem = self.problem
        return (
            WEEKDAYS[day.weekday()] in problem["weekdays"]
            and day.isoformat() not in problem.get("holidays", [])
            and not any(p["from"] <= day.isoformat() <= p["to"] for p in problem.get("pauses", []))
        )

    def usable_after(self, day: date) -> int:
        return sum(self.is_usable(day + timedelta(n)) for n in range(1, (self.useful - day).days + 1))

    def is_open(self, school: dict[str, Any], team: dict[str, Any], day: date) -> bool:
        text, name = day.isoformat(), WEEKDAYS[day.weekday()]
        return (
            self.is_usable(day)
            and day <= self.useful
            and name in school.get("weekdays", WEEKDAYS)
            and name in team.get("weekdays", WEEKDAYS)
            and text not in team.get("days_off", [])
            and not any(a <= text <= b for a, b in school.get("closed", []))
        )

    def choices(self, school: dict[str, Any]) -> Iterator[Visits]:
        """All that can be done with one school alone."""
        yield ()
        for team in self.problem["teams"]:
            if not team["kits"]:
                continue
            most = int(1 / self.part[school["id"], team["id"]])
            days = [day for day in self.days if self.is_open(school, team, day)]
            for day in days:
                for students in range(1, min(most, school["target"]) + 1):
                    yield ((team["id"], day, students),)
            if self.problem["max_days_per_school"] < 2:
                continue
            for day, after in pairwise(days):
                for students in range(1, min(most, school["target"]) + 1):
                    for more in range(1, min(most, school["target"] - students) + 1):
                        yield ((team["id"], day, students), (team["id"], after, more))

    def best(self) -> Best:
        found: set[tuple[int, int, int]] = set()
        choices = [list(self.choices(school)) for school in self.schools]

        def go_on(n: int, days: dict[Any, tuple[str, int, Fraction]], sums: tuple[int, int, int]) -> None:
            if n == len(self.schools):
                found.add(sums)
                return
            school = self.schools[n]
            for visits in choices[n]:
                then = dict(days)
                for team, day, students in visits:
                    where, count, used = then.get((team, day), (school["district"], 0, Fraction(0)))
                    used += students * self.part[school["id"], team]
                    if (
                        where != school["district"]
                        or count == self.problem["max_schools_per_day"]
                        or used > 1
                    ):
                        break
                    then[team, day] = where, count + 1, used
                else:
                    served = sum(students for _, _, students in visits)
                    early = sum(students * self.worth[day] for _, day, students in visits)
                    voters = min(school["voters"], served)
                    go_on(n + 1, then, (sums[0] + voters, sums[1] + served, sums[2] + early))

        go_on(0, {}, (0, 0, 0))
        return Best(
            max(sums[0] for sums in found),
            max(sums[1] for sums in found),
            max(sums[2] for sums in found),
            max(found),
        )
