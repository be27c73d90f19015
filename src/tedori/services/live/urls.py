"""The addresses of the live service: every module of `pages` brings its own lists; `api` is hot doors."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from django.urls import include, path


def _gathered(name: str) -> list:
    """The lists called `name` of all modules of `pages`, joined in the order of module names."""
    package = import_module(f"{__package__}.pages")
    modules = (import_module(f"{package.__name__}.{found.name}") for found in iter_modules(package.__path__))
    return [entry for module in modules for entry in getattr(module, name, ())]


pages = [path("", include((_gathered("urls"), "live")))]
doors = _gathered("doors")
