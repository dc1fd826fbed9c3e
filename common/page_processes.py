"""Pages made in processes of their own: a page is 5 to 50 ms of work, and one Python process does one work at a time.

The server alone listens, takes marks, reads files and follows days. What needs nothing but the database and is asked
for often (`Route.apart`) is answered by processes forked from it before it opened anything, over a pair of sockets
each. What such a process cannot answer any more, the server answers by itself (docs/decisions/0017).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import re
import signal
import socket
import struct
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, NamedTuple

from tornado.httputil import (
    HTTPConnection,
    HTTPHeaders,
    HTTPMessageDelegate,
    HTTPServerConnectionDelegate,
    HTTPServerRequest,
    RequestStartLine,
    ResponseStartLine,
)
from tornado.web import Application

from common import clock
from common.access import Route

log = logging.getLogger("pages")

LAST_WORDS = 8.0
"""Seconds that a process has to end what it is at: with those of the server less than systemd waits."""
_SIZES = struct.Struct("!II")
_READY = b"\0"

Line = RequestStartLine | ResponseStartLine


class Gone(Exception):
    """The process that should have made the page is no more."""


class Answer(NamedTuple):
    """What a process answered, as it goes to the browser."""

    status: int
    reason: str
    headers: list[list[str]]
    body: bytes


@dataclass(frozen=True, slots=True)
class Link:
    """A forked process and the server's end of the way to it."""

    process: int
    socket: socket.socket


def fork(count: int, work: Callable[[socket.socket], None]) -> list[Link]:
    """So many processes, each of which does `work(its end)` and ends; they end also when this process does.

    To be called before there is a thread or an open database: a fork takes neither along.
    """
    links: list[Link] = []
    for _ in range(count):
        ours, theirs = socket.socketpair()
        process = os.fork()
        if process == 0:
            _work(work, theirs, [ours, *(link.socket for link in links)])
        theirs.close()
        links.append(Link(process, ours))
    return links


def _work(
    work: Callable[[socket.socket], None], theirs: socket.socket, others: Iterable[socket.socket]
) -> None:
    status = 1
    try:
        for other in others:
            other.close()
        for sign in (signal.SIGINT, signal.SIGTERM):  # meant for the server, whose end is heard by its socket
            signal.signal(sign, signal.SIG_IGN)
        if theirs.recv(1) == _READY:
            work(theirs)
        status = 0
    except BaseException:
        log.exception("a process for pages ended")
    finally:
        os._exit(status)


def end(links: Iterable[Link]) -> None:
    """Let go of these processes, and wait until they ended what they were at."""
    for link in links:
        link.socket.close()
    deadline = clock.ticking() + LAST_WORDS
    for link in links:
        while os.waitpid(link.process, os.WNOHANG) == (0, 0):
            if clock.ticking() > deadline:
                os.kill(link.process, signal.SIGKILL)
            time.sleep(0.01)


# ---------------------------------------------------------------------- the server's side


