"""Makes the plan of recording days: which school, which date, which team.

The plan is drafted a day at a time. A team stays in its district while there is work, takes the school that
records most students a day first (of equal ones that with most unrecorded voters), gives a large school days
in a row and fills what is left of a day with another school of the district. Several drafts are made,
differing in how readily a team leaves a district whose remaining days would be half empty; the best by the
office's wishes is kept: most voters, most students, earliest, fewest changes of district. The number of
drafts depends on the size of the problem and never on the clock, so that the same problem always gets the
same plan.
"""

from collections.abc import Iterable
from fractions import Fraction

from campaigns.board import Board, Style
from campaigns.bounds import bound_on
from campaigns.drafting import Draft
from campaigns.scheduling import Announced, Bound, Plan, Problem, Rule, Score, score_of, with_parts

# Of two plans that serve the same students the one with fewer changes of district is better when it is at
# most this much later: a crew that stays in a district drives less, and 1.5 % of earliness is a day or two in
# a campaign of a hundred.
EARLINESS_THAT_COUNTS_AS_EQUAL = Fraction(15, 1000)

# How full a team's next days in a district must be for it to stay (0 = it stays to the end), counted in
# students against the most it could record anywhere; a large problem gets fewer drafts, to have its plan in
# about a second.
_FULLNESS_TRIED = (0.0, 0.95, 0.8, 0.65, 0.5, 0.35)
_FULLNESS_TRIED_WHEN_LARGE = (0.0, 0.8, 0.5)
_LARGE_PROBLEM = 60_000  # schools x teams x days


def make_plan(problem: Problem) -> Plan:
    """The best plan found for the problem; the same problem always gets the same plan.

    Locked days stay as they are, announced days stay where the rules allow and nobody is left out for it.
    Every student is in a visit or in `left_out`. `proved` is true only when no plan can serve more voters,
    more students, or be earlier. Raises KeyError when a locked or announced day names a school or team that
    the problem does not have.
    """
    board = Board(problem)
    bound = bound_on(board)
    kept = problem.announced
    best = _best_draft(board, bound, kept)
    if kept and (best[1].voters, best[1].students) < (bound.voters, bound.students):
        best = _with_fewer_announced(board, bound, best)
    draft, score = best
    visits = with_parts(sorted(draft.visits, key=lambda visit: (visit.date, board.team_at[visit.team])))
    planned = {visit.key for visit in visits}
    lost = tuple(day for day in problem.announced if (day.school, day.team, day.date) not in planned)
    proved = (score.voters, score.students, score.earliness) == (
        bound.voters,
        bound.students,
        bound.earliness,
    )
    return Plan(visits, draft.left_out(), score, bound, proved, lost)


def _best_draft(board: Board, bound: Bound, kept: Iterable[Announced]) -> tuple[Draft, Score]:
    """The best of the drafts by the office's wishes."""
    kept = tuple(kept)
    large = len(board.target) * len(board.units) * len(board.days) > _LARGE_PROBLEM
    fullness = _FULLNESS_TRIED_WHEN_LARGE if large else _FULLNESS_TRIED
    drafts = [_drafted(board, Style(full), kept) for full in fullness]
    if max(score.voters for _, score in drafts) < bound.voters:
        drafts += [_drafted(board, Style(full, voters_only=True), kept) for full in fullness]
    return _best_of(drafts)


def _best_of(drafts: list[tuple[Draft, Score]]) -> tuple[Draft, Score]:
    """Most voters, then most students, then earliest to within 1.5 %, then fewest changes of district, then of plan."""
    most = max((score.voters, score.students) for _, score in drafts)
    served = [(draft, score) for draft, score in drafts if (score.voters, score.students) == most]
    earliest = max(score.earliness for _, score in served)
    enough = earliest * (1 - EARLINESS_THAT_COUNTS_AS_EQUAL)
    near = [(draft, score) for draft, score in served if score.earliness >= enough]
    return min(near, key=lambda found: (found[1].district_changes, found[1].moved, -found[1].earliness))


def _drafted(board: Board, style: Style, kept: tuple[Announced, ...]) -> tuple[Draft, Score]:
    """A draft made in that style, and its score."""
    draft = Draft(board, style, kept)
    draft.sweep()
    return draft, score_of(draft.visits, board.problem)


def _with_fewer_announced(board: Board, bound: Bound, best: tuple[Draft, Score]) -> tuple[Draft, Score]:
    """Let announced days go only where it gets more students served: in the districts of those left out, then all."""
    problem = board.problem
    district = {school.id: school.district for school in problem.schools}
    short = {district[row.school] for row in best[0].left_out() if row.rule is not Rule.DAYS_A_SCHOOL}
    if not short:
        return best
    elsewhere = tuple(day for day in problem.announced if district[day.school] not in short)
    for kept in (elsewhere, ()):
        other = _best_draft(board, bound, kept)
        if (other[1].voters, other[1].students) > (best[1].voters, best[1].students):
            best = other
            break
    return best
