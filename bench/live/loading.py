"""A load client that costs little: bytes made beforehand, many connections, each asks when answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass

import uvloop

from bench.figure import CannotMeasure
from bench.live.servers import Server


@dataclass(frozen=True, slots=True)
class Load:
    """Answers per second, times to a whole answer in ms, CPU seconds of the server per 1,000 answers."""

    rate: float
    p95: float
    p99: float
    cpu: float


def request(method: str, path: str, body: bytes = b"", media: str = "application/json") -> bytes:
    """A request as it goes over the wire."""
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n"
    if body:
        head += f"Content-Type: {media}\r\nContent-Length: {len(body)}\r\n"
    return f"{head}\r\n".encode() + body


class Asker(asyncio.Protocol):
    """One connection."""

    def __init__(self, load: Loading) -> None:
        self.load = load
        self.held = b""
        self.began = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the first time."""
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        """Send the next request, if there is time for one."""
        self.began = time.perf_counter()
        wanted = next(self.load.requests, None) if self.began < self.load.until else None
        if wanted is None:
            self.transport.close()
        else:
            self.transport.write(wanted)

    def data_received(self, data: bytes) -> None:
        """Take part of an answer."""
        self.held += data
        head, ended, body = self.held.partition(b"\r\n\r\n")
        if not ended:
            return
        if head[9:10] != b"2":
            self.load.fail(CannotMeasure(f"answered {self.held[:300]!r}"))
            self.transport.close()
            return
        if len(body) >= _length(head):
            self.held = b""
            self.load.times.append(time.perf_counter() - self.began)
            self.ask()

    def connection_lost(self, _: Exception | None) -> None:
        """This connection has done its part."""
        self.load.ended()


def _length(head: bytes) -> int:
    at = head.lower().find(b"content-length: ")
    return int(head[at + 16 :].split(b"\r\n", 1)[0]) if at >= 0 else 0


class Loading:
    """Several connections at work until the time is over or nothing is left to ask."""

    def __init__(self, requests: Iterator[bytes], seconds: float, connections: int) -> None:
        self.requests = requests
        self.seconds = seconds
        self.open = connections
        self.connections = connections
        self.times: list[float] = []
        self.until = 0.0

    async def run(self, port: int) -> float:
        """Do it; gives the seconds that it took."""
        loop = asyncio.get_running_loop()
        self.done: asyncio.Future[None] = loop.create_future()
        began = time.perf_counter()
        self.until = began + self.seconds
        for _ in range(self.connections):
            await loop.create_connection(lambda: Asker(self), "127.0.0.1", port)
        await self.done
        return time.perf_counter() - began

    def fail(self, error: Exception) -> None:
        """Give the whole up."""
        if not self.done.done():
            self.done.set_exception(error)

    def ended(self) -> None:
        """One connection has."""
        self.open -= 1
        if not self.open and not self.done.done():
            self.done.set_result(None)


def loaded(server: Server, requests: Iterator[bytes], *, seconds: float, connections: int = 32) -> Load:
    """Ask for some seconds; raises CannotMeasure on any answer but success."""
    loading, before = Loading(requests, seconds, connections), server.cpu
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        wall = runner.run(loading.run(server.port))
    times = sorted(loading.times)
    if not times:
        raise CannotMeasure("nothing was answered")
    spent = 1000 * (server.cpu - before) / len(times)
    p95, p99 = (1000 * times[int(len(times) * share)] for share in (0.95, 0.99))
    return Load(len(times) / wall, p95, p99, spent)
