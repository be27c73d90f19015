"""No page fails on rubbish: it refuses, or says what is missing."""

from __future__ import annotations

import pytest
from django.urls import get_resolver

from tedori.kernel.organisations import audiences
from tests.rubbish import broken, paths, visit
from tests.test_routes import sample, walk

# The hub asks its tables over connections of its own, which see nothing of a test's open transaction.
pytestmark = pytest.mark.django_db(transaction=True)
THEIRS = ("/admin/", "/account/")  # Django's and allauth's own


def pages():
    """The routes of pages, for whomever they are; doors for programs are tested by their own services."""
    routes = {route for route, callback in walk(get_resolver()) if audiences.of(callback) and sample(route)}
    return sorted(
        route
        for route in routes
        if not sample(route).startswith(THEIRS) and sample(route)[:5] not in {"/api/", "/ngsi"}
    )


@pytest.fixture
def browser(tanaka, browser_of):
    """A browser of who may do everything, in which a failure is an answer."""
    browser = browser_of(tanaka)
    browser.raise_request_exception = False
    return browser


@pytest.mark.parametrize("route", pages())
def test_rubbish_breaks_no_page(route, browser):
    assert broken(answer for path in paths(route) for answer in visit(browser, path)) == []
