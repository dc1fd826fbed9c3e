"""What axe finds on a page in a real browser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import axe_playwright_python

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


# axe looks at each row for half a millisecond and more; rows of one table are made by one macro
SHORTEN = """(rows) => document.querySelectorAll('tbody, ol, ul').forEach((list) =>
  [...list.children].slice(rows).forEach((one) => one.remove()))"""


def faults_on(page: Page, rows: int | None = None) -> list[str]:
    """What axe finds on the page as it is, in a line each; of long lists only the first so many rows, where given."""
    if rows is not None:
        page.evaluate(SHORTEN, rows)
    page.evaluate(AXE)
    found = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
    return [
        f"{page.url}: {one['id']}: {one['help']}: {json.dumps([node['html'][:160] for node in one['nodes'][:3]])}"
        for one in found
    ]
