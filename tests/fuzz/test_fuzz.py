"""Whatever a school sends ends in a review or in one sentence: a small part of what `make fuzz` sends in full."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from fuzz.bombs import BOMBS
from fuzz.mutations import FILE_NAMES, Seed, seeds, spoilt
from fuzz.serving import Sent, Server, log_faults, names_in, send_all
from imports.findings import Kind

TIGHT = (sys.executable, str(Path(__file__).with_name("tight_server.py")))
LONGEST = 20.0
SPOILT = 150
# what fills two seconds of processor and more; in full they are sent by `make fuzz`
SLOW = {"50,000 sound students", "a million rows", "60,000 entries", "100,000 sheets"}
TOO_SLOW = {"five million cells in a third of a megabyte": Kind.FILE_TOO_SLOW}
# made of so much that making them is most of the time
LARGE = {
    "a sheet of 130 MiB",
    "zips in a zip",
    "a name of 30 MiB",
    "a line of nine million cells",
    "nothing but quotes",
    "a quote without an end",
    "a packed CSV that unfolds to a gigabyte",
    "a tag of 60 MiB",
    "a sheet that declares 1,000 bytes and unfolds to 300 MiB of text",
    "a sheet that declares 1,000 bytes and unfolds to 300 MiB of rows",
    "ten thousand names of 8,000 letters",
    "a name of 1 MiB for a sheet of 5,000 students",
    "100,000 paragraphs in one another",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("server"), TIGHT) as running:
        yield running


@pytest.fixture(scope="module")
def sound() -> list[Seed]:
    return seeds()


def _spoilt(sound: list[Seed], first: int, last: int) -> Iterator[Sent]:
    for number in range(first, last):
        file = spoilt(sound, 0, number)
        yield Sent(f"0:{number} {file.how}", file.file_name, file.data)


def _bombs() -> Iterator[Sent]:
    for bomb in BOMBS:
        if bomb.name not in SLOW | LARGE:
            yield Sent(bomb.name, bomb.file_name, bomb.make(), TOO_SLOW.get(bomb.name, bomb.ends))


def test_whatever_is_sent_ends_in_a_review_or_in_a_sentence(server: Server, sound: list[Seed]) -> None:
    # each is made when its turn comes, while the server is busy with the one before
    warm_up, rest = _spoilt(sound, 0, 20), chain(_bombs(), _spoilt(sound, 20, SPOILT))

    report = send_all(server, warm_up, rest, LONGEST, secrets=names_in(sound))

    assert report.is_clean, report.table()
    assert sum(report.endings.values()) > SPOILT + 50
    assert report.endings["waiting"] > 20 and len(report.endings) > 8, report.table()


def test_a_sound_roster_is_taken_under_any_name(server: Server, sound: list[Seed]) -> None:
    data = next(seed.data for seed in sound if seed.name == "tiny.csv")
    files = [
        Sent(
            f"name {n}", name, data + f"\r\n;SISWA {chr(65 + n)};;;L;KLATEN;2009-03-17;X".encode(), "waiting"
        )
        for n, name in enumerate(FILE_NAMES)
    ]
    report = send_all(server, [], files, LONGEST)
    assert report.is_clean, report.table()


def test_a_number_always_means_the_same_file(sound: list[Seed]) -> None:
    assert [spoilt(sound, 3, n) for n in range(15)] == [spoilt(seeds(), 3, n) for n in range(15)]
    assert len({spoilt(sound, 3, n).data for n in range(15)}) > 12


def test_what_may_not_stand_in_a_log_is_noticed() -> None:
    assert log_faults("12:00 INFO imports read\n", ["RATNA AYU"]) == []
    for line in (
        "Traceback (most recent call last):",
        "12:00 ERROR imports",
        "NIK 3311045703099901",
        "RATNA AYU",
    ):
        assert log_faults(f"12:00 INFO imports {line}\n", ["RATNA AYU"])
