"""Lives through a programme from its first day to today with the actions that people use, the clock set to each day.

Nothing is written behind the program's back, so the demo shows what the program does: plans, places, marks, absences
and retakes are its own. Chance decides only what people do, and always the same way for the same date.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random
from uuid import UUID

from accounts import actions as accounts
from accounts.passwords import hash_password
from campaigns.attendance import Outcome, OutcomeReason
from campaigns.booking import actions as booking
from campaigns.booking import day_actions
from campaigns.booking.basis_queries import plan_basis
from campaigns.booking.move_queries import dates_to_move_to
from campaigns.booking.place_queries import place_rows
from campaigns.booking.settings import CampaignSettings
from campaigns.field import closing_actions
from campaigns.field.retake_actions import accept_retakes
from campaigns.field.retake_queries import retake_proposal
from campaigns.field.taking_actions import take_marks
from campaigns.planning import make_plan
from campaigns.progress.queries import days_between
from campaigns.queries import DayCard
from common import clock
from common.access import COORDINATOR, OFFICER, SCHOOL_ADMIN, VIEWER, Who
from common.database import Store
from demo import sukoharjo
from demo.roster import roster_csv
from demo.students import Registry, size_of, students_of
from imports.actions import ReceivedFile, receive_roster
from schools import actions as schools
from schools.queries import SchoolCard, school_by_npsn, teams
from schools.queries import schools as every_school

PASSWORD = "jemput bola 2026"
OFFICE_NAME = "Disdukcapil Kabupaten Sukoharjo"
RATNAS_SCHOOL = "20310417"
JOKOS_SCHOOL = "20310436"

# everyone who can sign in, by username
PEOPLE: tuple[tuple[str, str], ...] = (
    ("sari", COORDINATOR),
    ("budi", OFFICER),
    ("bayu", OFFICER),
    ("ratna", SCHOOL_ADMIN),
    ("joko", SCHOOL_ADMIN),
    ("lina", VIEWER),
)

WEEKS_BEFORE, WEEKS_AFTER = 8, 9
# the part of the schools whose roster came before the first, the second and the third plan; the rest is late
WAVES = (0.5, 0.34, 0.1)

# what comes of a student on a day; an absence is marked, or shows when the day is closed
_CHANCES: tuple[tuple[float, Outcome | None, tuple[OutcomeReason, ...]], ...] = (
    (0.893, Outcome.RECORDED, ()),
    (
        0.022,
        Outcome.FAILED,
        (
            OutcomeReason.FINGERPRINT,
            OutcomeReason.FINGERPRINT,
            OutcomeReason.IRIS,
            OutcomeReason.DATA_NOT_FOUND,
        ),
    ),
    (
        0.040,
        Outcome.ABSENT,
        (OutcomeReason.SICK, OutcomeReason.SICK, OutcomeReason.PERMIT, OutcomeReason.PKL),
    ),
    (0.012, Outcome.REFUSED, (OutcomeReason.UNIFORM, OutcomeReason.NOT_READY)),
    (0.012, Outcome.ALREADY_RECORDED, ()),
    (0.003, Outcome.NOT_OURS, (OutcomeReason.MOVED,)),
    (0.018, None, ()),
)


@dataclass(frozen=True, slots=True)
class Crew:
    """The people of the demo who act."""

    sari: Who
    officers: tuple[Who, Who]
    joko: Who


class _Device:
    """An officer's device: numbers its marks without a gap."""

    def __init__(self, officer: Who, number: int) -> None:
        self.officer = officer
        self.name = f"demo-{number}"
        self.seq = 0

    def mark(
        self,
        chance: Random,
        day: DayCard,
        student_id: int,
        outcome: Outcome,
        reason: OutcomeReason | None,
        at: datetime,
    ) -> dict[str, object]:
        """A mark as the device would send it."""
        self.seq += 1
        return {
            "uuid": str(UUID(int=chance.getrandbits(128), version=4)),
            "student": student_id,
            "day": day.id,
            "outcome": outcome.value,
            "reason": reason.value if reason else "",
            "device": self.name,
            "seq": self.seq,
            "lc": self.seq,
            "supersedes": [],
            "officer": self.officer.account_id,
            "device_time": clock.local(at, clock.DEFAULT_ZONE).isoformat(timespec="seconds"),
        }


