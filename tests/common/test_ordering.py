"""The order and the page of a list follow from its address."""

from __future__ import annotations

import pytest

from common.ordering import leaf_of, order_of

COLUMNS = ("district", "name", "students")


def test_an_address_without_a_word_is_the_lists_own_order() -> None:
    order = order_of("", COLUMNS, "district")

    assert (order.by, order.word, order.heard("district")) == ("district", "", "ascending")


@pytest.mark.parametrize("asked", ["password", "-", "--name", "name;drop"])
def test_a_word_that_is_no_column_is_the_lists_own_order(asked: str) -> None:
    assert order_of(asked, COLUMNS, "district").by == "district"


def test_pressing_a_heading_sorts_and_pressing_it_again_turns_round() -> None:
    order = order_of("name", COLUMNS, "district")
    assert (order.pressed("name"), order.pressed("students"), order.heard("name")) == (
        "-name",
        "students",
        "ascending",
    )

    turned = order_of("-name", COLUMNS, "district")
    assert (turned.pressed("name"), turned.heard("name"), turned.heard("students")) == (
        "name",
        "descending",
        None,
    )


def test_the_own_order_can_be_turned_round_too() -> None:
    assert order_of("", COLUMNS, "district").pressed("district") == "-district"
    assert order_of("-district", COLUMNS, "district").pressed("district") == ""


@pytest.mark.parametrize(
    ("asked", "total", "number", "first", "last", "previous", "following"),
    [
        (1, 1250, 1, 1, 100, None, 2),
        (13, 1250, 13, 1201, 1250, 12, None),
        (99, 1250, 13, 1201, 1250, 12, None),
        (-4, 100, 1, 1, 100, None, None),
        (1, 0, 1, 0, 0, None, None),
    ],
)
def test_a_page_that_is_not_there_is_the_nearest(
    asked: int, total: int, number: int, first: int, last: int, previous: int | None, following: int | None
) -> None:
    leaf = leaf_of(asked, total, 100)

    assert (leaf.number, leaf.first, leaf.last) == (number, first, last)
    assert (leaf.previous, leaf.following) == (previous, following)
