"""Large files at the door that is served: refused before they are kept, sent in pieces."""

from __future__ import annotations

import pytest

from tedori.kernel.pages.sending import PIECE
from tedori.services.datasets.actions.receiving import receive
from tedori.services.datasets.actions.storing import home
from tedori.services.datasets.tests.factories import NOW, TOKYO
from tests.calls import Call, body_kept

pytestmark = pytest.mark.django_db(transaction=True)
LIMIT = 5000


@pytest.fixture(autouse=True)
def limits(settings):
    """One file of 5,000 bytes, a form of twice that; elsewhere 1,000."""
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE, settings.TEDORI_MAX_UPLOAD = 1000, LIMIT


@pytest.mark.req("O01")
@pytest.mark.parametrize("announced", [{"content_length": str(2 * LIMIT + 1)}, {}])
def test_an_upload_over_the_limit_is_refused_and_not_kept(announced):
    call = Call("/desk/intake/", pieces=5, size=LIMIT, **announced)
    assert call.status == 413
    assert len(body_kept(call)) <= 2 * LIMIT


def test_an_upload_within_the_limit_is_judged_by_the_page_itself():
    assert Call("/desk/intake/", pieces=2, size=LIMIT).status in {401, 403}


def test_a_large_original_is_sent_in_pieces_and_a_lost_one_is_not_found(tanaka, acting, client, settings):
    settings.TEDORI_MAX_UPLOAD = 10 * PIECE
    rows = iter([b"a,b\r\n", *[b"1,2\r\n" * 50_000] * 5])
    kept = receive(rows, name="大きい表.csv", organisation=TOKYO, by=acting(tanaka), at=NOW)
    client.force_login(tanaka, backend="django.contrib.auth.backends.ModelBackend")
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    page = f"/desk/deliveries/{kept.delivery}/original"
    call = Call(page, method="GET", cookie=cookie)
    assert call.status == 200
    assert int(call.headers[b"content-length"]) == sum(map(len, call.bodies)) == 1_250_005
    assert max(map(len, call.bodies)) <= PIECE
    assert b"filename*=utf-8''" in call.headers[b"content-disposition"]
    (home() / "deliveries").rename(home() / "lost")
    assert Call(page, method="GET", cookie=cookie).status == 404
