"""One cell becomes a value: NIK, NISN, date, sex, class or name, with what was mended on the way.

Every function takes the cell as the file holds it (text, number, date) and says what it means. Nothing here looks
at another cell: what only a column or a row can settle is `imports/checks.py`.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from imports.findings import Fix, Kind
from imports.sheets import Cell

EXACT_IN_A_DOUBLE = 2**53
"""A whole number from here on may not be what was typed: NIKs of provinces 91 to 96 (IEEE 754)."""

BLANKS = frozenset(
    (
        *(
            "-",
            "--",
            "---",
            "–",
            "—",
            ".",
            "..",
            "...",
            "?",
            "0",
            "null",
            "none",
            "nan",
            "n/a",
            "na",
            "nihil",
        ),
        *("#n/a", "#ref!", "#value!", "#name?", "#div/0!"),
        *("kosong", "tidak ada", "belum ada", "tdk ada", "tidak punya", "belum punya"),
    )
)
_INVISIBLE = re.compile("[\u00a0\u2000-\u200f\u2028-\u202f\u205f\u2060\u2066-\u2069\u3000\ufeff\u00ad]")
_FORMULA = re.compile(r'^=\s*"(.*)"$', re.S)
QUOTES = "'’‘`´"
_SPACES = re.compile(r"\s+")
_LINE = re.compile(r"[\r\n\v\f]")
_INNER_SPACES = re.compile(r"[ \t]{2,}|\S\t\S")
_SEPARATORS = re.compile(r"[\s.\-/,_]+")
_SCIENTIFIC = re.compile(r"^[0-9]([.,][0-9]+)?[eE]\+?[0-9]{1,2}$")
_WITH_ZERO_CENTS = re.compile(r"^([0-9]+)[.,]0{1,2}$")
_DIGITS16 = re.compile(r"[0-9]{16}")
_DIGITS10 = re.compile(r"[0-9]{10}")


class Text(NamedTuple):
    """A cleaned text and what was mended; '' where the cell says nothing."""

    value: str
    fixes: tuple[Fix, ...]


class Number(NamedTuple):
    """A NIK or NISN read from a cell.

    `digits` is None where nothing usable was there; `fault` says why. `was_number` is True where the cell held a
    number and not text, `rounded_look` where it ends in 0 or is in scientific notation.
    """

    digits: str | None
    fault: Kind | None
    fixes: tuple[Fix, ...]
    was_number: bool = False
    scientific: bool = False


def as_typed(cell: Cell) -> str:
    """The cell as a person would read it in the file, for the fix list."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e17 else repr(cell)
    return str(cell).removesuffix(" 00:00:00")


def is_blank(cell: Cell) -> bool:
    """True where the cell holds nothing, white space or one of the usual signs for nothing but `0`."""
    if cell is None or cell == "":
        return True
    return isinstance(cell, str) and (not cell.strip() or cell.strip().casefold() in BLANKS - {"0"})


_NO_TEXT = Text("", ())


def unwrapped(text: str) -> tuple[str, list[Fix]]:
    """The text without the shells that Excel and exporters put around it."""
    fixes: list[Fix] = []
    if text[:1] == "=":
        wrapped = _FORMULA.match(text.strip())
        if wrapped:
            text = wrapped.group(1)
            fixes.append(Fix.FORMULA_STRING)
    if not text.isascii():
        shown = _INVISIBLE.sub(" ", text)
        if shown != text:
            fixes.append(Fix.NBSP)
            # The odd blanks at the ends are already named by NBSP and are not a second fix.
            text = shown.strip(" ") if text.strip(" ") == text else shown
        text = unicodedata.normalize("NFKC", text)
    stripped = text.strip()
    if stripped != text:
        fixes.append(Fix.TRIM)
        text = stripped
    return text, fixes


def _text(text: str) -> Text:
    text, fixes = unwrapped(text)
    if len(text) > 1 and text[0] in QUOTES:
        text = text[1:].lstrip()
        fixes.append(Fix.STRIP_APOSTROPHE)
    if not text.isprintable() or "  " in text:
        if _LINE.search(text):
            fixes.append(Fix.NEWLINE_IN_NAME)
        if _INNER_SPACES.search(text):
            fixes.append(Fix.COLLAPSE_SPACE)
        text = _SPACES.sub(" ", text).strip()
        text = "".join(c for c in text if c.isprintable())
    if text.casefold() in BLANKS:
        return Text("", ())
    return Text(text, tuple(fixes))


