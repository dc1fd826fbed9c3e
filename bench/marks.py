"""10,000 marks in batches of 100 against a bare loop that writes the same rows in the same number of FULL commits.

Each batch is a school's hundred students on a recording day, as a device sends them after a day without signal: most
recorded, one in ten something else. Ours reads and judges every mark, keeps standings and counts, and logs; the bare
loop writes the marks, standings and log, the counts of the classes and the day's state as ours left them, and judges
nothing. The ways take turns batch by batch, each in a copy of one office of its own, so that all meet the same moods
of the machine.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from typing import Any, NamedTuple

from accounts import actions as accounts
from bench.figures import Figure
from campaigns.booking import actions as booking
from campaigns.booking.settings import CampaignSettings
from campaigns.field import taking_actions
from campaigns.models import Booking, RecordingDay
from common import clock
from common.access import COORDINATOR, OFFICER, Who
from common.database import Store, db, open_store, rows_of
from demo import sukoharjo
from demo.students import Registry, students_of
from schools import actions as schools
from schools.models import Student
from schools.queries import schools as every_school
from schools.queries import teams
from server import share_the_processor

Row = dict[str, Any]


class Write(NamedTuple):
    """A statement that adds or changes one row."""

    table: str
    text: str
    values: tuple[object, ...]


BATCHES = 100
BATCH = 100
SCHOOLS = 20
ROUNDS = 5
TABLES = ("mark", "standing", "audit", "tally", "recording_day")
"""All that taking a batch writes to."""
BAR = 2.0
"""At most twice the bare loop's time is at least half its rate."""


def measure() -> list[Figure]:
    """The time of our way by that of the bare loops: medians of rounds, each with databases of its own."""
    share_the_processor()  # as the server does: it is the server that takes marks
    rounds = []
    with tempfile.TemporaryDirectory() as folder:
        office = Path(folder) / "office.sqlite3"
        with _opened(office) as store:
            store.migrate()
            budi, batches = store.write_now(_office)
        left = Path(shutil.copy(office, Path(folder) / "left.sqlite3"))
        with _opened(left) as store:
            writes = [_writes_of(store, budi, day_id, bodies) for day_id, bodies in batches]
        for number in range(ROUNDS):
            copies = [Path(shutil.copy(office, Path(folder) / f"{number}-{way}.sqlite3")) for way in range(3)]
            rounds.append(_round(copies, budi, batches, writes))
    marks = BATCHES * BATCH
    return [
        Figure(
            f"{marks:,} marks in batches of {BATCH} / a bare loop of as many FULL commits",
            median(ours / bare for ours, bare, _ in rounds),
            BAR,
            "x",
        ),
        Figure(
            "the same / a bare loop of the marks alone, without standings, counts and log",
            median(ours / alone for ours, _, alone in rounds),
            None,
            "x",
        ),
        Figure("a mark taken, of those", median(ours for ours, _, _ in rounds) / marks * 1e6, None, "µs"),
        Figure("a mark in the bare loop", median(bare for _, bare, _ in rounds) / marks * 1e6, None, "µs"),
    ]


@contextmanager
def _opened(file: Path) -> Iterator[Store]:
    store = open_store(f"sqlite:///{file}")
    try:
        yield store
    finally:
        store.close()


def _round(
    copies: list[Path],
    budi: Who,
    batches: list[tuple[int, list[dict[str, Any]]]],
    writes: list[list[Write]],
) -> tuple[float, float, float]:
    """Seconds of our way, of the bare loop, and of that of the marks alone."""
    spent = [0.0, 0.0, 0.0]
    with _opened(copies[0]) as ours, _opened(copies[1]) as bare, _opened(copies[2]) as alone:
        for n, (day_id, bodies) in enumerate(batches):
            ways: list[tuple[Store, Callable[[], None]]] = [
                (ours, partial(_take, ours, budi, day_id, bodies)),
                (bare, partial(_write, bare, writes[n])),
                (alone, partial(_write, alone, [one for one in writes[n] if one.table == "mark"])),
            ]
            for place, (store, way) in enumerate(ways):
                db.initialize(store.database)
                began = clock.ticking()
                way()
                spent[place] += clock.ticking() - began
    ours_took, bare_took, alone_took = spent
    return ours_took, bare_took, alone_took