class Front(HTTPServerConnectionDelegate):
    """Takes every request: a page that can be made apart goes to a process, all else to the application here."""

    def __init__(self, application: Application, routes: Iterable[Route], links: Iterable[Link]) -> None:
        self._application = application
        patterns = (f"(?:{route.pattern})" for route in routes if route.apart)
        self._apart = re.compile("|".join(patterns) or "(?!)")
        self._makers = [_Maker(link) for link in links]
        self._free: deque[_Maker] = deque()
        self._waiting: deque[_Order] = deque()
        self._hearing: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Let the processes open the database and begin."""
        for maker in self._makers:
            await maker.start()
            self._hearing.append(asyncio.create_task(self._hear(maker)))
        self._free.extend(self._makers)

    def start_request(self, server_conn: object, request_conn: HTTPConnection) -> HTTPMessageDelegate:
        """A delegate for one request."""
        return _Request(self, self._application, server_conn, request_conn)

    def takes(self, line: RequestStartLine, headers: HTTPHeaders) -> bool:
        """Whether this is for a process: an address that is made apart, read without a body."""
        return (
            bool(self._makers)
            and line.method == "GET"
            and "Content-Length" not in headers
            and "Transfer-Encoding" not in headers
            and self._apart.fullmatch(line.path.partition("?")[0]) is not None
        )

    async def answer(self, asked: dict[str, Any]) -> Answer:
        """What the first process that is free makes of it. Raises Gone when it or the last one ends."""
        if not self._makers:
            raise Gone
        order = _Order(asked, asyncio.get_running_loop().create_future())
        self._waiting.append(order)
        self._give_out()
        return await order.made

    def _give_out(self) -> None:
        while self._waiting and self._free:
            self._free.popleft().make(self._waiting.popleft())

    async def _hear(self, maker: _Maker) -> None:
        try:
            while True:
                await maker.hear()
                self._free.append(maker)  # behind the others, so that all are warm
                self._give_out()
        except (EOFError, OSError):
            self._let_go(maker)

    def _let_go(self, maker: _Maker) -> None:
        self._makers.remove(maker)
        if maker in self._free:
            self._free.remove(maker)
        lost = [] if maker.order is None else [maker.order]
        log.error("a process for pages is gone, %d are left", len(self._makers))
        if not self._makers:
            lost += self._waiting
            self._waiting.clear()
        for order in lost:
            if not order.made.done():
                order.made.set_exception(Gone())


class _Order(NamedTuple):
    """A page to be made, and where it is waited for."""

    asked: dict[str, Any]
    made: asyncio.Future[Answer]


class _Maker:
    """One process, as the server sees it. It makes one page at a time: the system shares the processors out better
    between processes than Python does between the pages of one."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self.order: _Order | None = None

    async def start(self) -> None:
        """Open the way, and let it begin."""
        self._link.socket.send(_READY)
        self._reader, self._writer = await asyncio.open_unix_connection(sock=self._link.socket)

    def make(self, order: _Order) -> None:
        """Give it a page to make."""
        self.order = order
        self._writer.write(_framed(order.asked))

    async def hear(self) -> None:
        """Pass on what it made. Raises EOFError or OSError when it is gone."""
        told, body = await _heard(self._reader)
        if self.order is not None and not self.order.made.done():
            self.order.made.set_result(Answer(told["status"], told["reason"], told["headers"], body))
        self.order = None


class _Request(HTTPMessageDelegate):
    """One request of a browser."""

    def __init__(
        self, front: Front, application: Application, server_conn: object, request_conn: HTTPConnection
    ) -> None:
        self._front = front
        self._application = application
        self._connection = request_conn
        self._start_here = lambda: application.start_request(server_conn, request_conn)
        self._here: HTTPMessageDelegate | None = None
        self._is_left = False

    def headers_received(self, start_line: Line, headers: HTTPHeaders) -> Awaitable[None] | None:
        """Decide who answers."""
        assert isinstance(start_line, RequestStartLine)
        self._line, self._headers = start_line, headers
        if self._front.takes(start_line, headers):
            # as long as the request lasts: what a proxy says of the browser is forgotten with it
            self._browser = {"remote_ip": self._context.remote_ip, "protocol": self._context.protocol}
            return None
        self._here = self._start_here()
        return self._here.headers_received(start_line, headers)

    def data_received(self, chunk: bytes) -> Awaitable[None] | None:
        """A part of the body, for the application here."""
        return self._here.data_received(chunk) if self._here is not None else None

    def finish(self) -> None:
        """The request is complete."""
        if self._here is not None:
            self._here.finish()
            return
        under_way = self._application.settings["under_way"]
        answering = asyncio.ensure_future(self._answer())
        under_way.add(answering)
        answering.add_done_callback(under_way.discard)

    def on_connection_close(self) -> None:
        """The browser left."""
        self._is_left = True
        if self._here is not None:
            self._here.on_connection_close()

    @property
    def _context(self) -> Any:
        """What the connection knows of the browser; Tornado's interface of a connection does not name it."""
        connection: Any = self._connection
        return connection.context

    async def _answer(self) -> None:
        asked = {
            "uri": self._line.path,
            "version": self._line.version,
            "headers": list(self._headers.get_all()),
            **self._browser,
        }
        try:
            answer = await self._front.answer(asked)
        except Gone:
            if not self._is_left:
                self._answer_here()  # a page only reads: nothing is done twice
            return
        if self._is_left:
            return
        headers = HTTPHeaders()
        for name, value in answer.headers:
            headers.add(name, value)
        line = ResponseStartLine("", answer.status, answer.reason)
        self._connection.write_headers(line, headers, answer.body)
        self._connection.finish()

    def _answer_here(self) -> None:
        now = dict(vars(self._context))
        vars(self._context).update(self._browser)
        self._here = self._start_here()
        self._here.headers_received(self._line, self._headers)
        vars(self._context).update(now)
        self._here.finish()


