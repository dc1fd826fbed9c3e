"""The press: a template and its data -> a PDF. The only place that knows the typesetter."""

from __future__ import annotations

import json
import threading
from functools import cache
from pathlib import Path
from typing import Any

import font_source_sans_pro
import typst

from campaigns.paper import Printed, plain

_TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "print"


@cache
def _fonts() -> typst.Fonts:
    # The machine's own fonts stay out: the same list looks the same on every machine.
    return typst.Fonts(include_system_fonts=False, font_paths=[font_source_sans_pro.font_directory])


class _Press(threading.local):
    """A warm compiler for each thread: one compiler refuses two threads at once, and it releases the GIL."""

    def __init__(self) -> None:
        self.compiler = typst.Compiler(root=str(_TEMPLATES), font_paths=_fonts(), ignore_system_fonts=True)


_press = _Press()


def typeset(template: str, data: dict[str, Any], printed: Printed) -> bytes:
    """The page as PDF: `template` of templates/print filled with its data. Slow: call it in a worker thread."""
    made = _press.compiler.compile(
        input=str(_TEMPLATES / template),
        format="pdf",
        sys_inputs={"page": json.dumps(_all_plain(data), ensure_ascii=False)},
        timestamp=int(printed.at.timestamp()),
        # Tags are for reading on a screen; a list is read on paper, and they make the file 15 times as large.
        pdf_tags=False,
    )
    assert isinstance(made, bytes)
    return made


def let_go(rounds: int) -> None:
    """What was typeset until now is older by so many rounds: typst keeps it for ten, whatever memory it takes."""
    for _ in range(rounds):
        _press.compiler.compile(input=b"", format="pdf", sys_inputs={}, pdf_tags=False)


def _all_plain(value: Any) -> Any:
    """The page's data with every text in it made plain."""
    match value:
        case str():
            return plain(value)
        case dict():
            return {key: _all_plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_all_plain(item) for item in value]
        case _:
            return value
