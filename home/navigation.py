"""At most six entries of navigation for each role, the same order everywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from common import access
from common.access import Who
from common.i18n import N_


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry of the navigation."""

    label: str
    url: str
    current: bool


# route name, label, the first words of the paths that belong to it
_ENTRIES: dict[str, tuple[tuple[str, str, tuple[str, ...]], ...]] = {
    access.COORDINATOR: (
        ("home", N_("Home"), ()),
        ("schools", N_("Schools"), ("/schools", "/rosters", "/students", "/fixes", "/residents")),
        ("plan", N_("Plan"), ("/plan", "/days", "/campaigns", "/papers")),
        ("retakes", N_("Retakes"), ("/retakes",)),
        ("coverage", N_("Coverage"), ("/coverage",)),
        ("office", N_("Office"), ("/office", "/teams", "/people", "/audit", "/device")),
    ),
    access.OFFICER: (
        ("home", N_("Recording days"), ("/days",)),
        ("schools", N_("Schools"), ("/schools",)),
        ("coverage", N_("Coverage"), ("/coverage",)),
    ),
    access.SCHOOL_ADMIN: (
        ("home", N_("Home"), ()),
        ("my_rosters", N_("Student data"), ("/rosters", "/schools", "/students", "/fixes")),
        ("my_days", N_("Recording days"), ("/days",)),
        ("coverage", N_("Coverage"), ("/coverage",)),
    ),
    access.VIEWER: (("home", N_("Home"), ()), ("coverage", N_("Coverage"), ("/coverage",))),
}


def navigation(
    who: Who | None, path: str, url: Callable[[str], str], translated: Callable[[str], str]
) -> list[NavItem]:
    """The entries for the person who asks, seen from the page at `path`; nothing for who is not signed in."""
    if who is None:
        return []
    return [
        NavItem(
            translated(label),
            url(name),
            path == url(name) or any(path.startswith(first) for first in belongs),
        )
        for name, label, belongs in _ENTRIES[who.role]
    ]
