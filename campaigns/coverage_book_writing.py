"""EDGE: the facts of the coverage -> a workbook: words from the catalogs, made by openpyxl. Slow: in a worker thread.

Dates are dates and counts are numbers, so that they can be sorted and added up; what people typed is text whatever it
begins with, so that no name becomes a formula. openpyxl makes the book, `sheet_rows` fills its long sheets.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from campaigns.coverage import Coverage
from campaigns.coverage_book import CoverageBook
from campaigns.paper import plain
from campaigns.paper_words import date_in_words, moment_in_words
from campaigns.sheet_rows import RISKY, Value, row_xml
from campaigns.student_stands import IN_TARGET, Stand
from common.i18n import translator

DATE, SHARE, COUNT = "dd/mm/yyyy", "0.0%", "#,##0"
_HEAD = PatternFill("solid", fgColor="FFE4E9F1")


class _Looks(NamedTuple):
    """The letters and formats of a sheet's columns, and the format of a text that must stay one."""

    letters: list[str]
    columns: list[int]
    typed: int


class _Heading(NamedTuple):
    """A column: its words, its width in letters, how its numbers are written."""

    text: str
    width: int
    look: str = ""


def coverage_workbook(book: CoverageBook, lang: str = "id") -> bytes:
    """The workbook as .xlsx: what it is, then a sheet for each level."""
    _ = translator(lang).gettext
    made = Workbook(write_only=True)
    made.properties.creator = ""
    figures = _figure_headings(_)
    levels: list[tuple[str, str, list[_Heading], Iterable[Sequence[Value]], int]] = [
        (
            _("Office and districts"),
            _("The figures of the office and of each district"),
            [_Heading(_("Level"), 12), _Heading(_("Name"), 34), _Heading(_("Schools"), 10, COUNT), *figures],
            _office_rows(book, _),
            1 + len(book.districts),
        ),
        (
            _("Schools"),
            _("The figures of each school"),
            [
                *(_Heading(_("School"), 38), _Heading(_("NPSN"), 11), _Heading(_("Level"), 8)),
                *(_Heading(_("Public or private"), 12), _Heading(_("District"), 20), *figures),
            ],
            (
                (
                    *(row.name, row.npsn, row.level, _("Public") if row.is_public else _("Private")),
                    *(row.district, *_figures(row.coverage)),
                )
                for row in book.schools
            ),
            len(book.schools),
        ),
        (
            _("Classes"),
            _("The figures of each class"),
            [
                *(_Heading(_("School"), 38), _Heading(_("NPSN"), 11), _Heading(_("District"), 20)),
                *(_Heading(_("Class"), 16), *figures),
            ],
            ((row.school, row.npsn, row.district, row.name, *_figures(row.coverage)) for row in book.classes),
            len(book.classes),
        ),
    ]
    if book.students is not None:
        levels.append(
            (
                _("Students"),
                _("Each student and where he or she stands"),
                _student_headings(_),
                _student_rows(book, _),
                len(book.students),
            )
        )
    _front(made, book, [(title, about, count) for title, about, _h, _r, count in levels], lang)
    sheets = [(_sheet(made, headings, title, count), rows) for title, _about, headings, rows, count in levels]
    return _filled(made, sheets)


def _front(made: Workbook, book: CoverageBook, sheets: list[tuple[str, str, int]], lang: str) -> None:
    """What the workbook is about, as of when, of which students, by whom; and what its sheets hold."""
    _ = translator(lang).gettext
    sheet = made.create_sheet(_("About"))
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 30, 90
    sheet.append([_bold(sheet, _("Coverage of the recording programme"), 15)])
    sheet.append([])
    as_of = (
        _("the end of %(day)s") % {"day": date_in_words(book.on, lang)} if book.on else _("when it was made")
    )
    about = [
        (_("Office"), book.office),
        (_("Programme"), book.campaign),
        (_("Figures as of"), as_of),
        (_("Which students"), ", ".join(_part(book, _)) or _("all")),
        (_("Made by"), f"{book.made.by}, {moment_in_words(book.made, lang)}"),
    ]
    for name, value in about:
        sheet.append([_bold(sheet, name), _wrapped(sheet, value)])
    sheet.append([])
    sheet.append([_bold(sheet, _("Sheet")), _bold(sheet, _("What it holds"))])
    for title, holds, count in sheets:
        rows: str = translator(lang).ngettext("%(num)s row", "%(num)s rows", count)
        sheet.append([_text(sheet, title), _text(sheet, f"{holds}: {rows % {'num': count}}")])
    sheet.append([])
    notes = [
        _("Target = recorded + waiting + due a retake + has a place + not yet planned; for voters too."),
    ]
    if book.on:
        notes.append(
            _(
                "Where each student stood on a past day is not known by name, so there is no sheet of students."
            )
        )
    if book.students is not None:
        notes.append(
            _(
                "CONFIDENTIAL: names of children (Law 27/2022). Keep this file inside the office, do not send it by"
                " WhatsApp or e-mail, delete it when it is no longer needed. That it was made is in the log."
            )
        )
    for note in notes:
        sheet.append([None, _wrapped(sheet, note)])


