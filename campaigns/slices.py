"""Rule: which part of the students the figures are about: of which schools, of which sex, with their home where."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

LEVELS = ("SMA", "SMK", "MA", "SLB")
OWNERS = ("public", "private")
SEXES = ("L", "P")
ELSEWHERE = "elsewhere"
UNKNOWN = "unknown"

# how lists write "district" before its name
_BEFORE_A_NAME = ("KECAMATAN ", "KEC. ", "KEC.", "KEC ")


@dataclass(frozen=True, slots=True)
class Slice:
    """The part of the students asked for; empty words ask for all. Any of them can be combined.

    `owner` is public or private. `home` is the id of a district of the office as text, elsewhere (a district that
    is not the office's) or unknown (the list said nothing).
    """

    level: str = ""
    owner: str = ""
    sex: str = ""
    home: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left out."""
        return self == Slice()

    @property
    def is_of_students(self) -> bool:
        """Whether students of one class fall on both sides, so that each has to be looked at."""
        return bool(self.sex or self.home)

    def takes_school(self, level: str, is_public: bool) -> bool:
        """Whether students of such a school are asked for."""
        return self.level in ("", level) and self.owner in ("", "public" if is_public else "private")

    def takes_student(self, sex: str, home_text: str, homes: Mapping[str, str]) -> bool:
        """Whether a student with that sex and home is asked for; `homes` as `homes_of` answers."""
        return self.sex in ("", sex) and self.home in ("", homes.get(home_text, ELSEWHERE))


EVERYBODY = Slice()


def slice_of(level: str, owner: str, sex: str, home: str, districts: Collection[int]) -> Slice:
    """The slice that these words of an address ask for; a word that means nothing asks for all."""
    known = {ELSEWHERE, UNKNOWN, *map(str, districts)}
    return Slice(
        level if level in LEVELS else "",
        owner if owner in OWNERS else "",
        sex if sex in SEXES else "",
        home if home in known else "",
    )


def homes_of(texts: Iterable[str], districts: Iterable[tuple[int, str]]) -> dict[str, str]:
    """Where each text of a student's home district is: the id of a district of the office, elsewhere or unknown.

    Names are compared without "Kecamatan" before them, spaces and case; a district of another kabupaten with the very
    same name cannot be told apart.
    """
    by_name = {_plain(name): str(number) for number, name in districts}
    return {
        text: UNKNOWN if not text.strip() else by_name.get(_plain(text), ELSEWHERE) for text in set(texts)
    }


def _plain(name: str) -> str:
    text = " ".join(name.upper().split())
    for before in _BEFORE_A_NAME:
        if text.startswith(before):
            text = text.removeprefix(before)
            break
    return text.strip()
