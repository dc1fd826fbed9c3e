"""Paper: the official minutes of a recording day. Another page beside those of `campaigns.printing`."""

from __future__ import annotations

from typing import Any

from campaigns.paper import MinutesPage, MinutesRow, breakable
from campaigns.paper_words import date_in_words, frame
from campaigns.press import typeset
from common.i18n import translator


def print_minutes(page: MinutesPage, lang: str = "id") -> bytes:
    """The minutes as PDF: A4 upright, one page in the ordinary case, three places to sign."""
    return typeset("minutes.typ", _minutes(page, lang), page.printed)


def _minutes(page: MinutesPage, lang: str) -> dict[str, Any]:
    _ = translator(lang).gettext
    words = {
        "recorded": _("Recorded"),
        "waiting": _("Waiting for the data centre"),
        "failed": _("Failed"),
        "absent": _("Absent"),
        "refused": _("Refused"),
        "already_recorded": _("Has an ID card"),
        "not_ours": _("Not ours"),
    }
    title = _("Minutes of the KTP-el recording")
    opening = _(
        "On %(date)s, at %(place)s, %(team)s of the %(office)s with %(kits)s recording kits recorded students"
        " for the KTP-el. What came of it:"
    )
    return {
        **frame(page.letterhead, page.printed, lang),
        "title": f"{title} – {page.school.name} – {date_in_words(page.date, lang)}",
        "title_on_page": title,
        "warning": "",
        "labels": {
            "page": _("Page {page} of {pages}"),
            "name_and_number": _("Name and NIP"),
            "number": _("Number: …………………………"),
        },
        "running": f"{page.school.name}, {date_in_words(page.date, lang)}",
        "opening": opening
        % {
            "date": date_in_words(page.date, lang),
            "place": page.venue or page.school.name,
            "team": page.team,
            "office": page.letterhead.office,
            "kits": page.kits,
        },
        "columns": [_("Class"), _("Planned"), *(words[outcome] for outcome in page.outcomes)],
        "rows": [_row(row, row.class_name or "–") for row in page.rows],
        "sums": [
            _row(page.men, _("male")),
            _row(page.women, _("female")),
            _row(page.total, _("In all")),
        ],
        "closing": _(
            "Students who failed, were absent or refused are due a retake; the office tells the school when."
            " These minutes were made and signed as they are."
        ),
        "signatures": [_("Recording officer"), _("For the school"), _("For the office")],
    }


def _row(row: MinutesRow, name: str) -> list[str]:
    return [breakable(name), str(row.planned), *(str(count) for count in row.counts)]
