"""The demo world of the live hub: shelters, toilets, stations and water points whose values keep changing.

Everything is invented and deterministic; shelters and toilets are those of the demo's datasets, by their ids.
"""

from __future__ import annotations

from importlib import import_module

from tedori.kernel.demo import World


def build(world: World) -> None:
    """Build the live part of the demo world: a day of readings, ended at the world's moment."""
    import_module("tedori.services.live.demo.building").build(world)
