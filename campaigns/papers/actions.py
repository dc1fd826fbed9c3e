"""Acts of the papers: who goes out with a team, and what is written down when papers are printed."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from accounts.actions import note_access, note_change
from campaigns.papers import crew_queries
from campaigns.papers.choice import PrintedPaper
from campaigns.papers.models import CrewDevice, CrewMember
from common.access import Who


def choose_crew(who: Who, team_id: int, officers: Collection[int], devices: Collection[int]) -> None:
    """Let these officers and devices go out with a team, and no others; who is not the office's is left out.

    Raises Missing.
    """
    known = crew_queries.crew_page(who, team_id)

    chosen_officers = [account for account, _ in known.officers if account in officers]
    chosen_devices = [device for device, _ in known.devices if device in devices]

    CrewMember.delete().where(CrewMember.team == team_id).execute()
    CrewDevice.delete().where(CrewDevice.team == team_id).execute()
    for account in chosen_officers:
        CrewMember.insert(team=team_id, account=account).execute()
    for device in chosen_devices:
        CrewDevice.insert(team=team_id, device=device).execute()
    note_change(who, "crew_chosen", "team", team_id)


def note_printed(who: Who, papers: Iterable[PrintedPaper]) -> None:
    """Write down each paper that was printed."""
    for paper in papers:
        note_access(who, paper.act, paper.subject, paper.subject_id, f"students={paper.students}")
