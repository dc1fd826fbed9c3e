"""Pages are made in processes of their own; whatever becomes of those, the server answers."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ground.site import Client

ROOT = Path(__file__).resolve().parents[2]


class Served:
    """The small server of tests/ground/page_server.py."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        port, *self.makers = (int(word) for word in process.stdout.readline().split())
        self.process, self.client = process, Client(port)

    def pid(self, path: str) -> int:
        """The process that made the page."""
        return int(self.client.get(path).json["pid"])


@contextmanager
def served(processes: int) -> Iterator[Served]:
    command = [sys.executable, "tests/ground/page_server.py", str(processes)]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        yield Served(process)
    finally:
        process.terminate()
        try:
            process.wait(10)
        finally:
            process.kill()
            process.communicate()


@pytest.fixture(scope="module")
def site() -> Iterator[Served]:
    with served(2) as running:
        yield running


def test_every_process_has_its_turn_and_the_server_none(site: Served) -> None:
    assert {site.pid("/who") for _ in range(4)} == set(site.makers)
    assert site.process.pid not in site.makers


def test_what_is_not_apart_and_what_is_sent_is_answered_by_the_server(site: Served) -> None:
    assert site.pid("/here") == site.process.pid
    sent = site.client.post("/who", {"q": "isi"})
    assert sent.json == {"pid": site.process.pid, "sent": "isi"}
    assert site.client.ask("GET", "/who", b"q=1", {}).json["pid"] == site.process.pid


def test_the_page_is_as_if_the_server_had_made_it(site: Served) -> None:
    def asked(path: str) -> tuple[int, list[str], dict[str, str]]:
        answer = site.client.get(f"{path}?q=%C3%A9+1", Cookie="nama=Dewi", **{"X-Real-Ip": "10.1.2.3"})
        told = {name: value for name, value in answer.json.items() if name != "pid"}
        headers = (
            header for header in answer.headers.items() if header[0] not in ("Date", "Etag", "Content-Length")
        )
        return answer.status, sorted(f"{name}: {value}" for name, value in headers), told

    apart, here = asked("/who"), asked("/here")
    assert apart == here
    assert apart[2] == {"ip": "10.1.2.3", "cookie": "Dewi", "query": "é 1", "protocol": "http"}
    assert sum("Set-Cookie" in header for header in apart[1]) == 2


def test_a_long_page_comes_whole_compressed_or_not_at_all_when_it_is_known(site: Served) -> None:
    page = site.client.get("/still/1")
    assert page.body == b"sama " * 100_000
    assert site.client.get("/still/1", **{"If-None-Match": page.headers["Etag"]}).status == 304
    small = site.client.get("/still/1", **{"Accept-Encoding": "gzip"})
    assert small.headers["Content-Encoding"] == "gzip"
    assert len(small.body) < 5_000
    assert site.client.get("/still/x").status == 404


def test_a_slow_page_holds_up_no_other(site: Served) -> None:
    slow = threading.Thread(target=site.pid, args=("/slow",))
    slow.start()
    time.sleep(0.1)
    began = time.monotonic()
    site.pid("/who")
    assert time.monotonic() - began < 0.3
    slow.join()


def test_a_browser_that_leaves_early_costs_nobody_an_answer(site: Served) -> None:
    for _ in range(4):
        with socket.create_connection(("127.0.0.1", site.client.port)) as left:
            left.sendall(b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n")
            time.sleep(0.05)
    made, deadline = set[int](), time.monotonic() + 5
    while made != set(site.makers) and time.monotonic() < deadline:
        made.add(site.pid("/who"))
    assert made == set(site.makers)


def test_pages_asked_for_at_once_wait_for_their_turn(site: Served) -> None:
    made: list[int] = []
    threads = [threading.Thread(target=lambda: made.append(site.pid("/slow"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == sorted(site.makers * 2)


def test_where_a_process_ends_the_server_makes_its_page_and_the_others_go_on() -> None:
    with served(2) as site:
        answer = site.client.get("/deadly", **{"X-Real-Ip": "10.1.2.3"})
        assert answer.json == {"pid": site.process.pid, "ip": "10.1.2.3"}
        (left,) = {site.pid("/who") for _ in range(3)}
        assert left in site.makers
        os.kill(left, signal.SIGKILL)
        time.sleep(0.1)
        assert site.pid("/who") == site.process.pid


def test_pages_that_wait_when_the_last_process_ends_are_made_by_the_server() -> None:
    with served(1) as site:
        made: list[int] = []
        threads = [threading.Thread(target=lambda: made.append(site.pid("/deadly"))) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(5)
        assert made == [site.process.pid] * 3


def test_without_any_process_the_server_makes_all() -> None:
    with served(0) as site:
        assert site.pid("/who") == site.process.pid


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGKILL])
def test_the_processes_end_with_the_server(sign: signal.Signals) -> None:
    with served(2) as site:
        site.pid("/who")
        site.process.send_signal(sign)
        site.process.wait(10)
        deadline = time.monotonic() + 5
        while any(Path(f"/proc/{maker}/cmdline").exists() for maker in site.makers):
            assert time.monotonic() < deadline
            time.sleep(0.02)
