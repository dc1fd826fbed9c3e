"""What a parser gone wrong might try, each as a function that the sandbox runs. No tests here."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

Progress = Callable[[str, int, int], None]


def length(file: BinaryIO, progress: Progress) -> int:
    """Reads the file."""
    return len(file.read())


def place_in_line(file: BinaryIO, progress: Progress) -> int:
    """How much later than others it is done."""
    return os.nice(0)


def count(file: BinaryIO, upto: int, progress: Progress) -> str:
    """Tells how far it is."""
    for done in range(upto + 1):
        progress("counting", done, upto)
    return "done"


def spin(file: BinaryIO, progress: Progress) -> None:
    """Uses the processor for ever."""
    while True:
        pass


def sleep(file: BinaryIO, progress: Progress) -> None:
    """Waits for ever."""
    progress("sleeping", 0, 1)
    while True:
        time.sleep(60)


def fill_memory(file: BinaryIO, progress: Progress) -> int:
    """Asks for more memory than it may have."""
    return len(bytearray(2 * 1024**3))


def speak_and_abort(file: BinaryIO, words: str, progress: Progress) -> None:
    """Says something and ends as parsers in Rust do: they quote what they stumbled over."""
    os.write(2, words.encode())
    os.abort()


def speak_without_end(file: BinaryIO, progress: Progress) -> str:
    """Says more than anybody listens to."""
    for _ in range(1000):
        with contextlib.suppress(BlockingIOError):
            os.write(1, b"RATNA AYU " * 100)
    return "done"


def long_answer(file: BinaryIO, megabytes: int, progress: Progress) -> str:
    """Answers at length."""
    return "A" * (megabytes * 1024 * 1024)


def abort(file: BinaryIO, progress: Progress) -> None:
    """Ends as calamine does when memory cannot be had."""
    os.abort()


def fail(file: BinaryIO, progress: Progress) -> None:
    """Raises with a student's data in the message."""
    raise ValueError("3311045703099901 RATNA AYU")


def leave(file: BinaryIO, progress: Progress) -> None:
    """Ends without a word."""
    os._exit(0)


def odd_answer(file: BinaryIO, progress: Progress) -> object:
    """Answers with something that would run a command where it is unpacked."""

    class Odd:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.system, ("true",)

    return Odd()


def _refused(act: Callable[[], object]) -> str:
    try:
        act()
    except OSError as refused:
        return type(refused).__name__
    return "allowed"


def try_everything(file: BinaryIO, folder: str, progress: Progress) -> dict[str, str]:
    """What happens to each thing that a child may not do."""
    there = Path(folder) / "there"
    return {
        "socket": _refused(lambda: socket.socket(socket.AF_INET)),
        "unix socket": _refused(lambda: socket.socketpair()),
        "program": _refused(lambda: subprocess.run(["/bin/true"], check=False)),
        "fork": _refused(os.fork),
        "new file": _refused(lambda: (Path(folder) / "new").write_text("x")),
        "change file": _refused(lambda: there.open("r+")),
        "remove file": _refused(there.unlink),
        "rename file": _refused(lambda: there.rename(Path(folder) / "moved")),
        "folder": _refused(lambda: (Path(folder) / "d").mkdir()),
        "signal": _refused(lambda: os.kill(os.getppid(), signal.SIGTERM)),
    }


def environment(file: BinaryIO, progress: Progress) -> list[str]:
    """The names of the settings that the child can see."""
    return sorted(os.environ)


def threads(file: BinaryIO, progress: Progress) -> int:
    """How many threads the child has, and that the C library is there."""
    ctypes.CDLL(None)
    return threading.active_count()
