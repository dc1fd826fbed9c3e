"""The guide in the program: each role is led to its own, may read the others, and a school reads without an account."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from common.database import Store
from ground.people import invite_everyone
from ground.site import Site

LIMIT = 60 * 1024  # bytes over the wire of a page that is no list of students


@pytest.fixture
def site(sqlite_store: Store, tmp_path: Path) -> Iterator[Site]:
    invite_everyone(sqlite_store)
    with Site(sqlite_store, tmp_path) as running:
        yield running


def test_each_role_is_led_to_its_own_guide_and_may_read_the_others(site: Site) -> None:
    own = {"sari": "koordinator", "budi": "petugas", "ratna": "sekolah", "lina": "pimpinan"}
    for username, name in own.items():
        client = site.as_(username)
        assert client.get("/panduan").headers["Location"] == f"/panduan/{name}"
        assert 'href="/panduan"' in client.get("/").text
        for other in own.values():
            answer = client.get(f"/panduan/{other}")
            assert answer.status == 200
            assert (
                'aria-current="page"' in answer.text
            ) and f'href="/panduan/{other}" aria-current' in answer.text
        assert client.get("/panduan/kepala").status == 404


def test_the_guide_of_schools_is_read_before_there_is_an_account(site: Site) -> None:
    nobody = site.client()
    answer = nobody.get("/panduan/sekolah")
    assert answer.status == 200
    assert "Mengirim daftar siswa" in answer.text
    assert 'href="/my/rosters"' not in answer.text  # it leads nowhere without an account
    assert nobody.get("/panduan/koordinator").status == 302
    assert 'href="/panduan/sekolah"' in nobody.get("/login").text


def test_a_link_leads_on_only_in_the_guide_of_the_own_role(site: Site) -> None:
    assert 'href="/plan"' in _text_of(site.as_("sari").get("/panduan/koordinator").text)
    assert 'href="/plan"' not in _text_of(site.as_("budi").get("/panduan/koordinator").text)


def _text_of(page: str) -> str:
    return page[page.index('class="guide-text"') :]


def test_a_guide_is_light_and_its_pictures_come_when_asked_for(site: Site) -> None:
    sari = site.as_("sari")
    answer = sari.get("/panduan/koordinator", **{"Accept-Encoding": "gzip"})
    page = gzip.decompress(answer.body).decode()
    styles = re.findall(r'(?:href|src)="(/static/(?:css|js)/[^"]+)"', page)
    assert len(styles) == 6
    weight = len(answer.body) + sum(
        len(sari.get(path, **{"Accept-Encoding": "gzip"}).body) for path in styles
    )
    assert weight < LIMIT
    for image in re.findall(r"<img [^>]*static/guide/[^>]*>", page):
        assert re.search(r'width="\d+" height="\d+" loading="lazy"', image), image
        assert re.search(r'alt="[^"]{10,}"', image), image
        path = re.search(r'src="([^"]+)"', image)
        assert path and sari.get(path[1]).headers["Content-Type"] == "image/webp"
    assert page.count('<details class="guide-picture') == page.count('<img src="/static/guide/')
    assert "<details open" not in page


def test_an_english_reader_reads_english(site: Site) -> None:
    sari = site.as_("sari")
    sari.cookies["language"] = "en"
    page = sari.get("/panduan/koordinator").text
    assert "Setting up the office, once" in page
    assert "The pictures show the pages in Indonesian." in page
    assert "Menyiapkan dinas" not in page
