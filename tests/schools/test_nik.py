"""What a NIK says, and when it is none."""

from datetime import date

import pytest

from schools.nik import NikFault, birth_in, completed_years, fault_of, masked, parts_of
from schools.regions import PROVINCES, province_of


def test_a_womans_day_is_forty_more() -> None:
    found = parts_of("3311045703099901", 2026)
    assert found is not None
    assert (found.region, found.birth_date, found.sex, found.serial) == (
        "331104",
        date(2009, 3, 17),
        "P",
        "9901",
    )


def test_a_two_digit_year_after_this_one_belongs_to_the_last_century() -> None:
    assert birth_in("170326", 2026) == (date(2026, 3, 17), "L")
    assert birth_in("170327", 2026) == (date(1927, 3, 17), "L")


@pytest.mark.parametrize(
    ("nik", "fault"),
    [
        ("3311045703099901", None),
        ("331104570309990", NikFault.LENGTH),
        ("331104570309990A", NikFault.NONDIGIT),
        ("٣٣١١٠٤٥٧٠٣٠٩٩٩٠١", NikFault.NONDIGIT),
        ("9911045703099901", NikFault.REGION_UNKNOWN),
        ("3311043203099901", NikFault.DATE_INVALID),
        ("3311047203099901", NikFault.DATE_INVALID),
        ("3311042902099901", NikFault.DATE_INVALID),
        ("3311042902089901", None),
        ("3311045703090000", NikFault.SERIAL_ZERO),
    ],
)
def test_what_makes_sixteen_characters_no_nik(nik: str, fault: NikFault | None) -> None:
    assert fault_of(nik, 2026) is fault
    assert (parts_of(nik, 2026) is None) == (fault is not None)


def test_all_38_provinces_are_known_and_only_they() -> None:
    assert len(PROVINCES) == 38
    assert (province_of("3311"), province_of("96.71"), province_of("00")) == (
        "Jawa Tengah",
        "Papua Barat Daya",
        None,
    )


def test_a_screen_shows_only_the_last_two_digits() -> None:
    assert masked("3311045703099901") == "••••••••••••••01"
    assert masked("1") == "•"


def test_age_is_counted_by_birthday_and_who_is_born_on_29_february_turns_on_1_march() -> None:
    assert completed_years(date(2009, 3, 17), date(2026, 3, 16)) == 16
    assert completed_years(date(2009, 3, 17), date(2026, 3, 17)) == 17
    assert completed_years(date(2008, 2, 29), date(2025, 2, 28)) == 16
    assert completed_years(date(2008, 2, 29), date(2025, 3, 1)) == 17
