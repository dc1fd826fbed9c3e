"""EDGE: a school's own file, marked: bad cells coloured, with notes, and a first sheet that lists them.

Runs in the sandboxed child. An .xlsx is changed in its zip, and only where it must: everything else stays byte for
byte. Any other kind of file is first written anew as an .xlsx. Whether a file was marked before is seen by our colours,
our notes and a hidden name; those are taken off first, so that a file sent again shows what is wrong now.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import BinaryIO

from lxml import etree

from imports.book_marks import BookOrder, Fault, order_of
from imports.book_notes import Notes
from imports.book_package import OddPackage, Package, take_out
from imports.book_pages import (
    LIST_TITLE,
    MAIN,
    NewFormats,
    escaped,
    free_title,
    list_page,
    new_page,
    reason_of,
)
from imports.book_sheet import NoSheetData, coloured, column_index, joined, shell_of, unselected
from imports.book_styles import Styles, new_styles
from imports.columns import Field, column_letter
from imports.findings import Kind
from imports.layout import find_table
from imports.sheets import MAX_BYTES, Progress, RawSheet
from imports.values import is_blank
from imports.workbook import read_workbook

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LIST_NAME = "perekaman_daftar_perbaikan"
"""A hidden name in the book that leads to our list, whatever its sheet is called by now."""
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_LENGTH = 8  # bytes that tell how long the order is


class NotReadable(Exception):
    """What is no list any more cannot be marked; the caller hears that the child failed."""


def order_and_file(order: str, file: bytes) -> bytes:
    """What the child is handed: the order, then the file. See `marked_in_child`."""
    told = order.encode()
    return len(told).to_bytes(_LENGTH, "big") + told + file


def marked_in_child(file: BinaryIO, progress: Progress) -> bytes:
    """What the child runs: the marked workbook. Raises NotReadable."""
    order = order_of(file.read(int.from_bytes(file.read(_LENGTH), "big")).decode())
    progress("marking", 0, 1)
    return marked_book(file.read(MAX_BYTES + 1), order)


def marked_book(data: bytes, order: BookOrder) -> bytes:
    """The file with its faults marked, always as an .xlsx. Raises NotReadable for what holds no sheets."""
    if data.startswith(b"PK"):
        try:
            return _Book(data, order).marked()
        except (
            OddPackage,
            NoSheetData,
            zipfile.BadZipFile,
            ValueError,
            KeyError,
            EOFError,
            NotImplementedError,
        ):
            pass  # a workbook built so oddly is written anew from what was read of it
    sheets = read_workbook(data)
    if isinstance(sheets, Kind):
        raise NotReadable(sheets.value)
    book, order = _written_anew(sheets, order)
    return _Book(book, order).marked()


def _written_anew(sheets: Sequence[RawSheet], order: BookOrder) -> tuple[bytes, BookOrder]:
    """A plain .xlsx of the sheets, and the order as it is for that."""
    titles: list[str] = []
    for sheet in sheets:
        titles.append(free_title(sheet.name or "Data", titles))
    moved: dict[str | None, tuple[str, int]] = {}
    for sheet, title in zip(sheets, titles, strict=True):
        moved.setdefault(sheet.name, (title, len(sheet.above)))
    faults = tuple(_moved(fault, moved) for fault in order.faults)
    formats = NewFormats(text=1, day=2, moment=3)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        numbers = range(1, len(sheets) + 1)
        kinds = "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
            for n in numbers
        )
        archive.writestr(
            "[Content_Types].xml",
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>{kinds}</Types>',
        )
        listed = "".join(
            f'<sheet name="{escaped(title)}" sheetId="{n}" '
            f'state="{"hidden" if sheet.hidden else "visible"}" r:id="rId{n}"/>'
            for n, title, sheet in zip(numbers, titles, sheets, strict=True)
        )
        archive.writestr("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")]))
        archive.writestr(
            "xl/workbook.xml",
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><bookViews><workbookView/></bookViews>'
            f"<sheets>{listed}</sheets></workbook>",
        )
        leads = [("worksheet", f"worksheets/sheet{n}.xml") for n in numbers]
        archive.writestr("xl/_rels/workbook.xml.rels", _relations([*leads, ("styles", "styles.xml")]))
        archive.writestr("xl/styles.xml", new_styles(MAIN))
        for n, sheet in zip(numbers, sheets, strict=True):
            archive.writestr(f"xl/worksheets/sheet{n}.xml", new_page(sheet, formats))
    return made.getvalue(), replace(order, faults=faults, above=(*order.above, order.labels["converted"]))


def _moved(fault: Fault, to: Mapping[str | None, tuple[str, int]]) -> Fault:
    if fault.sheet not in to:
        return fault
    title, down = to[fault.sheet]
    moved = fault._replace(sheet=title, row=fault.row + down)
    if fault.earlier_row is not None and fault.earlier_sheet in to:
        earlier, further = to[fault.earlier_sheet]
        moved = moved._replace(earlier_sheet=earlier, earlier_row=fault.earlier_row + further)
    return moved


def _relations(leads: Sequence[tuple[str, str]]) -> str:
    each = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(leads, 1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{each}</Relationships>'
    )


class _Book:
    """An .xlsx being marked."""

    def __init__(self, data: bytes, order: BookOrder) -> None:
        self._data = data
        self._order = order
        self._package = Package(data)
        roots = self._package.relations("").values()
        self._part = next((target for kind, target in roots if kind == "officeDocument"), "xl/workbook.xml")
        self._root = self._package.tree(self._part)
        self._main = str(etree.QName(self._root).namespace)
        self._tag = f"{{{self._main}}}"
        self._sheets = self._named("sheets")
        is_strict = self._main != MAIN
        self._kinds = "http://purl.oclc.org/ooxml/officeDocument/relationships" if is_strict else OFFICE
        leads = self._package.relations(self._part)
        self._styles_part = next((target for kind, target in leads.values() if kind == "styles"), "")
        if not self._styles_part:
            self._styles_part = self._package.free("xl/styles%d.xml")
            self._package.write(self._styles_part, new_styles(self._main))
            self._package.relate(self._part, f"{self._kinds}/styles", self._styles_part)
            self._package.say_type(self._styles_part, f"{_TYPE}.styles+xml")
        self._styles = Styles(self._package.tree(self._styles_part))

    def _named(self, name: str) -> etree._Element:
        found = self._root.find(f"{self._tag}{name}")
        if found is None:
            raise OddPackage(f"no {name}")
        return found

    def marked(self) -> bytes:
        """The whole workbook."""
        self._take_list_off()
        parts = self._worksheets()
        order = self._with_places()
        ours = self._styles.ours
        notes = Notes(self._package, list(parts.values()), self._kinds, self._main)
        for name, part in parts.items():
            self._mark(name, part, [fault for fault in order.faults if fault.sheet == name], ours, notes)
        self._put_list_first(order, list(parts))
        self._package.write_tree(self._styles_part, self._styles.root)
        self._package.write_tree(self._part, self._root)
        self._package.say_type(self._part, f"{_TYPE}.sheet.main+xml")
        return self._package.packed()

    def _worksheets(self) -> dict[str, str]:
        """The worksheets of the book by name, in order; charts that have a sheet of their own are none."""
        leads = self._package.relations(self._part)
        found: dict[str, str] = {}
        for sheet in self._sheets:
            kind, target = leads.get(self._lead_of(sheet), ("", ""))
            if kind == "worksheet" and self._package.name_of(target):
                found.setdefault(sheet.get("name") or "", target)
        return found

    def _lead_of(self, sheet: etree._Element) -> str:
        return next((str(value) for key, value in sheet.attrib.items() if str(key).endswith("}id")), "")

    def _with_places(self) -> BookOrder:
        """The order with a cell for what was found of whole rows: that of the name, else the first that is filled."""
        if all(fault.column for fault in self._order.faults):
            return self._order
        sheets = read_workbook(self._data)
        found = {sheet.name: sheet for sheet in sheets} if not isinstance(sheets, Kind) else {}
        named: dict[str | None, int | None] = {}
        for name in {fault.sheet for fault in self._order.faults if not fault.column}:
            sheet = found.get(name)
            table = find_table(sheet.rows) if sheet else None
            column = table.column(Field.NAME) if table else None
            named[name] = column.index if column else None
        faults = tuple(
            fault
            if fault.column
            else fault._replace(column=_place_of(fault, found.get(fault.sheet), named[fault.sheet]))
            for fault in self._order.faults
        )
        return replace(self._order, faults=faults)

    def _mark(
        self, name: str, part: str, faults: Sequence[Fault], ours: frozenset[int], notes: Notes
    ) -> None:
        had_notes = notes.are_in(part)
        if not faults and not ours and not had_notes:
            xml = self._package.read(part)
            if b"tabSelected" in xml[:8192]:
                self._package.write(part, unselected(xml))
            return
        marks: dict[tuple[int, int], bool] = {}
        told: dict[tuple[int, int], list[Fault]] = {}
        for fault in faults:
            place = (fault.row, column_index((fault.column or "A").encode()))
            marks[place] = marks.get(place, False) or fault.is_grave
            told.setdefault(place, []).append(fault)
        shell = shell_of(unselected(self._package.text(part)))
        body = coloured(shell, marks, ours, self._styles.like)
        tail = shell.tail
        if faults or had_notes:
            titles: dict[str | None, str] = {
                sheet.get("name"): sheet.get("name") or "" for sheet in self._sheets
            }
            words = {place: self._note(here, titles) for place, here in told.items()}
            tail = notes.add(part, shell, words)
        self._package.write(part, joined(shell, body, tail))

    def _note(self, faults: Sequence[Fault], titles: Mapping[str | None, str]) -> tuple[str, str]:
        labels = self._order.labels
        lines = [
            " ".join(
                filter(None, (reason_of(self._order, fault, titles), self._order.remedies.get(fault.code)))
            )
            for fault in faults
        ]
        heading = labels["grave"] if any(fault.is_grave for fault in faults) else labels["mild"]
        return heading, "\n".join(dict.fromkeys(lines))

    # ------------------------------------------------------------------ the list

    def _put_list_first(self, order: BookOrder, names: Sequence[str]) -> None:
        title = free_title(LIST_TITLE, [sheet.get("name") or "" for sheet in self._sheets])
        part = self._package.free("xl/worksheets/sheet%d.xml")
        titles: dict[str | None, str] = {name: name for name in names}
        self._package.write(part, list_page(order, titles, self._styles.of_list(), self._main))
        self._package.say_type(part, f"{_TYPE}.worksheet+xml")
        lead = self._package.relate(self._part, f"{self._kinds}/worksheet", part)
        number = 1 + max((int(sheet.get("sheetId") or 0) for sheet in self._sheets), default=0)
        sheet = self._sheets.makeelement(
            f"{self._tag}sheet", {"name": title, "sheetId": str(number), f"{{{self._kinds}}}id": lead}
        )
        self._sheets.insert(0, sheet)
        self._renumber({old: old + 1 for old in range(len(self._sheets))})
        for view in self._root.iter(f"{self._tag}workbookView"):
            view.set("activeTab", "0")
            if "firstSheet" in view.attrib:
                del view.attrib["firstSheet"]
        names_of_book = self._defined_names()
        entry = etree.SubElement(names_of_book, f"{self._tag}definedName", {"name": LIST_NAME, "hidden": "1"})
        entry.text = f"'{title}'!$A$1"

    def _defined_names(self) -> etree._Element:
        found = self._root.find(f"{self._tag}definedNames")
        if found is None:
            found = self._root.makeelement(f"{self._tag}definedNames")
            before = ("sheets", "functionGroups", "externalReferences")
            places = [
                index for index, child in enumerate(self._root) if etree.QName(child).localname in before
            ]
            self._root.insert(places[-1] + 1, found)
        return found

    def _renumber(self, to: Mapping[int, int]) -> None:
        """Names that belong to one sheet say its place in the book."""
        for entry in list(self._root.iter(f"{self._tag}definedName")):
            place = entry.get("localSheetId")
            if place is None or not place.isdigit():
                continue
            if int(place) in to:
                entry.set("localSheetId", str(to[int(place)]))
            else:
                take_out(entry)

    def _take_list_off(self) -> None:
        """Remove the list of an earlier book, if the file was marked before."""
        for entry in list(self._root.iter(f"{self._tag}definedName")):
            if entry.get("name") != LIST_NAME:
                continue
            take_out(entry)
            led = re.fullmatch(r"'?(.*?)'?!\$A\$1", entry.text or "")
            for place, sheet in enumerate(list(self._sheets)):
                if (
                    led is None
                    or sheet.get("name") != led.group(1).replace("''", "'")
                    or len(self._sheets) < 2
                ):
                    continue
                lead = self._lead_of(sheet)
                _, part = self._package.relations(self._part).get(lead, ("", ""))
                count = len(self._sheets)
                self._sheets.remove(sheet)
                self._package.unrelate(self._part, lead)
                self._package.remove(part)
                self._renumber({old: old - (old > place) for old in range(count) if old != place})
        names = self._root.find(f"{self._tag}definedNames")
        if names is not None and not len(names):
            self._root.remove(names)


def _place_of(fault: Fault, sheet: RawSheet | None, named: int | None) -> str:
    if named is not None:
        return column_letter(named)
    row = sheet.rows[fault.row - 1] if sheet and 0 < fault.row <= len(sheet.rows) else []
    return column_letter(next((index for index, cell in enumerate(row) if not is_blank(cell)), 0))
