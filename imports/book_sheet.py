"""Rule: the XML of one worksheet with some cells coloured and a door to its notes; every other byte as it was.

Worksheets of 20,000 rows have 50 MB of XML, so they are not parsed: only the tags of the rows concerned are looked
at. That is right as long as a `<` opens a tag, which is so where the part holds no comment, CDATA or DOCTYPE (`<!`):
`imports/book_package.py` sees to that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from imports.columns import column_letter

StyleFor = Callable[[int, bool | None], int]
"""The number of a cell format like the given one, but red (True), amber (False) or without our colour (None)."""

_QUOTED = rb"(?:[^<>\"']|\"[^\"]*\"|'[^']*')*"
_R = re.compile(rb"(?<=\s)r\s*=\s*[\"']([A-Z]*)(\d+)[\"']")
_S = re.compile(rb"(?<=\s)s\s*=\s*[\"'](\d+)[\"']")
_SPANS = re.compile(rb"\sspans\s*=\s*[\"'][^\"']*[\"']")
_SELECTED = re.compile(rb"(<(?:\w+:)?sheetView\b[^>]*?)\s+tabSelected\s*=\s*[\"'][^\"']*[\"']")
_COL = re.compile(rb"<(?:\w+:)?col(?=\s)" + _QUOTED + rb">")
_ATTRIBUTE = re.compile(rb"([\w:]+)\s*=\s*[\"'](\d+)[\"']")
_SHEET_DATA = re.compile(rb"<((?:\w+:)?)sheetData(?=[\s/>])[^>]*>")
_ANY_TAG = re.compile(rb"<(/?)((?:[\w.-]+:)?)([\w.-]+)(" + _QUOTED + rb")>")
# what stands after legacyDrawing in a worksheet (ECMA-376 part 1, CT_Worksheet)
_AFTER_LEGACY = frozenset(
    b"legacyDrawingHF drawingHF picture oleObjects controls webPublishItems tableParts extLst AlternateContent".split()
)


class NoSheetData(Exception):
    """The part is no worksheet that can be marked."""


class Shell(NamedTuple):
    """A worksheet around its rows. `prefix` is what its tags begin with, mostly nothing."""

    head: bytes
    body: bytes
    tail: bytes
    prefix: bytes


def shell_of(xml: bytes) -> Shell:
    """The parts of a worksheet: up to the rows, the rows, and the rest. Raises NoSheetData."""
    opened = _SHEET_DATA.search(xml)
    if opened is None:
        raise NoSheetData
    prefix = opened.group(1)
    if opened.group().endswith(b"/>"):
        return Shell(xml[: opened.start()], b"", xml[opened.end() :], prefix)
    closing = xml.rfind(b"</" + prefix + b"sheetData")
    if closing < 0:
        raise NoSheetData
    end = xml.index(b">", closing) + 1
    return Shell(xml[: opened.start()], xml[opened.end() : closing], xml[end:], prefix)


def joined(shell: Shell, body: bytes, tail: bytes) -> bytes:
    """The worksheet with other rows and another rest."""
    p = shell.prefix
    return b"".join((shell.head, b"<", p, b"sheetData>", body, b"</", p, b"sheetData>", tail))


def unselected(xml: bytes) -> bytes:
    """The worksheet as one that is not open in front: with two of them an edit would go into both."""
    data = _SHEET_DATA.search(xml)
    end = data.start() if data else len(xml)
    head = _SELECTED.sub(rb"\1", xml[:end])
    return xml if len(head) == end else head + xml[end:]


def coloured(
    shell: Shell, marks: Mapping[tuple[int, int], bool], ours: frozenset[int], style: StyleFor
) -> bytes:
    """The rows with the marked cells coloured.

    `marks` says of (row from 1, column from 0) whether it is grave. A cell whose format is among `ours` was marked
    in an earlier book: unless it is marked again it gets its own colour back.
    """
    rows: dict[int, dict[int, bool]] = {}
    for (row, column), is_grave in marks.items():
        rows.setdefault(row, {})[column] = is_grave
    if not rows and not ours:
        return shell.body
    painter = _Painter(shell, ours, style)
    return painter.painted(rows)


class _Painter:
    def __init__(self, shell: Shell, ours: frozenset[int], style: StyleFor) -> None:
        p = re.escape(shell.prefix)
        self._body = shell.body
        self._prefix = shell.prefix
        self._row = re.compile(rb"<" + p + rb"row(?=[\s/>])([^>]*)>")
        self._cell = re.compile(rb"<" + p + rb"c(?=[\s/>])([^>]*)>")
        self._ours = ours
        numbers = b"|".join(b"%d" % style for style in sorted(ours))
        self._our_cell = re.compile(
            rb"<" + p + rb"c(?=\s)([^>]*?\ss\s*=\s*[\"'](?:" + (numbers or rb"(?!)") + rb")[\"'][^>]*)>"
        )
        self._style = style
        self._columns = _column_styles(shell.head)

    def painted(self, rows: Mapping[int, Mapping[int, bool]]) -> bytes:
        body, closing = self._body, b"</" + self._prefix + b"row"
        pieces: list[bytes] = []
        done = number = 0
        for tag in self._row.finditer(body):
            placed = _R.search(tag.group(1))
            number = int(placed.group(2)) if placed else number + 1
            marked = rows.get(number)
            if marked is None and not self._ours:
                continue
            if tag.group(1).endswith(b"/"):
                opened, inside, end = b"<" + self._prefix + b"row" + tag.group(1)[:-1] + b">", b"", tag.end()
                ending = closing + b">"
            else:
                close = body.find(closing, tag.end())
                if close < 0:
                    raise NoSheetData
                opened, inside, end, ending = tag.group(), body[tag.end() : close], close, b""
            painted, is_wider = self._painted_row(opened, inside, number, marked or {})
            if not painted and not inside:
                continue
            pieces += (
                body[done : tag.start()],
                _SPANS.sub(b"", opened) if is_wider else opened,
                painted,
                ending,
            )
            done = end
        pieces.append(body[done:])
        return b"".join(pieces)

    def _painted_row(
        self, opened: bytes, inside: bytes, number: int, marked: Mapping[int, bool]
    ) -> tuple[bytes, bool]:
        """The cells of a row, and whether some were added."""
        quick = self._quickly_painted(inside, number, marked)
        if quick is not None:
            return quick, False
        left = dict(marked)
        pieces: list[bytes] = []
        done, column, is_wider = 0, -1, False
        for tag in self._cell.finditer(inside):
            placed = _R.search(tag.group(1))
            column = column_index(placed.group(1)) if placed else column + 1
            for missing in sorted(each for each in left if each < column):
                pieces += (
                    inside[done : tag.start()],
                    self._new_cell(opened, number, missing, left.pop(missing)),
                )
                done, is_wider = tag.start(), True
            written = _S.search(tag.group(1))
            now = int(written.group(1)) if written else 0
            if column in left:
                then = self._style(now, left.pop(column))
            elif now in self._ours:
                then = self._style(now, None)
            else:
                continue
            pieces += (inside[done : tag.start()], _restyled(tag, then))
            done = tag.end()
        pieces.append(inside[done:])
        for missing in sorted(left):
            pieces.append(self._new_cell(opened, number, missing, left[missing]))
            is_wider = True
        return b"".join(pieces), is_wider

    def _quickly_painted(self, inside: bytes, number: int, marked: Mapping[int, bool]) -> bytes | None:
        """The cells of a row where each marked one is there and says its place; None where one is not."""
        places: dict[int, tuple[re.Match[bytes], bool | None]] = {}
        if self._ours:
            places = {tag.start(): (tag, None) for tag in self._our_cell.finditer(inside)}
        for column, is_grave in marked.items():
            at = inside.find(b'r="%b%d"' % (column_letter(column).encode(), number))
            tag = self._cell.match(inside, inside.rfind(b"<", 0, at)) if at > 0 else None
            if tag is None or tag.end() < at:
                return None
            places[tag.start()] = (tag, is_grave)
        pieces: list[bytes] = []
        done = 0
        for start, (tag, colour) in sorted(places.items()):
            written = _S.search(tag.group(1))
            style = self._style(int(written.group(1)) if written else 0, colour)
            pieces += (inside[done:start], _restyled(tag, style))
            done = tag.end()
        pieces.append(inside[done:])
        return b"".join(pieces)

    def _new_cell(self, opened: bytes, row: int, column: int, is_grave: bool) -> bytes:
        own = _S.search(opened)
        base = int(own.group(1)) if own else self._columns.get(column, 0)
        reference = f"{column_letter(column)}{row}".encode()
        return b'<%bc r="%b" s="%d"/>' % (self._prefix, reference, self._style(base, is_grave))


def _restyled(tag: re.Match[bytes], style: int) -> bytes:
    """The tag of a cell with another format, its other attributes as they were."""
    text = tag.group()
    written = _S.search(tag.group(1))
    before = tag.start(1) - tag.start()
    if written is not None:
        start, end = written.span(1)
        return text[: before + start] + b"%d" % style + text[before + end :]
    placed = _R.search(tag.group(1))
    at = before + (placed.end() if placed else 0)
    return text[:at] + b' s="%d"' % style + text[at:]


def _column_styles(head: bytes) -> dict[int, int]:
    """The formats that whole columns have, by column from 0."""
    found: dict[int, int] = {}
    for tag in _COL.finditer(head):
        told = {name: int(value) for name, value in _ATTRIBUTE.findall(tag.group())}
        if b"style" in told:
            first, last = told.get(b"min", 1), min(told.get(b"max", 1), 16_384)
            found.update((column, told[b"style"]) for column in range(first - 1, last))
    return found


def column_index(letters: bytes) -> int:
    """The number from 0 of a column's letters: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def legacy_drawing_id(tail: bytes) -> str | None:
    """The relation by which a worksheet names the shapes of its notes and buttons; None where it has none."""
    for start, end, name in _top_level(tail):
        if name == b"legacyDrawing":
            told = re.search(rb"[\w.-]+:id\s*=\s*[\"']([^\"']+)[\"']", tail[start:end])
            return told.group(1).decode() if told else None
    return None


def with_legacy_drawing(shell: Shell, tail: bytes, relation: str, namespace: str) -> bytes:
    """The rest of a worksheet with a legacyDrawing in its place among its siblings."""
    at = tail.rfind(b"</")
    for start, _, name in _top_level(tail):
        if name in _AFTER_LEGACY:
            at = start
            break
    bound = re.search(rb"xmlns:([\w.-]+)\s*=\s*[\"']" + re.escape(namespace.encode()) + rb"[\"']", shell.head)
    prefix = bound.group(1) if bound else b"r"
    declared = b"" if bound else b' xmlns:r="%b"' % namespace.encode()
    element = b'<%blegacyDrawing%b %b:id="%b"/>' % (shell.prefix, declared, prefix, relation.encode())
    return tail[:at] + element + tail[at:]


def _top_level(tail: bytes) -> list[tuple[int, int, bytes]]:
    """Where each element directly in the worksheet begins, where its first tag ends, and its name."""
    found = []
    depth = 0
    for tag in _ANY_TAG.finditer(tail):
        closing, _, name, written = tag.groups()
        if closing:
            depth -= 1
            continue
        if depth == 0:
            found.append((tag.start(), tag.end(), name))
        if not written.endswith(b"/"):
            depth += 1
    return found
