"""Paper: the annex of a letter of duty, a sheet for each team."""

from __future__ import annotations

from typing import Any

from campaigns.crew_list import Crew, CrewDay, CrewListPage, lines_for
from campaigns.paper import breakable
from campaigns.paper_words import (
    clock_in_words,
    common_labels,
    date_in_words,
    figure,
    frame,
    kits_in_words,
    short_date_in_words,
)
from campaigns.press import typeset
from common.i18n import translator


def print_crew_list(page: CrewListPage, lang: str = "id") -> bytes:
    """The annex as PDF: A4 upright, each team on its own sheet, places to sign."""
    return typeset("crew_list.typ", _crew_list(page, lang), page.printed)


def _crew_list(page: CrewListPage, lang: str) -> dict[str, Any]:
    _ = translator(lang).gettext
    title = _("Annex to the letter of duty")
    span = date_in_words(page.first, lang)
    if page.last != page.first:
        span = f"{short_date_in_words(page.first, lang)} – {short_date_in_words(page.last, lang)}"
    return {
        **frame(page.letterhead, page.printed, lang),
        "title": f"{title} – {span}",
        "title_on_page": title,
        "warning": "",
        "labels": {
            **common_labels(_),
            "number": _("Number: …………………………"),
            "team": _("Team"),
            "kits": _("Recording kits"),
            "devices": _("Registered devices"),
            "officers": _("Officers"),
            "visits": _("Visits"),
            "nobody": _("No team goes out on these dates."),
            "for_office": _("For the office"),
        },
        "span": span,
        "officer_columns": [_("No."), _("Name"), _("NIP"), _("Signature")],
        "visit_columns": [_("Day and date"), _("Time"), _("School · place"), _("District"), _("Students")],
        "crews": [_crew(crew, lang) for crew in page.crews],
    }


def _crew(crew: Crew, lang: str) -> dict[str, Any]:
    blanks = ("",) * (lines_for(crew) - len(crew.officers))
    return {
        "name": breakable(crew.name),
        "kits": kits_in_words(crew.kits, lang),
        "devices": " · ".join(map(breakable, crew.devices)) or "…………………………",
        "officers": [breakable(name) for name in (*crew.officers, *blanks)],
        "visits": [_visit(day, lang) for day in crew.days],
    }


def _visit(day: CrewDay, lang: str) -> list[str]:
    return [
        date_in_words(day.date, lang),
        f"{clock_in_words(day.starts, lang)}–{clock_in_words(day.ends, lang)}",
        breakable(day.place),
        day.district,
        figure(day.students, lang),
    ]
