"""Readies a process of a pool for the engine; imports nothing that needs Django to be ready already."""

from __future__ import annotations

import os

import django


def wake() -> None:
    """One thread each, since the processes already fill the machine; then Django."""
    os.environ["POLARS_MAX_THREADS"] = "1"
    django.setup()
