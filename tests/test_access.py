"""Every route against every role: a route that is not in this table, or answers somebody else, is red."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import pytest

import server
from common.access import ANYONE, COORDINATOR, OFFICER, ROLES, SCHOOL_ADMIN, VIEWER, Route, allow
from ground.people import invite_everyone
from ground.site import Site

C, F, S, V = COORDINATOR, OFFICER, SCHOOL_ADMIN, VIEWER
ALL = {C, F, S, V}

# the access table once more, written by hand: changing who may do what means changing both, on purpose
EXPECTED: dict[str, set[str]] = {
    # accounts
    "login": {ANYONE},
    "language": {ANYONE},
    "invitation": {ANYONE},
    "logout": ALL,
    "people": {C},
    "disable_account": {C},
    "new_password": {C},
    "enable_account": {C},
    "invitation_made": {C},
    "withdraw_invitation": {C},
    "audit": {C},
    # schools
    "schools": {C, F},
    "school": {C},
    "invite_admin": {C},
    "students": {C, S},
    "reveal_nik": {C, S},
    "teams": {C},
    "team": {C},
    # the programme, its plan, its days, its paper
    "campaign_new": {C},
    "campaign": ALL,
    "campaign_show": {C, V},
    "campaign_edit": {C},
    "plan": {C},
    "plan_make": {C},
    "plan_making": {C},
    "plan_making_progress": {C},
    "plan_stop": {C},
    "campaign_rate": {C},
    "plan_proposal": {C},
    "plan_take": {C},
    "plan_aside": {C},
    "plan_versions": {C},
    "plan_version": {C},
    "plan_what_if": {C},
    "plan_announce": {C},
    "plan_discard": {C},
    "day": {C, S},
    "day_announce": {C},
    "day_confirm": {C, S},
    "day_places": {C, S},
    "day_move": {C},
    "day_call_off": {C},
    "day_ask": {C, S},
    "day_answer": {C},
    "day_try": {C},
    "day_lock": {C},
    "my_days": {S},
    "day_list": {C, F},
    "call_list": {C, F, S},
    "lists_of_date": {C},
    # calendars of the office and of the schools
    "week": {C, F},
    "office_calendar": {C},
    "office_date": {C},
    "office_date_remove": {C},
    "school_calendars": {C},
    "closed_dates_new": {C},
    "closed_dates": {C, S},
    "closed_dates_remove": {C, S},
    "school_calendar": {C, S},
    "day_tell": {C},
    "day_letter": {C, S},
    "day_slips": {C, S},
    "school_slips": {C, S},
    "crew": {C},
    "papers": {C},
    "papers_made": {C},
    "papers_progress": {C},
    "papers_stop": {C},
    "papers_file": {C},
    "letters": {C},
    "letters_pdf": {C},
    "starter": {C},
    "school_starter": {C, S},
    "calendar_feed": {ANYONE},
    "school_feed": {C, S},
    "team_feeds": {C, F},
    "team_feed": {C, F},
    # the recording day
    "day_pace": {C, F},
    "minutes": {C, F},
    "walk_in_search": {C, F},
    "quick_entry": {C, F},
    "quick_check": {C, F},
    "device": {C, F},
    "devices": {C},
    "device_code": {C},
    "device_disable": {C},
    "device_enable": {C},
    "worker": {ANYONE},
    "manifest": {ANYONE},
    "offline": {ANYONE},
    "field_day": {C, F},
    "field_choices": {C, F},
    "field_mark_form": {C, F},
    "marks": {C, F},
    "field_live": {C, F},
    "day_close": {C, F},
    "day_summary": {C, F},
    "day_reopen": {C},
    "needs_look": {C},
    "marks_file": {C},
    "retakes": {C},
    "retake_propose": {C},
    "retake_accept": {C},
    "retake_list": {C},
    "retake_take_back": {C},
    "retake_opening": {C},
    "retake_waiting": {C},
    "retake_waiting_undo": {C},
    # coverage
    "coverage": ALL,
    "forecast": {C, F, V},
    "wall": {C, F, V},
    "wall_live": {C, F, V},
    "coverage_book": {C, V},
    "report": {C, V},
    "coverage_school": ALL,
    "coverage_class": {C, S},
    "student": {C, S},
    # rosters
    "schools_load": {C},
    "my_rosters": {S},
    "roster_upload": {C, S},
    "roster": {C, S},
    "roster_progress": {C, S},
    "roster_cancel": {C, S},
    "roster_confirm": {C, S},
    "roster_mend": {C, S},
    "roster_columns": {C, S},
    "roster_undo": {C, S},
    "roster_annotated": {C, S},
    "roster_template": {C, S},
    # the office's own lists
    "residents": {C},
    "resident_list": {C},
    "resident_progress": {C},
    "resident_confirm": {C},
    "resident_decide": {C},
    "resident_cancel": {C},
    "resident_undo": {C},
    "decide_missing": {C, S},
    "fix_list": {C, S},
    # first pages
    "home": ALL,
    "to_do": {C},
    "office": {C},
    # the guide; that of the schools is read before there is an account
    "guide": ALL,
    "guide_school": {ANYONE},
    "guide_book": ALL,
}
USERS = {C: "sari", F: "budi", S: "ratna", V: "lina"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    from common.database import open_store
    from ground import databases

    folder = tmp_path_factory.mktemp("access")
    with databases.fresh("sqlite", folder, migrated=True) as address:
        store = open_store(address)
        store.migrate()
        invite_everyone(store)
        with Site(store, folder) as running:
            yield running
        store.close()


def example_of(route: Route) -> str:
    """An address of the route, with ids that nobody has."""
    path = re.sub(r"\(\[0-9\]\{1,18\}\)", "999999", route.pattern)
    path = re.sub(r"\(\[A-Za-z0-9_-\]\{43\}\)", "x" * 43, path)
    path = path.replace("([0-9a-f]{16})", "0" * 16)
    path = path.replace("([a-z_]{1,20})", "rosters").replace("\\.", ".")
    path = re.sub(
        r"\(\\d\{4\}-\\d\{2\}-\\d\{2\}\)|\(\[0-9\]\{4\}-\[0-9\]\{2\}-\[0-9\]\{2\}\)", "2026-08-12", path
    )
    assert "(" not in path, f"write an example for {route.pattern}"
    return path


def test_the_table_of_routes_and_the_table_of_this_test_are_one() -> None:
    assert {route.name: set(route.allow) for route in server.routes()} == EXPECTED


@pytest.mark.parametrize("route", server.routes(), ids=lambda route: route.name)
def test_a_route_answers_only_the_roles_of_its_row(route: Route, site: Site) -> None:
    if ANYONE in route.allow:
        return
    path = example_of(route)
    for role, username in USERS.items():
        client = site.as_(username)
        statuses = {client.get(path).status, client.post(path).status}
        assert 401 not in statuses, "signed in all the while"
        if role in route.allow:
            assert statuses != {403}, f"{role} is kept out of {path}"
        else:
            assert statuses == {403}, f"{role} gets into {path}: {statuses}"
    nobody = site.client()
    assert nobody.get(path).status == 302
    assert nobody.post(path).status == 401


def test_a_route_must_name_its_roles() -> None:
    with pytest.raises(ValueError, match="must name"):
        allow()
    with pytest.raises(ValueError, match="do not exist"):
        allow("administrator")


def test_ids_of_another_office_are_missing_on_every_route(site: Site) -> None:
    wahyu = site.as_("wahyu")
    for route in server.routes():
        if ANYONE in route.allow or COORDINATOR not in route.allow or "[0-9]{1,18}" not in route.pattern:
            continue
        path = re.sub(r"\(\[0-9\]\{1,18\}\)", "1", route.pattern).replace("\\.", ".")
        if "(" in path:
            continue
        others, never = wahyu.get(path), wahyu.get(example_of(route))
        assert others.status == never.status, f"{path} is told apart: {others.status} and {never.status}"
        assert others.status in (303, 404, 405), path  # 303: back to the page, which is then missing


def test_all_roles_are_tried() -> None:
    assert set(USERS) == set(ROLES)


def test_a_page_made_apart_needs_nothing_but_the_database() -> None:
    """Its process knows no file being read, no plan being made and nobody who follows a day."""
    apart = [route for route in server.routes() if route.apart]
    assert apart
    for route in apart:
        source = inspect.getsource(route.handler)
        assert "self.settings[" not in source, route.name
        assert "upload" not in route.settings, route.name
