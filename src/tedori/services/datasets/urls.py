"""The addresses of the datasets service: every module of `pages` and `api` brings its own list."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from django.urls import include, path

PACKAGE = __package__


def _gathered(folder: str, name: str) -> list:
    """The lists called `name` of all modules in the folder, joined in the order of module names."""
    package = import_module(f"{PACKAGE}.{folder}")
    modules = (import_module(f"{PACKAGE}.{folder}.{found.name}") for found in iter_modules(package.__path__))
    return [entry for module in modules for entry in getattr(module, name, ())]


pages = [path("", include((_gathered("pages", "urls"), "datasets")))]
doors = _gathered("pages", "doors") + _gathered("api", "doors")
