"""Every page there is, with a full office behind it: accessible, as wide as its screen, in one language, light.

Each page is opened in one of the eight ways (two languages, two widths, two colour schemes), which take turns, so that
all are used; `make sweep` opens each in all eight.
"""

from __future__ import annotations

import gzip
import itertools
import os
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from lxml import html
from tornado.web import RequestHandler

import server
from campaigns.calendar import national_holidays
from common import clock
from common.database import db
from common.page import render
from ground import browser
from ground.axe import faults_on
from ground.drawn import context
from ground.full_office import (
    FILES,
    LONG_LISTS,
    PAGES,
    PASSING,
    RESIDENTS,
    ROSTER,
    WEDNESDAY,
    Office,
    full_office,
)
from ground.wording import foreign

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser

WAYS = [
    (language, shape, scheme)
    for language in ("id", "en")
    for shape in ("desk", "phone")
    for scheme in ("light", "dark")
]
SHAPES: dict[str, dict[str, Any]] = {"desk": browser.DESKTOP, "phone": browser.PHONE}
# css pixels: a small phone, the narrowest that must do, and a desk's 1280 at a zoom of 200 %
WIDTHS = (360, 320, 640)
WHOLE = "full"
IS_WHOLE = os.environ.get("PEREKAMAN_SWEEP") == WHOLE
ROWS = 12  # of a long list, in the ordinary run
HEAVIEST = 60 * 1024  # bytes over the wire, with everything the page asks for


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with full_office(tmp_path_factory.mktemp("every-page")) as found, clock.fixed_at(WEDNESDAY):
        yield found


def every_address(office: Office) -> list[tuple[str, str, str]]:
    """(route, username, path) of every page."""
    return [(name, who, path) for name in PAGES for who, path in office.addresses(name)]


def test_every_page_has_its_line_in_the_sweep() -> None:
    asked = {route.name for route in server.routes() if route.handler.get is not RequestHandler.get}
    listed = [*PAGES, *FILES, *PASSING]
    assert asked == set(listed), "write the new page into tests/ground/full_office.py"
    assert len(listed) == len(set(listed))


# ---------------------------------------------------------------------- as it is sent


@pytest.fixture(scope="module")
def sent(office: Office) -> dict[tuple[str, str, str, str], tuple[int, str, int]]:
    """(route, username, path, language) -> status, page, and its bytes over the wire; each asked for once."""
    clients = {who: office.client(who) for _, who, _ in every_address(office)}
    found = {}
    for name, who, path in every_address(office):
        for language in ("id", "en"):
            clients[who].cookies["language"] = language
            address = path.replace("/offline/id", f"/offline/{language}")
            answer = clients[who].get(address, **{"Accept-Encoding": "gzip"})
            page = gzip.decompress(answer.body).decode() if answer.status == 200 else ""
            found[name, who, path, language] = answer.status, page, len(answer.body)
    return found


def test_every_page_is_whole_light_and_soon_seen(
    office: Office, sent: dict[tuple[str, str, str, str], tuple[int, str, int]]
) -> None:
    """One test, because a test run on two cores would ask for all pages on both of them."""
    every_page_is_whole_in_both_languages(office, sent)
    every_page_is_light_over_the_wire(office, sent)
    the_first_view_waits_for_two_round_trips_and_little_else(office, sent)


def every_page_is_whole_in_both_languages(
    office: Office, sent: dict[tuple[str, str, str, str], tuple[int, str, int]]
) -> None:
    data = data_of(office)
    found: list[str] = []
    for (_, who, path, language), (status, page, _) in sent.items():
        if status != 200:
            found.append(f"{path} as {who or 'nobody'}: {status}")
            continue
        tree = html.fromstring(page)
        ids = tree.xpath("//@id")
        if tree.get("lang") != language:
            found.append(f"{path}: lang is {tree.get('lang')}")
        if len(tree.xpath("//h1")) != 1 or not tree.xpath("string(//h1)").strip():
            found.append(f"{path}: {len(tree.xpath('//h1'))} h1")
        back = set(tree.xpath("//form[@action='/language']/input[@name='next']/@value"))
        if not all(one.startswith(path) for one in back) or (not back and path != "/offline/id"):
            found.append(f"{path}: switching the language leads to {back}")
        found += [f"{path}: two have the id {one}" for one in set(ids) if ids.count(one) > 1]
        found += [f"{path} in {language}: {text}" for text in foreign(page, language, data)]
    assert not found, "\n".join(found)


