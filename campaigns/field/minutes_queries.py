"""The facts of the official minutes; `campaigns.minutes_printing` makes them paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from accounts.queries import office_card
from campaigns.field.queries import SummaryPage, SummaryRow, summary_page
from campaigns.paper import Letterhead, MinutesPage, MinutesRow, Printed, PrintedSchool
from common import clock
from common.access import Who

ALWAYS = ("recorded", "waiting", "failed", "absent", "refused")
SOMETIMES = ("already_recorded", "not_ours")


def minutes_of(who: Who, day_id: int) -> tuple[SummaryPage, MinutesPage]:
    """What came of a day, and the same as minutes. Raises Missing."""
    page = summary_page(who, day_id)
    office = office_card(who)
    outcomes = ALWAYS + tuple(name for name in SOMETIMES if page.total.outcomes.get(name))
    classes = list(dict.fromkeys(row.class_name for row in page.rows))
    minutes = MinutesPage(
        letterhead=Letterhead(office.government, office.name, office.address, office.phone),
        school=PrintedSchool(page.day.school_name, page.day.npsn, page.day.district_name),
        team=page.day.team_name,
        kits=page.day.kits,
        date=page.day.date,
        venue=page.day.venue,
        retake=page.day.kind == "retake",
        outcomes=outcomes,
        rows=tuple(
            _sum(name, (row for row in page.rows if row.class_name == name), outcomes) for name in classes
        ),
        total=_sum("", page.rows, outcomes),
        men=_sum("", (row for row in page.rows if row.sex == "L"), outcomes),
        women=_sum("", (row for row in page.rows if row.sex == "P"), outcomes),
        printed=Printed(who.name, clock.local(clock.now(), who.time_zone)),
    )
    return page, minutes


def _sum(name: str, rows: Iterable[SummaryRow], outcomes: tuple[str, ...]) -> MinutesRow:
    planned, counts = 0, Counter[str]()
    for row in rows:
        planned += row.planned
        counts.update(row.outcomes)
    return MinutesRow(name, planned, tuple(counts[outcome] for outcome in outcomes))
