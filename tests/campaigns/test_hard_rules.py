"""Each hard rule of a plan alone, and what a change by hand would break."""

from dataclasses import replace
from datetime import date

import pytest

from campaigns.calendar import (
    FRIDAY,
    MONDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    BlockedBy,
    CampaignCalendar,
    Holiday,
    Pause,
    SchoolCalendar,
    Span,
    TeamCalendar,
    school_week,
)
from campaigns.capacity import Network
from campaigns.hard_rules import HARD_RULES, Change, clashes_of, violations_of, visits_after
from campaigns.scheduling import Locked, Problem, Reason, ReasonKind, Rule, SchoolNeed, Team, Visit

AUGUST = CampaignCalendar(
    date(2026, 8, 3),
    date(2026, 8, 31),
    date(2026, 8, 27),
    frozenset({MONDAY, TUESDAY, WEDNESDAY, THURSDAY}),
    frozenset({FRIDAY}),
    {date(2026, 8, 17): Holiday(date(2026, 8, 17), "Hari Kemerdekaan")},
    (Pause(date(2026, 8, 24), date(2026, 8, 25), "Surat Kemendagri"),),
)
WERU_1 = SchoolNeed("Weru 1", "Weru", 90, 60, Network.GOOD)
WERU_2 = SchoolNeed("Weru 2", "Weru", 20, 15, Network.GOOD)
WERU_3 = SchoolNeed(
    "Weru 3",
    "Weru",
    10,
    5,
    Network.POOR,
    SchoolCalendar(school_week(5), (Span(date(2026, 8, 5), date(2026, 8, 6), "Ujian"),)),
)
BULU = SchoolNeed("Bulu", "Bulu", 40, 30, Network.GOOD)
PROBLEM = Problem(
    AUGUST,
    (
        Team("A", 2),
        Team("B", 2, TeamCalendar(days_off=(Span(date(2026, 8, 12), date(2026, 8, 12), "Dinas luar"),))),
    ),
    (WERU_1, WERU_2, WERU_3, BULU),
)


def visit(school: str, day: int, students: int = 10, team: str = "A") -> Visit:
    """A visit in August 2026."""
    return Visit(school, team, date(2026, 8, day), students, Reason(ReasonKind.BY_HAND))


def broken(*visits: Visit, problem: Problem = PROBLEM) -> set[str]:
    """The names of the rules that the visits break."""
    return {clash.rule for clash in violations_of(visits, problem)}


def test_a_sound_plan_breaks_nothing() -> None:
    sound = (visit("Weru 1", 3, 50), visit("Weru 1", 4, 40), visit("Weru 2", 4, 10), visit("Bulu", 5, 40))
    assert broken(*sound) == set()


@pytest.mark.parametrize(
    ("day", "team", "rule", "name"),
    [
        (2, "A", BlockedBy.OUTSIDE_WINDOW, ""),
        (31, "A", BlockedBy.AFTER_LATEST_USEFUL_DAY, ""),
        (7, "A", BlockedBy.RESERVED_WEEKDAY, ""),
        (8, "A", BlockedBy.NOT_A_WORKING_WEEKDAY, ""),
        (17, "A", BlockedBy.OFFICE_HOLIDAY, "Hari Kemerdekaan"),
        (24, "A", BlockedBy.PAUSE, "Surat Kemendagri"),
        (5, "A", BlockedBy.SCHOOL_CLOSED, "Ujian"),
        (8, "A", BlockedBy.SCHOOL_WEEK, ""),
        (12, "B", BlockedBy.TEAM_DAY_OFF, "Dinas luar"),
    ],
)
def test_a_visit_on_a_blocked_day_is_named_with_what_blocks_it(
    day: int, team: str, rule: BlockedBy, name: str
) -> None:
    clashes = violations_of([visit("Weru 3", day, team=team)], PROBLEM)
    assert (rule, name) in {(clash.rule, clash.name) for clash in clashes}


def test_a_team_is_in_one_district_a_day() -> None:
    here, there = visit("Weru 1", 3), visit("Bulu", 3)
    clashes = violations_of([here, there], PROBLEM)
    assert {(clash.rule, clash.visit, clash.others) for clash in clashes} == {
        (Rule.ONE_DISTRICT_A_DAY, here, (there,)),
        (Rule.ONE_DISTRICT_A_DAY, there, (here,)),
    }
    assert broken(here, visit("Bulu", 3, team="B")) == set()


def test_a_teams_day_holds_what_its_kits_record() -> None:
    assert broken(visit("Weru 1", 3, 50)) == set()
    (clash,) = violations_of([visit("Weru 1", 3, 51)], PROBLEM)
    assert (clash.rule, clash.limit, clash.found) == (Rule.TEAM_CAPACITY, 50, 51)


