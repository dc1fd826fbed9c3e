"""The retake day to which the end of a day's queue could go."""

from __future__ import annotations

from dataclasses import replace

from campaigns.attendance import Outcome
from campaigns.booking.basis_queries import plan_basis
from campaigns.field.opening_queries import office_opening
from campaigns.field.pace_queries import PacePage, pace_page
from campaigns.field.retake_queries import ProposedDay, proposed_days, with_all
from campaigns.retakes import DueStudent, RetakeReason, propose_retakes
from common.access import COORDINATOR, Who


def tail_retake(who: Who, page: PacePage) -> ProposedDay | None:
    """A day of its own for those whom the day will not reach, at their school; None without a tail or a free day.

    Asked as the office: an officer alone would see the teams of drafts as free.
    """
    if not page.tail or page.day.kind != "school":
        return None
    office = replace(who, role=COORDINATOR)
    school = page.day.school_id
    basis = plan_basis(office, page.day.campaign_id)
    problem = replace(basis.problem, schools=with_all(office, basis, {school}))
    # nothing came of the day yet: what would is absence, were it closed now
    waiting = [DueStudent(one.id, school, False, 0, Outcome.ABSENT, None, page.day.date) for one in page.tail]
    found = propose_retakes(waiting, problem, basis.visits, problem.calendar.starts).days
    if not found:
        return None
    names = {one.id: (f"{one.number}. {one.name}", one.class_name) for one in page.tail}
    day = replace(found[0], reason=RetakeReason.TAIL)
    (proposed,) = proposed_days(office, [day], basis, office_opening(who), names)
    return proposed


def pace_with_retake(who: Who, day_id: int) -> tuple[PacePage, ProposedDay | None]:
    """How the day goes, with the retake day for the end of its queue. Raises Missing."""
    page = pace_page(who, day_id)
    return page, tail_retake(who, page)
