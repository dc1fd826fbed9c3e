"""Runs a function of the program on an untrusted file in a child process that can harm nothing.

A pre-loaded server process forks one child a file (about 10 ms), and the child gives up memory, time, the network and
every way to write before it reads a byte. Whatever happens to it, the caller gets a value: the result or `Died`.

The server process is started by `exec`, not by `fork`, so it has none of the caller's memory, connections or
secrets, and may be started before or after threads are made.
"""

import array
import asyncio
import contextlib
import ctypes
import gc
import importlib
import io
import json
import os
import pickle
import platform
import resource
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import types
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any, BinaryIO

ProgressHeard = Callable[[str, int, int], None]

_MOST_RESULT_BYTES = 256 * 1024 * 1024
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


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use: bytes of address space, seconds of processor, seconds of wall clock."""

    memory: int = 1024 * 1024 * 1024
    cpu: int = 20
    wall: float = 25.0


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
                [sys.executable, "-m", "common.sandbox", str(theirs.fileno()), *self._preload],
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
        """`run` without blocking the event loop; cancelling the task cancels the child. Progress is heard on the loop."""
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
        except (OSError, ValueError, EOFError, pickle.UnpicklingError, AttributeError, TypeError) as broken:
            self._kill(number)
            return Died(Ending.CANCELLED if job.is_cancelled else Ending.CRASHED, type(broken).__name__)
        # The stream ended without the last word: the server process itself is gone.
        return Died(Ending.CANCELLED if job.is_cancelled else Ending.UNAVAILABLE, "server process ended")


def _ending(status: int, failure: str) -> Died:
    """What a wait status and the child's own last word mean."""
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        name = signal.Signals(number).name
        if number in (signal.SIGXCPU, signal.SIGALRM):
            return Died(Ending.TOO_SLOW, name)
        # Rust aborts where memory cannot be had; the kernel kills at the hard limit of processor time.
        if number == signal.SIGKILL:
            return Died(Ending.TOO_SLOW, name)
        return Died(Ending.CRASHED, name)
    if failure == "MemoryError":
        return Died(Ending.TOO_MUCH_MEMORY, failure)
    return Died(Ending.FAILED, failure or f"exit {os.waitstatus_to_exitcode(status)}")


def _frames(stream: socket.socket, deadline: float) -> Iterator[tuple[bytes, bytes]]:
    """The messages of a job until the stream ends. Raises TimeoutError after `deadline`, ValueError when too long."""
    while True:
        head = _exactly(stream, 5, deadline)
        if head is None:
            return
        kind, length = struct.unpack("!cI", head)
        if length > _MOST_RESULT_BYTES:
            raise ValueError("message too long")
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


def _send(stream: int, kind: bytes, body: bytes) -> None:
    data = memoryview(struct.pack("!cI", kind, len(body)) + body)
    while data:
        data = data[os.write(stream, data) :]


class _Unpickler(pickle.Unpickler):
    """Builds plain values, dates, and classes that the named modules define; refuses every other name."""

    def __init__(self, body: bytes, modules: frozenset[str]) -> None:
        super().__init__(io.BytesIO(body))
        self._modules = modules

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("datetime", "date"):
            return date
        if module in self._modules and "." not in name:
            found = getattr(sys.modules.get(module) or importlib.import_module(module), name, None)
            if isinstance(found, type) and found.__module__ == module:
                return found
        raise pickle.UnpicklingError("a name that no result may hold")


# --- the server process ----------------------------------------------------------------------------------------------


def _serve(control: socket.socket, preload: Sequence[str]) -> None:
    """Fork a child for each job until the program at the other end of `control` is gone."""
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
    children: dict[int, tuple[int, int]] = {}
    while True:
        ready, _, _ = select.select([control, woken], [], [])
        if woken in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(woken, 4096)
            _bury(children)
        if control in ready and not _next_order(control, children):
            break
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


def _next_order(control: socket.socket, children: dict[int, tuple[int, int]]) -> bool:
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
        for child, (number, _) in children.items():
            if number == order[1]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
        return True
    _, number, function, arguments, limits = order
    stream, file = handed
    child = os.fork()
    if child == 0:
        status = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            control.close()
            for _, other in children.values():
                os.close(other)
            status = _run_confined(stream, file, function, arguments, Limits(**limits))
        finally:
            os._exit(status)
    os.close(file)
    children[child] = (number, stream)
    return True


def _bury(children: dict[int, tuple[int, int]]) -> None:
    """Say of every child that has ended how it ended."""
    for child in list(children):
        try:
            ended, status = os.waitpid(child, os.WNOHANG)
        except ChildProcessError:
            ended, status = child, 1 << 8
        if ended:
            _, stream = children.pop(child)
            with contextlib.suppress(OSError):
                os.set_blocking(stream, False)
                _send(stream, b"X", struct.pack("!i", status))
            os.close(stream)


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


# --- what a child gives up -------------------------------------------------------------------------------------------

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 1, 38, 22, 2
_ALLOW, _KILL_PROCESS, _ERRNO_EPERM = 0x7FFF0000, 0x80000000, 0x00050001

