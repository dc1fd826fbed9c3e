"""Rule: when two written names may be one person's, as schools, family cards and voter lists write Indonesian names.

Marks, case and spaces; titles and degrees; the forms of Muhammad, Ahmad, Abdul, Siti, Nur; initials and abbreviated
words; spelling before 1972 (dj, tj, sj, oe, j for y: Keputusan Presiden 57/1972) and Arabic names as people hear them
(s/sh/sy, z/s/j, kh/ch/h, f/p/v, d/dh/dl, doubled letters); other order; words left out. What differs in more than
writing is another name: DIMAS and DIMAZ may be one person, DIMAS and BIMAS not. No slips of the keyboard, on purpose:
twins' names differ by a letter.

The answer is for a person to confirm, and only beside an equal birth date: `alike_pairs` asks in that way, and quickly.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Generic, NamedTuple, TypeVar

from schools.names import plain_name

T = TypeVar("T")
A = TypeVar("A")
B = TypeVar("B")

MOST_WORDS = 12
"""Words of a name that are looked at; longer ones are no names."""

_FORMS = {
    "MUHAMMAD": """MUH MUHD MOH MOHD MOCH MOCHD MHD MUCH MUKH MOHAMAD MOHAMMAD MOHAMED MOHAMMED MUHAMED MUHAMMED
        MOCHAMAD MOCHAMMAD MOKHAMAD MOKHAMMAD MUHAMAD MUCHAMAD MUCHAMMAD MUKHAMAD MUKHAMMAD MUHAMMAT MUHAMAT""",
    "AHMAD": "ACHMAD AKHMAD AHMED ACH AKH ACHMED AHMAT",
    "ABDUL": "ABD ABDL ABDOEL",
    "SITI": "SITTI ST STI SITY",
    "NUR": "NURUL NOER NOERUL NOOR NOR NORUL",
    "WAYAN": "WY WYN",
    "NYOMAN": "NYM NYMN",
    "KETUT": "KT KTT",
    "KADEK": "KD KDK",
    "PUTU": "PT",
    "GUSTI": "GST GT",
}
_ALIASES = {form: name for name, forms in _FORMS.items() for form in forms.split()}
_OPENING = frozenset(("MUHAMMAD", "SITI", "AHMAD", "M", "I", "NI"))
"""Words that open very many names and are left out freely: alone they say little."""
_TITLES = frozenset(
    (
        *("H", "HJ", "HAJI", "HAJAH", "KH", "KYAI", "USTADZ", "UST", "DR", "DRG", "DRS", "DRA", "IR", "PROF"),
        *("ALM", "ALMH", "SDR", "SDRI", "NY", "TN", "ANANDA", "I", "NI"),
        *("R", "RR", "RA", "RM", "RADEN", "RORO", "AJENG"),
    )
)
_LINKS = frozenset(("BIN", "BINTI", "BINTE", "BTE", "BT"))
_DEGREE = (
    r"(?:[SMAD]\.\s?(?:PD|SI|KOM|AG|H|HI|E|T|SOS|IP|MD|KES|KEP|HUM|SC|ENG|PSI|PD\.?I|AK|TP|KED|FARM|SN|KEB|M|P)"
    r"|PH\.?D|LC|SH|SE|ST|MM|MH|MT|SPD|SAG|SKOM|SIP|SSOS|AMD|MPD|MSI|MKES|SKM|SPDI|SPSI|MSC|BSC|BA|MA)\b\.?"
)
_DEGREES = re.compile(
    rf"(?:\s*,\s*{_DEGREE}|\s+[SMAD]\.\s?(?:PD|SI|KOM|AG|SOS|KES|KEP|HUM|PSI|MD)\b\.?)+\s*$"
)
_MARK = "['’‘`´ʼ\"]"
_KEPT_MARK = re.compile(rf"(?<=[AEIOU]){_MARK}(?=[BCDFGHJKLMNPQRSTVWXYZ])")
_OTHER_MARK = re.compile(_MARK)
_NOT_LETTERS = re.compile(r"[^A-Z\x27]+")

_ALWAYS = (
    ("QU", "KU"), ("Q", "K"), ("X", "KS"), ("CK", "K"), ("GH", "G"), ("PH", "F"), ("DZ", "Z"), ("TS", "S"),
    ("SY", "S"), ("SH", "S"), ("TH", "T"), ("DH", "D"), ("BH", "B"),
)  # fmt: skip
_VOWELS = "AEIOU"


class Named(NamedTuple, Generic[T]):
    """Whoever is to be compared: something by which the caller knows them, the name as written, the birth date."""

    who: T
    name: str
    birth_date: date


class _Word(NamedTuple):
    """A word of a name and every way it can be read; an initial or an abbreviation has none."""

    text: str
    sounds: frozenset[str]


Words = tuple[_Word, ...]


class _Read(NamedTuple):
    """A name as it is compared: all its letters, and its words with its titles and without."""

    flat: str
    forms: tuple[Words, ...]


def alike(a: str, b: str) -> bool:
    """Whether two written names may be one person's. Symmetric; at least one whole word agrees, and no word of the
    one stands against another word of the other."""
    return _agree(_read(a), _read(b))


def variant_keys(name: str) -> frozenset[str]:
    """What to look a name up by: names that are alike have at least one key in common (the reverse does not hold)."""
    return _keys(_read(name))


def alike_pairs(one: Iterable[Named[A]], other: Iterable[Named[B]]) -> Iterator[tuple[A, B]]:
    """Everyone of `one` beside everyone of `other` who has the same birth date and may have the same name.

    In the order of `other`, then of `one`. Nobody is compared with a person of another birth date, so 20,000 beside
    20,000 take a second or two.
    """
    born: dict[date, list[Named[A]]] = defaultdict(list)
    for person in one:
        born[person.birth_date].append(person)
    known: dict[date, _LookedUp[A]] = {}
    for asked in other:
        there = born.get(asked.birth_date)
        if not there:
            continue
        if asked.birth_date not in known:
            known[asked.birth_date] = _looked_up(there)
        people, places = known[asked.birth_date]
        mine = _read(asked.name)
        for place in sorted({place for key in _keys(mine) for place in places.get(key, ())}):
            who, theirs = people[place]
            if _agree(theirs, mine):
                yield who, asked.who


class _LookedUp(NamedTuple, Generic[T]):
    """People of one birth date, and at which places of the list each key stands."""

    people: list[tuple[T, _Read]]
    places: dict[str, list[int]]


def _looked_up(people: list[Named[T]]) -> _LookedUp[T]:
    read = [(person.who, _read(person.name)) for person in people]
    places: dict[str, list[int]] = defaultdict(list)
    for place, (_, name) in enumerate(read):
        for key in _keys(name):
            places[key].append(place)
    return _LookedUp(read, places)


# --- a name as words -------------------------------------------------------------------------------------------------


def _read(name: str) -> _Read:
    words = _words_of(name)
    bare = list(words)
    while len(bare) > 1 and bare[0] in _TITLES:
        del bare[0]
    forms = (words,) if len(bare) == len(words) else (words, tuple(bare))
    return _Read(
        plain_name(name).replace(" ", ""),
        tuple(tuple(_word(text) for text in form[:MOST_WORDS]) for form in forms if form),
    )


def _words_of(name: str) -> tuple[str, ...]:
    text = name if name.isascii() else unicodedata.normalize("NFKD", name.replace("’", "'"))
    text = "".join(c for c in text if not unicodedata.combining(c)) if text is not name else text
    text = text.upper()
    if "." in text or "," in text:
        text = _DEGREES.sub("", text)
    text = _OTHER_MARK.sub("", _KEPT_MARK.sub("\0", text)).replace("\0", "'")
    found: list[str] = []
    for word in _NOT_LETTERS.sub(" ", text).split():
        if word in _LINKS and found:
            continue
        if word == "MD":
            # Bali: I Md. Surya; Sumatra: Md. Surya
            word = "MADE" if found else "MUHAMMAD"
        found += _without_abdul(_ALIASES.get(word, word))
    return tuple(found)


def _without_abdul(word: str) -> list[str]:
    """ABDURRAHMAN is ABDUL RAHMAN: the article takes the sound of what follows. ABDULLAH stays whole."""
    if len(word) < 8 or not word.startswith(("ABDU", "ABDO")) or re.match(r"ABD[UO]LL?[AO]H?$", word):
        return [word]
    rest = word[5:] if word[4] == "L" else word[4:]
    if rest[:1] == rest[1:2]:
        rest = rest[1:]
    return ["ABDUL", rest] if len(rest) >= 4 else [word]


@lru_cache(maxsize=65536)
def _word(text: str) -> _Word:
    """A word with its sounds; one letter, or two or three without a vowel, only begin a word."""
    is_short = len(text) == 1 or (len(text) <= 3 and not any(vowel in text for vowel in _VOWELS + "Y"))
    return _Word(text, frozenset() if is_short else _sounds(text))


# --- a word as it sounds ---------------------------------------------------------------------------------------------


@lru_cache(maxsize=65536)
def _sounds(word: str) -> frozenset[str]:
    """Every way a written word can be read. Two words may be one where they share a reading; that is no equivalence:
    JOKO may be read YOKO and ZOKO, and these two are still two names."""
    read = {word.replace("'", ""), word.replace("'", "K")}
    read = {_old_spelling(text) for text in read}
    read = _either(read, "J", ("j", "Y", "Z"))
    read = {_plain_letters(text) for text in read}
    read = _either(read, "CH", ("KH",))
    read = {re.sub(r"C(?![AEIOUc])", "K", text) for text in read}
    read = _either(read, "KH", ("K", "H"))
    read = {out for text in read for out in _soft_c(text)}
    read = _either(read, "Z", ("Z", "S"))
    read = _either(read, "V", ("F", "W"))
    if len(word) >= 6:
        read = _either(read, "DL", ("DL", "D"))
    read = {_ending(text) for text in read}
    return frozenset(read | {re.sub(r"(?<!^)O(?=.)", "A", text) for text in read if len(text) >= 5})


def _either(read: set[str], written: str, ways: tuple[str, ...]) -> set[str]:
    return (
        {text.replace(written, way) for text in read for way in ways}
        if any(written in text for text in read)
        else read
    )


def _old_spelling(text: str) -> str:
    text = text.replace("OE", "U").replace("DJ", "j").replace("TJ", "c")
    return text.replace("SJ", "SY")


def _plain_letters(text: str) -> str:
    for written, sound in _ALWAYS:
        text = text.replace(written, sound)
    text = re.sub(r"(.)\1+", r"\1", text)
    text = text.replace("IY", "I") if re.search(r"IY[AEIOU]", text) else text
    text = re.sub(r"UW(?=[AEIOU])", "U", text)
    text = re.sub(r"(?<=[AEIOU])I(?=[AEOU])", "Y", text)
    # a Y that opens a syllable is a consonant, any other one the vowel
    text = re.sub(r"Y(?![AEIOU])|(?<=[^AEIOU])Y", "I", text)
    return text.replace("AE", "AI").replace("P", "F")


def _soft_c(text: str) -> tuple[str, ...]:
    """Indonesian C is a sound of its own; in names from elsewhere it is S before E and I, else K."""
    if "C" not in text:
        return (text,)
    hard = re.sub(r"C(?=[EI])", "S", text).replace("C", "K")
    return (text.replace("C", "c"), hard)


def _ending(text: str) -> str:
    text = re.sub(r"EH$", "IH", text)
    text = re.sub(r"(?<=.)H$|(?<=[BDFGJKLMNRSTWYZjc])H", "", text)
    text = re.sub(r"D$", "T", text) if len(text) > 2 else text
    text = re.sub(r"B$", "F", text) if len(text) > 2 else text
    return re.sub(r"(.)\1+", r"\1", text)


# --- two names beside each other -------------------------------------------------------------------------------------


class _Found(NamedTuple):
    """What a way of laying one name beside the other found."""

    whole: int = 0
    opening: int = 0
    missing_first: int = 0
    missing_inside: int = 0
    missing_last: int = 0

    @property
    def is_enough(self) -> bool:
        """Whether so much may be left out, given what agrees."""
        if self.missing_first or self.missing_inside:
            return self.whole >= 2
        if self.missing_last:
            return self.whole >= 1 and self.missing_last <= self.whole + 1
        return self.whole + self.opening >= 1


def _agree(one: _Read, other: _Read) -> bool:
    if one.flat == other.flat:
        return bool(one.flat)
    return any(_laid_beside(a, b) for a in one.forms for b in other.forms)


def _laid_beside(a: Words, b: Words) -> bool:
    if _reordered(a, b):
        return True
    return any(found.is_enough for found in _beside(a, b, 0, 0, _Found())) or any(
        found.is_enough for found in _beside(b, a, 0, 0, _Found())
    )


def _beside(short: Words, long: Words, i: int, j: int, found: _Found) -> Iterator[_Found]:
    """Every way to find each word of `short` in `long`, in order; words of `long` may be left out."""
    if i == len(short):
        yield found._replace(missing_last=len(long) - j)
        return
    if j == len(long):
        return
    a, b = short[i], long[j]
    if a.sounds and b.sounds:
        if not a.sounds.isdisjoint(b.sounds):
            yield from _beside(short, long, i + 1, j + 1, _with(found, a.text))
    elif _begins(a, b):
        yield from _beside(short, long, i + 1, j + 1, found)
    if j + 1 < len(long) and a.sounds and not a.sounds.isdisjoint(_together(b, long[j + 1])):
        yield from _beside(short, long, i + 1, j + 2, _with(found, a.text))
    if i + 1 < len(short) and b.sounds and not b.sounds.isdisjoint(_together(a, short[i + 1])):
        yield from _beside(short, long, i + 2, j + 1, _with(found, b.text))
    if i == 0:
        left_out = found if b.text in _OPENING else found._replace(missing_first=found.missing_first + 1)
    else:
        left_out = found._replace(missing_inside=found.missing_inside + 1)
    yield from _beside(short, long, i, j + 1, left_out)


def _with(found: _Found, text: str) -> _Found:
    if text in _OPENING:
        return found._replace(opening=found.opening + 1)
    return found._replace(whole=found.whole + 1)


def _together(one: _Word, other: _Word) -> frozenset[str]:
    """Two words written as one."""
    return _sounds(one.text + other.text) if len(one.text) > 1 or len(other.text) > 1 else frozenset()


_SAME_START = {"J": "JYZ", "Y": "YJ", "Z": "ZSJ", "S": "SZC", "F": "FPV", "P": "PFV", "V": "VFPW", "W": "WV"}
_SAME_START |= {"C": "CKST", "K": "KCQ", "Q": "QK", "H": "HK", "T": "TC", "U": "UO", "O": "OU", "D": "DJ"}


def _begins(one: _Word, other: _Word) -> bool:
    """Whether an initial (`K.`, `SY.`) stands for a word, or two initials for one."""
    short, long = (one.text, other.text) if len(one.text) <= len(other.text) else (other.text, one.text)
    if len(short) == 1:
        return long[0] in _SAME_START.get(short, short)
    return long.startswith(short)


def _reordered(a: Words, b: Words) -> bool:
    """Whether the whole words of two names are the same in another order."""
    if len(a) != len(b) or len(a) < 2 or not all(word.sounds for word in (*a, *b)):
        return False
    left = list(b)
    for word in a:
        match = next((each for each in left if not word.sounds.isdisjoint(each.sounds)), None)
        if match is None:
            return False
        left.remove(match)
    return True


def _keys(name: _Read) -> frozenset[str]:
    """Every reading of every word, and of every two written as one: of these one must agree for names to be alike."""
    keys = {name.flat}
    for words in name.forms:
        for word in words:
            keys |= word.sounds
        for one, other in pairwise(words):
            keys |= _together(one, other)
    return frozenset(keys)
