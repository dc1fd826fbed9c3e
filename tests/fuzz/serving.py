"""The real server in a process of its own, files sent to it as a school sends them, and what is expected of it."""

from __future__ import annotations

import html
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import TracebackType
from typing import IO

from common import clock
from common.database import open_store
from common.i18n import translator
from fuzz.mutations import Seed
from ground.people import invite_everyone
from ground.site import Answer, Client
from imports.findings import Kind, Severity
from imports.handlers import EMPTY, NO_FILE, TOO_LARGE
from imports.reading import judge_sheets
from imports.sentences import SENTENCES
from imports.workbook import read_workbook

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 30.0
"""Seconds that one file may take from being sent to being decided."""
MOST_GROWTH = 50 * 1024 * 1024
"""Bytes that the server's memory may grow from after the warm-up to the end."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A file to send. `ends` is how it must end ("waiting" or a kind of refusal), None where it may end in any way."""

    label: str
    file_name: str
    data: bytes
    ends: Kind | str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file: `waiting`, a kind of refusal, or `not taken` where the form already said no. `seconds` is
    how long it was until the page with that stood there; `faults` are what must not happen."""

    label: str
    ending: str
    seconds: float
    faults: tuple[str, ...] = ()


class Server:
    """The server as `command` starts it, on a fresh database with the people of the tests; its log is kept.

    `with Server(folder) as server: ...`; raises RuntimeError where it does not start.
    """

    def __init__(self, folder: Path, command: Sequence[str] = (sys.executable, "server.py")) -> None:
        self.folder = folder
        self.port = _free_port()
        self._command = command
        self._log = folder / "server.log"
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Server:
        self.folder.mkdir(parents=True, exist_ok=True)
        store = open_store(f"sqlite:///{self.folder / 'perekaman.sqlite3'}")
        try:
            store.migrate()
            self._cast = invite_everyone(store)
        finally:
            store.close()
        self._process = subprocess.Popen(
            self._command,
            cwd=ROOT,
            env={**os.environ, "PEREKAMAN_DATA": str(self.folder), "PEREKAMAN_PORT": str(self.port)},
            stdout=subprocess.PIPE,
            # a pipe, as a service's log is one: to a file a confined child could not write at all
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None and self._process.stderr is not None
        threading.Thread(target=self._write_log, args=(self._process.stderr,), daemon=True).start()
        if "http" not in self._process.stdout.readline():
            raise RuntimeError(self.log())
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(timeout=30)
        finally:
            self._process.kill()
            self._process.wait()

    def _write_log(self, said: IO[str]) -> None:
        with self._log.open("w", encoding="utf-8") as log:
            for line in said:
                log.write(line)
                log.flush()

    @property
    def is_running(self) -> bool:
        """Whether the very process that was started still runs: a restart would be another one."""
        return self._process is not None and self._process.poll() is None

    def schools(self) -> list[tuple[Client, int]]:
        """The signed-in admins of two schools, each with the school."""
        return [
            (Client(self.port).sign_in("ratna"), self._cast.ratnas_school),
            (Client(self.port).sign_in("joko"), self._cast.jokos_school),
        ]

    def memory(self) -> int:
        """Bytes of memory that the server and the process it forks readers from hold now."""
        assert self._process is not None
        mine = self._process.pid
        children = Path(f"/proc/{mine}/task/{mine}/children").read_text().split()
        return sum(_resident(pid) for pid in (mine, *map(int, children)))

    def log(self) -> str:
        """What the server has logged."""
        if not self._log.exists():
            return ""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def forget_files(self) -> None:
        """Remove the uploads that were decided, so that ten thousand of them fill no disk."""
        for path in (self.folder / "files").glob("*.upload"):
            path.unlink(missing_ok=True)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _resident(pid: int) -> int:
    found = re.search(r"^VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.M)
    return 1024 * int(found[1]) if found else 0


# --- one file --------------------------------------------------------------------------------------------------------


def send(client: Client, school: int, sent: Sent, longest: float = LONGEST) -> Outcome:
    """Send a file, wait until it is decided, look at its page, and put it aside where it waits for a review."""
    began = time.monotonic()
    seconds = 0.0
    faults: list[str] = []
    try:
        ending, page = _decided(client, school, sent, began + longest, faults)
        seconds = time.monotonic() - began
        if page is not None and ending == "waiting":
            _look_further(client, page, longest, faults, Random(sent.label))
    except OSError as broken:
        ending, seconds = "no answer", seconds or time.monotonic() - began
        faults.append(f"the connection broke: {type(broken).__name__}")
    if seconds > longest:
        faults.append(f"took {seconds:.0f} s")
    wanted = sent.ends.value if isinstance(sent.ends, Kind) else sent.ends
    if wanted is not None and wanted != ending:
        faults.append(f"ended as {ending}, not as {wanted}")
    return Outcome(sent.label, ending, seconds, tuple(faults))


def _decided(
    client: Client, school: int, sent: Sent, deadline: float, faults: list[str]
) -> tuple[str, tuple[str, str] | None]:
    """How the file ended, and the address and text of its page."""
    answer = _upload(client, f"/schools/{school}/rosters", sent)
    if answer.status >= 500:
        faults.append(f"the upload was answered with {answer.status}")
        return "server error", None
    if answer.status != 303:
        return _not_taken(answer, faults), None
    place = answer.headers["Location"].partition("?")[0]
    wait = 0.02
    while True:
        told = client.get(f"{place}/progress")
        if told.status != 200:
            faults.append(f"its progress was answered with {told.status}")
            return "server error", None
        if told.json["done"]:
            break
        if time.monotonic() > deadline:
            faults.append("was not decided in time")
            return "hangs", None
        time.sleep(wait)
        wait = min(wait * 1.5, 0.25)
    page = client.get(place)
    if page.status != 200:
        faults.append(f"its page was answered with {page.status}")
        return "server error", None
    shown = html.unescape(page.text)
    return _ending_shown(str(told.json["state"]), place, shown, faults), (place, shown)


def _upload(client: Client, address: str, sent: Sent) -> Answer:
    """As a browser's form does: quotes and line breaks of a name are written as %22, %0D, %0A."""
    name = sent.file_name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
    boundary = "----formboundary7MA4YWxkTrZu0gWq"
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    body = head.encode("utf-8", "replace") + sent.data + f"\r\n--{boundary}--\r\n".encode()
    return client.ask("POST", address, body, {"Content-Type": f"multipart/form-data; boundary={boundary}"})


