"""When two written names may be one person's."""

import pytest

from schools.names import name_words, names_may_agree, plain_name, same_name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SYIFA TIARA K.", "SYIFA TIARA KHASANAH"),
        ("NUR'AINI S.", "NURAINI SAFITRI"),
        ("DWI HANIF A.", "DWI HANIF ANGGORO"),
        ("M. Rizki Aditya", "MUHAMMAD RIZKI ADITYA"),
        ("MOCH. HENDRA", "Mohammad Hendra"),
        ("ACHMAD FAUZI", "AHMAD FAUZI"),
        ("AISYAH  PUTRI", "AISYAHPUTRI"),
        ("SAFI'I WICAKSONO", "SYAFII WICAKSONO"),
        ("DJOKO SOESILO", "JOKO SUSILO"),
    ],
)
def test_variants_of_one_name_may_agree_both_ways(one: str, other: str) -> None:
    assert names_may_agree(one, other)
    assert names_may_agree(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("RATNA AYU", "RATNA DEWI"),
        ("BUDI SANTOSO", "BUDI SUSILO"),
        ("A. K.", "AYU KARTIKA"),
        ("", "RATNA"),
        ("SYIFA TIARA K.", "SYIFA TIARA RAHMA"),
    ],
)
def test_names_of_two_persons_do_not_agree(one: str, other: str) -> None:
    assert not names_may_agree(one, other)


def test_marks_case_and_spaces_do_not_make_another_name() -> None:
    assert same_name("Nur’aini  Putri", "NURAINI PUTRI")
    assert plain_name("Séti, S.Pd.") == "SETI S PD"
    assert not same_name("RATNA", "RATNA AYU")


def test_a_lone_m_opens_a_name_as_muhammad_and_ends_it_as_an_initial() -> None:
    assert name_words("M. Rizki M.") == ("MUHAMMAD", "RIZKI", "M")
