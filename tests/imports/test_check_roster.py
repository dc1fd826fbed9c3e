"""`server.py check-roster`: the findings of a file without a database, for programs and for people."""

import json
from pathlib import Path

import pytest

from imports.check_roster import main
from imports.findings import Action, Fix, Kind, Status
from imports.school_list import SchoolKind
from imports.sentences import ACTIONS, FIXES, SCHOOL_SENTENCES, SENTENCES, STATUSES

ROSTERS = Path(__file__).parent.parent / "data" / "rosters"
DEFECTS = str(ROSTERS / "02_dapodik_defects_420.xlsx")


def test_json_has_the_truths_shape_and_exits_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([DEFECTS, "--as-of", "2026-11-22", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert list(told) == ["action", "reasons", "counts", "rows"]
    assert (told["action"], told["counts"]["rejected"]) == ("import", 23)


def test_a_refused_file_exits_1_and_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(ROSTERS / "22_not_a_roster_daftar_guru.xlsx"), "--lang", "en"]) == 1
    assert "list of teachers" in capsys.readouterr().out


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["tidak-ada.xlsx"],
        [DEFECTS, "--as-of", "2026-13-01"],
        [DEFECTS, "--lang", "xx"],
        [DEFECTS, "--what"],
    ],
)
def test_wrong_use_exits_2(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(argv) == 2
    assert capsys.readouterr().err != ""


def test_a_person_reads_row_name_reason_and_value(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([DEFECTS, "--as-of", "2026-11-22", "--lang", "en"]) == 0
    told = capsys.readouterr().out
    assert "424 students in 425 rows" in told
    assert "row 46, ANDIKA NUGROHO: The NIK does not have 16 digits. Column H: '331106161108907'" in told
    assert "row 430, SALMA NOVITA RAHMAWATI: Another person in an earlier row has the same NIK." in told
    assert "See row 7." in told


def test_every_kind_has_its_sentence() -> None:
    assert set(SENTENCES) == set(Kind)
    assert set(FIXES) == set(Fix)
    assert (set(STATUSES), set(ACTIONS), set(SCHOOL_SENTENCES)) == (set(Status), set(Action), set(SchoolKind))
