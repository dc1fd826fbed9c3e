"""Calling students again on coming days, at the office and at home; the places kept; the call taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from test_field_marks import Day
from test_field_retakes import THURSDAY, accept, due, propose

from campaigns.booking import day_actions
from campaigns.booking.actions import give_places
from campaigns.booking.place_queries import place_rows
from campaigns.booking.queries import day_page, own_days
from campaigns.field import closing_actions, opening_actions, retake_actions, retake_queries
from campaigns.field.actions import NotAllowed
from campaigns.field.models import Retake
from campaigns.field.opening import Opening
from campaigns.field.reopen_queries import retakes_from
from campaigns.models import Booking, RecordingDay, ToldDay
from campaigns.paper import LetterKind
from campaigns.papers.slip_queries import slips_of_day
from campaigns.retake_ways import Way
from campaigns.telling.queries import letters, told_of_day, told_since
from common import clock
from common.access import Missing
from common.database import Store, rows_of
from ground import field_day
from ground.site import Site
from home.queries import school_admin_page
from schools.queries import teams

FRIDAY = date(2026, 8, 14)
SECOND = date(2026, 8, 19)


@pytest.fixture
def day(store: Store) -> Day:
    return Day(store)


@pytest.fixture
def quick_day(sqlite_store: Store) -> Day:
    return Day(sqlite_store)


def second_day(day: Day, capacity: int, students: list[int]) -> int:
    found = field_day.add_day(
        day.store, day.cast, day.campaign, day.cast.ratnas_school, students, SECOND, "confirmed"
    )
    day.store.write_now(
        lambda: (
            RecordingDay.update(capacity=capacity, part=2, of_parts=2)
            .where(RecordingDay.id == found)
            .execute()
        )
    )
    return found


def by(day: Day, *ways: Way) -> retake_queries.RetakeProposalPage:
    with clock.fixed_at(THURSDAY):
        return day.store.read_now(
            retake_queries.retake_proposal, day.cast.sari, day.campaign, (), frozenset(ways)
        )


def book(day: Day, *ways: Way) -> retake_actions.Accepted:
    keys = [one.key for one in by(day, *ways).days]
    with clock.fixed_at(THURSDAY):
        return day.store.write_now(
            retake_actions.accept_retakes, day.cast.sari, day.campaign, (), keys, frozenset(ways)
        )


def booked(day: Day, day_id: int) -> dict[int, int]:
    rows = Booking.select(Booking.student, Booking.queue_number).where(Booking.day == day_id)
    return day.store.read_now(lambda: dict(rows_of(rows)))


def take_back(day: Day, call: int) -> int:
    with clock.fixed_at(THURSDAY):
        return day.store.write_now(retake_actions.take_back_call, day.cast.sari, call)


def opened(day: Day, **other: object) -> None:
    crew = next(team.id for team in day.store.read_now(teams, day.cast.sari) if team.name == "Tim B")
    opening = Opening(**{"team_id": crew, "weekdays": "6", "places_a_day": 5, **other})  # type: ignore[arg-type]
    day.store.write_now(opening_actions.save_opening, day.cast.sari, opening)


def test_free_places_of_the_second_day_are_filled_with_new_numbers_and_the_try_is_kept(day: Day) -> None:
    newcomers = field_day.add_students(day.store, day.cast, day.cast.ratnas_school, 3, 9400)
    second = second_day(day, 8, newcomers)
    day.take(day.mark(day.students[0], "failed", reason="iris"))
    day.close()
    done = book(day, Way.COMING_DAY)
    assert (done.day_ids, done.students) == ((second,), 5)
    assert sorted(booked(day, second).values()) == list(range(1, 9))
    assert set(newcomers) < set(booked(day, second))
    kept = day.store.read_now(
        lambda: {
            (row.booking.student_id, row.attempt, row.outcome, row.reason, row.from_day_id)
            for row in Retake.select(Retake, Booking).join(Booking)
        }
    )
    assert (day.students[0], 2, "failed", "iris", day.id) in kept and len(kept) == 5
    assert day.store.read_now(lambda: RecordingDay.get_by_id(second).planned) == 8
    assert due(day).due == 7


def test_giving_places_to_newcomers_keeps_those_who_were_called_again(day: Day) -> None:
    second = second_day(day, 20, [])
    day.close()
    book(day, Way.COMING_DAY)
    before = booked(day, second)
    late = field_day.add_students(day.store, day.cast, day.cast.ratnas_school, 2, 9500)
    with clock.fixed_at(THURSDAY):
        day.store.write_now(give_places, day.cast.sari, day.campaign, day.cast.ratnas_school)
    after = booked(day, second)
    assert {student: after.get(student) for student in before} == before
    assert {after[student] for student in late} == {13, 14}


def test_the_office_receives_as_many_as_it_has_places_and_fills_a_day_that_stands(day: Day) -> None:
    day.close()
    assert by(day, Way.OFFICE).days == (), "nobody said when the office is open"
    opened(day)
    done = book(day, Way.OFFICE)
    rows = day.store.read_now(
        lambda: [
            (row.kind, row.state, row.date.isoweekday(), row.planned, row.venue, row.capacity)
            for row in RecordingDay.select()
            .where(RecordingDay.id.in_(done.day_ids))
            .order_by(RecordingDay.date)
        ]
    )
    name = "Disdukcapil Kabupaten Sukoharjo"
    assert rows == [("office", "confirmed", 6, 5, name, 5)] * 2 + [("office", "confirmed", 6, 2, name, 5)]
    extra = field_day.add_students(day.store, day.cast, day.cast.ratnas_school, 4, 9500)
    other = field_day.add_day(
        day.store, day.cast, day.campaign, day.cast.ratnas_school, extra, date(2026, 8, 11), "open", "Tim B"
    )
    with clock.fixed_at(date(2026, 8, 11)):
        day.store.write_now(closing_actions.close_day, day.cast.budi, other)
    again = book(day, Way.OFFICE)
    assert again.day_ids[0] == done.day_ids[2], "three places were left there"
    assert len(booked(day, done.day_ids[2])) == 5
    first = next(one for one in due(day).calls if (one.day_id, one.students) == (done.day_ids[2], 2))
    assert take_back(day, first.id) == 2
    state = day.store.read_now(lambda: RecordingDay.get_by_id(done.day_ids[2]).state)
    assert state == "confirmed", "the day that the first call made is still needed by the second"


def test_the_ill_are_visited_on_the_reserved_weekday(quick_day: Day) -> None:
    day = quick_day
    day.take(*(day.mark(student, "absent", reason="sick") for student in day.students[:2]))
    day.close()
    (found,) = by(day, Way.HOME).days
    assert (found.found.date, found.found.students, found.found.reason) == (FRIDAY, 2, "home")
    (home,) = book(day, Way.HOME).day_ids
    assert day.store.read_now(lambda: RecordingDay.get_by_id(home).kind) == "home"
    told = day.store.read_now(lambda: ToldDay.select().where(ToldDay.day == home).count())
    assert told == 0, "no school is told that a team comes"
    with pytest.raises(Missing):
        day.store.read_now(told_of_day, day.cast.sari, home)


def test_a_new_retake_day_is_told_to_its_school(quick_day: Day) -> None:
    quick_day.close()
    (retake,) = accept(quick_day, propose(quick_day)).day_ids
    kinds = quick_day.store.read_now(
        lambda: [row.kind for row in ToldDay.select().where(ToldDay.day == retake)]
    )
    assert kinds == ["announced"]


def test_taken_back_the_students_are_due_again_and_the_day_they_had_alone_is_cancelled(day: Day) -> None:
    day.close()
    (retake,) = accept(day, propose(day)).day_ids
    (call,) = due(day).calls
    assert take_back(day, call.id) == 12
    assert take_back(day, call.id) == 0, "a second press does nothing"
    assert (due(day).due, due(day).with_a_date) == (12, 0)
    assert day.store.read_now(lambda: RecordingDay.get_by_id(retake).state) == "cancelled"
    assert len(propose(day).days) == 1


def test_taken_back_a_day_of_the_school_keeps_its_own_students(quick_day: Day) -> None:
    day = quick_day
    newcomers = field_day.add_students(day.store, day.cast, day.cast.ratnas_school, 3, 9400)
    second = second_day(day, 20, newcomers)
    day.close()
    book(day, Way.COMING_DAY)
    (call,) = due(day).calls
    assert take_back(day, call.id) == 12
    assert set(booked(day, second)) == set(newcomers)
    row = day.store.read_now(lambda: RecordingDay.get_by_id(second))
    assert (row.state, row.planned) == ("confirmed", 3)


def test_who_was_marked_meanwhile_keeps_the_place_and_a_held_day_gives_none_up(quick_day: Day) -> None:
    day = quick_day
    day.close()
    (retake,) = accept(day, propose(day)).day_ids
    (call,) = due(day).calls
    day.take({**day.mark(day.students[0]), "day": retake}, day=retake)
    with pytest.raises(NotAllowed, match="held"):
        take_back(day, call.id)
    assert len(booked(day, retake)) == 12


def test_a_school_sees_on_a_shared_day_its_own_students_alone(quick_day: Day) -> None:
    day = quick_day
    day.take(*(day.mark(student) for student in day.students[3:]))
    day.close()
    few = field_day.add_students(day.store, day.cast, day.cast.jokos_school, 2, 9300)
    other = field_day.add_day(
        day.store, day.cast, day.campaign, day.cast.jokos_school, few, date(2026, 8, 11), "open", "Tim B"
    )
    with clock.fixed_at(date(2026, 8, 11)):
        day.store.write_now(closing_actions.close_day, day.cast.budi, other)
    (retake,) = accept(day, propose(day)).day_ids
    assert len(day.store.read_now(place_rows, day.cast.sari, retake)) == 5
    seen = {row.student_id for row in day.store.read_now(place_rows, day.cast.ratna, retake)}
    assert seen == set(day.students[:3])
    # Joko's students come there too: he sees the day with his own, and it is not his to confirm
    seen = {row.student_id for row in day.store.read_now(place_rows, day.cast.joko, retake)}
    assert seen == set(few)
    with clock.fixed_at(THURSDAY):
        (own,) = [one for one in day.store.read_now(own_days, day.cast.joko).coming if one.day.id == retake]
        assert (own.is_host, own.can_be_confirmed) == (False, False)
        assert (own.students, own.day.planned) == (2, 5)
        assert own.first_slot == min(
            row.starts for row in day.store.read_now(place_rows, day.cast.joko, retake)
        )
        (hosted,) = [
            one for one in day.store.read_now(own_days, day.cast.ratna).coming if one.day.id == retake
        ]
        assert (hosted.is_host, hosted.students) == (True, 3)
        for who, own_students in ((day.cast.joko, 2), (day.cast.ratna, 3)):
            first_page = day.store.read_now(school_admin_page, who, None, THURSDAY)
            assert {line.count.called for line in first_page.days if line.day.id == retake} == {own_students}
        for act in (day_actions.confirm_day, day_actions.give_places_of_day):
            with pytest.raises(Missing):
                day.store.write_now(act, day.cast.joko, retake)
        for who, elsewhere, own_students, guests in (
            (day.cast.joko, True, 2, 0),
            (day.cast.ratna, False, 3, 2),
        ):
            (told,) = day.store.read_now(told_of_day, who, retake)
            assert (told.school.id, told.message.is_elsewhere) == (who.school_id, elsewhere)
            (letter,) = day.store.read_now(letters, who, (told,))
            (line,) = letter.days
            assert (line.is_retake, line.students, line.guests) == (True, own_students, guests)
            assert line.place == (hosted.day.school_name if elsewhere else "")
        both = day.store.read_now(told_of_day, day.cast.sari, retake)
        assert [one.school.id for one in both] == [day.cast.ratna.school_id, day.cast.joko.school_id]
        assert day.store.write_now(day_actions.confirm_day, day.cast.ratna, retake) == 1


def test_a_day_at_the_office_is_shown_to_the_schools_whose_students_come_and_to_no_other(
    quick_day: Day,
) -> None:
    day = quick_day
    day.close()
    opened(day)
    office = book(day, Way.OFFICE).day_ids[0]
    with clock.fixed_at(THURSDAY):
        shown = {one.day.id: one.is_host for one in day.store.read_now(own_days, day.cast.ratna).coming}
        assert shown[office] is False
        with pytest.raises(Missing):
            day.store.read_now(day_page, day.cast.joko, office)


def test_of_a_day_at_the_office_its_schools_are_told_to_go_there_and_no_paper_sends_them_to_a_school(
    quick_day: Day,
) -> None:
    day = quick_day
    day.close()
    opened(day)
    office = book(day, Way.OFFICE).day_ids[0]
    with clock.fixed_at(THURSDAY):
        (told,) = day.store.read_now(told_of_day, day.cast.sari, office)
        assert (told.school.id, told.message.days[0].is_certain) == (day.cast.ratna.school_id, True)
        (slips,) = day.store.read_now(slips_of_day, day.cast.sari, office)
        places = {slip.place for slip in slips.page.slips}
        assert places == {told.message.days[0].place} == {"Disdukcapil Kabupaten Sukoharjo"}
        (letter,) = day.store.read_now(letters, day.cast.sari, (told,))
        assert {one.place for one in letter.days} == places
        since = day.store.read_now(told_since, day.cast.sari, THURSDAY)
        assert [one.school.id for one in since.found if one.message.is_elsewhere] == [told.school.id]
        with pytest.raises(Missing):
            day.store.read_now(told_of_day, day.cast.joko, office)
        for call in due(day).calls:
            day.store.write_now(retake_actions.take_back_call, day.cast.sari, call.id)
        (off,) = day.store.read_now(told_of_day, day.cast.sari, office)
        assert (off.school.id, off.message.letter) == (told.school.id, LetterKind.CALLED_OFF)


def test_nobody_but_the_offices_coordinator_calls_or_takes_back(quick_day: Day) -> None:
    day = quick_day
    day.close()
    keys = [one.key for one in propose(day).days]
    accept(day, propose(day))
    (call,) = due(day).calls
    for stranger in (day.cast.wahyu, day.cast.budi, day.cast.ratna):
        with pytest.raises(Missing):
            day.store.write_now(retake_actions.take_back_call, stranger, call.id)
        with pytest.raises(Missing):
            day.store.write_now(retake_actions.accept_retakes, stranger, day.campaign, (), keys)
    with pytest.raises(Missing):
        crew = day.store.read_now(teams, day.cast.sari)[0].id
        day.store.write_now(opening_actions.save_opening, day.cast.wahyu, Opening(crew, "6"))


def test_opened_again_the_absent_are_not_absent_and_their_retakes_are_shown_as_what_it_breaks(
    day: Day,
) -> None:
    day.take(day.mark(day.students[0], "failed", reason="photo"))
    day.close()
    (retake,) = accept(day, propose(day)).day_ids
    with clock.fixed_at(THURSDAY):
        day.store.write_now(closing_actions.reopen_day, day.cast.sari, day.id, "Salah menutup hari")
    assert set(day.standings()) == {day.students[0]}
    (shown,) = day.store.read_now(retakes_from, day.cast.sari, day.id)
    assert (shown.day_id, shown.students, shown.not_due) == (retake, 12, 11)
    day.take(day.mark(day.students[1]))
    day.close()
    (shown,) = day.store.read_now(retakes_from, day.cast.sari, day.id)
    assert (shown.students, shown.not_due) == (12, 1), "absent again, but for the one recorded meanwhile"
    with pytest.raises(Missing):
        day.store.read_now(retakes_from, day.cast.wahyu, day.id)


@pytest.fixture
def site(sqlite_store: Store, quick_day: Day, tmp_path: Path) -> Iterator[Site]:
    with clock.fixed_at(THURSDAY), Site(sqlite_store, tmp_path / "files") as running:
        yield running


def test_over_the_pages_sari_opens_the_office_books_one_proposal_and_takes_it_back(
    site: Site, quick_day: Day
) -> None:
    quick_day.close()
    sari = site.as_("sari")
    crew = next(team.id for team in quick_day.store.read_now(teams, quick_day.cast.sari))
    form = {
        "team": str(crew),
        "weekdays": ["6"],
        "starts_at": "08:00",
        "ends_at": "07:00",
        "places_a_day": "33",
        "home_visits_a_day": "4",
    }
    wrong = sari.post("/retakes/opening", form)
    assert wrong.status == 422 and 'value="33"' in wrong.text
    sari.post("/retakes/opening", {**form, "ends_at": "12:00"})
    (only,) = by(quick_day, Way.OFFICE).days
    page = sari.get("/retakes/proposal?way=office").text
    assert "Ayu Lestari 1" in page and only.key in page
    done = sari.follow(sari.post("/retakes/accept", {"day": only.key, "way": "office"}))
    assert "12 siswa" in done.text and "/call-list.pdf" in done.text
    back = sari.follow(sari.post("/retakes/1/take-back"))
    assert "12 siswa" in back.text and due(quick_day).due == 12
    twice = sari.follow(sari.post("/retakes/1/take-back"))
    assert "Tidak ada yang ditarik" in twice.text and "0 siswa" not in twice.text
    assert site.as_("wahyu").post("/retakes/1/take-back").status == 404


def test_over_the_summary_sari_opens_the_day_again_and_sees_the_retakes(site: Site, quick_day: Day) -> None:
    quick_day.close()
    accept(quick_day, propose(quick_day))
    sari = site.as_("sari")
    path = f"/days/{quick_day.id}"
    assert "12 siswa dari hari ini" in sari.get(f"{path}/summary").text
    refused = sari.post(f"{path}/reopen", {"reason": " "})
    assert refused.status == 422 and "#f-reason" in refused.text
    sari.post(f"{path}/reopen", {"reason": "Salah menutup hari"})
    after = sari.get(f"{path}/summary").text
    assert "dibuka lagi sesudah rekam susulan" in after and "12 di antaranya" in after
    assert site.as_("budi").post(f"{path}/reopen", {"reason": "x"}).status == 403
