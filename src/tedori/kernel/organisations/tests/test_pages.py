"""What people see: their account, the members, the tokens."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from tedori.kernel.evidence.models import Entry
from tedori.kernel.organisations.models import ApiToken, Membership
from tedori.kernel.organisations.queries import members, token_actor
from tests.people import JOINED, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def head_of_chiyoda(chiyoda):
    return make_person("kobayashi", "小林誠", organisation=chiyoda, role="admin")


def text(answer):
    return answer.content.decode()


def test_a_person_sees_her_organisation_and_role(sato, browser_of):
    page = text(browser_of(sato).get("/me/"))
    assert "佐藤花子" in page
    assert "千代田区" in page
    assert "担当者" in page
    assert "/tokens/" not in page


def test_a_resident_is_told_that_she_is_one(yamamoto, browser_of):
    assert "住民" in text(browser_of(yamamoto).get("/me/"))


def test_a_visitor_has_no_account_page(client, db):
    assert client.get("/me/").status_code == 302


def test_who_is_in_two_organisations_chooses(sato, hachioji, browser_of):
    Membership.objects.create(user=sato, organisation=hachioji, role="admin", added_at=JOINED)
    client = browser_of(sato)
    assert client.get("/organisations/132012/members/").status_code == 403
    assert client.post("/me/organisation/", {"organisation": "132012"}).status_code == 302
    assert client.get("/organisations/132012/members/").status_code == 200


def test_nobody_switches_to_an_organisation_of_others_or_by_a_link(sato, hachioji, browser_of):
    client = browser_of(sato)
    assert client.post("/me/organisation/", {"organisation": "132012"}).status_code == 403
    assert client.get("/me/organisation/?organisation=131016").status_code == 405


@pytest.mark.parametrize(
    ("wanted", "landed"),
    [
        ("/evidence/", "/evidence/"),
        ("https://evil.example/", "/me/"),
        ("//evil.example", "/me/"),
        ("", "/me/"),
    ],
)
def test_switching_leads_on_inside_this_site_only(sato, browser_of, wanted, landed):
    answer = browser_of(sato).post("/me/organisation/", {"organisation": "131016", "next": wanted})
    assert answer.url == landed


def test_a_language_once_chosen_is_remembered(sato, browser_of):
    client = browser_of(sato)
    answer = client.post("/me/language/", {"language": "en"})
    assert answer.url == "/en/me/"
    assert answer.cookies["django_language"].value == "en"
    sato.refresh_from_db()
    assert sato.language == "en"
    assert client.post("/me/language/", {"language": "tlh"}).status_code == 400


def test_an_admin_manages_the_members_of_his_ward(head_of_chiyoda, yamamoto, browser_of):
    client = browser_of(head_of_chiyoda)
    home = "/organisations/131016/members/"
    assert client.post(home, {"username": "yamamoto", "role": "steward"}).status_code == 302
    assert "山本さくら" in text(client.get(home))
    assert client.post(f"{home}{yamamoto.pk}/role/", {"role": "publisher"}).status_code == 302
    assert [one.role for one in members("131016")] == ["admin", "publisher"]
    assert client.post(f"{home}{yamamoto.pk}/remove/").status_code == 302
    assert len(members("131016")) == 1
    assert Entry.objects.count() == 3


def test_what_goes_wrong_stands_in_the_form(head_of_chiyoda, browser_of):
    answer = browser_of(head_of_chiyoda).post(
        "/organisations/131016/members/", {"username": "nobody", "role": "steward"}
    )
    assert answer.status_code == 400
    assert "nobody" in text(answer)
    assert 'role="alert"' in text(answer)


def test_the_last_admin_cannot_let_himself_go(head_of_chiyoda, browser_of):
    path = f"/organisations/131016/members/{head_of_chiyoda.pk}/remove/"
    assert browser_of(head_of_chiyoda).post(path).status_code == 409


@pytest.mark.parametrize("page", ["members", "tokens"])
def test_walls_stand_before_the_question_whether_an_organisation_exists(
    head_of_chiyoda, hachioji, browser_of, page
):
    client = browser_of(head_of_chiyoda)
    assert client.get(f"/organisations/132012/{page}/").status_code == 403
    assert client.get(f"/organisations/nowhere/{page}/").status_code == 403


def test_the_platform_manages_everybody_and_registers_organisations(tanaka, chiyoda, browser_of):
    client = browser_of(tanaka)
    assert client.get("/organisations/131016/members/").status_code == 200
    assert client.get("/organisations/nowhere/members/").status_code == 404
    made = client.post("/organisations/", {"code": "acme", "name": "株式会社アクメ", "kind": "company"})
    assert made.status_code == 302
    assert "株式会社アクメ" in text(client.get("/organisations/"))
    again = client.post("/organisations/", {"code": "acme", "name": "x", "kind": "company"})
    assert again.status_code == 400
    assert "acme" in text(again)


def test_a_steward_registers_no_organisation(sato, browser_of):
    assert browser_of(sato).get("/organisations/").status_code == 403


def issue(client, **given):
    return client.post("/organisations/civic-tech/tokens/", {"label": "防災アプリ", **given})


def test_a_developer_sees_the_secret_once(ito, browser_of):
    client = browser_of(ito)
    answer = issue(client)
    secret = re.search(r'id="secret">([^<]+)<', text(answer))[1]
    assert token_actor(secret, at=timezone.now()).organisation == "civic-tech"
    assert "no-store" in answer["Cache-Control"]
    later = text(client.get("/organisations/civic-tech/tokens/"))
    assert secret not in later
    assert "防災アプリ" in later


def test_a_token_lasts_to_the_end_of_its_last_day(ito, browser_of):
    day = timezone.localdate() + timedelta(days=3)
    issue(browser_of(ito), expires=day.isoformat())
    ends = timezone.localtime(ApiToken.objects.get().expires_at)
    assert (ends.date(), ends.hour, ends.minute) == (day, 23, 59)


def test_a_day_that_has_passed_is_refused_in_the_form(ito, browser_of):
    answer = issue(browser_of(ito), expires="2020-01-01")
    assert answer.status_code == 400
    assert not ApiToken.objects.exists()


def test_scopes_that_are_not_ones_own_are_not_even_offered(ito, browser_of):
    client = browser_of(ito)
    assert "evidence.read" not in text(client.get("/organisations/civic-tech/tokens/"))
    assert issue(client, scopes="evidence.read").status_code == 400
    assert not ApiToken.objects.exists()


def test_a_token_is_revoked_by_a_button_and_not_by_a_link(ito, browser_of):
    client = browser_of(ito)
    issue(client)
    path = f"/organisations/civic-tech/tokens/{ApiToken.objects.get().pk}/revoke/"
    assert client.get(path).status_code == 405
    assert client.post(path).status_code == 302
    assert ApiToken.objects.get().revoked_at
    assert "失効" in text(client.get("/organisations/civic-tech/tokens/"))


def test_a_name_cannot_smuggle_markup(head_of_chiyoda, chiyoda, browser_of):
    make_person("eve", "<script>alert(1)</script>", organisation=chiyoda, role="member")
    page = text(browser_of(head_of_chiyoda).get("/organisations/131016/members/"))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize("path", ["me/", "organisations/", "organisations/131016/members/", "evidence/"])
def test_every_page_exists_in_english(tanaka, chiyoda, browser_of, path):
    page = text(browser_of(tanaka).get(f"/en/{path}"))
    assert '<html lang="en"' in page
    assert re.search(r"<h1[^>]*>(田中健|Organisations|Members of 千代田区|Evidence)</h1>", page)
