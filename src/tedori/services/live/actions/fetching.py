"""Fetches @contexts from elsewhere: bounded in size and time, never from inside this machine's network."""

from __future__ import annotations

import socket
import time
from ipaddress import ip_address
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit
from uuid import NAMESPACE_URL, uuid5

import httpx
import orjson

from tedori.engines.ngsild.contexts import compiled, unavailable
from tedori.services.live.actions.contexts import KeepContext
from tedori.services.live.actions.tenants import Found
from tedori.services.live.actions.writing import WRITER
from tedori.services.live.queries.contexts import DOCUMENTS, OURS, NotHere, at_hand, kept_from, mirrored
from tedori.services.live.queries.options import options
from tedori.services.live.queries.tenants import DEFAULT, tenant_id

LARGEST = 2 * 2**20
SECONDS = 10.0
REDIRECTS = 3
PATIENCE = 3  # times the wait for a failure, in which the document is not asked for again
ACCEPT = "application/ld+json, application/json;q=0.9"


class Unreachable(Exception):
    """Why a document could not be had."""


def document(url: str) -> dict[str, Any]:
    """The document of a URL, from wherever it can be had; raises LdContextNotAvailable.

    One that cannot be fetched any more is believed in its last known form.
    """
    try:
        return DOCUMENTS.known(url)
    except NotHere:
        pass
    found, began = at_hand(url), time.monotonic()
    if found is None:
        try:
            found = parsed(fetched(mirrored(url)))
        except Unreachable as error:
            found = DOCUMENTS.stale(url) or _kept(url)
            if found is None:
                # Whoever keeps us waiting is not asked again for a while; who refuses at once costs little.
                DOCUMENTS.fail(url, str(error), seconds=PATIENCE * (time.monotonic() - began))
                raise unavailable(url, str(error)) from error
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
    return KeepContext(tenant, str(uuid5(NAMESPACE_URL, url)), "Cached", orjson.dumps(found).decode(), url)


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
    """What lies at an address; raises Unreachable."""
    until = time.monotonic() + SECONDS
    with httpx.Client(timeout=SECONDS / 2, trust_env=False, follow_redirects=False) as client:
        for _ in range(REDIRECTS + 1):
            try:
                status, onward, body = _got(client, url, until)
            except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
                raise Unreachable(f"does not answer ({type(error).__name__})") from error
            if onward:
                url = urljoin(url, onward)
                continue
            if status != 200:
                raise Unreachable(f"answers {status}")
            return body
    raise Unreachable(f"redirects more than {REDIRECTS} times")


def _got(client: httpx.Client, url: str, until: float) -> tuple[int, str, bytes]:
    """Status, where to go on, body. Connects to the very address that was checked (no second look-up)."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Unreachable("is no http address")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = allowed_address(parts.hostname, port)
    literal = f"[{address}]" if ":" in address else address
    request = client.build_request(
        "GET",
        urlunsplit((parts.scheme, f"{literal}:{port}", parts.path or "/", parts.query, "")),
        headers={"Host": parts.netloc.rpartition("@")[2], "Accept": ACCEPT, "Accept-Encoding": "identity"},
        extensions={"sni_hostname": parts.hostname},
    )
    response = client.send(request, stream=True)
    try:
        onward = response.headers.get("location", "") if response.is_redirect else ""
        return response.status_code, onward, b"" if onward else _read(response, until)
    finally:
        response.close()


def _read(response: httpx.Response, until: float) -> bytes:
    body = bytearray()
    for chunk in response.iter_raw():
        body += chunk
        if len(body) > LARGEST:
            raise Unreachable(f"is larger than {LARGEST} bytes")
        if time.monotonic() > until:
            raise Unreachable(f"takes longer than {SECONDS:.0f} seconds")
    return bytes(body)


def allowed_address(host: str, port: int) -> str:
    """The first address of a host; raises Unreachable when any of them is not a public one."""
    found = [one[4][0] for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not options().private_contexts:
        inside = [one for one in found if not ip_address(one.partition("%")[0]).is_global]
        if inside or not found:
            raise Unreachable("lies inside a private network (TEDORI_LIVE_PRIVATE allows that)")
    return found[0]
