"""The office's list of schools: a raw sheet becomes schools or, row by row, what is wrong with them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, unique

from imports.columns import column_letter, heading_key
from imports.sheets import Cell, RawSheet
from imports.values import as_typed, is_blank, read_text

LEVELS = ("SMA", "SMK", "MA", "SLB")


@unique
class SchoolKind(Enum):
    """What can be wrong with a row of a list of schools, or with the list."""

    NPSN_MISSING = "NPSN_MISSING"
    NPSN_INVALID = "NPSN_INVALID"
    NPSN_DUPLICATE = "NPSN_DUPLICATE"
    SCHOOL_NAME_MISSING = "SCHOOL_NAME_MISSING"
    LEVEL_UNKNOWN = "LEVEL_UNKNOWN"
    OWNERSHIP_UNKNOWN = "OWNERSHIP_UNKNOWN"
    DISTRICT_MISSING = "DISTRICT_MISSING"
    NO_SCHOOL_LIST = "NO_SCHOOL_LIST"


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """A school as its row names it. `district` is code or name as typed: see `match_district`."""

    row: int
    npsn: str
    name: str
    level: str
    public: bool
    district: str


@dataclass(frozen=True, slots=True)
class SchoolFinding:
    """What is wrong with a row, and where; `column` and `value` as the file shows them, row 0 for the whole list."""

    kind: SchoolKind
    row: int
    column: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class SchoolList:
    """The schools that can be taken from a list and what is wrong with the rest."""

    schools: tuple[SchoolRow, ...]
    findings: tuple[SchoolFinding, ...]


@dataclass(frozen=True, slots=True)
class DistrictName:
    """A district by its Kemendagri code (`33.11.08`) and its name (`Mojolaban`)."""

    code: str
    name: str


_HEADINGS = {
    "npsn": "npsn; no npsn; nomor npsn; npsn sekolah; kode npsn; nomor pokok sekolah nasional",
    "name": """nama; name; nama sekolah; nama satuan pendidikan; sekolah; satuan pendidikan; nama madrasah; nama sp;
        nama satuan; school; nama sekolah madrasah; nama lembaga""",
    "level": """level; grade; jenjang; bentuk pendidikan; bentuk; jenjang pendidikan; bp; jenis sekolah; tingkat; bentuk
        pend""",
    "public": "status; status sekolah; negeri swasta; kepemilikan; n s; ownership; negeri swasta sekolah",
    "district_code": """kemendagri kecamatan; kode kecamatan; kode wilayah; district code; kode kec; kode kemendagri;
        kode wilayah kecamatan""",
    "district_name": "kecamatan; district; kec; nama kecamatan; kapanewon; kemantren; wilayah",
}
_ROLE_OF = {" ".join(word.split()): role for role, words in _HEADINGS.items() for word in words.split(";")}

_LEVEL_WORDS = (
    ("SLB", re.compile(r"^(SLB|SMLB|SDLB|SLBN|SLBS|SEKOLAH LUAR BIASA)\b")),
    ("SMK", re.compile(r"^(SMKN|SMKS|SMK|MAK|SEKOLAH MENENGAH KEJURUAN)\b")),
    ("SMA", re.compile(r"^(SMAN|SMAS|SMA|SMTK|SMAK|SEKOLAH MENENGAH ATAS)\b")),
    ("MA", re.compile(r"^(MAN|MAS|MA|MADRASAH ALIYAH)\b")),
)
_PUBLIC = {"negeri": True, "n": True, "public": True, "swasta": False, "s": False, "private": False}


def read_schools(sheet: RawSheet) -> SchoolList:
    """The schools of a sheet whose header is within the first 30 rows, in any order of columns.

    A row with a fault is named and left out; the others go in. Where a list has no level or status the name tells:
    `SMKN 1 WERU` is a public SMK.
    """
    header = next(
        (i for i, row in enumerate(sheet.rows[:30]) if {"npsn", "name"} <= _roles(row).keys()),
        None,
    )
    if header is None:
        return SchoolList((), (SchoolFinding(SchoolKind.NO_SCHOOL_LIST, 0),))
    at = _roles(sheet.rows[header])
    schools: list[SchoolRow] = []
    findings: list[SchoolFinding] = []
    seen: set[str] = set()
    for index in range(header + 1, len(sheet.rows)):
        cells = sheet.rows[index]
        if all(is_blank(cell) for cell in cells) or _roles(cells).keys() >= {"npsn", "name"}:
            continue
        wrong, school = _school(index + 1, cells, at)
        if school is not None and school.npsn in seen:
            wrong, school = [(SchoolKind.NPSN_DUPLICATE, "npsn")], None
        if school is not None:
            seen.add(school.npsn)
            schools.append(school)
        for kind, role in wrong:
            place = at.get(role)
            value = as_typed(cells[place]) if place is not None and place < len(cells) else None
            findings.append(
                SchoolFinding(kind, index + 1, column_letter(place) if place is not None else None, value)
            )
    return SchoolList(tuple(schools), tuple(findings))


def _roles(row: Sequence[Cell]) -> dict[str, int]:
    """Which column holds what, by the headings of a row; the first of two equal ones."""
    found: dict[str, int] = {}
    for index, cell in enumerate(row):
        role = _ROLE_OF.get(heading_key(cell)) if isinstance(cell, str) else None
        if role is not None:
            found.setdefault(role, index)
    return found


def _school(
    row: int, cells: Sequence[Cell], at: dict[str, int]
) -> tuple[list[tuple[SchoolKind, str]], SchoolRow | None]:
    def text(role: str) -> str:
        place = at.get(role)
        return read_text(cells[place]).value if place is not None and place < len(cells) else ""

    wrong: list[tuple[SchoolKind, str]] = []
    npsn = re.sub(r"[\s.\-]", "", text("npsn"))
    name = text("name")
    if not npsn:
        wrong.append((SchoolKind.NPSN_MISSING, "npsn"))
    elif not re.fullmatch(r"[0-9]{8}", npsn):
        wrong.append((SchoolKind.NPSN_INVALID, "npsn"))
    if not name:
        wrong.append((SchoolKind.SCHOOL_NAME_MISSING, "name"))
    level = level_of(text("level") or name)
    if level is None:
        wrong.append((SchoolKind.LEVEL_UNKNOWN, "level"))
    public = _PUBLIC.get(text("public").casefold()) if text("public") else _public_by_name(name)
    if public is None:
        wrong.append((SchoolKind.OWNERSHIP_UNKNOWN, "public"))
    district = text("district_code") or text("district_name")
    if not district:
        wrong.append(
            (SchoolKind.DISTRICT_MISSING, "district_name" if "district_name" in at else "district_code")
        )
    if wrong or level is None or public is None:
        return wrong, None
    return wrong, SchoolRow(row, npsn, name, level, public, district)


def level_of(text: str) -> str | None:
    """SMA, SMK, MA or SLB from a level or the beginning of a school's name; None for any other school."""
    plain = " ".join(text.upper().replace(".", " ").split())
    return next((level for level, pattern in _LEVEL_WORDS if pattern.match(plain)), None)


