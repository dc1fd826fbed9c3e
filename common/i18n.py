"""The catalogs: plain English message -> the reader's language. Indonesian first, English second.

Catalogs are per package (`locale/<language>/<package>.po`) and read at start; nothing is compiled.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

LANGUAGES: tuple[tuple[str, str], ...] = (("id", "Bahasa Indonesia"), ("en", "English"))
DEFAULT_LANGUAGE = "id"
OFFICIAL_LANGUAGE = "id"
"""Of letters and messages of the office: an authority writes in Indonesian (Law 24/2009, articles 27 and 30)."""

_LOCALE = Path(__file__).resolve().parent.parent / "locale"


def N_(message: str) -> str:  # noqa: N802 - the name that gettext tools look for
    """Name a message for the catalogs without translating it yet."""
    return message


@cache
def translator(language: str) -> NullTranslations:
    """The messages of all packages in `language`; an unknown language is answered in Indonesian."""
    if language not in dict(LANGUAGES):
        language = DEFAULT_LANGUAGE
    merged: Translations | None = None
    for path in sorted((_LOCALE / language).glob("*.po")):
        with path.open("rb") as file:
            catalog = read_po(file, locale=language)
        compiled = BytesIO()
        write_mo(compiled, catalog)
        compiled.seek(0)
        translations = Translations(compiled)
        merged = translations if merged is None else merged.merge(translations)
    return merged or NullTranslations()
