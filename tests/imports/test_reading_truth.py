"""Every sample roster is read as the truth beside it says, row by row."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from imports.check_roster import as_json
from imports.reading import read_roster

ROSTERS = Path(__file__).parent.parent / "data" / "rosters"
TRUTHS = sorted(ROSTERS.glob("*.truth.json"))


def test_there_are_rosters_to_read() -> None:
    assert len(TRUTHS) >= 14


@pytest.mark.parametrize("truth_file", TRUTHS, ids=lambda path: path.name.removesuffix(".truth.json"))
def test_a_sample_roster_is_read_as_its_truth_says(truth_file: Path) -> None:
    truth: dict[str, Any] = json.loads(truth_file.read_text())
    roster = truth_file.with_name(truth["file"])

    read = as_json(read_roster(roster, roster.name, date.fromisoformat(truth["as_of"])))

    assert (read["action"], read["reasons"]) == (
        truth["file_level"]["action"],
        truth["file_level"]["reasons"],
    )
    assert read["counts"] == truth["expect"]
    rows = read["rows"]
    if truth["rows_listed"] != "all":
        rows = [row for row in rows if row["status"] != "accepted"]
    told = [
        {key: row[key] for key in ("sheet", "row", "status", "reasons", "fixes", "values")}
        for row in truth["rows"]
    ]
    assert rows == told
