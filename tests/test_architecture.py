"""Keeps the house as docs/architecture.md draws it. Default-deny: what no table here allows is a failure."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ground.source import Import, Module, dotted, imports_of, modules, unreadable

ROOT = Path(__file__).resolve().parent.parent

# Downward: each may import those after it.
PACKAGES = ("server", "demo", "home", "imports", "campaigns", "schools", "accounts", "common")
LAYERS = ("handlers", "actions", "queries", "models")

# What a file of each kind may import of its own package and those below it (of common: see COMMON_FOR).
MAY_IMPORT = {
    "handlers": {"actions", "queries", "rule", "edge"},
    "actions": {"actions", "queries", "models", "rule", "edge"},
    "queries": {"queries", "models", "rule", "edge"},
    "models": {"models", "rule"},
    "rule": {"rule"},
    "edge": {"rule", "edge"},
    "command": {"actions", "queries", "rule", "edge", "command"},
    "demo": {"actions", "queries", "rule", "edge", "demo"},
    "server": {"handlers", "actions", "queries", "rule", "edge", "command", "demo"},
}
OUTSIDE_LIBRARIES = {
    "handlers": {"tornado"},
    "actions": {"peewee"},
    "queries": {"peewee"},
    "models": {"peewee"},
    "server": {"tornado"},
    "migrations": {"peewee", "playhouse"},
}
# Of common. Rules know its words (roles, N_) and nothing else of it.
COMMON_FOR = {
    "actions": {"access", "clock", "database", "i18n", "prepared", "settings", "tokens"},
    "queries": {"access", "clock", "database", "i18n", "ordering", "prepared", "settings", "tokens"},
    "models": {"database"},
    "rule": {"access", "i18n"},
    "edge": {"access", "i18n", "sandbox"},
    "command": {"access", "clock", "database", "i18n", "sandbox", "settings"},
    "migrations": {"database"},
}
# A rule that may use outside libraries, and why it is the one place for them.
EDGES = {
    "accounts/passwords.py": {"argon2"},  # hashes
    "campaigns/binding.py": {"pypdf"},  # papers in one file
    "campaigns/coverage_book_writing.py": {"openpyxl"},  # figures as a workbook
    "campaigns/crew_printing.py": set(),  # more pages of paper
    "campaigns/minutes_printing.py": set(),
    "campaigns/slips_printing.py": set(),
    "campaigns/letter_printing.py": set(),
    "campaigns/paper_words.py": {"babel"},  # paper: words,
    "campaigns/printing.py": {"segno"},
    "campaigns/report_printing.py": set(),  # the report for the head of the office
    "campaigns/starter_printing.py": set(),  # and another
    "campaigns/press.py": {"typst", "font_source_sans_pro"},  # and the typesetter
    "campaigns/solver.py": {"highspy"},  # the planning model
    "home/guide_books.py": set(),  # the guide as it lies in docs/guide
    "imports/column_reading.py": set(),  # the columns of a file, in the sandbox
    "imports/book_notes.py": {"lxml"},  # workbooks out: notes,
    "imports/book_package.py": {"lxml"},  # the zip and its parts,
    "imports/book_styles.py": {"lxml"},  # colours,
    "imports/book_template.py": {"openpyxl"},  # the blank one,
    "imports/findings_book.py": {"lxml"},  # and the school's own, marked
    "imports/reading.py": set(),  # the walk that runs in the sandbox
    "imports/residents/reading.py": set(),  # the same for the office's own lists
    "imports/school_reading.py": set(),  # the same for a list of schools
    "imports/workbook.py": {"python_calamine", "lxml"},  # workbooks in
}
# Still a rule in all else, so that other rules may ask it.
RULES_WITH_A_LIBRARY = {
    "campaigns/calendar.py": {"holidays"},  # national holidays and joint leave, as facts by year
}
# Subcommands of server.py that live with their part of the work.
COMMANDS = {"accounts/create_coordinator.py", "imports/check_roster.py", "campaigns/plan_file.py"}
# common is plumbing: a file that is not here has the standard library and the rest of common.
COMMON_LIBRARIES = {
    "common/database.py": {"peewee", "playhouse", "pysqlite3", "psycopg"},
    "common/handler.py": {"tornado"},
    "common/log.py": {"tornado"},
    "common/prepared.py": {"peewee"},
    "common/compiled.py": {"jinja2"},
    "common/page_processes.py": {"tornado"},
    "common/page.py": {"jinja2", "babel", "markupsafe"},
    "common/i18n.py": {"babel"},
    "common/upload.py": {"tornado", "python_multipart"},
}
# Elsewhere importlib is an import in disguise: the sandbox's child is told what to run by its name.
IMPORTS_BY_NAME = {"server.py", "common/sandbox.py", "common/fork_server.py"}
# Facts in, answers out: what of the standard library a rule may have. No files, no clock, no chance.
PURE = {
    "__future__", "abc", "base64", "binascii", "bisect", "calendar", "collections", "contextlib", "copy",
    "dataclasses", "datetime", "decimal", "difflib", "enum", "fractions", "functools", "graphlib",
    "hashlib", "heapq", "html", "ipaddress", "itertools", "json", "math", "numbers", "operator", "re",
    "statistics", "string", "struct", "textwrap", "types", "typing", "typing_extensions", "unicodedata",
    "urllib", "uuid", "zoneinfo",
}  # fmt: skip
IMPURE_CALLS = {"open", "print", "input", "exec", "eval", "__import__"}

# Exceptions: "file -> imported" and why it has to be so. One that is no longer needed fails.
EXCEPTIONS: dict[str, str] = {}
# Public functions of actions and queries that are not told which office asks, and why.
NOT_TOLD_WHO_ASKS: dict[str, str] = {
    "campaigns.tally_queries.class_tally_rows": "of a campaign already found",
    "campaigns.queries.students_of_schools": "of days already found",
    "campaigns.queries.places_of_the_student": "part of a query that says whose",
    "accounts.actions.accept_invitation": "before there is an account: the invitation's token says whose",
    "accounts.actions.end_session": "the token says whose",
    "accounts.actions.begin_attempt": "nobody has signed in",
    "accounts.actions.open_first_office": "makes the office",
    "accounts.actions.open_office": "makes the office",
    "accounts.actions.secret": "a key of the whole server",
    "accounts.actions.start_session": "makes who asks",
    "accounts.actions.touch_session": "the token says whose",
    "accounts.queries.credentials_of": "nobody has signed in",
    "accounts.queries.identity_of": "answers who asks",
    "accounts.queries.invitation_of": "before there is an account: the invitation's token says whose",
    "campaigns.actions.refresh_all_tallies": "follows a change already decided: the campaign is its caller's",
    "campaigns.actions.refresh_standings": "follows a change already decided: the campaign is its caller's",
    "campaigns.actions.refresh_standings_in": "follows a change already decided: the campaign is its caller's",
    "campaigns.actions.refresh_tallies": "follows a change already decided: the campaign is its caller's",
    "campaigns.progress.figure_queries.end_of": "a moment of the calendar: whose does not matter",
    "campaigns.feeds.queries.feed_of": "nobody has signed in: the address's token says whose",
    "campaigns.queries.day_cards": "shows days of a selection that was made for somebody",
    "campaigns.mark_queries.mark_from": "shows marks already found",
    "home.queries.visit_of": "answers who asks",
    "imports.actions.forget_old_uploads": "housekeeping of all offices",
    "imports.actions.insert_roster_rows": "follows a reading of an upload already found",
    "imports.actions.remember_changes": "follows a confirmation already decided",
    "imports.queries.cards_of": "shows uploads already found",
    "imports.queries.files_in_use": "housekeeping of all offices",
    "imports.residents.actions.forget_old_lists": "housekeeping of all offices",
    "imports.residents.queries.lists_to_read": "housekeeping of all offices",
    "imports.queries.uploads_to_read": "housekeeping of all offices",
}
# Files over the line, and why.
LONGER: dict[str, str] = {}
LONGEST = 400

WRITES = {
    "bulk_create", "bulk_update", "create", "delete", "get_or_create", "insert", "insert_from",
    "insert_many", "replace", "replace_many", "update",
}  # fmt: skip
CLOCK = {
    "date.today", "datetime.date.today", "datetime.datetime.now", "datetime.datetime.today",
    "datetime.datetime.utcnow", "datetime.now", "datetime.today", "datetime.utcnow", "time.gmtime",
    "time.localtime", "time.time", "time.time_ns",
}  # fmt: skip


def program(root: Path = ROOT) -> list[Module]:
    return modules(root, "server.py", *PACKAGES[1:], "migrations")


def kind_of(path: str) -> str:
    parts = path.removesuffix(".py").split("/")
    if path == "server.py" or parts[0] in ("migrations", "common", "demo"):
        return parts[0]
    if path in EDGES:
        return "edge"
    if path in COMMANDS:
        return "command"
    for layer in LAYERS:
        if layer in parts[1:] or parts[-1].endswith(f"_{layer}"):
            return layer
    return "rule"


def _target(imported: Import, known: set[str]) -> str | None:
    """The program's own module that an import reaches, as a path; None for the world outside."""
    parts = imported.name.split(".")
    if parts[0] not in PACKAGES:
        return None
    for length in range(len(parts), 0, -1):
        stem = "/".join(parts[:length])
        for path in (f"{stem}.py", f"{stem}/__init__.py"):
            if path in known:
                return path
    return f"{parts[0]}/__init__.py"


