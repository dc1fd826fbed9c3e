"""The catalogs are whole, and the tool that says so notices what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import catalogs

ROOT = Path(__file__).resolve().parent.parent


def test_every_message_is_in_both_languages() -> None:
    assert catalogs.problems() == []


# words that lost against another for the same thing (docs/glossary.md): the one that stands, and those left
LEFT_WORDS = {
    "Menunggu sekolah": ("diusulkan ke sekolah",),
    "Sudah dijadwalkan, belum dijadwalkan": ("sudah mendapat jadwal", "belum terjadwal"),
    "rekam susulan": ("perekaman susulan",),
    "perlu dilihat (of marks)": ("tanda yang perlu ditinjau",),
    "setujui (a day)": ("pastikan harinya", "belum dipastikan sekolah"),
    "Beranda": ("halaman awal",),
    "12 karakter, tidak berkaitan": ("12 huruf", "tidak berhubungan"),
    "School operator": ("school admin",),
    "Home": ("the first page",),
}


@pytest.mark.parametrize("word", LEFT_WORDS)
def test_one_thing_has_one_word_in_catalogs_and_guide(word: str) -> None:
    shown = [*ROOT.glob("locale/*/*.po"), *ROOT.glob("docs/guide/**/*.md")]
    for path in shown:
        text = " ".join(path.read_text(encoding="utf-8").replace('"\n"', "").split()).lower()
        for left in LEFT_WORDS[word]:
            assert left not in text, f"{path.name}: {left}; say {word}"


def test_messages_are_extracted_as_the_pages_look_them_up() -> None:
    page = pytest.importorskip("common.page")
    environment = page.environment("id")
    assert catalogs.JINJA_OPTIONS["trimmed"] == str(environment.policies["ext.i18n.trimmed"]).lower()
    assert catalogs.JINJA_OPTIONS["trim_blocks"] == str(environment.trim_blocks).lower()
    assert catalogs.JINJA_OPTIONS["lstrip_blocks"] == str(environment.lstrip_blocks).lower()


TEMPLATE = """
<h1>{{ _("Schools") }}</h1>
<p>{% trans count=students|length %}%(count)s student{% pluralize %}%(count)s students{% endtrans %}</p>
<p>{% trans %}
   Two lines,
   one message
{% endtrans %}</p>
"""
MODULE = 'def f(_, npsn):\n    return _("No school %(npsn)s") % {"npsn": npsn}\n'
INDONESIAN = """msgid,indonesian
Schools,Sekolah
%(count)s student,%(count)s siswa
"Two lines, one message","Dua baris, satu pesan"
No school %(npsn)s,Tidak ada sekolah %(npsn)s
"""


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A small tree whose catalogs are sound."""
    (tmp_path / "schools").mkdir()
    (tmp_path / "schools/handlers.py").write_text(MODULE)
    (tmp_path / "templates/schools").mkdir(parents=True)
    (tmp_path / "templates/schools/list.html").write_text(TEMPLATE.replace("%(count)s", "{{ count }}"))
    given = tmp_path / "schools.csv"
    given.write_text(INDONESIAN)
    assert catalogs.add(given, "schools", tmp_path) == []
    assert catalogs.problems(tmp_path) == []
    return tmp_path


def _change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_english_is_the_message_itself(house: Path) -> None:
    english = catalogs.catalog_path("en", "schools", house).read_text()
    assert 'msgid "Two lines, one message"\nmsgstr "Two lines, one message"' in english
    assert 'msgstr[0] "%(count)s student"\nmsgstr[1] "%(count)s students"' in english
    indonesian = catalogs.catalog_path("id", "schools", house).read_text()
    assert 'msgid_plural "%(count)s students"\nmsgstr[0] "%(count)s siswa"\n' in indonesian
    assert "msgstr[1]" not in indonesian


def test_a_catalog_has_neither_dates_nor_line_numbers_and_is_in_order(house: Path) -> None:
    text = catalogs.catalog_path("id", "schools", house).read_text()
    assert "Date" not in text
    assert "#: templates/schools/list.html\n" in text
    messages = [line for line in text.splitlines() if line.startswith("msgid ")]
    assert messages == sorted(messages)


