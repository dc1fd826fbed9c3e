"""The first page of each role, and the office's own page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from campaigns.field.devices import KEPT_AS, name_kept
from common import access
from common.access import ROLES, Route, allow
from common.database import sqlite_version
from common.handler import Handler
from home import queries, task_queries

_FIRST_PAGES: dict[str, tuple[Callable[..., Any], str]] = {
    access.COORDINATOR: (queries.coordinator_page, "home/coordinator.html"),
    access.OFFICER: (queries.officer_page, "home/officer.html"),
    access.SCHOOL_ADMIN: (queries.school_admin_page, "home/school.html"),
    access.VIEWER: (queries.viewer_page, "home/viewer.html"),
}


class Home(Handler):
    """What must I do today."""

    async def get(self) -> None:
        """The first page of the person's role."""
        query, template = _FIRST_PAGES[self.who.role]
        page = await self.read(query, self.who, self.visit.campaign, self.today)
        device = name_kept(self.kept(KEPT_AS), self.who.office_id)
        self.page(template, page=page, device=device)


class ToDo(Handler):
    """All schools that wait for one kind of work, where the first page names only a few."""

    async def get(self, kind: str) -> None:
        """The list."""
        page = await self.read(task_queries.to_do_page, self.who, kind)
        self.page("home/to_do.html", page=page)


class Office(Handler):
    """The office: its people, teams, log and settings, and whether the server is sound."""

    async def get(self) -> None:
        """The page."""
        page = await self.read(queries.office_page, self.who)
        self.page(
            "home/office.html",
            page=page,
            sqlite=".".join(map(str, sqlite_version())) if self.store.is_sqlite else "",
            is_safe=self.store.library_is_safe,
        )


ROUTES = [
    Route("home", r"/", Home, allow(*ROLES), apart=True),
    Route("to_do", r"/to-do/([a-z_]{1,20})", ToDo, allow(access.COORDINATOR), apart=True),
    Route("office", r"/office", Office, allow(access.COORDINATOR)),
]
