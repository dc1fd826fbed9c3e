"""What every handler is made from: who asks, what they sent, one read or write, an answer."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import unicodedata
from collections.abc import Callable
from dataclasses import astuple, dataclass
from datetime import date
from functools import partial
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlencode, urlsplit

from tornado.web import Finish, HTTPError, RequestHandler

from common import access, clock, i18n, page
from common.access import Missing, Route, Visit, Who
from common.database import Store
from common.log import place_of
from common.settings import Settings
from common.words import Words

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger("handler")

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; object-src 'none'"
)
HSTS = "max-age=31536000"
NOTE_WAIT = 0.15  # seconds: many times what a note takes, and short for whoever waits
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
# a path of ours: one slash, then printable ASCII without a backslash (which browsers read as a slash)
OUR_PATH = re.compile(r"/(?![/\\])[!-\[\]-~]*")


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence for the next page. `kind`: done, info, warn or error; `link` and `label`: where to go on reading."""

    kind: str
    text: str
    link: str = ""
    label: str = ""


class Handler(RequestHandler):
    """A request to the program. Subclasses answer `get` and `post`; access is decided before they run."""

    route: Route
    who: Who

    def initialize(self, route: Route) -> None:
        """Remember the row of the access table that led here."""
        self.route = route
        self.visit = Visit(None)
        self._notices: list[Notice] = []

    # ------------------------------------------------------------------ before the handler

    async def prepare(self) -> None:
        """Find out who asks, and refuse what the access table does not allow."""
        self.settings["under_way"].add(self)
        self._refuse_unprovable_origin()
        token = self.get_cookie(self.session_cookie)
        if token:
            self.visit = await self.identified(token)
        if access.ANYONE in self.route.allow:
            if self.visit.who is not None:
                self.who = self.visit.who
            return
        if self.visit.who is None:
            self._ask_to_sign_in()
        assert self.visit.who is not None
        self.who = self.visit.who
        if self.who.role not in self.route.allow:
            raise HTTPError(403)

    async def identified(self, token: str) -> Visit:
        """What is known of whoever has this session, with the programme that they chose to look at today."""
        visit: Visit = await self.settings["identify"](token, self.chosen_programme)
        return visit

    def _refuse_unprovable_origin(self) -> None:
        # Tornado lets a request without Origin and Sec-Fetch-Site pass as "not a browser"; with our cookie it may not
        if self.request.method in SAFE_METHODS or not self.get_cookie(self.session_cookie):
            return
        headers = self.request.headers
        if "Origin" not in headers and "Sec-Fetch-Site" not in headers:
            raise HTTPError(403, "no origin")

    def _ask_to_sign_in(self) -> None:
        if self.wants_json or self.request.method not in SAFE_METHODS:
            raise HTTPError(401)
        self.redirect(self.url("login", next=self.here))
        raise Finish

    # ------------------------------------------------------------------ what a handler asks for

    @property
    def store(self) -> Store:
        """The database."""
        return self.settings["store"]

    @property
    def config(self) -> Settings:
        """How this server runs."""
        return self.settings["config"]

    async def read(self, query: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """One query on a reader thread. What is missing, or not this person's, becomes a 404."""
        try:
            return await self.store.read(query, *args, **kwargs)
        except Missing:
            raise HTTPError(404) from None

    async def act(self, action: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """One action on the writer thread, in one transaction. What is missing becomes a 404."""
        try:
            return await self.store.write(action, *args, **kwargs)
        except Missing:
            raise HTTPError(404) from None

    async def note(self, action: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> None:
        """Write down what the answer does not wait long for, as that personal data is shown.

        In the ordinary case it is stored before the answer goes out. Behind a long write (a roster of 20,000 students
        takes a second) the answer goes first; stopping the server waits for the note.
        """
        written = asyncio.ensure_future(self.store.write(action, *args, **kwargs))
        under_way = self.settings["under_way"]
        under_way.add(written)
        written.add_done_callback(partial(_noted, under_way))
        await asyncio.wait({written}, timeout=NOTE_WAIT)
        if written.done():
            written.result()

    def on_finish(self) -> None:
        """The answer is out: stopping the server need not wait for it any more."""
        self.settings["under_way"].discard(self)

    def sent(self, name: str, limit: int = 1_000) -> str:
        """A field of the form as typed, at most `limit` characters; empty when it was not sent.

        Spaces around it and marks that cannot be seen (zero width, direction) are left out.
        """
        text = self.get_body_argument(name, "")[: 2 * limit]
        return "".join(mark for mark in text if unicodedata.category(mark) != "Cf").strip()[:limit]

    def sent_form(self, *names: str) -> dict[str, str]:
        """Several fields of the form as typed."""
        return {name: self.sent(name) for name in names}

    def sent_fields(self) -> dict[str, str]:
        """Every field of the form as typed, by name: for names that hold words of a file."""
        # the names of fields are bytes of UTF-8, which the server keeps as latin-1
        return {
            name.encode("latin-1", "replace").decode("utf-8", "replace"): self.sent(name)
            for name in self.request.body_arguments
        }

    def sent_list(self, name: str) -> list[str]:
        """Every value of a field that can be sent several times (checkboxes)."""
        return [value.strip() for value in self.get_body_arguments(name)]

    def asked(self, name: str, default: str = "") -> str:
        """A word of the address's query."""
        return self.get_query_argument(name, default).strip()

    def asked_number(self, name: str, default: int = 1) -> int:
        """A whole number of the address's query; nonsense is the default."""
        number = whole_number(self.asked(name))
        return default if number is None else number

    def asked_date(self, name: str) -> date | None:
        """A date (YYYY-MM-DD) of the address's query; nonsense is None."""
        try:
            return date.fromisoformat(self.asked(name))
        except ValueError:
            return None

    def sent_json(self) -> Any:
        """The body as JSON. A body that is none is a 400."""
        try:
            return json.loads(self.request.body)
        except (ValueError, RecursionError):
            raise HTTPError(400) from None

    @property
    def today(self) -> date:
        """The date at the office of the person who asks."""
        return clock.today(self.visit.who.time_zone if self.visit.who else clock.DEFAULT_ZONE)

    # ------------------------------------------------------------------ answers

    def page(self, template: str, status: int = 200, **context: Any) -> None:
        """Answer with a page in the reader's language."""
        self.set_status(status)
        if self.visit.who is not None:
            # for the service worker: lists that somebody else kept on this device are forgotten
            self.set_header("Perekaman-Account", str(self.visit.who.account_id))
        self.finish(page.render(template, self.language, {**self._always(), **context}))

    def json(self, value: Any, status: int = 200) -> None:
        """Answer with JSON."""
        self.set_status(status)
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.finish(json.dumps(value))  # in ASCII: what a device sent may not even be text

    def pdf(self, content: bytes, file_name: str) -> None:
        """Answer with a PDF to look at in the browser. `file_name` holds no personal data."""
        self.set_header("Content-Type", "application/pdf")
        self.set_header("Content-Disposition", f'inline; filename="{file_name}"')
        self.finish(content)

    def go(self, name: str, *args: Any, **query: Any) -> None:
        """Send the browser on to a named route after a write (so that reloading repeats nothing)."""
        if self._notices:
            value = json.dumps([astuple(notice) for notice in self._notices])
            self.set_signed_cookie("notices", value, expires_days=None, **self._cookie_flags())
        self.redirect(self.url(name, *args, **query), status=303)

    def notice(self, kind: str, text: str, link: str = "", label: str = "") -> None:
        """Leave one sentence for the next page: done, info, warn or error. Never personal data."""
        self._notices.append(Notice(kind, text, link, label))

    def carry(self, name: str, value: str) -> None:
        """Keep something for a following page of this browser, for ten minutes and out of addresses."""
        self.set_signed_cookie(name, value, expires_days=None, **self._cookie_flags())

    def carried(self, name: str) -> str:
        """What an earlier page of this browser kept in the last ten minutes; empty when nothing."""
        kept = self.get_signed_cookie(name, max_age_days=10 / (24 * 60))
        return kept.decode() if kept else ""

    def show_programme(self, campaign_id: int) -> None:
        """Show this programme in this browser for a day; then the one that runs is shown again."""
        self.set_signed_cookie("programme", str(campaign_id), expires_days=1, **self._cookie_flags())

    @property
    def chosen_programme(self) -> int | None:
        """The number that `show_programme` left in this browser within a day."""
        chosen = self.get_signed_cookie("programme", max_age_days=1) or b""
        return whole_number(chosen.decode())

    def keep(self, name: str, value: str) -> None:
        """Keep something in this browser for a year. Never personal data."""
        self.set_signed_cookie(name, value, expires_days=365, **self._cookie_flags())

    def kept(self, name: str) -> str:
        """What `keep` left in this browser; empty when nothing."""
        kept = self.get_signed_cookie(name, max_age_days=365)
        return kept.decode() if kept else ""

    def url(self, name: str, *args: Any, **query: Any) -> str:
        """The address of a named route; query words that are None or empty are left out."""
        path = self.settings["address_of"](name, *args)
        words = {key: value for key, value in query.items() if value not in (None, "")}
        return f"{path}?{urlencode(words, doseq=True)}" if words else path

    def full_url(self, name: str, *args: Any, **query: Any) -> str:
        """`url` with the server's public address, for QR codes and messages."""
        return self.config.public_url + self.url(name, *args, **query)

    # ------------------------------------------------------------------ language

    @property
    def language(self) -> str:
        """The reader's language: as switched (cookie), else the account's, else the browser's, else Indonesian."""
        chosen = self.get_cookie("language") or self.visit.language
        if chosen in dict(i18n.LANGUAGES):
            return chosen
        return i18n.DEFAULT_LANGUAGE

    def _(self, message: str, **values: Any) -> str:
        """`message` in the reader's language, with `%(name)s` filled in."""
        return Words(self.language)._(message, **values)

    def ngettext(self, one: str, many: str, num: int, **values: Any) -> str:
        """`one` or `many` in the reader's language; `%(num)s` is the number."""
        return Words(self.language).ngettext(one, many, num, **values)

    # ------------------------------------------------------------------ plumbing

    @property
    def session_cookie(self) -> str:
        """The name of the session's cookie: bound to the host where there is HTTPS."""
        return "__Host-session" if self.config.secure else "session"

    def _cookie_flags(self) -> dict[str, Any]:
        return {"httponly": True, "samesite": "Lax", "secure": self.config.secure, "path": "/"}

    @property
    def here(self) -> str:
        """The path and query of this request."""
        return self.request.uri or "/"

    @property
    def came_from(self) -> str:
        """The page of ours that sent this form, for going back to it; the first page when that is not known."""
        parts = urlsplit(self.request.headers.get("Referer", ""))
        if parts.netloc != self.request.host:
            return "/"
        return self.safe_next(f"{parts.path}?{parts.query}" if parts.query else parts.path)

    @property
    def wants_json(self) -> bool:
        """Whether the asker is a script of ours rather than a page."""
        return "application/json" in self.request.headers.get("Accept", "")

    def safe_next(self, address: str) -> str:
        """`address` when it is a path of this server, else the first page: a log-in leads nowhere else."""
        return address if OUR_PATH.fullmatch(address) else "/"

    def _always(self) -> dict[str, Any]:
        notices = self._kept_notices() + self._notices
        return {
            "language": self.language,
            "languages": i18n.LANGUAGES,
            "who": self.visit.who,
            "campaign": self.visit.campaign,
            "nav": self.settings["navigation"](self.visit.who, self.request.path, self.url, self._),
            "notices": notices,
            "csp_nonce": "",
            "demo": self.settings.get("demo", False),
            "here": self.here if self.request.method in SAFE_METHODS else self.came_from,
            "url": self.url,
            "static": self.static_url,
            "today": self.today,
            "zone": self.visit.who.time_zone if self.visit.who else clock.DEFAULT_ZONE,
        }

    def _kept_notices(self) -> list[Notice]:
        raw = self.get_signed_cookie("notices", max_age_days=1)
        if raw is None:
            return []
        self.clear_cookie("notices", path="/")
        return [Notice(*kept) for kept in json.loads(raw)]

    def set_default_headers(self) -> None:
        """Headers of every answer: nothing from other hosts, no framing, no caching of pages."""
        self.set_header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "same-origin")
        self.set_header("Cache-Control", "no-store")
        self.set_header("Cross-Origin-Opener-Policy", "same-origin")
        self.clear_header("Server")
        if self.config.secure:
            self.set_header("Strict-Transport-Security", HSTS)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """One sentence that says what happened and what to do; never a trace, never what was sent."""
        if self.wants_json:
            self.json({"error": status_code}, status_code)
            return
        self.page("common/error.html", status_code, code=status_code)

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Log what went wrong without the address's query or anything that was sent."""
        if isinstance(value, HTTPError):
            return
        log.error("%s %s", self.request.method, place_of(self), exc_info=(typ, value, tb))


def _noted(under_way: set[Any], written: asyncio.Future[Any]) -> None:
    under_way.discard(written)
    if not written.cancelled() and written.exception() is not None:
        log.error("a note could not be stored", exc_info=written.exception())


class NotFound(Handler):
    """Any address that is no route: the same page as for what is missing."""

    async def prepare(self) -> None:
        """Say 404, in the person's own navigation where they are signed in."""
        token = self.get_cookie(self.session_cookie)
        if token:
            self.visit = await self.identified(token)
        raise HTTPError(404)


def whole_number(text: str, digits: int = 9) -> int | None:
    """The number a text of at most so many plain digits is, or None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None
