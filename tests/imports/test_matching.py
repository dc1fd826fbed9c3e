"""A roster's row is a student the office knows, or a new one."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imports.decisions import Decision, Decisions
from imports.findings import Status
from imports.matching import Match, MatchedBy, MatchKind, adds_nothing, facts_of, match_rows, merged
from imports.roster import RosterRow
from schools.students import FACT_NAMES, KnownStudent, StudentFacts

DEWI = StudentFacts(
    "DEWI LESTARI", date(2009, 1, 5), "3311084501099001", "0091234567", "P", class_name="XI-1"
)
EKO = StudentFacts("EKO PRASETYO", date(2009, 1, 6), "3311080601099002", "0091234568", "L", class_name="XI-1")


def row_of(facts: StudentFacts, number: int = 7, status: Status = Status.ACCEPTED) -> RosterRow:
    return RosterRow(
        "Siswa",
        number,
        status,
        (),
        (),
        name=facts.name,
        nik=facts.nik,
        nisn=facts.nisn,
        sex=facts.sex or None,
        birth_date=facts.birth_date,
        class_name=facts.class_name or None,
    )


def changed(facts: StudentFacts, **values: object) -> StudentFacts:
    return facts._replace(**values)  # type: ignore[arg-type]


def known(
    facts: StudentFacts, student_id: int = 1, status: str = "active", school_id: int = 1
) -> KnownStudent:
    return KnownStudent(student_id, school_id, status, facts)


def test_who_is_not_known_is_new() -> None:
    (match,) = match_rows([row_of(DEWI)], [known(EKO)], {})
    assert match.kind is MatchKind.NEW
    assert match.after == DEWI


def test_a_known_student_with_the_same_facts_is_the_same() -> None:
    (match,) = match_rows([row_of(DEWI)], [known(DEWI)], {})
    assert (match.kind, match.by) == (MatchKind.SAME, MatchedBy.NIK)


def test_a_new_class_is_a_change_of_that_one_field() -> None:
    (match,) = match_rows([row_of(changed(DEWI, class_name="XII-1"))], [known(DEWI)], {})
    assert (match.kind, match.changed) == (MatchKind.CHANGED, ("class_name",))


def test_the_nik_counts_more_than_the_nisn() -> None:
    told = changed(DEWI, nisn=EKO.nisn)
    (match,) = match_rows([row_of(told)], [known(DEWI, 1), known(EKO, 2)], {})
    assert match.student is not None
    assert match.student.id == 1


def test_a_student_without_a_nik_is_found_by_nisn() -> None:
    (match,) = match_rows([row_of(changed(DEWI, nik=None))], [known(DEWI)], {})
    assert (match.kind, match.by) == (MatchKind.SAME, MatchedBy.NISN)


def test_a_nisn_of_somebody_with_another_name_and_birth_date_is_for_a_person_to_decide() -> None:
    told = changed(DEWI, nik=None, name="RINA", birth_date=date(2010, 2, 2))
    (match,) = match_rows([row_of(told)], [known(changed(DEWI, nik=None))], {})
    assert (match.kind, ids(match)) == (MatchKind.UNCLEAR, (1,))


def test_name_and_birth_date_match_however_the_name_is_written() -> None:
    told = changed(DEWI, nik=None, nisn=None, name="Dewi  Lestari")
    (match,) = match_rows([row_of(told)], [known(DEWI)], {})
    assert match.by is MatchedBy.NAME_AND_BIRTH_DATE


def ids(match: Match) -> tuple[int, ...]:
    return tuple(student.id for student in match.candidates)


def said(decision: Decision, student_id: int = 1) -> Decisions:
    return Decisions({("Siswa", 7): {student_id: decision}})


def test_one_name_and_birth_date_with_another_nik_is_for_a_person_to_decide() -> None:
    told = row_of(changed(DEWI, nik="3311084501099109", nisn=None))
    (match,) = match_rows([told], [known(DEWI)], {})
    assert (match.kind, ids(match)) == (MatchKind.UNCLEAR, (1,))
    (twin,) = match_rows([told], [known(DEWI)], {}, said(Decision.DIFFERENT))
    assert twin.kind is MatchKind.NEW
    (herself,) = match_rows([told], [known(DEWI)], {}, said(Decision.SAME))
    assert (herself.kind, herself.by, herself.changed) == (MatchKind.CHANGED, MatchedBy.DECISION, ("nik",))


def test_two_namesakes_who_are_both_in_the_file_are_asked_of_nobody() -> None:
    other = changed(DEWI, nik="3311084501099109", nisn="0091234569")
    matches = match_rows([row_of(DEWI, 7), row_of(other, 8)], [known(DEWI)], {})
    assert [match.kind for match in matches] == [MatchKind.SAME, MatchKind.NEW]


@pytest.mark.parametrize(
    "values",
    [
        {"name": "DEWI L.", "nik": None, "nisn": None},
        {"name": "DEWI LESTRI", "nik": None, "nisn": None},
        {"name": "DEWI LESTARI", "nik": None, "nisn": None, "birth_date": date(2009, 5, 1)},
        {"name": "DEWI LESTARI", "nik": "3311084501099010", "nisn": None, "birth_date": date(2007, 3, 9)},
        {"name": "DEWY LESTARI", "nik": "3311084501099010", "nisn": None},
    ],
)
def test_a_slip_of_the_pen_is_for_a_person_to_decide(values: dict[str, object]) -> None:
    (match,) = match_rows([row_of(changed(DEWI, **values))], [known(DEWI)], {})
    assert (match.kind, ids(match)) == (MatchKind.UNCLEAR, (1,))


@pytest.mark.parametrize(
    "values",
    [
        {"name": "DEWA LESMANA", "nik": None, "nisn": None},
        {"nik": None, "nisn": None, "birth_date": date(2010, 6, 1)},
        {"name": "DEWI L.", "nik": "3311085501099777", "nisn": None},
    ],
)
def test_a_mere_resemblance_is_somebody_new(values: dict[str, object]) -> None:
    (match,) = match_rows([row_of(changed(DEWI, **values))], [known(DEWI)], {})
    assert match.kind is MatchKind.NEW


def test_two_rows_cannot_be_one_student_whatever_was_decided() -> None:
    told = changed(DEWI, name="DEWI", nik=None, nisn=None)
    matches = match_rows([row_of(told, 7), row_of(DEWI, 8)], [known(DEWI)], {}, said(Decision.SAME))
    assert [match.kind for match in matches] == [MatchKind.UNCLEAR, MatchKind.SAME]
    both = Decisions({("Siswa", number): {1: Decision.SAME} for number in (7, 8)})
    twice = match_rows([row_of(told, 7), row_of(told, 8)], [known(DEWI)], {}, both)
    assert [match.kind for match in twice] == [MatchKind.CHANGED, MatchKind.UNCLEAR]


def test_one_student_of_another_school_moves_for_one_row_only() -> None:
    there = known(changed(DEWI, nik=None), 9, school_id=2)
    other = changed(DEWI, nik="3311084501099777", nisn=None)
    both = Decisions({("Siswa", number): {9: Decision.MOVED_HERE} for number in (7, 8)})
    matches = match_rows([row_of(DEWI, 7), row_of(other, 8)], [], {}, both, [there])
    assert [match.kind for match in matches] == [MatchKind.MOVED, MatchKind.AT_OTHER_SCHOOL]


def test_a_namesake_elsewhere_whose_nik_stands_in_another_row_is_asked_of_nobody() -> None:
    there = known(DEWI, 9, school_id=2)
    other = changed(DEWI, nik=None, nisn=None)
    matches = match_rows([row_of(other, 7), row_of(DEWI, 8)], [], {str(DEWI.nik): there}, namesakes=[there])
    assert [match.kind for match in matches] == [MatchKind.NEW, MatchKind.AT_OTHER_SCHOOL]


def test_a_namesake_of_another_school_is_asked_for_and_moves_when_someone_says_so() -> None:
    there = known(changed(DEWI, nik=None), 9, school_id=2)
    (asked,) = match_rows([row_of(DEWI)], [], {}, namesakes=[there])
    assert (asked.kind, asked.by) == (MatchKind.AT_OTHER_SCHOOL, MatchedBy.NAME_AND_BIRTH_DATE)
    (moved,) = match_rows([row_of(DEWI)], [], {}, said(Decision.MOVED_HERE, 9), [there])
    assert (moved.kind, moved.after.nik) == (MatchKind.MOVED, DEWI.nik)
    (other,) = match_rows([row_of(DEWI)], [], {}, said(Decision.DIFFERENT, 9), [there])
    assert other.kind is MatchKind.NEW


def test_a_namesake_of_another_school_with_another_nik_is_another_person() -> None:
    there = known(changed(DEWI, nik="3311084501099777"), 9, school_id=2)
    (match,) = match_rows([row_of(DEWI)], [], {}, namesakes=[there])
    assert match.kind is MatchKind.NEW


def test_a_namesake_of_another_school_whose_nik_is_a_slip_away_is_asked_for() -> None:
    there = known(changed(DEWI, nik="3311084501099010"), 9, school_id=2)
    (asked,) = match_rows([row_of(DEWI)], [], {}, namesakes=[there])
    assert (asked.kind, asked.student) == (MatchKind.AT_OTHER_SCHOOL, there)
    (other,) = match_rows([row_of(DEWI)], [], {}, said(Decision.DIFFERENT, 9), [there])
    assert other.kind is MatchKind.NEW


def test_the_nik_of_another_school_is_never_somebody_else() -> None:
    there = known(DEWI, 9, school_id=2)
    (match,) = match_rows([row_of(DEWI)], [], {str(DEWI.nik): there}, said(Decision.DIFFERENT, 9))
    assert match.kind is MatchKind.AT_OTHER_SCHOOL


def test_two_known_namesakes_make_a_row_without_numbers_unclear() -> None:
    twins = [known(changed(DEWI, nik=None, nisn=None), 1), known(changed(DEWI, nik=None, nisn=None), 2)]
    (match,) = match_rows([row_of(changed(DEWI, nik=None, nisn=None))], twins, {})
    assert (match.kind, ids(match)) == (MatchKind.UNCLEAR, (1, 2))


def test_a_student_of_another_school_is_not_taken_from_it() -> None:
    elsewhere = known(DEWI, 9, school_id=2)
    (match,) = match_rows([row_of(DEWI)], [], {"3311084501099001": elsewhere})
    assert (match.kind, match.student) == (MatchKind.AT_OTHER_SCHOOL, elsewhere)


def test_a_nik_of_another_school_is_not_given_to_a_namesake_here() -> None:
    here = known(changed(DEWI, nik=None))
    (match,) = match_rows([row_of(DEWI)], [here], {"3311084501099001": known(DEWI, 9, school_id=2)})
    assert match.kind is MatchKind.AT_OTHER_SCHOOL


def test_a_blank_cell_takes_nothing_away() -> None:
    (match,) = match_rows([row_of(changed(DEWI, nisn=None, sex="", class_name=""))], [known(DEWI)], {})
    assert match.kind is MatchKind.SAME
    assert match.after == DEWI


def test_whoever_is_in_the_file_again_is_active_again() -> None:
    (match,) = match_rows([row_of(DEWI)], [known(DEWI, status="left")], {})
    assert (match.kind, match.changed) == (MatchKind.CHANGED, ("status",))


def test_who_was_recorded_stays_recorded() -> None:
    row = row_of(DEWI)._replace(recorded=False)
    (match,) = match_rows([row], [known(changed(DEWI, recorded_before=True))], {})
    assert match.after.recorded_before


def test_a_rejected_row_is_matched_with_nobody() -> None:
    assert match_rows([row_of(DEWI, status=Status.REJECTED)], [known(DEWI)], {}) == []


# few values, so that likenesses of every kind come together
people = st.builds(
    StudentFacts,
    name=st.sampled_from(["DEWI", "EKO", "SITI AMINAH"]),
    birth_date=st.sampled_from([date(2009, 1, 5), date(2010, 2, 6)]),
    nik=st.sampled_from([None, *(f"331108450109900{n}" for n in range(5))]),
    nisn=st.sampled_from([None, "0091234567", "0091234568", "0091234569"]),
    sex=st.sampled_from(["L", "P", ""]),
    class_name=st.sampled_from(["", "X-1", "XI-1"]),
)


@st.composite
def known_lists(draw: st.DrawFn) -> tuple[list[KnownStudent], dict[str, KnownStudent]]:
    """Students of one school and of another; a NIK belongs to one student of an office, as the database promises."""
    found: list[KnownStudent] = []
    for number, facts in enumerate(
        draw(st.lists(people, max_size=8, unique_by=lambda facts: facts.nik or object()))
    ):
        status = draw(st.sampled_from(["active", "moved", "left"]))
        found.append(KnownStudent(number + 1, draw(st.sampled_from([1, 2])), status, facts))
    here = [student for student in found if student.school_id == 1]
    return here, {
        student.facts.nik: student for student in found if student.school_id == 2 and student.facts.nik
    }


@given(told=st.lists(people, max_size=10), lists=known_lists())
def test_everybody_is_matched_once_and_no_nik_is_given_twice(
    told: list[StudentFacts], lists: tuple[list[KnownStudent], dict[str, KnownStudent]]
) -> None:
    here, elsewhere = lists
    rows = [row_of(facts, number) for number, facts in enumerate(told, start=2)]
    matches = match_rows(rows, here, elsewhere)
    assert [match.row for match in matches] == rows, "no row is lost, and the order stays"

    settled = [match for match in matches if match.kind in (MatchKind.SAME, MatchKind.CHANGED)]
    taken = [match.student.id for match in settled if match.student]
    assert len(taken) == len(set(taken)) == len(settled)
    for match in settled:
        assert match.student in here
        assert match.row.nik in (None, match.after.nik)

    after = {student.id: student.facts.nik for student in here}
    after |= {match.student.id: match.after.nik for match in settled if match.student}
    niks = [nik for nik in after.values() if nik]
    niks += [match.after.nik for match in matches if match.kind is MatchKind.NEW and match.after.nik]
    niks += list(elsewhere)
    assert len(niks) == len(set(niks)), "the database would refuse it"


@given(told=st.lists(people, max_size=8, unique_by=lambda facts: facts.nik or object()))
def test_a_list_taken_in_and_sent_again_changes_nobody(told: list[StudentFacts]) -> None:
    rows = [row_of(facts, number) for number, facts in enumerate(told, start=2)]
    first = match_rows(rows, [], {})
    students = [KnownStudent(n, 1, "active", match.after) for n, match in enumerate(first, start=1)]
    again = match_rows(rows, students, {})
    assert all(match.kind in (MatchKind.SAME, MatchKind.UNCLEAR) for match in again)
    with_nik = [match for match in again if match.row.nik]
    assert all(match.kind is MatchKind.SAME for match in with_nik)


def test_the_facts_of_a_row_are_the_students() -> None:
    assert facts_of(row_of(DEWI)) == DEWI


@given(
    st.sampled_from([None, "", "3311084501099001", "3311080601099002"]),
    st.sampled_from([None, "", "0091234567", "0091234568"]),
    st.sampled_from(["DEWI LESTARI", "DEWI"]),
    st.sampled_from([None, "P", "L"]),
    st.sampled_from([None, "XI-1", "XI-2"]),
    st.sampled_from([None, "", "JL. MELATI", "JL. MAWAR"]),
    st.sampled_from([None, "CANGKOL"]),
    st.sampled_from([None, "A", "B"]),
    st.sampled_from([None, True, False]),
    st.sampled_from([None, True, False]),
    st.booleans(),
    st.booleans(),
)
def test_the_quick_look_at_a_row_says_what_merging_says(
    nik: str | None,
    nisn: str | None,
    name: str,
    sex: str | None,
    class_name: str | None,
    address: str | None,
    village: str | None,
    other: str | None,
    married: bool | None,
    recorded: bool | None,
    was_married: bool,
    was_recorded: bool,
) -> None:
    facts = changed(
        DEWI,
        address="JL. MELATI, CANGKOL",
        birth_place="A",
        home_district="A",
        special_needs="A",
        is_married=was_married,
        recorded_before=was_recorded,
    )
    row = row_of(DEWI)._replace(
        nik=nik, nisn=nisn, name=name, sex=sex, class_name=class_name, address=address, village=village,
        birth_place=other, home_district=other, special_needs=other, married=married, recorded=recorded,
    )  # fmt: skip
    assert adds_nothing(facts, row) == (merged(facts, row) == facts)


def test_every_fact_that_is_kept_is_looked_at() -> None:
    told = {
        "name": "DEWI L", "birth_date": date(2009, 1, 9), "nik": "3311084501099003", "nisn": "0091234569", "sex": "L",
        "birth_place": "SOLO", "class_name": "X-9", "address": "JL. MAWAR", "home_district": "Weru",
        "special_needs": "B", "married": True, "recorded": True,
    }  # fmt: skip
    assert len(told) == len(FACT_NAMES), "a new fact belongs into adds_nothing too"
    for name, value in told.items():
        assert not adds_nothing(DEWI, row_of(DEWI)._replace(**{name: value})), name
