"""Paper: a page's facts -> words -> a PDF on A4.

`campaigns.paper` says what is on a page; the words come from the catalogs and the look from `templates/print/`.
Names, notes and every other fact reach the typesetter as JSON values, never as markup.
Everything here is slow by the measure of a web page (tens of milliseconds): call it in a worker thread.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from io import BytesIO
from itertools import groupby
from typing import Any

import segno

from campaigns.paper import (
    CallListPage,
    DayListPage,
    DayListRow,
    Letterhead,
    breakable,
    lines_in,
)
from campaigns.paper_words import (
    clock_in_words,
    common_labels,
    date_in_words,
    figure,
    frame,
    kits_in_words,
    schools_in_words,
    students_in_words,
)
from campaigns.press import typeset
from common.i18n import translator


def print_day_list(page: DayListPage, lang: str = "id") -> bytes:
    """The team's list as PDF: A4 on its side, header on each page, page x of y, RAHASIA; empty days say so."""
    return print_day_lists((page,), lang)


def print_day_lists(pages: Sequence[DayListPage], lang: str = "id") -> bytes:
    """Lists that one person prints for one office, one behind the other in one PDF, each counting from page 1."""
    first = pages[0]
    data = {**_for_every_day_list(first, lang), "lists": [_day_list(page, lang) for page in pages]}
    return typeset("day_list.typ", data, first.printed)


def print_call_list(page: CallListPage, lang: str = "id") -> bytes:
    """The school's call list as PDF: A4 upright, class by class, without NIK or birth date."""
    return typeset("call_list.typ", _call_list(page, lang), page.printed)


@cache
def qr_svg(address: str, on_screen: bool = False) -> bytes:
    """The QR code of `address` as SVG: with its own white margin for a screen, without one for paper."""
    drawing = BytesIO()
    look: dict[str, Any] = {"border": 4, "light": "#fff"} if on_screen else {"border": 0}
    look |= {"xmldecl": False, "svgclass": None, "lineclass": None, "nl": False}
    # Any mask can be read; choosing the best of eight takes four times as long as all the rest of the code.
    segno.make(address, micro=False, error="m", mask=2).save(drawing, kind="svg", **look)
    return drawing.getvalue()


def _day_list(page: DayListPage, lang: str) -> dict[str, Any]:
    _ = translator(lang).gettext
    title = _("Daily retake list") if page.retake else _("Daily recording session list")
    date_text = date_in_words(page.date, lang)
    facts = [
        (_("School"), page.school.name),
        (_("NPSN · district"), f"{page.school.npsn} · {page.school.district}"),
        (_("Team"), f"{page.team} · {kits_in_words(page.kits, lang)}"),
        (_("Day"), _day_of(page, _)),
        (_("Students"), figure(len(page.rows), lang)),
    ]
    schools = Counter(row.school for row in page.rows if row.school)
    where = page.school.name
    if schools:
        where = f"{schools_in_words(len(schools), lang)} · {page.venue or page.school.name}"
        facts[:2] = [(_("Schools · place"), where), (_("District"), page.school.district)]
    elif page.venue:
        facts[0] = (_("School · place"), f"{page.school.name} · {page.venue}")
    rows, is_even = [], not schools
    before: DayListRow | None = None
    for row in page.rows:
        nik = row.nik or "–"
        # One line each, or two small ones: such a row has the height of every other.
        lines = (
            lines_in(row.name, 15.5),
            lines_in(row.class_name, 6.1),
            lines_in(row.note, 7.7, 1.0),
        )
        is_even = is_even and max(lines) <= 2 and len(nik) <= 16
        new_school = bool(row.school) and (before is None or before.school != row.school)
        rows.append(
            {
                "number": row.number,
                "time": clock_in_words(row.starts, lang),
                "name": breakable(row.name),
                "class": breakable(row.class_name),
                "birth_date": row.birth_date.strftime("%d-%m-%Y") if row.birth_date else "–",
                "nik": nik,
                # The last four figures tell two students of one birth date apart, so the eye is led to them.
                "nik_head": max(len(nik) - 4, 0),
                "note": breakable(row.note),
                "lines": lines,
                "one_line": max(lines) == 1 and len(nik) <= 16,
                "new_class": new_school or before is None or before.class_name != row.class_name,
                "new_time": new_school or before is None or before.starts != row.starts,
                "school": {"name": row.school, "students": students_in_words(schools[row.school], lang)}
                if new_school
                else None,
            }
        )
        before = row
    return {
        "title_on_page": title,
        "where": where,
        "date": date_text,
        "team": page.team,
        "qr": qr_svg(page.address).decode(),
        "facts": facts,
        "rows": rows,
        "is_even": is_even,
        "top_is_plain": _top_is_plain(page.letterhead, facts),
        "tally": [(_("Planned"), str(len(page.rows))), *((outcome, "") for outcome in _outcomes(_))],
    }


