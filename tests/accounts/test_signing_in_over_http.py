"""Signing in, out and being kept out, over HTTP against the real server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from accounts.models import Audit, Session
from common.database import Store
from ground.people import PASSWORD, Cast, invite_everyone
from ground.site import Site


@pytest.fixture
def cast(store: Store) -> Cast:
    return invite_everyone(store)


@pytest.fixture
def site(store: Store, cast: Cast, tmp_path: Path) -> Iterator[Site]:
    with Site(store, tmp_path) as running:
        yield running


def test_sari_signs_in_and_sees_her_first_page(site: Site) -> None:
    answer = site.as_("sari").get("/")
    assert answer.status == 200
    assert "Sari Wulandari" in answer.text


def test_nobody_gets_in_without_signing_in(site: Site) -> None:
    answer = site.client().get("/schools")
    assert answer.status == 302
    assert answer.headers["Location"].startswith("/login?next=%2Fschools")


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(site: Site) -> None:
    wrong = site.client().post("/login", {"username": "sari", "password": "bukan kata sandi"})
    unknown = site.client().post("/login", {"username": "hantu", "password": "bukan kata sandi"})
    assert wrong.status == unknown.status == 422
    assert wrong.text.replace("sari", "hantu") == unknown.text


def test_after_many_wrong_passwords_even_the_right_one_waits(site: Site) -> None:
    for _ in range(6):
        site.client().post("/login", {"username": "sari", "password": "bukan kata sandi"})
    answer = site.client().post("/login", {"username": "sari", "password": PASSWORD})
    assert answer.status == 429


def test_signing_out_ends_the_session_in_the_database_too(site: Site, store: Store) -> None:
    sari = site.as_("sari")
    cookie = dict(sari.cookies)
    sari.post("/logout")
    sari.cookies = cookie
    assert sari.get("/schools").status == 302
    assert store.read_now(lambda: Session.select().count()) == 0


def test_a_form_from_another_site_changes_nothing(site: Site) -> None:
    sari = site.as_("sari")
    sari.origin = "https://evil.example"
    assert sari.post("/teams", {"name": "Tim C", "kits": "2", "weekdays": "1"}).status == 403


def test_a_request_with_our_cookie_that_hides_its_origin_is_refused(site: Site) -> None:
    sari = site.as_("sari")
    sari.origin = None
    assert sari.post("/teams", {"name": "Tim C", "kits": "2", "weekdays": "1"}).status == 403


def test_a_login_leads_only_to_our_own_pages(site: Site) -> None:
    for address in ("https://evil.example/", "//evil.example", "/\\evil.example"):
        answer = site.client().post("/login", {"username": "sari", "password": PASSWORD, "next": address})
        assert answer.headers["Location"] == "/"


def test_the_school_of_another_office_is_missing_exactly_like_one_that_never_was(
    site: Site, cast: Cast
) -> None:
    wahyu = site.as_("wahyu")
    others = wahyu.get(f"/schools/{cast.ratnas_school}")
    never = wahyu.get("/schools/999999")
    assert others.status == never.status == 404
    assert others.text.replace(f"/schools/{cast.ratnas_school}", "/schools/999999") == never.text


def test_joko_cannot_see_the_students_of_ratnas_school(site: Site, cast: Cast) -> None:
    assert site.as_("joko").get(f"/schools/{cast.ratnas_school}/students").status == 404
    assert site.as_("ratna").get(f"/schools/{cast.ratnas_school}/students").status == 200


def test_every_page_carries_the_security_headers(site: Site) -> None:
    for answer in (
        site.client().get("/login"),
        site.client().get("/nothing"),
        site.client().get("/static/css/base.css"),
    ):
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert site.client().get("/login").headers["Cache-Control"] == "no-store"


def test_ratna_is_invited_sets_a_password_and_sees_only_her_school(
    site: Site, cast: Cast, store: Store
) -> None:
    sari = site.as_("sari")
    answer = sari.post(
        f"/schools/{cast.ratnas_school}/invitations", {"name": "Ratna Dewi", "phone": "0812 3456 789"}
    )
    assert "https://wa.me/628123456789?text=" in answer.text
    link = answer.text.split(f"{site.url}/invitations/")[1][:43]

    ratna = site.client()
    assert "SMAN 1 SUKOHARJO" in ratna.get(f"/invitations/{link}").text
    short = ratna.post(f"/invitations/{link}", {"password": "pendek", "again": "pendek"})
    assert short.status == 422
    done = ratna.post(f"/invitations/{link}", {"password": PASSWORD + "!", "again": PASSWORD + "!"})
    assert done.status == 303
    assert ratna.get(f"/schools/{cast.ratnas_school}/students").status == 200
    assert ratna.get(f"/schools/{cast.jokos_school}/students").status == 404

    again = site.client().get(f"/invitations/{link}")
    assert again.status == 404
    acts = store.read_now(lambda: [row.act for row in Audit.select()])
    assert "invited" in acts


def test_a_disabled_account_is_signed_out_at_once(site: Site, cast: Cast) -> None:
    budi, sari = site.as_("budi"), site.as_("sari")
    sari.post(f"/people/{cast.budi.account_id}/disable")
    assert budi.get("/").status == 302
    assert site.client().post("/login", {"username": "budi", "password": PASSWORD}).status == 422


def test_the_language_is_switched_and_remembered(site: Site) -> None:
    client = site.client()
    assert '<html lang="id"' in client.get("/login").text
    client.post("/language", {"language": "en", "next": "/login"})
    assert '<html lang="en"' in client.get("/login").text
