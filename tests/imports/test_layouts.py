"""Whole small lists in the layouts that schools send: where the header is, and which rows are no students."""

from pathlib import Path

import pytest
from tiny_rosters import (
    AS_OF,
    BUDI,
    HEAD,
    JOKO,
    RATNA,
    STUDENTS,
    changed,
    codes,
    judged,
    mended,
    read_bytes,
    xlsx,
)

from imports.columns import Field, column_letter, field_of
from imports.findings import Action, Kind, Status
from imports.layout import Layout
from imports.reading import judge_sheets, read_roster
from imports.sheets import Cell, RawSheet
from imports.wishes import Wishes

ROSTERS = Path(__file__).parent.parent / "data" / "rosters"


def test_a_header_is_found_on_row_12_below_a_letterhead() -> None:
    above: list[list[Cell]] = [
        ["PEMERINTAH PROVINSI JAWA TENGAH"],
        ["SMA NEGERI 1 WERU"],
        ["Jl. Raya No. 1"],
        [],
    ]
    reading = judged(*above, *[[]] * 7, HEAD, *STUDENTS)
    assert reading.sheets[0].header_rows == (12,)
    assert [row.row for row in reading.rows] == [13, 14, 15]
    assert reading.school == "SMA NEGERI 1 WERU"


def test_a_header_below_row_30_is_not_looked_for() -> None:
    assert judged(*[["catatan"]] * 30, HEAD, *STUDENTS).reasons == (Kind.WRONG_DOCUMENT,)


def test_two_joined_header_rows_keep_the_parents_apart() -> None:
    first = ["No", "Identitas Siswa", "", "", "", "Data Ayah", "", "Data Ibu", "", "Kelas"]
    second = ["", "Nama", "NIK", "JK", "Tanggal Lahir", "Nama", "NIK", "Nama", "NIK", ""]
    father, mother = "3311041203759901", "3311044101809904"
    row = [1, "RATNA AYU", RATNA[2], "P", "2009-03-17", "WAGIYO", father, "SITI", mother, "XII F-1"]
    reading = judged(first, second, row)
    assert (reading.rows[0].name, reading.rows[0].nik, reading.rows[0].class_name) == (
        "RATNA AYU",
        RATNA[2],
        "XII F-1",
    )
    assert father not in repr(reading) and "WAGIYO" not in repr(reading)


def test_a_header_of_three_rows_is_joined() -> None:
    rows = [
        ["No", "Identitas Siswa", "", "", "Data Orang Tua", ""],
        ["", "Nama", "NIK", "Tempat, Tanggal Lahir", "Ayah", ""],
        ["", "", "", "", "Nama", "NIK"],
        [1, "RATNA AYU", RATNA[2], "Sukoharjo, 17 Maret 2009", "WAGIYO", "3311041203759901"],
    ]
    reading = judged(*rows)
    assert reading.sheets[0].header_rows == (1, 2, 3)
    assert (reading.rows[0].nik, str(reading.rows[0].birth_date)) == (RATNA[2], "2009-03-17")


def test_place_and_date_in_one_cell_are_split() -> None:
    row = judged(
        ["No", "Nama", "NIK", "Tempat/Tgl Lahir"], [1, "RATNA AYU", RATNA[2], "Kab. Sukoharjo, 17-03-2009"]
    ).rows[0]
    assert (row.birth_place, str(row.birth_date)) == ("Kab. Sukoharjo", "2009-03-17")
    assert mended(row) == ["ttl_split", "dmy_text"]


def test_place_and_date_under_one_heading_in_two_columns() -> None:
    rows = [["No", "Nama", "NIK", "Tempat, Tanggal Lahir", "", "L/P"], ["", "", "", "Tempat", "Tanggal", ""]]
    row = judged(*rows, [1, "RATNA AYU", RATNA[2], "SUKOHARJO", "17/03/2009", "P"]).rows[0]
    assert (row.birth_place, str(row.birth_date), codes(row)) == ("SUKOHARJO", "2009-03-17", [])


