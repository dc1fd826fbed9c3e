"""`python -m tests.torture [kills] [histories]`: the recording day's torture in full: 500 kills, 200 histories."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from common.database import open_store  # noqa: E402
from ground import field_day  # noqa: E402
from ground.people import invite_everyone  # noqa: E402
from torture.history import differences, run_history  # noqa: E402
from torture.killing import Torture  # noqa: E402

SEED = 20260812
KILLS_A_ROUND = 25
"""Each round has a database of its own: with thousands of marks of forty students the server only counts marks."""


def main(arguments: list[str]) -> int:
    """Both parts; 1 when anything was lost, doubled or differs."""
    kills, histories = (int(text) for text in (*arguments, *("500", "200")[len(arguments) :]))
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/histories.sqlite3")
        store.migrate()
        cast = invite_everyone(store)
        campaign = field_day.open_campaign(store, cast)
        students = field_day.add_students(store, cast, cast.ratnas_school, 6)
        marks = 0
        for n in range(histories):
            day = field_day.add_day(
                store, cast, campaign, cast.ratnas_school, students, state="postponed", team="Tim A"
            )
            store.write_now(_hold, day)
            merged, shown, made = run_history(store, cast.budi, day, students, Random(SEED + n))
            marks += made
            for difference in differences(merged, shown):
                failed = True
                print(f"history {n}: {difference}")
        store.close()
        print(
            f"{histories} histories of 8 devices, {marks} marks: {'DIFFER' if failed else 'the pure merge'}"
        )
    told = [0] * 5
    for start in range(0, kills, KILLS_A_ROUND):
        with tempfile.TemporaryDirectory() as folder:
            found = Torture(Path(folder), SEED + start).run(min(KILLS_A_ROUND, kills - start))
        failed |= bool(found.faults)
        counts = (found.kills, found.closings, len(found.made), len(found.acknowledged), len(found.faults))
        told = [so_far + more for so_far, more in zip(told, counts, strict=True)]
        for fault in found.faults:
            print(f"kills {start + 1} to {start + found.kills}: {fault}", flush=True)
        print(
            "{} kills, {} closings and openings, {} marks, {} acknowledged, {} faults".format(*told),
            flush=True,
        )
    print("something was lost or doubled, or differs" if failed else "none lost, none doubled")
    return int(failed)


def _hold(day: int) -> None:
    from campaigns.models import RecordingDay

    RecordingDay.update(state="open", takes_morning=None, takes_afternoon=None).where(
        RecordingDay.id == day
    ).execute()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
