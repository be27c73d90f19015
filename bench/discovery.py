"""Finds the figures by walking the folders: every module with a FIGURE or FIGURES has some.

What is measured of a service lies in a folder of the service's name, so that it goes when the service does.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages

import bench
from bench.figure import Figure


def figures() -> dict[str, Figure]:
    """All figures by id, in the order of their modules' names."""
    found: dict[str, Figure] = {}
    for module in sorted(walk_packages(bench.__path__, "bench."), key=lambda one: one.name):
        if "._" in module.name:
            continue
        room = import_module(module.name)
        for figure in (*getattr(room, "FIGURES", ()), *filter(None, [getattr(room, "FIGURE", None)])):
            found[figure.id] = figure
    return found
