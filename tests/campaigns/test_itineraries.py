"""The days that follow from the order in which a team goes through its schools."""

from dataclasses import replace
from datetime import date

from campaigns.board import Board, Bookings, Style
from campaigns.calendar import CampaignCalendar, SchoolCalendar, Span
from campaigns.capacity import Network
from campaigns.itineraries import Terrain
from campaigns.scheduling import Announced, Locked, Problem, SchoolNeed, Team

START = date(2026, 8, 3)  # a Monday
WEEK = CampaignCalendar(START, date(2026, 8, 14), date(2026, 8, 14), frozenset(range(5)))


def school(name: str, target: int, district: str = "Weru", closed: int | None = None) -> SchoolNeed:
    """A school on a good line, closed on that day of August where one is named."""
    spans = () if closed is None else (Span(date(2026, 8, closed), date(2026, 8, closed), "Ujian"),)
    return SchoolNeed(name, district, target, target // 2, Network.GOOD, SchoolCalendar(closed=spans))


def stops(*schools: SchoolNeed, splits: bool = False, **fields: object) -> list[tuple[str, int, int]]:
    """School, day of August and students, when one team of two kits goes through the schools in that order."""
    problem = replace(Problem(WEEK, (Team("A", 2),), schools), **fields)  # type: ignore[arg-type]
    board = Board(problem)
    terrain = Terrain(board, Bookings(board, Style(0.0), problem.announced), splits)
    order = terrain.schools
    found = terrain.stops(0, order)
    last = terrain.follow(0, order, terrain.start())
    assert last[6] - sum(students for _, _, students in found) in (0, 5), "told at once as when noted"
    return [(str(schools[s].id), board.days[i].day, students) for s, i, students in found]


def test_schools_of_a_district_that_fit_together_share_a_day() -> None:
    assert stops(school("1", 20), school("2", 30)) == [("1", 3, 20), ("2", 3, 30)]
    assert stops(school("1", 20), school("2", 31)) == [("1", 3, 20), ("2", 4, 31)]
    assert stops(school("1", 20), school("2", 30, "Bulu")) == [("1", 3, 20), ("2", 4, 30)]


def test_a_third_school_waits_for_the_next_day() -> None:
    assert stops(school("1", 10), school("2", 10), school("3", 10))[2] == ("3", 4, 10)


def test_a_large_school_goes_on_the_next_day_and_begins_in_what_is_left_where_that_saves_a_day() -> None:
    assert stops(school("1", 80)) == [("1", 3, 50), ("1", 4, 30)]
    assert stops(school("1", 20), school("2", 80)) == [("1", 3, 20), ("2", 3, 30), ("2", 4, 50)]
    assert stops(school("1", 21), school("2", 80)) == [("1", 3, 21), ("2", 4, 50), ("2", 5, 30)]


def test_a_school_that_one_day_is_enough_for_is_split_only_when_room_is_short() -> None:
    assert stops(school("1", 30), school("2", 30)) == [("1", 3, 30), ("2", 4, 30)]
    assert stops(school("1", 30), school("2", 30), splits=True) == [("1", 3, 30), ("2", 3, 20), ("2", 4, 10)]


def test_a_closed_school_waits_and_what_comes_after_it_waits_too() -> None:
    assert stops(school("1", 40, closed=3), school("2", 50)) == [("1", 4, 40), ("2", 5, 50)]
    assert stops(school("1", 80, closed=4)) == [
        ("1", 3, 50),
        ("1", 5, 30),
    ]  # no day between on which it could come


def test_a_fixed_visit_takes_its_day_and_leaves_its_room_to_its_own_district() -> None:
    there = school("there", 20)
    locked = (Locked("there", "A", START, 20),)
    assert stops(school("1", 30), there, locked=locked) == [("1", 3, 30)]
    assert stops(school("1", 31), there, locked=locked) == [("1", 4, 31)]
    assert stops(school("1", 30, "Bulu"), there, locked=locked) == [("1", 4, 30)]
    told = (Announced("there", "A", date(2026, 8, 4)),)
    assert stops(school("1", 80), there, announced=told) == [("1", 3, 50), ("1", 4, 30)]
    assert stops(school("1", 80, "Bulu"), there, announced=told) == [("1", 5, 50), ("1", 6, 30)]


def test_a_school_with_few_left_comes_only_beside_another() -> None:
    few = replace(school("few", 5), few=True)
    assert stops(few) == []
    assert stops(school("1", 40), few) == [("1", 3, 40), ("few", 3, 5)]
    assert stops(school("1", 46), few) == [("1", 3, 46)]


def test_students_too_young_on_the_day_are_not_counted_on_and_the_day_waits_for_half() -> None:
    young = replace(school("1", 20), too_young=(date(2026, 8, 6),) * 5)
    assert stops(young) == [("1", 3, 15)]
    younger = replace(school("1", 20), too_young=(date(2026, 8, 6),) * 11)
    assert stops(younger) == [("1", 6, 20)]


def test_what_does_not_fit_before_the_end_is_left() -> None:
    days = [school(str(n), 50, closed=None) for n in range(11)]
    assert len(stops(*days)) == 10
