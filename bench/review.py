"""How long the review of 900 rows takes beside a Tornado handler that renders the same page from ready data, and how
quick confirming 20,000 students is beside a bare executemany into the same table."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.simple_httpclient import SimpleAsyncHTTPClient

import server
from accounts import actions as accounts
from bench.figures import Figure
from common.access import COORDINATOR, Route, Who, allow
from common.database import Store, db, open_store
from common.handler import Handler
from common.settings import Settings
from imports import actions, queries, review_queries
from imports.actions import ReceivedFile
from imports.reading import judge_sheets
from imports.reading_handlers import as_stored
from imports.sheets import RawSheet
from imports.words import WORDS
from schools import actions as schools
from schools.students import FACT_NAMES

ROUNDS = 40
TODAY = date(2026, 11, 22)


def roster(students: int) -> RawSheet:
    """A sheet of invented students in a plain layout."""
    rows: list[list[Any]] = [["No", "Nama", "NIK", "NISN", "JK", "Tempat Lahir", "Tanggal Lahir", "Rombel"]]
    for n in range(students):
        day, month, year = 1 + n % 28, 1 + n // 28 % 12, 2008 + n // 336 % 3
        nik = f"33{11 + n // 9000 % 60:02d}08{day:02d}{month:02d}{year % 100:02d}{9000 + n % 1000}"
        # the serial turns over every 1,000 people: the sub-district keeps the numbers apart
        nik = f"{nik[:4]}{1 + n // 1000 % 30:02d}{nik[6:]}"
        name = f"SISWA {''.join(chr(65 + int(digit)) for digit in str(n))} CONTOH"
        rows.append(
            [
                n + 1,
                name,
                nik,
                f"{n:010d}",
                "L",
                "SUKOHARJO",
                f"{year}-{month:02d}-{day:02d}",
                f"X-{1 + n // 36}",
            ]
        )
    return RawSheet("Siswa", rows)


def open_office(store: Store) -> tuple[Who, int, str]:
    """An office with one school; answers its coordinator, the school and a session."""
    office = accounts.open_office("Disdukcapil Contoh", "Pemerintah Kabupaten Contoh", "33.11", "", "")
    account = accounts.open_account(office, "sari", "Sari Wulandari", COORDINATOR, "")
    who = Who(account, office, COORDINATOR, "Sari Wulandari", "Disdukcapil Contoh", "Asia/Jakarta")
    schools.load_districts(who, [("33.11.08", "Mojolaban")])
    schools.load_schools(who, [schools.SchoolFacts("20399001", "SMA CONTOH", "SMA", True, "33.11.08")])
    return who, 1, accounts.start_session(account)


def send(who: Who, school_id: int, students: int) -> int:
    """A roster of that many students that waits for its review; answers the upload's id."""
    reading = judge_sheets((roster(students),), TODAY)
    file = ReceivedFile("daftar.xlsx", 1, f"{students:064d}", f"{students}.upload")
    received = actions.receive_roster(who, school_id, file)
    actions.store_reading(received.upload, as_stored(reading))
    return received.upload.id


class Ready(Handler):
    """The floor: the same template, rendered from data that is ready."""

    page_data: review_queries.ReviewPage

    async def prepare(self) -> None:
        """Ask nobody anything."""
        self.visit = type(self).visit_data

    visit_data: Any

    async def get(self) -> None:
        """Render and answer."""
        self.page("imports/review.html", page=type(self).page_data, words=WORDS, errors={})


