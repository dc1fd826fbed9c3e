"""Rule: which hard rules a coordinator may break by hand with a reason, and what a move costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.calendar import BlockedBy
from campaigns.hard_rules import Clash
from campaigns.scheduling import Rule

# Nobody can be in two places, a day that was cannot come, and a rule of the programme's dates is changed there.
NEVER = frozenset(
    {
        BlockedBy.OUTSIDE_WINDOW,
        Rule.ONE_DISTRICT_A_DAY,
        Rule.SCHOOLS_A_DAY,
        Rule.SCHOOL_ONCE_A_DAY,
        Rule.LOCKED_DAY,
        Rule.NO_MORE_THAN_TARGET,
    }
)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a move costs: students who find no place there, voters among them."""

    students: int = 0
    voters: int = 0


def may_be_forced(clash: Clash) -> bool:
    """Whether this rule can be broken with a reason.

    A team that works elsewhere that day (its day off has a name) and a day shared beyond what the team can record are
    two places at once.
    """
    if clash.rule == BlockedBy.TEAM_DAY_OFF:
        return not clash.name
    if clash.rule == Rule.TEAM_CAPACITY:
        return not clash.others
    return clash.rule not in NEVER


def cost_of(clashes: Sequence[Clash], students: int, voters: int) -> Cost:
    """What moving a day of so many students costs: voters are served first, and none after the latest useful day."""
    rooms = [clash.limit for clash in clashes if clash.rule == Rule.TEAM_CAPACITY and clash.limit is not None]
    served = min([students, *rooms])
    too_late = any(clash.rule == BlockedBy.AFTER_LATEST_USEFUL_DAY for clash in clashes)
    return Cost(students - served, voters if too_late else max(0, voters - served))


def kept_clash(clash: Clash) -> dict[str, object]:
    """A broken rule as it is kept with the day."""
    return {
        "rule": clash.rule.value,
        "name": clash.name,
        "limit": clash.limit,
        "found": clash.found,
        "others": [other.date.isoformat() for other in clash.others],
    }
