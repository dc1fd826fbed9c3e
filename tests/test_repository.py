"""The tree itself: what the README promises exists, and nothing in it belongs to one machine."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from tools import environment

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")
BINARY = {".xlsx", ".xls", ".ods", ".png", ".pdf", ".jpg", ".webp", ".woff2", ".ico", ".gz", ".zip"}
# Spelled so that this file does not hold what it looks for.
OF_ONE_MACHINE = re.compile(
    r"(?<![\w./-])/(work|root|home/\w+|Users/\w+|opt/\w+)/\w|file:/{2}|pypi\.org/simp[l]e|pythonhosted\.or[g]|--(extra-)?index-ur[l]"
)


def tracked() -> list[Path]:
    """The files that a clone has, those about to be added as well."""
    try:
        told = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            check=True,
        ).stdout.decode()
        names = [name for name in told.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        # Not a clone: a copy of the files.
        skipped = {"data", "node_modules", "__pycache__"}
        names = []
        for folder, folders, files in os.walk(ROOT):
            inner = Path(folder).relative_to(ROOT)
            folders[:] = [
                name for name in folders if name not in skipped and name in (name.lstrip("."), ".ci")
            ]
            names += [str(inner / file) for file in files]
    return [ROOT / name for name in sorted(names) if (ROOT / name).is_file()]


def targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def pins(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.\[\]-]+)==([^\s;]+)", (ROOT / lock).read_text(), re.MULTILINE))


@pytest.mark.parametrize(
    "document", ["README.md", ".ci/run", *sorted(p.name for p in ROOT.glob("docs/*.md"))]
)
def test_every_make_command_that_is_written_down_exists(document: str) -> None:
    path = ROOT / document if (ROOT / document).exists() else ROOT / "docs" / document
    commands = set(re.findall(r"(?:^|`|  )make ([a-z]+)", path.read_text(encoding="utf-8"), re.MULTILINE))
    assert commands - targets() == set()


def test_the_readme_begins_with_the_two_commands() -> None:
    blocks = re.findall(r"```\w*\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert re.findall(r"^make (\w+)", blocks[0], re.MULTILINE) == ["demo", "test"]


def test_each_target_is_listed_by_make() -> None:
    told = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    listed = set(re.findall(r"^  make ([a-z]+)", told, re.MULTILINE))
    assert listed == targets() - {"runtime", "everything", "system"}


def test_nothing_in_the_tree_belongs_to_one_machine() -> None:
    found = []
    for path in tracked():
        if path.suffix in BINARY:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if OF_ONE_MACHINE.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    assert found == []


def test_nothing_in_the_tree_is_left_over_from_a_merge() -> None:
    assert [path.name for path in tracked() if path.suffix in (".orig", ".rej")] == []


@pytest.mark.parametrize(
    "text",
    [
        "see /wor" + "k/shared",
        "cd /roo" + "t/x",
        "/hom" + "e/budi/x",
        "https://pypi.org/" + "simple",
        "fil" + "e:///x",
    ],
)
def test_what_belongs_to_one_machine_is_noticed(text: str) -> None:
    assert OF_ONE_MACHINE.search(text)


@pytest.mark.parametrize(
    "text", ["templates/home/start.html", "static/work/x", "/usr/bin/chromium", "homework/x"]
)
def test_a_path_in_the_tree_is_not_taken_for_one_of_a_machine(text: str) -> None:
    assert not OF_ONE_MACHINE.search(text)


@pytest.mark.parametrize("lock", LOCKS)
def test_everything_in_a_lock_has_its_hashes(lock: str) -> None:
    entries = re.split(r"^(?=[\w])", (ROOT / lock).read_text(), flags=re.MULTILINE)[1:]
    assert len(entries) > 5
    assert [entry.split()[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []


def test_the_locks_agree_and_hold_what_the_project_names() -> None:
    runtime, everything = (pins(lock) for lock in LOCKS)
    assert runtime.items() <= everything.items()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = {re.split(r"[\[<>=!~; ]", name)[0].lower() for name in project["project"]["dependencies"]}
    assert wanted - {name.split("[")[0].lower() for name in runtime} == set()
    tests = {re.split(r"[\[<>=!~; ]", name)[0].lower() for name in project["dependency-groups"]["dev"]}
    assert tests - {name.split("[")[0].lower() for name in everything} == set()


def test_ci_runs_the_checks_and_the_tests_and_takes_no_skip() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    lines = script.read_text().splitlines()
    assert [line for line in lines if line.startswith(("make", "CI"))] == [
        "CI=true",
        "make check",
        "make test",
    ]


def test_an_environment_is_made_again_only_when_its_lock_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed: list[str] = []
    monkeypatch.setattr(environment, "_works", lambda root: True)
    monkeypatch.setattr(environment, "_install", lambda root, lock: installed.append(lock))
    (tmp_path / ".venv").mkdir()
    for lock in LOCKS:
        (tmp_path / lock).write_text("a==1")

    assert environment.ensure("requirements-dev.lock", tmp_path)
    assert not environment.ensure("requirements-dev.lock", tmp_path)
    assert not environment.ensure("requirements.lock", tmp_path)
    (tmp_path / "requirements.lock").write_text("a==2")
    assert environment.ensure("requirements.lock", tmp_path)

    assert installed == ["requirements-dev.lock", "requirements.lock"]
