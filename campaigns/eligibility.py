"""Who may be recorded, from when, and who votes.

Ages are completed years by calendar date, never days divided by 365. Sources: a national ID card is due at 17
or on marriage (UU 24/2013 art. 63); a voter is 17 or over on voting day, the birthday itself included, or
married or once married (UU 7/2017 art. 1, PKPU 7/2022 art. 4); recording from 16 is Ditjen Dukcapil practice,
no article was found, so it is a setting of the campaign.
"""

from dataclasses import dataclass
from datetime import date

VOTING_AGE = 17


@dataclass(frozen=True, slots=True)
class StudentFacts:
    """What is known of one student: birth date, active at the school, recorded elsewhere before the campaign."""

    birth_date: date
    active: bool = True
    already_recorded: bool = False
    married: bool = False


@dataclass(frozen=True, slots=True)
class CampaignFacts:
    """What of a campaign decides eligibility: its last day and the least age to record, in years."""

    ends: date
    record_age: int = 16


@dataclass(frozen=True, slots=True)
class Eligible:
    """In the target; `from_date` is the first day the student is old enough (often long past)."""

    from_date: date


@dataclass(frozen=True, slots=True)
class NotYet:
    """Not in the target: old enough only from `from_date`, after the campaign's last day."""

    from_date: date


@dataclass(frozen=True, slots=True)
class AlreadyRecorded:
    """Not in the target: recorded elsewhere before."""


@dataclass(frozen=True, slots=True)
class Left:
    """Not in the target: moved to another school or left school."""


Eligibility = Eligible | NotYet | AlreadyRecorded | Left


def turns(birth_date: date, years: int) -> date:
    """The date on which someone born on `birth_date` completes `years` years.

    Born 29 February, the birthday of other years is 1 March. Raises ValueError past the year 9999.
    """
    year = birth_date.year + years
    try:
        return birth_date.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def completed_years(birth_date: date, on: date) -> int:
    """The age in completed years on that date; negative before birth."""
    years = on.year - birth_date.year
    return years if turns(birth_date, years) <= on else years - 1


def latest_birth_date_for(age: int, on: date) -> date:
    """The latest birth date of anyone who is `age` or over on `on`: `birth_date <= this` is the same rule for a query.

    On 29 February the answer in a common year is 28 February, because whoever was born on 1 March has a day
    to go. Raises ValueError before the year 1.
    """
    year = on.year - age
    try:
        return on.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def is_recordable_on(birth_date: date, day: date, record_age: int = 16) -> bool:
    """Whether the student is old enough to be recorded on that day; the birthday itself counts."""
    return turns(birth_date, record_age) <= day


def is_voter_on(birth_date: date, married: bool, voting_day: date) -> bool:
    """Whether the student may vote on voting day: 17 or over (the birthday itself counts), or married."""
    return married or turns(birth_date, VOTING_AGE) <= voting_day


def eligibility_of(student: StudentFacts, campaign: CampaignFacts) -> Eligibility:
    """Whether a student is in the target of a campaign, and if not, why.

    Target: active, recordable by the last day of the campaign, not recorded elsewhere before. Who has left is
    said first: for someone no longer at the school nothing else matters.
    """
    if not student.active:
        return Left()
    if student.already_recorded:
        return AlreadyRecorded()
    from_date = turns(student.birth_date, campaign.record_age)
    if from_date > campaign.ends:
        return NotYet(from_date)
    return Eligible(from_date)
