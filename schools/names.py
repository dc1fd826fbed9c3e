"""A written name as names are compared letter by letter: marks, spaces and case differ freely.

When two names that are written differently may be one person's is `schools/name_variants.py`.
"""

import re
import unicodedata
from functools import lru_cache

_MARKS = re.compile(r"['’‘`´ʼ\"]")
_NOT_LETTERS = re.compile(r"[^A-Z]+")


@lru_cache(maxsize=65536)
def plain_name(name: str) -> str:
    """The name in capitals, letters and single spaces only: how two spellings are first compared."""
    if not name.isascii():
        name = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return _NOT_LETTERS.sub(" ", _MARKS.sub("", name.upper())).strip()


def same_name(one: str, other: str) -> bool:
    """True where both are one name but for case, spaces and marks."""
    return plain_name(one).replace(" ", "") == plain_name(other).replace(" ", "")
