"""The demo world of the datasets: an invented, deterministic and realistically messy set of files.

Everything but `loading` and what it gathers is pure and runs in processes without Django; that is why this
module names its hook instead of importing it.
"""

from __future__ import annotations

from importlib import import_module

from tedori.kernel.demo import World


def build(world: World) -> None:
    """Build the datasets' part of the demo world, from nothing to published."""
    import_module("tedori.services.datasets.demo.loading").build(world)
