"""Doors: marked, held, and known by their audience."""

import json

import pytest
from allauth.account import views as account
from allauth.mfa.base import views as mfa
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse
from ninja import NinjaAPI

from tedori.kernel.organisations import doors
from tedori.kernel.organisations.actions import issue_token
from tedori.kernel.organisations.audiences import audience, dotted, of
from tedori.kernel.organisations.rules import Forbidden, SignInNeeded, TokenRefused, TooManyRequests
from tedori.kernel.organisations.values import system_actor
from tests.people import JOINED

pytestmark = pytest.mark.django_db


def request_of(person=None, method="get", path="/somewhere/?a=1", **headers):
    request = getattr(RequestFactory(), method)(path, **headers)
    request.user = person or AnonymousUser()
    request.session = {}
    return request


@audience("staff", permission="evidence.read")
def office(request):
    """A door for tests."""
    return HttpResponse("in")


def test_a_marked_view_says_its_audience():
    assert (office.audience, office.permission, of(office)) == ("staff", "evidence.read", "staff")
    assert of(lambda request: None) is None


def test_an_audience_that_does_not_exist_is_noticed_when_it_is_written():
    with pytest.raises(ValueError, match="everybody"):
        audience("everybody")
    with pytest.raises(ValueError, match="everybody"):
        doors.door("everybody")


def test_a_browser_without_session_is_sent_to_sign_in_and_back():
    answer = office(request_of(HTTP_ACCEPT="text/html"))
    assert answer.status_code == 302
    assert answer.url == "/account/login/?next=/somewhere/%3Fa%3D1"


def test_a_program_and_a_form_are_told_instead():
    with pytest.raises(SignInNeeded):
        office(request_of(HTTP_ACCEPT="application/json"))
    with pytest.raises(SignInNeeded):
        office(request_of(method="post"))


def test_staff_without_the_permission_and_residents_are_refused(sato, ito, yamamoto):
    assert office(request_of(sato)).content == b"in"
    for person in (ito, yamamoto):
        with pytest.raises(Forbidden):
            office(request_of(person))


async def _read(request):
    return HttpResponse("in")


@pytest.mark.django_db(transaction=True)
def test_an_async_view_is_held_as_well(yamamoto):
    from asgiref.sync import async_to_sync

    view = audience("resident")(_read)
    assert async_to_sync(view)(request_of(yamamoto)).content == b"in"
    with pytest.raises(SignInNeeded):
        async_to_sync(view)(request_of(method="post"))


def test_the_doors_of_packages_are_known_by_name():
    assert of(account.login) == "public"
    assert of(account.password_change) == "resident"
    assert of(mfa.authenticate) == "public"
    assert of(mfa.index) == "resident"
    assert dotted(account.login) == "allauth.account.views.LoginView"


@pytest.mark.parametrize(
    "name",
    ["account_change_password", "account_set_password", "account_email", "account_reauthenticate",
     "mfa_index", "mfa_list_webauthn", "mfa_add_webauthn", "mfa_activate_totp", "mfa_view_recovery_codes",
     "socialaccount_connections"],
)  # fmt: skip
def test_what_the_table_calls_resident_the_package_holds(name, client):
    answer = client.get(reverse(name))
    assert answer.status_code == 302
    assert answer.url.startswith("/account/login/")


def api_with(**paths):
    api = NinjaAPI(urls_namespace="-".join(sorted(paths)), docs_url=None)
    for path, auth in paths.items():
        api.get(f"/{path}", **({"auth": auth} if auth else {}))(
            lambda request: {"by": request.auth.reference}
        )
    return {pattern.name or str(pattern.pattern): pattern.callback for pattern in api.urls[0]}


def test_a_ninja_path_has_the_audience_of_its_door_or_none():
    views = {str(of(one)) for one in api_with(open=doors.public, office=doors.staff).values()}
    assert {"public", "staff"} <= views
    bare = [one for one in api_with(bare=None).values() if "openapi" not in dotted(one)]
    assert None in [of(one) for one in bare]


def test_several_operations_on_one_path_have_the_widest_audience():
    api = NinjaAPI(urls_namespace="several", docs_url=None)
    api.get("/both", auth=doors.public)(lambda request: {})
    api.post("/both", auth=doors.partner)(lambda request: {})
    assert "public" in {of(pattern.callback) for pattern in api.urls[0] if "both" in str(pattern.pattern)}


def token_for(organisation, scopes=()):
    return issue_token(organisation=organisation, label="t", scopes=scopes, by=system_actor("t"), at=JOINED)[
        1
    ]


def test_a_partner_door_opens_to_a_token_and_not_to_a_steward(chiyoda, sato):
    secret = token_for("131016")
    assert doors.partner(request_of(HTTP_AUTHORIZATION=f"Bearer {secret}")).token_id
    with pytest.raises(Forbidden):
        doors.partner(request_of(sato))
    with pytest.raises(SignInNeeded):
        doors.partner(request_of())
    with pytest.raises(TokenRefused):
        doors.public(request_of(HTTP_AUTHORIZATION="Bearer tdr_nonsense"))


def test_a_door_with_a_permission_asks_the_tokens_scopes(chiyoda):
    reading = doors.door("partner", "evidence.read")
    with pytest.raises(Forbidden):
        reading(request_of(HTTP_AUTHORIZATION=f"Bearer {token_for('131016')}"))
    scoped = token_for("131016", ["evidence.read"])
    assert reading(request_of(HTTP_AUTHORIZATION=f"Bearer {scoped}")).scopes == {"evidence.read"}


def test_a_public_door_with_a_permission_asks_for_it_too():
    with pytest.raises(SignInNeeded):
        doors.door("public", "evidence.read")(request_of())


def test_a_session_changes_nothing_through_an_api_without_its_csrf_token(sato):
    with pytest.raises(Forbidden, match="CSRF"):
        doors.staff(request_of(sato, method="post"))
    assert doors.staff(request_of(sato)).user_id == sato.pk


def scope(*headers, client="192.0.2.7"):
    return {"type": "http", "headers": list(headers), "client": (client, 1234)}


@pytest.mark.django_db(transaction=True)
def test_hot_doors_hold_the_same_law(chiyoda, settings):
    from asgiref.sync import async_to_sync

    enter = async_to_sync(doors.admit_scope)
    bearer = (b"authorization", f"Bearer {token_for('131016')}".encode())
    assert enter(scope()).reference == "anonymous"
    assert enter(scope(bearer), "partner").organisation == "131016"
    with pytest.raises(SignInNeeded):
        enter(scope(), "partner")
    with pytest.raises(Forbidden):
        enter(scope(bearer), "staff")
    with pytest.raises(TokenRefused):
        enter(scope((b"authorization", b"Bearer x")))
    settings.RATES = {"public": "1/h"}
    enter(scope(client="192.0.2.8"))
    with pytest.raises(TooManyRequests):
        enter(scope(client="192.0.2.8"))


def test_every_page_of_this_app_says_its_audience():
    from tedori.kernel.evidence.urls import addresses as evidence
    from tedori.kernel.organisations.urls import addresses

    assert {of(one.callback) for one in [*addresses, *evidence]} == {"resident", "staff"}


def test_a_problem_at_a_door_is_json_for_programs(client):
    answer = client.get("/evidence/", headers={"accept": "application/json"})
    assert answer.status_code == 401
    assert json.loads(answer.content)["code"] == "sign-in-needed"
