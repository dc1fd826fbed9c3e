"""`make guide`: take the pictures of the guide anew in a real Chromium, all of them or those named."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent.parent
for place in (ROOT, ROOT / "tests"):
    if str(place) not in sys.path:
        sys.path.insert(0, str(place))

from common import clock  # noqa: E402
from common.database import open_store  # noqa: E402
from demo import build  # noqa: E402
from ground import browser  # noqa: E402
from ground.site import Site  # noqa: E402
from guide import pictures  # noqa: E402
from home.guide_books import PICTURES  # noqa: E402


def main() -> int:
    """Take them. Answers the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.guide", description=__doc__)
    parser.add_argument("names", nargs="*", help="only these pictures")
    asked = parser.parse_args()
    PICTURES.mkdir(exist_ok=True)
    for left in PICTURES.glob("*.webp"):
        if left.stem not in pictures.ALL:
            left.unlink()
    with TemporaryDirectory() as folder, clock.fixed_at(pictures.morning(pictures.TODAY)):
        store = open_store(f"sqlite:///{Path(folder) / 'guide.sqlite3'}")
        store.migrate()
        build.build(store, pictures.TODAY, Path(folder), school_count=pictures.SCHOOLS)
        with Site(store, Path(folder)) as site, browser.started("--lang=id") as chromium:
            made = pictures.made_in(store, site)
            for name, shot in pictures.ALL.items():
                if asked.names and name not in asked.names:
                    continue
                taken = pictures.take(chromium, made, shot)
                (PICTURES / f"{name}.webp").write_bytes(taken)
                print(f"{len(taken):8,} {name}", flush=True)
        store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
