"""What the guide's Markdown says: a book of tasks, each of numbered steps, with names of buttons, links and pictures.

Only what the guide needs is read; anything else is refused with its line, so that nothing is shown as stray signs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a block of a task is."""

    PARAGRAPH = "paragraph"
    STEPS = "steps"
    LIST = "list"
    NOTE = "note"
    PICTURE = "picture"


class Look(StrEnum):
    """What a piece of a line is: plain words, a name that stands on the screen, a word to learn, a link."""

    PLAIN = "plain"
    NAME = "name"
    TERM = "term"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of one look; `target` is where a link leads: a path of the program, `#task` or another book's file."""

    text: str
    look: Look = Look.PLAIN
    target: str = ""


Line = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or note (one line), steps or a list (a line each), or a picture (its name, and a line)."""

    kind: Kind
    lines: tuple[Line, ...]
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: its heading, the word that leads to it, and how."""

    title: str
    anchor: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """The guide of one role."""

    title: str
    lead: Line
    tasks: tuple[Task, ...]


class NotInTheGuide(ValueError):
    """Markdown that this guide does not use; the text says in which line."""


_MARKS = re.compile(r"\*\*(?P<name>[^*]+)\*\*|\*(?P<term>[^*]+)\*|\[(?P<link>[^\]]+)\]\((?P<to>[^)\s]+)\)")
_PICTURE = re.compile(r"!\[(?P<words>[^\]]+)\]\((?:[^)\s]*/)?(?P<name>[a-z0-9-]+)\.webp\)")
_STEP = re.compile(r"(?P<number>\d+)\. (?P<text>.+)")


def book_of(text: str) -> Book:
    """The book that the Markdown `text` is. Raises NotInTheGuide."""
    title, tasks = "", list[Task]()
    lead: Line = ()
    heading, blocks = "", list[Block]()
    for first, lines in _groups(text):
        if lines[0].startswith("# ") and not title:
            title = lines[0][2:].strip()
        elif lines[0].startswith("## ") and len(lines) == 1:
            if heading:
                tasks.append(Task(heading, anchor_of(heading), tuple(blocks)))
            heading, blocks = lines[0][3:].strip(), []
        elif heading:
            blocks.append(_block(first, lines))
        elif not lead and title:
            lead = _line(first, " ".join(lines))
        else:
            raise NotInTheGuide(f"line {first}: this stands before the first task")
    if not heading:
        raise NotInTheGuide("line 1: a guide has a title and tasks")
    tasks.append(Task(heading, anchor_of(heading), tuple(blocks)))
    return Book(title, lead, tuple(tasks))


def anchor_of(heading: str) -> str:
    """The word in an address that leads to a task: "Hari perekaman, tanpa sinyal" -> "hari-perekaman-tanpa-sinyal"."""
    return re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-")


def pieces_of(book: Book) -> Iterator[Piece]:
    """Every piece of every line, in order."""
    yield from book.lead
    for task in book.tasks:
        for block in task.blocks:
            for line in block.lines:
                yield from line


def pictures_of(book: Book) -> list[str]:
    """The names of its pictures, in order."""
    return [block.picture for task in book.tasks for block in task.blocks if block.picture]


def _groups(text: str) -> Iterator[tuple[int, list[str]]]:
    """The lines between empty ones, with the number of the first."""
    group: list[str] = []
    first = 1
    for number, line in enumerate([*text.splitlines(), ""], 1):
        if line.strip():
            first = first if group else number
            group.append(line.rstrip())
        elif group:
            yield first, group
            group = []


def _block(first: int, lines: list[str]) -> Block:
    if picture := _PICTURE.fullmatch(lines[0]):
        return Block(Kind.PICTURE, ((Piece(picture["words"]),),), picture["name"])
    if lines[0].startswith("> "):
        return Block(Kind.NOTE, (_line(first, " ".join(line.removeprefix("> ") for line in lines)),))
    if lines[0].startswith("- "):
        texts = _items(
            first, [line.removeprefix("- ") if line.startswith("- ") else f" {line}" for line in lines]
        )
        return Block(Kind.LIST, tuple(_line(first, text) for text in texts))
    if _STEP.fullmatch(lines[0]):
        steps = [_STEP.fullmatch(line) for line in lines]
        numbers = [int(step["number"]) for step in steps if step]
        if numbers != list(range(1, len(numbers) + 1)):
            raise NotInTheGuide(f"line {first}: the steps are numbered {numbers}")
        texts = _items(
            first, [step["text"] if step else f" {line}" for step, line in zip(steps, lines, strict=True)]
        )
        return Block(Kind.STEPS, tuple(_line(first, text) for text in texts))
    return Block(Kind.PARAGRAPH, (_line(first, " ".join(lines)),))


def _items(first: int, lines: list[str]) -> list[str]:
    """Items, the lines that go on (they begin with spaces) joined to theirs."""
    items: list[str] = []
    for line in lines:
        if not line.startswith(" "):
            items.append(line)
        elif line.startswith("   ") and items:
            items[-1] += " " + line.strip()
        else:
            raise NotInTheGuide(f"line {first}: {line.strip()!r} is neither an item nor indented")
    return items


def _line(first: int, text: str) -> Line:
    pieces: list[Piece] = []
    end = 0
    for mark in _MARKS.finditer(text):
        pieces.append(Piece(text[end : mark.start()]))
        if mark["name"]:
            pieces.append(Piece(mark["name"], Look.NAME))
        elif mark["term"]:
            pieces.append(Piece(mark["term"], Look.TERM))
        else:
            pieces.append(Piece(mark["link"], Look.LINK, mark["to"]))
        end = mark.end()
    pieces.append(Piece(text[end:]))
    found = tuple(piece for piece in pieces if piece.text)
    for piece in found:
        if piece.look is Look.PLAIN and re.search(r"[*`<|]|\]\(|^#", piece.text):
            raise NotInTheGuide(f"line {first}: {piece.text.strip()!r} has signs that the guide does not use")
    return found
