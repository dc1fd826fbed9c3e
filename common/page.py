"""Templates: the one Jinja environment per language, and how dates and numbers are written in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, time
from functools import cache, lru_cache
from pathlib import Path
from types import FunctionType
from typing import Any, Literal

from babel import Locale
from babel.dates import format_date, format_datetime, format_time, get_day_names
from babel.numbers import format_decimal, format_percent
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from jinja2.runtime import Context, Macro
from markupsafe import Markup

from common import clock
from common.compiled import CompiledTemplates
from common.i18n import LANGUAGES, translator

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
ZONE_NAMES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
_LOCALES = {"id": "id_ID", "en": "en_GB"}
# tables write the same dates and figures again and again, and Babel takes its time
_kept = lru_cache(maxsize=4096)
_compiled = CompiledTemplates(TEMPLATES / "__pycache__", Path(__file__).read_text(encoding="utf-8"))


@_kept
def long_date(value: date, language: str) -> str:
    """ "Rabu, 12 Agustus 2026"."""
    return format_date(_no_moment(value), "EEEE, d MMMM y", locale=_LOCALES[language])


@_kept
def short_date(value: date, language: str) -> str:
    """ "12 Agu 2026"."""
    return format_date(_no_moment(value), "d MMM y", locale=_LOCALES[language])


@_kept
def month_name(value: date, language: str) -> str:
    """ "Agu", for the axis of a chart."""
    return format_date(_no_moment(value), "MMM", locale=_LOCALES[language])


@_kept
def day_month(value: date, language: str) -> str:
    """ "12 Agu", where the year is plain."""
    return format_date(_no_moment(value), "d MMM", locale=_LOCALES[language])


def _no_moment(value: date) -> date:
    """A moment is stored in UTC: it has no date before somebody says on whose clock. Raises TypeError."""
    if isinstance(value, datetime):
        raise TypeError("a moment has no date without a time zone: use the filter moment")
    return value


@_kept
def clock_time(value: time | datetime | str, language: str) -> str:
    """ "08.30" in Indonesian, "08:30" in English; a text is read as HH:MM."""
    if isinstance(value, str):
        value = time.fromisoformat(value)
    return format_time(value, "HH.mm" if language == "id" else "HH:mm", locale=_LOCALES[language])


@_kept
def moment(value: datetime, language: str, zone: str) -> str:
    """ "12 Agu 2026 08.30 WIB": a stored moment (naive UTC) on the office's wall clock."""
    here = clock.local(value, zone)
    pattern = "d MMM y HH.mm" if language == "id" else "d MMM y HH:mm"
    return f"{format_datetime(here, pattern, locale=_LOCALES[language])} {ZONE_NAMES.get(zone, '')}".strip()


@_kept
def number(value: float, language: str) -> str:
    """ "1.250" in Indonesian, "1,250" in English; at most one decimal."""
    return format_decimal(value, "#,##0.#", locale=_LOCALES[language])


@_kept
def percent(part: float, whole: float, language: str) -> str:
    """ "83,4%"; of nothing it is a dash. Never rounded up to 100 % while something is left."""
    if not whole:
        return "–"
    share = part / whole
    if part < whole and round(share, 3) >= 1:
        share = 0.999
    return format_percent(share, "#,##0.#%", locale=_LOCALES[language])


def weekday_names(language: str, width: Literal["wide", "abbreviated"] = "wide") -> dict[int, str]:
    """ISO weekday (1 Monday .. 7 Sunday) -> its name."""
    return {
        day + 1: name for day, name in get_day_names(width, locale=Locale.parse(_LOCALES[language])).items()
    }


def _gettext(language: str) -> Callable[..., Markup]:
    """`_` of the templates: the message in this language, with what is given escaped and put in its places."""

    @_kept
    def pattern(message: str) -> Markup:
        return Markup(translator(language).gettext(message))

    @_kept
    def plain(message: str) -> Markup:
        # a pattern even so: "100 %%" is the same whether something is given or not
        return pattern(message) % {}

    def gettext(message: str, **values: object) -> Markup:
        return pattern(message) % values if values else plain(message)

    return gettext


