"""Asking context sources: bounded in time and size, and only at addresses that are allowed.

Names are resolved here and the connection goes to the very address that was checked. Redirections are not
followed. What a source's headers hold is neither logged nor told.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote, urlencode, urlsplit, urlunsplit
from weakref import WeakKeyDictionary

import httpx

from tedori.services.live.actions.delivery.http import Unreachable, addresses
from tedori.services.live.actions.registrations import Tally
from tedori.services.live.actions.sealing import unsealed
from tedori.services.live.actions.writing import WRITER, column_time
from tedori.services.live.queries.registrations import Partner
from tedori.services.live.rules.endpoints import port_of
from tedori.services.live.rules.sources import LONGEST_TIMEOUT, TIMEOUT

LARGEST = 32 * 2**20
REQUESTED = "urn:ngsi-ld:request"  # the value is that of the request which caused this one
ABOUT_FORM = frozenset(("jsonldContext", "contentType", "accept", "ngsildConformance"))
NOT_THEIRS = frozenset(
    ("content-length", "transfer-encoding", "connection", "host", "upgrade", "te", "trailer")
    + ("ngsild-tenant", "via")
)
TIMED_OUT, LOST = 504, 502


@dataclass(frozen=True, slots=True)
class Order:
    """A request to a source: the path is behind its endpoint; `received` the headers of what caused it."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    received: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a source answered; `lost` says why there is no answer, the status then being 504 or 502."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    lost: str = ""

    @property
    def fine(self) -> bool:
        """Whether it was done, all of it."""
        return 200 <= self.status < 300 and self.status != 207


class Partners:
    """The clients of each event loop, who is left in peace for a while, and how requests went."""

    def __init__(self) -> None:
        self._clients: WeakKeyDictionary[asyncio.AbstractEventLoop, httpx.AsyncClient] = WeakKeyDictionary()
        self._rest: dict[int, float] = {}
        self._counts: dict[int, tuple[int, int, str | None, str | None]] = {}
        self._counting: asyncio.Task[None] | None = None

    async def ask(self, partner: Partner, order: Order, *, private: bool) -> Reply:
        """The answer of a source, or why there is none; never raises."""
        source = partner.source
        if time.monotonic() < self._rest.get(source.key, 0.0):
            return Reply(TIMED_OUT, lost="left in peace after a failure")
        wanted = source.management("timeout", TIMEOUT * 1000) / 1000
        try:
            async with asyncio.timeout(min(wanted, LONGEST_TIMEOUT)):
                reply = await self._exchange(partner, order, private=private)
        except TimeoutError:
            reply = Reply(TIMED_OUT, lost="no answer in time")
        except Unreachable as error:
            reply = Reply(LOST, lost=str(error))
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            reply = Reply(LOST, lost=f"no proper answer ({type(error).__name__})")
        if reply.lost:
            self._rest[source.key] = time.monotonic() + source.management("cooldown", 0) / 1000
        self._count(source.key, worked=200 <= reply.status < 300)
        return reply

    async def _exchange(self, partner: Partner, order: Order, *, private: bool) -> Reply:
        parts = urlsplit(partner.source.endpoint)
        port, host = port_of(partner.source.endpoint), parts.hostname or ""
        address = (await addresses(host, port, private=private))[0]
        literal = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
        query = urlencode(order.query, quote_via=quote, safe=":,;()/")
        request = self._client().build_request(
            order.method,
            urlunsplit((parts.scheme, literal, parts.path.rstrip("/") + order.path, query, "")),
            headers={**_headers(partner, order), "Host": parts.netloc},
            content=order.body,
            extensions={"sni_hostname": host},
        )
        response = await self._client().send(request, stream=True)
        try:
            body = bytearray()
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > LARGEST:
                    return Reply(LOST, lost=f"answered more than {LARGEST} bytes")
            return Reply(response.status_code, bytes(body), response.headers)
        finally:
            await response.aclose()

    def _client(self) -> httpx.AsyncClient:
        loop = asyncio.get_running_loop()
        client = self._clients.get(loop)
        if client is None:
            # No connection is kept: one to an address must not be taken for another name's.
            limits = httpx.Limits(max_connections=200, max_keepalive_connections=0)
            client = self._clients[loop] = httpx.AsyncClient(
                trust_env=False, limits=limits, timeout=LONGEST_TIMEOUT
            )
        return client

    def _count(self, key: int, *, worked: bool) -> None:
        sent, failed, success, failure = self._counts.get(key, (0, 0, None, None))
        at = column_time(datetime.now(UTC))
        self._counts[key] = (sent + 1, failed, at, failure) if worked else (sent + 1, failed + 1, success, at)
        if self._counting is None or self._counting.done():
            self._counting = asyncio.create_task(self._keep())

    async def _keep(self) -> None:
        """Write the counts down, a second's together."""
        await asyncio.sleep(1.0)
        await WRITER.write(self.counted())

    def counted(self) -> Tally:
        """How requests went since this was asked last."""
        counts, self._counts = self._counts, {}
        return Tally(counts)


def _headers(partner: Partner, order: Order) -> dict[str, str]:
    """The headers of a request, with those that the source has registered."""
    secret = unsealed(partner.sealed)
    headers = {"Accept-Encoding": "identity", **order.headers}
    for pair in partner.source.document.get("contextSourceInfo", ()):
        key, value = pair["key"], secret.get(pair["key"], pair["value"])
        if value == REQUESTED:
            value = order.received.get(key.lower(), "")
        if value and key not in ABOUT_FORM and key.lower() not in NOT_THEIRS:
            headers[key] = value
    if partner.source.document.get("tenant"):
        headers["NGSILD-Tenant"] = partner.source.document["tenant"]
    return headers


PARTNERS = Partners()
