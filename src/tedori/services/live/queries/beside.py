"""Rows of public tables in the lake, and beside each what is known live: by id or by place."""

# Columns and aliases are our own; all that a caller says is bound.
# ruff: noqa: S608
from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from tedori.engines.ngsild.errors import NgsiLdError, bad_request
from tedori.engines.ngsild.storing import load
from tedori.engines.ngsild.values import Entity
from tedori.kernel.lake.store import house_lake
from tedori.kernel.lake.tables import public_tables
from tedori.services.live.queries.entities import DIALECTS, behind
from tedori.services.live.queries.store import STORE
from tedori.services.live.rules.access import Wall
from tedori.services.live.rules.shelves import shelf

DEGREE = 111_195.0  # metres
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Near:
    """An entity beside a row: whose it is, and how far away in metres where places were compared."""

    entity: Entity
    owner: str
    metres: float | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """A row of a table and the entities that belong to it."""

    row: Row
    entities: tuple[Near, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class ById:
    """The row's `column` ends an entity's id after `prefix`, or is the value of `attribute` (an IRI)."""

    column: str
    prefix: str
    attribute: str | None = None


@dataclass(frozen=True, slots=True)
class ByPlace:
    """The row's place lies at most so many metres from that of the entity (`attribute` is an IRI)."""

    longitude: str
    latitude: str
    metres: float
    attribute: str


def rows_of(table: str, *, columns: Sequence[str], limit: int, offset: int) -> list[Row]:
    """A page of a public table; raises ResourceNotFound, and BadRequestData for an unknown column."""
    paths = public_tables().get(table)
    if not paths:
        raise NgsiLdError("ResourceNotFound", "There is no such public table.", detail=table, where="table")
    found = house_lake().query(
        "SELECT * FROM data LIMIT $limit OFFSET $offset",
        tables={"data": paths},
        params={"limit": limit, "offset": offset},
    )
    for one in columns:
        if one not in found.columns:
            raise bad_request(
                "The table has no such column.", detail=", ".join(found.columns)[:500], where=one
            )
    return found.to_dicts()


def beside(
    tenant: int, name: str, wall: Wall | None, rows: Sequence[Row], join: ById | ByPlace
) -> list[Pair]:
    """The rows with the entities of a type that belong to them, nearest first."""
    if isinstance(join, ByPlace):
        return [Pair(row, _around(tenant, name, wall, row, join)) for row in rows]
    known = _by_key(
        tenant, name, wall, {str(row[join.column]) for row in rows if row[join.column] is not None}, join
    )
    return [Pair(row, tuple(known.get(str(row[join.column]), ()))) for row in rows]


def _by_key(tenant: int, name: str, wall: Wall | None, keys: set[str], join: ById) -> dict[str, list[Near]]:
    session, held = STORE.session(), behind(wall)
    key, found, given = "e.urn", "", ()
    wanted = sorted(f"{join.prefix}{one}" for one in keys)
    if join.attribute is not None:
        key, wanted = "v.text", sorted(keys)
        found = "JOIN live_value v ON v.entity_id = e.id AND v.tenant_id = e.tenant_id AND v.name = ? "
        given = (join.attribute,)
    listed = wanted if session.vendor == "postgresql" else orjson.dumps(wanted).decode()
    rows = session.all(
        f"SELECT {key}, {session.doc}, e.owner FROM live_entity e {found}"
        "JOIN live_entitytype t ON t.entity_id = e.id AND t.tenant_id = e.tenant_id AND t.name = ? "
        f"WHERE e.tenant_id = ? AND {session.listed(key)}{held.text} ORDER BY e.id",
        (*given, name, tenant, listed, *held.params),
    )
    pairs: dict[str, list[Near]] = {}
    for text, doc, owner in rows:
        known = text if join.attribute is not None else text.removeprefix(join.prefix)
        pairs.setdefault(known, []).append(Near(load(doc), owner))
    return pairs


def _around(tenant: int, name: str, wall: Wall | None, row: Row, join: ByPlace) -> tuple[Near, ...]:
    place = _place(row, join)
    if place is None:
        return ()
    x, y = place
    session, held = STORE.session(), behind(wall)
    high = join.metres / DEGREE
    wide = high / max(math.cos(math.radians(min(abs(y) + high, 89.9))), 0.001)
    box = (x - wide, y - high, x + wide, y + high)
    spot = orjson.dumps({"type": "Point", "coordinates": (x, y)}).decode()
    boxed = DIALECTS[session.vendor].boxed
    rows = session.all(
        "SELECT * FROM (SELECT e.id AS id, "
        f"{session.doc} AS doc, e.owner AS owner, ngsild_distance(p.geometry, ?) AS metres "
        f"FROM {boxed.replace(' WHERE ', ' JOIN live_entity e ON e.id = p.entity_id WHERE ')} "
        "AND p.tenant_id = ? AND p.name = ? "
        "AND EXISTS (SELECT 1 FROM live_entitytype t WHERE t.entity_id = e.id AND t.name = ?)"
        f"{held.text}) n WHERE metres <= ? ORDER BY metres, id LIMIT 20",
        (spot, *box, tenant, join.attribute, name, *held.params, join.metres),
    )
    return tuple(Near(load(doc), owner, metres) for _, doc, owner, metres in rows)


def _place(row: Row, join: ByPlace) -> tuple[float, float] | None:
    try:
        x, y = float(row[join.longitude]), float(row[join.latitude])
    except (TypeError, ValueError):
        return None
    return (x, y) if math.isfinite(x) and math.isfinite(y) and abs(y) <= 90 else None


def hourly(
    tenant: int, name: str, attribute: str, entities: Iterable[Near]
) -> dict[str, list[tuple[Any, ...]]]:
    """The mean of each hour and how many readings it is of, by id, as far as the lake holds them."""
    lake = house_lake()
    paths = [stored.path for _, stored in lake.newest(shelf(tenant, name)).values()]
    owned = sorted({f"{one.entity.id}\n{one.owner}" for one in entities})
    if not paths or not owned:
        return {}
    found = lake.query(
        "SELECT id, substr(coalesce(observed_at, modified_at), 1, 13) || ':00:00Z' AS hour, "
        "avg(number), count(number) FROM history "
        "WHERE attribute = $attribute AND number IS NOT NULL AND NOT deleted "
        "AND list_contains($owned, id || chr(10) || owner) GROUP BY 1, 2 ORDER BY 1, 2",
        tables={"history": paths},
        params={"attribute": attribute, "owned": owned},
    )
    readings: dict[str, list[tuple[Any, ...]]] = {}
    for urn, *reading in found.iter_rows():
        readings.setdefault(urn, []).append(tuple(reading))
    return readings
