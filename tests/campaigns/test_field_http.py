"""The recording day over HTTP: the list, marks, live news, closing, decisions and retakes, and who is kept out."""

from __future__ import annotations

import http.client
import itertools
import json
import re
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from test_field_marks import Day

from accounts.actions import disable_account
from accounts.models import Audit
from campaigns.models import MarkRow
from common import clock
from common.database import Store
from ground.field_day import WEDNESDAY
from ground.site import Client, Site


@pytest.fixture
def day(sqlite_store: Store) -> Day:
    return Day(sqlite_store)


@pytest.fixture
def site(sqlite_store: Store, day: Day, tmp_path: Path) -> Iterator[Site]:
    with clock.fixed_at(WEDNESDAY), Site(sqlite_store, tmp_path) as running:
        yield running


def data_of(text: str) -> Any:
    found = re.search(r'<script type="application/json" id="field-data">(.*?)</script>', text, re.S)
    assert found
    return json.loads(found[1])


def batch_of(text: str) -> str:
    found = re.search(r'name="batch" value="([0-9a-f]+)"', text)
    assert found
    return found[1]


def test_budi_opens_the_list_and_it_shows_no_nik_birth_date_or_address(site: Site, day: Day) -> None:
    answer = site.as_("budi").get(f"/days/{day.id}/field")
    assert answer.status == 200
    assert "Citra Ayuningtyas 3" in answer.text
    without_hashes = re.sub(r"\?v=[0-9a-f]+|value=\"[0-9a-f]{32}\"", "", answer.text)
    assert not re.search(r"\d{16}|2009|331104", without_hashes)
    data = data_of(answer.text)
    assert [outcome["value"] for outcome in data["outcomes"]][:2] == ["recorded", "waiting"]
    assert data["officer"] == day.cast.budi.account_id


def test_opening_the_list_is_written_down_without_names(site: Site, day: Day) -> None:
    site.as_("budi").get(f"/days/{day.id}/field")
    rows = day.store.read_now(lambda: list(Audit.select().where(Audit.act == "field_list_shown")))
    assert [(row.kind, row.subject_id, row.detail) for row in rows] == [("access", day.id, "students=12")]


def test_another_office_gets_what_is_missing_and_school_admins_and_viewers_are_refused(
    site: Site, day: Day
) -> None:
    wahyu, sari, others = (
        site.as_("wahyu"),
        site.as_("sari"),
        [site.as_(name) for name in ("ratna", "joko", "lina")],
    )
    for path in ("field", "field/1", "close", "summary", "live"):
        assert wahyu.get(f"/days/{day.id}/{path}").status == 404, path
        assert sari.get(f"/days/{day.id + 100}/{path}").status == 404, path
        for other in others:
            assert other.get(f"/days/{day.id}/{path}").status == 403, path


def test_marks_are_answered_one_by_one(site: Site, day: Day) -> None:
    mark = day.mark(day.students[0])
    answer = site.as_("budi").post_json(f"/days/{day.id}/marks", {"marks": [mark, mark, "?"]})
    assert answer.status == 200
    assert [one["verdict"] for one in answer.json["answers"]] == ["stored", "duplicate", "unreadable"]
    assert answer.json["answers"][0]["uuid"] == mark["uuid"]


def test_an_expired_log_in_and_another_office_get_no_acknowledgement(site: Site, day: Day) -> None:
    marks = {"marks": [day.mark(day.students[0])]}
    assert site.client().post_json(f"/days/{day.id}/marks", marks).status == 401
    assert site.as_("wahyu").post_json(f"/days/{day.id}/marks", marks).status == 404
    assert site.as_("ratna").post_json(f"/days/{day.id}/marks", marks).status == 403
    assert day.quarantine() == []


def test_a_batch_that_is_none_or_too_long_stores_nothing(site: Site, day: Day) -> None:
    budi = site.as_("budi")
    for body in ([], {"marks": 3}, {"marks": [{}] * 501}):
        assert budi.post_json(f"/days/{day.id}/marks", body).status == 400


def test_a_mark_of_one_kit_is_told_to_the_other_within_300_ms(site: Site, day: Day) -> None:
    page = data_of(site.as_("sari").get(f"/days/{day.id}/field").text)
    listening = follow(site, site.as_("sari"), day, page["last"])
    assert json.loads(next_data(listening))["state"] == "confirmed"
    budi = site.as_("budi")
    waits = []
    for n, student in enumerate(day.students[:8]):
        started = time.perf_counter()
        budi.post_json(f"/days/{day.id}/marks", {"marks": [day.mark(student)]})
        told = json.loads(next_data(listening))
        waits.append(time.perf_counter() - started)
        assert [mark["student"] for mark in told["marks"]] == [student], n
    listening.close()
    assert sorted(waits)[4] < 0.3


