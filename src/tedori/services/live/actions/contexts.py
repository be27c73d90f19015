"""Adding, keeping and deleting @contexts, and writing down how they are used."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from tedori.services.live.actions.unit import Key, Unit
from tedori.services.live.actions.writing import WRITER, Writer, column_time
from tedori.services.live.queries.contexts import DOCUMENTS, OURS


@dataclass(frozen=True, slots=True)
class KeepContext:
    """A context under its name, in the place of what was there."""

    tenant: int
    name: str
    kind: str
    body: str
    url: str = ""
    owner: str = ""
    keys: tuple[Key, ...] = ()

    def apply(self, unit: Unit) -> None:
        """Keep it."""
        unit.session.run(
            "INSERT INTO live_context (tenant_id, name, url, kind, body, owner, created_at, uses) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT (tenant_id, name) DO UPDATE "
            "SET body = excluded.body, created_at = excluded.created_at",
            (self.tenant, self.name, self.url, self.kind, self.body, self.owner, unit.at),
        )


@dataclass(frozen=True, slots=True)
class DropContext:
    """The end of a kept context."""

    name: str
    keys: tuple[Key, ...] = ()

    def apply(self, unit: Unit) -> bool:
        """Whether it was there."""
        return unit.session.run("DELETE FROM live_context WHERE name = ?", (self.name,)) > 0


EVERY = 60.0  # seconds between two writings


def name_of(url: str) -> str:
    """The name under which a URL's document is kept here."""
    ours = OURS.fullmatch(url)
    return ours[1] if ours else str(uuid5(NAMESPACE_URL, url))


@dataclass(frozen=True, slots=True)
class KeepHits:
    """Adds how often contexts were used, and when last: (count, moment, name) of each."""

    hits: tuple[tuple[int, str, str], ...]
    keys: tuple[Key, ...] = ()

    def apply(self, unit: Unit) -> None:
        """Write it down; a context that is gone has no count."""
        unit.session.many(
            "UPDATE live_context SET uses = uses + ?, used_at = ? WHERE name = ?", sorted(self.hits)
        )


class Kept:
    """Brings the uses of contexts to the database from time to time: figures, which a crash may shorten."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._kept_at = time.monotonic()

    def now_and_then(self) -> None:
        """Write them down unless that was done not long ago."""
        if time.monotonic() - self._kept_at > EVERY:
            self._writer.write_soon(self._taken())

    def keep(self) -> None:
        """Have them written down by now."""
        self._writer.write_now(self._taken())

    def _taken(self) -> KeepHits:
        self._kept_at = time.monotonic()
        hits = DOCUMENTS.taken_hits().items()
        return KeepHits(
            tuple(
                (one.count, column_time(datetime.fromtimestamp(one.last, UTC)), name_of(url))
                for url, one in hits
            )
        )


KEPT = Kept(WRITER)
