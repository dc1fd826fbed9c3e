"""Who is due another try, and on which day they could come."""

from datetime import date

from campaigns.attendance import Outcome, OutcomeReason
from campaigns.calendar import (
    FRIDAY,
    MONDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    CampaignCalendar,
    SchoolCalendar,
    Span,
)
from campaigns.capacity import Network
from campaigns.retakes import DayOutcome, DueStudent, RetakeReason, due_students, propose_retakes
from campaigns.scheduling import Problem, Reason, ReasonKind, Rule, SchoolNeed, Team, Visit

FIRST, SECOND = date(2026, 8, 12), date(2026, 9, 2)
AUTUMN = CampaignCalendar(
    date(2026, 8, 3),
    date(2026, 9, 30),
    date(2026, 9, 30),
    frozenset({MONDAY, TUESDAY, WEDNESDAY, THURSDAY}),
    frozenset({FRIDAY}),
)
SCHOOLS = (
    SchoolNeed("SMAN 1 Weru", "Weru", 90, 60, Network.GOOD),
    SchoolNeed("SMK Weru", "Weru", 40, 20, Network.GOOD),
    SchoolNeed("MA Weru", "Weru", 30, 10, Network.POOR),
    SchoolNeed("SMAN 1 Bulu", "Bulu", 80, 50, Network.GOOD),
)
PROBLEM = Problem(AUTUMN, (Team("A", 2),), SCHOOLS)


def outcome(student: int, on: date, what: Outcome, reason: OutcomeReason | None = None) -> DayOutcome:
    """What came of a student of SMAN 1 Weru on a day."""
    return DayOutcome(student, "SMAN 1 Weru", on, what, reason, voter=True)


def due(
    school: str, count: int, first: int, last_date: date = FIRST, voter: bool = False
) -> list[DueStudent]:
    """Students of a school due a first retake."""
    return [
        DueStudent(first + n, school, voter, 1, Outcome.ABSENT, OutcomeReason.SICK, last_date)
        for n in range(count)
    ]


def booked(school: str, on: date) -> Visit:
    """A first visit that stands."""
    return Visit(school, "A", on, 50, Reason(ReasonKind.LOCKED))


def test_failed_absent_and_refused_are_due_with_their_reason() -> None:
    found = due_students(
        [
            outcome(1, FIRST, Outcome.FAILED, OutcomeReason.IRIS),
            outcome(2, FIRST, Outcome.ABSENT, OutcomeReason.PKL),
            outcome(3, FIRST, Outcome.REFUSED, OutcomeReason.UNIFORM),
            outcome(4, FIRST, Outcome.RECORDED),
            outcome(5, FIRST, Outcome.WAITING),
            outcome(6, FIRST, Outcome.NOT_OURS, OutcomeReason.MOVED),
            outcome(7, FIRST, Outcome.ALREADY_RECORDED),
        ]
    )
    assert [(one.student, one.reason) for one in found] == [
        (1, OutcomeReason.IRIS),
        (2, OutcomeReason.PKL),
        (3, OutcomeReason.UNIFORM),
    ]


def test_whoever_was_recorded_on_another_day_is_not_due() -> None:
    assert due_students([outcome(1, FIRST, Outcome.FAILED), outcome(1, SECOND, Outcome.RECORDED)]) == ()
    assert due_students([outcome(1, SECOND, Outcome.ABSENT), outcome(1, FIRST, Outcome.RECORDED)]) == ()


def test_the_second_miss_is_counted_and_the_latest_reason_kept() -> None:
    (one,) = due_students(
        [
            outcome(1, SECOND, Outcome.REFUSED, OutcomeReason.NOT_READY),
            outcome(1, FIRST, Outcome.ABSENT, OutcomeReason.SICK),
        ]
    )
    assert (one.attempts, one.missed_twice, one.reason, one.last_date) == (
        2,
        True,
        OutcomeReason.NOT_READY,
        SECOND,
    )
    (once,) = due_students([outcome(2, FIRST, Outcome.ABSENT)])
    assert not once.missed_twice


