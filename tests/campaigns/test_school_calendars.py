"""Closed dates of schools: entered once for all they concern, changed and removed as one, and what they break."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from accounts.models import Audit
from campaigns.booking import day_actions
from campaigns.booking.basis_queries import plan_basis
from campaigns.calendar import Span
from campaigns.calendars import closed_actions, school_queries
from campaigns.calendars.entries import Fault, read_closed_dates, typed_closed_dates
from campaigns.closed_dates import ClosedDates, Reach, SchoolFacts, spans_of
from campaigns.closed_queries import closed_spans
from campaigns.models import BlackoutSchool, RecordingDay, SchoolBlackout
from common import clock
from common.access import Missing
from common.database import Store
from ground.booking_office import MONDAY, Office, open_office
from ground.site import Site
from schools import actions as schools
from schools.models import District, School

EXAMS = Span(date(2026, 8, 10), date(2026, 8, 21), "Sumatif akhir semester")
SMK_OF_DISTRICT_2 = SchoolFacts(7, "SMK", 2)


@pytest.fixture(autouse=True)
def on_monday() -> Iterator[None]:
    with clock.fixed_at(MONDAY):
        yield


@pytest.fixture
def office(store: Store) -> Office:
    return open_office(store)


@pytest.fixture
def quick(sqlite_store: Store) -> Office:
    return open_office(sqlite_store)


@pytest.fixture
def site(quick: Office, tmp_path: Path) -> Iterator[Site]:
    with Site(quick.store, tmp_path) as running:
        yield running


def district_id(office: Office, name: str) -> int:
    return office.store.read_now(lambda: District.get(District.name == name).id)


def closed_schools(office: Office) -> set[str]:
    """The schools that the planner sees closed in the exam week."""
    basis = office.store.read_now(plan_basis, office.sari, office.campaign)
    names = {school_id: name for name, school_id in office.school_ids.items()}
    return {names[int(need.id)] for need in basis.problem.schools if EXAMS in need.calendar.closed}


@pytest.mark.parametrize(
    ("dates", "concerned"),
    [
        (ClosedDates(EXAMS, Reach.ALL), True),
        (ClosedDates(EXAMS, Reach.LEVEL, frozenset({"SMA", "SMK"})), True),
        (ClosedDates(EXAMS, Reach.LEVEL, frozenset({"SMA"})), False),
        (ClosedDates(EXAMS, Reach.DISTRICT, district_id=2), True),
        (ClosedDates(EXAMS, Reach.DISTRICT, district_id=3), False),
        (ClosedDates(EXAMS, Reach.SCHOOLS, school_ids=frozenset({7, 8})), True),
        (ClosedDates(EXAMS, Reach.SCHOOLS, school_ids=frozenset({8})), False),
        # what belongs to another reach does not count
        (ClosedDates(EXAMS, Reach.SCHOOLS, frozenset({"SMK"}), 2, frozenset({8})), False),
    ],
)
def test_closed_dates_concern_the_schools_they_name(dates: ClosedDates, concerned: bool) -> None:
    assert dates.concerns(SMK_OF_DISTRICT_2) == concerned
    assert spans_of(SMK_OF_DISTRICT_2, [dates]) == ([EXAMS] if concerned else [])


def test_an_exam_week_of_a_level_closes_its_schools_and_no_other_for_the_planner(office: Office) -> None:
    dates = ClosedDates(EXAMS, Reach.LEVEL, frozenset({"SMA"}))
    saved = office.write(closed_actions.add_closed_dates, office.sari, dates)
    assert closed_schools(office) == {"SMAN 1 SUKOHARJO", "SMAN 1 MOJOLABAN", "SMAN 1 KARTASURA"}
    office.plan()
    for day in office.days():
        if day.school_id != office.school_ids["SMKN 1 SUKOHARJO"]:
            assert day.date not in EXAMS
    of_district = ClosedDates(EXAMS, Reach.DISTRICT, district_id=district_id(office, "Sukoharjo"))
    office.write(closed_actions.change_closed_dates, office.sari, saved, of_district)
    assert closed_schools(office) == {"SMAN 1 SUKOHARJO", "SMKN 1 SUKOHARJO"}
    office.write(closed_actions.remove_closed_dates, office.sari, saved)
    assert closed_schools(office) == set()
    assert office.store.read_now(lambda: SchoolBlackout.select().count()) == 0
    acts = office.store.read_now(
        lambda: [
            row.act for row in Audit.select().where(Audit.subject == "school_blackout").order_by(Audit.id)
        ]
    )
    assert acts == ["closed_dates_added", "closed_dates_changed", "closed_dates_removed"]


def test_a_school_that_comes_later_is_closed_with_its_level(quick: Office) -> None:
    quick.write(
        closed_actions.add_closed_dates, quick.sari, ClosedDates(EXAMS, Reach.LEVEL, frozenset({"SMK"}))
    )
    quick.write(
        schools.load_schools,
        quick.sari,
        [schools.SchoolFacts("20310499", "SMK BARU", "SMK", False, "33.11.12")],
    )
    new = quick.store.read_now(lambda: School.get(School.npsn == "20310499").id)
    assert quick.store.read_now(closed_spans, quick.sari, [new]) == {new: [EXAMS]}


def test_an_entry_for_many_schools_is_one_thing_to_change_and_to_remove(office: Office) -> None:
    every = frozenset(office.school_ids.values())
    saved = office.write(
        closed_actions.add_closed_dates, office.sari, ClosedDates(EXAMS, Reach.SCHOOLS, school_ids=every)
    )
    page = office.store.read_now(school_queries.school_calendars, office.sari, office.campaign)
    assert [(entry.id, entry.schools, entry.made_by) for entry in page.coming] == [
        (saved, len(every), "Sari Wulandari")
    ]
    fewer = ClosedDates(EXAMS, Reach.SCHOOLS, school_ids=frozenset(list(every)[:2]))
    office.write(closed_actions.change_closed_dates, office.sari, saved, fewer)
    assert office.store.read_now(lambda: BlackoutSchool.select().count()) == 2
    office.write(closed_actions.remove_closed_dates, office.sari, saved)
    assert office.store.read_now(lambda: BlackoutSchool.select().count()) == 0


def test_ratna_enters_dates_of_her_school_alone_and_joko_neither_sees_nor_changes_them(
    office: Office,
) -> None:
    cast = office.cast
    own = ClosedDates(EXAMS, Reach.SCHOOLS, school_ids=frozenset({cast.ratnas_school}))
    saved = office.write(closed_actions.add_closed_dates, cast.ratna, own)
    shared = office.write(closed_actions.add_closed_dates, office.sari, ClosedDates(EXAMS, Reach.ALL))
    for wrong in (
        ClosedDates(EXAMS, Reach.ALL),
        ClosedDates(EXAMS, Reach.LEVEL, frozenset({"SMA"})),
        ClosedDates(EXAMS, Reach.SCHOOLS, school_ids=frozenset({cast.jokos_school})),
        ClosedDates(EXAMS, Reach.SCHOOLS, school_ids=frozenset({cast.ratnas_school, cast.jokos_school})),
    ):
        with pytest.raises(Missing):
            office.write(closed_actions.add_closed_dates, cast.ratna, wrong)
        with pytest.raises(Missing):
            office.write(closed_actions.change_closed_dates, cast.ratna, saved, wrong)
    with pytest.raises(Missing):
        office.write(closed_actions.change_closed_dates, cast.ratna, shared, own)
    for stranger in (cast.joko, cast.budi, cast.lina, cast.wahyu):
        with pytest.raises(Missing):
            office.write(closed_actions.remove_closed_dates, stranger, saved)
    hers = office.store.read_now(school_queries.school_calendar, cast.ratna, cast.ratnas_school, None)
    assert {entry.id: entry.may_change for entry in hers.coming} == {saved: True, shared: False}
    his = office.store.read_now(school_queries.school_calendar, cast.joko, cast.jokos_school, None)
    assert {entry.id for entry in his.coming} == {shared}
    with pytest.raises(Missing):
        office.store.read_now(school_queries.school_calendar, cast.joko, cast.ratnas_school, None)


def test_schools_and_districts_of_another_office_are_missing(office: Office) -> None:
    wahyu = office.cast.wahyu
    ours = district_id(office, "Sukoharjo")
    for wrong in (
        ClosedDates(EXAMS, Reach.DISTRICT, district_id=ours),
        ClosedDates(EXAMS, Reach.SCHOOLS, school_ids=frozenset({office.cast.ratnas_school})),
    ):
        with pytest.raises(Missing):
            office.write(closed_actions.add_closed_dates, wahyu, wrong)
    office.write(closed_actions.add_closed_dates, wahyu, ClosedDates(EXAMS, Reach.ALL))
    assert closed_schools(office) == set()


def test_closed_dates_name_the_planned_days_of_the_schools_they_concern(quick: Office) -> None:
    quick.plan()
    quick.announce()
    hers = quick.days("SMAN 1 SUKOHARJO")[0]
    span = Span(hers.date, hers.date, "Karyawisata")
    quick.write(
        closed_actions.add_closed_dates,
        quick.sari,
        ClosedDates(span, Reach.SCHOOLS, school_ids=frozenset({quick.cast.ratnas_school})),
    )
    page = quick.store.read_now(school_queries.school_calendars, quick.sari, quick.campaign)
    assert [(one.day.id, one.block.name) for one in page.closed_days] == [(hers.id, "Karyawisata")]
    assert quick.store.read_now(school_queries.days_in, quick.sari, quick.campaign, span) == 1
    mine = quick.store.read_now(
        school_queries.school_calendar, quick.cast.ratna, quick.cast.ratnas_school, quick.campaign
    )
    assert [one.day.id for one in mine.closed_days] == [hers.id]
    quick.write(lambda: RecordingDay.update(state="closed").where(RecordingDay.id == hers.id).execute())
    page = quick.store.read_now(school_queries.school_calendars, quick.sari, quick.campaign)
    assert page.closed_days == ()


def a_confirmed_day_on_a_closed_date(quick: Office) -> RecordingDay:
    quick.plan()
    quick.announce()
    day = quick.days("SMAN 1 SUKOHARJO")[0]
    quick.write(day_actions.confirm_day, quick.sari, day.id)
    span = Span(day.date, day.date, "Karyawisata")
    hers = frozenset({quick.cast.ratnas_school})
    quick.write(
        closed_actions.add_closed_dates, quick.sari, ClosedDates(span, Reach.SCHOOLS, school_ids=hers)
    )
    return day


def test_a_confirmed_day_on_a_closed_date_says_everywhere_what_to_do_with_it(
    site: Site, quick: Office
) -> None:
    day = a_confirmed_day_on_a_closed_date(quick)
    sari = site.as_("sari")
    sari.cookies["language"] = "en"
    home = sari.get("/").text
    assert "Decide 1 recording day that lies on a closed date" in home
    assert f'href="/days/{day.id}"' in home
    for path in ("/plan", "/plan/school-calendars", f"/days/{day.id}"):
        page = sari.get(path).text
        assert "The school has confirmed this day, so it does not move." in page, path
        assert f'href="/days/{day.id}/call-off">Postpone it</a>' in page, path
        assert f'href="/days/{day.id}/ask">write it down as its wish</a>' in page, path
    assert "This day lies on a closed date: Karyawisata" in page
    plan = sari.get("/plan").text
    assert plan.index("Days that cannot stay") < plan.index("Waiting for an answer")
    ratna = site.as_("ratna")
    ratna.cookies["language"] = "en"
    hers = ratna.get(f"/days/{day.id}").text
    assert "This day lies on a closed date: Karyawisata" in hers
    assert "Postpone it" not in hers
    # the way that the page names ends in a day that moves
    assert sari.post(f"/days/{day.id}/ask", {"text": "Disepakati lewat telepon."}).status == 303
    assert f'action="/days/{day.id}/move"' in sari.get(f"/days/{day.id}").text


def test_a_day_forced_onto_a_closed_date_waits_for_nobody(site: Site, quick: Office) -> None:
    quick.plan()
    day = quick.days("SMAN 1 SUKOHARJO")[0]
    holiday = date(2026, 8, 17)
    forced = quick.write(day_actions.move_day, quick.sari, day.id, holiday, day.team_id, "Sekolah meminta.")
    assert forced.clashes == ()
    sari = site.as_("sari")
    sari.cookies["language"] = "en"
    assert "lies on a closed date" not in sari.get("/").text
    assert "lies on a closed date" not in sari.get(f"/days/{day.id}").text
    assert "lies on a closed date" not in sari.get("/plan/school-calendars").text


GOOD = {"from_date": "2026-08-10", "to_date": "2026-08-21", "reason": "Ujian", "reach": "all", "district": ""}


@pytest.mark.parametrize(
    ("changes", "levels", "schools_typed", "faults"),
    [
        ({}, [], [], {}),
        ({"to_date": ""}, [], [], {}),
        ({"from_date": ""}, [], [], {"from_date": Fault.DATE_MISSING}),
        ({"to_date": "2026-02-30"}, [], [], {"to_date": Fault.DATE_MISSING}),
        ({"to_date": "2026-08-09"}, [], [], {"to_date": Fault.ENDS_BEFORE_START}),
        ({"to_date": "2027-08-13"}, [], [], {"to_date": Fault.TOO_LONG}),
        ({"reason": ""}, [], [], {"reason": Fault.REASON_MISSING}),
        ({"reach": "x"}, [], [], {"reach": Fault.REACH_MISSING}),
        ({"reach": "level"}, ["TK"], [], {"levels": Fault.LEVEL_MISSING}),
        ({"reach": "level"}, ["SMA"], [], {}),
        ({"reach": "district", "district": "x"}, [], [], {"district": Fault.DISTRICT_MISSING}),
        ({"reach": "district", "district": "4"}, [], [], {}),
        ({"reach": "schools"}, [], ["x"], {"schools": Fault.SCHOOLS_MISSING}),
        ({"reach": "schools"}, [], ["7"], {}),
    ],
)
def test_what_is_impossible_about_closed_dates_is_said_at_its_field(
    changes: dict[str, str], levels: list[str], schools_typed: list[str], faults: dict[str, Fault]
) -> None:
    dates, found = read_closed_dates({**GOOD, **changes}, levels, schools_typed)
    assert found == faults
    assert (dates is None) == bool(faults)
    if dates is not None:
        again, none = read_closed_dates(*typed_closed_dates(dates))
        assert (again, none) == (dates, {})


def test_sari_enters_changes_and_removes_over_http_and_nothing_typed_is_lost(
    site: Site, quick: Office
) -> None:
    quick.plan()
    sari = site.as_("sari")
    address = "/plan/school-calendars/new"
    wrong = sari.post(address, {**GOOD, "reason": "", "reach": "level", "levels": ["SMA"]})
    assert wrong.status == 422
    assert 'href="#f-reason"' in wrong.text
    assert 'value="2026-08-10"' in wrong.text
    assert wrong.text.count("checked") == 2  # the reach, and the level
    day = quick.days("SMAN 1 KARTASURA")[0]
    typed = {
        "from_date": day.date.isoformat(),
        "to_date": "",
        "reason": "PKL <kelas XII>",
        "reach": "schools",
        "schools": [quick.school_ids["SMAN 1 KARTASURA"]],
    }
    told = sari.follow(sari.post(address, typed)).text
    assert "PKL &lt;kelas XII&gt;" in told
    assert f'href="/days/{day.id}"' in told
    saved = quick.store.read_now(lambda: SchoolBlackout.get().id)
    change = f"/plan/school-calendars/{saved}"
    assert "SMAN 1 KARTASURA" in sari.get(change).text
    assert sari.post(change, {**typed, "reason": ""}).status == 422
    assert sari.post(change, {**typed, "reason": "PKL"}).status == 303
    asked = re.search(r'<details class="asked-once">.*?</details>', sari.get(change).text, re.DOTALL)
    assert asked is not None and f'action="{change}/remove"' in asked[0] and "sekolah" in asked[0]
    assert sari.post(change + "/remove").status == 303
    assert sari.get(change).status == 404
    assert f'href="/days/{day.id}"' not in sari.get("/plan/school-calendars").text


def test_ratna_enters_her_own_dates_over_http_and_joko_gets_the_404_of_what_never_was(
    site: Site, quick: Office
) -> None:
    ratna, joko = site.as_("ratna"), site.as_("joko")
    mine = f"/schools/{quick.cast.ratnas_school}/calendar"
    assert ratna.post(mine, {"from_date": "2026-08-10", "reason": ""}).status == 422
    done = ratna.post(mine, {"from_date": "2026-08-10", "to_date": "2026-08-14", "reason": "Ujian sekolah"})
    assert done.headers["Location"] == mine
    assert "Ujian sekolah" in ratna.follow(done).text
    saved = quick.store.read_now(lambda: SchoolBlackout.get())
    assert saved.made_by_id == quick.cast.ratna.account_id
    change = f"/plan/school-calendars/{saved.id}"
    assert ratna.get(change).status == 200
    for path in (mine, change, "/plan/school-calendars/999999"):
        assert joko.get(path).status == 404
        assert joko.post(path, {"from_date": "2026-08-10", "reason": "x"}).status == 404
    assert joko.post(change + "/remove").status == 404
    # what Ratna sends besides her own school does not reach any other
    assert ratna.post(change, {**GOOD, "reach": "all"}).status == 303
    assert quick.store.read_now(lambda: SchoolBlackout.get().reach) == "schools"
    assert ratna.post(change + "/remove").headers["Location"] == mine
