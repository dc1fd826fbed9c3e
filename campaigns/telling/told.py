"""Rule: what of all that schools were told goes on their letters: the last word about a day, beside what it was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from campaigns.paper import LetterKind

Day = date  # the type, where a field called date hides its name
CALLED_OFF = ("cancelled", "postponed")


@dataclass(frozen=True, slots=True)
class Told:
    """One time a school was told of one day: as it is from then on, and as it was (`was_date` is None when new).

    `students` are the school's own, `guests` those of other schools who come there. `place` is where its students go
    when the team does not come to them. A certain day asks for no answer.
    """

    day_id: int
    school_id: int
    kind: str
    at: datetime
    date: date
    starts_at: str
    team_name: str
    students: int
    was_date: Day | None = None
    was_starts_at: str = ""
    was_team_name: str = ""
    reason: str = ""
    is_retake: bool = False
    place: str = ""
    guests: int = 0
    is_certain: bool = False

    @property
    def letter(self) -> LetterKind:
        """The letter on which this stands."""
        if self.kind in CALLED_OFF:
            return LetterKind.CALLED_OFF
        return LetterKind.CHANGED if self.was_date is not None else LetterKind.ANNOUNCED


@dataclass(frozen=True, slots=True)
class Message:
    """What one letter, or one message, tells a school: days of one kind, in the order of dates.

    Days to which its students go elsewhere never stand beside days on which the team comes.
    """

    school_id: int
    letter: LetterKind
    days: tuple[Told, ...]

    @property
    def is_elsewhere(self) -> bool:
        """Whether students go elsewhere."""
        return bool(self.days[0].place)

    @property
    def is_retake(self) -> bool:
        """Whether only those come who are called again."""
        return all(day.is_retake for day in self.days)


def by_school(told: Told, kind: str, students: Mapping[int, int], place: str) -> list[Told]:
    """What each school is told of one day: of a retake the host, and every school whose students go there.

    `told` is the day as written down for its school, `students` how many of each school come, `place` where to. To a
    day at the office there is no host, and of a home visit no school is told.
    """
    if kind == "home":
        return []
    if kind not in ("retake", "office"):
        return [told]
    others = {school: count for school, count in students.items() if school != told.school_id}
    guests = [
        replace(told, school_id=school, students=count, place=place)
        for school, count in (students if kind == "office" else others).items()
    ]
    if kind == "office":
        return guests
    own = students.get(told.school_id, 0) if students else told.students
    return [replace(told, students=own, guests=sum(others.values())), *guests]


def last_words(told: Iterable[Told]) -> list[Told]:
    """The last word to each school about each day. What it was is what the school knew before the first of these words.

    A day that was announced and moved since is new to a letter that tells both, and so is not told as changed; one that
    was announced and called off is told as called off, for the school saw it.
    """
    by_day: dict[tuple[int, int], list[Told]] = defaultdict(list)
    for one in sorted(told, key=lambda one: one.at):
        by_day[one.day_id, one.school_id].append(one)
    words = []
    for its in by_day.values():
        first, last = its[0], its[-1]
        words.append(
            replace(
                last,
                was_date=first.was_date,
                was_starts_at=first.was_starts_at,
                was_team_name=first.was_team_name,
            )
        )
    return words


def messages(told: Iterable[Told]) -> list[Message]:
    """The last words gathered: one message for each school and kind of letter, in the order of their first dates."""
    together: dict[tuple[int, LetterKind, bool], list[Told]] = defaultdict(list)
    for one in last_words(told):
        together[one.school_id, one.letter, bool(one.place)].append(one)
    found = [
        Message(school_id, letter, tuple(sorted(days, key=lambda one: (one.date, one.starts_at))))
        for (school_id, letter, _), days in together.items()
    ]
    return sorted(found, key=lambda one: (one.days[0].date, one.is_elsewhere, one.school_id, one.letter))
