"""The act that says when the office itself records."""

from __future__ import annotations

from dataclasses import asdict

from accounts.actions import note_change
from campaigns.field.models import OfficeOpening
from campaigns.field.opening import Opening
from common.access import Missing, Who
from schools.queries import teams


def save_opening(who: Who, opening: Opening) -> None:
    """Keep when the office records; days booked already stay. Raises Missing for another office's crew."""
    if not who.is_coordinator:
        raise Missing
    if opening.team_id is not None and opening.team_id not in {team.id for team in teams(who)}:
        raise Missing

    values = asdict(opening)
    values["team"] = values.pop("team_id")
    OfficeOpening.delete().where(OfficeOpening.office == who.office_id).execute()
    OfficeOpening.create(office=who.office_id, **values)
    note_change(who, "opening_saved", "office", who.office_id)
