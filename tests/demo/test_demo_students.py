"""The demo's students are invented, plausible, and the same every time."""

from __future__ import annotations

from datetime import date
from random import Random

from demo.students import Registry, size_of, students_of
from demo.sukoharjo import DISTRICTS, NEIGHBOURS, SCHOOLS
from schools.nik import fault_of, parts_of
from schools.students import StudentFacts

TODAY = date(2026, 11, 24)


def everyone() -> list[StudentFacts]:
    registry = Registry()
    return [
        student
        for npsn, level, district in (
            ("20310417", "SMA", "33.11.04"),
            ("20310436", "SMK", "33.11.06"),
            ("20310422", "SMA", "33.11.02"),
        )
        for student in students_of(npsn, level, district, 400, TODAY, registry)
    ]


def test_every_nik_is_sound_and_its_serial_one_that_is_never_given_out() -> None:
    for student in everyone():
        if student.nik is not None:
            assert fault_of(student.nik, TODAY.year) is None
            assert 9000 <= int(student.nik[12:]) <= 9999


def test_a_nik_says_the_birth_date_and_sex_of_its_student() -> None:
    for student in everyone():
        parts = parts_of(student.nik, TODAY.year) if student.nik else None
        assert parts is None or (parts.birth_date, parts.sex) == (student.birth_date, student.sex)


def test_nobody_shares_a_nik_or_nisn() -> None:
    niks = [student.nik for student in everyone() if student.nik]
    nisns = [student.nisn for student in everyone()]
    assert len(set(niks)) == len(niks)
    assert len(set(nisns)) == len(nisns)


def test_ages_are_those_of_the_upper_secondary_school() -> None:
    ages = {(TODAY - student.birth_date).days // 365 for student in everyone()}
    assert ages <= {15, 16, 17, 18, 19}


def test_some_live_in_another_kabupaten() -> None:
    regions = [student.nik[:4] for student in everyone() if student.nik]
    assert 0.02 < sum(region != "3311" for region in regions) / len(regions) < 0.2


def test_the_same_school_gets_the_same_students_every_time() -> None:
    assert everyone() == everyone()


def test_classes_hold_as_many_as_a_room_does() -> None:
    sizes: dict[str, int] = {}
    for student in students_of("20310417", "SMA", "33.11.04", 950, TODAY, Registry()):
        sizes[student.class_name] = sizes.get(student.class_name, 0) + 1
    assert max(sizes.values()) <= 36
    assert {name.split("-")[0] for name in sizes} == {"X", "XI", "XII"}


def test_the_kabupaten_has_its_60_schools_and_12_districts() -> None:
    assert len(SCHOOLS) == len({npsn for npsn, *_ in SCHOOLS}) == 60
    assert len(DISTRICTS) == len(NEIGHBOURS) == 12
    assert {district for *_, district in SCHOOLS} <= set(DISTRICTS)


def test_all_schools_together_have_about_20_000_students() -> None:
    total = sum(size_of(level, is_public, Random(npsn)) for npsn, _, level, is_public, _ in SCHOOLS)
    assert 17_000 < total < 23_000
