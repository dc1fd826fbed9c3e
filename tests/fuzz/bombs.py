"""Files made to do harm: each a few kilobytes to a few megabytes, each with what must become of it where that is sure.

After docs: safety. A workbook unfolds to gigabytes, claims a billion rows, points at itself, names a file elsewhere,
nests a hundred thousand deep, or makes a regular expression think for ever.
"""

from __future__ import annotations

import gzip
import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fuzz.mutations import HEAD, ROSTERS, STUDENTS, parts, xlsx, zipped
from imports.findings import Kind
from imports.sheets import Cell

MIB = 1024 * 1024
WAITING = "waiting"
"""The file is a roster all the same: it ends before the person who reviews it."""


@dataclass(frozen=True, slots=True)
class Bomb:
    """A made file: what it is, how to make it, the name it is sent under, and how it must end (None: any refusal or a
    review)."""

    name: str
    make: Callable[[], bytes]
    ends: Kind | str | None = None
    file_name: str = "daftar.xlsx"


# --- pieces ----------------------------------------------------------------------------------------------------------

_TYPES = (
    b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
    b'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
    b'ContentType="application/xml"/></Types>'
)
_OFFICE = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = b"http://schemas.openxmlformats.org/package/2006/relationships"
_XML_BOOK = (
    b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
    b'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="A"><Table>%s</Table></Worksheet>'
    b"</Workbook>"
)


def _cells(cells: Sequence[object], row: int) -> bytes:
    written = "".join(
        f'<c r="{chr(65 + place)}{row}" t="inlineStr"><is><t>{cell}</t></is></c>'
        for place, cell in enumerate(cells)
    )
    return f'<row r="{row}">{written}</row>'.encode()


_LIST = b"".join(_cells(row, number) for number, row in enumerate((HEAD, *STUDENTS), 1))
"""The rows of a sound little roster."""


def _package(
    sheet: bytes = b"<sheetData>" + _LIST + b"</sheetData>",
    before: bytes = b"",
    book: bytes = b"",
    relations: bytes = b"",
    **others: bytes,
) -> list[tuple[str, bytes]]:
    """The parts of a workbook of one sheet; `before` stands before the sheet's root."""
    one = b'<Relationship Id="r1" Type="%s/worksheet" Target="worksheets/sheet1.xml"/>' % _OFFICE
    one += b'<Relationship Id="r2" Type="%s/sharedStrings" Target="sharedStrings.xml"/>' % _OFFICE
    return [
        ("[Content_Types].xml", _TYPES),
        (
            "_rels/.rels",
            b'<Relationships xmlns="%s"><Relationship Id="r" Type="%s/officeDocument" Target="xl/workbook.xml"/>'
            b"</Relationships>" % (_PACKAGE, _OFFICE),
        ),
        (
            "xl/workbook.xml",
            book
            or b'<workbook xmlns="%s" xmlns:r="%s"><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>'
            % (_MAIN, _OFFICE),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            relations or b'<Relationships xmlns="%s">%s</Relationships>' % (_PACKAGE, one),
        ),
        ("xl/worksheets/sheet1.xml", before + b'<worksheet xmlns="%s">%s</worksheet>' % (_MAIN, sheet)),
        *((name.replace("__", "/").replace("_xml", ".xml"), content) for name, content in others.items()),
    ]


def _book(sheet: bytes = b"<sheetData>" + _LIST + b"</sheetData>", **given: bytes) -> bytes:
    return zipped(_package(sheet, **given))


def _with_rows(rows: bytes) -> bytes:
    return _book(b"<sheetData>" + _LIST + rows + b"</sheetData>")


def _sheet_data(content: bytes) -> bytes:
    return _book(b"<sheetData>" + content + b"</sheetData>")


def _with_shared(strings: bytes, cell: bytes = b'<row r="5"><c r="B5" t="s"><v>0</v></c></row>') -> bytes:
    content = b'<sst xmlns="%s">%s</sst>' % (_MAIN, strings)
    return _book(b"<sheetData>" + _LIST + cell + b"</sheetData>", xl__sharedStrings_xml=content)


def _blank(size: int, fill: bytes = b" ") -> bytes:
    return fill * size


