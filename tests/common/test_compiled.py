"""Compiled templates: compiled once for all languages and starts, and anew whenever that would not be the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader
from jinja2.bccache import Bucket

from common import page
from common.compiled import CompiledTemplates


class Counted(CompiledTemplates):
    """Counts what had to be compiled: that alone is given to be kept."""

    compiled = 0

    def dump_bytecode(self, bucket: Bucket) -> None:
        """One more."""
        self.compiled += 1
        super().dump_bytecode(bucket)


class Office:
    """A start of the program."""

    def __init__(self, folder: Path, made_from: str = "these settings") -> None:
        self.folder = folder
        self.kept = Counted(folder / "__pycache__", made_from)

    @property
    def compiled(self) -> int:
        """How many templates this start compiled."""
        return self.kept.compiled

    def says(self) -> str:
        """What the template says in a new environment."""
        env = Environment(loader=FileSystemLoader(self.folder), bytecode_cache=self.kept)
        return env.get_template("page.html").render(n=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "page.html").write_text("siswa {{ n }}", encoding="utf-8")
    return tmp_path


def test_a_second_environment_and_a_second_start_compile_nothing(folder: Path) -> None:
    first = Office(folder)
    assert (first.says(), first.says(), first.compiled) == ("siswa 1", "siswa 1", 1)
    again = Office(folder)
    assert (again.says(), again.compiled) == ("siswa 1", 0)
    (kept,) = (folder / "__pycache__").iterdir()
    assert kept.stat().st_mode & 0o777 == 0o644, "another user than the one who installed reads it"


def test_a_template_that_changed_is_compiled_anew(folder: Path) -> None:
    assert Office(folder).says() == "siswa 1"
    (folder / "page.html").write_text("murid {{ n }}", encoding="utf-8")
    assert Office(folder).says() == "murid 1"


def test_other_settings_find_nothing_and_leave_one_file(folder: Path) -> None:
    Office(folder).says()
    other = Office(folder, "other settings")
    assert (other.says(), other.compiled) == ("siswa 1", 1)
    assert len(list((folder / "__pycache__").iterdir())) == 1


@pytest.mark.parametrize("left", [0, 3, 20, -5])
def test_a_file_that_was_cut_off_is_compiled_anew(folder: Path, left: int) -> None:
    Office(folder).says()
    (kept,) = (folder / "__pycache__").iterdir()
    kept.write_bytes(kept.read_bytes()[:left])
    again = Office(folder)
    assert (again.says(), again.compiled) == ("siswa 1", 1)


def test_where_nothing_can_be_kept_it_is_compiled_once_a_start(folder: Path) -> None:
    (folder / "__pycache__").write_text("no folder", encoding="utf-8")
    first = Office(folder)
    assert (first.says(), first.says(), first.compiled) == ("siswa 1", "siswa 1", 1)


def test_the_pages_of_both_languages_share_their_code() -> None:
    assert page.environment("id").bytecode_cache is page.environment("en").bytecode_cache
