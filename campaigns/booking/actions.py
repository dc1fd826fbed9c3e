"""Acts on a programme and its plan: load, decide, save, in one transaction that holds the programme's row."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from peewee import Case, fn

from accounts.actions import note_change
from campaigns.actions import refresh_standings, refresh_tallies
from campaigns.booking.basis_queries import Basis, loosened, plan_basis, stands_for
from campaigns.booking.hours import Hours, OnTheDay, hours_of
from campaigns.booking.place_queries import seating_of
from campaigns.booking.settings import CampaignSettings
from campaigns.booking.version_actions import keep_version
from campaigns.capacity import Network, Rates
from campaigns.models import Booking, Campaign, CampaignPause, CampaignTeam, LeftOutRow, MarkRow, RecordingDay
from campaigns.places import Unplaced
from campaigns.proposal import voters_of
from campaigns.queries import LIVE_STATES, CutOffs, DayCard, is_voter
from campaigns.scheduling import Plan, Visit, with_parts
from campaigns.told_actions import note_told
from common import clock
from common.access import COORDINATOR, Missing, Who
from common.database import db, rows_of
from schools.models import School, Student, Team


@dataclass(frozen=True, slots=True)
class PlanSaved:
    """What a new plan brought: draft days, schools with one, and students left out."""

    days: int
    schools: int
    left_out: int


@dataclass(frozen=True, slots=True)
class PlacesGiven:
    """What giving places did: how many students got one now, how many have one, and who has none."""

    new: int
    placed: int
    unplaced: tuple[Unplaced, ...]


class BasisChanged(Exception):
    """Students, days or calendars changed while the plan was being made: it would not fit any more."""


def save_campaign(who: Who, settings: CampaignSettings, campaign_id: int | None = None) -> int:
    """Open a programme, or change one; answers its id. The counts of every school follow.

    Raises Missing for a programme or a team that is not the office's.
    """
    _coordinator(who)
    wanted = set(settings.team_ids)
    known = Team.select(Team.id).where(Team.office == who.office_id, Team.id.in_(wanted))
    if {team.id for team in known} != wanted:
        raise Missing
    values = {
        name: getattr(settings, name)
        for name in CampaignSettings.__dataclass_fields__
        if name not in ("team_ids", "pauses")
    }

    if campaign_id is None:
        campaign_id = Campaign.create(office=who.office_id, created_at=clock.now(), **values).id
        act = "campaign_opened"
    else:
        hold_campaign(who, campaign_id)
        Campaign.update(**values).where(Campaign.id == campaign_id).execute()
        CampaignTeam.delete().where(CampaignTeam.campaign == campaign_id).execute()
        CampaignPause.delete().where(CampaignPause.campaign == campaign_id).execute()
        act = "campaign_edited"
    for team_id in settings.team_ids:
        CampaignTeam.insert(campaign=campaign_id, team=team_id).execute()
    for pause in settings.pauses:
        CampaignPause.insert(
            campaign=campaign_id,
            from_date=pause.from_date,
            to_date=pause.to_date,
            reason=pause.reason,
            urgent_allowed=pause.urgent_allowed,
        ).execute()
    schools = School.select(School.id).where(School.office == who.office_id)
    refresh_tallies(campaign_id, [school.id for school in schools])
    note_change(who, act, "campaign", campaign_id)
    return campaign_id


def save_plan(who: Who, basis: Basis, plan: Plan, note: str = "") -> PlanSaved:
    """Put a plan's days in the place of the drafts, and of the loose days that it does not keep.

    These are postponed, with the `note`. Raises BasisChanged when what the plan was made from is no longer so.
    """
    _coordinator(who)
    campaign_id = basis.campaign.id
    hold_campaign(who, campaign_id)
    now = loosened(plan_basis(who, campaign_id, basis.problem.calendar.starts, basis.problem.new_from))
    if now.problem != basis.problem:
        raise BasisChanged

    planned = {visit.key: visit.students for visit in plan.visits}
    kept = {key for key in now.loose if planned.get(key, 0) >= now.days[key].planned}
    told = kept | {(day.school, day.team, day.date) for day in now.problem.locked}
    new = [visit for visit in with_parts(plan.visits) if visit.key not in told]
    voters = voters_of(plan.visits, now.problem)

    RecordingDay.delete().where(
        RecordingDay.campaign == campaign_id,
        RecordingDay.kind == "school",
        RecordingDay.state == "draft",
        RecordingDay.is_locked == False,
    ).execute()
    for key in sorted(now.loose - kept):
        call_off(who, now.days[key], "postponed", note)
    by_team_day: dict[tuple[int, date], list[Visit]] = defaultdict(list)
    for visit in new:
        by_team_day[int(visit.team), visit.date].append(visit)
    for (team_id, day), visits in by_team_day.items():
        _add_drafts(who, now, team_id, day, visits, voters)
    for team_id, day in _half_days(campaign_id):
        if (team_id, day) not in by_team_day:
            arrange_team_day(who, campaign_id, team_id, day)
    _number_told_days(now, plan)
    LeftOutRow.delete().where(LeftOutRow.campaign == campaign_id).execute()
    for row in plan.left_out:
        LeftOutRow.insert(
            campaign=campaign_id, school=row.school, students=row.students, rule=row.rule.value
        ).execute()
    left_out = sum(row.students for row in plan.left_out)
    note_change(who, "plan_made", "campaign", campaign_id, f"days={len(new)} left_out={left_out}")
    keep_version(who, campaign_id, "plan_made")
    return PlanSaved(len(new), len({visit.school for visit in new}), left_out)


def discard_drafts(who: Who, campaign_id: int) -> int:
    """Take the draft days away; answers how many. What schools were told of stays. Raises Missing."""
    _coordinator(who)
    hold_campaign(who, campaign_id)
    count = (
        RecordingDay.delete()
        .where(
            RecordingDay.campaign == campaign_id,
            RecordingDay.kind == "school",
            RecordingDay.state == "draft",
            RecordingDay.is_locked == False,
        )
        .execute()
    )
    LeftOutRow.delete().where(LeftOutRow.campaign == campaign_id).execute()
    for team_id, day in _half_days(campaign_id):
        arrange_team_day(who, campaign_id, team_id, day)
    note_change(who, "drafts_discarded", "campaign", campaign_id, f"days={count}")
    keep_version(who, campaign_id, "drafts_discarded")
    return count


def give_places(who: Who, campaign_id: int, school_id: int) -> PlacesGiven:
    """Give every student of a school that needs one a place on its announced days; who has one keeps it.

    The days' counts follow. Call it in the transaction that announces or confirms. Raises Missing.
    """
    hold_campaign(who, campaign_id)
    seating = seating_of(who, campaign_id, school_id)

    before = {(place.student, place.day) for place in seating.before}
    after = {(place.student, place.day) for place in seating.after.placed}
    gone = before - after
    new = [place for place in seating.after.placed if (place.student, place.day) not in before]

    for student_id, day_id in gone:
        Booking.delete().where(Booking.day == day_id, Booking.student == student_id).execute()
    rows = [(place.day, place.student, place.number, f"{place.starts:%H:%M}") for place in new]
    fields = [Booking.day, Booking.student, Booking.queue_number, Booking.slot]
    for start in range(0, len(rows), 200):
        Booking.insert_many(rows[start : start + 200], fields=fields).execute()
    if gone or new:
        count_places(who, campaign_id, [day.id for day in seating.days])
        refresh_tallies(campaign_id, [school_id])
        note_change(who, "places_given", "school", school_id, f"new={len(new)} gone={len(gone)}")
    return PlacesGiven(len(new), len(after), seating.after.unplaced)


def count_places(who: Who, campaign_id: int, day_ids: Iterable[int]) -> None:
    """Write down how many students, and voters among them, have a place on these days."""
    campaign = Campaign.get(Campaign.id == campaign_id, Campaign.office == who.office_id)
    voter = Case(None, [(is_voter(CutOffs.of(campaign)), 1)], 0)
    booked = (
        Booking.select(Booking.day, fn.COUNT(Booking.id), fn.SUM(voter)).join(Student).group_by(Booking.day)
    )
    counts = dict.fromkeys(day_ids, (0, 0))
    for day_id, students, voters in rows_of(booked.where(Booking.day.in_(list(counts)))):
        counts[day_id] = students, int(voters)
    for day_id, (students, voters) in counts.items():
        RecordingDay.update(planned=students, planned_voters=voters).where(
            RecordingDay.id == day_id
        ).execute()


def arrange_team_day(who: Who, campaign_id: int, team_id: int, day: date) -> None:
    """Give the visits of a team's day their halves, hours and capacity anew, after one came or went.

    Raises campaigns.booking.hours.TeamDayFull when they cannot share the day.
    """
    rows = list(
        RecordingDay.select().where(
            RecordingDay.office == who.office_id,
            RecordingDay.team == team_id,
            RecordingDay.date == day,
            RecordingDay.state.in_(LIVE_STATES),
        )
    )
    # Whoever has the morning stays first: the index that keeps halves apart refuses a swap.
    rows.sort(key=lambda row: (not row.takes_morning, row.starts_at, row.id))
    if not rows or any(row.campaign_id != campaign_id for row in rows):
        return
    campaign = Campaign.get_by_id(campaign_id)
    rates = Rates(Fraction(campaign.rate_good), Fraction(campaign.rate_poor))
    schools = School.select(School.id, School.network).where(School.id.in_([row.school_id for row in rows]))
    networks = dict(rows_of(schools))
    team = Team.get_by_id(team_id)
    visits = [
        OnTheDay(
            row.planned,
            rates.units_per_student(Network(networks[row.school_id])),
            None if row.state == "draft" else _told(row),
        )
        for row in rows
    ]
    hours = hours_of(visits, team.kits * rates.units_per_kit_day, campaign.day_start, campaign.day_end)
    # The one that gives up a half first, or the index that keeps halves apart would refuse the other.
    for row, its in sorted(zip(rows, hours, strict=True), key=lambda pair: _halves(pair[1])):
        if _told(row) != its:
            RecordingDay.update(**_columns(its)).where(RecordingDay.id == row.id).execute()


def call_off(who: Who, card: DayCard, state: str, note: str) -> None:
    """Cancel or postpone a day; its students need one again. The programme is held by the caller."""
    students = {row.student_id for row in Booking.select(Booking.student).where(Booking.day == card.id)}
    marks = MarkRow.select(MarkRow.student).where(MarkRow.day == card.id, MarkRow.student.is_null(False))
    students |= {row.student_id for row in marks if row.student_id}

    RecordingDay.update(state=state, note=note).where(RecordingDay.id == card.id).execute()
    arrange_team_day(who, card.campaign_id, card.team_id, card.date)
    number_parts(who, card.campaign_id, card.school_id)
    refresh_standings(card.campaign_id, students)
    note_change(who, f"day_{state}", "recording_day", card.id)
    if card.state != "draft":
        note_told(who, state, [card.id], {card.id: card})


def number_parts(who: Who, campaign_id: int, school_id: int) -> None:
    """Count a school's live days: first of two, second of two."""
    rows = list(
        RecordingDay.select(RecordingDay.id)
        .where(
            RecordingDay.office == who.office_id,
            RecordingDay.campaign == campaign_id,
            RecordingDay.school == school_id,
            RecordingDay.kind == "school",
            RecordingDay.state.in_(LIVE_STATES),
            RecordingDay.state != "closed",
        )
        .order_by(RecordingDay.date, RecordingDay.starts_at)
    )
    for number, row in enumerate(rows, 1):
        RecordingDay.update(part=number, of_parts=len(rows)).where(RecordingDay.id == row.id).execute()


