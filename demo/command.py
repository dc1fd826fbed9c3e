"""`server.py demo`: make the made-up kabupaten once, say where it is and who can sign in, then serve it."""

from __future__ import annotations

import argparse
import os
import socket
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from common import clock
from common.access import COORDINATOR, OFFICER, SCHOOL_ADMIN, VIEWER
from common.database import open_store
from common.i18n import LANGUAGES, N_, translator
from common.settings import Settings, settings_from
from demo.build import PASSWORD, PEOPLE, build

FOLDER = Path(__file__).resolve().parent.parent / ".demo"
PORTS_TRIED = 20

_WHAT_THEY_DO = {
    COORDINATOR: N_("coordinator: the whole office"),
    OFFICER: N_("recording officer: marks attendance on a phone"),
    SCHOOL_ADMIN: N_("school operator: the own school only"),
    VIEWER: N_("head of office: figures only"),
}


def main(arguments: Sequence[str], run_server: Callable[..., int]) -> int:
    """Serve the demo, made first when it is not there (or anew with --fresh). Answers the exit code.

    `run_server(config, demo, ready)` is handed in by server.py, which stands over every package.
    """
    parser = argparse.ArgumentParser(
        prog="server.py demo", description="Serve a made-up kabupaten to try everything on."
    )
    parser.add_argument(
        "--fresh", action="store_true", help="throw the demo's database away and make it anew"
    )
    asked = parser.parse_args(arguments)
    wanted = settings_from({"PEREKAMAN_DATA": str(FOLDER), **os.environ})
    path = make(Path(os.environ.get("PEREKAMAN_DATA", FOLDER)).resolve(), wanted.files, asked.fresh)
    config = on_a_free_port(replace(wanted, database_url=f"sqlite:///{path}"))

    def ready() -> None:
        print(welcome(config, wanted.port), flush=True)

    return run_server(config, demo=True, ready=ready)


def make(folder: Path, files: Path, fresh: bool = False) -> Path:
    """The demo's database, made in `folder` when it is not there. A half-made one never gets the name."""
    path = folder / "demo.sqlite3"
    folder.mkdir(parents=True, exist_ok=True)
    if path.exists() and not fresh:
        return path
    for left in folder.glob("demo.sqlite3*"):
        left.unlink()
    print(
        _both(N_("Making the demo: 60 schools, about 19,000 invented students. Half a minute, once.")),
        flush=True,
    )
    half_made = folder / "demo.sqlite3.half-made"
    store = open_store(f"sqlite:///{half_made}", readers=1)
    try:
        store.migrate()
        build(store, clock.today(), files)
    finally:
        store.close()
    half_made.rename(path)
    return path


def on_a_free_port(config: Settings) -> Settings:
    """The settings with the first free port from the wanted one on; the wanted one when none of twenty is free."""
    for port in range(config.port, min(config.port + PORTS_TRIED, 65536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((config.address, port))
            except OSError:
                continue
        public_url = config.public_url.replace(f":{config.port}", f":{port}")
        return replace(config, port=port, public_url=public_url)
    return config


def welcome(config: Settings, wanted_port: int) -> str:
    """What the person who started the demo reads: the address and the accounts, in Indonesian and in English."""
    parts = []
    for language, _name in LANGUAGES:
        _ = translator(language).gettext
        lines = [_("The demo is ready: %(address)s") % {"address": config.public_url}]
        if config.port != wanted_port:
            lines.append(_("(Port %(port)s is taken, so another one is used.)") % {"port": wanted_port})
        lines += [
            "",
            _("Sign in with one of these names; the password of all is: %(password)s")
            % {"password": PASSWORD},
        ]
        lines += [f"  {username:<7}{_(_WHAT_THEY_DO[role])}" for username, role in PEOPLE]
        lines += [
            "",
            _("All students are invented. Stop with Ctrl-C; start anew with: server.py demo --fresh"),
        ]
        parts.append("\n".join(lines))
    rule = "-" * 78
    return f"\n{rule}\n" + f"\n{rule}\n".join(parts) + f"\n{rule}\n"


def _both(message: str) -> str:
    return "\n".join(translator(language).gettext(message) for language, _name in LANGUAGES)
