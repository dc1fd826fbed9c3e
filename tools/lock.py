"""Pins the dependencies of pyproject.toml, with hashes and without addresses: `python3 tools/lock.py [--upgrade]`.

uv resolves them, in an environment of its own under .build. Versions already pinned stay where they can.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The oldest Python that the program runs on: what it pins runs on the newer ones as well.
PYTHON = "3.11"
LOCKS = (("requirements.lock", ()), ("requirements-dev.lock", ("--group", "dev")))


def main(arguments: list[str]) -> int:
    """Writes both locks; stops at the first that cannot be resolved."""
    folder = ROOT / ".build" / "lock"
    uv = folder / "bin" / "uv"
    if not uv.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "uv"], check=True)
    for name, options in LOCKS:
        shape = ["--universal", "--generate-hashes", "--no-emit-index-url", "--no-header"]
        command = [
            str(uv),
            "pip",
            "compile",
            "--quiet",
            *shape,
            *options,
            "--python-version",
            PYTHON,
            "--output-file",
            name,
            *arguments,
        ]
        if subprocess.run([*command, "pyproject.toml"], cwd=ROOT, stdout=subprocess.DEVNULL).returncode:
            print(f"{name} is as it was; the reason is above.", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
