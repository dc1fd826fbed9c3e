"""The office of the booking tests: four schools with students and a programme that begins on a Monday."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from campaigns.booking import actions, day_actions
from campaigns.booking.basis_queries import draft_basis
from campaigns.booking.settings import CampaignSettings
from campaigns.models import Booking, RecordingDay
from campaigns.planning import make_plan
from common.access import Who
from common.database import Store
from ground.people import Cast, invite_everyone
from schools.actions import insert_students
from schools.models import Student
from schools.queries import schools, teams
from schools.students import StudentFacts

MONDAY = date(2026, 8, 3)  # the day on which Sari plans
VOTING = date(2026, 11, 25)

SETTINGS = CampaignSettings(
    name="Perekaman pemula 2026",
    from_date=MONDAY,
    to_date=date(2026, 9, 30),
    voting_day=VOTING,
    voting_day_is_fixed=True,
    weekdays="12345",
    reserved_weekdays="5",
    rate_good=25,
    rate_poor=10,
    max_days_per_school=2,
    latest_useful_day=date(2026, 11, 24),
    day_start="08:00",
    day_end="14:00",
    team_ids=(),
)

# school -> students in the target; all networks are unknown, so a team of two kits records 20 a day
SIZES = {"SMAN 1 SUKOHARJO": 30, "SMKN 1 SUKOHARJO": 8, "SMAN 1 MOJOLABAN": 70, "SMAN 1 KARTASURA": 6}


@dataclass(frozen=True)
class Office:
    """An office with students and a programme that began today."""

    store: Store
    cast: Cast
    campaign: int
    school_ids: dict[str, int]

    @property
    def sari(self) -> Who:
        return self.cast.sari

    def plan(self) -> actions.PlanSaved:
        """Ask for a plan as the page does."""
        basis = self.store.read_now(draft_basis, self.sari, self.campaign)
        return self.store.write_now(actions.save_plan, self.sari, basis, make_plan(basis.problem))

    def announce(self) -> day_actions.Announced:
        return self.store.write_now(day_actions.announce_all, self.sari, self.campaign)

    def days(self, school: str = "", state: str = "") -> list[RecordingDay]:
        def ask() -> list[RecordingDay]:
            query = RecordingDay.select().order_by(RecordingDay.date, RecordingDay.starts_at)
            if school:
                query = query.where(RecordingDay.school == self.school_ids[school])
            if state:
                query = query.where(RecordingDay.state == state)
            return list(query)

        return self.store.read_now(ask)

    def bookings(self, school: str) -> list[Booking]:
        ids = [day.id for day in self.days(school)]
        return self.store.read_now(
            lambda: list(
                Booking.select(Booking, Student)
                .join(Student)
                .where(Booking.day.in_(ids))
                .order_by(Booking.day, Booking.queue_number)
            )
        )

    def write(self, action: Any, *args: Any) -> Any:
        return self.store.write_now(action, *args)


def people(
    count: int, first: int = 0, born: date = date(2009, 1, 5), class_name: str = ""
) -> list[StudentFacts]:
    """Invented students of two classes, all 17 on voting day unless born later."""
    return [
        StudentFacts(
            name=f"Siswa Contoh {first + n:03d}",
            birth_date=born,
            nik=f"331104{born:%d%m%y}{9000 + first + n}",
            sex="L",
            class_name=class_name or ("XII IPA 2" if n % 2 else "XII IPA 10"),
        )
        for n in range(count)
    ]


def open_office(store: Store, sizes: dict[str, int] = SIZES) -> Office:
    """The office of the tests, with students in its schools and a programme."""
    cast = invite_everyone(store)

    def fill() -> tuple[int, dict[str, int]]:
        crews = tuple(team.id for team in teams(cast.sari))
        ids = {row.school.name: row.school.id for row in schools(cast.sari)}
        first = 0
        for name, count in sizes.items():
            insert_students(cast.sari.office_id, ids[name], people(count, first))
            first += count
        campaign = actions.save_campaign(cast.sari, replace(SETTINGS, team_ids=crews))
        return campaign, ids

    return Office(store, cast, *store.write_now(fill))
