"""The figures of the coverage pages equal what plain Python counts from students and marks, after any history."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

import pytest

from campaigns.actions import refresh_standings, refresh_tallies
from campaigns.coverage import Coverage, together
from campaigns.models import Booking, Campaign, MarkRow, RecordingDay
from campaigns.progress import queries
from common.database import Store
from ground.people import Cast, invite_everyone
from schools.actions import insert_students, set_student_status
from schools.models import School, Student, Team
from schools.students import StudentFacts

LAST_DAY = date(2026, 12, 18)
VOTING_DAY = date(2027, 2, 10)
OUTCOMES = ("recorded", "waiting", "failed", "absent", "refused", "already_recorded", "not_ours")
# of several marks on one day the first of these is shown
SHOWN_FIRST = ("recorded", "already_recorded", "waiting", "failed", "refused", "absent", "not_ours")


@dataclass
class History:
    """What happened, in plain values: everything the figures follow from."""

    campaign: int
    called: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))  # student -> days
    marks: dict[tuple[int, int], list[tuple[str, int, str, list[str]]]] = field(
        default_factory=lambda: defaultdict(list)
    )  # student, day -> uuid, clock, outcome, superseded
    days: dict[int, tuple[date, str]] = field(default_factory=dict)  # day -> date, state


@pytest.fixture
def cast(store: Store) -> Cast:
    return invite_everyone(store)


def live_through(cast: Cast, seed: int) -> History:
    chance = Random(seed)
    now = datetime(2026, 10, 1, 3)
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
                )
            )
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
        )
        history.days[day.id] = (day.date, state)
        for queue, student in enumerate([one for one in everyone if one.school_id == school], 1):
            if chance.random() < 0.7:
                Booking.create(day=day, student=student, queue_number=queue, slot="08:00")
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
                    received_at=now,
                    body_hash=mark[0],
                )
            if history.marks[student.id, day.id]:
                history.called[student.id].add(day.id)
    refresh_tallies(campaign.id, schools)
    refresh_standings(campaign.id, [student.id for student in everyone])
    leavers = [student.id for student in everyone if chance.random() < 0.1]
    set_student_status(cast.sari, leavers, "left")
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


def counted(history: History, students: list[Student]) -> Coverage:
    coverage = Coverage()
    for student in students:
        if student.status != "active":
            continue
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
