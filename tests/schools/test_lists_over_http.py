"""The lists of schools and students: sorted by headings, page by page, all in the address, without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from lxml import html

from common.database import Store
from ground.people import Cast, invite_everyone
from ground.site import Client, Site
from schools import queries
from schools.actions import insert_students
from schools.students import StudentFacts


@pytest.fixture
def cast(sqlite_store: Store) -> Cast:
    found = invite_everyone(sqlite_store)
    students = [
        StudentFacts(
            f"SISWA {n}", date(2009, 12 - n, 5), f"331104051209{9000 + n}", sex="L", class_name=f"X-{n % 2}"
        )
        for n in range(5)
    ]
    sqlite_store.write_now(insert_students, found.sari.office_id, found.ratnas_school, students)
    return found


@pytest.fixture
def site(sqlite_store: Store, cast: Cast, tmp_path: Path) -> Iterator[Site]:
    with Site(sqlite_store, tmp_path) as running:
        yield running


def rows_of(client: Client, path: str) -> list[str]:
    """What names each row of the page's table."""
    tree = html.fromstring(client.get(path).text)
    return [row.text_content().strip() for row in tree.xpath("//tbody//th")]


def test_sari_sorts_the_schools_by_pressing_a_heading_and_pressing_it_again(site: Site) -> None:
    sari = site.as_("sari")
    own = html.fromstring(sari.get("/schools").text)
    assert own.xpath("count(//th[@aria-sort])") == 1, "the district, by which they stand"

    by_name = own.xpath("string(//thead//a[contains(., 'Sekolah')]/@href)")
    names = rows_of(sari, by_name)
    assert names == sorted(names)
    page = html.fromstring(sari.get(by_name).text)
    assert page.xpath("string(//th[contains(., 'Sekolah')]/@aria-sort)") == "ascending"

    turned = page.xpath("string(//thead//a[contains(., 'Sekolah')]/@href)")
    assert rows_of(sari, turned) == names[::-1]
    assert rows_of(sari, "/schools?sort=-students")[0] == "SMAN 1 SUKOHARJO"


def test_the_address_keeps_the_filter_the_order_and_the_page(
    site: Site, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE_SIZE", 2)
    ratna, path = site.as_("ratna"), f"/schools/{cast.ratnas_school}/students"
    page = html.fromstring(ratna.get(f"{path}?sort=-name&class=X-0").text)

    following = page.xpath("string(//a[@rel='next']/@href)")
    assert rows_of(ratna, f"{path}?sort=-name&class=X-0") == ["SISWA 4", "SISWA 2"]
    assert rows_of(ratna, following) == ["SISWA 0"]
    assert rows_of(ratna, f"{path}?sort=birth_date") == ["SISWA 4", "SISWA 3"]
    assert page.xpath("//form//input[@name='sort']/@value") == ["-name"], "a filter keeps the order"


def test_a_word_of_an_address_that_is_no_column_sorts_nothing(site: Site, cast: Cast) -> None:
    ratna, path = site.as_("ratna"), f"/schools/{cast.ratnas_school}/students"

    assert rows_of(ratna, f"{path}?sort=nik") == rows_of(ratna, path)
    assert rows_of(ratna, f"{path}?page=0") == rows_of(ratna, f"{path}?page=999") == rows_of(ratna, path)
