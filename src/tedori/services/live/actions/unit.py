"""A unit of work: many changes of entities, computed against what is stored now, written at once.

Commands read and change entities here as if they were alone; a command that fails has changed nothing. The
rows go to the database together, so that a thousand changes cost a dozen statements.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import orjson

from tedori.engines.ngsild.evolving import scope_instance
from tedori.engines.ngsild.expiring import next_expiry
from tedori.engines.ngsild.patching import SCOPE, Outcome
from tedori.engines.ngsild.queries.scalars import Scalar, scalars
from tedori.engines.ngsild.storing import dump, load
from tedori.engines.ngsild.values import Attribute, Entity
from tedori.services.live.queries.expiring import EXPIRY
from tedori.services.live.queries.store import Session
from tedori.services.live.rules.rows import Histories, place_rows, value_rows

Key = tuple[int, str]


@dataclass(slots=True)
class Stored:
    """One entity as this unit sees it: `was` before it, `entity` now; None when there is none."""

    id: int
    owner: str
    entity: Entity | None
    text: str | None
    version: int
    was: Entity | None
    from_history: bool = False
    touched: set[str] = field(default_factory=set)
    dirty: bool = False


class Unit:
    """Changes that become visible together; `at` is their time, in the form of columns."""

    def __init__(self, session: Session, at: str) -> None:
        self.session = session
        self.at = at
        self._known: dict[Key, Stored] = {}
        self._read: dict[int, tuple[Attribute, Sequence[Scalar]]] = {}
        self._histories = Histories(at, self._scalars)
        self._history: list[tuple] = []
        self._changes: list[tuple] = []
        self.via = ""  # the hubs through which what is being done has come

    def read(self, keys: Iterable[Key]) -> None:
        """Fetch (and on PostgreSQL lock) the entities that commands will ask for."""
        wanted: dict[int, list[str]] = {}
        for key in dict.fromkeys(keys):
            if key not in self._known:
                self._known[key] = Stored(0, "", None, None, 0, None)
                wanted.setdefault(key[0], []).append(key[1])
        for tenant, urns in sorted(wanted.items()):
            self._fetch(tenant, sorted(urns))

    def _fetch(self, tenant: int, urns: list[str]) -> None:
        session = self.session
        postgresql = session.vendor == "postgresql"
        text = (
            f"SELECT e.urn, e.id, e.owner, {session.doc}, e.version, e.from_history FROM live_entity e "  # noqa: S608
            f"WHERE e.tenant_id = ? AND {session.listed('e.urn') if len(urns) > 1 else 'e.urn = ?'}"
            + (" ORDER BY e.urn FOR UPDATE" if postgresql else "")
        )
        asked = urns[0] if len(urns) == 1 else urns if postgresql else orjson.dumps(urns).decode()
        for urn, key, owner, doc, version, from_history in session.all(text, (tenant, asked)):
            entity = load(doc)
            self._known[tenant, urn] = Stored(key, owner, entity, doc, version, entity, bool(from_history))

    def get(self, tenant: int, urn: str) -> Stored | None:
        """The entity as it stands now, or None; only keys that were read may be asked for."""
        stored = self._known[tenant, urn]
        return stored if stored.entity is not None else None

    def put(
        self,
        tenant: int,
        outcome: Outcome,
        *,
        owner: str,
        by: str,
        from_history: bool = False,
        recorded: bool = False,
    ) -> None:
        """The entity stands from now on as the outcome has it; `owner` counts for a new one only.

        `from_history`: all this is known from its evolution alone, until anything else adds to it.
        `recorded`: what the evolution knows of its scopes is recorded otherwise.
        """
        entity = outcome.entity
        stored = self._known[tenant, entity.id]
        text, before = dump(entity).decode(), stored.text
        stored.owner = owner if stored.entity is None else stored.owner
        adds = any(change != "deleted" for change in outcome.changes.values())
        if stored.entity is None or (adds and not from_history):
            stored.from_history = from_history
        operation = "created" if stored.entity is None else "updated"
        self._tell(tenant, entity, operation, outcome.changes, text, before, stored.owner, by)
        written = outcome.instances
        if SCOPE in outcome.changes and not recorded:
            written = {**written, **self._scopes(outcome)}
        stored.entity, stored.text, stored.dirty = entity, text, True
        stored.touched.update(outcome.instances)
        self.record(tenant, entity.id, written)

    def record(self, tenant: int, urn: str, written: Mapping[str, Iterable[tuple[str, Attribute]]]) -> None:
        """Instances, each with what happened to it, join the evolution of an entity that is there."""
        stored = self._known[tenant, urn]
        types = orjson.dumps(stored.entity.types).decode()
        self._history += ((tenant, urn, stored.owner, types, *row) for row in self._histories.rows(written))

    def _scopes(self, outcome: Outcome) -> Mapping[str, Iterable[tuple[str, Attribute]]]:
        """Scopes that changed, as they stand in the evolution."""
        return {SCOPE: ((outcome.changes[SCOPE], scope_instance(outcome.entity.scopes, self.at)),)}

    def write_history(self) -> None:
        """Write down what was recorded so far, so that it can be asked for and changed within this unit."""
        self.session.many(HISTORY, self._history)
        self._history.clear()

    def remove(self, tenant: int, urn: str, *, by: str) -> None:
        """The entity is no more."""
        stored = self._known[tenant, urn]
        gone = stored.entity
        changed = dict.fromkeys(gone.attributes, "deleted")
        self._tell(tenant, gone, "deleted", changed, None, stored.text, stored.owner, by)
        types = orjson.dumps(gone.types).decode()
        mark = self._histories.end(gone.created_at)
        self._history.append((tenant, urn, stored.owner, types, *mark))
        stored.touched.update(gone.attributes)
        stored.entity, stored.text, stored.dirty = None, None, True

    def _scalars(self, one: Attribute) -> Sequence[Scalar]:
        """The comparable values of an instance, worked out once for its index and its history."""
        known = self._read.get(id(one))
        if known is None or known[0] is not one:
            known = self._read[id(one)] = (one, scalars(one))
        return known[1]

    def _tell(
        self, tenant: int, entity: Entity, operation: str, changed: Mapping[str, str],
        doc: str | None, before: str | None, owner: str, by: str,
    ) -> None:  # fmt: skip
        types, names = orjson.dumps(entity.types).decode(), orjson.dumps(dict(changed)).decode()
        row = (tenant, entity.id, owner, types, operation, names, doc, before, by, self.at, self.via)
        self._changes.append(row)

    def flush(self) -> None:
        """Write everything down; the caller commits."""
        dirty = [(key, one) for key, one in self._known.items() if one.dirty]
        new = [(key, one) for key, one in dirty if one.entity is not None and one.was is None]
        old = [(key, one) for key, one in dirty if one.entity is not None and one.was is not None]
        gone = [(key, one) for key, one in dirty if one.entity is None and one.was is not None]
        self._insert(new)
        self._update(old)
        self._delete(gone)
        self._index(old, new)
        self.write_history()
        if self._changes and self.session.vendor == "postgresql":
            # Held until the commit: numbers of changes become visible in their order.
            self.session.run("SELECT pg_advisory_xact_lock(7405561)")
        self.session.many(CHANGE, self._changes)

    def _insert(self, new: list[tuple[Key, Stored]]) -> None:
        if not new:
            return
        for (_, one), number in zip(new, self._numbers(len(new)), strict=True):
            one.id = number
        new.sort(key=lambda pair: pair[0])  # writers that wait for each other must do so in one order
        self.session.many(
            INSERT,
            [
                (one.id, tenant, urn, one.owner, "\n".join(one.entity.scopes), one.text,
                 one.entity.created_at or self.at, self.at, 1, one.from_history, due_at(one))
                for (tenant, urn), one in new
            ],
        )  # fmt: skip

    def _numbers(self, amount: int) -> list[int]:
        """Fresh ids; on SQLite this transaction is the only one that writes."""
        if self.session.vendor == "postgresql":
            rows = self.session.all(
                "SELECT nextval(pg_get_serial_sequence('live_entity', 'id')) FROM generate_series(1, ?)",
                (amount,),
            )
            return [number for (number,) in rows]
        last = self.session.one("SELECT seq FROM sqlite_sequence WHERE name = 'live_entity'")
        first = (last[0] if last else 0) + 1
        return list(range(first, first + amount))

    def _update(self, old: list[tuple[Key, Stored]]) -> None:
        rows = [
            (
                one.owner,
                "\n".join(one.entity.scopes),
                one.text,
                one.entity.created_at or self.at,
                self.at,
                one.version + 1,
                one.from_history,
                due_at(one),
                one.id,
            )
            for _, one in old
        ]
        self.session.many(UPDATE, rows)

    def _delete(self, gone: list[tuple[Key, Stored]]) -> None:
        ids = [(one.id,) for _, one in gone]
        for statement in DELETES:
            self.session.many(statement, ids)

    def _index(self, old: list[tuple[Key, Stored]], new: list[tuple[Key, Stored]]) -> None:
        """Bring the rows by which entities are found in line with what they are now."""
        self._unindex([one for _, one in old])
        values, places, types, scopes = [], [], [], []
        for (tenant, _), one in (*old, *new):
            for name in one.touched if one.was else one.entity.attributes:
                instances = one.entity.attributes.get(name, ())
                values += ((one.id, tenant, *row) for row in value_rows(name, instances, self._scalars))
                places += ((one.id, tenant, *row) for row in place_rows(name, instances))
            if one.was is None or one.was.types != one.entity.types:
                types += ((one.id, tenant, name) for name in one.entity.types)
            if one.was is None or one.was.scopes != one.entity.scopes:
                scopes += ((one.id, tenant, path) for path in one.entity.scopes)
        self.session.many(VALUE, values)
        self.session.many(PLACE, places)
        self.session.many("INSERT INTO live_entitytype (entity_id, tenant_id, name) VALUES (?, ?, ?)", types)
        self.session.many("INSERT INTO live_scope (entity_id, tenant_id, path) VALUES (?, ?, ?)", scopes)

    def _unindex(self, old: list[Stored]) -> None:
        """Take away the rows of what is not so any more."""
        run = self.session.many
        touched = [(one, name, one.was.attributes.get(name, ())) for one in old for name in one.touched]
        valued = [(one.id, name) for one, name, instances in touched if instances]
        placed = [
            (one.id, name)
            for one, name, instances in touched
            if any(instance.kind == "GeoProperty" for instance in instances)
        ]
        run("DELETE FROM live_value WHERE entity_id = ? AND name = ?", valued)
        run("DELETE FROM live_place WHERE entity_id = ? AND name = ?", placed)
        retyped = [(one.id,) for one in old if one.was.types != one.entity.types]
        rescoped = [(one.id,) for one in old if one.was.scopes != one.entity.scopes]
        run("DELETE FROM live_entitytype WHERE entity_id = ?", retyped)
        run("DELETE FROM live_scope WHERE entity_id = ?", rescoped)


def due_at(one: Stored) -> str | None:
    """When the first thing of an entity expires; most say nothing of the kind, and are not searched."""
    moment = next_expiry(one.entity) if '"expiresAt"' in one.text else None
    if moment is not None:
        EXPIRY.expect(moment)
    return moment


def _into(table: str, columns: str) -> str:
    names = columns.split()
    marks = ", ".join("?" * len(names))
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 - our own names


INSERT = _into(
    "live_entity", "id tenant_id urn owner scopes doc created_at modified_at version from_history due_at"
)
UPDATE = (
    "UPDATE live_entity SET owner = ?, scopes = ?, doc = ?, created_at = ?, modified_at = ?, version = ?, "
    "from_history = ?, due_at = ? WHERE id = ?"
)
VALUE = _into("live_value", "entity_id tenant_id name dataset kind number text instant lang observed_at")
PLACE = _into("live_place", "entity_id tenant_id name dataset geometry minx miny maxx maxy")
HISTORY = _into(
    "live_history",
    "tenant_id urn owner types instance name dataset kind value number text observed_at created_at "
    "modified_at deleted subs",
)
CHANGE = _into(
    "live_change",
    "tenant_id urn owner types operation changed doc before by at via".replace(" by ", ' "by" '),
)
DELETES = (
    "DELETE FROM live_value WHERE entity_id = ?",
    "DELETE FROM live_place WHERE entity_id = ?",
    "DELETE FROM live_entitytype WHERE entity_id = ?",
    "DELETE FROM live_scope WHERE entity_id = ?",
    "DELETE FROM live_entity WHERE id = ?",
)
