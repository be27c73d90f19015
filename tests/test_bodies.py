"""What a request brings never fills memory or disk: it is judged before any of it is kept."""

from __future__ import annotations

import pytest

from tests.calls import Call, body_kept

pytestmark = pytest.mark.django_db(transaction=True)
MIB = 2**20
CASE, FORM = 21 * MIB, 1000  # what the page of a case takes, attachment included, and any other page


@pytest.fixture(autouse=True)
def limits(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = FORM


@pytest.mark.parametrize("path", ["/cases/1/", "/en/cases/1/"])
def test_a_form_that_announces_too_much_is_refused_before_a_byte_is_kept(path):
    call = Call(path, pieces=3, content_length=str(CASE + 1))
    assert (call.status, call.headers[b"connection"]) == (413, b"close")
    assert body_kept(call) == b""


def test_a_form_that_announces_nothing_is_cut_at_the_limit():
    call = Call("/cases/1/", pieces=30, size=MIB)
    assert (call.status, call.headers[b"connection"]) == (413, b"close")
    assert len(body_kept(call)) <= CASE


@pytest.mark.parametrize("path", ["/account/login/", "/nowhere/", "/evidence/"])
def test_other_addresses_take_no_more_than_a_form(path):
    assert Call(path, pieces=3, content_length=str(FORM + 1)).status == 413
    assert Call(path, pieces=1, content_length=str(FORM)).status != 413


def test_a_form_within_the_limit_comes_through():
    call = Call("/cases/1/", pieces=3, size=MIB, content_length=str(3 * MIB))
    assert call.status in {401, 403}, "judged by the page itself"
