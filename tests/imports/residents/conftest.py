"""The tests of the office's own lists also use what stands beside the tests of rosters."""

from __future__ import annotations

import sys
from pathlib import Path

BESIDE = str(Path(__file__).resolve().parent.parent)
if BESIDE not in sys.path:
    sys.path.insert(0, BESIDE)
