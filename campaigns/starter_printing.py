"""Paper: the two pages that a school begins with. Another page beside those of `campaigns.printing`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from campaigns.paper import Letterhead, Printed, PrintedSchool, breakable
from campaigns.press import typeset
from campaigns.printing import frame, qr_svg
from common.i18n import translator


@dataclass(frozen=True, slots=True)
class StarterPage:
    """What a school begins with; `school` is None on the one that is copied for all.

    `address` is where the program is, put in the QR code; the contact is whom the school asks.
    """

    letterhead: Letterhead
    school: PrintedSchool | None
    address: str
    contact_name: str
    contact_phone: str
    printed: Printed


def print_starter(page: StarterPage, lang: str = "id") -> bytes:
    """The starter as PDF: A4 upright, two pages, one sheet when printed on both sides."""
    return typeset("starter.typ", _starter(page, lang), page.printed)


def _starter(page: StarterPage, lang: str) -> dict[str, Any]:
    _ = translator(lang).gettext
    title = _("Student recording for the KTP-el: where the school begins")
    return {
        **frame(page.letterhead, page.printed, lang),
        "title": title if page.school is None else f"{title} – {page.school.name}",
        "title_on_page": title,
        "warning": "",
        "labels": {"page": _("Page {page} of {pages}"), "scan": _("Scan to open the program")},
        "running": title,
        "school": _("For the school operator and the principal")
        if page.school is None
        else f"{breakable(page.school.name)} · NPSN {page.school.npsn}",
        "lead": _(
            "Our team comes to the school to record every student of 16 or over for the KTP-el, without charge."
            " The school needs about half an hour to prepare."
        ),
        "address": page.address,
        "qr": qr_svg(page.address).decode(),
        "steps_title": _("What will happen"),
        "steps": [
            (
                _("You send the student list"),
                _("As it comes from Dapodik or EMIS. You see what was read before anything is stored."),
            ),
            (
                _("The office plans the day"),
                _("From the number of students who are old enough. Large schools get more than one day."),
            ),
            (
                _("You confirm the day"),
                _("Or ask for another one, when there are exams or PKL. The office answers."),
            ),
            (
                _("The team comes"),
                _("You call the students in the order of the call list."),
            ),
        ],
        "sections": [
            {
                "title": _("Signing in"),
                "items": [
                    _("The office sends you a link by WhatsApp. It works once and for seven days."),
                    _("Open it, choose a password of 12 characters or more, and write down your username."),
                    _(
                        "Later you sign in at the address above. Forgotten the password? Ask the office for a new link."
                    ),
                ],
            },
            {
                "title": _("Sending the student list"),
                "items": [
                    _(
                        "Download the student list from Dapodik or EMIS."
                        " Do not open and save it in Excel first: that damages NIKs."
                    ),
                    _("In the program, open Student data, choose the file, and press Send and check."),
                    _(
                        "Look at the figures, then press Confirm and store."
                        " Rows with a fault do not hold up the others: mend them on the screen."
                    ),
                    _(
                        "No list from Dapodik or EMIS? Take the blank template on the same page:"
                        " one student a row, NIK as on the family card."
                    ),
                ],
            },
            {
                "title": _("Confirming the day"),
                "items": [
                    _("Open Recording days. Look at date, time and number of students."),
                    _("Press Confirm this day, or Ask for another day with the dates that suit the school."),
                    _("Enter exam weeks and PKL under School calendar, so that no day falls on them."),
                ],
            },
        ],
        "fill_title": _("Our recording day"),
        "fill": [_("Day and date"), _("Time"), _("Room"), _("Accompanied by")],
        "check_title": _("To do before the day"),
        "checks": [
            _("A room with electricity, tables and chairs, out of the sun, and a quiet place to wait"),
            _("The call list printed and given to the form teachers; it has no NIK and no birth date"),
            _("One member of staff who accompanies the team and signs the list of the day"),
            _("The students know day and time"),
        ],
        "bring_title": _("What each student brings"),
        "bring": [
            _("A copy of the family card (KK)"),
            _("Neat clothes and hair out of the face: a photo is taken"),
            _("Clean, dry hands: fingerprints are taken"),
        ],
        "after_title": _("Who was ill or away"),
        "after": _(
            "need not be registered again. The program keeps them, and the office names a day for the retake."
            " Students who cannot come at all, being ill or disabled, are visited at home: tell the office."
        ),
        "safe_title": _("Student data"),
        "safe": _(
            "is protected by Law 27/2022. Send it only through the program, not by WhatsApp or e-mail. Do not put lists"
            " up in public or share them on social media."
        ),
        "ask_title": _("Questions"),
        "ask": f"{page.contact_name}, {page.contact_phone}",
    }
