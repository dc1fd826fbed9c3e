"""Which days may be recording days, and for each that may not, why.

A day is blocked by the campaign (window, weekday, holiday, pause), by the school (its week, its closed dates)
or by the team (its weekdays, its days off). An answer is a kind and a name that someone entered; sentences
are made elsewhere. Weekdays are numbered as in `date.weekday()`: Monday is 0.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)
EVERY_WEEKDAY = frozenset(range(7))


class HolidayKind(StrEnum):
    """Who closed the day: the state (public holiday), the three ministers (joint leave), or the office itself."""

    PUBLIC = "public"
    JOINT_LEAVE = "joint_leave"
    OFFICE = "office"


class BlockedBy(StrEnum):
    """What keeps a recording day away from a date."""

    OUTSIDE_WINDOW = "outside_window"
    AFTER_LATEST_USEFUL_DAY = "after_latest_useful_day"
    NOT_A_WORKING_WEEKDAY = "not_a_working_weekday"
    RESERVED_WEEKDAY = "reserved_weekday"
    PUBLIC_HOLIDAY = "public_holiday"
    JOINT_LEAVE = "joint_leave"
    OFFICE_HOLIDAY = "office_holiday"
    PAUSE = "pause"
    SCHOOL_WEEK = "school_week"
    SCHOOL_CLOSED = "school_closed"
    TEAM_WEEKDAY = "team_weekday"
    TEAM_DAY_OFF = "team_day_off"


_BLOCK_OF_HOLIDAY = {
    HolidayKind.PUBLIC: BlockedBy.PUBLIC_HOLIDAY,
    HolidayKind.JOINT_LEAVE: BlockedBy.JOINT_LEAVE,
    HolidayKind.OFFICE: BlockedBy.OFFICE_HOLIDAY,
}


@dataclass(frozen=True, slots=True)
class Holiday:
    """A closed date; `estimated` while it waits for a moon sighting or the yearly ministers' decree."""

    date: date
    name: str
    kind: HolidayKind = HolidayKind.OFFICE
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """The dates from `first` to `last`, both included, and what they are called (exams, PKL, leave)."""

    first: date
    last: date
    name: str = ""

    def __contains__(self, day: date) -> bool:
        """Whether the day lies in the span."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Pause(Span):
    """A stop of the whole campaign, for example by a ministry letter; `urgent_allowed` when urgent cases still come."""

    urgent_allowed: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """One reason a date cannot be a recording day: the kind, its name where someone gave one, and if it may change."""

    by: BlockedBy
    name: str = ""
    estimated: bool = False


@dataclass(frozen=True)
class CampaignCalendar:
    """The dates of a campaign. Reserved weekdays (Friday, for home visits) are never days for schools."""

    starts: date
    ends: date
    latest_useful_day: date
    weekdays: frozenset[int]
    reserved_weekdays: frozenset[int] = frozenset()
    holidays: Mapping[date, Holiday] = field(default_factory=dict)
    pauses: tuple[Pause, ...] = ()


@dataclass(frozen=True, slots=True)
class SchoolCalendar:
    """When a school can be visited: its week, and its closed spans (exams, PKL, own holidays)."""

    weekdays: frozenset[int] = EVERY_WEEKDAY
    closed: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class TeamCalendar:
    """When a team works: its weekdays, and its days off."""

    weekdays: frozenset[int] = EVERY_WEEKDAY
    days_off: tuple[Span, ...] = ()


@lru_cache(maxsize=64)
def national_holidays(year: int) -> tuple[Holiday, ...]:
    """Public holidays and joint leave (*cuti bersama*) of Indonesia in a year, in date order.

    From the `holidays` package: joint leave is its category "government"; a date that follows the moon and is
    not yet decided carries "(perkiraan)", which becomes `estimated`. Joint leave is known only for years
    already decreed, so the office checks and mends the list. A public holiday wins over joint leave on the
    same date.
    """
    # Imported here because it takes a fifth of a second, and most commands never ask.
    import holidays

    found: dict[date, Holiday] = {}
    for kind, category in ((HolidayKind.JOINT_LEAVE, "government"), (HolidayKind.PUBLIC, "public")):
        for day, name in holidays.country_holidays(
            "ID", years=year, categories=(category,), language="id"
        ).items():
            found[day] = Holiday(day, _without_estimate(name), kind, "(perkiraan)" in name)
    return tuple(found[day] for day in sorted(found))


def _without_estimate(name: str) -> str:
    """The holiday's name without the package's remark that its date is an estimate."""
    return " ".join(name.replace("(perkiraan)", "").split()).replace(" ;", ";")


def holidays_between(
    first: date, last: date, added: Iterable[Holiday] = (), removed: Iterable[date] = ()
) -> dict[date, Holiday]:
    """The office's closed dates from `first` to `last`: the national ones, less those removed, plus those added.

    A date the office added stays closed even when it also removed the national holiday of that date.
    """
    opened = set(removed)
    years = range(first.year, last.year + 1)
    national = {holiday.date: holiday for year in years for holiday in national_holidays(year)}
    kept = {day: holiday for day, holiday in national.items() if day not in opened}
    own = {holiday.date: holiday for holiday in added}
    return {day: holiday for day, holiday in sorted({**kept, **own}.items()) if first <= day <= last}


def school_week(days: int) -> frozenset[int]:
    """The weekdays of a school with a week of 5 days (Monday to Friday) or 6 (to Saturday). Raises ValueError else."""
    if days not in (5, 6):
        raise ValueError(f"a school week has 5 or 6 days, not {days}")
    return frozenset(range(days))


def blocks_on(
    day: date,
    campaign: CampaignCalendar,
    school: SchoolCalendar | None = None,
    team: TeamCalendar | None = None,
) -> tuple[Block, ...]:
    """Every reason why that date cannot be a recording day (of that school, by that team); empty when it can."""
    blocks = _campaign_blocks(day, campaign)
    if school is not None:
        if day.weekday() not in school.weekdays:
            blocks.append(Block(BlockedBy.SCHOOL_WEEK))
        blocks += [Block(BlockedBy.SCHOOL_CLOSED, span.name) for span in school.closed if day in span]
    if team is not None:
        if day.weekday() not in team.weekdays:
            blocks.append(Block(BlockedBy.TEAM_WEEKDAY))
        blocks += [Block(BlockedBy.TEAM_DAY_OFF, span.name) for span in team.days_off if day in span]
    return tuple(blocks)


def _campaign_blocks(day: date, campaign: CampaignCalendar) -> list[Block]:
    """The campaign's own reasons against a date, the widest first."""
    blocks = []
    if not campaign.starts <= day <= campaign.ends:
        blocks.append(Block(BlockedBy.OUTSIDE_WINDOW))
    if day > campaign.latest_useful_day:
        blocks.append(Block(BlockedBy.AFTER_LATEST_USEFUL_DAY))
    return blocks + _weekday_holiday_pause_blocks(day, campaign)


