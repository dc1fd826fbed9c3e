"""An office half way through its programme in which every page has something to show, and the address of each page.

`PAGES` knows every page by the name of its route. A new page gets its line there, and the sweep of all pages
(tests/browser/test_every_page.py) looks at it from then on.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from campaigns.models import Booking, Campaign, MarkRow, RecordingDay
from common import clock
from common.database import Store, open_store
from demo import build
from ground import databases
from ground.site import Answer, Client, Site
from schools.models import School, Student, Team

WEDNESDAY = date(2026, 11, 25)
NOBODY = ""  # for people who are not signed in
ROSTER = (
    b"No;Nama Peserta Didik;NISN;NIK;JK;Tempat Lahir;Tanggal Lahir;Rombel\n"
    b"1;DEWI CONTOH;;3311084501099001;P;Sukoharjo;05/01/2009;X-1\n"
    b"2;EKO CONTOH;;331108060109900;L;Sukoharjo;06/01/2009;X-1\n"
    b"3;RINA AYU CONTOH;;3311084701099003;P;Sukoharjo;31/02/2009;X-2\n"
)
RESIDENTS = (
    b"NIK;NAMA;TANGGAL LAHIR;KECAMATAN\n"
    b"3311084501099001;DEWI CONTOH;05-01-2009;MOJOLABAN\n"
    b"3311080601099777;ORANG LAIN;06-01-2009;GROGOL\n"
)

# route -> who looks at which address; the words in braces are ids of `Office.ids`
PAGES: dict[str, tuple[tuple[str, str], ...]] = {
    "home": tuple((who, "/") for who in ("sari", "budi", "ratna", "lina")),
    "to_do": (("sari", "/to-do/no_students"),),
    "office": (("sari", "/office"),),
    # accounts
    "login": ((NOBODY, "/login"),),
    "invitation": ((NOBODY, "/invitations/{token}"),),
    "invitation_made": (("sari", "/people/invitations/{invitation}"),),
    "people": (("sari", "/people"),),
    "disable_account": (("sari", "/people/{lina}/disable"),),
    "audit": (("sari", "/audit"),),
    # schools
    "schools": (("sari", "/schools"),),
    "school": (("sari", "/schools/{school}"),),
    "students": (("ratna", "/schools/{school}/students"),),
    "teams": (("sari", "/teams"),),
    "team": (("sari", "/teams/{team}"),),
    "crew": (("sari", "/teams/{team}/crew"),),
    # the programme, its plan, its days
    "campaign_new": (("sari", "/campaigns/new"),),
    "campaign": (("sari", "/campaigns/{campaign}"), ("lina", "/campaigns/{campaign}")),
    "campaign_edit": (("sari", "/campaigns/{campaign}/edit"),),
    "plan": (("sari", "/plan"), ("sari", "/plan?view=list")),
    "plan_discard": (("sari", "/campaigns/{campaign}/discard"),),
    "plan_proposal": (("sari", "/campaigns/{campaign}/proposal"),),
    "plan_versions": (("sari", "/campaigns/{campaign}/versions"),),
    "plan_version": (("sari", "/plan/versions/{version}"),),
    "plan_what_if": (
        ("sari", "/campaigns/{campaign}/what-if"),
        ("sari", "/campaigns/{campaign}/what-if?kits=1"),
    ),
    "day": (("sari", "/days/{draft}"), ("sari", "/days/{confirmed}"), ("ratna", "/days/{closed}")),
    "day_call_off": (("sari", "/days/{confirmed}/call-off"),),
    "day_ask": (("ratna", "/days/{proposed}/ask"),),
    "day_answer": (("sari", "/days/{asked}/answer"),),
    "day_try": (("sari", "/days/{draft}/try?date=2026-12-17&team={team}"),),
    "my_days": (("ratna", "/my/days"),),
    # calendars
    "week": (("sari", "/plan/week"), ("budi", "/plan/week")),
    "office_calendar": (("sari", "/plan/calendar"),),
    "office_date": (("sari", "/plan/calendar/2026-12-09"),),
    "school_calendars": (("sari", "/plan/school-calendars"),),
    "closed_dates_new": (("sari", "/plan/school-calendars/new"),),
    "closed_dates": (("sari", "/plan/school-calendars/{dates}"),),
    "school_calendar": (("ratna", "/schools/{school}/calendar"),),
    "day_tell": (("sari", "/days/{proposed}/tell"),),
    "letters": (("sari", "/plan/letters"),),
    "papers": (("sari", "/papers"),),
    "school_feed": (("ratna", "/schools/{school}/calendar-address"),),
    "team_feeds": (("budi", "/teams/calendars"),),
    "team_feed": (("sari", "/teams/{team}/calendar-address"),),
    # the recording day
    "field_day": (("budi", "/days/{confirmed}/field"), ("sari", "/days/{closed}/field")),
    "field_choices": (("budi", "/days/{confirmed}/field/{student}"),),
    "day_pace": (("sari", "/days/{confirmed}/pace"),),
    "quick_entry": (("sari", "/days/{confirmed}/quick"),),
    "day_close": (("budi", "/days/{confirmed}/close"),),
    "day_summary": (("sari", "/days/{closed}/summary"),),
    "needs_look": (("sari", "/looks"),),
    "device": (("budi", "/device"),),
    "devices": (("sari", "/devices"),),
    "device_code": (("sari", "/devices/{device}/code"),),
    "device_disable": (("sari", "/devices/{device}/disable"),),
    "offline": ((NOBODY, "/offline/id"),),
    "retakes": (("sari", "/retakes"),),
    "retake_list": tuple(
        ("sari", f"/retakes/list/{kind}") for kind in ("no_date", "twice", "refused", "failed")
    ),
    "retake_waiting": (("sari", "/retakes/waiting"),),
    "retake_opening": (("sari", "/retakes/opening"),),
    "retake_propose": (("sari", "/retakes/proposal"),),
    # coverage
    "coverage": (("sari", "/coverage"), ("lina", "/coverage")),
    "forecast": (("sari", "/coverage/forecast"), ("lina", "/coverage/forecast")),
    "wall": (("lina", "/wall"),),
    "coverage_school": (("sari", "/coverage/schools/{school}"),),
    "coverage_class": (("ratna", "/coverage/schools/{school}/classes?class={class}"),),
    "student": (("sari", "/students/{student}"),),
    # rosters and the office's own lists
    "schools_load": (("sari", "/schools/load"),),
    "my_rosters": (("ratna", "/my/rosters"),),
    "roster_upload": (("sari", "/schools/{school}/rosters"),),
    "roster": (("joko", "/rosters/{review}"), ("ratna", "/rosters/{roster}")),
    "roster_columns": (("joko", "/rosters/{review}/columns"),),
    "fix_list": (("ratna", "/schools/{school}/fixes"),),
    "residents": (("sari", "/residents"),),
    "resident_list": (("sari", "/residents/{residents}"), ("sari", "/residents/{residents}?kind=strangers")),
    "resident_undo": (("sari", "/residents/{confirmed_list}/undo"),),
    # the guide
    "guide_book": tuple(
        (who, f"/panduan/{book}")
        for who, book in (("sari", "koordinator"), ("budi", "petugas"), ("lina", "pimpinan"))
    ),
    "guide_school": ((NOBODY, "/panduan/sekolah"),),
}

# routes that are asked with GET and answer no page
FILES = frozenset(
    {
        *("day_list", "call_list", "lists_of_date", "minutes", "day_letter", "letters_pdf", "calendar_feed"),
        *("day_slips", "school_slips", "papers_file", "school_starter", "starter", "coverage_book", "report"),
        *("roster_annotated", "roster_template", "worker", "manifest"),
        *("field_live", "wall_live", "plan_making_progress", "roster_progress", "resident_progress"),
        "papers_progress",
    }
)
# there for a moment only, or asked with GET after a form was sent: looked at where they are tested
PASSING = frozenset(
    {"plan_making", "roster_confirm", "day_reopen", "quick_check", "walk_in_search", "papers_made", "guide"}
)
# lists of students and of what is planned for each: as long as the school is large
LONG_LISTS = frozenset(
    {"students", "field_day", "roster", "coverage_class", "quick_entry", "day", "fix_list"}
)


@dataclass(frozen=True)
class Office:
    """The office, served: who looks, and what stands where."""

    store: Store
    site: Site
    ids: dict[str, Any]

    def addresses(self, name: str) -> list[tuple[str, str]]:
        """Every (username, path) under which the page of a route is looked at."""
        return [(who, path.format_map(self.ids)) for who, path in PAGES[name]]

    def client(self, username: str) -> Client:
        """A browser without scripts of that person."""
        return self.site.as_(username) if username else self.site.client()


@contextmanager
def full_office(folder: Path) -> Iterator[Office]:
    """The office, served by a real server until the end."""
    with databases.fresh("sqlite", folder, migrated=True) as address:
        store = open_store(address)
        files = folder / "files"
        with clock.fixed_at(WEDNESDAY):
            build.build(store, WEDNESDAY, files, school_count=6)
            with Site(store, files) as site:
                yield Office(store, site, _filled(store, site))
        store.close()


def _filled(store: Store, site: Site) -> dict[str, Any]:
    """What the demo's life does not hold: something on every list, a plan that waits, invitations, devices."""
    ids = store.read_now(_known)
    sari, ratna, joko = (site.as_(name) for name in ("sari", "ratna", "joko"))
    _send(sari, f"/days/{ids['proposed']}/announce")
    _send(sari, f"/days/{ids['asked']}/announce")
    _send(ratna, f"/days/{ids['asked']}/ask", {"text": "Ada ujian praktik."})
    _send(sari, "/plan/calendar/2026-12-09", {"kind": "free", "name": "Hari jadi kabupaten"})
    dates = {"from_date": "2026-12-07", "to_date": "2026-12-11", "reason": "Ujian", "levels": "SMA"}
    _send(sari, "/plan/school-calendars/new", {**dates, "reach": "level"})
    ids["dates"] = _found(sari.get("/plan/school-calendars"), r"/plan/school-calendars/(\d+)\"")
    ids["device"] = _found(_send(sari, "/devices", {"name": "HP tim A"}), r"/devices/(\d+)")
    person = {"name": "Wahyu", "username": "wahyu", "phone": "081234567890", "role": "viewer"}
    ids["token"] = _found(sari.follow(_send(sari, "/people", person)), r"/invitations/([A-Za-z0-9_-]{43})")
    ids["invitation"] = _found(sari.get("/people"), r"/people/invitations/(\d+)")
    _send(sari, f"/schools/{ids['school']}/invitations", {"name": "Rini", "phone": "081234567891"})
    _send(sari, f"/teams/{ids['team']}/calendar-address")

    sent = ratna.upload(f"/schools/{ids['school']}/rosters", "file", ROSTER, "daftar.csv")
    ids["roster"] = _read(ratna, "/rosters/", sent.headers["Location"])
    _confirm(ratna, f"/rosters/{ids['roster']}")
    ids["review"] = _read(joko, "/rosters/", _found(joko.get("/my/rosters"), r"(/rosters/\d+)"))
    ids["confirmed_list"] = _resident_list(sari, "recorded")
    _confirm(sari, f"/residents/{ids['confirmed_list']}")
    ids["residents"] = _resident_list(sari, "not_yet")

    _change_marks(site.as_("budi"), ids["closed"], ids.pop("recorded"))
    _send(sari, f"/campaigns/{ids['campaign']}/plan")
    ids["version"] = _found(sari.get(f"/campaigns/{ids['campaign']}/versions"), r"/plan/versions/(\d+)")
    return ids