def hold_campaign(who: Who, campaign_id: int) -> Campaign:
    """The programme, its row locked until the transaction ends where the database has more than one writer.

    Whoever changes days or places holds it, so that two of them never decide from the same moment. Raises Missing.
    """
    query = Campaign.select().where(Campaign.id == campaign_id, Campaign.office == who.office_id)
    if db.for_update:
        query = query.for_update()
    found = query.first()
    if found is None:
        raise Missing
    return found


def _coordinator(who: Who) -> None:
    if who.role != COORDINATOR:
        raise Missing


def _add_drafts(
    who: Who,
    basis: Basis,
    team_id: int,
    day: date,
    visits: list[Visit],
    voters: dict[tuple[object, object, date], int],
) -> None:
    """The new visits of one team's day, beside one that a school was told of where there is."""
    card = basis.campaign
    needs = {need.id: need for need in basis.problem.schools}
    rates = basis.problem.rates
    kits = next(team.kits for team in basis.problem.teams if team.id == team_id)
    told = list(
        RecordingDay.select().where(
            RecordingDay.team == team_id, RecordingDay.date == day, RecordingDay.state.in_(LIVE_STATES)
        )
    )
    on_the_day = [
        OnTheDay(row.planned, rates.units_per_student(needs[row.school_id].network), _told(row))
        for row in told
    ]
    on_the_day += [
        OnTheDay(visit.students, rates.units_per_student(needs[visit.school].network)) for visit in visits
    ]
    hours = hours_of(on_the_day, kits * rates.units_per_kit_day, card.day_start, card.day_end)
    for row, its in zip(told, hours, strict=False):
        RecordingDay.update(**_columns(its)).where(RecordingDay.id == row.id).execute()
    for visit, its in zip(visits, hours[len(told) :], strict=True):
        RecordingDay.insert(
            office=who.office_id,
            campaign=card.id,
            date=day,
            team=team_id,
            school=visit.school,
            kind="school",
            state="draft",
            planned=visit.students,
            planned_voters=voters[visit.key],
            part=visit.part,
            of_parts=visit.of,
            reason=json.dumps(
                {
                    "kind": visit.reason.kind.value,
                    "voters": visit.reason.voters,
                    "rank": visit.reason.rank,
                }
            ),
            created_at=clock.now(),
            **_columns(its),
        ).execute()


