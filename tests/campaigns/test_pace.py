"""How a day goes: the pace, the expected end, and the tail of the queue moved to a later day."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from test_field_marks import Day

from campaigns.field import actions, pace_actions, pace_queries, tail_queries
from campaigns.field.models import Retake
from campaigns.field.pace import expected_an_hour, pace_of, students_an_hour
from campaigns.field.retake_queries import ProposedDay
from campaigns.models import Booking, RecordingDay
from common import clock
from common.access import Missing
from common.database import Store, rows_of
from ground import field_day
from ground.site import Site

EIGHT = datetime(2026, 8, 12, 1, 0)
TWO = datetime(2026, 8, 12, 7, 0)


def minutes(*numbers: int) -> list[datetime]:
    return [EIGHT + timedelta(minutes=n) for n in numbers]


def test_the_pace_is_that_of_the_last_two_hours() -> None:
    assert students_an_hour(minutes(0, 10, 20, 30, 40), EIGHT + timedelta(hours=1)) == 6
    slow_at_first = minutes(0, 60, 130, 140, 150, 160, 170)
    assert students_an_hour(slow_at_first, EIGHT + timedelta(minutes=190)) == Fraction(3600 * 4, 2400)


@pytest.mark.parametrize("at", [(0, 10, 20, 30), (0, 1, 2, 3, 4), ()])
def test_too_few_students_or_too_short_a_time_say_nothing(at: tuple[int, ...]) -> None:
    assert students_an_hour(minutes(*at), EIGHT + timedelta(hours=1)) is None


def test_a_broken_kit_halves_and_a_bad_network_slows_what_is_expected() -> None:
    good = expected_an_hour(Fraction(25), 2, EIGHT, TWO)
    assert (good, expected_an_hour(Fraction(25), 1, EIGHT, TWO)) == (Fraction(25, 3), Fraction(25, 6))
    assert expected_an_hour(Fraction(10), 2, EIGHT, TWO) == Fraction(10, 3)


def test_the_end_and_who_is_too_many() -> None:
    pace = pace_of(12, Fraction(6), Fraction(8), EIGHT + timedelta(hours=5), EIGHT, TWO)
    assert (pace.done_at, pace.too_many, pace.is_observed) == (TWO + timedelta(hours=1), 6, True)
    early = pace_of(12, None, Fraction(6), EIGHT - timedelta(hours=1), EIGHT, TWO)
    assert (early.done_at, early.too_many) == (EIGHT + timedelta(hours=2), 0)
    nothing = pace_of(3, Fraction(0), Fraction(0), EIGHT, EIGHT, TWO)
    assert (nothing.done_at, nothing.too_many) == (None, 3)
    assert pace_of(0, None, Fraction(6), EIGHT, EIGHT, TWO).done_at is None


@pytest.fixture
def day(store: Store) -> Day:
    return Day(store)


@pytest.fixture
def quick_day(sqlite_store: Store) -> Day:
    return Day(sqlite_store)


@contextmanager
def noon() -> Iterator[None]:
    """13.00 WIB on the day: an hour is left."""
    with clock.fixed_at(datetime(2026, 8, 12, 6, 0)):
        yield


def second_day(day: Day, capacity: int = 50) -> int:
    found = field_day.add_day(
        day.store, day.cast, day.campaign, day.cast.ratnas_school, [], date(2026, 8, 13), team="Tim B"
    )
    day.store.write_now(
        lambda: RecordingDay.update(capacity=capacity).where(RecordingDay.id == found).execute()
    )
    return found


def places(day: Day, day_id: int) -> list[tuple[int, int]]:
    rows = Booking.select(Booking.queue_number, Booking.student).where(Booking.day == day_id)
    return day.store.read_now(lambda: sorted(rows_of(rows)))


def test_the_tail_is_named_and_moves_to_the_second_day_at_one_press(day: Day) -> None:
    later = second_day(day)
    with noon():
        day.store.write_now(pace_actions.say_pace, day.cast.budi, day.id, True, 1)
        page = day.store.read_now(pace_queries.pace_page, day.cast.budi, day.id)
        assert page.expected == Fraction(5, 3)
        assert [one.number for one in page.tail] == list(
            range(2, 13)
        )  # one is reached in the hour that is left
        ids = [one.id for one in page.moves]
        for expected in (11, 0):  # a second press moves nobody
            assert day.store.write_now(pace_actions.move_tail, day.cast.budi, day.id, later, ids) == expected
    assert places(day, day.id) == [(1, day.students[0])]
    assert places(day, later) == list(enumerate(day.students[1:], 1))
    planned = day.store.read_now(
        lambda: [row.planned for row in RecordingDay.select().order_by(RecordingDay.id)]
    )
    assert planned == [1, 11]


def test_a_later_day_takes_no_more_than_it_has_room_for_and_the_marked_stay(quick_day: Day) -> None:
    day = quick_day
    later = second_day(day, capacity=3)
    with noon():
        day.store.write_now(pace_actions.say_pace, day.cast.budi, day.id, True, 1)
        page = day.store.read_now(pace_queries.pace_page, day.cast.budi, day.id)
        assert [one.number for one in page.moves] == [10, 11, 12]
        day.take(day.mark(day.students[11]))
        moved = day.store.write_now(pace_actions.move_tail, day.cast.budi, day.id, later, day.students[:10])
    assert moved == 3  # of those who were shown, as many as there is room for
    assert [student for _, student in places(day, later)] == day.students[7:10]


def test_nobody_is_moved_where_there_is_no_later_day_nor_by_another_office(quick_day: Day) -> None:
    day = quick_day
    with noon():
        day.store.write_now(pace_actions.say_pace, day.cast.budi, day.id, True, 1)
        page = day.store.read_now(pace_queries.pace_page, day.cast.budi, day.id)
        assert page.later is None and page.tail
        with pytest.raises(actions.NotAllowed, match="later"):
            day.store.write_now(pace_actions.move_tail, day.cast.budi, day.id, day.id, day.students[5:])
        for who in (day.cast.wahyu, day.cast.ratna):
            with pytest.raises(Missing):
                day.store.write_now(pace_actions.move_tail, who, day.id, day.id, day.students)
            with pytest.raises(Missing):
                day.store.write_now(pace_actions.say_pace, who, day.id, True, 1)
    with pytest.raises(actions.NotAllowed, match="kits"):
        day.store.write_now(pace_actions.say_pace, day.cast.budi, day.id, False, 3)


def retake_of(day: Day) -> ProposedDay:
    page, proposed = day.store.read_now(tail_queries.pace_with_retake, day.cast.budi, day.id)
    assert proposed is not None and page.tail
    return proposed


def to_retake(day: Day, proposed: ProposedDay, students: list[int]) -> int:
    on, team = proposed.found.date.isoformat(), int(proposed.found.team)
    count, to = day.store.write_now(
        pace_actions.move_tail_to_retake, day.cast.budi, day.id, on, team, students
    )
    assert bool(to) == bool(count)
    return count


def test_the_tail_is_named_and_gets_a_retake_day_of_its_own_at_one_press(day: Day) -> None:
    with noon():
        day.store.write_now(pace_actions.say_pace, day.cast.budi, day.id, True, 1)
        proposed = retake_of(day)
        assert (proposed.found.date, proposed.found.students) == (date(2026, 8, 13), 11)
        assert proposed.students[0] == "2. Bagas Wirawan 2, XII IPA 1"
        for expected in (11, 0):  # a second press moves nobody
            assert to_retake(day, proposed, day.students) == expected
    assert places(day, day.id) == [(1, day.students[0])]
    retake = day.store.read_now(lambda: RecordingDay.get(RecordingDay.kind == "retake"))
    assert (retake.state, retake.planned, retake.date) == ("proposed", 11, date(2026, 8, 13))
    assert [number for number, _ in places(day, retake.id)] == list(range(1, 12))
    tries = day.store.read_now(lambda: {(row.attempt, row.from_day_id) for row in Retake.select()})
    assert tries == {(1, day.id)}
    assert day.store.read_now(lambda: RecordingDay.get_by_id(day.id).planned) == 1


def test_only_those_who_were_shown_go_to_the_retake_day_and_the_marked_stay(quick_day: Day) -> None:
    day = quick_day
    with noon():
        day.store.write_now(pace_actions.say_pace, day.cast.budi, day.id, True, 1)
        proposed = retake_of(day)
        day.take(day.mark(day.students[11]))
        assert to_retake(day, proposed, day.students[8:]) == 3
    retake = day.store.read_now(lambda: RecordingDay.get(RecordingDay.kind == "retake"))
    assert {student for _, student in places(day, retake.id)} == set(day.students[8:11])
    assert len(places(day, day.id)) == 9


def test_a_retake_day_taken_meanwhile_moves_nobody(quick_day: Day) -> None:
    day = quick_day
    with noon():
        day.store.write_now(pace_actions.say_pace, day.cast.budi, day.id, True, 1)
        proposed = retake_of(day)
        for team in ("Tim A", "Tim B"):
            field_day.add_day(
                day.store, day.cast, day.campaign, day.cast.jokos_school, [], date(2026, 8, 13), team=team
            )
        with pytest.raises(actions.NotAllowed, match="later"):
            to_retake(day, proposed, day.students)
        with pytest.raises(Missing):
            day.store.write_now(
                pace_actions.move_tail_to_retake, day.cast.wahyu, day.id, "2026-08-13", 1, day.students
            )
    assert len(places(day, day.id)) == 12


def test_over_the_page_the_crew_says_what_it_sees_and_moves_the_tail(
    sqlite_store: Store, quick_day: Day, tmp_path: Path
) -> None:
    day = quick_day
    later = second_day(day)
    with noon(), Site(sqlite_store, tmp_path) as site:
        budi = site.as_("budi")
        path = f"/days/{day.id}/pace"
        wrong = budi.post(path, {"act": "say", "bad": "1", "kits": "9"})
        assert wrong.status == 422
        shown = budi.follow(budi.post(path, {"act": "say", "bad": "1", "kits": "1"})).text
        assert "11 siswa tidak terlayani" in shown and "Citra Ayuningtyas 3" in shown
        ids = [str(one) for one in day.students[1:]]
        done = budi.follow(budi.post(path, {"act": "move", "to": str(later), "student": ids}))
        assert "11 siswa sekarang datang pada" in done.text and f'href="/days/{later}/field"' in done.text
        assert site.as_("wahyu").get(path).status == 404


def test_over_the_page_budi_gives_the_tail_a_retake_day(
    sqlite_store: Store, quick_day: Day, tmp_path: Path
) -> None:
    day = quick_day
    with noon(), Site(sqlite_store, tmp_path) as site:
        budi = site.as_("budi")
        path = f"/days/{day.id}/pace"
        shown = budi.follow(budi.post(path, {"act": "say", "bad": "1", "kits": "1"})).text
        assert "Pindahkan 11 terakhir ke hari rekam susulan" in shown and "12. Fajar Nugroho 12" in shown
        proposed = retake_of(day)
        form = {"act": "retake", "date": "2026-08-13", "team": str(proposed.found.team)}
        done = budi.follow(budi.post(path, {**form, "student": [str(one) for one in day.students]}))
        to = day.store.read_now(lambda: RecordingDay.get(RecordingDay.kind == "retake").id)
        assert "11 siswa sekarang datang pada Kamis, 13 Agustus 2026. Beri tahu sekolah." in done.text
        assert f'href="/days/{to}/field"' in done.text
        moved = site.as_("sari").get(f"{path}?moved=11&to={to}").text
        assert f'href="/days/{to}/tell"' in moved
        again = budi.follow(budi.post(path, {**form, "student": [str(one) for one in day.students]}))
        assert "Tidak ada yang dipindahkan" in again.text
        assert budi.post(path, {**form, "team": "x"}).status == 303