def _public_by_name(name: str) -> bool | None:
    """Whether a name says public or private (`SMAN`, `SMAS`, `SMA NEGERI 1`), None where it says neither."""
    opening = re.match(r"^(?:SMA|SMK|MA|SLB)(N|S)?\b(?:\s+(NEGERI|SWASTA)\b)?", name.upper())
    if opening is None or not (opening[1] or opening[2]):
        return None
    return (opening[1] or opening[2][0]) == "N"


def _plain_district(text: str) -> str:
    words = re.sub(r"[^A-Z]+", " ", text.upper()).strip()
    return re.sub(r"^(?:(?:KECAMATAN|KEC|KAPANEWON|KEMANTREN|DISTRIK)\s+)+", "", words).replace(" ", "")


def match_district(text: str, districts: Sequence[DistrictName]) -> DistrictName | None:
    """The district that a text names by Kemendagri code (`33.11.08`, `331108`) or name (`Kec. Mojolaban`); None where
    it names none of them, or a name that two of them bear."""
    digits = re.sub(r"[^0-9]", "", text)
    if len(digits) >= 6 and not re.search(r"[A-Za-z]", text):
        return next((d for d in districts if re.sub(r"[^0-9]", "", d.code) == digits[:6]), None)
    wanted = _plain_district(text)
    named = [district for district in districts if wanted and _plain_district(district.name) == wanted]
    return named[0] if len(named) == 1 else None
