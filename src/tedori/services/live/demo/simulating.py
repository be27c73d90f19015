"""Plays the sensors of the demo world, so that its present goes on."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from asgiref.sync import sync_to_async

from tedori.services.live.actions.tenants import Found
from tedori.services.live.actions.writing import WRITER
from tedori.services.live.demo.building import write
from tedori.services.live.demo.places import Place, places
from tedori.services.live.demo.readings import silent
from tedori.services.live.queries.tenants import DEFAULT

STEP = 3.0  # seconds between two writes
SHARE = 100  # in so many steps every sensor speaks once


def playing(home: Path) -> bool:
    """Whether a data folder is a demo world; no other is ever simulated."""
    return (home / "demo-finished").exists()


async def simulate(stop: asyncio.Event, codes: Iterable[str] = ()) -> None:
    """Let every sensor that is not silent speak in turn, until `stop` is set."""
    there = [one for one in await sync_to_async(places)(tuple(codes)) if not silent(one)]
    tenant = await WRITER.write(Found(DEFAULT))
    await _speak(tenant, there)
    for part in _turns(there):
        try:
            await asyncio.wait_for(stop.wait(), STEP)
            return
        except TimeoutError:
            await _speak(tenant, part)


async def _speak(tenant: int, part: list[Place]) -> None:
    await asyncio.to_thread(write, tenant, part, datetime.now(UTC), whole=False)


def _turns(there: list[Place]) -> Iterator[list[Place]]:
    """Endless parts of the sensors, in an order that mixes places and types."""
    mixed = sorted(there, key=lambda one: random.Random(one.urn).random())  # noqa: S311 - no secret
    size = max(1, len(mixed) // SHARE)
    while True:
        for start in range(0, len(mixed), size):
            yield mixed[start : start + size]
