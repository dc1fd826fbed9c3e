"""A form with one file, in pieces of any size."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import upload
from common.upload import FormReader


def form(content: bytes, name: str = "daftar_pd.xlsx") -> bytes:
    """A browser's body with a field and a file."""
    return (
        b'--X\r\nContent-Disposition: form-data; name="school"\r\n\r\n20310417\r\n'
        b'--X\r\nContent-Disposition: form-data; name="file"; filename="' + name.encode() + b'"\r\n'
        b"Content-Type: application/octet-stream\r\n\r\n" + content + b"\r\n--X--\r\n"
    )


@given(content=st.binary(min_size=1, max_size=2000), piece=st.integers(1, 700))
def test_a_file_arrives_whole_however_the_body_is_cut(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, piece: int
) -> None:
    reader = FormReader("multipart/form-data; boundary=X", tmp_path_factory.mktemp("files"))
    body = form(content)
    for start in range(0, len(body), piece):
        reader.feed(body[start : start + piece])
    found = reader.finish()
    assert found is not None
    assert found.path.read_bytes() == content
    assert found.sha256 == hashlib.sha256(content).hexdigest()
    assert reader.fields == {"school": "20310417"}


def test_the_senders_file_name_is_never_a_path(tmp_path: Path) -> None:
    reader = FormReader("multipart/form-data; boundary=X", tmp_path)
    reader.feed(form(b"x", "..\\..\\etc/passwd"))
    found = reader.finish()
    assert found is not None
    assert found.name == "passwd"
    assert found.path.parent == tmp_path


def test_a_form_without_a_chosen_file_leaves_nothing_on_disk(tmp_path: Path) -> None:
    reader = FormReader("multipart/form-data; boundary=X", tmp_path)
    reader.feed(form(b"", ""))
    assert reader.finish() is None
    assert not reader.is_empty
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_is_told_apart_from_none(tmp_path: Path) -> None:
    reader = FormReader("multipart/form-data; boundary=X", tmp_path)
    reader.feed(form(b""))
    assert reader.finish() is None
    assert reader.is_empty
    assert list(tmp_path.iterdir()) == []


def test_a_file_over_the_limit_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload, "MAX_FILE", 1000)
    reader = FormReader("multipart/form-data; boundary=X", tmp_path)
    reader.feed(form(b"x" * 5000))
    assert reader.is_too_large
    assert reader.path is not None
    assert reader.path.stat().st_size <= 1000
    reader.drop()
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_form_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="json"):
        FormReader("application/json", tmp_path)
    reader = FormReader("multipart/form-data; boundary=X", tmp_path)
    with pytest.raises(ValueError, match="not a form"):
        reader.feed(b"this is not a multipart body at all")
