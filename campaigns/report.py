"""What stands on the report for the head of the office: facts only. `campaigns.report_printing` gives them words.

There is no place here for anything of a single student.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from campaigns.charts import Bars, BurnUp
from campaigns.coverage import Coverage, together
from campaigns.coverage_book import DistrictRow
from campaigns.forecast import ObservedPace, Outlooks
from campaigns.paper import Letterhead, Printed
from campaigns.school_mends import Mend

MOST_DISTRICTS = 20
"""Districts that are named on the first page; what is beyond stands in one line together."""
MOST_SCHOOLS = 10
"""Schools at risk that are named on the second page."""


@dataclass(frozen=True, slots=True)
class SchoolAtRisk:
    """A school whose voters the days that stand do not reach; `mend` is what is least trouble, by `team`."""

    name: str
    district: str
    voters_left: int
    left: int
    days: tuple[date, ...]
    mend: Mend | None
    team: str = ""


@dataclass(frozen=True, slots=True)
class ReportPage:
    """The programme as it stands, in figures. `at_risk` are all schools at risk, most voters first."""

    letterhead: Letterhead
    campaign: str
    voting_day: date
    voting_day_is_fixed: bool
    today: date
    total: Coverage
    districts: tuple[DistrictRow, ...]
    burn: BurnUp
    bars: Bars
    outcomes: tuple[int, int, int]
    pace: ObservedPace | None
    outlooks: Outlooks
    at_risk: tuple[SchoolAtRisk, ...]
    printed: Printed


def shown_districts(rows: tuple[DistrictRow, ...]) -> tuple[tuple[DistrictRow, ...], int, DistrictRow | None]:
    """The districts to name, those with most left first; how many others there are, and what they have together."""
    ordered = sorted(rows, key=lambda row: (-row.coverage.left, row.name))
    if len(ordered) <= MOST_DISTRICTS:
        return tuple(ordered), 0, None
    shown, others = ordered[: MOST_DISTRICTS - 1], ordered[MOST_DISTRICTS - 1 :]
    rest = DistrictRow("", sum(row.schools for row in others), together(row.coverage for row in others))
    return tuple(shown), len(others), rest
