"""Keeps the shelves of this process current, and searches them."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from threading import Lock

import numpy as np
from django.conf import settings

from tedori.services.datasets.queries.catalogue import stamp
from tedori.services.datasets.queries.shelves import Shelf
from tedori.services.datasets.queries.values import PublishedVersion
from tedori.services.datasets.queries.versions import published
from tedori.services.datasets.rules.asking import Ask, Near

FRESH = 1.0  # seconds for which the list of versions is believed without asking the database
ROWS_KEPT = 1_000_000  # rows on all shelves of one process; the one unused for longest goes first
METRES_PER_DEGREE = 111_195.0


@dataclass(frozen=True, slots=True)
class Found:
    """The rows that answer a question, best first, how many match in all, and where to go on."""

    rows: tuple[int, ...]
    matched: int
    cursor: str | None


class Shelves:
    """The shelves of one process: made when first asked for, replaced when something is published."""

    def __init__(self, *, fresh: float = FRESH) -> None:
        self.fresh = fresh
        self._shelves: OrderedDict[str, Shelf] = OrderedDict()
        self._versions: dict[str, tuple[PublishedVersion, ...]] = {}
        self._stamp: tuple = ()
        self._home: Path | None = None
        self._read_at = -FRESH
        self._busy = False
        self._lock = Lock()

    def known(self, slug: str) -> Shelf | None:
        """The shelf without database, files or waiting; None when it must be fetched with `get`.

        While one caller looks for news, the others are still given what stands there.
        """
        shelf = self._shelves.get(slug)
        return shelf if self._busy or time.monotonic() - self._read_at < self.fresh else None

    def get(self, slug: str) -> Shelf:
        """The current shelf of a dataset; empty when nobody publishes it."""
        with self._lock, self._working():
            self._refresh()
            shelf = self._shelves.get(slug)
            if shelf is None:
                shelf = Shelf(slug, self._versions.get(slug, ()), settings.TEDORI_HOME / "lake")
                self._shelves[slug] = shelf
                self._make_room()
            self._shelves.move_to_end(slug)
            return shelf

    @contextmanager
    def _working(self) -> Iterator[None]:
        self._busy = True
        try:
            yield
        finally:
            self._busy = False

    def _refresh(self) -> None:
        if self._home == settings.TEDORI_HOME and time.monotonic() - self._read_at < self.fresh:
            return
        current = (settings.TEDORI_HOME, *stamp())
        if current != self._stamp:
            self._replace()
            self._stamp, self._home = current, settings.TEDORI_HOME
        self._read_at = time.monotonic()

    def _replace(self) -> None:
        """Read the list of versions anew; a shelf whose versions are no longer those goes."""
        groups: dict[str, list[PublishedVersion]] = {}
        for version in published():
            groups.setdefault(version.slug, []).append(version)
        self._versions = {slug: tuple(group) for slug, group in groups.items()}
        moved = self._home != settings.TEDORI_HOME
        for slug in list(self._shelves):
            if moved or self._shelves[slug].versions != self._versions.get(slug, ()):
                del self._shelves[slug]

    def _make_room(self) -> None:
        while len(self._shelves) > 1 and sum(map(len, self._shelves.values())) > ROWS_KEPT:
            self._shelves.popitem(last=False)


SHELVES = Shelves()


def search(shelf: Shelf, ask: Ask) -> Found:
    """The rows of a shelf that a question asks for, at most `ask.limit` of them."""
    rows = matching(shelf, ask)
    if ask.near is not None:
        return _nearest(shelf, rows, ask.near, ask)
    return page(shelf, rows, start=shelf.after(ask.cursor) if ask.cursor else 0, limit=ask.limit)


def page(shelf: Shelf, rows: np.ndarray | None, *, start: int, limit: int) -> Found:
    """The first rows of an answer from row `start` on; `rows` None means all."""
    if rows is None:
        end = min(start + limit, len(shelf))
        return Found(tuple(range(start, end)), len(shelf), _cursor(shelf, end))
    first = int(np.searchsorted(rows, start))
    given = rows[first : first + limit]
    more = first + len(given) < len(rows)
    return Found(tuple(given.tolist()), len(rows), shelf.cursor(int(given[-1])) if more else None)


def _cursor(shelf: Shelf, end: int) -> str | None:
    return shelf.cursor(end - 1) if 0 < end < len(shelf) else None


def matching(shelf: Shelf, ask: Ask) -> np.ndarray | None:
    """The rows that meet every condition apart from nearness; None when there is no condition."""
    answers = [shelf.rows_equal(item, values) for item, values in ask.equal.items()]
    if ask.municipalities:
        answers.append(shelf.rows_of(ask.municipalities))
    if ask.box is not None:
        answers.append(shelf.rows_inside(*ask.box))
    if ask.text:
        answers.append(shelf.rows_with_text(ask.text))
    if ask.changed_since is not None:
        recent = [v.organisation for v in shelf.versions if v.published_at > ask.changed_since]
        answers.append(shelf.rows_of(recent))
    return reduce(both, sorted(answers, key=len)) if answers else None


def both(some: np.ndarray, others: np.ndarray) -> np.ndarray:
    """The rows that are in both answers."""
    return np.intersect1d(some, others, assume_unique=True)


def _nearest(shelf: Shelf, rows: np.ndarray | None, near: Near, ask: Ask) -> Found:
    """The rows within a distance, the nearest first; a cursor here is a count of rows already given."""
    placed = shelf.placed if rows is None else both(shelf.placed, rows)
    north = (shelf.latitudes[placed] - near.latitude) * METRES_PER_DEGREE
    east = (shelf.longitudes[placed] - near.longitude) * METRES_PER_DEGREE
    distances = np.hypot(north, east * np.cos(np.radians(near.latitude)))
    inside = distances <= near.metres
    ordered = placed[inside][np.argsort(distances[inside], kind="stable")]
    start = min(int(ask.cursor or 0), len(ordered))
    given = ordered[start : start + ask.limit]
    end = start + len(given)
    return Found(tuple(given.tolist()), len(ordered), str(end) if end < len(ordered) else None)
