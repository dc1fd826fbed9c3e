"""The drill: a copy goes back into its place, or nothing is changed and it is said why."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from accounts import actions as accounts
from accounts.models import Account
from common.database import Store, open_store
from common.restoring import CannotRestore, restore
from ground.people import invite_everyone

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def copy(sqlite_store: Store, tmp_path: Path) -> Path:
    """A copy of an office in which everyone has an account, made while the database was in use."""
    invite_everyone(sqlite_store)
    made = tmp_path / "copy.sqlite3"
    sqlite_store.backup_to(made)
    return made


def usernames(database: Path) -> set[str]:
    store = open_store(f"sqlite:///{database}")
    try:
        return store.read_now(lambda: {row.username for row in Account.select()})
    finally:
        store.close()


def place_of(store: Store) -> Path:
    return Path(store.database.database)


def sign_again(copy: Path) -> None:
    """The checksum of a copy that was changed."""
    Path(f"{copy}.sha256").write_text(f"{hashlib.sha256(copy.read_bytes()).hexdigest()}  {copy.name}\n")


def test_the_database_is_as_it_was_when_it_was_copied_and_the_later_one_is_kept(
    sqlite_store: Store, copy: Path
) -> None:
    database = place_of(sqlite_store)
    sari = sqlite_store.read_now(lambda: Account.get(Account.username == "sari"))
    sqlite_store.write_now(accounts.open_account, sari.office_id, "dewi", "Dewi", "officer", "x")
    sqlite_store.close()

    kept = restore(copy, database)

    assert "sari" in usernames(database)
    assert "dewi" not in usernames(database)
    assert kept is not None
    assert "dewi" in usernames(kept)
    assert not list(database.parent.glob("*.restoring*"))


def test_it_is_restored_where_nothing_was(copy: Path, tmp_path: Path) -> None:
    assert restore(copy, tmp_path / "new" / "perekaman.sqlite3") is None
    assert "sari" in usernames(tmp_path / "new" / "perekaman.sqlite3")


@pytest.mark.parametrize("spoil", ["shortened", "no checksum", "damaged inside", "newer", "no database"])
def test_a_copy_that_is_not_sound_changes_nothing(sqlite_store: Store, copy: Path, spoil: str) -> None:
    database = place_of(sqlite_store)
    sqlite_store.close()
    before = database.read_bytes()
    match spoil:
        case "shortened":
            copy.write_bytes(copy.read_bytes()[:-4096])
        case "no checksum":
            Path(f"{copy}.sha256").unlink()
        case "damaged inside":
            content = bytearray(copy.read_bytes())
            content[8192:40960] = os.urandom(32768)
            copy.write_bytes(content)
            sign_again(copy)
        case "newer":
            newer = open_store(f"sqlite:///{copy}")
            newer.write_now(
                lambda: newer.database.execute_sql(
                    "INSERT INTO schema_migration (name, applied) VALUES ('9999_later', '2030-01-01')"
                )
            )
            newer.close()
            sign_again(copy)
        case "no database":
            copy.write_text("not a database")
            sign_again(copy)

    with pytest.raises(CannotRestore):
        restore(copy, database)

    assert database.read_bytes() == before
    assert not list(database.parent.glob("*.restoring*"))
    assert not list(database.parent.glob("*.before-restore*"))


def by_command(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "server.py", *words],
        cwd=ROOT,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_nothing_is_restored_under_a_server_that_runs(sqlite_store: Store, copy: Path) -> None:
    done = by_command("restore", str(copy), PEREKAMAN_DATABASE=f"sqlite:///{place_of(sqlite_store)}")
    assert done.returncode == 1
    assert "Stop the server first" in done.stderr
    assert sqlite_store.read_now(lambda: Account.select().count()) > 1


def test_the_drill_by_command(copy: Path, tmp_path: Path) -> None:
    here = {"PEREKAMAN_DATA": str(tmp_path / "data")}
    done = by_command("restore", str(copy), **here)
    assert done.returncode == 0, done.stderr
    assert "Restored from" in done.stdout
    again = by_command("restore", str(copy), **here)
    assert "is kept as" in again.stdout
    missing = by_command("restore", str(tmp_path / "none"), **here)
    assert missing.returncode == 1
    assert "Nothing was changed: there is no file" in missing.stderr
    other = by_command("restore", str(copy), PEREKAMAN_DATABASE="postgresql://localhost/perekaman")
    assert other.returncode == 1
    assert "pg_restore" in other.stderr