def _change_marks(budi: Client, day_id: int, marks: list[tuple[str, int]]) -> None:
    """Correct some marks of the closed day, so that every list of retakes has a student."""
    outcomes = (("refused", "uniform"), ("failed", "iris"), ("absent", "sick"), ("waiting", ""))
    changed = [
        {
            "uuid": f"sweep-{n:08d}",
            "student": student,
            "outcome": outcome,
            "reason": reason,
            "device": "sweep",
            "seq": n,
            "lc": 10_000 + n,
            "supersedes": [uuid],
        }
        for n, ((outcome, reason), (uuid, student)) in enumerate(zip(outcomes, marks, strict=False), 1)
    ]
    answers = budi.post_json(f"/days/{day_id}/marks", {"marks": changed}).json["answers"]
    assert [one["verdict"] for one in answers] == ["stored"] * len(outcomes)


def _known() -> dict[str, Any]:
    """Ids of what the demo made."""
    from accounts.models import Account

    ratnas = School.get(School.npsn == build.RATNAS_SCHOOL)
    mine = list(RecordingDay.select().where(RecordingDay.school == ratnas).order_by(RecordingDay.date))
    drafts = [day.id for day in mine if day.state == "draft"]
    confirmed = RecordingDay.get(RecordingDay.state == "confirmed")
    booking = Booking.get(Booking.day == confirmed)
    closed = next(day.id for day in mine if day.state == "closed")
    recorded = MarkRow.select(MarkRow.uuid, MarkRow.student).where(
        MarkRow.day == closed, MarkRow.outcome == "recorded"
    )
    return {
        "school": ratnas.id,
        "campaign": Campaign.get().id,
        "team": Team.get().id,
        "lina": Account.get(Account.username == "lina").id,
        "proposed": drafts[0],
        "asked": drafts[1],
        "draft": RecordingDay.get(RecordingDay.state == "draft", RecordingDay.school != ratnas).id,
        "confirmed": confirmed.id,
        "closed": closed,
        "recorded": list(recorded.order_by(MarkRow.id).limit(4).tuples()),
        "student": booking.student_id,
        "class": Student.select().where(Student.school == ratnas).first().class_name,
    }


