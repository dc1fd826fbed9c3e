"""The real server on a free port of this machine, in a thread, and a small client with a cookie jar."""

from __future__ import annotations

import asyncio
import http.client
import json
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tornado.netutil import bind_sockets

import server
from accounts.actions import start_session
from accounts.models import Account
from common.database import Store
from common.settings import Settings
from ground.people import PASSWORD


@dataclass
class Answer:
    """What the server answered."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass
class Client:
    """A browser without scripts: keeps cookies, sends Origin, follows nothing unless asked."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    origin: str | None = "own"

    def get(self, path: str, **headers: str) -> Answer:
        """GET a path."""
        return self.ask("GET", path, None, headers)

    def post(self, path: str, form: Any = None, **headers: str) -> Answer:
        """POST a form (a dict or a list of pairs)."""
        body = urlencode(form or {}, doseq=True).encode()
        return self.ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded", **headers})

    def post_json(self, path: str, value: Any) -> Answer:
        """POST JSON and want JSON."""
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        return self.ask("POST", path, json.dumps(value).encode(), headers)

    def upload(self, path: str, name: str, file: Path | bytes, file_name: str = "") -> Answer:
        """POST one file as a browser's form does."""
        content = file if isinstance(file, bytes) else file.read_bytes()
        shown = file_name or (file.name if isinstance(file, Path) else "berkas.xlsx")
        boundary = "----formboundary7MA4YWxkTrZu0gW"
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{shown}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        body = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
        return self.ask("POST", path, body, {"Content-Type": f"multipart/form-data; boundary={boundary}"})

    def follow(self, answer: Answer) -> Answer:
        """GET where a redirect leads; an answer that is none is itself."""
        while answer.status in (302, 303):
            answer = self.get(answer.headers["Location"])
        return answer

    def sign_in(self, username: str, password: str = PASSWORD) -> Client:
        """Sign in; answers itself."""
        answer = self.post("/login", {"username": username, "password": password, "next": "/"})
        assert answer.status == 303, answer.text
        return self

    def ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        """One request."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **headers}
        if method != "GET" and self.origin:
            sent["Origin"] = f"http://localhost:{self.port}" if self.origin == "own" else self.origin
            sent["Host"] = f"localhost:{self.port}"
        connection.request(method, path, body, sent)
        response = connection.getresponse()
        answer = Answer(response.status, response.headers, response.read())
        for line in response.headers.get_all("Set-Cookie") or []:
            name, _, rest = line.partition("=")
            value = rest.split(";")[0].strip('"')
            if value:
                self.cookies[name] = value
            else:
                self.cookies.pop(name, None)
        connection.close()
        return answer


def _begin(username: str) -> str:
    return start_session(Account.get(Account.username == username).id)


class Site:
    """The server on an open, migrated store. `with Site(store, folder) as site: site.client()`."""

    def __init__(self, store: Store, files: Path) -> None:
        self.store = store
        self.sockets = bind_sockets(0, "127.0.0.1")
        self.port = self.sockets[0].getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        self.config = Settings("", files, "127.0.0.1", self.port, self.url)
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def client(self) -> Client:
        """A new browser."""
        return Client(self.port)

    def as_(self, username: str) -> Client:
        """A new browser in which this person is signed in already: hashing a password takes a third of a second."""
        return Client(self.port, {"session": self.store.write_now(_begin, username)})

    def __enter__(self) -> Site:
        self._thread.start()
        assert self._ready.wait(30)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(30)

    def _serve(self) -> None:
        asyncio.run(self._main())

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        application = server.make_application(self.store, self.config)
        await server.start_parts(application)
        listening = server.http_server(application, self.config)
        listening.add_sockets(self.sockets)
        self._ready.set()
        await self._stop.wait()
        await server.stop_serving(listening, application)
