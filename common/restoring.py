"""`server.py restore`: put a copy made by `server.py backup` in the place of the SQLite database."""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from common import clock
from common.database import DatabaseTrouble, open_store, sqlite_errors, sqlite_library
from common.settings import settings_from


class CannotRestore(Exception):
    """Why nothing was changed, in a sentence for whoever typed the command."""


def main(arguments: Sequence[str]) -> int:
    """Put a copy back. The database that was there is kept beside it; nothing is changed when the copy is not sound."""
    parser = argparse.ArgumentParser(prog="server.py restore", description=main.__doc__)
    parser.add_argument("copy", type=Path, help="made by server.py backup; its .sha256 stands beside it")
    asked = parser.parse_args(arguments)
    url = settings_from(os.environ).database_url
    if not url.startswith("sqlite:///"):
        print("PostgreSQL is restored with pg_restore: see docs/install.md.", file=sys.stderr)
        return 1
    try:
        kept = restore(asked.copy.resolve(), Path(url.removeprefix("sqlite:///")))
    except (CannotRestore, OSError) as reason:
        print(f"Nothing was changed: {reason}", file=sys.stderr)
        return 1
    print(f"Restored from {asked.copy}.")
    if kept is not None:
        print(f"The database that was there is kept as {kept}.")
    return 0


def restore(copy: Path, database: Path) -> Path | None:
    """Check `copy`, then let it take the place of `database`. Answers where the old one is kept, if there was one.

    The server must be stopped. Raises CannotRestore or OSError, having changed nothing.
    """
    _check_sum(copy)
    half = database.with_name(database.name + ".restoring")
    database.parent.mkdir(parents=True, exist_ok=True)
    try:
        shutil.copyfile(copy, half)
        _check_content(half)
        kept = _put_aside(database) if database.exists() else None
        half.rename(database)
    finally:
        for left in half.parent.glob(half.name + "*"):
            left.unlink()
    folder = os.open(database.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
    return kept


def _check_sum(copy: Path) -> None:
    noted = copy.with_name(copy.name + ".sha256")
    if not copy.is_file():
        raise CannotRestore(f"there is no file {copy}.")
    if not noted.is_file():
        raise CannotRestore(f"{noted.name} is not beside the copy, so nobody can say that the copy is whole.")
    with copy.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if noted.read_text().split()[:1] != [found]:
        raise CannotRestore(f"{copy.name} is not as it was made: its checksum differs. Take another copy.")


def _check_content(half: Path) -> None:
    store = open_store(f"sqlite:///{half}", readers=1)
    try:
        verdict = store.integrity()
        newer = store.unknown_migrations()
    except (sqlite_errors(), *DatabaseTrouble) as error:
        raise CannotRestore(f"the copy cannot be read: {error}.") from error
    finally:
        store.close()
    if verdict != "ok":
        raise CannotRestore(f"the copy is damaged: {verdict}.")
    if newer:
        raise CannotRestore(f"the copy was made by a newer version of this program ({', '.join(newer)}).")
    with half.open("rb") as file:
        os.fsync(file.fileno())


def _put_aside(database: Path) -> Path:
    """Rename the database that is there, its log written into it first. Only whoever has it alone can do that."""
    connection = sqlite_library().connect(str(database), timeout=1)
    try:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("BEGIN EXCLUSIVE")
        connection.rollback()
    except sqlite_errors() as error:
        raise CannotRestore(
            f"the database is in use or cannot be read ({error}). Stop the server first."
        ) from error
    finally:
        connection.close()
    kept = database.with_name(f"{database.name}.before-restore-{clock.now():%Y%m%d-%H%M%S}")
    database.rename(kept)
    return kept
