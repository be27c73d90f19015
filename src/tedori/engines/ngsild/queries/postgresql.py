"""Queries on PostgreSQL: GiST boxes, functions in SQL that the database must have; no extension is needed."""

from __future__ import annotations

from pathlib import Path

from tedori.engines.ngsild.queries import shapes
from tedori.engines.ngsild.queries.dialects import Dialect
from tedori.engines.ngsild.queries.rows import Sql
from tedori.engines.ngsild.queries.tree import Geo

SPOTS = {"within": "= 2", "intersects": "> 0", "disjoint": "= 0"}
"""Where a point lies, by relation to the reference; a point has no other relation but to points."""


def _spot(geo: Geo) -> Sql:
    if geo.relation not in SPOTS:
        return Sql("ngsild_geo(?, p.geometry, ?, ?)", (geo.relation, geo.reference, geo.distance))
    held = shapes.edges(geo.reference)
    columns = tuple(list(column) for column in zip(*held.edges, strict=True))
    lies = "ngsild_lies(p.minx, p.miny, ?, (?)::float8[], (?)::float8[], (?)::float8[], (?)::float8[])"
    return Sql(f"{lies} {SPOTS[geo.relation]}", (held.dimension, *columns))


def _metres(x: float, y: float) -> Sql:
    return Sql("ngsild_metres(p.minx, p.miny, ?, ?)", (x, y))


_BOXED = (
    "live_place p WHERE box(point(p.minx, p.miny), point(p.maxx, p.maxy)) && box(point(?, ?), point(?, ?))"
)
POSTGRESQL = Dialect(
    name="postgresql",
    placeholder="%s",
    same="IS NOT DISTINCT FROM",
    pattern='({text} COLLATE "C") ~ ?',
    document="ngsild_values(({doc})::jsonb, (?)::jsonb) {alias}",
    columns=("{alias}.instance", "{alias}.kind", "{alias}.number", "{alias}.text", "{alias}.instant"),
    boxed=_BOXED,
    boxes=_BOXED,
    among="e.id = ANY (ARRAY({candidates}))",
    key="left({text}, 600)",
    spot=_spot,
    metres=_metres,
)
_HERE = Path(__file__).parent
INSTALL = "\n".join(
    (_HERE / name).read_text(encoding="utf-8") for name in ("postgresql_values.sql", "postgresql_shapes.sql")
)
"""For every database, by a migration: creates or renews the functions that queries call."""
