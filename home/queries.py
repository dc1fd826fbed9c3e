"""What is known of a visit before its page is made, and what each role must do today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from peewee import fn

from accounts.models import Account, Invitation, Office
from accounts.queries import OfficeCard, identity_of, office_card
from campaigns.coverage import Coverage
from campaigns.field.count_queries import day_counts
from campaigns.field.queries import OfficerDay, days_of_officer
from campaigns.models import RecordingDay
from campaigns.progress.forecast_queries import RiskLine, at_risk
from campaigns.progress.queries import coverage_of, days_between
from campaigns.queries import CampaignCard, current_campaign
from common.access import SCHOOL_ADMIN, Visit, Who
from common.prepared import Given, Prepared
from home.task_queries import ANSWERABLE, Task, coordinator_tasks, school_tasks
from schools.models import School, Student, Team


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """What a new office has done already of what makes the programme run; the steps stand in their order."""

    has_schools: bool
    has_teams: bool
    has_campaign: bool
    has_admins: bool
    has_students: bool
    has_days: bool

    @property
    def are_done(self) -> bool:
        """Whether nothing of the beginning is left."""
        return all(
            (
                self.has_schools,
                self.has_teams,
                self.has_campaign,
                self.has_admins,
                self.has_students,
                self.has_days,
            )
        )


@dataclass(frozen=True, slots=True)
class CoordinatorPage:
    """The coordinator's day: what is out today, what comes next, what waits, how far the programme is."""

    steps: FirstSteps
    today: tuple[OfficerDay, ...]
    next_date: date | None
    next_days: tuple[OfficerDay, ...]
    tasks: tuple[Task, ...]
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class OfficerPage:
    """The officer's days: earlier ones nobody closed, today's, and those of the coming two weeks."""

    not_closed: tuple[OfficerDay, ...]
    today: tuple[OfficerDay, ...]
    coming: tuple[OfficerDay, ...]


@dataclass(frozen=True, slots=True)
class SchoolAdminPage:
    """What the school has to do now, its coming days, and how far its students are."""

    tasks: tuple[Task, ...]
    days: tuple[OfficerDay, ...]
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class ViewerPage:
    """Figures for the head of the office, and the schools whose voters the plan does not reach."""

    coverage: Coverage
    at_risk: tuple[RiskLine, ...]


@dataclass(frozen=True, slots=True)
class OfficePage:
    """The office as its letters name it, and how many people and teams it has."""

    office: OfficeCard
    people: int
    teams: int
    schools: int


def visit_of(token: str, chosen: int | None = None) -> tuple[Visit, bool]:
    """Who comes with this session, the programme in view (`chosen`: by its number, where the person did), and whether
    to write the session down as seen."""
    identity = identity_of(token)
    if identity is None:
        return Visit(None), False
    campaign = current_campaign(identity.who, chosen)
    return Visit(identity.who, identity.language, campaign), identity.is_due_a_touch


def coordinator_page(who: Who, campaign: CampaignCard | None, today: date) -> CoordinatorPage:
    """What the coordinator must do today, the urgent first."""
    days = _lines(
        who, today, today + timedelta(weeks=6), ("proposed", "change_asked", "confirmed", "open", "closed")
    )
    later = [line for line in days if line.day.date > today]
    next_date = later[0].day.date if later else None
    coverage = coverage_of(who, campaign.id) if campaign is not None else Coverage()
    return CoordinatorPage(
        steps=first_steps(who, campaign),
        today=tuple(line for line in days if line.day.date == today),
        next_date=next_date,
        next_days=tuple(line for line in later if line.day.date == next_date),
        tasks=coordinator_tasks(who, campaign, today),
        coverage=coverage,
    )


def officer_page(who: Who, campaign: CampaignCard | None, today: date) -> OfficerPage:
    """The office's recording days of today and of the coming two weeks, and those nobody closed."""
    days = days_of_officer(who, today)
    return OfficerPage(
        not_closed=tuple(line for line in days if line.day.date < today),
        today=tuple(line for line in days if line.day.date == today),
        coming=tuple(line for line in days if line.day.date > today),
    )


def viewer_page(who: Who, campaign: CampaignCard | None, today: date) -> ViewerPage:
    """The office's coverage and its schools at risk."""
    if campaign is None:
        return ViewerPage(Coverage(), ())
    return ViewerPage(coverage_of(who, campaign.id), at_risk(who, campaign))


def first_steps(who: Who, campaign: CampaignCard | None) -> FirstSteps:
    """Which of the first steps of a new office are done."""
    (there,) = _THERE.rows(office=who.office_id)
    has_admin, has_invited, has_schools, has_teams, has_students, has_days = map(bool, there)
    return FirstSteps(
        has_schools=has_schools,
        has_teams=has_teams,
        has_campaign=campaign is not None,
        has_admins=has_admin or has_invited,
        has_students=has_students,
        has_days=has_days,
    )


def _there(given: Given) -> Any:
    """Whether the office has each of these, as one row."""

    def has(kind: Any, *conditions: Any) -> Any:
        return fn.EXISTS(kind.select(kind.id).where(kind.office == given("office"), *conditions))

    return Office.select(
        has(Account, Account.role == SCHOOL_ADMIN),
        has(Invitation, Invitation.role == SCHOOL_ADMIN),
        has(School),
        has(Team, Team.is_active == True),
        has(Student),
        has(RecordingDay),
    ).where(Office.id == given("office"))


_THERE = Prepared(_there)


def office_page(who: Who) -> OfficePage:
    """The office, with how many people, teams and schools it has."""
    ours = who.office_id
    return OfficePage(
        office=office_card(who),
        people=Account.select().where(Account.office == ours, Account.disabled_at.is_null()).count(),
        teams=Team.select().where(Team.office == ours, Team.is_active).count(),
        schools=School.select().where(School.office == ours).count(),
    )


def _lines(who: Who, first: date, last: date, states: tuple[str, ...]) -> tuple[OfficerDay, ...]:
    cards = days_between(who, first, last, states)
    counts = day_counts(who, [card.id for card in cards])
    return tuple(OfficerDay(card, counts[card.id]) for card in cards)


def school_admin_page(who: Who, campaign: CampaignCard | None, today: date) -> SchoolAdminPage:
    """What the school has to do now, its coming days, and how far its students are."""
    days = _lines(who, today, today + timedelta(weeks=26), ANSWERABLE)
    coverage = coverage_of(who, campaign.id) if campaign is not None else Coverage()
    return SchoolAdminPage(school_tasks(who, days), days, coverage)