def build(store: Store, today: date, files: Path, school_count: int = len(sukoharjo.SCHOOLS)) -> None:
    """Make the demo's office in an empty, migrated database, as one transaction. Fewer schools make it quicker.

    `files` is the folder of the uploads: a roster is put there that the server reads when it starts.
    """
    store.write_now(_build, today, files, school_count)


def _build(today: date, files: Path, school_count: int) -> None:
    chance = Random(f"{today} {school_count}")
    monday = today - timedelta(days=today.weekday())
    start = monday - timedelta(weeks=WEEKS_BEFORE)
    with clock.fixed_at(start - timedelta(days=21)):
        crew = _open_office(school_count, chance)
        campaign_id = _open_campaign(crew.sari, start, monday + timedelta(weeks=WEEKS_AFTER, days=3))
    waves = _waves(crew.sari, chance)
    registry = Registry()
    devices = tuple(_Device(officer, number) for number, officer in enumerate(crew.officers, 1))

    # the plan of each wave is made when its rosters are in; the last one only just, so that drafts wait
    plans = (start - timedelta(days=10), start + timedelta(weeks=4), today)
    life = _Life(crew, campaign_id, chance, devices, today)
    day = plans[0]
    while day <= today:
        for wave, planned_on in zip(waves, plans, strict=True):
            if planned_on == day:
                life.plan(wave, day, registry)
        if day == start + timedelta(weeks=6):
            life.book_retakes(day)
        if day < today:
            life.hold_days(day)
        day += timedelta(days=1)
    life.begin_today()
    life.disagree()
    _send_jokos_roster(crew.joko, files, today, registry)


