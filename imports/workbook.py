"""EDGE: a file becomes raw rows. The only reader of calamine, and run only in the sandboxed child.

What a file is, is told by its content: schools send XML and HTML named `.xls` every day. Limits are checked before a
parser sees a byte (docs: safety), for parsers abort, hang or fill the memory on files of a few kilobytes.
"""

import codecs
import csv
import io
import re
import zipfile
from dataclasses import replace

from lxml import etree
from lxml import html as lxml_html
from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from imports.findings import Kind
from imports.sheets import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, RawRow, RawSheet, TooLargeError, check_size
from imports.spreadsheetml import BrokenSpreadsheetError, read_spreadsheetml

MAX_ENTRIES = 200
MAX_UNPACKED = 120 * 1024 * 1024
MAX_SHEETS = 200
LONGEST_TEXT = 500
"""Most characters kept of a cell: a million of them would stand in every finding, on the page and in the database."""
LONGEST_NAME = 100
"""Most characters of a sheet's name (Excel takes 31)."""
_PART_BYTES = 4 * 1024 * 1024
"""Most that is read of a small part of a package (workbook.xml, its relations, a manifest)."""


class _RefusedError(Exception):
    """Why a file is not read; becomes the value that `read_workbook` returns."""

    def __init__(self, kind: Kind) -> None:
        super().__init__(kind.value)
        self.kind = kind