def data_of(office: Office) -> frozenset[str]:
    """What people typed, the names of schools and of holidays: text that is nobody's to translate."""

    def ask() -> set[str]:
        texts: set[str] = set()
        for table in set(db.get_tables()) - {"audit"}:
            for row in db.execute_sql(f'SELECT * FROM "{table}"'):
                # words in small letters are states and codes, which pages have to say in words
                texts |= {value for value in row if isinstance(value, str) and not value.islower()}
        return texts

    typed = office.store.read_now(ask) | set(
        {day.name for year in (2026, 2027) for day in national_holidays(year)}
    )
    typed |= set(re.split(r"[;\n]", (ROSTER + RESIDENTS).decode()))
    return frozenset(" ".join(text.split()) for text in typed if len(text) > 3)


def every_page_is_light_over_the_wire(
    office: Office, sent: dict[tuple[str, str, str, str], tuple[int, str, int]]
) -> None:
    client = office.site.client()
    static: dict[str, int] = {}
    found: list[str] = []
    for (name, _, path, _), (_, page, weight) in sent.items():
        when_asked_for = set(html.fromstring(page).xpath("//details//img[@loading='lazy']/@src"))
        when_asked_for |= set(html.fromstring(page).xpath("//details//a/@href"))
        asked = set(re.findall(r'(?:href|src)="(/(?:static/[^"]+|manifest[^"]*))"', page))
        for address in asked - when_asked_for:
            if address not in static:
                static[address] = len(client.get(address, **{"Accept-Encoding": "gzip"}).body)
            weight += static[address]
        if weight > HEAVIEST and name not in LONG_LISTS:
            found.append(f"{path}: {weight} bytes")
    assert not found, "\n".join(found)
    assert static, "pages have styles"


# the first view on a bad line: 400 kbit/s, and 400 ms for each way there and back (timed in bench/first_view.py)
FIRST_VIEWS = ("login", "home", "schools", "plan", "day", "field_day", "coverage")
BEFORE_FIRST_VIEW = 40 * 1024  # bytes of the page and of all that its head asks for: 0.8 s
STOPS_THE_VIEW = (
    "//head//link[@rel='stylesheet'][not(@media='print')]",
    "//script[@src][not(@defer)][not(@async)][not(@type='module')]",
)


def the_first_view_waits_for_two_round_trips_and_little_else(
    office: Office, sent: dict[tuple[str, str, str, str], tuple[int, str, int]]
) -> None:
    client = office.site.client()
    for (name, _, path, _), (_, page, weight) in sent.items():
        tree = html.fromstring(page)
        assert not tree.xpath(STOPS_THE_VIEW[1]), f"{path}: a script stops the view"
        styles = tree.xpath(f"{STOPS_THE_VIEW[0]}/@href")
        assert len(styles) <= 5, f"{path}: more styles than a browser asks for at once"
        if name in FIRST_VIEWS:
            asked = [*styles, *tree.xpath("//head//script/@src")]
            answers = [client.get(address, **{"Accept-Encoding": "gzip"}) for address in asked]
            assert not [one for one in answers if b"@import" in one.body], "a style that asks for another"
            total = weight + sum(len(one.body) for one in answers)
            assert total <= BEFORE_FIRST_VIEW, f"{path}: {total} bytes"


def test_what_is_asked_for_by_its_hash_is_compressed_and_kept_for_good(office: Office) -> None:
    page = office.site.client().get("/login").text
    for address in set(re.findall(r'"(/static/[^"]+)"', page)):
        answer = office.site.client().get(address, **{"Accept-Encoding": "gzip"})
        assert answer.status == 200
        assert "immutable" in answer.headers["Cache-Control"], address
        assert answer.headers.get("Content-Encoding") == "gzip" or len(answer.body) < 1024, address
    assert "immutable" not in office.site.client().get("/static/css/base.css").headers.get(
        "Cache-Control", ""
    )


# ---------------------------------------------------------------------- as it is seen


