"""What stands on the slips that call single students to their retake. Facts only, as in `campaigns.paper`.

A slip goes home in a pocket: it has no field for a NIK or a birth date (UU 27/2022).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from campaigns.paper import Letterhead, Printed, PrintedSchool


@dataclass(frozen=True, slots=True)
class Slip:
    """One student's summons. Without a date the slip leaves lines to write date, time and place by hand; with a date
    and without a place the team comes home to the student."""

    name: str
    class_name: str
    date: date | None = None
    starts: time | None = None
    number: int | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class SlipsPage:
    """The slips (*surat panggilan rekam susulan*) of one school, several to a sheet, class by class."""

    letterhead: Letterhead
    school: PrintedSchool
    slips: tuple[Slip, ...]
    printed: Printed
