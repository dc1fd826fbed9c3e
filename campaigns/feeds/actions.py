"""The unguessable address of a calendar: made, and made anew."""

from __future__ import annotations

from accounts.actions import note_change
from campaigns.models import CalendarFeed
from common import clock
from common.access import Who
from common.tokens import new_token
from schools.queries import school, team


def renew_school_feed(who: Who, school_id: int) -> None:
    """Give a school's calendar a new address; the one before opens nothing any more. Raises Missing."""
    school(who, school_id)
    CalendarFeed.delete().where(
        CalendarFeed.office == who.office_id, CalendarFeed.school == school_id
    ).execute()
    CalendarFeed.insert(
        office=who.office_id,
        school=school_id,
        token=new_token(),
        made_by=who.account_id,
        made_at=clock.now(),
    ).execute()
    note_change(who, "calendar_address_made", "school", school_id)


def renew_team_feed(who: Who, team_id: int) -> None:
    """Give a team's calendar a new address; the one before opens nothing any more. Raises Missing."""
    team(who, team_id)
    CalendarFeed.delete().where(CalendarFeed.office == who.office_id, CalendarFeed.team == team_id).execute()
    CalendarFeed.insert(
        office=who.office_id,
        team=team_id,
        token=new_token(),
        made_by=who.account_id,
        made_at=clock.now(),
    ).execute()
    note_change(who, "calendar_address_made", "team", team_id)
