"""Figure on the stream of changes: 1,000 browsers listen while entities change; how late each hears of it."""

from __future__ import annotations

import asyncio
import time

from bench.figure import CannotMeasure, Figure, Measured
from bench.live._hub import all_at_once, hub, paced, until

BROWSERS, ENTITIES, RATE, SECONDS = 1_000, 100, 10.0, 15.0
QUESTION = "/live/stream?type=Shelter&options=keyValues"


class Browser:
    """One listener: when it heard of each update, by its number."""

    def __init__(self) -> None:
        self.ready = False
        self.heard: dict[int, float] = {}

    async def listen(self, port: int) -> None:
        """Listen until cancelled."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET {QUESTION} HTTP/1.1\r\nHost: hub\r\nAccept: text/event-stream\r\n\r\n".encode())
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            if b" 200 " not in head[:16]:
                raise CannotMeasure(f"the stream answered {head[:60]!r}")
            while line := await reader.readline():
                self._take(line)
        finally:
            writer.close()

    def _take(self, line: bytes) -> None:
        self.ready = self.ready or line.startswith(b"event: ready")
        if line.startswith(b"data:") and b'"free":' in line:
            self.heard[int(line.rsplit(b'"free":', 1)[1].rstrip(b"}\r\n"))] = time.monotonic()


def _updated(number: int) -> tuple[str, str, object]:
    path = f"/entities/urn:ngsi-ld:Shelter:{number % ENTITIES}/attrs"
    return "PATCH", path, {"free": {"type": "Property", "value": number}}


async def _run(port: int) -> tuple[int, list[float]]:
    """How many updates were sent, and how long each took to each browser, in ms, sorted."""
    await all_at_once(
        port,
        [
            ("POST", "/entities", {"id": f"urn:ngsi-ld:Shelter:{one}", "type": "Shelter"})
            for one in range(ENTITIES)
        ],
    )
    browsers = [Browser() for _ in range(BROWSERS)]
    tasks = [asyncio.create_task(one.listen(port)) for one in browsers]
    try:
        await until(lambda: all(one.ready for one in browsers), 60)
        sent = await paced(port, RATE, SECONDS, _updated)
        await until(lambda: all(len(one.heard) >= len(sent) for one in browsers), 20)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    missing = float("inf")
    return len(sent), sorted(
        1000 * (one.heard.get(n, missing) - at) for n, at in sent.items() for one in browsers
    )


def _sse() -> Measured:
    with hub("sse", notifier=False) as port:
        sent, delays = asyncio.run(_run(port))
    p99 = delays[int(len(delays) * 0.99)]
    return Measured(
        value=round(p99, 1),
        holds=p99 <= 500,
        what=f"{BROWSERS} browsers, {sent} updates at {RATE:.0f}/s, "
        f"p50 {delays[len(delays) // 2]:.0f} ms, slowest {delays[-1]:.0f} ms",
    )


FIGURE = Figure("live-sse", "a change reaches every browser, p99", "ms", "≤ 500", _sse)
