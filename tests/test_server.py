"""The subcommands of server.py, as a person types them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ground.site import Answer, Client

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "kata sandi yang panjang"


def run(folder: Path, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """Run a subcommand with its data under `folder`."""
    return subprocess.run(
        [sys.executable, "server.py", *words],
        cwd=ROOT,
        env={**os.environ, "PEREKAMAN_DATA": str(folder)},
        input=given,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def create(
    folder: Path, username: str = "sari", password: str = PASSWORD
) -> subprocess.CompletedProcess[str]:
    """Make a coordinator by command."""
    return run(
        folder,
        "create-coordinator",
        "--username",
        username,
        "--name",
        "Sari Wulandari",
        "--password-stdin",
        given=password + "\n",
    )


def test_the_first_coordinator_is_made_by_a_command(tmp_path: Path) -> None:
    done = create(tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Sari Wulandari can sign in as sari." in done.stdout
    again = create(tmp_path)
    assert again.returncode == 1
    assert "taken" in again.stderr


def test_a_short_password_is_refused_with_the_reason(tmp_path: Path) -> None:
    done = create(tmp_path, password="pendek")
    assert done.returncode == 2
    assert "12 characters" in done.stderr


def test_a_command_that_does_not_exist_names_those_that_do(tmp_path: Path) -> None:
    done = run(tmp_path, "restart")
    assert done.returncode == 2
    assert "create-coordinator" in done.stderr


def test_a_wrong_setting_stops_the_program_with_its_name(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "server.py", "migrate"],
        cwd=ROOT,
        env={**os.environ, "PEREKAMAN_DATA": str(tmp_path), "PEREKAMAN_PORT": "many"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "PEREKAMAN_PORT" in done.stderr


def test_a_backup_is_made_while_the_database_is_there(tmp_path: Path) -> None:
    create(tmp_path)
    done = run(tmp_path, "backup", str(tmp_path / "copy.sqlite3"))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "copy.sqlite3").stat().st_size > 0


@contextmanager
def running(folder: Path, **settings: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The server on the data under `folder`, and its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "server.py"],
        cwd=ROOT,
        env={**os.environ, "PEREKAMAN_DATA": str(folder), "PEREKAMAN_PORT": str(port), **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert f"http://localhost:{port}" in process.stdout.readline()
        yield process, port
    finally:
        process.kill()
        process.communicate()


def test_the_server_starts_serves_and_stops_when_told(tmp_path: Path) -> None:
    with running(tmp_path) as (process, port):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/login", timeout=10) as page:
            assert page.status == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0


def test_pages_are_made_in_processes_of_their_own(tmp_path: Path) -> None:
    create(tmp_path)
    with running(tmp_path, PEREKAMAN_PAGE_PROCESSES="2") as (process, port):
        sari = Client(port).sign_in("sari", PASSWORD)
        makers = _children(process.pid)
        try:
            for maker in makers:
                os.kill(maker, signal.SIGSTOP)
            pages: list[Answer] = []
            asking = threading.Thread(target=lambda: pages.append(sari.get("/schools")))
            asking.start()
            assert sari.get("/office").status == 200  # an address that the server answers itself
            asking.join(0.5)
            assert not pages
        finally:
            for maker in makers:
                os.kill(maker, signal.SIGCONT)
        asking.join(20)
        assert len(makers) == 2
        assert pages[0].status == 200
        assert "Sari Wulandari" in pages[0].text


def test_they_can_be_left_out(tmp_path: Path) -> None:
    with running(tmp_path, PEREKAMAN_PAGE_PROCESSES="0") as (process, _):
        assert not _children(process.pid)


def _children(pid: int) -> list[int]:
    """Those of a process that run the same program."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in children if b"server.py" in Path(f"/proc/{child}/cmdline").read_bytes()]


@pytest.mark.parametrize("command", ["migrate", "create-coordinator", "backup", "check-roster", "plan"])
def test_every_command_explains_itself(tmp_path: Path, command: str) -> None:
    done = run(tmp_path, command, "--help")
    assert done.returncode == 0
    assert "usage" in done.stdout.lower()


def test_a_backup_of_nothing_is_no_backup(tmp_path: Path) -> None:
    done = run(tmp_path / "mistyped", "backup", str(tmp_path / "copy.sqlite3"))
    assert done.returncode == 1
    assert "PEREKAMAN_DATA" in done.stderr
    assert not (tmp_path / "copy.sqlite3").exists()


def test_a_backup_carries_its_checksum_and_says_when_it_cannot_be_written(tmp_path: Path) -> None:
    create(tmp_path)
    assert run(tmp_path, "backup", str(tmp_path / "copy.sqlite3")).returncode == 0
    assert (tmp_path / "copy.sqlite3.sha256").read_text().endswith("  copy.sqlite3\n")
    done = run(tmp_path, "backup", str(tmp_path / "no folder" / "copy.sqlite3"))
    assert done.returncode == 1
    assert "could not be made" in done.stderr


def test_the_database_is_readable_for_its_user_alone(tmp_path: Path) -> None:
    create(tmp_path)
    assert (tmp_path / "perekaman.sqlite3").stat().st_mode & 0o077 == 0


def test_plain_http_is_for_localhost_only(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "server.py", "migrate"],
        cwd=ROOT,
        env={**os.environ, "PEREKAMAN_DATA": str(tmp_path), "PEREKAMAN_PUBLIC_URL": "http://kantor.lan:8790"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "https" in done.stderr