def _part(book: CoverageBook, _: Callable[[str], str]) -> Iterable[str]:
    """The part of the students that was asked for, in the words of the page."""
    part = book.part
    if book.district:
        yield _("%(district)s district") % {"district": book.district}
    if part.level:
        yield part.level
    if part.owner:
        yield _("public schools") if part.owner == "public" else _("private schools")
    if part.sex:
        yield _("male") if part.sex == "L" else _("female")
    if part.home == "elsewhere":
        yield _("home outside this kabupaten or kota")
    elif part.home == "unknown":
        yield _("home not in the student list")
    elif part.home:
        yield _("home in %(district)s") % {"district": book.home}


def _figure_headings(_: Callable[[str], str]) -> list[_Heading]:
    """The columns of `_figures`."""
    return [
        _Heading(_("Active students"), 11, COUNT),
        _Heading(_("Target"), 10, COUNT),
        _Heading(_("Recorded"), 10, COUNT),
        _Heading(_("Coverage"), 10, SHARE),
        _Heading(_("Left"), 10, COUNT),
        _Heading(_("Waiting"), 10, COUNT),
        _Heading(_("Retake"), 10, COUNT),
        _Heading(_("Has a place"), 10, COUNT),
        _Heading(_("Not yet planned"), 12, COUNT),
        _Heading(_("Too young"), 10, COUNT),
        _Heading(_("Recorded before"), 12, COUNT),
        _Heading(_("Voters"), 10, COUNT),
        _Heading(_("Voters recorded"), 11, COUNT),
        _Heading(_("Coverage of voters"), 11, SHARE),
        _Heading(_("Voters left"), 10, COUNT),
        _Heading(_("Voters waiting"), 11, COUNT),
        _Heading(_("Voters due a retake"), 11, COUNT),
        _Heading(_("Voters with a place"), 11, COUNT),
        _Heading(_("Voters not yet planned"), 12, COUNT),
    ]


def _figures(its: Coverage) -> tuple[float | None, ...]:
    """The counts, and coverage as a share of 1; without a target there is no share."""
    return (
        *(its.students, its.target, its.recorded, its.recorded / its.target if its.target else None),
        *(its.left, its.waiting, its.retake_due, its.planned, its.unplanned, its.not_yet, its.already),
        *(its.voters, its.recorded_voters, its.recorded_voters / its.voters if its.voters else None),
        *(its.left_voters, its.waiting_voters, its.retake_due_voters, its.planned_voters),
        its.unplanned_voters,
    )


def _office_rows(book: CoverageBook, _: Callable[[str], str]) -> Iterable[Sequence[Value]]:
    if not book.district:
        yield _("Office"), book.office, len(book.schools), *_figures(book.total)
    for row in book.districts:
        yield _("District"), row.name, row.schools, *_figures(row.coverage)


def _student_headings(_: Callable[[str], str]) -> list[_Heading]:
    return [
        _Heading(_("Name"), 34),
        _Heading(_("Class"), 16),
        _Heading(_("School"), 38),
        _Heading(_("NPSN"), 11),
        _Heading(_("In the target"), 12),
        _Heading(_("Voter"), 10),
        _Heading(_("Where the student stands"), 34),
        _Heading(_("Outcome"), 22),
        _Heading(_("Last recording day"), 14, DATE),
        _Heading(_("Last mark"), 14, DATE),
        _Heading(_("Next recording day"), 14, DATE),
    ]


