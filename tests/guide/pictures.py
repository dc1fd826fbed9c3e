"""The pictures of the guide: who looks at what, in which order, in a made-up kabupaten half way through its programme.

`make guide` takes them all (`python -m tests.guide`). What is ringed is what the guide says to press.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from PIL import Image

from accounts import actions as accounts
from accounts.models import Account
from accounts.passwords import hash_password
from campaigns.booking.day_actions import announce_all
from campaigns.models import RecordingDay
from common import clock
from common.access import SCHOOL_ADMIN, Who
from common.database import Store
from demo import build
from ground import browser
from ground.site import Site
from schools.models import School

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TODAY = date(2026, 11, 25)
SCHOOLS = 24
DESK: dict[str, Any] = {"viewport": {"width": 1120, "height": 760}}
PHONE: dict[str, Any] = {**browser.PHONE, "viewport": {"width": 360, "height": 680}}


@dataclass(frozen=True, slots=True)
class Made:
    """The kabupaten as the pictures need it."""

    site: Site
    store: Store
    sari: Who
    held: RecordingDay  # the next day that is certain
    answer: int  # a day whose school asked for another


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: `who` goes to `path`, does `then`; `ring` is what is pressed next, `height` how much is shown."""

    who: str
    path: str | Callable[[Made], str]
    shape: dict[str, Any]
    ring: str = ""
    height: int = 0
    then: Callable[[Page, Made], None] | None = None
    before: Callable[[Made], None] | None = None
    on_the_day: bool = False  # taken on the morning of the day that is held


def _read(page: Page, made: Made) -> None:
    page.locator("form[action$='/confirm']").wait_for(timeout=60_000)


def _confirm_and_go_to_fixes(page: Page, made: Made) -> None:
    _read(page, made)
    page.locator("form[action$='/confirm'] button").first.click()
    page.wait_for_load_state()
    page.goto(
        f"{made.site.url}/schools/{made.store.read_now(lambda: School.get(School.npsn == build.JOKOS_SCHOOL).id)}/fixes"
    )


def _listed(page: Page, made: Made) -> None:
    page.locator("[data-field-save]").wait_for(state="attached")
    page.locator(".field-row").first.wait_for()
    page.wait_for_timeout(600)


def _some_done(page: Page, made: Made) -> None:
    _listed(page, made)
    for _ in range(5):
        page.locator(".field-row:not(.field-row--done) .field-row__mark").first.click()
        page.wait_for_timeout(250)
    page.locator("[data-count=unsent]", has_text=re.compile(r"^\s*0")).wait_for()
    page.evaluate("window.scrollTo(0, 0)")


def _other(page: Page, made: Made) -> None:
    _listed(page, made)
    page.locator(".field-row:not(.field-row--done) .field-row__other").first.click()
    page.locator(".field-sheet[open]").wait_for()


def _without_network(page: Page, made: Made) -> None:
    _listed(page, made)
    page.context.set_offline(True)
    for _ in range(2):
        page.locator(".field-row:not(.field-row--done) .field-row__mark").first.click()
        page.wait_for_timeout(300)
    page.locator("[data-count=unsent]", has_text=re.compile("2")).wait_for()
    page.wait_for_timeout(1_500)


def _announce(made: Made) -> None:
    campaign = made.store.read_now(lambda: RecordingDay.get_by_id(made.held.id).campaign_id)
    made.store.write_now(announce_all, made.sari, campaign)


def _day(made: Made) -> str:
    return f"/days/{made.held.id}/field"


