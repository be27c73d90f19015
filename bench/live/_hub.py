"""A hub for figures: web server and notifier as processes of their own, and a client that keeps a pace."""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson

from bench.datasets.bigfile import CACHE
from bench.figure import CannotMeasure
from bench.servers import free_port, serving

PREFIX = "/ngsi-ld/v1"
CONNECTIONS = 16


@contextmanager
def hub(name: str, *, notifier: bool) -> Iterator[int]:
    """A fresh hub in trial mode; yields its port."""
    home = CACHE / f"live-{name}"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    env = {
        "TEDORI_HOME": str(home),
        "TEDORI_LIVE_TRIAL": "yes",
        "TEDORI_RATE_PUBLIC": "",
        "TEDORI_DATABASE": os.environ.get("TEDORI_BENCH_DATABASE", f"sqlite:{home / 'tedori.sqlite3'}"),
    }
    port = free_port()
    program = [sys.executable, "-m", "tedori.site.cli"]
    command = [*program, "serve", "--port", str(port), "--no-worker"]
    ready = f"{PREFIX}/types"
    with (
        serving(command, port, log=home / "serve.log", ready=ready, **env),
        _beside([*program, "notifier"] if notifier else None, home / "notifier.log", env),
    ):
        yield port


@contextmanager
def _beside(command: list[str] | None, log: Path, env: dict[str, str]) -> Iterator[None]:
    if command is None:
        yield
        return
    with log.open("wb") as out:
        child = subprocess.Popen(command, stdout=out, stderr=out, env={**os.environ, **env})
        try:
            yield
        finally:
            child.terminate()
            child.wait(timeout=20)


class Connection:
    """One kept connection to the hub."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, method: str, path: str, body: object) -> int:
        """Send JSON; gives the status of the answer."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self._streams
        content = orjson.dumps(body)
        head = f"{method} {PREFIX}{path} HTTP/1.1\r\nHost: hub\r\nContent-Type: application/json\r\n"
        writer.write(head.encode() + b"Content-Length: %d\r\n\r\n" % len(content) + content)
        answer = await reader.readuntil(b"\r\n\r\n")
        length = next(
            (line for line in answer.lower().split(b"\r\n") if line[:15] == b"content-length:"), b":0"
        )
        await reader.readexactly(int(length.split(b":")[1]))
        return int(answer.split()[1])

    def close(self) -> None:
        """Let it go."""
        if self._streams is not None:
            self._streams[1].close()


async def all_at_once(port: int, requests: list[tuple[str, str, object]]) -> None:
    """Send these as fast as it goes; raises CannotMeasure when one fails."""
    waiting = iter(requests)

    async def work() -> None:
        connection = Connection(port)
        for method, path, body in waiting:
            status = await connection.send(method, path, body)
            if status >= 300:
                raise CannotMeasure(f"{method} {path} answered {status}")
        connection.close()

    await asyncio.gather(*(work() for _ in range(CONNECTIONS)))


async def paced(
    port: int, rate: float, seconds: float, make: Callable[[int], tuple[str, str, object]]
) -> dict[int, float]:
    """Send `rate` requests a second; gives when each was sent (by its number, as `time.monotonic`)."""
    began, numbers, sent = time.monotonic(), itertools.count(), {}
    total = int(rate * seconds)

    async def work() -> None:
        connection = Connection(port)
        while (number := next(numbers)) < total:
            await asyncio.sleep(began + number / rate - time.monotonic())
            sent[number] = time.monotonic()
            status = await connection.send(*make(number))
            if status >= 300:
                raise CannotMeasure(f"an update answered {status}")
        connection.close()

    await asyncio.gather(*(work() for _ in range(CONNECTIONS)))
    return sent


async def until(condition: Callable[[], bool], seconds: float) -> None:
    """Wait for a condition, but not longer than so many seconds."""
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        await asyncio.sleep(0.02)