def test_updating_again_changes_nothing(house: Path) -> None:
    before = {path: path.read_bytes() for path in (house / "locale").rglob("*.po")}
    assert catalogs.update(house) == []
    assert {path: path.read_bytes() for path in (house / "locale").rglob("*.po")} == before


def test_a_message_that_nothing_uses_is_dropped_and_said(house: Path) -> None:
    (house / "schools/handlers.py").unlink()
    assert catalogs.update(house) == ["id/schools: no longer used, dropped: 'No school %(npsn)s'"]
    assert "No school" not in catalogs.catalog_path("id", "schools", house).read_text()


def test_a_translation_is_borrowed_from_another_package(house: Path) -> None:
    (house / "templates/home").mkdir()
    (house / "templates/home/start.html").write_text('{{ _("Schools") }}')
    assert catalogs.update(house) == []
    assert 'msgstr "Sekolah"' in catalogs.catalog_path("id", "home", house).read_text()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('msgstr "Sekolah"', 'msgstr ""', "'Schools': not translated"),
        ('msgid "Schools"', '#, fuzzy\nmsgid "Schools"', "'Schools': marked fuzzy"),
        ('msgstr "Sekolah"', 'msgstr "Schools"', "'Schools': the same as the English"),
        ('sekolah %(npsn)s"', 'sekolah %(kode)s"', "placeholders differ, the message has npsn"),
        ('[0] "%(count)s siswa"', '[0] "siswa"', "placeholders differ, the message has count"),
        ('msgstr "Sekolah"', 'msgstr "100% sekolah"', "a % that is neither"),
        ("Sekolah", "Sekolah\\n", "out of date"),
    ],
)
def test_a_catalog_that_is_wrong_is_found(house: Path, old: str, new: str, told: str) -> None:
    if told == "out of date":
        (house / "templates/schools/new.html").write_text('{{ _("Districts") }}')
    else:
        _change(catalogs.catalog_path("id", "schools", house), old, new)
    assert any(told in problem for problem in catalogs.problems(house)), catalogs.problems(house)


def test_a_form_too_many_is_found_and_mended(house: Path) -> None:
    path = catalogs.catalog_path("id", "schools", house)
    _change(path, '[0] "%(count)s siswa"', '[0] "%(count)s siswa"\nmsgstr[1] "%(count)s siswa-siswa"')
    assert any("more translations" in told for told in catalogs.problems(house))
    assert catalogs.update(house) == []
    assert catalogs.problems(house) == []


def test_one_message_has_one_translation_in_all_packages(house: Path) -> None:
    (house / "templates/home").mkdir()
    (house / "templates/home/start.html").write_text('{{ _("Schools") }}')
    catalogs.update(house)
    _change(catalogs.catalog_path("id", "home", house), '"Sekolah"', '"Sekolahan"')
    assert catalogs.problems(house) == ["id/home: 'Schools': 'Sekolahan' here, 'Sekolah' in schools"]


def test_a_word_that_is_the_same_in_both_languages_is_listed(house: Path) -> None:
    (house / "locale/same.txt").write_text("# Names.\nSchools\n")
    _change(catalogs.catalog_path("id", "schools", house), '"Sekolah"', '"Schools"')
    assert catalogs.problems(house) == []


def test_a_template_that_cannot_be_read_is_named(house: Path) -> None:
    (house / "templates/schools/half.html").write_text("{% if %}")
    assert any("templates/schools/half.html: cannot be read" in told for told in catalogs.problems(house))


def test_a_message_made_on_the_spot_is_found(house: Path) -> None:
    (house / "schools/queries.py").write_text('def f(_, n): return _(f"{n} schools")\n')
    told = catalogs.problems(house)
    assert told == ["schools/queries.py:1: _() of a text made on the spot"]


def test_a_message_inside_an_f_string_is_found(house: Path) -> None:
    (house / "schools/queries.py").write_text("def f(_): return f\"{_('Schools')}: 3\"\n")
    assert "schools/queries.py:1: _() inside an f-string" in catalogs.problems(house)
