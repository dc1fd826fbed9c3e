"""Settings are parsed once and fail with the name at fault."""

from __future__ import annotations

import os

import pytest

from common.settings import SettingError, settings_from


def test_without_any_setting_the_embedded_database_is_used() -> None:
    config = settings_from({})
    assert config.database_url.startswith("sqlite:///")
    assert config.address == "127.0.0.1"
    assert not config.secure


def test_https_makes_cookies_secure() -> None:
    assert settings_from({"PEREKAMAN_PUBLIC_URL": "https://rekam.example.go.id/"}).secure


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PEREKAMAN_PORT", "lots"),
        ("PEREKAMAN_PORT", "70000"),
        ("PEREKAMAN_PUBLIC_URL", "rekam.example.go.id"),
        ("PEREKAMAN_DATABASE", "mysql://localhost/x"),
        ("PEREKAMAN_PAGE_PROCESSES", "many"),
        ("PEREKAMAN_PAGE_PROCESSES", "17"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=name):
        settings_from({name: value})


@pytest.mark.parametrize(("processors", "processes"), [(1, 0), (2, 4), (4, 8), (32, 8)])
def test_pages_have_two_processes_a_processor(
    processors: int, processes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(processors)))
    assert settings_from({}).page_processes == processes
    assert settings_from({"PEREKAMAN_PAGE_PROCESSES": "3"}).page_processes == 3
