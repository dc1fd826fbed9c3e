"""The real server, whose readers have two seconds of processor: what is slow is soon seen to be."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import server
from common.confinement import Limits
from common.sandbox import Sandbox
from imports import reading, reading_handlers

LIMITS = Limits(cpu=2, wall=15.0)


def tight_sandbox() -> Sandbox:
    """The sandbox of rosters with tight limits."""
    sandbox = reading.roster_sandbox()
    sandbox.limits = LIMITS
    return sandbox


if __name__ == "__main__":
    reading_handlers.roster_sandbox = tight_sandbox
    sys.exit(server.main([]))
