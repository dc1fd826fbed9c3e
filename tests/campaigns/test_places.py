"""Queue numbers and times, class by class, day by day."""

from datetime import date, time

from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.places import (
    DayForSchool,
    NoPlace,
    Place,
    Places,
    StudentToPlace,
    class_order,
    places_for,
    places_left,
    slot_starts,
)

LONG_AGO = date(2026, 1, 1)
WEDNESDAY = DayForSchool(1, date(2026, 8, 12), time(8), time(14), 50)
THURSDAY = DayForSchool(2, date(2026, 8, 13), time(8), time(14), 50)


def class_of(name: str, count: int, first: int, recordable_from: date = LONG_AGO) -> list[StudentToPlace]:
    """A class of invented students, numbered from `first`."""
    return [StudentToPlace(first + n, name, f"Siswa {n:03}", recordable_from) for n in range(count)]


def on_day(places: Places, day: DayForSchool) -> list[int]:
    """The students of a day in queue order."""
    return [place.student for place in places.placed if place.day == day.id]


def test_classes_come_in_the_order_a_school_reads_them() -> None:
    names = ["XII IPA 1", "X-10", "XI-1", "X-2", "Kelas X-1", "XII IPA 10", "XII IPA 2", "x 3"]
    assert sorted(names, key=class_order) == [
        "Kelas X-1", "X-2", "x 3", "X-10", "XI-1", "XII IPA 1", "XII IPA 2", "XII IPA 10",
    ]  # fmt: skip
    assert sorted(["12 TKJ", "10 TKJ", "XI TKJ"], key=class_order) == ["10 TKJ", "XI TKJ", "12 TKJ"]


def test_students_queue_class_by_class_and_by_name_from_1() -> None:
    students = [
        StudentToPlace(1, "X-10", "Dewi", LONG_AGO),
        StudentToPlace(2, "X-2", "Wati", LONG_AGO),
        StudentToPlace(3, "X-2", "adi", LONG_AGO),
    ]
    placed = places_for(students, [WEDNESDAY]).placed
    assert [(place.number, place.student) for place in placed] == [(1, 3), (2, 2), (3, 1)]


def test_two_days_of_a_school_get_half_each_split_between_classes() -> None:
    students = class_of("X-1", 19, 100) + class_of("X-2", 21, 200) + class_of("X-3", 38, 300)
    places = places_for(students, [THURSDAY, WEDNESDAY])
    assert on_day(places, WEDNESDAY) == [
        *range(100, 119),
        *range(200, 221),
    ]  # 40 of 78, not 39: X-2 stays together
    assert on_day(places, THURSDAY) == [*range(300, 338)]


def test_one_large_class_is_split_in_the_middle() -> None:
    places = places_for(class_of("X", 61, 0), [WEDNESDAY, THURSDAY])
    assert (len(on_day(places, WEDNESDAY)), len(on_day(places, THURSDAY))) == (31, 30)


def test_a_smaller_second_day_takes_what_it_can_and_the_first_the_rest() -> None:
    small = DayForSchool(2, date(2026, 8, 13), time(8), time(10), 10)
    places = places_for(class_of("X", 60, 0), [WEDNESDAY, small])
    assert (len(on_day(places, WEDNESDAY)), len(on_day(places, small))) == (50, 10)


def test_where_places_are_short_voters_have_theirs_first_and_come_with_their_class() -> None:
    first_years = [StudentToPlace(100 + n, "X-1", f"Siswa {n:03}", LONG_AGO) for n in range(60)]
    voters = [StudentToPlace(300 + n, "XII-1", f"Siswa {n:03}", LONG_AGO, True) for n in range(40)]
    places = places_for([*first_years, *voters], [WEDNESDAY])
    assert on_day(places, WEDNESDAY) == [*range(100, 110), *range(300, 340)]
    assert {row.reason for row in places.unplaced} == {NoPlace.DAYS_FULL}

    newcomers = [StudentToPlace(1, "X-1", "Adi", LONG_AGO), StudentToPlace(2, "X-1", "Budi", LONG_AGO, True)]
    one_left = places_for(
        [*class_of("X-1", 49, 100), *newcomers],
        [WEDNESDAY],
        places_for(class_of("X-1", 49, 100), [WEDNESDAY]).placed,
    )
    assert {place.student for place in one_left.placed} == {*range(100, 149), 2}


def test_a_full_day_takes_no_more_students() -> None:
    places = places_for(class_of("X", 53, 0), [WEDNESDAY])
    assert len(places.placed) == 50
    assert [row.reason for row in places.unplaced] == [NoPlace.DAYS_FULL] * 3
    assert places_left(WEDNESDAY, places.placed) == 0


def test_whoever_turns_16_between_the_days_comes_on_the_later_one() -> None:
    young = StudentToPlace(900, "X-1", "Aaa", date(2026, 8, 13))
    places = places_for([young, *class_of("X-1", 20, 0), *class_of("X-2", 20, 100)], [WEDNESDAY, THURSDAY])
    assert 900 in on_day(places, THURSDAY)


def test_the_later_day_keeps_seats_for_those_who_can_come_only_then() -> None:
    first = DayForSchool(1, date(2026, 8, 12), time(8), time(9), 12)
    second = DayForSchool(2, date(2026, 8, 13), time(8), time(9), 5)
    students = class_of("X-1", 12, 0) + class_of("X-2", 5, 100, recordable_from=date(2026, 8, 13))
    assert places_for(students, [first, second]).unplaced == ()


