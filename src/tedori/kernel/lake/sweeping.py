"""Clears away what crashes left in the lake."""

from __future__ import annotations

from datetime import datetime

from tedori.kernel.lake.store import house_lake


def sweep(at: datetime) -> int:
    """Remove the leftovers of writers that died; returns how many files."""
    return house_lake().sweep(now=at.timestamp())
