"""One sandbox for all the servers of a test run: starting its process is most of the time of a short test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from common.sandbox import Sandbox
from imports import reading_handlers
from imports.reading import roster_sandbox


class _Lent:
    """A sandbox that the server it is lent to cannot close."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.run_async = sandbox.run_async
        self.start = sandbox.start

    def close(self) -> None:
        """It goes on for the next server."""


@pytest.fixture(scope="module", autouse=True)
def warm_sandbox() -> Iterator[None]:
    """Every server of the module reads in the same, real sandbox."""
    with pytest.MonkeyPatch.context() as patch, roster_sandbox() as sandbox:
        patch.setattr(reading_handlers, "roster_sandbox", lambda: _Lent(sandbox))
        yield
