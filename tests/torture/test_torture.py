"""Nothing acknowledged is lost and nothing doubled: a small part of what `make torture` does in full."""

from __future__ import annotations

from pathlib import Path
from random import Random

from common.database import Store
from ground import field_day
from ground.people import invite_everyone
from torture.history import differences, run_history
from torture.killing import Torture


def test_the_server_killed_while_devices_send_and_days_are_closed_loses_and_doubles_nothing(
    tmp_path: Path,
) -> None:
    told = Torture(tmp_path, 12).run(3)
    assert told.kills == 3
    assert len(told.acknowledged) > 20 and told.closings > 0
    assert told.faults == []


def test_eight_devices_over_a_bad_network_come_to_the_pure_merge(sqlite_store: Store) -> None:
    cast = invite_everyone(sqlite_store)
    campaign = field_day.open_campaign(sqlite_store, cast)
    students = field_day.add_students(sqlite_store, cast, cast.ratnas_school, 6)
    day = field_day.add_day(sqlite_store, cast, campaign, cast.ratnas_school, students)
    for n in range(4):
        # each history has students of its own
        if n:
            students = field_day.add_students(sqlite_store, cast, cast.ratnas_school, 6, 9100 + 10 * n)
        merged, shown, made = run_history(sqlite_store, cast.budi, day, students, Random(n))
        assert made == 40
        own = {student: its for student, its in shown.items() if student in students}
        assert differences(merged, own) == []
