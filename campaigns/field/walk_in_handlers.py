"""The search for a student who is not on the list of the day."""

from __future__ import annotations

from dataclasses import asdict

from accounts.actions import note_access
from campaigns.field import walk_in_queries
from common import access
from common.access import Route, allow
from common.handler import Handler


class WalkInSearch(Handler):
    """Search by name; names go by the body, never by the address."""

    async def get(self, day_id: str) -> None:
        """To the list."""
        self.go("field_day", int(day_id))

    async def post(self, day_id: str) -> None:
        """Who is found, for the page's script."""
        found = await self.read(
            walk_in_queries.students_by_name, self.who, int(day_id), self.sent("name", 100)
        )
        if found:
            shown = f"students={len(found)}"
            await self.note(note_access, self.who, "walk_in_searched", "recording_day", int(day_id), shown)
        self.json({"students": [asdict(student) for student in found]})


ROUTES = [
    Route(
        "walk_in_search",
        r"/days/([0-9]{1,18})/walk-in",
        WalkInSearch,
        allow(access.COORDINATOR, access.OFFICER),
    ),
]
