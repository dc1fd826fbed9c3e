"""Keeps a plan as it stands after a change. Called by the acts that change it, in their transaction."""

from __future__ import annotations

import json

from peewee import fn

from campaigns.actions import refresh_all_tallies
from campaigns.booking.version_queries import left_out_now, standing_visits
from campaigns.models import PlanVersion
from common import clock
from common.access import Who


def keep_version(who: Who, campaign_id: int, why: str, note: str = "") -> int:
    """Write down how the plan stands now, who changed it and why; answers the version's number.

    `why` is the act's name; `note` what a person gave as the reason. A plan that is as it was is not kept twice.
    Who has a place follows the plan, and is counted again.
    """
    refresh_all_tallies(campaign_id)
    days = json.dumps(
        [[*visit[:2], visit.date.isoformat(), *visit[3:]] for visit in standing_visits(who, campaign_id)]
    )
    left_out = json.dumps(left_out_now(who, campaign_id))
    newest = (
        PlanVersion.select()
        .where(PlanVersion.campaign == campaign_id)
        .order_by(PlanVersion.number.desc())
        .first()
    )
    if newest is not None and (newest.days, newest.left_out) == (days, left_out):
        return newest.number

    number = (
        PlanVersion.select(fn.COALESCE(fn.MAX(PlanVersion.number), 0))
        .where(PlanVersion.campaign == campaign_id)
        .scalar()
        + 1
    )
    PlanVersion.insert(
        office=who.office_id,
        campaign=campaign_id,
        number=number,
        why=why,
        note=note,
        days=days,
        left_out=left_out,
        made_by=who.account_id,
        made_at=clock.now(),
    ).execute()
    return int(number)
