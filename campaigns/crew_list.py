"""What stands on the annex of a letter of duty (*lampiran surat tugas*): who goes where, with what. Facts only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from campaigns.paper import Letterhead, Printed


@dataclass(frozen=True, slots=True)
class CrewDay:
    """One visit of a team."""

    date: date
    starts: time
    ends: time
    place: str
    district: str
    students: int


@dataclass(frozen=True, slots=True)
class Crew:
    """A team as it goes out: its officers, its kits, its registered devices, its visits in the order of time."""

    name: str
    kits: int
    officers: tuple[str, ...]
    devices: tuple[str, ...]
    days: tuple[CrewDay, ...]


@dataclass(frozen=True, slots=True)
class CrewListPage:
    """The annex for a date or a span of dates: a sheet for each team, with places to sign, no student's name."""

    letterhead: Letterhead
    first: date
    last: date
    crews: tuple[Crew, ...]
    printed: Printed


def lines_for(crew: Crew) -> int:
    """How many lines the table of officers has: one an officer, and never fewer than one a kit."""
    return max(len(crew.officers), crew.kits)
