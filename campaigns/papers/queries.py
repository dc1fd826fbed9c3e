"""Everything on paper for a date or a week: how much there is of each kind, and the facts of what was chosen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from peewee import fn

from campaigns.binding import Paper, documents
from campaigns.booking import paper_queries
from campaigns.booking.paper_queries import ListToPrint
from campaigns.field import minutes_queries
from campaigns.models import Booking, RecordingDay
from campaigns.papers import crew_queries, slip_queries
from campaigns.papers.choice import PaperChoice, PaperKind, PrintedPaper
from campaigns.papers.slip_queries import SlipsToPrint
from campaigns.queries import ANNOUNCED_STATES, DayCard, visible_days
from campaigns.telling import queries as telling
from campaigns.telling.queries import SchoolMessage
from common.access import Missing, Who
from common.database import rows_of
from schools.models import Student
from schools.queries import TeamCard, teams

_EVER = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class PaperCount:
    """How many documents of a kind there are, and how many students stand on them (0: none does)."""

    kind: PaperKind
    documents: int
    students: int


@dataclass(frozen=True, slots=True)
class PapersPage:
    """What can be printed for some dates, kind by kind, and the teams to choose from."""

    first: date
    last: date
    days: int
    counts: tuple[PaperCount, ...]
    teams: tuple[TeamCard, ...]


@dataclass(frozen=True, slots=True)
class PaperToPrint:
    """A paper ready for the press, and what is written down when it is printed (None: no student is named)."""

    kind: PaperKind
    paper: Paper
    printed: PrintedPaper | None = None

    @property
    def documents(self) -> int:
        """How many documents it is: the call lists of a shared day are several."""
        return len(documents((self.paper,)))


def papers_page(who: Who, choice: PaperChoice) -> PapersPage:
    """How much there is of each kind. Raises Missing for who is no coordinator."""
    cards = _days(who, choice)
    called = (
        Booking.select(Booking.day, Student.school, fn.COUNT(Booking.id))
        .join(Student)
        .where(Booking.day.in_([card.id for card in cards]))
        .group_by(Booking.day, Student.school)
    )
    lists = rows_of(called)
    students = sum(count for _, _, count in lists)
    empty = len(cards) - len({day_id for day_id, _, _ in lists})
    slips = _slips(who, choice, cards)
    counts = {
        PaperKind.CREWS: (1 if cards else 0, 0),
        PaperKind.LETTERS: (len(_letters(who, choice)), 0),
        PaperKind.CALL_LISTS: (len(lists) + empty, students),
        PaperKind.DAY_LISTS: (len(cards), students),
        PaperKind.SLIPS: (len(slips), sum(one.students for one in slips)),
        PaperKind.MINUTES: (sum(1 for card in cards if card.state == "closed"), 0),
    }
    return PapersPage(
        first=choice.first,
        last=choice.last,
        days=len(cards),
        counts=tuple(PaperCount(kind, *counts[kind]) for kind in PaperKind),
        teams=tuple(teams(who)),
    )


def next_date(who: Who, today: date) -> date:
    """The next date, today among them, on which a school was told of a day; today when there is none."""
    coming = visible_days(who).where(RecordingDay.state.in_(ANNOUNCED_STATES), RecordingDay.date >= today)
    first = coming.order_by(RecordingDay.date).first()
    return first.date if first else today


def papers_to_print(who: Who, choice: PaperChoice, address: str) -> list[PaperToPrint]:
    """The chosen papers, kind by kind, in the order of dates; `address` holds {id} where a day's id goes.

    Raises Missing for who is no coordinator.
    """
    cards = _days(who, choice)
    found: list[PaperToPrint] = []
    for kind in PaperKind:
        if kind in choice.kinds:
            found += _of_kind(who, choice, kind, cards, address)
    return found


def _of_kind(
    who: Who, choice: PaperChoice, kind: PaperKind, cards: list[DayCard], address: str
) -> list[PaperToPrint]:
    match kind:
        case PaperKind.CREWS:
            annex = crew_queries.crew_list(who, choice.first, choice.last, choice.team_id)
            return [PaperToPrint(kind, annex)] if annex.crews else []
        case PaperKind.LETTERS:
            return [PaperToPrint(kind, page) for page in telling.letters(who, _letters(who, choice))]
        case PaperKind.CALL_LISTS:
            lists = paper_queries.call_lists(who, cards, choice.page_per_class)
            return [_listed(kind, one) for one in lists]
        case PaperKind.DAY_LISTS:
            lists = paper_queries.day_lists(who, cards, address)
            return [_listed(kind, one) for one in lists]
        case PaperKind.SLIPS:
            return [
                PaperToPrint(
                    kind, one.page, PrintedPaper("slips_printed", "school", one.school_id, one.students)
                )
                for one in _slips(who, choice, cards)
            ]
        case PaperKind.MINUTES:
            return [
                PaperToPrint(
                    kind,
                    minutes_queries.minutes_of(who, card.id)[1],
                    PrintedPaper("minutes_printed", "recording_day", card.id, 0),
                )
                for card in cards
                if card.state == "closed"
            ]


def _days(who: Who, choice: PaperChoice) -> list[DayCard]:
    if not who.is_coordinator:
        raise Missing
    return paper_queries.days_between(who, choice.first, choice.last, choice.team_id)


def _listed(kind: PaperKind, one: ListToPrint) -> PaperToPrint:
    if kind == PaperKind.CALL_LISTS:
        return PaperToPrint(
            kind, one.page, PrintedPaper("call_list_printed", "recording_day", one.day.id, one.students)
        )
    return PaperToPrint(
        kind, one.page, PrintedPaper("day_list_printed", "recording_day", one.day.id, one.students)
    )


def _slips(who: Who, choice: PaperChoice, cards: list[DayCard]) -> tuple[SlipsToPrint, ...]:
    """The slips of every programme that has a day on these dates."""
    return tuple(
        slips
        for campaign_id in sorted({card.campaign_id for card in cards})
        for slips in slip_queries.slips_of_days(who, campaign_id, choice.first, choice.last, choice.team_id)
    )


def _letters(who: Who, choice: PaperChoice) -> tuple[SchoolMessage, ...]:
    """What schools were told last of the days on these dates, called off ones too."""
    names = {team.name for team in teams(who) if team.id == choice.team_id}
    found = []
    for one in telling.told_since(who, _EVER).found:
        days = tuple(
            told
            for told in one.message.days
            if choice.first <= told.date <= choice.last and (not names or told.team_name in names)
        )
        if days:
            found.append(SchoolMessage(one.school, replace(one.message, days=days)))
    return tuple(found)
