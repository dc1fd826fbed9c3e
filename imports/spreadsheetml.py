"""SpreadsheetML 2003: the XML that Dapodik hands out as `.xls`, and that is seldom well-formed."""

import html
import re
from dataclasses import dataclass, field
from datetime import datetime

from imports.sheets import MAX_COLUMNS, Cell, RawRow, RawSheet, check_size


class BrokenSpreadsheetError(Exception):
    """The file ends in the middle."""


_TAG = re.compile(r"<(/?)(?:ss:)?(Worksheet|Row|Cell|Data|Column|Visible)\b([^>]*)>")
_ATTRIBUTE = re.compile(r"(?:\w+:)?(\w+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_MARKUP = re.compile(r"</?(?:html:)?(?:B|I|U|S|Font|Sub|Sup|Span)\b[^<>]*>")


def read_spreadsheetml(text: str) -> tuple[RawSheet, ...]:
    """The sheets of an XML workbook that is seldom well-formed: `<` and `&` stand bare inside the data.

    A tolerant XML parser would drop what follows such a sign, so the tags that matter are looked for by name and the
    data is all that stands between them.
    """
    if not re.search(r"</(?:ss:)?Workbook\s*>", text[-2000:]):
        raise BrokenSpreadsheetError
    sheets: list[RawSheet] = []
    sheet = _OpenSheet("")
    inside = False
    position = column = upcoming = total = 0
    while tag := _TAG.search(text, position):
        closing, kind, written = tag.groups()
        position = tag.end()
        if closing and kind != "Worksheet":
            continue
        if kind == "Data":
            if written.endswith("/"):
                continue
            end = _end_of_data(text, position)
            if sheet.rows and 0 < column <= len(sheet.rows[-1]):
                sheet.rows[-1][column - 1] = _spreadsheetml_value(text[position:end], written)
            position = end
        elif kind == "Cell":
            named = _attributes(written)
            column = int(named.get("Index", upcoming))
            upcoming = column + int(named.get("MergeAcross", 0)) + 1
            check_size(0, upcoming - 1)
            if sheet.rows:
                sheet.rows[-1].extend([""] * (upcoming - 1 - len(sheet.rows[-1])))
        elif kind == "Row":
            named = _attributes(written)
            skipped = max(0, int(named.get("Index", 0)) - 1 - len(sheet.rows))
            total += skipped + 1
            check_size(total, 0)
            sheet.rows.extend([] for _ in range(skipped + 1))
            sheet.hidden_rows += named.get("Hidden") == "1"
            column, upcoming = 0, 1
        elif kind == "Column":
            named = _attributes(written)
            if named.get("Hidden") == "1":
                sheet.hidden_columns += 1 + min(int(named.get("Span", 0)), MAX_COLUMNS)
        elif kind == "Visible":
            sheet.hidden = sheet.hidden or text.startswith(("SheetHidden", "SheetVeryHidden"), position)
        else:
            if inside:
                sheets.append(sheet.closed())
            inside = not closing
            sheet = _OpenSheet(html.unescape(_attributes(written).get("Name", "")))
    return tuple(sheets)


@dataclass(slots=True)
class _OpenSheet:
    """A sheet while its rows are still coming."""

    name: str
    rows: list[RawRow] = field(default_factory=list)
    hidden: bool = False
    hidden_rows: int = 0
    hidden_columns: int = 0

    def closed(self) -> RawSheet:
        return RawSheet(self.name, self.rows, True, self.hidden, self.hidden_rows, self.hidden_columns)


def _end_of_data(text: str, start: int) -> int:
    """Where the data that begins at `start` ends: at its own closing tag, whatever signs stand before it."""
    end = text.find("</", start)
    while end != -1 and not text.startswith(("</Data>", "</ss:Data>"), end):
        end = text.find("</", end + 2)
    if end == -1:
        raise BrokenSpreadsheetError
    return end


def _attributes(written: str) -> dict[str, str]:
    return {name: one or other for name, one, other in _ATTRIBUTE.findall(written)} if "=" in written else {}


def _spreadsheetml_value(content: str, attributes: str) -> Cell:
    kind = _attributes(attributes).get("Type", "String")
    if kind == "String" and "&" not in content and "<" not in content:
        return content
    text = html.unescape(_MARKUP.sub("", content))
    if kind == "Number":
        try:
            return float(text)
        except ValueError:
            return text
    if kind == "DateTime":
        try:
            found = datetime.fromisoformat(text.strip().removesuffix("Z")[:19])
        except ValueError:
            return text
        return found.date() if found.time() == datetime.min.time() else found
    return text