def _raw_zip(entries: Sequence[tuple[bytes, int, int, int, bytes]]) -> bytes:
    """A zip written by hand of (name, method, flags, declared size, stored bytes): its numbers may lie. Only the
    checksum is right, of as much as is declared."""
    body, directory = bytearray(), bytearray()
    for name, method, flags, size, stored in entries:
        start = len(body)
        unpacked = zlib.decompressobj(-15).decompress(stored, size) if method == 8 else stored
        summed = zlib.crc32(unpacked)
        numbers = struct.pack(
            "<HHHHHIIIHH", 20, flags, method, 0, 0x21, summed, len(stored), size, len(name), 0
        )
        body += b"PK\x03\x04" + numbers + name + stored
        directory += b"PK\x01\x02" + struct.pack("<H", 20) + numbers
        directory += struct.pack("<HHHII", 0, 0, 0, 0, start) + name
    end = struct.pack("<HHHHIIH", 0, 0, len(entries), len(entries), len(directory), len(body), 0)
    return bytes(body + directory) + b"PK\x05\x06" + end


def _deflated(pieces: Sequence[bytes]) -> bytes:
    packer = zlib.compressobj(1, zlib.DEFLATED, -15)
    return b"".join(packer.compress(piece) for piece in pieces) + packer.flush()


def _lying(real: Sequence[bytes], declared: int = 1000) -> bytes:
    """A workbook whose sheet declares a small size and unfolds to all of `real`."""
    entries = []
    for name, content in _package():
        if name.endswith("sheet1.xml"):
            entries.append((name.encode(), 8, 0, declared, _deflated([content[:-30], *real])))
        else:
            entries.append((name.encode(), 8, 0, len(content), _deflated([content])))
    return _raw_zip(entries)


def _csv(*rows: str) -> bytes:
    head = "\n".join(";".join(str(cell) for cell in row) for row in (HEAD, *STUDENTS))
    return "\n".join((head, *rows)).encode()


def _old_xls() -> bytes:
    return (ROSTERS / "12_manual_biff_6.xls").read_bytes()


def _broken_records() -> bytes:
    """Every record of the workbook's stream claims to be as long as can be."""
    data = bytearray(_old_xls())
    start = data.find(b"\x09\x08", 512)
    while start + 4 <= len(data):
        kind, length = struct.unpack_from("<HH", data, start)
        if length > 8224:
            break
        if kind != 0x0809:
            struct.pack_into("<H", data, start + 2, 0xFFFF)
        start += 4 + length
    return bytes(data)


def _many_shared_strings_claimed() -> bytes:
    """The old format's table of strings says that it holds four billion."""
    data = bytearray(_old_xls())
    place = data.find(b"\xfc\x00", 512)
    struct.pack_into("<II", data, place + 4, 0xFFFFFFFF, 0xFFFFFFFF)
    return bytes(data)


def _compound_in_a_circle() -> bytes:
    """A compound file whose chains of sectors lead back to themselves ([MS-CFB] 2.3)."""
    data = bytearray(_old_xls())
    first = 512 * (1 + struct.unpack_from("<I", data, 76)[0])
    for place in range(first, first + 512, 4):
        struct.pack_into("<I", data, place, 0)
    return bytes(data)


def _nik(number: int) -> str:
    """An invented student's number; the district keeps those apart whose serial is the same."""
    return f"33{11 + number // 28_000:02d}{1 + number // 1000 % 28:02d}{1 + number % 28:02d}0509{9000 + number % 1000}"


def _students(count: int) -> bytes:
    """As many invented students as are read at most, all of them sound."""
    rows = []
    for n in range(count):
        name = "SISWA " + "".join(chr(65 + int(digit)) for digit in f"{n:05d}")
        rows.append(f"{n};{name};{_nik(n)};{n:010d};L;SUKOHARJO;2009-05-{1 + n % 28:02d};X-{n // 36}")
    return (";".join(str(cell) for cell in HEAD) + "\n" + "\n".join(rows)).encode()


def _with_hidden_rows(tail: bytes) -> bytes:
    return _book(b'<sheetData><row r="1" hidden="1"/>' + _LIST + b"</sheetData>" + tail)


