"""What a coordinator, an officer and a school find on the printed pages."""

from __future__ import annotations

import dataclasses
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import segno
from PIL import Image, ImageOps
from pypdf import PdfReader
from pypdf.generic import Destination

from campaigns import binding, printing
from campaigns.binding import Paper, print_all, print_page
from campaigns.booking import paper_queries
from campaigns.letter_printing import print_school_letter
from campaigns.models import Booking, RecordingDay
from campaigns.paper import (
    CallListPage,
    CallListRow,
    DayListPage,
    DayListRow,
    LetterDay,
    Letterhead,
    Printed,
    PrintedSchool,
    SchoolLetterPage,
    SharedCallLists,
    Signer,
    lines_in,
)
from campaigns.paper_words import date_in_words
from campaigns.printing import print_call_list, print_day_list
from common import clock
from common.access import Missing
from common.database import Store
from common.i18n import translator
from ground.booking_office import MONDAY, Office, open_office
from schools.models import Student
from schools.queries import teams

MM = 72 / 25.4
ADDRESS = "https://perekaman.sukoharjo.example/hari/4821"
LETTERHEAD = Letterhead(
    government="PEMERINTAH KABUPATEN SUKOHARJO",
    office="Dinas Kependudukan dan Pencatatan Sipil",
    address="Jalan Contoh Nomor 1, Sukoharjo",
    contact="0271-000000",
)
SCHOOL = PrintedSchool(name="SMA Contoh 1", npsn="20399001", district="Mojolaban")
BY_SARI = Printed(by="Sari Wulandari", at=datetime(2026, 8, 11, 14, 5, tzinfo=ZoneInfo("Asia/Jakarta")))


