"""Law 3: every route declares its audience and turns the others away."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tedori.kernel.discovery import rooms
from tedori.kernel.organisations import audiences

SAMPLES = {"int": "1", "uuid": "00000000-0000-4000-8000-000000000000", "path": "a/b", "slug": "a", "str": "a"}
REFUSED = {302, 401, 403}


def walk(resolver, prefix=""):
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern.callback


def sample(route):
    """A path that a route matches, or None for regular expressions."""
    if re.search(r"[\^$\\]", route):
        return None
    return "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda found: SAMPLES.get(found[1] or "str", "a"), route)


ROUTES = sorted(set((route, audiences.of(callback)) for route, callback in walk(get_resolver())), key=str)


def closed(*names):
    return [sample(route) for route, name in ROUTES if name in names and sample(route)]


def test_every_route_declares_who_may_come_in():
    assert len(ROUTES) > 20
    assert [route for route, audience in ROUTES if audience not in audiences.AUDIENCES] == []


def test_every_hot_door_declares_who_may_come_in():
    for room in rooms("tedori.services", "api"):
        for prefix, _door, audience in getattr(room, "HOT", ()):
            assert prefix.startswith("/")
            assert audience in audiences.AUDIENCES


@pytest.mark.django_db
@pytest.mark.parametrize("path", closed("resident", "staff", "partner"))
def test_a_stranger_is_turned_away(path):
    assert Client().get(path).status_code in REFUSED | {405}


@pytest.mark.django_db
@pytest.mark.parametrize("path", [path for path in closed("staff", "partner") if path[:7] != "/admin/"])
def test_a_resident_is_turned_away_from_the_offices(path, yamamoto, browser_of):
    assert browser_of(yamamoto).get(path).status_code in {401, 403, 405}


@pytest.mark.django_db
@pytest.mark.parametrize("path", closed("resident", "staff", "partner"))
def test_a_stranger_can_change_nothing(path):
    assert Client().post(path).status_code in REFUSED | {405}
