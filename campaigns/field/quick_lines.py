"""Rule: typed from the printed list -> marks, an entry each: `12 r`, `13 a sakit`, `14-30 r`, `7, 9 t seragam`.

Entries stand on lines of their own or with a comma between. The letters are those of both languages, for no letter
means two things; the page lists all that are read.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from campaigns.attendance import REASONS, Outcome, OutcomeReason

MOST_LINES = 500
_HIGHEST = 9999

# By language, what each outcome is typed as; the first letter of the word the list is marked with. No x: on paper it
# may say absent as well as refused.
LETTERS: Mapping[str, Mapping[Outcome, str]] = {
    "id": {
        Outcome.RECORDED: "r",  # rekam
        Outcome.WAITING: "k",  # kirim nanti
        Outcome.FAILED: "g",  # gagal
        Outcome.ABSENT: "a",  # absen
        Outcome.REFUSED: "t",  # tolak
        Outcome.ALREADY_RECORDED: "s",  # sudah punya
        Outcome.NOT_OURS: "b",  # bukan siswa kami
        Outcome.TAKEN_BACK: "u",  # urung
    },
    "en": {
        Outcome.RECORDED: "r",
        Outcome.WAITING: "w",
        Outcome.FAILED: "f",
        Outcome.ABSENT: "a",
        Outcome.REFUSED: "t",  # turned down
        Outcome.ALREADY_RECORDED: "h",  # has a card
        Outcome.NOT_OURS: "n",
        Outcome.TAKEN_BACK: "u",
    },
}
_OUTCOME_OF = {letter: outcome for its in LETTERS.values() for outcome, letter in its.items()}
# Any beginning of two letters or more of one of these words.
WORDS: Mapping[OutcomeReason, tuple[str, ...]] = {
    OutcomeReason.FINGERPRINT: ("sidik", "jari", "finger"),
    OutcomeReason.IRIS: ("iris", "mata", "eye"),
    OutcomeReason.PHOTO: ("foto", "photo"),
    OutcomeReason.DATA_NOT_FOUND: ("data",),
    OutcomeReason.SICK: ("sakit", "sick", "ill"),
    OutcomeReason.PERMIT: ("izin", "ijin", "permit", "permission"),
    OutcomeReason.PKL: ("pkl", "magang", "internship"),
    OutcomeReason.UNKNOWN: ("tidak", "unknown"),
    OutcomeReason.UNIFORM: ("seragam", "uniform"),
    OutcomeReason.NOT_READY: ("belum", "siap", "not", "ready"),
    OutcomeReason.OTHER: ("lain", "other"),
    OutcomeReason.MOVED: ("pindah", "moved"),
    OutcomeReason.DECEASED: ("meninggal", "wafat", "deceased", "died"),
}
# What an outcome means when nobody wrote why; of the others the reason has to be typed.
_WITHOUT_A_WORD = {Outcome.ABSENT: OutcomeReason.UNKNOWN, Outcome.REFUSED: OutcomeReason.OTHER}
_LINE = re.compile(r"([\d\s,;.\-–]*\d)\s*([^\W\d_]+)\s*(.*)", re.DOTALL)
# what parts two entries of a line: a comma after a letter or a reason and before a number
_BETWEEN = re.compile(r"(?<=[^\d\s,;])\s*[,;]\s*(?=\d)")
_RANGE = re.compile(r"(\d{1,6})(?:\s*[-–]\s*(\d{1,6}))?")


class QuickFault(StrEnum):
    """Why a line is not stored."""

    SHAPE = "shape"  # not a number and a letter
    RANGE = "range"  # from a higher to a lower number
    LETTER = "letter"  # no outcome has this letter
    REASON_NEEDED = "reason_needed"
    REASON_UNKNOWN = "reason_unknown"
    NOBODY = "nobody"  # no student on the list has the number
    TWICE = "twice"  # another line says something else of the number


@dataclass(frozen=True, slots=True)
class QuickLine:
    """One entry as typed on line `n`, and what it says: of which numbers, what. `fault` when it cannot be read."""

    n: int
    text: str
    numbers: tuple[int, ...]
    outcome: Outcome | None
    reason: OutcomeReason | None
    fault: QuickFault | None = None
    at_fault: str = ""


@dataclass(frozen=True, slots=True)
class OnTheList:
    """A student as the list has it now; `outcome` and `reason` are empty without a mark."""

    id: int
    name: str
    class_name: str
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class QuickMark:
    """A mark that a line makes. `replaces` is the outcome that counts until now, empty for none."""

    student: int
    number: int
    name: str
    outcome: Outcome
    reason: OutcomeReason | None
    replaces: str


@dataclass(frozen=True, slots=True)
class JudgedLine:
    """A line beside the list: whom it marks, who has that mark already, or why it is not stored."""

    line: QuickLine
    marks: tuple[QuickMark, ...]
    same: int
    fault: QuickFault | None
    at_fault: str


def quick_lines(text: str) -> tuple[QuickLine, ...]:
    """Every entry of the lines that are not empty, read; at most 500."""
    typed = [
        (n, entry) for n, line in enumerate(text.splitlines(), 1) for entry in _BETWEEN.split(line.strip())
    ]
    return tuple(_read(n, entry) for n, entry in [one for one in typed if one[1]][:MOST_LINES])


def letters_of(language: str) -> dict[Outcome, tuple[str, ...]]:
    """Every letter that is read as an outcome, that of the reader's language first."""
    others = [its for code, its in LETTERS.items() if code != language]
    return {
        outcome: tuple(dict.fromkeys((letter, *(its[outcome] for its in others))))
        for outcome, letter in LETTERS[language].items()
    }


