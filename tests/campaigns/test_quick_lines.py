"""Lines typed from the printed list: read in both languages, judged against the list."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from campaigns.attendance import Outcome, OutcomeReason
from campaigns.field.quick_lines import LETTERS, OnTheList, QuickFault, judged, letters_of, quick_lines

LIST = {n: OnTheList(100 + n, f"Siswa {n}", "XII", "", "") for n in range(1, 31)}


@pytest.mark.parametrize(
    ("typed", "numbers", "outcome", "reason"),
    [
        ("12 r", (12,), Outcome.RECORDED, None),
        ("12r", (12,), Outcome.RECORDED, None),
        ("012 R", (12,), Outcome.RECORDED, None),
        ("14-17 r", (14, 15, 16, 17), Outcome.RECORDED, None),
        ("14 – 16 r", (14, 15, 16), Outcome.RECORDED, None),
        ("7, 9 t seragam", (7, 9), Outcome.REFUSED, OutcomeReason.UNIFORM),
        ("7 9 12-13 r", (7, 9, 12, 13), Outcome.RECORDED, None),
        ("13 a sakit", (13,), Outcome.ABSENT, OutcomeReason.SICK),
        ("13 a sick", (13,), Outcome.ABSENT, OutcomeReason.SICK),
        ("13 a iz", (13,), Outcome.ABSENT, OutcomeReason.PERMIT),
        ("13 a", (13,), Outcome.ABSENT, OutcomeReason.UNKNOWN),
        ("13 g sidik jari", (13,), Outcome.FAILED, OutcomeReason.FINGERPRINT),
        ("13 f photo", (13,), Outcome.FAILED, OutcomeReason.PHOTO),
        ("13 t", (13,), Outcome.REFUSED, OutcomeReason.OTHER),
        ("14-30 r.", tuple(range(14, 31)), Outcome.RECORDED, None),
        ("13 b pindah", (13,), Outcome.NOT_OURS, OutcomeReason.MOVED),
        ("13 u", (13,), Outcome.TAKEN_BACK, None),
    ],
)
def test_a_line_says_who_and_what(
    typed: str, numbers: tuple[int, ...], outcome: Outcome, reason: OutcomeReason | None
) -> None:
    (line,) = quick_lines(typed)
    assert (line.fault, line.numbers, line.outcome, line.reason) == (None, numbers, outcome, reason)


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("r", QuickFault.SHAPE),
        ("12", QuickFault.SHAPE),
        ("r 12", QuickFault.SHAPE),
        ("30-14 r", QuickFault.RANGE),
        ("1-99999 r", QuickFault.RANGE),
        ("12 q", QuickFault.LETTER),
        ("7 x", QuickFault.LETTER),  # a cross may say absent as well as refused
        ("12 rekam", QuickFault.LETTER),
        ("12 g", QuickFault.REASON_NEEDED),
        ("12 b", QuickFault.REASON_NEEDED),
        ("12 a seragam", QuickFault.REASON_UNKNOWN),
        ("12 a s", QuickFault.REASON_UNKNOWN),
        ("12 r sakit", QuickFault.REASON_UNKNOWN),
    ],
)
def test_a_line_that_cannot_be_read_says_why(typed: str, fault: QuickFault) -> None:
    assert [line.fault for line in quick_lines(typed)] == [fault]


@pytest.mark.parametrize(
    ("typed", "entries"),
    [
        ("12 r, 13 a sakit, 14-30 r.", ["12 r", "13 a sakit", "14-30 r."]),
        ("12r,13a sakit ; 14 g sidik jari", ["12r", "13a sakit", "14 g sidik jari"]),
        ("7, 9 t seragam, 10 r", ["7, 9 t seragam", "10 r"]),
        ("7, 9 t seragam", ["7, 9 t seragam"]),
        ("1 a (sakit), 2 r", ["1 a (sakit)", "2 r"]),
    ],
)
def test_entries_on_one_line_are_parted_by_commas_and_numbers_of_one_entry_are_not(
    typed: str, entries: list[str]
) -> None:
    lines = quick_lines(typed)
    assert [line.text for line in lines] == entries
    assert {(line.n, line.fault) for line in lines} == {(1, None)}


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_printed_list_tells_of_letters_that_are_read(language: str) -> None:
    catalog = Path(__file__).resolve().parents[2] / "locale" / language / "campaigns.po"
    found = re.search(r'msgid "Tick one box[^\n]*\nmsgstr "[^\n]*: ([^:\n]*)\."', catalog.read_text())
    assert found
    outcomes = (Outcome.RECORDED, Outcome.FAILED, Outcome.ABSENT, Outcome.REFUSED)
    assert [entry.split()[0] for entry in found[1].split(", ")] == [
        LETTERS[language][one] for one in outcomes
    ]


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_letter_that_is_read_is_listed_for_the_reader(language: str) -> None:
    listed = letters_of(language)
    assert {outcome: its[0] for outcome, its in listed.items()} == LETTERS[language]
    for outcome, its in listed.items():
        reason = {Outcome.FAILED: " iris", Outcome.NOT_OURS: " pindah"}.get(outcome, "")
        assert {quick_lines(f"1 {letter}{reason}")[0].outcome for letter in its} == {outcome}
    unlisted = set("abcdefghijklmnopqrstuvwxyz") - {letter for its in listed.values() for letter in its}
    assert {quick_lines(f"1 {letter}")[0].fault for letter in unlisted} == {QuickFault.LETTER}


def test_no_letter_means_two_outcomes_and_every_outcome_has_one_in_both_languages() -> None:
    meant: dict[str, set[Outcome]] = {}
    for letters in LETTERS.values():
        assert set(letters) == set(Outcome)
        for outcome, letter in letters.items():
            meant.setdefault(letter, set()).add(outcome)
    assert all(len(outcomes) == 1 for outcomes in meant.values())


def test_empty_lines_are_no_lines_and_the_rest_keep_their_numbers() -> None:
    assert [line.n for line in quick_lines("\n12 r\n\n  \n13 r\n")] == [2, 5]


def test_a_line_is_judged_against_the_list_as_it_is_now() -> None:
    on_the_list = {**LIST, 2: OnTheList(102, "Siswa 2", "XII", "recorded", "")}
    first, second, third = judged(quick_lines("1-3 r\n99 r\n2 a sakit"), on_the_list)
    assert [(mark.number, mark.replaces) for mark in first.marks] == [(1, ""), (3, "")]
    assert first.same == 1
    assert (second.fault, second.at_fault) == (QuickFault.NOBODY, "99")
    assert (third.fault, third.at_fault) == (QuickFault.TWICE, "2")


def test_what_replaces_a_mark_is_said_and_the_same_line_twice_marks_once() -> None:
    on_the_list = {4: OnTheList(104, "Siswa 4", "XII", "absent", "sick")}
    first, second = judged(quick_lines("4 r\n4 r"), on_the_list)
    assert [(mark.student, mark.replaces) for mark in first.marks] == [(104, "absent")]
    assert (second.marks, second.same, second.fault) == ((), 1, None)
    (undone,) = judged(quick_lines("5 u"), LIST)
    assert (undone.marks, undone.same) == ((), 1)
