"""A child that reads an untrusted file can harm nothing, and whatever becomes of it is a value."""

import asyncio
import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from common.confinement import Limits, seccomp_available
from common.fork_server import LATER
from common.sandbox import Died, Ending, Job, Sandbox, _Unpickler

ROOT = Path(__file__).resolve().parents[2]
ACTS = "tests.common.confined_acts"
needs_seccomp = pytest.mark.skipif(not seccomp_available(), reason="calls cannot be filtered on this machine")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(preload=(ACTS,), results=(), limits=Limits(cpu=1, wall=2.0)) as started:
        yield started


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "there"
    path.write_text("RATNA")
    return path


def test_a_function_reads_the_file_it_is_handed(sandbox: Sandbox, file: Path) -> None:
    assert sandbox.run(f"{ACTS}:length", file) == 5


def test_pages_go_before_the_reading_of_a_file(sandbox: Sandbox, file: Path) -> None:
    assert sandbox.run(f"{ACTS}:place_in_line", file) == min(19, os.nice(0) + LATER)


def test_progress_is_heard_to_the_end(sandbox: Sandbox, file: Path) -> None:
    heard: list[tuple[str, int, int]] = []
    assert sandbox.run(f"{ACTS}:count", file, 5000, on_progress=lambda *told: heard.append(told)) == "done"
    assert heard[0] == ("counting", 0, 5000)
    assert heard[-1] == ("counting", 5000, 5000)


@pytest.mark.parametrize(
    ("act", "ending"),
    [
        ("spin", Ending.TOO_SLOW),
        ("sleep", Ending.TOO_SLOW),
        ("fill_memory", Ending.TOO_MUCH_MEMORY),
        ("abort", Ending.CRASHED),
        ("fail", Ending.FAILED),
        ("leave", Ending.FAILED),
        ("odd_answer", Ending.CRASHED),
        ("no_such_function", Ending.FAILED),
    ],
)
def test_a_child_that_dies_in_any_way_is_a_value(
    sandbox: Sandbox, file: Path, act: str, ending: Ending
) -> None:
    began = time.monotonic()
    died = sandbox.run(f"{ACTS}:{act}", file)
    assert isinstance(died, Died)
    assert died.ending is ending
    assert "RATNA" not in died.detail and "3311" not in died.detail
    assert time.monotonic() - began < 5
    assert sandbox.run(f"{ACTS}:length", file) == 5


def test_what_a_parser_says_reaches_no_log(file: Path) -> None:
    # through a pipe, as a service's log goes: to a file a child could not write anyway
    program = f"""
from common.sandbox import Sandbox
with Sandbox(preload=("{ACTS}",), results=()) as sandbox:
    print(sandbox.run("{ACTS}:speak_without_end", "{file}"))
    print(sandbox.run("{ACTS}:speak_and_abort", "{file}", "panicked at 'RATNA AYU 3311045703099901'").ending)
"""
    told = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True, timeout=30
    )
    assert told.stdout == "done\nEnding.CRASHED\n"
    assert told.stderr == ""


def test_a_parser_that_ran_out_of_memory_is_told_from_one_that_broke(sandbox: Sandbox, file: Path) -> None:
    words = "memory allocation of 5324247255232 bytes failed\nstack backtrace:\n"
    assert sandbox.run(f"{ACTS}:speak_and_abort", file, words) == Died(Ending.TOO_MUCH_MEMORY, "MemoryError")


def test_an_answer_that_would_fill_the_callers_memory_is_not_taken(sandbox: Sandbox, file: Path) -> None:
    assert len(sandbox.run(f"{ACTS}:long_answer", file, 20)) == 20 * 1024 * 1024
    died = sandbox.run(f"{ACTS}:long_answer", file, 40)
    assert isinstance(died, Died)
    assert died.ending is Ending.TOO_MUCH_MEMORY
    assert sandbox.run(f"{ACTS}:length", file) == 5


@needs_seccomp
def test_a_child_has_no_network_starts_nothing_and_writes_nothing(sandbox: Sandbox, file: Path) -> None:
    happened = sandbox.run(f"{ACTS}:try_everything", file, str(file.parent))
    assert set(happened.values()) == {"PermissionError"}, happened
    assert [path.name for path in file.parent.iterdir()] == ["there"]
    assert file.read_text() == "RATNA"