def _student_rows(book: CoverageBook, _: Callable[[str], str]) -> Iterable[Sequence[Value]]:
    stands = {
        Stand.RECORDED: _("Recorded"),
        Stand.WAITING: _("Recorded, waiting for the data centre"),
        Stand.RETAKE: _("Due a retake"),
        Stand.PLANNED: _("Has a place"),
        Stand.UNPLANNED: _("Not yet planned"),
        Stand.NOT_YET: _("Still too young when the programme ends"),
        Stand.ALREADY: _("Recorded before the programme"),
        Stand.NOT_OURS: _("No longer at the school"),
    }
    outcomes = {
        "": None,
        "recorded": _("Recorded"),
        "waiting": _("Waiting for the data centre"),
        "failed": _("Failed"),
        "absent": _("Absent"),
        "refused": _("Refused"),
        "already_recorded": _("Has an ID card"),
        "not_ours": _("Not ours"),
    }
    yes, no = _("yes"), _("no")
    for row in book.students or ():
        in_target = row.stand in IN_TARGET
        yield (
            *(row.name, row.class_name, row.school, row.npsn),
            *(yes if in_target else no, yes if in_target and row.is_voter else no),
            *(stands[row.stand], outcomes[row.outcome], row.last_day, row.marked_on, row.next_day),
        )


def _sheet(made: Workbook, headings: list[_Heading], title: str, count: int) -> _Looks:
    """A sheet with its heading alone, ready to be filled; answers the formats of its columns."""
    sheet = made.create_sheet(title)
    letters = [_letter(n) for n in range(len(headings))]
    for letter, heading in zip(letters, headings, strict=True):
        sheet.column_dimensions[letter].width = heading.width
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{letters[-1]}{count + 1}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    sheet.print_title_rows = "1:1"
    sheet.append([_heading(sheet, heading.text) for heading in headings])
    looks = []
    for heading in headings:
        cell = WriteOnlyCell(sheet)
        if heading.look:
            cell.number_format = heading.look
        looks.append(cell.style_id if heading.look else 0)
    typed = WriteOnlyCell(sheet)
    typed.quotePrefix = True
    return _Looks(letters, looks, typed.style_id)


def _filled(made: Workbook, sheets: Sequence[tuple[_Looks, Iterable[Sequence[Value]]]]) -> bytes:
    """The workbook with the rows put into its sheets after the first, in their order."""
    empty, done = io.BytesIO(), io.BytesIO()
    made.save(empty)
    by_part = {f"xl/worksheets/sheet{n}.xml": sheet for n, sheet in enumerate(sheets, 2)}
    with (
        zipfile.ZipFile(empty) as source,
        zipfile.ZipFile(done, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name not in by_part:
                target.writestr(name, content)
                continue
            head, end, tail = content.partition(b"</sheetData>")
            looks, rows = by_part[name]
            with target.open(name, "w") as part:
                part.write(head)
                for number, row in enumerate(rows, 2):
                    part.write(row_xml(number, looks.letters, row, looks.columns, looks.typed).encode())
                part.write(end + tail)
    return done.getvalue()


def _text(sheet: WriteOnlyWorksheet, text: str) -> Any:
    """Words in a cell, never a number, a formula or an error."""
    text = plain(text)
    if not text.startswith(RISKY):
        return text or None
    cell = WriteOnlyCell(sheet, text)
    cell.data_type, cell.quotePrefix = "s", True
    return cell


def _heading(sheet: WriteOnlyWorksheet, text: str) -> Any:
    cell = _bold(sheet, text)
    cell.fill, cell.alignment = _HEAD, Alignment(vertical="top", wrap_text=True)
    return cell


def _bold(sheet: WriteOnlyWorksheet, text: str, size: int = 11) -> Any:
    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True, size=size)
    return cell


def _wrapped(sheet: WriteOnlyWorksheet, text: str) -> Any:
    cell = WriteOnlyCell(sheet, plain(text))
    cell.data_type, cell.alignment = "s", Alignment(vertical="top", wrap_text=True)
    cell.quotePrefix = text.startswith(RISKY)
    return cell


def _letter(index: int) -> str:
    """A, B, ... Z, AA, AB: of at most 702 columns."""
    high, low = divmod(index, 26)
    return (chr(64 + high) if high else "") + chr(65 + low)