def judged(lines: tuple[QuickLine, ...], on_the_list: Mapping[int, OnTheList]) -> tuple[JudgedLine, ...]:
    """Each line against the list, by queue number, as it is now."""
    said: dict[int, tuple[Outcome | None, OutcomeReason | None]] = {}
    return tuple(_judge(line, on_the_list, said) for line in lines)


def fingerprint(lines: Sequence[JudgedLine]) -> str:
    """A word for these marks in place of those outcomes: another one when anything of it is another."""
    told = [
        (mark.student, mark.outcome.value, mark.reason, mark.replaces)
        for line in lines
        for mark in line.marks
    ]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:32]


def _read(n: int, text: str) -> QuickLine:
    def wrong(fault: QuickFault, at_fault: str = "") -> QuickLine:
        return QuickLine(n, text, (), None, None, fault, at_fault)

    found = _LINE.fullmatch(text.lower())
    if found is None:
        return wrong(QuickFault.SHAPE)
    numbers: list[int] = []
    for first, last in _ranges(found[1]):
        if last < first or last > _HIGHEST:
            return wrong(QuickFault.RANGE, f"{first}-{last}")
        numbers += range(first, last + 1)
    outcome = _OUTCOME_OF.get(found[2]) if len(found[2]) == 1 else None
    if outcome is None:
        return wrong(QuickFault.LETTER, found[2])
    word = found[3].strip(" .,:;()")
    if not word:
        reason = _WITHOUT_A_WORD.get(outcome)
        if REASONS[outcome] and reason is None:
            return wrong(QuickFault.REASON_NEEDED)
        return QuickLine(n, text, tuple(dict.fromkeys(numbers)), outcome, reason)
    meant = {reason for reason in REASONS[outcome] if _is_meant(word, WORDS[reason])}
    if len(meant) != 1:
        return wrong(QuickFault.REASON_UNKNOWN, word)
    return QuickLine(n, text, tuple(dict.fromkeys(numbers)), outcome, meant.pop())


def _ranges(text: str) -> Iterator[tuple[int, int]]:
    for first, last in _RANGE.findall(text):
        yield int(first), int(last or first)


def _is_meant(typed: str, words: tuple[str, ...]) -> bool:
    first = typed.split()[0]
    return len(first) > 1 and any(word.startswith(first) for word in words)


def _judge(
    line: QuickLine,
    on_the_list: Mapping[int, OnTheList],
    said: dict[int, tuple[Outcome | None, OutcomeReason | None]],
) -> JudgedLine:
    if line.fault is not None or line.outcome is None:
        return JudgedLine(line, (), 0, line.fault, line.at_fault)
    nobody = [number for number in line.numbers if number not in on_the_list]
    if nobody:
        return JudgedLine(line, (), 0, QuickFault.NOBODY, str(nobody[0]))
    meant = (line.outcome, line.reason)
    twice = [number for number in line.numbers if said.get(number, meant) != meant]
    if twice:
        return JudgedLine(line, (), 0, QuickFault.TWICE, str(twice[0]))
    marks = []
    for number in line.numbers:
        student = on_the_list[number]
        has = "" if line.outcome is Outcome.TAKEN_BACK else line.outcome.value
        if number not in said and (student.outcome, student.reason) != (has, line.reason or ""):
            marks.append(
                QuickMark(student.id, number, student.name, line.outcome, line.reason, student.outcome)
            )
        said[number] = meant
    return JudgedLine(line, tuple(marks), len(line.numbers) - len(marks), None, "")
