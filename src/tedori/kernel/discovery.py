"""Finds rooms of the house by walking folders, so that no list names them."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType


def packages(parent: str) -> tuple[str, ...]:
    """The dotted names of the packages directly inside `parent`, sorted; empty folders are not packages."""
    folders = import_module(parent).__path__
    return tuple(
        sorted(
            f"{parent}.{found.name}"
            for found in iter_modules(folders)
            if found.ispkg and (Path(found.module_finder.path) / found.name / "__init__.py").exists()
        )
    )


def apps(parent: str) -> tuple[str, ...]:
    """The packages of `parent` that are Django apps, that is, have an `apps` module."""
    return tuple(name for name in packages(parent) if find_spec(f"{name}.apps"))


def rooms(parent: str, room: str) -> Iterator[ModuleType]:
    """Import the module (or package) called `room` of every package of `parent` that has one."""
    for package in packages(parent):
        if find_spec(f"{package}.{room}"):
            yield import_module(f"{package}.{room}")