def test_whoever_is_too_young_on_every_day_is_named_with_the_date() -> None:
    (row,) = places_for([StudentToPlace(1, "X", "Budi", date(2026, 9, 1))], [WEDNESDAY]).unplaced
    assert (row.student, row.reason, row.recordable_from) == (
        1,
        NoPlace.TOO_YOUNG_ON_EVERY_DAY,
        date(2026, 9, 1),
    )
    (row,) = places_for([StudentToPlace(1, "X", "Budi", LONG_AGO)], []).unplaced
    assert row.reason is NoPlace.NO_DAY


def test_announced_places_keep_their_number_and_newcomers_are_appended() -> None:
    before = places_for(class_of("X-2", 3, 0), [WEDNESDAY])
    newcomer = StudentToPlace(50, "X-1", "Ayu", LONG_AGO)
    after = places_for([newcomer, *class_of("X-2", 3, 0)], [WEDNESDAY], before.placed)
    assert after.placed[:3] == before.placed
    assert (after.placed[3].student, after.placed[3].number) == (50, 4)


def test_the_number_of_a_student_who_left_goes_to_nobody_else() -> None:
    before = places_for(class_of("X", 3, 0), [WEDNESDAY])
    remaining = [*class_of("X", 2, 0), StudentToPlace(50, "X", "Ayu", LONG_AGO)]
    after = places_for(remaining, [WEDNESDAY], before.placed)
    assert [(place.student, place.number) for place in after.placed] == [(0, 1), (1, 2), (50, 4)]


def test_a_newcomer_comes_with_the_class() -> None:
    students = class_of("X-1", 20, 0) + class_of("X-2", 20, 100)
    before = places_for(students, [WEDNESDAY, THURSDAY])
    after = places_for(
        [*students, StudentToPlace(900, "X-2", "Baru", LONG_AGO)], [WEDNESDAY, THURSDAY], before.placed
    )
    assert 900 in on_day(after, THURSDAY)


def test_a_place_before_the_16th_birthday_is_given_up_for_a_later_day() -> None:
    before = [Place(1, WEDNESDAY.id, 1, time(8))]
    mended = StudentToPlace(1, "X", "Budi", date(2026, 8, 13))
    assert on_day(places_for([mended], [WEDNESDAY, THURSDAY], before), THURSDAY) == [1]


def test_times_run_through_the_day_and_do_not_move_when_someone_is_added() -> None:
    assert slot_starts(WEDNESDAY, 1) == time(8)
    assert slot_starts(WEDNESDAY, 26) == time(11)
    assert slot_starts(WEDNESDAY, 50) == time(13, 30)
    assert slot_starts(WEDNESDAY, 51) == time(13, 30)
    short = DayForSchool(1, date(2026, 8, 12), time(8), time(8, 10), 3)
    assert {slot_starts(short, n) for n in (1, 2, 3)} == {time(8)}


some_days = st.lists(
    st.builds(
        DayForSchool,
        st.integers(1, 9),
        st.dates(date(2026, 8, 1), date(2026, 8, 9)),
        st.just(time(8)),
        st.just(time(12)),
        st.integers(0, 12),
    ),
    max_size=3,
    unique_by=lambda day: day.id,
)
some_students = st.lists(
    st.builds(
        StudentToPlace,
        st.integers(1, 60),
        st.sampled_from(["X-1", "X-2", "X-10", "XI"]),
        st.sampled_from(["Ayu", "Budi"]),
        st.dates(date(2026, 7, 30), date(2026, 8, 11)),
        st.booleans(),
    ),
    max_size=30,
    unique_by=lambda student: student.id,
)


def most_that_fit(students: list[StudentToPlace], days: list[DayForSchool]) -> int:
    """The most students that any division could place: the flexible wait while the days fill from the last."""
    waiting = sorted(student.recordable_from for student in students)
    placed = 0
    for day in sorted(days, key=lambda day: day.date):
        able = [born for born in waiting if born <= day.date][: day.capacity]
        placed += len(able)
        waiting = [born for born in waiting if born > day.date] + [b for b in waiting if b <= day.date][
            len(able) :
        ]
        waiting.sort()
    return placed


@settings(max_examples=150, deadline=None)
@given(some_students, some_days, some_students)
def test_nobody_is_lost_doubled_too_young_or_squeezed_into_a_full_day(
    students: list[StudentToPlace], days: list[DayForSchool], later: list[StudentToPlace]
) -> None:
    first = places_for(students, days)
    assert len(first.placed) == most_that_fit(students, days)
    voters = {student.id for student in students if student.is_voter}
    assert len(voters & {place.student for place in first.placed}) == most_that_fit(
        [student for student in students if student.is_voter], days
    )
    everyone = list({student.id: student for student in [*later, *students]}.values())
    for people, places in ((students, first), (everyone, places_for(everyone, days, first.placed))):
        told = [place.student for place in places.placed] + [row.student for row in places.unplaced]
        assert sorted(told) == sorted(student.id for student in people)
        by_id, on = {student.id: student for student in people}, {day.id: day for day in days}
        assert all(by_id[place.student].recordable_from <= on[place.day].date for place in places.placed)
        for day in days:
            numbers = [place.number for place in places.placed if place.day == day.id]
            assert numbers == list(range(1, len(numbers) + 1)) and len(numbers) <= day.capacity
        assert set(first.placed) <= set(places.placed)
