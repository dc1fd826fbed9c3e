"""Rule: worksheets written anew, as XML: the list of what to mend, and the sheets of a file that was no .xlsx.

What people typed is always a text in the cell (inlineStr), never a formula.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from imports.book_marks import BookOrder, Fault
from imports.columns import column_letter
from imports.sheets import Cell, RawRow, RawSheet
from imports.values import as_typed

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
LIST_TITLE = "Daftar perbaikan"
"""What the first sheet is called; the file is the school's, and so is its language."""
_LONGEST = 32_000  # characters; Excel has room for 32,767 in a cell
_MOST_LINKS = 65_000  # Excel has room for 65,530 on a sheet
_WIDTHS = (12, 16, 8, 30, 18, 24, 16, 46, 46)
_HEADINGS = ("cell", "list", "row", "name", "column", "value", "kind", "reason", "remedy")
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_LONG_NUMBER = 10**9  # from here on a number is a NIK or NISN that lost its text, and stays all digits


@dataclass(frozen=True, slots=True)
class ListFormats:
    """The numbers of the cell formats of the list."""

    title: int
    words: int
    heading: int
    text: int
    link: int
    grave: int
    mild: int


@dataclass(frozen=True, slots=True)
class NewFormats:
    """The numbers of the cell formats of sheets written anew."""

    text: int
    day: int
    moment: int


def escaped(text: str) -> str:
    """A text for XML, without what XML cannot hold; `_x0041_` stays what was typed and is no escape of Excel's."""
    clean = _ESCAPE.sub("_x005F_", _NOT_XML.sub("", text))
    return clean.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def text_cell(column: int, row: int, text: str, style: int) -> str:
    """A cell that holds a text as it is."""
    place = f"{column_letter(column)}{row}"
    if not text:
        return f'<c r="{place}" s="{style}"/>'
    shown = escaped(text[:_LONGEST])
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{shown}</t></is></c>'