class Looker:
    """Chromium in one of the ways, signed in as whoever is to look."""

    def __init__(self, chromium: Browser, office: Office, whole: bool) -> None:
        self._chromium, self._office, self._whole = chromium, office, whole
        self._contexts: dict[tuple[str, str], BrowserContext] = {}
        self._cookies = {who: office.client(who).cookies for _, who, _ in every_address(office)}

    def page(self, who: str, way: tuple[str, str, str]) -> Page:
        """A page in that way."""
        language, shape, scheme = way
        if (shape, scheme) not in self._contexts:
            made = self._chromium.new_context(**browser.PLACE, **SHAPES[shape], color_scheme=scheme)
            made.set_default_timeout(15_000)
            self._contexts[shape, scheme] = made
        context = self._contexts[shape, scheme]
        context.clear_cookies()
        cookies = {**self._cookies[who], "language": language}
        context.add_cookies(
            [{"name": name, "value": value, "url": self._office.site.url} for name, value in cookies.items()]
        )
        return context.pages[0] if context.pages else context.new_page()

    def faults(self, who: str, path: str, way: tuple[str, str, str]) -> list[str]:
        """What is wrong with a page seen that way, and whether it fits its screens in the other language too."""
        page = self.page(who, way)
        answer = page.goto(self._office.site.url + path)
        if answer is None or answer.status != 200:
            return [f"{path}: {answer and answer.status}"]
        found = self.widths(page) + faults_on(page, None if self._whole else ROWS) + faint_shapes_on(page)
        if not self._whole:  # the longest word of a page is in one of the two
            language, *rest = way
            page = self.page(who, ("en" if language == "id" else "id", *rest))
            page.goto(self._office.site.url + path)
            found += self.widths(page)
        return [f"{path} as {who or 'nobody'} ({', '.join(way)}): {one}" for one in found]

    def widths(self, page: Page) -> list[str]:
        """Where the page is wider than one of the screens."""
        found = []
        shown = page.viewport_size
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            is_wide = page.evaluate("document.documentElement.scrollWidth")
            if is_wide > width:
                found.append(
                    f"{is_wide} px wide on a screen of {width}: {page.evaluate(WHAT_IS_WIDE, width)}"
                )
        assert shown is not None
        page.set_viewport_size(shown)
        return found

    def close(self) -> None:
        """End the browsers."""
        for opened in self._contexts.values():
            opened.close()


WHAT_IS_WIDE = """(width) => [...document.querySelectorAll('body *')].filter((one) =>
  one.getBoundingClientRect().right > width + 1 && !one.closest('.table-frame--wide') && one.offsetParent)
  .slice(0, 3).map((one) => one.outerHTML.slice(0, 120)).join(' | ')"""


def faint_shapes_on(page: Page) -> list[str]:
    """The status shapes that hardly differ from what they stand on; axe looks at text alone."""
    faint: list[str] = page.evaluate(WHAT_IS_FAINT)
    return [f"{one}: a shape needs a contrast of 3" for one in faint]