def _not_taken(answer: Answer, faults: list[str]) -> str:
    """The form came back: it must say why, in the sender's language."""
    words = _translated((EMPTY, NO_FILE, TOO_LARGE))
    if not any(sentence in html.unescape(answer.text) for sentence in words):
        faults.append(f"was answered with {answer.status} and no sentence")
    return "not taken"


def _ending_shown(state: str, place: str, shown: str, faults: list[str]) -> str:
    """What the page of a file says became of it."""
    if state == "refused":
        kind = next((kind for sentence, kind in _REFUSALS.items() if sentence in shown), None)
        if kind is None:
            faults.append("was refused without a sentence")
        elif kind == Kind.READING_UNAVAILABLE.value:
            faults.append("the process that reads files was gone")
        return kind or "refused"
    if state != "waiting" or f"{place}/confirm" not in shown:
        faults.append(f"is {state}, and cannot be confirmed")
    return state


def _look_further(
    client: Client, page: tuple[str, str], longest: float, faults: list[str], chance: Random
) -> None:
    """What a person may do next: look at a filter, a further page, a file to download. Then the file is put aside."""
    place, shown = page
    links = sorted(set(re.findall(rf'href="({place}[/?][^"]+)"', shown)))
    for link in chance.sample(links, min(chance.choice((0, 0, 1)), len(links))):
        began = time.monotonic()
        answer = client.get(link)
        if answer.status >= 400 or time.monotonic() - began > longest:
            faults.append(f"a link of its page was answered with {answer.status}: {link.removeprefix(place)}")
    aside = client.post(f"{place}/cancel")
    if aside.status != 303:
        faults.append(f"putting it aside was answered with {aside.status}")


def _translated(messages: Iterable[str]) -> set[str]:
    gettext = translator("id").gettext
    return {gettext(message) for message in messages} - set(messages)


def _refusals() -> dict[str, str]:
    """The sentence of each kind that refuses a file, as a school reads it, and the kind; the longest first, for one
    sentence may begin like another."""
    gettext = translator("id").gettext
    found = {
        gettext(sentence): kind.value
        for kind, sentence in SENTENCES.items()
        if kind.severity is Severity.REFUSE and gettext(sentence) != sentence
    }
    return dict(sorted(found.items(), key=lambda pair: -len(pair[0])))


_REFUSALS = _refusals()


