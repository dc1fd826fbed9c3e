"""Plans from a file: the problem as JSON in, the plan as JSON out, without a database.

Every field is checked before planning; what is wrong is named by its place in the file, as in
`schools[3].voters`.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from campaigns.calendar import (
    EVERY_WEEKDAY,
    CampaignCalendar,
    Holiday,
    Pause,
    SchoolCalendar,
    TeamCalendar,
)
from campaigns.capacity import Network, Rates
from campaigns.planning import make_plan
from campaigns.problem_fields import (
    ProblemError,
    Wrong,
    date_at,
    from_to,
    list_in,
    name_at,
    object_at,
    rate_at,
    refuse_misspelt,
    refuse_twice,
    required,
    rows_in,
    seconds_at,
    span_at,
    weekdays_at,
    whole_number,
)
from campaigns.scheduling import Announced, Locked, Plan, Problem, Reason, SchoolNeed, Team

_PROBLEM_FIELDS = (
    "window", "latest_useful_day", "weekdays", "holidays", "pauses", "rate", "max_days_per_school",
    "max_schools_per_day", "teams", "schools", "locked", "announced", "seconds",
)  # fmt: skip
_TEAM_FIELDS = ("id", "kits", "weekdays", "days_off")
_SCHOOL_FIELDS = ("id", "district", "target", "voters", "network", "closed", "weekdays")
_LARGEST_WINDOW_DAYS = 3660


def problem_from(data: Any) -> Problem:
    """The planning problem in parsed JSON. Raises ProblemError with the first field found wrong.

    An impossible campaign (no working day, no team, voting day before the window) is not wrong: it has a
    plan, in which everybody is left out and the rule says why.
    """
    fields = object_at(data, "problem")
    refuse_misspelt(fields, _PROBLEM_FIELDS, "")
    starts, ends = from_to(required(fields, "window"), "window")
    if (ends - starts).days > _LARGEST_WINDOW_DAYS:
        raise ProblemError("window.to", Wrong.TOO_LARGE)
    latest = date_at(required(fields, "latest_useful_day"), "latest_useful_day")
    if (latest - ends).days > _LARGEST_WINDOW_DAYS:
        raise ProblemError("latest_useful_day", Wrong.TOO_LARGE)
    holidays = [date_at(day, f"holidays[{n}]") for n, day in enumerate(list_in(fields, "holidays"))]
    pauses = [Pause(*from_to(row, f"pauses[{n}]")) for n, row in enumerate(list_in(fields, "pauses"))]
    calendar = CampaignCalendar(
        starts,
        ends,
        latest,
        weekdays_at(required(fields, "weekdays"), "weekdays"),
        holidays={day: Holiday(day, "") for day in holidays},
        pauses=tuple(pauses),
    )
    rate = object_at(required(fields, "rate"), "rate")
    required(fields, "teams")
    required(fields, "schools")
    teams = rows_in(fields, "teams", _team)
    schools = rows_in(fields, "schools", _school)
    refuse_twice([team.id for team in teams], "teams", ".id")
    refuse_twice([school.id for school in schools], "schools", ".id")
    locked, announced = rows_in(fields, "locked", _locked), rows_in(fields, "announced", _announced)
    for name, days in (("locked", locked), ("announced", announced)):
        _refuse_strangers(days, name, schools, teams)
        refuse_twice([(day.school, day.team, day.date) for day in days], name, "")
    return Problem(
        calendar,
        teams,
        schools,
        Rates(
            rate_at(required(rate, "good", "rate."), "rate.good"),
            rate_at(required(rate, "poor", "rate."), "rate.poor"),
        ),
        whole_number(required(fields, "max_days_per_school"), "max_days_per_school", least=1),
        whole_number(required(fields, "max_schools_per_day"), "max_schools_per_day", least=1),
        locked,
        announced,
    )


def seconds_from(data: Any) -> float:
    """How many seconds planning may take; 5 where the problem does not say. Raises ProblemError for no number."""
    fields = object_at(data, "problem")
    return 5.0 if fields.get("seconds") is None else seconds_at(fields["seconds"], "seconds")


def _team(row: dict[str, Any], at: str) -> Team:
    """A team of the problem."""
    refuse_misspelt(row, _TEAM_FIELDS, f"{at}.")
    weekdays = weekdays_at(row["weekdays"], f"{at}.weekdays") if "weekdays" in row else EVERY_WEEKDAY
    off = [span_at(day, f"{at}.days_off[{n}]") for n, day in enumerate(list_in(row, "days_off", f"{at}."))]
    kits = whole_number(required(row, "kits", f"{at}."), f"{at}.kits", least=0)
    return Team(name_at(required(row, "id", f"{at}."), f"{at}.id"), kits, TeamCalendar(weekdays, tuple(off)))


def _school(row: dict[str, Any], at: str) -> SchoolNeed:
    """A school of the problem."""
    refuse_misspelt(row, _SCHOOL_FIELDS, f"{at}.")
    target = whole_number(required(row, "target", f"{at}."), f"{at}.target", least=0)
    voters = whole_number(required(row, "voters", f"{at}."), f"{at}.voters", least=0)
    if voters > target:
        raise ProblemError(f"{at}.voters", Wrong.MORE_VOTERS_THAN_STUDENTS)
    network = required(row, "network", f"{at}.")
    if network not in tuple(Network):
        raise ProblemError(f"{at}.network", Wrong.NOT_A_NETWORK)
    weekdays = weekdays_at(row["weekdays"], f"{at}.weekdays") if "weekdays" in row else EVERY_WEEKDAY
    closed = [span_at(span, f"{at}.closed[{n}]") for n, span in enumerate(list_in(row, "closed", f"{at}."))]
    return SchoolNeed(
        name_at(required(row, "id", f"{at}."), f"{at}.id"),
        str(name_at(required(row, "district", f"{at}."), f"{at}.district")),
        target,
        voters,
        Network(network),
        SchoolCalendar(weekdays, tuple(closed)),
    )


def _locked(row: dict[str, Any], at: str) -> Locked:
    """A day that must not move."""
    day = _announced(row, at)
    students = whole_number(required(row, "students", f"{at}."), f"{at}.students", least=0)
    return Locked(day.school, day.team, day.date, students)


def _announced(row: dict[str, Any], at: str) -> Announced:
    """A day that the school was told of."""
    return Announced(
        name_at(required(row, "school", f"{at}."), f"{at}.school"),
        name_at(required(row, "team", f"{at}."), f"{at}.team"),
        date_at(required(row, "date", f"{at}."), f"{at}.date"),
    )


def _refuse_strangers(
    days: Sequence[Locked | Announced], at: str, schools: Sequence[SchoolNeed], teams: Sequence[Team]
) -> None:
    """Refuse days of schools or teams that the problem does not list."""
    known_schools, known_teams = {school.id for school in schools}, {team.id for team in teams}
    for n, day in enumerate(days):
        if day.school not in known_schools:
            raise ProblemError(f"{at}[{n}].school", Wrong.UNKNOWN)
        if day.team not in known_teams:
            raise ProblemError(f"{at}[{n}].team", Wrong.UNKNOWN)


# The answer


def answer_from(plan: Plan, problem: Problem, seconds: float) -> dict[str, Any]:
    """The plan as the JSON answer; `seconds` is how long planning took."""
    return {
        "days": [
            {
                "date": day.date.isoformat(),
                "team": day.team,
                "district": day.district,
                "visits": [
                    {
                        "school": visit.school,
                        "students": visit.students,
                        "part": visit.part,
                        "of": visit.of,
                        "reason": _reason(visit.reason),
                    }
                    for visit in day.visits
                ],
            }
            for day in plan.days(problem)
        ],
        "left_out": [
            {"school": row.school, "students": row.students, "rule": row.rule.value} for row in plan.left_out
        ],
        "score": asdict(plan.score),
        "bound": asdict(plan.bound),
        "proved": plan.proved,
        "seconds": round(seconds, 3),
    }


def _reason(reason: Reason) -> dict[str, Any]:
    """The reason's kind and those of its figures that say something."""
    figures = {"voters": reason.voters, "rank": reason.rank, "beside": reason.beside}
    return {"kind": reason.kind.value, **{name: value for name, value in figures.items() if value}}


