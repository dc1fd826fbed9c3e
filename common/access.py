"""Who may ask for what: a route without a row here is answered to nobody (default-deny)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

ANYONE = "anyone"
COORDINATOR = "coordinator"
OFFICER = "officer"
SCHOOL_ADMIN = "school_admin"
VIEWER = "viewer"
ROLES = (COORDINATOR, OFFICER, SCHOOL_ADMIN, VIEWER)


class Missing(Exception):
    """Not there, or not for the person who asks: both are answered with the same 404."""


@dataclass(frozen=True, slots=True)
class Who:
    """The signed-in person who asks. Every query and action that serves a person takes one first."""

    account_id: int
    office_id: int
    role: str
    name: str
    office_name: str
    time_zone: str
    school_id: int | None = None

    @property
    def is_coordinator(self) -> bool:
        """Whether this person runs the office's programme."""
        return self.role == COORDINATOR

    def may_see_school(self, school_id: int | None) -> bool:
        """Whether this person may see people of that school of the own office."""
        if self.role == SCHOOL_ADMIN:
            return school_id is not None and school_id == self.school_id
        return self.role in (COORDINATOR, OFFICER)


@dataclass(frozen=True, slots=True)
class Visit:
    """What is known of a request before its handler runs: the person and the programme in view."""

    who: Who | None
    language: str = ""
    campaign: Any = None


@dataclass(frozen=True, slots=True)
class Route:
    """An address of the program: its name, pattern, handler, and which roles it answers.

    `allow` holds role names, or ANYONE for people who are not signed in. `apart` says that its page needs nothing but
    the database and is asked for often, so that a process of its own may make it (`common/page_processes.py`).
    """

    name: str
    pattern: str
    handler: type
    allow: frozenset[str]
    settings: dict[str, Any] = field(default_factory=dict)
    apart: bool = False


def allow(*roles: str) -> frozenset[str]:
    """The roles a route answers. Raises ValueError for none, or a role that does not exist."""
    unknown = set(roles) - {*ROLES, ANYONE}
    if unknown or not roles:
        raise ValueError(
            f"roles {sorted(unknown)} do not exist" if unknown else "a route must name its roles"
        )
    return frozenset(roles)