def _is_allowed(module: Module, target: str) -> bool:
    kind, other = kind_of(module.path), kind_of(target)
    package = target.split("/")[0].removesuffix(".py")
    if kind != "migrations" and PACKAGES.index(package) < PACKAGES.index(module.package):
        return False
    if target.endswith("__init__.py"):
        return True  # it holds nothing: see the test of that name
    if package == "common":
        names = COMMON_FOR.get(kind)
        return names is None or target.removesuffix(".py").split("/")[1] in names
    return other in MAY_IMPORT.get(kind, set())


def _outside(module: Module) -> set[str]:
    named = EDGES | RULES_WITH_A_LIBRARY
    if module.path in named:
        return named[module.path]
    if module.package == "common":
        return COMMON_LIBRARIES.get(module.path, set())
    return OUTSIDE_LIBRARIES.get(kind_of(module.path), set())


def forbidden_imports(root: Path = ROOT) -> Iterator[str]:
    """ "file -> imported" for each import that no table allows."""
    everything = program(root)
    known = {module.path for module in everything}
    for module in everything:
        for imported in imports_of(module):
            top = imported.name.split(".")[0]
            target = _target(imported, known)
            if not top or top in ("tests", "tools", "bench"):
                allowed = False
            elif top == "importlib":
                allowed = module.path in IMPORTS_BY_NAME
            elif target is not None:
                allowed = target == module.path or _is_allowed(module, target)
            elif top in sys.stdlib_module_names:
                allowed = top in PURE or kind_of(module.path) != "rule"
            else:
                allowed = top in _outside(module)
            if not allowed:
                reached = (
                    target.removesuffix(".py").replace("/", ".")
                    if target
                    else imported.name.rpartition(".")[0]
                )
                yield f"{module.path} -> {reached or imported.name}"


