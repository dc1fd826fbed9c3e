"""The messages of the program and their translations: `python -m tools.catalogs [--check | --add FILE PACKAGE]`.

Without an option the catalogs are brought up to date with the source: one file a package and language, in
locale/<language>/<package>.po, sorted, without line numbers and dates, so that a change shows as that change.
English is filled with the message itself. `--check` changes nothing and fails on whatever is missing, differs
or is out of date. `--add` fills Indonesian translations from a CSV file with the columns msgid, indonesian.
"""

from __future__ import annotations

import argparse
import ast
import csv
import io
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as PoMessage
from babel.messages.extract import extract
from babel.messages.pofile import PoFileError, read_po, write_po
from jinja2.ext import babel_extract

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("common", "accounts", "schools", "imports", "campaigns", "home", "demo")
PLURAL_FORMS = {"id": "nplurals=1; plural=0;", "en": "nplurals=2; plural=(n != 1);"}
# What a package's messages are read from, beside P/**/*.py and templates/P/**.html.
FURTHER_SOURCES = {
    "common": ("server.py", "templates/base.html", "templates/pieces/**/*.html"),
    "campaigns": ("templates/print/**/*.html",),
}
# Words that are the same in both languages are listed here, so that none is taken for a forgotten translation.
SAME_IN_BOTH = "locale/same.txt"

