"""Which entities have an evolution that is asked for, behind the reader's wall."""

# Columns and aliases are our own; all that a caller says is bound.
# ruff: noqa: S608
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import orjson

from tedori.engines.ngsild.queries.ordering import order
from tedori.engines.ngsild.queries.past import OWN, Past
from tedori.engines.ngsild.queries.rows import Sql
from tedori.engines.ngsild.queries.sql import where
from tedori.engines.ngsild.queries.tree import Selection, Temporal
from tedori.engines.ngsild.storing import load
from tedori.engines.ngsild.values import Entity
from tedori.kernel.organisations.values import Actor
from tedori.services.live.queries.entities import DIALECTS, behind
from tedori.services.live.queries.histories.windows import Window
from tedori.services.live.queries.store import STORE, Session
from tedori.services.live.queries.subscriptions import publications
from tedori.services.live.rules.access import Wall


@dataclass(frozen=True, slots=True)
class Known:
    """An entity that has an evolution, and whose evolution of it that is."""

    entity: Entity
    owner: str


def known(tenant: int, urn: str, reader: Actor, wall: Wall | None) -> Known | None:
    """The entity with this id or, where there is none any more, what it was; None when it may not be read."""
    session = STORE.session()
    held = behind(wall)
    text = f"SELECT {session.doc}, e.owner, e.id FROM live_entity e WHERE e.tenant_id = ? AND e.urn = ?"
    row = session.one(text + held.text, (tenant, urn, *held.params))
    if row is not None:
        return Known(replace(load(row[0]), attributes={}, scopes=()), row[1])
    if session.one("SELECT 1 FROM live_entity WHERE tenant_id = ? AND urn = ?", (tenant, urn)):
        return None
    return _departed(session, tenant, urn, reader)


def _departed(session: Session, tenant: int, urn: str, reader: Actor) -> Known | None:
    row = session.one(
        "SELECT owner, types, created_at, modified_at, deleted FROM live_history "
        "WHERE tenant_id = ? AND urn = ? AND name = '' ORDER BY id DESC LIMIT 1",
        (tenant, urn),
    )
    if row is None:
        return None
    owner, types, created, modified, _ = row
    names = tuple(orjson.loads(types))
    if not publications(session).readable(reader, tenant, owner, names):
        return None
    return Known(Entity(urn, names, created_at=created, modified_at=modified, deleted_at=modified), owner)


@dataclass(frozen=True, slots=True)
class Search:
    """What is asked of entities and of their instances in a window; `span` is the query's own."""

    selection: Selection
    window: Window
    span: Temporal


def find(tenant: int, search: Search, wall: Wall | None, *, limit: int, offset: int) -> list[Known]:
    """The entities of one page."""
    session = STORE.session()
    condition = _condition(session, tenant, search, wall)
    sorting = order(search.selection.order_by, dialect=DIALECTS[session.vendor])
    rows = session.native(
        f"SELECT {session.doc}, e.owner FROM live_entity e WHERE {condition.text} "
        f"ORDER BY {sorting.text} LIMIT {session.mark} OFFSET {session.mark}",
        (*condition.params, *sorting.params, limit, offset),
    )
    return [Known(replace(load(doc), attributes={}, scopes=()), owner) for doc, owner in rows]


def count(tenant: int, search: Search, wall: Wall | None) -> int:
    """How many entities there are in all."""
    session = STORE.session()
    condition = _condition(session, tenant, search, wall)
    return session.native(f"SELECT count(*) FROM live_entity e WHERE {condition.text}", condition.params)[0][
        0
    ]


def by_owner(found: Iterable[Known]) -> dict[str, tuple[str, ...]]:
    """The ids of entities by their owners."""
    owners: dict[str, list[str]] = {}
    for one in found:
        owners.setdefault(one.owner, []).append(one.entity.id)
    return {owner: tuple(urns) for owner, urns in owners.items()}


def _condition(session: Session, tenant: int, search: Search, wall: Wall | None) -> Sql:
    """The condition over the entity `e`, in the database's own marks."""
    dialect, asked = DIALECTS[session.vendor], search.selection
    bare = replace(asked, attrs=(), q=None, geo=None, scopes=(), order_by=())
    past = Past(dialect, search.span)
    parts = [where(bare, dialect=dialect, tenant=tenant, wall=wall), _written(session, behind(wall))]
    if asked.q is not None:
        parts.append(past.holds(asked.q))
    if asked.geo is not None:
        parts.append(past.lies(asked.geo))
    if asked.scopes:
        parts.append(past.scoped(asked.scopes))
    wanted = search.window.condition()
    own = OWN.format(h="h")
    parts.append(_written(session, Sql(f" AND EXISTS (SELECT 1 {own} AND {wanted.text})", wanted.params)))
    return _all(parts)


def _written(session: Session, sql: Sql) -> Sql:
    return Sql(sql.text.removeprefix(" AND ").replace("?", session.mark), sql.params)


def _all(parts: Iterable[Sql]) -> Sql:
    kept = [part for part in parts if part.text]
    text = " AND ".join(f"({part.text})" for part in kept)
    return Sql(text, tuple(value for part in kept for value in part.params))
