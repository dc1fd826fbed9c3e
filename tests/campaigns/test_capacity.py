"""What a team can do in a day."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.capacity import Network, Rates, capacity, days_needed, share_of_day

SUKOHARJO = Rates()


def test_two_kits_record_50_on_a_good_network_and_20_on_a_poor_one() -> None:
    assert capacity(2, Network.GOOD, SUKOHARJO) == 50
    assert capacity(2, Network.POOR, SUKOHARJO) == 20


def test_an_unknown_network_counts_as_poor() -> None:
    assert capacity(2, Network.UNKNOWN, SUKOHARJO) == 20


def test_a_broken_kit_halves_the_day() -> None:
    assert capacity(1, Network.GOOD, SUKOHARJO) == 25


def test_a_measured_rate_need_not_be_whole() -> None:
    assert capacity(3, Network.GOOD, Rates(Fraction("22.5"), Fraction(10))) == 67


@pytest.mark.parametrize(("target", "days"), [(0, 0), (1, 1), (50, 1), (51, 2), (101, 3)])
def test_a_school_needs_its_target_divided_by_the_capacity_rounded_up(target: int, days: int) -> None:
    assert days_needed(target, 50) == days


def test_no_capacity_is_no_number_of_days() -> None:
    assert days_needed(0, 0) == 0
    with pytest.raises(ValueError, match="capacity"):
        days_needed(1, 0)


def test_half_a_day_on_a_good_network_and_half_on_a_poor_one_are_exactly_a_day() -> None:
    good = share_of_day(25, 2, Network.GOOD, SUKOHARJO)
    poor = share_of_day(10, 2, Network.POOR, SUKOHARJO)
    assert good + poor == 1
    with pytest.raises(ValueError, match="kits"):
        share_of_day(1, 0, Network.GOOD, SUKOHARJO)


def test_a_rate_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        Rates(Fraction(0), Fraction(10))


rates = st.fractions(Fraction(1, 2), 60, max_denominator=20)


@given(rates, rates, st.integers(0, 5), st.sampled_from(Network))
def test_units_say_the_same_as_the_rate(good: Fraction, poor: Fraction, kits: int, network: Network) -> None:
    its = Rates(good, poor)
    assert kits * its.units_per_kit_day // its.units_per_student(network) == capacity(kits, network, its)
