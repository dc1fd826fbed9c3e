"""What a page says, and which of its words belong to the other language.

The catalogs know: a word that stands in English messages and in no Indonesian one is English. Names of people, schools
and what somebody typed are data, and left out.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po
from lxml import html

ROOT = Path(__file__).resolve().parents[2]
WORD = re.compile(r"[A-Za-z]{3,}")
PLACEHOLDER = re.compile(r"%\(\w+\)s")
SPOKEN = ("aria-label", "title", "placeholder", "alt", "data-lost", "data-other")
# English and Indonesian at once, or a name by which people know the thing
BOTH = frozenset(
    ["google", "calendar", "outlook", "english", "pdf", "csv", "excel", "whatsapp", "online", "data"]
)


def texts_of(page: str) -> list[str]:
    """Every text that a person reads or hears, in order; what stands in another language on purpose is left out."""
    tree = html.fromstring(page)
    found: list[str] = []
    for element in tree.iter():
        if not isinstance(element.tag, str) or element.tag in ("script", "style"):
            continue
        if element.xpath("ancestor-or-self::*[@lang][1]")[0].get("lang") != tree.get("lang"):
            continue
        found += [element.get(name) or "" for name in SPOKEN]
        found += element.xpath("text()")
    return [text for text in (" ".join(one.split()) for one in found) if text]


@cache
def words_of(language: str) -> frozenset[str]:
    """The words that the catalogs use in `language` and not in the other one."""
    said: dict[str, set[str]] = {"id": set(), "en": set()}
    for code, words in said.items():
        for path in sorted((ROOT / "locale" / code).glob("*.po")):
            with path.open("rb") as file:
                for message in read_po(file, locale=code):
                    texts = [message.string] if isinstance(message.string, str) else message.string
                    for text in texts if message.id else ():
                        words |= {word.lower() for word in WORD.findall(PLACEHOLDER.sub(" ", text))}
    other = said["en" if language == "id" else "id"]
    return frozenset(said[language] - other - BOTH)


def foreign(page: str, language: str, data: frozenset[str]) -> list[str]:
    """The texts of a page in `language` that hold words of the other one, what is `data` left out.

    In an English page one word alone proves nothing: much of the data is Indonesian.
    """
    strange = words_of("en" if language == "id" else "id")
    found = []
    for text in dict.fromkeys(texts_of(page)):
        hits = _strange_in(text, strange)
        if len(hits) >= (1 if language == "id" else 2):
            hits = _strange_in(_without(text, data), strange)
            if len(hits) >= (1 if language == "id" else 2):
                found.append(f"{text[:120]!r}: {' '.join(hits)}")
    return found


def _strange_in(text: str, strange: frozenset[str]) -> list[str]:
    text = re.sub(r"https?://\S+", "", text)
    return [word for word in WORD.findall(text) if word.lower() in strange]


def _without(text: str, data: frozenset[str]) -> str:
    lowered = text.lower()
    for known in sorted((one for one in data if one.lower() in lowered), key=len, reverse=True):
        text = re.sub(re.escape(known), "", text, flags=re.IGNORECASE)
    return text
