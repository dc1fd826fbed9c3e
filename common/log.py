"""Logging: times, paths and counts. No names, no NIK, no birth dates, no query strings."""

from __future__ import annotations

import logging

from tornado.web import RequestHandler


def set_up_logging() -> None:
    """Log to standard error, one line an event."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("tornado.access").setLevel(logging.WARNING)


def log_request(handler: RequestHandler) -> None:
    """Tornado's access log without the query: what was searched for is nobody's business."""
    status = handler.get_status()
    level = logging.INFO if status < 400 else logging.WARNING if status < 500 else logging.ERROR
    milliseconds = 1000.0 * handler.request.request_time()
    logging.getLogger("access").log(
        level, "%d %s %s %.1f ms", status, handler.request.method, handler.request.path, milliseconds
    )
