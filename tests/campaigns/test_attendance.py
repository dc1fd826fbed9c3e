"""What marks say together, in whatever order and however often they arrive."""

from dataclasses import replace
from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.attendance import (
    DUE_A_RETAKE,
    MOVES,
    NO_MARKS,
    REASONS,
    DayState,
    Mark,
    Outcome,
    OutcomeReason,
    gaps_in,
    is_allowed,
    may_move,
    needs_reason,
    view_of,
    views_of,
)


def mark(
    uuid: str, outcome: Outcome, lc: int = 1, supersedes: tuple[str, ...] = (), **fields: object
) -> Mark:
    """A mark by Budi about student 7 on day 1."""
    reason = fields.pop("reason", next(iter(REASONS[outcome]), None))
    made = Mark(uuid, 7, 1, outcome, reason, "kit-1", lc, lc, frozenset(supersedes), 3, "08:12")  # type: ignore[arg-type]
    return replace(made, **fields)  # type: ignore[arg-type]


def test_without_marks_there_is_no_outcome() -> None:
    assert view_of([]) == NO_MARKS


def test_budis_correction_replaces_what_he_tapped_first() -> None:
    view = view_of([mark("a", Outcome.ABSENT), mark("b", Outcome.RECORDED, 2, ("a",))])
    assert (view.outcome, view.needs_look, view.attempts) == (Outcome.RECORDED, False, 1)


def test_a_mark_cannot_replace_one_with_a_clock_as_high_as_its_own() -> None:
    view = view_of([mark("a", Outcome.RECORDED, 5), mark("b", Outcome.ABSENT, 5, ("a",))])
    assert view.outcome is Outcome.RECORDED and view.needs_look


@pytest.mark.parametrize("outcome", Outcome)
def test_one_mark_alone_says_what_it_says_beside_one_it_replaced(outcome: Outcome) -> None:
    alone = view_of([mark("b", outcome, 2, ("a",))])
    beside = view_of([mark("a", Outcome.ABSENT), mark("b", outcome, 2, ("a",))])
    assert alone == beside


@pytest.mark.parametrize(("stronger", "weaker"), [
    (Outcome.RECORDED, Outcome.ALREADY_RECORDED),
    (Outcome.ALREADY_RECORDED, Outcome.WAITING),
    (Outcome.WAITING, Outcome.FAILED),
    (Outcome.FAILED, Outcome.REFUSED),
    (Outcome.REFUSED, Outcome.ABSENT),
    (Outcome.ABSENT, Outcome.NOT_OURS),
])  # fmt: skip
def test_of_two_kits_that_disagree_the_stronger_shows_and_someone_must_look(
    stronger: Outcome, weaker: Outcome
) -> None:
    view = view_of([mark("a", weaker, 9, device="kit-2"), mark("b", stronger, 1)])
    assert view.outcome is stronger and view.needs_look and len(view.live) == 2


def test_two_kits_that_agree_need_no_look() -> None:
    assert not view_of([mark("a", Outcome.RECORDED), mark("b", Outcome.RECORDED, device="kit-2")]).needs_look


def test_recorded_is_hidden_only_by_a_later_mark_that_names_it() -> None:
    recorded = mark("a", Outcome.RECORDED, 3)
    assert view_of([recorded, mark("b", Outcome.ABSENT, 9)]).outcome is Outcome.RECORDED
    assert view_of([recorded, mark("b", Outcome.ABSENT, 9, ("a",))]).outcome is Outcome.ABSENT


def test_saris_decision_is_a_mark_that_settles_the_disagreement() -> None:
    marks = [mark("a", Outcome.RECORDED, 3), mark("b", Outcome.FAILED, 3, device="kit-2")]
    decided = view_of([*marks, mark("c", Outcome.FAILED, 4, ("a", "b"), device="office")])
    assert decided.outcome is Outcome.FAILED and not decided.needs_look


def test_a_quarantined_mark_counts_for_nothing_and_replaces_nothing() -> None:
    marks = [mark("a", Outcome.RECORDED, 1), mark("b", Outcome.ABSENT, 2, ("a",))]
    assert view_of(marks, frozenset({"b"})).outcome is Outcome.RECORDED
    assert views_of(marks, frozenset({"a", "b"})) == {}


def test_the_same_uuid_with_another_content_is_kept_and_flagged() -> None:
    view = view_of([mark("a", Outcome.RECORDED), mark("a", Outcome.ABSENT)])
    assert view.needs_look and len(view.live) == 2 and view.outcome is Outcome.RECORDED
    same_outcome = view_of([mark("a", Outcome.RECORDED), mark("a", Outcome.RECORDED, device_time="09:00")])
    assert same_outcome.needs_look


def test_a_failed_try_and_the_next_are_two_attempts_and_a_slip_is_none() -> None:
    failed = mark("a", Outcome.FAILED, 1)
    assert view_of([failed, mark("b", Outcome.RECORDED, 2, ("a",))]).attempts == 2
    assert view_of([failed, mark("b", Outcome.ABSENT, 2, ("a",))]).attempts == 0
    assert view_of([mark("a", Outcome.WAITING), mark("b", Outcome.RECORDED, 2, ("a",))]).attempts == 1


