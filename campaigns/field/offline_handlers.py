"""What lets the officer's lists open without network: the service worker, the manifest, the page without network."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from pathlib import Path

from common import access, i18n
from common.access import Route, allow
from common.handler import CONTENT_SECURITY_POLICY, Handler

_WORKER = Path(__file__).resolve().parents[2] / "static" / "js" / "worker.js"
# How long a list stays on a device after it was opened: the crew corrects marks within days, children's names
# do not belong on phones for longer. The queue of marks stays until it is sent.
KEPT_FOR = timedelta(days=14)
# A network that answers so slowly is none for somebody with a queue before the desk.
PATIENCE = timedelta(seconds=4)
SHELL = (
    "css/tokens.css",
    "css/base.css",
    "css/pieces.css",
    "css/print.css",
    "js/base.js",
    "js/offline.js",
    "img/emblem.svg",
)
ICONS = (
    ("img/icon-192.png", "192x192", "any"),
    ("img/icon-512.png", "512x512", "any"),
    ("img/icon-maskable-512.png", "512x512", "maskable"),
)


class Worker(Handler):
    """The service worker, at the root so that every page of ours is in its reach."""

    async def get(self) -> None:
        """The script with its settings; its version follows from what it holds, so a new program is noticed."""
        source = _WORKER.read_text(encoding="utf-8")
        languages = [code for code, _ in i18n.LANGUAGES]
        settings = {
            "shell": [
                *(self.reverse_url("offline", code) for code in languages),
                *(self.static_url(path) for path in SHELL),
            ],
            "languages": languages,
            "logout": self.reverse_url("logout"),
            "days": KEPT_FOR.days,
            "patience": PATIENCE // timedelta(milliseconds=1),
            "headers": {
                "Content-Type": "text/html; charset=utf-8",
                "Content-Security-Policy": CONTENT_SECURITY_POLICY,
                "X-Content-Type-Options": "nosniff",
                "Referrer-Policy": "same-origin",
                "Cache-Control": "no-store",
            },
        }
        version = hashlib.sha256((json.dumps(settings) + source).encode()).hexdigest()[:16]
        self.set_header("Content-Type", "text/javascript; charset=utf-8")
        self.set_header("Cache-Control", "no-cache")
        self.finish(f"const SETTINGS = {json.dumps({**settings, 'version': version})};\n{source}")


class Manifest(Handler):
    """What a phone needs to put the program on its first screen."""

    async def get(self) -> None:
        """Name, icons and colours."""
        self.set_header("Content-Type", "application/manifest+json")
        self.set_header("Cache-Control", "no-cache")
        self.finish(
            json.dumps(
                {
                    "id": "/",
                    "name": self._("School recording"),
                    "short_name": self._("Recording"),
                    "lang": self.language,
                    "start_url": "/",
                    "scope": "/",
                    "display": "standalone",
                    "icons": [
                        {
                            "src": self.static_url(path),
                            "sizes": sizes,
                            "purpose": purpose,
                            "type": "image/png",
                        }
                        for path, sizes, purpose in ICONS
                    ],
                }
            )
        )


class Offline(Handler):
    """The page that the worker shows where there is no network: nothing of it belongs to anybody."""

    _in_language = i18n.DEFAULT_LANGUAGE

    async def get(self, language: str) -> None:
        """In the language of the address, for the worker fetches it before anybody reads it."""
        self._in_language = language
        self.page("campaigns/field/offline.html")

    @property
    def language(self) -> str:
        """The language of the address."""
        return self._in_language


_ANYONE = allow(access.ANYONE)

ROUTES = [
    Route("worker", r"/worker\.js", Worker, _ANYONE),
    Route("manifest", r"/manifest\.webmanifest", Manifest, _ANYONE),
    Route("offline", rf"/offline/({'|'.join(code for code, _ in i18n.LANGUAGES)})", Offline, _ANYONE),
]
