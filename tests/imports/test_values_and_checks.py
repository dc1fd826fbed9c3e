"""One cell, one row and one column: what is mended, warned of and rejected."""

from datetime import date, datetime

import pytest
from tiny_rosters import AS_OF, BUDI, HEAD, JOKO, RATNA, STUDENTS, changed, codes, judged, mended, one

from imports.findings import Kind, Status
from imports.sheets import Cell

NIK = "3311045703099901"


@pytest.mark.parametrize(
    ("cell", "fixes"),
    [
        (NIK, []),
        (f"'{NIK}", ["strip_apostrophe"]),
        (f"’{NIK}", ["strip_apostrophe"]),
        (f" {NIK} ", ["trim"]),
        (f"\u00a0{NIK}", ["nbsp"]),
        (f"\u200b{NIK}\ufeff", ["nbsp"]),
        ("3311 0457 0309 9901", ["nik_separators"]),
        ("331104.570309.9901", ["nik_separators"]),
        ("33-11-04-570309-9901", ["nik_separators"]),
        (f'="{NIK}"', ["formula_string"]),
        (3311045703099901.0, ["numeric_nik"]),
        (3311045703099901, ["numeric_nik"]),
        (f"{NIK}.0", ["numeric_nik"]),
    ],
)
def test_a_nik_is_found_whatever_stands_around_it(cell: Cell, fixes: list[str]) -> None:
    row = one(nik=cell)
    assert (row.nik, codes(row), mended(row)) == (NIK, [], fixes)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("331104570309990", "NIK_LENGTH"),
        ("33110457030999011", "NIK_LENGTH"),
        (331104570309990.0, "NIK_LENGTH"),
        ("331104570309990I", "NIK_NONDIGIT"),
        ("33110457030999**", "NIK_NONDIGIT"),
        ("٣٣١١٠٤٥٧٠٣٠٩٩٩٠١x", "NIK_NONDIGIT"),
        ("3.31105E+15", "NIK_PRECISION_LOST"),
        ("3,31105E+15", "NIK_PRECISION_LOST"),
        ("3E+15", "NIK_PRECISION_LOST"),
        ("3311045703090000", "NIK_PRECISION_LOST"),
        (9171044312089948.0, "NIK_PRECISION_LOST"),
        ("3311043213099901", "NIK_DATE_INVALID"),
        ("3311043102099901", "NIK_DATE_INVALID"),
        ("3311040013099901", "NIK_DATE_INVALID"),
        ("0011045703099901", "NIK_REGION_UNKNOWN"),
        ("3911045703099901", "NIK_REGION_UNKNOWN"),
        ("3311041203759901", "NIK_PARENT_SUSPECT"),
    ],
)
def test_a_nik_that_cannot_be_right_is_rejected_and_kept_as_typed(cell: Cell, code: str) -> None:
    row = one(nik=cell)
    assert (row.status, row.nik, codes(row)) == (Status.REJECTED, None, [code])
    assert row.name == "RATNA AYU"
    (finding,) = row.findings
    assert (finding.row, finding.column, finding.heading) == (2, "C", "NIK")
    assert finding.value is not None and finding.value[:4] == str(cell)[:4]


@pytest.mark.parametrize(
    "cell", ["", None, "-", 0, 0.0, "0", "0000000000000000", "belum ada", "Tidak Ada", "#N/A"]
)
def test_a_missing_nik_keeps_the_person_with_a_warning(cell: Cell) -> None:
    row = one(nik=cell)
    assert (row.status, row.nik, codes(row)) == (Status.WARNED, None, ["NIK_MISSING"])


def test_an_adult_student_whose_birth_date_agrees_with_the_nik_is_no_parent() -> None:
    assert codes(one(nik="3311045703959901", tanggal="1995-03-17")) == ["AGE_UNUSUAL"]


def test_the_nik_may_differ_from_date_and_sex_with_a_warning() -> None:
    assert codes(one(tanggal="2009-03-18")) == ["NIK_DOB_MISMATCH"]
    assert codes(one(jk="L")) == ["NIK_SEX_MISMATCH"]


