"""Signing in: by password, throttled and tight-lipped; by passkey; through a provider where one is set."""

import json
import os
import subprocess
import sys

import pytest
from allauth.account.adapter import get_adapter

from tedori.kernel.evidence.models import Entry
from tedori.kernel.organisations.adapters import AccountAdapter, SocialAdapter
from tedori.kernel.organisations.models import User
from tedori.kernel.organisations.signing import veiled

pytestmark = pytest.mark.django_db
PASSWORD = "forest-river-91"


@pytest.fixture(autouse=True)
def fast_hashing(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def sato_with_password(sato):
    sato.set_password(PASSWORD)
    sato.save()
    return sato


def sign_in(client, password, login="sato", **headers):
    return client.post("/account/login/", {"login": login, "password": password}, **headers)


def test_the_right_password_opens_and_leads_on(sato_with_password, client):
    answer = client.post("/account/login/?next=/me/", {"login": "sato", "password": PASSWORD, "next": "/me/"})
    assert (answer.status_code, answer.url) == (302, "/me/")
    assert "佐藤花子" in client.get("/me/").content.decode()


def test_sign_in_never_leads_to_another_site(sato_with_password, client):
    answer = client.post(
        "/account/login/", {"login": "sato", "password": PASSWORD, "next": "https://evil.example/"}
    )
    assert "evil" not in answer.url


def signings():
    return [
        (one.action.partition(".")[2], one.actor, one.organisation, one.subject, json.loads(one.grounds))
        for one in Entry.objects.filter(action__startswith="organisations.sign").order_by("number")
    ]


def test_who_signed_in_and_where_it_failed_is_written_down_without_what_was_typed(sato_with_password, client):
    sign_in(client, "wrong-password-1", REMOTE_ADDR="192.0.2.7")
    sign_in(client, "wrong-password-1", login=PASSWORD, REMOTE_ADDR="192.0.2.7")
    sign_in(client, PASSWORD, REMOTE_ADDR="198.51.100.1")
    person = f"user:{sato_with_password.pk}"
    place, other = veiled("192.0.2.7"), veiled("198.51.100.1")
    assert signings() == [
        ("sign_in_failed", "system:sign-in", "131016", person, {"known": True, "address": place}),
        ("sign_in_failed", "system:sign-in", "", "sign-in", {"known": False, "address": place}),
        ("signed_in", person, "131016", person, {"methods": ["password"], "address": other}),
    ]
    written = str(signings())
    assert not any(text in written for text in (PASSWORD, "wrong-password", "192.0.2", "198.51"))


def errors(answer):
    return answer.context["form"].non_field_errors()


def test_a_wrong_name_and_a_wrong_password_are_answered_alike(sato_with_password, client):
    wrong_password = errors(sign_in(client, "wrong-password-1"))
    wrong_name = errors(sign_in(client, "wrong-password-1", login="nobody"))
    assert wrong_password == wrong_name
    assert len(wrong_name) == 1


def test_who_guesses_is_stopped_even_with_the_right_password(sato_with_password, client):
    for _ in range(5):
        sign_in(client, "wrong-password-1")
    answer = sign_in(client, PASSWORD)
    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session


def test_a_person_registers_and_is_a_resident(client):
    answer = client.post(
        "/account/signup/", {"username": "kato", "password1": PASSWORD, "password2": PASSWORD}
    )
    assert answer.status_code == 302
    assert "住民" in client.get("/me/").content.decode()
    assert not User.objects.get(username="kato").is_staff


def test_nobody_registers_with_a_common_password(client):
    client.post(
        "/account/signup/", {"username": "kato", "password1": "password123", "password2": "password123"}
    )
    assert not User.objects.filter(username="kato").exists()


def test_signing_out_takes_a_button(sato_with_password, browser_of):
    client = browser_of(sato_with_password)
    client.get("/account/logout/")
    assert client.get("/me/").status_code == 200
    client.post("/account/logout/")
    assert client.get("/me/").status_code == 302


def test_passkeys_are_offered(client):
    assert b"passkey_login" in client.get("/account/login/").content


@pytest.mark.parametrize(
    "path", ["/account/login/", "/account/signup/", "/account/password/reset/", "/en/account/login/"]
)
def test_the_doors_wear_the_houses_own_dress(client, path):
    page = client.get(path).content.decode()
    assert 'class="skip"' in page, "kernel apps must stand before allauth in INSTALLED_APPS"
    assert page.count("<h1") == 1


@pytest.mark.parametrize(
    "path", ["/account/logout/", "/account/password/change/", "/account/2fa/", "/account/2fa/webauthn/"]
)
def test_the_pages_of_ones_own_account_wear_it_too(sato_with_password, client, path):
    sign_in(client, PASSWORD)
    answer = client.get(path)
    assert answer.status_code == 200
    assert 'class="skip"' in answer.content.decode()


def test_every_field_of_the_sign_in_has_a_label(client):
    page = client.get("/account/login/").content.decode()
    for field in ("id_login", "id_password"):
        assert f'for="{field}"' in page


def test_the_language_of_the_form_becomes_the_persons(rf):
    request = rf.post("/en/account/signup/")
    request.session = {}
    person = User(username="kato")
    form = type("Form", (), {"cleaned_data": {"username": "kato", "password1": PASSWORD}})()
    from django.utils import translation

    with translation.override("en"):
        AccountAdapter(request).save_user(request, person, form)
    assert person.language == "en"
    request.user = person
    assert AccountAdapter(request).get_login_redirect_url(request) == "/en/"


def test_the_house_uses_its_own_adapters():
    from allauth.socialaccount.adapter import get_adapter as social_adapter

    assert isinstance(get_adapter(), AccountAdapter), "settings need ACCOUNT_ADAPTER"
    assert isinstance(social_adapter(), SocialAdapter), "settings need SOCIALACCOUNT_ADAPTER"


def test_a_provider_in_the_settings_becomes_a_button(tmp_path):
    """In a fresh process, because the settings are read once."""
    script = (
        "import json, django; django.setup()\n"
        "from django.test import Client\n"
        "from django.core.management import call_command\n"
        "call_command('migrate', verbosity=0)\n"
        "page = Client(SERVER_NAME='localhost').get('/account/login/').content.decode()\n"
        "print(json.dumps(['/account/oidc/oidc/login/' in page, 'みんなのID' in page]))\n"
    )
    environment = os.environ | {
        "TEDORI_HOME": str(tmp_path),
        "TEDORI_DATABASE": f"sqlite:{tmp_path / 'db.sqlite3'}",
        "TEDORI_OIDC_ISSUER": "https://id.example.org",
        "TEDORI_OIDC_NAME": "みんなのID",
        "TEDORI_OIDC_CLIENT": "tedori",
        "TEDORI_OIDC_SECRET": "x",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == [True, True]
