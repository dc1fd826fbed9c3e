"""The program: read settings, open the database, gather routes, listen. Its subcommands are listed in COMMANDS."""

from __future__ import annotations

import argparse
import asyncio
import gc
import importlib
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.web import Application, StaticFileHandler, URLSpec

from accounts import actions as accounts_actions
from common import page, page_processes
from common.access import Route, Visit
from common.database import DatabaseTrouble, NothingToCopy, SchemaNewer, Store, open_store, sqlite_errors
from common.handler import CONTENT_SECURITY_POLICY, HSTS, NotFound
from common.log import log_request, set_up_logging
from common.page_processes import Front
from common.settings import SettingError, Settings, settings_from
from home.navigation import navigation
from home.queries import visit_of
from schools.queries import school_name

MIB = 1024 * 1024
LEARN_AGAIN = 900.0  # seconds until the database looks again at how much it holds
log = logging.getLogger("server")
STATIC = Path(__file__).resolve().parent / "static"
# every module that has addresses; a route without its row of roles does not exist
ROUTE_MODULES = (
    "accounts.handlers",
    "schools.handlers",
    "campaigns.booking.programme_handlers",
    "campaigns.booking.handlers",
    "campaigns.booking.making_handlers",
    "campaigns.booking.plan_handlers",
    "campaigns.answering.handlers",
    "campaigns.by_hand.handlers",
    "campaigns.calendars.handlers",
    "campaigns.calendars.school_handlers",
    "campaigns.feeds.handlers",
    "campaigns.telling.handlers",
    "campaigns.papers.handlers",
    "campaigns.papers.making_handlers",
    "campaigns.telling.starter_handlers",
    "campaigns.field.handlers",
    "campaigns.field.closing_handlers",
    "campaigns.field.pace_handlers",
    "campaigns.field.retake_handlers",
    "campaigns.field.waiting_handlers",
    "campaigns.field.walk_in_handlers",
    "campaigns.field.quick_handlers",
    "campaigns.field.device_handlers",
    "campaigns.field.offline_handlers",
    "campaigns.progress.handlers",
    "campaigns.progress.wall_handlers",
    "imports.handlers",
    "imports.book_handlers",
    "imports.mending_handlers",
    "imports.residents.handlers",  # before the readings whose sandbox it borrows: it ends first
    "imports.reading_handlers",
    "imports.school_handlers",
    "home.handlers",
    "home.guide_handlers",
)


class StaticFiles(StaticFileHandler):
    """Our own styles and scripts; addresses carry a hash, so browsers keep them and never ask again."""

    @classmethod
    def get_version(cls, settings: dict[str, Any], path: str) -> str | None:
        """A part of the hash that no other version shares: the whole is 128 letters that nothing compresses."""
        whole = super().get_version(settings, path)
        return whole and whole[:16]

    def set_extra_headers(self, path: str) -> None:
        """What is asked for by its hash never changes. The policy is of pages: not sent with each style and script."""
        if "v" in self.request.arguments:
            self.set_header("Cache-Control", "public, max-age=31536000, immutable")
        if path.endswith((".css", ".js")):
            self.clear_header("Content-Security-Policy")

    def set_default_headers(self) -> None:
        """The security headers of every answer, also of one that says what is not there."""
        self.set_header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        self.set_header("X-Content-Type-Options", "nosniff")
        self.clear_header("Server")
        if self.settings["config"].secure:
            self.set_header("Strict-Transport-Security", HSTS)


def routes() -> list[Route]:
    """Every route of every package. Raises ValueError when two have one name."""
    found: list[Route] = []
    for module in ROUTE_MODULES:
        found += importlib.import_module(module).ROUTES
    names = [route.name for route in found]
    if len(names) != len(set(names)):
        raise ValueError(
            f"two routes have one name: {sorted(name for name in names if names.count(name) > 1)}"
        )
    return found