def test_a_parents_nik_in_the_students_column_is_rejected_even_when_it_looks_young() -> None:
    head = [*HEAD, "NIK Ibu"]
    row = judged(head, [*RATNA, NIK], [*BUDI, "3311044101809904"]).rows[0]
    assert (codes(row), row.nik) == (["NIK_PARENT_SUSPECT"], None)


@pytest.mark.parametrize(
    ("cell", "fixes"),
    [
        ("2009-03-17", []),
        ("2009-03-17 00:00:00", []),
        ("2009/03/17", []),
        (date(2009, 3, 17), ["date_cell"]),
        (datetime(2009, 3, 17, 7, 30), ["date_cell"]),
        (39889.0, ["excel_serial_date"]),
        ("39889", ["excel_serial_date"]),
        ("17/03/2009", ["dmy_text"]),
        ("17-03-2009", ["dmy_text"]),
        ("17.3.2009", ["dmy_text"]),
        ("17/03/09", ["dmy_text", "two_digit_year"]),
        ("03/17/2009", ["mdy_text"]),
        ("17 Maret 2009", ["month_name_date"]),
        ("17 MARET 2009", ["month_name_date"]),
        ("17-Mar-09", ["month_name_date", "two_digit_year"]),
        ("March 17, 2009", ["month_name_date"]),
        ("Selasa, 17 Maret 2009", ["month_name_date"]),
        ("20090317", []),
        ("'17-03-2009", ["strip_apostrophe", "dmy_text"]),
    ],
)
def test_a_birth_date_is_read_in_every_way_schools_write_it(cell: Cell, fixes: list[str]) -> None:
    row = one(tanggal=cell)
    assert (row.birth_date, codes(row), mended(row)) == (date(2009, 3, 17), [], fixes)


@pytest.mark.parametrize("month", ["Mei", "Agustus", "Ags", "Agt", "Oktober", "Des", "Nopember", "Pebruari"])
def test_indonesian_months_are_known(month: str) -> None:
    assert one(tanggal=f"3 {month} 2009").birth_date is not None


@pytest.mark.parametrize(
    "cell", ["", "-", "0000-00-00", "31/02/2009", "2009-13-01", "entah", 2009, 12.0, "17/03/2031"]
)
def test_a_date_that_is_none_is_taken_from_the_nik(cell: Cell) -> None:
    row = one(tanggal=cell)
    assert (row.birth_date, codes(row)) == (date(2009, 3, 17), ["DOB_FROM_NIK"])


def test_without_nik_and_date_a_row_is_rejected() -> None:
    row = one(nik="", tanggal="")
    assert (row.status, codes(row)) == (Status.REJECTED, ["NIK_MISSING", "DOB_INVALID"])


def test_a_date_of_two_readings_follows_a_column_that_is_settled() -> None:
    day_first = judged(HEAD, changed(RATNA, tanggal="03/04/2009"), changed(BUDI, tanggal="25/08/2010")).rows[
        0
    ]
    assert (day_first.birth_date, codes(day_first)) == (date(2009, 4, 3), ["NIK_DOB_MISMATCH"])
    month_first = judged(
        HEAD, changed(RATNA, tanggal="03/04/2009"), changed(BUDI, tanggal="08/25/2010")
    ).rows[0]
    assert (month_first.birth_date, mended(month_first)) == (date(2009, 3, 4), ["mdy_text"])


def test_a_date_of_two_readings_in_an_unsettled_column_follows_the_nik_and_is_named() -> None:
    row = one(nik="3311044403099901", tanggal="03/04/2009")
    assert (row.birth_date, codes(row), mended(row)) == (date(2009, 3, 4), ["DOB_AMBIGUOUS"], ["mdy_text"])
    day_first = one(nik="3311044304099901", tanggal="03/04/2009")
    assert (day_first.birth_date, codes(day_first)) == (date(2009, 4, 3), ["DOB_AMBIGUOUS"])
    without = one(nik="", tanggal="03/04/2009")
    assert (without.birth_date, codes(without)) == (date(2009, 4, 3), ["NIK_MISSING", "DOB_AMBIGUOUS"])


