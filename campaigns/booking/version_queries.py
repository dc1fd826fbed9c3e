"""Plans kept: how the days stood after each change, and the plan that waits to be taken."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from accounts.models import Account
from campaigns.booking.basis_queries import Basis, draft_basis
from campaigns.models import Campaign, LeftOutRow, PlanProposal, PlanVersion, RecordingDay
from campaigns.plan_changes import (
    PlanFigures,
    PlannedVisit,
    SchoolChange,
    changes_between,
    figures_of,
)
from campaigns.proposal import left_out_of_text, problem_key, visits_of_text, voters_of
from campaigns.queries import LIVE_STATES, CampaignCard, campaign
from campaigns.scheduling import Visit
from common.access import Missing, Who
from common.database import rows_of
from schools.models import District, School
from schools.queries import teams

VERSIONS_SHOWN = 100


@dataclass(frozen=True, slots=True)
class KeptPlan:
    """A plan as it stood: its figures, and students without a day."""

    figures: PlanFigures
    left_out: int


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version in the list: who changed the plan, when and why, and what it came to."""

    id: int
    number: int
    why: str
    note: str
    made_by: str
    made_at: datetime
    plan: KeptPlan


@dataclass(frozen=True, slots=True)
class VersionPage:
    """A version beside the one before it (none of the first). Schools and teams are names by id."""

    campaign: CampaignCard
    line: VersionLine
    before: VersionLine | None
    changes: tuple[SchoolChange, ...]
    schools: dict[int, str]
    teams: dict[int, str]
    newest: int


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """The plan that waits, beside the one that stands. `told` counts schools that would lose a day they were told of,
    `unchanged` those whose days stay as they are.

    `short_of_bound`: voters that no plan is known to reach and none was proved not to; `fits` is False where students,
    days or calendars changed since it was made.
    """

    campaign: CampaignCard
    made_by: str
    made_at: datetime
    now: KeptPlan
    proposed: KeptPlan
    changes: tuple[SchoolChange, ...]
    unchanged: int
    told: int
    short_of_bound: int
    is_proved: bool
    fits: bool
    schools: dict[int, str]
    teams: dict[int, str]


def standing_visits(who: Who, campaign_id: int) -> tuple[PlannedVisit, ...]:
    """The live school days of a programme, those that were included."""
    query = (
        RecordingDay.select(
            RecordingDay.school,
            RecordingDay.team,
            RecordingDay.date,
            RecordingDay.planned,
            RecordingDay.planned_voters,
            RecordingDay.state,
        )
        .where(
            RecordingDay.office == who.office_id,
            RecordingDay.campaign == campaign_id,
            RecordingDay.kind == "school",
            RecordingDay.state.in_(LIVE_STATES),
        )
        .order_by(RecordingDay.date, RecordingDay.team, RecordingDay.id)
    )
    return tuple(PlannedVisit(*row) for row in rows_of(query))


def left_out_now(who: Who, campaign_id: int) -> list[tuple[int, int, str]]:
    """School, students and rule of those the last plan had no day for."""
    query = (
        LeftOutRow.select(LeftOutRow.school, LeftOutRow.students, LeftOutRow.rule)
        .join(Campaign)
        .where(LeftOutRow.campaign == campaign_id, Campaign.office == who.office_id)
    )
    return [(school, students, rule) for school, students, rule in rows_of(query.order_by(LeftOutRow.id))]


def versions(who: Who, campaign_id: int) -> tuple[CampaignCard, tuple[VersionLine, ...], bool]:
    """The programme, its versions, the newest first, and whether a plan waits to be taken. Raises Missing."""
    card = campaign(who, campaign_id)
    rows = _versions(campaign_id).order_by(PlanVersion.number.desc()).limit(VERSIONS_SHOWN)
    waits = PlanProposal.select().where(PlanProposal.campaign == campaign_id).exists()
    district_of = _districts(who)
    return card, tuple(_line(row, district_of) for row in rows), waits