# in the order in which they are taken: what one changes, the next ones show
ALL: dict[str, Shot] = {
    "koordinator-awal": Shot("sari", "/", DESK, ring="main a[href='/rosters/1']"),
    "koordinator-tinjau": Shot("sari", "/rosters/1", DESK, "form[action$='/confirm'] button", 900, _read),
    "koordinator-jadwal": Shot("sari", "/plan", DESK, ".actions .asked-once summary", 1100),
    "koordinator-jawab": Shot("sari", lambda made: f"/days/{made.answer}/answer", DESK, height=900),
    "koordinator-tinjau-tanda": Shot("sari", "/looks", DESK, "form[action='/looks'] button"),
    "koordinator-susulan": Shot("sari", "/retakes/proposal", DESK, "form[action$='/accept'] button", 900),
    "koordinator-sekolah": Shot("sari", "/schools/3", DESK, "form[action$='/invitations'] button"),
    "sekolah-hari": Shot("dewi", "/my/days", DESK, "form[action$='/confirm'] button", 560, before=_announce),
    "sekolah-kirim": Shot("joko", "/my/rosters", DESK, "#f-file", 620),
    "sekolah-periksa": Shot("joko", "/rosters/1", DESK, "form[action$='/confirm'] button", 900, _read),
    "sekolah-perbaiki": Shot(
        "joko",
        "/rosters/1",
        DESK,
        "button:has-text('Simpan dan periksa lagi')",
        760,
        _confirm_and_go_to_fixes,
    ),
    "pimpinan-awal": Shot("lina", "/", DESK, height=620),
    "pimpinan-capaian": Shot("lina", "/coverage", DESK, height=900),
    "petugas-awal": Shot("budi", "/", PHONE, "main a[href$='/field']", on_the_day=True),
    "petugas-daftar": Shot(
        "budi", _day, PHONE, ".field-row:not(.field-row--done)", height=800, then=_some_done, on_the_day=True
    ),
    "petugas-hasil": Shot("budi", _day, PHONE, then=_other, on_the_day=True),
    "petugas-tanpa-sinyal": Shot(
        "budi",
        _day,
        PHONE,
        ".field-strip [data-count=unsent] >> xpath=..",
        then=_without_network,
        on_the_day=True,
    ),
    "petugas-tutup": Shot(
        "budi",
        lambda made: f"/days/{made.held.id}/close",
        PHONE,
        "form[action$='/close'] button",
        on_the_day=True,
    ),
}


def made_in(store: Store, site: Site) -> Made:
    """What the pictures look at; one of the schools that still wait for their day has an operator, Dewi."""
    account = store.read_now(lambda: Account.get(Account.username == "sari"))
    sari = Who(
        account.id, account.office_id, account.role, account.name, build.OFFICE_NAME, clock.DEFAULT_ZONE
    )
    ahead = RecordingDay.date > TODAY + timedelta(days=5)

    def first(*where: Any) -> RecordingDay:
        return store.read_now(lambda: RecordingDay.select().where(*where).order_by(RecordingDay.date).first())

    told = first(RecordingDay.state == "draft", RecordingDay.kind == "school", ahead)
    hashed = hash_password(build.PASSWORD)
    store.write_now(
        accounts.open_account, sari.office_id, "dewi", "Dewi Lestari", SCHOOL_ADMIN, hashed, told.school_id
    )
    return Made(
        site,
        store,
        sari,
        held=first(RecordingDay.state == "confirmed", RecordingDay.planned > 12, RecordingDay.date > TODAY),
        answer=first(RecordingDay.state == "change_asked").id,
    )


def take(chromium: Browser, made: Made, shot: Shot) -> bytes:
    """One picture as WebP."""
    moment = morning(made.held.date if shot.on_the_day else TODAY)
    with clock.fixed_at(moment):
        return _taken(chromium, made, shot, moment)


def morning(day: date) -> datetime:
    """A quarter past nine in Sukoharjo, in UTC."""
    return datetime(day.year, day.month, day.day, 2, 15)


def _taken(chromium: Browser, made: Made, shot: Shot, moment: datetime) -> bytes:
    if shot.before is not None:
        shot.before(made)
    context = chromium.new_context(**{**browser.PLACE, **shot.shape, "color_scheme": "light"})
    try:
        context.set_default_timeout(20_000)
        cookies = made.site.client().sign_in(shot.who, build.PASSWORD).cookies
        context.add_cookies(
            [{"name": name, "value": value, "url": made.site.url} for name, value in cookies.items()]
        )
        page = context.new_page()
        page.clock.set_fixed_time(moment.isoformat() + "Z")
        answer = page.goto(made.site.url + (shot.path if isinstance(shot.path, str) else shot.path(made)))
        assert answer is not None and answer.status == 200, f"{page.url}: {answer and answer.status}"
        if shot.then is not None:
            shot.then(page, made)
        if shot.height:
            page.set_viewport_size({"width": shot.shape["viewport"]["width"], "height": shot.height})
        if shot.ring:
            page.locator(shot.ring).first.evaluate(
                "one => { one.style.outline = '4px solid #c2410c'; one.style.outlineOffset = '3px' }"
            )
        page.wait_for_timeout(200)
        return _as_webp(page.screenshot())
    finally:
        context.close()


def _as_webp(png: bytes) -> bytes:
    """Few colours and no loss: sharp letters, and half the bytes of a photograph of the same screen."""
    few = Image.open(io.BytesIO(png)).convert("RGB").quantize(64, dither=Image.Dither.NONE).convert("RGB")
    file = io.BytesIO()
    few.save(file, "WEBP", lossless=True, quality=100, method=6)
    return file.getvalue()