def _number_told_days(basis: Basis, plan: Plan) -> None:
    """Tell the days that stay which of how many they are now, where a new day came beside them."""
    for visit in with_parts(plan.visits):
        told = basis.days.get(visit.key)
        if told is not None and stands_for(told) and (told.part, told.of_parts) != (visit.part, visit.of):
            RecordingDay.update(part=visit.part, of_parts=visit.of).where(
                RecordingDay.id == told.id
            ).execute()


def _half_days(campaign_id: int) -> list[tuple[int, date]]:
    """Team days of which a school was told one half while nobody has the other any more."""
    query = (
        RecordingDay.select(RecordingDay.team, RecordingDay.date)
        .where(RecordingDay.campaign == campaign_id, RecordingDay.state.in_(LIVE_STATES))
        .group_by(RecordingDay.team, RecordingDay.date)
        .having(
            (fn.COUNT(RecordingDay.takes_morning) + fn.COUNT(RecordingDay.takes_afternoon) == 1)
            & (fn.COUNT(RecordingDay.id) == 1)
        )
        .order_by(RecordingDay.date, RecordingDay.team)
    )
    return [(team_id, day) for team_id, day in rows_of(query)]


def _told(row: RecordingDay) -> Hours:
    return Hours(bool(row.takes_morning), bool(row.takes_afternoon), row.starts_at, row.ends_at, row.capacity)


def _columns(hours: Hours) -> dict[str, object]:
    return {
        "takes_morning": 1 if hours.morning else None,
        "takes_afternoon": 1 if hours.afternoon else None,
        "starts_at": hours.starts_at,
        "ends_at": hours.ends_at,
        "capacity": hours.capacity,
    }


def _halves(hours: Hours) -> int:
    return hours.morning + hours.afternoon
