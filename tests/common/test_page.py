"""Dates and numbers as each language writes them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from jinja2 import FileSystemLoader
from markupsafe import Markup

from common import page
from common.clock import fixed_at, today


def test_dates_are_written_in_words_with_the_weekday() -> None:
    assert page.long_date(date(2026, 8, 12), "id") == "Rabu, 12 Agustus 2026"
    assert page.long_date(date(2026, 8, 12), "en") == "Wednesday, 12 August 2026"


def test_numbers_and_shares_follow_the_language() -> None:
    assert page.number(1250, "id") == "1.250"
    assert page.number(1250, "en") == "1,250"
    assert page.percent(834, 1000, "id") == "83,4%"
    assert page.percent(0, 0, "id") == "–"


def test_a_share_is_never_rounded_up_to_everything() -> None:
    assert page.percent(19_999, 20_000, "id") == "99,9%"
    assert page.percent(20_000, 20_000, "id") == "100%"


def test_moments_are_shown_on_the_offices_clock() -> None:
    assert page.moment(datetime(2026, 8, 12, 1, 30), "id", "Asia/Jakarta") == "12 Agu 2026 08.30 WIB"
    assert page.moment(datetime(2026, 8, 12, 1, 30), "id", "Asia/Jayapura") == "12 Agu 2026 10.30 WIT"


@pytest.mark.parametrize("words", [page.long_date, page.short_date, page.day_month, page.month_name])
def test_a_stored_moment_is_never_written_as_the_date_of_utc(words: Callable[[date, str], str]) -> None:
    assert words(date(2026, 8, 12), "id")
    with pytest.raises(TypeError):
        words(datetime(2026, 8, 11, 22, 30), "id")


def test_today_is_the_offices_date() -> None:
    with fixed_at(datetime(2026, 8, 12, 18, 0)):  # 01.00 the next day in Jakarta
        assert today() == date(2026, 8, 13)


def test_words_said_before_are_kept_and_no_two_things_are_taken_for_each_other(tmp_path: Path) -> None:
    (tmp_path / "words.html").write_text("{% macro say(a, b='') -%}<{{ a }}{{ b }}>{%- endmacro %}", "utf-8")
    (tmp_path / "page.html").write_text("{% import 'words.html' as w %}{{ w.say(what) }}", "utf-8")
    env = page.environment("en").overlay(loader=FileSystemLoader(tmp_path), bytecode_cache=None)
    shown = env.get_template("page.html")

    def say(what: object) -> str:
        return shown.render({"what": what})

    for _ in range(2):  # said anew, then kept
        assert say("<b>") == "<&lt;b&gt;>"
        assert say(Markup("<b>")) == "<<b>>"
        assert say(1) == "<1>"
        assert say(True) == "<True>"
        assert say(1.0) == "<1.0>"
        assert say(["x"]) == "<[&#39;x&#39;]>"
    for n in range(3000):
        assert say(n) == f"<{n}>"


def test_counted_words_group_their_digits_and_escape_what_is_given() -> None:
    env = page.environment("id")
    counted = env.from_string("{{ ngettext('%(num)s school', '%(num)s schools', n) }}")
    assert counted.render({"n": 1250}) == "1.250 sekolah"
    named = env.from_string("{{ ngettext('%(num)s <b>%(who)s</b>', '%(num)s <b>%(who)s</b>', n, who=who) }}")
    assert named.render({"n": 2000, "who": "<i>"}) == "2.000 <b>&lt;i&gt;</b>"