def impure_calls(root: Path = ROOT) -> Iterator[str]:
    for module in program(root):
        if kind_of(module.path) != "rule":
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and dotted(node.func) in IMPURE_CALLS:
                yield f"{module.path}:{node.lineno} {dotted(node.func)}()"


def foreign_writes(root: Path = ROOT) -> Iterator[str]:
    """Writes to a table by another package than the one whose models it is among."""
    for module in program(root):
        foreign = {
            imported.name.rpartition(".")[2]
            for imported in imports_of(module)
            if ".models." in imported.name and imported.name.split(".")[0] != module.package
        }
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            written = dotted(node.func.value).split(".")[0]
            if node.func.attr in WRITES and written in foreign:
                yield f"{module.path}:{node.lineno} {written}.{node.func.attr}()"


def not_told_who_asks(root: Path = ROOT) -> Iterator[str]:
    """Public functions of actions and queries that take neither who asks nor what was looked up before."""
    for module in program(root):
        if kind_of(module.path) not in ("actions", "queries") or module.package == "demo":
            continue
        # A row, or the shape a query answered with: whoever has one was told who asks.
        shapes = {
            found.name.rpartition(".")[2]
            for found in imports_of(module)
            if "models." in found.name or "queries." in found.name
        } | {node.name for node in module.public() if isinstance(node, ast.ClassDef)}
        for node in module.public():
            if isinstance(node, ast.ClassDef):
                continue
            first = next(iter((*node.args.posonlyargs, *node.args.args)), None)
            told = first is not None and first.arg in ("who", "office", "office_id")
            looked_up = (
                first is not None and first.annotation is not None and dotted(first.annotation) in shapes
            )
            if not told and not looked_up:
                yield f"{module.dotted}.{node.name}"


