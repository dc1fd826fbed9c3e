"""What schools are told: letters and messages that say what is new, what changed from what, and what is called off."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest

from campaigns.answering import actions as answering
from campaigns.answering.answers import Answer, Kind
from campaigns.booking import day_actions
from campaigns.models import RecordingDay, ToldDay
from campaigns.paper import LetterKind
from campaigns.telling import queries
from campaigns.telling.told import Told, messages
from common import clock
from common.access import Missing
from common.database import Store
from ground.booking_office import MONDAY, Office, open_office
from ground.site import Site
from schools import actions as schools

SUKOHARJO, KARTASURA = "SMAN 1 SUKOHARJO", "SMAN 1 KARTASURA"
ELSEWHERE = date(2026, 9, 14)


@pytest.fixture(autouse=True)
def on_monday() -> Iterator[None]:
    with clock.fixed_at(MONDAY):
        yield


@pytest.fixture
def office(store: Store) -> Office:
    return told(open_office(store))


@pytest.fixture
def quick(sqlite_store: Store) -> Office:
    return told(open_office(sqlite_store))


def told(office: Office) -> Office:
    office.plan()
    office.announce()
    return office


@pytest.fixture
def site(quick: Office, tmp_path: Path) -> Iterator[Site]:
    with Site(quick.store, tmp_path) as running:
        yield running


def move(office: Office) -> RecordingDay:
    """Kartasura's day is moved on Tuesday; answers it as it was."""
    day = office.days(KARTASURA)[0]
    with clock.fixed_at(MONDAY + timedelta(days=1)):
        answer = office.write(day_actions.move_day, office.sari, day.id, ELSEWHERE, day.team_id)
    assert answer.clashes == ()
    return day


def since(office: Office, first: date) -> dict[tuple[str, LetterKind], queries.SchoolMessage]:
    page = office.store.read_now(queries.told_since, office.sari, first)
    return {(one.school.name, one.message.letter): one for one in page.found}


def word(kind: str, hours: int, **facts: object) -> Told:
    known: dict[str, object] = {
        "day_id": 1,
        "school_id": 5,
        "kind": kind,
        "at": datetime(2026, 8, 3) + timedelta(hours=hours),
        "date": date(2026, 8, 12),
        "starts_at": "08:00",
        "team_name": "Tim A",
        "students": 20,
        **facts,
    }
    return Told(**known)  # type: ignore[arg-type]


def test_the_last_word_counts_beside_what_the_school_knew_before() -> None:
    moved = word("moved", 1, was_date=date(2026, 8, 12), date=ELSEWHERE)
    again = word("moved", 2, was_date=ELSEWHERE, date=date(2026, 9, 15))
    (one,) = messages([again, moved])
    assert (one.letter, one.days[0].was_date, one.days[0].date) == (
        LetterKind.CHANGED,
        date(2026, 8, 12),
        date(2026, 9, 15),
    )
    (new,) = messages([word("announced", 0), moved])
    assert (new.letter, new.days[0].date) == (LetterKind.ANNOUNCED, ELSEWHERE)
    (off,) = messages([word("announced", 0), word("postponed", 3, reason="Banjir")])
    assert (off.letter, off.days[0].reason) == (LetterKind.CALLED_OFF, "Banjir")
    assert len(messages([word("announced", 0), word("cancelled", 1, day_id=2)])) == 2


def test_every_announced_day_is_told_and_both_days_of_a_large_school_in_one_letter(office: Office) -> None:
    found = since(office, MONDAY)
    assert sum(len(one.message.days) for one in found.values()) == len(office.days(state="proposed"))
    assert len(found[SUKOHARJO, LetterKind.ANNOUNCED].message.days) == 2
    assert since(office, MONDAY + timedelta(days=1)) == {}
    (of_day,) = office.store.read_now(queries.told_of_day, office.sari, office.days(SUKOHARJO)[1].id)
    assert len(of_day.message.days) == 2


def test_a_moved_day_is_told_with_what_it_was_and_a_draft_is_told_to_nobody(office: Office) -> None:
    was = move(office)
    (one,) = since(office, MONDAY + timedelta(days=1))[KARTASURA, LetterKind.CHANGED].message.days
    assert (one.was_date, one.was_starts_at, one.date) == (was.date, was.starts_at, ELSEWHERE)
    before = office.store.read_now(lambda: ToldDay.select().count())
    draft = office.days(SUKOHARJO)[-1]
    office.write(lambda: RecordingDay.update(state="draft").where(RecordingDay.id == draft.id).execute())
    office.write(day_actions.call_off_day, office.sari, draft.id, "cancelled", "x")
    assert office.store.read_now(lambda: ToldDay.select().count()) == before


def test_a_day_called_off_is_told_with_its_reason_also_as_the_answer_to_a_wish(quick: Office) -> None:
    day = quick.days(KARTASURA)[0]
    with clock.fixed_at(MONDAY + timedelta(days=1)):
        quick.write(day_actions.ask_for_another_day, quick.sari, day.id, (), "Ujian")
        quick.write(answering.answer_wish, quick.sari, day.id, Answer(Kind.POSTPONE, "Tim sakit"))
        (one,) = since(quick, MONDAY + timedelta(days=1))[KARTASURA, LetterKind.CALLED_OFF].message.days
    assert (one.kind, one.reason, one.date) == ("postponed", "Tim sakit", day.date)
    page = quick.store.read_now(
        queries.letters,
        quick.sari,
        quick.store.read_now(queries.told_of_day, quick.sari, day.id),
    )
    assert (page[0].kind, page[0].place) == (LetterKind.CALLED_OFF, "Sukoharjo")


