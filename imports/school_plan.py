"""Rule: which schools of a list can be loaded, and which districts the office must name first."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from imports.school_list import DistrictName, SchoolRow, match_district
from schools.names import plain_name


@dataclass(frozen=True, slots=True)
class ListedSchool:
    """A school of a list with its district: `code` is None while the office does not have the district."""

    school: SchoolRow
    code: str | None


@dataclass(frozen=True, slots=True)
class UnknownDistrict:
    """A district as a list writes it that the office does not have; `code` and `name` are what the list says of it."""

    text: str
    code: str
    name: str
    schools: int


@dataclass(frozen=True, slots=True)
class SchoolPlan:
    """What loading a list would do."""

    schools: tuple[ListedSchool, ...]
    unknown: tuple[UnknownDistrict, ...]


def plan_schools(
    schools: Sequence[tuple[SchoolRow, str]], districts: Sequence[DistrictName], region: str
) -> SchoolPlan:
    """Each school (with the name its list gives the district) beside its district.

    A code is suggested for a district the office does not have only when it is of the office's own `region`.
    """
    known: dict[str, str | None] = {}
    listed = []
    unknown: dict[str, list[str]] = {}
    for school, name in schools:
        if school.district not in known:
            found = match_district(school.district, districts)
            known[school.district] = found.code if found else None
        code = known[school.district]
        listed.append(ListedSchool(school, code))
        if code is None:
            unknown.setdefault(school.district, []).append(name)
    return SchoolPlan(
        tuple(listed),
        tuple(
            UnknownDistrict(text, _code_in(text, region), _tidy(names[0]), len(names))
            for text, names in unknown.items()
        ),
    )


def district_code(text: str, region: str) -> str | None:
    """A Kemendagri code `33.11.08` of the office's region from what was typed (331108, 33.11.08); None otherwise."""
    digits = re.sub(r"[\s.\-]", "", text)
    if not re.fullmatch(r"[0-9]{6}", digits):
        return None
    code = f"{digits[:2]}.{digits[2:4]}.{digits[4:]}"
    return code if code.startswith(f"{region}.") else None


def with_named(
    districts: Sequence[DistrictName], named: Mapping[str, tuple[str, str]]
) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """What was typed for unknown districts (text -> code, name) as text -> code, and the districts to add.

    A code the office has already makes the text another name for that district, which keeps its own.
    """
    known = {district.code for district in districts}
    new = {code: name for code, name in named.values() if code not in known}
    return {text: code for text, (code, _) in named.items()}, sorted(new.items())


def _code_in(text: str, region: str) -> str:
    return district_code(text, region) or ""


def _tidy(name: str) -> str:
    """`KEC. MOJOLABAN` as an office writes it: Mojolaban."""
    plain = re.sub(
        r"^\s*((kecamatan|kec|kapanewon|kemantren|distrik)\b[.\s]*)+", "", name, flags=re.I
    ).strip()
    if not plain_name(plain):
        return ""
    return plain.title() if plain.isupper() or plain.islower() else plain