def student(number: int, name: str = "", class_name: str = "XII MIPA 1") -> DayListRow:
    """An invented student, born 12 March 2009, a new time for every ten."""
    return DayListRow(
        number=number,
        starts=time(8 + (number - 1) // 10 % 8),
        name=name or f"SISWA CONTOH {number}",
        class_name=class_name,
        birth_date=date(2009, 3, 12),
        nik=f"331108120309{9000 + number}",
    )


def day_list(*rows: DayListRow, **changes: object) -> DayListPage:
    page = DayListPage(
        letterhead=LETTERHEAD,
        school=SCHOOL,
        team="Tim Melati",
        kits=2,
        date=date(2026, 8, 12),
        day_number=1,
        day_count=2,
        rows=rows,
        address=ADDRESS,
        printed=BY_SARI,
    )
    return dataclasses.replace(page, **changes)  # type: ignore[arg-type]


def call_list(*rows: DayListRow, **changes: object) -> CallListPage:
    page = CallListPage(
        letterhead=LETTERHEAD,
        school=SCHOOL,
        team="Tim Melati",
        date=date(2026, 8, 12),
        day_number=1,
        day_count=2,
        rows=tuple(CallListRow(row.number, row.starts, row.name, row.class_name) for row in rows),
        printed=BY_SARI,
    )
    return dataclasses.replace(page, **changes)  # type: ignore[arg-type]


def letter() -> SchoolLetterPage:
    return SchoolLetterPage(
        letterhead=LETTERHEAD,
        school=SCHOOL,
        letter_number="400.12/0001/2026",
        place="Sukoharjo",
        date=date(2026, 8, 3),
        days=(
            LetterDay(date(2026, 8, 12), time(8), "Tim Melati", 50),
            LetterDay(date(2026, 8, 13), time(8, 30), "Tim Melati", 46),
        ),
        contact_name="Sari Wulandari",
        contact_phone="0812-0000-9000",
        signer=Signer("Kepala Dinas", "Contoh Nama, M.Si.", "000000000000000000"),
        printed=BY_SARI,
    )


def poppler(command: str, *arguments: str, pdf: bytes) -> bytes:
    """The output of one of poppler's commands that reads `pdf` from its input."""
    if shutil.which(command) is None:
        reason = f"{command} is missing (package poppler-utils): printed pages cannot be read back"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return subprocess.run([command, *arguments], input=pdf, capture_output=True, check=True).stdout


def sheets_of(pdf: bytes) -> list[str]:
    """The text of each sheet, as it lies on the paper."""
    return poppler("pdftotext", "-layout", "-", "-", pdf=pdf).decode().split("\f")[:-1]


def line_with(text: str, what: str) -> str:
    return next(line for line in text.splitlines() if what in line)


def said(message: str, lang: str = "id") -> str:
    return translator(lang).gettext(message)


# The team's list


def test_the_day_list_says_who_where_and_when() -> None:
    (sheet,) = sheets_of(print_day_list(day_list(student(1), student(2))))

    for fact in (
        "PEMERINTAH KABUPATEN SUKOHARJO",
        "Dinas Kependudukan dan Pencatatan Sipil",
        "SMA Contoh 1",
        "20399001 · Mojolaban",
        "Tim Melati · 2",
        "Rabu, 12 Agustus 2026",
        said("%(number)s of %(count)s") % {"number": 1, "count": 2},
        said("Daily recording session list"),
    ):
        assert fact in sheet


def test_a_row_of_the_day_list_gives_number_time_name_class_birth_date_and_the_whole_nik() -> None:
    (sheet,) = sheets_of(print_day_list(day_list(student(7, "PUTRI CONTOH LESTARI"))))

    assert line_with(sheet, "PUTRI CONTOH LESTARI").split() == [
        *("7", "08.00", "PUTRI", "CONTOH", "LESTARI", "XII", "MIPA", "1", "12-03-2009", "3311081203099007")
    ]


def test_the_day_list_has_a_column_for_each_outcome_for_remarks_and_for_the_signature() -> None:
    text = " ".join(poppler("pdftotext", "-", "-", pdf=print_day_list(day_list(student(1)))).decode().split())

    for heading in ("Recorded", "Failed", "Absent", "Refused", "Remarks", "Signature"):
        assert said(heading) in text


def test_every_sheet_of_a_long_day_list_repeats_the_headings_and_is_marked_confidential() -> None:
    sheets = sheets_of(print_day_list(day_list(*(student(n) for n in range(1, 61)))))

    assert len(sheets) > 2
    for sheet in sheets:
        assert "NIK" in sheet
        assert sheet.count(said("CONFIDENTIAL")) == 2, "as a stamp at the head and in words at the foot"
        assert "Rabu, 12 Agustus 2026" in sheet
        assert "SMA Contoh 1" in sheet


def test_every_sheet_says_who_printed_it_and_when() -> None:
    by_sari = said("Printed by %(name)s, %(moment)s") % {
        "name": "Sari Wulandari",
        "moment": "11 Agustus 2026, 14.05 WIB",
    }

    for pdf in (
        print_day_list(day_list(*(student(n) for n in range(1, 61)))),
        print_call_list(call_list(*(student(n) for n in range(1, 61)))),
        print_school_letter(letter()),
    ):
        assert all(by_sari in sheet for sheet in sheets_of(pdf))


def test_three_hundred_students_are_all_there_once_on_sheets_that_count_themselves() -> None:
    sheets = sheets_of(print_day_list(day_list(*(student(n) for n in range(1, 301)))))

    numbers = [int(nik) for sheet in sheets for nik in re.findall(r"\b331108120309(\d{4})\b", sheet)]
    assert numbers == list(range(9001, 9301))
    for number, sheet in enumerate(sheets, start=1):
        assert said("Page {page} of {pages}").format(page=number, pages=len(sheets)) in sheet


def test_fifty_students_and_the_place_to_sign_fit_on_three_sheets() -> None:
    sheets = sheets_of(print_day_list(day_list(*(student(n) for n in range(1, 51)))))

    assert len(sheets) == 3
    assert said("Recording officer") in sheets[-1]
    assert said("For the school") in sheets[-1]


def test_a_day_without_students_says_so_and_asks_nobody_to_sign() -> None:
    (sheet,) = sheets_of(print_day_list(day_list()))

    assert said("No students have a place on this day.") in sheet
    assert said("Recording officer") not in sheet


def test_a_student_without_birth_date_or_nik_still_stands_on_the_list() -> None:
    unknown = dataclasses.replace(student(3, "JOKO CONTOH"), birth_date=None, nik="")

    (sheet,) = sheets_of(print_day_list(day_list(unknown)))

    assert line_with(sheet, "JOKO CONTOH").split()[-2:] == ["–", "–"]


def test_a_note_stands_where_the_officer_writes_remarks() -> None:
    (sheet,) = sheets_of(print_day_list(day_list(dataclasses.replace(student(1), note="kursi roda"))))

    assert "kursi roda" in line_with(sheet, "SISWA CONTOH 1")


def test_a_retake_list_is_called_one() -> None:
    (sheet,) = sheets_of(print_day_list(day_list(student(1), retake=True, venue="Aula kecamatan")))

    assert said("Daily retake list") in sheet
    assert "SMA Contoh 1 · Aula kecamatan" in sheet


def test_the_list_is_printed_in_english_for_who_reads_english() -> None:
    (sheet,) = sheets_of(print_day_list(day_list(student(1)), "en"))

    assert "Daily recording session list" in sheet
    assert "Wednesday, 12 August 2026" in sheet
    assert "08:00" in sheet
    assert "Page 1 of 1" in sheet


def test_dates_are_said_in_words_of_the_language() -> None:
    assert date_in_words(date(2026, 8, 12), "id") == "Rabu, 12 Agustus 2026"
    assert date_in_words(date(2026, 8, 12), "en") == "Wednesday, 12 August 2026"


def test_the_qr_code_on_the_paper_is_the_address_of_the_day() -> None:
    wanted = [list(row) for row in segno.make(ADDRESS, micro=False, error="m").matrix]
    first_sheet = poppler(
        "pdftoppm", "-r", "300", "-gray", "-f", "1", "-l", "1", "-", pdf=print_day_list(day_list(student(1)))
    )
    dot = 300 / 25.4
    corner = Image.open(BytesIO(first_sheet)).crop((int(265 * dot), 0, int(287 * dot), int(29 * dot)))
    corner = corner.crop(ImageOps.invert(corner).point(lambda grey: 255 if grey > 128 else 0).getbbox())

    side = len(wanted)
    small = corner.resize((side, side), Image.Resampling.BOX)
    found = [
        [int(dark > 128) for dark in ImageOps.invert(small).crop((0, y, side, y + 1)).tobytes()]
        for y in range(side)
    ]

    assert found == wanted


# Names as they come


MARKUP = [
    '#import "x": *',
    "#panic(1)",
    "#{sys.inputs}",
    "$x^2$",
    "*tebal* _miring_ `kode`",
    "\\ garis \\n balik",
    "= Judul",
    "- butir",
    "// komentar /* ini */",
    "<label> @acuan",
    "[isi] ]] #[",
    "{page} dari {pages}",
    "\"kutip\" dan 'petik'",
    "D'Artagnan Nur'aini",
    "www.contoh.id/x",
]


def test_markup_in_a_name_stays_a_name() -> None:
    students = [student(n, name) for n, name in enumerate(MARKUP, start=1)]

    day = " ".join("\n".join(sheets_of(print_day_list(day_list(*students)))).split())
    call = " ".join("\n".join(sheets_of(print_call_list(call_list(*students)))).split())

    for row in students:
        time_said = f"{row.starts:%H.%M}"
        assert f"{row.number} {time_said} {row.name} XII MIPA 1 12-03-2009 {row.nik}" in day
        assert f"{row.number} {time_said} {row.name}" in call


def test_markup_in_any_other_text_stays_text() -> None:
    markup = "#panic(1) $x$ *a*"
    row = dataclasses.replace(student(1, class_name=markup), note=markup)
    school = PrintedSchool(markup, markup, markup)
    by = Printed(markup, BY_SARI.at)

    for pdf in (
        print_day_list(day_list(row, school=school, team=markup, venue=markup, printed=by)),
        print_call_list(call_list(row, school=school, team=markup, venue=markup, printed=by)),
        print_school_letter(dataclasses.replace(letter(), school=school, place=markup, printed=by)),
    ):
        assert "#panic(1)" in "\n".join(sheets_of(pdf))


def test_signs_that_turn_the_direction_of_text_do_not_reach_the_paper() -> None:
    turned = student(1, "RATNA \u202ehotnoc\u202c\u2066 \x07PUTRI\nBARU")

    (sheet,) = sheets_of(print_day_list(day_list(turned, student(2))))

    assert "RATNA hotnoc PUTRI BARU" in line_with(sheet, "3311081203099001")
    assert "SISWA CONTOH 2" in line_with(sheet, "3311081203099002")


def test_letters_of_other_scripts_do_not_stop_the_press() -> None:
    names = ["محمد نور", "Putri 😀 🇮🇩", "李小龍", "Zoë Ångström Ñandú", "SISWA TERAKHIR"]

    (sheet,) = sheets_of(
        print_day_list(day_list(*(student(n, name) for n, name in enumerate(names, start=1))))
    )

    assert "Zoë Ångström Ñandú" in line_with(sheet, "3311081203099004")
    assert "SISWA TERAKHIR" in line_with(sheet, "3311081203099005")


@pytest.mark.parametrize(
    "name", ["A" * 300, "ALEXANDER " * 30, "MUHAMMAD RIZKY ARDIANSYAH NUGROHO KUSUMA WARDHANA"]
)
def test_a_name_of_any_length_stays_in_its_column(name: str) -> None:
    pdf = print_day_list(day_list(student(1, name), student(2)))
    boxes = re.findall(
        r'<word xMin="([\d.]+)" yMin="[\d.]+" xMax="([\d.]+)"[^>]*>([^<]*)',
        poppler("pdftotext", "-bbox", "-", "-", pdf=pdf).decode(),
    )
    class_begins = next(float(left) for left, _, word in boxes if word == "XII")

    words = [(float(right), word.replace("\u200b", "")) for _, right, word in boxes]
    parts = [(right, word) for right, word in words if len(word) > 4 and word in name]

    assert max(right for right, _ in parts) < class_begins
    assert sum(len(word) for _, word in parts) == len(name.replace(" ", ""))


def words_on(pdf: bytes) -> list[tuple[float, float, str]]:
    """Right edge, top edge and text of every word of the first sheet, in points."""
    found = re.findall(
        r'<word xMin="[\d.]+" yMin="([\d.]+)" xMax="([\d.]+)"[^>]*>([^<]*)',
        poppler("pdftotext", "-bbox", "-l", "1", "-", "-", pdf=pdf).decode(),
    )
    return [(float(right), float(top), word.replace("\u200b", "")) for top, right, word in found]


def test_a_name_of_two_lines_pushes_the_next_row_down() -> None:
    long_name = "MUHAMMAD RIZKY ARDIANSYAH NUGROHO KUSUMA WARDHANA SURYA"

    words = words_on(print_day_list(day_list(student(1, long_name), student(2, "BERIKUTNYA"))))

    tops = sorted({top for _, top, word in words if len(word) > 4 and word in long_name})
    (next_top,) = [top for _, top, word in words if word == "BERIKUTNYA"]
    assert len(tops) >= 2
    assert next_top - tops[-1] > tops[1] - tops[0]


@pytest.mark.parametrize("letter", ["W", "M", "O", "A", "I", "m", "w", "o", "8"])
def test_a_name_of_any_letters_stays_in_its_own_row_and_column(letter: str) -> None:
    names = {n: letter * n for n in range(11, 19)}

    words = words_on(print_day_list(day_list(*(student(n, name) for n, name in names.items()))))
    by_top = sorted((top, right) for right, top, word in words if len(word) > 4 and set(word) == {letter})

    assert max(right for _, right in by_top) < (12 + 10 + 13 + 61) * MM
    assert all(below[0] - above[0] > 10 for above, below in pairwise(by_top))


# The school's list


def test_the_call_list_shows_number_time_name_and_class() -> None:
    (sheet,) = sheets_of(
        print_call_list(call_list(student(1, "PUTRI CONTOH"), student(2, class_name="XII IPS 2")))
    )

    assert line_with(sheet, "PUTRI CONTOH").split() == ["1", "08.00", "PUTRI", "CONTOH"]
    assert "XII MIPA 1" in sheet
    assert "XII IPS 2" in sheet
    assert "Rabu, 12 Agustus 2026" in sheet


def test_the_call_list_holds_no_nik_and_no_birth_date() -> None:
    text = "\n".join(sheets_of(print_call_list(call_list(*(student(n) for n in range(1, 61))))))

    assert not re.search(r"\d{16}", text)
    assert not re.search(r"\d{2}-\d{2}-\d{4}", text)
    assert "NIK" not in text
    assert said("Born") not in text


def test_the_call_list_tells_the_school_not_to_put_it_up_in_public() -> None:
    for sheet in sheets_of(print_call_list(call_list(*(student(n) for n in range(1, 61))))):
        assert (
            said("For use inside the school. Do not put up in public places or share on social media.")
            in sheet
        )


def test_each_class_can_have_its_own_sheet() -> None:
    students = [student(n, class_name=f"XII MIPA {1 + n // 11}") for n in range(1, 31)]

    together = sheets_of(print_call_list(call_list(*students)))
    apart = sheets_of(print_call_list(call_list(*students, page_per_class=True)))

    assert len(together) == 2
    assert len(apart) == 3
    for number, sheet in enumerate(apart, start=1):
        assert re.findall(r"XII MIPA \d", sheet) == [f"XII MIPA {number}"]


def test_a_class_that_runs_over_a_sheet_is_named_on_the_next_one_too() -> None:
    sheets = sheets_of(print_call_list(call_list(*(student(n) for n in range(1, 61)))))

    assert len(sheets) == 2
    assert all("XII MIPA 1" in sheet for sheet in sheets)


def test_a_call_list_without_students_says_so() -> None:
    (sheet,) = sheets_of(print_call_list(call_list()))

    assert said("No students have a place on this day.") in sheet


# The letter


def test_the_letter_about_students_who_go_elsewhere_names_the_place_and_asks_for_no_room() -> None:
    plain = letter()
    away = dataclasses.replace(
        plain,
        days=tuple(dataclasses.replace(one, is_retake=True, place="Kantor Contoh") for one in plain.days),
    )
    (sheet,) = sheets_of(print_school_letter(away))
    assert "Kantor Contoh" in sheet
    assert "Tim Melati" not in sheet
    assert "ruangan" not in sheet
    host = dataclasses.replace(plain, days=tuple(dataclasses.replace(one, guests=4) for one in plain.days))
    (sheet,) = sheets_of(print_school_letter(host))
    assert "Siswa dari sekolah lain juga datang: 8." in sheet
    assert "ruangan" in sheet


def test_the_letter_names_the_days_the_numbers_what_to_bring_and_whom_to_ask() -> None:
    (sheet,) = sheets_of(print_school_letter(letter()))

    assert "400.12/0001/2026" in sheet
    assert "Sukoharjo, 3 Agustus 2026" in sheet
    assert line_with(sheet, "Rabu, 12 Agustus 2026").split()[-1] == "50"
    assert line_with(sheet, "Kamis, 13 Agustus 2026").split()[-1] == "46"
    assert "08.30" in sheet
    assert "(KK)" in sheet
    assert "0812-0000-9000" in sheet
    assert "Contoh Nama, M.Si." in sheet


def test_the_letter_of_a_retake_day_says_that_students_are_called_again() -> None:
    plain = letter()
    again = dataclasses.replace(
        plain, days=tuple(dataclasses.replace(one, is_retake=True) for one in plain.days)
    )
    mixed = dataclasses.replace(plain, days=(again.days[0], plain.days[1]))

    (sheet,) = sheets_of(print_school_letter(again))
    assert said("Notice of a KTP-el retake at the school") in sheet
    for other in (plain, mixed):
        (sheet,) = sheets_of(print_school_letter(other))
        assert said("Notice of KTP-el recording at the school") in sheet


# All at once


def test_all_lists_of_a_date_come_in_one_file_each_counting_its_own_sheets() -> None:
    pages: list[Paper] = [
        day_list(*(student(n) for n in range(1, 31))),
        day_list(student(1), school=PrintedSchool("SMK Contoh 2", "20399002", "Weru")),
        call_list(*(student(n) for n in range(1, 31))),
    ]

    together = print_all(pages)

    marks = [
        re.findall(said("Page {page} of {pages}").format(page=r"(\d+)", pages=r"(\d+)"), sheet)
        for sheet in sheets_of(together)
    ]
    assert marks == [[("1", "2")], [("2", "2")], [("1", "1")], [("1", "1")]]
    assert [getattr(mark, "title", None) for mark in PdfReader(BytesIO(together)).outline] == [
        "SMA Contoh 1, Rabu, 12 Agustus 2026",
        "SMK Contoh 2, Rabu, 12 Agustus 2026",
        "SMA Contoh 1, Rabu, 12 Agustus 2026",
    ]


def test_lists_of_several_rounds_are_marked_where_they_begin_and_their_files_let_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[BytesIO] = []

    def reader(file: BytesIO) -> PdfReader:
        read.append(file)
        return PdfReader(file)

    monkeypatch.setattr(binding, "TOGETHER", 2)
    monkeypatch.setattr(binding, "PdfReader", reader)
    pages = [day_list(*(student(n) for n in range(1, rows))) for rows in (31, 2, 2, 31, 2)]

    joined = PdfReader(BytesIO(print_all(pages)))

    marks = [mark for mark in joined.outline if isinstance(mark, Destination)]
    assert [joined.get_destination_page_number(mark) for mark in marks] == [0, 2, 3, 4, 6]
    assert [file.closed for file in read] == [True, True, True], "memory would grow by every one of them"


def test_printing_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no pages"):
        print_all([])


def test_lists_can_be_printed_in_several_threads_at_once() -> None:
    pages = [day_list(student(n, f"SISWA NOMOR {n}"), student(n + 1)) for n in range(1, 13)]

    with ThreadPoolExecutor(4) as threads:
        printed = list(threads.map(print_day_list, pages))

    assert printed == [print_day_list(page) for page in pages]


def test_the_same_page_printed_twice_is_the_same_file() -> None:
    page = day_list(student(1))

    assert print_day_list(page) == print_day_list(page)


def test_the_file_names_no_student_in_its_title() -> None:
    information = PdfReader(BytesIO(print_day_list(day_list(student(1, "PUTRI CONTOH"))))).metadata

    assert information is not None
    assert information.title is not None
    assert "SMA Contoh 1" in information.title
    assert "PUTRI" not in str(dict(information))


def test_pages_are_a4() -> None:
    day, call = (
        PdfReader(BytesIO(pdf)).pages[0].mediabox
        for pdf in (print_day_list(day_list()), print_call_list(call_list()))
    )

    assert (round(day.width / MM), round(day.height / MM)) == (297, 210)
    assert (round(call.width / MM), round(call.height / MM)) == (210, 297)


def test_the_emblem_of_the_screen_is_the_emblem_of_the_paper_and_loads_nothing() -> None:
    emblem = (Path(__file__).parents[2] / "static" / "img" / "emblem.svg").read_text(encoding="utf-8")

    assert not re.search(r"href|url\(|<image|<script|@import", emblem)


# A day that several schools share


def shared_day() -> list[DayListRow]:
    """Three invented schools of one day, numbered through; two of them have a class of the same name."""
    return [
        *(dataclasses.replace(student(n), school="SMA Contoh 1") for n in (1, 2, 3)),
        *(dataclasses.replace(student(n), school="SMK Contoh 2") for n in (4, 5)),
        dataclasses.replace(student(6, class_name="XII TKJ"), school="MA Contoh 3"),
    ]


def test_the_day_list_of_a_shared_day_names_each_school_above_its_students() -> None:
    (sheet,) = sheets_of(print_day_list(day_list(*shared_day(), retake=True), "en"))
    lines = [line.strip() for line in sheet.splitlines()]

    found = [
        next(n for n, line in enumerate(lines) if re.match(what, line))
        for what in (r"1 +08:", r"3 +08:", "SMK Contoh 2", r"4 +08:", r"5 +08:", "MA Contoh 3", r"6 +08:")
    ]
    assert found == sorted(found)
    assert "3 schools · SMA Contoh 1" in sheet
    assert re.search(r"SMA Contoh 1 +3 students", sheet)
    assert re.search(r"SMK Contoh 2 +2 students", sheet)
    assert re.search(r"MA Contoh 3 +1 student\b", sheet)


def test_a_school_that_runs_over_a_sheet_is_named_on_the_next_one_too() -> None:
    rows = [dataclasses.replace(student(n), school=f"SMA Contoh {1 + n // 41}") for n in range(1, 61)]

    sheets = sheets_of(print_day_list(day_list(*rows), "en"))

    for sheet in sheets:
        first = next(line for line in sheet.splitlines() if re.search(r"\b3311081203099\d{3}\b", line))
        number = int(first.split()[0])
        before = sheet[: sheet.index(first)]
        assert re.search(rf"SMA Contoh {1 + number // 41} +\d+ students", before)


def test_a_day_of_one_school_has_no_school_lines() -> None:
    (sheet,) = sheets_of(print_day_list(day_list(student(1), student(2)), "en"))

    assert sheet.count("SMA Contoh 1") == 1
    assert "schools" not in sheet


def test_each_school_of_a_shared_day_gets_its_own_call_list_counted_from_its_first_sheet() -> None:
    first, second = (
        call_list(student(n), school=PrintedSchool(name, "20399001", "Mojolaban"), venue=venue, retake=True)
        for n, name, venue in ((1, "SMA Contoh 1", ""), (4, "SMK Contoh 2", "SMA Contoh 1"))
    )

    pdf = print_page(SharedCallLists((first, second)), "en")
    sheets = sheets_of(pdf)

    assert len(sheets) == 2
    assert all("Page 1 of 1" in sheet for sheet in sheets)
    assert "SMK Contoh 2" not in sheets[0]
    assert "SISWA CONTOH 4" not in sheets[0]
    assert "SISWA CONTOH 1" not in sheets[1]
    for heading in ("School", "Place", "SMK Contoh 2", "SMA Contoh 1"):
        assert heading in sheets[1], "who is called, and where to"
    assert [
        getattr(mark, "title", "") for mark in PdfReader(BytesIO(print_all([first, second]))).outline
    ] == [
        getattr(mark, "title", "")
        for mark in PdfReader(BytesIO(print_all([SharedCallLists((first, second))]))).outline
    ]


@dataclasses.dataclass(frozen=True)
class Shared:
    """A retake day at Ratna's school with three of her students and two of Joko's."""

    office: Office
    day: int


@pytest.fixture
def shared(sqlite_store: Store) -> Iterator[Shared]:
    with clock.fixed_at(MONDAY):
        office = open_office(sqlite_store, {"SMAN 1 SUKOHARJO": 3, "SMKN 1 SUKOHARJO": 2})
        yield Shared(office, office.write(_book_shared_day, office))


def _book_shared_day(office: Office) -> int:
    day = RecordingDay.create(
        office=office.sari.office_id,
        campaign=office.campaign,
        date=date(2026, 8, 12),
        team=teams(office.sari)[0].id,
        school=office.cast.ratnas_school,
        kind="retake",
        state="confirmed",
        takes_morning=1,
        starts_at="08:00",
        ends_at="11:00",
        capacity=10,
        planned=5,
        created_at=clock.now(),
    )
    for number, row in enumerate(Student.select().order_by(Student.school, Student.id), start=1):
        Booking.create(day=day, student=row, queue_number=number, slot="08:00")
    return int(day.id)


def test_a_shared_day_is_listed_school_by_school_with_the_numbers_of_the_day(shared: Shared) -> None:
    found = shared.office.store.read_now(paper_queries.day_list, shared.office.sari, shared.day, ADDRESS)

    assert isinstance(found.page, DayListPage)
    assert [(row.number, row.school) for row in found.page.rows] == [
        *((n, "SMAN 1 SUKOHARJO") for n in (1, 2, 3)),
        *((n, "SMKN 1 SUKOHARJO") for n in (4, 5)),
    ]


def test_the_office_prints_a_call_list_for_each_school_of_a_shared_day(shared: Shared) -> None:
    office = shared.office
    one = office.store.read_now(paper_queries.call_list, office.sari, shared.day)
    (of_date,) = office.store.read_now(
        paper_queries.lists_of_date, office.sari, date(2026, 8, 12), "call", ADDRESS
    )

    for found in (one, of_date):
        assert isinstance(found.page, SharedCallLists)
        assert found.students == 5
        assert [
            (sheet.school.name, sheet.venue, sorted(row.number for row in sheet.rows))
            for sheet in found.page.lists
        ] == [
            ("SMAN 1 SUKOHARJO", "", [1, 2, 3]),
            ("SMKN 1 SUKOHARJO", "SMAN 1 SUKOHARJO", [4, 5]),
        ]


def test_the_school_where_a_shared_day_is_held_gets_its_own_list_only(shared: Shared) -> None:
    found = shared.office.store.read_now(paper_queries.call_list, shared.office.cast.ratna, shared.day)

    assert isinstance(found.page, CallListPage)
    assert (found.page.school.name, found.students) == ("SMAN 1 SUKOHARJO", 3)
    assert "SMKN" not in str(found.page)


def test_a_school_whose_students_come_to_a_shared_day_gets_a_list_of_them_alone(shared: Shared) -> None:
    found = shared.office.store.read_now(paper_queries.call_list, shared.office.cast.joko, shared.day)

    assert isinstance(found.page, CallListPage)
    assert (found.page.school.name, found.students) == ("SMKN 1 SUKOHARJO", 2)
    own = shared.office.store.read_now(
        lambda: [
            row.name for row in Student.select().where(Student.school == shared.office.cast.jokos_school)
        ]
    )
    assert sorted(row.name for row in found.page.rows) == sorted(own)


def test_a_school_without_students_on_a_day_gets_no_list_of_it(shared: Shared) -> None:
    office = shared.office
    theirs = Student.select(Student.id).where(Student.school == office.cast.jokos_school)
    office.write(lambda: Booking.delete().where(Booking.student.in_(theirs)).execute())
    with pytest.raises(Missing):
        office.store.read_now(paper_queries.call_list, office.cast.joko, shared.day)


def test_a_school_that_only_lends_its_hall_is_shown_nobody_of_the_others(shared: Shared) -> None:
    office = shared.office
    own = Student.select(Student.id).where(Student.school == office.cast.ratnas_school)
    office.write(lambda: Booking.delete().where(Booking.student.in_(own)).execute())

    found = office.store.read_now(paper_queries.call_list, office.cast.ratna, shared.day)

    assert isinstance(found.page, CallListPage)
    assert (found.page.school.name, found.page.rows) == ("SMAN 1 SUKOHARJO", ())
    sent = office.store.read_now(paper_queries.call_list, office.sari, shared.day).page
    assert isinstance(sent, CallListPage)
    assert (sent.school.name, sent.venue) == ("SMKN 1 SUKOHARJO", "SMAN 1 SUKOHARJO")


# Rows of one height


def test_a_name_too_long_for_a_line_stands_on_two_in_the_same_row() -> None:
    rows = [student(n, "MUHAMMAD RIZKY PRATAMA KUSUMA PUTRA" if n % 3 == 0 else "") for n in range(1, 51)]

    words = words_on(print_day_list(day_list(*rows)))
    sheets = sheets_of(print_day_list(day_list(*rows)))

    assert len(sheets) == 3, "as many sheets as with short names"
    assert max(right for right, _, word in words if word in ("KUSUMA", "PUTRA")) < 96 * MM
    assert " ".join(sheets).count("MUHAMMAD RIZKY PRATAMA") == 16
    assert [int(nik[-4:]) for sheet in sheets for nik in re.findall(r"\b331108\d{10}\b", sheet)] == [
        9000 + n for n in range(1, 51)
    ]


@pytest.mark.parametrize(
    "school", ["SMA Contoh 1", "Sekolah Menengah Kejuruan Negeri Pembangunan Contoh Selatan " * 2]
)
@pytest.mark.parametrize("count", [1, 14, 15, 16, 33, 34, 35, 51, 300])
def test_no_row_is_lost_or_split_wherever_a_sheet_ends(school: str, count: int) -> None:
    page = day_list(
        *(student(n) for n in range(1, count + 1)), school=PrintedSchool(school, "20399001", "Weru")
    )

    sheets = sheets_of(print_day_list(page))

    rows = [
        line.split()
        for sheet in sheets
        for line in sheet.splitlines()
        if re.search(r"\b331108\d{10}\b", line)
    ]
    assert [int(row[0]) for row in rows] == list(range(1, count + 1))
    assert all(
        row[2:5] == ["SISWA", "CONTOH", row[0]] and row[-1].endswith(f"9{int(row[0]):03d}") for row in rows
    )


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("SITI", 1),
        ("", 1),
        ("MUHAMMAD RIZKY PRATAMA KUSUMA PUTRA", 2),
        ("KUSUMANINGRAT " * 6, 3),
        ("王小明", 3),
        ("NUR\u2019AINI FITRIANI KUSUMANINGTYAS DEWI", 2),
    ],
)
def test_how_many_lines_a_name_needs_at_most(text: str, lines: int) -> None:
    assert lines_in(text, 15.5) == lines


