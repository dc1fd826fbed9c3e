"""The test ground itself: what it promises to the tests that stand on it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import peewee
import psycopg
import pytest

from ground import server

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from common.database import Store

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.postgresql
def test_an_empty_database_has_no_table_and_two_of_them_are_strangers(empty_database_url: str) -> None:
    if empty_database_url.startswith("sqlite"):
        assert not Path(empty_database_url.removeprefix("sqlite:///")).exists()
        return
    with psycopg.connect(empty_database_url) as connection:
        connection.execute("CREATE TABLE left_behind (n int)")
        connection.commit()
    other = server.create_database(f"other_{os.getpid()}")
    with psycopg.connect(other) as connection:
        found = connection.execute(
            "SELECT count(*) FROM pg_tables WHERE tablename = 'left_behind'"
        ).fetchone()
    server.drop_database(f"other_{os.getpid()}")
    assert found == (0,)


def test_a_store_is_migrated_and_writes(store: Store) -> None:
    assert store.migrate() == []
    assert store.write_now(lambda: len(store.database.get_tables())) > 0


def test_each_test_has_a_database_of_its_own(store: Store, database_url: str) -> None:
    class Leftover(peewee.Model):
        class Meta:
            database = store.database

    assert not store.write_now(Leftover.table_exists)
    store.write_now(lambda: store.database.create_tables([Leftover]))


def test_a_test_cannot_reach_another_host() -> None:
    with pytest.raises(PermissionError, match="no network"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    with pytest.raises(PermissionError, match="no network"):
        socket.getaddrinfo("example.org", 80)


@pytest.mark.browser
def test_a_page_is_as_wide_as_a_desk(page: Page) -> None:
    page.set_content("<h1>Daftar</h1>")
    assert page.evaluate("[innerWidth, navigator.language]") == [1280, "id-ID"]
    assert page.locator("h1").inner_text() == "Daftar"


@pytest.mark.browser
def test_a_phone_is_360_by_740_and_can_be_touched(phone: Page) -> None:
    phone.set_content('<meta name="viewport" content="width=device-width">')
    assert phone.evaluate("[innerWidth, innerHeight, navigator.maxTouchPoints > 0]") == [360, 740, True]


@pytest.mark.browser
def test_a_script_that_fails_and_a_stranger_that_is_asked_are_noticed(
    page: Page, troubles: list[str]
) -> None:
    page.route("**/*", lambda route: route.abort())
    page.set_content('<img src="http://example.org/x.png"><script>nowhere()</script>')
    page.wait_for_timeout(50)
    told = "\n".join(troubles)
    troubles.clear()
    assert "another host: http://example.org/x.png" in told
    assert "a script failed" in told


def test_an_event_loop_runs_in_the_same_process_after_a_browser_test() -> None:
    async def answer() -> int:
        await asyncio.sleep(0)
        return 7

    assert asyncio.run(answer()) == 7


LEFT_OUT = {
    "test_one.py": "import pytest\ndef test_a(): pytest.skip('no such thing here')\n",
    "test_whole.py": "import pytest\npytest.importorskip('nowhere_at_all')\n",
}


@pytest.mark.parametrize("ci", ["", "true"])
def test_what_is_left_out_is_said_loudly_and_is_a_failure_in_ci(tmp_path: Path, ci: str) -> None:
    for name, source in LEFT_OUT.items():
        (tmp_path / name).write_text(source)
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    environ |= {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}", "CI": ci}
    quiet = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--continue-on-collection-errors"]
    command = [sys.executable, "-m", "pytest", "-p", "conftest", *quiet]

    done = subprocess.run(
        [*command, "--rootdir", str(tmp_path), "-c", os.devnull, str(tmp_path)],
        env=environ,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )

    if ci:
        assert done.returncode != 0
        assert "which CI=true does not allow: no such thing here" in done.stdout
        assert "which CI=true does not allow: could not import 'nowhere_at_all'" in done.stdout
    else:
        assert "NOT TESTED HERE" in done.stdout
        assert "1 left out: no such thing here" in done.stdout
        assert "1 left out: could not import 'nowhere_at_all'" in done.stdout


@pytest.mark.postgresql
def test_a_run_that_is_killed_leaves_no_server_behind() -> None:
    try:
        server.started()
    except server.NoServer as reason:
        pytest.skip(str(reason))
    environ = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
    words = "from ground import server; g = server.Ground(); server.started(); print(g.folder, flush=True); input()"
    run = subprocess.Popen(
        [sys.executable, "-c", words], env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert run.stdout is not None
    folder = Path(run.stdout.readline().strip())
    postmaster = int((folder / "cluster" / "postmaster.pid").read_text().split()[0])

    run.send_signal(signal.SIGKILL)
    run.communicate()

    for _ in range(100):
        if not folder.exists():
            break
        time.sleep(0.05)
    assert not folder.exists()
    state = Path(f"/proc/{postmaster}/stat")
    assert not state.exists() or state.read_text().split()[2] == "Z"