def test_a_page_without_a_stream_asks_for_news(site: Site, day: Day) -> None:
    day.take(day.mark(day.students[0]), day.mark(day.students[1]))
    budi = site.as_("budi")
    first = budi.get(f"/days/{day.id}/live?after=0", Accept="application/json").json
    assert [mark["student"] for mark in first["marks"]] == day.students[:2]
    assert set(first["marks"][0]) == {
        "id",
        "uuid",
        "student",
        "outcome",
        "reason",
        "lc",
        "supersedes",
        "device_time",
    }
    later = budi.get(f"/days/{day.id}/live?after={first['last']}", Accept="application/json").json
    assert (later["marks"], later["last"], later["state"]) == ([], first["last"], "open")


def test_a_disabled_officer_is_told_no_more_news(site: Site, day: Day) -> None:
    listening = follow(site, site.as_("budi"), day, 0)
    next_data(listening)
    day.store.write_now(disable_account, day.cast.sari, day.cast.budi.account_id)
    site.as_("sari").post_json(f"/days/{day.id}/marks", {"marks": [day.mark(day.students[0])]})
    lines = list(itertools.islice(iter(listening.readline, b""), 4))
    assert len(lines) < 4, "the stream goes on"
    assert not any(line.startswith(b"data:") for line in lines)


