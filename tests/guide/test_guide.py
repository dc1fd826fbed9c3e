"""The guide says what the program says: every button, link and picture that it names is there, for its role."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import server
from common.access import ANYONE
from guide import pictures
from home.guide_books import NAMES, PICTURES, TEXTS, book, picture
from home.guide_handlers import BOOK_OF
from home.guide_text import Book, Kind, Look, NotInTheGuide, book_of, pictures_of, pieces_of
from tools import catalogs

WEIGHT_OF_ALL_PICTURES = 3 * 1024 * 1024
WEIGHT_OF_A_PICTURE = 60 * 1024  # what a page may weigh: a picture comes when it is asked for


LANGUAGES = tuple(TEXTS)


@cache
def said_on_pages(language: str) -> tuple[re.Pattern[str], ...]:
    """Every message of a language's catalogs; what is filled in at the time is a number or a clock time."""
    found = set()
    for package in catalogs.PACKAGES:
        for entry in catalogs.translations_in(catalogs.catalog_path(language, package)).values():
            found.update([entry.string] if isinstance(entry.string, str) else entry.string)
    words = (re.sub(r"%\\\((\w+)\\\)s", "[0-9.:]+", re.escape(text)) for text in found if text)
    return tuple(re.compile(text.replace("%%", "%")) for text in words)


def missing_from(guide: Book, role: str, language: str = "id") -> Iterator[str]:
    """What the guide of a role names and the program does not have for it."""
    routes = [(re.compile(route.pattern), route.allow) for route in server.routes()]
    for piece in pieces_of(guide):
        if piece.look is Look.NAME and not any(
            text.fullmatch(piece.text) for text in said_on_pages(language)
        ):
            yield f"no page says {piece.text!r}"
        if piece.look is not Look.LINK:
            continue
        if piece.target.startswith("#"):
            if piece.target[1:] not in [task.anchor for task in guide.tasks]:
                yield f"no task {piece.target}"
        elif piece.target.endswith(".md"):
            if piece.target[:-3] not in NAMES:
                yield f"no book {piece.target}"
        elif not any(pattern.fullmatch(piece.target) and allow & {role, ANYONE} for pattern, allow in routes):
            yield f"no page at {piece.target} for {role}"
    for name in pictures_of(guide):
        if not (PICTURES / f"{name}.webp").exists():
            yield f"no picture {name}: make guide"
        if name not in pictures.ALL:
            yield f"nobody takes the picture {name}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("role", "name"), BOOK_OF.items())
def test_what_a_guide_names_is_in_the_program(role: str, name: str, language: str) -> None:
    assert list(missing_from(book(name, language), role, language)) == []


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_tell_the_same_tasks_in_the_same_steps(name: str) -> None:
    def shape(guide: Book) -> list[list[tuple[Kind, int, str]]]:
        return [
            [(block.kind, len(block.lines), block.picture) for block in task.blocks] for task in guide.tasks
        ]

    def targets(guide: Book) -> list[str]:
        return [piece.target for piece in pieces_of(guide) if piece.look is Look.LINK]

    indonesian, english = (book(name, language) for language in LANGUAGES)
    assert shape(indonesian) == shape(english)
    assert targets(indonesian) == targets(english)


def test_every_book_is_of_a_role_and_every_picture_is_in_a_book() -> None:
    for folder in TEXTS.values():
        assert {path.stem for path in folder.glob("*.md")} == set(NAMES) == set(BOOK_OF.values())
    shown = [one for name in NAMES for one in pictures_of(book(name))]
    assert len(shown) == len(set(shown))
    assert set(shown) == set(pictures.ALL) == {path.stem for path in PICTURES.iterdir()}


def test_pictures_are_small_and_say_their_size() -> None:
    files = list(PICTURES.glob("*.webp"))
    assert sum(file.stat().st_size for file in files) < WEIGHT_OF_ALL_PICTURES
    assert {file.name for file in files if file.stat().st_size > WEIGHT_OF_A_PICTURE} == set()
    for file in files:
        found = picture(file.stem)
        assert 300 < found.width <= 1280, file.name
        assert 100 < found.height <= 1280, file.name


