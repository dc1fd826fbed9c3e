"""The forecast walks through the days that stand, expects the share of the last days, and keeps what it offers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from campaigns.calendar import SchoolCalendar, Span
from campaigns.capacity import Network, Rates
from campaigns.days_ahead import FreeDay, SchoolAhead, VisitAhead
from campaigns.forecast import FEW, DayDone, Forecast, forecast, observed_pace, voters_at_risk
from campaigns.school_mends import MendKind

MONDAY = date(2026, 11, 23)
LATEST = date(2027, 2, 9)
RATES = Rates(Fraction(25), Fraction(10))
WORKING = [MONDAY + timedelta(days=n) for n in range(40) if n % 7 < 5]
NINE_OF_TEN = [DayDone(date(2026, 11, n), 50, 45) for n in range(2, 7)]


def school(left: int, voters: int, *visits: VisitAhead, **more: object) -> SchoolAhead:
    return replace(SchoolAhead(1, 1, left, voters, Network.GOOD, visits=visits, was_visited=True), **more)  # type: ignore[arg-type]


def ahead(
    schools: list[SchoolAhead], free: list[FreeDay] | None = None, days: object = NINE_OF_TEN
) -> Forecast:
    return forecast(schools, free or [], WORKING, days, RATES, LATEST)  # type: ignore[arg-type]


def test_of_those_called_the_share_of_the_last_days_is_expected() -> None:
    visit = VisitAhead(MONDAY, 40, 20, 2)
    found = ahead([school(40, 20, visit)]).schools[0].outlooks
    assert (found.expected.left_by_plan, found.expected.voters_by_plan) == (4, 2)
    assert found.good.left_by_plan == 0 and found.good.by_plan == MONDAY


def test_a_crew_records_no_more_than_its_kits_can() -> None:
    visit = VisitAhead(MONDAY, 80, 30, 2)  # two kits on a good line: 50
    found = ahead([school(80, 30, visit)], days=[]).schools[0].outlooks
    assert found.expected.left_by_plan == 30
    assert found.poor.left_by_plan == 60


def test_without_a_planned_day_nothing_happens_by_itself() -> None:
    found = ahead([school(40, 20)])
    assert found.total.expected.left_by_plan == 40
    assert found.total.expected.by_plan is None
    assert [one.school.id for one in found.at_risk] == [1]


def test_a_day_after_the_latest_useful_one_records_no_voter_in_time() -> None:
    late = VisitAhead(LATEST + timedelta(days=1), 40, 20, 2)
    found = ahead([school(40, 20, late)]).total.good
    assert (found.left_by_plan, found.voters_by_plan) == (0, 20)


def test_going_on_gives_free_days_to_who_is_left_most_voters_first() -> None:
    small = school(10, 3, id=2, district=2)
    free = [FreeDay(MONDAY, 1, 2)]
    found = {one.school.id: one.outlooks.expected for one in ahead([small, school(40, 20)], free).schools}
    assert found[1].done_on == MONDAY and found[1].more_days == 1
    assert found[2].done_on is None and found[2].voters == 3


def test_schools_of_one_district_share_a_free_day() -> None:
    other = school(20, 3, id=2)
    found = ahead([other, school(30, 20)], [FreeDay(MONDAY, 1, 2)]).total.expected
    assert found.done_on == MONDAY
    assert found.more_days == 1


def test_a_closed_school_waits_for_a_day_on_which_it_is_open() -> None:
    exams = SchoolCalendar(closed=(Span(MONDAY, MONDAY + timedelta(days=2), "PAS"),))
    free = [FreeDay(day, 1, 2) for day in WORKING]
    found = ahead([school(40, 20, calendar=exams)], free).schools[0]
    assert found.outlooks.expected.done_on == MONDAY + timedelta(days=3)
    assert found.mends[0].dates == (MONDAY + timedelta(days=3),)


def test_few_who_were_missed_come_to_the_office_and_are_no_risk() -> None:
    found = ahead([school(FEW - 1, FEW - 1)], [FreeDay(MONDAY, 1, 2)]).schools[0]
    assert not found.is_at_risk
    assert [mend.kind for mend in found.mends] == [MendKind.OFFICE, MendKind.ONE_MORE_DAY]


def test_a_school_never_visited_is_at_risk_however_small() -> None:
    assert ahead([school(3, 2, was_visited=False)]).schools[0].is_at_risk


def test_where_no_team_is_free_another_team_is_what_mends_it() -> None:
    mend = ahead([school(120, 50)]).schools[0].mends[-1]
    assert (mend.kind, mend.dates, mend.voters_left) == (MendKind.ANOTHER_TEAM, tuple(WORKING[:3]), 0)


def test_two_days_say_nothing_of_a_pace_and_the_rates_make_the_band() -> None:
    assert observed_pace(NINE_OF_TEN[:2]) is None
    found = ahead([school(80, 30, VisitAhead(MONDAY, 80, 30, 2))], days=NINE_OF_TEN[:2]).total
    assert (found.slow, found.fast) == (found.poor, found.good)


def test_one_bad_day_is_not_the_pace_but_shows_in_the_band() -> None:
    shares = [45, 45, 45, 45, 45, 45, 45, 5]
    days = [DayDone(date(2026, 11, 2 + n), 50, done) for n, done in enumerate(shares)]
    found = observed_pace(days)
    assert found is not None and found.share == Fraction(9, 10)
    four = observed_pace([*days[:2], *days[-2:]])
    assert four is not None and four.low < four.share


# --- laws ------------------------------------------------------------------------------------------------------

DAYS = st.sampled_from(WORKING)


@st.composite
def schools(draw: st.DrawFn) -> list[SchoolAhead]:
    found = []
    for number in range(1, draw(st.integers(1, 5)) + 1):
        left = draw(st.integers(1, 150))
        visits = []
        for day in draw(st.lists(DAYS, max_size=3, unique=True)):
            students = draw(st.integers(0, 60))
            visits.append(VisitAhead(day, students, draw(st.integers(0, students)), 2))
        found.append(
            SchoolAhead(
                number,
                draw(st.integers(1, 2)),
                left,
                draw(st.integers(0, left)),
                draw(st.sampled_from(Network)),
                visits=tuple(visits),
                was_visited=draw(st.booleans()),
            )
        )
    return found


FREE = st.lists(
    st.builds(FreeDay, DAYS, st.integers(1, 2), st.just(2)), max_size=8, unique_by=lambda d: (d.date, d.team)
)
DONE = st.lists(
    st.builds(
        lambda n, c, r: DayDone(date(2026, 10, n), c, min(c, r)),
        st.integers(1, 28),
        st.integers(1, 50),
        st.integers(0, 50),
    ),
    max_size=6,
)


@given(schools(), FREE, DONE)
def test_the_schools_add_up_and_nobody_appears_or_is_left_twice(
    some: list[SchoolAhead], free: list[FreeDay], days: list[DayDone]
) -> None:
    found = ahead(some, free, days)
    assert {one.school.id for one in found.schools} == {one.id for one in some}
    for name in ("expected", "slow", "fast", "good", "poor"):
        its = [getattr(one.outlooks, name) for one in found.schools]
        total = getattr(found.total, name)
        assert total.left_by_plan == sum(one.left_by_plan for one in its)
        assert total.voters == sum(one.voters for one in its)
        for one, outlook in zip(found.schools, its, strict=True):
            assert 0 <= outlook.left <= outlook.left_by_plan <= one.school.left
            assert 0 <= outlook.voters <= outlook.voters_by_plan <= one.school.voters
            assert (outlook.by_plan is None) == (outlook.left_by_plan > 0)
            assert (outlook.done_on is None) == (outlook.left > 0)


@given(schools(), FREE, DONE)
def test_the_first_page_and_the_forecast_name_the_same_schools_at_risk(
    some: list[SchoolAhead], free: list[FreeDay], days: list[DayDone]
) -> None:
    told = {one.school.id: one.outlooks.expected.voters_by_plan for one in ahead(some, free, days).at_risk}
    assert voters_at_risk(some, days, RATES, LATEST) == told


@given(schools(), DONE)
def test_a_better_pace_leaves_nobody_more_by_the_plan(some: list[SchoolAhead], days: list[DayDone]) -> None:
    total = ahead(some, [], days).total
    assert total.fast.left_by_plan <= total.expected.left_by_plan <= total.slow.left_by_plan
    assert total.good.left_by_plan <= total.poor.left_by_plan
    assert total.fast.voters_by_plan <= total.expected.voters_by_plan <= total.slow.voters_by_plan


@given(schools(), DONE, DAYS)
def test_one_day_more_in_the_plan_leaves_nobody_more(
    some: list[SchoolAhead], days: list[DayDone], day: date
) -> None:
    first, *others = some
    more = replace(first, visits=(*first.visits, VisitAhead(day, first.left, first.voters, 2)))
    before, after = ahead(some, [], days).total, ahead([more, *others], [], days).total
    assert after.expected.left_by_plan <= before.expected.left_by_plan


@given(schools(), FREE)
def test_what_mends_a_school_leaves_the_voters_it_says(some: list[SchoolAhead], free: list[FreeDay]) -> None:
    for one in ahead(some, free, []).schools:
        for mend in one.mends:
            if mend.kind in (MendKind.ONE_MORE_DAY, MendKind.MORE_DAYS):
                only = [day for day in free if day.team == mend.team and day.date in mend.dates]
                alone = forecast([one.school], only, WORKING, [], RATES, LATEST).schools[0].outlooks.expected
                assert alone.voters == mend.voters_left
