"""The @context documents at hand: in memory, in the site's mirror, hosted or kept in the database."""

from __future__ import annotations

import re
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from tedori.engines.ngsild.contexts import unavailable
from tedori.services.live.queries.options import options
from tedori.services.live.queries.store import STORE
from tedori.services.live.rules.datamodels import CONTEXT, context

OURS = re.compile(r"https?://[^/]+/ngsi-ld/v1/jsonldContexts/([^/?#]+)")
FRESH = 3600.0  # seconds for which a document from elsewhere is believed
MOST = 500


class NotHere(Exception):
    """The document must be fetched."""


class Hits(NamedTuple):
    """How often a document was found here, and when last (seconds since 1970; 0 for never)."""

    count: int = 0
    last: float = 0.0


NO_HITS = Hits()


class Documents:
    """Documents by URL, the least recently used forgotten first; safe under threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[float, dict[str, Any]]] = OrderedDict()
        self._failed: OrderedDict[str, tuple[float, str]] = OrderedDict()
        self._hits: dict[str, Hits] = {}

    def known(self, url: str) -> dict[str, Any]:
        """The document without network; raises NotHere, or LdContextNotAvailable soon after a failure."""
        with self._lock:
            kept, failed = self._kept.get(url), self._failed.get(url)
        if kept is not None and time.monotonic() - kept[0] < FRESH:
            self.hit(url)
            return kept[1]
        if failed is not None and time.monotonic() < failed[0]:
            raise unavailable(url, failed[1])
        raise NotHere(url)

    def hit(self, url: str) -> None:
        """It was used once more, now."""
        known = self._hits.get(url)
        self._hits[url] = Hits(known.count + 1 if known else 1, time.time())

    def hits(self, url: str) -> Hits:
        """How often it was used since that was written down, and when last."""
        return self._hits.get(url, NO_HITS)

    def taken_hits(self) -> dict[str, Hits]:
        """All of that, to be written down; here it is forgotten."""
        taken, self._hits = self._hits, {}
        return taken

    def stale(self, url: str) -> dict[str, Any] | None:
        """What was known once, for when the source does not answer."""
        kept = self._kept.get(url)
        return kept[1] if kept else None

    def keep(self, url: str, document: dict[str, Any]) -> dict[str, Any]:
        """Remember a document; gives the one that is remembered, the same object while nothing changes."""
        with self._lock:
            known = self._kept.get(url)
            document = known[1] if known is not None and known[1] == document else document
            self._kept[url] = (time.monotonic(), document)
            self._failed.pop(url, None)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return document

    def fail(self, url: str, why: str, *, seconds: float) -> None:
        """Remember for so long that it could not be had."""
        with self._lock:
            self._failed[url] = (time.monotonic() + seconds, why)
            while len(self._failed) > MOST:
                self._failed.popitem(last=False)

    def forget(self, url: str = "") -> None:
        """Forget one document, or all."""
        with self._lock:
            for memory in (self._kept, self._failed, self._hits):
                if url:
                    memory.pop(url, None)
                else:
                    memory.clear()


DOCUMENTS = Documents()


def at_hand(url: str) -> dict[str, Any] | None:
    """The document of a URL from the mirror or the database; None when it lies elsewhere."""
    path = mirror().get(url)
    if path is not None and not path.startswith(("http://", "https://")):
        return orjson.loads(Path(path).read_bytes())
    ours = OURS.fullmatch(url)
    body = stored(ours[1]) if ours else None
    return orjson.loads(body) if body is not None else None


def mirrored(url: str) -> str:
    """Where a document is to be fetched from: the mirror's address for it, or its own."""
    return mirror().get(url, url)


def mirror() -> dict[str, str]:
    """The site's own copies of contexts: URL → path or URL; empty where none is set."""
    path = options().contexts
    return _mirror(path, path.stat().st_mtime_ns) if path is not None and path.exists() else {}


@lru_cache(4)
def _mirror(path: Path, _changed: int) -> dict[str, str]:
    found = orjson.loads(path.read_bytes())
    if not isinstance(found, dict) or not all(isinstance(one, str) for one in found.values()):
        raise ValueError(f"{path}: a JSON object from URL to path or URL is wanted")
    return {
        url: place if place.startswith(("http://", "https://")) else str((path.parent / place).absolute())
        for url, place in found.items()
    }


def stored(name: str) -> str | None:
    """The JSON of a context that this hub hosts or keeps, by its name."""
    if name == CONTEXT:
        return orjson.dumps(context()).decode()
    row = STORE.session().one("SELECT body FROM live_context WHERE name = ?", (name,))
    return row[0] if row else None


def kept_from(url: str) -> str | None:
    """The JSON of the copy that was kept of a URL's document, from before a restart."""
    row = STORE.session().one("SELECT body FROM live_context WHERE url = ? AND kind = 'Cached'", (url,))
    return row[0] if row else None


@dataclass(frozen=True, slots=True)
class ContextValue:
    """A context in the store: `name` is its local id, `url` where a cached one came from."""

    name: str
    url: str
    kind: str
    body: str
    owner: str
    created_at: str
    uses: int = 0
    used_at: str | None = None


COLUMNS = "name, url, kind, body, owner, created_at, uses, used_at"


def kept_contexts(kind: str | None = None) -> list[ContextValue]:
    """All contexts of the store, or those of a kind, in the order of their coming."""
    held, given = (" WHERE kind = ?", (kind,)) if kind else ("", ())
    rows = STORE.session().all(f"SELECT {COLUMNS} FROM live_context{held} ORDER BY id", given)  # noqa: S608
    return [ContextValue(*row) for row in rows]


def kept_context(name: str) -> ContextValue | None:
    """One of them, by its local id, or by the URL that a cached one came from; ours is always there."""
    if name == CONTEXT:
        return ContextValue(name, "", "Hosted", stored(name) or "", "", "")
    row = STORE.session().one(
        f"SELECT {COLUMNS} FROM live_context WHERE name = ? OR (url = ? AND kind = 'Cached')",  # noqa: S608
        (name, name),
    )
    return ContextValue(*row) if row else None