def measure() -> list[Figure]:
    """Medians of rounds in which the review and its floor take turns; then the confirming of 20,000."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/bench.sqlite3")
        try:
            store.migrate()
            return asyncio.run(_review(store, Path(folder))) + _confirming(store)
        finally:
            store.close()


async def _review(store: Store, folder: Path) -> list[Figure]:
    who, school_id, token = await store.write(open_office, store)
    upload = await store.write(send, who, school_id, 900)
    figures = []
    for name in ("first roster", "sent again"):
        if name == "sent again":
            review = await store.read(review_queries.roster_review, who, upload, TODAY, None)
            await store.write(actions.confirm_roster, who, upload, review.fingerprint)
            upload = await store.write(send, who, school_id, 899)
        Ready.page_data = await store.read(
            review_queries.roster_review,
            who,
            upload,
            TODAY,
            None,
            "new" if name == "first roster" else "same",
        )
        kind = Ready.page_data.kind
        spent = await _turns(store, folder, token, f"/rosters/{upload}?kind={kind}")
        ratio = spent["review"] / spent["ready"]
        figures.append(Figure(f"review of 900 rows, {name} / the same page from ready data", ratio, 3, "x"))
        figures.append(Figure(f"review of 900 rows, {name}", spent["review"], None, "ms"))
    return figures


async def _turns(store: Store, folder: Path, token: str, address: str) -> dict[str, float]:
    config = Settings("", folder / "files", "127.0.0.1", 0, "http://localhost")
    application = server.make_application(store, config)
    Ready.visit_data = await application.settings["identify"](token)
    floor = Route("ready", "/ready", Ready, allow(COORDINATOR))
    application.add_handlers(".*", [(floor.pattern, Ready, {"route": floor})])
    sockets = bind_sockets(0, "127.0.0.1")
    listening = HTTPServer(application)
    listening.add_sockets(sockets)
    base = f"http://127.0.0.1:{sockets[0].getsockname()[1]}"
    client = SimpleAsyncHTTPClient(force_instance=True)
    spent: dict[str, list[float]] = {"review": [], "ready": []}
    try:
        for number in range(ROUNDS + 5):
            for name, path in (("review", address), ("ready", "/ready")):
                begun = perf_counter()
                await client.fetch(base + path, headers={"Cookie": f"session={token}"})
                if number >= 5:
                    spent[name].append((perf_counter() - begun) * 1000)
    finally:
        client.close()
        listening.stop()
        await listening.close_all_connections()
    return {name: median(times) for name, times in spent.items()}


def _confirming(store: Store) -> list[Figure]:
    """Both sides write 20,000 students with the table's indexes; each is undone before the next."""
    who, school_id, _ = store.write_now(open_office_again)
    upload = store.write_now(send, who, school_id, 20_000)
    review = store.read_now(review_queries.roster_review, who, upload, TODAY, None)
    rows = store.read_now(_bare_rows, who, school_id, upload)
    ours, bare = [], []
    for _ in range(3):
        ours.append(_undone(store, lambda: actions.confirm_roster(who, upload, review.fingerprint)))
        bare.append(_undone(store, lambda: _bare_insert(rows)))
    return [
        Figure("confirming 20,000 new students / bare executemany", median(ours) / median(bare), None, "x"),
        Figure("confirming 20,000 new students", median(ours), None, "ms"),
    ]


def open_office_again() -> tuple[Who, int, str]:
    """A second office, so that nothing of the first is counted."""
    office = accounts.open_office("Disdukcapil Lain", "Pemerintah Kabupaten Lain", "33.12", "", "")
    account = accounts.open_account(office, "wahyu", "Wahyu Nugroho", COORDINATOR, "")
    who = Who(account, office, COORDINATOR, "Wahyu Nugroho", "Disdukcapil Lain", "Asia/Jakarta")
    schools.load_districts(who, [("33.12.01", "Contoh")])
    schools.load_schools(who, [schools.SchoolFacts("20399002", "SMA LAIN", "SMA", True, "33.12.01")])
    return who, 2, ""


class _Undo(Exception):
    pass


def _undone(store: Store, act: Callable[[], Any]) -> float:
    spent = 0.0

    def timed() -> None:
        nonlocal spent
        begun = perf_counter()
        act()
        spent = (perf_counter() - begun) * 1000
        raise _Undo

    try:
        store.write_now(timed)
    except _Undo:
        return spent
    raise AssertionError("unreachable")


def _bare_rows(who: Who, school_id: int, upload: int) -> list[tuple[Any, ...]]:
    """What confirming would insert, ready for the database."""
    row = queries.upload_of(who, upload)
    _, plan = review_queries.plan_of(who, row, queries.stored_rows(row))
    moment = "2026-11-22 01:00:00"
    return [
        (who.office_id, school_id, *(getattr(facts, name) for name in FACT_NAMES), facts.name, moment, moment)
        for facts in plan.changes.create
    ]


def _bare_insert(rows: list[tuple[Any, ...]]) -> None:
    columns = ("office_id", "school_id", *FACT_NAMES, "name_key", "created_at", "updated_at")
    db.cursor().executemany(
        f"INSERT INTO student ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", rows
    )
