"""Signing in, out and being kept out, over HTTP against the real server."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from accounts.models import Account, Audit, Invitation, LoginFailure, Session
from common.database import Store
from ground.people import PASSWORD, Cast, invite_everyone
from ground.site import Site
from schools.models import School


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
        site.client().get("/static/img/emblem.svg"),
    ):
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert site.client().get("/login").headers["Cache-Control"] == "no-store"
    assert site.client().get("/static/css/base.css").headers["X-Content-Type-Options"] == "nosniff"


def test_ratna_is_invited_sets_a_password_and_sees_only_her_school(
    site: Site, cast: Cast, store: Store
) -> None:
    sari = site.as_("sari")
    form = {"name": "Ratna Dewi", "phone": "0812 3456 789"}
    answer = sari.follow(sari.post(f"/schools/{cast.ratnas_school}/invitations", form))
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


def test_who_is_invited_is_whom_the_office_writes_to_where_nobody_was_known(
    site: Site, cast: Cast, store: Store
) -> None:
    def contact() -> tuple[str, str]:
        row = store.read_now(lambda: School.get_by_id(cast.ratnas_school))
        return row.contact_name, row.contact_phone

    sari = site.as_("sari")
    sari.cookies["language"] = "en"
    path = f"/schools/{cast.ratnas_school}/invitations"
    page = sari.follow(sari.post(path, {"name": "Ratna Dewi", "phone": "0812 3456 789"})).text
    assert "Halo Ratna Dewi" in page  # the message is Indonesian, whatever language the screen has
    assert contact() == ("Ratna Dewi", "0812 3456 789")
    sari.post(path, {"name": "Rina", "phone": "0813 1111 1111"})
    assert contact() == ("Ratna Dewi", "0812 3456 789")


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


def test_many_guesses_at_once_get_no_further_than_one_by_one(site: Site) -> None:
    def guess(number: int) -> int:
        return (
            site.client().post("/login", {"username": "budi", "password": f"tebakan nomor {number}"}).status
        )

    with ThreadPoolExecutor(20) as together:
        statuses = list(together.map(guess, range(20)))
    assert statuses.count(422) <= 6
    assert 429 in statuses


def test_a_right_password_forgets_the_wrong_ones(site: Site, store: Store) -> None:
    site.client().post("/login", {"username": "sari", "password": "bukan kata sandi"})
    site.as_("sari")
    assert store.read_now(lambda: LoginFailure.select().count()) == 0


def test_signing_in_again_ends_the_session_before(site: Site, store: Store) -> None:
    sari = site.as_("sari")
    sari.sign_in("sari")
    assert store.read_now(lambda: Session.select().count()) == 1


def test_a_withdrawn_invitation_opens_nothing(site: Site) -> None:
    sari = site.as_("sari")
    form = {"name": "Bayu Nugroho", "username": "bayu", "phone": "", "role": "officer"}
    link = sari.follow(sari.post("/people", form)).text.split(f"{site.url}/invitations/")[1][:43]
    assert sari.post("/people/invitations/1/withdraw").status == 303
    assert site.client().get(f"/invitations/{link}").status == 404


def test_the_invitations_of_a_closed_account_open_nothing(site: Site, store: Store, cast: Cast) -> None:
    sari = site.as_("sari")
    form = {"name": "Dewi Lestari", "username": "dewi", "phone": "", "role": "coordinator"}
    link = sari.follow(sari.post("/people", form)).text.split(f"{site.url}/invitations/")[1][:43]
    dewi = site.client()
    dewi.post(f"/invitations/{link}", {"password": PASSWORD, "again": PASSWORD})
    form = {"name": "Orang Lain", "username": "lain", "phone": "", "role": "coordinator"}
    second = dewi.follow(dewi.post("/people", form)).text.split(f"{site.url}/invitations/")[1][:43]
    closed = store.read_now(lambda: Account.get(Account.username == "dewi").id)
    assert sari.post(f"/people/{closed}/disable").status == 303
    assert site.client().get(f"/invitations/{second}").status == 404


def test_a_forgotten_password_is_replaced_by_a_link_and_old_sessions_end(site: Site, cast: Cast) -> None:
    budi, sari = site.as_("budi"), site.as_("sari")
    made = sari.follow(sari.post(f"/people/{cast.budi.account_id}/password"))
    link = made.text.split(f"{site.url}/invitations/")[1][:43]
    again = site.client()
    assert (
        again.post(f"/invitations/{link}", {"password": "sandi baru budi", "again": "sandi baru budi"}).status
        == 303
    )
    assert again.get("/").status == 200
    assert budi.get("/").status == 302
    assert site.client().post("/login", {"username": "budi", "password": PASSWORD}).status == 422
    assert site.client().sign_in("budi", "sandi baru budi").get("/").status == 200


def test_another_offices_people_get_no_link(site: Site, cast: Cast) -> None:
    assert site.as_("wahyu").post(f"/people/{cast.budi.account_id}/password").status == 404


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/language", {"language": "a b;c", "next": "//["}),
        ("/language", {"language": "id", "next": "/a\nb"}),
        ("/login", {"username": "😀\x00", "password": "x", "next": "//["}),
        ("/teams", {"name": "T" * 500_000, "kits": "²", "weekdays": "1"}),
        ("/teams", {"name": "Tim\u200b D", "kits": "9" * 5000, "weekdays": "1"}),
    ],
)
def test_odd_input_is_answered_never_a_server_error(site: Site, path: str, form: dict[str, str]) -> None:
    assert site.as_("sari").post(path, form).status < 500


def test_odd_addresses_are_answered_never_a_server_error(site: Site, cast: Cast) -> None:
    sari = site.as_("sari")
    for query in ("page=%C2%B2", "page=-1", "page=99999999999", "class=%00"):
        assert sari.get(f"/schools/{cast.ratnas_school}/students?{query}").status == 200
    assert sari.get(f"/schools/{cast.ratnas_school}/students?class=%ff").status == 400
    assert sari.get("/schools/999999999999999999/students").status == 404


def test_reloading_a_made_invitation_makes_no_second_one(site: Site, cast: Cast, store: Store) -> None:
    sari = site.as_("sari")
    made = sari.post(f"/schools/{cast.ratnas_school}/invitations", {"name": "Ratna Dewi", "phone": ""})
    address = made.headers["Location"]
    first, again = sari.get(address).text, sari.get(address).text
    assert f"{site.url}/invitations/" in first
    assert first == again
    assert store.read_now(lambda: Invitation.select().count()) == 1
    other = site.as_("sari").get(address).text  # another browser never shows the link
    assert f"{site.url}/invitations/" not in other


def test_a_used_link_says_so_and_leads_to_the_sign_in(site: Site) -> None:
    client = site.client()
    client.cookies["language"] = "en"
    answer = client.get("/invitations/" + "x" * 43)
    assert answer.status == 404
    assert "used already" in answer.text
    assert 'href="/login"' in answer.text


def test_closing_an_account_asks_first_and_can_be_undone(site: Site, cast: Cast) -> None:
    sari = site.as_("sari")
    path = f"/people/{cast.budi.account_id}"
    assert "Budi Santosa" in sari.get(f"{path}/disable").text
    sari.post(f"{path}/password")
    sari.post(f"{path}/disable")
    assert "Diundang" not in sari.get("/people").text
    assert sari.post(f"{path}/enable").status == 303
    site.as_("budi")


def test_switching_the_language_after_a_refused_form_leads_back_to_its_page(site: Site, cast: Cast) -> None:
    sari = site.as_("sari")
    page = f"{site.url}/people"
    form = {"name": "", "username": "", "phone": "", "role": "officer"}
    answer = sari.post("/people", form, Referer=page)
    assert answer.status == 422
    assert 'name="next" value="/people"' in answer.text
    elsewhere = sari.post("/people", form, Referer="https://evil.example/x")
    assert 'name="next" value="/"' in elsewhere.text


def test_numbers_in_sentences_are_grouped(site: Site) -> None:
    from common.page import environment

    said = environment("id").from_string("{{ ngettext('%(num)s thing', '%(num)s things', 1122) }}").render()
    assert said == "1.122 things"