def _weekday_holiday_pause_blocks(day: date, campaign: CampaignCalendar) -> list[Block]:
    """The reasons that do not depend on where the campaign begins and ends."""
    blocks = []
    if day.weekday() in campaign.reserved_weekdays:
        blocks.append(Block(BlockedBy.RESERVED_WEEKDAY))
    elif day.weekday() not in campaign.weekdays:
        blocks.append(Block(BlockedBy.NOT_A_WORKING_WEEKDAY))
    if holiday := campaign.holidays.get(day):
        blocks.append(Block(_BLOCK_OF_HOLIDAY[holiday.kind], holiday.name, holiday.estimated))
    blocks += [Block(BlockedBy.PAUSE, pause.name) for pause in campaign.pauses if day in pause]
    return blocks


def is_open(day: date, own: SchoolCalendar | TeamCalendar) -> bool:
    """Whether a school, or a team, is there on that date, whatever the campaign says."""
    spans = own.closed if isinstance(own, SchoolCalendar) else own.days_off
    return day.weekday() in own.weekdays and not any(day in span for span in spans)


def working_days(
    campaign: CampaignCalendar, school: SchoolCalendar | None = None, team: TeamCalendar | None = None
) -> tuple[date, ...]:
    """The dates that can be recording days (of that school, by that team), in order."""
    last = min(campaign.ends, campaign.latest_useful_day)
    return tuple(day for day in dates(campaign.starts, last) if not blocks_on(day, campaign, school, team))


def useful_days(campaign: CampaignCalendar, first: date) -> tuple[date, ...]:
    """The dates from `first` to the latest useful day with a working weekday, no holiday, no pause.

    The window does not matter: this is the measure of how early a visit is, which runs on to the latest
    useful day.
    """
    return tuple(
        day
        for day in dates(first, campaign.latest_useful_day)
        if not _weekday_holiday_pause_blocks(day, campaign)
    )


def dates(first: date, last: date) -> Iterable[date]:
    """Every date from `first` to `last`, both included; none when `last` is earlier."""
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def weekdays_of(text: str) -> frozenset[int]:
    """ "12345" (ISO) as the calendar counts: Monday is 0."""
    return frozenset(int(digit) - 1 for digit in text)