@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_top_that_is_not_measured_is_as_high_as_one_that_is(
    lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = day_list(*(student(n) for n in range(1, 40)))
    assumed = words_on(print_day_list(page, lang))
    monkeypatch.setattr("campaigns.printing._top_is_plain", lambda *_: False)
    measured = words_on(print_day_list(page, lang))
    assert [word for _, _, word in assumed] == [word for _, _, word in measured]
    assert max(abs(ours[1] - its[1]) for ours, its in zip(assumed, measured, strict=True)) < 1  # point


@pytest.mark.parametrize(
    ("changes", "is_plain"),
    [
        ({}, True),
        ({"school": dataclasses.replace(SCHOOL, name="SMA ISLAM TERPADU " + "NUSANTARA " * 6)}, False),
        ({"team": "Tim Melati Putih dari Kecamatan Mojolaban"}, False),
        ({"letterhead": dataclasses.replace(LETTERHEAD, office="Dinas " * 30)}, False),
        ({"letterhead": dataclasses.replace(LETTERHEAD, address="Jalan Contoh " * 20)}, False),
    ],
)
def test_where_the_top_may_take_more_lines_it_is_measured(changes: dict[str, object], is_plain: bool) -> None:
    page = day_list(*(student(n) for n in range(1, 40)), **changes)
    assert printing._day_list(page, "id")["top_is_plain"] == is_plain
    text = "\n".join(sheets_of(print_day_list(page)))
    assert [n for n in range(1, 40) if str(9000 + n) not in text] == []
