"""Fixed windows: so many requests, then a clear refusal, then a new window."""

import pytest
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse

from tedori.kernel.organisations import rates
from tedori.kernel.organisations.rules import TooManyRequests
from tedori.kernel.organisations.values import ANONYMOUS, Actor

NOON = 1_795_000_000 - 1_795_000_000 % 3600


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = NOON

    monkeypatch.setattr(rates.time, "time", lambda: Clock.now)
    return Clock


def test_the_window_fills_and_the_next_one_is_empty_again(settings, clock):
    settings.RATES = {"public": "2/m"}
    rates.spend("public", "192.0.2.1")
    rates.spend("public", "192.0.2.1")
    clock.now += 15
    with pytest.raises(TooManyRequests) as refusal:
        rates.spend("public", "192.0.2.1")
    assert refusal.value.fields["seconds"] == 45
    assert "45" in refusal.value.todo
    rates.spend("public", "192.0.2.2")
    clock.now += 45
    rates.spend("public", "192.0.2.1")


def test_an_empty_rate_means_no_limit(settings):
    settings.RATES = {"public": ""}
    for _ in range(20_000):
        rates.spend("public", "192.0.2.1")


def test_without_a_setting_the_defaults_hold(settings):
    if hasattr(settings, "RATES"):
        del settings.RATES
    assert rates.rate("public") == rates.Rate(1200, 60)
    assert rates.rate("token") == rates.Rate(6000, 60)


@pytest.mark.parametrize("text", ["x", "0/m", "10", "10/y", "-1/s"])
def test_a_rate_that_makes_no_sense_stops_at_once(settings, text):
    settings.RATES = {"public": text}
    with pytest.raises(ImproperlyConfigured, match="public"):
        rates.spend("public", "192.0.2.1")


def test_a_count_that_the_cache_threw_out_starts_anew(settings, clock, monkeypatch):
    settings.RATES = {"public": "1/m"}
    monkeypatch.setattr(cache, "add", lambda *args, **kwargs: True)
    rates.spend("public", "192.0.2.1")
    rates.spend("public", "192.0.2.1")


def test_a_token_spends_its_own_and_everybody_else_their_addresses():
    assert rates.purse(Actor(token_id=3), "192.0.2.1") == ("token", "token:3")
    assert rates.purse(ANONYMOUS, "192.0.2.1") == ("public", "192.0.2.1")


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9", "198.51.100.1"),
        (1, "", "192.0.2.1"),
        (3, "203.0.113.9", "192.0.2.1"),
    ],
)
def test_the_address_believes_as_many_proxies_as_the_installation_has(settings, proxies, forwarded, seen):
    settings.TRUSTED_PROXIES = proxies
    assert rates.address({"REMOTE_ADDR": "192.0.2.1", "HTTP_X_FORWARDED_FOR": forwarded}) == seen


def test_the_address_itself_is_not_kept(settings, clock, monkeypatch):
    kept = []
    settings.RATES = {"public": "5/m"}
    monkeypatch.setattr(cache, "add", lambda key, *args, **kwargs: kept.append(key))
    rates.spend("public", "192.0.2.1")
    assert kept
    assert "192.0.2.1" not in kept[0]


def test_a_limited_view_counts(settings, rf, clock):
    settings.RATES = {"public": "1/m"}

    @rates.limited
    def view(request):
        return HttpResponse("in")

    assert view(rf.get("/")).content == b"in"
    with pytest.raises(TooManyRequests):
        view(rf.get("/"))
