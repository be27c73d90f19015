"""Figure on notifications: 1,000 subscriptions, 500 updates a second, with and without dead endpoints."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager

import orjson

from bench.figure import Figure, Measured
from bench.live._hub import all_at_once, hub, paced, until

SUBSCRIPTIONS, ENDPOINTS, DEAD = 1_000, 200, 50
RATE, SECONDS, WITHIN = 500.0, 20.0, 1.0


class Subscriber:
    """Receives notifications for many endpoints and notes when each update was told first."""

    def __init__(self) -> None:
        self.came: dict[int, float] = {}
        self.twice = 0

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer each notification with 200."""
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
                number = orjson.loads(await reader.readexactly(length))["data"][0]["free"]
                self.twice += number in self.came
                self.came.setdefault(number, time.monotonic())
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            writer.close()


@asynccontextmanager
async def _listening(take):
    server = await asyncio.start_server(take, "127.0.0.1", 0, backlog=1024)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def _silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A dead endpoint of the worst kind: it takes everything and never answers."""
    try:
        await reader.read()
    except (ConnectionError, asyncio.CancelledError):
        writer.close()


def _endpoint(number: int, living: int, silent: int, dead: int) -> str:
    place = number % ENDPOINTS
    if place < dead:
        return f"http://127.0.0.1:{silent}/{place}" if place % 2 else f"http://127.0.0.1:1/{place}"
    return f"http://127.0.0.1:{living}/{place}"


def _entity(number: int) -> str:
    return f"urn:ngsi-ld:Shelter:{number % SUBSCRIPTIONS}"


async def _run(port: int, dead: int) -> tuple[float, float, Subscriber]:
    """The share of updates told in time to those that live, the 99th percentile in ms, and the subscriber."""
    subscriber = Subscriber()
    async with _listening(subscriber.take) as living, _listening(_silence) as silent:
        await all_at_once(port, [_created(one) for one in range(SUBSCRIPTIONS)])
        await all_at_once(port, [_subscribed(one, living, silent, dead) for one in range(SUBSCRIPTIONS)])
        await _warm(port, subscriber, dead)
        sent = await paced(port, RATE, SECONDS, _updated)
        told = {number: at for number, at in sent.items() if _lives(number, dead)}
        await until(lambda: told.keys() <= subscriber.came.keys(), 10)
    delays = sorted(subscriber.came.get(number, float("inf")) - at for number, at in told.items())
    share = sum(delay <= WITHIN for delay in delays) / len(delays)
    return share, delays[int(len(delays) * 0.99)] * 1000, subscriber


async def _warm(port: int, subscriber: Subscriber, dead: int) -> None:
    """Wait until the notifier, which has just been started, tells of every entity."""
    await all_at_once(port, [_updated(number) for number in range(-SUBSCRIPTIONS, 0)])
    living = {number for number in range(-SUBSCRIPTIONS, 0) if _lives(number, dead)}
    await until(lambda: living <= subscriber.came.keys(), 60)
    subscriber.twice = 0


def _lives(number: int, dead: int) -> bool:
    return number % SUBSCRIPTIONS % ENDPOINTS >= dead


def _created(number: int) -> tuple[str, str, object]:
    return (
        "POST",
        "/entities",
        {"id": _entity(number), "type": "Shelter", "free": {"type": "Property", "value": 0.5}},
    )


def _subscribed(number: int, living: int, silent: int, dead: int) -> tuple[str, str, object]:
    endpoint = {"uri": _endpoint(number, living, silent, dead)}
    return "POST", "/subscriptions", {
        "type": "Subscription",
        "entities": [{"type": "Shelter", "id": _entity(number)}],
        "watchedAttributes": ["free"],
        "notification": {"format": "keyValues", "endpoint": endpoint},
    }  # fmt: skip


def _updated(number: int) -> tuple[str, str, object]:
    return "PATCH", f"/entities/{_entity(number)}/attrs", {"free": {"type": "Property", "value": number}}


def _notify() -> Measured:
    found = {}
    for dead in (0, DEAD):
        with hub("notify", notifier=True) as port:
            found[dead] = asyncio.run(_run(port, dead))
    (share, p99, one), (share_dead, p99_dead, two) = found[0], found[DEAD]
    return Measured(
        value=round(100 * share, 2),
        holds=share >= 0.99 and share_dead >= 0.99,
        what=(
            f"{SUBSCRIPTIONS} subscriptions at {ENDPOINTS} endpoints, {RATE:.0f} updates/s for {SECONDS:.0f} "
            f"s, told within {WITHIN:.0f} s; p99 {p99:.0f} ms, {one.twice} told twice; with {DEAD} endpoints "
            f"dead the living {100 * share_dead:.2f} %, p99 {p99_dead:.0f} ms, {two.twice} told twice"
        ),
    )


FIGURE = Figure("live-notify", "notifications in time", "%", "≥ 99, also with 50 endpoints dead", _notify)
