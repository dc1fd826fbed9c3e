"""Forced exceptions: which rules days break with a reason, and whose."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import Account
from campaigns.calendar import BlockedBy
from campaigns.hard_rules import Clash
from campaigns.models import DayException
from campaigns.queries import DayCard
from campaigns.scheduling import Reason, ReasonKind, Rule, Visit
from common.access import Who
from common.prepared import Prepared

BLOCKS = {block.value for block in BlockedBy}


@dataclass(frozen=True, slots=True)
class ForcedException:
    """The rules that a day breaks on purpose, why, and who decided it when."""

    clashes: tuple[Clash, ...]
    reason: str
    made_by: str
    made_at: datetime


def exceptions_of(who: Who, days: Sequence[DayCard]) -> dict[int, ForcedException]:
    """Day -> its forced exception, for those of these days that have one."""
    cards = {day.id: day for day in days}
    return {
        day_id: ForcedException(
            tuple(_clash(one, cards[day_id]) for one in json.loads(rules)), reason, made_by, made_at
        )
        for day_id, rules, reason, made_by, made_at in _EXCEPTIONS.rows(
            office=who.office_id, days=list(cards)
        )
    }


_EXCEPTIONS = Prepared(
    lambda given: (
        DayException.select(
            DayException.day, DayException.rules, DayException.reason, Account.name, DayException.made_at
        )
        .join(Account)
        .where(Account.office == given("office"), given.among(DayException.day, "days"))
    )
)


def _clash(kept: dict[str, object], day: DayCard) -> Clash:
    reason = Reason(ReasonKind.BY_HAND)
    visit = Visit(day.school_id, day.team_id, day.date, day.planned, reason)
    others = kept["others"]
    assert isinstance(others, list)
    word = str(kept["rule"])
    return Clash(
        BlockedBy(word) if word in BLOCKS else Rule(word),
        visit,
        str(kept["name"]),
        tuple(Visit(day.school_id, day.team_id, date.fromisoformat(on), 0, reason) for on in others),
        kept["limit"],  # type: ignore[arg-type]
        kept["found"],  # type: ignore[arg-type]
    )
