"""Reads the outlines of municipalities that this installation has imported."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

PLACE = Path("outlines") / "municipalities.geojson"


def place() -> Path:
    """Where the outlines lie: one GeoJSON feature per municipality."""
    return Path(settings.TEDORI_HOME) / PLACE


def outlines() -> bytes | None:
    """The outlines as GeoJSON, or None when nobody has imported any."""
    try:
        return place().read_bytes()
    except FileNotFoundError:
        return None
