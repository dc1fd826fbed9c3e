"""Judges a plan from its problem alone, written apart from the planner: it reads the JSON of both and shares no code.

Whatever a locked day breaks by itself is not the planner's doing, so a rule is broken only where a day that
the planner chose takes part.
"""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def faults(problem: dict[str, Any], answer: dict[str, Any]) -> list[str]:
    """Every rule that the answer breaks, in words for the developer; empty when it is sound."""
    return _Verifier(problem, answer).faults()


class _Verifier:
    def __init__(self, problem: dict[str, Any], answer: dict[str, Any]) -> None:
        self.problem = problem
        self.answer = answer
        self.schools = {row["id"]: row for row in problem["schools"]}
        self.teams = {row["id"]: row for row in problem["teams"]}
        self.locked = {(r["school"], r["team"], r["date"]): r["students"] for r in problem.get("locked", [])}
        self.visits = [
            (
                visit["school"],
                day["team"],
                day["date"],
                visit["students"],
                day["district"],
                visit["part"],
                visit["of"],
            )
            for day in answer["days"]
            for visit in day["visits"]
        ]
        self.found: list[str] = []

    def faults(self) -> list[str]:
        keys = [visit[:3] for visit in self.visits]
        if len(set(keys)) != len(keys):
            self.found.append("a visit is there twice")
        for key, students in self.locked.items():
            if not any(visit[:3] == key and visit[3] == students for visit in self.visits):
                self.found.append(f"locked {key} is gone or changed")
        for visit in self.visits:
            if visit[3] < 1 and visit[:3] not in self.locked:
                self.found.append(f"{visit} serves nobody")
            if visit[:3] not in self.locked and not self.possible(visit[0], visit[1], visit[2]):
                self.found.append(f"{visit} is on a day that is not open")
        self.team_days()
        self.school_days()
        self.everyone_is_told()
        self.figures()
        return self.found

    def base(self, text: str) -> bool:
        """Allowed weekday, no holiday, no pause."""
        day = date.fromisoformat(text)
        if WEEKDAYS[day.weekday()] not in self.problem["weekdays"] or text in self.problem.get(
            "holidays", []
        ):
            return False
        return not any(pause["from"] <= text <= pause["to"] for pause in self.problem.get("pauses", []))

    def possible(self, school: Any, team: Any, text: str) -> bool:
        window = self.problem["window"]
        if not window["from"] <= text <= window["to"] or text > self.problem["latest_useful_day"]:
            return False
        if not self.base(text):
            return False
        name = WEEKDAYS[date.fromisoformat(text).weekday()]
        its, theirs = self.schools[school], self.teams[team]
        if name not in its.get("weekdays", WEEKDAYS) or name not in theirs.get("weekdays", WEEKDAYS):
            return False
        if text in theirs.get("days_off", []):
            return False
        return not any(first <= text <= last for first, last in its.get("closed", []))

    def team_days(self) -> None:
        together: dict[tuple[Any, str], list[Any]] = {}
        for visit in self.visits:
            together.setdefault((visit[1], visit[2]), []).append(visit)
        days = [(day["team"], day["date"]) for day in self.answer["days"]]
        if len(set(days)) != len(days):
            self.found.append("a team's day is listed twice")
        for (team, text), visits in together.items():
            if all(visit[:3] in self.locked for visit in visits):
                continue
            where = {self.schools[visit[0]]["district"] for visit in visits}
            if len(where) > 1:
                self.found.append(f"{team} is in {where} on {text}")
            if {visit[4] for visit in visits} != where:
                self.found.append(f"{team} on {text}: the district told is wrong")
            if len(visits) > self.problem["max_schools_per_day"]:
                self.found.append(f"{team} visits {len(visits)} schools on {text}")
            used = Fraction(0)
            for visit in visits:
                network = self.schools[visit[0]].get("network", "unknown")
                rate = Fraction(str(self.problem["rate"]["good" if network == "good" else "poor"]))
                whole = self.teams[team]["kits"] * rate
                used += Fraction(visit[3]) / whole if whole else Fraction(2)
            if used > 1:
                self.found.append(f"{team} on {text} has {float(used):.3f} of a day")

    def school_days(self) -> None:
        for school in self.schools:
            visits = sorted(
                (visit for visit in self.visits if visit[0] == school), key=lambda visit: visit[2]
            )
            if [(visit[5], visit[6]) for visit in visits] != [
                (n + 1, len(visits)) for n in range(len(visits))
            ]:
                self.found.append(f"{school}: parts are wrong")
            if all(visit[:3] in self.locked for visit in visits):
                continue
            if len(visits) > self.problem["max_days_per_school"]:
                self.found.append(f"{school} has {len(visits)} days")
            if len({visit[1] for visit in visits}) > 1:
                self.found.append(f"{school} has several teams")
            for earlier, later in pairwise(visits):
                if earlier[:3] in self.locked and later[:3] in self.locked:
                    continue
                if earlier[2] == later[2]:
                    self.found.append(f"{school} is visited twice on {later[2]}")
                day = date.fromisoformat(earlier[2]) + timedelta(1)
                while day < date.fromisoformat(later[2]):
                    if self.possible(school, later[1], day.isoformat()):
                        self.found.append(f"{school}: {day} lies between its days")
                    day += timedelta(1)

    def everyone_is_told(self) -> None:
        out: dict[Any, int] = {}
        for row in self.answer["left_out"]:
            out[row["school"]] = out.get(row["school"], 0) + row["students"]
            if not row["rule"]:
                self.found.append(f"{row['school']} is left out without a rule")
        for school, row in self.schools.items():
            fixed = sum(students for key, students in self.locked.items() if key[0] == school)
            planned = sum(visit[3] for visit in self.visits if visit[0] == school)
            if planned + out.get(school, 0) != max(row["target"], fixed):
                self.found.append(
                    f"{school}: {planned} planned and {out.get(school, 0)} left of {row['target']}"
                )

    def figures(self) -> None:
        served = {
            school: sum(visit[3] for visit in self.visits if visit[0] == school) for school in self.schools
        }
        earliness = 0
        for visit in self.visits:
            day, last = date.fromisoformat(visit[2]), date.fromisoformat(self.problem["latest_useful_day"])
            after = 0
            while day < last:
                day += timedelta(1)
                after += self.base(day.isoformat())
            earliness += visit[3] * after
        changes = 0
        for team in self.teams:
            days = sorted(
                (day["date"], day["district"]) for day in self.answer["days"] if day["team"] == team
            )
            changes += sum(a[1] != b[1] for a, b in pairwise(days))
        keys = {visit[:3] for visit in self.visits}
        moved = sum(
            (r["school"], r["team"], r["date"]) not in keys for r in self.problem.get("announced", [])
        )
        score = {
            "voters": sum(min(row["voters"], served[school]) for school, row in self.schools.items()),
            "students": sum(served.values()),
            "earliness": earliness,
            "district_changes": changes,
            "moved": moved,
        }
        if score != self.answer["score"]:
            self.found.append(f"the score is {score}, not {self.answer['score']}")
        for name, most in self.answer["bound"].items():
            if score[name] > most:
                self.found.append(f"{name} {score[name]} is above its bound {most}")
        reached = all(score[name] == most for name, most in self.answer["bound"].items())
        if self.answer["proved"] and not reached:
            self.found.append("proved, yet below the bound")
