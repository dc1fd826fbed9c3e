"""Rule: which schools closed dates concern (exam weeks, internship), entered once for all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from campaigns.calendar import Span

LEVELS = ("SMA", "SMK", "MA", "SLB")


class Reach(StrEnum):
    """Whom closed dates concern: every school of the office, those of some levels, of a district, or some by name."""

    ALL = "all"
    LEVEL = "level"
    DISTRICT = "district"
    SCHOOLS = "schools"


@dataclass(frozen=True, slots=True)
class SchoolFacts:
    """What decides whether closed dates concern a school."""

    id: int
    level: str
    district_id: int


@dataclass(frozen=True, slots=True)
class ClosedDates:
    """Dates on which schools cannot be visited. Of levels, district and schools only what `reach` asks for counts."""

    span: Span
    reach: Reach
    levels: frozenset[str] = frozenset()
    district_id: int | None = None
    school_ids: frozenset[int] = frozenset()

    def concerns(self, school: SchoolFacts) -> bool:
        """Whether that school is closed then. A school that comes later is judged by the same words."""
        match self.reach:
            case Reach.ALL:
                return True
            case Reach.LEVEL:
                return school.level in self.levels
            case Reach.DISTRICT:
                return school.district_id == self.district_id
            case Reach.SCHOOLS:
                return school.id in self.school_ids


def spans_of(school: SchoolFacts, closed: Iterable[ClosedDates]) -> list[Span]:
    """The spans in which that school is closed, in the order of dates."""
    return sorted(
        (dates.span for dates in closed if dates.concerns(school)),
        key=lambda span: (span.first, span.last, span.name),
    )