def read_workbook(data: bytes) -> tuple[RawSheet, ...] | Kind:
    """The sheets of a file from its bytes, or the kind of refusal. Never raises for what a file can hold."""
    try:
        return tuple(_shortened(sheet) for sheet in _read(data))
    except _RefusedError as refused:
        return refused.kind
    except TooLargeError as large:
        return Kind.FILE_TOO_MANY_ROWS if large.by_rows else Kind.FILE_TOO_MANY_COLUMNS
    except BrokenSpreadsheetError:
        return Kind.FILE_CORRUPT
    except (MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as broken:
        # Parsers in Rust report a panic outside Exception; whatever they stumble over is a broken file.
        if "assword" in str(broken):
            return Kind.FILE_ENCRYPTED
        return Kind.FILE_CORRUPT


def _shortened(sheet: RawSheet) -> RawSheet:
    """The sheet without the rest of texts that no list of students has."""
    for row in sheet.rows:
        try:
            # To join a row of texts is several times quicker than to look at its cells.
            if len("".join(row)) <= LONGEST_TEXT:  # type: ignore[arg-type]
                continue
        except TypeError:
            pass
        for place, cell in enumerate(row):
            if cell.__class__ is str and len(cell) > LONGEST_TEXT:
                row[place] = cell[:LONGEST_TEXT]
    name = sheet.name[:LONGEST_NAME] if sheet.name else sheet.name
    return replace(sheet, name=name, above=tuple(text[:LONGEST_TEXT] for text in sheet.above))


def _read(data: bytes) -> tuple[RawSheet, ...]:
    if len(data) > MAX_BYTES:
        raise _RefusedError(Kind.FILE_TOO_LARGE)
    head = data[:4096]
    if not head.strip(_NOTHING) and not data.strip(_NOTHING):
        raise _RefusedError(Kind.FILE_EMPTY)
    if head.startswith(b"PK"):
        return _read_package(data)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _read_compound(data)
    if _is_foreign(head):
        raise _RefusedError(Kind.FILE_UNSUPPORTED)
    text = _decoded(data)
    opening = text[:4096].lstrip("\ufeff \t\r\n").casefold()
    if "urn:schemas-microsoft-com:office:spreadsheet" in opening and "<workbook" in opening:
        return read_spreadsheetml(text)
    if opening.startswith("<") or re.search(r"<(html|table|tr)\b", opening):
        if not re.search(r"<(html|table|tr|body|!doctype html)\b", text[:65536], re.I):
            raise _RefusedError(Kind.FILE_UNSUPPORTED)
        return _read_html(text)
    return (_read_csv(text),)


_NOTHING = b"\x00\xef\xbb\xbf\xff\xfe \t\r\n"
_FOREIGN = (
    *(b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM"),
    *(b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"{\\rtf", b"MZ", b"\x7fELF", b"MIME-Version:"),
)


def _is_foreign(head: bytes) -> bool:
    """True for files that are no table at all: pictures, PDF, archives, programs, anything else binary."""
    if head.startswith(_FOREIGN):
        return True
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return False
    return b"\x00" in head and _utf16_without_mark(head) is None


def _utf16_without_mark(head: bytes) -> str | None:
    """The byte order of UTF-16 text that has no mark, by where its zero bytes are; None where it is not that."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = max(1, len(head) // 2)
    if odd > 0.7 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.7 * half and odd < 0.1 * half:
        return "utf-16-be"
    return None


def _decoded(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    unmarked = _utf16_without_mark(data[:4096]) if b"\x00" in data[:4096] else None
    if unmarked:
        return data.decode(unmarked, "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Indonesian Windows writes cp1252, where five bytes mean nothing: those are kept as a sign.
        return data.decode("cp1252", "replace")


# --- packages: xlsx, xlsb, ods ---------------------------------------------------------------------------------------


def _read_package(data: bytes) -> tuple[RawSheet, ...]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise _RefusedError(Kind.FILE_CORRUPT) from None
    with archive:
        entries = archive.infolist()
        if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
            raise _RefusedError(Kind.FILE_TOO_LARGE)
        if any(entry.flag_bits & 0x1 for entry in entries):
            raise _RefusedError(Kind.FILE_ENCRYPTED)
        names = {entry.filename.casefold().lstrip("/") for entry in entries}
        if any(name.rsplit("/", 1)[-1] == "vbaproject.bin" for name in names):
            raise _RefusedError(Kind.FILE_HAS_MACROS)
        if "xl/workbook.xml" in names:
            if b"macroEnabled" in _part(archive, "[Content_Types].xml"):
                raise _RefusedError(Kind.FILE_HAS_MACROS)
            hidden = _hidden_in_xlsx(archive)
        elif "xl/workbook.bin" in names:
            hidden = {}
        elif b"opendocument.spreadsheet" in (said := _part(archive, "mimetype")) or "content.xml" in names:
            if b"encryption-data" in _part(archive, "META-INF/manifest.xml"):
                raise _RefusedError(Kind.FILE_ENCRYPTED)
            if b"opendocument" in said and b"spreadsheet" not in said:
                raise _RefusedError(Kind.FILE_UNSUPPORTED)
            hidden = {}
        else:
            raise _RefusedError(Kind.FILE_UNSUPPORTED)
    return _read_with_calamine(data, hidden)


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    """The beginning of a part of a package, bounded; b'' where there is none."""
    wanted = name.casefold()
    for entry in archive.infolist():
        if entry.filename.casefold().lstrip("/") == wanted:
            with archive.open(entry) as part:
                return part.read(_PART_BYTES)
    return b""


_SAFE_XML = etree.XMLParser(
    resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, recover=True
)
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\b[^<>]*\bhidden=[\"'](?:1|true)[\"']")
_HIDDEN_COLUMN = re.compile(rb"<(?:\w+:)?col\b[^<>]*\bhidden=[\"'](?:1|true)[\"'][^<>]*>")
_MIN_MAX = re.compile(rb"\b(min|max)=[\"'](\d{1,5})[\"']")


def _hidden_in_xlsx(archive: zipfile.ZipFile) -> dict[str, tuple[int, int]]:
    """How many rows and columns are hidden, by sheet name. Reads the sheets once, in pieces, without parsing them."""
    targets: dict[str, str] = {}
    relations = etree.fromstring(_part(archive, "xl/_rels/workbook.xml.rels") or b"<none/>", _SAFE_XML)
    for relation in relations if relations is not None else ():
        target = (relation.get("Target") or "").lstrip("/")
        targets[relation.get("Id") or ""] = target if target.startswith("xl/") else f"xl/{target}"
    by_name = {entry.filename.casefold().lstrip("/"): entry for entry in archive.infolist()}
    book = etree.fromstring(_part(archive, "xl/workbook.xml") or b"<none/>", _SAFE_XML)
    sheets = list(book.iter("{*}sheet")) if book is not None else []
    _check_sheets(len(sheets))
    found: dict[str, tuple[int, int]] = {}
    for sheet in sheets:
        identifier = next((str(value) for key, value in sheet.attrib.items() if str(key).endswith("}id")), "")
        entry = by_name.get(targets.get(identifier, "").casefold())
        if entry is not None:
            found[sheet.get("name") or ""] = _hidden_in_sheet(archive, entry)
    return found


def _check_sheets(count: int) -> None:
    if count > MAX_SHEETS:
        raise _RefusedError(Kind.FILE_TOO_LARGE)


def _hidden_in_sheet(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> tuple[int, int]:
    if not _mentions_hidden(archive, entry):
        return 0, 0
    rows = columns = 0
    carry = b""
    with archive.open(entry) as part:
        while piece := part.read(1024 * 1024):
            text = carry + piece
            # A tag may straddle two pieces: what follows the last "<" waits for the next one.
            cut = text.rfind(b"<")
            text, carry = (text[:cut], text[cut:][:4096]) if cut > 0 else (text, b"")
            rows += len(_HIDDEN_ROW.findall(text))
            for tag in _HIDDEN_COLUMN.findall(text):
                bounds = {key: int(value) for key, value in _MIN_MAX.findall(tag)}
                columns += max(0, min(bounds.get(b"max", 0), MAX_COLUMNS) - bounds.get(b"min", 1) + 1)
    return rows, columns


def _mentions_hidden(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    """Most sheets hide nothing, and to know that much no tag need be looked at.

    Raises TooLargeError where the last value stands below the last row that is read: the parser would lay out
    everything above it, which for a broad list is more memory than there is.
    """
    tail = b""
    mentions = False
    with archive.open(entry) as part:
        while piece := part.read(1024 * 1024):
            mentions = mentions or b" hidden=" in piece or b" hidden=" in tail[-8:] + piece[:8]
            tail = piece if len(piece) >= _TAIL_BYTES else (tail + piece)[-_TAIL_BYTES:]
    check_size(_row_of_last_value(tail[-_TAIL_BYTES:]), 0)
    return mentions


_TAIL_BYTES = 64 * 1024
_ROW_NUMBER = re.compile(rb"<(?:\w+:)?row\b[^<>]*?\br=[\"'](\d{1,9})[\"']")


def _row_of_last_value(tail: bytes) -> int:
    """The row in which the last value at the end of a sheet stands; 0 where that cannot be seen. A row that only looks
    like something (a colour, a border) has no value."""
    value = max(tail.rfind(b"</v>"), tail.rfind(b"<is>"), 0)
    above = list(_ROW_NUMBER.finditer(tail, 0, value))
    return int(above[-1][1]) if above else 0


def _read_with_calamine(data: bytes, hidden: dict[str, tuple[int, int]]) -> tuple[RawSheet, ...]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    sheets: list[RawSheet] = []
    total = 0
    _check_sheets(len(book.sheets_metadata))
    for place, about in enumerate(book.sheets_metadata):
        if about.typ is not SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_index(place)
        total += sheet.total_height
        check_size(total, sheet.total_width)
        rows: list[RawRow] = [*sheet.to_python(skip_empty_area=False)]  # type: ignore[list-item]
        hidden_rows, hidden_columns = hidden.get(about.name, (0, 0))
        sheets.append(
            RawSheet(
                about.name,
                rows,
                hidden=about.visible is not SheetVisibleEnum.Visible,
                hidden_rows=hidden_rows,
                hidden_columns=hidden_columns,
            )
        )
    return tuple(sheets)


# --- compound files: xls of Excel 97, and everything encrypted by Excel ----------------------------------------------


def _read_compound(data: bytes) -> tuple[RawSheet, ...]:
    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if has("EncryptedPackage") or has("EncryptionInfo"):
        raise _RefusedError(Kind.FILE_ENCRYPTED)
    if not (has("Workbook") or has("Book")):
        raise _RefusedError(Kind.FILE_UNSUPPORTED)
    if has("_VBA_PROJECT_CUR"):
        raise _RefusedError(Kind.FILE_HAS_MACROS)
    return _read_with_calamine(data, {})


# --- HTML saved as .xls ----------------------------------------------------------------------------------------------


def _read_html(text: str) -> tuple[RawSheet, ...]:
    if re.search(r"<table\b", text, re.I) and not re.search(r"</table\s*>", text, re.I):
        raise _RefusedError(Kind.FILE_CORRUPT)
    parser = lxml_html.HTMLParser(encoding="utf-8", recover=True, no_network=True, huge_tree=False)
    page = lxml_html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    sheets: list[RawSheet] = []
    above: list[str] = []
    for element in page.iter("h1", "h2", "h3", "h4", "h5", "h6", "p", "caption", "title", "table"):
        if element.tag != "table":
            if not any(True for _ in element.iterancestors("table")) or element.tag == "caption":
                words = _words_of(element)
                if words:
                    above.append(words[:300])
            continue
        if any(True for _ in element.iterancestors("table")):
            continue
        captions = [_words_of(caption) for caption in element.iterchildren("caption")]
        rows = _html_rows(element)
        sheets.append(RawSheet(f"table{len(sheets) + 1}", rows, typed=False, above=(*above, *captions)))
        above = []
    return tuple(sheets)


def _html_rows(table: "lxml_html.HtmlElement") -> list[RawRow]:
    """The rows of a table with merged cells laid out as Excel would: the text in the first, the rest empty."""
    rows: list[RawRow] = []
    below: dict[int, int] = {}
    for line in table.iter("tr"):
        if next(line.iterancestors("table"), None) is not table:
            continue
        row: RawRow = []
        below = {column: left - 1 for column, left in below.items() if left > 1}
        reserved = dict(below)
        for cell in line.iterchildren("td", "th"):
            while len(row) in reserved:
                row.append("")
            text = re.sub(r"[ \t\r\n]+", " ", "".join(cell.itertext())).strip(" ")
            across = _span(cell.get("colspan"))
            for column in range(len(row), len(row) + across):
                down = _span(cell.get("rowspan"))
                if down > 1:
                    below[column] = down
            row.append(text)
            row.extend([""] * (across - 1))
            check_size(0, len(row))
        rows.append(row)
        check_size(len(rows), 0)
    return rows


def _words_of(element: "etree._Element") -> str:
    return " ".join("".join(str(piece) for piece in element.itertext()).split())


def _span(written: str | None) -> int:
    return min(int(written), MAX_COLUMNS) if written and written.isdigit() and int(written) > 0 else 1


# --- CSV -------------------------------------------------------------------------------------------------------------

_DELIMITERS = (";", ",", "\t", "|")


def _read_csv(text: str) -> RawSheet:
    """Records of a CSV; the delimiter is the one that yields the most columns most evenly over the first records."""
    csv.field_size_limit(1024 * 1024)
    declared = re.match(r"sep=(.)\r?\n", text, re.I)
    delimiter = declared.group(1) if declared else _delimiter(text)
    rows: list[RawRow] = []
    for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        rows.append(record)  # type: ignore[arg-type]
        if len(rows) > MAX_ROWS or len(record) > MAX_COLUMNS:
            check_size(len(rows), len(record))
    if declared:
        rows[0] = []
    return RawSheet(None, rows, typed=False)


def _delimiter(text: str) -> str:
    best, best_score = ",", 0.0
    start = text[:65536]
    for delimiter in _DELIMITERS:
        widths: list[int] = []
        for record in csv.reader(io.StringIO(start, newline=""), delimiter=delimiter):
            if any(record):
                widths.append(len(record))
            if len(widths) >= 40:
                break
        if not widths:
            continue
        usual = max(set(widths), key=lambda width: (widths.count(width), width))
        score = (usual - 1) * widths.count(usual) / len(widths)
        if score > best_score:
            best, best_score = delimiter, score
    return best
