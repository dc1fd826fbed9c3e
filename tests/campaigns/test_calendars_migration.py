"""Closed dates entered for one school by an earlier version of the program are kept by the newer one."""

from __future__ import annotations

from datetime import date

from playhouse.migrations import Runner

from campaigns.closed_dates import Reach
from campaigns.closed_queries import closed_dates_of
from common.access import COORDINATOR, Who
from common.database import MIGRATIONS, db, open_store

SARI = Who(1, 1, COORDINATOR, "Sari Wulandari", "Disdukcapil", "Asia/Jakarta")
BEFORE = (
    "INSERT INTO office (id, name, government, region_code, address, phone, time_zone, created_at) "
    "VALUES (1, 'Disdukcapil', 'Kabupaten', '33.11', '', '', 'Asia/Jakarta', '2026-08-03 01:00:00')",
    "INSERT INTO district (id, office_id, code, name) VALUES (1, 1, '33.11.04', 'Sukoharjo')",
    "INSERT INTO school (id, office_id, district_id, npsn, name, level, is_public, created_at) "
    "VALUES (5, 1, 1, '20310417', 'SMAN 1 SUKOHARJO', 'SMA', {yes}, '2026-08-03 01:00:00')",
    "INSERT INTO school_blackout (id, school_id, from_date, to_date, reason) "
    "VALUES (9, 5, '2026-09-07', '2026-09-09', 'Ujian')",
)


def test_closed_dates_of_one_school_are_kept(empty_database_url: str) -> None:
    store = open_store(empty_database_url)
    try:

        def earlier_version() -> None:
            Runner(store.database, str(MIGRATIONS)).up("0002_residents")
            for statement in BEFORE:
                db.execute_sql(statement.format(yes="1" if store.is_sqlite else "TRUE"))

        store.write_now(earlier_version)
        assert store.migrate()[0] == "0003_calendars"
        kept = store.read_now(closed_dates_of, SARI)
        assert list(kept) == [9]
        assert (kept[9].span.first, kept[9].span.last, kept[9].span.name) == (
            date(2026, 9, 7),
            date(2026, 9, 9),
            "Ujian",
        )
        assert (kept[9].reach, kept[9].school_ids) == (Reach.SCHOOLS, {5})
    finally:
        store.close()
