"""Which student comes when: a recording day, a queue number and a time for each.

Where there are not places for all, those who may vote on voting day have theirs first, as the plan promises. Whoever
comes, comes class by class, in the order a school reads its own lists: X before XI before XII, X-2 before X-10, then
by name. A number once announced is never given to anyone else, because it stands on a printed list.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

SLOT_MINUTES = 30

# A class boundary counts as near the middle when it moves at most this part of a day's students to the other
# day.
_NEAR = 0.25

_GRADES = {"X": 10, "XI": 11, "XII": 12, "XIII": 13, "VII": 7, "VIII": 8, "IX": 9}
_WORDS = re.compile(r"\d+|[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class StudentToPlace:
    """A student in need of a place; `recordable_from` is the first date old enough, a voter may vote on voting day."""

    id: int
    class_name: str
    name: str
    recordable_from: date
    is_voter: bool = False


@dataclass(frozen=True, slots=True)
class DayForSchool:
    """A school's recording day: its hours, and the students it can take (this school's share of the team's day)."""

    id: int
    date: date
    starts: time
    ends: time
    capacity: int


@dataclass(frozen=True, slots=True)
class Place:
    """A student's place: the recording day, the queue number from 1, and when to come."""

    student: int
    day: int
    number: int
    starts: time


class NoPlace(StrEnum):
    """Why a student has no place."""

    NO_DAY = "no_day"
    TOO_YOUNG_ON_EVERY_DAY = "too_young_on_every_day"
    DAYS_FULL = "days_full"


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A student without a place, why, and from when old enough."""

    student: int
    reason: NoPlace
    recordable_from: date


@dataclass(frozen=True, slots=True)
class Places:
    """All places, by day and number, and everyone who has none."""

    placed: tuple[Place, ...]
    unplaced: tuple[Unplaced, ...]


def class_order(class_name: str) -> tuple[tuple[int, int, str], ...]:
    """The sort key of a class name: X < XI < XII, 10 < 11 < 12, X-2 < X-10; what is not a number comes after."""
    words = _WORDS.findall(class_name.upper())
    if words and words[0] in ("KELAS", "KLS"):
        words = words[1:]
    key = []
    for n, word in enumerate(words):
        number = int(word) if word.isdecimal() else _GRADES.get(word) if n == 0 else None
        key.append((0, number, "") if number is not None else (1, 0, word))
    return tuple(key)


def slot_starts(day: DayForSchool, number: int) -> time:
    """When the student with that number comes: the day cut into half hours, as many numbers to each as it can take.

    Counted from the day's capacity and not from how many are booked, so that a newcomer moves nobody's time.
    """
    minutes = _minutes(day.ends) - _minutes(day.starts)
    slots = max(1, minutes // SLOT_MINUTES)
    slot = min(slots - 1, (number - 1) * slots // max(1, day.capacity))
    return (datetime.combine(day.date, day.starts) + timedelta(minutes=slot * SLOT_MINUTES)).time()


def _minutes(moment: time) -> int:
    """Minutes since midnight."""
    return moment.hour * 60 + moment.minute


def places_left(day: DayForSchool, existing: Iterable[Place]) -> int:
    """How many more students the day takes; never below 0. Vacated numbers leave their place free."""
    return max(0, day.capacity - sum(place.day == day.id for place in existing))


def places_for(
    students: Iterable[StudentToPlace], days: Iterable[DayForSchool], existing: Iterable[Place] = ()
) -> Places:
    """Places for a school's students on its recording days.

    With no place given yet the students are divided evenly over the days, at a class boundary where one is
    near; whoever is old enough only later comes on a later day. Places that exist keep their day and number,
    and newcomers are appended: with their class where that day has room, else where most room is. An existing
    place is given up only when its student or its day is no longer there or the student is too young on that
    day. A full day takes no more, and where places are short voters have theirs first. Whoever fits nowhere is in
    `unplaced` with the reason.
    """
    ordered = sorted(
        students, key=lambda student: (class_order(student.class_name), student.name.casefold(), student.id)
    )
    in_order = sorted(days, key=lambda day: (day.date, day.starts, day.id))
    desk = _Desk(ordered, in_order, list(existing))
    if desk.kept:
        desk.append_newcomers()
    else:
        desk.divide()
    return desk.places()


class _Desk:
    """Places being given out."""

    def __init__(
        self, students: Sequence[StudentToPlace], days: Sequence[DayForSchool], existing: Sequence[Place]
    ) -> None:
        self.days = days
        self.students = students
        by_id = {student.id: student for student in students}
        day_of = {day.id: day for day in days}
        self.kept = {
            place.student: place
            for place in existing
            if place.student in by_id
            and place.day in day_of
            and by_id[place.student].recordable_from <= day_of[place.day].date
        }
        # Numbers on printed lists are spent, also those of students who have gone since.
        self.last_number: dict[int, int] = defaultdict(int)
        for place in existing:
            self.last_number[place.day] = max(self.last_number[place.day], place.number)
        self.room = {day.id: places_left(day, self.kept.values()) for day in days}
        self.given: list[Place] = [
            Place(place.student, place.day, place.number, slot_starts(day_of[place.day], place.number))
            for place in self.kept.values()
        ]
        self.waiting = self._chosen([student for student in students if student.id not in self.kept])

    def _chosen(self, waiting: Sequence[StudentToPlace]) -> list[StudentToPlace]:
        """Those of them for whom there are places: voters first, then in order. As many as ever possible.

        Days a student can come on are those from some day to the last. So all who were chosen can be seated when, from
        every day on, there is room for those who can come only from then on; whoever keeps that true is chosen.
        """
        spare = [sum(self.room[day.id] for day in self.days[n:]) for n in range(len(self.days))]
        chosen = set()
        for student in sorted(waiting, key=lambda student: not student.is_voter):
            first = self._first_day_for(student)
            if first < len(self.days) and min(spare[: first + 1]) > 0:
                spare[: first + 1] = [seats - 1 for seats in spare[: first + 1]]
                chosen.add(student.id)
        return [student for student in waiting if student.id in chosen]

    def give(self, student: StudentToPlace, day: DayForSchool) -> None:
        """The next number of that day to the student."""
        self.last_number[day.id] += 1
        self.room[day.id] -= 1
        number = self.last_number[day.id]
        self.given.append(Place(student.id, day.id, number, slot_starts(day, number)))

    def divide(self) -> None:
        """Everybody anew: day after day takes its even part of those who still wait."""
        for n, day in enumerate(self.days):
            able = [student for student in self.waiting if student.recordable_from <= day.date]
            for student in able[: self._how_many(able, n)]:
                self.give(student, day)
            placed = {place.student for place in self.given}
            self.waiting = [student for student in self.waiting if student.id not in placed]

    def _how_many(self, able: Sequence[StudentToPlace], n: int) -> int:
        """How many of those able to come on day n it takes: its even part, cut at a class boundary if one is near."""
        most = min(self.room[self.days[n].id], len(able))
        least = min(most, max(0, len(able) - self._seats_after(n)))
        wanted = min(most, max(least, -(-len(self._able_ever()) // (len(self.days) - n))))
        boundaries = [
            cut
            for cut in range(max(1, least), most + 1)
            if cut == len(able) or able[cut - 1].class_name != able[cut].class_name
        ]
        near = [cut for cut in boundaries if abs(cut - wanted) <= wanted * _NEAR]
        return min(near, key=lambda cut: (abs(cut - wanted), cut), default=wanted)

    def _able_ever(self) -> list[StudentToPlace]:
        """Those waiting who are old enough on the last day."""
        return [student for student in self.waiting if student.recordable_from <= self.days[-1].date]

    def _seats_after(self, n: int) -> int:
        """Seats that later days have for students able to come on day n, once those who must come later have theirs."""
        seats, young, told = 0, 0, set()
        later_only = [student for student in self.waiting if student.recordable_from > self.days[n].date]
        for day in self.days[n + 1 :]:
            new = [s.id for s in later_only if s.recordable_from <= day.date and s.id not in told]
            told.update(new)
            young += len(new)
            seated = min(young, self.room[day.id])
            young -= seated
            seats += self.room[day.id] - seated
        return seats

    def append_newcomers(self) -> None:
        """Newcomers after those who have a number: beside their class, else where most room is."""
        classes: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        class_of = {student.id: student.class_name for student in self.students}
        for place in self.kept.values():
            classes[class_of[place.student]][place.day] += 1
        # Whoever can come only on the later days first, or a flexible student could take their last seat.
        for student in sorted(self.waiting, key=lambda student: -self._first_day_for(student)):
            open_days = [
                day for day in self.days if student.recordable_from <= day.date and self.room[day.id] > 0
            ]
            if open_days:
                mates = classes[student.class_name]
                self.give(student, max(open_days, key=lambda day: (mates[day.id], self.room[day.id])))

    def _first_day_for(self, student: StudentToPlace) -> int:
        """The index of the first day on which the student is old enough."""
        return sum(day.date < student.recordable_from for day in self.days)

    def places(self) -> Places:
        """What was given out, and who has nothing."""
        placed = {place.student for place in self.given}
        order = {day.id: n for n, day in enumerate(self.days)}
        return Places(
            tuple(sorted(self.given, key=lambda place: (order[place.day], place.number))),
            tuple(
                Unplaced(student.id, self._reason(student), student.recordable_from)
                for student in self.students
                if student.id not in placed
            ),
        )

    def _reason(self, student: StudentToPlace) -> NoPlace:
        """Why the student has no place."""
        if not self.days:
            return NoPlace.NO_DAY
        if student.recordable_from > self.days[-1].date:
            return NoPlace.TOO_YOUNG_ON_EVERY_DAY
        return NoPlace.DAYS_FULL
