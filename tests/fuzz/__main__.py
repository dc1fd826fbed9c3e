"""The full run: `python -m tests.fuzz` sends 10,000 spoilt workbooks and every bomb to a running server.

Says at the end how many ended how, the slowest, and how the server's memory grew; 1 when anything was amiss. The
bombs are sent three times, of which twice in the warm-up: the largest of them fill the database's caches and what the
allocator of each thread keeps, and then no more (six times over, the last four differ by 15 MiB).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
for place in (ROOT, ROOT / "tests"):
    if str(place) not in sys.path:
        sys.path.insert(0, str(place))

from fuzz.bombs import BOMBS  # noqa: E402
from fuzz.mutations import seeds, spoilt  # noqa: E402
from fuzz.serving import Sent, Server, names_in, send_all  # noqa: E402


def bombs() -> Iterator[Sent]:
    """Every bomb, made when its turn comes."""
    for bomb in BOMBS:
        yield Sent(f"bomb: {bomb.name}", bomb.file_name, bomb.make(), bomb.ends)


def mutations(run: int, first: int, last: int) -> Iterator[Sent]:
    """The spoilt files of these numbers."""
    sound = seeds()
    for number in range(first, last):
        file = spoilt(sound, run, number)
        yield Sent(f"{run}:{number} {file.how}", file.file_name, file.data)


def main() -> int:
    """Send them, print the table; 1 when anything was amiss."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--files", type=int, default=10_000, help="how many spoilt files (10,000)")
    parser.add_argument("--run", type=int, default=1, help="another number, other files (1)")
    parser.add_argument("--warm-up", type=int, default=300, help="files before memory is measured (300)")
    parser.add_argument(
        "--keep", type=Path, default=ROOT / ".build" / "fuzz", help="where files that fail are kept"
    )
    asked = parser.parse_args()

    first = min(asked.warm_up, asked.files)
    half = first + (asked.files - first) // 2
    warm_up = chain(bombs(), mutations(asked.run, 0, first), bombs())
    rest = chain(mutations(asked.run, first, half), bombs(), mutations(asked.run, half, asked.files))
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder)) as server:
        report = send_all(server, warm_up, rest, keep=asked.keep, secrets=names_in(seeds()))
    print(report.table())
    if report.faulty:
        print(f"the files are kept in {asked.keep}", file=sys.stderr)
    return 0 if report.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