def test_a_date_with_dashes_is_day_first_without_a_word() -> None:
    row = one(nik="3311044304099901", tanggal="03-04-2009")
    assert (row.birth_date, codes(row)) == (date(2009, 4, 3), [])


@pytest.mark.parametrize(
    "cell",
    ["Perempuan", "PEREMPUAN", "p", "Pr", "wanita", "2", 2, 2.0, "2. Perempuan", "F", "female", "putri"],
)
def test_sex_is_read_from_words_and_codes(cell: Cell) -> None:
    row = one(jk=cell)
    assert (row.sex, codes(row), mended(row)) == ("P", [], ["jk_words"])


@pytest.mark.parametrize("cell", ["Laki-laki", "LAKI - LAKI", "l", "Lk", "pria", 1, "1", "M"])
def test_sex_of_a_man_is_read_from_words_and_codes(cell: Cell) -> None:
    assert judged(HEAD, changed(BUDI, jk=cell)).rows[0].sex == "L"


@pytest.mark.parametrize("cell", ["", "?", "XX"])
def test_a_missing_sex_is_taken_from_the_nik(cell: Cell) -> None:
    row = one(jk=cell)
    assert (row.sex, codes(row)) == ("P", ["JK_FROM_NIK"])


def test_a_nisn_stored_as_number_gets_its_zeros_back() -> None:
    row = one(nisn=99000001.0)
    assert (row.nisn, codes(row), mended(row)) == ("0099000001", ["NISN_ZERO_PADDED"], ["numeric_nisn"])


def test_a_short_nisn_as_text_is_padded_only_where_it_lost_zeros() -> None:
    typing_error = one(nisn="10900636")
    assert (typing_error.nisn, codes(typing_error)) == (None, ["NISN_INVALID"])
    lost = judged(
        HEAD, changed(RATNA, nisn="99000001"), changed(BUDI, nisn="109000002"), name=None, typed=False
    )
    assert [codes(row) for row in lost.rows] == [["NISN_ZERO_PADDED"], ["NISN_ZERO_PADDED"]]


def test_a_column_that_is_not_there_gives_no_code() -> None:
    reading = judged(
        ["No", "Nama", "Tanggal Lahir"], [1, "RATNA AYU", "2009-03-17"], [2, "BUDI", "2010-08-03"]
    )
    assert [codes(row) for row in reading.rows] == [[], []]


def test_the_same_student_twice_is_kept_once() -> None:
    rows = judged(HEAD, *STUDENTS, RATNA).rows
    assert codes(rows[3]) == ["DUPLICATE_ROW"] and rows[3].nik == NIK
    assert rows[3].findings[0].earlier_row == 2
    assert rows[0].status is Status.ACCEPTED


def test_another_person_with_the_same_nik_is_rejected_without_it() -> None:
    row = judged(HEAD, RATNA, changed(BUDI, nik=NIK)).rows[1]
    assert (codes(row), row.nik, row.birth_date) == (["NIK_DUPLICATE_CONFLICT"], None, date(2010, 8, 3))


def test_a_nisn_of_two_persons_is_named_at_the_second() -> None:
    rows = judged(HEAD, RATNA, changed(BUDI, nisn="0099000001")).rows
    assert [codes(row) for row in rows] == [[], ["NISN_DUPLICATE"]]


def test_a_row_without_a_name_does_not_make_the_good_row_a_duplicate() -> None:
    rows = judged(HEAD, changed(RATNA, nama=""), RATNA).rows
    assert [codes(row) for row in rows] == [["NAME_MISSING"], []]


def _rounded(count: int, step: int = 10) -> list[list[Cell]]:
    return [[n, f"SISWA {chr(64 + n)}", 3311045703099000.0 + n * step, "XII"] for n in range(1, count + 1)]