def _office() -> tuple[Who, list[tuple[int, list[dict[str, Any]]]]]:
    """An office with a hundred days of a hundred students each, and what devices will send of them."""
    office_id = accounts.open_office("Disdukcapil", "Pemerintah Kabupaten", "33.11", "", "")
    sari_id = accounts.open_account(office_id, "sari", "Sari", COORDINATOR, "")
    sari = Who(sari_id, office_id, COORDINATOR, "Sari", "Disdukcapil", clock.DEFAULT_ZONE)
    budi_id = accounts.open_account(office_id, "budi", "Budi", OFFICER, "")
    schools.load_districts(sari, sukoharjo.DISTRICTS.items())
    schools.load_schools(sari, [schools.SchoolFacts(*facts) for facts in sukoharjo.SCHOOLS[:SCHOOLS]])
    schools.add_team(sari, "Tim A", 2, "1234")
    today, registry = clock.today(), Registry()
    for row in every_school(sari):
        card = row.school
        found = students_of(card.npsn, card.level, card.district_code, 600, today, registry)
        schools.insert_students(office_id, card.id, found)
    campaign_id = booking.save_campaign(sari, _settings(tuple(team.id for team in teams(sari))))
    batches = _days(sari, campaign_id)
    return Who(budi_id, office_id, OFFICER, "Budi", "Disdukcapil", clock.DEFAULT_ZONE), batches


def _settings(team_ids: tuple[int, ...]) -> CampaignSettings:
    year = clock.today().year
    return CampaignSettings(
        name="Perekaman pemula",
        from_date=clock.today().replace(month=1, day=1),
        to_date=clock.today().replace(month=12, day=31),
        voting_day=clock.today().replace(year=year + 1, month=2, day=10),
        voting_day_is_fixed=True,
        weekdays="12345",
        reserved_weekdays="5",
        rate_good=25,
        rate_poor=10,
        max_days_per_school=2,
        latest_useful_day=clock.today().replace(year=year + 1, month=2, day=9),
        day_start="08:00",
        day_end="14:00",
        team_ids=team_ids,
    )


def _days(sari: Who, campaign_id: int) -> list[tuple[int, list[dict[str, Any]]]]:
    team = teams(sari)[0]
    batches = []
    for n in range(BATCHES):
        school = every_school(sari)[n % SCHOOLS].school
        day = RecordingDay.create(
            office=sari.office_id,
            campaign=campaign_id,
            date=clock.today() - timedelta(days=n),
            kind="school",
            state="confirmed",
            team=team.id,
            school=school.id,
            venue="Aula",
            starts_at="08:00",
            ends_at="14:00",
            part=1,
            of_parts=1,
            capacity=BATCH,
            created_at=clock.now(),
        )
        ids = rows_of(Student.select(Student.id).where(Student.school == school.id).order_by(Student.id))
        called = [student_id for (student_id,) in ids][n // SCHOOLS * BATCH :][:BATCH]
        Booking.insert_many(
            {"day": day.id, "student": student, "queue_number": place, "slot": "08:00"}
            for place, student in enumerate(called, 1)
        ).execute()
        batches.append((day.id, _sent(day, n, called)))
    return batches


def _sent(day: RecordingDay, n: int, called: list[int]) -> list[dict[str, Any]]:
    """The day as its device sends it, all unread by the server until now."""
    chance = Random(n)
    return [
        {
            "uuid": f"{chance.getrandbits(128):032x}",
            "day": day.id,
            "date": day.date.isoformat(),
            "student": student,
            **({"outcome": "absent", "reason": "sick"} if place % 10 == 0 else {"outcome": "recorded"}),
            "device": f"kit-{n % 8}",
            "seq": n // 8 * BATCH + place,
            "lc": place,
            "supersedes": [],
            "device_time": f"{day.date.isoformat()}T02:00:00Z",
        }
        for place, student in enumerate(called, 1)
    ]


def _take(store: Store, budi: Who, day_id: int, bodies: list[dict[str, Any]]) -> None:
    answers = store.write_now(taking_actions.take_marks, budi, day_id, bodies)
    assert all(answer.verdict == "stored" for answer in answers)


def _write(store: Store, writes: list[Write]) -> None:
    """One statement for each row, in one FULL commit."""

    def write() -> None:
        for _, text, values in writes:
            store.database.execute_sql(text, values)

    store.write_now(write)


def _writes_of(store: Store, budi: Who, day_id: int, bodies: list[dict[str, Any]]) -> list[Write]:
    """Take a batch our way; answers what has to be written for the same rows."""
    were = {table: store.read_now(_kept, store, table) for table in TABLES}
    _take(store, budi, day_id, bodies)
    return [
        _write_of(table, were[table].get(row_id), row)
        for table in TABLES
        for row_id, row in store.read_now(_kept, store, table).items()
        if row != were[table].get(row_id)
    ]


def _kept(store: Store, table: str) -> dict[int, Row]:
    """A table's rows by their numbers, each by the names of its columns."""
    cursor = store.database.execute_sql(f"SELECT * FROM {table} ORDER BY id")
    names = [column[0] for column in cursor.description]
    rows = (dict(zip(names, values, strict=True)) for values in cursor.fetchall())
    return {row["id"]: row for row in rows}


def _write_of(table: str, was: Row | None, row: Row) -> Write:
    if was is None:
        text = f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})"
        return Write(table, text, tuple(row.values()))
    new = {name: value for name, value in row.items() if value != was[name]}
    text = f"UPDATE {table} SET {', '.join(f'{name} = ?' for name in new)} WHERE id = ?"
    return Write(table, text, (*new.values(), row["id"]))