class _Life:
    """The programme as it goes on: plans, days, marks."""

    def __init__(
        self, crew: Crew, campaign_id: int, chance: Random, devices: tuple[_Device, ...], today: date
    ) -> None:
        self.crew = crew
        self.campaign_id = campaign_id
        self.chance = chance
        self.devices = devices
        self.today = today

    def plan(self, wave: list[SchoolCard], day: date, registry: Registry) -> None:
        """Take in the rosters of these schools, plan their days; announce and confirm them unless the day is today."""
        sari = self.crew.sari
        with clock.fixed_at(day - timedelta(days=3)):
            for card in wave:
                size = size_of(card.level, card.is_public, Random(card.npsn))
                found = students_of(card.npsn, card.level, card.district_code, size, self.today, registry)
                schools.insert_students(sari.office_id, card.id, found)
            schools.students_changed(sari.office_id, {card.id for card in wave})
        with clock.fixed_at(min(_at(day, 9), clock.now())):
            basis = plan_basis(sari, self.campaign_id)
            booking.save_plan(sari, basis, make_plan(basis.problem))
            if day == self.today:
                return
            day_actions.announce_all(sari, self.campaign_id)
        with clock.fixed_at(_at(day, 16)):
            self._answer(self._days(day, self.today + timedelta(weeks=26), ("proposed",)))

    def _answer(self, proposed: list[DayCard]) -> None:
        """The schools answer: most confirm, some of those far off have not answered yet, one asks for another day."""
        of_school = {one.school_id: one for one in reversed(proposed)}  # the first day of each
        has_asked = False
        for one in of_school.values():
            is_far = one.date > self.today + timedelta(days=10)
            may_ask = is_far and not has_asked and one.of_parts == 1  # later days would need dates as well
            offered = self._dates_instead(one) if may_ask else ()
            if offered:
                has_asked = True
                day_actions.ask_for_another_day(
                    self.crew.sari, one.id, offered, "Ada ujian praktik pada hari itu."
                )
            elif not is_far or self.chance.random() < 0.75:
                day_actions.confirm_day(self.crew.sari, one.id, whole_school=True)

    def _dates_instead(self, one: DayCard) -> tuple[date, ...]:
        """Two dates after today on which its team could come instead, rather later than earlier: they stay free."""
        basis = plan_basis(self.crew.sari, self.campaign_id, by_hand=True)
        found = dates_to_move_to(basis, one, self.today)
        free = sorted({free.date for free in found if free.team == one.team_id} - {one.date})
        return tuple([on for on in free if on > one.date][:2] or free[-2:])

    def book_retakes(self, day: date) -> None:
        """Book the first few retake days that the program proposes for those who were missed so far."""
        sari = self.crew.sari
        with clock.fixed_at(_at(day, 13)):
            proposal = retake_proposal(sari, self.campaign_id)
            keys = [one.key for one in proposal.days[:3]]
            accept_retakes(sari, self.campaign_id, (), keys)
            for one in self._days(day, self.today + timedelta(weeks=26), ("proposed",)):
                if one.kind == "retake":
                    day_actions.confirm_day(sari, one.id)

    def hold_days(self, day: date) -> None:
        """Mark everyone on the days of that date, then close them."""
        for one in self._days(day, day, ("confirmed",)):
            with clock.fixed_at(_at(day, 13)):
                self._mark(one, 1.0)
                closing_actions.close_day(self.crew.officers[0], one.id)

    def begin_today(self) -> None:
        """Mark the first part of today's lists, as if it were mid-morning."""
        for one in self._days(self.today, self.today, ("confirmed",)):
            self._mark(one, 0.4)

    def _mark(self, day: DayCard, part: float) -> None:
        """Both kits' marks on the first part of a day's list, sent together."""
        places = place_rows(self.crew.sari, day.id)
        at = clock.now()
        bodies = []
        for place in places[: round(len(places) * part)]:
            outcome, reason = self._outcome(day)
            if outcome is not None:
                device = self.devices[place.number % len(self.devices)]
                bodies.append(device.mark(self.chance, day, place.student_id, outcome, reason, at))
        if bodies:
            take_marks(self.crew.officers[0], day.id, bodies)

    def disagree(self) -> None:
        """Both kits mark one student of the newest day differently: something for the coordinator to decide."""
        held = self._days(self.today - timedelta(weeks=2), self.today, ("closed", "open"))
        if not held:
            return
        day = held[-1]
        place = place_rows(self.crew.sari, day.id)[0]
        bodies = [
            device.mark(self.chance, day, place.student_id, outcome, reason, clock.now())
            for device, outcome, reason in zip(
                self.devices,
                (Outcome.RECORDED, Outcome.FAILED),
                (None, OutcomeReason.FINGERPRINT),
                strict=True,
            )
        ]
        take_marks(self.crew.officers[0], day.id, bodies)

    def _outcome(self, day: DayCard) -> tuple[Outcome | None, OutcomeReason | None]:
        lot = self.chance.random()
        # what was recorded offline is sent within days; only the newest still waits
        is_new = day.date > self.today - timedelta(days=5)
        for share, outcome, reasons in _CHANCES:
            if lot < share:
                if outcome is Outcome.RECORDED and is_new and day.network != "good" and lot < 0.25:
                    return Outcome.WAITING, None
                return outcome, self.chance.choice(reasons) if reasons else None
            lot -= share
        return Outcome.RECORDED, None

    def _days(self, first: date, last: date, states: tuple[str, ...]) -> list[DayCard]:
        return days_between(self.crew.sari, first, last, states)


def _open_office(school_count: int, chance: Random) -> Crew:
    secret = hash_password(PASSWORD)
    office_id = accounts.open_office(
        OFFICE_NAME, sukoharjo.GOVERNMENT, sukoharjo.REGION_CODE, "Jalan Contoh 1, Sukoharjo", "(0271) 000000"
    )

    def person(username: str, name: str, role: str, school_id: int | None = None) -> Who:
        account_id = accounts.open_account(office_id, username, name, role, secret, school_id)
        return Who(account_id, office_id, role, name, OFFICE_NAME, clock.DEFAULT_ZONE, school_id)

    sari = person("sari", "Sari Wulandari", COORDINATOR)
    schools.load_districts(sari, sukoharjo.DISTRICTS.items())
    schools.load_schools(sari, [schools.SchoolFacts(*facts) for facts in _chosen(school_count)])
    for row in every_school(sari):
        lot = chance.random()
        network = "good" if lot < 0.6 else "poor" if lot < 0.8 else "unknown"
        if row.school.is_public and lot < 0.85:
            network = "good"
        week = 6 if not row.school.is_public and chance.random() < 0.3 else 5
        schools.edit_school(sari, row.school.id, network, week, "", "")
    for name, kits, weekdays in (("Tim A", 2, "1234"), ("Tim B", 2, "23"), ("Tim C", 2, "14")):
        schools.add_team(sari, name, kits, weekdays)
    officers = person("budi", "Budi Santosa", OFFICER), person("bayu", "Bayu Nugroho", OFFICER)
    person("ratna", "Ratna Dewi", SCHOOL_ADMIN, _school_of(sari, RATNAS_SCHOOL).id)
    joko = person("joko", "Joko Prasetyo", SCHOOL_ADMIN, _school_of(sari, JOKOS_SCHOOL).id)
    person("lina", "Lina Hartati", VIEWER)
    return Crew(sari, officers, joko)


