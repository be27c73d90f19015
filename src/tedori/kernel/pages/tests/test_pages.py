"""The frame around every page: languages, landmarks, policy, and pages that work alone."""

import re

import pytest
from django.test import RequestFactory

from tedori.kernel.pages.context import house
from tedori.kernel.pages.security import policy
from tedori.kernel.pages.values import page_of

PUBLIC = ("/", "/about", "/accessibility", "/apis", "/styleguide")


@pytest.mark.django_db
@pytest.mark.parametrize("address", PUBLIC)
@pytest.mark.parametrize(("prefix", "language"), [("", "ja"), ("/en", "en")])
def test_each_page_has_its_language_one_heading_a_skip_link_and_landmarks(client, address, prefix, language):
    text = client.get(prefix + address).content.decode()
    assert f'<html lang="{language}">' in text
    assert len(re.findall(r"<h1[ >]", text)) == 1
    assert 'class="skip" href="#content"' in text
    for landmark in ("<header", '<main id="content"', "<footer"):
        assert text.count(landmark) == 1


@pytest.mark.django_db
def test_a_page_links_to_itself_in_the_other_language_with_its_query(client):
    assert 'href="/en/about?a=1"' in client.get("/about?a=1").content.decode()
    assert 'href="/about?a=1"' in client.get("/en/about?a=1").content.decode()


@pytest.mark.django_db
def test_nothing_on_a_page_stands_inline_that_the_policy_forbids(client):
    answer = client.get("/styleguide")
    text = answer.content.decode()
    assert answer["Content-Security-Policy"] == policy()
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert not re.search(r"<[^>]+ style=", text)
    assert "<style" not in text
    assert not re.search(r"<script(?![^>]* src=)(?![^>]*application/(?:ld\+)?json)", text)


def test_the_policy_admits_the_map_tiles_and_the_sign_in_service_that_are_set():
    found = policy(tiles="https://tiles.example/{z}/{x}/{y}.png", issuer="https://id.example/realm")
    assert "img-src 'self' data: https://tiles.example;" in found
    assert "form-action 'self' https://id.example;" in found


@pytest.mark.django_db
def test_what_is_not_found_says_so_in_the_readers_language(client):
    missing = client.get("/en/no-such-page")
    assert missing.status_code == 404
    assert "Page not found" in missing.content.decode()


@pytest.mark.django_db
def test_the_page_of_a_bug_stands_without_any_context(client, monkeypatch):
    def broken(request):
        raise RuntimeError("a bug")

    monkeypatch.setattr("tedori.kernel.pages.context.entries", broken)
    client.raise_request_exception = False
    answer = client.get("/about")
    assert answer.status_code == 500
    assert "こちら側の不具合" in answer.content.decode()
    assert "Something went wrong on our side" in answer.content.decode()


@pytest.mark.django_db
def test_a_refused_token_still_gets_a_frame():
    request = RequestFactory().get("/", headers={"authorization": "Bearer tdr_wrong"})
    assert house(request)["house"].work == ()


@pytest.mark.parametrize(
    ("wanted", "number", "first", "last"),
    [(None, 1, 1, 10), ("3", 3, 21, 25), ("99", 3, 21, 25), ("x", 1, 1, 10)],
)
def test_a_page_number_that_makes_no_sense_gives_the_nearest_page(wanted, number, first, last):
    page = page_of(tuple(range(25)), number=wanted, size=10)
    assert (page.number, page.first_row, page.last_row) == (number, first, last)


def test_long_lists_link_to_first_last_and_neighbours():
    assert page_of(tuple(range(240)), number="6", size=20).numbers == (1, 0, 4, 5, 6, 7, 8, 0, 12)
    assert page_of((), number="1").numbers == (1,)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("username", "offered"),
    [
        ("yamamoto", ["/me/"]),
        ("ito", ["/me/"]),
        ("sato", ["/me/", "/evidence/"]),
        ("tanaka", ["/me/", "/evidence/", "/events/", "/organisations/"]),
    ],
)
def test_the_menu_offers_only_doors_that_open(request, browser_of, username, offered):
    browser = browser_of(request.getfixturevalue(username))
    text = browser.get("/about").content.decode()
    doors = ("/me/", "/evidence/", "/events/", "/organisations/")
    assert [door for door in doors if f'<li><a href="{door}"' in text] == offered
    assert {browser.get(door).status_code for door in offered} == {200}