def test_no_two_tasks_of_a_book_share_an_address() -> None:
    for name in NAMES:
        for language in LANGUAGES:
            anchors = [task.anchor for task in book(name, language).tasks]
            assert len(anchors) == len(set(anchors)), name


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("1. Tekan **Simpan data sekolah**.", "no page says 'Simpan data sekolah'"),
        ("1. Tekan **Muat semua sekolah**.", "no page says 'Muat semua sekolah'"),  # "Muat %(num)s sekolah"
        ("1. Buka [Jadwal](/jadwal).", "no page at /jadwal for school_admin"),
        ("1. Buka [Jadwal](/plan).", "no page at /plan for school_admin"),  # there, but not for a school
        ("Lihat [di atas](#tidak-ada).", "no task #tidak-ada"),
        ("Lihat [panduan lain](kepala.md).", "no book kepala.md"),
        ("![Layar](../../static/guide/tidak-ada.webp)", "no picture tidak-ada: make guide"),
    ],
)
def test_what_is_not_there_is_found(line: str, told: str) -> None:
    assert told in list(missing_from(book_of(f"# Judul\n\nKalimat.\n\n## Tugas\n\n{line}\n"), "school_admin"))


TEXT = """# Panduan contoh

Dua kalimat
dalam satu paragraf.

## Mengirim, lalu memeriksa

1. Buka [Data siswa](/my/rosters).
2. Tekan **Kirim dan periksa**
   dan tunggu *sebentar*.

![Layar kirim](../../static/guide/sekolah-kirim.webp)

> Hati-hati.

- satu
- dua
"""


def test_the_text_becomes_tasks_and_steps() -> None:
    found = book_of(TEXT)
    assert found.title == "Panduan contoh"
    assert [piece.text for piece in found.lead] == ["Dua kalimat dalam satu paragraf."]
    (task,) = found.tasks
    assert task.anchor == "mengirim-lalu-memeriksa"
    assert [block.kind for block in task.blocks] == [Kind.STEPS, Kind.PICTURE, Kind.NOTE, Kind.LIST]
    steps, shown, note, items = task.blocks
    assert [(piece.look, piece.text, piece.target) for piece in steps.lines[0]] == [
        (Look.PLAIN, "Buka ", ""),
        (Look.LINK, "Data siswa", "/my/rosters"),
        (Look.PLAIN, ".", ""),
    ]
    assert [piece.text for piece in steps.lines[1]] == [
        "Tekan ",
        "Kirim dan periksa",
        " dan tunggu ",
        "sebentar",
        ".",
    ]
    assert (shown.picture, shown.lines[0][0].text) == ("sekolah-kirim", "Layar kirim")
    assert note.lines[0][0].text == "Hati-hati."
    assert len(items.lines) == 2


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("1. satu\n3. tiga", "line 7: the steps are numbered [1, 3]"),
        ("1. satu\nlanjutan", "line 7: 'lanjutan' is neither an item nor indented"),
        ("Tekan **Simpan* lalu", "has signs that the guide does not use"),
        ("<b>tebal</b>", "has signs that the guide does not use"),
        ("### Anak judul", "has signs that the guide does not use"),
    ],
)
def test_what_the_guide_does_not_use_is_refused(wrong: str, told: str) -> None:
    with pytest.raises(NotInTheGuide, match=re.escape(told)):
        book_of(f"# Judul\n\nKalimat.\n\n## Tugas\n\n{wrong}\n")


def test_a_text_without_a_task_is_no_guide() -> None:
    with pytest.raises(NotInTheGuide, match="a title and tasks"):
        book_of("# Judul\n\nKalimat.\n")


def test_a_file_that_is_no_webp_has_no_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("home.guide_books.PICTURES", tmp_path)
    (tmp_path / "palsu.webp").write_bytes(b"RIFF\0\0\0\0WEBPVP8X" + bytes(14))
    with pytest.raises(ValueError, match="WebP"):
        picture("palsu")