def _doctype(entities: bytes, shown: bytes) -> bytes:
    document = b"<!DOCTYPE x [" + entities + b"]>"
    strings = b'<sst xmlns="%s"><si><t>%s</t></si></sst>' % (_MAIN, shown)
    book = (
        document
        + b'<workbook xmlns="%s" xmlns:r="%s"><sheets><sheet name="%s" sheetId="1" r:id="r1"/></sheets>'
        % (
            _MAIN,
            _OFFICE,
            shown,
        )
    )
    return _book(
        b"<sheetData>" + _LIST + b'<row r="5"><c r="B5" t="s"><v>0</v></c></row></sheetData>',
        before=document,
        book=book + b"</workbook>",
        xl__sharedStrings_xml=document + strings,
    )


def _laughs() -> bytes:
    steps = [b"<!ENTITY a0 'ha'>"]
    steps += [b"<!ENTITY a%d '%s'>" % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10)]
    return _doctype(b"".join(steps), b"&a9;")


def _heavy(rows: int = 50_000, columns: int = 100) -> bytes:
    """Within every limit of size and yet seconds of work: five million cells in a file of some hundred kilobytes."""
    return _sheet_data((b"<row>" + b"<c><v>1</v></c>" * columns + b"</row>") * rows)


def _repeated_ods(columns: int, rows: int) -> bytes:
    """A sound .ods in which a cell and its row stand there many times over."""
    cell = (
        b'<table:table-cell table:number-columns-repeated="%d" office:value-type="string"><text:p>A</text:p>'
        % columns
    )
    row = b'<table:table-row table:number-rows-repeated="%d">%s</table:table-cell></table:table-row>' % (
        rows,
        cell,
    )
    return zipped(
        [
            (
                name,
                content.replace(b"</table:table>", row + b"</table:table>")
                if name == "content.xml"
                else content,
            )
            for name, content in parts((ROSTERS / "16_manual_130.ods").read_bytes())
        ]
    )


def _encrypted_ods() -> bytes:
    manifest = b"<m:manifest><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>"
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    return zipped([("mimetype", kind), ("META-INF/manifest.xml", manifest), ("content.xml", b"\x01\x02")])


def _self_related() -> bytes:
    circle = b"".join(
        b'<Relationship Id="r%d" Type="%s/worksheet" Target="%s"/>' % (n, _OFFICE, target)
        for n, target in enumerate((b"workbook.xml", b"_rels/workbook.xml.rels", b"../../../etc/passwd", b""))
    )
    return _book(relations=b'<Relationships xmlns="%s">%s</Relationships>' % (_PACKAGE, circle))


def _many_sheets(count: int) -> bytes:
    sheets = b"".join(b'<sheet name="S%d" sheetId="%d" r:id="r1"/>' % (n, n) for n in range(count))
    return _book(
        book=b'<workbook xmlns="%s" xmlns:r="%s"><sheets>%s</sheets></workbook>' % (_MAIN, _OFFICE, sheets)
    )


def _slow_for_patterns() -> bytes:
    """In every column what makes a careless regular expression try again and again."""
    odd = (
        "(" * 30_000,
        "(a" * 15_000,
        "1 " * 15_000,
        " " * 30_000 + "x",
        "1-" * 15_000,
        "a, " * 10_000,
        "XII " * 8000,
    )
    rows: list[list[Cell]] = [[text] for text in odd]
    rows += [HEAD, *([text] * len(HEAD) for text in odd), *STUDENTS]
    return xlsx(rows)


def _rows(count: int) -> bytes:
    cells = b'<row><c/><c t="inlineStr"><is><t>SISWA CONTOH</t></is></c><c t="inlineStr"><is><t>%s</t></is></c></row>'
    return b"".join(cells % _nik(n).encode() for n in range(count))


def _long_sheet_name() -> bytes:
    named = b'<sheet name="%s" sheetId="1" r:id="r1"/>' % (b"A" * MIB)
    book = b'<workbook xmlns="%s" xmlns:r="%s"><sheets>%s</sheets></workbook>' % (_MAIN, _OFFICE, named)
    return _book(b"<sheetData>" + _LIST + _rows(5000) + b"</sheetData>", book=book)


def _long_headings() -> bytes:
    head = _cells([f"{name} {name[-1] * 30_000}" for name in map(str, HEAD)], 1)
    return _sheet_data(_cells(HEAD, 1) + _rows(5000) + head + _rows(5000))


