"""The process that forks a confined child for each file: `python -m common.fork_server SOCKET MODULE...`.

Started by `common/sandbox.py`, which speaks to it over a socket. It has one thread and is loaded once, so that a
child costs a fork and nothing more.
"""

import array
import contextlib
import gc
import importlib
import json
import os
import pickle
import select
import signal
import socket
import struct
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from common.confinement import Limits, confine


def _send(stream: int, kind: bytes, body: bytes) -> None:
    data = memoryview(struct.pack("!cI", kind, len(body)) + body)
    while data:
        data = data[os.write(stream, data) :]


_OUT_OF_MEMORY = b"memory allocation of"
"""What Rust says before it ends a process for want of memory (std::alloc::handle_alloc_error)."""


LATER = 5
"""How much later than the server's own work a child's is done (a quarter of its time): pages go first."""


@dataclass(frozen=True, slots=True)
class _Child:
    """A job's number, where its messages go, and the end of the pipe in which its parsers speak."""

    number: int
    stream: int
    spoken: int

    def has_run_out_of_memory(self) -> bool:
        """Whether a parser's last words were that. What else it said may quote a student's data and goes nowhere."""
        with contextlib.suppress(BlockingIOError):
            return _OUT_OF_MEMORY in os.read(self.spoken, 64 * 1024)
        return False

    def close(self) -> None:
        """Let go of both."""
        os.close(self.stream)
        os.close(self.spoken)


def serve(control: socket.socket, preload: Sequence[str]) -> None:
    """Fork a child for each job until the program at the other end of `control` is gone."""
    os.nice(LATER)
    for module in preload:
        importlib.import_module(module)
    # What the parsers load lazily is loaded now: a child finds no file it may open for writing, and few at all.
    for encoding in (
        "utf_8",
        "utf_16",
        "utf_16_le",
        "utf_16_be",
        "cp1252",
        "utf_8_sig",
        "latin_1",
        "ascii",
        "idna",
    ):
        with contextlib.suppress(LookupError):
            "".encode(encoding)
    gc.collect()
    gc.freeze()
    woken, waker = os.pipe()
    os.set_blocking(waker, False)
    os.set_blocking(woken, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    children: dict[int, _Child] = {}
    while True:
        ready, _, _ = select.select([control.fileno(), woken], [], [])
        if woken in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(woken, 4096)
            _bury(children)
        if control.fileno() in ready and not _next_order(control, children):
            break
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


def _next_order(control: socket.socket, children: dict[int, _Child]) -> bool:
    """Carry out one order; False when the other end is gone."""
    packet, rights, _, _ = control.recvmsg(256 * 1024, socket.CMSG_SPACE(2 * array.array("i").itemsize))
    if not packet:
        return False
    handed = array.array("i")
    for level, kind, data in rights:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            handed.frombytes(data[: len(data) - len(data) % handed.itemsize])
    order = pickle.loads(packet)
    if order[0] == "kill":
        for child, job in children.items():
            if job.number == order[1]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
        return True
    _, number, function, arguments, limits = order
    stream, file = handed
    spoken, speaks = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    child = os.fork()
    if child == 0:
        status = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            control.close()
            for other in children.values():
                other.close()
            for shown in (1, 2):
                os.dup2(speaks, shown)
            status = _run_confined(stream, file, function, arguments, Limits(**limits))
        finally:
            os._exit(status)
    os.close(file)
    os.close(speaks)
    children[child] = _Child(number, stream, spoken)
    return True


def _bury(children: dict[int, _Child]) -> None:
    """Say of every child that has ended how it ended."""
    for child in list(children):
        try:
            ended, status = os.waitpid(child, os.WNOHANG)
        except ChildProcessError:
            ended, status = child, 1 << 8
        if ended:
            job = children.pop(child)
            with contextlib.suppress(OSError):
                os.set_blocking(job.stream, False)
                if status and job.has_run_out_of_memory():
                    _send(job.stream, b"E", b"MemoryError")
                _send(job.stream, b"X", struct.pack("!i", status))
            job.close()


def _run_confined(
    stream: int, file: int, function: str, arguments: tuple[object, ...], limits: Limits
) -> int:
    """In the child: give everything up, call the function, send what it returns. Answers the exit status."""
    module, _, name = function.partition(":")
    called = getattr(importlib.import_module(module), name)
    confine(limits)
    last_told = 0.0

    def tell(stage: str, done: int, total: int) -> None:
        nonlocal last_told
        now = time.monotonic()
        if now - last_told >= 0.05 or done in (0, total):
            last_told = now
            _send(stream, b"P", json.dumps([stage, done, total]).encode())

    try:
        opened: BinaryIO
        with os.fdopen(file, "rb") as opened:
            result = called(opened, *arguments, progress=tell)
        _send(stream, b"R", pickle.dumps(result, protocol=pickle.HIGHEST_PROTOCOL))
        return 0
    except BaseException as failed:
        # Only the name goes out: the words of an exception may quote a student's data.
        _send(stream, b"E", type(failed).__name__.encode("ascii", "replace"))
        return 1


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])), sys.argv[2:])
