"""A list of residents beside the students of the office: who is who, and what would change."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imports.residents.listing import Resident
from imports.residents.plan import Decision, ListPlan, Niks, OurStudent, is_slip, make_plan
from imports.residents.statements import Statement, base_for, value_without

BORN = date(2009, 1, 5)
DEWI_NIK = "3311084501099001"


def resident(
    number: int,
    name: str = "",
    nik: str | None = None,
    born: date | None = BORN,
    says: bool | None = None,
    shown: str = "",
) -> Resident:
    return Resident(number, None, number, name, born, nik, shown, "", "", "", says)


def student(
    number: int,
    name: str = "DEWI CONTOH",
    nik: str | None = None,
    born: date = BORN,
    recorded: bool = False,
    here: bool = False,
) -> OurStudent:
    return OurStudent(number, 1, "active", nik, name, born, "X-1", "P", recorded, here)


def plan(
    residents: list[Resident],
    students: list[OurStudent],
    is_recorded: bool = True,
    said: dict[tuple[int, int], Decision] | None = None,
) -> ListPlan:
    return make_plan(residents, students, is_recorded, said or {})


def ids(pairs: object) -> list[tuple[int, int]]:
    return [pair.key for pair in pairs]  # type: ignore[attr-defined]


def test_a_nik_settles_who_it_is_whatever_the_name() -> None:
    found = plan([resident(1, "D. CONTOH", DEWI_NIK, None)], [student(7, nik=DEWI_NIK)])
    assert ids(found.leaving) == [(1, 7)]
    assert found.likely == ()


def test_name_and_birth_date_make_a_pair_that_somebody_decides() -> None:
    found = plan([resident(1, "DEWI C.")], [student(7, nik=DEWI_NIK)])
    assert ids(found.open) == [(1, 7)]
    assert found.leaving == ()
    assert found.likely[0].niks is Niks.UNKNOWN
    assert plan([resident(1, "DEWI C.", born=date(2009, 1, 6))], [student(7)]).likely == ()


@pytest.mark.parametrize(
    ("says", "is_recorded", "was", "here", "kind"),
    [
        (None, True, False, False, "leaving"),
        (True, False, False, False, "leaving"),
        (True, False, True, False, "known"),
        (None, False, False, False, "unrecorded"),
        (False, True, False, False, "unrecorded"),
        (False, True, True, False, "contradicting"),
        (True, True, False, True, "here"),
        (False, False, False, True, "here"),
    ],
)
def test_the_word_of_a_row_outranks_the_kind_of_its_list(
    says: bool | None, is_recorded: bool, was: bool, here: bool, kind: str
) -> None:
    found = plan(
        [resident(1, nik=DEWI_NIK, says=says)],
        [student(7, nik=DEWI_NIK, recorded=was, here=here)],
        is_recorded,
    )
    for name in ("leaving", "known", "here", "unrecorded", "contradicting"):
        assert len(getattr(found, name)) == (name == kind), name


def test_two_rows_of_one_nik_count_once_and_not_yet_outranks_recorded() -> None:
    rows = [resident(1, nik=DEWI_NIK, says=True), resident(2, nik=DEWI_NIK, says=False)]
    found = plan(rows, [student(7, nik=DEWI_NIK)])
    assert (len(found.unrecorded), len(found.leaving), found.repeated) == (1, 0, 1)


@pytest.mark.parametrize(
    ("nik", "shown", "niks"),
    [
        (None, "331108450109****", Niks.FIT),
        (None, "331108******9001", Niks.FIT),
        (None, "331108******9002", None),
        ("3311084501099002", "", Niks.DIFFER),
        ("3311084501090991", "", None),
        ("3372014501099777", "", None),
        (None, "", Niks.UNKNOWN),
    ],
)
def test_niks_that_stand_against_each_other_make_two_people(
    nik: str | None, shown: str, niks: Niks | None
) -> None:
    found = plan([resident(1, "DEWI CONTOH", nik, shown=shown)], [student(7, nik=DEWI_NIK)])
    assert [pair.niks for pair in found.likely] == ([] if niks is None else [niks])


def test_the_own_name_outranks_a_variant_and_namesakes_are_all_shown() -> None:
    students = [student(7, "DEWI AYU"), student(8, "DEWI A."), student(9, "DEWI ANDINI")]
    found = plan([resident(1, "DEWI AYU")], students)
    assert ids(found.likely) == [(1, 7)]
    namesakes = plan([resident(1, "DEWI AYU")], [student(7, "DEWI AYU"), student(8, "DEWI AYU")])
    assert ids(namesakes.likely) == [(1, 7), (1, 8)]
    assert namesakes.plainly_same == ()


def test_a_decision_settles_the_pair_and_closes_its_rivals() -> None:
    rows = [resident(1, "DEWI A.")]
    students = [student(7, "DEWI AYU"), student(8, "DEWI ANDINI")]
    same = plan(rows, students, said={(1, 8): Decision(is_same=True)})
    assert (ids(same.leaving), ids(same.open), same.strangers) == ([(1, 8)], [], ())
    other = plan(rows, students, said={(1, 8): Decision(is_same=False)})
    assert (ids(other.leaving), ids(other.open)) == ([], [(1, 7)])
    neither = plan(rows, students, said={(1, 7): Decision(False), (1, 8): Decision(False)})
    assert (ids(neither.leaving), ids(neither.open)) == ([], [])
    assert [person.id for person in neither.strangers] == [1]


def test_one_student_cannot_be_decided_to_be_two_people() -> None:
    rows = [resident(1, "DEWI A."), resident(2, "DEWI AY")]
    said = {(1, 7): Decision(is_same=True), (2, 7): Decision(is_same=True)}
    assert len(plan(rows, [student(7, "DEWI A")], said=said).leaving) == 1


def test_contradictions_change_nothing_before_somebody_decides() -> None:
    rows, students = [resident(1, nik=DEWI_NIK)], [student(7, nik=DEWI_NIK, recorded=True)]
    assert ids(plan(rows, students, False).undecided) == [(1, 7)]
    assert plan(rows, students, False).put_back == ()
    back = plan(rows, students, False, {(1, 7): Decision(puts_back=True)})
    assert (ids(back.put_back), ids(back.undecided)) == ([(1, 7)], [])
    keep = plan(rows, students, False, {(1, 7): Decision(puts_back=False)})
    assert (ids(keep.put_back), ids(keep.undecided)) == ([], [])


NIKS = st.sampled_from([None, DEWI_NIK, "3311084501099002", "3311084501099777"])
PEOPLE = st.tuples(
    st.sampled_from(["DEWI CONTOH", "DEWI C.", "EKO", ""]), NIKS, st.sampled_from([BORN, None]), st.booleans()
)


@given(st.lists(PEOPLE, max_size=6), st.lists(PEOPLE, max_size=4), st.booleans())
def test_everyone_of_a_list_ends_in_one_place_and_nobody_is_two_students(
    listed: list[tuple[str, str | None, date | None, bool]],
    known: list[tuple[str, str | None, date | None, bool]],
    is_recorded: bool,
) -> None:
    rows = [resident(number, name, nik, born, says) for number, (name, nik, born, says) in enumerate(listed)]
    niks: set[str | None] = set()
    students = []
    for number, (name, nik, born, was) in enumerate(known):
        students.append(student(100 + number, name or "X", None if nik in niks else nik, born or BORN, was))
        niks.add(nik)
    found = plan(rows, students, is_recorded)
    open_ids = {pair.resident.id for pair in found.open}
    sure = [pair.resident.id for pair in found.sure]
    strangers = [person.id for person in found.strangers]
    unusable = [person.id for person in found.unusable]
    assert len(sure) + len(open_ids) + len(strangers) + len(unusable) + found.repeated == len(rows)
    assert len({*sure, *open_ids, *strangers, *unusable}) == len(rows) - found.repeated
    matched = [pair.student.id for pair in found.sure]
    assert len(matched) == len(set(matched))
    assert not {pair.student.id for pair in found.open} & set(matched)
    assert found == plan(rows, students, is_recorded)


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        ("3311084501099001", "3311084501099001", False),
        ("3311084501099001", "3311084501099002", True),
        ("3311084501099001", "3311084501099010", True),
        ("3311084501099001", "3311084501099012", False),
        ("3311084501099001", "4311084501099002", False),
        ("3311084501099001", "331108450109900", False),
    ],
)
def test_a_slip_is_one_digit_or_two_neighbours_swapped(one: str, other: str, answer: bool) -> None:
    assert is_slip(one, other) is answer
    assert is_slip(other, one) is answer


def test_undoing_a_list_leaves_what_others_say() -> None:
    first, second = Statement(1, True, False), Statement(2, True, False)
    assert value_without(1, True, [first]) is False
    assert value_without(1, True, [first, second]) is True
    assert value_without(2, True, [second]) is False
    back = Statement(3, False, False)
    assert value_without(3, False, [first, back]) is True
    assert value_without(1, False, [first, back]) is False
    assert value_without(1, False, [first]) is None, "a roster has said otherwise since"
    assert value_without(1, True, []) is None


@given(st.booleans(), st.lists(st.booleans(), min_size=1, max_size=5), st.randoms())
def test_undoing_every_list_in_any_order_ends_where_it_began(
    before: bool, told: list[bool], chance: object
) -> None:
    standing: list[Statement] = []
    current = before
    for number, is_recorded in enumerate(told):
        standing.append(Statement(number, is_recorded, base_for(current, standing)))
        current = is_recorded
    order = list(range(len(told)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    for number in order:
        value = value_without(number, current, standing)
        assert value is not None
        current = value
        standing = [statement for statement in standing if statement.list_id != number]
    assert current is before
