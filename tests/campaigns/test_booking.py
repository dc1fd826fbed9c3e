"""The plan, its days and their places, on both databases: from a programme to a confirmed day."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from campaigns.booking import actions, day_actions, paper_queries, plan_queries, queries
from campaigns.booking.actions import BasisChanged
from campaigns.booking.basis_queries import plan_basis
from campaigns.booking.day_actions import StateChanged
from campaigns.booking.settings import PauseTyped
from campaigns.calendar import Span
from campaigns.calendars import closed_actions
from campaigns.closed_dates import ClosedDates, Reach
from campaigns.hard_rules import violations_of
from campaigns.models import Booking, OfficeDay, RecordingDay, Tally
from campaigns.planning import make_plan
from common import clock
from common.access import Missing
from common.database import Store
from ground.booking_office import MONDAY, SETTINGS, SIZES, Office, open_office, people
from schools.actions import insert_students, set_student_status, students_changed
from schools.models import Student
from schools.queries import teams


@pytest.fixture(autouse=True)
def on_monday() -> Any:
    with clock.fixed_at(MONDAY):
        yield


@pytest.fixture
def office(store: Store) -> Office:
    return open_office(store)


@pytest.fixture
def quick(sqlite_store: Store) -> Office:
    return open_office(sqlite_store)


def test_a_programme_counts_every_school_when_it_is_saved(office: Office) -> None:
    targets = office.store.read_now(lambda: Counter({row.school_id: row.target for row in Tally.select()}))
    assert sum(targets.values()) > 0
    assert set(targets) == {office.school_ids[name] for name in SIZES}


def test_a_plan_follows_target_and_capacity_and_names_who_is_left_out(office: Office) -> None:
    saved = office.plan()
    large = office.days("SMAN 1 MOJOLABAN")
    assert [day.planned for day in large] == [20, 20]
    assert [(day.part, day.of_parts) for day in large] == [(1, 2), (2, 2)]
    # Three working days' notice; Friday is kept for home visits, so the second day is on Monday.
    assert [day.date for day in large] == [date(2026, 8, 6), date(2026, 8, 10)]
    assert large[0].team_id == large[1].team_id
    assert saved.left_out == 30
    page = office.store.read_now(plan_queries.plan_page, office.sari, office.campaign)
    assert [(row.school_name, row.students, row.rule) for row in page.left_out] == [
        ("SMAN 1 MOJOLABAN", 30, "days_a_school")
    ]


def test_no_day_is_today_past_reserved_or_a_holiday(quick: Office) -> None:
    quick.plan()
    for day in quick.days():
        assert day.date > MONDAY
        assert day.date.isoweekday() < 5
        assert day.date not in (
            date(2026, 8, 17),
            date(2026, 8, 25),
        )  # independence day, the Prophet's birthday


def test_two_small_schools_of_a_district_share_a_day(sqlite_store: Store) -> None:
    office = open_office(sqlite_store, {"SMAN 1 SUKOHARJO": 9, "SMKN 1 SUKOHARJO": 8})
    office.plan()
    first, second = office.days()
    assert (first.date, first.team_id) == (second.date, second.team_id)
    assert (first.takes_morning, first.takes_afternoon) == (1, None)
    assert (second.takes_morning, second.takes_afternoon) == (None, 1)
    assert (first.starts_at, second.ends_at) == ("08:00", "14:00")
    assert first.ends_at == second.starts_at
    assert first.capacity + second.capacity == 20


def test_the_same_plan_asked_twice_leaves_the_same_days(quick: Office) -> None:
    quick.plan()
    before = [(day.date, day.team_id, day.school_id, day.planned) for day in quick.days()]
    quick.plan()
    assert [(day.date, day.team_id, day.school_id, day.planned) for day in quick.days()] == before


def test_a_plan_made_from_what_has_changed_since_is_not_saved(quick: Office) -> None:
    basis = quick.store.read_now(plan_basis, quick.sari, quick.campaign)
    plan = make_plan(basis.problem)
    school = quick.school_ids["SMAN 1 KARTASURA"]
    quick.write(insert_students, quick.sari.office_id, school, people(3, 500))
    with pytest.raises(BasisChanged):
        quick.write(actions.save_plan, quick.sari, basis, plan)
    assert quick.days() == []


def test_what_schools_were_told_stays_when_a_new_plan_is_made(office: Office) -> None:
    office.plan()
    told = office.days("SMAN 1 SUKOHARJO")
    office.write(day_actions.announce_day, office.sari, told[0].id)
    school = office.school_ids["SMAN 1 KARTASURA"]
    office.write(insert_students, office.sari.office_id, school, people(12, 500))
    office.plan()
    kept = office.days("SMAN 1 SUKOHARJO")
    assert [(day.id, day.date, day.team_id) for day in kept] == [
        (day.id, day.date, day.team_id) for day in told
    ]
    assert sum(day.planned for day in office.days("SMAN 1 KARTASURA")) == 18


def test_announcing_gives_every_student_a_place_class_by_class_half_to_each_day(sqlite_store: Store) -> None:
    office = open_office(sqlite_store, {"SMAN 1 SUKOHARJO": 30, "SMAN 1 MOJOLABAN": 70})
    office.plan()
    answer = office.announce()
    assert answer.days == len(office.days())
    booked = office.bookings("SMAN 1 SUKOHARJO")
    assert len({booking.student_id for booking in booked}) == len(booked) == 30
    by_day: dict[int, list[Booking]] = {}
    for booking in booked:
        by_day.setdefault(booking.day_id, []).append(booking)
    assert [len(day) for day in by_day.values()] == [15, 15]
    for day in by_day.values():
        assert [booking.queue_number for booking in day] == list(range(1, len(day) + 1))
        assert [booking.slot for booking in day] == sorted(booking.slot for booking in day)
    first = by_day[office.days("SMAN 1 SUKOHARJO")[0].id]
    assert {booking.student.class_name for booking in first} == {"XII IPA 2"}
    assert answer.unplaced == 30  # of Mojolaban, whose two days hold 40 of its 70


def test_where_a_school_has_too_few_places_its_voters_get_them_as_the_plan_says(sqlite_store: Store) -> None:
    office = open_office(sqlite_store, {"SMAN 1 MOJOLABAN": 70})
    school = office.school_ids["SMAN 1 MOJOLABAN"]

    def young() -> None:  # whose classes come before all others
        names = Student.select(Student.id).where(Student.school == school).order_by(Student.id).limit(35)
        Student.update(birth_date=date(2010, 3, 1), class_name="X-1").where(Student.id.in_(names)).execute()

    office.write(young)
    office.plan()
    promised = sum(day.planned_voters for day in office.days())
    office.announce()
    booked = office.bookings("SMAN 1 MOJOLABAN")
    assert len(booked) == 40
    voters = [booking for booking in booked if booking.student.class_name != "X-1"]
    assert len(voters) == promised == 35


def test_announcing_twice_changes_nothing(quick: Office) -> None:
    quick.plan()
    quick.announce()
    before = [(booking.day_id, booking.student_id) for booking in quick.bookings("SMAN 1 SUKOHARJO")]
    assert quick.announce().days == 0
    day = quick.days("SMAN 1 SUKOHARJO")[0]
    assert quick.write(day_actions.announce_day, quick.sari, day.id).days == 0
    assert [(booking.day_id, booking.student_id) for booking in quick.bookings("SMAN 1 SUKOHARJO")] == before


def test_newcomers_are_appended_when_ratna_confirms_and_nobody_loses_a_number(office: Office) -> None:
    office.plan()
    office.announce()
    before = {booking.student_id: booking.queue_number for booking in office.bookings("SMAN 1 SUKOHARJO")}
    school = office.school_ids["SMAN 1 SUKOHARJO"]
    office.write(insert_students, office.sari.office_id, school, people(1, 700))
    day = office.days("SMAN 1 SUKOHARJO")[0]
    assert office.write(day_actions.confirm_day, office.cast.ratna, day.id, True) == 2
    after = {booking.student_id: booking.queue_number for booking in office.bookings("SMAN 1 SUKOHARJO")}
    assert len(after) == 31
    assert {student: after[student] for student in before} == before
    assert {row.state for row in office.days("SMAN 1 SUKOHARJO")} == {"confirmed"}
    assert sum(row.planned for row in office.days("SMAN 1 SUKOHARJO")) == 31


def test_a_full_day_takes_no_more_students(quick: Office) -> None:
    quick.plan()
    quick.announce()
    school = quick.school_ids["SMAN 1 MOJOLABAN"]
    given = quick.write(actions.give_places, quick.sari, quick.campaign, school)
    assert given.new == 0
    assert len(given.unplaced) == 30
    for day in quick.days():
        count = sum(1 for booking in quick.bookings("SMAN 1 MOJOLABAN") if booking.day_id == day.id)
        assert count <= day.capacity


def test_who_left_the_school_gives_up_the_place(quick: Office) -> None:
    quick.plan()
    quick.announce()
    gone = quick.bookings("SMKN 1 SUKOHARJO")[0].student_id
    quick.write(set_student_status, quick.sari, [gone], "moved")
    quick.write(actions.give_places, quick.sari, quick.campaign, quick.school_ids["SMKN 1 SUKOHARJO"])
    assert gone not in {booking.student_id for booking in quick.bookings("SMKN 1 SUKOHARJO")}


def test_who_has_a_place_on_a_day_under_way_gets_no_second_one(quick: Office) -> None:
    quick.plan()
    quick.announce()
    first, _ = quick.days("SMAN 1 MOJOLABAN")
    quick.write(lambda: RecordingDay.update(state="open").where(RecordingDay.id == first.id).execute())
    school = quick.school_ids["SMAN 1 MOJOLABAN"]
    gone = [row.student_id for row in quick.bookings("SMAN 1 MOJOLABAN") if row.day_id != first.id]
    quick.write(set_student_status, quick.sari, gone[:12], "left")
    assert quick.write(actions.give_places, quick.sari, quick.campaign, school).new == 12
    booked = [row.student_id for row in quick.bookings("SMAN 1 MOJOLABAN")]
    assert len(set(booked)) == len(booked) == 40


def test_a_student_who_turns_16_later_comes_on_the_later_day(quick: Office) -> None:
    school = quick.school_ids["SMAN 1 SUKOHARJO"]
    quick.plan()
    second = quick.days("SMAN 1 SUKOHARJO")[1].date
    born = second.replace(year=second.year - 16)
    quick.write(insert_students, quick.sari.office_id, school, people(1, 800, born))
    quick.announce()
    young = next(row for row in quick.bookings("SMAN 1 SUKOHARJO") if row.student.birth_date == born)
    assert young.day_id == quick.days("SMAN 1 SUKOHARJO")[1].id


def test_a_day_moves_by_hand_to_a_free_date(quick: Office) -> None:
    quick.plan()
    day = quick.days("SMAN 1 KARTASURA")[0]
    answer = quick.write(day_actions.move_day, quick.sari, day.id, date(2026, 9, 14), day.team_id)
    assert answer.clashes == ()
    moved = quick.days("SMAN 1 KARTASURA")[0]
    assert (moved.id, moved.date, moved.state) == (day.id, date(2026, 9, 14), "draft")
    assert (moved.takes_morning, moved.takes_afternoon) == (1, 1)


def test_both_days_of_a_large_school_move_together(office: Office) -> None:
    office.plan()
    office.announce()
    first = office.days("SMAN 1 MOJOLABAN")[0]
    answer = office.write(day_actions.move_day, office.sari, first.id, date(2026, 9, 10), first.team_id)
    assert answer.clashes == ()
    # Friday is kept for home visits, so the second day is on Monday
    assert [day.date for day in office.days("SMAN 1 MOJOLABAN")] == [date(2026, 9, 10), date(2026, 9, 14)]
    assert len(office.bookings("SMAN 1 MOJOLABAN")) == 40


@pytest.mark.parametrize(
    ("to", "rule"),
    [
        (date(2026, 8, 17), "public_holiday"),
        (date(2026, 9, 11), "reserved_weekday"),
        (date(2026, 9, 12), "not_a_working_weekday"),
        (date(2026, 7, 30), "outside_window"),
        (date(2026, 12, 2), "outside_window"),
        (date(2026, 9, 8), "school_closed"),
        (date(2026, 9, 22), "pause"),
    ],
)
def test_a_move_onto_a_date_that_is_not_free_is_refused_and_named(quick: Office, to: date, rule: str) -> None:
    exams = ClosedDates(
        Span(date(2026, 9, 7), date(2026, 9, 9), "Ujian"),
        Reach.SCHOOLS,
        school_ids=frozenset({quick.school_ids["SMAN 1 KARTASURA"]}),
    )
    quick.write(closed_actions.add_closed_dates, quick.sari, exams)
    crews = tuple(team.id for team in quick.store.read_now(teams, quick.sari))
    pause = PauseTyped(date(2026, 9, 21), date(2026, 9, 23), "Surat menteri")
    quick.write(
        actions.save_campaign, quick.sari, replace(SETTINGS, team_ids=crews, pauses=(pause,)), quick.campaign
    )
    quick.plan()
    day = quick.days("SMAN 1 KARTASURA")[0]
    answer = quick.write(day_actions.move_day, quick.sari, day.id, to, day.team_id)
    assert rule in [clash.rule.value for clash in answer.clashes]
    assert quick.days("SMAN 1 KARTASURA")[0].date == day.date


def test_a_move_onto_a_team_in_another_district_is_refused_and_names_the_school(quick: Office) -> None:
    quick.plan()
    there = quick.days("SMAN 1 MOJOLABAN")[0]
    day = quick.days("SMAN 1 KARTASURA")[0]
    answer = quick.write(day_actions.move_day, quick.sari, day.id, there.date, there.team_id)
    named = {(clash.rule.value, other.school) for clash in answer.clashes for other in clash.others}
    assert ("one_district_a_day", quick.school_ids["SMAN 1 MOJOLABAN"]) in named


def test_a_confirmed_day_does_not_move(quick: Office) -> None:
    quick.plan()
    quick.announce()
    day = quick.days("SMAN 1 SUKOHARJO")[0]
    quick.write(day_actions.confirm_day, quick.cast.ratna, day.id)
    answer = quick.write(day_actions.move_day, quick.sari, day.id, date(2026, 9, 14), day.team_id)
    assert [clash.rule.value for clash in answer.clashes] == ["locked_day"]


def test_ratna_asks_for_another_day_and_sari_moves_it_there(office: Office) -> None:
    office.plan()
    office.announce()
    day = office.days("SMKN 1 SUKOHARJO")[0]
    joko = office.cast.joko
    free = office.store.read_now(queries.ask_page, joko, day.id).free
    assert free and day.date not in free
    office.write(day_actions.ask_for_another_day, joko, day.id, free[-1:], "Ujian sekolah")
    page = office.store.read_now(plan_queries.plan_page, office.sari, office.campaign)
    asked = page.waiting[0]
    assert (asked.is_wish, asked.age) == (True, 0)
    assert (asked.card.id, asked.why.offered, asked.card.note) == (day.id, free[-1:], "Ujian sekolah")
    shown = office.store.read_now(queries.day_page, office.sari, day.id)
    to = next(one for one in shown.free if one.date == free[0])
    answer = office.write(day_actions.move_day, office.sari, day.id, to.date, to.team_id)
    assert answer.clashes == ()
    moved = office.days("SMKN 1 SUKOHARJO")[0]
    assert (moved.state, moved.date, moved.note) == ("proposed", to.date, "")
    assert moved.planned == len(office.bookings("SMKN 1 SUKOHARJO")) == 8


def test_a_postponed_day_frees_its_team_and_its_students_are_planned_again(office: Office) -> None:
    office.plan()
    office.announce()
    day = office.days("SMAN 1 KARTASURA")[0]
    office.write(day_actions.call_off_day, office.sari, day.id, "postponed", "Banjir")
    office.plan()
    again = office.days("SMAN 1 KARTASURA", "draft")
    assert sum(row.planned for row in again) == 6
    assert office.days("SMAN 1 KARTASURA", "postponed")[0].note == "Banjir"


def test_calling_off_needs_a_reason(quick: Office) -> None:
    quick.plan()
    with pytest.raises(ValueError, match="reason"):
        quick.write(day_actions.call_off_day, quick.sari, quick.days()[0].id, "cancelled", " ")


def test_a_neighbour_gets_the_whole_day_when_the_other_school_is_called_off(sqlite_store: Store) -> None:
    office = open_office(sqlite_store, {"SMAN 1 SUKOHARJO": 9, "SMKN 1 SUKOHARJO": 8})
    office.plan()
    gone, stays = office.days()
    office.write(day_actions.call_off_day, office.sari, gone.id, "cancelled", "Salah rencana")
    row = next(day for day in office.days() if day.id == stays.id)
    assert (row.takes_morning, row.takes_afternoon, row.starts_at, row.capacity) == (1, 1, "08:00", 20)


def test_a_school_can_be_put_beside_one_that_was_told(store: Store) -> None:
    office = open_office(store, {"SMAN 1 SUKOHARJO": 9, "SMAN 1 KARTASURA": 6})
    office.plan()
    office.announce()
    told = office.days("SMAN 1 SUKOHARJO")[0]
    slots = [(row.student_id, row.slot) for row in office.bookings("SMAN 1 SUKOHARJO")]
    school = office.school_ids["SMKN 1 SUKOHARJO"]
    office.write(insert_students, office.sari.office_id, school, people(8, 900))
    office.plan()
    beside = office.days("SMKN 1 SUKOHARJO")[0]
    if (beside.date, beside.team_id) != (told.date, told.team_id):
        answer = office.write(day_actions.move_day, office.sari, beside.id, told.date, told.team_id)
        assert answer.clashes == ()
        beside = office.days("SMKN 1 SUKOHARJO")[0]
    now = office.days("SMAN 1 SUKOHARJO")[0]
    assert (now.takes_morning, now.takes_afternoon) == (1, None)
    assert (beside.takes_morning, beside.takes_afternoon) == (None, 1)
    assert now.ends_at == beside.starts_at
    assert [(row.student_id, row.slot) for row in office.bookings("SMAN 1 SUKOHARJO")] == slots


def test_discarding_takes_drafts_and_nothing_else(quick: Office) -> None:
    quick.plan()
    told = quick.days("SMAN 1 SUKOHARJO")[0]
    quick.write(day_actions.announce_day, quick.sari, told.id)
    drafts = len(quick.days(state="draft"))
    assert quick.write(actions.discard_drafts, quick.sari, quick.campaign) == drafts
    assert {day.state for day in quick.days()} == {"proposed"}


def test_a_team_that_works_elsewhere_is_not_planned_that_day(quick: Office) -> None:
    day = date(2026, 8, 4)

    def retakes() -> None:
        for team in teams(quick.sari):
            RecordingDay.create(
                office=quick.sari.office_id,
                campaign=quick.campaign,
                date=day,
                team=team.id,
                school=quick.school_ids["SMAN 1 KARTASURA"],
                kind="retake",
                state="confirmed",
                takes_morning=1,
                starts_at="08:00",
                ends_at="11:00",
                capacity=10,
                created_at=clock.now(),
            )

    quick.write(retakes)
    quick.plan()
    assert {row.kind for row in quick.days() if row.date == day} == {"retake"}


def test_a_holiday_declared_late_shows_the_days_that_cannot_stay(quick: Office) -> None:
    quick.plan()
    quick.announce()
    day = quick.days("SMAN 1 SUKOHARJO")[0]
    quick.write(
        lambda: OfficeDay.create(office=quick.sari.office_id, date=day.date, name="Pilkades", is_free=True)
    )
    page = quick.store.read_now(plan_queries.plan_page, quick.sari, quick.campaign)
    assert (day.id, "office_holiday", "Pilkades") in {
        (one.day.id, one.clash.rule.value, one.clash.name) for one in page.broken
    }


def test_no_plan_breaks_a_hard_rule(quick: Office) -> None:
    quick.plan()
    basis = quick.store.read_now(plan_basis, quick.sari, quick.campaign)
    assert violations_of(basis.visits, basis.problem) == []


def test_a_day_past_cannot_be_confirmed_announced_or_asked_about(quick: Office) -> None:
    quick.plan()
    day = quick.days("SMAN 1 SUKOHARJO")[0]
    with clock.fixed_at(day.date + timedelta(days=3)), pytest.raises(StateChanged):
        quick.write(day_actions.announce_day, quick.sari, day.id)
    quick.announce()
    with clock.fixed_at(day.date + timedelta(days=3)):
        with pytest.raises(StateChanged):
            quick.write(day_actions.confirm_day, quick.cast.ratna, day.id)
        with pytest.raises(StateChanged):
            quick.write(day_actions.ask_for_another_day, quick.cast.ratna, day.id, (), "Terlambat")


def test_another_office_and_another_school_find_nothing(office: Office) -> None:
    office.plan()
    office.announce()
    day = office.days("SMAN 1 SUKOHARJO")[0]
    for act in (
        lambda who: day_actions.announce_day(who, day.id),
        lambda who: day_actions.confirm_day(who, day.id),
        lambda who: day_actions.ask_for_another_day(who, day.id, (), "x"),
        lambda who: day_actions.call_off_day(who, day.id, "cancelled", "x"),
        lambda who: day_actions.move_day(who, day.id, date(2026, 9, 14), day.team_id),
        lambda who: day_actions.give_places_of_day(who, day.id),
        lambda who: queries.day_page(who, day.id),
        lambda who: queries.ask_page(who, day.id),
        lambda who: paper_queries.call_list(who, day.id),
    ):
        for who in (office.cast.wahyu, office.cast.joko):
            with pytest.raises(Missing):
                office.write(act, who)
    for act in (
        lambda who: actions.discard_drafts(who, office.campaign),
        lambda who: actions.give_places(who, office.campaign, office.school_ids["SMAN 1 SUKOHARJO"]),
        lambda who: actions.save_campaign(who, replace(SETTINGS, team_ids=(1,)), office.campaign),
        lambda who: plan_queries.plan_page(who, office.campaign),
        lambda who: queries.campaign_page(who, office.campaign),
        lambda who: day_actions.announce_all(who, office.campaign),
    ):
        with pytest.raises(Missing):
            office.write(act, office.cast.wahyu)


def test_a_school_sees_no_draft_and_asks_only_for_dates(quick: Office) -> None:
    quick.plan()
    draft = quick.days("SMAN 1 SUKOHARJO")[0]
    with pytest.raises(Missing):
        quick.store.read_now(queries.day_page, quick.cast.ratna, draft.id)
    assert quick.store.read_now(queries.own_days, quick.cast.ratna).coming == ()
    quick.announce()
    own = quick.store.read_now(queries.own_days, quick.cast.ratna)
    assert [one.day.school_name for one in own.coming] == ["SMAN 1 SUKOHARJO"] * 2
    assert own.waiting == 2


def test_the_paper_of_a_school_holds_no_nik_and_no_birth_date(quick: Office) -> None:
    quick.plan()
    quick.announce()
    day = quick.days("SMAN 1 SUKOHARJO")[0]
    found = quick.store.read_now(paper_queries.call_list, quick.cast.ratna, day.id)
    assert found.students == day.planned == 19
    assert "331104" not in str(found.page)
    full = quick.store.read_now(paper_queries.day_list, quick.sari, day.id, "http://localhost/days/1/field")
    assert str(full.page).count("331104") == 19
    every = quick.store.read_now(
        paper_queries.lists_of_date, quick.sari, day.date, "day", "http://localhost/days/{id}/field"
    )
    assert day.id in {one.day.id for one in every}
    assert f"/days/{day.id}/field" in str([one.page for one in every])


def test_counts_follow_when_students_come(quick: Office) -> None:
    school = quick.school_ids["SMAN 1 KARTASURA"]

    def come() -> None:
        insert_students(quick.sari.office_id, school, people(3, 990))
        students_changed(quick.sari.office_id, {school})

    quick.write(come)
    page = quick.store.read_now(plan_queries.plan_page, quick.sari, quick.campaign)
    assert ("SMAN 1 KARTASURA", 9, "") in {(row.school_name, row.students, row.rule) for row in page.left_out}
