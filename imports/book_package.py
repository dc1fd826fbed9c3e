"""EDGE: an .xlsx as the parts of its zip, some of them changed. Runs in the sandboxed child: the zip is a stranger's.

Only the parts that change are looked into, by a parser that expands no entity and opens nothing. What is odd raises
OddPackage, and then the book is written anew from what was read.
"""

from __future__ import annotations

import codecs
import io
import posixpath
import re
import zipfile
from collections.abc import Iterator

from lxml import etree

from imports.workbook import MAX_ENTRIES, MAX_UNPACKED

RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_TYPES = "[Content_Types].xml"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_ENCODING = re.compile(rb"<\?xml[^>]*\bencoding\s*=\s*[\"']([\w.-]+)[\"']")
_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_blank_text=False
)
_MENDING_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True
)
_PLAIN_PARSER = etree.XMLParser(
    resolve_entities=False,
    no_network=True,
    load_dtd=False,
    huge_tree=False,
    remove_comments=True,
    strip_cdata=True,
)


class OddPackage(Exception):
    """The file is not built as workbooks are."""


class Package:
    """The parts of a workbook by their names."""

    def __init__(self, data: bytes) -> None:
        """Raises OddPackage for what is no zip, or too large a one."""
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
            raise OddPackage("no zip") from None
        entries = self._archive.infolist()
        if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
            raise OddPackage("too large")
        self._entries = {entry.filename: entry for entry in entries}
        self._names = {name.casefold().lstrip("/").replace("\\", "/"): name for name in self._entries}
        self._changed: dict[str, bytes | None] = {}
        self._types: etree._Element | None = None

    def name_of(self, part: str) -> str | None:
        """The name in the zip of a part, whatever its capitals; None where there is none."""
        name = self._names.get(part.casefold().lstrip("/"))
        return None if name is None or (name in self._changed and self._changed[name] is None) else name

    def read(self, part: str) -> bytes:
        """The bytes of a part as they are now. Raises OddPackage where there is none."""
        name = self.name_of(part)
        if name is None:
            raise OddPackage("a part is missing")
        changed = self._changed.get(name)
        return changed if changed is not None else self._archive.read(self._entries[name])

    def text(self, part: str) -> bytes:
        """A part in UTF-8 in which every `<` opens or closes a tag. Raises OddPackage for one that has a DOCTYPE."""
        data = self.read(part)
        if _is_utf8(data) and b"<!" not in data:
            return data.removeprefix(codecs.BOM_UTF8)
        return etree.tostring(
            _parsed(data, _PLAIN_PARSER), xml_declaration=True, encoding="UTF-8", standalone=True
        )

    def tree(self, part: str, recovers: bool = False) -> etree._Element:
        """A part parsed. Raises OddPackage for one that has a DOCTYPE or, unless it `recovers`, is broken."""
        return _parsed(self.read(part), _MENDING_PARSER if recovers else _PARSER)

    def write(self, part: str, data: bytes) -> None:
        """Put a part in, new or in place of the old one."""
        name = self._names.setdefault(part.casefold().lstrip("/"), part)
        self._changed[name] = data

    def write_tree(self, part: str, root: etree._Element) -> None:
        """Put a parsed part in."""
        self.write(part, etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))

    def remove(self, part: str) -> None:
        """Take a part out, with its content type; does nothing where there is none."""
        name = self.name_of(part)
        if name is None:
            return
        self._changed[name] = None
        for override in list(self._content_types().iterchildren(f"{{{CONTENT_TYPES}}}Override")):
            if (override.get("PartName") or "").casefold().lstrip("/") == part.casefold():
                self._content_types().remove(override)

    def free(self, pattern: str) -> str:
        """The first name that no part has; `%d` in the pattern is a number."""
        number = 1
        while (pattern % number).casefold() in self._names:
            number += 1
        return pattern % number

    # ------------------------------------------------------------------ content types

    def say_type(self, part: str, content_type: str) -> None:
        """Say what a part is."""
        for override in self._content_types().iterchildren(f"{{{CONTENT_TYPES}}}Override"):
            if (override.get("PartName") or "").casefold().lstrip("/") == part.casefold():
                override.set("ContentType", content_type)
                return
        etree.SubElement(
            self._content_types(),
            f"{{{CONTENT_TYPES}}}Override",
            {"PartName": f"/{part}", "ContentType": content_type},
        )

    def say_extension(self, extension: str, content_type: str) -> None:
        """Say what parts of that extension are, unless it was said before."""
        types = self._content_types()
        for default in types.iterchildren(f"{{{CONTENT_TYPES}}}Default"):
            if (default.get("Extension") or "").casefold() == extension:
                return
        types.insert(
            0,
            types.makeelement(
                f"{{{CONTENT_TYPES}}}Default", {"Extension": extension, "ContentType": content_type}
            ),
        )

    def _content_types(self) -> etree._Element:
        if self._types is None:
            self._types = self.tree(_TYPES)
        return self._types

    # ------------------------------------------------------------------ relations

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """The relations of a part by id: the last word of the kind, and the part that it leads to."""
        found: dict[str, tuple[str, str]] = {}
        for relation in self._relations(part):
            if relation.get("TargetMode") == "External":
                continue
            target = (relation.get("Target") or "").replace("\\", "/")
            path = (
                target.lstrip("/")
                if target.startswith("/")
                else posixpath.join(posixpath.dirname(part), target)
            )
            kind = (relation.get("Type") or "").rsplit("/", 1)[-1]
            found[relation.get("Id") or ""] = (kind, posixpath.normpath(path))
        return found

    def relate(self, part: str, kind: str, target: str) -> str:
        """Lead from a part to another; `kind` is the whole address of the relation. Answers the relation's id."""
        root = self._relations(part)
        taken = {relation.get("Id") for relation in root}
        number = len(taken) + 1
        while f"rId{number}" in taken:
            number += 1
        etree.SubElement(
            root, f"{{{RELATIONS}}}Relationship", {"Id": f"rId{number}", "Type": kind, "Target": f"/{target}"}
        )
        self.write_tree(_relations_of(part), root)
        return f"rId{number}"

    def unrelate(self, part: str, identifier: str) -> None:
        """Take a relation of a part out."""
        root = self._relations(part)
        for relation in list(root):
            if relation.get("Id") == identifier:
                root.remove(relation)
        self.write_tree(_relations_of(part), root)

    def _relations(self, part: str) -> etree._Element:
        name = self.name_of(_relations_of(part))
        if name is None:
            return etree.fromstring(f'<Relationships xmlns="{RELATIONS}"/>')
        return self.tree(name)

    # ------------------------------------------------------------------ the whole

    def packed(self) -> bytes:
        """The zip: the parts in their old order, then the new ones."""
        if self._types is not None:
            self.write_tree(_TYPES, self._types)
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
            for name, data in self._all():
                entry = zipfile.ZipInfo(
                    name, self._entries[name].date_time if name in self._entries else _LONG_AGO
                )
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, data)
        return made.getvalue()

    def _all(self) -> Iterator[tuple[str, bytes]]:
        for name, entry in self._entries.items():
            data = self._changed.get(name, b"") if name in self._changed else self._archive.read(entry)
            if data is not None:
                yield name, data
        for name, data in self._changed.items():
            if name not in self._entries and data is not None:
                yield name, data


def _relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _is_utf8(data: bytes) -> bool:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return False
    declared = _ENCODING.match(data.removeprefix(codecs.BOM_UTF8)[:200])
    return declared is None or declared.group(1).lower() in (b"utf-8", b"utf8", b"us-ascii", b"ascii")


def _parsed(data: bytes, parser: etree.XMLParser) -> etree._Element:
    # a DOCTYPE is how entities come in, and no workbook has one; in UTF-16 it is looked for as text
    if not _is_utf8(data):
        if not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise OddPackage("an encoding that workbooks do not have")
        if "<!DOCTYPE" in data.decode("utf-16", "replace"):
            raise OddPackage("a DOCTYPE")
    elif b"<!DOCTYPE" in data:
        raise OddPackage("a DOCTYPE")
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        raise OddPackage("broken XML") from None
    if root is None:
        raise OddPackage("no XML")
    return root


def take_out(element: etree._Element) -> None:
    """Remove an element from the one that holds it."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
