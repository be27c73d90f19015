"""Fetches one address: conditional, limited in size and time, never from inside the network."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit, urlunsplit

import httpx
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

import tedori
from tedori.services.datasets.actions.options import private_addresses
from tedori.services.datasets.rules.addresses import check_address, check_numbers
from tedori.services.datasets.rules.errors import AddressRefused, FetchFailed, TooLarge

SECONDS = 120.0
REDIRECTS = 5
GONE = frozenset({404, 410})
MOVED = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Fetched:
    """The other side's answer; `chunks` may be read once, inside the `with` block."""

    status: int
    address: str
    etag: str
    last_modified: str
    chunks: Iterator[bytes]

    @property
    def unchanged(self) -> bool:
        """Whether the file is the one that we have."""
        return self.status == httpx.codes.NOT_MODIFIED


@contextmanager
def fetch(
    address: str,
    *,
    etag: str = "",
    last_modified: str = "",
    limit: int | None = None,
    seconds: float = SECONDS,
) -> Iterator[Fetched]:
    """Ask for an address; the answer is 304 when `etag` or `last_modified` still hold.

    Raises AddressRefused and FetchFailed; reading the chunks raises TooLarge beyond `limit` bytes and
    FetchFailed after `seconds`.
    """
    ends = time.monotonic() + seconds
    headers = {"User-Agent": f"tedori/{tedori.__version__} (+{settings.TEDORI_PUBLIC_URL})",
               "Accept-Encoding": "identity"}  # fmt: skip
    headers |= {"If-None-Match": etag} if etag else {}
    headers |= {"If-Modified-Since": last_modified} if last_modified else {}
    try:
        with httpx.Client(timeout=httpx.Timeout(20.0, connect=10.0), trust_env=False) as client:
            answer, final = _followed(client, address, headers)
            try:
                yield Fetched(
                    status=answer.status_code,
                    address=final,
                    etag=answer.headers.get("etag", "")[:200],
                    last_modified=answer.headers.get("last-modified", "")[:80],
                    chunks=_limited(answer, limit or settings.TEDORI_MAX_UPLOAD, ends),
                )
            finally:
                answer.close()
    except httpx.HTTPError as error:
        raise FetchFailed(because=type(error).__name__, where=address) from error


def _followed(client: httpx.Client, address: str, headers: dict[str, str]) -> tuple[httpx.Response, str]:
    """Open the address, following redirects by hand so that each new address is looked at first."""
    for _turn in range(REDIRECTS + 1):
        answer = client.send(_request(client, address, headers), stream=True)
        if answer.status_code not in MOVED or "location" not in answer.headers:
            return answer, address
        answer.close()
        address = urljoin(address, answer.headers["location"])
    raise FetchFailed(because=_("転送が多すぎます"), where=address)


def _request(client: httpx.Client, address: str, headers: dict[str, str]) -> httpx.Request:
    """A request to the very number that was looked at, so that a name cannot turn inwards afterwards."""
    inside = private_addresses()
    host, port, secure = check_address(address, inside=inside)
    number = check_numbers(_numbers(host, port), inside=inside)
    parts = urlsplit(address)
    place = f"[{number}]" if ":" in number else number
    pinned = urlunsplit((parts.scheme, f"{place}:{port}", parts.path or "/", parts.query, ""))
    named = host if port in {80, 443} else f"{host}:{port}"
    extensions = {"sni_hostname": host} if secure else {}
    return client.build_request("GET", pinned, headers=headers | {"Host": named}, extensions=extensions)


def _numbers(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise AddressRefused(because=_("その名前のサーバーが見つかりません"), where=host) from error
    return [entry[4][0] for entry in found]


def _limited(answer: httpx.Response, limit: int, ends: float) -> Iterator[bytes]:
    if int(answer.headers.get("content-length") or 0) > limit:
        raise TooLarge(limit=filesizeformat(limit))
    size = 0
    for chunk in answer.iter_bytes(1 << 16):
        size += len(chunk)
        if size > limit:
            raise TooLarge(limit=filesizeformat(limit))
        if time.monotonic() > ends:
            raise FetchFailed(because=_("時間がかかりすぎました"))
        yield chunk
