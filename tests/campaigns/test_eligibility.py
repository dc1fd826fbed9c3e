"""Who may be recorded and who votes, to the day."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from campaigns.eligibility import (
    AlreadyRecorded,
    CampaignFacts,
    Eligible,
    Left,
    NotYet,
    StudentFacts,
    completed_years,
    eligibility_of,
    is_recordable_on,
    is_voter_on,
    latest_birth_date_for,
    turns,
)

AUTUMN = CampaignFacts(ends=date(2026, 12, 18))
some_dates = st.dates(date(1990, 1, 1), date(2040, 12, 31))


def test_whoever_turns_16_on_the_last_day_is_in_the_target() -> None:
    assert eligibility_of(StudentFacts(date(2010, 12, 18)), AUTUMN) == Eligible(date(2026, 12, 18))


def test_whoever_turns_16_the_day_after_is_told_from_when() -> None:
    assert eligibility_of(StudentFacts(date(2010, 12, 19)), AUTUMN) == NotYet(date(2026, 12, 19))


def test_whoever_was_recorded_before_or_has_left_is_not_in_the_target() -> None:
    born = date(2009, 5, 4)
    assert eligibility_of(StudentFacts(born, already_recorded=True), AUTUMN) == AlreadyRecorded()
    assert eligibility_of(StudentFacts(born, active=False), AUTUMN) == Left()
    assert eligibility_of(StudentFacts(born, active=False, already_recorded=True), AUTUMN) == Left()


def test_a_campaign_may_record_from_another_age() -> None:
    assert eligibility_of(StudentFacts(date(2010, 1, 1)), CampaignFacts(date(2026, 12, 18), 17)) == NotYet(
        date(2027, 1, 1)
    )


def test_born_on_29_february_the_birthday_of_other_years_is_1_march() -> None:
    assert turns(date(2008, 2, 29), 17) == date(2025, 3, 1)
    assert turns(date(2008, 2, 29), 16) == date(2024, 2, 29)
    assert completed_years(date(2008, 2, 29), date(2025, 2, 28)) == 16
    assert completed_years(date(2008, 2, 29), date(2025, 3, 1)) == 17


def test_the_17th_birthday_on_voting_day_counts_and_the_day_after_does_not() -> None:
    voting_day = date(2029, 2, 14)
    assert is_voter_on(date(2012, 2, 14), married=False, voting_day=voting_day)
    assert not is_voter_on(date(2012, 2, 15), married=False, voting_day=voting_day)


def test_the_married_vote_at_any_age() -> None:
    assert is_voter_on(date(2013, 6, 1), married=True, voting_day=date(2029, 2, 14))


def test_recordable_from_the_16th_birthday_on() -> None:
    assert is_recordable_on(date(2010, 8, 12), date(2026, 8, 12))
    assert not is_recordable_on(date(2010, 8, 12), date(2026, 8, 11))


@pytest.mark.parametrize("age", [0, 16, 17])
@given(born=some_dates, on=some_dates)
@example(born=date(2008, 2, 29), on=date(2025, 2, 28))
@example(born=date(2008, 2, 29), on=date(2025, 3, 1))
@example(born=date(2007, 3, 1), on=date(2024, 2, 29))
def test_the_cut_off_of_queries_is_the_rule_of_each_student(age: int, born: date, on: date) -> None:
    assert (born <= latest_birth_date_for(age, on)) == (turns(born, age) <= on)


@pytest.mark.parametrize("age", [16, 17])
def test_the_cut_off_is_right_on_every_day_around_every_leap_february(age: int) -> None:
    around = [date(year, 2, 27) + timedelta(n) for year in range(2020, 2034) for n in range(5)]
    for on in around:
        cut = latest_birth_date_for(age, on)
        assert turns(cut, age) <= on < turns(cut + timedelta(1), age)


@given(born=some_dates, on=some_dates)
def test_age_is_the_number_of_birthdays_passed(born: date, on: date) -> None:
    age = completed_years(born, on)
    assert turns(born, age) <= on < turns(born, age + 1)
