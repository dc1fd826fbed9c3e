"""The search for better itineraries: what it reports is so, it is the same each time, and it can be stopped."""

from dataclasses import replace
from itertools import pairwise

import pytest
from test_planning import an_office

from campaigns.board import Board, Bookings, Style
from campaigns.hard_rules import violations_of
from campaigns.improving import Search, Taste, Worth
from campaigns.itineraries import Terrain
from campaigns.planning import Progress, make_plan
from campaigns.scheduling import Locked, Problem, Team

TASTE = Taste(voter=900, student=200, change=300.0, early_enough=1e9)


def a_search(problem: Problem, splits: bool = False) -> Search:
    """A search that begins with the schools dealt out to the teams in the order of the list."""
    board = Board(problem)
    terrain = Terrain(board, Bookings(board, Style(0.0), ()), splits)
    teams = terrain.teams
    return Search(terrain, {t: terrain.schools[t :: len(teams)] for t in teams}, TASTE)


def never(tried: int, best: Worth) -> bool:
    return False


def worth_of_days(search: Search) -> Worth:
    """What the itineraries are worth, counted from their days."""
    terrain, board = search.terrain, search.terrain.board
    served, earliness, changes = [0] * len(board.target), 0, 0
    for t in terrain.teams:
        stops = terrain.stops(t, search.orders[t])
        for s, i, students in stops:
            served[s] += students
            earliness += students * terrain.worth[i]
        districts = [d for _, d in sorted({(i, board.district[s]) for s, i, _ in stops})]
        changes += sum(a != b for a, b in pairwise(districts))
    voters = sum(min(n, most) for n, most in zip(served, board.voters, strict=True))
    return Worth(voters, sum(served), earliness, changes)


@pytest.mark.parametrize("weeks", [28, 9])
@pytest.mark.parametrize("choosing", [False, True])
def test_what_a_thousand_changes_are_said_to_be_worth_is_what_their_days_are_worth(
    weeks: int, choosing: bool
) -> None:
    for seed in range(3):
        search = a_search(an_office(weeks=weeks, teams=2, seed=seed), splits=choosing)
        before = search.worth()
        after = search.improve(1000, 300.0, 5.0, choosing, never)
        assert after == search.worth() == worth_of_days(search)
        assert (after.voters, after.students, TASTE.of(after)) > (
            before.voters,
            before.students,
            TASTE.of(before),
        )


def test_every_school_stays_in_one_itinerary() -> None:
    search = a_search(an_office())
    search.improve(2000, 300.0, 5.0, False, never)
    assert sorted(s for order in search.orders.values() for s in order) == list(range(60))


def test_teams_with_unlike_kits_serve_every_voter_the_bound_allows() -> None:
    problem = replace(an_office(), teams=(Team("one", 1), Team("two", 2), Team("three", 3)))
    plan = make_plan(problem)
    assert plan.score.voters == plan.bound.voters and violations_of(plan.visits, problem) == []


def test_where_days_are_short_the_search_finds_places_that_no_draft_had() -> None:
    short = an_office(teams=2, weeks=9)
    plan, draft = make_plan(short), make_plan(short, seconds=0)
    assert violations_of(plan.visits, short) == []
    assert (plan.score.voters, plan.score.students) > (draft.score.voters, draft.score.students)


def test_who_watches_is_told_of_ever_better_plans_and_gets_the_last_when_stopping() -> None:
    told: list[Progress] = []

    def watch(progress: Progress) -> bool:
        told.append(progress)
        return progress.tried > 2000

    office = an_office()
    plan = make_plan(office, watch)
    served = [(progress.voters, progress.students) for progress in told]
    assert served == sorted(served) and 2000 < told[-1].tried < 2400 < told[-1].of
    assert (plan.score.voters, plan.score.students) == served[-1]
    assert violations_of(plan.visits, office) == []
    at_once = make_plan(office, lambda _: True)
    assert violations_of(at_once.visits, office) == [] and at_once.score.voters == plan.score.voters


def test_progress_counts_the_days_that_were_fixed_before() -> None:
    office = an_office()
    first = make_plan(office, seconds=0)
    locked = tuple(Locked(v.school, v.team, v.date, v.students) for v in first.visits[:30])
    told: list[Progress] = []
    plan = make_plan(replace(office, locked=locked), lambda progress: bool(told.append(progress)))
    assert told[-1].students == plan.score.students and told[-1].voters == plan.score.voters
