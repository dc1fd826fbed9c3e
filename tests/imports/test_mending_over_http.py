"""A roster mended and decided on screen, its columns named, and taken back; over HTTP with real files."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from test_review_over_http import confirm, fingerprint, in_english, send, students, wait_for
from warm import warm_sandbox  # noqa: F401 - used by every test of this file

from accounts.models import Audit
from common.clock import fixed_at
from common.database import Store
from ground.people import Cast, invite_everyone
from ground.site import Client, Site
from imports import actions
from imports.models import ColumnAnswer, FixItem, RosterChange, RosterMend, RosterUpload
from schools.models import Student

HEAD = "nama;nik;tanggal lahir;jk;kelas\n"
DEWI = "DEWI CONTOH;3311084501099001;05-01-2009;P;X-1\n"
EKO = "EKO CONTOH;331108060109900;06-01-2009;L;X-1\n"  # a digit short
RINA = "RINA CONTOH;3311084701099003;07-01-2009;P;X-1\n"


@pytest.fixture
def cast(sqlite_store: Store) -> Cast:
    return invite_everyone(sqlite_store)


@pytest.fixture
def site(sqlite_store: Store, cast: Cast, tmp_path: Path) -> Iterator[Site]:
    with fixed_at(date(2026, 11, 22)), Site(sqlite_store, tmp_path / "files") as running:
        yield running


def sent(client: Client, cast: Cast, *rows: str, name: str = "daftar.csv", head: str = HEAD) -> str:
    return send(client, cast.ratnas_school, (head + "".join(rows)).encode(), name)


def cells(page: str) -> dict[str, str]:
    """The cells a page offers to mend, with what stands in them."""
    found = re.findall(r'<input type="text" name="(cell:[^"]+)" value="([^"]*)"', page)
    return {html.unescape(name): html.unescape(value) for name, value in found}


def questions(page: str) -> list[tuple[str, str]]:
    return [
        (html.unescape(name), value)
        for name, value in re.findall(r'<input type="radio" name="(row:[^"]+)" value="([^"]*)"', page)
    ]


def number_of(address: str) -> int:
    return int(address.rsplit("/", 1)[1])


def names(store: Store) -> list[str]:
    return store.read_now(lambda: [student.name for student in Student.select().order_by(Student.id)])


def test_a_rejected_cell_is_mended_and_judged_at_once(site: Site, cast: Cast, sqlite_store: Store) -> None:
    ratna = in_english(site.as_("ratna"))
    address = sent(ratna, cast, DEWI, EKO)
    offered = cells(ratna.get(f"{address}?kind=to_fix").text)
    assert list(offered.values()) == ["331108060109900"]
    (cell,) = offered

    still = ratna.post(f"{address}/mend", {cell: "33110806010990x2", "kind": "to_fix"})
    page = ratna.follow(still).text
    assert "not a digit" in page, "what was typed is judged by the same rules"
    assert "1 cell is saved. 1 row is still to be mended." in page
    mended = ratna.follow(ratna.post(f"{address}/mend", {cell: "3311080601099002", "kind": "to_fix"}))
    assert "1 cell is saved. No row is left to be mended." in mended.text
    assert cells(mended.text) == {}
    assert "••••••••••••••02" in mended.text and "3311080601099002" not in mended.text
    assert "Ratna Dewi" in mended.text.split('id="said"')[1], "who mended it is said"
    confirm(ratna, address)
    assert sqlite_store.read_now(lambda: {student.nik for student in Student.select()}) == {
        "3311084501099001",
        "3311080601099002",
    }
    acts = sqlite_store.read_now(
        lambda: [row.act for row in Audit.select().where(Audit.act == "cells_mended")]
    )
    assert len(acts) == 2


def test_a_mend_is_taken_back(site: Site, cast: Cast, sqlite_store: Store) -> None:
    ratna = in_english(site.as_("ratna"))
    address = sent(ratna, cast, DEWI, EKO)
    (cell,) = cells(ratna.get(f"{address}?kind=to_fix").text)
    ratna.post(f"{address}/mend", {cell: "3311080601099002"})
    mend = sqlite_store.read_now(RosterMend.get)
    page = ratna.follow(
        ratna.post(f"{address}/mend", {"take_back_mend": str(mend.id), "kind": "to_fix"})
    ).text
    assert "as in the file again" in page
    assert list(cells(page).values()) == ["331108060109900"]


def test_a_mended_double_makes_the_other_row_sound_too(site: Site, cast: Cast) -> None:
    ratna = in_english(site.as_("ratna"))
    other = "EKO CONTOH;3311084501099001;06-01-2009;L;X-1\n"  # Dewi's NIK
    address = sent(ratna, cast, DEWI, other)
    offered = cells(ratna.get(f"{address}?kind=to_fix").text)
    assert offered == {f"cell:{number_of(address)}:3:B:": ""}, "a whole NIK is not shown"
    page = ratna.follow(ratna.post(f"{address}/mend", {next(iter(offered)): "3311080601099002"})).text
    assert "2 students of this file" in page


def test_an_untouched_form_mends_nothing(site: Site, cast: Cast, sqlite_store: Store) -> None:
    ratna = in_english(site.as_("ratna"))
    address = sent(ratna, cast, "EKO  CONTOH;33110\u200b8060109900;06-01-2009;L;X-1\n", DEWI)
    offered = cells(ratna.get(f"{address}?kind=to_fix").text)
    page = ratna.follow(ratna.post(f"{address}/mend", offered)).text
    assert "Nothing changed" in page
    assert sqlite_store.read_now(RosterMend.select().count) == 0


def test_only_doubtful_cells_can_be_mended(site: Site, cast: Cast, sqlite_store: Store) -> None:
    ratna = in_english(site.as_("ratna"))
    address = sent(ratna, cast, DEWI, EKO)
    upload = number_of(address)
    ratna.post(f"{address}/mend", {f"cell:{upload}:2:B:": "3311084501099999", f"cell:{upload}:1:A:": "nik"})
    assert sqlite_store.read_now(RosterMend.select().count) == 0


def test_another_school_mends_decides_names_and_takes_back_nothing(
    site: Site, cast: Cast, sqlite_store: Store
) -> None:
    ratna = site.as_("ratna")
    address = sent(ratna, cast, DEWI, EKO)
    upload = number_of(address)
    for person in ("joko", "wahyu"):
        stranger = site.as_(person)
        assert stranger.post(f"{address}/mend", {f"cell:{upload}:3:B:": "3311080601099002"}).status == 404
        assert stranger.post(f"/schools/{cast.ratnas_school}/fixes", {"act": "mend"}).status in (303, 404)
        assert stranger.get(f"{address}/columns").status == 404
        assert stranger.post(f"{address}/columns", {}).status == 404
        assert stranger.post(f"{address}/undo").status == 404
    # by the address of an own file it is not to be had either
    own = send(site.as_("joko"), cast.jokos_school, (HEAD + RINA).encode(), "lain.csv")
    answer = site.as_("joko").post(f"{own}/mend", {f"cell:{upload}:3:B:": "3311080601099002"})
    assert answer.status == 404
    assert sqlite_store.read_now(RosterMend.select().count) == 0


def test_a_look_alike_is_held_back_until_someone_says_who_it_is(
    site: Site, cast: Cast, sqlite_store: Store
) -> None:
    ratna = in_english(site.as_("ratna"))
    confirm(ratna, sent(ratna, cast, DEWI))
    alike = "DEWI CONTOH;3311084501099071;05-01-2009;P;XI-1\n"
    address = sent(ratna, cast, alike)
    page = ratna.get(f"{address}?kind=to_fix").text
    assert "looks like this one" in page
    assert "3311084501099001" not in page
    asked = questions(page)
    assert [value for _, value in asked] == ["same", "different", ""]

    decided = ratna.follow(ratna.post(f"{address}/mend", {asked[0][0]: "same", "kind": "changed"}))
    assert "1 row is decided." in decided.text
    assert "same person as DEWI CONTOH" in decided.text
    confirm(ratna, address)
    (dewi,) = sqlite_store.read_now(lambda: list(Student.select()))
    assert (dewi.nik, dewi.class_name) == ("3311084501099071", "XI-1")


def test_a_twin_is_a_new_student_once_someone_says_so(site: Site, cast: Cast, sqlite_store: Store) -> None:
    ratna = in_english(site.as_("ratna"))
    confirm(ratna, sent(ratna, cast, DEWI))
    address = sent(ratna, cast, "DEWI CONTOH;3311084501099071;05-01-2009;P;XI-1\n")
    asked = questions(ratna.get(f"{address}?kind=to_fix").text)
    page = ratna.follow(ratna.post(f"{address}/mend", {asked[0][0]: "different"})).text
    decision = re.search(r'name="take_back_decision" value="(\d+)"', page)
    assert decision
    asked_again = ratna.follow(ratna.post(f"{address}/mend", {"take_back_decision": decision[1]})).text
    assert "asked about again" in asked_again
    ratna.post(f"{address}/mend", {asked[0][0]: "different"})
    confirm(ratna, address)
    assert students(sqlite_store, cast.ratnas_school) == 2


def test_a_fix_list_row_is_mended_and_goes_in(site: Site, cast: Cast, sqlite_store: Store) -> None:
    ratna = in_english(site.as_("ratna"))
    address = sent(ratna, cast, DEWI, EKO)
    confirm(ratna, address)
    fixes = f"/schools/{cast.ratnas_school}/fixes"
    (cell,) = cells(ratna.get(fixes).text)
    page = ratna.follow(ratna.post(fixes, {"act": "mend", cell: "3311080601099002"})).text
    assert "1 cell is saved. 1 row left the fix list." in page
    assert names(sqlite_store) == ["DEWI CONTOH", "EKO CONTOH"]
    assert sqlite_store.read_now(FixItem.get).state == "mended"


def test_a_fix_list_row_that_is_still_wrong_stays_with_its_new_reason(
    site: Site, cast: Cast, sqlite_store: Store
) -> None:
    ratna = in_english(site.as_("ratna"))
    confirm(ratna, sent(ratna, cast, DEWI, EKO))
    fixes = f"/schools/{cast.ratnas_school}/fixes"
    (cell,) = cells(ratna.get(fixes).text)
    page = ratna.follow(ratna.post(fixes, {"act": "mend", cell: "3311084501099001"})).text
    assert "same NIK" in page
    assert names(sqlite_store) == ["DEWI CONTOH"]
    assert sqlite_store.read_now(FixItem.get).state == "open"


def test_the_fix_list_is_sorted_by_its_headings_and_stays_so(
    site: Site, cast: Cast, sqlite_store: Store
) -> None:
    ratna = in_english(site.as_("ratna"))
    bowo, agus = EKO.replace("EKO", "BOWO"), "AGUS CONTOH;;31-02-2009;L;X-1\n"
    confirm(ratna, sent(ratna, cast, DEWI, EKO, bowo, agus))
    fixes = f"/schools/{cast.ratnas_school}/fixes"

    def shown(sort: str) -> list[str]:
        page = ratna.get(f"{fixes}?sort={sort}").text
        assert 'aria-sort="' in page
        return re.findall(r'<th scope="row">(\w+) CONTOH', page)

    assert shown("row") == ["EKO", "BOWO", "AGUS"]
    assert shown("-row") == ["AGUS", "BOWO", "EKO"]
    assert shown("name") == ["AGUS", "BOWO", "EKO"]
    assert shown("-name") == ["EKO", "BOWO", "AGUS"]
    assert shown("reason")[1:] in (["EKO", "BOWO"], ["BOWO", "AGUS"]), "alike rows stand together"
    assert shown("nonsense") == ["EKO", "BOWO", "AGUS"]
    answer = ratna.post(f"{fixes}?sort=-name", {"act": "dismiss"})
    assert answer.headers["Location"] == f"{fixes}?sort=-name"


def test_a_student_missing_from_the_file_is_still_here(site: Site, cast: Cast, sqlite_store: Store) -> None:
    ratna = in_english(site.as_("ratna"))
    confirm(ratna, sent(ratna, cast, DEWI, RINA))
    address = sent(ratna, cast, DEWI)
    assert "RINA CONTOH" in ratna.get(f"{address}?kind=missing").text
    page = ratna.follow(ratna.post(f"{address}/missing", everyone_still_here(ratna, address))).text
    assert "1 student stays on the list of students." in page
    assert "RINA CONTOH" not in ratna.get(f"{address}?kind=missing").text
    assert sqlite_store.read_now(lambda: Student.get(Student.name == "RINA CONTOH").status) == "active"


def test_a_confirmed_roster_is_taken_back_whole(site: Site, cast: Cast, sqlite_store: Store) -> None:
    ratna = in_english(site.as_("ratna"))
    confirm(ratna, sent(ratna, cast, DEWI, EKO))
    before = sqlite_store.read_now(lambda: [facts(student) for student in Student.select()])
    mended = EKO.replace("331108060109900", "3311080601099002")
    address = sent(ratna, cast, DEWI.replace("X-1", "XI-1"), mended, RINA)
    confirm(ratna, address)
    assert students(sqlite_store, cast.ratnas_school) == 3

    page = ratna.follow(ratna.post(f"{address}/undo")).text
    assert "is taken back" in page
    assert sqlite_store.read_now(lambda: [facts(student) for student in Student.select()]) == before
    assert sqlite_store.read_now(FixItem.get).state == "open", "what it had replaced is to be fixed again"
    assert sqlite_store.read_now(RosterChange.select().count) == 0
    confirm(ratna, address)
    assert students(sqlite_store, cast.ratnas_school) == 3


def everyone_still_here(client: Client, address: str) -> dict[str, str]:
    shown = fingerprint(client.get(f"{address}?kind=missing"))
    return {"everyone": "1", "status": "still_here", "fingerprint": shown}


def facts(student: Student) -> tuple[object, ...]:
    return (student.id, student.name, student.nik, student.class_name, student.status, student.school_id)


def test_a_roster_is_not_taken_back_once_its_students_were_changed(
    site: Site, cast: Cast, sqlite_store: Store
) -> None:
    ratna = in_english(site.as_("ratna"))
    first = sent(ratna, cast, DEWI)
    confirm(ratna, first)
    second = sent(ratna, cast, DEWI.replace("X-1", "XI-1"))
    confirm(ratna, second)
    assert "newer file" in ratna.follow(ratna.post(f"{first}/undo")).text
    sqlite_store.write_now(lambda: Student.update(updated_at=date(2027, 1, 1), class_name="XII-1").execute())
    assert "changed since" in ratna.follow(ratna.post(f"{second}/undo")).text
    assert sqlite_store.read_now(lambda: Student.get().class_name) == "XII-1"


def test_a_mended_row_goes_again_when_its_roster_is_taken_back(
    site: Site, cast: Cast, sqlite_store: Store
) -> None:
    ratna = in_english(site.as_("ratna"))
    address = sent(ratna, cast, DEWI, EKO)
    confirm(ratna, address)
    fixes = f"/schools/{cast.ratnas_school}/fixes"
    (cell,) = cells(ratna.get(fixes).text)
    ratna.post(fixes, {"act": "mend", cell: "3311080601099002"})
    ratna.post(f"{address}/undo")
    assert names(sqlite_store) == []
    assert sqlite_store.read_now(FixItem.select().count) == 0


def test_unknown_headings_are_asked_for_and_remembered(site: Site, cast: Cast, sqlite_store: Store) -> None:
    ratna = in_english(site.as_("ratna"))
    head = "Peserta;Kode Warga;Hari Jadi;Ruang\n"
    rows = "DEWI CONTOH;3311084501099001;05-01-2009;X-1\nRINA CONTOH;3311084701099003;07-01-2009;X-1\n"
    address = sent(ratna, cast, rows, head=head)
    refused = ratna.get(address).text
    assert "Say what the columns hold" in refused
    pick = ratna.get(f"{address}/columns").text
    assert "Choose the row" in pick
    assert "3311084501099001" not in pick
    page = ratna.get(f"{address}/columns?row=1").text
    assert "column:manual:peserta" in page

    too_few = dict.fromkeys(
        ("column:manual:kode warga", "column:manual:hari jadi", "column:manual:ruang"), "unneeded"
    ) | {"row": "1", "column:manual:peserta": "name"}
    assert "one more" in ratna.post(f"{address}/columns", too_few).text
    twice = {"row": "1", "column:manual:peserta": "name", "column:manual:ruang": "name"}
    answer = ratna.post(f"{address}/columns", twice)
    assert (answer.status, "hold the same" in answer.text) == (422, True)
    answers = {
        "row": "1",
        "column:manual:peserta": "name",
        "column:manual:kode warga": "nik",
        "column:manual:hari jadi": "birth_date",
        "column:manual:ruang": "class",
    }
    ratna.post(f"{address}/columns", answers)
    wait_for(ratna, address)
    assert "2 students of this file" in ratna.get(address).text
    assert sqlite_store.read_now(ColumnAnswer.select().count) == 4
    again = sent(ratna, cast, rows.replace("X-1", "X-2"), head=head, name="lain.csv")
    assert "2 students of this file" in ratna.get(again).text, "the answer is remembered"
    joko = in_english(site.as_("joko"))
    theirs = send(joko, cast.jokos_school, (head + rows).encode(), "joko.csv")
    assert "cannot be taken in" in joko.get(theirs).text, "for that school alone"


def test_an_unsure_column_can_be_named_on_the_review(site: Site, cast: Cast, sqlite_store: Store) -> None:
    ratna = in_english(site.as_("ratna"))
    head = "nama;kode warga;tanggal lahir;penghasilan ayah;jk;kelas\n"
    address = sent(ratna, cast, "DEWI CONTOH;3311084501099001;05-01-2009;RAHASIA;P;X-1\n", head=head)
    assert "were not recognised for certain" in ratna.get(address).text
    page = ratna.get(f"{address}/columns").text
    assert "RAHASIA" not in page, "a column that is not needed stays in the reading process"
    ratna.post(f"{address}/columns", {"column:manual:kode warga": "nik"})
    wait_for(ratna, address)
    confirm(ratna, address)
    assert sqlite_store.read_now(Student.get).nik == "3311084501099001"


def test_what_was_said_before_a_stop_is_heeded_when_the_page_is_opened(
    site: Site, cast: Cast, sqlite_store: Store
) -> None:
    ratna = in_english(site.as_("ratna"))
    address = sent(ratna, cast, DEWI, EKO)

    def mended_but_not_read() -> None:
        RosterMend.create(
            upload=number_of(address),
            sheet="",
            row_number=3,
            column_letter="B",
            heading="nik",
            value="3311080601099002",
            made_by=cast.ratna.account_id,
            made_at=RosterUpload.get().uploaded_at,
        )
        RosterUpload.update(wishes=RosterUpload.wishes + 1).execute()

    page = ratna.get(address)
    sqlite_store.write_now(mended_but_not_read)
    shown = page.text.split('name="fingerprint" value="')[1].split('"')[0]
    answer = ratna.follow(ratna.post(f"{address}/confirm", {"fingerprint": shown}))
    assert "nothing was stored" in answer.text
    assert "2 students of this file" in answer.text


def test_a_roster_can_be_taken_back_as_often_as_it_was_confirmed(
    site: Site, cast: Cast, sqlite_store: Store
) -> None:
    ratna = in_english(site.as_("ratna"))
    address = sent(ratna, cast, DEWI, RINA)
    for _ in range(3):
        confirm(ratna, address)
        assert students(sqlite_store, cast.ratnas_school) == 2
        assert "is taken back" in ratna.follow(ratna.post(f"{address}/undo")).text
        assert students(sqlite_store, cast.ratnas_school) == 0


def test_taking_back_the_newest_makes_the_one_before_it_free_again(
    site: Site, cast: Cast, sqlite_store: Store
) -> None:
    ratna = in_english(site.as_("ratna"))
    first = sent(ratna, cast, DEWI)
    confirm(ratna, first)
    second = sent(ratna, cast, DEWI.replace("X-1", "XI-1"))
    confirm(ratna, second)
    for address in (second, first):
        assert "is taken back" in ratna.follow(ratna.post(f"{address}/undo")).text
    assert students(sqlite_store, cast.ratnas_school) == 0


def test_everyone_means_who_was_shown(site: Site, cast: Cast, sqlite_store: Store) -> None:
    ratna = in_english(site.as_("ratna"))
    confirm(ratna, sent(ratna, cast, DEWI))
    address = sent(ratna, cast, RINA)
    shown = fingerprint(ratna.get(f"{address}?kind=missing"))
    other = sent(ratna, cast, DEWI, "BAYU CONTOH;3311080901099004;09-01-2009;L;X-1\n", name="lain.csv")
    confirm(ratna, other)
    answer = ratna.post(f"{address}/missing", {"everyone": "1", "status": "left", "fingerprint": shown})
    assert "changed while you were looking" in ratna.follow(answer).text
    assert sqlite_store.read_now(lambda: Student.select().where(Student.status == "left").count()) == 0


def test_an_old_form_undoes_nobodys_mend(site: Site, cast: Cast, sqlite_store: Store) -> None:
    ratna, sari = in_english(site.as_("ratna")), in_english(site.as_("sari"))
    broken = "RINA CONTOH;33110847;07-01-2009;P;X-1\n"
    address = sent(ratna, cast, EKO, broken)
    offered = cells(ratna.get(f"{address}?kind=to_fix").text)
    eko, rina = offered
    was = {name.replace("cell:", "was:"): value for name, value in offered.items()}
    sari.post(f"{address}/mend", {**offered, **was, eko: "331108060109900x"})
    ratna.post(f"{address}/mend", {**offered, **was, rina: "3311084701099003"})
    mends = sqlite_store.read_now(lambda: {mend.row_number: mend.value for mend in RosterMend.select()})
    assert mends == {2: "331108060109900x", 3: "3311084701099003"}


def test_a_row_mended_into_no_student_stays_on_the_fix_list(
    site: Site, cast: Cast, sqlite_store: Store
) -> None:
    ratna = in_english(site.as_("ratna"))
    nameless = ";3311080601099002;06-01-2009;L;X-1\n"
    confirm(ratna, sent(ratna, cast, DEWI, nameless))
    fixes = f"/schools/{cast.ratnas_school}/fixes"
    (cell,) = cells(ratna.get(fixes).text)
    ratna.post(fixes, {"act": "mend", cell: "Mengetahui, Kepala Sekolah"})
    settled = sqlite_store.read_now(FixItem.get).state == "mended"
    assert settled == (students(sqlite_store, cast.ratnas_school) == 2), "no row is lost"


def test_a_sheet_may_have_any_name(site: Site, cast: Cast, sqlite_store: Store, tmp_path: Path) -> None:
    ratna = in_english(site.as_("ratna"))
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Kelas X – É"
    for row in (HEAD.strip().split(";"), DEWI.strip().split(";"), EKO.strip().split(";")):
        sheet.append(row)
    path = tmp_path / "kelas.xlsx"
    book.save(path)
    address = send(ratna, cast.ratnas_school, path, "kelas.xlsx")
    (cell,) = cells(ratna.get(f"{address}?kind=to_fix").text)
    assert "É" in cell
    answer = ratna.follow(ratna.post(f"{address}/mend", {cell: "3311080601099002"})).text
    assert "1 cell is saved." in answer


def test_what_was_said_of_a_file_goes_with_it(site: Site, cast: Cast, sqlite_store: Store) -> None:
    ratna = in_english(site.as_("ratna"))
    address = sent(ratna, cast, DEWI, EKO)
    (cell,) = cells(ratna.get(f"{address}?kind=to_fix").text)
    ratna.post(f"{address}/mend", {cell: "3311080601099002"})
    confirm(ratna, address)
    other = sent(ratna, cast, DEWI.replace("X-1", "XI-1"), EKO, name="lain.csv")
    (cell,) = cells(ratna.get(f"{other}?kind=to_fix").text)
    ratna.post(f"{other}/mend", {cell: "3311080601099002"})
    ratna.post(f"{other}/cancel")

    def left() -> tuple[int, int]:
        return RosterMend.select().count(), RosterChange.select().count()

    assert sqlite_store.read_now(left) == (1, 0), "put aside: nothing of it is kept"
    sqlite_store.write_now(actions.forget_old_uploads, datetime(2027, 1, 22))
    assert sqlite_store.read_now(left) == (0, 0)


def test_columns_named_into_nonsense_lose_no_row(site: Site, cast: Cast, sqlite_store: Store) -> None:
    ratna = in_english(site.as_("ratna"))
    address = sent(ratna, cast, DEWI, EKO)
    nonsense = {f"column:manual:{key}": "unneeded" for key in ("nama", "nik", "tanggal lahir", "jk", "kelas")}
    assert "one more" in ratna.post(f"{address}/columns", nonsense).text

    def named_all_the_same() -> None:
        for heading in ("nama", "nik"):
            ColumnAnswer.create(
                office=cast.ratna.office_id,
                school=cast.ratnas_school,
                layout="manual",
                heading=heading,
                field="unneeded",
                answered_by=cast.ratna.account_id,
                answered_at=datetime(2026, 11, 22),
            )

    sqlite_store.write_now(named_all_the_same)
    (cell,) = cells(ratna.get(f"{address}?kind=to_fix").text)
    page = ratna.follow(ratna.post(f"{address}/mend", {cell: "3311080601099002"})).text
    assert "its rows stay as they were" in page
    assert "1 student of this file" in page
    assert "its rows stay as they were" in ratna.follow(confirm(ratna, address)).text


def test_two_columns_of_one_heading_are_asked_about_once(site: Site, cast: Cast) -> None:
    ratna = in_english(site.as_("ratna"))
    head = "nama;nik;tanggal lahir;jk;kelas;nama\n"
    address = sent(ratna, cast, "DEWI CONTOH;3311084501099001;05-01-2009;P;X-1;DEWI\n", head=head)
    page = ratna.get(f"{address}/columns").text
    assert page.count('name="column:manual:nama"') == 1
    assert ratna.post(f"{address}/columns", {"column:manual:kelas": "class"}).status == 303