def test_a_header_flattened_by_pandas_is_read() -> None:
    head = [
        "No_Unnamed: 0_level_1",
        "Nama_Unnamed: 1_level_1",
        "NIK_Unnamed: 7_level_1",
        "Data Ayah_Nama",
        "Data Ayah_NIK",
    ]
    head += ["Rombel Saat Ini_Unnamed: 42_level_1"]
    row = judged(head, [1, "RATNA AYU", RATNA[2], "WAGIYO", "3311041203759901", "XII F-1"]).rows[0]
    assert (row.name, row.nik, row.class_name, codes(row)) == ("RATNA AYU", RATNA[2], "XII F-1", [])


def test_snake_case_headings_are_read() -> None:
    head = ["nis", "nisn", "nik", "nama_siswa", "tempat_lahir", "tanggal_lahir", "jenis_kelamin", "kelas"]
    row = judged(
        head, ["1", "0099000001", RATNA[2], "RATNA AYU", "SUKOHARJO", "17/03/2009", "P", "XII"]
    ).rows[0]
    assert (row.status, row.nisn, row.class_name) == (Status.ACCEPTED, "0099000001", "XII")


@pytest.mark.parametrize("title", ["Kelas : X-1", "KELAS X-1", "Rombel: X-1", "X-1"])
def test_class_titles_give_their_class_to_the_rows_below(title: str) -> None:
    head, (ratna, budi, joko) = HEAD[:-1], (row[:-1] for row in STUDENTS)
    rows = judged(head, [title], ratna, budi, ["KELAS XI F-2"], joko).rows
    assert [(row.status.value, row.class_name) for row in rows] == [
        ("skipped", None),
        ("accepted", "X-1"),
        ("accepted", "X-1"),
        ("skipped", None),
        ("accepted", "XI F-2"),
    ]
    assert codes(rows[0]) == ["CLASS_TITLE_ROW"]


def test_the_class_of_a_sheet_comes_from_its_title_or_its_name() -> None:
    head, rows = HEAD[:-1], [row[:-1] for row in STUDENTS]
    assert judged(["KELAS : XI F-1"], head, *rows, name="XI F1").rows[0].class_name == "XI F-1"
    assert judged(head, *rows, name="XI F1").rows[0].class_name == "XI F1"
    assert judged(head, *rows, name="Sheet1").rows[0].class_name is None


def test_rows_that_are_no_students_are_skipped_by_name() -> None:
    numbers: list[Cell] = [1, 2, 3, 4, 5, 6, 7, 8]
    signature: list[list[Cell]] = [
        ["", "", "", "", "", "", "Sukoharjo, 20 November 2026"],
        ["", "Mengetahui,", "", "", "", "", "Wali Kelas"],
        ["", "Drs. SLAMET RIYADI, M.Pd."],
        ["", "NIP. 19690101 199501 1 001"],
    ]
    total: list[list[Cell]] = [["Jumlah", "", "", "", 3], ["", "Laki-laki", 2], ["", "Perempuan", 1]]
    rows = judged(HEAD, numbers, RATNA, HEAD, BUDI, [], JOKO, *total, [], *signature).rows
    assert [codes(row) for row in rows] == [
        ["COLUMN_NUMBER_ROW"],
        [],
        ["REPEATED_HEADER"],
        [],
        [],
        *[["TOTAL_ROW"]] * 3,
        *[["SIGNATURE_BLOCK"]] * 4,
    ]


def test_a_student_with_nothing_but_a_name_in_the_middle_is_not_lost() -> None:
    rows = judged(HEAD, RATNA, ["", "SARI LESTARI"], JOKO).rows
    assert (rows[1].name, rows[1].status) == ("SARI LESTARI", Status.REJECTED)


def test_a_numbered_student_at_the_end_without_numbers_is_not_lost() -> None:
    rows = judged(HEAD, RATNA, JOKO, [3, "SARI LESTARI"]).rows
    assert (rows[2].name, rows[2].status) == ("SARI LESTARI", Status.REJECTED)


def test_every_row_that_is_not_blank_is_counted_once() -> None:
    counts = judged(HEAD, RATNA, [], ["KELAS XI F-2"], BUDI, changed(JOKO, nik="1"), ["Jumlah", 3]).counts
    assert (counts.rows, counts.persons, counts.skipped) == (5, 3, 2)
    assert counts.accepted + counts.warned + counts.rejected == counts.persons