def without_docstring(root: Path = ROOT) -> Iterator[str]:
    for module in [*program(root), *modules(root, "tools", "bench")]:
        if module.path.startswith("migrations/"):
            continue
        for node in module.public():
            if not ast.get_docstring(node):
                yield f"{module.path}:{node.lineno} {node.name}"


def own_clocks(root: Path = ROOT) -> Iterator[str]:
    for module in [*program(root), *modules(root, "tools", "bench")]:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute) and dotted(node) in CLOCK and module.path != "common/clock.py":
                yield f"{module.path}:{node.lineno} {dotted(node)}"


def too_long(root: Path = ROOT) -> Iterator[str]:
    for module in [*program(root), *modules(root, "tools", "bench")]:
        if module.lines > LONGEST:
            yield module.path


def test_every_file_can_be_read_by_the_oldest_python() -> None:
    assert unreadable(ROOT, "server.py", *PACKAGES[1:], "migrations", "tools", "bench", "tests") == []


def test_imports_point_one_way() -> None:
    assert sorted(set(forbidden_imports()) - set(EXCEPTIONS)) == []


def test_rules_read_nothing_and_print_nothing() -> None:
    assert list(impure_calls()) == []


def test_a_table_is_written_only_by_the_package_that_owns_it() -> None:
    assert list(foreign_writes()) == []


def test_every_action_and_query_is_told_who_asks() -> None:
    assert sorted(set(not_told_who_asks()) - set(NOT_TOLD_WHO_ASKS)) == []


def test_whatever_is_public_says_what_it_answers() -> None:
    assert list(without_docstring()) == []


def test_the_time_is_asked_of_the_clock_alone() -> None:
    assert list(own_clocks()) == []


def test_no_file_is_longer_than_a_person_reads() -> None:
    assert sorted(set(too_long()) - set(LONGER)) == []


def test_a_package_holds_nothing_itself() -> None:
    held = [
        module.path
        for module in program()
        if module.path.endswith("__init__.py")
        and any(not isinstance(node, ast.Expr) for node in module.tree.body)
    ]
    assert held == []


def test_no_exception_has_outlived_its_reason() -> None:
    assert set(EXCEPTIONS) - set(forbidden_imports()) == set()
    assert set(NOT_TOLD_WHO_ASKS) - set(not_told_who_asks()) == set()
    assert set(LONGER) - set(too_long()) == set()


