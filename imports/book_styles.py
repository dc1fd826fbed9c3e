"""EDGE: the cell formats of a workbook, with more of them: each of its own in our colours, and those of our list."""

from __future__ import annotations

import copy

from lxml import etree

from imports.book_package import OddPackage
from imports.book_pages import ListFormats

RED, AMBER, HEAD = "FFFFC7C3", "FFFFE4A3", "FFE4E9F1"
"""Our colours: not those of Excel's palettes, so that cells marked by us are known again."""
_MOST_FORMATS = 64_000  # Excel opens no more (specification and limits of Excel)
_BEFORE_FILLS = ("numFmts", "fonts")


class Styles:
    """The styles part of a workbook, being added to."""

    def __init__(self, root: etree._Element) -> None:
        """Raises OddPackage for a part without cell formats."""
        self.root = root
        self._tag = f"{{{etree.QName(root).namespace}}}"
        self._fills = self._part("fills")
        self._fonts = self._part("fonts")
        self._formats = self._part("cellXfs")
        self._made: dict[tuple[int, bool | None], int] = {}
        self._colours = {
            True: self._colour(RED),
            False: self._colour(AMBER),
            None: 0,  # the first fill is none (ECMA-376 part 1, 18.8.21)
        }

    def _part(self, name: str) -> etree._Element:
        found = self.root.find(f"{self._tag}{name}")
        if found is None or not len(found):
            raise OddPackage(f"styles without {name}")
        return found

    @property
    def ours(self) -> frozenset[int]:
        """The formats in our colours that the file came with: it was marked before."""
        fills = {
            number
            for number, fill in enumerate(self._fills)
            if number not in self._made_fills
            and any(
                (colour.get("rgb") or "").upper() in (RED, AMBER)
                for colour in fill.iter(f"{self._tag}fgColor")
            )
        }
        return frozenset(
            number
            for number, xf in enumerate(self._xfs())
            if (xf.get("fillId") or "0") in set(map(str, fills))
        )

    @property
    def _made_fills(self) -> set[int]:
        return {fill for fill in self._colours.values() if fill}

    def _xfs(self) -> list[etree._Element]:
        return list(self._formats.iterchildren(f"{self._tag}xf"))

    def like(self, base: int, is_grave: bool | None) -> int:
        """The format that is the `base` one in red (True), amber (False) or without a colour (None)."""
        made = self._made.get((base, is_grave))
        if made is not None:
            return made
        xfs = self._xfs()
        xf = copy.deepcopy(xfs[base if base < len(xfs) else 0])
        xf.set("fillId", str(self._colours[is_grave]))
        xf.set("applyFill", "1")
        self._made[base, is_grave] = made = self._added(xf)
        return made

    def of_list(self) -> ListFormats:
        """Formats for the list, which look the same whatever the workbook looks like."""
        plain = self._font(11, "FF1B1F24")
        title, bold = self._font(15, "FF1B1F24", is_bold=True), self._font(11, "FF1B1F24", is_bold=True)
        link = self._font(11, "FF0B57A4", is_link=True)
        red, amber = self._colours[True], self._colours[False]
        return ListFormats(
            title=self._format(title, 0, wraps=False),
            words=self._format(plain, 0),
            heading=self._format(bold, self._colour(HEAD)),
            text=self._format(plain, 0, is_text=True),
            link=self._format(link, 0, is_text=True),
            grave=self._format(plain, red, is_text=True),
            mild=self._format(plain, amber, is_text=True),
        )

    def _colour(self, rgb: str) -> int:
        fill = etree.SubElement(self._fills, f"{self._tag}fill")
        pattern = etree.SubElement(fill, f"{self._tag}patternFill", {"patternType": "solid"})
        etree.SubElement(pattern, f"{self._tag}fgColor", {"rgb": rgb})
        etree.SubElement(pattern, f"{self._tag}bgColor", {"indexed": "64"})
        return self._counted(self._fills)

    def _font(self, size: int, rgb: str, is_bold: bool = False, is_link: bool = False) -> int:
        font = etree.SubElement(self._fonts, f"{self._tag}font")
        if is_bold:
            etree.SubElement(font, f"{self._tag}b")
        if is_link:
            etree.SubElement(font, f"{self._tag}u")
        etree.SubElement(font, f"{self._tag}sz", {"val": str(size)})
        etree.SubElement(font, f"{self._tag}color", {"rgb": rgb})
        etree.SubElement(font, f"{self._tag}name", {"val": "Calibri"})
        etree.SubElement(font, f"{self._tag}family", {"val": "2"})
        return self._counted(self._fonts)

    def _format(self, font: int, fill: int, wraps: bool = True, is_text: bool = False) -> int:
        told = {
            "numFmtId": "49" if is_text else "0",
            "fontId": str(font),
            "fillId": str(fill),
            "borderId": "0",
        }
        told |= {"xfId": "0", "applyFont": "1", "applyFill": "1", "applyAlignment": "1"}
        if is_text:
            told |= {"applyNumberFormat": "1", "quotePrefix": "1"}
        xf = self._formats.makeelement(f"{self._tag}xf", told)
        alignment = {"vertical": "top", "horizontal": "left"} | ({"wrapText": "1"} if wraps else {})
        etree.SubElement(xf, f"{self._tag}alignment", alignment)
        return self._added(xf)

    def _added(self, xf: etree._Element) -> int:
        self._formats.append(xf)
        number = self._counted(self._formats)
        if number >= _MOST_FORMATS:
            raise OddPackage("too many cell formats")
        return number

    def _counted(self, part: etree._Element) -> int:
        children = len(list(part.iterchildren(tag=etree.Element)))
        part.set("count", str(children))
        return children - 1


def new_styles(main: str) -> bytes:
    """Styles for a workbook that has none: format 0 plain, 1 text, 2 date, 3 date and time."""
    xf = '<xf numFmtId="{}" fontId="0" fillId="0" borderId="0" xfId="0"{}/>'
    formats = (
        xf.format(0, ""),
        xf.format(49, ' applyNumberFormat="1" quotePrefix="1"'),
        xf.format(164, ' applyNumberFormat="1"'),
        xf.format(165, ' applyNumberFormat="1"'),
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="{main}">'
        '<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
        '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>'
        '<fonts count="1"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        f'<cellStyleXfs count="1">{xf.format(0, "").replace(chr(32) + "xfId=" + chr(34) + "0" + chr(34), "")}'
        f'</cellStyleXfs><cellXfs count="4">{"".join(formats)}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ).encode()
