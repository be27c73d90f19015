"""Tokens: shown once, kept as a digest, refused when revoked or expired."""

import logging
from datetime import UTC, date, datetime, timedelta

import pytest

from tedori.kernel.organisations import tokens as shape
from tedori.kernel.organisations.actions import issue_token, revoke_token
from tedori.kernel.organisations.models import ApiToken
from tedori.kernel.organisations.queries import token, token_actor, tokens
from tedori.kernel.organisations.rules import ExpiryPassed, Forbidden, TokenRefused, UnknownScope
from tedori.kernel.organisations.values import system_actor

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
HOUSE = system_actor("test")


def issue(organisation="131016", scopes=("evidence.read",), by=HOUSE, expires=None):
    return issue_token(
        organisation=organisation, label="取込み", scopes=scopes, by=by, at=NOW, expires=expires
    )


def test_the_secret_is_shown_once_and_kept_nowhere(chiyoda):
    value, secret = issue()
    row = ApiToken.objects.get(pk=value.id)
    assert secret.startswith(f"tdr_{value.prefix}_")
    assert secret.split("_", 2)[2] not in str(row.__dict__) + str(value)


def test_a_token_acts_for_its_organisation_within_its_scopes(chiyoda):
    value, secret = issue()
    actor = token_actor(secret, at=NOW)
    assert (actor.token_id, actor.user_id, actor.organisation) == (value.id, None, "131016")
    assert actor.scopes == {"evidence.read"}
    assert actor.roles == frozenset()


@pytest.mark.parametrize(
    "text",
    ["", "tdr_", "Bearer", "tdr_000000000000_" + "a" * 43, "tdr_xyz_" + "あ" * 43, "tdr_" + "0" * 5000],
)
def test_what_was_never_issued_is_refused(chiyoda, text):
    with pytest.raises(TokenRefused):
        token_actor(text, at=NOW)


def test_the_right_prefix_with_a_wrong_secret_is_refused(chiyoda):
    value, secret = issue()
    wrong = secret[:-1] + ("a" if secret[-1] != "a" else "b")
    with pytest.raises(TokenRefused):
        token_actor(wrong, at=NOW)


def test_an_expired_token_is_refused_from_its_last_moment_on(chiyoda):
    _, secret = issue(expires=NOW + timedelta(days=1))
    assert token_actor(secret, at=NOW + timedelta(hours=23)).token_id
    with pytest.raises(TokenRefused):
        token_actor(secret, at=NOW + timedelta(days=1))


def test_a_revoked_token_is_refused_at_once_and_cannot_be_revoked_twice(chiyoda):
    value, secret = issue()
    revoke_token(token_id=value.id, by=HOUSE, at=NOW)
    with pytest.raises(TokenRefused):
        token_actor(secret, at=NOW)
    with pytest.raises(Forbidden):
        revoke_token(token_id=value.id, by=HOUSE, at=NOW)


def test_the_day_of_the_last_use_is_noted_and_nothing_finer(chiyoda, django_assert_num_queries):
    value, secret = issue()
    assert token(value.id).last_used_on is None
    token_actor(secret, at=datetime(2026, 11, 20, 16, tzinfo=UTC))  # already the 21st in Tokyo
    assert token(value.id).last_used_on == date(2026, 11, 21)
    with django_assert_num_queries(1):
        token_actor(secret, at=datetime(2026, 11, 20, 17, tzinfo=UTC))


def test_a_token_that_would_be_dead_on_arrival_is_not_issued(chiyoda):
    with pytest.raises(ExpiryPassed):
        issue(expires=NOW)


def test_a_developer_issues_tokens_for_his_group_only_and_only_with_what_he_may(ito, chiyoda, acting):
    by = acting(ito)
    assert issue("civic-tech", scopes=(), by=by)[0].organisation == "civic-tech"
    with pytest.raises(Forbidden):
        issue("131016", scopes=(), by=by)
    with pytest.raises(UnknownScope):
        issue("civic-tech", scopes=("evidence.read",), by=by)


def test_a_steward_issues_none(sato, acting):
    with pytest.raises(Forbidden):
        issue(scopes=(), by=acting(sato))


def test_nobody_revokes_the_token_of_another_organisation(ito, chiyoda, acting):
    value, _ = issue()
    with pytest.raises(Forbidden):
        revoke_token(token_id=value.id, by=acting(ito), at=NOW)


def test_an_organisation_sees_its_own_tokens(chiyoda, hachioji):
    issue()
    issue("132012")
    assert [one.organisation for one in tokens("131016")] == ["131016"]


def test_the_request_with_a_token_acts_for_it_and_no_log_shows_the_secret(chiyoda, client, caplog):
    caplog.set_level(logging.DEBUG)
    _, secret = issue()
    answer = client.get("/me/", headers={"authorization": f"Bearer {secret}"})
    assert answer.status_code == 403  # a token is nobody's account
    assert secret not in caplog.text


def test_a_refused_token_is_not_taken_for_nobody(client, db):
    answer = client.get("/me/", headers={"authorization": "Bearer nonsense"})
    assert answer.status_code == 401


def test_a_secret_hides_itself_in_a_traceback():
    secret = shape.new_secret()
    assert secret.text not in repr(secret)
    assert shape.parse(secret.text).digest == secret.digest