KEYWORDS: Mapping[str, object] = {
    "_": None,
    "gettext": None,
    "N_": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
JINJA_OPTIONS = {
    # As common.page reads the templates: a message must be extracted with the very spaces it is looked up with.
    "extensions": "jinja2.ext.i18n,jinja2.ext.loopcontrols,jinja2.ext.do",
    "newstyle_gettext": "true",
    "trimmed": "true",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
    "silent": "false",
    "encoding": "utf-8",
}

# A placeholder with its name, then anything else that Python's % would read.
_NAMED = re.compile(r"%\((\w+)\)[sd]")
_LOOSE = re.compile(r"%(?!%|\(\w+\)[sd])")

Key = tuple[str, str]  # context ("" for none), msgid


class CatalogError(Exception):
    """A source or a catalog that cannot be read; the text names the file and says why."""


@dataclass(slots=True)
class Message:
    """A message as the source has it, and the files it was found in, relative to the root."""

    singular: str
    plural: str | None = None
    context: str = ""
    files: set[str] = field(default_factory=set)

    @property
    def key(self) -> Key:
        """What tells it from every other message."""
        return self.context, self.singular

    @property
    def forms(self) -> tuple[str, ...]:
        """The English, one or two forms."""
        return (self.singular,) if self.plural is None else (self.singular, self.plural)


def sources(package: str, root: Path = ROOT) -> list[Path]:
    """The files whose messages belong to the package's catalog, sorted."""
    patterns = (f"{package}/**/*.py", f"templates/{package}/**/*.html", *FURTHER_SOURCES.get(package, ()))
    return sorted({path for pattern in patterns for path in root.glob(pattern) if path.is_file()})


def messages_of(package: str, root: Path = ROOT) -> dict[Key, Message]:
    """The package's messages. Raises CatalogError for a template or module that cannot be read."""
    found: dict[Key, Message] = {}
    for path in sources(package, root):
        name = path.relative_to(root).as_posix()
        for message in _messages_in(path, name):
            known = found.setdefault(message.key, message)
            known.plural = known.plural or message.plural
            known.files.add(name)
    return found


def _messages_in(path: Path, name: str) -> Iterator[Message]:
    method = babel_extract if path.suffix == ".html" else "python"
    options = JINJA_OPTIONS if path.suffix == ".html" else {"encoding": "utf-8"}
    try:
        with path.open("rb") as file:
            for _line, message, _comments, context in extract(method, file, KEYWORDS, (), options):  # type: ignore[arg-type]
                forms = (message,) if isinstance(message, str) else tuple(message)
                if forms[0]:
                    yield Message(forms[0], forms[1] if len(forms) > 1 else None, context or "")
    except Exception as error:  # whatever a half-written template or module makes the reader raise
        raise CatalogError(f"{name}: cannot be read for its messages: {error}") from error


def catalog_path(language: str, package: str, root: Path = ROOT) -> Path:
    """Where the translations of a package into a language are kept."""
    return root / "locale" / language / f"{package}.po"


def translations_in(path: Path, strict: bool = False) -> dict[Key, PoMessage]:
    """The entries of a catalog; none where there is no file.

    Raises CatalogError for one that is damaged, if `strict`; else what can be read of it is kept.
    """
    if not path.exists():
        return {}
    try:
        with path.open("rb") as file:
            catalog = read_po(file, locale=path.parent.name, ignore_obsolete=True, abort_invalid=strict)
    except (PoFileError, ValueError) as error:
        raise CatalogError(f"{path.parent.name}/{path.name}: {error}") from error
    return {(entry.context or "", _singular(entry)): entry for entry in catalog if entry.id}


def updated(
    language: str,
    messages: Mapping[Key, Message],
    known: Mapping[Key, PoMessage],
    lent: Mapping[Key, tuple[str, ...]],
) -> str:
    """The catalog's text for these messages: `known` translations are kept, gaps filled from those `lent`."""
    catalog = Catalog(locale=language)
    catalog.mime_headers = [("Plural-Forms", PLURAL_FORMS[language])]  # Babel gives Indonesian two forms
    for key, message in messages.items():
        entry = known.get(key)
        fuzzy = entry is not None and entry.fuzzy and language != "en"
        if language == "en":
            translated = message.forms
        else:
            translated = (_translated(entry) or lent.get(key, ()))[: catalog.num_plurals]
        catalog.add(
            message.forms if message.plural else message.singular,
            (translated or ("",)) if message.plural else (translated[0] if translated else ""),
            locations=[(name, 0) for name in sorted(message.files)],
            flags=("fuzzy",) if fuzzy else (),
            context=message.context or None,
        )
    body = io.BytesIO()
    write_po(body, catalog, width=0, omit_header=True, sort_output=True, include_lineno=False)
    return _header(language) + body.getvalue().decode("utf-8").rstrip("\n") + "\n"


def _header(language: str) -> str:
    return (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {language}\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {PLURAL_FORMS[language]}\\n"\n\n'
    )


def update(root: Path = ROOT, filled: Mapping[str, Mapping[Key, tuple[str, ...]]] | None = None) -> list[str]:
    """Writes every catalog anew; answers what a person should know: what was dropped, what lacks Indonesian.

    `filled`: translations by package that take the place of those in its Indonesian catalog.
    """
    told: list[str] = []
    source = {package: messages_of(package, root) for package in PACKAGES}
    known = {package: translations_in(catalog_path("id", package, root)) for package in PACKAGES}
    for package, entries in (filled or {}).items():
        for key, translated in entries.items():
            forms = source[package][key].forms
            known[package][key] = PoMessage(
                forms if len(forms) > 1 else forms[0], translated, context=key[0] or None
            )
    lent = {
        key: forms
        for entries in known.values()
        for key, entry in entries.items()
        if (forms := _translated(entry))
    }
    for package, messages in source.items():
        dropped = [key for key in known[package] if key not in messages]
        told += [f"id/{package}: no longer used, dropped: {msgid!r}" for _, msgid in dropped]
        for language in PLURAL_FORMS:
            kept = known[package] if language == "id" else {}
            text = updated(language, messages, kept, lent) if messages else None
            _write(catalog_path(language, package, root), text)
        unfilled = [key for key in messages if not _translated(known[package].get(key)) and key not in lent]
        told += [f"id/{package}: not yet in Indonesian: {msgid!r}" for _, msgid in unfilled]
    return told


def _write(path: Path, text: str | None) -> None:
    if text is None:
        path.unlink(missing_ok=True)
    elif not path.exists() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def problems(root: Path = ROOT) -> list[str]:
    """Everything that is wrong with the catalogs, a line each, package by package; empty when all is well."""
    found: list[str] = []
    same = _same_in_both(root)
    elsewhere: dict[Key, tuple[str, str]] = {}
    for package in PACKAGES:
        try:
            messages = messages_of(package, root)
            known = {name: translations_in(catalog_path(name, package, root), True) for name in PLURAL_FORMS}
        except CatalogError as error:
            found.append(str(error))
            continue
        found += _unextractable(package, root)
        found += [
            f"{language}/{package}: out of date with the source; run make catalogs"
            for language in PLURAL_FORMS
            if _is_out_of_date(catalog_path(language, package, root), messages, known[language])
        ]
        for key, message in messages.items():
            entry = known["id"].get(key)
            here = f"id/{package}: {message.singular!r}: "
            found += [here + reason for reason in _wrong(message, entry, same)]
            if not _translated(entry):
                continue
            text = " | ".join(_translated(entry))
            other, said = elsewhere.setdefault(key, (package, text))
            if said != text:
                found.append(f"{here}{text!r} here, {said!r} in {other}")
    return found


def _is_out_of_date(path: Path, messages: Mapping[Key, Message], known: Mapping[Key, PoMessage]) -> bool:
    wanted = updated(path.parent.name, messages, known, {}) if messages else None
    return wanted != (path.read_text(encoding="utf-8") if path.exists() else None)


def _wrong(message: Message, entry: PoMessage | None, same: frozenset[str]) -> Iterator[str]:
    text = _translated(entry)
    if _is_formatted(message) and any(map(_LOOSE.search, (*message.forms, *text))):
        yield "a % that is neither %% nor %(name)s"
    if not text:
        yield "not translated"
        return
    if entry is not None and entry.fuzzy:
        yield "marked fuzzy: somebody has to look"
    asked = set().union(*(_NAMED.findall(form) for form in message.forms))
    if any(set(_NAMED.findall(form)) != asked for form in text):
        yield f"placeholders differ, the message has {', '.join(sorted(asked)) or 'none'}"
    if text[0] == message.singular and message.singular not in same and _has_words(message.singular):
        yield f"the same as the English (list it in {SAME_IN_BOTH} if it is right)"


def _is_formatted(message: Message) -> bool:
    """Templates, and modules where a name is filled in, send the message through Python's %."""
    return any(name.endswith(".html") for name in message.files) or any(map(_NAMED.search, message.forms))


def _has_words(text: str) -> bool:
    return bool(re.search(r"[^\W\d_]", _NAMED.sub("", text)))


def _same_in_both(root: Path) -> frozenset[str]:
    path = root / SAME_IN_BOTH
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return frozenset(line for line in lines if line and not line.startswith("# "))


def _unextractable(package: str, root: Path) -> Iterator[str]:
    """Messages that no catalog has, so that nobody can translate them: put together before they are looked up, or
    inside an f-string, where they are found by Python 3.12 and newer alone."""
    for path in sources(package, root):
        if path.suffix != ".py":
            continue
        name = path.relative_to(root).as_posix()
        try:
            tree = ast.parse(path.read_text(encoding="utf-8"))
        except SyntaxError as error:
            yield f"{name}: cannot be read for its messages: {error}"
            continue
        hidden = {
            node for text in ast.walk(tree) if isinstance(text, ast.JoinedStr) for node in ast.walk(text)
        }
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in KEYWORDS and isinstance(node.args[0], ast.JoinedStr | ast.BinOp):
                yield f"{name}:{node.lineno}: {called}() of a text made on the spot"
            elif called in KEYWORDS and node in hidden and isinstance(node.args[0], ast.Constant):
                yield f"{name}:{node.lineno}: {called}() inside an f-string"


def read_translations(path: Path) -> dict[str, str]:
    """msgid -> Indonesian from a CSV file. Raises CatalogError when the columns are not there."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if not {"msgid", "indonesian"} <= set(rows.fieldnames or ()):
            raise CatalogError(f"{path}: the first line must name the columns msgid and indonesian")
        return {row["msgid"]: row["indonesian"] for row in rows if row["msgid"] and row["indonesian"]}


def add(path: Path, package: str, root: Path = ROOT) -> list[str]:
    """Fills the package's Indonesian catalog from a CSV file; answers as `update`, and what found no use."""
    given = read_translations(path)
    messages = messages_of(package, root)
    used = {key: (given[key[1]],) for key in messages if key[1] in given}
    unused = sorted(set(given) - {msgid for _, msgid in used})
    return [
        *update(root, {package: used}),
        *(f"id/{package}: in the file, not in the source: {m!r}" for m in unused),
    ]


def _singular(entry: PoMessage) -> str:
    return entry.id if isinstance(entry.id, str) else entry.id[0]


def _translated(entry: PoMessage | None) -> tuple[str, ...]:
    """The forms of a translation; empty when any of them is missing."""
    if entry is None:
        return ()
    forms = (entry.string,) if isinstance(entry.string, str) else tuple(entry.string or ())
    return forms if all(forms) else ()


def main(argv: Sequence[str] | None = None) -> int:
    """The command; 1 when `--check` finds something, 2 when a file cannot be read."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.catalogs", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--check", action="store_true", help="change nothing, fail on anything wrong")
    parser.add_argument(
        "--add", nargs=2, metavar=("FILE.csv", "PACKAGE"), help="fill Indonesian from a CSV file"
    )
    asked = parser.parse_args(argv)
    if asked.add and asked.add[1] not in PACKAGES:
        parser.error(f"no package {asked.add[1]!r}; there are {', '.join(PACKAGES)}")
    try:
        told = problems() if asked.check else add(Path(asked.add[0]), asked.add[1]) if asked.add else update()
    except (CatalogError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print("\n".join(told) or "catalogs: sound")
    return 1 if asked.check and told else 0


if __name__ == "__main__":
    sys.exit(main())
