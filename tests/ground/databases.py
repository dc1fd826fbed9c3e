"""Fresh databases for tests: an empty one, or a copy of one that was migrated once in the run."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ground import server

KINDS = ("sqlite", "postgresql")
_MIGRATED = "migrated"

_numbers = itertools.count(1)


@contextmanager
def fresh(kind: str, folder: Path, *, migrated: bool) -> Iterator[str]:
    """The address of a database of that kind which nothing else uses; removed afterwards.

    Raises server.NoServer where PostgreSQL is asked for and cannot be had.
    """
    if kind == "sqlite":
        # Not the test's own folder: a test may look at everything in there.
        path = folder / "database" / "perekaman.sqlite3"
        path.parent.mkdir(parents=True)
        if migrated:
            shutil.copyfile(_migrated_file(), path)
        yield f"sqlite:///{path}"
        return
    server.started()
    name = f"test_{os.getpid()}_{next(_numbers)}"
    address = server.create_database(name, _migrated_database() if migrated else "template0")
    try:
        yield address
    finally:
        server.drop_database(name)


def _migrated_file() -> Path:
    path = server.folder() / f"{_MIGRATED}.sqlite3"
    with server.one_at_a_time("sqlite"):
        if not path.exists():
            half_made = path.with_suffix(".half")
            half_made.unlink(missing_ok=True)
            _migrate(f"sqlite:///{half_made}")
            half_made.rename(path)
    return path


def _migrated_database() -> str:
    done = server.folder() / f"{_MIGRATED}.postgresql"
    with server.one_at_a_time("postgresql"):
        if not done.exists():
            server.drop_database(_MIGRATED)
            _migrate(server.create_database(_MIGRATED))
            done.touch()
    return _MIGRATED


def _migrate(address: str) -> None:
    from common.database import open_store

    store = open_store(address)
    try:
        store.migrate()
    finally:
        store.close()