def test_a_child_sees_none_of_the_programs_settings(
    sandbox: Sandbox, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PEREKAMAN_SECRET", "x")
    with Sandbox(preload=(ACTS,), results=()) as fresh:
        assert "PEREKAMAN_SECRET" not in fresh.run(f"{ACTS}:environment", file)


@pytest.mark.parametrize(
    "forged",
    [
        b"cos\nsystem\n(S'true'\ntR.",
        b"ccommon.sandbox\nos.system\n(S'true'\ntR.",
        b"ccommon.sandbox\nThreadPoolExecutor\n(I1\ntR.",
        b"ccommon.sandbox\n_ending\n(I0\nS''\ntR.",
        b"cbuiltins\neval\n(S'1'\ntR.",
    ],
)
def test_an_answer_that_names_more_than_values_is_not_unpacked(forged: bytes) -> None:
    with pytest.raises(pickle.UnpicklingError):
        _Unpickler(forged, frozenset({"common.sandbox"})).load()


class AttributeOf:
    """Pickled as Python 3.11.2 pickles a member of an Enum: by a call of getattr."""

    def __init__(self, kind: type, name: str) -> None:
        self.told = (kind, name)

    def __reduce__(self) -> tuple[object, ...]:
        return getattr, self.told


def test_a_member_of_an_enum_comes_back_as_the_python_of_debian_12_writes_it() -> None:
    written = pickle.dumps(AttributeOf(Ending, "CRASHED"))
    assert _Unpickler(written, frozenset({"common.sandbox"})).load() is Ending.CRASHED


@pytest.mark.parametrize(
    ("kind", "name"), [(Ending, "__init__"), (Ending, "mro"), (Job, "__init__"), (Sandbox, "run")]
)
def test_nothing_else_is_had_by_its_name(kind: type, name: str) -> None:
    with pytest.raises(pickle.UnpicklingError):
        _Unpickler(pickle.dumps(AttributeOf(kind, name)), frozenset({"common.sandbox"})).load()


def test_a_run_can_be_cancelled_from_another_thread(sandbox: Sandbox, file: Path) -> None:
    job = Job()
    outcome = sandbox.run(f"{ACTS}:sleep", file, on_progress=lambda *_: job.cancel(), job=job)
    assert outcome == Died(Ending.CANCELLED)


def test_a_run_cancelled_while_it_waits_never_begins(sandbox: Sandbox, file: Path) -> None:
    job = Job()
    job.cancel()
    assert sandbox.run(f"{ACTS}:length", file, job=job) == Died(Ending.CANCELLED)


def test_the_event_loop_is_free_while_a_child_reads(sandbox: Sandbox, file: Path) -> None:
    async def both() -> tuple[object, int]:
        beats = 0

        async def beat() -> None:
            nonlocal beats
            while True:
                await asyncio.sleep(0.01)
                beats += 1

        beating = asyncio.create_task(beat())
        outcome = await sandbox.run_async(f"{ACTS}:spin", file)
        beating.cancel()
        return outcome, beats

    outcome, beats = asyncio.run(both())
    assert isinstance(outcome, Died)
    assert beats > 20


def test_cancelling_the_task_ends_the_child(sandbox: Sandbox, file: Path) -> None:
    async def cancelled() -> bool:
        heard = asyncio.Event()
        task = asyncio.create_task(
            sandbox.run_async(f"{ACTS}:sleep", file, on_progress=lambda *_: heard.set())
        )
        await heard.wait()
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            return True
        return False

    assert asyncio.run(cancelled())
    assert sandbox.run(f"{ACTS}:length", file) == 5


def test_no_more_than_two_run_at_a_time(sandbox: Sandbox, file: Path) -> None:
    jobs = [Job(), Job()]
    started = threading.Semaphore(0)
    busy = [
        threading.Thread(
            target=lambda job=job: sandbox.run(
                f"{ACTS}:sleep", file, on_progress=lambda *_: started.release(), job=job
            )
        )
        for job in jobs
    ]
    for thread in busy:
        thread.start()
    for _ in jobs:
        assert started.acquire(timeout=5)
    third: list[object] = []
    waiting = threading.Thread(target=lambda: third.append(sandbox.run(f"{ACTS}:length", file)))
    waiting.start()
    waiting.join(0.2)
    assert third == []
    for job in jobs:
        job.cancel()
    for thread in (*busy, waiting):
        thread.join(5)
    assert third == [5]


def test_a_server_process_that_was_killed_is_replaced(file: Path) -> None:
    with Sandbox(preload=(ACTS,), results=()) as fresh:
        assert fresh.run(f"{ACTS}:length", file) == 5
        server = fresh._server
        assert server is not None
        os.kill(server.pid, 9)
        server.wait()
        assert fresh.run(f"{ACTS}:length", file) == 5
