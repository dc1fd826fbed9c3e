"""A plan is made beside the one that stands, looked at, taken or put aside; every version is kept; what if."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from campaigns.booking import actions, day_actions
from campaigns.booking.basis_queries import draft_basis
from campaigns.models import Booking, OfficeDay, PlanProposal, PlanVersion
from campaigns.plan_changes import ChangeKind, PlannedVisit, changes_between, figures_of
from campaigns.planning import make_plan
from campaigns.proposal import left_out_of_text, left_out_text, problem_key, visits_of_text, visits_text
from campaigns.what_if import WhatIf, under
from common import clock
from common.database import Store
from ground.booking_office import MONDAY, Office, open_office, people
from ground.site import Site
from schools.actions import insert_students
from schools.models import Team

DAY = date(2026, 8, 10)


def visit(school: int, day: int, students: int = 20, team: int = 1, state: str = "draft") -> PlannedVisit:
    return PlannedVisit(school, team, DAY + timedelta(days=day), students, students // 2, state)


@pytest.fixture(autouse=True)
def on_monday() -> Iterator[None]:
    with clock.fixed_at(MONDAY):
        yield


@pytest.fixture
def quick(sqlite_store: Store) -> Office:
    return open_office(sqlite_store)


@pytest.fixture
def site(quick: Office, tmp_path: Path) -> Iterator[Site]:
    with Site(quick.store, tmp_path) as running:
        yield running


def newcomers(office: Office, school: str, count: int, first: int = 500) -> None:
    office.store.write_now(
        insert_students, office.sari.office_id, office.school_ids[school], people(count, first)
    )


def versions(office: Office) -> list[tuple[int, str, str]]:
    return office.store.read_now(
        lambda: [(row.number, row.why, row.note) for row in PlanVersion.select().order_by(PlanVersion.number)]
    )


def test_what_changes_between_two_plans_is_told_school_by_school() -> None:
    before = [visit(1, 0), visit(2, 1, state="proposed"), visit(3, 2), visit(4, 3), visit(5, 4)]
    after = [visit(1, 0), visit(2, 5), visit(3, 2, 18), visit(4, 3), visit(6, 4)]
    changes = changes_between(before, after)
    assert [(one.school, one.kind, one.was_told) for one in changes] == [
        (2, ChangeKind.MOVED, True),
        (3, ChangeKind.STUDENTS, False),
        (5, ChangeKind.GONE, False),
        (6, ChangeKind.NEW, False),
    ]
    assert changes_between(before, before) == ()


def test_only_days_that_differ_are_named_and_a_lost_day_is_no_other_day() -> None:
    was = [visit(1, 0, state="closed"), visit(1, 5), visit(2, 1), visit(2, 2), visit(3, 3, state="closed")]
    becomes = [
        visit(1, 0, state="closed"),
        visit(2, 1),
        visit(2, 6),
        visit(3, 3, state="closed"),
        visit(3, 7),
    ]
    changes = {one.school: one for one in changes_between(was, becomes)}
    assert {school: one.kind for school, one in changes.items()} == {
        1: ChangeKind.LOST,
        2: ChangeKind.MOVED,
        3: ChangeKind.NEW,
    }
    assert (changes[1].before, changes[1].after, changes[1].kept) == ((was[1],), (), 1)
    assert (changes[2].before, changes[2].after, changes[2].kept) == ((was[3],), (becomes[2],), 1)
    assert (changes[3].before, changes[3].after, changes[3].kept) == ((), (becomes[4],), 1)


def test_the_figures_of_a_plan_count_team_days_and_changes_of_district() -> None:
    plan = [visit(1, 0, 10), visit(2, 0, 8), visit(3, 1), visit(1, 2), visit(3, 0, team=2)]
    figures = figures_of(plan, {1: "a", 2: "a", 3: "b"})
    assert (figures.days, figures.schools, figures.students, figures.voters) == (4, 3, 78, 39)
    assert (figures.last, figures.changes) == (DAY + timedelta(days=2), 2)
    assert figures_of([], {}).last is None


def test_a_plan_kept_as_text_is_the_same_plan(quick: Office) -> None:
    basis = quick.store.read_now(draft_basis, quick.sari, quick.campaign)
    plan = make_plan(basis.problem)
    assert plan.left_out
    assert visits_of_text(visits_text(plan.visits)) == plan.visits
    assert left_out_of_text(left_out_text(plan.left_out)) == plan.left_out


def test_the_key_of_a_problem_changes_with_anything_in_it(quick: Office) -> None:
    problem = quick.store.read_now(draft_basis, quick.sari, quick.campaign).problem
    key = problem_key(problem)
    assert key == problem_key(quick.store.read_now(draft_basis, quick.sari, quick.campaign).problem)
    school = problem.schools[0]
    for other in (
        replace(problem, max_days_per_school=3),
        replace(problem, schools=(replace(school, voters=school.voters + 1), *problem.schools[1:])),
        replace(problem, calendar=replace(problem.calendar, weekdays=frozenset({0}))),
        replace(problem, new_from=DAY),
    ):
        assert problem_key(other) != key


def test_a_team_more_or_open_saturdays_serve_more_and_a_pause_fewer(quick: Office) -> None:
    newcomers(quick, "SMAN 1 KARTASURA", 200)
    problem = quick.store.read_now(draft_basis, quick.sari, quick.campaign).problem
    problem = replace(
        problem, max_days_per_school=20, calendar=replace(problem.calendar, ends=date(2026, 8, 14))
    )
    now = make_plan(problem).score.students
    assert make_plan(under(problem, WhatIf())).score.students == now
    assert make_plan(under(problem, WhatIf(more_teams=1))).score.students > now
    assert make_plan(under(problem, WhatIf(rate_poor=25))).score.students > now
    assert (
        make_plan(
            under(problem, WhatIf(pause_from=date(2026, 8, 10), pause_to=date(2026, 8, 11)))
        ).score.students
        < now
    )
    open_saturday = replace(problem, calendar=replace(problem.calendar, ends=date(2026, 8, 15)))
    assert make_plan(under(open_saturday, WhatIf(saturdays=True))).score.students > now


def test_the_first_plan_is_taken_at_once_and_another_is_looked_at_first(site: Site, quick: Office) -> None:
    sari, address = site.as_("sari"), f"/campaigns/{quick.campaign}"
    assert sari.post(f"{address}/plan").headers["Location"] == "/plan"
    assert versions(quick) == [(1, "plan_made", "")]
    before = [(day.school_id, day.date) for day in quick.days()]

    newcomers(quick, "SMAN 1 KARTASURA", 40)
    answer = sari.post(f"{address}/plan")
    assert answer.headers["Location"] == f"{address}/proposal"
    page = sari.follow(answer).text
    assert "SMAN 1 KARTASURA" in page and f'action="{address}/take"' in page
    assert [(day.school_id, day.date) for day in quick.days()] == before, "nothing changes until it is taken"

    assert sari.post(f"{address}/take").headers["Location"] == "/plan"
    assert sum(day.planned for day in quick.days("SMAN 1 KARTASURA")) > 6
    assert [why for _, why, _ in versions(quick)] == ["plan_made", "plan_made"]
    again = sari.follow(sari.post(f"{address}/take")).text
    assert "Tidak ada jadwal yang menunggu diambil." in again
    assert len(versions(quick)) == 2


def test_a_plan_put_aside_leaves_everything_as_it_was(site: Site, quick: Office) -> None:
    sari, address = site.as_("sari"), f"/campaigns/{quick.campaign}"
    sari.post(f"{address}/plan")
    newcomers(quick, "SMAN 1 KARTASURA", 40)
    before = [(day.school_id, day.date, day.planned) for day in quick.days()]
    sari.post(f"{address}/plan")
    assert sari.post(f"{address}/aside").headers["Location"] == "/plan"
    assert quick.store.read_now(lambda: PlanProposal.select().count()) == 0
    assert [(day.school_id, day.date, day.planned) for day in quick.days()] == before


def test_a_plan_is_not_taken_once_students_changed(site: Site, quick: Office) -> None:
    sari, address = site.as_("sari"), f"/campaigns/{quick.campaign}"
    sari.post(f"{address}/plan")
    newcomers(quick, "SMAN 1 KARTASURA", 40)
    sari.post(f"{address}/plan")
    before = [(day.school_id, day.date, day.planned) for day in quick.days()]
    newcomers(quick, "SMAN 1 KARTASURA", 5, first=700)
    assert f'action="{address}/take"' not in sari.get(f"{address}/proposal").text
    sari.post(f"{address}/take")
    assert [(day.school_id, day.date, day.planned) for day in quick.days()] == before


def test_every_change_of_the_plan_is_kept_with_who_and_why(site: Site, quick: Office) -> None:
    quick.plan()
    quick.announce()
    day = quick.days("SMAN 1 KARTASURA")[0]
    quick.store.write_now(day_actions.call_off_day, quick.sari, day.id, "postponed", "Banjir di sekolah")
    quick.store.write_now(day_actions.call_off_day, quick.sari, day.id, "postponed", "Banjir di sekolah")
    assert versions(quick) == [
        (1, "plan_made", ""),
        (2, "day_announced", ""),
        (3, "day_postponed", "Banjir di sekolah"),
    ]
    sari = site.as_("sari")
    page = sari.get(f"/campaigns/{quick.campaign}/versions").text
    assert page.count("/plan/versions/") == 3 and "Banjir di sekolah" in page and "Sari" in page
    newest = quick.store.read_now(lambda: PlanVersion.get(PlanVersion.number == 3).id)
    assert "SMAN 1 KARTASURA" in sari.get(f"/plan/versions/{newest}").text


def test_the_versions_of_another_office_are_not_found(site: Site, quick: Office) -> None:
    quick.plan()
    newest = quick.store.read_now(lambda: PlanVersion.get().id)
    wahyu = site.as_("wahyu")
    for address in (
        f"/plan/versions/{newest}",
        f"/campaigns/{quick.campaign}/versions",
        f"/campaigns/{quick.campaign}/what-if",
    ):
        assert wahyu.get(address).status == 404
    assert wahyu.post(f"/campaigns/{quick.campaign}/take").status == 404


def test_what_if_shows_both_plans_and_stores_nothing(site: Site, quick: Office) -> None:
    sari, address = site.as_("sari"), f"/campaigns/{quick.campaign}/what-if"
    alone = sari.get(address).text
    assert "Jika begitu" not in alone
    both = sari.get(f"{address}?teams=1&kits=2&poor=25&saturdays=1").text
    assert "Jika begitu" in both
    assert quick.days() == []
    assert quick.store.read_now(lambda: PlanProposal.select().count()) == 0


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("teams=99", "teams"),
        ("teams=banyak", "teams"),
        ("poor=0", "poor"),
        ("pause_from=2026-08-10", "pause_to"),
        ("pause_from=2026-08-10&pause_to=2026-08-01", "pause_to"),
        ("pause_to=kemarin", "pause_to"),
    ],
)
def test_nonsense_in_what_if_is_named_at_its_field(site: Site, quick: Office, query: str, field: str) -> None:
    answer = site.as_("sari").get(f"/campaigns/{quick.campaign}/what-if?{query}")
    assert answer.status == 422
    assert f'id="f-{field}-error"' in answer.text


def test_a_plan_saved_for_an_old_basis_is_refused(quick: Office) -> None:
    basis = quick.store.read_now(draft_basis, quick.sari, quick.campaign)
    newcomers(quick, "SMAN 1 KARTASURA", 1)
    with pytest.raises(actions.BasisChanged):
        quick.store.write_now(actions.save_plan, quick.sari, basis, make_plan(basis.problem))
    assert versions(quick) == []


def in_state(office: Office, school: str, state: str) -> list[tuple[date, int]]:
    return [(day.date, day.planned) for day in office.days(school, state)]


def test_a_late_holiday_moves_only_the_days_it_hits(quick: Office) -> None:
    quick.plan()
    quick.announce()
    day = quick.days("SMAN 1 KARTASURA")[0]
    others = [(one.id, one.date, one.state) for one in quick.days() if one.date != day.date]
    hit = [one.id for one in quick.days() if one.date == day.date]
    quick.store.write_now(
        lambda: OfficeDay.create(office=quick.sari.office_id, date=day.date, name="Cuti", is_free=True)
    )
    quick.plan()
    assert [(one.id, one.date, one.state) for one in quick.days() if one.id not in hit][
        : len(others)
    ] == others
    assert {one.state for one in quick.days() if one.id in hit} == {"postponed"}
    (new,) = quick.days("SMAN 1 KARTASURA", "draft")
    assert new.date != day.date
    assert new.planned == day.planned


def test_a_confirmed_day_stays_whatever_it_breaks(quick: Office) -> None:
    quick.plan()
    quick.announce()
    day = quick.days("SMAN 1 KARTASURA")[0]
    quick.store.write_now(day_actions.confirm_day, quick.sari, day.id)
    quick.store.write_now(
        lambda: OfficeDay.create(office=quick.sari.office_id, date=day.date, name="Cuti", is_free=True)
    )
    quick.plan()
    assert in_state(quick, "SMAN 1 KARTASURA", "confirmed") == [(day.date, day.planned)]


def test_a_broken_kit_halves_announced_days_and_schools_are_told_again(quick: Office) -> None:
    quick.plan()
    quick.announce()
    assert in_state(quick, "SMAN 1 MOJOLABAN", "proposed")[0][1] == 20
    small = quick.days("SMAN 1 KARTASURA")[0]
    quick.store.write_now(lambda: Team.update(kits=1).execute())
    quick.plan()
    assert [students for _, students in in_state(quick, "SMAN 1 MOJOLABAN", "draft")] == [10, 10]
    assert in_state(quick, "SMAN 1 KARTASURA", "proposed") == [(small.date, small.planned)], (
        "it fits as it is"
    )
    quick.announce()
    for day in quick.days(state="proposed"):
        booked = quick.store.read_now(lambda day=day: Booking.select().where(Booking.day == day.id).count())
        assert booked == day.planned <= 10