WHAT_IS_FAINT = """() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => parts(colour).slice(0, 3).map((part) => part / 255)
    .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, n) => sum + part * [0.2126, 0.7152, 0.0722][n], 0);
  const ground = (one) => {
    for (; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if ((parts(colour)[3] ?? 1) === 1) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const ratio = (one) => {
    const [low, high] = [light(getComputedStyle(one).color), light(ground(one))].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  return [...new Set([...document.querySelectorAll('svg.shape')].filter((one) => ratio(one) < 3)
    .map((one) => `${one.getAttribute('class')} ${ratio(one).toFixed(2)}`))];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_shapes_of_coverage_and_of_the_plan_stand_out(
    office: Office, chromium: Browser, scheme: str
) -> None:
    looker = Looker(chromium, office, whole=False)
    page = looker.page("sari", ("id", "desk", scheme))
    shown, found = set(), []
    for path in ("/coverage", "/plan", "/"):
        page.goto(office.site.url + path)
        shapes = page.evaluate("[...document.querySelectorAll('svg.shape')].map((one) => one.classList[1])")
        shown |= set(shapes)
        found += faint_shapes_on(page)
    looker.close()
    assert {f"shape--{kind}" for kind in ("done", "waiting", "person", "not_yet", "now")} <= shown
    assert not found, "\n".join(found)


# below a heading (or above it: a box that ends) at least this much; in the flow of the pages it is 16 and 40
GAP_BELOW, GAP_ABOVE = 8, 24
GAP_AFTER = "([one, other]) => other.getBoundingClientRect().top - one.getBoundingClientRect().bottom"
BROKEN_WORDS = """() => [...document.querySelectorAll('.visit b, td .tag')].flatMap((one) => {
  const text = [...one.childNodes].find((node) => node.nodeType === 3);
  return [...text.data.matchAll(one.matches('.tag') ? /.+/g : /\\S+/g)].filter((word) => {
    const range = document.createRange();
    range.setStart(text, word.index);
    range.setEnd(text, word.index + word[0].length);
    return new Set([...range.getClientRects()].map((part) => part.top)).size > 1;
  }).map((word) => word[0]);
})"""


def test_headings_have_room_and_words_stay_whole_on_a_desk(office: Office, chromium: Browser) -> None:
    looker = Looker(chromium, office, whole=False)
    page = looker.page("sari", ("id", "desk", "light"))

    def gap(path: str, first: str, second: str) -> float:
        page.goto(office.site.url + path.format_map(office.ids))
        pair = [page.query_selector(first), page.query_selector(second)]
        return float(page.evaluate(GAP_AFTER, pair))

    assert gap("/days/{proposed}/tell", "main h2", ".message") >= GAP_BELOW
    assert gap("/days/{closed}/summary", ".tiles", ".table caption") >= GAP_ABOVE
    assert gap("/coverage/forecast", "section:has(+ figure)", "section + figure h2") >= GAP_ABOVE
    for path in ("/plan/week", "/schools/{school}/students", "/people"):
        page.goto(office.site.url + path.format_map(office.ids))
        assert page.evaluate(BROKEN_WORDS) == [], path
    looker.close()


def test_links_of_an_account_stand_under_its_other_values_on_a_phone(
    office: Office, chromium: Browser
) -> None:
    looker = Looker(chromium, office, whole=False)
    page = looker.page("sari", ("id", "phone", "light"))
    page.goto(office.site.url + "/people")
    edges = page.evaluate(
        "[...document.querySelectorAll('td:has(.buttons) :is(a, button), td .tag')]"
        ".map((one) => Math.round(one.getBoundingClientRect().right))"
    )
    assert len(edges) > 4
    assert len(set(edges)) == 1
    looker.close()


def test_every_page_is_accessible_and_fits_its_screen(office: Office, chromium: Browser) -> None:
    whole = IS_WHOLE
    turns = itertools.cycle(WAYS)
    looker = Looker(chromium, office, whole)
    found: list[str] = []
    try:
        for name in PAGES:
            for who, path in office.addresses(name) if whole else office.addresses(name)[:1]:
                for way in WAYS if whole else [next(turns)]:
                    found += looker.faults(who, path, way)
    finally:
        looker.close()
    assert not found, "\n".join(found)


def every_piece_is_accessible(office: Office, chromium: Browser, way: tuple[str, str, str]) -> None:
    """The page of all pieces, which has no address, put in the place of one that has."""
    looker = Looker(chromium, office, whole=True)
    page = looker.page("sari", way)
    drawn = render("common/components.html", way[0], context())
    page.route("**/pieces", lambda route: route.fulfill(body=drawn, content_type="text/html; charset=utf-8"))
    page.goto(office.site.url + "/pieces")
    found = faults_on(page) + looker.widths(page)
    looker.close()
    assert not found, "\n".join(found)


if IS_WHOLE:  # half a minute each, and every piece stands on some page of the ordinary sweep
    both = pytest.mark.parametrize("way", [("id", "phone", "dark"), ("id", "desk", "light")])
    test_every_piece_is_accessible_in_both_themes = both(every_piece_is_accessible)


def test_a_page_with_a_fault_is_found_out(chromium: Browser) -> None:
    page = chromium.new_page()
    page.set_content("<html lang='en'><title>x</title><main><h1>x</h1><img src='data:,'><input></main>")
    assert any("image-alt" in fault for fault in faults_on(page))
    page.close()