@pytest.mark.parametrize(
    ("path", "source", "found"),
    [
        ("accounts/queries.py", "from schools.models import School", "accounts/queries.py -> schools.models"),
        ("common/page.py", "def f():\n    import schools.names", "common/page.py -> schools.names"),
        ("schools/handlers.py", "from schools import models", "schools/handlers.py -> schools.models"),
        ("schools/handlers.py", "from schools.models import School", "schools/handlers.py -> schools.models"),
        ("schools/queries.py", "from schools import actions", "schools/queries.py -> schools.actions"),
        ("schools/nik.py", "import schools.models", "schools/nik.py -> schools.models"),
        ("schools/nik.py", "import os", "schools/nik.py -> os"),
        ("schools/nik.py", "from peewee import fn", "schools/nik.py -> peewee"),
        ("schools/nik.py", "from common.clock import today", "schools/nik.py -> common.clock"),
        ("imports/checks.py", "import openpyxl.styles", "imports/checks.py -> openpyxl"),
        ("imports/workbook.py", "import openpyxl", "imports/workbook.py -> openpyxl"),
        ("imports/actions.py", "import tornado", "imports/actions.py -> tornado"),
        ("imports/actions.py", "from campaigns import handlers", "imports/actions.py -> campaigns.handlers"),
        ("common/clock.py", "import peewee", "common/clock.py -> peewee"),
        ("common/newcomer.py", "import tornado", "common/newcomer.py -> tornado"),
        ("campaigns/capacity.py", "from .models import Campaign", "campaigns/capacity.py -> .models"),
        ("campaigns/queries.py", "import importlib", "campaigns/queries.py -> importlib"),
        ("server.py", "from schools.models import School", "server.py -> schools.models"),
    ],
)
def test_a_forbidden_import_is_found(tmp_path: Path, path: str, source: str, found: str) -> None:
    for package in PACKAGES[1:]:
        (tmp_path / package).mkdir()
        for name in ("__init__", *LAYERS, "names", "clock"):
            (tmp_path / package / f"{name}.py").touch()
    assert list(forbidden_imports(tmp_path)) == []
    (tmp_path / path).write_text(source)
    assert list(forbidden_imports(tmp_path)) == [found]


@pytest.mark.parametrize(
    ("path", "source", "check"),
    [
        ("schools/nik.py", "text = open('x')", impure_calls),
        (
            "imports/actions.py",
            "from schools.models import School\nSchool.delete().execute()",
            foreign_writes,
        ),
        ("schools/queries.py", "def schools(name: str): ...", not_told_who_asks),
        ("schools/queries.py", "def schools(): ...", not_told_who_asks),
        ("schools/queries.py", "from schools.names import X\ndef schools(x: X): ...", not_told_who_asks),
        ("schools/nik.py", "def masked(nik): return nik", without_docstring),
        ("schools/nik.py", "from datetime import date\nnow = date.today()", own_clocks),
        ("bench/x.py", "import time\nnow = time.time", own_clocks),
        ("schools/nik.py", "\n" * 401, too_long),
    ],
)
def test_each_other_check_finds_what_it_names(tmp_path: Path, path: str, source: str, check: object) -> None:
    assert callable(check)
    (tmp_path / path).parent.mkdir()
    (tmp_path / path).write_text(source)
    assert len(list(check(tmp_path))) == 1


def test_whoever_gives_or_takes_places_counts_them_again() -> None:
    """Who has a place is part of the stored counts, so a module that writes places must have them counted."""
    forgetful = []
    for module in program():
        text = {dotted(node) for node in ast.walk(module.tree) if isinstance(node, ast.Attribute | ast.Name)}
        writes = {f"Booking.{word}" for word in WRITES} & text
        if (
            writes
            and not {"refresh_tallies", "refresh_standings", "refresh_all_tallies", "keep_version"} & text
        ):
            forgetful.append(module.path)
    assert forgetful == []
