"""Marks as the database has them, and as the rules know them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from campaigns.attendance import Mark, Outcome, OutcomeReason
from campaigns.models import MarkRow

MARK_FIELDS = (
    MarkRow.uuid,
    MarkRow.student,
    MarkRow.day,
    MarkRow.outcome,
    MarkRow.reason,
    MarkRow.device,
    MarkRow.seq,
    MarkRow.lc,
    MarkRow.supersedes,
    MarkRow.officer,
    MarkRow.device_time,
)


def mark_of(row: MarkRow) -> Mark:
    """A stored mark as the rules of attendance see it."""
    return mark_from(
        (
            row.uuid,
            row.student_id,
            row.day_id,
            row.outcome,
            row.reason,
            row.device,
            row.seq,
            row.lc,
            row.supersedes,
            row.officer_id,
            row.device_time,
        )
    )


_OUTCOMES = {outcome.value: outcome for outcome in Outcome}  # a look-up is quicker than an enum's own


def mark_from(values: Sequence[Any]) -> Mark:
    """The mark of these values, in the order of MARK_FIELDS."""
    uuid, student, day_id, outcome, reason, device, seq, lc, supersedes, officer, device_time = values
    return Mark(
        uuid,
        student or 0,
        day_id or 0,
        _OUTCOMES[outcome],
        OutcomeReason(reason) if reason else None,
        device,
        seq,
        lc,
        frozenset(json.loads(supersedes)) if supersedes != "[]" else frozenset(),
        officer or 0,
        device_time,
    )
