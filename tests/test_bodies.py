"""What a request brings and what an answer carries never fill memory or disk, at the door that is served."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings as chosen

from tedori.kernel.pages.bodies import CUT, held
from tedori.kernel.pages.sending import PIECE
from tedori.services.datasets.actions.receiving import receive
from tedori.services.datasets.tests.factories import NOW
from tedori.site.asgi import application

pytestmark = pytest.mark.django_db(transaction=True)
LARGE, SMALL = 5000, 1000
PIECES = 40  # pieces that a caller would send if nobody stopped it


@pytest.fixture(autouse=True)
def limits(settings):
    """An ordinary form may bring 1,000 bytes, the intake twice 5,000."""
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE, settings.TEDORI_MAX_UPLOAD = SMALL, LARGE


class Call:
    """One request through the ASGI application, counting what is taken of its body."""

    def __init__(self, path: str, *, pieces: int = 0, size: int = 500, method: str = "POST", **headers: str):
        named = {"host": "localhost", "accept": "application/json", **headers}
        self.scope = {
            "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"",
            "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in named.items()],
            "scheme": "http", "server": ("localhost", 80), "client": ("127.0.0.1", 1), "http_version": "1.1",
        }  # fmt: skip
        self.left, self.size, self.taken, self.sent = pieces, size, 0, []
        async_to_sync(application)(self.scope, self._receive, self._send)

    async def _receive(self) -> dict:
        if self.left == 0 and self.taken:
            await asyncio.Event().wait()  # the caller stays until it has its answer
        self.left, self.taken = max(self.left - 1, 0), self.taken + 1
        return {"type": "http.request", "body": b"x" * self.size, "more_body": self.left > 0}

    async def _send(self, message: dict) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        return self.sent[0]["status"]

    @property
    def headers(self) -> dict[bytes, bytes]:
        return {name.lower(): value for name, value in self.sent[0]["headers"]}

    @property
    def bodies(self) -> list[bytes]:
        return [message["body"] for message in self.sent[1:] if message.get("body")]


def body_kept(call: Call) -> bytes:
    """What Django would keep of the same body."""

    async def keep() -> bytes:
        bodies, sent = held(call.scope, endless), b""
        while (message := await bodies())["type"] == "http.request" and message.get("more_body"):
            sent += message["body"]
        return sent

    async def endless() -> dict:
        return {"type": "http.request", "body": b"x" * LARGE, "more_body": True}

    call.scope.pop(CUT)
    return async_to_sync(keep)()


@pytest.mark.req("O01")
@pytest.mark.parametrize("path", ["/desk/intake/", "/en/desk/intake/"])
def test_an_upload_that_announces_too_much_is_refused_before_a_byte_is_kept(path):
    call = Call(path, pieces=PIECES, content_length=str(PIECES * 500))
    assert (call.status, call.headers[b"connection"]) == (413, b"close")
    assert body_kept(call) == b""


def test_an_upload_that_announces_nothing_is_cut_at_the_limit():
    call = Call("/desk/intake/", pieces=PIECES, size=LARGE)
    assert (call.status, call.headers[b"connection"]) == (413, b"close")
    assert len(body_kept(call)) <= 2 * LARGE


@pytest.mark.parametrize("path", ["/account/login/", "/nowhere/", "/api/v1/datasets"])
def test_other_addresses_take_no_more_than_a_form(path):
    assert Call(path, pieces=3, content_length=str(SMALL + 1)).status == 413
    assert Call(path, pieces=1, content_length=str(SMALL)).status != 413


def test_an_upload_within_the_limit_comes_through():
    call = Call("/desk/intake/", pieces=4, size=LARGE // 4, content_length=str(LARGE))
    assert call.status in {302, 401, 403}, "judged by the page itself"


def test_a_large_original_is_sent_in_pieces(bureau, tanaka, acting, client):
    chosen.TEDORI_MAX_UPLOAD = 10 * PIECE
    rows = iter([b"a,b\r\n", *[b"1,2\r\n" * 50_000] * 5])
    kept = receive(rows, name="大きい表.csv", organisation="130001", by=acting(tanaka), at=NOW)
    client.force_login(tanaka, backend="django.contrib.auth.backends.ModelBackend")
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    call = Call(f"/desk/deliveries/{kept.delivery}/original", method="GET", cookie=cookie)
    assert call.status == 200
    assert int(call.headers[b"content-length"]) == sum(map(len, call.bodies)) == 1_250_005
    assert max(map(len, call.bodies)) <= PIECE
    assert b"filename*=utf-8''" in call.headers[b"content-disposition"]
    (Path(chosen.TEDORI_HOME) / "deliveries").rename(Path(chosen.TEDORI_HOME) / "lost")
    assert Call(f"/desk/deliveries/{kept.delivery}/original", method="GET", cookie=cookie).status == 404