def test_schools_that_share_a_day_share_its_capacity_each_at_its_own_rate() -> None:
    assert broken(visit("Weru 1", 3, 25), visit("Weru 3", 3, 10)) == set()  # half a day good, half a day poor
    assert broken(visit("Weru 1", 3, 26), visit("Weru 3", 3, 10)) == {Rule.TEAM_CAPACITY}


def test_a_team_visits_at_most_two_schools_a_day() -> None:
    assert broken(visit("Weru 1", 3, 5), visit("Weru 2", 3, 5), visit("Weru 3", 3, 5)) == {Rule.SCHOOLS_A_DAY}


def test_a_school_gets_at_most_two_days_a_round() -> None:
    assert broken(visit("Weru 1", 3), visit("Weru 1", 4), visit("Weru 1", 5)) == {Rule.DAYS_A_SCHOOL}


def test_a_school_has_one_visit_a_day() -> None:
    assert Rule.SCHOOL_ONCE_A_DAY in broken(visit("Weru 1", 3), visit("Weru 1", 3, team="B"))


def test_two_days_of_a_school_are_by_the_same_team() -> None:
    assert broken(visit("Weru 1", 3), visit("Weru 1", 4, team="B")) == {Rule.SAME_TEAM}


def test_two_days_of_a_school_have_no_possible_day_between_them() -> None:
    assert broken(visit("Weru 1", 3), visit("Weru 1", 5)) == {Rule.CONSECUTIVE_DAYS}
    assert broken(visit("Weru 1", 6), visit("Weru 1", 10)) == set()  # Friday is reserved, then the weekend
    assert (
        broken(
            visit("Weru 3", 4),
            visit("Weru 3", 10),
            problem=replace(PROBLEM, schools=(replace(WERU_3, target=30),)),
        )
        == set()
    )


def test_a_locked_day_stays_with_its_students() -> None:
    locked = replace(PROBLEM, locked=(Locked("Bulu", "A", date(2026, 8, 5), 40),))
    assert broken(visit("Bulu", 5, 40), problem=locked) == set()
    assert broken(visit("Bulu", 6, 40), problem=locked) == {Rule.LOCKED_DAY}
    assert broken(visit("Bulu", 5, 39), problem=locked) == {Rule.LOCKED_DAY}


def test_a_school_gets_no_more_places_than_students() -> None:
    assert broken(visit("Weru 2", 3, 21)) == {Rule.NO_MORE_THAN_TARGET}


def test_every_rule_has_its_say() -> None:
    assert len(HARD_RULES) == len({rule.__name__ for rule in HARD_RULES}) == 10


PLANNED = (visit("Weru 1", 3, 50), visit("Weru 1", 4, 40), visit("Weru 2", 4, 10), visit("Bulu", 5, 40))


def test_a_day_moved_to_a_free_date_clashes_with_nothing() -> None:
    move = Change("Bulu", "A", date(2026, 8, 6), 40, instead_of=("A", date(2026, 8, 5)))
    assert clashes_of(move, PLANNED, PROBLEM) == []
    assert visit("Bulu", 6, 40).key in {moved.key for moved in visits_after(move, PLANNED)}


def test_a_day_moved_onto_another_district_names_the_visits_in_its_way() -> None:
    move = Change("Bulu", "A", date(2026, 8, 4), 40, instead_of=("A", date(2026, 8, 5)))
    clashes = {clash.rule: clash for clash in clashes_of(move, PLANNED, PROBLEM)}
    assert set(clashes) == {Rule.ONE_DISTRICT_A_DAY, Rule.TEAM_CAPACITY, Rule.SCHOOLS_A_DAY}
    assert {other.school for other in clashes[Rule.ONE_DISTRICT_A_DAY].others} == {"Weru 1", "Weru 2"}


def test_moving_the_first_of_two_days_away_names_the_gap_it_leaves() -> None:
    move = Change("Weru 1", "A", date(2026, 8, 10), 50, instead_of=("A", date(2026, 8, 3)))
    assert {clash.rule for clash in clashes_of(move, PLANNED, PROBLEM)} == {Rule.CONSECUTIVE_DAYS}


def test_what_was_wrong_before_the_change_is_not_held_against_it() -> None:
    wrong = (*PLANNED, visit("Weru 3", 17))
    move = Change("Bulu", "A", date(2026, 8, 6), 40, instead_of=("A", date(2026, 8, 5)))
    assert clashes_of(move, wrong, PROBLEM) == []


def test_a_change_of_a_visit_that_is_not_there_is_impossible() -> None:
    with pytest.raises(KeyError):
        clashes_of(Change("Bulu", "A", date(2026, 8, 6), 40, ("A", date(2026, 8, 20))), PLANNED, PROBLEM)