_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
# Linux system call numbers (arch/x86/entry/syscalls/syscall_64.tbl, include/uapi/asm-generic/unistd.h).
_DENIED: dict[str, tuple[int, ...]] = {
    "x86_64": (
        *range(41, 56),  # socket .. getsockopt: connect, accept, sendto, sendmsg, bind, listen, socketpair
        *range(56, 60),  # clone, fork, vfork, execve
        *(62, 200, 234, 129, 297),  # kill, tkill, tgkill, rt_sigqueueinfo, rt_tgsigqueueinfo
        *range(76, 78),  # truncate, ftruncate
        *range(82, 96),  # rename .. umask: mkdir, rmdir, creat, link, unlink, symlink, chmod, chown
        *(101, 133, 155, 161, 165, 166, 169),  # ptrace, mknod, pivot_root, chroot, mount, umount2, reboot
        *(175, 246, 248, 249, 250, 285, 188, 189, 190),  # modules, kexec, keys, fallocate, setxattr
        *(258, 259, 260, 263, 264, 265, 266, 268, 280),  # mkdirat .. utimensat
        *(
            272,
            288,
            299,
            307,
            304,
            310,
            311,
            316,
        ),  # unshare, accept4, recvmmsg, sendmmsg, by-handle, other memory
        *(319, 320, 321, 322, 323),  # memfd_create, kexec_file, bpf, execveat, userfaultfd
        *(
            425,
            426,
            427,
            428,
            429,
            430,
            432,
            434,
            435,
            437,
            438,
            440,
            452,
        ),  # io_uring, mounts, pidfd, clone3, openat2
    ),
    "aarch64": (
        *range(198, 213),  # socket .. recvmsg
        *(220, 221, 435, 281),  # clone, execve, clone3, execveat
        *(129, 130, 131, 138, 240),  # kill, tkill, tgkill, rt_sigqueueinfo, rt_tgsigqueueinfo
        *(
            33,
            34,
            35,
            36,
            37,
            38,
            276,
            39,
            40,
            41,
            45,
            46,
            47,
            51,
            52,
            53,
            54,
            55,
            5,
            6,
            7,
            88,
        ),  # changing files
        *(97, 105, 106, 117, 142, 104, 294, 217, 218, 219),  # unshare, modules, ptrace, reboot, kexec, keys
        *(242, 243, 269, 264, 265, 270, 271, 279, 280, 282),
        *(425, 426, 427, 428, 429, 430, 432, 434, 437, 438, 440, 452),
    ),
}
_OPENAT = {"x86_64": ((2, 1), (257, 2)), "aarch64": ((56, 2),)}
"""Calls that open a file, and which argument holds the flags: reading is let through (late imports), writing is not."""
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def _filter(machine: str) -> bytes:
    """The seccomp program: unknown architecture dies, denied calls and opening for writing fail with EPERM."""
    load, jump_equal, jump_from, jump_any_bit, answer = 0x20, 0x15, 0x35, 0x45, 0x06
    program: list[tuple[int, int, int, int]] = [
        (load, 0, 0, 4),
        (jump_equal, 1, 0, _AUDIT_ARCH[machine]),
        (answer, 0, 0, _KILL_PROCESS),
        (load, 0, 0, 0),
    ]
    if machine == "x86_64":
        # The x32 numbers would slip past every comparison below.
        program += [(jump_from, 0, 1, 0x40000000), (answer, 0, 0, _ERRNO_EPERM)]
    for call in _DENIED[machine]:
        program += [(jump_equal, 0, 1, call), (answer, 0, 0, _ERRNO_EPERM)]
    for call, argument in _OPENAT[machine]:
        program += [
            (jump_equal, 0, 4, call),
            (load, 0, 0, 16 + 8 * argument),
            (jump_any_bit, 0, 1, _WRITING),
            (answer, 0, 0, _ERRNO_EPERM),
            (answer, 0, 0, _ALLOW),
        ]
    program.append((answer, 0, 0, _ALLOW))
    return b"".join(struct.pack("HBBI", *line) for line in program)


def seccomp_available() -> bool:
    """True where this machine's calls can be filtered; elsewhere a child has its resource limits alone."""
    return sys.platform == "linux" and platform.machine() in _AUDIT_ARCH and sys.maxsize > 2**32


def confine(limits: Limits) -> bool:
    """Give up, for good and in this process: memory, time, files, network, new programs. True where calls are filtered.

    What cannot be had (no seccomp in this kernel) is left out: the limits of memory, time and file size always hold.
    """
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu, limits.cpu + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, limits.wall)
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if not seccomp_available() or libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    code = _filter(platform.machine())
    buffer = ctypes.create_string_buffer(code, len(code))

    class Program(ctypes.Structure):
        """struct sock_fprog of linux/filter.h."""

        _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]

    program = Program(len(code) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0)


if __name__ == "__main__":
    # Run as a module this file has two names; children must find the one that the rest of the program imports.
    from common import sandbox as _itself

    assert isinstance(_itself, types.ModuleType)
    _itself._serve(socket.socket(fileno=int(sys.argv[1])), sys.argv[2:])