def test_several_sheets_are_one_list_and_hidden_ones_are_skipped() -> None:
    sheets = (
        RawSheet("REKAP", [["KELAS", "L", "P", "JUMLAH"], ["X-1", 1.0, 2.0, 3.0]]),
        RawSheet("XII F-1", [list(HEAD), list(RATNA)]),
        RawSheet("XI F-2", [list(HEAD), list(BUDI), list(RATNA)]),
        RawSheet("LAMA", [list(HEAD), list(JOKO)], hidden=True),
    )
    reading = judge_sheets(sheets, AS_OF)
    assert [(row.sheet, codes(row)) for row in reading.rows] == [
        ("XII F-1", []),
        ("XI F-2", []),
        ("XI F-2", ["DUPLICATE_ROW"]),
        ("LAMA", ["HIDDEN_SHEET"]),
    ]
    assert all(row.name is None for row in reading.rows if row.sheet == "LAMA")


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Daftar Guru", Kind.WRONG_DOCUMENT_DAFTAR_GURU),
        ("Daftar Tenaga Kependidikan", Kind.WRONG_DOCUMENT_TENDIK),
        ("Daftar Pendidik dan Tenaga Kependidikan", Kind.WRONG_DOCUMENT_TENDIK),
        ("Daftar Peserta Didik Keluar", Kind.WRONG_DOCUMENT_PD_KELUAR),
    ],
)
def test_another_document_is_refused_by_its_title_and_nothing_is_taken(title: str, kind: Kind) -> None:
    reading = judged([title], ["SMAN 1 WERU"], HEAD, *STUDENTS)
    assert (reading.action, reading.reasons, reading.rows) == (Action.REFUSE, (kind,), ())


def test_another_document_is_known_by_its_headings_where_the_titles_are_gone() -> None:
    staff: list[Cell] = [
        "No",
        "Nama",
        "NUPTK",
        "JK",
        "Tempat Lahir",
        "Tanggal Lahir",
        "NIP",
        "Jenis PTK",
        "NIK",
    ]
    row = [
        1,
        "SRI RAHAYU",
        "9000000000000001",
        "P",
        "SUKOHARJO",
        "1980-05-02",
        "",
        "Guru Mapel",
        "3311044205809905",
    ]
    assert judged(staff, row).reasons == (Kind.WRONG_DOCUMENT_DAFTAR_GURU,)
    assert judged(staff, [*row[:7], "Tenaga Administrasi", row[8]]).reasons == (Kind.WRONG_DOCUMENT_TENDIK,)
    assert judged([*HEAD, "Keluar karena"], [*RATNA, "Mutasi"]).reasons == (Kind.WRONG_DOCUMENT_PD_KELUAR,)


def test_an_attendance_list_without_numbers_and_dates_is_no_roster() -> None:
    reading = judged(
        ["DAFTAR HADIR SISWA"], ["No", "NIS", "Nama", "L/P", "1", "2"], [1, "18001", "RATNA AYU", "P", "", ""]
    )
    assert reading.reasons == (Kind.WRONG_DOCUMENT,)


def test_lists_without_students_and_other_papers_are_told_apart() -> None:
    assert judged(HEAD).reasons == (Kind.NO_STUDENT_ROWS,)
    assert judged([], []).reasons == (Kind.NO_STUDENT_ROWS,)
    assert judged(["Anggaran"], ["Kegiatan", "Biaya"], ["Rapat", 100]).reasons == (Kind.WRONG_DOCUMENT,)


def test_an_emis_form_with_sex_codes_and_apostrophes_is_read() -> None:
    head = ["NIS Lokal", "NISN", "Nomor Induk Kependudukan\n(NIK) Siswa", "Nama Siswa", "Tempat Lahir"]
    head += ["Tanggal Lahir\n(dd/mm/yyyy)", "Jenis\nKelamin", "Tingkat/\nKelas", "Jurusan", "Kelas\nParalel"]
    row = [
        "'123",
        "'0099000001",
        f"'{RATNA[2]}",
        "RATNA AYU",
        "SUKOHARJO",
        "17-03-2009",
        2.0,
        "12",
        "IPA",
        "3",
    ]
    reading = judged(head, row)
    (found,) = reading.rows
    assert reading.layout is Layout.EMIS
    assert (found.nik, found.sex, found.class_name, codes(found)) == (RATNA[2], "P", "12 IPA 3", [])


