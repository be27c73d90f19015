"""What an installation chooses for this service, from its environment (docs/settings.md)."""

from __future__ import annotations

import os

from django.conf import settings


def _chosen(name: str, default: str) -> str:
    return str(getattr(settings, name, os.environ.get(name, default))).strip().lower()


def four_eyes() -> bool:
    """Whether a version needs the approval of somebody else than its drafter."""
    return _chosen("TEDORI_FOUR_EYES", "no") in {"1", "yes", "true"}


def private_addresses() -> bool:
    """Whether files may be fetched from addresses inside the own network."""
    return _chosen("TEDORI_FETCH_PRIVATE", "no") in {"1", "yes", "true"}


def pause() -> float:
    """Seconds between two requests to the same catalogue."""
    return float(_chosen("TEDORI_FETCH_PAUSE", "1.0"))
