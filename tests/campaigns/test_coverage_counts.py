"""The figures of the coverage pages equal what plain Python counts from students and marks, after any history."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from random import Random

import pytest

from campaigns import tally_queries
from campaigns.actions import refresh_standings, refresh_tallies
from campaigns.coverage import FIGURES, Coverage, together
from campaigns.models import Booking, Campaign, MarkRow, RecordingDay, Tally
from campaigns.progress import chart_queries, forecast_queries, queries, wall_queries
from campaigns.progress.figure_queries import Asked
from campaigns.queries import CutOffs, campaign
from campaigns.slices import ELSEWHERE, UNKNOWN, Slice
from common.clock import fixed_at
from common.database import Store, db, rows_of
from ground.people import Cast, invite_everyone
from schools.actions import insert_students, set_student_status
from schools.models import School, Student, Team
from schools.students import StudentFacts

ROOT = Path(__file__).resolve().parents[2]
LAST_DAY = date(2026, 12, 18)
VOTING_DAY = date(2027, 2, 10)
MADE = datetime(2026, 10, 1, 3)
OUTCOMES = ("recorded", "waiting", "failed", "absent", "refused", "already_recorded", "not_ours")
# of several marks on one day the first of these is shown
SHOWN_FIRST = ("recorded", "already_recorded", "waiting", "failed", "refused", "absent", "not_ours")


@dataclass
class History:
    """What happened, in plain values: everything the figures follow from."""

    campaign: int
    called: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))  # student -> days
    places: dict[int, set[int]] = field(
        default_factory=lambda: defaultdict(set)
    )  # student -> days with a place
    marks: dict[tuple[int, int], list[tuple[str, int, str, list[str]]]] = field(
        default_factory=lambda: defaultdict(list)
    )  # student, day -> uuid, clock, outcome, superseded
    days: dict[int, tuple[date, str]] = field(default_factory=dict)  # day -> date, state
    received: dict[str, datetime] = field(default_factory=dict)  # uuid -> when the server had it
    came_in: dict[int, datetime] = field(default_factory=dict)  # student -> when
    left: dict[int, datetime] = field(default_factory=dict)  # student -> when

    def until(self, moment: datetime) -> History:
        """What had happened by then, as plain as that: later marks, later days and later closings had not."""
        days = {
            day: (on, state if MADE + timedelta(days=9) <= moment else "open")
            for day, (on, state) in self.days.items()
        }
        marks = defaultdict(list)
        called = defaultdict(set, {student: set(days) for student, days in self.places.items()})
        for (student, day), its in self.marks.items():
            known = [mark for mark in its if self.received[mark[0]] <= moment]
            if known:
                marks[student, day] = known
                called[student].add(day)
        return replace(self, called=called, marks=marks, days=days)


@pytest.fixture
def cast(store: Store) -> Cast:
    return invite_everyone(store)


def live_through(cast: Cast, seed: int) -> History:
    chance = Random(seed)
    now = MADE
    campaign = Campaign.create(
        office=cast.sari.office_id,
        name="Perekaman pemula",
        from_date=date(2026, 9, 1),
        to_date=LAST_DAY,
        voting_day=VOTING_DAY,
        voting_day_is_fixed=True,
        latest_useful_day=date(2027, 2, 9),
        created_at=now,
    )
    history = History(campaign.id)
    schools = [school.id for school in School.select().where(School.office == cast.sari.office_id)]
    for school in schools[:3]:
        students = []
        for number in range(chance.randrange(10, 25)):
            # birthdays on and beside the two dates that decide
            born = chance.choice(
                [
                    date(2010, 12, 18) + timedelta(days=chance.randrange(-2, 3)),
                    date(2010, 2, 10) + timedelta(days=chance.randrange(-2, 3)),
                    date(2008, 2, 29),
                    date(2011, 5, 5),
                ]
            )
            students.append(
                StudentFacts(
                    f"Siswa {number}",
                    born,
                    class_name=chance.choice(["X-1", "XI-1", ""]),
                    is_married=chance.random() < 0.1,
                    recorded_before=chance.random() < 0.2,
                    sex=chance.choice("LP"),
                    home_district=chance.choice(["", "Kec. sukoharjo", "Mojolaban", "Laweyan"]),
                )
            )
        with fixed_at(now - timedelta(days=chance.randrange(2))):
            insert_students(cast.sari.office_id, school, students)
    team = Team.select().first()
    everyone = list(Student.select())
    for number in range(4):
        state = chance.choice(["closed", "open", "confirmed", "cancelled", "postponed"])
        school = chance.choice(schools[:3])
        day = RecordingDay.create(
            office=cast.sari.office_id,
            campaign=campaign,
            date=date(2026, 10, 5) + timedelta(days=number),
            team=team,
            school=school,
            kind="school",
            state=state,
            takes_morning=1,
            starts_at="08:00",
            ends_at="14:00",
            capacity=50,
            created_at=now,
            closed_at=MADE + timedelta(days=9) if state == "closed" else None,
        )
        history.days[day.id] = (day.date, state)
        for queue, student in enumerate([one for one in everyone if one.school_id == school], 1):
            if chance.random() < 0.7:
                Booking.create(day=day, student=student, queue_number=queue, slot="08:00")
                if state not in ("cancelled", "postponed"):
                    history.places[student.id].add(day.id)
                history.called[student.id].add(day.id)
            for turn in range(chance.choice([0, 0, 1, 1, 1, 2, 3])):
                earlier = [uuid for uuid, *_ in history.marks[student.id, day.id]]
                superseded = [uuid for uuid in earlier if chance.random() < 0.6]
                mark = (
                    f"mark-{student.id}-{day.id}-{turn}",
                    chance.randrange(1, 9),
                    chance.choice(OUTCOMES),
                    superseded,
                )
                history.marks[student.id, day.id].append(mark)
                history.received[mark[0]] = now + timedelta(days=chance.randrange(10))
                MarkRow.create(
                    office=cast.sari.office_id,
                    uuid=mark[0],
                    day=day,
                    student=student,
                    outcome=mark[2],
                    device="hp",
                    seq=1,
                    lc=mark[1],
                    supersedes=json.dumps(superseded),
                    received_at=history.received[mark[0]],
                    body_hash=mark[0],
                )
            if history.marks[student.id, day.id]:
                history.called[student.id].add(day.id)
    refresh_tallies(campaign.id, schools)
    refresh_standings(campaign.id, [student.id for student in everyone])
    leavers = [student.id for student in everyone if chance.random() < 0.1]
    gone = MADE + timedelta(days=5)
    with fixed_at(gone):
        set_student_status(cast.sari, leavers, "left")
    history.left = dict.fromkeys(leavers, gone)
    history.came_in = {student.id: student.created_at for student in everyone}
    return history


def outcome_on(history: History, student: int, day: int) -> str:
    marks = history.marks.get((student, day), [])
    live = [
        outcome
        for uuid, clock, outcome, _ in marks
        if not any(uuid in others and later > clock for _, later, _, others in marks)
    ]
    if live:
        return min(live, key=SHOWN_FIRST.index)
    return "absent" if history.days[day][1] == "closed" else ""


def stands(history: History, student: int) -> str:
    told = sorted(
        (history.days[day][0], outcome)
        for day in history.called[student]
        # what was marked before a day was called off did happen, and counts
        if (outcome := outcome_on(history, student, day))
    )
    for settled in ("recorded", "already_recorded", "not_ours", "waiting"):
        if any(outcome == settled for _, outcome in told):
            return settled
    return told[-1][1] if told else ""


def counted(history: History, students: list[Student], moment: datetime = datetime(9999, 1, 1)) -> Coverage:
    coverage = Coverage()
    for student in students:
        left = history.left.get(student.id)
        if history.came_in[student.id] > moment or (left is not None and left <= moment):
            continue
        has_place = any(
            history.days[day][1] in ("draft", "confirmed", "open") for day in history.places[student.id]
        )
        outcome = stands(history, student.id)
        turns_16 = (student.birth_date.year + 16, student.birth_date.month, student.birth_date.day)
        turns_17 = (student.birth_date.year + 17, student.birth_date.month, student.birth_date.day)
        is_old_enough = turns_16 <= (LAST_DAY.year, LAST_DAY.month, LAST_DAY.day)
        is_voter = student.is_married or turns_17 <= (VOTING_DAY.year, VOTING_DAY.month, VOTING_DAY.day)
        is_target = (
            is_old_enough and not student.recorded_before and outcome not in ("already_recorded", "not_ours")
        )
        coverage = coverage.add(
            Coverage(
                students=1,
                target=is_target,
                voters=is_target and is_voter,
                recorded=is_target and outcome == "recorded",
                recorded_voters=is_target and is_voter and outcome == "recorded",
                waiting=is_target and outcome == "waiting",
                retake_due=is_target and outcome in ("failed", "absent", "refused"),
                already=student.recorded_before or outcome == "already_recorded",
                not_yet=not is_old_enough
                and not student.recorded_before
                and outcome not in ("already_recorded", "not_ours"),
                waiting_voters=is_target and is_voter and outcome == "waiting",
                retake_due_voters=is_target and is_voter and outcome in ("failed", "absent", "refused"),
                unplanned=is_target and not outcome and not has_place,
                unplanned_voters=is_target and is_voter and not outcome and not has_place,
                not_yet_voters=not is_old_enough
                and is_voter
                and not student.recorded_before
                and outcome not in ("already_recorded", "not_ours"),
            )
        )
    return coverage


@pytest.mark.parametrize("seed", range(6))
def test_every_figure_is_what_plain_python_counts(store: Store, cast: Cast, seed: int) -> None:
    history = store.write_now(live_through, cast, seed)
    students = store.read_now(lambda: list(Student.select()))

    page = store.read_now(queries.coverage_page, cast.sari, history.campaign)
    assert page.total == counted(history, students)
    found_gone = [
        student
        for student in students
        if student.status == "active"
        and not student.recorded_before
        and stands(history, student.id) == "not_ours"
    ]
    assert page.total.not_ours == len(found_gone)
    assert page.total == together(district.coverage for district in page.districts)
    for row in page.schools:
        of_school = [student for student in students if student.school_id == row.id]
        assert row.coverage == counted(history, of_school)
        school = store.read_now(queries.school_page, cast.sari, history.campaign, row.id)
        for one in school.classes:
            assert one.coverage == counted(
                history, [student for student in of_school if student.class_name == one.name]
            )
    assert store.read_now(queries.coverage_of, cast.sari, history.campaign) == page.total


@pytest.mark.parametrize("seed", range(4))
def test_the_figures_of_a_past_day_are_those_of_that_day(store: Store, cast: Cast, seed: int) -> None:
    history = store.write_now(live_through, cast, seed)
    students = store.read_now(lambda: list(Student.select()))
    for day in (
        date(2026, 9, 29),
        date(2026, 10, 1),
        date(2026, 10, 4),
        date(2026, 10, 6),
        date(2026, 10, 11),
    ):
        moment = datetime(day.year, day.month, day.day, 17) - timedelta(microseconds=1)  # midnight in Jakarta
        then = history.until(moment)
        if moment < MADE:
            then = replace(then, days=dict.fromkeys(then.days, (day, "cancelled")), places=defaultdict(set))
        page = store.read_now(
            queries.coverage_page, cast.sari, history.campaign, None, "left", 1, Asked(on=day)
        )
        assert page.total == counted(then, students, moment), day
        for row in page.schools:
            of_school = [student for student in students if student.school_id == row.id]
            assert row.coverage == counted(then, of_school, moment)


@pytest.mark.parametrize("on", [None, date(2026, 10, 11)])
def test_every_part_is_counted_by_itself_and_the_parts_add_up(
    store: Store, cast: Cast, on: date | None
) -> None:
    history = store.write_now(live_through, cast, 3)
    students = store.read_now(lambda: list(Student.select()))
    schools = store.read_now(lambda: {school.id: school for school in School.select()})
    home = {"": UNKNOWN, "Kec. sukoharjo": "1", "Mojolaban": "2", "Laweyan": ELSEWHERE}

    def total(part: Slice) -> Coverage:
        asked = Asked(part, on)
        page = store.read_now(queries.coverage_page, cast.sari, history.campaign, None, "left", 1, asked)
        assert page.total == together(row.coverage for row in page.schools)
        return page.total

    for part in (
        Slice(sex="L"),
        Slice(home=ELSEWHERE),
        Slice(home=UNKNOWN, sex="P"),
        Slice(home="1", level="SMA"),
        Slice(owner="public", level="SMK"),
        Slice(owner="private"),
    ):
        wanted = [
            one
            for one in students
            if part.sex in ("", one.sex)
            and part.home in ("", home[one.home_district])
            and part.level in ("", schools[one.school_id].level)
            and part.owner != "private"
        ]
        assert total(part) == counted(history, wanted), part
    assert together(total(Slice(sex=sex)) for sex in "LP") == total(Slice())
    assert together(total(Slice(home=home)) for home in (ELSEWHERE, UNKNOWN, "1", "2")) == total(Slice())


def test_a_school_admin_counts_the_own_school_and_no_other(store: Store, cast: Cast) -> None:
    history = store.write_now(live_through, cast, 1)
    students = store.read_now(lambda: list(Student.select().where(Student.school == cast.ratnas_school)))
    assert store.read_now(queries.coverage_of, cast.ratna, history.campaign) == counted(history, students)
    page = store.read_now(queries.coverage_page, cast.ratna, history.campaign)
    assert [row.id for row in page.schools] == [cast.ratnas_school]


def test_another_office_counts_nothing_of_this_one(store: Store, cast: Cast) -> None:
    history = store.write_now(live_through, cast, 1)
    assert store.read_now(queries.coverage_of, cast.wahyu, history.campaign) == Coverage()
    assert store.read_now(queries.coverage_page, cast.wahyu, history.campaign).schools == ()


@pytest.mark.parametrize("seed", range(2))
def test_forecast_charts_and_wall_begin_with_the_figures_of_coverage(
    store: Store, cast: Cast, seed: int
) -> None:
    history = store.write_now(live_through, cast, seed)
    with fixed_at(date(2026, 10, 7)):
        coverage = store.read_now(queries.coverage_of, cast.lina, history.campaign)
        page = store.read_now(forecast_queries.forecast_page, cast.lina, history.campaign)
        facts = store.read_now(chart_queries.chart_facts, cast.lina, history.campaign)
        card = store.read_now(campaign, cast.lina, history.campaign)
        wall = store.read_now(wall_queries.wall_page, cast.lina, card)
        risks = store.read_now(forecast_queries.at_risk, cast.lina, card)
    assert sum(line.one.school.left for line in page.lines) == coverage.left - coverage.waiting
    assert (
        sum(line.one.school.voters for line in page.lines) == coverage.left_voters - coverage.waiting_voters
    )
    assert sum(day.recorded for day in facts.recorded) == coverage.recorded
    assert sum(day.voters for day in facts.recorded) == coverage.recorded_voters
    assert wall.coverage == page.coverage == coverage
    assert {line.id: line.voters for line in risks} == {
        line.id: line.one.outlooks.expected.voters_by_plan for line in page.at_risk
    }
    for day in facts.outcomes:
        shown = [
            outcome_on(history, student, day_id)
            for student, days in history.called.items()
            for day_id in days
            if history.days[day_id] == (day.date, "closed")
        ]
        assert (day.called, day.recorded, day.waiting, day.missed) == (
            len(shown),
            shown.count("recorded"),
            shown.count("waiting"),
            sum(shown.count(due) for due in ("absent", "failed", "refused")),
        )


@pytest.mark.parametrize("seed", range(2))
def test_an_office_that_was_there_before_is_counted_by_the_migration(
    store: Store, cast: Cast, seed: int
) -> None:
    store.write_now(live_through, cast, seed)
    spec = spec_from_file_location("coverage_migration", ROOT / "migrations" / "0007_coverage.py")
    assert spec is not None and spec.loader is not None
    migration = module_from_spec(spec)
    spec.loader.exec_module(migration)

    def figures() -> list[Coverage]:
        columns = [getattr(Tally, name) for name in FIGURES]
        return [Coverage(*row) for row in rows_of(Tally.select(*columns).order_by(Tally.id))]

    def again() -> None:
        database = Tally._meta.database
        for column in migration.COLUMNS:
            database.execute_sql(f"ALTER TABLE tally DROP COLUMN {column}")
        migration.up(None, database)

    before = store.read_now(figures)
    assert any(its.unplanned for its in before)
    store.write_now(again)
    assert store.read_now(figures) == before


def test_counting_a_class_asks_for_the_students_places_and_not_for_every_day(sqlite_store: Store) -> None:
    def plan() -> str:
        cut_offs = CutOffs.at(date(2026, 12, 18), date(2027, 2, 10), 16)
        text, values = tally_queries._kinds(1, cut_offs, Student.school == 1).sql()
        return " ".join(str(row) for row in db.execute_sql(f"EXPLAIN QUERY PLAN {text}", values))

    assert "booking_student" in sqlite_store.read_now(plan)