def _school_of(sari: Who, npsn: str) -> SchoolCard:
    card = school_by_npsn(sari, npsn)
    assert card is not None
    return card


def _send_jokos_roster(joko: Who, files: Path, today: date, registry: Registry) -> None:
    """Joko's roster has come in and is not read yet: the server does so when it starts, and Joko reviews it."""
    card = _school_of(joko, JOKOS_SCHOOL)
    size = size_of(card.level, card.is_public, Random(card.npsn))
    students = students_of(card.npsn, card.level, card.district_code, size, today, registry)
    content = roster_csv(card.name, students)
    files.mkdir(parents=True, exist_ok=True)
    stored_as = f"demo-{card.npsn}.csv"
    (files / stored_as).write_bytes(content)
    name = f"Daftar siswa {card.name.title()}.csv"
    receive_roster(joko, card.id, ReceivedFile(name, len(content), sha256(content).hexdigest(), stored_as))


def _chosen(count: int) -> list[tuple[str, str, str, bool, str]]:
    """So many schools, Ratna's and Joko's first, then evenly from the whole list."""
    first = [facts for facts in sukoharjo.SCHOOLS if facts[0] in (RATNAS_SCHOOL, JOKOS_SCHOOL)]
    others = [facts for facts in sukoharjo.SCHOOLS if facts not in first]
    wanted = max(0, count - len(first))
    step = max(1, len(others) // max(1, wanted))
    return first + others[::step][:wanted]


def _open_campaign(sari: Who, start: date, last: date) -> int:
    voting_day = last + timedelta(weeks=7)
    voting_day += timedelta(days=(2 - voting_day.weekday()) % 7)  # Indonesia votes on a Wednesday
    return booking.save_campaign(
        sari,
        CampaignSettings(
            name=f"Perekaman pemula {start.year}/{last.year}"
            if last.year > start.year
            else f"Perekaman pemula {start.year}",
            from_date=start,
            to_date=last,
            voting_day=voting_day,
            voting_day_is_fixed=False,
            weekdays="12345",
            reserved_weekdays="5",
            rate_good=25,
            rate_poor=10,
            max_days_per_school=3,
            latest_useful_day=voting_day - timedelta(days=1),
            day_start="08:00",
            day_end="14:00",
            team_ids=tuple(team.id for team in teams(sari)),
        ),
    )


def _waves(sari: Who, chance: Random) -> tuple[list[SchoolCard], ...]:
    """The schools in the order in which their rosters come in; Joko's is among those that never came."""
    cards = [row.school for row in every_school(sari)]
    ratnas = [card for card in cards if card.npsn == RATNAS_SCHOOL]
    others = [card for card in cards if card.npsn not in (RATNAS_SCHOOL, JOKOS_SCHOOL)]
    chance.shuffle(others)
    ends = [round(len(cards) * sum(WAVES[: n + 1])) - len(ratnas) for n in range(len(WAVES))]
    first, second, third = (max(0, end) for end in ends)
    return others[:first], ratnas + others[first:second], others[second:third]


def _at(day: date, hour: int) -> datetime:
    """That hour of the day in WIB, as the clock keeps it (UTC)."""
    return datetime(day.year, day.month, day.day, hour) - timedelta(hours=7)
