"""The student list that Joko's school has just sent: a file as schools make them, with the usual defects."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO

from schools.students import StudentFacts

HEADINGS = (
    "No",
    "Nama Peserta Didik",
    "NISN",
    "NIK",
    "JK",
    "Tempat Lahir",
    "Tanggal Lahir",
    "Rombel",
    "Kecamatan",
)


def roster_csv(school_name: str, students: Iterable[StudentFacts]) -> bytes:
    """The list as a CSV file of Excel in Indonesian: semicolons, title lines, one row in forty with something wrong."""
    text = StringIO()
    lines = csv.writer(text, delimiter=";", lineterminator="\r\n")
    lines.writerow(["DAFTAR PESERTA DIDIK"])
    lines.writerow([school_name])
    lines.writerow([])
    lines.writerow(HEADINGS)
    before = ""
    for number, student in enumerate(students, 1):
        nik = _typed_nik(number, student.nik or "", before)
        born = student.birth_date.strftime("%d/%m/%Y")
        lines.writerow(
            [
                number,
                student.name.upper(),
                student.nisn,
                nik,
                student.sex,
                student.birth_place,
                "31/02/2010" if number % 160 == 37 else born,
                student.class_name,
                student.home_district,
            ]
        )
        before = nik
    return ("\ufeff" + text.getvalue()).encode()


def _typed_nik(number: int, nik: str, before: str) -> str:
    """The NIK as typed: now and then a digit short, lost in Excel, copied from the row above, or missing."""
    if number % 40 != 11 or not nik:
        return nik
    ways = (nik[:-1], f"{nik[0]},{nik[1:6]}E+15", before, "", nik[:5] + "O" + nik[6:])
    return ways[number // 40 % len(ways)]
