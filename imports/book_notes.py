"""EDGE: the notes of a worksheet (comments and the shapes they are shown in), joined to those that it has."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lxml import etree

from imports.book_package import OddPackage, Package, take_out
from imports.book_sheet import Shell, column_index, legacy_drawing_id, with_legacy_drawing
from imports.columns import column_letter

AUTHOR = "Daftar perbaikan"
"""Who wrote our notes."""
_OURS = f"{AUTHOR}:\n"
"""How they begin: so they are known again in a file that is sent once more, whatever program saved it meanwhile."""
_COMMENTS = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_V, _O, _X = (f"{{urn:schemas-microsoft-com:{name}}}" for name in ("vml", "office:office", "office:excel"))
_SHAPES_OPEN = f'<xml xmlns:v="{_V[1:-1]}" xmlns:o="{_O[1:-1]}" xmlns:x="{_X[1:-1]}">'
_NO_SHAPES = (
    f'{_SHAPES_OPEN}<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data=""/></o:shapelayout></xml>'
)
_SHAPE_TYPE = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_SHAPE = (
    '<v:shape id="_x0000_s{id}" type="#_x0000_t202" style="position:absolute;margin-left:60pt;margin-top:2pt;'
    'width:220pt;height:88pt;z-index:1;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">'
    '<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
    "<x:Anchor>{left}, 12, {top}, 2, {right}, 40, {bottom}, 6</x:Anchor><x:AutoFill>False</x:AutoFill>"
    "<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
_ID_BLOCKS = re.compile(rb"\bidmap\b[^>]*\bdata\s*=\s*[\"']([\d,\s]*)[\"']")
_SHAPE_ID = re.compile(rb"_x0000_s(\d+)")

Place = tuple[int, int]
"""A cell: the row from 1, the column from 0."""


class Notes:
    """The notes of all sheets of a book. Shapes get numbers that no other shape of the book has."""

    def __init__(self, package: Package, parts: list[str], kinds: str, main: str) -> None:
        """`parts` are the worksheets, `kinds` what the addresses of relations begin with, `main` the namespace."""
        self._package = package
        self._kinds = kinds
        self._main = main
        self._block = 1 + max((self._last_block(part) for part in parts), default=0)

    def _last_block(self, part: str) -> int:
        last = 0
        for kind, target in self._package.relations(part).values():
            if kind == "vmlDrawing" and self._package.name_of(target):
                vml = self._package.read(target)
                for blocks in _ID_BLOCKS.findall(vml):
                    last = max(
                        [last, *(int(block) for block in blocks.split(b",") if block.strip().isdigit())]
                    )
                last = max([last, *(int(number) // 1024 for number in _SHAPE_ID.findall(vml))])
        # the numbers of shapes are kept in 31 bits
        return last if last < 1_000_000 else 0

    def are_in(self, part: str) -> bool:
        """Whether a worksheet has notes of an earlier book of ours."""
        found = self._comments_of(part)
        return found is not None and AUTHOR.encode() in self._package.read(found)

    def add(self, part: str, shell: Shell, notes: Mapping[Place, tuple[str, str]]) -> bytes:
        """Give a worksheet its notes (a heading and a text by cell) and take off those of an earlier book; answers
        what stands after its rows."""
        name = self._comments_of(part)
        root = self._package.tree(name) if name else self._no_comments()
        gone = self._take_off(root) if name else set()
        self._write_in(root, notes)
        if name is None:
            name = self._package.free("xl/comments%d.xml")
            self._package.relate(part, f"{self._kinds}/comments", name)
            self._package.say_type(name, _COMMENTS)
        self._package.write_tree(name, root)

        places = {_place(comment.get("ref") or "") for comment in root.iter(f"{{{self._main}}}comment")}
        return self._show(part, shell, {place for place in places if place}, gone)

    def _comments_of(self, part: str) -> str | None:
        for kind, target in self._package.relations(part).values():
            if kind == "comments" and self._package.name_of(target):
                return target
        return None

    # ------------------------------------------------------------------ texts

    def _no_comments(self) -> etree._Element:
        return etree.fromstring(f'<comments xmlns="{self._main}"><authors/><commentList/></comments>')

    def _take_off(self, root: etree._Element) -> set[Place]:
        """Remove our notes of an earlier book, and our lines under the notes of others; answers whose shapes go."""
        gone: set[Place] = set()
        for comment in list(root.iter(f"{{{self._main}}}comment")):
            place = _place(comment.get("ref") or "")
            if "".join(map(str, comment.itertext())).strip().startswith(_OURS):
                take_out(comment)
                gone |= {place} if place else set()
            else:
                self._cut_our_lines(comment)
        return gone

    def _cut_our_lines(self, comment: etree._Element) -> None:
        is_ours = False
        for piece in list(comment.iter(f"{{{self._main}}}t")):
            text = piece.text or ""
            start = 0 if is_ours else text.find(f"\n\n{_OURS}")
            if start >= 0:
                is_ours = True
                piece.text = text[:start]

    def _write_in(self, root: etree._Element, notes: Mapping[Place, tuple[str, str]]) -> None:
        tag = f"{{{self._main}}}"
        authors, listed = root.find(f"{tag}authors"), root.find(f"{tag}commentList")
        if authors is None or listed is None:
            raise OddPackage("comments without a list")
        known = [author.text or "" for author in authors]
        if AUTHOR not in known:
            etree.SubElement(authors, f"{tag}author").text = AUTHOR
            known.append(AUTHOR)
        ours = str(known.index(AUTHOR))
        theirs = {_place(comment.get("ref") or ""): comment for comment in listed}
        for place, (heading, words) in sorted(notes.items()):
            comment = theirs.get(place)
            if comment is None:
                comment = etree.SubElement(
                    listed, f"{tag}comment", {"ref": f"{column_letter(place[1])}{place[0]}", "authorId": ours}
                )
                text = etree.SubElement(comment, f"{tag}text")
                self._add_run(text, f"{_OURS}{heading}\n", is_bold=True)
                self._add_run(text, words)
                continue
            number = comment.get("authorId") or ""
            if number.isdigit() and int(number) < len(known) and known[int(number)].startswith("tc="):
                continue  # a conversation of Excel 365: its text is not shown, so the colour and the list have to do
            found = comment.find(f"{tag}text")
            text = found if found is not None else etree.SubElement(comment, f"{tag}text")
            self._add_run(text, f"\n\n{_OURS}{heading}\n{words}")

    def _add_run(self, text: etree._Element, words: str, is_bold: bool = False) -> None:
        tag = f"{{{self._main}}}"
        run = text.makeelement(f"{tag}r")
        if is_bold:
            etree.SubElement(etree.SubElement(run, f"{tag}rPr"), f"{tag}b")
        piece = etree.SubElement(run, f"{tag}t", {"{http://www.w3.org/XML/1998/namespace}space": "preserve"})
        piece.text = words
        before = [child for child in text if child.tag in (f"{tag}t", f"{tag}r")]
        text.insert(text.index(before[-1]) + 1 if before else 0, run)

    # ------------------------------------------------------------------ shapes

    def _show(self, part: str, shell: Shell, places: set[Place], gone: set[Place]) -> bytes:
        relation = legacy_drawing_id(shell.tail)
        target = self._package.relations(part).get(relation, ("", ""))[1] if relation else ""
        if relation:
            # what Excel writes of buttons is not always XML
            root = self._package.tree(target, recovers=True)
        else:
            target = self._package.free("xl/drawings/vmlDrawing%d.vml")
            root = etree.fromstring(_NO_SHAPES)
        shown = set()
        for shape in list(root.iter(f"{_V}shape")):
            place = _place_of_shape(shape)
            if False:
                take_out(shape)
            elif place:
                shown.add(place)
        self._draw(root, sorted(places - shown))
        self._package.write(target, etree.tostring(root))
        if relation:
            return shell.tail
        self._package.say_extension("vml", _VML)
        relation = self._package.relate(part, f"{self._kinds}/vmlDrawing", target)
        return with_legacy_drawing(shell, shell.tail, relation, self._kinds)

    def _draw(self, root: etree._Element, places: list[Place]) -> None:
        """Add a shape for each place, and write their blocks of 1,024 numbers down as taken."""
        blocks = range(self._block, self._block + -(-len(places) // 1023))
        self._block = blocks.stop
        pieces = [_SHAPES_OPEN]
        if places and not any(each.get("id") == "_x0000_t202" for each in root.iter(f"{_V}shapetype")):
            pieces.append(_SHAPE_TYPE)
        for number, (row, column) in enumerate(places):
            block, within = divmod(number, 1023)
            top = max(row - 2, 0)
            pieces.append(
                _SHAPE.format(
                    id=(blocks.start + block) * 1024 + within + 1,
                    left=column + 1,
                    right=column + 4,
                    top=top,
                    bottom=top + 6,
                    row=row - 1,
                    column=column,
                )
            )
        root.extend(list(etree.fromstring("".join([*pieces, "</xml>"]))))
        for told in root.iter(f"{_O}idmap"):
            taken = [block for block in (told.get("data") or "").replace(" ", "").split(",") if block]
            told.set("data", ",".join([*taken, *map(str, blocks)]) or "1")
            break


def _place_of_shape(shape: etree._Element) -> Place | None:
    note = shape.find(f"{_X}ClientData")
    if note is None or note.get("ObjectType") != "Note":
        return None
    row, column = ((note.findtext(f"{_X}{name}") or "").strip() for name in ("Row", "Column"))
    return (int(row) + 1, int(column)) if row.isdigit() and column.isdigit() else None


def _place(reference: str) -> Place | None:
    found = re.fullmatch(r"\$?([A-Z]{1,3})\$?(\d{1,7})", reference)
    return (int(found.group(2)), column_index(found.group(1).encode())) if found else None
