"""Routes whose doors have a distributed counterpart, with it before them."""

from __future__ import annotations

from dataclasses import replace

from tedori.services.live.api.calls import Answer, Call, Route
from tedori.services.live.api.distributing import batches, discovery, reading, writing

DOORS = {**writing.DOORS, **reading.DOORS, **batches.DOORS, **discovery.DOORS}


def distributed(route: Route) -> Route:
    """The route, its door asked through the counterpart where there is one."""
    counterpart = DOORS.get((route.method, route.path))
    if counterpart is None:
        return route

    async def door(call: Call) -> Answer:
        return await counterpart(call, route.door)

    return replace(route, door=door)
