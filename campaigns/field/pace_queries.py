"""How a recording day goes, and who of its queue could come another time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from datetime import time as clock_time
from fractions import Fraction
from zoneinfo import ZoneInfo

from peewee import fn

from campaigns.attendance import Outcome, views_of
from campaigns.capacity import Network
from campaigns.field.models import DayPace
from campaigns.field.pace import Pace, expected_an_hour, pace_of, students_an_hour
from campaigns.mark_queries import mark_of
from campaigns.models import Booking, MarkRow, RecordingDay
from campaigns.queries import LIVE_STATES, DayCard, campaign, day
from common import clock
from common.access import COORDINATOR, OFFICER, Missing, Who
from common.database import rows_of
from common.prepared import Prepared
from schools.models import Student

SAT_AT_A_KIT = (Outcome.RECORDED, Outcome.WAITING, Outcome.FAILED)


@dataclass(frozen=True, slots=True)
class TailStudent:
    """A student who will not be reached at this pace."""

    id: int
    number: int
    name: str
    class_name: str


@dataclass(frozen=True, slots=True)
class LaterDay:
    """A later day of the same school with room."""

    id: int
    date: date
    room: int


@dataclass(frozen=True, slots=True)
class PacePage:
    """The day's pace, what the crew said of it, and the tail of the queue with where it could go.

    `moves` are the students that the later day takes: the last ones of the queue. `done_local` is the expected end on
    the office's clock, `said_at` when the crew last said something.
    """

    day: DayCard
    pace: Pace
    expected: Fraction
    begins: datetime
    ends: datetime
    done_local: str
    said_at: datetime | None
    network_is_bad: bool
    kits: int
    tail: tuple[TailStudent, ...]
    later: LaterDay | None
    moves: tuple[TailStudent, ...]


def pace_page(who: Who, day_id: int) -> PacePage:
    """The pace of a day as it is now. Raises Missing."""
    if who.role not in (COORDINATOR, OFFICER):
        raise Missing
    card = day(who, day_id)
    said = DayPace.get_or_none(DayPace.day == card.id)
    is_bad = said.network_is_bad if said else card.network == Network.POOR
    kits = said.kits if said and said.kits is not None else card.kits
    begins, ends = _moment(who, card, card.starts_at), _moment(who, card, card.ends_at)
    settings = campaign(who, card.campaign_id)
    rate = Fraction(settings.rate_poor if is_bad else settings.rate_good)
    expected = expected_an_hour(rate, kits, begins, ends)
    now = clock.now().replace(tzinfo=UTC)

    rows = MarkRow.select().where(MarkRow.day == card.id, MarkRow.quarantine == "")
    views = views_of(mark_of(row) for row in rows)
    sat_at = [
        found
        for view in views.values()
        if view.outcome in SAT_AT_A_KIT and (found := _device_moment(view.live[0].device_time))
    ]
    done = {student for (student, _), view in views.items() if view.outcome}
    open_ = [one for one in _queue(card.id) if one.id not in done]
    # what the crew has just said outweighs what was so before it said it
    observed = students_an_hour([at for at in sat_at if said is None or at >= _utc(said.set_at)], now)
    pace = pace_of(len(open_), observed, expected, now, begins, ends)
    is_held = card.state in LIVE_STATES and card.state not in ("draft", "closed")
    tail = tuple(open_[len(open_) - pace.too_many :]) if pace.too_many and is_held else ()
    later = _later_day(card) if tail else None
    moves = tail[len(tail) - min(len(tail), later.room) :] if later else ()
    done_local = pace.done_at.astimezone(ZoneInfo(who.time_zone)).strftime("%H:%M") if pace.done_at else ""
    said_at = _utc(said.set_at) if said else None
    return PacePage(card, pace, expected, begins, ends, done_local, said_at, is_bad, kits, tail, later, moves)


def _queue(day_id: int) -> list[TailStudent]:
    return [TailStudent(*row) for row in _QUEUE.rows(day=day_id)]


_QUEUE = Prepared(
    lambda given: (
        Booking.select(Student.id, Booking.queue_number, Student.name, Student.class_name)
        .join(Student)
        .where(Booking.day == given("day"))
        .order_by(Booking.queue_number)
    )
)


def _later_day(card: DayCard) -> LaterDay | None:
    booked = fn.COUNT(Booking.id)
    rows = (
        RecordingDay.select(RecordingDay.id, RecordingDay.date, RecordingDay.capacity, booked)
        .left_outer_join(Booking)
        .where(
            RecordingDay.campaign == card.campaign_id,
            RecordingDay.school == card.school_id,
            RecordingDay.date > card.date,
            RecordingDay.state.in_(("proposed", "change_asked", "confirmed")),
        )
        .group_by(RecordingDay.id, RecordingDay.date, RecordingDay.capacity)
        .order_by(RecordingDay.date, RecordingDay.id)
    )
    for day_id, on, capacity, taken in rows_of(rows):
        if capacity > taken:
            return LaterDay(day_id, on, capacity - taken)
    return None


def _moment(who: Who, card: DayCard, text: str) -> datetime:
    at = datetime.combine(card.date, clock_time.fromisoformat(text), tzinfo=ZoneInfo(who.time_zone))
    return at.astimezone(UTC)


def _utc(stored: datetime) -> datetime:
    return stored.replace(tzinfo=UTC)


def _device_moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
