"""Makes the plan of recording days: which school, which date, which team.

First drafts are made a day at a time (`drafting.py`), in several styles, and the best is taken. Then its order
of schools is improved (`improving.py`) by trying changes, as many as `seconds` and the number of schools say and
never as many as a clock allows, so that the same problem always gets the same plan. Whoever is shown the search
may end it early and gets the best found so far.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from campaigns.board import Board, Bookings, Style
from campaigns.bounds import bound_on
from campaigns.drafting import Draft
from campaigns.improving import Search, Taste, Worth
from campaigns.itineraries import Terrain
from campaigns.mending import make_room
from campaigns.reasons import with_reasons
from campaigns.scheduling import Announced, Bound, Plan, Problem, Score, score_of, with_parts

# Of two plans that serve the same students the one with fewer changes of district is better when both are this
# near to what no plan can exceed, or to each other: a crew that stays in a district drives less, and one percent
# of earliness is a day in a campaign of a hundred.
EARLY_ENOUGH = Fraction(13, 1000)
AS_EARLY = Fraction(5, 1000)

# How full a team's next days in a district must be for it to stay (0 = it stays to the end), counted in
# students against the most it could record anywhere; a large problem gets fewer drafts, to have its first plan
# in half a second.
_FULLNESS_TRIED = (0.0, 0.95, 0.8, 0.65, 0.5, 0.35)
_FULLNESS_TRIED_WHEN_LARGE = (0.0, 0.8, 0.5)
_LARGE_PROBLEM = 60_000  # schools x teams x days

# For so many voters more a day a plan that was announced is given up for a new one.
VOTERS_WORTH_A_MOVE = 5

# Exchanges tried to get those left out a day among the announced ones.
_TRIES_TO_MAKE_ROOM = 400

# Changes tried, in two goes: after some hundred for each school hardly anything better is found (measured,
# docs/decisions/0009), and a second is good for about so many.
_CHANGES_A_SCHOOL = 200
_CHANGES_AT_LEAST = 3_000
_CHANGES_A_SECOND = 5_000


@dataclass(frozen=True, slots=True)
class Progress:
    """How far planning is: changes tried of how many, and the best plan so far in voters, students and earliness.

    Students too young on their school's day count among the students, and days fixed beforehand among all.
    """

    tried: int
    of: int
    voters: int
    students: int
    earliness: int
    bound: Bound


# Is told how far planning is, and answers whether to stop with the best so far.
Watch = Callable[[Progress], bool]


@dataclass(frozen=True)
class _Found:
    """A plan in the making, its score, and its students with those too young on their school's day."""

    draft: Draft
    score: Score
    students: int

    @property
    def served(self) -> tuple[int, int]:
        """What comes first when plans are compared."""
        return self.score.voters, self.students


def make_plan(problem: Problem, watch: Watch | None = None, seconds: float = 5) -> Plan:
    """The best plan found for the problem; the same problem and seconds always get the same plan, unless stopped.

    Locked days stay as they are. An announced day stays where the rules allow, unless somebody left out gets a
    day by its moving and nobody loses one.
    Every student is in a visit or in `left_out`. `proved` is true only when no plan can serve more voters,
    more students, or be earlier. `seconds` decides how many improvements are tried; it is `watch` that may stop
    by a clock. Raises KeyError when a locked or announced day names a school or team that the problem does not
    have.
    """
    board = Board(problem)
    bound = bound_on(board)
    planning = _Planning(board, bound, watch, seconds)
    best = planning.best_keeping(problem.announced)
    if problem.announced and best.served < (bound.voters, bound.students):
        make_room(best.draft, _TRIES_TO_MAKE_ROOM)
        best = planning.best_anew(planning.judged(best.draft))
    visits = with_parts(with_reasons(best.draft.visits, board))
    planned = {visit.key for visit in visits}
    lost = tuple(day for day in problem.announced if (day.school, day.team, day.date) not in planned)
    score = score_of(visits, problem)
    return Plan(visits, best.draft.left_out(), score, bound, _is_reached(bound, score), lost)


def _is_reached(bound: Bound, score: Score) -> bool:
    """Whether nothing can be better in voters, students or earliness."""
    return (score.voters, score.students, score.earliness) == (bound.voters, bound.students, bound.earliness)


