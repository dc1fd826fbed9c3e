"""How a roster is spoilt: pure and seeded, so that a number says which file it was.

A file is spoilt where it hurts: its bytes, the records of its zip, the XML of a part inside a sound zip, its lines
of text, the records of an old `.xls`, and the values of its cells.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

import openpyxl

from imports.sheets import Cell

ROSTERS = Path(__file__).parents[1] / "data" / "rosters"
ROWS_KEPT = 40
"""A seed has no more rows in a sheet: what breaks, breaks in a short list too, and 10,000 are soon read."""
HEAD: list[Cell] = ["No", "Nama", "NIK", "NISN", "JK", "Tempat Lahir", "Tanggal Lahir", "Kelas"]
STUDENTS: list[list[Cell]] = [
    [1, "RATNA AYU", "3311045703099901", "0099000001", "P", "SUKOHARJO", "2009-03-17", "XII F-1"],
    [2, "BUDI SANTOSO", "3311040308109902", "0109000002", "L", "KLATEN", "2010-08-03", "XI F-2"],
    [3, "JOKO WIBOWO", "3311042512089903", "0089000003", "L", "SUKOHARJO", "2008-12-25", "XII F-1"],
]


@dataclass(frozen=True, slots=True)
class Seed:
    """A sound file: its name, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Spoilt:
    """A file to send: what it is called by its sender, its bytes, and what was done to which seed."""

    file_name: str
    data: bytes
    how: str


Spoil = Callable[[bytes, Random], bytes]


def seeds(folder: Path = ROSTERS) -> list[Seed]:
    """The sound files: the rosters of the tests, cut to a few dozen rows, and small ones made on the spot."""
    found = [
        Seed(path.name, shortened(path.read_bytes()))
        for path in sorted(folder.iterdir())
        if path.suffix != ".json" and not path.name.startswith("19_")
    ]
    rows: list[list[Cell]] = [HEAD, *STUDENTS]
    found.append(Seed("tiny.xlsx", xlsx(rows)))
    for name, encoding, delimiter in (
        ("tiny.csv", "utf-8-sig", ";"),
        ("tiny_cp1252.csv", "cp1252", ","),
        ("tiny_utf16.txt", "utf-16", "\t"),
    ):
        text = "\r\n".join(delimiter.join(str(cell) for cell in row) for row in rows)
        found.append(Seed(name, text.encode(encoding)))
    return found


def xlsx(rows: Sequence[Sequence[Cell]], title: str = "Sheet1") -> bytes:
    """The bytes of a workbook of one sheet."""
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(list(row))
    file = io.BytesIO()
    book.save(file)
    # the same rows are the same bytes, whenever they are written
    return zipped(
        [(name, _MOMENT.sub(b"2026-11-22T00:00:00Z", content)) for name, content in parts(file.getvalue())]
    )


_MOMENT = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def shortened(data: bytes) -> bytes:
    """The same file with the first rows of each sheet alone; what is no .xlsx, .xml or .csv stays whole."""
    if data.startswith(b"PK"):
        return zipped(
            [(name, _first_rows(content, rb"</row>", rb"</sheetData>")) for name, content in parts(data)]
        )
    if b"urn:schemas-microsoft-com:office:spreadsheet" in data[:4096]:
        return _first_rows(data, rb"</Row>", rb"</Table>")
    if b"<" not in data[:200] and b"\x00" not in data[:200]:
        return b"\n".join(data.split(b"\n")[: ROWS_KEPT + 6])
    return data


def _first_rows(content: bytes, row_end: bytes, table_end: bytes) -> bytes:
    ends = [found.end() for found in re.finditer(row_end, content)]
    closing = content.rfind(table_end)
    if len(ends) <= ROWS_KEPT or closing == -1:
        return content
    return content[: ends[ROWS_KEPT]] + content[closing:]