def test_a_mark_taken_back_leaves_nothing_known_and_hides_nobody_elses() -> None:
    slip, undone = mark("a", Outcome.RECORDED), mark("b", Outcome.TAKEN_BACK, 2, ("a",))
    view = view_of([slip, undone])
    assert (view.outcome, view.needs_look, view.attempts) == (None, False, 0)
    other = mark("c", Outcome.FAILED, 1)
    assert (view_of([slip, undone, other]).outcome, view_of([slip, undone, other]).needs_look) == (
        Outcome.FAILED,
        False,
    )
    again = mark("d", Outcome.RECORDED, 3, ("b",))
    assert view_of([slip, undone, again]).outcome is Outcome.RECORDED


def test_a_mark_about_one_student_hides_no_mark_about_another() -> None:
    views = views_of([mark("a", Outcome.RECORDED), mark("b", Outcome.ABSENT, 2, ("a",), student=8)])
    assert views[7, 1].outcome is Outcome.RECORDED and views[8, 1].outcome is Outcome.ABSENT


def test_the_device_clock_decides_nothing() -> None:
    early = mark("a", Outcome.ABSENT, 1, device_time="23:59")
    late = mark("b", Outcome.FAILED, 2, ("a",), device_time="00:01")
    assert view_of([early, late]).outcome is Outcome.FAILED


def test_gaps_in_a_device_s_numbers_are_named() -> None:
    assert gaps_in([mark("a", Outcome.RECORDED, 2), mark("b", Outcome.RECORDED, 5)]) == {"kit-1": (1, 3, 4)}
    assert gaps_in([mark("a", Outcome.RECORDED, 1), mark("b", Outcome.RECORDED, 2)]) == {}
    assert len(gaps_in([mark("a", Outcome.RECORDED, 10**12)])["kit-1"]) == 1000


@pytest.mark.parametrize("outcome", Outcome)
def test_an_outcome_with_reasons_needs_one_of_its_own(outcome: Outcome) -> None:
    assert is_allowed(outcome, None) == (not REASONS[outcome])
    for reason in OutcomeReason:
        assert is_allowed(outcome, reason) == (reason in REASONS[outcome])


uuids = st.sampled_from("abcdefg")
histories = st.lists(
    st.builds(
        lambda uuid, outcome, lc, names, device, n: mark(
            uuid, outcome, lc, tuple(names), device=device, seq=n
        ),
        uuids,
        st.sampled_from(Outcome),
        st.integers(1, 6),
        st.frozensets(uuids, max_size=3),
        st.sampled_from(["kit-1", "kit-2", "office"]),
        st.integers(1, 3),
    ),
    max_size=8,
)


@given(histories, st.randoms(use_true_random=False))
def test_order_repetition_and_batches_change_nothing(marks: list[Mark], chance: object) -> None:
    expected = view_of(marks)
    shuffled = marks * 2
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert view_of(shuffled) == expected
    assert view_of(set(marks[:3]) | set(marks[3:])) == expected


@given(histories)
def test_some_mark_is_always_live_and_no_live_one_is_named_by_a_later_one(marks: list[Mark]) -> None:
    view = view_of(marks)
    assert bool(view.live) == bool(marks)
    for live in view.live:
        assert not any(live.uuid in m.supersedes and m.lc > live.lc and m.uuid != live.uuid for m in marks)


@given(histories)
def test_a_recorded_mark_that_nobody_later_names_is_what_shows(marks: list[Mark]) -> None:
    named = {(uuid, m.lc) for m in marks for uuid in m.supersedes if uuid != m.uuid}
    for m in marks:
        if m.outcome is Outcome.RECORDED and not any(uuid == m.uuid and lc > m.lc for uuid, lc in named):
            assert view_of(marks).outcome is Outcome.RECORDED


def test_every_order_of_three_marks_says_the_same() -> None:
    marks = [
        mark("a", Outcome.ABSENT),
        mark("b", Outcome.FAILED, 2, ("a",)),
        mark("c", Outcome.RECORDED, 3, ("b",)),
    ]
    assert {view_of(order).outcome for order in permutations(marks)} == {Outcome.RECORDED}


def test_a_day_goes_from_draft_to_closed_and_a_close_can_be_undone() -> None:
    way = [
        DayState.DRAFT,
        DayState.PROPOSED,
        DayState.CHANGE_ASKED,
        DayState.PROPOSED,
        DayState.CONFIRMED,
        DayState.OPEN,
        DayState.CLOSED,
        DayState.OPEN,
    ]
    assert all(may_move(now, to) for now, to in pairwise(way))
    assert not may_move(DayState.DRAFT, DayState.OPEN) and not may_move(DayState.PROPOSED, DayState.CLOSED)


def test_any_day_not_yet_closed_can_be_cancelled_or_postponed_with_a_reason() -> None:
    ends = {DayState.CANCELLED, DayState.POSTPONED}
    for state in set(DayState) - ends - {DayState.CLOSED}:
        assert ends <= MOVES[state] and all(needs_reason(state, end) for end in ends)
    assert MOVES[DayState.CLOSED] == {DayState.OPEN} and needs_reason(DayState.CLOSED, DayState.OPEN)
    assert all(not MOVES[end] for end in ends) and set(MOVES) == set(DayState)
    assert not needs_reason(DayState.CONFIRMED, DayState.OPEN)


def test_failed_absent_and_refused_are_due_a_retake() -> None:
    assert {Outcome.FAILED, Outcome.ABSENT, Outcome.REFUSED} == DUE_A_RETAKE
