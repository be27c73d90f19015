"""Counts who read and wrote what, by day, organisation and type.

Reads are counted in memory and brought to the database every few seconds: a crash loses what was read since
then, which is why these are figures and no evidence. Writes are counted from the log of changes.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import orjson

from tedori.engines.ngsild.values import Entity
from tedori.kernel.organisations.values import Actor
from tedori.services.live.actions.unit import Key, Unit
from tedori.services.live.actions.writing import WRITER, Writer

EVERY = 5.0  # seconds between two looks
MOST = 100_000  # changes that are counted at once
POSITION = "uses"  # how far the log of changes is counted
READ, WRITTEN = "read", "write"
PEOPLE = ("token:", "user:")  # who acts for an organisation


class Use(NamedTuple):
    """One line of the count."""

    day: str
    tenant: int
    actor: str
    organisation: str
    verb: str
    name: str


@dataclass(frozen=True, slots=True)
class KeepUses:
    """Writes down these reads, as of the day on which that happens, and the writes since the last time."""

    reads: tuple[tuple[Use, int], ...] = ()
    keys: tuple[Key, ...] = ()

    def apply(self, unit: Unit) -> None:
        """Add them to what the database holds."""
        counts = Counter({use._replace(day=unit.at[:10]): amount for use, amount in self.reads})
        counts.update(_writes(unit))
        unit.session.many(
            "INSERT INTO live_use (day, tenant_id, actor, organisation, verb, name, count) "
            "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (day, tenant_id, actor, organisation, verb, name) "
            "DO UPDATE SET count = live_use.count + excluded.count",
            [(*use, amount) for use, amount in sorted(counts.items())],
        )


def _writes(unit: Unit) -> Counter[Use]:
    """The changes that were logged since the last look; only one process looks at a time."""
    session = unit.session
    session.run(
        "INSERT INTO live_position (name, position, holder, until) VALUES (?, 0, '', '') "
        "ON CONFLICT (name) DO NOTHING",
        (POSITION,),
    )
    held = " FOR UPDATE" if session.vendor == "postgresql" else ""
    (done,) = session.one(f"SELECT position FROM live_position WHERE name = ?{held}", (POSITION,))  # noqa: S608
    (last,) = session.one("SELECT coalesce(max(seq), 0) FROM live_change")
    upto, counts = min(last, done + MOST), Counter()
    rows = session.all(
        'SELECT substr(at, 1, 10), tenant_id, "by", owner, types, count(*) FROM live_change '
        'WHERE seq > ? AND seq <= ? GROUP BY substr(at, 1, 10), tenant_id, "by", owner, types',
        (done, upto),
    )
    for day, tenant, actor, owner, types, amount in rows:
        organisation = owner if actor.startswith(PEOPLE) else ""
        for name in orjson.loads(types):
            counts[Use(day, tenant, actor, organisation, WRITTEN, name)] += amount
    session.run("UPDATE live_position SET position = ? WHERE name = ?", (upto, POSITION))
    return counts


class Uses:
    """The reads of this process."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._lock = threading.Lock()
        self._counts: Counter[Use] = Counter()
        self._kept_at = time.monotonic()

    def read(self, tenant: int, by: Actor, entities: Iterable[Entity]) -> None:
        """Somebody was given these entities."""
        names = Counter(name for one in entities for name in one.types)
        with self._lock:
            for name, amount in names.items():
                self._counts[Use("", tenant, by.reference, by.organisation, READ, name)] += amount
        if names and time.monotonic() - self._kept_at > EVERY:
            self._writer.write_soon(self._taken())

    def keep(self) -> None:
        """Have everything written down by now."""
        self._writer.write_now(self._taken())

    def forget(self) -> None:
        """Forget what was counted, as when the database is another one."""
        self._taken()

    def _taken(self) -> KeepUses:
        with self._lock:
            counts, self._counts = self._counts, Counter()
            self._kept_at = time.monotonic()
        return KeepUses(tuple(counts.items()))


USES = Uses(WRITER)
