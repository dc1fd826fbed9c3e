"""Settings come from the environment, are parsed once, and fail loudly with the name at fault."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

MOST_PAGE_PROCESSES = 16


class SettingError(Exception):
    """A setting that cannot be used; the text names it and says what to write."""


@dataclass(frozen=True)
class Settings:
    """How this server runs.

    `database_url`: `sqlite:///PATH` or `postgresql://...`. `files`: where uploads wait to be read.
    `address`, `port`: where to listen. `public_url`: how browsers reach it, for links and QR codes.
    `page_processes`: how many processes make pages beside the server's own (0: it makes all).
    `secure`: behind HTTPS, so cookies are `__Host-` and HSTS is sent; plain http is for localhost only.
    """

    database_url: str
    files: Path
    address: str
    port: int
    public_url: str
    readers: int = 4
    page_processes: int = 0

    @property
    def secure(self) -> bool:
        """Whether browsers reach the server over HTTPS."""
        return self.public_url.startswith("https://")


def settings_from(environ: Mapping[str, str]) -> Settings:
    """Read `PEREKAMAN_*` from `environ`. Raises SettingError for a value that cannot be used."""
    data = Path(environ.get("PEREKAMAN_DATA", "data")).resolve()
    port_text = environ.get("PEREKAMAN_PORT", "8790")
    if not (
        port_text.isascii() and port_text.isdigit() and len(port_text) < 6 and 0 < int(port_text) < 65536
    ):
        raise SettingError(f"PEREKAMAN_PORT is {port_text!r}: write a number from 1 to 65535")
    address = environ.get("PEREKAMAN_ADDRESS", "127.0.0.1")
    public_url = environ.get("PEREKAMAN_PUBLIC_URL", f"http://localhost:{port_text}").rstrip("/")
    if not public_url.startswith(("http://", "https://")):
        raise SettingError(
            f"PEREKAMAN_PUBLIC_URL is {public_url!r}: write https://... (or http://localhost...)"
        )
    if public_url.startswith("http://") and urlsplit(public_url).hostname not in (
        "localhost",
        "127.0.0.1",
        "::1",
    ):
        # without HTTPS the session could be read by anybody on the way
        raise SettingError(
            f"PEREKAMAN_PUBLIC_URL is {public_url!r}: only localhost may be served without https"
        )
    database_url = environ.get("PEREKAMAN_DATABASE", f"sqlite:///{data / 'perekaman.sqlite3'}")
    if not database_url.startswith(("sqlite:///", "postgresql://")):
        raise SettingError(
            f"PEREKAMAN_DATABASE is {database_url!r}: write sqlite:///PATH or postgresql://USER@HOST/NAME"
        )
    processes_text = environ.get("PEREKAMAN_PAGE_PROCESSES", str(_page_processes()))
    if not (
        processes_text.isascii() and processes_text.isdigit() and int(processes_text) <= MOST_PAGE_PROCESSES
    ):
        raise SettingError(
            f"PEREKAMAN_PAGE_PROCESSES is {processes_text!r}: write a number from 0 to {MOST_PAGE_PROCESSES}"
        )
    return Settings(
        database_url=database_url,
        files=Path(environ.get("PEREKAMAN_FILES", str(data / "files"))).resolve(),
        address=address,
        port=int(port_text),
        public_url=public_url,
        page_processes=int(processes_text),
    )


def _page_processes() -> int:
    """Two for each processor, at most eight; none where there is but one processor, which they would only share."""
    processors = len(os.sched_getaffinity(0))
    return min(2 * processors, 8) if processors > 1 else 0