def list_page(
    order: BookOrder, titles: Mapping[str | None, str], formats: ListFormats, main: str = MAIN
) -> bytes:
    """The first sheet: what is to be mended, a line each, with a link to its cell.

    `titles` are the names of the book's sheets by those of the faults; `main` the namespace of the book.
    """
    labels = order.labels
    last = column_letter(len(_HEADINGS) - 1)
    rows: list[str] = []
    for number, text in enumerate(order.above, 1):
        style = formats.title if number == 1 else formats.words
        # merged cells do not grow with their text: about 150 characters stand in a line of this width
        height = 24 if number == 1 else 15.5 * max(1, -(-len(text) // 150))
        cell = text_cell(0, number, text, style)
        rows.append(f'<row r="{number}" ht="{height}" customHeight="1">{cell}</row>')
    head = len(order.above) + 2
    cells = "".join(text_cell(i, head, labels[name], formats.heading) for i, name in enumerate(_HEADINGS))
    rows.append(f'<row r="{head}">{cells}</row>')
    links: list[str] = []
    for number, fault in enumerate(order.faults, head + 1):
        rows.append(_line(order, fault, number, titles, formats))
        target = _target(fault, titles)
        if target and len(links) < _MOST_LINKS:
            links.append(f'<hyperlink ref="A{number}" location="{escaped(target)}"/>')
    end = head + len(order.faults)
    columns = "".join(
        f'<col min="{i}" max="{i}" width="{width}" customWidth="1"/>' for i, width in enumerate(_WIDTHS, 1)
    )
    merged = "".join(f'<mergeCell ref="A{row}:{last}{row}"/>' for row in range(1, len(order.above) + 1))
    return (
        f'{_HEAD}<worksheet xmlns="{main}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<dimension ref="A1:{last}{end}"/><sheetViews><sheetView tabSelected="1" workbookViewId="0">'
        f'<pane ySplit="{head}" topLeftCell="A{head + 1}" activePane="bottomLeft" state="frozen"/>'
        f'<selection pane="bottomLeft" activeCell="A{head + 1}" sqref="A{head + 1}"/></sheetView></sheetViews>'
        f"<cols>{columns}</cols><sheetData>{''.join(rows)}</sheetData>"
        f'<autoFilter ref="A{head}:{last}{max(end, head + 1)}"/>'
        f'<mergeCells count="{len(order.above)}">{merged}</mergeCells>'
        + (f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else "")
        + '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
        f"<headerFooter><oddFooter>&amp;L{escaped(labels['footer'])}&amp;R&amp;P / &amp;N</oddFooter></headerFooter>"
        "</worksheet>"
    ).encode()


def _line(
    order: BookOrder, fault: Fault, number: int, titles: Mapping[str | None, str], formats: ListFormats
) -> str:
    labels = order.labels
    value = fault.value if fault.value is not None else ""
    if fault.column and not value:
        value = labels["empty"]
    texts = (
        f"{fault.column}{fault.row}" if fault.column else "",
        titles.get(fault.sheet, fault.sheet or ""),
        "",
        fault.name,
        fault.heading or "",
        value,
        labels["grave"] if fault.is_grave else labels["mild"],
        reason_of(order, fault, titles),
        order.remedies.get(fault.code, ""),
    )
    styles = [formats.text] * len(texts)
    styles[0] = formats.link
    styles[6] = formats.grave if fault.is_grave else formats.mild
    cells = [text_cell(i, number, text, styles[i]) for i, text in enumerate(texts)]
    cells[2] = f'<c r="C{number}" s="{formats.words}"><v>{fault.row}</v></c>'
    lines = max(-(-len(text) // width) for text, width in zip(texts, _WIDTHS, strict=True))
    # 15 points a line, told outright: not every program makes a row as high as its text
    return f'<row r="{number}" ht="{15 * min(max(lines, 1), 20)}" customHeight="1">{"".join(cells)}</row>'


def reason_of(order: BookOrder, fault: Fault, titles: Mapping[str | None, str]) -> str:
    """The sentence of a fault, with the row it is compared with."""
    sentence = order.reasons[fault.code]
    if fault.earlier_row is None:
        return sentence
    see = order.labels["see" if fault.earlier_sheet == fault.sheet else "see_sheet"]
    values = {"row": fault.earlier_row, "sheet": titles.get(fault.earlier_sheet, fault.earlier_sheet or "")}
    return f"{sentence} {see % values}"


def _target(fault: Fault, titles: Mapping[str | None, str]) -> str:
    title = titles.get(fault.sheet)
    if title is None or not fault.column:
        return ""
    return "'" + title.replace("'", "''") + f"'!{fault.column}{fault.row}"


def free_title(wanted: str, taken: Sequence[str]) -> str:
    """A name for a sheet that Excel accepts and no other sheet of the book has (in capitals or not)."""
    clean = re.sub(r"[\[\]:*?/\\]", " ", _NOT_XML.sub("", wanted)).strip().strip("'")[:31] or "Data"
    used = {name.casefold() for name in taken}
    title, number = clean, 1
    while title.casefold() in used:
        number += 1
        title = f"{clean[: 31 - len(f' ({number})')]} ({number})"
    return title


def new_page(sheet: RawSheet, formats: NewFormats) -> bytes:
    """A sheet as it was read: texts as typed, dates as dates, numbers as long as a NISN as text.

    The texts that stood above the table become rows of their own.
    """
    above: list[RawRow] = [[text] for text in sheet.above]
    rows = above + sheet.rows
    width = max((len(row) for row in rows), default=0)
    columns = "".join(
        f'<col min="{i + 1}" max="{i + 1}" width="{_width(rows, i)}" customWidth="1"/>' for i in range(width)
    )
    pieces = [
        f'{_HEAD}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0"/></sheetViews>',
        f"<cols>{columns}</cols>" if columns else "",
        "<sheetData>",
    ]
    for number, row in enumerate(rows, 1):
        cells = "".join(
            _new_cell(i, number, cell, formats)
            for i, cell in enumerate(row)
            if cell is not None and cell != ""
        )
        if cells:
            pieces.append(f'<row r="{number}">{cells}</row>')
    pieces.append("</sheetData></worksheet>")
    return "".join(pieces).encode()


def _width(rows: Sequence[RawRow], column: int) -> int:
    longest = max((len(as_typed(row[column])) for row in rows[:200] if column < len(row)), default=0)
    return min(max(longest + 2, 9), 40)


def _new_cell(column: int, row: int, cell: Cell, formats: NewFormats) -> str:
    if isinstance(cell, date):  # a datetime is one too
        serial = _serial(cell)
        if serial is not None:
            style = formats.moment if isinstance(cell, datetime) and cell.time() != time() else formats.day
            return f'<c r="{column_letter(column)}{row}" s="{style}"><v>{serial}</v></c>'
    is_number = isinstance(cell, int | float) and not isinstance(cell, bool)
    if is_number and abs(cell) < _LONG_NUMBER and cell == cell:  # type: ignore[arg-type,operator]
        return f'<c r="{column_letter(column)}{row}"><v>{as_typed(cell)}</v></c>'
    return text_cell(column, row, as_typed(cell), formats.text)


def _serial(day: date) -> str | None:
    """The number of days by which Excel keeps a date; None before March 1900, where its calendar is wrong."""
    moment = day if isinstance(day, datetime) else datetime.combine(day, time())
    passed = moment.replace(tzinfo=None) - datetime(1899, 12, 30)
    if passed < timedelta(days=61):
        return None
    return repr(passed.days + passed.seconds / 86_400) if passed.seconds else str(passed.days)
