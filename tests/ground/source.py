"""Reads the program's source for the tests of its architecture; nothing is imported or run."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# requires-python of pyproject.toml.
OLDEST_PYTHON = (3, 11)

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """A source file: its path from the root, as in `schools/actions.py`, and its syntax tree."""

    path: str
    tree: ast.Module
    lines: int

    @property
    def package(self) -> str:
        """The package it belongs to; `server` for server.py."""
        return self.path.split("/")[0].removesuffix(".py")

    @property
    def dotted(self) -> str:
        """Its name as others import it."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def public(self) -> Iterator[Function | ast.ClassDef]:
        """Its own functions and classes whose names do not begin with an underscore."""
        for node in self.tree.body:
            if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
                yield node


@dataclass(frozen=True)
class Import:
    """One thing a module imports, by its whole name: `schools.actions` or `schools.actions.add_team`."""

    name: str
    line: int


def modules(root: Path, *folders: str) -> list[Module]:
    """The modules of these packages (or single files) in order; what is not there or not Python is left out."""
    found = []
    for path in _files(root, folders):
        text = path.read_text(encoding="utf-8")
        tree = _parsed(text)
        if isinstance(tree, ast.Module):
            found.append(Module(path.relative_to(root).as_posix(), tree, text.count("\n")))
    return found


def unreadable(root: Path, *folders: str) -> list[str]:
    """The files that the oldest Python of the program cannot read, with its reason."""
    return [
        f"{path.relative_to(root).as_posix()}: {why}"
        for path in _files(root, folders)
        if isinstance(why := _parsed(path.read_text(encoding="utf-8")), SyntaxError)
    ]


def _files(root: Path, folders: tuple[str, ...]) -> Iterator[Path]:
    for folder in folders:
        paths = [root / folder] if folder.endswith(".py") else sorted((root / folder).rglob("*.py"))
        yield from (path for path in paths if path.is_file())


@functools.cache  # a dozen tests read the same files
def _parsed(text: str) -> ast.Module | SyntaxError:
    try:
        return ast.parse(text, feature_version=OLDEST_PYTHON)
    except SyntaxError as error:
        return error


def imports_of(module: Module) -> Iterator[Import]:
    """All its imports, those inside functions and those only for types as well."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = "." * node.level + (node.module or "")
            yield from (Import(f"{start}.{alias.name}", node.lineno) for alias in node.names)


def dotted(node: ast.expr) -> str:
    """`datetime.now` for that expression; an empty text for one that is more than names and dots."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        start = dotted(node.value)
        return f"{start}.{node.attr}" if start else ""
    return ""
