"""`server.py demo`: its own database, a free port, and words that say how to begin."""

from __future__ import annotations

import socket
from datetime import date
from pathlib import Path

import pytest

from common.clock import fixed_at
from common.settings import Settings
from demo import build, command


def settings_on(port: int, folder: Path) -> Settings:
    return Settings("sqlite:///demo", folder, "127.0.0.1", port, f"http://localhost:{port}")


def test_a_taken_port_is_left_alone_and_the_next_free_one_said(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        config = command.on_a_free_port(settings_on(port, tmp_path))
        assert port < config.port < port + command.PORTS_TRIED
        assert config.public_url == f"http://localhost:{config.port}"
        said = command.welcome(config, port)
    assert f"Port {port} sedang dipakai" in said
    assert f"Port {port} is taken" in said


def test_the_welcome_names_address_accounts_and_password_in_both_languages(tmp_path: Path) -> None:
    said = command.welcome(settings_on(8790, tmp_path), 8790)
    assert said.count("http://localhost:8790") == 2
    assert said.count(build.PASSWORD) == 2
    for username, _ in build.PEOPLE:
        assert said.count(f"  {username} ") == 2
    assert "Demo sudah siap" in said
    assert "The demo is ready" in said
    assert "Port" not in said


def test_the_demo_is_made_once_and_made_anew_only_when_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []

    def small(store: object, today: date, files: Path) -> None:
        made.append(today)

    monkeypatch.setattr(command, "build", small)
    with fixed_at(date(2026, 11, 24)):
        path = command.make(tmp_path, tmp_path / "files")
        assert command.make(tmp_path, tmp_path / "files") == path
        assert made == [date(2026, 11, 24)]
        command.make(tmp_path, tmp_path / "files", fresh=True)
    assert len(made) == 2
    assert [left.name for left in tmp_path.iterdir()] == ["demo.sqlite3"]


def test_a_demo_that_was_cut_short_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut_short(store: object, today: date, files: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "build", cut_short)
    with pytest.raises(KeyboardInterrupt):
        command.make(tmp_path, tmp_path / "files")
    assert not (tmp_path / "demo.sqlite3").exists()
    monkeypatch.setattr(command, "build", lambda store, today, files: None)
    assert command.make(tmp_path, tmp_path / "files").exists()
