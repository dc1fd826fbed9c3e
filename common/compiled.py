"""EDGE: compiled templates, kept between starts in templates/__pycache__ as Python keeps its own.

Compiling them all takes seconds, reading them back a tenth of that. Where the folder cannot be written they are
compiled at each start, once for both languages.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket, BytecodeCache

_SUM = 32  # bytes


class CompiledTemplates(BytecodeCache):
    """The code of every template, shared by the environments of all languages.

    `made_from` is what the code depends on beside the template's own text (the settings of the environment): code made
    with another is not found. A template that changed is compiled anew.
    """

    def __init__(self, folder: Path, made_from: str) -> None:
        self._folder = folder
        self._made_from = hashlib.sha256(f"{jinja2.__version__} {made_from}".encode()).hexdigest()[:12]
        self._known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """The code of this template into the bucket, if it is known or kept."""
        if bucket.key not in self._known:
            with suppress(OSError):
                kept = self._file(bucket.key).read_bytes()
                if _sum(kept[_SUM:]) == kept[:_SUM]:  # else it was cut off: compiled anew
                    self._known[bucket.key] = kept[_SUM:]
        if bucket.key in self._known:
            bucket.bytecode_from_string(self._known[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code, whole or not at all: several servers may start at once."""
        code = self._known[bucket.key] = bucket.bytecode_to_string()
        with suppress(OSError):
            self._folder.mkdir(exist_ok=True)
            number, name = tempfile.mkstemp(dir=self._folder)
            try:
                with os.fdopen(number, "wb") as file:
                    file.write(_sum(code) + code)
                os.chmod(name, 0o644)  # made by root when installed, read by the program's own user
                os.replace(name, self._file(bucket.key))
            except OSError:
                os.unlink(name)
            for other in self._folder.glob(f"{bucket.key}.*.code"):
                if other != self._file(bucket.key):  # of an earlier version of the program
                    other.unlink()

    def _file(self, key: str) -> Path:
        return self._folder / f"{key}.{self._made_from}.code"


def _sum(code: bytes) -> bytes:
    return hashlib.sha256(code).digest()
