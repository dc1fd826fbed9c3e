"""A programme with a recording day of Ratna's school, its students and their places, put straight into the tables."""

from __future__ import annotations

from datetime import date, datetime

from campaigns.models import Booking, Campaign, CampaignTeam, RecordingDay
from common.database import Store
from ground.people import Cast
from schools.actions import insert_students
from schools.models import School, Student, Team
from schools.students import StudentFacts

WEDNESDAY = date(2026, 8, 12)
MADE = datetime(2026, 8, 1, 3, 0)
NAMES = (
    "Ayu Lestari",
    "Bagas Wirawan",
    "Citra Ayuningtyas",
    "Dimas Pratama",
    "Eka Sulistyowati",
    "Fajar Nugroho",
)


def open_campaign(store: Store, cast: Cast) -> int:
    """A programme from July to December 2026 with both teams; answers its id."""

    def make() -> int:
        campaign = Campaign.create(
            office=cast.sari.office_id,
            name="Pemula 2026",
            from_date=date(2026, 7, 6),
            to_date=date(2026, 12, 18),
            voting_day=date(2027, 2, 14),
            voting_day_is_fixed=True,
            latest_useful_day=date(2027, 2, 13),
            created_at=MADE,
        )
        for team in Team.select().where(Team.office == cast.sari.office_id):
            CampaignTeam.create(campaign=campaign, team=team)
        return campaign.id

    return store.write_now(make)


def add_students(store: Store, cast: Cast, school_id: int, count: int, first_serial: int = 9000) -> list[int]:
    """So many invented students of 17 in classes of ten (XII IPA 1, XII IPA 2, ...); answers their ids in order."""

    def make() -> list[int]:
        facts = [
            StudentFacts(
                nik=f"331104{10 if n % 2 else 50}0309{first_serial + n:04d}",
                nisn=None,
                name=f"{NAMES[n % len(NAMES)]} {n + 1}",
                sex="L" if n % 2 else "P",
                birth_place="Sukoharjo",
                birth_date=date(2009, 3, 10),
                class_name=f"XII IPA {n // 10 + 1}",
                address="",
                home_district="",
                special_needs="",
                is_married=False,
                recorded_before=False,
            )
            for n in range(count)
        ]
        insert_students(cast.sari.office_id, school_id, facts)
        rows = Student.select(Student.id).where(Student.school == school_id).order_by(Student.id.desc())
        return sorted(row.id for row in rows.limit(count))

    return store.write_now(make)


def add_day(
    store: Store,
    cast: Cast,
    campaign_id: int,
    school_id: int,
    students: list[int],
    on: date = WEDNESDAY,
    state: str = "confirmed",
    team: str = "Tim A",
) -> int:
    """A day of a school with a place for each student, numbered from 1; answers its id."""

    def make() -> int:
        day = RecordingDay.create(
            office=cast.sari.office_id,
            campaign=campaign_id,
            date=on,
            team=Team.get(Team.name == team, Team.office == cast.sari.office_id),
            school=School.get_by_id(school_id),
            kind="school",
            state=state,
            takes_morning=1,
            takes_afternoon=1,
            starts_at="08:00",
            ends_at="14:00",
            capacity=50,
            planned=len(students),
            confirmed_at=MADE if state == "confirmed" else None,
            created_at=MADE,
        )
        for number, student in enumerate(students, 1):
            Booking.create(day=day, student=student, queue_number=number, slot="08:00")
        return day.id

    return store.write_now(make)
