"""Paper: the slips that call students to their retake, several to a sheet with lines to cut along."""

from __future__ import annotations

from typing import Any

from campaigns.paper import breakable
from campaigns.paper_words import clock_in_words, common_labels, date_in_words, frame
from campaigns.press import typeset
from campaigns.summons import Slip, SlipsPage
from common.i18n import translator

_LINE = "……………………………………"
_SHORT_LINE = "…………"


def print_slips(page: SlipsPage, lang: str = "id") -> bytes:
    """A school's slips as PDF: eight to a sheet of A4, no NIK, no birth date."""
    return typeset("slips.typ", _slips(page, lang), page.printed)


def _slips(page: SlipsPage, lang: str) -> dict[str, Any]:
    _ = translator(lang).gettext
    title = _("Summons to the KTP-el retake")
    return {
        **frame(page.letterhead, page.printed, lang),
        "title": f"{title} – {page.school.name}",
        "title_on_slip": title,
        "warning": "",
        "labels": {
            **common_labels(_),
            "cut": _("Cut along the dashed lines and give each student the own slip."),
            "class": _("Class"),
            "when": _("Day"),
            "time": _("Time"),
            "place": _("Place"),
            "number": _("Queue number"),
            "nobody": _("No student of this school is called to a retake."),
        },
        "school": breakable(page.school.name),
        "bring": _("Bring this slip and a copy of the family card (KK)."),
        "contact": _("Questions: %(phone)s") % {"phone": page.letterhead.contact}
        if page.letterhead.contact
        else "",
        "slips": [_slip(slip, lang) for slip in page.slips],
    }


def _slip(slip: Slip, lang: str) -> dict[str, Any]:
    _ = translator(lang).gettext
    return {
        "name": breakable(slip.name),
        "dated": slip.date is not None,
        "class": breakable(slip.class_name) or "–",
        "when": date_in_words(slip.date, lang) if slip.date else _LINE,
        "time": clock_in_words(slip.starts, lang) if slip.starts else _SHORT_LINE,
        "number": str(slip.number) if slip.number else _SHORT_LINE,
        "place": breakable(slip.place) or (_("At home") if slip.date else _LINE),
    }