def names_in(sound: Iterable[Seed]) -> set[str]:
    """The names of the people in these files: words that may stand in no log."""
    found = set()
    for seed in sound:
        sheets = read_workbook(seed.data)
        if not isinstance(sheets, Kind):
            found |= {row.name for row in judge_sheets(sheets, clock.today()).rows if row.name}
    return found


# --- all of them -----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Report:
    """What came of a run: every outcome that has a fault, how many ended how, the slowest, and the server after it."""

    endings: Counter[str] = field(default_factory=Counter)
    slowest: list[tuple[float, str]] = field(default_factory=list)
    faulty: list[Outcome] = field(default_factory=list)
    growth: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether everything ended as it must."""
        return not self.faulty and not self.faults

    def add(self, outcome: Outcome) -> None:
        """Count one file."""
        self.endings[outcome.ending] += 1
        self.slowest = sorted([*self.slowest, (outcome.seconds, outcome.label)], reverse=True)[:5]
        if outcome.faults:
            self.faulty.append(outcome)

    def table(self) -> str:
        """The run as a small table."""
        lines = ["| ending | files |", "|---|---:|"]
        lines += [f"| {ending} | {count:,} |" for ending, count in self.endings.most_common()]
        lines += [f"| all | {sum(self.endings.values()):,} |", "", "| slowest | seconds |", "|---|---:|"]
        lines += [f"| {label} | {seconds:.1f} |" for seconds, label in self.slowest]
        lines += ["", f"memory grew by {self.growth / 1024 / 1024:.1f} MiB"]
        lines += [f"FAULT {outcome.label}: {'; '.join(outcome.faults)}" for outcome in self.faulty]
        lines += [f"FAULT {fault}" for fault in self.faults]
        return "\n".join(lines)


def send_all(
    server: Server,
    warm_up: Iterable[Sent],
    files: Iterable[Sent],
    longest: float = LONGEST,
    keep: Path | None = None,
    secrets: Iterable[str] = (),
) -> Report:
    """Send everything, two at a time; the memory is compared from the end of `warm_up` on.

    A file with a fault is kept in `keep`. `secrets` are words of the files that may stand in no log.
    """
    report = Report()
    schools = server.schools()
    _send_each(schools, warm_up, report, longest, keep, server)
    before = server.memory()
    _send_each(schools, files, report, longest, keep, server)
    report.growth = server.memory() - before
    if not server.is_running:
        report.faults.append("the server is not the process it was")
    if report.growth > MOST_GROWTH:
        report.faults.append(f"memory grew by {report.growth / 1024 / 1024:.0f} MiB")
    report.faults += log_faults(server.log(), secrets)
    return report


def log_faults(log: str, secrets: Iterable[str]) -> list[str]:
    """What may not stand in a log: where something failed, and anything of a person."""
    found = [
        f"the log says: {line.strip()[:200]}"
        for line in log.splitlines()
        if re.search(r"Traceback|\bERROR\b|panicked|stack backtrace|memory allocation", line)
    ]
    if re.search(r"\d{16}", log):
        found.append("the log holds a number of 16 digits")
    found += [f"the log holds {secret[:2]}..., a word of a file" for secret in set(secrets) if secret in log]
    return found[:20]


def _send_each(
    schools: Sequence[tuple[Client, int]],
    files: Iterable[Sent],
    report: Report,
    longest: float,
    keep: Path | None,
    server: Server,
) -> None:
    waiting: Iterator[Sent] = iter(files)
    lock = threading.Lock()
    broken: list[BaseException] = []

    def send_on(client: Client, school: int) -> None:
        try:
            while True:
                with lock:
                    sent = next(waiting, None)
                if sent is None or broken:
                    return
                outcome = send(client, school, sent, longest)
                with lock:
                    report.add(outcome)
                    _keep(outcome, sent, keep)
                    if sum(report.endings.values()) % 500 == 0:
                        server.forget_files()
                        print(
                            f"{sum(report.endings.values()):,} sent, {len(report.faulty)} faulty",
                            file=sys.stderr,
                        )
        except BaseException as error:
            broken.append(error)

    threads = [threading.Thread(target=send_on, args=pair, daemon=True) for pair in schools]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if broken:
        raise broken[0]


def _keep(outcome: Outcome, sent: Sent, keep: Path | None) -> None:
    if outcome.faults and keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"\W+", "_", sent.label)[:80]
        (keep / f"{name}.bin").write_bytes(sent.data)
        (keep / f"{name}.txt").write_text(f"{sent.file_name!r}\n{outcome}\n", encoding="utf-8")
