"""What came of a student on a recording day, from marks that several devices made without seeing each other.

A mark is never changed or taken away; a correction is another mark that names those it replaces. Taking marks
together is a union of sets, so any order, any repetition and any split into batches give the same view. Wall
clocks decide nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What came of a student on a recording day."""

    RECORDED = "recorded"
    WAITING = "waiting"  # recorded offline, waiting to be sent to the data centre
    FAILED = "failed"
    ABSENT = "absent"
    REFUSED = "refused"
    ALREADY_RECORDED = "already_recorded"
    NOT_OURS = "not_ours"
    TAKEN_BACK = "taken_back"  # a mark made by mistake is undone: of the student nothing is known again


class OutcomeReason(StrEnum):
    """Why; each outcome has its own few."""

    FINGERPRINT = "fingerprint"
    IRIS = "iris"
    PHOTO = "photo"
    DATA_NOT_FOUND = "data_not_found"
    SICK = "sick"
    PERMIT = "permit"
    PKL = "pkl"
    UNKNOWN = "unknown"
    UNIFORM = "uniform"
    NOT_READY = "not_ready"
    OTHER = "other"
    MOVED = "moved"
    DECEASED = "deceased"


# The reasons that each outcome takes. An outcome with reasons needs one of them, the others take none.
REASONS: Mapping[Outcome, tuple[OutcomeReason, ...]] = {
    Outcome.RECORDED: (),
    Outcome.WAITING: (),
    Outcome.FAILED: (
        OutcomeReason.FINGERPRINT,
        OutcomeReason.IRIS,
        OutcomeReason.PHOTO,
        OutcomeReason.DATA_NOT_FOUND,
    ),
    Outcome.ABSENT: (OutcomeReason.SICK, OutcomeReason.PERMIT, OutcomeReason.PKL, OutcomeReason.UNKNOWN),
    Outcome.REFUSED: (OutcomeReason.UNIFORM, OutcomeReason.NOT_READY, OutcomeReason.OTHER),
    Outcome.ALREADY_RECORDED: (),
    Outcome.NOT_OURS: (OutcomeReason.MOVED, OutcomeReason.DECEASED),
    Outcome.TAKEN_BACK: (),
}

# Which of several live outcomes is shown. "Not ours" comes last: wrongly shown it would take a student off
# every list, while any other answer keeps the student where somebody will ask again.
PRIORITY = (
    Outcome.RECORDED,
    Outcome.ALREADY_RECORDED,
    Outcome.WAITING,
    Outcome.FAILED,
    Outcome.REFUSED,
    Outcome.ABSENT,
    Outcome.NOT_OURS,
    Outcome.TAKEN_BACK,
)

# Outcomes after which a student is due a retake.
DUE_A_RETAKE = frozenset({Outcome.FAILED, Outcome.ABSENT, Outcome.REFUSED})

_SAT_AT_A_KIT = frozenset({Outcome.RECORDED, Outcome.WAITING, Outcome.FAILED})


def is_allowed(outcome: Outcome, reason: OutcomeReason | None) -> bool:
    """Whether the outcome can be marked with that reason (or with none)."""
    return reason in REASONS[outcome] if REASONS[outcome] else reason is None


@dataclass(frozen=True, slots=True)
class Mark:
    """One entry about one student on one day, as the device made it.

    `seq` counts the device's marks without gaps; `lc` is its Lamport clock; `supersedes` are the marks it saw
    as live; `device_time` is for showing only.
    """

    uuid: str
    student: int
    day: int
    outcome: Outcome
    reason: OutcomeReason | None
    device: str
    seq: int
    lc: int
    supersedes: frozenset[str]
    officer: int
    device_time: str


@dataclass(frozen=True, slots=True)
class View:
    """What the marks of one student on one day say.

    `outcome` is None when no mark is live, or none that says anything. `needs_look` when live marks disagree or a
    mark came twice with two contents. `attempts` is how often the student sat at a kit that day.
    """

    outcome: Outcome | None
    reason: OutcomeReason | None
    needs_look: bool
    live: tuple[Mark, ...]
    attempts: int


NO_MARKS = View(None, None, False, (), 0)


def view_of(marks: Iterable[Mark], quarantined: frozenset[str] = frozenset()) -> View:
    """The view of the marks of one student on one day; quarantined marks (by uuid) count for nothing.

    A mark is live when no other supersedes it with a higher Lamport clock. Of several live outcomes the first
    in `PRIORITY` is shown; `recorded` is thus never hidden unless a later mark names it. The same uuid with
    another content is kept beside the first, and the student needs a look.
    """
    counting = [mark for mark in marks if mark.uuid not in quarantined]
    if not counting:
        return NO_MARKS
    if len(counting) == 1:  # nearly every student: the long way says the same
        only = counting[0]
        if only.outcome is Outcome.TAKEN_BACK:
            return View(None, None, False, (only,), 0)
        return View(only.outcome, only.reason, False, (only,), int(only.outcome in _SAT_AT_A_KIT))
    known = set(counting)
    named_by: dict[str, int] = {}
    for mark in known:
        for uuid in mark.supersedes:
            if uuid != mark.uuid:
                named_by[uuid] = max(named_by.get(uuid, mark.lc), mark.lc)
    live = [mark for mark in known if mark.uuid not in named_by or named_by[mark.uuid] <= mark.lc]
    live.sort(key=_rank)
    if not live:  # cannot be: the mark with the highest clock is named by none higher
        return NO_MARKS
    told = {mark.outcome for mark in live} - {Outcome.TAKEN_BACK}
    disagree = len(told) > 1
    twofold = len({mark.uuid for mark in known}) < len(known)
    outcome, reason = (live[0].outcome, live[0].reason) if told else (None, None)
    return View(outcome, reason, disagree or twofold, tuple(live), _attempts(known, live))


