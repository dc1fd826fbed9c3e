"""The words that every paper has: dates, hours, numbers, letterhead, who printed it, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_time
from babel.numbers import format_decimal, format_percent

from campaigns.paper import Letterhead, Printed
from common.i18n import translator

_ROOT = Path(__file__).resolve().parent.parent
_LOCALES = {"id": "id", "en": "en_GB"}


def date_in_words(day: date, lang: str) -> str:
    """`Rabu, 12 Agustus 2026`, or `Wednesday, 12 August 2026`."""
    return format_date(day, "EEEE, d MMMM yyyy", locale=_LOCALES.get(lang, "id"))


def short_date_in_words(day: date, lang: str) -> str:
    """`12 Agustus 2026`: without the weekday."""
    return format_date(day, "d MMMM yyyy", locale=_LOCALES.get(lang, "id"))


def frame(letterhead: Letterhead, printed: Printed, lang: str) -> dict[str, Any]:
    """What every page's template is given: language, letterhead, who printed it and when."""
    _ = translator(lang).gettext
    return {
        "lang": lang,
        "emblem": _emblem(),
        "letterhead": {
            "government": letterhead.government,
            "office": letterhead.office,
            "address": letterhead.address,
            "contact": letterhead.contact,
        },
        "printed": _("Printed by %(name)s, %(moment)s")
        % {"name": printed.by, "moment": moment_in_words(printed, lang)},
    }


def moment_in_words(printed: Printed, lang: str) -> str:
    """`12 Agustus 2026, 08.00 WIB`: when it was printed."""
    moment = f"{short_date_in_words(printed.at, lang)}, {clock_in_words(printed.at.time(), lang)}"
    return f"{moment} {printed.at.tzname() or ''}".strip()


def common_labels(_: Callable[[str], str]) -> dict[str, str]:
    """The labels that every template asks for: page x of y, and what stands under a place to sign."""
    return {"page": _("Page {page} of {pages}"), "name_and_number": _("Name and NIP")}


def students_in_words(count: int, lang: str) -> str:
    """`36 siswa`."""
    text: str = translator(lang).ngettext("%(count)s student", "%(count)s students", count)
    return text % {"count": figure(count, lang)}


def schools_in_words(count: int, lang: str) -> str:
    """`3 sekolah`."""
    text: str = translator(lang).ngettext("%(num)s school", "%(num)s schools", count)
    return text % {"num": figure(count, lang)}


def kits_in_words(count: int, lang: str) -> str:
    """`2 alat`."""
    text: str = translator(lang).ngettext("%(count)s kit", "%(count)s kits", count)
    return text % {"count": figure(count, lang)}


def figure(number: int, lang: str) -> str:
    """`1.250`."""
    return format_decimal(number, locale=_LOCALES.get(lang, "id"))


def share(part: int, whole: int, lang: str) -> str:
    """`83,4%`; of nothing a dash. Never rounded up to 100 % while something is left, as on the pages."""
    if not whole:
        return "–"
    said = part / whole
    if part < whole and round(said, 3) >= 1:
        said = 0.999
    return format_percent(said, "#,##0.#%", locale=_LOCALES.get(lang, "id"))


def day_and_month(day: date, lang: str) -> str:
    """`12 Agu`: where the year is plain."""
    return format_date(day, "d MMM", locale=_LOCALES.get(lang, "id"))


def month_in_words(day: date | int, lang: str) -> str:
    """`Agu`, for the axis of a chart."""
    assert isinstance(day, date)
    return format_date(day, "MMM", locale=_LOCALES.get(lang, "id"))


@cache
def clock_in_words(moment: time, lang: str) -> str:
    """`08.30`, or `08:30`."""
    return format_time(moment, "HH.mm" if lang == "id" else "HH:mm", locale=_LOCALES.get(lang, "id"))


@cache
def _emblem() -> str:
    return (_ROOT / "static" / "img" / "emblem.svg").read_text(encoding="utf-8")