def read_text(cell: Cell) -> Text:
    """A name, place, class or address: blanks made single, shells stripped, signs for nothing made ''."""
    if type(cell) is str:
        return _text(cell)
    if cell is None or isinstance(cell, bool):
        return Text("", ())
    return _text(as_typed(cell))


_NO_NUMBER = Number(None, None, ())


def read_nik(cell: Cell) -> Number:
    """A NIK: sixteen digits, or the fault that keeps it out; a blank cell is no fault here (`digits` and `fault` None).

    What makes sixteen digits no NIK (region, date) is `schools/nik.py`'s to say.
    """
    kind = type(cell)
    if kind is str:
        return _nik_text(cell)  # type: ignore[arg-type]
    if kind is float or kind is int:
        return _nik_number(cell)  # type: ignore[arg-type]
    if cell is None:
        return _NO_NUMBER
    return Number(None, Kind.NIK_NONDIGIT, ())


def _nik_number(number: float) -> Number:
    if number == 0:
        return _NO_NUMBER
    if number != number or number < 0 or number != int(number):
        return Number(None, Kind.NIK_NONDIGIT, ())
    digits = str(int(number))
    if len(digits) != 16:
        return Number(None, Kind.NIK_LENGTH, (Fix.NUMERIC_NIK,), True)
    if number >= EXACT_IN_A_DOUBLE:
        return Number(None, Kind.NIK_PRECISION_LOST, (Fix.NUMERIC_NIK,), True)
    return Number(digits, None, (Fix.NUMERIC_NIK,), True)


def _nik_text(text: str) -> Number:
    text, fixes = unwrapped(text)
    if text and text[0] in QUOTES:
        text = text.strip(QUOTES + " ")
        fixes.append(Fix.STRIP_APOSTROPHE)
    if not text or text.casefold() in BLANKS or not text.strip("0- "):
        return _NO_NUMBER
    if _SCIENTIFIC.match(text):
        return Number(None, Kind.NIK_PRECISION_LOST, (), False, True)
    with_cents = _WITH_ZERO_CENTS.match(text)
    if with_cents and len(with_cents.group(1)) >= 15:
        read = _nik_number(int(with_cents.group(1)))
        return Number(read.digits, read.fault, (*fixes, *read.fixes), True)
    bare = _SEPARATORS.sub("", text)
    if not (bare.isascii() and bare.isdigit()):
        return Number(None, Kind.NIK_NONDIGIT, ())
    if len(bare) != 16:
        return Number(None, Kind.NIK_LENGTH, ())
    if bare != text:
        fixes.append(Fix.NIK_SEPARATORS)
    return Number(bare, None, tuple(fixes))


def read_nisn(cell: Cell) -> Number:
    """A NISN of ten digits. Seven to nine digits come back as `digits` too, with NISN_ZERO_PADDED where the cell was a
    number, which loses leading zeros, and with NISN_INVALID where it was text: the column may know better."""
    kind = type(cell)
    if kind is str:
        return _nisn_text(cell)  # type: ignore[arg-type]
    if kind is float or kind is int:
        return _nisn_number(cell)  # type: ignore[arg-type]
    if cell is None:
        return _NO_NUMBER
    return Number(None, Kind.NISN_INVALID, ())


def _nisn_number(number: float) -> Number:
    if number == 0:
        return _NO_NUMBER
    if number != number or number < 0 or number != int(number):
        return Number(None, Kind.NISN_INVALID, ())
    digits = str(int(number))
    if len(digits) == 10:
        return Number(digits, None, (Fix.NUMERIC_NISN,), True)
    if 7 <= len(digits) < 10:
        return Number(digits.zfill(10), Kind.NISN_ZERO_PADDED, (Fix.NUMERIC_NISN,), True)
    return Number(None, Kind.NISN_INVALID, (), True)


def _nisn_text(text: str) -> Number:
    text, fixes = unwrapped(text)
    if text and text[0] in QUOTES:
        text = text.strip(QUOTES + " ")
        fixes.append(Fix.STRIP_APOSTROPHE)
    if not text or text.casefold() in BLANKS or not text.strip("0- "):
        return _NO_NUMBER
    with_cents = _WITH_ZERO_CENTS.match(text)
    if with_cents:
        return _nisn_number(int(with_cents.group(1)))
    bare = _SEPARATORS.sub("", text)
    if not (bare.isascii() and bare.isdigit()):
        return Number(None, Kind.NISN_INVALID, ())
    if len(bare) == 10:
        return Number(bare, None, tuple(fixes))
    if 7 <= len(bare) < 10 and bare[0] != "0":
        return Number(bare.zfill(10), Kind.NISN_INVALID, tuple(fixes))
    return Number(None, Kind.NISN_INVALID, ())


