"""What a plan is worth, and the days it leaves free."""

from dataclasses import replace
from datetime import date

from test_hard_rules import AUGUST, BULU, PLANNED, PROBLEM, WERU_2, visit

from campaigns.scheduling import (
    Announced,
    FreeDay,
    Reason,
    ReasonKind,
    Score,
    Visit,
    days_left_free,
    district_changes,
    earliness_of_days,
    largest_capacity,
    score_of,
    with_parts,
)


def test_earliness_counts_the_usable_days_after_the_visit() -> None:
    # After Wednesday 19 August come the 20th, 26th and 27th; the 21st is a Friday, 24 and 25 are paused.
    worth = earliness_of_days(AUGUST, [date(2026, 8, 19), date(2026, 8, 27), date(2026, 8, 17)])
    assert worth == {date(2026, 8, 17): 5, date(2026, 8, 19): 3, date(2026, 8, 27): 0}
    assert earliness_of_days(AUGUST, []) == {}


def test_the_score_counts_voters_first_within_a_school() -> None:
    problem = replace(
        PROBLEM,
        announced=(Announced("Bulu", "A", date(2026, 8, 6)), Announced("Weru 2", "A", date(2026, 8, 4))),
    )
    assert score_of(PLANNED, problem) == Score(
        voters=60 + 10 + 30,
        students=50 + 40 + 10 + 40,
        earliness=50 * 12 + 50 * 11 + 40 * 10,
        district_changes=1,
        moved=1,
    )


def test_district_changes_are_counted_team_by_team_over_its_own_days() -> None:
    to_and_fro = [visit("Weru 1", 3), visit("Bulu", 4), visit("Weru 2", 10), visit("Bulu", 3, team="B")]
    assert district_changes(to_and_fro, PROBLEM) == 2


def test_each_visit_knows_which_day_of_its_school_it_is() -> None:
    parts = {(v.school, v.date.day): (v.part, v.of) for v in with_parts(reversed(PLANNED))}
    assert parts == {("Weru 1", 3): (1, 2), ("Weru 1", 4): (2, 2), ("Weru 2", 4): (1, 1), ("Bulu", 5): (1, 1)}


def test_a_day_is_free_where_the_team_has_nothing_or_room_in_the_same_district() -> None:
    problem = replace(PROBLEM, teams=PROBLEM.teams[:1])
    visits = (visit("Weru 1", 3, 30), visit("Weru 1", 4, 50), visit("Bulu", 5, 10))
    free = days_left_free(problem, visits, WERU_2, students=20)
    assert [day.date.day for day in free] == [3, 6, 10, 11, 12, 13, 18, 19, 20, 26, 27]
    assert free[0] == FreeDay(date(2026, 8, 3), "A", 20) and free[1].room == 50
    assert date(2026, 8, 3) not in {day.date for day in days_left_free(problem, visits, WERU_2, students=21)}


def test_a_school_asking_for_another_day_is_not_in_its_own_way() -> None:
    problem = replace(PROBLEM, teams=PROBLEM.teams[:1])
    assert date(2026, 8, 5) in {day.date for day in days_left_free(problem, [visit("Bulu", 5, 40)], BULU, 40)}


def test_a_team_that_is_off_offers_no_day() -> None:
    assert ("B", date(2026, 8, 12)) not in {(day.team, day.date) for day in days_left_free(PROBLEM, (), BULU)}
    assert ("A", date(2026, 8, 12)) in {(day.team, day.date) for day in days_left_free(PROBLEM, (), BULU)}


def test_the_largest_capacity_is_that_of_the_best_equipped_team() -> None:
    assert largest_capacity(PROBLEM, BULU) == 50
    assert largest_capacity(replace(PROBLEM, teams=()), BULU) == 0


def test_a_reason_is_a_kind_and_its_figures() -> None:
    assert (
        Visit(
            "Bulu", "A", date(2026, 8, 5), 40, Reason(ReasonKind.SAME_DISTRICT, voters=30, rank=1)
        ).reason.rank
        == 1
    )