def _ngettext(language: str) -> Callable[..., Markup]:
    """`ngettext` of the templates; "%(num)s" is written as the language groups its digits."""

    @_kept
    def pattern(one: str, many: str, num: int) -> Markup:
        return Markup(translator(language).ngettext(one, many, num))

    @_kept
    def counted(one: str, many: str, num: int) -> Markup:
        return pattern(one, many, num) % {"num": number(num, language)}

    def ngettext(one: str, many: str, num: int, **values: object) -> Markup:
        if not values:
            return counted(one, many, num)
        return pattern(one, many, num) % {"num": number(num, language), **values}

    return ngettext


class _Words:
    """A macro of a words.html. What it says follows from what it is given alone, and a long table says it again and
    again: said of plain texts and numbers, it is kept."""

    __slots__ = ("_kept", "_macro")
    MOST = 1024
    # no Markup, which is equal to a text that is escaped; no yes or no, which is equal to a number
    PLAIN = frozenset((str, int, type(None)))

    def __init__(self, macro: Macro) -> None:
        self._macro = macro
        self._kept: dict[tuple[object, ...], str] = {}

    def __call__(self, *args: Any, **given: Any) -> str:
        """The words."""
        if given or not self.PLAIN.issuperset(map(type, args)):
            return self._macro(*args, **given)
        words = self._kept.get(args)
        if words is None:
            if len(self._kept) == self.MOST:
                self._kept.clear()
            words = self._kept[args] = self._macro(*args)
        return words


class _Template(Template):
    """A template that knows the words of the house."""

    def make_module(self, *args: Any, **given: Any) -> Any:
        """The macros, for who imports them."""
        module = super().make_module(*args, **given)
        if self.name and self.name.endswith("words.html"):
            vars(module).update(
                {name: _Words(macro) for name, macro in vars(module).items() if type(macro) is Macro}
            )
        return module


class _Context(Context):
    """Calls macros and plain functions at once. Jinja finds out each time what is to be called and what it wants to be
    given, and a page with a long table makes thousands of calls."""

    def call(self, called: Any, /, *args: Any, **given: Any) -> Any:
        """What `called` answers."""
        plain = getattr(called, "__func__", called)
        if type(called) in (Macro, _Words) or (type(plain) is FunctionType and not plain.__dict__):
            given.pop("_block_vars", None)
            given.pop("_loop_vars", None)
            return called(*args, **given)
        return super().call(called, *args, **given)


@cache
def environment(language: str) -> Environment:
    """The templates as read in `language`: autoescaped, strict about names, with the filters of that language."""
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.loopcontrols", "jinja2.ext.do"],
        cache_size=-1,
        bytecode_cache=_compiled,
    )
    env.context_class, env.template_class = _Context, _Template
    env.install_gettext_translations(translator(language), newstyle=True)  # type: ignore[attr-defined]
    env.policies["ext.i18n.trimmed"] = True
    # what Jinja puts there says the same in three times the time, and half of a page's time went into its words
    env.globals["_"] = env.globals["gettext"] = _gettext(language)
    env.globals["ngettext"] = _ngettext(language)

    def in_language(write: Callable[..., str]) -> Callable[..., str]:
        return lambda *args: write(*args, language)

    env.filters["date"] = in_language(long_date)
    env.filters["day"] = in_language(short_date)
    env.filters["month"] = in_language(month_name)
    env.filters["day_month"] = in_language(day_month)
    env.filters["time"] = in_language(clock_time)
    env.filters["number"] = in_language(number)
    env.filters["moment"] = lambda value, zone: moment(value, language, zone)
    env.filters["json_text"] = lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    env.globals["percent"] = in_language(percent)
    env.globals["weekday_names"] = weekday_names(language)
    env.globals["weekday_names_short"] = weekday_names(language, "abbreviated")
    return env


def render(template: str, language: str, context: dict[str, Any]) -> str:
    """The page `template` in `language`."""
    return environment(language).get_template(template).render(context)


def compile_all() -> None:
    """Compile every template in every language, so that nobody's first page waits for it."""
    for language, _ in LANGUAGES:
        env = environment(language)
        for name in env.list_templates(extensions=["html"]):
            env.get_template(name)
