"""When two written names are one, letter by letter."""

from schools.names import plain_name, same_name


def test_marks_case_and_spaces_do_not_make_another_name() -> None:
    assert same_name("Nur’aini  Putri", "NURAINI PUTRI")
    assert plain_name("Séti, S.Pd.") == "SETI S PD"
    assert not same_name("RATNA", "RATNA AYU")
