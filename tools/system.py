"""The programs the tests need from the system, found or (where apt may) installed: `python3 tools/system.py`.

Chromium draws the pages, poppler-utils reads the printed ones, PostgreSQL is the second database. Standard
library only: it runs before .venv exists.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

# Debian keeps one folder a version; the tests take the newest.
POSTGRESQL_FOLDERS = Path("/usr/lib/postgresql")
# Read by postgresql-common at installation: without it Debian starts a cluster that nobody asked for.
NO_CLUSTER = Path("/etc/postgresql-common/createcluster.d/perekaman-tests.conf")


def chromium() -> Path | None:
    """The Chromium to drive, or None where there is none."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return Path(found)
    return None


def poppler() -> Path | None:
    """pdftotext of poppler-utils, or None where it is not installed."""
    found = shutil.which("pdftotext")
    return Path(found) if found else None


def postgresql() -> Path | None:
    """The folder with initdb and pg_ctl of the newest PostgreSQL, or None where there is none."""
    versions = [path.parent for path in POSTGRESQL_FOLDERS.glob("[0-9]*/bin/initdb")]
    if versions:
        return max(versions, key=lambda folder: float(folder.parent.name))
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


NEEDED = {"chromium": chromium, "poppler-utils": poppler, "postgresql": postgresql}


def missing() -> list[str]:
    """The Debian packages whose programs are not here."""
    return [package for package, find in NEEDED.items() if find() is None]


def may_install() -> list[str] | None:
    """The words to put before apt-get: none for root, sudo where it asks no password; None where neither."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and not subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode:
        return ["sudo", "-n"]
    return None


def install(packages: Sequence[str]) -> bool:
    """Installs Debian packages by apt; False where it may not or could not, and nothing is asked."""
    prefix = may_install()
    if prefix is None:
        return False
    print("Installing by apt:", " ".join(packages), flush=True)
    apt = [
        *prefix,
        "env",
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "-qq",
        "-o",
        "DPkg::Lock::Timeout=120",
    ]
    wanted = [*apt, "install", "-y", "--no-install-recommends", "-o", "Dpkg::Use-Pty=0", *packages]
    guard = "postgresql" in packages and not NO_CLUSTER.exists()
    if guard:
        subprocess.run([*prefix, "mkdir", "-p", str(NO_CLUSTER.parent)], check=True)
        said = "create_main_cluster = false\n"
        subprocess.run(
            [*prefix, "tee", str(NO_CLUSTER)], input=said, text=True, capture_output=True, check=True
        )
    try:
        if not subprocess.run(wanted, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
            return True
        # A fresh machine has no package lists yet; a stale one names versions that are gone.
        subprocess.run([*apt, "update"], stdout=subprocess.DEVNULL)
        return not subprocess.run(wanted, stdout=subprocess.DEVNULL).returncode
    finally:
        if guard:
            subprocess.run([*prefix, "rm", "-f", str(NO_CLUSTER)], check=False)


def main() -> int:
    """Installs what is missing where it may, and says loudly what the tests will have to leave out."""
    wanted = missing()
    if wanted:
        install(wanted)
    still = missing()
    if still:
        line = "=" * 78
        print(f"{line}\nNOT HERE, AND NOT INSTALLED: {', '.join(still)}")
        print("The tests that need it are left out; with CI=true that is a failure.")
        print(f"To have it all:  sudo apt install {' '.join(still)}\n{line}", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
