"""Rule: whether the school that a file's titles name may be the school it was sent for."""

from __future__ import annotations

import re
from collections.abc import Mapping

_SHORT = (
    (re.compile(r"\bsekolah menengah atas\b"), "sma"),
    (re.compile(r"\bsekolah menengah kejuruan\b"), "smk"),
    (re.compile(r"\bmadrasah aliyah\b"), "ma"),
    (re.compile(r"\b(sma|smk|ma|slb) negeri\b"), r"\1n"),
    (re.compile(r"\b(sma|smk|ma|slb) swasta\b"), r"\1s"),
)
_PRIVATE = re.compile(r"\b(sma|smk|ma|slb)s\b")
_NOT_WORD = re.compile(r"[\W_]+")


def may_be_school(named: str, ours: str) -> bool:
    """Whether a name in a title may mean our school: each word of the one stands in the other, numbers too.

    A title may say more (its district) or less (without the S of a private school).
    """
    told, known = _words(named), _words(ours)
    return told <= known or known <= told


def _words(name: str) -> frozenset[str]:
    text = _NOT_WORD.sub(" ", name.casefold()).strip()
    for pattern, short in _SHORT:
        text = pattern.sub(short, text)
    return frozenset(_PRIVATE.sub(r"\1", text).split())


def other_school_named(notes: Mapping[str, object], ours: str) -> str:
    """The school that a file's titles name (`notes` of its reading), where it is not ours; '' where it may be."""
    named = str(notes.get("school") or "")
    return "" if not named or may_be_school(named, ours) else named
