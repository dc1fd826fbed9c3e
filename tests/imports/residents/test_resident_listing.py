"""Lists of residents as offices have them: from SIAK, of voters, and NIKs alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from imports.findings import Kind
from imports.residents.listing import ListRead, masked_nik, read_list
from imports.sheets import RawSheet
from imports.workbook import read_workbook

TODAY = date(2026, 11, 22)
ROSTERS = Path(__file__).resolve().parents[2] / "data/rosters"
VOTERS = [
    *[
        "NIK",
        "NO KK",
        "NAMA",
        "TEMPAT LAHIR",
        "TANGGAL LAHIR",
        "JENIS KELAMIN",
        "STATUS PERKAWINAN",
        "ALAMAT",
    ],
    *["RT", "RW", "DESA", "KECAMATAN", "TPS", "KODE TMS", "COKLIT", "KTP ELEKTRONIK", "PEMILIH BARU"],
    *["PEMILIH PEMULA", "KODE DISABILITAS", "UBAH DATA", "STATUS"],
]


def voter(nik: str, name: str, born: str, recorded: str = "") -> list[str]:
    person = [nik, "", name, "SUKOHARJO", born, "P", "B"]
    home = ["DK. KEMIRI", "001", "002", "JOHO", "MOJOLABAN"]
    return [*person, *home, "3", "", "Y", recorded, *[""] * 5]


def read(*rows: list[object], name: str = "Daftar") -> ListRead:
    return read_list((RawSheet(name, [list(row) for row in rows]),), TODAY, lambda *_: None)  # type: ignore[arg-type]


def test_the_list_of_the_office_is_read_whole_with_the_word_of_each_row() -> None:
    found = read_workbook((ROSTERS / "17_disdukcapil_pemula_belum_rekam_350.xlsx").read_bytes())
    assert not isinstance(found, Kind)
    listed = read_list(found, TODAY, lambda *_: None)
    assert len(listed.residents) == 350
    told = [resident.is_recorded for resident in listed.residents]
    assert (told.count(True), told.count(False), told.count(None)) == (55, 295, 0)
    first = listed.residents[0]
    assert (first.name, first.nik, first.birth_date) == (
        "ALIFAH ARUM RATNA SAPUTRI",
        "3311045307089036",
        date(2008, 7, 13),
    )


def test_a_voter_list_is_read_also_where_its_niks_are_masked() -> None:
    listed = read(
        VOTERS,
        voter("3311084501099001", "DEWI CONTOH", "05-01-2009", "S"),
        voter("331108**********", "EKO CONTOH", "06/01/2009", "B"),
        voter("33110847010990**", "RINA CONTOH", ""),
        voter("3311************", "", "06/01/2009"),
    )
    dewi, eko, rina, nobody = listed.residents
    assert (dewi.nik, dewi.nik_shown, dewi.is_recorded) == ("3311084501099001", "", True)
    assert (dewi.address, dewi.district) == ("DK. KEMIRI RT 001 RW 002, JOHO", "MOJOLABAN")
    assert (eko.nik, eko.nik_shown, eko.birth_date, eko.is_recorded) == (
        None,
        "331108**********",
        date(2009, 1, 6),
        False,
    )
    assert rina.birth_date == date(2009, 1, 7), "the visible digits of the NIK say when"
    assert not nobody.can_be_matched


@pytest.mark.parametrize(
    "text",
    [
        "3311084501099001\n3311080601099002\n",
        "NIK\n3311084501099001\n3311080601099002\n",
        "Daftar sudah rekam\n3311084501099001\n3311080601099002\n",
        "1;3311084501099001\n2;3311080601099002\n",
        "1. 3311084501099001\n2. 3311080601099002\n",
        "33.1108.450109.9001\n'3311080601099002\n",
    ],
)
def test_a_plain_list_of_niks_needs_no_heading(text: str) -> None:
    found = read_workbook(text.encode())
    assert not isinstance(found, Kind)
    listed = read_list(found, TODAY, lambda *_: None)
    assert [resident.nik for resident in listed.residents] == ["3311084501099001", "3311080601099002"]
    assert listed.residents[0].birth_date == date(2009, 1, 5)


def test_a_number_that_is_no_nik_counts_as_a_row_nobody_can_match() -> None:
    text = "3311084501099001\n331108060109900\n3311089901099003\nJumlah 3\n3311080601099002\n"
    found = read_workbook(text.encode())
    assert not isinstance(found, Kind)
    listed = read_list(found, TODAY, lambda *_: None)
    assert [(resident.row, resident.can_be_matched) for resident in listed.residents] == [
        (1, True),
        (2, False),
        (3, False),
        (5, True),
    ]


def test_niks_that_went_through_excel_as_numbers_are_left_aside_and_names_are_kept() -> None:
    rows = [[f"CONTOH {n}", 3311084501090000.0 + 10 * n, "2009-01-05"] for n in range(12)]
    listed = read(["NAMA", "NIK", "TANGGAL LAHIR"], *rows)
    assert listed.is_rounded
    assert {resident.nik for resident in listed.residents} == {None}
    assert all(resident.can_be_matched for resident in listed.residents)


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        ([["Rekap harian"], ["Kecamatan", "Jumlah"], ["Grogol", 12]], Kind.WRONG_DOCUMENT),
        ([["NAMA", "NIK"]], Kind.NO_STUDENT_ROWS),
        (
            [["DAFTAR GURU"], ["NAMA", "NIK", "NUPTK"], ["ANI", "3311084501099001", "1"]],
            Kind.WRONG_DOCUMENT_DAFTAR_GURU,
        ),
        ([["NAMA", "JK", "KELAS"], ["ANI", "P", "X-1"]], Kind.NO_STUDENT_ROWS),
        ([["", ""]], Kind.NO_STUDENT_ROWS),
    ],
)
def test_a_file_by_which_nobody_can_be_matched_is_refused_by_name(
    rows: list[list[object]], kind: Kind
) -> None:
    listed = read(*rows)
    assert (listed.refused, listed.residents) == (kind, ())


def test_a_schools_roster_is_no_list_of_residents() -> None:
    dapodik = [
        "No",
        "Nama",
        "NIPD",
        "JK",
        "NISN",
        "Tempat Lahir",
        "Tanggal Lahir",
        "NIK",
        "Rombel Saat Ini",
        "Kebutuhan Khusus",
    ]
    row = [
        1,
        "DEWI CONTOH",
        "1234",
        "P",
        "0091234567",
        "Sukoharjo",
        "2009-01-05",
        "3311084501099001",
        "X-1",
        "Tidak ada",
    ]
    assert read(dapodik, row).refused is Kind.WRONG_DOCUMENT_ROSTER


def test_hidden_sheets_are_not_read() -> None:
    sheet = RawSheet("Lama", [["NIK"], ["3311084501099001"]], hidden=True)
    assert read_list((sheet,), TODAY, lambda *_: None).refused is not None


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("3311*******99001", "3311*******99001"),
        ("3311xxxxxxxxxx01", "3311**********01"),
        ("3311 **** **** 9001", "3311********9001"),
        ("****************", ""),
        ("331***", ""),
        ("3311084501099001", ""),
        (3311084501099001.0, ""),
        (None, ""),
    ],
)
def test_a_masked_nik_keeps_what_it_shows(cell: object, shown: str) -> None:
    assert masked_nik(cell) == shown  # type: ignore[arg-type]
