"""A student becomes one of another school of the office."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.models import Audit
from common.access import Missing
from common.database import Store
from ground.people import Cast, invite_everyone
from schools import actions
from schools.models import Student
from schools.students import StudentFacts

DEWI = StudentFacts("DEWI LESTARI", date(2009, 1, 5), "3311084501099001", class_name="XI-1")


@pytest.fixture
def cast(store: Store) -> Cast:
    return invite_everyone(store)


@pytest.fixture
def dewi(store: Store, cast: Cast) -> int:
    """Dewi, at Ratna's school."""

    def add() -> int:
        actions.insert_students(cast.sari.office_id, cast.ratnas_school, [DEWI])
        return Student.get().id

    return store.write_now(add)


def test_both_schools_are_told_that_a_student_moved(
    store: Store, cast: Cast, dewi: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[int, frozenset[int]]] = []
    monkeypatch.setattr(actions, "after_students_changed", [lambda *change: told.append(change)])
    store.write_now(actions.move_student, cast.sari, dewi, cast.jokos_school)
    assert store.read_now(lambda: Student.get_by_id(dewi).school_id) == cast.jokos_school
    assert told == [(cast.sari.office_id, frozenset({cast.ratnas_school, cast.jokos_school}))]
    noted = store.read_now(lambda: Audit.get(Audit.act == "student_moved_school"))
    assert (noted.subject_id, noted.detail) == (dewi, f"from={cast.ratnas_school} to={cast.jokos_school}")


def test_moving_to_the_own_school_changes_nothing(store: Store, cast: Cast, dewi: int) -> None:
    store.write_now(actions.move_student, cast.sari, dewi, cast.ratnas_school)
    moves = store.read_now(lambda: Audit.select().where(Audit.act == "student_moved_school").count())
    assert moves == 0


def test_another_office_moves_nobody(store: Store, cast: Cast, dewi: int) -> None:
    for who, student, school in (
        (cast.wahyu, dewi, cast.jokos_school),
        (cast.sari, dewi, 999_999),
        (cast.sari, 999_999, cast.jokos_school),
    ):
        with pytest.raises(Missing):
            store.write_now(actions.move_student, who, student, school)
    assert store.read_now(lambda: Student.get_by_id(dewi).school_id) == cast.ratnas_school