def spoilt(seeds_: Sequence[Seed], run: int, number: int) -> Spoilt:
    """The file of this number in this run, always the same: a seed with one to four things done to it."""
    chance = Random(f"{run}:{number}")
    if chance.random() < 0.12:
        return Spoilt("daftar.xlsx", *_odd_workbook(chance))
    seed = chance.choice(seeds_)
    data, done = seed.data, []
    for _ in range(chance.choice((1, 1, 2, 3, 4))):
        spoil = chance.choice(_ways(data))
        done.append(spoil.__name__.strip("_"))
        data = spoil(data, chance)
    name = chance.choice(FILE_NAMES) if chance.random() < 0.1 else seed.name
    return Spoilt(name, data, f"{seed.name}: {', '.join(done)}")


def _ways(data: bytes) -> tuple[Spoil, ...]:
    """What can be done to a file of this kind; the likelier the deeper it reaches."""
    if data.startswith(b"PK"):
        return (*_BYTES, *_ZIP, *_ZIP, *(_a_part,) * 12)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return (*_BYTES, *(_a_record,) * 6)
    if data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        return (*_BYTES, *_MARKUP, *_MARKUP, *_TEXT)
    return (*_BYTES, *_TEXT, *_TEXT, *_TEXT)


# --- bytes -----------------------------------------------------------------------------------------------------------


def _span(data: bytes, chance: Random, longest: int = 64) -> tuple[int, int]:
    start = chance.randrange(len(data) + 1)
    return start, min(len(data), start + 1 + chance.randrange(longest))


def _flipped_bits(data: bytes, chance: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 2, 8, 32))):
        if changed:
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _overwritten(data: bytes, chance: Random) -> bytes:
    start, end = _span(data, chance)
    fill = chance.choice((b"\x00", b"\xff", b"\x80", b"A", bytes([chance.randrange(256)])))
    return data[:start] + fill * (end - start) + data[end:]


