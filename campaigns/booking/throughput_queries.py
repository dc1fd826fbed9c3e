"""What closed days tell of how quickly students are recorded."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time

from campaigns.attendance import Outcome
from campaigns.capacity import Network
from campaigns.models import MarkRow, RecordingDay
from campaigns.queries import campaign
from campaigns.throughput import DayAtWork, MeasuredRate, measured_rates
from common.access import Who
from common.database import rows_of
from schools.models import School, Team

NEWEST_DAYS = 60
"""Closed days that count: crews and lines change in the course of a programme."""
_TOOK_THE_KIT = (Outcome.RECORDED.value, Outcome.WAITING.value, Outcome.FAILED.value)


def measured(who: Who, campaign_id: int) -> dict[Network, MeasuredRate]:
    """The rate of a programme's newest closed school days, by network. Raises Missing."""
    card = campaign(who, campaign_id)
    days = (
        RecordingDay.select(RecordingDay.id, School.network, Team.kits)
        .join(School, on=(RecordingDay.school == School.id))
        .switch(RecordingDay)
        .join(Team, on=(RecordingDay.team == Team.id))
        .where(
            RecordingDay.office == who.office_id,
            RecordingDay.campaign == campaign_id,
            RecordingDay.kind == "school",
            RecordingDay.state == "closed",
        )
        .order_by(RecordingDay.date.desc(), RecordingDay.id.desc())
        .limit(NEWEST_DAYS)
    )
    at_work = {day_id: (Network(network), kits) for day_id, network, kits in rows_of(days)}
    marks = MarkRow.select(MarkRow.day, MarkRow.student, MarkRow.device_time).where(
        MarkRow.day.in_(list(at_work)),
        MarkRow.outcome.in_(_TOOK_THE_KIT),
        MarkRow.quarantine == "",
        MarkRow.student.is_null(False),
    )
    first: dict[int, dict[int, datetime]] = defaultdict(dict)
    for day_id, student, text in rows_of(marks):
        moment = _moment(text)
        if moment is not None:
            first[day_id][student] = min(moment, first[day_id].get(student, moment))
    hours = datetime.combine(date.min, time.fromisoformat(card.day_end)) - datetime.combine(
        date.min, time.fromisoformat(card.day_start)
    )
    return measured_rates(
        (
            DayAtWork(network, kits, tuple(first[day_id].values()))
            for day_id, (network, kits) in at_work.items()
        ),
        hours,
    )


def _moment(text: str) -> datetime | None:
    """When a device says a mark was made, without its zone: only differences within a day are used."""
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00")).replace(tzinfo=None)
    except ValueError:
        return None
