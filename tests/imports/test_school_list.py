"""The office's list of schools: any order of columns, each faulty row named, districts by code or name."""

import pytest

from imports.school_list import DistrictName, SchoolKind, SchoolRow, level_of, match_district, read_schools
from imports.sheets import Cell, RawSheet

DISTRICTS = (
    DistrictName("33.11.08", "Mojolaban"),
    DistrictName("33.11.01", "Weru"),
    DistrictName("33.11.02", "Bulu"),
)


def _read(*rows: list[Cell]) -> tuple[tuple[SchoolRow, ...], list[tuple[str, int]]]:
    found = read_schools(RawSheet(None, [list(row) for row in rows], typed=False))
    return found.schools, [(finding.kind.value, finding.row) for finding in found.findings]


def test_a_list_of_the_ministry_is_read() -> None:
    schools, wrong = _read(
        ["DAFTAR SEKOLAH"],
        ["NPSN", "Nama Sekolah", "Bentuk Pendidikan", "Status", "Kecamatan"],
        ["20310419", "SMAN 1 WERU", "SMA", "Negeri", "Kec. Weru"],
        [20310422.0, "SMAS ASSALAM", "SMA", "SWASTA", "MOJOLABAN"],
    )
    assert wrong == []
    assert schools == (
        SchoolRow(3, "20310419", "SMAN 1 WERU", "SMA", True, "Kec. Weru"),
        SchoolRow(4, "20310422", "SMAS ASSALAM", "SMA", False, "MOJOLABAN"),
    )


def test_a_list_with_english_headings_and_district_codes_is_read() -> None:
    head: list[Cell] = ["npsn", "name", "grade", "status", "kemendagri_kecamatan", "district"]
    schools, wrong = _read(
        head, ["20310424", "SMAN 1 MOJOLABAN", "SMA", "NEGERI", "33.11.08", "Kec. Mojolaban"]
    )
    assert (schools[0].district, wrong) == ("33.11.08", [])


def test_level_and_status_are_taken_from_the_name_where_the_list_has_none() -> None:
    schools, wrong = _read(
        ["NPSN", "Nama", "Kecamatan"],
        ["20310431", "SMKN 1 WERU", "Weru"],
        ["20310432", "MA SWASTA AL ISLAM", "Weru"],
        ["20310433", "SMA PANCASILA", "Weru"],
    )
    assert [(school.level, school.public) for school in schools] == [("SMK", True), ("MA", False)]
    assert wrong == [("OWNERSHIP_UNKNOWN", 4)]


def test_a_faulty_row_is_named_and_the_others_go_in() -> None:
    schools, wrong = _read(
        ["NPSN", "Nama Sekolah", "Jenjang", "Status", "Kecamatan"],
        ["20310419", "SMAN 1 WERU", "SMA", "N", "Weru"],
        ["2031041", "SMAN 2 WERU", "SMA", "N", "Weru"],
        ["20310419", "SMAN 3 WERU", "SMA", "N", "Weru"],
        ["20310450", "SDN 1 WERU", "SD", "N", "Weru"],
        ["20310451", "", "SMA", "N", ""],
    )
    assert [school.name for school in schools] == ["SMAN 1 WERU"]
    assert wrong == [
        ("NPSN_INVALID", 3),
        ("NPSN_DUPLICATE", 4),
        ("LEVEL_UNKNOWN", 5),
        ("SCHOOL_NAME_MISSING", 6),
        ("DISTRICT_MISSING", 6),
    ]


def test_a_sheet_that_is_no_list_of_schools_says_so() -> None:
    assert _read(["Nama", "Alamat"], ["Ratna", "Weru"]) == ((), [(SchoolKind.NO_SCHOOL_LIST.value, 0)])


@pytest.mark.parametrize(
    "text",
    [
        "33.11.08",
        "331108",
        "33.11.08.2001",
        "Mojolaban",
        "MOJOLABAN",
        "Kec. Mojolaban",
        "Kecamatan  mojo laban",
    ],
)
def test_a_district_is_found_by_code_or_name(text: str) -> None:
    assert match_district(text, DISTRICTS) == DISTRICTS[0]


@pytest.mark.parametrize("text", ["", "Grogol", "33.11.09", "3311", "Kec."])
def test_a_district_that_the_office_does_not_have_is_none(text: str) -> None:
    assert match_district(text, DISTRICTS) is None


@pytest.mark.parametrize(
    ("text", "level"), [("SMK", "SMK"), ("MAN 1 SUKOHARJO", "MA"), ("SLB N", "SLB"), ("SMP", None)]
)
def test_levels(text: str, level: str | None) -> None:
    assert level_of(text) == level