def make_application(store: Store, config: Settings, demo: bool = False) -> Application:
    """The web application on an open, migrated database."""

    touched: dict[str, asyncio.Task[None]] = {}

    async def touch(token: str) -> None:
        try:
            await store.write(accounts_actions.touch_session, token)
        except DatabaseTrouble:
            log.warning("a session could not be written down as seen")  # no reason to fail what was asked for
        finally:
            del touched[token]

    async def identify(token: str, chosen: int | None = None) -> Visit:
        visit, is_due_a_touch = await store.read(visit_of, token, chosen)
        if is_due_a_touch and token not in touched:
            # nobody waits for this: behind a long write it would be as long
            touched[token] = asyncio.create_task(touch(token))
        return visit

    specs = [URLSpec(route.pattern, route.handler, {"route": route}, name=route.name) for route in routes()]
    application = Application(
        specs,
        store=store,
        config=config,
        identify=identify,
        navigation=navigation,
        school_name=school_name,
        demo=demo,
        cookie_secret=store.write_now(accounts_actions.secret, "notices"),
        cross_origin_protection=True,
        compress_response=True,
        static_path=str(STATIC),
        static_handler_class=StaticFiles,
        under_way=set(),
        default_handler_class=NotFound,
        default_handler_args={"route": Route("not_found", "", NotFound, frozenset())},
        log_function=log_request,
    )
    # a page has hundreds of addresses, and the library needs longer for one than a template for its line
    application.settings["address_of"] = lru_cache(maxsize=16_384)(application.reverse_url)
    return application


def http_server(application: Application | Front, config: Settings) -> HTTPServer:
    """The server with its limits. Bodies are at most 1 MiB, except where a handler asks for an upload."""
    return HTTPServer(
        application,
        max_body_size=MIB,
        max_header_size=16 * 1024,
        idle_connection_timeout=30,
        body_timeout=120,
        xheaders=config.secure,
    )


async def stop_serving(server: HTTPServer, application: Application) -> None:
    """Take no more requests, let those under way be answered (at most 20 seconds), then stop."""
    server.stop()
    await stop_parts(application)
    for _ in range(200):
        if not application.settings["under_way"]:
            break
        await asyncio.sleep(0.1)
    await server.close_all_connections()


async def start_parts(application: Application) -> None:
    """Let each part that has work of its own on the event loop begin it (a `started` in its handlers)."""
    await _tell_parts("started", application)


async def stop_parts(application: Application) -> None:
    """Let each part end what it began (a `stopped` in its handlers)."""
    await _tell_parts("stopped", application)


async def _tell_parts(what: str, application: Application) -> None:
    for module in ROUTE_MODULES:
        tell = getattr(importlib.import_module(module), what, None)
        if tell is not None:
            await tell(application)


def share_the_processor() -> None:
    """Let pages go on while a thread works through 20,000 rows: threads give way ten times sooner than is usual, and
    the collector looks for cycles seldom, for it stops everybody and lists of students have none."""
    sys.setswitchinterval(0.0005)
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


async def serve(
    config: Settings,
    store: Store,
    demo: bool = False,
    ready: Callable[[], None] | None = None,
    links: Sequence[page_processes.Link] = (),
) -> None:
    """Serve until SIGTERM or SIGINT, then answer what is under way and stop. `links` lead to those that make pages."""
    application = make_application(store, config, demo)
    await start_parts(application)
    sizes = asyncio.create_task(_learn_sizes(store))
    front = Front(application, routes(), links)
    await front.start()
    server = http_server(front, config)
    server.listen(config.port, config.address)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stop.set)
    if ready is not None:
        ready()
    await stop.wait()
    sizes.cancel()
    await stop_serving(server, application)


async def _learn_sizes(store: Store) -> None:
    while True:
        await store.learn_sizes()
        await asyncio.sleep(LEARN_AGAIN)


