"""What docs/install.md tells to type fits the files of deploy/ and the program."""

from __future__ import annotations

import re
from pathlib import Path

import server
from common.settings import settings_from

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
GUIDE = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
COMMANDS = "\n".join(re.findall(r"```\n(.*?)```", GUIDE, re.DOTALL))


def env() -> dict[str, str]:
    lines = (DEPLOY / "perekaman.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def unit(name: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, value in re.findall(r"^(\w+)=(.*)$", (DEPLOY / name).read_text(), re.MULTILINE):
        found.setdefault(key, []).append(value)
    return found


def test_the_settings_of_an_office_are_settings_of_the_program() -> None:
    config = settings_from(env())
    assert config.secure
    assert config.database_url == "sqlite:////var/lib/perekaman/perekaman.sqlite3"
    assert config.address == "127.0.0.1"  # only the proxy reaches it


def test_the_proxy_leads_to_where_the_program_listens_under_the_name_of_its_links() -> None:
    config = settings_from(env())
    proxy = (DEPLOY / "Caddyfile").read_text()
    assert f"reverse_proxy {config.address}:{config.port}" in proxy
    assert f"\n{config.public_url.removeprefix('https://')} {{" in proxy


def test_the_guide_names_files_and_commands_that_are_there() -> None:
    for name in re.findall(r"/srv/perekaman/(deploy/[\w.*]+)", COMMANDS):
        assert list(ROOT.glob(name)), name
    named = set(re.findall(r"sudo perekaman ([a-z-]+)", COMMANDS))
    assert named == {"create-coordinator", "restore"}
    assert named <= set(server.COMMANDS)


def test_units_run_the_program_as_its_user_in_its_folder() -> None:
    for name in ("perekaman.service", "perekaman-backup.service"):
        told = unit(name)
        assert told["User"] == ["perekaman"]
        assert told["WorkingDirectory"] == ["/srv/perekaman"]
        assert told["EnvironmentFile"] == ["/etc/perekaman.env"]
        assert told["ProtectSystem"] == ["strict"]
        assert told["StateDirectory"] == ["perekaman"]  # /var/lib/perekaman, its data
    backup = unit("perekaman-backup.service")
    (folder,) = backup["ReadWritePaths"]
    assert folder in backup["ExecStart"][0]
    assert folder in COMMANDS


def test_copies_are_at_most_35_days_old() -> None:
    assert "-mtime +35 -delete" in unit("perekaman-backup.service")["ExecStartPost"][0]
    assert unit("perekaman-backup.timer")["Persistent"] == ["true"]
