"""One writer thread, a pool of reader threads, each with its own connection; SQLite or PostgreSQL.

Nothing touches the database on the event loop: connections are opened only on these threads, so a lazy load
in a template fails loudly. A read sees one moment of the database; a write is one transaction.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import sqlite3 as stock_sqlite
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import peewee
from playhouse.migrations import Runner

from common import clock

db = peewee.DatabaseProxy()
log = logging.getLogger("database")

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
# the name of PostgreSQL's advisory lock: any number that nothing else on the database uses
ONE_WRITER = 3311_2026
# seconds; a connection to SQLite reads once, when it is opened, what was learned of the sizes of tables
CONNECTION_LASTS = 900.0
# earlier libraries can corrupt a WAL database with several connections (sqlite.org, walresetbug)
SAFE_WAL_SINCE = (3, 51, 3)

DatabaseTrouble = (peewee.DatabaseError, peewee.InterfaceError)  # what any act on the database may raise

P = ParamSpec("P")
T = TypeVar("T")


class Record(peewee.Model):
    """What every table of the program is made from."""

    class Meta:
        database = db
        legacy_table_names = False


class SchemaNewer(Exception):
    """The database was made by a newer version of the program than this one."""


class NothingToCopy(Exception):
    """There is no database at that place, or it holds nothing yet."""


class Store:
    """An open database and its threads. Make one with `open_store`."""

    def __init__(self, database: peewee.Database, readers: int) -> None:
        self.database = database
        self.is_sqlite = isinstance(database, peewee.SqliteDatabase)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._readers = ThreadPoolExecutor(readers, thread_name_prefix="reader")
        self._is_closed = False
        self._this_thread = threading.local()
        db.initialize(database)

    async def read(self, query: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Answer `query(*args)` on a reader thread, from one moment of the database."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, lambda: self._reading(query, *args, **kwargs))

    async def write(self, action: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do `action(*args)` on the writer thread as one transaction; any exception undoes all of it."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._writer, lambda: self._writing(action, *args, **kwargs))

    def read_now(self, query: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`read` for commands and tests, which have no event loop."""
        return self._readers.submit(lambda: self._reading(query, *args, **kwargs)).result()

    def write_now(self, action: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`write` for commands and tests, which have no event loop."""
        return self._writer.submit(lambda: self._writing(action, *args, **kwargs)).result()

    def migrate(self) -> list[str]:
        """Bring the schema up to date; answers the names applied. A used SQLite file is copied aside first.

        Raises SchemaNewer when the database knows a migration that this program does not.
        """
        return self._writer.submit(self._migrate).result()

    def backup_to(self, path: Path) -> None:
        """Copy the SQLite database to `path` while it is in use, check the copy, then give it its name.

        Beside it stands `path`.sha256. Raises NothingToCopy for a database without any schema, OSError when the copy
        cannot be written or is damaged, ValueError on PostgreSQL.
        """
        self._writer.submit(self._backup, path).result()

    def integrity(self) -> str:
        """What SQLite says of the whole file: "ok", or its first fault."""
        return self._on_writer(lambda: self.database.execute_sql("PRAGMA integrity_check").fetchone()[0])

    def unknown_migrations(self) -> list[str]:
        """The migrations of the database that this version of the program does not have; none in the ordinary case."""
        return self._on_writer(self._unknown)

    async def learn_sizes(self) -> None:
        """Let SQLite count what its tables and indexes hold, where it never did or that changed much.

        Without it SQLite cannot tell an index that leads to a school's students from one that leads to the office's.
        Connections that are open hear of it when they are opened anew. PostgreSQL counts by itself.
        """
        if self.is_sqlite:
            await self.write(self.database.execute_sql, "PRAGMA optimize = 0x10002")  # analyze, all tables

    @property
    def library_is_safe(self) -> bool:
        """Whether the SQLite library is free of the WAL corruption bug (always true on PostgreSQL)."""
        return not self.is_sqlite or sqlite_version() >= SAFE_WAL_SINCE

    def close(self) -> None:
        """Finish what is under way, close every connection, end the threads. A second time does nothing."""
        if self._is_closed:
            return
        self._is_closed = True
        self._writer.submit(self._close_here)
        # one task per reader thread: the barrier keeps a thread from taking two of them
        started = len(self._readers._threads)
        barrier = threading.Barrier(started) if started else None
        for _ in range(started):
            self._readers.submit(self._close_here, barrier)
        self._writer.shutdown()
        self._readers.shutdown()

    def _close_here(self, barrier: threading.Barrier | None = None) -> None:
        if barrier is not None:
            barrier.wait(timeout=30)
        if not self.database.is_closed():
            self.database.close()

    def _reading(self, query: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        for attempt in (1, 2):
            try:
                self._connect(query_only=True)
                with self._one_moment():
                    return query(*args, **kwargs)
            except (peewee.OperationalError, peewee.InterfaceError):
                # a PostgreSQL server that was restarted: a read may simply be asked again on a new connection
                self._drop_connection()
                if attempt == 2 or self.is_sqlite:
                    raise
        raise AssertionError("unreachable")

    def _writing(self, action: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        for attempt in (1, 2):
            has_begun = False
            try:
                self._connect(query_only=False)
                with db.atomic("IMMEDIATE") if self.is_sqlite else db.atomic():
                    if not self.is_sqlite:
                        # several servers on one database: still one writer at a time, as on SQLite
                        db.execute_sql("SELECT pg_advisory_xact_lock(%s)", (ONE_WRITER,))
                    has_begun = True
                    return action(*args, **kwargs)
            except (peewee.OperationalError, peewee.InterfaceError):
                self._drop_connection()
                # a PostgreSQL server that was restarted: nothing was done yet, so it may be tried once more
                if has_begun or attempt == 2 or self.is_sqlite:
                    raise
        raise AssertionError("unreachable")

    @contextmanager
    def _one_moment(self) -> Iterator[None]:
        if self.is_sqlite:
            with db.atomic("DEFERRED"):
                yield
        else:
            with db.atomic(isolation_level="REPEATABLE READ"):
                yield

    def _connect(self, query_only: bool) -> None:
        if not self.database.is_closed():
            if not self.is_sqlite or clock.ticking() - self._this_thread.opened_at < CONNECTION_LASTS:
                return
            self.database.close()
        self.database.connect()
        self._this_thread.opened_at = clock.ticking()
        if self.is_sqlite and query_only:
            self.database.execute_sql("PRAGMA query_only = ON")
        if not self.is_sqlite and not query_only:
            # rather one clear error than every write waiting for a lock that somebody holds for ever
            self.database.execute_sql("SET lock_timeout = '10s'")

    def _drop_connection(self) -> None:
        try:
            self.database.close()
        except peewee.PeeweeException:
            log.warning("a broken connection could not be closed")

    def _migrate(self) -> list[str]:
        self._connect(query_only=False)
        if unknown := self._unknown():
            raise SchemaNewer(", ".join(unknown))
        runner = Runner(self.database, str(MIGRATIONS))
        status = runner.status()
        pending = [migration for migration in status if not migration.applied]
        if pending and len(pending) < len(status) and self.is_sqlite:
            stamp = clock.now().strftime("%Y%m%d-%H%M%S")
            self._backup(Path(f"{self.database.database}.before-{pending[0].name}-{stamp}"))
        return runner.up()

    def _unknown(self) -> list[str]:
        status = Runner(self.database, str(MIGRATIONS)).status()
        return [migration.name for migration in status if migration.path is None]

    def _on_writer(self, ask: Callable[[], T]) -> T:
        """Ask on the writer's thread, for what a reader's snapshot cannot answer."""

        def asked() -> T:
            self._connect(query_only=False)
            return ask()

        return self._writer.submit(asked).result()

    def _backup(self, path: Path) -> None:
        if not self.is_sqlite:
            raise ValueError("PostgreSQL is backed up with pg_dump")
        self._connect(query_only=False)
        if not Runner(self.database, str(MIGRATIONS)).applied():
            raise NothingToCopy(self.database.database)
        partial = path.with_name(path.name + ".partial")
        partial.unlink(missing_ok=True)
        target = sqlite_library().connect(str(partial))
        try:
            self.database.connection().backup(target)
            verdict = target.execute("PRAGMA integrity_check").fetchone()[0]
        finally:
            target.close()
        if verdict != "ok":
            partial.unlink()
            raise OSError(f"the copy of the database is damaged: {verdict}")
        with partial.open("rb") as copied:
            os.fsync(copied.fileno())
            checksum = hashlib.file_digest(copied, "sha256").hexdigest()
        partial.rename(path)
        path.with_name(path.name + ".sha256").write_text(f"{checksum}  {path.name}\n")


def insert_rows(
    table: str, columns: Sequence[str], rows: Sequence[Sequence[object]], replacing: Sequence[str] = ()
) -> None:
    """Add many rows with one prepared statement, the quickest way that both databases know.

    A row whose columns `replacing`, which are unique together, are there already takes the place of that one.
    `table` and `columns` are the program's own words, every value is bound. Raises peewee's IntegrityError.
    """
    if not rows:
        return
    mark = "?" if isinstance(db.obj, peewee.SqliteDatabase) else "%s"
    values = ", ".join([mark] * len(columns))
    told = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({values})"
    if replacing:
        others = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in replacing)
        told += f" ON CONFLICT ({', '.join(replacing)}) DO UPDATE SET {others}"
    with peewee.__exception_wrapper__:  # type: ignore[attr-defined]
        db.cursor().executemany(told, rows)


def bound(value: datetime | bool) -> object:
    """A moment, or yes or no, as the database takes it: for rows by the thousand, of which the library would turn each
    one into text or number anew."""
    if not isinstance(db.obj, peewee.SqliteDatabase):
        return value
    return int(value) if isinstance(value, bool) else value.isoformat(" ")


def rows_of(query: Any) -> list[tuple[Any, ...]]:
    """The rows of a selection as plain tuples: for counts and sums, which are no model."""
    return list(query.tuples())


def sqlite_errors() -> type[Exception]:
    """What the SQLite library in use raises."""
    return peewee.sqlite3.Error  # type: ignore[attr-defined]


def sqlite_library() -> Any:
    """The SQLite library in use, as a module."""
    return peewee.sqlite3  # type: ignore[attr-defined]


def sqlite_version() -> tuple[int, ...]:
    """The version of the SQLite library in use, as numbers."""
    library = peewee.sqlite3 or stock_sqlite  # type: ignore[attr-defined]
    return tuple(int(part) for part in library.sqlite_version.split("."))


def open_store(url: str, readers: int = 4) -> Store:
    """Open `sqlite:///PATH` (made when missing) or `postgresql://...`. Raises ValueError for another scheme."""
    if url.startswith("sqlite:///"):
        path = Path(url.removeprefix("sqlite:///"))
        path.parent.mkdir(parents=True, exist_ok=True)
        safe = sqlite_version() >= SAFE_WAL_SINCE
        pragmas: dict[str, object] = {
            "journal_mode": "wal" if safe else "delete",
            "synchronous": "full" if safe else "extra",
            "foreign_keys": 1,
            "busy_timeout": 10_000,
            "cache_size": -8_000,  # KiB a connection: the system's own cache holds the rest
            "temp_store": "memory",
        }
        return Store(
            peewee.SqliteDatabase(
                str(path), pragmas=pragmas, autoconnect=False, thread_safe=True, check_same_thread=False
            ),
            readers,
        )
    if url.startswith("postgresql://"):
        return Store(peewee.PostgresqlDatabase(url, autoconnect=False, prefer_psycopg3=True), readers)
    raise ValueError(f"not a database this program knows: {url.split(':')[0]}")
