"""What stands above a list: which school, district and class it is of, and whether it is another document."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from imports.columns import Field, heading_key
from imports.findings import Kind
from imports.layout import Row, Table
from imports.values import class_in_title


@dataclass(frozen=True, slots=True)
class Titles:
    """What the titles above a list say: each None where they do not."""

    school: str | None
    district: str | None
    class_name: str | None


_SCHOOL = re.compile(
    r"\b(SMAN|SMAS|SMA|SMKN|SMKS|SMK|MAN|MAS|MAK|MA|SLBN|SLBS|SLB|SMLB|MADRASAH ALIYAH|SEKOLAH MENENGAH"
    r"|SEKOLAH LUAR BIASA)\b(?=[\s.]+\S)[^:;|]*",
    re.I,
)
_AFTER_SCHOOL = re.compile(
    r"\s*(?:[-–(,]\s*)?\b(KECAMATAN|KEC\.|KABUPATEN|KAB\.|TAHUN|TP\.?\s|T\.?A\.?\s|SEMESTER|KELAS\b|ALAMAT|NPSN).*$",
    re.I,
)
_DISTRICT = re.compile(
    r"\b(?:KECAMATAN|KEC)\b[\s.:]*(?:KEC\b\.?\s*)?([^,;:|\d]+?)(?=$|[,;|]|\s+(?:KABUPATEN|KAB|KOTA|PROVINSI)\b)",
    re.I,
)
_NOT_A_SCHOOL = re.compile(r"\b(daftar|data|wali|kepala|tanggal|pengunduh|alamat)\b", re.I)


def titles_say(titles: Sequence[str]) -> Titles:
    """School, district and class as the titles above a list name them."""
    school = district = class_name = None
    for text in titles:
        for line in re.split(r"[\r\n]+", text):
            line = " ".join(line.split())
            if class_name is None and re.match(r"^(kelas|rombel|rombongan belajar|kls)\b", line, re.I):
                class_name = class_in_title(line)
            if district is None:
                found = _DISTRICT.search(line)
                district = found.group(1).strip(" .") if found else None
            if school is None:
                named = _SCHOOL.search(line)
                if named and (
                    named.start() == 0 or _NOT_A_SCHOOL.search(line[: named.start()]) or ":" in line
                ):
                    name = _AFTER_SCHOOL.sub("", named.group(0)).strip(" ,-–.")
                    school = name if len(name.split()) > 1 else None
    # A class may stand in two cells: "Kelas" and, beside it, "X-1".
    if class_name is None:
        for label, value in pairwise(titles):
            if re.match(r"^\s*(kelas|rombel|kls)\s*:?\s*$", label, re.I):
                class_name = class_in_title(value.lstrip(" :"))
                break
    return Titles(school, district or None, class_name)


_WRONG_TITLES = (
    (
        Kind.WRONG_DOCUMENT_PD_KELUAR,
        re.compile(r"\b(peserta didik|siswa|pd|murid)\b.{0,20}\bkeluar\b|\bmutasi keluar\b"),
    ),
    (Kind.WRONG_DOCUMENT_TENDIK, re.compile(r"\b(daftar|data)\b.{0,25}\b(tenaga kependidikan|tendik|ptk)\b")),
    (Kind.WRONG_DOCUMENT_DAFTAR_GURU, re.compile(r"^(daftar|data)( nama)? guru\b")),
)


def wrong_document(table: Table | None, titles: Sequence[str], body: Sequence[Row]) -> Kind | None:
    """Which other document a sheet is, by its titles and headings; None where it may be a list of students.

    A list of staff read as students would be a breach of privacy, so the headings alone are enough to refuse it.
    """
    for text in titles:
        key = heading_key(text)
        for kind, pattern in _WRONG_TITLES:
            if pattern.search(key):
                return kind
    if table is None:
        return None
    fields = {column.field for column in table.columns}
    if Field.LEFT_SCHOOL in fields:
        return Kind.WRONG_DOCUMENT_PD_KELUAR
    if Field.STAFF in fields and not fields & {Field.NISN, Field.CLASS, Field.GRADE}:
        staff = table.columns_of(Field.STAFF)
        teaches = any(
            isinstance(cell, str) and cell.strip().casefold().startswith("guru")
            for row in body[:50]
            for cell in (row[column.index] for column in staff if column.index < len(row))
        )
        return Kind.WRONG_DOCUMENT_DAFTAR_GURU if teaches else Kind.WRONG_DOCUMENT_TENDIK
    identity = {Field.NIK, Field.NISN, Field.BIRTH_DATE, Field.PLACE_AND_DATE}
    if not fields & identity and any("daftar hadir" in heading_key(text) for text in titles):
        return Kind.WRONG_DOCUMENT
    return None
