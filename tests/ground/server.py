"""A PostgreSQL server for one test run: made on first use in a temporary folder, gone when the run ends.

It listens on a socket in that folder alone, so it never meets a cluster of the system. All the processes of a
run share it. A small watcher holds the other end of a pipe from the first process: when that process ends, in
whatever way, the watcher stops the server and removes the folder.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from tools import system

# Where this run keeps its ground; set by the first process and inherited by the others.
FOLDER_VARIABLE = "PEREKAMAN_TEST_GROUND"
# Nothing here has to outlive the run, so nothing waits for the disk.
HASTE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "jit=off")

_WATCHER = """
import os, shutil, signal, sys, time
from pathlib import Path
folder = Path(sys.argv[1])
sys.stdin.buffer.read()
running = folder / "cluster" / "postmaster.pid"
try:
    os.kill(int(running.read_text().split()[0]), signal.SIGQUIT)
except (OSError, ValueError, IndexError):
    pass
else:
    tries = 500
    while running.exists() and tries:
        time.sleep(0.01)
        tries -= 1
shutil.rmtree(folder, ignore_errors=True)
"""


class NoServer(Exception):
    """PostgreSQL cannot be had here; the text says why."""


class Ground:
    """The folder of a test run and the watcher that clears it away."""

    def __init__(self) -> None:
        """Makes the folder and starts the watcher; the server waits for its first use."""
        self.folder = Path(tempfile.mkdtemp(prefix="perekaman-tests-", dir="/tmp"))
        # The server's own user has to reach its folder in here.
        self.folder.chmod(0o711)
        self._watcher = subprocess.Popen(
            [sys.executable, "-c", _WATCHER, str(self.folder)], stdin=subprocess.PIPE, start_new_session=True
        )
        os.environ[FOLDER_VARIABLE] = str(self.folder)

    def clear(self) -> None:
        """Stops the server if there is one and removes the folder; returns when both are gone."""
        os.environ.pop(FOLDER_VARIABLE, None)
        assert self._watcher.stdin is not None
        self._watcher.stdin.close()
        self._watcher.wait(timeout=30)


def folder() -> Path:
    """The folder of this run. Raises KeyError outside a run."""
    return Path(os.environ[FOLDER_VARIABLE])


@contextmanager
def one_at_a_time(name: str) -> Iterator[None]:
    """Keeps the other processes of the run out while something they share is made."""
    with (folder() / f"{name}.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield


def address(database: str) -> str:
    """The postgresql:// address of a database of the run's server, as the program and libpq read it."""
    return f"postgresql://perekaman@/{database}?host={folder() / 'socket'}"


def started() -> None:
    """Returns when the run's server answers, starting it if this is its first use. Raises NoServer."""
    programs = system.postgresql()
    if programs is None:
        raise NoServer("PostgreSQL is not installed here (sudo apt install postgresql)")
    with one_at_a_time("server"):
        cluster = folder() / "cluster"
        if not (cluster / "postmaster.pid").exists():
            _start(programs, cluster)


def _start(programs: Path, cluster: Path) -> None:
    owner = _owner()
    for made in (cluster, folder() / "socket"):
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir(mode=0o700)
        if owner:
            shutil.chown(made, owner, owner)
    locale = ("--locale=C.UTF-8", "--encoding=UTF8")
    _run([programs / "initdb", "-D", cluster, "-U", "perekaman", "-A", "trust", "--no-sync", *locale], owner)
    settings = " ".join(
        f"-c {setting}"
        for setting in (*HASTE, "listen_addresses=", f"unix_socket_directories={folder() / 'socket'}")
    )
    log = cluster / "server.log"
    _run([programs / "pg_ctl", "start", "--wait", "-D", cluster, "-l", log, "-o", settings], owner)


def _owner() -> str | None:
    """PostgreSQL refuses to run as root; Debian's package has made a user for it."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        raise NoServer("PostgreSQL does not run as root, and there is no user postgres here") from None


def _run(command: list[str | Path], owner: str | None) -> None:
    # With a pipe for its output pg_ctl would seem to run for as long as the server holds the other end.
    with tempfile.TemporaryFile("w+") as told:
        done = subprocess.run(
            [str(word) for word in command],
            stdout=told,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            cwd="/",
            user=owner,
            group=owner,
            extra_groups=[] if owner else None,
        )
        if done.returncode:
            told.seek(0)
            raise NoServer(f"{Path(command[0]).name} failed: {told.read().strip()}")


def create_database(name: str, template: str = "template0") -> str:
    """Makes a database, a copy of `template`, which nobody may be connected to; answers its address."""
    with psycopg.connect(address("postgres"), autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(name), sql.Identifier(template)
            )
            if connection.info.server_version >= 150000
            else sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
    return address(name)


def drop_database(name: str) -> None:
    """Removes a database, whoever is still connected to it."""
    with psycopg.connect(address("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