# ---------------------------------------------------------------------- the process's side


async def make_pages(link: socket.socket, application: Application) -> None:
    """Answer what the server asks for until it is gone, then finish what is under way."""
    reader, writer = await asyncio.open_unix_connection(sock=link)
    with contextlib.suppress(EOFError, OSError):
        while True:
            asked, _ = await _heard(reader)
            page = await _made(application, asked)
            told = {"status": page.line.code, "reason": page.line.reason, "headers": page.headers}
            writer.write(_framed(told, b"".join(page.body)))
    deadline = clock.ticking() + LAST_WORDS / 2
    while application.settings["under_way"] and clock.ticking() < deadline:
        await asyncio.sleep(0.05)


async def _made(application: Application, asked: dict[str, Any]) -> _Page:
    headers = HTTPHeaders()
    for name, value in asked["headers"]:
        headers.add(name, value)
    page = _Page(SimpleNamespace(remote_ip=asked["remote_ip"], protocol=asked["protocol"]))
    line = RequestStartLine("GET", asked["uri"], asked["version"])
    answering = application(HTTPServerRequest(start_line=line, headers=headers, connection=page))
    if answering is not None:
        await answering
    await page.is_finished.wait()
    return page


@dataclass
class _Page(HTTPConnection):
    """Where the application writes its answer: kept until it is whole."""

    context: SimpleNamespace
    body: list[bytes] = field(default_factory=list)
    headers: list[tuple[str, str]] = field(default_factory=list)
    is_finished: asyncio.Event = field(default_factory=asyncio.Event)
    line: ResponseStartLine = field(init=False)

    def set_close_callback(self, callback: Callable[[], None] | None) -> None:
        """Whether the browser is still there is known to the server alone."""

    def write_headers(
        self, start_line: Line, headers: HTTPHeaders, chunk: bytes | None = None
    ) -> asyncio.Future[None]:
        """Keep the first of an answer."""
        assert isinstance(start_line, ResponseStartLine)
        self.line, self.headers = start_line, list(headers.get_all())
        return self.write(chunk or b"")

    def write(self, chunk: bytes) -> asyncio.Future[None]:
        """Keep more of it."""
        self.body.append(chunk)
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        kept.set_result(None)
        return kept

    def finish(self) -> None:
        """It is whole."""
        self.is_finished.set()


# ---------------------------------------------------------------------- between them


def _framed(head: dict[str, Any], body: bytes = b"") -> bytes:
    told = json.dumps(head).encode()
    return _SIZES.pack(len(told), len(body)) + told + body


async def _heard(reader: asyncio.StreamReader) -> tuple[dict[str, Any], bytes]:
    head_size, body_size = _SIZES.unpack(await reader.readexactly(_SIZES.size))
    head: dict[str, Any] = json.loads(await reader.readexactly(head_size))
    return head, await reader.readexactly(body_size)