def test_a_voter_list_tells_who_is_recorded_and_married() -> None:
    head = [
        "NIK",
        "NO KK",
        "NAMA",
        "TEMPAT LAHIR",
        "TANGGAL LAHIR",
        "JENIS KELAMIN",
        "STATUS PERKAWINAN",
        "KTP ELEKTRONIK",
    ]
    ratna = judged(
        head, [RATNA[2], "3311041011229689", "RATNA AYU", "SUKOHARJO", "17-03-2009", "P", "S", "SUDAH"]
    ).rows[0]
    assert (ratna.married, ratna.recorded) == (True, True)
    assert "3311041011229689" not in repr(ratna)


def test_a_plain_list_of_niks_is_a_list() -> None:
    reading = judged(["NIK"], [RATNA[2]], [BUDI[2]])
    assert [row.nik for row in reading.rows] == [RATNA[2], BUDI[2]]


def test_what_the_office_does_not_need_never_leaves() -> None:
    head = [
        *HEAD,
        "Agama",
        "Nama Ibu Kandung",
        "Nomor Rekening Bank",
        "Nomor KIP",
        "Penghasilan Ayah",
        "No KK",
    ]
    secret = ["AGAMA-X", "IBU-X", "REKENING-X", "KIP-X", "GAJI-X", "KK-X"]
    reading = judged(head, [*RATNA, *secret], [*changed(BUDI, nik="1"), *secret])
    assert not [word for word in secret if word in repr(reading)]


def test_an_answer_given_before_outranks_the_heading() -> None:
    rows = [["No", "Nama", "Kode Warga", "Kelas"], [1, "RATNA AYU", RATNA[2], "XII"]]
    plain = judge_sheets((RawSheet(None, rows),), AS_OF)
    assert plain.rows[0].nik is None and "Kode Warga" in [column.heading for column in plain.unsure_columns]
    told = judge_sheets(
        (RawSheet(None, rows),), AS_OF, wishes=Wishes({(Layout.MANUAL, "kode warga"): Field.NIK})
    )
    assert told.rows[0].nik == RATNA[2]


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        (["Data Ayah", "NIK"], Field.PARENT_NIK),
        (["NIK Ibu"], Field.PARENT_NIK),
        (["NIK A"], Field.PARENT_NIK),
        (["Data Wali", "Nama"], Field.UNNEEDED),
        (["Nama Ibu Kandung"], Field.UNNEEDED),
        (["Nama di KIP"], Field.UNNEEDED),
        (["Nomor KK"], Field.UNNEEDED),
        (["NIK Siswa"], Field.NIK),
        (["Tanggal Keluar", "Sekolah"], Field.UNNEEDED),
        (["Keluarahan"], Field.VILLAGE),
        (["Identitas Madrasah", "Kecamatan"], Field.UNNEEDED),
    ],
)
def test_a_heading_is_read_by_meaning(parts: list[str], field: Field) -> None:
    assert field_of(parts)[0] is field


def test_columns_have_the_letters_of_a_spreadsheet() -> None:
    assert [column_letter(index) for index in (0, 25, 26, 65, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "BN",
        "ZZ",
        "AAA",
    ]


def test_an_xls_of_excel_97_is_read() -> None:
    reading = read_roster(ROSTERS / "12_manual_biff_6.xls", "daftar.xls", AS_OF)
    assert (reading.counts.persons, reading.counts.accepted, reading.counts.skipped) == (6, 6, 5)
    assert reading.school == "MAN 1 SUKOHARJO"


def test_a_dapodik_title_names_school_and_district(tmp_path: Path) -> None:
    titles: list[list[Cell]] = [
        ["Daftar Peserta Didik"],
        ["SMAN 1 GROGOL KECAMATAN GROGOL"],
        ["Kecamatan Kec. Grogol, Kabupaten Kab. Sukoharjo, Provinsi Prov. Jawa Tengah"],
    ]
    reading = read_bytes(tmp_path, xlsx([*titles, HEAD, *STUDENTS]))
    assert (reading.school, (reading.district or "").title()) == ("SMAN 1 GROGOL", "Grogol")