def in_words(answer: dict[str, Any]) -> str:
    """The answer for a person to read: a line for each visit, who is left out, and the score beside its bound."""
    lines = [
        f"{day['date']}  team {day['team']}  {day['district']}: "
        + ", ".join(f"{v['school']} {v['students']} ({v['part']}/{v['of']})" for v in day["visits"])
        for day in answer["days"]
    ]
    lines += [f"left out: {row['school']} {row['students']} ({row['rule']})" for row in answer["left_out"]]
    score, bound = answer["score"], answer["bound"]
    lines += [f"{name}: {score[name]} of at most {bound[name]}" for name in bound]
    lines.append(f"district changes: {score['district_changes']}; announced days moved: {score['moved']}")
    return "\n".join(lines)


def main(argv: Sequence[str]) -> int:
    """`plan PROBLEM.json [--json]`: print the plan. 0 when planned, 2 when the file or a field of it is wrong."""
    parser = argparse.ArgumentParser(
        prog="server.py plan", description="Plan recording days, without a database."
    )
    parser.add_argument("problem", metavar="PROBLEM.json", type=Path)
    parser.add_argument("--json", action="store_true", help="print the plan as JSON")
    asked = parser.parse_args(argv)
    try:
        data = _read(asked.problem)
        problem, seconds = problem_from(data), seconds_from(data)
    except OSError as error:
        print(f"{asked.problem}: {error.strerror}", file=sys.stderr)
        return 2
    except ProblemError as error:
        print(f"{asked.problem}: {error}", file=sys.stderr)
        return 2

    started = time.perf_counter()
    plan = make_plan(problem, lambda _: time.perf_counter() - started > seconds, seconds)
    answer = answer_from(plan, problem, time.perf_counter() - started)

    print(json.dumps(answer, ensure_ascii=False, indent=1) if asked.json else in_words(answer))
    return 0


def _read(path: Path) -> Any:
    """The JSON of a file. Raises ProblemError when it is none, OSError when it cannot be read."""
    try:
        return json.loads(path.read_text("utf-8-sig"))
    except (ValueError, RecursionError):
        raise ProblemError("problem", Wrong.NOT_JSON) from None
