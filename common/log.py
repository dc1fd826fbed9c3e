"""Logging: times, kinds of address, counts. No names, no NIK, no birth dates, no query strings, no tokens."""

from __future__ import annotations

import logging
import traceback
from types import TracebackType

from tornado.web import RequestHandler


class QuietFormatter(logging.Formatter):
    """Writes where an exception came from and its kind, never its text: a database's text quotes the row at fault."""

    def formatException(  # noqa: N802 - the name that logging calls
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        """The frames of the exception and of those behind it, each ended by its kind alone."""
        lines: list[str] = []
        error = ei[1]
        while error is not None:
            lines += traceback.format_tb(error.__traceback__)
            lines.append(f"{type(error).__module__}.{type(error).__qualname__}\n")
            error = error.__cause__ or error.__context__
        return "".join(lines).rstrip()


def set_up_logging() -> None:
    """Log to standard error, one line an event."""
    shown = logging.StreamHandler()
    shown.setFormatter(QuietFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[shown])
    logging.getLogger("tornado.access").setLevel(logging.WARNING)
    logging.getLogger("python_multipart").setLevel(
        logging.ERROR
    )  # it warns once for every piece of a bad body


def place_of(handler: RequestHandler) -> str:
    """The pattern of the route that was asked for: an address itself may hold a token or what was searched for."""
    route = getattr(handler, "route", None)
    return getattr(route, "pattern", "") or "an address of no page"


def log_request(handler: RequestHandler) -> None:
    """One line for an answered request."""
    status = handler.get_status()
    level = logging.INFO if status < 400 else logging.WARNING if status < 500 else logging.ERROR
    milliseconds = 1000.0 * handler.request.request_time()
    logging.getLogger("access").log(
        level, "%d %s %s %.1f ms", status, handler.request.method, place_of(handler), milliseconds
    )
