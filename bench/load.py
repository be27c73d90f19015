"""A small load client on raw sockets: several connections, each asking again as soon as it is answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle

from bench.figure import CannotMeasure

CONNECTIONS = 8


@dataclass(frozen=True, slots=True)
class Load:
    """Answers per second, 99th percentile of the time to a whole answer in ms, bytes of an answer."""

    rate: float
    p99: float
    size: int


def load(port: int, paths: Sequence[str], *, seconds: float) -> Load:
    """Ask the paths in turn for some seconds over kept connections; raises CannotMeasure on any error."""
    return asyncio.run(_load(port, paths, seconds))


async def _load(port: int, paths: Sequence[str], seconds: float) -> Load:
    times: list[float] = []
    sizes: list[int] = []
    until = time.perf_counter() + seconds
    started = time.perf_counter()
    askers = [_asker(port, paths[n:] + paths[:n], until, times, sizes) for n in range(CONNECTIONS)]
    await asyncio.gather(*askers)
    wall = time.perf_counter() - started
    times.sort()
    return Load(len(times) / wall, 1000 * times[int(len(times) * 0.99)], sum(sizes) // len(sizes))


async def _asker(port: int, paths: Sequence[str], until: float, times: list[float], sizes: list[int]) -> None:
    reader = writer = None
    for path in cycle(paths):
        if time.perf_counter() >= until:
            break
        started = time.perf_counter()
        if writer is None:
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 24)
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nAccept: application/json\r\n\r\n".encode()
        )
        size, open_still = await _answer(reader, path)
        times.append(time.perf_counter() - started)
        sizes.append(size)
        if not open_still:
            writer.close()
            writer = None
    if writer is not None:
        writer.close()


async def _answer(reader: asyncio.StreamReader, path: str) -> tuple[int, bool]:
    """Read one whole answer; its size, and whether the connection stays open."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    if " 200 " not in head.split("\r\n")[0]:
        raise CannotMeasure(f"{path} was answered with {head.splitlines()[0]}")
    fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
    stays = fields.get("connection", "") != "close"
    if "content-length" in fields:
        body = await reader.readexactly(int(fields["content-length"]))
        return len(body), stays
    size = 0
    while length := int(await reader.readline(), 16):
        size += len(await reader.readexactly(length))
        await reader.readexactly(2)
    await reader.readexactly(2)
    return size, stays
