"""Which days can be recording days, and why the others cannot."""

from dataclasses import replace
from datetime import date

import pytest

from campaigns.calendar import (
    FRIDAY,
    MONDAY,
    SATURDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    Block,
    BlockedBy,
    CampaignCalendar,
    Holiday,
    HolidayKind,
    Pause,
    SchoolCalendar,
    Span,
    TeamCalendar,
    blocks_on,
    holidays_between,
    is_open,
    national_holidays,
    school_week,
    useful_days,
    working_days,
)

# August 2026 begins on a Saturday; 17 August (a Monday) is Independence Day.
AUGUST = CampaignCalendar(
    starts=date(2026, 8, 3),
    ends=date(2026, 8, 31),
    latest_useful_day=date(2026, 8, 28),
    weekdays=frozenset({MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY}),
    reserved_weekdays=frozenset({FRIDAY}),
    holidays={
        date(2026, 8, 17): Holiday(date(2026, 8, 17), "Hari Kemerdekaan", HolidayKind.PUBLIC),
        date(2026, 8, 18): Holiday(date(2026, 8, 18), "Cuti Bersama", HolidayKind.JOINT_LEAVE),
        date(2026, 8, 19): Holiday(date(2026, 8, 19), "Hari Jadi Kabupaten"),
        date(2026, 8, 25): Holiday(date(2026, 8, 25), "Maulid Nabi", HolidayKind.PUBLIC, estimated=True),
    },
    pauses=(Pause(date(2026, 8, 10), date(2026, 8, 11), "Surat Kemendagri", urgent_allowed=True),),
)
WERU = SchoolCalendar(school_week(5), (Span(date(2026, 8, 5), date(2026, 8, 6), "Ujian tengah semester"),))
BUDIS_TEAM = TeamCalendar(
    frozenset({MONDAY, TUESDAY, WEDNESDAY}), (Span(date(2026, 8, 4), date(2026, 8, 4), "Dinas luar"),)
)


@pytest.mark.parametrize(
    ("day", "block"),
    [
        (date(2026, 7, 30), Block(BlockedBy.OUTSIDE_WINDOW)),
        (date(2026, 8, 31), Block(BlockedBy.AFTER_LATEST_USEFUL_DAY)),
        (date(2026, 8, 8), Block(BlockedBy.NOT_A_WORKING_WEEKDAY)),
        (date(2026, 8, 7), Block(BlockedBy.RESERVED_WEEKDAY)),
        (date(2026, 8, 17), Block(BlockedBy.PUBLIC_HOLIDAY, "Hari Kemerdekaan")),
        (date(2026, 8, 18), Block(BlockedBy.JOINT_LEAVE, "Cuti Bersama")),
        (date(2026, 8, 19), Block(BlockedBy.OFFICE_HOLIDAY, "Hari Jadi Kabupaten")),
        (date(2026, 8, 25), Block(BlockedBy.PUBLIC_HOLIDAY, "Maulid Nabi", estimated=True)),
        (date(2026, 8, 10), Block(BlockedBy.PAUSE, "Surat Kemendagri")),
    ],
)
def test_a_blocked_day_of_the_campaign_says_why(day: date, block: Block) -> None:
    assert blocks_on(day, AUGUST) == (block,)
    assert day not in working_days(AUGUST)


def test_a_blocked_day_of_the_school_or_the_team_says_why() -> None:
    saturdays_too = replace(AUGUST, weekdays=AUGUST.weekdays | {SATURDAY})
    assert blocks_on(date(2026, 8, 5), AUGUST, WERU) == (
        Block(BlockedBy.SCHOOL_CLOSED, "Ujian tengah semester"),
    )
    assert blocks_on(date(2026, 8, 8), saturdays_too, WERU) == (Block(BlockedBy.SCHOOL_WEEK),)
    assert blocks_on(date(2026, 8, 6), AUGUST, team=BUDIS_TEAM) == (Block(BlockedBy.TEAM_WEEKDAY),)
    assert blocks_on(date(2026, 8, 4), AUGUST, team=BUDIS_TEAM) == (
        Block(BlockedBy.TEAM_DAY_OFF, "Dinas luar"),
    )


def test_a_day_blocked_twice_says_both() -> None:
    both = blocks_on(date(2026, 8, 6), AUGUST, WERU, BUDIS_TEAM)
    assert [block.by for block in both] == [BlockedBy.SCHOOL_CLOSED, BlockedBy.TEAM_WEEKDAY]


def test_the_working_days_are_those_that_nothing_blocks() -> None:
    assert working_days(AUGUST, WERU, BUDIS_TEAM) == (
        date(2026, 8, 3),
        date(2026, 8, 12),
        date(2026, 8, 24),
        date(2026, 8, 26),
    )


def test_a_school_and_a_team_are_not_there_in_their_closed_spans() -> None:
    assert not is_open(date(2026, 8, 5), WERU) and is_open(date(2026, 8, 4), WERU)
    assert not is_open(date(2026, 8, 4), BUDIS_TEAM) and is_open(date(2026, 8, 5), BUDIS_TEAM)


def test_a_school_open_on_saturday_has_a_week_of_six_days() -> None:
    assert SATURDAY in school_week(6) and SATURDAY not in school_week(5)
    assert is_open(date(2026, 8, 8), SchoolCalendar(school_week(6)))
    with pytest.raises(ValueError, match="5 or 6"):
        school_week(7)


def test_useful_days_run_on_to_the_latest_useful_day_whatever_the_window() -> None:
    short = replace(AUGUST, ends=date(2026, 8, 14))
    assert useful_days(short, date(2026, 8, 20)) == (
        date(2026, 8, 20),
        date(2026, 8, 24),
        date(2026, 8, 26),
        date(2026, 8, 27),
    )


def test_a_campaign_that_ends_before_it_starts_has_no_days() -> None:
    assert working_days(replace(AUGUST, ends=date(2026, 7, 1))) == ()


def test_joint_leave_is_known_apart_from_public_holidays() -> None:
    known = {holiday.date: holiday for holiday in national_holidays(2026)}
    assert known[date(2026, 12, 25)].kind is HolidayKind.PUBLIC
    assert known[date(2026, 12, 24)].kind is HolidayKind.JOINT_LEAVE
    assert known[date(2026, 8, 17)].name == "Hari Kemerdekaan Republik Indonesia"


def test_a_date_that_waits_for_the_moon_is_marked_and_its_name_is_clean() -> None:
    estimated = [holiday for holiday in national_holidays(2030) if holiday.estimated]
    assert estimated
    assert not any("perkiraan" in holiday.name for holiday in estimated)
    assert not any(
        holiday.estimated for holiday in national_holidays(2030) if holiday.date == date(2030, 8, 17)
    )


def test_the_office_adds_and_removes_holidays() -> None:
    regional = Holiday(date(2026, 8, 19), "Hari Jadi Kabupaten")
    found = holidays_between(
        date(2026, 8, 1), date(2026, 8, 31), added=[regional], removed=[date(2026, 8, 25)]
    )
    assert list(found) == [date(2026, 8, 17), date(2026, 8, 19)]
    assert found[date(2026, 8, 19)] == regional


def test_holidays_across_the_new_year_come_from_both_years() -> None:
    assert list(holidays_between(date(2026, 12, 24), date(2027, 1, 1))) == [
        date(2026, 12, 24),
        date(2026, 12, 25),
        date(2027, 1, 1),
    ]
