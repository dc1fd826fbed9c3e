"""Rule: which schools of a list can be loaded, and which districts the office must name first."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from imports.school_list import DistrictName, SchoolRow, match_district
from schools.names import plain_name


@dataclass(frozen=True, slots=True)
class KnownSchool:
    """A school as the office has it; `district` is the district's name."""

    npsn: str
    name: str
    level: str
    is_public: bool
    district: str


@dataclass(frozen=True, slots=True)
class SchoolChange:
    """One fact of a known school, as it is and as it would be. `fact` is its name in KnownSchool."""

    fact: str
    old: str | bool
    new: str | bool


@dataclass(frozen=True, slots=True)
class ListedSchool:
    """A school of a list with its district: `code` is None while the office does not have the district.

    `district` is the name it would have; `changes` what would change of a school that the office has (`is_known`).
    """

    school: SchoolRow
    code: str | None
    district: str
    is_known: bool
    changes: tuple[SchoolChange, ...]


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

    @property
    def new(self) -> tuple[ListedSchool, ...]:
        """Schools that the office does not have."""
        return tuple(listed for listed in self.schools if not listed.is_known)

    @property
    def changed(self) -> tuple[ListedSchool, ...]:
        """Schools that the office has under the same NPSN with other facts."""
        return tuple(listed for listed in self.schools if listed.changes)


def plan_schools(
    schools: Sequence[tuple[SchoolRow, str]],
    districts: Sequence[DistrictName],
    region: str,
    held: Sequence[KnownSchool] = (),
) -> SchoolPlan:
    """Each school (with the name its list gives the district) beside its district and what the office holds of it.

    A code is suggested for a district the office does not have only when it is of the office's own `region`.
    """
    known: dict[str, DistrictName | None] = {}
    by_npsn = {school.npsn: school for school in held}
    listed = []
    unknown: dict[str, list[str]] = {}
    for school, name in schools:
        if school.district not in known:
            known[school.district] = match_district(school.district, districts)
        found = known[school.district]
        before = by_npsn.get(school.npsn)
        district = found.name if found else _tidy(name) or school.district
        changes = _changes(before, school, district) if before else ()
        listed.append(
            ListedSchool(school, found.code if found else None, district, before is not None, changes)
        )
        if found is None:
            unknown.setdefault(school.district, []).append(name)
    return SchoolPlan(
        tuple(listed),
        tuple(
            UnknownDistrict(text, _code_in(text, region), _tidy(names[0]), len(names))
            for text, names in unknown.items()
        ),
    )


def _changes(before: KnownSchool, school: SchoolRow, district: str) -> tuple[SchoolChange, ...]:
    facts: tuple[tuple[str, str | bool, str | bool], ...] = (
        ("name", before.name, school.name),
        ("level", before.level, school.level),
        ("is_public", before.is_public, school.public),
        ("district", before.district, district),
    )
    return tuple(SchoolChange(fact, old, new) for fact, old, new in facts if old != new)


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
