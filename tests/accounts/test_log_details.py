"""What the log tells besides the act is taken apart, so that no code is shown to anybody."""

from __future__ import annotations

import ast
import re
from datetime import date
from pathlib import Path

from accounts.details import Part, parts_of
from common import page

ROOT = Path(__file__).resolve().parents[2]


def words(detail: str, language: str = "id") -> str:
    template = page.environment(language).from_string(
        "{% from 'accounts/details.html' import detail_words %}{{ detail_words(parts) }}"
    )
    return " ".join(template.render(parts=parts_of(detail)).split())


def test_counts_are_taken_apart_and_those_of_nothing_left_out() -> None:
    assert parts_of("days=9 left_out=0") == (Part("days", "9"),)
    assert words("days=9 left_out=1215") == "Hari: 9; Tanpa hari: 1.215"


def test_where_rows_stand_in_their_table_is_told_to_nobody() -> None:
    assert parts_of("new=2 created_from=2465 created_to=2466") == (Part("new", "2"),)


def test_what_a_person_typed_stays_as_it_is() -> None:
    assert parts_of("Salah tekan, hari belum selesai") == (Part(value="Salah tekan, hari belum selesai"),)
    assert words("<b>") == "&lt;b&gt;"
    assert parts_of("") == ()


def test_dates_and_codes_are_said_in_words() -> None:
    assert parts_of("2026-12-07") == (Part(first=date(2026, 12, 7), last=date(2026, 12, 7)),)
    assert words("2026-12-07..2026-12-11 level") == "7 Des 2026 – 11 Des 2026; Menurut jenjang"
    assert words("2026-12-07 -> 2026-12-09 team=2", "en") == "7 Dec 2026 → 9 Dec 2026; Team number: 2"
    assert words("school_admin") == "Operator sekolah"


def test_every_figure_that_actions_write_has_its_word() -> None:
    """The names before "=" in the texts given to note_change, wherever they are written out."""
    named = set(re.findall(r"'([a-z_]+)': _\(", (ROOT / "templates/accounts/details.html").read_text()))
    written: set[str] = set()
    for package in ("accounts", "schools", "campaigns", "imports", "home"):
        for path in (ROOT / package).rglob("*actions.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                text = node.value if isinstance(node, ast.Constant) else None
                if isinstance(text, str) and re.fullmatch(r" ?[a-z_]+=", text):
                    written.add(text.strip(" ="))
    assert len(written) > 15
    assert written - named - {"paper"} == set()


def test_recordings_that_went_through_are_no_residents() -> None:
    assert words("students=3 outcome=recorded", "en") == "Students: 3; Outcome: Recorded"
    assert words("students=3 outcome=failed", "en") == "Students: 3; Outcome: Failed"
