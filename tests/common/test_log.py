"""The log says what happened and where, and nothing of anybody."""

from __future__ import annotations

import logging
import sys

from common.log import QuietFormatter


def written_of(error: BaseException) -> str:
    """What the log writes of an exception."""
    record = logging.LogRecord(
        "handler", logging.ERROR, "", 0, "POST /x", None, (type(error), error, error.__traceback__)
    )
    return QuietFormatter("%(message)s").format(record)


def test_an_exceptions_text_is_never_written_for_it_may_quote_a_student() -> None:
    nik, name = "3311041003099500", "Ayu Lestari"
    try:
        try:
            raise ValueError(f"Key (office_id, nik)=(1, {nik}) already exists")
        except ValueError as cause:
            raise RuntimeError(f"Failing row contains ({name}, 2009-03-10)") from cause
    except RuntimeError as error:
        text = written_of(error)
    assert nik not in text
    assert name not in text
    assert "ValueError" in text
    assert "RuntimeError" in text
    assert "test_log.py" in text
    assert sys.exc_info() == (None, None, None)
