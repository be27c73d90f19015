"""Figures on writing: entities, values and batches, against a bare handler that writes the same rows."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count, islice

import orjson

from bench.figure import Figure, Measured
from bench.live.databases import TITLES, bases
from bench.live.loading import Load, loaded, request
from bench.live.servers import Server, bare, hub
from bench.live.things import body, reading, thing, urn

ROUNDS, SECONDS, THINGS, BATCH = 3, 3.0, 2_000, 1_000
ENTITIES, UPSERT = "/ngsi-ld/v1/entities", "/ngsi-ld/v1/entityOperations/upsert"
Found = dict[tuple[str, str, str], list[Load]]  # database, what is done, server → a Load per round
DOING = {
    "create": (lambda number, _: request("POST", ENTITIES, body(number))),
    "partial update": (
        lambda number, turn: request(
            "PATCH", f"{ENTITIES}/{urn(number % THINGS)}/attrs/occupancy", reading(number, turn)
        )
    ),
}
BARE = {ENTITIES.encode(): b"/entities", UPSERT.encode(): b"/batch"}


def for_bare(asked: bytes) -> bytes:
    """The same request at the addresses of the bare handler."""
    line, _, rest = asked.partition(b"\r\n")
    for ours, theirs in BARE.items():
        line = line.replace(ours, theirs)
    return line + b"\r\n" + rest


def batches(first: int, turn: int) -> Iterator[bytes]:
    """Batches without end: every thing is new first, then comes with other values."""
    for number in count():
        start = first + number // 2 * BATCH
        things = [thing(one, turn + number) for one in range(start, start + BATCH)]
        yield request("POST", UPSERT, orjson.dumps(things))


def singles(made: Callable[[int, int], bytes], first: int, turn: int) -> Iterator[bytes]:
    """Requests without end, one number after the other."""
    return (made(number, turn + number) for number in count(first))


def _interleaved(measure: Callable[[str, int, Server, str], Iterator[tuple[str, Load]]]) -> Found:
    """Both servers on both databases, in turns, so that a busy moment hits all alike."""
    found: Found = {}
    with bases() as empty:
        for vendor, base in empty.items():
            with ExitStack() as stack:
                own, other = (stack.enter_context(base.copied()) for _ in range(2))
                servers = {"hub": stack.enter_context(hub(own)), "bare": stack.enter_context(bare(other))}
                for turn in range(ROUNDS + 1):
                    for name, server in servers.items():
                        for doing, one in measure(vendor, turn, server, name):
                            if turn:  # the first round warms up
                                found.setdefault((vendor, doing, name), []).append(one)
    return found


def _single(_: str, turn: int, server: Server, name: str) -> Iterator[tuple[str, Load]]:
    for doing, made in DOING.items():
        creating = doing == "create"
        asked = singles(made, 10_000_000 * turn if creating else 0, turn * 100_000)
        if creating and not turn:  # the things that updates are for
            asked = islice(asked, THINGS)
        if name == "bare":
            asked = map(for_bare, asked)
        yield doing, loaded(server, asked, seconds=SECONDS if turn else 120.0 if creating else 1.0)


def _batch(_: str, turn: int, server: Server, name: str) -> Iterator[tuple[str, Load]]:
    asked = batches(10_000_000 * turn, turn * 100)
    yield (
        "batch upsert",
        loaded(server, map(for_bare, asked) if name == "bare" else asked, seconds=SECONDS, connections=2),
    )


def judge(found: Found, *, least: float, per: int = 1, unit: str = "/s", what: str = "") -> Measured:
    """The rates side by side; the worst ratio decides."""
    rate = {key: per * statistics.median(one.rate for one in loads) for key, loads in found.items()}
    cpu = {key: statistics.median(one.cpu for one in loads) / per for key, loads in found.items()}
    p95 = {key: statistics.median(one.p95 for one in loads) for key, loads in found.items()}
    cases = [key[:2] for key in rate if key[2] == "hub"]
    ratios = {case: rate[*case, "hub"] / rate[*case, "bare"] for case in cases}

    def told(server: str) -> str:
        return "; ".join(
            f"{TITLES[vendor]} {doing} {rate[vendor, doing, server]:.0f}{unit}, "
            f"p95 {p95[vendor, doing, server]:.1f} ms, {cpu[vendor, doing, server]:.2f} CPU ms each"
            for vendor, doing in cases
        )

    each = ", ".join(f"{TITLES[vendor]} {doing} {ratio:.2f}" for (vendor, doing), ratio in ratios.items())
    return Measured(
        value=round(min(rate[*case, "hub"] for case in cases), 1),
        holds=min(ratios.values()) >= least,
        what=f"{what}ratios {each}; hub: {told('hub')}",
        against=f"bare handler, bare SQL; same rows, indexes, durability, commits in groups: {told('bare')}",
        ratio=round(min(ratios.values()), 2),
    )


def _write() -> Measured:
    what = "32 connections, one server process; "
    return judge(_interleaved(_single), least=0.6, what=what)


def _batches() -> Measured:
    what = f"{BATCH} entities a batch, each once new and once with new values, history kept; "
    return judge(_interleaved(_batch), least=0.4, per=BATCH, unit=" entities/s", what=what)


FIGURES = (
    Figure(
        "live-write", "create and partial update over HTTP", "requests/s", "≥ 0.6 of a bare handler", _write
    ),
    Figure("live-batch", "batch upsert with history", "entities/s", "≥ 0.4 of bare batched SQL", _batches),
)
