"""A small server whose pages say which process made them: `python page_server.py PROCESSES`. Prints its port."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler, URLSpec

from common import page_processes
from common.access import ANYONE, Route, allow

SERVER = os.getpid()


class Who(RequestHandler):
    """Who made this, and what was heard of the browser."""

    def get(self) -> None:
        """In words, with two cookies."""
        self.set_cookie("satu", "1")
        self.set_cookie("dua", "2")
        asked = self.request
        heard = {"ip": asked.remote_ip, "protocol": asked.protocol, "cookie": self.get_cookie("nama")}
        self.write({"pid": os.getpid(), "query": self.get_query_argument("q", ""), **heard})

    def post(self) -> None:
        """The same for what is sent."""
        self.write({"pid": os.getpid(), "sent": self.get_body_argument("q", "")})


class Still(RequestHandler):
    """A page that never changes."""

    def get(self, _: str) -> None:
        """Long enough to be cut into several parts on its way."""
        self.write("sama " * 100_000)


class Slow(RequestHandler):
    """A page that takes a moment."""

    async def get(self) -> None:
        """Half a second."""
        await asyncio.sleep(0.5)
        self.write({"pid": os.getpid()})


class Deadly(RequestHandler):
    """A page at which a process for pages ends."""

    async def get(self) -> None:
        """The server itself answers."""
        if os.getpid() != SERVER:
            await asyncio.sleep(0.2)
            os.kill(os.getpid(), signal.SIGKILL)
        self.write({"pid": os.getpid(), "ip": self.request.remote_ip})


ROUTES = [
    Route("who", r"/who", Who, allow(ANYONE), apart=True),
    Route("here", r"/here", Who, allow(ANYONE)),
    Route("still", r"/still/([0-9]+)", Still, allow(ANYONE), apart=True),
    Route("slow", r"/slow", Slow, allow(ANYONE), apart=True),
    Route("deadly", r"/deadly", Deadly, allow(ANYONE), apart=True),
]


def _application() -> Application:
    specs = [URLSpec(route.pattern, route.handler) for route in ROUTES]
    return Application(specs, under_way=set(), compress_response=True)


def _make_pages(link: socket.socket) -> None:
    asyncio.run(page_processes.make_pages(link, _application()))


async def _serve(links: list[page_processes.Link]) -> None:
    front = page_processes.Front(_application(), ROUTES, links)
    await front.start()
    sockets = bind_sockets(0, "127.0.0.1")
    HTTPServer(front, xheaders=True).add_sockets(sockets)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    print(sockets[0].getsockname()[1], *(link.process for link in links), flush=True)
    await stop.wait()


if __name__ == "__main__":
    made = page_processes.fork(int(sys.argv[1]), _make_pages)
    asyncio.run(_serve(made))
    page_processes.end(made)