class _Planning:
    """One making of a plan: what it is made of, and who watches."""

    def __init__(self, board: Board, bound: Bound, watch: Watch | None, seconds: float) -> None:
        self.board = board
        self.bound = bound
        self.watch = watch
        self.seconds = seconds
        self.stopped = False

    def best_keeping(self, kept: Iterable[Announced]) -> _Found:
        """The best plan found that keeps those announced days."""
        kept = tuple(kept)
        best = self._best_draft(kept)
        if _is_reached(self.bound, best.score) or not best.draft.problem.schools:
            return best
        # Where there is room for all, the order alone is improved, and small schools are split over two days only
        # where the plan is late without; else also how many of a school are wanted.
        if not best.draft.style.voters_only:
            best = self._improved(best, kept)
        if best.served < (self.bound.voters, self.bound.students):
            return self._improved(best, kept, splits=True, choosing=True)
        late = best.score.earliness < self.bound.earliness * (1 - EARLY_ENOUGH)
        return self._improved(best, kept, splits=late)

    def _best_draft(self, kept: tuple[Announced, ...]) -> _Found:
        """The best of the drafts by the office's wishes."""
        board = self.board
        large = len(board.target) * len(board.units) * len(board.days) > _LARGE_PROBLEM
        fullness = _FULLNESS_TRIED_WHEN_LARGE if large else _FULLNESS_TRIED
        drafts = [self._drafted(Style(full), kept) for full in fullness]
        if max(found.score.voters for found in drafts) < self.bound.voters:
            drafts += [self._drafted(Style(full, voters_only=True), kept) for full in fullness]
        return self._best_of(drafts)

    def _best_of(self, plans: Sequence[_Found]) -> _Found:
        """Most voters, then most students, then early enough or as early as any, then fewest changes of district."""
        most = max(found.served for found in plans)
        served = [found for found in plans if found.served == most]
        earliest = max(found.score.earliness for found in served)
        enough = min(self.bound.earliness * (1 - EARLY_ENOUGH), earliest * (1 - AS_EARLY))
        near = [found for found in served if found.score.earliness >= enough]
        return min(
            near, key=lambda found: (found.score.district_changes, found.score.moved, -found.score.earliness)
        )

    def _drafted(self, style: Style, kept: tuple[Announced, ...]) -> _Found:
        """A draft made in that style."""
        draft = Draft(self.board, style, kept)
        draft.sweep()
        return self.judged(draft)

    def judged(self, draft: Draft) -> _Found:
        """The draft with its figures."""
        score = score_of(draft.visits, self.board.problem)
        return _Found(draft, score, score.students + draft.too_young())

    def _improved(
        self, found: _Found, kept: tuple[Announced, ...], splits: bool = False, choosing: bool = False
    ) -> _Found:
        """The plan with its order improved, or itself when nothing better was found."""
        if self.stopped:
            return found
        board = self.board
        style = Style(0.0)
        fixed = Bookings(board, style, kept)
        terrain = Terrain(board, fixed, splits)
        if not terrain.schools:
            return found
        steps = self._changes(len(terrain.schools))
        if found.draft.style.voters_only:  # the search begins with what the draft wanted
            for s in terrain.schools:
                if board.voters[s]:
                    terrain.want(s, (board.voters[s], terrain.most_days))
        search = Search(terrain, terrain.orders_of(found.draft), self._taste(fixed))
        fixed_score = score_of(fixed.visits, board.problem)

        def stop(tried: int, best: Worth) -> bool:
            if self.watch is not None and not self.stopped:
                self.stopped = self.watch(
                    Progress(
                        tried,
                        steps,
                        fixed_score.voters + best.voters,
                        fixed_score.students + best.students,
                        fixed_score.earliness + best.earliness,
                        self.bound,
                    )
                )
            return self.stopped

        # A move of one school changes the plan by some days of its students: at first six are taken, then hardly any.
        heat = 6 * max(board.units) / min(board.cost)
        search.improve(steps, heat, heat / 60, choosing, stop)
        draft = Draft(board, style, kept)
        for t in terrain.teams:
            for s, i, students in terrain.stops(t, search.orders[t]):
                draft.book(s, t, i, students)
        draft.squeeze_in()
        return self._best_of((found, self.judged(draft)))

    def _changes(self, schools: int) -> int:
        """How many changes to try in one of two goes."""
        enough = max(_CHANGES_AT_LEAST, _CHANGES_A_SCHOOL * schools)
        return int(min(enough, _CHANGES_A_SECOND * self.seconds) / 2)

    def _taste(self, fixed: Bookings) -> Taste:
        """What is to be found by the search: the office's wishes in one figure.

        A student outweighs any days, a voter many students. A change of district is worth a three-thousandth of all
        earliness (found by trying, on 20 offices each of several shapes).
        """
        board = self.board
        longest = max(board.worth.values(), default=0) + 1
        given = score_of(fixed.visits, board.problem).earliness
        earliness = self.bound.earliness
        return Taste(
            voter=30 * longest,
            student=3 * longest,
            change=earliness / 3000,
            early_enough=float(earliness * (1 - EARLY_ENOUGH)) - given,
        )

    def best_anew(self, mended: _Found) -> _Found:
        """The mended plan, or a wholly new one where every day that moves for it serves several voters more."""
        if mended.served >= (self.bound.voters, self.bound.students):
            return mended
        anew = self.best_keeping(())
        moved = max(1, anew.score.moved - mended.score.moved)
        return anew if anew.score.voters - mended.score.voters >= VOTERS_WORTH_A_MOVE * moved else mended
