"""Rule: recording days as the text of a calendar that other programs follow (iCalendar, RFC 5545).

Lines end in CR LF and are folded at 75 octets, texts are escaped, times stand on the office's wall clock with its
zone beside them (Indonesia has no summer time). There is no field here for a person.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

LONGEST_LINE = 75  # octets, without the line's end
MAKER = "-//Perekaman pemula//Jadwal perekaman//ID"
# the office's zone: hours ahead of UTC, and what it is called
ZONES = {
    "Asia/Jakarta": ("+0700", "WIB"),
    "Asia/Makassar": ("+0800", "WITA"),
    "Asia/Jayapura": ("+0900", "WIT"),
}


class Status(StrEnum):
    """How certain an event is."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


_STATUS_OF_STATE = {
    "proposed": Status.TENTATIVE,
    "change_asked": Status.TENTATIVE,
    "confirmed": Status.CONFIRMED,
    "open": Status.CONFIRMED,
    "closed": Status.CONFIRMED,
    "cancelled": Status.CANCELLED,
    "postponed": Status.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class Event:
    """A recording day. `uid` never changes, `sequence` grows with each change; `changed` is naive UTC.

    `starts_at` and `ends_at` ("08:00") are on the office's wall clock.
    """

    uid: str
    sequence: int
    changed: datetime
    date: date
    starts_at: str
    ends_at: str
    status: Status
    summary: str
    location: str = ""
    description: str = ""
    url: str = ""


def status_of(state: str) -> Status:
    """How certain a day in that state is. Raises KeyError for a draft, which nobody was told of."""
    return _STATUS_OF_STATE[state]


def calendar_text(name: str, zone: str, events: Iterable[Event]) -> str:
    """The whole calendar. Raises KeyError for a zone that is not Indonesian."""
    offset, zone_name = ZONES[zone]
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{MAKER}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{escaped(name)}",
        f"X-WR-CALNAME:{escaped(name)}",
        f"X-WR-TIMEZONE:{zone}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        "BEGIN:VTIMEZONE",
        f"TZID:{zone}",
        "BEGIN:STANDARD",
        "DTSTART:19700101T000000",
        f"TZOFFSETFROM:{offset}",
        f"TZOFFSETTO:{offset}",
        f"TZNAME:{zone_name}",
        "END:STANDARD",
        "END:VTIMEZONE",
    ]
    for event in events:
        lines += _lines_of(event, zone)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


def escaped(text: str) -> str:
    """A text as a value: backslash, semicolon, comma and line ends escaped, other control marks left out."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(mark for mark in plain if mark == "\n" or unicodedata.category(mark) not in ("Cc", "Cs"))
    for mark in "\\;,":
        kept = kept.replace(mark, f"\\{mark}")
    return kept.replace("\n", "\\n")


def folded(line: str) -> Iterator[str]:
    """The line in pieces of at most 75 octets, each after the first begun by a space; no letter is cut in two."""
    piece, size = "", 0
    for mark in line:
        width = len(mark.encode())
        if size + width > LONGEST_LINE:
            yield piece
            piece, size = " ", 1
        piece += mark
        size += width
    yield piece


def _lines_of(event: Event, zone: str) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{escaped(event.uid)}",
        f"SEQUENCE:{event.sequence}",
        f"DTSTAMP:{event.changed:%Y%m%dT%H%M%SZ}",
        f"LAST-MODIFIED:{event.changed:%Y%m%dT%H%M%SZ}",
        f"DTSTART;TZID={zone}:{_wall(event.date, event.starts_at)}",
        f"DTEND;TZID={zone}:{_wall(event.date, event.ends_at)}",
        f"STATUS:{event.status.value}",
        f"SUMMARY:{escaped(event.summary)}",
    ]
    if event.location:
        lines.append(f"LOCATION:{escaped(event.location)}")
    if event.description:
        lines.append(f"DESCRIPTION:{escaped(event.description)}")
    if event.url:
        lines.append(f"URL:{event.url}")
    lines.append("END:VEVENT")
    return lines


def _wall(day: date, at: str) -> str:
    return f"{day:%Y%m%d}T{at.replace(':', '')}00"