def test_a_page_that_follows_a_day_does_not_hold_up_the_stopping_server(
    sqlite_store: Store, day: Day, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with clock.fixed_at(WEDNESDAY), Site(sqlite_store, tmp_path) as site:
        listening = follow(site, site.as_("budi"), day, 0)
        next_data(listening)
        started = time.perf_counter()
    assert time.perf_counter() - started < 3
    assert "Cannot send error response" not in caplog.text
    while listening.readline():
        pass  # the stream came to its end


def test_without_scripts_a_button_marks_and_pressed_twice_marks_once(site: Site, day: Day) -> None:
    budi = site.as_("budi")
    batch = batch_of(budi.get(f"/days/{day.id}/field").text)
    form = {"batch": batch, "mark": f"{day.students[0]}:recorded"}
    for _ in range(2):
        answer = budi.post(f"/days/{day.id}/mark", form)
        assert (answer.status, answer.headers["Location"]) == (
            303,
            f"/days/{day.id}/field#n{day.students[0]}",
        )
    assert day.outcomes() == {day.students[0]: "recorded"}
    assert day.store.read_now(lambda: MarkRow.select().count()) == 1


def test_without_scripts_another_outcome_is_chosen_on_a_page_and_replaces_the_first(
    site: Site, day: Day
) -> None:
    budi = site.as_("budi")
    student = day.students[0]
    batch = batch_of(budi.get(f"/days/{day.id}/field").text)
    budi.post(f"/days/{day.id}/mark", {"batch": batch, "mark": f"{student}:recorded"})
    choices = budi.follow(budi.post(f"/days/{day.id}/mark", {"batch": batch, "other": str(student)}))
    assert f'value="{student}:failed:fingerprint"' in choices.text
    budi.post(
        f"/days/{day.id}/mark", {"batch": batch_of(choices.text), "mark": f"{student}:failed:fingerprint"}
    )
    assert day.outcomes() == {student: "failed"}
    assert day.standings()[student] == ("failed", 1, False)


def test_nonsense_in_a_form_is_refused_and_changes_nothing(site: Site, day: Day) -> None:
    budi = site.as_("budi")
    for mark in ("", "x:recorded", f"{day.students[0]}:danced", "1" * 30 + ":recorded"):
        assert budi.post(f"/days/{day.id}/mark", {"mark": mark}).status == 400
    assert budi.post(f"/days/{day.id}/mark", {"mark": "999999:recorded"}).status == 404
    assert day.quarantine() == []


def test_closing_says_first_how_many_become_absent(site: Site, day: Day) -> None:
    day.take(day.mark(day.students[0]))
    budi = site.as_("budi")
    budi.cookies["language"] = "en"
    assert "11 students have no mark and become absent." in budi.get(f"/days/{day.id}/close").text
    for _ in range(2):
        answer = budi.post(f"/days/{day.id}/close")
        assert (answer.status, answer.headers["Location"]) == (303, f"/days/{day.id}/summary")
    assert "Closed by Budi Santosa" in budi.get(f"/days/{day.id}/summary").text


def test_a_day_to_come_is_not_closed(site: Site, day: Day) -> None:
    with clock.fixed_at(date(2026, 8, 11)):
        sari = site.as_("sari")
        page = sari.get(f"/days/{day.id}/close")
        assert "Hari perekaman ini belum tiba" in page.text
        assert f'action="/days/{day.id}/close"' not in page.text  # said first, and not offered
        assert f"/days/{day.id}/close" not in sari.get(f"/days/{day.id}/field").text
        answer = sari.post(f"/days/{day.id}/close")
    assert answer.status == 422
    assert day.state() == "confirmed"


def test_sari_opens_a_closed_day_again_and_must_say_why(site: Site, day: Day) -> None:
    day.close()
    sari = site.as_("sari")
    assert sari.post(f"/days/{day.id}/reopen", {"reason": " "}).status == 422
    assert day.state() == "closed"
    assert sari.post(f"/days/{day.id}/reopen", {"reason": "Dua siswa datang sore"}).status == 303
    assert day.state() == "open"
    assert site.as_("budi").post(f"/days/{day.id}/reopen", {"reason": "x"}).status == 403


def test_sari_decides_between_two_phones(site: Site, day: Day) -> None:
    student = day.students[0]
    day.take(day.mark(student, "absent", reason="sick", device="kit-1"), day.mark(student, device="kit-2"))
    sari = site.as_("sari")
    page = sari.get("/looks")
    assert "Ayu Lestari 1" in page.text
    seen = re.search(r'name="seen" value="([^"]+)"', page.text)
    assert seen
    form = {"day": str(day.id), "student": str(student), "seen": seen[1], "choice": "absent:sick"}
    assert sari.post("/looks", form).status == 303
    assert day.standings()[student] == ("absent", 1, False)
    assert "Ayu Lestari 1" not in sari.get("/looks").text
    assert site.as_("budi").get("/looks").status == 403
    assert site.as_("wahyu").post("/looks", form).status == 404


def test_a_file_that_a_phone_saved_is_loaded_once_however_often_it_is_sent(site: Site, day: Day) -> None:
    marks = [
        day.mark(day.students[0]),
        day.mark(day.students[1]),
        {**day.mark(day.students[2]), "day": 10**12},
    ]
    content = json.dumps({"marks": [*marks, "?", {"day": True}]}).encode()
    sari = site.as_("sari")
    sari.cookies["language"] = "en"
    first = sari.follow(sari.upload("/looks/file", "file", content, "perekaman.json"))
    assert "New marks: 2. Known already: 0." in first.text
    assert "a day that this office does not have" in first.text
    again = sari.follow(sari.upload("/looks/file", "file", content, "perekaman.json"))
    assert "New marks: 0. Known already: 2." in again.text
    assert day.outcomes() == {day.students[0]: "recorded", day.students[1]: "recorded"}
    for nonsense in (b"", b"PK", b"[]", b'{"marks": 3}'):
        told = sari.follow(sari.upload("/looks/file", "file", nonsense, "x.json"))
        assert "This is no file of marks." in told.text
    assert site.as_("budi").upload("/looks/file", "file", content, "perekaman.json").status == 403


def test_retakes_of_a_school_that_is_not_there_are_an_empty_list(site: Site, day: Day) -> None:
    assert site.as_("sari").get("/retakes/list/no_date?school=99999").status == 200


def test_retakes_are_proposed_accepted_and_gone_from_the_list(site: Site, day: Day) -> None:
    day.close()
    sari = site.as_("sari")
    assert "SMAN 1 SUKOHARJO" in sari.get("/retakes").text
    of_school = sari.get(f"/retakes/list/no_date?school={day.cast.ratnas_school}").text
    assert "Ayu Lestari 1" in of_school
    slips = f'href="/schools/{day.cast.ratnas_school}/slips.pdf"'
    assert slips in of_school and slips not in sari.get("/retakes/list/no_date").text
    proposal = sari.get("/retakes/proposal").text
    assert "13 Agustus 2026" in proposal
    keys = re.findall(r'name="day" value="([0-9a-f]+)"', proposal)
    answer = sari.post("/retakes/accept", {"day": keys})
    assert (answer.status, answer.headers["Location"]) == (303, "/retakes")
    after = sari.get("/retakes").text
    assert "13 Agustus 2026" in after
    assert sari.get("/retakes/proposal").text.count('name="day"') == 0
    for username in ("budi", "ratna", "lina"):
        assert site.as_(username).get("/retakes").status == 403


def follow(site: Site, client: Client, day: Day, after: int) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
    cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    headers = {"Cookie": cookie, "Accept": "text/event-stream", "Accept-Encoding": "gzip"}
    connection.request("GET", f"/days/{day.id}/live?after={after}", headers=headers)
    response = connection.getresponse()
    assert response.status == 200
    return response


def next_data(response: http.client.HTTPResponse) -> str:
    while True:
        line = response.readline().decode()
        assert line, "the stream ended"
        if line.startswith("data: "):
            return line.removeprefix("data: ")


def test_a_closed_day_leads_to_what_came_of_it_and_is_not_asked_to_be_closed(site: Site, day: Day) -> None:
    sari = site.as_("sari")
    to_close = "setelah siswa terakhir selesai"
    assert to_close in sari.get(f"/days/{day.id}/field").text
    assert f"/days/{day.id}/summary" not in sari.get(f"/days/{day.id}").text
    day.close()
    shown = sari.get(f"/days/{day.id}/field").text
    assert to_close not in shown
    assert f'href="/days/{day.id}/summary"' in shown
    assert f'href="/days/{day.id}/summary"' in sari.get(f"/days/{day.id}").text
    assert f"/days/{day.id}/summary" not in site.as_("ratna").get(f"/days/{day.id}").text


def test_what_waits_for_the_data_centre_does_not_sound_like_what_waits_on_the_phone(
    site: Site, day: Day
) -> None:
    text = site.as_("budi").get(f"/days/{day.id}/field").text
    words = {one["value"]: one["short"] for one in data_of(text)["outcomes"]}
    assert words["waiting"] == "Menunggu pusat data"
    assert "belum terkirim" in text
    assert "menunggu dikirim" not in text.lower()
