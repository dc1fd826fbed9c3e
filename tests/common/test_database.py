"""The store: one writer, reads of one moment, migrations, backups."""

from __future__ import annotations

import asyncio
from pathlib import Path

import peewee
import pytest

import accounts.models
import campaigns.models
import schools.models
from accounts.models import Office
from common import clock
from common.database import CONNECTION_LASTS, Record, SchemaNewer, Store, db, open_store
from ground import field_day
from ground.people import invite_everyone
from schools.models import School, Student


def _office(name: str) -> int:
    return Office.create(name=name, government="", region_code="33.11", created_at=clock.now()).id


def test_a_write_that_fails_leaves_nothing_behind(store: Store) -> None:
    def act() -> None:
        _office("half")
        raise RuntimeError("after the first row")

    with pytest.raises(RuntimeError):
        store.write_now(act)
    assert store.read_now(lambda: Office.select().count()) == 0


def test_a_reader_cannot_write(sqlite_store: Store) -> None:
    with pytest.raises(peewee.OperationalError):
        sqlite_store.read_now(_office, "by a reader")


def test_many_writers_at_once_lose_nothing(store: Store) -> None:
    async def everyone() -> None:
        await asyncio.gather(*(store.write(_office, f"office {number}") for number in range(50)))

    asyncio.run(everyone())
    assert store.read_now(lambda: Office.select().count()) == 50


def test_sqlite_keeps_every_commit_and_every_reference(sqlite_store: Store) -> None:
    def pragmas() -> list[object]:
        return [
            db.execute_sql(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]

    assert sqlite_store.write_now(pragmas) == ["wal", 2, 1]
    assert sqlite_store.read_now(pragmas) == ["wal", 2, 1]
    assert sqlite_store.library_is_safe


def test_migrating_twice_does_nothing_the_second_time(store: Store) -> None:
    assert store.migrate() == []


def test_a_database_of_a_newer_program_is_refused(store: Store) -> None:
    store.write_now(
        lambda: (
            db.execute_sql(
                "INSERT INTO schema_migration (name, applied) VALUES ('9999_from_the_future', '2030-01-01 00:00:00')"
            )
            and None
        )
    )
    with pytest.raises(SchemaNewer, match="9999"):
        store.migrate()


def test_every_model_has_its_table_with_the_same_columns(store: Store) -> None:
    def differences() -> list[str]:
        found = []
        for model in Record.__subclasses__():
            columns = {column.name for column in db.get_columns(model._meta.table_name)}
            fields = {field.column_name for field in model._meta.sorted_fields}
            if columns != fields:
                found.append(f"{model.__name__}: {columns ^ fields}")
        return found

    assert {accounts.models, campaigns.models, schools.models}
    assert store.read_now(differences) == []


def test_a_backup_is_a_whole_database_with_the_last_commit(sqlite_store: Store, tmp_path: Path) -> None:
    sqlite_store.write_now(_office, "Disdukcapil Kabupaten Sukoharjo")
    copy = tmp_path / "copy.sqlite3"
    sqlite_store.backup_to(copy)
    sqlite_store.close()
    again = open_store(f"sqlite:///{copy}")
    try:
        assert again.migrate() == []
        assert again.read_now(lambda: Office.get().name) == "Disdukcapil Kabupaten Sukoharjo"
    finally:
        again.close()


def test_sqlite_learns_what_leads_to_few_rows(sqlite_store: Store) -> None:
    """Of two indexes it takes the one that leads to a school's students, not to all of the office."""
    cast = invite_everyone(sqlite_store)
    schools = sqlite_store.read_now(lambda: [row.id for row in School.select()])
    for n, school in enumerate(schools):
        field_day.add_students(sqlite_store, cast, school, 100, first_serial=9000 + 200 * n)

    def way() -> str:
        asked = Student.select(peewee.fn.COUNT(Student.id)).where(
            Student.office == cast.sari.office_id, Student.school == cast.ratnas_school
        )
        assert (
            asked.scalar() == 100
        )  # a reader that was there before hears of it when it asks, not when it explains
        text, values = asked.sql()
        return str(sqlite_store.database.execute_sql(f"EXPLAIN QUERY PLAN {text}", values).fetchall())

    asyncio.run(sqlite_store.learn_sizes())
    assert "student_school" in sqlite_store.read_now(way)


def test_every_connection_hears_within_a_while_how_much_the_tables_hold_by_now(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server begins with an empty database and is not started anew when the lists of the schools have come."""
    monkeypatch.setattr(sqlite_store._readers, "_max_workers", 1)  # one connection is asked all along
    cast = invite_everyone(sqlite_store)
    field_day.add_students(sqlite_store, cast, cast.ratnas_school, 1, first_serial=9000)
    asyncio.run(sqlite_store.learn_sizes())

    def way() -> str:
        asked = Student.select(Student.id).where(
            Student.office == cast.sari.office_id, Student.school == cast.ratnas_school
        )
        list(asked.tuples())
        text, values = asked.sql()
        return str(sqlite_store.database.execute_sql(f"EXPLAIN QUERY PLAN {text}", values).fetchall())

    before = sqlite_store.read_now(way)
    for n, school in enumerate(sqlite_store.read_now(lambda: [row.id for row in School.select()])):
        field_day.add_students(sqlite_store, cast, school, 100, first_serial=9100 + 200 * n)
    asyncio.run(sqlite_store.learn_sizes())
    assert sqlite_store.read_now(way) == before  # what this connection was opened with
    now = clock.ticking()
    monkeypatch.setattr(clock, "ticking", lambda: now + CONNECTION_LASTS)
    assert "student_school" in sqlite_store.read_now(way) != before


def test_a_store_that_is_not_known_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="mysql"):
        open_store("mysql://localhost/x")
