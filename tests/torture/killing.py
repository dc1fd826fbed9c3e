"""The real server, killed again and again while devices send marks and a day is closed and opened."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from campaigns.actions import refresh_standings
from campaigns.attendance import views_of
from campaigns.field import queries
from campaigns.models import MarkRow, RecordingDay, StandingRow
from common import clock
from common.database import Store, open_store
from ground import field_day
from ground.people import invite_everyone
from ground.site import Client
from torture.history import Device, as_mark, differences

ROOT = Path(__file__).resolve().parents[2]
DEVICES = 4
COMMAND = (sys.executable, "server.py")


@dataclass
class Told:
    """What the devices made and what the server acknowledged, and how often it was killed."""

    made: list[dict[str, Any]] = field(default_factory=list)
    acknowledged: set[str] = field(default_factory=set)
    closings: int = 0
    kills: int = 0
    faults: list[str] = field(default_factory=list)


class Torture:
    """A fresh database with one day, four devices and one who closes; `run(kills)` answers what was told."""

    def __init__(self, folder: Path, seed: int, command: tuple[str, ...] = COMMAND) -> None:
        self.folder, self.chance, self.command = folder, Random(seed), command
        self.url = f"sqlite:///{folder / 'perekaman.sqlite3'}"
        self.told = Told()
        self._over = threading.Event()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        store = open_store(self.url)
        store.migrate()
        self.cast = invite_everyone(store)
        self.campaign = field_day.open_campaign(store, self.cast)
        self.students = field_day.add_students(store, self.cast, self.cast.ratnas_school, 40)
        yesterday = clock.today() - timedelta(days=1)
        self.day = field_day.add_day(
            store, self.cast, self.campaign, self.cast.ratnas_school, self.students, yesterday
        )
        store.close()

    def run(self, kills: int) -> Told:
        """Kill the server so often, then let every device send what it still has, and judge what is stored."""
        server = self._start()
        clients = [Client(self.port).sign_in("budi") for _ in range(DEVICES)]
        sari = Client(self.port).sign_in("sari")
        devices = [Device(f"kit-{n}") for n in range(DEVICES)]
        threads = [
            threading.Thread(target=self._mark, args=(device, client, Random(self.chance.random())))
            for device, client in zip(devices, clients, strict=True)
        ]
        threads.append(threading.Thread(target=self._close, args=(sari,)))
        for thread in threads:
            thread.start()
        try:
            for _ in range(kills):
                time.sleep(self.chance.uniform(0.2, 1.2))
                server.send_signal(signal.SIGKILL)
                server.wait()
                self.told.kills += 1
                server = self._start()
        finally:
            self._over.set()
            for thread in threads:
                thread.join(60)
        for device, client in zip(devices, clients, strict=True):
            while device.queue:
                self._send(device, client, device.queue[:100])
        server.send_signal(signal.SIGKILL)
        server.wait()
        self._judge()
        return self.told

    def _start(self) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            "PEREKAMAN_DATABASE": self.url,
            "PEREKAMAN_DATA": str(self.folder),
            "PEREKAMAN_FILES": str(self.folder / "files"),
            "PEREKAMAN_PORT": str(self.port),
            "PEREKAMAN_PUBLIC_URL": f"http://localhost:{self.port}",
        }
        with (self.folder / "server.log").open("ab") as log:
            server = subprocess.Popen(self.command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        for _ in range(2400):  # two minutes: a busy machine takes its time
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return server
            if server.poll() is not None:
                raise RuntimeError(f"the server did not start: see {self.folder / 'server.log'}")
            time.sleep(0.05)
        raise RuntimeError("the server does not listen")

    def _mark(self, device: Device, client: Client, chance: Random) -> None:
        while not self._over.is_set():
            for _ in range(chance.randrange(1, 4) if len(device.queue) < 10 else 0):  # nobody marks faster
                made = device.mark(self.day, self.cast.budi.account_id, chance.choice(self.students), chance)
                self.told.made.append(made)
            self._send(device, client, device.queue[:100])
            time.sleep(chance.uniform(0.02, 0.1))

    def _send(self, device: Device, client: Client, batch: list[dict[str, Any]]) -> None:
        try:
            answer = client.post_json(f"/days/{self.day}/marks", {"marks": batch})
            answers = json.loads(answer.body)["answers"]
        except (OSError, http.client.HTTPException, ValueError, KeyError):
            time.sleep(0.02)
            return
        uuids = {one["uuid"] for one in answers}
        self.told.acknowledged |= uuids
        self.told.faults += [str(one) for one in answers if one["verdict"] not in ("stored", "duplicate")]
        device.queue = [one for one in device.queue if one["uuid"] not in uuids]

    def _close(self, sari: Client) -> None:
        while not self._over.is_set():
            for path, form in (
                (f"/days/{self.day}/close", {}),
                (f"/days/{self.day}/reopen", {"reason": "lagi"}),
            ):
                with contextlib.suppress(OSError, http.client.HTTPException):
                    self.told.closings += sari.post(path, form).status == 303
                time.sleep(0.02)

    def _judge(self) -> None:
        store = open_store(self.url)
        try:
            store.read_now(self._look)
            before = store.read_now(_standings, self.campaign)
            store.write_now(refresh_standings, self.campaign, self.students)
            if before != store.read_now(_standings, self.campaign):
                self.told.faults.append("the standings are not what follows from the marks")
            self._judge_view(store)
        finally:
            store.close()

    def _look(self) -> None:
        stored = [row.uuid for row in MarkRow.select(MarkRow.uuid)]
        lost = self.told.acknowledged - set(stored)
        if lost:
            self.told.faults.append(f"{len(lost)} acknowledged marks are lost")
        if len(stored) != len(set(stored)):
            self.told.faults.append(f"{len(stored) - len(set(stored))} marks are doubled")
        if {made["uuid"] for made in self.told.made} != set(stored):
            self.told.faults.append(
                "not every mark that was made is there in the end, or one that was not made"
            )

    def _judge_view(self, store: Store) -> None:
        merged = views_of(map(as_mark, self.told.made))
        page = store.read_now(queries.field_page, self.cast.sari, self.day)
        shown = {its.id: (its.outcome, its.reason, its.needs_look) for its in page.students if its.outcome}
        expected = {student: view for (student, _), view in merged.items() if view.outcome}
        self.told.faults += [f"the list differs: {one}" for one in differences(expected, shown)]


def _standings(campaign: int) -> list[tuple[Any, ...]]:
    rows = StandingRow.select().where(StandingRow.campaign == campaign)
    closed = {row.id: row.state for row in RecordingDay.select()}
    return sorted((row.student_id, row.outcome, row.reason, row.attempts, str(closed)) for row in rows)
