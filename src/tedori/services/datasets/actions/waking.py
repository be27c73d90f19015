"""Readies a process of a pool for the engine; imports nothing that needs Django to be ready already."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import django

PROCESSES = 2


def wake() -> None:
    """One thread each, since the processes already fill the machine; then Django."""
    os.environ["POLARS_MAX_THREADS"] = "1"
    django.setup()


def crew(processes: int = PROCESSES) -> ProcessPoolExecutor:
    """Processes for the engine; they cost a second each to wake, so long work keeps them."""
    return ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=wake)
