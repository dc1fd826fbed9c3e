"""The guide as it lies in docs/guide (English in its en/), and its pictures in static/guide: read once, then kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from home.guide_text import Book, book_of

_ROOT = Path(__file__).resolve().parent.parent
TEXTS = {"id": _ROOT / "docs" / "guide", "en": _ROOT / "docs" / "guide" / "en"}
PICTURES = _ROOT / "static" / "guide"
# the books, in the order in which they are offered; each is also the last word of its address
NAMES = ("sekolah", "petugas", "koordinator", "pimpinan")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture's file under static/, its size in pixels as it is shown, and whether it was taken on a phone."""

    file: str
    width: int
    height: int
    is_phone: bool


@cache
def book(name: str, language: str = "id") -> Book:
    """The book of that name. Raises KeyError when there is none."""
    if name not in NAMES:
        raise KeyError(name)
    return book_of((TEXTS[language] / f"{name}.md").read_text(encoding="utf-8"))


@cache
def picture(name: str) -> Picture:
    """The picture of that name. Raises OSError where it is missing, ValueError where it is no WebP of ours."""
    width, height = _size((PICTURES / f"{name}.webp").read_bytes()[:30])
    # taken on a phone's sharper screen: twice as many pixels as it is shown with
    is_phone = width < 800 and height > width
    return Picture(
        f"guide/{name}.webp", *((width // 2, height // 2) if is_phone else (width, height)), is_phone
    )


def _size(head: bytes) -> tuple[int, int]:
    """Width and height from the head of a simple WebP file (RFC 9649)."""
    kind = head[12:16]
    if head[:4] == b"RIFF" and kind == b"VP8 ":
        return int.from_bytes(head[26:28], "little") & 0x3FFF, int.from_bytes(head[28:30], "little") & 0x3FFF
    if head[:4] == b"RIFF" and kind == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    raise ValueError("not a simple WebP file")