_SEXES = {
    "L": """l lk laki laki-laki lakilaki laki2 pria cowok putra m male 1 laki² lelaki""",
    "P": """p pr perempuan wanita cewek putri f female 2 w prempuan""",
}
_SEX_OF = {word: sex for sex, words in _SEXES.items() for word in words.split()}


@lru_cache(maxsize=512)
def _sex(text: str) -> Text:
    if text == "L" or text == "P":
        return Text(text, ())
    clean, fixes = unwrapped(text)
    if len(clean) > 1 and clean[0] in QUOTES:
        clean = clean[1:]
        fixes.append(Fix.STRIP_APOSTROPHE)
    if clean == "L" or clean == "P":
        return Text(clean, tuple(fixes))
    key = re.sub(r"[^a-z0-9²]+", "", clean.casefold().replace(".0", ""))
    sex = _SEX_OF.get(key) or _SEX_OF.get(clean.casefold())
    if sex is None and key[:1] in "12" and key[1:] in ("laki", "lakilaki", "perempuan"):
        sex = "L" if key[1:].startswith("laki") else "P"
    if sex is None:
        return Text("", ())
    return Text(sex, (*fixes, Fix.JK_WORDS))


def read_sex(cell: Cell) -> Text:
    """'L' or 'P' from any spelling or code (EMIS: 1 is L, 2 is P); '' where blank or unreadable."""
    if type(cell) is str:
        return _sex(cell)
    if cell is None or isinstance(cell, bool):
        return Text("", ())
    return _sex(as_typed(cell))


_CLASS_LABEL = re.compile(r"^\s*(kelas|kls|rombel|rombongan belajar)\b\s*[:.\-=]*\s*", re.I)
_GRADE = r"(?:XIII|XII|XI|X|VII|VIII|IX|1[0-3]|[7-9])"
_CLASS_NAME = re.compile(rf"^{_GRADE}(?=$|[\s.\-_/]|[A-Z]{{1,6}}[\s.\-]?\d)[\w .,\-/&()]{{0,40}}$", re.I)
BARE_GRADE = re.compile(rf"^(?:kelas\s+)?{_GRADE}$", re.I)


def class_in_title(text: str) -> str | None:
    """The class named by a title such as `KELAS : X-1`, `Rombel XI F-2` or `XII TKJ 1`, or None."""
    label = _CLASS_LABEL.match(text)
    rest = _SPACES.sub(" ", text[label.end() :] if label else text).strip()
    rest = re.split(r"\s{2,}|\bwali\b|\btahun\b|\bjumlah\b|\bsemester\b", rest, maxsplit=1, flags=re.I)[
        0
    ].strip(" ,;:-")
    return rest if rest and _CLASS_NAME.match(rest) else None


_RECORDED_STATES = {
    True: """sudah rekam; sudah; ya; y; bio captured; processing; sent for enrollment; sfe; received at central; print
        ready record; prr; sent for card printing; card printed; card shipped; card issued; siap cetak; sudah cetak;
        terekam; sudah perekaman; sudah direkam; s; sudah punya ktp; 1; sudah ktp""",
    False: """belum rekam; belum; tidak; t; unregistered; enroll failure at central; search failure at central; enroll
        failure at regional; adjudicate record; duplicate record; belum wajib; belum terekam; gagal rekam; b; belum
        perekaman; belum direkam; 0; belum ktp""",
}
_RECORDED = {
    " ".join(word.split()): answer for answer, words in _RECORDED_STATES.items() for word in words.split(";")
}


def read_recorded(text: str) -> bool | None:
    """Whether a KTP-el state says that the person is recorded; None where it says neither.

    A record that failed or awaits judgement at the centre does not count: the person is called again.
    """
    return _RECORDED.get(re.sub(r"[\W_]+", " ", text.casefold()).strip())


_MARRIED_WORDS = {
    True: """kawin; sudah kawin; k; s; menikah; nikah; kawin tercatat; kawin belum tercatat; cerai hidup; cerai mati;
        cerai; p; pernah kawin; sudah menikah; janda; duda""",
    False: "belum kawin; b; belum menikah; belum; bk; tidak kawin; belum nikah",
}
_MARRIED = {
    " ".join(word.split()): answer for answer, words in _MARRIED_WORDS.items() for word in words.split(";")
}


def read_married(text: str) -> bool | None:
    """Whether the person is or was married, which makes a voter of any age (UU 7/2017 art. 198); None where unsaid."""
    return _MARRIED.get(re.sub(r"[\W_]+", " ", text.casefold()).strip())