def _cut_short(data: bytes, chance: Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _taken_out(data: bytes, chance: Random) -> bytes:
    start, end = _span(data, chance, 512)
    return data[:start] + data[end:]


def _said_twice(data: bytes, chance: Random) -> bytes:
    start, end = _span(data, chance, 4096)
    return data[:end] + data[start:end] * chance.choice((1, 2, 50)) + data[end:]


def _noise_put_in(data: bytes, chance: Random) -> bytes:
    start, _ = _span(data, chance)
    return data[:start] + chance.randbytes(chance.choice((1, 4, 100, 2000))) + data[start:]


def _something_before(data: bytes, chance: Random) -> bytes:
    return (
        chance.choice((b"\x00", b"\xef\xbb\xbf", b"\n\n", b"%PDF-1.7\n", b"<html>", b"MZ", b"PK\x03\x04"))
        + data
    )


_BYTES: tuple[Spoil, ...] = (
    _flipped_bits,
    _overwritten,
    _cut_short,
    _taken_out,
    _said_twice,
    _noise_put_in,
    _something_before,
)


# --- the records of a zip --------------------------------------------------------------------------------------------


def parts(data: bytes) -> list[tuple[str, bytes]]:
    """The entries of a zip, name and content; [] for one that cannot be taken apart."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > 32 * 1024 * 1024:
                return []
            return [(entry.filename, archive.read(entry)) for entry in archive.infolist()]
    except Exception:
        # Spoilt before, in one of the many ways that zipfile has an exception for.
        return []


def zipped(entries: Sequence[tuple[str, bytes]], level: int = 1) -> bytes:
    """A zip of these entries in this order, also where two have one name."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, content in entries:
            info = zipfile.ZipInfo(name[:60_000])
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return file.getvalue()


def _an_entry_changed(data: bytes, chance: Random) -> bytes:
    """A part is lost, doubled, renamed, emptied, or changes places with another."""
    entries = parts(data)
    if not entries:
        return data
    one, other = chance.randrange(len(entries)), chance.randrange(len(entries))
    name, content = entries[one]
    deed = chance.randrange(6)
    if deed == 0:
        del entries[one]
    elif deed == 1:
        entries.append((name, entries[other][1]))
    elif deed == 2:
        odd = (name.upper(), "/" + name, "../" + name, name.replace("/", "\\"), "x" * 5000, "\u202e" + name)
        entries[one] = (chance.choice(odd), content)
    elif deed == 3:
        entries[one] = (name, b"")
    elif deed == 4:
        entries[one], entries[other] = (name, entries[other][1]), (entries[other][0], content)
    else:
        chance.shuffle(entries)
    # zipfile warns of two entries with one name, which is just what is wanted
    return _zipped_silently(entries)


def _zipped_silently(entries: Sequence[tuple[str, bytes]]) -> bytes:
    seen: set[str] = set()
    doubled: list[tuple[bytes, bytes]] = []
    distinct = []
    for name, content in entries:
        held = name
        while held in seen:
            # a name of the same length, put right in the bytes afterwards
            held = ("\x01" if not held.startswith("\x01") else "\x02") + held[1:]
        if held != name:
            doubled.append((held.encode(), name.encode()))
        seen.add(held)
        distinct.append((held, content))
    data = zipped(distinct)
    for held_name, wanted in doubled:
        data = data.replace(held_name, wanted)
    return data


def _a_header_that_lies(data: bytes, chance: Random) -> bytes:
    """A number of the zip's directory is another: flags, method, checksum, sizes, offsets, counts."""
    places = [found.start() for found in re.finditer(rb"PK(?:\x01\x02|\x03\x04|\x05\x06)", data)]
    if not places:
        return data
    start = chance.choice(places)
    # (offset, width) of fields: central directory, local header, end (APPNOTE.TXT 4.3)
    fields = {
        b"\x01\x02": ((8, 2), (10, 2), (16, 4), (20, 4), (24, 4), (28, 2), (30, 2), (42, 4)),
        b"\x03\x04": ((6, 2), (8, 2), (14, 4), (18, 4), (22, 4), (26, 2), (28, 2)),
        b"\x05\x06": ((4, 2), (8, 2), (10, 2), (12, 4), (16, 4), (20, 2)),
    }[data[start + 2 : start + 4]]
    offset, width = chance.choice(fields)
    most = 256**width - 1
    value = chance.choice((0, 1, 8, 9, 12, 99, most, most // 2, most // 2 + 1, chance.randrange(most)))
    return data[: start + offset] + value.to_bytes(width, "little") + data[start + offset + width :]


_ZIP: tuple[Spoil, ...] = (_an_entry_changed, _a_header_that_lies)


def _a_part(data: bytes, chance: Random) -> bytes:
    """One part of a package is spoilt as markup or as bytes, and zipped again as if it were sound."""
    entries = parts(data)
    if not entries:
        return _flipped_bits(data, chance)
    weights = [
        6 if "sheet" in name or "content" in name else 3 if "hared" in name else 1 for name, _ in entries
    ]
    (place,) = chance.choices(range(len(entries)), weights)
    name, content = entries[place]
    for _ in range(chance.choice((1, 1, 3, 10))):
        spoil = chance.choice(_BYTES if chance.random() < 0.1 else _MARKUP)
        content = spoil(content, chance)
    entries[place] = (name, content)
    return _zipped_silently(entries)


# --- markup ----------------------------------------------------------------------------------------------------------

ODD_NUMBERS = (
    "",
    "-1",
    "0",
    "1",
    "200",
    "65536",
    "1048577",
    "2147483648",
    "4294967295",
    "99999999999999999999",
    "1e308",
    "-1e-400",
    "NaN",
    "inf",
    "0x10",
    "٣",
    "1" * 400,
)
ODD_REFERENCES = (
    "",
    "A0",
    "A1",
    "XFD1048576",
    "XFE1",
    "ZZZZZZZ1",
    "A99999999999",
    "1A",
    "$A$1",
    "A1:XFD1048576",
    "é1",
)
ODD_TEXTS = (
    "",
    " ",
    "\t\n",
    "\u00a0",
    "\u200b\ufeff",
    "\x00",
    "\x1f\x7f",
    "\ufffe\uffff",
    "\U0001f469\u200d\U0001f393",
    "e\u0301" * 50,
    "\u202egnp.ratfad",
    "a" * 40_000,
    "0" * 40_000,
    "'" * 300,
    "=1/0",
    '=HYPERLINK("http://127.0.0.1")',
    "#REF!",
    "#N/A",
    "TRUE",
    "NaN",
    "-",
    "<script>alert(1)</script>",
    "{{ 7*7 }}",
    "%s%s%(n)s",
    "'; DROP TABLE student; --",
    "../../../etc/passwd",
    "NIK",
    "Nama",
    "Jumlah",
    "DAFTAR GURU",
    "Kelas XII",
    "31/02/2009",
    "0000-00-00",
    "99999-99-99",
    "60",
    "-5",
    "2958466",
    "1899-12-31T24:00:00",
    "&amp;lt;",
    "&#0;&#xD800;&#1114112;",
    "]]>",
    "<!--",
)
_TAG = re.compile(rb"<[^<>]{1,4000}>")
_ATTRIBUTE = re.compile(rb"([\w:.-]+)\s*=\s*(\"[^\"]*\"|'[^']*')")


def _a_tag(data: bytes, chance: Random) -> tuple[int, int]:
    """Where a tag stands, somewhere in the data; (0, 0) where there is none."""
    found = _TAG.search(data, chance.randrange(len(data) + 1)) or _TAG.search(data)
    return found.span() if found else (0, 0)


def _a_tag_lost(data: bytes, chance: Random) -> bytes:
    start, end = _a_tag(data, chance)
    return data[:start] + data[end:]


def _a_tag_doubled(data: bytes, chance: Random) -> bytes:
    start, end = _a_tag(data, chance)
    return data[:end] + data[start:end] * chance.choice((1, 3, 300)) + data[end:]


def _two_tags_swapped(data: bytes, chance: Random) -> bytes:
    (start, end), (other, beyond) = sorted((_a_tag(data, chance), _a_tag(data, chance)))
    if end > other:
        return data
    return data[:start] + data[other:beyond] + data[end:other] + data[start:end] + data[beyond:]


def _an_element_moved(data: bytes, chance: Random) -> bytes:
    """What stands between two tags stands again elsewhere, or is gone."""
    start, _ = _a_tag(data, chance)
    end = start
    for _ in range(chance.choice((2, 4, 20, 200))):
        found = _TAG.search(data, end)
        if not found:
            break
        end = found.end()
    taken = data[start:end]
    rest = data[:start] + data[end:] if chance.random() < 0.5 else data
    to, _ = _a_tag(rest, chance)
    return rest[:to] + taken + rest[to:]


def _an_attribute_changed(data: bytes, chance: Random) -> bytes:
    for _ in range(12):
        start, end = _a_tag(data, chance)
        attributes = list(_ATTRIBUTE.finditer(data, start, end))
        if attributes:
            break
    else:
        return data
    chosen = chance.choice(attributes)
    if chance.random() < 0.15:
        return data[: chosen.start()] + data[chosen.end() :]
    types = (
        "s",
        "n",
        "b",
        "e",
        "d",
        "str",
        "inlineStr",
        "x",
        "float",
        "date",
        "Number",
        "DateTime",
        "hidden",
        "1",
    )
    value = chance.choice(chance.choice((ODD_NUMBERS, ODD_REFERENCES, types, ODD_TEXTS)))
    safe = value.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return data[: chosen.start(2)] + f'"{safe}"'.encode("utf-8", "replace") + data[chosen.end(2) :]


def _an_element_renamed(data: bytes, chance: Random) -> bytes:
    start, end = _a_tag(data, chance)
    names = (
        b"row",
        b"c",
        b"v",
        b"is",
        b"t",
        b"f",
        b"si",
        b"sheet",
        b"Cell",
        b"Data",
        b"td",
        b"tr",
        b"table",
        b"x",
    )
    return data[:start] + re.sub(rb"[\w:-]+", chance.choice(names), data[start:end], count=1) + data[end:]


def _a_text_changed(data: bytes, chance: Random) -> bytes:
    found = re.compile(rb">([^<>]{1,2000})<").search(data, chance.randrange(len(data) + 1))
    if not found:
        return data
    value = chance.choice(chance.choice((ODD_NUMBERS, ODD_TEXTS)))
    return data[: found.start(1)] + value.encode("utf-8", "replace") + data[found.end(1) :]


def _something_nested(data: bytes, chance: Random) -> bytes:
    _, end = _a_tag(data, chance)
    odd = (
        b"<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>&b;",
        b"<![CDATA[" + b"]]&gt;" * 100 + b"]]>",
        b"<?xml version='1.1' encoding='utf-7'?>",
        b"<x>" * 3000,
        b"<c r='A1' t='s'><v>4000000000</v></c>" * 30,
        b"<row r='9'><c r='B9'><v>1</v></c></row>" * 300,
        b"<mergeCell ref='A1:XFD1048576'/>",
        b"<dimension ref='A1:XFD1048576'/>",
        b"<table><tr><td colspan='99999999' rowspan='99999999'>",
        b"<Row ss:Index='1000000000'/>",
        b"<table:table-row table:number-rows-repeated='2147483647'/>",
    )
    return data[:end] + chance.choice(odd) + data[end:]


_MARKUP: tuple[Spoil, ...] = (
    _a_tag_lost,
    _a_tag_doubled,
    _two_tags_swapped,
    _an_element_moved,
    _an_attribute_changed,
    _an_attribute_changed,
    _an_attribute_changed,
    _an_element_renamed,
    _a_text_changed,
    _a_text_changed,
    _a_text_changed,
    _something_nested,
)


# --- lines of text ---------------------------------------------------------------------------------------------------


def _a_line_changed(data: bytes, chance: Random) -> bytes:
    """A line is lost, doubled, moved, glued to the next, or one of its cells is another."""
    lines = data.split(b"\n")
    place = chance.randrange(len(lines))
    deed = chance.randrange(6)
    if deed == 0:
        del lines[place]
    elif deed == 1:
        lines[place:place] = [lines[place]] * chance.choice((1, 5, 500))
    elif deed == 2:
        lines.insert(chance.randrange(len(lines)), lines.pop(place))
    elif deed == 3:
        lines[place : place + 2] = [b"".join(lines[place : place + 2])]
    elif deed == 4:
        lines[place] *= chance.choice((2, 30))
    else:
        cells = re.split(rb"([;,\t|])", lines[place])
        odd = chance.choice(chance.choice((ODD_NUMBERS, ODD_TEXTS)))
        cells[2 * chance.randrange((len(cells) + 1) // 2)] = odd.encode("utf-8", "replace")
        lines[place] = b"".join(cells)
    return b"\n".join(lines)


def _another_mark(data: bytes, chance: Random) -> bytes:
    """One of the marks that divide cells, lines and quotes becomes another, once or everywhere."""
    marks = (b";", b",", b"\t", b"|", b'"', b"'", b"\n", b"\r", b"\x00", b"\x92", b"\xc3", b"=")
    one, other = chance.sample(marks, 2)
    return data.replace(one, other, chance.choice((1, 5, -1)))


def _recoded(data: bytes, chance: Random) -> bytes:
    """The same text in another encoding, or in one that it only claims to have."""
    codes = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-32", "utf-7")
    text = data.decode(chance.choice(("utf-8", "cp1252", "utf-16")), "replace")
    return text.encode(chance.choice(codes), "replace")


_TEXT: tuple[Spoil, ...] = (_a_line_changed, _a_line_changed, _a_line_changed, _another_mark, _recoded)


# --- records of an old .xls ------------------------------------------------------------------------------------------


def _a_record(data: bytes, chance: Random) -> bytes:
    """A record of the workbook's stream has another kind, another length or other content ([MS-XLS] 2.1.4)."""
    start = data.find(b"\x09\x08", 512)
    if start == -1:
        return _flipped_bits(data, chance)
    places = []
    while start + 4 <= len(data):
        kind, length = struct.unpack_from("<HH", data, start)
        if length > 8224:
            break
        places.append((start, kind, length))
        start += 4 + length
    at, kind, length = chance.choice(places) if places else (512, 0, 0)
    deed = chance.randrange(4)
    if deed == 0:
        kinds = (
            0x00FC,
            0x003C,
            0x0809,
            0x0085,
            0x0208,
            0x00FD,
            0x0203,
            0x027E,
            0x00BD,
            0x0201,
            0x0200,
            kind ^ 1,
        )
        return data[:at] + struct.pack("<H", chance.choice(kinds)) + data[at + 2 :]
    if deed == 1:
        lengths = (0, 1, length + 1, max(0, length - 1), 8224, 0xFFFF)
        return data[: at + 2] + struct.pack("<H", chance.choice(lengths)) + data[at + 4 :]
    if deed == 2 and length:
        place = at + 4 + chance.randrange(length)
        return (
            data[:place]
            + chance.choice((b"\xff\xff\xff\xff", b"\x00" * 4, chance.randbytes(4)))
            + data[place + 4 :]
        )
    return data[:at] + data[at : at + 4 + length] * chance.choice((2, 20)) + data[at + 4 + length :]


# --- values of cells -------------------------------------------------------------------------------------------------

ODD_CELLS: tuple[Cell, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1e308,
    -1e308,
    5e-324,
    3.31105e15,
    9007199254740993,
    3311045703099901,
    3311045703099901.5,
    39889,
    -39889,
    2958466,
    2_147_483_648,
    date(1900, 1, 1),
    date(9999, 12, 31),
    datetime(2009, 3, 17, 23, 59, 59, 999999),
    time(7, 30),
    timedelta(days=-3),
    timedelta(days=99_999),
    "3311045703099901",
    "33.1104.570309.9901",
    "'3311045703099901",
    '="3311045703099901"',
    "=1/0",
    "=A1",
    "17-03-2009",
    "SUKOHARJO, 17 Maret 2009",
    "SUKOHARJO, " * 3000,
    "17 " * 9000,
    "(" * 20_000,
    "A " * 16_000,
    "1." * 16_000,
)


def _odd_workbook(chance: Random) -> tuple[bytes, str]:
    """A sound workbook in which odd values stand in odd places, and how it was made."""
    rows: list[list[Cell]] = [list(row) for row in (HEAD, *STUDENTS)]
    for _ in range(chance.choice((1, 3, 10))):
        row = chance.choice(rows)
        row[chance.randrange(len(row))] = _a_cell(chance)
    deed = chance.randrange(5)
    if deed == 0:
        rows.insert(
            chance.randrange(len(rows)), [_a_cell(chance) for _ in range(chance.choice((1, 8, 60, 201)))]
        )
    elif deed == 1:
        rows[0:0] = [[_a_cell(chance)] for _ in range(chance.choice((1, 10, 35)))]
    elif deed == 2:
        rows += [list(chance.choice(rows)) for _ in range(chance.choice((2, 20, 300)))]
    elif deed == 3:
        rows[0] = [
            chance.choice(("NIK", "Nama", "Tanggal Lahir", "", "JK", "Kelas", _a_cell(chance))) for _ in HEAD
        ]
    return xlsx([[_writable(cell) for cell in row] for row in rows], "Data"), "cells: odd values"


def _a_cell(chance: Random) -> Cell:
    return chance.choice(ODD_CELLS) if chance.random() < 0.6 else chance.choice(ODD_TEXTS + ODD_NUMBERS)


_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _writable(cell: Cell) -> Cell:
    """The cell without the characters that XML cannot hold, which openpyxl would not write."""
    return _NOT_IN_XML.sub("?", cell)[:32_000] if isinstance(cell, str) else cell


# --- what a file is called -------------------------------------------------------------------------------------------

FILE_NAMES = (
    "daftar siswa (1).xlsx",
    "daftar.xls",
    "daftar.csv",
    "daftar",
    ".xlsx",
    "../../../etc/passwd",
    "..\\..\\windows\\system.ini",
    "/etc/passwd",
    "daftar\r\nSet-Cookie: session=x.xlsx",
    'daftar".xlsx',
    "daftar';--.xlsx",
    "<img src=x onerror=alert(1)>.xlsx",
    "{{ 7*7 }}.xlsx",
    "%00.xlsx",
    "a\x00b.xlsx",
    "\u202exslx.exe",
    "daftar \U0001f469\u200d\U0001f393 siswa.xlsx",
    "é" * 1500,
    "x" * 3000 + ".xlsx",
    "con.xlsx",
    "-rf.xlsx",
    "=cmd|calc.xlsx",
)
