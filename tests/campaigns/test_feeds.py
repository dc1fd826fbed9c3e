"""The days of a school or a team in other people's calendars: whole, true, following, and without a person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, strategies

from campaigns.booking import day_actions
from campaigns.feeds import actions, queries
from campaigns.feeds.icalendar_text import Event, Status, calendar_text, escaped, folded
from campaigns.models import CalendarFeed, RecordingDay
from common import clock
from common.access import Missing
from common.database import Store
from ground.booking_office import MONDAY, Office, open_office
from ground.site import Site

SUKOHARJO = "SMAN 1 SUKOHARJO"
EVENT = Event(
    "day-1@33.11.perekaman",
    2,
    datetime(2026, 8, 3, 1, 2, 3),
    date(2026, 8, 12),
    "08:00",
    "14:00",
    Status.CONFIRMED,
    "Perekaman KTP-el: Tim A",
)


@dataclass
class Component:
    """A part of a calendar as this parser reads it, on the words of RFC 5545 alone."""

    name: str
    values: dict[str, str] = field(default_factory=dict)
    parts: list[Component] = field(default_factory=list)

    def of(self, name: str) -> list[Component]:
        return [part for part in self.parts if part.name == name]


def parsed(text: str) -> Component:
    """The calendar; fails on what the standard forbids."""
    assert text.endswith("\r\n")
    raw = text.split("\r\n")[:-1]
    assert all(len(line.encode()) <= 75 for line in raw)
    assert not re.search(r"(?<!\r)\n|\r(?!\n)", text)
    lines: list[str] = []
    for line in raw:
        if line.startswith(" "):
            lines[-1] += line[1:]
        else:
            lines.append(line)
    top = Component("")
    open_parts = [top]
    for line in lines:
        name, colon, value = line.partition(":")
        assert colon
        if name == "BEGIN":
            part = Component(value)
            open_parts[-1].parts.append(part)
            open_parts.append(part)
        elif name == "END":
            assert open_parts.pop().name == value
        else:
            assert name not in open_parts[-1].values, f"{name} twice"
            open_parts[-1].values[name] = value
    assert open_parts == [top]
    (calendar,) = top.parts
    assert calendar.name == "VCALENDAR"
    return calendar


def plain(value: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


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


def feed(office: Office, token: str) -> queries.Feed:
    return office.store.read_now(queries.feed_of, token)


def school_token(office: Office) -> str:
    school = office.cast.ratnas_school
    office.write(actions.renew_school_feed, office.cast.ratna, school)
    return office.store.read_now(queries.school_feed, office.cast.ratna, school).token


def test_a_calendar_has_what_the_standard_asks_for() -> None:
    calendar = parsed(calendar_text("SMAN 1, Sukoharjo", "Asia/Makassar", [EVENT]))
    assert calendar.values["VERSION"] == "2.0"
    assert plain(calendar.values["X-WR-CALNAME"]) == "SMAN 1, Sukoharjo"
    (zone,) = calendar.of("VTIMEZONE")
    (standard,) = zone.of("STANDARD")
    assert (zone.values["TZID"], standard.values["TZOFFSETTO"], standard.values["TZNAME"]) == (
        "Asia/Makassar",
        "+0800",
        "WITA",
    )
    (event,) = calendar.of("VEVENT")
    assert event.values["DTSTART;TZID=Asia/Makassar"] == "20260812T080000"
    assert event.values["DTEND;TZID=Asia/Makassar"] == "20260812T140000"
    assert event.values["DTSTAMP"] == "20260803T010203Z"
    assert (event.values["STATUS"], event.values["SEQUENCE"]) == ("CONFIRMED", "2")


def test_what_has_a_meaning_of_its_own_is_escaped() -> None:
    assert escaped("a,b;c\\d\r\ne\x07") == "a\\,b\\;c\\\\d\\ne"


@given(strategies.text(max_size=300))
def test_any_text_comes_back_whole_from_folding_and_escaping(text: str) -> None:
    kept = plain(escaped(text))
    assert "\r" not in escaped(text) and "\n" not in escaped(text)
    lines = list(folded(f"SUMMARY:{escaped(text)}"))
    assert all(len(line.encode()) <= 75 for line in lines)
    assert "".join([lines[0], *(line[1:] for line in lines[1:])]) == f"SUMMARY:{escaped(text)}"
    if text.isprintable():
        assert kept == text


def test_a_school_name_cannot_write_a_line_of_its_own() -> None:
    text = calendar_text(
        "x", "Asia/Jakarta", [EVENT.__class__(**{**_facts(EVENT), "summary": "A\r\nSTATUS:X"})]
    )
    (event,) = parsed(text).of("VEVENT")
    assert event.values["STATUS"] == "CONFIRMED"
    assert plain(event.values["SUMMARY"]) == "A\nSTATUS:X"


def _facts(event: Event) -> dict[str, object]:
    return {name: getattr(event, name) for name in Event.__dataclass_fields__}


def test_a_day_keeps_its_uid_and_its_sequence_grows_through_its_life(office: Office) -> None:
    token = school_token(office)
    day = office.days(SUKOHARJO)[0]

    def now() -> queries.FeedDay:
        return next(one for one in feed(office, token).days if one.day.id == day.id)

    first = now()
    assert first.status == Status.TENTATIVE
    seen = [first]
    with clock.fixed_at(MONDAY + timedelta(days=1)):
        office.write(day_actions.confirm_day, office.cast.ratna, day.id)
        seen.append(now())
        assert seen[-1].status == Status.CONFIRMED
        office.write(day_actions.ask_for_another_day, office.cast.ratna, day.id, (), "PKL")
        seen.append(now())
        assert seen[-1].status == Status.TENTATIVE
        office.write(day_actions.call_off_day, office.sari, day.id, "postponed", "Banjir")
        seen.append(now())
    assert seen[-1].status == Status.CANCELLED
    assert len({one.uid for one in seen}) == 1
    sequences = [one.sequence for one in seen]
    assert sequences == sorted(set(sequences))
    assert seen[1].changed > seen[0].changed


def test_a_calendar_holds_the_days_of_its_school_or_team_alone_and_no_draft(office: Office) -> None:
    token = school_token(office)
    assert {one.day.school_name for one in feed(office, token).days} == {SUKOHARJO}
    team = office.days()[0].team_id
    office.write(actions.renew_team_feed, office.cast.budi, team)
    of_team = office.store.read_now(queries.team_feed, office.cast.budi, team).token
    assert {one.day.team_id for one in feed(office, of_team).days} == {team}
    draft = next(one.day.id for one in feed(office, of_team).days)
    office.write(
        lambda: (
            RecordingDay.update(state="draft", announced_at=None).where(RecordingDay.id == draft).execute()
        )
    )
    assert draft not in {one.day.id for one in feed(office, of_team).days}
    office.write(lambda: RecordingDay.update(state="cancelled").where(RecordingDay.id == draft).execute())
    assert draft not in {one.day.id for one in feed(office, of_team).days}  # nobody was ever told of it


def test_a_new_address_shuts_the_old_one_and_only_those_who_see_the_days_make_it(office: Office) -> None:
    cast = office.cast
    old = school_token(office)
    new = school_token(office)
    assert old != new
    assert feed(office, new).school_name == SUKOHARJO
    with pytest.raises(Missing):
        feed(office, old)
    for who in (cast.joko, cast.wahyu):
        with pytest.raises(Missing):
            office.write(actions.renew_school_feed, who, cast.ratnas_school)
        with pytest.raises(Missing):
            office.store.read_now(queries.school_feed, who, cast.ratnas_school)
    team = office.days()[0].team_id
    with pytest.raises(Missing):
        office.write(actions.renew_team_feed, cast.wahyu, team)
    assert office.store.read_now(lambda: CalendarFeed.select().count()) == 1


def test_ratna_makes_her_address_and_anyone_who_has_it_follows_without_meeting_a_student(
    site: Site, quick: Office
) -> None:
    ratna = site.as_("ratna")
    page = f"/schools/{quick.cast.ratnas_school}/calendar-address"
    assert "/calendars/" not in ratna.get(page).text
    shown = ratna.follow(ratna.post(page)).text
    address = re.search(r'value="http://localhost:\d+(/calendars/[\w-]{43}\.ics)"', shown)
    assert address is not None
    nobody = site.client()
    answer = nobody.get(address[1])
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    events = parsed(answer.text).of("VEVENT")
    days = quick.days(SUKOHARJO)
    assert len(events) == len(days)
    assert {event.values["DTSTART;TZID=Asia/Jakarta"][:8] for event in events} == {
        f"{day.date:%Y%m%d}" for day in days
    }
    assert "Siswa" not in answer.text.replace("siswa", "")
    assert "331104" not in answer.text
    assert "Ratna" not in answer.text
    assert site.client().get("/calendars/" + "x" * 43 + ".ics").status == 404
    asked = re.search(r"<details class=\"asked-once\">.*?</details>", ratna.get(page).text, re.DOTALL)
    assert asked is not None and "tidak berlaku lagi" in asked[0] and f'action="{page}"' in asked[0]
    ratna.post(page)
    assert nobody.get(address[1]).status == 404
    assert site.as_("joko").get(page).status == 404


def test_budi_follows_his_team_and_homes_that_are_visited_stand_in_no_calendar(
    site: Site, quick: Office
) -> None:
    budi = site.as_("budi")
    assert "/calendar-address" in budi.get("/teams/calendars").text
    day = quick.days()[0]
    page = f"/teams/{day.team_id}/calendar-address"
    quick.write(
        lambda: (
            RecordingDay.update(kind="home", venue="Rumah Bapak Karto, RT 3")
            .where(RecordingDay.id == day.id)
            .execute()
        )
    )
    shown = budi.follow(budi.post(page)).text
    address = re.search(r"(/calendars/[\w-]{43}\.ics)", shown)
    assert address is not None
    text = site.client().get(address[1]).text
    assert "Karto" not in text
    home = [one for one in parsed(text).of("VEVENT") if one.values["SUMMARY"].startswith("Kunjungan rumah")]
    assert len(home) == 1
    assert "LOCATION" not in home[0].values