def _overlapping() -> bytes:
    """Two hundred entries that all unfold the same stored bytes."""
    stored = _deflated([_blank(MIB)] * 60)
    one = _raw_zip([(b"xl/workbook.xml", 8, 0, 60 * MIB, stored)])
    end = one.rfind(b"PK\x01\x02")
    record = one[end : one.rfind(b"PK\x05\x06")]
    directory = record * 199
    closing = struct.pack("<HHHHIIH", 0, 0, 199, 199, len(directory), end, 0)
    return one[:end] + directory + b"PK\x05\x06" + closing


def _zip_in_zip() -> bytes:
    inner = zipped([("data.bin", _blank(64 * MIB, b"\x00"))])
    return zipped([(f"{n}.zip", inner) for n in range(50)])


def _with_macros() -> bytes:
    return zipped([*_package(), ("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0" + b"\x00" * 2000)])


BOMBS: tuple[Bomb, ...] = (
    # sizes
    Bomb("a part of 130 MiB that no sheet names", lambda: zipped([*_package(), ("xl/media/a.bin", _blank(130 * MIB))]),
         Kind.FILE_TOO_LARGE),
    Bomb("a sheet of 130 MiB", lambda: _book(_blank(130 * MIB)), Kind.FILE_TOO_LARGE),
    Bomb("a sheet that declares 1,000 bytes and unfolds to 300 MiB of text", lambda: _lying([_blank(MIB)] * 300)),
    Bomb("a sheet that declares 1,000 bytes and unfolds to 300 MiB of rows",
         lambda: _lying([b"<row><c><v>1</v></c></row>" * 40_000] * 300)),
    Bomb("200 entries over one another", _overlapping),
    Bomb("201 entries", lambda: zipped([*_package(), *((f"xl/a{n}.xml", b"") for n in range(197))]),
         Kind.FILE_TOO_LARGE),
    Bomb("60,000 entries", lambda: _raw_zip([(b"a%d" % n, 0, 0, 0, b"") for n in range(60_000)]), Kind.FILE_TOO_LARGE),
    Bomb("zips in a zip", _zip_in_zip, Kind.FILE_UNSUPPORTED),
    Bomb("an entry packed in a way nobody knows",
         lambda: _raw_zip([(name.encode(), 98, 0, len(content), content) for name, content in _package()])),
    Bomb("five million cells in a third of a megabyte", _heavy),
    Bomb("50,000 sound students", lambda: _students(49_999), WAITING, "daftar.csv"),
    # markup
    Bomb("entities of entities", _laughs),
    Bomb("one long entity ten thousand times",
         lambda: _doctype(b"<!ENTITY a '" + b"x" * 100_000 + b"'>", b"&a;" * 10_000)),
    Bomb("an entity that is a file", lambda: _doctype(b"<!ENTITY a SYSTEM '/etc/passwd'>", b"&a;")),
    Bomb("an entity that is an address", lambda: _doctype(b"<!ENTITY % a SYSTEM 'http://127.0.0.1:9/x'> %a;", b"x")),
    Bomb("a sheet nested 500,000 deep", lambda: _book(b"<a>" * 500_000)),
    Bomb("a row nested 100,000 deep", lambda: _sheet_data(b"<row><c>" * 100_000)),
    Bomb("a tag of 60 MiB", lambda: _book(b"<row " + _blank(60 * MIB, b"a") + b"/>")),
    Bomb("a hidden row and a million tags without an end", lambda: _with_hidden_rows(b"<row " * 1_000_000)),
    Bomb("a hidden row and a tag of a hundred thousand names",
         lambda: _with_hidden_rows(b"<" + b"a:" * 100_000 + b"row hidden>")),
    # places and counts
    Bomb("a dimension of the whole sheet",
         lambda: _book(b"<dimension ref='A1:XFD1048576'/><sheetData>" + _LIST + b"</sheetData>"), WAITING),
    Bomb("a dimension of nonsense",
         lambda: _book(b"<dimension ref='ZZZZZZZZ99999999999:A1'/><sheetData>" + _LIST + b"</sheetData>")),
    Bomb("a cell in the last row", lambda: _with_rows(_cells(["x"], 1_048_576)), Kind.FILE_TOO_MANY_ROWS),
    Bomb("sixty columns and a cell in the last row",
         lambda: _sheet_data(b'<row r="1"><c r="BH1"><v>1</v></c></row>' + _cells(["x"], 1_048_576)),
         Kind.FILE_TOO_MANY_ROWS),
    Bomb("a cell in the last column", lambda: _with_rows(b'<row r="9"><c r="XFD9"><v>1</v></c></row>'),
         Kind.FILE_TOO_MANY_COLUMNS),
    Bomb("a cell in the last row and column", lambda: _with_rows(b'<row r="9"><c r="XFD1048576"><v>1</v></c></row>')),
    Bomb("a million rows", lambda: _sheet_data(b"<row><c><v>1</v></c></row>" * 1_048_576), Kind.FILE_TOO_MANY_ROWS),
    Bomb("a shared string that is not there",
         lambda: _with_shared(b"", b'<row r="5"><c r="B5" t="s"><v>4294967295</v></c></row>')),
    Bomb("a shared string before the first",
         lambda: _with_shared(b"<si><t>A</t></si>", b'<row r="5"><c r="B5" t="s"><v>-1</v></c></row>')),
    Bomb("four billion shared strings claimed",
         lambda: _book(xl__sharedStrings_xml=b'<sst xmlns="%s" count="4294967295" uniqueCount="4294967295"/>' % _MAIN)),
    Bomb("100,000 sheets", lambda: _many_sheets(100_000)),
    Bomb("relations that lead to themselves", _self_related),
    Bomb("names that lead elsewhere",
         lambda: zipped([*_package(), ("../../../../tmp/x", b"x"), ("/etc/passwd", b"x"), ("C:\\x", b"x")]), WAITING),
    # cells
    Bomb("a name of 30 MiB", lambda: _with_rows(_cells([4, "A" * 30 * MIB, STUDENTS[0][2]], 5))),
    Bomb("ten thousand names of 8,000 letters",
         lambda: _with_shared(b"<si><t>" + b"NAMA " * 1600 + b"</t></si>",
                              b"".join(b'<row><c/><c t="s"><v>0</v></c><c t="inlineStr"><is><t>%s</t></is></c></row>'
                                       % _nik(n).encode() for n in range(10_000)))),
    Bomb("a name of 1 MiB for a sheet of 5,000 students", _long_sheet_name, WAITING),
    Bomb("headings of 30,000 letters over 10,000 rows", _long_headings),
    Bomb("cells that are slow to understand", _slow_for_patterns, WAITING),
    # text
    Bomb("a line without an end", lambda: _csv("A" * 18 * MIB), None, "daftar.csv"),
    Bomb("a line of nine million cells", lambda: _csv(";" * 9 * MIB), Kind.FILE_TOO_MANY_COLUMNS, "daftar.csv"),
    Bomb("a quote without an end", lambda: _csv('"' + "a\n" * 9 * MIB), None, "daftar.csv"),
    Bomb("nothing but quotes", lambda: b'"' * 19 * MIB, None, "daftar.csv"),
    Bomb("ten million empty lines", lambda: b"\n" * 10 * MIB, Kind.FILE_EMPTY, "daftar.csv"),
    Bomb("zero bytes between the letters", lambda: _csv().replace(b"A", b"A\x00"), None, "daftar.csv"),
    Bomb("zero bytes far down", lambda: _csv(*["a;b"] * 2000, "4;A\x00B;3311045703099901"), None, "daftar.csv"),
    Bomb("half of a character pair", lambda: "\ufeffNama;NIK\n\ud800;1\n".encode("utf-16-le", "surrogatepass"), None,
         "daftar.csv"),
    Bomb("a divider that is a quote", lambda: b'sep="\n' + _csv(), None, "daftar.csv"),
    Bomb("a divider that is a line", lambda: b"sep=\r\r\n" + _csv(), None, "daftar.csv"),
    # HTML and SpreadsheetML
    Bomb("100,000 nested tags", lambda: b"<html><table><tr><td>" + b"<div>" * 100_000 + b"</table>", None,
         "daftar.xls"),
    Bomb("100,000 nested tables", lambda: b"<html>" + b"<table><tr><td>" * 100_000 + b"</table>", None, "daftar.xls"),
    Bomb("100,000 paragraphs in one another", lambda: b"<html><table></table>" + b"<p><b>" * 100_000, None,
         "daftar.xls"),
    Bomb("a cell as wide as the world",
         lambda: b"<html><table><tr><td colspan=2147483647 rowspan=2147483647>1</table></table>", None, "daftar.xls"),
    Bomb("a span of 5,000 digits", lambda: b"<html><table><tr><td colspan=%s>1</table></table>" % (b"9" * 5000), None,
         "daftar.xls"),
    Bomb("200 columns of 200 columns",
         lambda: b"<html><table>" + b"<tr><td colspan=200 rowspan=50000>1" * 50_000 + b"</table>", None, "daftar.xls"),
    Bomb("a row at a billion", lambda: _XML_BOOK % b'<Row ss:Index="1000000000"><Cell/></Row>',
         Kind.FILE_TOO_MANY_ROWS, "daftar.xls"),
    Bomb("a cell at a billion", lambda: _XML_BOOK % b'<Row><Cell ss:Index="1000000000"/></Row>',
         Kind.FILE_TOO_MANY_COLUMNS, "daftar.xls"),
    Bomb("a cell before the first", lambda: _XML_BOOK % b'<Row ss:Index="-5"><Cell ss:Index="-9"/></Row>', None,
         "daftar.xls"),
    Bomb("three million tags without an end", lambda: _XML_BOOK % (b"<Row " * 3_000_000), None, "daftar.xls"),
    Bomb("data without an end", lambda: _XML_BOOK % (b"<Row><Cell><Data>" * 400_000), None, "daftar.xls"),
    # ods
    Bomb("a cell two billion times", lambda: _repeated_ods(2**31 - 1, 1), None, "daftar.ods"),
    Bomb("a row two billion times", lambda: _repeated_ods(3, 2**31 - 1), None, "daftar.ods"),
    Bomb("both two billion times", lambda: _repeated_ods(2**31 - 1, 2**31 - 1), None, "daftar.ods"),
    Bomb("a password on an .ods", _encrypted_ods, Kind.FILE_ENCRYPTED, "daftar.ods"),
    # the old format
    Bomb("records longer than the file", _broken_records, None, "daftar.xls"),
    Bomb("four billion strings in the old format", _many_shared_strings_claimed, None, "daftar.xls"),
    Bomb("sectors in a circle", _compound_in_a_circle, None, "daftar.xls"),
    Bomb("a compound file of noise", lambda: _old_xls()[:8] + bytes(range(256)) * 200, Kind.FILE_UNSUPPORTED,
         "daftar.xls"),
    # what is no roster, or more than one thing
    Bomb("nothing but blanks", lambda: b" \r\n" * 1000, Kind.FILE_EMPTY),
    Bomb("a password", lambda: (ROSTERS / "20_password_protected.xlsx").read_bytes(), Kind.FILE_ENCRYPTED),
    Bomb("a password on the entries",
         lambda: _raw_zip([(name.encode(), 0, 1, len(content), content) for name, content in _package()]),
         Kind.FILE_ENCRYPTED),
    Bomb("macros", _with_macros, Kind.FILE_HAS_MACROS, "daftar.xlsm"),
    Bomb("macros by another name", _with_macros, Kind.FILE_HAS_MACROS, "daftar.csv"),
    Bomb("a workbook behind a PDF", lambda: b"%PDF-1.7\n" + _book(), Kind.FILE_UNSUPPORTED, "daftar.pdf"),
    Bomb("a page of HTML behind a workbook", lambda: _book() + b"<html><table><tr><td>NIK</table>"),
    Bomb("a workbook behind a page of HTML", lambda: b"<html><table><tr><td>NIK</td></tr></table>" + _book(), None,
         "daftar.html"),
    Bomb("a packed CSV", lambda: gzip.compress(_csv()), Kind.FILE_UNSUPPORTED, "daftar.csv"),
    Bomb("a packed CSV that unfolds to a gigabyte", lambda: gzip.compress(_blank(200 * MIB), 1), Kind.FILE_UNSUPPORTED,
         "daftar.csv"),
    Bomb("a Word document", lambda: zipped([("word/document.xml", b"<w:document/>")]), Kind.FILE_UNSUPPORTED,
         "daftar.xlsx"),
)  # fmt: skip
