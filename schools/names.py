"""When two written names may be one person's: the forms in which Indonesian offices write the same name.

A school writes `MUHAMMAD RIZKI ADITYA`, the civil registry `M. RIZKI A.`; marks, spaces and case differ freely.
"""

import re
import unicodedata
from functools import lru_cache

_ALIASES = {
    "M": "MUHAMMAD",
    "MUH": "MUHAMMAD",
    "MUHD": "MUHAMMAD",
    "MOH": "MUHAMMAD",
    "MOHD": "MUHAMMAD",
    "MOCH": "MUHAMMAD",
    "MOCHD": "MUHAMMAD",
    "MOHAMAD": "MUHAMMAD",
    "MOHAMMAD": "MUHAMMAD",
    "MOCHAMAD": "MUHAMMAD",
    "MOCHAMMAD": "MUHAMMAD",
    "MUHAMAD": "MUHAMMAD",
    "MUCHAMAD": "MUHAMMAD",
    "MUCHAMMAD": "MUHAMMAD",
    "MUKHAMAD": "MUHAMMAD",
    "MUKHAMMAD": "MUHAMMAD",
    "MHD": "MUHAMMAD",
    "ACHMAD": "AHMAD",
    "AKHMAD": "AHMAD",
    "AHMED": "AHMAD",
    "ABD": "ABDUL",
    "SITTI": "SITI",
    "ST": "SITI",
    "NURUL": "NUR",
}
_MARKS = re.compile(r"['’‘`´ʼ\"]")
_NOT_LETTERS = re.compile(r"[^A-Z]+")
_OLD_SPELLING = (("OE", "U"), ("DJ", "J"), ("TJ", "C"), ("SJ", "SY"))
_SOUNDS = (
    ("KH", "H"),
    ("CH", "H"),
    ("SY", "S"),
    ("SH", "S"),
    ("DH", "D"),
    ("TH", "T"),
    ("DZ", "Z"),
    ("TS", "S"),
)
_SAME_LETTER = str.maketrans({"V": "F", "P": "F", "Y": "I", "Q": "K", "C": "K", "J": "Z"})


@lru_cache(maxsize=65536)
def plain_name(name: str) -> str:
    """The name in capitals, letters and single spaces only: how two spellings are first compared."""
    if not name.isascii():
        name = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return _NOT_LETTERS.sub(" ", _MARKS.sub("", name.upper())).strip()


def name_words(name: str) -> tuple[str, ...]:
    """The words of the plain name, with the many forms of Muhammad, Ahmad and Abdul written one way."""
    words = plain_name(name).split()
    return tuple(
        # A lone M opens a name as Muhammad; anywhere else it is an initial.
        word if word == "M" and place > 0 else _ALIASES.get(word, word)
        for place, word in enumerate(words)
    )


def name_sound(word: str) -> str:
    """A word by sound: old spelling, doubled letters, and h, y, f, v and p that offices use freely made one."""
    for old, new in _OLD_SPELLING + _SOUNDS:
        word = word.replace(old, new)
    word = word.translate(_SAME_LETTER)
    if len(word) > 2:
        word = word[0] + word[1:].replace("H", "")
    return re.sub(r"(.)\1+", r"\1", word)


def same_name(one: str, other: str) -> bool:
    """True where both are one name but for case, spaces and marks."""
    return plain_name(one).replace(" ", "") == plain_name(other).replace(" ", "")


def names_may_agree(one: str, other: str) -> bool:
    """True where the two may be one person's name: spelling variants, initials, or left-out last words.

    An initial stands for any word that it opens (`SYIFA TIARA K.` and `SYIFA TIARA KHASANAH`). At least one
    whole word must agree, and the answer is for a person to confirm: pair it with the birth date.
    """
    if same_name(one, other):
        return True
    short, long = sorted((name_words(one), name_words(other)), key=len)
    if not short:
        return False
    whole = 0
    place = 0
    for word in short:
        while place < len(long):
            candidate = long[place]
            place += 1
            if len(word) == 1 or len(candidate) == 1:
                if word[0] == candidate[0]:
                    break
            elif word == candidate or name_sound(word) == name_sound(candidate):
                whole += 1
                break
        else:
            return False
    return whole >= 1
