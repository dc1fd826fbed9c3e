"""Runs a function of the program on an untrusted file in a child process that can harm nothing.

A pre-loaded server process forks one child a file (about 10 ms), and the child gives up memory, time, the network and
every way to write before it reads a byte. Whatever happens to it, the caller gets a value: the result or `Died`.

The server process is started by `exec`, not by `fork`, so it has none of the caller's memory, connections or
secrets, and may be started before or after threads are made.
"""

import array
import asyncio
import contextlib
import importlib
import io
import json
import os
import pickle
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date
from enum import Enum, EnumType
from pathlib import Path
from typing import Any

from common.confinement import Limits

ProgressHeard = Callable[[str, int, int], None]

_MOST_RESULT_BYTES = 32 * 1024 * 1024
"""Most that a child may answer: 50,000 rows, all of them at fault, are 15 MiB. What is answered, the caller holds."""
_ROOT = Path(__file__).resolve().parent.parent


class Ending(Enum):
    """How a child ended that brought no result."""

    TOO_SLOW = "too_slow"
    TOO_MUCH_MEMORY = "too_much_memory"
    CRASHED = "crashed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Died:
    """What a caller gets in place of a result. `detail` is for the log: a signal or an exception's name, no content."""

    ending: Ending
    detail: str = ""


class Job:
    """One run that can be cancelled from any thread, before it has begun or while it runs."""

    def __init__(self) -> None:
        """A job that has not begun."""
        self._lock = threading.Lock()
        self._cancelled = False
        self._stop: Callable[[], None] | None = None

    @property
    def is_cancelled(self) -> bool:
        """True once somebody has cancelled."""
        return self._cancelled

    def cancel(self) -> None:
        """Stop the run; its caller gets `Died(Ending.CANCELLED)`."""
        with self._lock:
            self._cancelled = True
            stop = self._stop
        if stop is not None:
            stop()

    def _running(self, stop: Callable[[], None] | None) -> None:
        with self._lock:
            self._stop = stop
            cancelled = self._cancelled
        if stop is not None and cancelled:
            stop()


