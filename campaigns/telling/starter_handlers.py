"""Addresses of the two pages that a school begins with."""

from __future__ import annotations

import asyncio

from campaigns.starter_printing import print_starter
from campaigns.telling import starter_queries
from common import access
from common.access import Route, allow
from common.handler import Handler


class Starter(Handler):
    """What a school begins with: for one school, or without a name to be copied for all."""

    async def get(self, school_id: str | None = None) -> None:
        """The PDF."""
        address = self.full_url("home").rstrip("/")
        page = await self.read(
            starter_queries.starter, self.who, address, None if school_id is None else int(school_id)
        )
        pdf = await asyncio.to_thread(print_starter, page, self.language)
        self.pdf(pdf, f"mulai-{page.school.npsn if page.school else 'sekolah'}.pdf")


ROUTES = [
    Route("starter", r"/plan/starter\.pdf", Starter, allow(access.COORDINATOR)),
    Route(
        "school_starter",
        r"/schools/([0-9]{1,18})/starter\.pdf",
        Starter,
        allow(access.COORDINATOR, access.SCHOOL_ADMIN),
    ),
]
