"""Sentences in one language, for who puts them together outside of a template."""

from __future__ import annotations

from typing import Any

from common import i18n, page


class Words:
    """The messages of the catalogs in `language`."""

    def __init__(self, language: str) -> None:
        self.language = language

    def _(self, message: str, **values: Any) -> str:
        """`message` in this language, with `%(name)s` filled in."""
        text = i18n.translator(self.language).gettext(message)
        return text % values if values else text

    def ngettext(self, one: str, many: str, num: int, **values: Any) -> str:
        """`one` or `many` in this language; `%(num)s` is the number."""
        shown = page.number(num, self.language)
        return i18n.translator(self.language).ngettext(one, many, num) % {"num": shown, **values}


OFFICIAL = Words(i18n.OFFICIAL_LANGUAGE)
"""What the office writes to schools and to people, whatever language the screen has."""