def run_server(config: Settings, demo: bool = False, ready: Callable[[], None] | None = None) -> int:
    """Open the database, bring it up to date, serve. Answers the exit code."""
    set_up_logging()
    routes()  # all that the program is made of is loaded before it forks
    page.compile_all()
    share_the_processor()
    links = page_processes.fork(config.page_processes, partial(make_pages, config, demo))
    store = open_store(config.database_url, config.readers)
    try:
        try:
            store.migrate()
        except SchemaNewer as newer:
            print(
                f"The database was made by a newer version of this program ({newer}). Update the program.",
                file=sys.stderr,
            )
            return 1
        asyncio.run(serve(config, store, demo, ready, links))
    finally:
        store.close()
        page_processes.end(links)
    return 0


def make_pages(config: Settings, demo: bool, link: socket.socket) -> None:
    """In a process for pages, once the database is up to date: make what the server asks for."""
    store = open_store(config.database_url, readers=1)
    try:
        asyncio.run(page_processes.make_pages(link, make_application(store, config, demo)))
    finally:
        store.close()


def command_run(arguments: Sequence[str]) -> int:
    """Serve the office's own database (settings: PEREKAMAN_DATA, _PORT, _ADDRESS, _PUBLIC_URL, _DATABASE)."""
    argparse.ArgumentParser(prog="server.py", description=command_run.__doc__).parse_args(arguments)
    config = settings_from(os.environ)

    def ready() -> None:
        print(f"Perekaman is ready at {config.public_url}  (stop with Ctrl-C)", flush=True)

    return run_server(config, ready=ready)


def command_migrate(arguments: Sequence[str]) -> int:
    """Bring the database up to date; a used SQLite file is copied aside first."""
    argparse.ArgumentParser(prog="server.py migrate", description=command_migrate.__doc__).parse_args(
        arguments
    )
    store = open_store(settings_from(os.environ).database_url)
    try:
        applied = store.migrate()
    finally:
        store.close()
    print("\n".join(applied) or "The database is up to date.")
    return 0


def command_backup(arguments: Sequence[str]) -> int:
    """Copy the SQLite database while it is in use; the copy is checked before it gets its name."""
    parser = argparse.ArgumentParser(prog="server.py backup", description=command_backup.__doc__)
    parser.add_argument("to", type=Path)
    asked = parser.parse_args(arguments)
    url = settings_from(os.environ).database_url
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
        print(
            f"There is no database at {url.removeprefix('sqlite:///')}. Set PEREKAMAN_DATA.", file=sys.stderr
        )
        return 1
    store = open_store(url)
    try:
        store.backup_to(asked.to.resolve())
    except NothingToCopy as nothing:
        print(f"There is nothing in the database {nothing} yet. Set PEREKAMAN_DATA.", file=sys.stderr)
        return 1
    except (OSError, ValueError, sqlite_errors()) as error:
        print(f"The copy could not be made: {error}", file=sys.stderr)
        return 1
    finally:
        store.close()
    print(f"Copied and checked: {asked.to}")
    return 0


def command_demo(arguments: Sequence[str]) -> int:
    """Serve a made-up kabupaten to try everything on."""
    return importlib.import_module("demo.command").main(arguments, run_server)


def _elsewhere(module: str) -> Callable[[Sequence[str]], int]:
    def command(arguments: Sequence[str]) -> int:
        return importlib.import_module(module).main(arguments)

    return command


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "run": command_run,
    "demo": command_demo,
    "migrate": command_migrate,
    "create-coordinator": _elsewhere("accounts.create_coordinator"),
    "check-roster": _elsewhere("imports.check_roster"),
    "plan": _elsewhere("campaigns.plan_file"),
    "backup": command_backup,
    "restore": _elsewhere("common.restoring"),
}


def main(arguments: Sequence[str]) -> int:
    """Run the subcommand named first (without one: serve). Answers the exit code; 2 for wrong use."""
    os.umask(0o077)  # the database, uploads and copies hold children's data: for this user alone
    name, rest = (arguments[0], arguments[1:]) if arguments else ("run", [])
    command: Any = COMMANDS.get(name)
    if command is None:
        print(f"server.py: {name!r} is not a command. Choose from: {', '.join(COMMANDS)}", file=sys.stderr)
        return 2
    try:
        return command(rest)
    except SettingError as error:
        print(f"server.py: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
