"""What confirming a roster would change, and the fingerprint that tells whether it still would."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from test_matching import DEWI, EKO, changed, known, people, row_of

from imports.findings import Finding, Kind, Status
from imports.fixes import OpenFix, new_fixes, replaced_by
from imports.plan import make_plan
from imports.review import Shown, ages_of, counts_of, finding_line, line, lines_of
from imports.roster import RosterRow
from imports.stored import rows_of_texts, texts_of
from schools.students import StudentFacts

BROKEN = RosterRow(
    "Siswa",
    9,
    Status.REJECTED,
    (Kind.NIK_LENGTH,),
    (),
    name="RINA",
    birth_date=date(2009, 3, 4),
    findings=(Finding(Kind.NIK_LENGTH, "Siswa", 9, "H", "NIK", "33110845"),),
)


def test_a_plan_says_new_changed_same_and_missing() -> None:
    rows = [
        row_of(changed(DEWI, class_name="XII-1"), 2),
        row_of(changed(EKO, nik=None, nisn=None, name="UMAR"), 3),
    ]
    plan = make_plan(rows, [known(DEWI, 1), known(EKO, 2)], {})
    assert [match.after.name for match in plan.new] == ["UMAR"]
    assert plan.changes.update == ((1, changed(DEWI, class_name="XII-1")),)
    assert [student.id for student in plan.missing] == [2]


def test_who_stands_in_a_row_that_must_be_mended_is_not_missing() -> None:
    broken = row_of(DEWI, 2)._replace(
        status=Status.REJECTED, reasons=(Kind.NIK_LENGTH,), nik=None, nisn=None, name=f" {DEWI.name.lower()} "
    )

    def missing(row: RosterRow) -> list[int]:
        return [student.id for student in make_plan([row], [known(DEWI, 1), known(EKO, 2)], {}).missing]

    assert missing(broken) == [2]
    assert missing(broken._replace(birth_date=None)) == [2]
    assert missing(broken._replace(name="SOMEBODY ELSE")) == [1, 2]
    assert missing(broken._replace(name=None, nisn=DEWI.nisn)) == [2]
    assert missing(broken._replace(name=None, nik=DEWI.nik)) == [2]
    born_otherwise = broken._replace(birth_date=date(2001, 1, 1))
    assert missing(born_otherwise) == [1, 2], "a namesake is somebody else"


def test_who_left_before_is_not_missing() -> None:
    assert make_plan([], [known(DEWI, status="left")], {}).missing == ()


def test_a_row_without_a_birth_date_is_to_be_fixed_not_lost() -> None:
    row = row_of(DEWI)._replace(birth_date=None, status=Status.WARNED, reasons=(Kind.NIK_MISSING,))
    plan = make_plan([row], [], {})
    (fix,) = new_fixes(plan)
    assert fix.reasons == ("DOB_INVALID", "NIK_MISSING")


def test_the_fingerprint_is_the_same_while_nothing_changed() -> None:
    rows = [row_of(DEWI, 2), BROKEN]
    assert make_plan(rows, [known(EKO)], {}).fingerprint == make_plan(rows, [known(EKO)], {}).fingerprint


def test_the_fingerprint_tells_every_change_of_the_students() -> None:
    rows = [row_of(DEWI, 2)]
    seen = [
        make_plan(rows, [], {}).fingerprint,
        make_plan(rows, [known(DEWI)], {}).fingerprint,
        make_plan(rows, [known(changed(DEWI, class_name="X-9"))], {}).fingerprint,
        make_plan(rows, [known(DEWI, status="moved")], {}).fingerprint,
        make_plan(rows, [known(DEWI), known(EKO, 2)], {}).fingerprint,
        make_plan(rows, [], {DEWI.nik or "": known(DEWI, 7, school_id=2)}).fingerprint,
    ]
    assert len(set(seen)) == len(seen)


def test_a_newer_file_replaces_the_items_of_the_people_it_has() -> None:
    def item(number: int, **values: object) -> OpenFix:
        facts: dict[str, object] = {"nik": None, "nisn": None, "birth_date": None, "findings": ()}
        return OpenFix(number, "Siswa", 50 + number, **{"name": "", **facts, **values})  # type: ignore[arg-type]

    items = [
        item(1, name="Dewi Lestari", birth_date=DEWI.birth_date),
        item(2, name="DEWI LESTARI", birth_date=date(2008, 8, 8)),
        item(3, nisn=EKO.nisn),
        item(4, name="RINA"),
        item(5, name="SOMEBODY ELSE"),
        item(6),
        replace(item(7), row=9, findings=BROKEN.findings),
    ]
    assert replaced_by(items, [row_of(DEWI), row_of(EKO), BROKEN]) == [1, 3, 4, 7]


def test_every_row_and_student_stands_under_one_kind() -> None:
    rows = [row_of(DEWI, 2), row_of(changed(EKO, class_name="X"), 3), BROKEN]
    students = [known(EKO, 2), known(changed(DEWI, name="LAMA", nik=None, nisn=None), 3)]
    plan = make_plan(rows, students, {})
    counts = counts_of(plan, rows, students)
    assert counts == {
        Shown.TO_FIX: 1, Shown.MISSING: 1, Shown.CHANGED: 1, Shown.WARNED: 0,
        Shown.NEW: 1, Shown.SAME: 0, Shown.SKIPPED: 0, Shown.GONE: 0,
    }  # fmt: skip
    for kind, count in counts.items():
        assert len(lines_of(plan, rows, students, kind)) == count
    assert [line(item).name for item in lines_of(plan, rows, students, Shown.NEW, "lestari")] == [
        "DEWI LESTARI"
    ]
    assert lines_of(plan, rows, students, Shown.NEW, "nobody") == []


def test_old_stands_beside_new_and_a_nik_is_masked_in_both() -> None:
    before = changed(DEWI, nik=None, class_name="X-1")
    plan = make_plan([row_of(DEWI)], [known(before)], {})
    shown = line(plan.changed[0])
    assert [(each.fact, each.old, each.new) for each in shown.differences] == [
        ("nik", None, "••••••••••••••01"),
        ("class_name", "X-1", "XI-1"),
    ]
    assert shown.nik_masked == "••••••••••••••01"


def test_a_whole_nik_is_masked_and_a_broken_one_is_shown_as_typed() -> None:
    def shown(kind: Kind, value: str) -> str | None:
        return finding_line(Finding(kind, None, 2, "H", "NIK", value)).value

    assert shown(Kind.NIK_LENGTH, "331108450109900") == "331108450109900"
    assert shown(Kind.NIK_DATE_INVALID, "3311089901099001") == "3311089901099001"
    assert shown(Kind.NIK_PARENT_SUSPECT, "3311084501709001") == "••••••••••••••01"
    assert shown(Kind.NIK_DOB_MISMATCH, "3311 0845 0109 9001") == "••••••••••••••01"
    assert shown(Kind.DOB_AMBIGUOUS, "03/04/2009") == "03/04/2009"


def test_the_birthday_itself_counts() -> None:
    born = [DEWI._replace(birth_date=date(2010, 11, day)) for day in (21, 22, 23)]
    ages = ages_of(born, date(2026, 11, 22), 16, date(2026, 11, 23), date(2027, 11, 22))
    assert (ages.people, ages.recordable_today, ages.recordable_by_end, ages.voters) == (3, 2, 3, 2)
    married = ages_of(
        [DEWI._replace(birth_date=date(2011, 1, 1), is_married=True)], date(2026, 11, 22), 16, None, None
    )
    assert (married.recordable_by_end, married.voters) == (None, None)


@given(told=st.lists(people, max_size=5), findings=st.booleans())
def test_what_is_stored_of_a_row_comes_back_equal(told: list[StudentFacts], findings: bool) -> None:
    rows = [row_of(facts, number)._replace(married=None, recorded=True) for number, facts in enumerate(told)]
    rows.append(BROKEN)
    rows.append(RosterRow(None, 30, Status.SKIPPED, (Kind.TOTAL_ROW,), ()))
    assert rows_of_texts([texts_of(row) for row in rows]) == rows


def called(word: str, number: int) -> str:
    """A name of its own for every number: digits would not tell one from another."""
    return f"{word} {chr(65 + number % 26) * (1 + number // 26)}"


def test_a_file_of_other_students_than_the_schools_is_told() -> None:
    here = [known(changed(DEWI, nik=None, nisn=None, name=called("SISWA", n)), n) for n in range(30)]
    others = [row_of(changed(EKO, nik=None, nisn=None, name=called("LAIN", n)), n) for n in range(30)]
    ours = [row_of(student.facts, 100 + n) for n, student in enumerate(here)]
    assert make_plan(others, here, {}).is_unlike
    assert make_plan(others + ours[:6], here, {}).is_unlike, "a fifth in common is still hardly anybody"
    assert not make_plan(others + ours[:7], here, {}).is_unlike


def test_a_years_intake_or_a_schools_first_file_is_nothing_unusual() -> None:
    here = [known(changed(DEWI, nik=None, nisn=None, name=called("SISWA", n)), n) for n in range(30)]
    intake = [row_of(changed(EKO, nik=None, nisn=None, name=called("BARU", n)), n) for n in range(60)]
    stayed = [row_of(student.facts, 100 + n) for n, student in enumerate(here)]
    assert not make_plan(intake, [], {}).is_unlike
    assert not make_plan(intake[:10] + stayed[10:], here, {}).is_unlike
    assert not make_plan(intake[:1], here, {}).is_unlike, "one newcomer sent alone"
    assert not make_plan(stayed, here, {}).is_unlike


def test_a_file_of_students_of_another_school_is_told_too() -> None:
    here = [known(changed(DEWI, nik=None, nisn=None, name=called("SISWA", n)), n) for n in range(9)]
    niks = [f"331108060109{9000 + n}" for n in range(9)]
    elsewhere = {nik: known(changed(EKO, nik=nik), 50 + n, school_id=2) for n, nik in enumerate(niks)}
    rows = [row_of(changed(EKO, nik=nik, nisn=None), n) for n, nik in enumerate(niks)]
    assert make_plan(rows, here, elsewhere).is_unlike
