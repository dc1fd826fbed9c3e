"""The line between a browser and the server, which a test really cuts: no setting of the browser, but no answer."""

from __future__ import annotations

import asyncio
import threading
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page


class Wire:
    """A port of this machine that leads to another one until it is cut. `with Wire(site.port) as wire: wire.url`."""

    def __init__(self, to_port: int) -> None:
        self._to_port = to_port
        self._loop = asyncio.new_event_loop()
        self._under_way: set[asyncio.StreamWriter] = set()
        self._is_dead = False
        self.carried = 0
        """Bytes that came from the server so far."""
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Wire:
        self._thread.start()
        self.port = 0
        self.restore()
        self.url = f"http://localhost:{self.port}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cut()
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def cut(self) -> None:
        """Refuse every connection, and break those there are."""
        self._do(self._cut())

    def restore(self) -> None:
        """Lead to the server again."""
        self._do(self._restore())

    def deaden(self) -> None:
        """Take connections and say nothing, ever: a network that is there and leads nowhere."""
        self._is_dead = True
        self._do(self._break())

    def _do(self, act: object) -> None:
        asyncio.run_coroutine_threadsafe(act, self._loop).result(5)  # type: ignore[arg-type]

    async def _restore(self) -> None:
        self._is_dead = False
        self._server = await asyncio.start_server(self._lead, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _cut(self) -> None:
        self._server.close()
        await self._break()

    async def _end(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _break(self) -> None:
        for writer in tuple(self._under_way):
            writer.transport.abort()

    async def _lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._under_way.add(writer)
        try:
            if self._is_dead:
                await reader.read(-1)
                return
            there, back = await asyncio.open_connection("127.0.0.1", self._to_port)
            self._under_way.add(back)
            await asyncio.gather(self._pass_on(reader, back), self._pass_on(there, writer, counted=True))
            self._under_way.discard(back)
        except OSError:
            pass
        finally:
            self._under_way.discard(writer)
            writer.close()

    async def _pass_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, counted: bool = False
    ) -> None:
        try:
            while data := await reader.read(65536):
                self.carried += counted * len(data)
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()


def first_visit(page: Page, wire: Wire, path: str, until: str) -> int:
    """Bytes over the wire, heads and all, of a first visit to a page: the browser has nothing of the program stored.

    It ends when `until` (a selector) is there and the service worker has what it keeps.
    """
    page.context.new_cdp_session(page).send("Network.clearBrowserCache")
    page.goto("about:blank")
    before = wire.carried
    page.goto(wire.url + path)
    page.locator(until).wait_for()
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    seen = -1
    while wire.carried > seen:  # until nothing more comes
        seen = wire.carried
        page.wait_for_timeout(500)
    return wire.carried - before
