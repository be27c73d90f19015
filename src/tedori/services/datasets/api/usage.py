"""Counts how often datasets are used per day, without knowing by whom; written down in batches."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from datetime import date
from threading import Lock

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.db import DatabaseError, close_old_connections
from django.http import HttpRequest
from django.utils import timezone

from tedori.services.datasets.actions.voices import API, DOWNLOAD, count_uses

EVERY = 10.0  # seconds between two writings
Use = tuple[str, str, date]


class Tally:
    """Counts in memory; whoever sees that it is due hands the counts on, and the server's end does so."""

    def __init__(self, write: Callable[[dict[Use, int]], None], *, every: float = EVERY) -> None:
        self._write = write
        self._every = every
        self._counts: Counter[Use] = Counter()
        self._lock = Lock()
        self._written_at = time.monotonic()

    def add(self, slug: str, kind: str, day: date) -> None:
        """One more use."""
        with self._lock:
            self._counts[slug, kind, day] += 1

    def due(self) -> bool:
        """Whether it is time to write; says so to one caller only."""
        now = time.monotonic()
        with self._lock:
            if not self._counts or now - self._written_at < self._every:
                return False
            self._written_at = now
            return True

    def flush(self) -> None:
        """Hand on what was counted; what cannot be written is kept for the next time."""
        with self._lock:
            counts, self._counts = self._counts, Counter()
        try:
            if counts:
                self._write(dict(counts))
        except DatabaseError:
            with self._lock:
                self._counts.update(counts)


TALLY = Tally(count_uses)


def write() -> None:
    """Write down what was counted, on a connection of this thread's own."""
    close_old_connections()
    TALLY.flush()
    close_old_connections()


write_beside = sync_to_async(write, thread_sensitive=False)


def counted(request: HttpRequest, slug: str, *, kind: str = API) -> None:
    """Count a use that came through Django."""
    TALLY.add(slug, kind, timezone.localdate())
    # Without the real server (in tests, say) nobody's database is touched behind their back.
    if isinstance(request, ASGIRequest) and TALLY.due():
        TALLY.flush()


def downloaded(request: HttpRequest, slug: str) -> None:
    """Count a file that was fetched."""
    counted(request, slug, kind=DOWNLOAD)