def version_page(who: Who, version_id: int) -> VersionPage:
    """One version and how it differs from the one before. Raises Missing."""
    row = PlanVersion.get_or_none(PlanVersion.id == version_id, PlanVersion.office == who.office_id)
    if row is None:
        raise Missing
    found = list(
        _versions(row.campaign_id)
        .where(PlanVersion.number.in_((row.number, row.number - 1)))
        .order_by(PlanVersion.number.desc())
    )
    district_of = _districts(who)
    newest = PlanVersion.select().where(PlanVersion.campaign == row.campaign_id).count()
    before = found[1] if len(found) > 1 else None
    return VersionPage(
        campaign(who, row.campaign_id),
        _line(found[0], district_of),
        _line(before, district_of) if before else None,
        changes_between(_visits(before.days) if before else (), _visits(row.days)),
        _names(who),
        {team.id: team.name for team in teams(who)},
        newest,
    )


def proposal_page(who: Who, campaign_id: int) -> ProposalPage | None:
    """The plan that waits to be taken, beside the one that stands; None where none waits. Raises Missing."""
    basis = draft_basis(who, campaign_id)
    row = (
        PlanProposal.select(PlanProposal, Account)
        .join(Account, on=(PlanProposal.made_by == Account.id))
        .where(PlanProposal.campaign == campaign_id)
        .first()
    )
    if row is None:
        return None
    district_of = _districts(who)
    standing = standing_visits(who, campaign_id)
    proposed = proposed_visits(basis, visits_of_text(row.visits), standing)
    changes = changes_between(standing, proposed)
    left_out = sum(one.students for one in left_out_of_text(row.left_out))
    voters = sum(visit.voters for visit in proposed)
    return ProposalPage(
        basis.campaign,
        row.made_by.name,
        row.made_at,
        KeptPlan(figures_of(standing, district_of), _without_a_day(basis)),
        KeptPlan(figures_of(proposed, district_of), left_out),
        changes,
        len({visit.school for visit in (*standing, *proposed)}) - len(changes),
        sum(change.was_told for change in changes),
        max(0, row.bound_voters - voters),
        row.is_proved,
        row.basis == problem_key(basis.problem),
        _names(who),
        {team.id: team.name for team in teams(who)},
    )


def proposed_visits(
    basis: Basis, visits: tuple[Visit, ...], standing: tuple[PlannedVisit, ...]
) -> tuple[PlannedVisit, ...]:
    """A plan's visits as they would stand: days that are there stay as they are, and past ones are kept."""
    there: dict[tuple[Any, Any, date], PlannedVisit] = {
        (visit.school, visit.team, visit.date): visit for visit in standing
    }
    voters = voters_of(visits, basis.problem)
    asked = {visit.key for visit in visits}
    past = [visit for visit in standing if visit.date < basis.problem.calendar.starts]
    new = [
        there[visit.key]
        if visit.key in there
        and there[visit.key].state != "draft"
        and (visit.key not in basis.loose or visit.students >= there[visit.key].students)
        else PlannedVisit(
            int(visit.school), int(visit.team), visit.date, visit.students, voters[visit.key], "draft"
        )
        for visit in visits
    ]
    kept = [visit for visit in past if (visit.school, visit.team, visit.date) not in asked]
    return tuple(sorted((*kept, *new), key=lambda one: (one.date, one.team)))


def _without_a_day(basis: Basis) -> int:
    planned = sum(visit.students for visit in basis.visits)
    return max(0, sum(need.target for need in basis.problem.schools) - planned)


def _versions(campaign_id: int) -> Any:
    return (
        PlanVersion.select(PlanVersion, Account)
        .join(Account, on=(PlanVersion.made_by == Account.id))
        .where(PlanVersion.campaign == campaign_id)
    )


def _line(row: PlanVersion, district_of: dict[int, str]) -> VersionLine:
    left_out = sum(students for _, students, _ in json.loads(row.left_out))
    plan = KeptPlan(figures_of(_visits(row.days), district_of), left_out)
    return VersionLine(row.id, row.number, row.why, row.note, row.made_by.name, row.made_at, plan)


def _visits(text: str) -> tuple[PlannedVisit, ...]:
    return tuple(
        PlannedVisit(school, team, date.fromisoformat(day), students, voters, state)
        for school, team, day, students, voters, state in json.loads(text)
    )


def _districts(who: Who) -> dict[int, str]:
    query = School.select(School.id, District.code).join(District).where(School.office == who.office_id)
    return dict(rows_of(query))


def _names(who: Who) -> dict[int, str]:
    return dict(rows_of(School.select(School.id, School.name).where(School.office == who.office_id)))