def _send(client: Client, path: str, form: dict[str, str] | None = None) -> Answer:
    answer = client.post(path, form or {})
    assert answer.status == 303, f"{path}: {answer.status} {answer.text[:2000]}"
    return answer


def _found(answer: Answer, pattern: str) -> str:
    match = re.search(pattern, answer.headers.get("Location") or answer.text)
    assert match is not None, f"{pattern} in {answer.text[:4000]}"
    return match[1]


def _read(client: Client, under: str, address: str) -> str:
    """The id of a sent list, once it is read."""
    for _ in range(400):
        if client.get(f"{address}/progress").json["done"]:
            return address.removeprefix(under)
        time.sleep(0.05)
    raise AssertionError(f"{address} was not read")


def _resident_list(client: Client, kind: str) -> str:
    body = (
        f'--X\r\nContent-Disposition: form-data; name="kind"\r\n\r\n{kind}\r\n'
        '--X\r\nContent-Disposition: form-data; name="file"; filename="wajib.csv"\r\n\r\n'
    ).encode()
    headers = {"Content-Type": "multipart/form-data; boundary=X"}
    sent = client.ask("POST", "/residents", body + RESIDENTS + b"\r\n--X--\r\n", headers)
    return _read(client, "/residents/", sent.headers["Location"])


def _confirm(client: Client, address: str) -> None:
    fingerprint = _found(client.get(address), r'name="fingerprint" value="([^"]+)"')
    _send(client, f"{address}/confirm", {"fingerprint": fingerprint, "is_sure": "1"})
