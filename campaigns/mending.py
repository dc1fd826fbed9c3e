"""Lets announced days go, as few as possible, where somebody left out gets a day by it.

A plan that keeps all that was announced may leave schools out although there are free days: not where they can
come, or not two in a row. So a day is taken from those who have it, one school's needs at a time, and they get
another. It is done only where nobody loses by it and where a day that moves serves at least one student more.
"""

from campaigns.board import next_bit
from campaigns.drafting import Draft
from campaigns.scheduling import Visit

# A day that moves must serve a voter more, or so many students.
STUDENTS_WORTH_A_MOVE = 5


def make_room(draft: Draft, tries: int) -> None:
    """Find places for the schools left out, those with most voters first, with at most so many tries."""
    board = draft.board
    planned = {visit.key for visit in draft.visits}
    lost = {
        board.school_at[day.school]
        for day in draft.problem.announced
        if (day.school, day.team, day.date) not in planned
    }
    left_out = [
        s
        for s in sorted(range(len(draft.left)), key=lambda s: (-draft.voters_left[s], -draft.left[s], s))
        if draft.left[s] and s not in draft.locked_schools and not board.few[s]
    ]
    for s in left_out:
        if draft.positions[s]:
            _move_as_a_whole(draft, s)
    for s in left_out:
        if draft.left[s] and (s in lost or draft.voters_left[s]) and tries > 0:
            tries -= _placed_instead_of_others(draft, s, tries, s in lost)


def _move_as_a_whole(draft: Draft, s: int) -> None:
    """Give a school whose days are too short other days, if those serve enough more of it."""
    before, left = _visits_of(draft, s), _left(draft, [s])
    draft.unbook(s)
    draft.place_at_first_fit(s)
    if not _pays(len(before), left, _left(draft, [s]), True):
        _put_back(draft, [s], before)


def _placed_instead_of_others(draft: Draft, s: int, tries: int, has_lost: bool) -> int:
    """Give a school days of others who find room elsewhere, the fewest announced first; the tries it took."""
    tried = 0
    for _, t, i, others in sorted(_days_of_others(draft, s)):
        if tried == tries or not draft.left[s]:
            break
        tried += 1
        concerned = [s, *others]
        before = [visit for school in concerned for visit in _visits_of(draft, school)]
        left = _left(draft, concerned)
        for school in concerned:
            draft.unbook(school)
        draft.place_from(s, t, i)
        for other in sorted(others, key=lambda other: (-draft.left[other], other)):
            draft.place_at_first_fit(other)
        if not _pays(len(before), left, _left(draft, concerned), has_lost):
            _put_back(draft, concerned, before)
    return tried


def _days_of_others(draft: Draft, s: int) -> list[tuple[int, int, int, tuple[int, ...]]]:
    """Where the school could begin if others went: the days they would lose, team, day, and who they are."""
    board = draft.board
    found = []
    for t in board.team_order:
        cap = board.units[t] // board.cost[s]
        mask = board.joint(t, s)
        if not cap:
            continue
        needed = min(draft.problem.max_days_per_school, -(-board.target[s] // cap))
        day = next_bit(mask, board.first_new - 1)
        while day is not None:
            others: set[int] = set()
            i: int | None = day
            for _ in range(needed):
                if i is None:
                    break
                slot = draft.slots.get((t, i))
                others |= set(slot.schools) if slot is not None and slot.count else set()
                i = next_bit(mask, i)
            others.discard(s)
            if others and not others & draft.locked_schools:
                found.append((sum(len(draft.positions[o]) for o in others), t, day, tuple(sorted(others))))
            day = next_bit(mask, day)
    return found


def _visits_of(draft: Draft, s: int) -> list[Visit]:
    """The days of a school."""
    school = draft.problem.schools[s].id
    return [visit for visit in draft.visits if visit.school == school]


def _left(draft: Draft, schools: list[int]) -> tuple[int, int]:
    """Voters and students of these schools who have no day."""
    return sum(draft.voters_left[s] for s in schools), sum(draft.left[s] for s in schools)


def _pays(moved: int, left: tuple[int, int], left_after: tuple[int, int], has_lost: bool) -> bool:
    """Whether so many days may move for that: no voter and no student more is left, and enough fewer are."""
    voters, students = left[0] - left_after[0], left[1] - left_after[1]
    enough = voters >= moved or (has_lost and students >= STUDENTS_WORTH_A_MOVE * moved)
    return min(voters, students) >= 0 and max(voters, students) > 0 and enough


def _put_back(draft: Draft, schools: list[int], before: list[Visit]) -> None:
    """Undo: these schools have just those days again."""
    board = draft.board
    for s in schools:
        draft.unbook(s)
    for visit in before:
        s, t = board.school_at[visit.school], board.team_at[visit.team]
        draft.book(s, t, board.days.index(visit.date), visit.students, visit.reason.kind)