def _rank(mark: Mark) -> tuple[int, int, tuple[object, ...]]:
    """What puts live marks in order: the outcome shown first, then the latest clock; the rest only breaks ties."""
    ties = (
        mark.uuid,
        mark.reason or "",
        mark.device,
        mark.seq,
        mark.officer,
        mark.device_time,
        mark.student,
        mark.day,
    )
    return PRIORITY.index(mark.outcome), -mark.lc, (*ties, sorted(mark.supersedes))


def _attempts(known: Iterable[Mark], live: Iterable[Mark]) -> int:
    """Times the student sat at a kit: the final try, and every failed one that another try came after.

    A mark corrected to "absent" was a slip of the finger and no try; a recording that waited and was then
    confirmed is one.
    """
    live_uuids = {mark.uuid for mark in live}
    last = any(mark.outcome in _SAT_AT_A_KIT for mark in live)
    tried_again = {uuid for mark in known if mark.outcome in _SAT_AT_A_KIT for uuid in mark.supersedes}
    failed = {mark.uuid for mark in known if mark.outcome is Outcome.FAILED}
    return last + len((failed & tried_again) - live_uuids)


def views_of(marks: Iterable[Mark], quarantined: frozenset[str] = frozenset()) -> dict[tuple[int, int], View]:
    """The view of every (student, day) that has a mark which counts.

    What a mark supersedes is looked up within its own student and day: no mark about one student hides
    another's.
    """
    gathered: dict[tuple[int, int], list[Mark]] = defaultdict(list)
    for mark in marks:
        if mark.uuid not in quarantined:
            gathered[mark.student, mark.day].append(mark)
    return {key: view_of(its) for key, its in gathered.items()}


def gaps_in(marks: Iterable[Mark]) -> dict[str, tuple[int, ...]]:
    """Per device the sequence numbers not received, from 1 to the highest seen; devices without a gap are left out.

    Beyond 1,000 missing numbers a device's list stops: one broken counter must not fill the memory.
    """
    seen: dict[str, set[int]] = defaultdict(set)
    for mark in marks:
        seen[mark.device].add(mark.seq)
    gaps = {}
    for device, numbers in seen.items():
        missing: list[int] = []
        before = 0
        for number in sorted(n for n in numbers if n > 0):
            missing += range(before + 1, min(number, before + 1001))
            before = number
        if missing:
            gaps[device] = tuple(missing[:1000])
    return gaps


class DayState(StrEnum):
    """Where a recording day stands."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    CHANGE_ASKED = "change_asked"
    CONFIRMED = "confirmed"
    OPEN = "open"
    CLOSED = "closed"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


# The moves that somebody can make with a day. Postponed and cancelled are ends: the new date is a new day, and the
# old one stays on record. Marks move a day too, both ways: see campaigns/field/received.py.
MOVES: Mapping[DayState, frozenset[DayState]] = {
    DayState.DRAFT: frozenset({DayState.PROPOSED, DayState.POSTPONED, DayState.CANCELLED}),
    DayState.PROPOSED: frozenset(
        {DayState.CONFIRMED, DayState.CHANGE_ASKED, DayState.POSTPONED, DayState.CANCELLED}
    ),
    DayState.CHANGE_ASKED: frozenset(
        {DayState.PROPOSED, DayState.CONFIRMED, DayState.POSTPONED, DayState.CANCELLED}
    ),
    DayState.CONFIRMED: frozenset(
        {DayState.CHANGE_ASKED, DayState.OPEN, DayState.POSTPONED, DayState.CANCELLED}
    ),
    DayState.OPEN: frozenset({DayState.CLOSED, DayState.POSTPONED, DayState.CANCELLED}),
    DayState.CLOSED: frozenset({DayState.OPEN}),
    DayState.POSTPONED: frozenset(),
    DayState.CANCELLED: frozenset(),
}

# States in which the day holds its team and its students.
LIVE_STATES = frozenset(set(DayState) - {DayState.POSTPONED, DayState.CANCELLED})


def may_move(now: DayState, to: DayState) -> bool:
    """Whether a recording day in one state can go to the other."""
    return to in MOVES[now]


def needs_reason(now: DayState, to: DayState) -> bool:
    """Whether the move must say why: postponing, cancelling, and undoing a close (which only a coordinator may)."""
    return to in (DayState.POSTPONED, DayState.CANCELLED) or (now, to) == (DayState.CLOSED, DayState.OPEN)