def test_a_column_of_rounded_niks_is_named_and_every_one_is_lost() -> None:
    reading = judged(["No", "Nama", "NIK", "Kelas"], *_rounded(8))
    assert [kind.value for kind in reading.reasons] == ["NIK_COLUMN_ROUNDED"]
    assert {tuple(codes(row)) for row in reading.rows} == {("NIK_PRECISION_LOST",)}


def test_one_number_ending_in_zero_in_a_sound_column_is_only_a_warning() -> None:
    row = one(nik=3311045703099910.0)
    assert (row.nik, codes(row)) == ("3311045703099910", ["NIK_LAST_DIGIT_ZERO"])
    assert judged(["No", "Nama", "NIK", "Kelas"], *_rounded(8, step=1)).reasons == ()


def test_rounded_numbers_in_csv_text_are_found_too() -> None:
    rows = [[str(n), f"SISWA {chr(64 + n)}", f"33110457030990{n}0"] for n in range(1, 9)]
    assert [kind.value for kind in judged(["No", "Nama", "NIK"], *rows, typed=False).reasons] == [
        "NIK_COLUMN_ROUNDED"
    ]
    shown = [[str(n), f"SISWA {chr(64 + n)}", "3,31105E+15"] for n in range(1, 9)]
    assert [kind.value for kind in judged(["No", "Nama", "NIK"], *shown, typed=False).reasons] == [
        "NIK_COLUMN_ROUNDED"
    ]


@pytest.mark.parametrize(
    ("cell", "name", "fixes"),
    [
        ("RATNA\nAYU", "RATNA AYU", ["newline_in_name"]),
        ("  RATNA  AYU ", "RATNA AYU", ["trim", "collapse_space"]),
        ("RATNA AYU\t", "RATNA AYU", ["trim"]),
        ("NUR'AINI", "NUR'AINI", []),
    ],
)
def test_a_name_is_mended_and_not_changed(cell: str, name: str, fixes: list[str]) -> None:
    row = one(nama=cell)
    assert (row.name, mended(row)) == (name, fixes)


def test_the_class_ten_is_no_sign_for_nothing() -> None:
    assert one(kelas="X").class_name == "X"
    assert codes(one(kelas="-")) == ["ROMBEL_MISSING"]


def test_ages_outside_14_to_21_are_named_and_counted_by_birthday() -> None:
    assert codes(judged(HEAD, changed(JOKO, nik="", tanggal="2004-11-23")).rows[0]) == ["NIK_MISSING"]
    assert codes(judged(HEAD, changed(JOKO, nik="", tanggal="2004-11-22")).rows[0]) == [
        "NIK_MISSING",
        "AGE_UNUSUAL",
    ]
    assert codes(judged(HEAD, changed(JOKO, nik="", tanggal="2012-11-22")).rows[0]) == ["NIK_MISSING"]
    assert codes(judged(HEAD, changed(JOKO, nik="", tanggal="2012-11-23")).rows[0]) == [
        "NIK_MISSING",
        "AGE_UNUSUAL",
    ]
    assert date(2026, 11, 22) == AS_OF


def test_a_row_copied_without_its_nik_is_the_same_student() -> None:
    reading = judged(HEAD, RATNA, changed(RATNA, nik="", nisn=""), BUDI)
    assert [row.reasons for row in reading.rows if row.status is Status.REJECTED] == [
        (Kind.NIK_MISSING, Kind.NISN_MISSING, Kind.DUPLICATE_ROW)
    ]
    assert reading.rows[1].findings[-1].earlier_row == 2


def test_namesakes_born_on_one_day_with_numbers_of_their_own_are_two_students() -> None:
    twin = changed(RATNA, nik="3311045703099911", nisn="0099000009")
    reading = judged(
        HEAD, RATNA, twin, changed(BUDI, nik="", nisn="0109000002"), changed(BUDI, nik="", nisn="0109000003")
    )
    assert [row.status for row in reading.rows if row.status is Status.REJECTED] == []


def test_a_row_that_stays_out_makes_no_other_a_double() -> None:
    reading = judged(HEAD, changed(RATNA, nik="331104"), changed(RATNA, nik=""))
    assert [row.status for row in reading.rows] == [Status.REJECTED, Status.WARNED]
