"""The officer's page on a phone: one tap, no signal, lost answers, an expired log-in; nothing lost, nothing doubled."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from accounts.models import Session
from campaigns.attendance import PRIORITY, Mark, Outcome, view_of
from campaigns.field import queries
from campaigns.field.pace import pace_of, students_an_hour
from campaigns.models import MarkRow, RecordingDay
from common import clock
from common.database import Store
from ground import field_day
from ground.browser import PHONE, PLACE
from ground.field_day import WEDNESDAY
from ground.people import PASSWORD, Cast, invite_everyone
from ground.site import Site
from ground.wire import Wire, first_visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.browser


class FieldDay:
    """A running server with a day of twenty students, and what it knows of them."""

    def __init__(self, store: Store, site: Site, cast: Cast, day_id: int, students: list[int]) -> None:
        self.store, self.site, self.cast, self.id, self.students = store, site, cast, day_id, students
        self.path = f"{site.url}/days/{day_id}/field"

    def opened_by(self, username: str, page: Page) -> Page:
        page.goto(f"{self.site.url}/login")
        page.fill("[name=username]", username)
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(lambda url: "/login" not in url)
        return self.open(page)

    def open(self, page: Page) -> Page:
        page.goto(self.path)
        page.locator("[data-field-save]").wait_for()  # the queue is open
        return page

    def row(self, page: Page, n: int) -> Any:
        return page.locator(f"#n{self.students[n]}")

    def tap(self, page: Page, n: int) -> None:
        self.row(page, n).locator(".field-row__mark").click()

    def outcomes(self) -> dict[int, str]:
        page = self.store.read_now(queries.field_page, self.cast.sari, self.id)
        return {self.students.index(its.id): its.outcome for its in page.students if its.outcome}

    def marks(self) -> int:
        return self.store.read_now(lambda: MarkRow.select().count())

    def take_elsewhere(self, n: int) -> None:
        """The other kit records a student."""
        mark = {
            "uuid": f"other-kit-{n:06d}",
            "day": self.id,
            "student": self.students[n],
            "outcome": "recorded",
            "reason": "",
            "device": "kit-2",
            "seq": n + 1,
            "lc": 1,
            "supersedes": [],
            "officer": self.cast.sari.account_id,
            "device_time": "2026-08-12T02:00:00Z",
        }
        answer = self.site.as_("sari").post_json(f"/days/{self.id}/marks", {"marks": [mark]})
        assert answer.json["answers"][0]["verdict"] == "stored"

    def unsent(self, page: Page) -> Any:
        return page.locator("[data-count=unsent]")


@pytest.fixture
def day(sqlite_store: Store, tmp_path: Path) -> Iterator[FieldDay]:
    cast = invite_everyone(sqlite_store)
    campaign = field_day.open_campaign(sqlite_store, cast)
    students = field_day.add_students(sqlite_store, cast, cast.ratnas_school, 20)
    day_id = field_day.add_day(sqlite_store, cast, campaign, cast.ratnas_school, students)
    with clock.fixed_at(WEDNESDAY), Site(sqlite_store, tmp_path) as site:
        yield FieldDay(sqlite_store, site, cast, day_id, students)


def keep_the_worker_away(page: Page) -> None:
    """What passes through the service worker, once it has begun, is not seen by the routes of a test."""
    page.add_init_script("navigator.serviceWorker.register = () => new Promise(() => {})")


def until(page: Page, is_so: Callable[[], bool]) -> None:
    """Waits up to five seconds, letting the page go on."""
    for _ in range(100):
        if is_so():
            return
        page.wait_for_timeout(50)
    assert is_so()


def middle_of(day: FieldDay, page: Page, n: int) -> tuple[float, float]:
    """Where a thumb taps a row."""
    box = day.row(page, n).locator(".field-row__act").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def done(page: Page, n: int) -> Callable[[], bool]:
    return lambda: page.locator("[data-count=done]").inner_text() == str(n)


def sent(day: FieldDay, page: Page) -> Callable[[], bool]:
    return lambda: day.unsent(page).inner_text() == "0"


def test_one_tap_marks_and_the_other_kit_sees_it_without_reloading(
    day: FieldDay, phone: Page, page: Page
) -> None:
    day.opened_by("budi", phone)
    day.opened_by("sari", page)
    assert phone.evaluate("document.documentElement.scrollWidth") == 360
    day.tap(phone, 0)
    until(page, done(page, 1))
    day.tap(page, 1)
    until(phone, done(phone, 2))
    assert "field-row--done" in (day.row(phone, 1).get_attribute("class") or "")
    assert phone.locator("[data-count=left]").inner_text() == "18"
    until(phone, sent(day, phone))
    until(phone, lambda: day.outcomes() == {0: "recorded", 1: "recorded"})


def test_a_double_tap_is_one_mark(day: FieldDay, phone: Page) -> None:
    day.opened_by("budi", phone)
    day.row(phone, 0).locator(".field-row__mark").dblclick()
    until(phone, lambda: day.marks() > 0)
    phone.wait_for_timeout(300)
    assert day.marks() == 1
    assert not phone.locator(".field-sheet").is_visible()


def test_another_outcome_takes_its_reason_and_a_marked_row_can_be_changed(day: FieldDay, phone: Page) -> None:
    day.opened_by("budi", phone)
    day.row(phone, 2).locator(".field-row__other").click()
    choices = phone.locator(".field-sheet__choices button")
    assert choices.count() == 5  # four large ones, and the rare ones behind the fifth
    choices.nth(1).click()
    choices.nth(1).click()
    until(phone, lambda: day.outcomes() == {2: "failed"})
    phone.wait_for_timeout(700)
    day.tap(phone, 2)
    choices.nth(0).click()
    until(phone, lambda: day.outcomes() == {2: "recorded"})
    reasons = day.store.read_now(lambda: [row.reason for row in MarkRow.select().order_by(MarkRow.id)])
    assert reasons == ["iris", ""]
    assert not day.store.read_now(queries.field_page, day.cast.sari, day.id).students[2].needs_look


def test_marks_made_without_signal_wait_and_are_sent_when_it_is_back(day: FieldDay, phone: Page) -> None:
    day.opened_by("budi", phone)
    phone.context.set_offline(True)
    for n in range(3):
        day.tap(phone, n)
        until(phone, done(phone, n + 1))
    assert day.unsent(phone).inner_text() == "3"
    assert re.fullmatch(r"\d\d\.\d\d", phone.locator("[data-count=oldest]").inner_text())
    assert day.marks() == 0
    phone.context.set_offline(False)
    until(phone, sent(day, phone))
    assert day.outcomes() == {0: "recorded", 1: "recorded", 2: "recorded"}
    numbers = day.store.read_now(
        lambda: [(row.seq, row.lc) for row in MarkRow.select().order_by(MarkRow.seq)]
    )
    assert numbers == [(1, 1), (2, 2), (3, 3)]


def test_a_reload_keeps_what_was_not_sent(day: FieldDay, phone: Page) -> None:
    keep_the_worker_away(phone)
    day.opened_by("budi", phone)
    phone.route("**/marks", lambda route: route.abort())
    day.tap(phone, 0)
    until(phone, done(phone, 1))
    day.open(phone)
    until(phone, done(phone, 1))
    assert day.unsent(phone).inner_text() == "1"
    assert day.marks() == 0
    phone.unroute("**/marks")
    phone.locator(".field-strip__send").click()
    until(phone, sent(day, phone))
    assert day.outcomes() == {0: "recorded"}


def test_a_lost_answer_loses_nothing_and_doubles_nothing(day: FieldDay, phone: Page) -> None:
    keep_the_worker_away(phone)
    day.opened_by("budi", phone)
    lost = []

    def lose_the_answer(route: Route) -> None:
        lost.append(route.fetch().status)
        route.abort()

    phone.route("**/marks", lose_the_answer)
    day.tap(phone, 0)
    until(phone, lambda: bool(lost))
    assert (lost[0], day.marks()) == (200, 1)
    assert day.unsent(phone).inner_text() == "1"
    phone.unroute("**/marks")
    phone.locator(".field-strip__send").click()
    until(phone, sent(day, phone))
    assert day.marks() == 1


def test_a_page_of_a_hotspot_acknowledges_nothing(day: FieldDay, phone: Page) -> None:
    keep_the_worker_away(phone)
    day.opened_by("budi", phone)
    asked = []

    def hotspot(route: Route) -> None:
        asked.append(1)
        route.fulfill(status=200, content_type="text/html", body="<h1>Selamat datang di WiFi</h1>")

    phone.route("**/marks", hotspot)
    day.tap(phone, 0)
    until(phone, lambda: bool(asked))
    phone.wait_for_timeout(200)
    assert day.unsent(phone).inner_text() == "1"
    phone.unroute("**/marks")


def test_an_expired_log_in_keeps_the_queue_and_says_so_with_a_link(day: FieldDay, phone: Page) -> None:
    day.opened_by("budi", phone)
    day.store.write_now(lambda: Session.delete().execute())
    day.tap(phone, 0)
    phone.locator("[data-field-notice] a").wait_for()
    day.tap(phone, 1)
    until(phone, done(phone, 2))
    assert day.unsent(phone).inner_text() == "2"
    assert "/login?next=" in (phone.locator("[data-field-notice] a").get_attribute("href") or "")
    phone.locator(".field-strip__send").click()
    phone.locator("[data-unsent-door]").wait_for()
    assert phone.locator("[data-unsent-count]").inner_text() == "2"
    phone.fill("[name=username]", "sari")
    phone.fill("[name=password]", PASSWORD)
    phone.click("main button[type=submit]")
    phone.wait_for_url(day.path)
    until(phone, lambda: day.outcomes() == {0: "recorded", 1: "recorded"})
    officers = day.store.read_now(lambda: {row.officer_id for row in MarkRow.select()})
    assert officers == {day.cast.budi.account_id}  # whoever sends them, Budi made them


def test_where_no_mark_was_ever_made_signing_in_speaks_of_none_and_keeps_nothing(
    day: FieldDay, phone: Page
) -> None:
    phone.goto(f"{day.site.url}/login")
    phone.wait_for_load_state("networkidle")
    assert not phone.locator("[data-unsent-door]").is_visible()
    assert phone.evaluate("indexedDB.databases()") == []


def test_a_day_that_is_cancelled_meanwhile_is_said_and_its_marks_are_kept_for_the_coordinator(
    day: FieldDay, phone: Page
) -> None:
    day.opened_by("budi", phone)
    day.store.write_now(
        lambda: RecordingDay.update(state="cancelled").where(RecordingDay.id == day.id).execute()
    )
    day.tap(phone, 0)
    phone.locator("[data-field-notice]").wait_for()
    until(phone, lambda: day.marks() == 1)
    assert day.store.read_now(lambda: [row.quarantine for row in MarkRow.select()]) == ["day_gone"]


def test_unsent_marks_can_be_saved_to_a_file_without_names(day: FieldDay, phone: Page) -> None:
    keep_the_worker_away(phone)
    day.opened_by("budi", phone)
    phone.route("**/marks", lambda route: route.abort())
    day.tap(phone, 4)
    until(phone, lambda: day.unsent(phone).inner_text() == "1")
    with phone.expect_download() as download:
        phone.locator("[data-field-save]").click()
    text = Path(download.value.path()).read_text()
    (mark,) = json.loads(text)["marks"]
    assert (mark["student"], mark["outcome"]) == (day.students[4], "recorded")
    assert "Eka" not in text


def test_a_number_or_part_of_a_name_finds_the_student_and_the_filter_shows_who_is_left(
    day: FieldDay, phone: Page
) -> None:
    day.opened_by("budi", phone)
    shown = phone.locator(".field-row:visible")
    phone.fill(".field-search input", "12")
    assert [its.get_attribute("data-key") for its in shown.all()] == [str(day.students[11])]
    phone.fill(".field-search input", "citra ayu")
    assert shown.count() == 3
    phone.fill(".field-search input", "")
    day.tap(phone, 2)
    until(phone, done(phone, 1))
    phone.locator("[data-filter]").select_option("left")
    assert shown.count() == 19
    phone.locator("[data-filter]").select_option("done")
    assert shown.count() == 1


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("012", [11]),
        ("ayu citra", [2, 8, 14]),
        ("citra ipa 2", [14]),
        ("2 xii 15", [14]),
        ("1 ayu", [0, 2, 6, 8]),
        ("iri", []),
    ],
)
def test_words_are_found_in_any_order_with_the_class_and_numbers_with_zeros(
    day: FieldDay, phone: Page, asked: str, found: list[int]
) -> None:
    day.opened_by("budi", phone)
    phone.fill(".field-search input", asked)
    shown = [int(row.get_attribute("data-key") or 0) for row in phone.locator(".field-row:visible").all()]
    assert shown == [day.students[n] for n in found]


def test_with_the_filter_on_those_left_a_double_tap_marks_one_student_and_no_row_moves(
    day: FieldDay, phone: Page
) -> None:
    day.opened_by("budi", phone)
    phone.locator("[data-filter]").select_option("left")
    place = day.row(phone, 1).bounding_box()
    x, y = middle_of(day, phone, 0)
    phone.mouse.click(x, y)
    until(phone, done(phone, 1))
    phone.mouse.click(x, y)
    day.take_elsewhere(3)  # the other kit's mark moves nothing either
    until(phone, done(phone, 2))
    assert day.row(phone, 1).bounding_box() == place
    assert "field-row--done" in (day.row(phone, 0).get_attribute("class") or "")
    until(phone, lambda: day.outcomes() == {0: "recorded", 3: "recorded"})
    phone.evaluate("scrollTo(0, 900)")
    day.row(phone, 3).wait_for(state="hidden")  # gone once out of sight


def test_a_second_tap_at_the_same_place_acts_on_nobody_whoever_is_there_by_then(
    day: FieldDay, phone: Page
) -> None:
    day.opened_by("budi", phone)
    x, y = middle_of(day, phone, 0)
    phone.evaluate(
        """([x, y, one]) => {
          const tap = () => document.elementFromPoint(x, y).dispatchEvent(new MouseEvent(
            "click", {bubbles: true, cancelable: true, detail: 1, clientX: x, clientY: y}));
          tap();
          one.hidden = true; // as a list that moved: now the next row is under the finger
          tap();
        }""",
        [x, y, day.row(phone, 0).element_handle()],
    )
    until(phone, lambda: day.marks() == 1)
    phone.wait_for_timeout(300)
    assert day.outcomes() == {0: "recorded"}


def test_a_double_tap_on_the_three_dots_chooses_nothing(day: FieldDay, phone: Page) -> None:
    day.opened_by("budi", phone)
    phone.evaluate(
        """async (other) => {
          other.click();
          while (!document.querySelector(".field-sheet[open]")) await new Promise((next) => setTimeout(next, 5));
          document.querySelector(".field-sheet__choices button").click(); // wherever the second tap lands
        }""",
        day.row(phone, 4).locator(".field-row__other").element_handle(),
    )
    phone.wait_for_timeout(450)
    assert phone.locator(".field-sheet[open]").count() == 1
    assert day.marks() == 0
    phone.locator(".field-sheet__choices button").first.click()
    until(phone, lambda: day.outcomes() == {4: "waiting"})


def test_the_result_of_a_search_stays_under_the_thumb_until_the_search_is_changed(
    day: FieldDay, phone: Page
) -> None:
    day.opened_by("budi", phone)
    phone.fill(".field-search input", "7")
    day.row(phone, 6).locator(".field-row__mark").dblclick()
    until(phone, done(phone, 1))
    assert phone.locator(".field-row:visible").count() == 1
    assert phone.input_value(".field-search input") == "7"
    until(phone, sent(day, phone))
    assert day.outcomes() == {6: "recorded"}


def test_what_arrives_while_the_choices_are_open_is_not_overridden_but_needs_a_look(
    day: FieldDay, phone: Page
) -> None:
    day.opened_by("budi", phone)
    day.row(phone, 2).locator(".field-row__other").click()
    day.take_elsewhere(2)
    until(phone, done(phone, 1))
    phone.locator(".field-sheet__choices button").nth(2).click()
    phone.locator(".field-sheet__choices button").first.click()
    row = phone.locator(f"#n{day.students[2]}.field-row--look")
    row.wait_for()
    assert "Perlu dilihat" in row.inner_text()
    assert row.locator(".field-row__look svg").count() == 1
    until(phone, sent(day, phone))
    assert day.store.read_now(queries.field_page, day.cast.sari, day.id).students[2].needs_look
    day.open(phone)
    assert "Perlu dilihat" in day.row(phone, 2).inner_text()


def test_marks_that_wait_are_shown_and_sent_from_the_page_that_closes_the_day(
    day: FieldDay, phone: Page
) -> None:
    keep_the_worker_away(phone)
    day.opened_by("budi", phone)
    phone.route("**/marks", lambda route: route.abort())
    day.tap(phone, 0)
    until(phone, lambda: day.unsent(phone).inner_text() == "1")
    phone.goto(f"{day.site.url}/days/{day.id}/close")
    phone.locator("[data-unsent]").wait_for()
    assert phone.locator("[data-unsent-count]").inner_text() == "1"
    phone.unroute("**/marks")
    phone.reload()
    until(phone, lambda: day.outcomes() == {0: "recorded"})
    phone.locator("[data-unsent]").wait_for(state="hidden")


def test_without_network_send_says_when_it_tries_again_and_goes_at_once_when_it_is_back(
    day: FieldDay, phone: Page
) -> None:
    day.opened_by("budi", phone)
    phone.evaluate("scrollTo(0, 700)")
    phone.context.set_offline(True)
    day.tap(phone, 12)
    until(phone, done(phone, 1))
    phone.locator(".field-strip__send").click()
    notice = phone.locator("[data-field-notice]")
    notice.wait_for()
    assert re.search(r"Tidak ada jaringan.*\d+ detik", notice.inner_text(), re.S)
    box = notice.bounding_box()
    assert box is not None and box["y"] + box["height"] <= 740  # in sight, though the list is scrolled
    phone.wait_for_timeout(5000)  # by now it would try again only in several seconds
    phone.context.set_offline(False)
    phone.wait_for_timeout(1000)
    assert day.outcomes() == {12: "recorded"}
    notice.wait_for(state="hidden")


def test_a_closing_is_said_until_the_day_is_opened_again_and_that_is_said_too(
    day: FieldDay, phone: Page
) -> None:
    day.opened_by("budi", phone)
    notice = phone.locator("[data-field-notice]")
    day.take_elsewhere(0)
    sari = day.site.as_("sari")
    sari.post(f"/days/{day.id}/close")
    phone.get_by_text("baru saja ditutup").wait_for()
    sari.post(f"/days/{day.id}/reopen", {"reason": "Dua siswa datang sore"})
    phone.get_by_text("dibuka kembali").wait_for()
    notice.wait_for(state="hidden")


def test_rows_keep_their_height_and_their_place_in_the_keyboards_order(day: FieldDay, phone: Page) -> None:
    day.opened_by("budi", phone)
    heights = "[...document.querySelectorAll('.field-row')].map((row) => row.offsetHeight)"
    before = phone.evaluate(heights)
    day.tap(phone, 0)
    until(phone, done(phone, 1))
    day.row(phone, 2).locator(".field-row__other").press("Enter")
    phone.wait_for_timeout(450)
    phone.locator(".field-sheet__choices button").first.press("Enter")
    until(phone, done(phone, 2))
    assert phone.evaluate(heights) == before
    assert phone.evaluate("document.activeElement.closest('.field-row')?.id") == f"n{day.students[2]}"
    top = phone.locator(".field-row").first.bounding_box()
    assert top is not None and top["y"] < 300


def test_where_nothing_can_be_kept_the_page_says_so_and_fails_at_nothing(day: FieldDay, phone: Page) -> None:
    failed: list[str] = []
    phone.on("pageerror", lambda error: failed.append(str(error)))
    phone.add_init_script("indexedDB.open = () => { throw new Error('none'); }")
    phone.goto(f"{day.site.url}/login")
    phone.fill("[name=username]", "budi")
    phone.fill("[name=password]", PASSWORD)
    phone.click("main button[type=submit]")
    phone.wait_for_url(lambda url: "/login" not in url)
    phone.goto(day.path)
    phone.locator("[data-field-notice]").wait_for()
    day.take_elsewhere(3)
    until(phone, done(phone, 1))
    assert failed == []


def test_without_scripts_nothing_dead_is_shown_and_the_choices_are_large(
    day: FieldDay, chromium: Browser
) -> None:
    context = chromium.new_context(**{**PLACE, **PHONE, "java_script_enabled": False})
    page = context.new_page()
    page.goto(f"{day.site.url}/login")
    page.fill("[name=username]", "budi")
    page.fill("[name=password]", PASSWORD)
    page.click("main form.form button[type=submit]")
    page.goto(day.path)
    assert page.locator(".field-strip__send").is_hidden()
    assert page.locator("[data-count=left]").is_visible()
    day.row(page, 0).locator(".field-row__other").click()
    sizes = [button.bounding_box() for button in page.locator("main form button").all()]
    assert sizes and all(box is not None and box["height"] >= 56 for box in sizes)
    context.close()


def test_the_phones_view_of_any_history_is_the_servers(day: FieldDay, phone: Page) -> None:
    day.opened_by("budi", phone)
    chance = random.Random(20)
    histories = [_history(chance) for _ in range(5000)]
    plain = [
        [
            {
                "uuid": its.uuid,
                "outcome": its.outcome,
                "reason": "",
                "lc": its.lc,
                "supersedes": list(its.supersedes),
            }
            for its in history
        ]
        for history in histories
    ]
    found = phone.evaluate(
        "([all, order]) => all.map((its) => { const v = viewOf(its, order);"
        " return [v.outcome, v.needsLook, v.live.map((m) => m.uuid)]; })",
        [plain, [outcome.value for outcome in PRIORITY]],
    )
    expected = [view_of(history) for history in histories]
    assert found == [
        [view.outcome.value if view.outcome else "", view.needs_look, [mark.uuid for mark in view.live]]
        for view in expected
    ]


def _history(chance: random.Random) -> list[Mark]:
    uuids = [f"{n:08d}" for n in range(chance.randrange(7))]
    return [
        Mark(
            uuid=uuid,
            student=1,
            day=1,
            outcome=chance.choice(list(Outcome)),
            reason=None,
            device="kit-1",
            seq=n + 1,
            lc=chance.randint(1, 5),
            supersedes=frozenset(chance.sample(uuids, chance.randrange(len(uuids) + 1))),
            officer=1,
            device_time="",
        )
        for n, uuid in enumerate(uuids)
    ]


def test_a_day_of_three_hundred_students_weighs_at_most_60_kb_with_everything(
    day: FieldDay, phone: Page
) -> None:
    many = field_day.add_students(day.store, day.cast, day.cast.jokos_school, 300, 9100)
    campaign = day.store.read_now(lambda: RecordingDay.get_by_id(day.id).campaign_id)
    large = field_day.add_day(
        day.store, day.cast, campaign, day.cast.jokos_school, many, state="confirmed", team="Tim B"
    )
    with Wire(day.site.port) as wire:
        phone.goto(f"{wire.url}/login")
        phone.fill("[name=username]", "budi")
        phone.fill("[name=password]", PASSWORD)
        phone.click("main button[type=submit]")
        phone.wait_for_url(lambda url: "/login" not in url)
        weight = first_visit(phone, wire, f"/days/{large}/field", "[data-field-save]")
    assert phone.locator(".field-row").count() == 300
    assert 20_000 < weight <= 60_000


def test_the_phones_pace_is_the_servers(day: FieldDay, phone: Page) -> None:
    day.opened_by("budi", phone)
    chance = random.Random(7)
    noon = datetime(2026, 8, 12, 5, 0)
    starts, ends = noon - timedelta(hours=4), noon + timedelta(hours=2)
    cases = []
    for _ in range(300):
        sat = [noon + timedelta(seconds=chance.randrange(-12000, 600)) for _ in range(chance.randrange(40))]
        cases.append((sat, chance.randrange(60), Fraction(chance.randrange(30)), chance.randrange(-5, 3)))
    asked = [
        [[_ms(at) for at in sat], left, float(expected), _ms(noon + timedelta(hours=hours))]
        for sat, left, expected, hours in cases
    ]
    found = phone.evaluate(
        "([all, starts, ends]) => all.map(([sat, left, expected, now]) => {"
        " const its = paceOf(left, studentsAnHour(sat, now), expected, now, starts, ends);"
        " return [its.doneAt, its.tooMany]; })",
        [asked, _ms(starts), _ms(ends)],
    )
    expected_answers = []
    for sat, left, expected, hours in cases:
        now = noon + timedelta(hours=hours)
        pace = pace_of(left, students_an_hour(sat, now), expected, now, starts, ends)
        expected_answers.append([_ms(pace.done_at) if pace.done_at else None, pace.too_many])
    assert found == expected_answers


def _ms(moment: datetime) -> int:
    return round(moment.replace(tzinfo=UTC).timestamp() * 1000)
