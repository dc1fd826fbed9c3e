"""Planning once through, in a real Chromium: plan, move, announce, a school asks, a late holiday, plan anew, letters.

In Indonesian at a desk and in English on a phone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from test_journey import Walk

from campaigns.models import PlanVersion, RecordingDay
from common import clock
from common.database import Store
from ground import browser
from ground.axe import faults_on
from ground.booking_office import MONDAY, Office, open_office

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


@pytest.fixture(params=[(browser.DESKTOP, "id"), (browser.PHONE, "en")], ids=["desk-id", "phone-en"])
def walk(
    request: pytest.FixtureRequest, chromium: Browser, sqlite_store: Store, tmp_path: Path
) -> Iterator[tuple[Walk, Office]]:
    from ground.site import Site

    shape, language = request.param
    with clock.fixed_at(MONDAY):
        office = open_office(sqlite_store)
        with Site(sqlite_store, tmp_path / "files") as site:
            on_the_way = Walk(chromium, site, sqlite_store, shape, language)
            yield on_the_way, office
            on_the_way.close()


def school_days(walk: Walk, office: Office, school: str) -> list[RecordingDay]:
    """The live days of a school, by date."""
    found: list[RecordingDay] = walk.ask(
        lambda: list(
            RecordingDay.select()
            .where(
                RecordingDay.school == office.school_ids[school],
                RecordingDay.state.not_in(("postponed", "cancelled")),
            )
            .order_by(RecordingDay.date)
        )
    )
    return found


def test_planning_from_the_first_plan_to_new_letters(walk: tuple[Walk, Office], tmp_path: Path) -> None:
    way, office = walk
    sari, ratna = way.signed_in("sari"), way.signed_in("ratna")

    # the first plan is taken at once
    way.open(sari, "/plan")
    way.press(sari, "/plan")
    sari.wait_for_url(way.site.url + "/plan")
    way.fits(sari)
    small = school_days(way, office, "SMAN 1 KARTASURA")[0]

    # a day is moved by hand: onto a holiday it is refused and says why, onto a free date it moves
    way.open(sari, f"/days/{small.id}")
    sari.fill("#f-date", "2026-08-17")
    way.press(sari, "/move")
    assert sari.locator("main .notice--error").count() == 1
    assert school_days(way, office, "SMAN 1 KARTASURA")[0].date == small.date
    to = small.date + timedelta(days=2)
    way.open(sari, f"/days/{small.id}")
    sari.fill("#f-date", to.isoformat())
    way.press(sari, "/move")
    assert school_days(way, office, "SMAN 1 KARTASURA")[0].date == to

    # announced; Ratna's school asks for another day, and Sari takes a date it offers
    way.open(sari, "/plan")
    sari.locator(".asked-once summary").first.click()
    way.press(sari, "/announce")
    own = school_days(way, office, "SMAN 1 SUKOHARJO")
    assert {day.state for day in own} == {"proposed"}
    way.open(ratna, f"/days/{own[-1].id}/ask")
    ratna.locator("input[name=dates]").last.check(force=True)
    ratna.fill("#f-text", "Sumatif akhir semester")
    ratna.locator("main form.form button[type=submit]").first.click()
    ratna.wait_for_load_state()
    way.open(sari, f"/days/{own[-1].id}/answer")
    sari.locator("input[name=choice][value^=move]").first.check(force=True)
    sari.locator("main form.form button[type=submit]").first.click()
    sari.wait_for_load_state()
    answered = {day.id: day for day in school_days(way, office, "SMAN 1 SUKOHARJO")}[own[-1].id]
    assert answered.date != own[-1].date
    assert answered.state == "confirmed"

    # a holiday declared late: what it hits is named, and the new plan is looked at before it is taken
    hit = school_days(way, office, "SMAN 1 MOJOLABAN")[0]
    way.open(sari, "/plan/calendar")
    sari.fill("#f-date", hit.date.isoformat())
    sari.fill("#f-name", "Cuti bersama tambahan")
    sari.locator("main form.row-form button[type=submit]").first.click()
    sari.wait_for_load_state()
    way.fits(sari)
    assert "SMAN 1 MOJOLABAN" in sari.locator("main").inner_text()
    untouched = [
        (day.id, day.date)
        for name in ("SMAN 1 SUKOHARJO", "SMAN 1 KARTASURA", "SMKN 1 SUKOHARJO")
        for day in school_days(way, office, name)
        if day.date != hit.date
    ]
    way.open(sari, "/plan")
    way.press(sari, "/plan")
    sari.wait_for_url(way.site.url + f"/campaigns/{office.campaign}/proposal")
    way.fits(sari)
    assert faults_on(sari) == []
    browser.picture(sari, f"proposal {way.language}")
    assert school_days(way, office, "SMAN 1 MOJOLABAN")[0].date == hit.date, (
        "nothing changes until it is taken"
    )
    way.press(sari, "/take")
    after = school_days(way, office, "SMAN 1 MOJOLABAN")
    assert hit.date not in {day.date for day in after}
    assert sum(day.planned for day in after) == 40
    still = {(day.id, day.date) for day in way.ask(lambda: list(RecordingDay.select()))}
    assert set(untouched) <= still

    # announced again: the letters say what was and what is
    way.open(sari, "/plan")
    sari.locator(".asked-once summary").first.click()
    way.press(sari, "/announce")
    way.open(sari, "/plan/letters")
    assert faults_on(sari) == []
    link = sari.locator("main a[href$='.pdf']").first.get_attribute("href")
    assert link is not None
    text = way.pdf(sari, link, tmp_path)
    assert "SMAN 1 MOJOLABAN" in text
    assert not any(part.isdigit() and len(part) == 16 for part in text.split())

    # every step is a version that says why
    whys = way.ask(lambda: [row.why for row in PlanVersion.select().order_by(PlanVersion.number)])
    assert whys[0] == "plan_made"
    assert whys.count("plan_made") == 2 and {"day_moved", "day_announced"} <= set(whys)
    way.open(sari, f"/campaigns/{office.campaign}/versions")
    assert faults_on(sari) == []
    way.open(sari, f"/campaigns/{office.campaign}/what-if?teams=1")
    assert faults_on(sari) == []
