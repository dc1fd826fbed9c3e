"""Stopping the server: what is under way is answered first."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from common.database import Store
from ground.people import invite_everyone
from ground.site import Answer, Site


def test_a_request_under_way_is_answered_before_the_server_stops(sqlite_store: Store, tmp_path: Path) -> None:
    invite_everyone(sqlite_store)
    answers: list[Answer] = []
    with Site(sqlite_store, tmp_path) as site:
        sari = site.as_("sari")
        sqlite_store._writer.submit(time.sleep, 1.0)
        asking = threading.Thread(
            target=lambda: answers.append(
                sari.post("/teams", {"name": "Tim C", "kits": "2", "weekdays": "1"})
            )
        )
        asking.start()
        time.sleep(0.3)
    asking.join(20)
    assert [answer.status for answer in answers] == [303]