class Sandbox:
    """A door to the server process. Use one for the life of the program and `close` it at the end.

    `preload` names the modules that every child finds loaded; `results` the modules whose own dataclasses, tuples
    and enums a child may send back (with plain values and dates): nothing else is ever built from what it sends.
    """

    def __init__(
        self,
        preload: Sequence[str],
        results: Sequence[str],
        limits: Limits | None = None,
        at_once: int = 2,
    ) -> None:
        """Nothing is started yet: see `start`."""
        self.limits = limits or Limits()
        self._preload = tuple(preload)
        self._results = frozenset(results)
        self._free = threading.BoundedSemaphore(at_once)
        self._lock = threading.Lock()
        self._threads = ThreadPoolExecutor(max_workers=at_once, thread_name_prefix="sandbox")
        self._server: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._next_job = 0

    def start(self) -> None:
        """Start the server process if it does not run. Called by `run` too; call it early to have it warm."""
        with self._lock:
            self._started()

    def _started(self) -> socket.socket:
        if self._server is not None and self._server.poll() is None and self._control is not None:
            return self._control
        self._stop_server()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._server = subprocess.Popen(
                [sys.executable, "-m", "common.fork_server", str(theirs.fileno()), *self._preload],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                cwd=_ROOT,
                # Settings of the program, passwords among them, are no business of a process that reads uploads.
                env={"PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONPATH": os.fspath(_ROOT)},
                start_new_session=True,
            )
        self._control = ours
        return ours

    def _stop_server(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._server is not None:
            try:
                self._server.wait(timeout=2)
            except subprocess.TimeoutExpired:
                self._server.kill()
                self._server.wait()
            self._server = None

    def close(self) -> None:
        """End the server process and every child."""
        with self._lock:
            self._stop_server()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def __enter__(self) -> "Sandbox":
        """The sandbox, started."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def run(
        self,
        function: str,
        path: str | Path,
        *arguments: object,
        on_progress: ProgressHeard | None = None,
        job: Job | None = None,
    ) -> Any:
        """The result of `function` (`module:name`), called in a child as `function(file, *arguments, progress=...)`.

        `file` is `path` opened for reading by the caller, so the child needs no right to open it. Waits for a
        free place, then for the result. Returns `Died` for whatever goes wrong; raises only OSError where `path`
        itself cannot be opened.
        """
        job = job or Job()
        with self._free, open(path, "rb") as file:
            if job.is_cancelled:
                return Died(Ending.CANCELLED)
            for _ in range(2):
                mine, childs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
                with mine:
                    with childs:
                        number = self._ask(function, arguments, childs.fileno(), file.fileno())
                    if number is None:
                        continue
                    job._running(lambda number=number: self._kill(number))  # type: ignore[misc]
                    try:
                        return self._listen(mine, number, on_progress, job)
                    finally:
                        job._running(None)
            return Died(Ending.UNAVAILABLE)

    async def run_async(
        self,
        function: str,
        path: str | Path,
        *arguments: object,
        on_progress: ProgressHeard | None = None,
        job: Job | None = None,
    ) -> Any:
        """`run` without blocking the event loop; cancelling the task cancels the child.

        Progress is heard on the loop.
        """
        job = job or Job()
        loop = asyncio.get_running_loop()
        told: ProgressHeard | None = None
        if on_progress is not None:
            heard = on_progress

            def told(stage: str, done: int, total: int) -> None:
                loop.call_soon_threadsafe(heard, stage, done, total)

        try:
            return await loop.run_in_executor(
                self._threads, lambda: self.run(function, path, *arguments, on_progress=told, job=job)
            )
        except asyncio.CancelledError:
            job.cancel()
            raise

    def _ask(self, function: str, arguments: tuple[object, ...], childs: int, file: int) -> int | None:
        """Hand a job to the server process, starting or replacing it where needed; None where that fails."""
        with self._lock:
            number = self._next_job = self._next_job + 1
            packet = pickle.dumps(("run", number, function, arguments, asdict(self.limits)))
            try:
                control = self._started()
                rights = array.array("i", [childs, file])
                control.sendmsg([packet], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
            except OSError:
                self._stop_server()
                return None
            return number

    def _kill(self, number: int) -> None:
        with self._lock, contextlib.suppress(OSError):
            if self._control is not None:
                self._control.send(pickle.dumps(("kill", number)))

    def _listen(self, mine: socket.socket, number: int, on_progress: ProgressHeard | None, job: Job) -> Any:
        """Hear a child out. The last word is the server's: how the child ended."""
        deadline = time.monotonic() + self.limits.wall + 5
        result: Any = None
        has_result = False
        failure = ""
        try:
            for kind, body in _frames(mine, deadline):
                if kind == b"P":
                    if on_progress is not None:
                        stage, done, total = json.loads(body)
                        on_progress(str(stage), int(done), int(total))
                elif kind == b"R":
                    result, has_result = _Unpickler(body, self._results).load(), True
                elif kind == b"E":
                    failure = body.decode("ascii", "replace")[:80]
                elif kind == b"X":
                    (status,) = struct.unpack("!i", body)
                    if job.is_cancelled:
                        return Died(Ending.CANCELLED)
                    if has_result and status == 0:
                        return result
                    return _ending(status, failure)
        except TimeoutError:
            self._kill(number)
            return Died(Ending.TOO_SLOW, "no word from the child")
        except _TooLongError:
            self._kill(number)
            return Died(Ending.TOO_MUCH_MEMORY, "the answer is too long")
        except (OSError, ValueError, EOFError, pickle.UnpicklingError, AttributeError, TypeError) as broken:
            self._kill(number)
            return Died(Ending.CANCELLED if job.is_cancelled else Ending.CRASHED, type(broken).__name__)
        # The stream ended without the last word: the server process itself is gone.
        return Died(Ending.CANCELLED if job.is_cancelled else Ending.UNAVAILABLE, "server process ended")


class _TooLongError(Exception):
    """A message of a child is longer than the caller takes in."""


def _ending(status: int, failure: str) -> Died:
    """What a wait status and the child's own last word mean."""
    if failure == "MemoryError":
        return Died(Ending.TOO_MUCH_MEMORY, failure)
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        name = signal.Signals(number).name
        if number in (signal.SIGXCPU, signal.SIGALRM):
            return Died(Ending.TOO_SLOW, name)
        # The kernel kills at the hard limit of processor time.
        if number == signal.SIGKILL:
            return Died(Ending.TOO_SLOW, name)
        return Died(Ending.CRASHED, name)
    return Died(Ending.FAILED, failure or f"exit {os.waitstatus_to_exitcode(status)}")


def _frames(stream: socket.socket, deadline: float) -> Iterator[tuple[bytes, bytes]]:
    """The messages of a job until the stream ends. Raises TimeoutError after `deadline`, _TooLongError."""
    while True:
        head = _exactly(stream, 5, deadline)
        if head is None:
            return
        kind, length = struct.unpack("!cI", head)
        if length > _MOST_RESULT_BYTES:
            raise _TooLongError
        body = _exactly(stream, length, deadline)
        if body is None:
            return
        yield kind, bytes(body)


def _exactly(stream: socket.socket, length: int, deadline: float) -> bytearray | None:
    body = bytearray(length)
    view = memoryview(body)
    got = 0
    while got < length:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        stream.settimeout(left)
        count = stream.recv_into(view[got:])
        if count == 0:
            return None
        got += count
    return body


def _member(kind: Any, name: Any) -> Enum:
    """The member of that name. Nothing but a member of an Enum may be had by its name."""
    if isinstance(kind, EnumType) and name in kind.__members__:
        return kind[name]
    raise pickle.UnpicklingError("an attribute that no result may hold")


class _Unpickler(pickle.Unpickler):
    """Builds plain values, dates, and classes that the named modules define; refuses every other name."""

    def __init__(self, body: bytes, modules: frozenset[str]) -> None:
        super().__init__(io.BytesIO(body))
        self._modules = modules

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("datetime", "date"):
            return date
        if (module, name) == ("builtins", "getattr"):
            return _member  # so Python before 3.11.4, which Debian 12 has, writes a member of an Enum
        if module in self._modules and "." not in name:
            found = getattr(sys.modules.get(module) or importlib.import_module(module), name, None)
            if isinstance(found, type) and found.__module__ == module:
                return found
        raise pickle.UnpicklingError("a name that no result may hold")
