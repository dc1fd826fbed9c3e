"""Whatever people do in whatever order: nobody is booked twice, no day is overfull, no team is in two places."""

from __future__ import annotations

import tempfile
from collections import Counter, defaultdict
from contextlib import ExitStack, suppress
from datetime import timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from campaigns.booking import actions, day_actions
from campaigns.booking.day_actions import StateChanged
from campaigns.coverage import FIGURES
from campaigns.models import Booking, Campaign, RecordingDay, Tally
from campaigns.tally_queries import tally_rows
from common import clock
from common.database import open_store, rows_of
from ground import databases
from ground.booking_office import MONDAY, open_office, people
from schools.actions import insert_students, set_student_status, students_changed
from schools.models import Student

LIVE = ("draft", "proposed", "change_asked", "confirmed", "open", "closed")
WHICH = st.integers(0, 30)


class BookingMachine(RuleBasedStateMachine):
    """Sari plans, announces, moves and calls off; schools confirm and ask; students come and go."""

    @initialize()
    def open(self) -> None:
        """An office with four schools, one too large for its days."""
        self.stack = ExitStack()
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        self.stack.enter_context(clock.fixed_at(MONDAY))
        address = self.stack.enter_context(databases.fresh("sqlite", folder, migrated=True))
        store = open_store(address)
        self.stack.callback(store.close)
        sizes = {"SMAN 1 SUKOHARJO": 27, "SMKN 1 SUKOHARJO": 9, "SMAN 1 MOJOLABAN": 43, "SMAN 1 KARTASURA": 6}
        self.office = open_office(store, sizes)
        self.born = 500

    def day(self, which: int) -> RecordingDay | None:
        """One of the days, by any number."""
        days = self.office.days()
        return days[which % len(days)] if days else None

    def on_day(self, which: int, act: object, *args: object) -> None:
        """An act on one of the days; that it comes too late is a right answer."""
        day = self.day(which)
        if day is None:
            return
        with suppress(StateChanged):
            self.office.write(act, self.office.sari, day.id, *args)

    @rule()
    def plan(self) -> None:
        """Make the plan anew."""
        self.office.plan()

    @rule()
    def announce(self) -> None:
        """Announce every draft."""
        self.office.announce()

    @rule()
    def discard(self) -> None:
        """Discard every draft."""
        self.office.write(actions.discard_drafts, self.office.sari, self.office.campaign)

    @rule(which=WHICH)
    def announce_one(self, which: int) -> None:
        """Announce one school's days."""
        self.on_day(which, day_actions.announce_day)

    @rule(which=WHICH, whole=st.booleans())
    def confirm(self, which: int, whole: bool) -> None:
        """Confirm one day, or all of its school."""
        self.on_day(which, day_actions.confirm_day, whole)

    @rule(which=WHICH)
    def ask(self, which: int) -> None:
        """A school asks for another day."""
        self.on_day(which, day_actions.ask_for_another_day, (), "Ujian")

    @rule(which=WHICH, state=st.sampled_from(["cancelled", "postponed"]))
    def call_off(self, which: int, state: str) -> None:
        """A day is called off."""
        self.on_day(which, day_actions.call_off_day, state, "Banjir")

    @rule(which=WHICH, days=st.integers(0, 16), other=st.booleans())
    def move(self, which: int, days: int, other: bool) -> None:
        """A day is put elsewhere, also where it clashes."""
        day = self.day(which)
        if day is not None:
            team = 3 - day.team_id if other else day.team_id
            self.on_day(which, day_actions.move_day, MONDAY + timedelta(days=days), team)

    @rule(school=st.integers(1, 4), count=st.integers(1, 5))
    def newcomers(self, school: int, count: int) -> None:
        """Students come to a school."""
        self.office.write(insert_students, self.office.sari.office_id, school, people(count, self.born))
        self.office.write(students_changed, self.office.sari.office_id, [school])
        self.born += count

    @rule(which=WHICH)
    def leaver(self, which: int) -> None:
        """A student leaves."""
        self.office.write(set_student_status, self.office.sari, [which + 1], "left")

    @rule(school=st.integers(1, 4))
    def places(self, school: int) -> None:
        """Places are given once more."""
        self.office.write(actions.give_places, self.office.sari, self.office.campaign, school)

    @invariant()
    def who_has_a_place_is_counted_as_planned(self) -> None:
        """The stored counts follow every change of the plan."""

        def kept_and_counted() -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
            columns = (
                Tally.campaign,
                Tally.school,
                Tally.class_name,
                *(getattr(Tally, name) for name in FIGURES),
            )
            campaign = Campaign.get_by_id(self.office.campaign)
            schools = list(self.office.school_ids.values())
            return sorted(rows_of(Tally.select(*columns))), sorted(tally_rows(campaign, schools))

        kept, counted = self.office.store.read_now(kept_and_counted)
        assert kept == counted

    @invariant()
    def nothing_is_booked_twice_or_overfull(self) -> None:
        """The promises of the database and of the rules, read afresh."""
        if not hasattr(self, "office"):
            return
        days = {day.id: day for day in self.office.days() if day.state in LIVE}
        bookings = self.office.store.read_now(
            lambda: list(Booking.select(Booking, Student).join(Student).where(Booking.day.in_(list(days))))
        )
        assert max(Counter(row.student_id for row in bookings).values(), default=0) <= 1
        booked = Counter(row.day_id for row in bookings)
        halves: dict[tuple[object, ...], list[str]] = defaultdict(list)
        students: Counter[tuple[object, ...]] = Counter()
        for day in days.values():
            assert booked[day.id] <= day.capacity <= 20
            assert day.state == "draft" or day.planned == booked[day.id]
            assert day.date >= MONDAY and day.date.isoweekday() < 5
            key = (day.team_id, day.date)
            halves[key] += [h for h, taken in (("m", day.takes_morning), ("a", day.takes_afternoon)) if taken]
            students[key] += day.planned
        assert all(len(set(taken)) == len(taken) for taken in halves.values())
        assert max(students.values(), default=0) <= 20
        assert all(row.student.school_id == days[row.day_id].school_id for row in bookings)
        of_day: dict[tuple[object, ...], set[int]] = defaultdict(set)
        for day in days.values():
            of_day[day.team_id, day.date].add(1 if day.school_id < 3 else day.school_id)
        assert all(len(districts) == 1 for districts in of_day.values())

    def teardown(self) -> None:
        """Close the office."""
        if hasattr(self, "stack"):
            self.stack.close()


BookingMachine.TestCase.settings = settings(max_examples=6, stateful_step_count=14, deadline=None)
TestBooking = BookingMachine.TestCase
