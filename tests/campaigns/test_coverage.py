"""The rule of coverage: counts of groups add up, and what is left follows from them."""

from __future__ import annotations

from dataclasses import fields

from hypothesis import given
from hypothesis import strategies as st

from campaigns.coverage import Coverage, together

CLASS_XI = Coverage(students=34, target=20, voters=8, recorded=12, recorded_voters=5, waiting=2, retake_due=3)
CLASS_XII = Coverage(students=30, target=5, voters=5, recorded=5, recorded_voters=5, already=25)
ANY = st.builds(Coverage, *[st.integers(0, 5000) for _ in fields(Coverage)])


def test_what_is_left_of_the_target_is_what_is_not_recorded() -> None:
    assert CLASS_XI.left == 8
    assert CLASS_XI.left_voters == 3


def test_a_recording_that_waits_to_be_sent_is_still_left() -> None:
    assert Coverage(target=10, recorded=7, waiting=3).left == 3


def test_two_classes_add_up_to_their_school() -> None:
    school = together([CLASS_XI, CLASS_XII])
    assert (school.students, school.target, school.recorded, school.left) == (64, 25, 17, 8)
    assert (school.voters, school.recorded_voters, school.left_voters) == (13, 10, 3)
    assert (school.waiting, school.retake_due, school.already) == (2, 3, 25)


def test_of_no_classes_everything_is_nothing() -> None:
    assert together([]) == Coverage()


def test_a_class_is_complete_when_a_target_was_there_and_all_of_it_is_recorded() -> None:
    assert CLASS_XII.is_complete
    assert not CLASS_XI.is_complete
    assert not Coverage(students=30, already=30).is_complete


@given(st.lists(ANY, max_size=6), st.randoms())
def test_the_order_of_adding_changes_nothing(parts: list[Coverage], chance: object) -> None:
    shuffled = sorted(parts, key=lambda _: chance.random())  # type: ignore[attr-defined]
    assert together(shuffled) == together(parts)


@given(ANY, ANY)
def test_what_is_left_adds_up_as_well(one: Coverage, other: Coverage) -> None:
    assert one.add(other).left == one.left + other.left
    assert one.add(other).left_voters == one.left_voters + other.left_voters
