"""Makes .venv from a lock with hashes: `python3 tools/environment.py requirements.lock`.

Runs with the system's own Python, before anything is installed, so it uses the standard library only. Making
it again while the lock is unchanged costs a few hundredths of a second.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools import system

ROOT = Path(__file__).resolve().parent.parent
EVERYTHING = "requirements-dev.lock"
# What the larger lock contains as well, so that `make demo` after `make test` installs nothing.
INCLUDED = {EVERYTHING: ("requirements.lock",)}


def ensure(lock_name: str, root: Path = ROOT) -> bool:
    """Makes `root/.venv` hold what the lock names; answers whether anything had to be installed.

    Raises SystemExit with one clear sentence when it cannot be made. Two makes at once wait for each other.
    """
    (root / ".build").mkdir(exist_ok=True)
    with (root / ".build" / "environment.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not _works(root):
            _create(root)
        if _installed(root).get(lock_name) == _fingerprint(root, lock_name):
            return False
        _install(root, lock_name)
        _remember(root, lock_name)
        return True


def _python(root: Path) -> Path:
    return root / ".venv" / "bin" / "python"


def _works(root: Path) -> bool:
    """False for an environment that is missing, half made, or whose Python was replaced by an upgrade."""
    try:
        asked = subprocess.run(
            [_python(root), "-c", "import sys, pip; print('%d.%d' % sys.version_info[:2])"],
            capture_output=True,
            text=True,
            timeout=60,
        )
    except OSError:
        return False
    return asked.returncode == 0 and (root / ".venv" / "lib" / f"python{asked.stdout.strip()}").is_dir()


def _create(root: Path) -> None:
    if not _can_make_environments():
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        if not system.install([package]):
            raise SystemExit(
                f"Python's own venv is not installed. Run once:  sudo apt install {package}\n"
                "and then the same make again."
            )
    print(f"Making .venv with Python {sys.version.split()[0]}", flush=True)
    # A half-made one is cleared; nothing of the user's lives in .venv.
    shutil.rmtree(root / ".venv", ignore_errors=True)
    made = subprocess.run([sys.executable, "-m", "venv", str(root / ".venv")])
    if made.returncode:
        raise SystemExit("The environment could not be made; the reason is above.")


def _can_make_environments() -> bool:
    # Asked of a fresh interpreter: this one would remember that the modules were missing before apt ran.
    asked = subprocess.run([sys.executable, "-c", "import venv, ensurepip"], capture_output=True)
    return asked.returncode == 0


def _install(root: Path, lock_name: str) -> None:
    print(f"Installing what {lock_name} names", flush=True)
    pip = [str(_python(root)), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([*pip, "--require-hashes", "-r", str(root / lock_name)])
    if done.returncode:
        raise SystemExit(
            "The packages could not be installed; pip's reason is above. "
            "A mirror can be named with PIP_INDEX_URL; what was done so far is kept."
        )


def _fingerprint(root: Path, lock_name: str) -> str:
    return hashlib.sha256((root / lock_name).read_bytes()).hexdigest()


def _stamp(root: Path) -> Path:
    return root / ".venv" / "installed.json"


def _installed(root: Path) -> dict[str, str]:
    try:
        found = json.loads(_stamp(root).read_text())
    except (OSError, ValueError):
        return {}
    return {str(name): str(print_) for name, print_ in found.items()} if isinstance(found, dict) else {}


def _remember(root: Path, lock_name: str) -> None:
    # Only what was installed last is vouched for: another lock may have moved a version under the first.
    names = (lock_name, *INCLUDED.get(lock_name, ()))
    _stamp(root).write_text(json.dumps({name: _fingerprint(root, name) for name in names}))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: environment.py LOCK")
    ensure(sys.argv[1])
