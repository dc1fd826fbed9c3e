"""Whether a file's titles name the school it was sent for."""

import pytest

from imports.school_names import may_be_school


@pytest.mark.parametrize(
    ("named", "ours"),
    [
        ("SMAN 1 SUKOHARJO", "SMAN 1 SUKOHARJO"),
        ("SMA Negeri 1 Sukoharjo", "SMAN 1 SUKOHARJO"),
        ("SMAN 1 SUKOHARJO KECAMATAN SUKOHARJO", "SMAN 1 SUKOHARJO"),
        ("SMA AL FIRDAUS", "SMAS AL FIRDAUS"),
        ("Madrasah Aliyah Negeri 1 Sukoharjo", "MAN 1 SUKOHARJO"),
    ],
)
def test_the_same_school_however_it_is_written(named: str, ours: str) -> None:
    assert may_be_school(named, ours)


@pytest.mark.parametrize(
    ("named", "ours"),
    [
        ("SMKN 3 SUKOHARJO", "SMAS AL FIRDAUS"),
        ("SMAN 1 SUKOHARJO", "SMAN 2 SUKOHARJO"),
        ("SMAN 1 SUKOHARJO", "SMKN 1 SUKOHARJO"),
    ],
)
def test_another_school_is_told(named: str, ours: str) -> None:
    assert not may_be_school(named, ours)
