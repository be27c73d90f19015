"""Fetches @contexts from elsewhere: bounded in size and time, never from inside this machine's network."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from ipaddress import ip_address
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

import httpx
import orjson

from tedori.engines.ngsild.contexts import compiled, unavailable
from tedori.services.live.actions.contexts import KeepContext, name_of
from tedori.services.live.actions.tenants import Found
from tedori.services.live.actions.writing import WRITER
from tedori.services.live.queries.contexts import DOCUMENTS, OURS, NotHere, at_hand, kept_from, mirrored
from tedori.services.live.queries.options import options
from tedori.services.live.queries.store import ask
from tedori.services.live.queries.tenants import DEFAULT, tenant_id

LARGEST = 2 * 2**20
SECONDS = 10.0
REDIRECTS = 3
FETCHERS = 8
MOST_AWAITED = 64
SHORTLY = 0.5  # seconds for which every failure is remembered
PATIENCE = 3  # times the wait for a failure, in which the document is not asked for again
ACCEPT = "application/ld+json, application/json;q=0.9"


class Unreachable(Exception):
    """Why a document could not be had."""


def document(url: str) -> dict[str, Any]:
    """The document of a URL, from wherever it can be had; raises LdContextNotAvailable.

    One that cannot be fetched any more is believed in its last known form. For threads that may wait.
    """
    try:
        return DOCUMENTS.known(url)
    except NotHere:
        return near(url) or UNDER_WAY.of(url).result()


async def brought(url: str) -> dict[str, Any]:
    """The same for those who may not wait on a thread; raises LdContextNotAvailable."""
    found = await ask(near, url)
    return found or await asyncio.shield(asyncio.wrap_future(UNDER_WAY.of(url)))


def near(url: str) -> dict[str, Any] | None:
    """The document, if it lies in the mirror or is one of ours."""
    found = at_hand(url)
    return None if found is None else _noted(url, found)


class UnderWay:
    """The documents that are being fetched, each once however many wait for it, by threads of their own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: dict[str, Future[dict[str, Any]]] = {}
        self._pool = ThreadPoolExecutor(FETCHERS, thread_name_prefix="live-fetch")

    def of(self, url: str) -> Future[dict[str, Any]]:
        """What will be the document of a URL; raises LdContextNotAvailable when too many are awaited."""
        with self._lock:
            found = self._found.get(url)
            if found is not None:
                return found
            if len(self._found) >= MOST_AWAITED:
                raise unavailable(url, "too many others are being fetched")
            found = self._found[url] = self._pool.submit(_elsewhere, url)
        found.add_done_callback(lambda _: self._found.pop(url, None))
        return found


UNDER_WAY = UnderWay()


def _elsewhere(url: str) -> dict[str, Any]:
    began = time.monotonic()
    try:
        found = parsed(fetched(mirrored(url)))
    except Unreachable as error:
        found = DOCUMENTS.stale(url) or _kept(url)
        if found is None:
            # Whoever keeps us waiting is not asked again for a while; who refuses at once costs little.
            waited = time.monotonic() - began
            DOCUMENTS.fail(url, str(error), seconds=max(SHORTLY, PATIENCE * waited))
            raise unavailable(url, str(error)) from error
    return _noted(url, found)


def _noted(url: str, found: dict[str, Any]) -> dict[str, Any]:
    if not OURS.fullmatch(url):
        WRITER.write_now(keeping(url, found))
    return DOCUMENTS.keep(url, found)


def refreshed(url: str) -> None:
    """Fetch a document anew; raises LdContextNotAvailable, and what was known stays."""
    try:
        found = at_hand(url) or parsed(fetched(mirrored(url)))
    except Unreachable as error:
        raise unavailable(url, str(error)) from error
    compiled(found["@context"], load=document)
    WRITER.write_now(keeping(url, found))
    DOCUMENTS.keep(url, found)


def keeping(url: str, found: dict[str, Any]) -> KeepContext:
    """The command that keeps a copy of a URL's document for later."""
    tenant = tenant_id(DEFAULT) or WRITER.write_now(Found(DEFAULT))
    return KeepContext(tenant, name_of(url), "Cached", orjson.dumps(found).decode(), url)


def _kept(url: str) -> dict[str, Any] | None:
    body = kept_from(url)
    return orjson.loads(body) if body is not None else None


def parsed(body: bytes) -> dict[str, Any]:
    """The map of a document; raises Unreachable for everything else."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Unreachable("is not JSON") from None
    if not isinstance(found, dict) or "@context" not in found:
        raise Unreachable("holds no @context")
    return found


def fetched(url: str) -> bytes:
    """What lies at an address; raises Unreachable, also when all of it takes longer than SECONDS."""
    until = time.monotonic() + SECONDS
    for _ in range(REDIRECTS + 1):
        request = asked(url)
        try:
            status, onward, body = asyncio.run(_in_time(request, until))
        except TimeoutError as error:
            raise Unreachable(f"takes longer than {SECONDS:.0f} seconds") from error
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            raise Unreachable(f"does not answer ({type(error).__name__})") from error
        if not onward:
            if status != 200:
                raise Unreachable(f"answers {status}")
            return body
        url = urljoin(url, onward)
    raise Unreachable(f"redirects more than {REDIRECTS} times")


def asked(url: str) -> httpx.Request:
    """The request to the very address that was checked (no second look-up); raises Unreachable."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise Unreachable("is no http address") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Unreachable("is no http address")
    try:
        address = allowed_address(parts.hostname, port)
        literal = f"[{address}]" if ":" in address else address
        return httpx.Request(
            "GET",
            urlunsplit((parts.scheme, f"{literal}:{port}", parts.path or "/", parts.query, "")),
            headers={
                "Host": parts.netloc.rpartition("@")[2],
                "Accept": ACCEPT,
                "Accept-Encoding": "identity",
            },
            extensions={"sni_hostname": parts.hostname},
        )
    except (httpx.InvalidURL, OSError, ValueError) as error:
        raise Unreachable(f"does not answer ({type(error).__name__})") from error


async def _in_time(request: httpx.Request, until: float) -> tuple[int, str, bytes]:
    """Status, where to go on, body; raises TimeoutError, however busily the other side drips."""
    async with asyncio.timeout(until - time.monotonic()):
        async with httpx.AsyncClient(timeout=SECONDS, trust_env=False, follow_redirects=False) as client:
            response = await client.send(request, stream=True)
            try:
                onward = response.headers.get("location", "") if response.is_redirect else ""
                return response.status_code, onward, b"" if onward else await _read(response)
            finally:
                await response.aclose()


async def _read(response: httpx.Response) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > LARGEST:
            raise Unreachable(f"is larger than {LARGEST} bytes")
    return bytes(body)


def allowed_address(host: str, port: int) -> str:
    """The first address of a host; raises Unreachable when any of them is not a public one."""
    found = [one[4][0] for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not options().private_contexts:
        inside = [one for one in found if not ip_address(one.partition("%")[0]).is_global]
        if inside or not found:
            raise Unreachable("lies inside a private network (TEDORI_LIVE_PRIVATE allows that)")
    return found[0]