def test_a_day_announced_before_words_were_kept_is_told_as_it_is(quick: Office) -> None:
    quick.write(lambda: ToldDay.delete().execute())
    day = quick.days(KARTASURA)[0]
    (found,) = quick.store.read_now(queries.told_of_day, quick.sari, day.id)
    assert (found.message.letter, found.message.days[0].date) == (LetterKind.ANNOUNCED, day.date)


def test_joko_gets_no_letter_of_ratnas_school_and_nobody_one_of_a_draft(quick: Office) -> None:
    mine = quick.days(SUKOHARJO)[0]
    (own,) = quick.store.read_now(queries.told_of_day, quick.cast.ratna, mine.id)
    assert own.school.name == SUKOHARJO
    for who in (quick.cast.joko, quick.cast.wahyu, quick.cast.budi):
        with pytest.raises(Missing):
            quick.store.read_now(queries.told_of_day, who, mine.id)
    for who in (quick.cast.ratna, quick.cast.budi):
        with pytest.raises(Missing):
            quick.store.read_now(queries.told_since, who, MONDAY)
    quick.write(lambda: (ToldDay.delete().execute(), RecordingDay.update(state="draft").execute()))
    with pytest.raises(Missing):
        quick.store.read_now(queries.told_of_day, quick.sari, mine.id)


def text_of(pdf: bytes) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is missing (package poppler-utils)")
    return subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()


def test_sari_prints_letters_and_opens_messages_over_http(site: Site, quick: Office) -> None:
    day = quick.days(KARTASURA)[0]
    quick.write(schools.edit_school, quick.sari, day.school_id, "good", 5, "Bu Endang <TU>", "0812 3456 7890")
    was = move(quick)
    sari = site.as_("sari")
    page = sari.get(f"/days/{day.id}/tell").text
    assert "Bu Endang &lt;TU&gt;" in page
    link = re.search(r'href="(https://wa\.me/6281234567890\?text=[^"]+)"', page)
    assert link is not None
    message = unquote(link[1].partition("text=")[2])
    assert f"semula: {_words(was.date)}" in message
    assert f"menjadi: {_words(ELSEWHERE)}" in message
    assert "/my/days" in message
    assert "Siswa Contoh" not in message

    letter = sari.get(f"/days/{day.id}/letter.pdf")
    assert letter.headers["Content-Type"] == "application/pdf"
    text = text_of(letter.body)
    assert "Perubahan jadwal" in text
    assert "Semula" in text and "Menjadi" in text
    assert "14 September" in " ".join(text.split())
    assert "Siswa Contoh" not in text

    listed = sari.get(f"/plan/letters?since={MONDAY}").text
    assert listed.count("https://wa.me/") == 4
    every = sari.get(f"/plan/letters/{MONDAY}.pdf")
    assert text_of(every.body).count("Kepala Dinas") == 4
    nothing = sari.get("/plan/letters/2026-12-01.pdf")
    assert nothing.status == 303
    assert sari.get("/plan/letters/2026-13-01.pdf").status == 404
    assert site.as_("ratna").get(f"/days/{quick.days(SUKOHARJO)[0].id}/letter.pdf").body[:5] == b"%PDF-"
    assert site.as_("joko").get(f"/days/{quick.days(SUKOHARJO)[0].id}/letter.pdf").status == 404


def test_letters_and_messages_are_in_indonesian_whatever_language_the_screen_has(
    site: Site, quick: Office
) -> None:
    day = quick.days(KARTASURA)[0]
    sari = site.as_("sari")
    sari.cookies["language"] = "en"
    page = sari.get(f"/days/{day.id}/tell").text
    assert '<html lang="en"' in page
    link = re.search(r'href="(https://wa\.me/[^"]+)"', page)
    assert link is not None
    message = unquote(link[1])
    assert "Dengan hormat," in message and _words(day.date) in message
    assert "team" not in message.lower()
    assert '<blockquote class="message" lang="id">' in page
    text = " ".join(text_of(sari.get(f"/days/{day.id}/letter.pdf").body).split())
    assert "Kepala Dinas" in text and "Yours" not in text
    assert "Kepala Dinas" in text_of(sari.get(f"/plan/letters/{MONDAY}.pdf").body)


def _words(day: date) -> str:
    from common.page import long_date

    return long_date(day, "id")


def test_the_letter_of_a_day_called_off_asks_for_nothing_and_says_why(site: Site, quick: Office) -> None:
    day = quick.days(KARTASURA)[0]
    quick.write(day_actions.call_off_day, quick.sari, day.id, "postponed", "Banjir di Kartasura")
    text = text_of(site.as_("sari").get(f"/days/{day.id}/letter.pdf").body)
    assert "Banjir di Kartasura" in text
    assert "tidak jadi" in text
    assert "(KK)" not in text
