"""Why each visit is on its day, read from the plan as it stands."""

from datetime import date

from campaigns.board import Board
from campaigns.calendar import CampaignCalendar
from campaigns.capacity import Network
from campaigns.reasons import with_reasons
from campaigns.scheduling import Problem, Reason, ReasonKind, SchoolNeed, Team, Visit

WEEK = CampaignCalendar(date(2026, 8, 3), date(2026, 8, 14), date(2026, 8, 14), frozenset(range(5)))
SCHOOLS = (
    SchoolNeed("large", "Weru", 80, 60, Network.GOOD),
    SchoolNeed("full", "Weru", 50, 30, Network.GOOD),
    SchoolNeed("small", "Weru", 20, 10, Network.GOOD),
    SchoolNeed("far", "Bulu", 40, 20, Network.GOOD),
)
BOARD = Board(Problem(WEEK, (Team("A", 2),), SCHOOLS))


def visit(school: str, day: int, students: int, kind: ReasonKind = ReasonKind.OPENS_DISTRICT) -> Visit:
    return Visit(school, "A", date(2026, 8, day), students, Reason(kind))


def told(*visits: Visit) -> dict[tuple[str, int], Reason]:
    return {(str(v.school), v.date.day): v.reason for v in with_reasons(visits, BOARD)}


def test_a_visit_begins_a_district_stays_in_it_goes_on_or_shares() -> None:
    reasons = told(
        visit("large", 3, 50), visit("large", 4, 30), visit("small", 4, 20), visit("full", 5, 50), visit("far", 6, 40)
    )  # fmt: skip
    assert reasons == {
        # The full school records 50 a day, the large one 40: it would have been the first of the district.
        ("large", 3): Reason(ReasonKind.OPENS_DISTRICT, voters=60, rank=2),
        ("large", 4): Reason(ReasonKind.NEXT_DAY, voters=10),
        ("small", 4): Reason(ReasonKind.SHARES_DAY, voters=10, beside="large"),
        ("full", 5): Reason(ReasonKind.SAME_DISTRICT, voters=30, rank=1),
        ("far", 6): Reason(ReasonKind.OPENS_DISTRICT, voters=20, rank=1),
    }


def test_a_district_visited_again_is_begun_again() -> None:
    reasons = told(visit("full", 3, 50), visit("far", 4, 40), visit("small", 5, 20))
    assert reasons["small", 5].kind is ReasonKind.OPENS_DISTRICT


def test_what_was_locked_or_announced_stays_so_and_comes_first_on_its_day() -> None:
    reasons = told(visit("full", 3, 30), visit("small", 3, 20, ReasonKind.ANNOUNCED))
    assert reasons["small", 3] == Reason(ReasonKind.ANNOUNCED, voters=10)
    assert reasons["full", 3] == Reason(ReasonKind.SHARES_DAY, voters=30, beside="small")


def test_a_school_that_could_not_come_that_day_is_not_counted_before_another() -> None:
    assert (
        told(visit("full", 3, 50), visit("small", 4, 20))["small", 4].rank == 2
    )  # the large one still waits
    assert told(visit("full", 3, 50), visit("large", 4, 50), visit("small", 6, 20))["small", 6].rank == 1
