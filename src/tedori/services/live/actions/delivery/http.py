"""A small HTTP client for notifications: one connection per endpoint, and only to addresses that are allowed.

Names are resolved here and the connection goes to the very address that was checked, so that a name cannot
lead into a private network between check and connection. Redirections are not followed.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Mapping
from functools import cache
from urllib.parse import urlsplit

import httptools

from tedori.services.live.rules.endpoints import is_public, port_of

LARGEST_ANSWER = 64 * 2**10
IDLE = 20.0  # seconds after which an unused connection is not trusted any more


class Unreachable(Exception):
    """The endpoint could not be reached or gave no proper answer; the text says why, without secrets."""


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


async def addresses(host: str, port: int, *, private: bool) -> tuple[str, ...]:
    """The addresses of a host that may be reached; raises Unreachable when there is none."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Unreachable("the name of the host is unknown") from error
    every = tuple(dict.fromkeys(place[4][0] for place in found))
    allowed = tuple(one for one in every if private or is_public(one))
    if not allowed:
        raise Unreachable("the host lies in a private network")
    return allowed


class _Answer:
    """Reads one answer; the parser calls its methods."""

    def __init__(self) -> None:
        self.size = 0
        self.done = self.lasting = False
        self.parser = httptools.HttpResponseParser(self)

    def on_body(self, body: bytes) -> None:
        self.size += len(body)

    def on_message_complete(self) -> None:
        self.done, self.lasting = True, self.parser.should_keep_alive()


async def _answer_from(reader: asyncio.StreamReader) -> _Answer:
    """Read an answer, as far as it is worth reading; raises EOFError when there is none."""
    answer = _Answer()
    while not answer.done and answer.size <= LARGEST_ANSWER:
        piece = await reader.read(8192)
        if piece:
            answer.parser.feed_data(piece)
        elif answer.parser.get_status_code():
            break  # an answer without a length ends with its connection
        else:
            raise EOFError
    return answer


class Client:
    """Posts to one endpoint, keeping its connection while the endpoint does."""

    def __init__(self, uri: str, *, private: bool) -> None:
        parts = urlsplit(uri)
        self._tls = parts.scheme.lower() == "https"
        self._host = parts.hostname or ""
        self._port = port_of(uri)
        self._private = private
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        place = parts.netloc.rpartition("@")[2]
        self._head = f" {target} HTTP/1.1\r\nHost: {place}\r\n".encode()
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._used = 0.0

    async def post(self, body: bytes, headers: Mapping[str, str], *, method: str = "POST") -> int:
        """Send the body; gives the status of the answer. Raises Unreachable."""
        loop = asyncio.get_running_loop()
        kept = self._streams is not None and loop.time() - self._used < IDLE
        if not kept:
            await self.close()
        try:
            return await self._exchange(method, body, headers)
        except (OSError, EOFError, httptools.HttpParserError, ssl.SSLError) as error:
            await self.close()
            if not kept:
                raise Unreachable(_why(error)) from error
        return await self._once_more(method, body, headers)

    async def _once_more(self, method: str, body: bytes, headers: Mapping[str, str]) -> int:
        """A kept connection had died in the meantime: the same on a new one."""
        try:
            return await self._exchange(method, body, headers)
        except (OSError, EOFError, httptools.HttpParserError, ssl.SSLError) as error:
            await self.close()
            raise Unreachable(_why(error)) from error

    async def _exchange(self, method: str, body: bytes, headers: Mapping[str, str]) -> int:
        reader, writer = self._streams or await self._connect()
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode("utf-8", "replace")
        writer.write(method.encode() + self._head + lines + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        await writer.drain()
        answer = await _answer_from(reader)
        if not answer.lasting:
            await self.close()
        self._used = asyncio.get_running_loop().time()
        return answer.parser.get_status_code()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        allowed = await addresses(self._host, self._port, private=self._private)
        secure = {"ssl": _tls(), "server_hostname": self._host} if self._tls else {}
        for number, address in enumerate(allowed[:3], 1):
            try:
                self._streams = await asyncio.open_connection(address, self._port, **secure)
            except OSError:
                if number == len(allowed[:3]):
                    raise
            else:
                break
        return self._streams

    async def close(self) -> None:
        """Let the connection go."""
        streams, self._streams = self._streams, None
        if streams is not None:
            streams[1].close()


def _why(error: BaseException) -> str:
    if isinstance(error, ConnectionRefusedError):
        return "the connection was refused"
    if isinstance(error, ssl.SSLError):
        return "the certificate or the TLS connection is not valid"
    if isinstance(error, httptools.HttpParserError):
        return "the answer is not HTTP"
    return "the connection broke"
