"""Checks the syntax of the pages' scripts: `python -m tools.scripts`; says so where node is missing."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_MODULE = re.compile(r"^\s*(import|export)\b", re.MULTILINE)


def check(root: Path = ROOT) -> list[str]:
    """What node says about each script under static/ that it cannot read; empty when all are sound.

    Raises FileNotFoundError where node is not installed.
    """
    node = shutil.which("node")
    if node is None:
        raise FileNotFoundError("node")
    problems = []
    for script in sorted((root / "static").rglob("*.js")):
        source = script.read_text(encoding="utf-8")
        kind = "module" if _MODULE.search(source) else "commonjs"
        told = subprocess.run(
            [node, "--check", f"--input-type={kind}", "-"], input=source, text=True, capture_output=True
        )
        if told.returncode:
            problems.append(f"{script.relative_to(root)}:\n{told.stderr.strip()}")
    return problems


def main() -> int:
    """Prints the problems; 1 when there are some."""
    try:
        problems = check()
    except FileNotFoundError:
        print("scripts: not checked, node is not installed here (apt install nodejs)")
        return 0
    print("\n".join(problems) or "scripts: sound")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