def test_a_school_with_many_due_gets_its_own_day_the_first_one_free() -> None:
    visits = [booked("SMAN 1 Bulu", date(2026, 8, 13)), booked("SMAN 1 Bulu", date(2026, 8, 17))]
    (day,) = propose_retakes(due("SMAN 1 Weru", 30, 0), PROBLEM, visits, date(2026, 8, 12)).days
    assert (day.date, day.venue, day.reason, day.students) == (
        date(2026, 8, 18),
        "SMAN 1 Weru",
        RetakeReason.OWN_SCHOOL,
        30,
    )


def test_the_few_of_several_schools_of_a_district_share_a_day_where_most_are() -> None:
    waiting = (
        due("SMAN 1 Weru", 6, 0)
        + due("SMK Weru", 9, 100)
        + due("MA Weru", 3, 200)
        + due("SMAN 1 Bulu", 2, 300)
    )
    weru, bulu = propose_retakes(waiting, PROBLEM, [], date(2026, 8, 12)).days
    assert (weru.venue, weru.reason, weru.students) == ("SMK Weru", RetakeReason.SHARED_IN_DISTRICT, 18)
    assert (bulu.venue, bulu.reason, bulu.students) == ("SMAN 1 Bulu", RetakeReason.OWN_SCHOOL, 2)
    assert weru.date != bulu.date


def test_more_than_a_day_takes_gets_two_days() -> None:
    days = propose_retakes(due("SMAN 1 Weru", 70, 0), PROBLEM, [], date(2026, 8, 12)).days
    assert [day.students for day in days] == [50, 20]


def test_a_retake_is_after_the_day_that_was_missed() -> None:
    (day,) = propose_retakes(due("SMAN 1 Weru", 30, 0, SECOND), PROBLEM, [], date(2026, 8, 3)).days
    assert day.date == date(2026, 9, 3)


def test_the_schools_of_a_shared_day_are_all_open_on_it() -> None:
    exams = SchoolCalendar(closed=(Span(date(2026, 8, 13), date(2026, 8, 20)),))
    schools = tuple(
        SchoolNeed(
            s.id, s.district, s.target, s.voters, s.network, exams if s.id == "MA Weru" else s.calendar
        )
        for s in SCHOOLS
    )
    waiting = due("SMK Weru", 9, 100) + due("MA Weru", 3, 200)
    (day,) = propose_retakes(waiting, Problem(AUTUMN, (Team("A", 2),), schools), [], date(2026, 8, 12)).days
    assert day.date == date(2026, 8, 24)


def test_voters_come_first() -> None:
    waiting = due("SMAN 1 Bulu", 30, 0) + due("SMAN 1 Weru", 25, 100, voter=True)
    assert [day.venue for day in propose_retakes(waiting, PROBLEM, [], FIRST).days] == [
        "SMAN 1 Weru",
        "SMAN 1 Bulu",
    ]


def test_whoever_finds_no_day_is_named_with_the_rule() -> None:
    waiting = due("SMAN 1 Weru", 3, 0)
    assert {row.rule for row in propose_retakes(waiting, PROBLEM, [], date(2026, 10, 1)).no_day} == {
        Rule.NO_WORKING_DAY
    }
    no_team = Problem(AUTUMN, (), SCHOOLS)
    assert {row.rule for row in propose_retakes(waiting, no_team, [], FIRST).no_day} == {Rule.NO_TEAM}
    last = [booked("SMAN 1 Bulu", date(2026, 9, 30))]
    proposal = propose_retakes(waiting, PROBLEM, last, date(2026, 9, 30))
    assert [(row.student, row.rule) for row in proposal.no_day] == [(n, Rule.NO_FREE_DAY) for n in range(3)]


def test_everybody_due_is_proposed_a_day_or_named() -> None:
    waiting = (
        due("SMAN 1 Weru", 70, 0)
        + due("SMK Weru", 19, 100)
        + due("MA Weru", 7, 200)
        + due("SMAN 1 Bulu", 2, 300)
    )
    proposal = propose_retakes(waiting, PROBLEM, [], date(2026, 9, 29))
    told = [student for day in proposal.days for group in day.groups for student in group.students]
    told += [row.student for row in proposal.no_day]
    assert sorted(told) == [one.student for one in waiting]
    assert len({(day.team, day.date) for day in proposal.days}) == len(proposal.days)
