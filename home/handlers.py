"""The first page of each role."""

from __future__ import annotations

from common.access import ROLES, Route, allow
from common.handler import Handler


class Home(Handler):
    """What must I do today."""

    async def get(self) -> None:
        """The page."""
        self.page("home/home.html")


ROUTES = [Route("home", r"/", Home, allow(*ROLES))]
