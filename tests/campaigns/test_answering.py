"""Ratna asks for another day; Sari answers on one page, and what she could answer is kept free until then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from accounts.models import Audit
from campaigns.answering import actions, queries
from campaigns.answering.answers import Answer, Fault, Kind, read_answer
from campaigns.booking import day_actions
from campaigns.booking.basis_queries import draft_basis
from campaigns.booking.waiting_queries import waiting_days
from campaigns.calendar import Span
from campaigns.calendars import office_actions
from campaigns.calendars.entries import OfficeDate
from campaigns.models import RecordingDay
from campaigns.telling.queries import told_of_day
from common import clock
from common.access import Missing
from common.database import Store
from ground.booking_office import MONDAY, Office, open_office, people
from ground.site import Site
from schools.actions import insert_students

SUKOHARJO, KARTASURA = "SMAN 1 SUKOHARJO", "SMAN 1 KARTASURA"
OFFERED = (date(2026, 9, 14), date(2026, 9, 15))


@pytest.fixture(autouse=True)
def on_monday() -> Iterator[None]:
    with clock.fixed_at(MONDAY):
        yield


@pytest.fixture
def office(store: Store) -> Office:
    return asked(open_office(store))


@pytest.fixture
def quick(sqlite_store: Store) -> Office:
    return asked(open_office(sqlite_store))


def asked(office: Office) -> Office:
    """Kartasura was told of its day and offers two others."""
    office.plan()
    office.announce()
    day = office.days(KARTASURA)[0]
    office.write(day_actions.ask_for_another_day, office.sari, day.id, OFFERED, "Ujian sekolah")
    return office


@pytest.fixture
def site(quick: Office, tmp_path: Path) -> Iterator[Site]:
    with Site(quick.store, tmp_path) as running:
        yield running


def answer(office: Office, given: Answer) -> object:
    return office.write(actions.answer_wish, office.sari, office.days(KARTASURA)[0].id, given)


def wish(office: Office) -> queries.WishPage:
    return office.store.read_now(queries.wish_page, office.sari, office.days(KARTASURA)[0].id)


def test_an_offered_date_is_taken_counts_as_confirmed_and_the_school_is_told_anew(office: Office) -> None:
    offer = wish(office).offers[0]
    assert (offer.date, offer.room >= 6) == (OFFERED[0], True)
    assert answer(office, Answer(Kind.MOVE, "Sampai jumpa", offer.date, offer.team_id)) == ()
    day = office.days(KARTASURA)[0]
    assert (day.state, day.date, day.note) == ("confirmed", OFFERED[0], "Sampai jumpa")
    (told,) = office.store.read_now(told_of_day, office.sari, day.id)
    assert [(one.date, one.is_certain) for one in told.message.days] == [(OFFERED[0], True)]
    with pytest.raises(actions.NotAnswered):
        answer(office, Answer(Kind.KEEP, "x"))
    acts = office.store.read_now(lambda: [(row.act, row.detail) for row in Audit.select()])
    assert ("wish_answered", "move") in acts


def test_a_day_moved_by_hand_to_a_date_that_the_school_offered_counts_as_confirmed_too(
    office: Office,
) -> None:
    day = office.days(KARTASURA)[0]
    assert office.write(day_actions.move_day, office.sari, day.id, OFFERED[1], day.team_id).clashes == ()
    day = office.days(KARTASURA)[0]
    assert (day.state, day.date) == ("confirmed", OFFERED[1])


def test_a_date_that_the_school_does_not_offer_is_no_answer_and_moved_to_by_hand_waits_for_the_school(
    office: Office,
) -> None:
    other, day = date(2026, 9, 16), office.days(KARTASURA)[0]
    with pytest.raises(actions.NotAnswered):  # the page was old: the school has asked anew since
        answer(office, Answer(Kind.MOVE, "", other, day.team_id))
    assert office.days(KARTASURA)[0].state == "change_asked"
    assert office.write(day_actions.move_day, office.sari, day.id, other, day.team_id).clashes == ()
    moved = office.days(KARTASURA)[0]
    assert (moved.state, moved.date) == ("proposed", other)


def test_a_day_is_kept_with_a_word_and_counts_as_confirmed(office: Office) -> None:
    before = office.days(KARTASURA)[0].date
    answer(office, Answer(Kind.KEEP, "Tim penuh sampai Desember"))
    day = office.days(KARTASURA)[0]
    assert (day.state, day.date, day.note) == ("confirmed", before, "Tim penuh sampai Desember")


@pytest.mark.parametrize("kind", [Kind.POSTPONE, Kind.CANCEL])
def test_a_day_is_called_off_as_the_answer(quick: Office, kind: Kind) -> None:
    answer(quick, Answer(kind, "Menunggu tim"))
    day = quick.days(KARTASURA)[0]
    assert (day.state, day.note) == (kind.value, "Menunggu tim")


def test_an_offer_that_a_holiday_took_is_judged_again_and_named(quick: Office) -> None:
    quick.write(office_actions.set_office_date, quick.sari, OfficeDate(OFFERED[0], True, "Pilkades"))
    gone, fit = wish(quick).offers
    assert (gone.room, [clash.name for clash in gone.clashes]) == (0, ["Pilkades"])
    assert fit.room
    clashes = answer(quick, Answer(Kind.MOVE, "", OFFERED[0], gone.team_id))
    assert [clash.name for clash in clashes] == ["Pilkades"]  # type: ignore[attr-defined]
    assert quick.days(KARTASURA)[0].state == "change_asked"


def test_a_new_plan_keeps_offered_dates_free_until_the_wish_is_answered(quick: Office) -> None:
    day = quick.days(KARTASURA)[0]
    team = day.team_id

    def kept() -> set[date]:
        basis = quick.store.read_now(draft_basis, quick.sari, quick.campaign)
        spans = next(crew for crew in basis.problem.teams if crew.id == team).calendar.days_off
        return {on for on in OFFERED if Span(on, on, KARTASURA) in spans}

    assert kept() == set(OFFERED)
    quick.write(
        lambda: insert_students(
            quick.sari.office_id,
            quick.school_ids["SMAN 1 MOJOLABAN"],
            people(900, first=0, born=date(2009, 2, 6)),
        )
    )
    quick.plan()
    assert not [new for new in quick.days() if new.team_id == team and new.date in OFFERED]
    assert wish(quick).offers[0].room
    answer(quick, Answer(Kind.KEEP, "Tetap"))
    assert kept() == set()


def test_a_date_on_which_the_team_is_in_another_district_is_not_kept(quick: Office) -> None:
    day = quick.days(KARTASURA)[0]
    other = quick.days("SMAN 1 MOJOLABAN")[0]
    quick.write(
        lambda: (
            RecordingDay.update(date=OFFERED[0], team=day.team_id)
            .where(RecordingDay.id == other.id)
            .execute()
        )
    )
    basis = quick.store.read_now(draft_basis, quick.sari, quick.campaign)
    crew = next(one for one in basis.problem.teams if one.id == day.team_id)
    assert Span(OFFERED[0], OFFERED[0], KARTASURA) not in crew.calendar.days_off
    assert Span(OFFERED[1], OFFERED[1], KARTASURA) in crew.calendar.days_off


def test_what_waits_is_listed_with_its_age_wishes_first_then_the_oldest(quick: Office) -> None:
    with clock.fixed_at(MONDAY + timedelta(days=3)):
        late = quick.days(SUKOHARJO)[-1]
        quick.write(day_actions.ask_for_another_day, quick.cast.ratna, late.id, (), "PKL")
        found = quick.store.read_now(waiting_days, quick.sari, quick.campaign)
    assert (found[0].is_wish, found[0].age) == (True, 3)
    assert (found[0].card.school_name, found[0].since) == (KARTASURA, MONDAY)
    assert (found[1].card.id, found[1].is_wish, found[1].age) == (late.id, True, 0)
    assert not any(one.is_wish for one in found[2:])
    assert [one.since for one in found[2:]] == sorted(one.since for one in found[2:])
    assert {one.card.state for one in found} == {"proposed", "change_asked"}
    with clock.fixed_at(date(2026, 12, 1)):
        assert quick.store.read_now(waiting_days, quick.sari, quick.campaign) == ()


@pytest.mark.parametrize(
    ("form", "faults"),
    [
        ({}, {"choice": Fault.NOTHING_CHOSEN}),
        ({"choice": "move:2026-13-45:1"}, {"choice": Fault.NOTHING_CHOSEN}),
        ({"choice": "move:2026-09-14:x"}, {"choice": Fault.NOTHING_CHOSEN}),
        ({"choice": "keep"}, {"word": Fault.WORD_MISSING}),
        ({"choice": "cancelled", "word": ""}, {"word": Fault.WORD_MISSING}),
        ({"choice": "move:2026-09-14:2"}, {}),
        ({"choice": "keep", "word": "Tetap"}, {}),
    ],
)
def test_an_answer_says_what_becomes_of_the_day_and_why(
    form: dict[str, str], faults: dict[str, Fault]
) -> None:
    given, found = read_answer(form)
    assert found == faults
    assert (given is None) == bool(faults)


def test_only_a_coordinator_of_the_office_answers(quick: Office) -> None:
    day = quick.days(KARTASURA)[0].id
    for who in (quick.cast.joko, quick.cast.budi, quick.cast.wahyu):
        with pytest.raises(Missing):
            quick.store.read_now(queries.wish_page, who, day)
        with pytest.raises(Missing):
            quick.write(actions.answer_wish, who, day, Answer(Kind.KEEP, "x"))
    assert quick.days(KARTASURA)[0].state == "change_asked"


def test_sari_answers_over_http_and_the_school_reads_her_word(site: Site, quick: Office) -> None:
    mine = quick.days(SUKOHARJO)[0]
    ratna = site.as_("ratna")
    assert ratna.post(f"/days/{mine.id}/ask", {"text": "PKL <XII>"}).status == 303
    sari = site.as_("sari")
    assert f'href="/days/{mine.id}/answer"' in sari.get("/plan").text
    assert "/plan#unanswered" in sari.get("/").text
    page = sari.get(f"/days/{mine.id}/answer").text
    assert "PKL &lt;XII&gt;" in page
    wrong = sari.post(f"/days/{mine.id}/answer", {"choice": "keep", "word": ""})
    assert wrong.status == 422
    assert 'href="#f-word"' in wrong.text
    assert wrong.text.count("checked") == 1
    kept = sari.post(f"/days/{mine.id}/answer", {"choice": "keep", "word": "Tim penuh <ya>"})
    assert kept.headers["Location"] == f"/days/{mine.id}"
    assert "Tim penuh &lt;ya&gt;" in ratna.get("/my/days").text
    assert "Tim penuh &lt;ya&gt;" in ratna.get(f"/days/{mine.id}").text
    again = sari.get(f"/days/{mine.id}/answer")  # Back, or a link kept from before
    assert again.headers["Location"] == f"/days/{mine.id}"
    assert "sudah dijawab" in sari.follow(again).text
    late = sari.post(f"/days/{mine.id}/answer", {"choice": "keep", "word": "x"})
    assert late.status == 303  # somebody was quicker: told on the day's page
