"""The letter that tells a school which days the team comes, where its students go, or what became of the days."""

from __future__ import annotations

from typing import Any

from campaigns.paper import LetterDay, LetterKind, SchoolLetterPage, breakable
from campaigns.paper_words import (
    clock_in_words,
    common_labels,
    date_in_words,
    figure,
    frame,
    short_date_in_words,
)
from campaigns.press import typeset
from common.i18n import translator


def print_school_letter(page: SchoolLetterPage, lang: str = "id") -> bytes:
    """The letter to the school as PDF: A4 upright, in the order of an Indonesian official letter."""
    return typeset("school_letter.typ", _school_letter(page, lang), page.printed)


def _school_letter(page: SchoolLetterPage, lang: str) -> dict[str, Any]:
    _ = translator(lang).gettext
    subjects = {
        LetterKind.ANNOUNCED: _("Notice of KTP-el recording at the school"),
        LetterKind.CHANGED: _("Change of KTP-el recording at the school"),
        LetterKind.CALLED_OFF: _("KTP-el recording at the school called off"),
    }
    openings = {
        LetterKind.ANNOUNCED: _(
            "So that every student aged 16 or over is recorded for the KTP-el, our team will come to your school"
            " with its recording kits on:"
        ),
        LetterKind.CHANGED: _(
            "The recording at your school that we told you of has changed. This is how it was and how it is now:"
        ),
        LetterKind.CALLED_OFF: _("The recording at your school that we told you of is called off:"),
    }
    if all(day.is_retake for day in page.days):
        subjects[LetterKind.ANNOUNCED] = _("Notice of a KTP-el retake at the school")
        openings[LetterKind.ANNOUNCED] = _(
            "Students whose recording failed, who were absent or who refused are called again. Our team will come to"
            " your school with its recording kits; students of other schools nearby may come on that day too:"
        )
    is_elsewhere = any(day.place for day in page.days)
    if is_elsewhere:
        subjects = {
            LetterKind.ANNOUNCED: _("Notice of a KTP-el retake outside the school"),
            LetterKind.CHANGED: _("Change of a KTP-el retake outside the school"),
            LetterKind.CALLED_OFF: _("KTP-el retake outside the school called off"),
        }
        openings = {
            LetterKind.ANNOUNCED: _(
                "Students of your school whose recording failed, who were absent or who refused are called again. They"
                " are recorded at this place and time:"
            ),
            LetterKind.CHANGED: _(
                "The retake of students of your school that we told you of has changed. This is how it was and how it"
                " is now:"
            ),
            LetterKind.CALLED_OFF: _(
                "The retake of students of your school that we told you of is called off:"
            ),
        }
    called_off = page.kind == LetterKind.CALLED_OFF
    is_changed = page.kind == LetterKind.CHANGED
    columns = [_("Day and date"), _("Starts"), _("Place") if is_elsewhere else _("Team"), _("Students")]
    requests = [
        _("tell these students the place and the time, and give each the own summons slip;"),
        _("have each bring the slip and a copy of the family card (KK)."),
    ]
    if not is_elsewhere:
        requests = [
            _("prepare a room with electricity, tables and chairs, and a quiet place to wait;"),
            _(
                "have the students come in the order of the call list, each with a copy of the family card (KK);"
            ),
            _("name one member of staff to accompany the team and sign the list of the day."),
        ]
    guests = sum(day.guests for day in page.days)
    note = _("Reason: %(note)s") if called_off else _("Answer of the office: %(note)s")
    notes = [note % {"note": breakable(day.note)} for day in page.days if day.note]
    if guests:
        notes.append(_("Students of other schools also come: %(count)s.") % {"count": figure(guests, lang)})
    return {
        **frame(page.letterhead, page.printed, lang),
        "title": _("Notice of recording days") + f" – {page.school.name}",
        "warning": "",
        "labels": common_labels(_),
        "number": page.letter_number,
        "heading": [
            (_("Number"), page.letter_number or "…………………………", False),
            (_("Attached"), "–" if called_off else _("Student call list"), False),
            (_("Subject"), subjects[page.kind], True),
        ],
        "place_and_date": f"{page.place}, {short_date_in_words(page.date, lang)}",
        "addressee": [
            _("To the principal of %(school)s") % {"school": page.school.name},
            _("%(district)s district") % {"district": page.school.district},
        ],
        "greeting": _("Dear Sir or Madam,"),
        "opening": openings[page.kind],
        "columns": [_("As it was"), _("As it is now"), *columns[1:]] if is_changed else columns,
        "days": [_letter_row(day, lang, is_changed) for day in page.days],
        "notes": notes,
        "requests_lead": "" if called_off else _("We ask the school to:"),
        "requests": [] if called_off else requests,
        # a school cannot ask for another retake day: other schools come too, or the office is open only then
        "contact": (
            _("Questions: %(name)s, WhatsApp %(phone)s.")
            if all(day.is_retake for day in page.days)
            else _("Questions and requests for another day: %(name)s, WhatsApp %(phone)s.")
        )
        % {"name": page.contact_name, "phone": page.contact_phone},
        "closing": _("Thank you for your attention and co-operation."),
        "signer": {
            "title": page.signer.title or _("Head of the office"),
            "name": page.signer.name or "………………………………………",
            "number": _("NIP %(number)s") % {"number": page.signer.number or "…………………………"}
            if page.signer.number or not page.signer.name
            else "",
        },
    }


def _letter_row(day: LetterDay, lang: str, is_changed: bool) -> list[str]:
    """Date, start, team, students; of a changed day first what it was."""
    row = [
        date_in_words(day.date, lang),
        clock_in_words(day.starts, lang),
        breakable(day.place or day.team),
        figure(day.students, lang),
    ]
    if not is_changed:
        return row
    before = day.before
    was = (
        f"{date_in_words(before.date, lang)}, {clock_in_words(before.starts, lang)}"
        + (f", {before.team}" if before.team and not day.place else "")
        if before
        else "–"
    )
    return [was, *row]