# How many em of its own size each text at the top of a day list has for its one line (day_list.typ, paper.typ).
_FACT_ROOM = (20.5, 12.0, 12.0, 9.0, 9.0)
_LETTERHEAD_ROOM = (45.0, 32.0, 52.0)


def _top_is_plain(letterhead: Letterhead, facts: Iterable[tuple[str, str]]) -> bool:
    """Whether the top of the list surely has its usual height, which then need not be measured."""
    address = f"{letterhead.address}  ·  {letterhead.contact}"
    texts = [
        *zip((letterhead.government, letterhead.office, address), _LETTERHEAD_ROOM, strict=True),
        *zip((value for _name, value in facts), _FACT_ROOM, strict=False),
    ]
    return all(lines_in(text, room, 1.0) == 1 for text, room in texts)


def _outcomes(_: Callable[[str], str]) -> list[str]:
    return [_("Recorded"), _("Failed"), _("Absent"), _("Refused")]


def _for_every_day_list(first: DayListPage, lang: str) -> dict[str, Any]:
    _ = translator(lang).gettext
    title = _("Daily retake list") if first.retake else _("Daily recording session list")
    return {
        **frame(first.letterhead, first.printed, lang),
        "title": f"{title} – {first.school.name} – {date_in_words(first.date, lang)}",
        "warning": _(
            "CONFIDENTIAL: personal data of children. Do not photograph, copy or leave lying about."
        ),
        "labels": {
            **common_labels(_),
            "confidential": _("CONFIDENTIAL"),
            "scan": _("Scan to open the page of this day"),
            "how": _(
                "Tick one box for each student, let the student sign, and write the reason in Remarks"
                " when the student was not recorded (for example fingerprint, photo, ill, permit, PKL)."
                " To type the list afterwards: r recorded, f failed, a absent, t refused."
            ),
            "nobody": _("No students have a place on this day."),
            "nobody_next": _("Give students their places, then print the list again."),
            "count": _("Count at the end of the day"),
        },
        "columns": [
            _("No."),
            _("Time"),
            _("Name"),
            _("Class"),
            _("Born"),
            _("NIK"),
            *_outcomes(_),
            _("Remarks"),
            _("Signature"),
        ],
        "signatures": [_("Recording officer"), _("For the school")],
    }


def _call_list(page: CallListPage, lang: str) -> dict[str, Any]:
    _ = translator(lang).gettext
    title = _("Student call list, retake") if page.retake else _("Student call list")
    date_text = date_in_words(page.date, lang)
    groups = []
    for class_name, members in groupby(page.rows, key=lambda row: row.class_name):
        students = list(members)
        times = [row.starts for row in students]
        first, last = clock_in_words(min(times), lang), clock_in_words(max(times), lang)
        span = first if first == last else f"{first}–{last}"
        groups.append(
            {
                "class": breakable(class_name) or "–",
                "summary": f"{students_in_words(len(students), lang)}  ·  {span}",
                "rows": [
                    {
                        "number": row.number,
                        "time": clock_in_words(row.starts, lang),
                        "name": breakable(row.name),
                        "first": place == 0,
                        "new_time": place == 0 or students[place - 1].starts != row.starts,
                    }
                    for place, row in enumerate(students)
                ],
            }
        )
    return {
        **frame(page.letterhead, page.printed, lang),
        "title": f"{title} – {page.school.name} – {date_text}",
        "title_on_page": title,
        "warning": _("For use inside the school. Do not put up in public places or share on social media."),
        "labels": {
            **common_labels(_),
            "how": _(
                "Call the students in this order, a little before their time."
                " Each brings a copy of the family card (KK)."
            ),
            "nobody": _("No students have a place on this day."),
            "nobody_next": _("Give students their places, then print the list again."),
        },
        "school": {"name": page.school.name},
        "date": date_text,
        "facts": [
            (_("School"), page.school.name),
            *([(_("Place"), page.venue)] if page.venue else []),
            (_("Team"), page.team),
            (_("Day"), f"{_day_of(page, _)} · {students_in_words(len(page.rows), lang)}"),
        ],
        "columns": [_("No."), _("Time"), _("Name"), _("Called")],
        "groups": groups,
        "page_per_class": page.page_per_class,
    }


def _day_of(page: DayListPage | CallListPage, _: Callable[[str], str]) -> str:
    return _("%(number)s of %(count)s") % {"number": page.day_number, "count": page.day_count}
