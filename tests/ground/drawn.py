"""What a handler gives every template, for drawing one without a server."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

from common import i18n

SARI = SimpleNamespace(
    name="Sari", role="coordinator", office_name="Disdukcapil Kabupaten Sukoharjo", school_id=None
)


def context(**changes: Any) -> dict[str, Any]:
    """What a handler always gives, as Sari sees it."""
    return {
        "language": "id",
        "languages": i18n.LANGUAGES,
        "who": SARI,
        "campaign": SimpleNamespace(id=7, name="Pemula 2026"),
        "nav": [SimpleNamespace(label="Sekolah", url="/schools", current=True)],
        "notices": [SimpleNamespace(kind="done", text="Jadwal disimpan.", link="")],
        "csp_nonce": "",
        "demo": True,
        "here": "/schools?page=2",
        "url": lambda name, *args, **query: "/" + "/".join([name, *map(str, args)]),
        "static": lambda path: f"/static/{path}",
        "today": date(2026, 8, 12),
        "zone": "Asia/Jakarta",
        **changes,
    }
