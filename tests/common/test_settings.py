"""Settings are parsed once and fail with the name at fault."""

from __future__ import annotations

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
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=name):
        settings_from({name: value})
