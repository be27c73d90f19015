"""Queries on SQLite: R-tree boxes, functions written in Python that a connection must know."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import orjson

from tedori.engines.ngsild.queries import patterns, shapes
from tedori.engines.ngsild.queries.dialects import Dialect
from tedori.engines.ngsild.queries.rows import Sql
from tedori.engines.ngsild.queries.scalars import Scalar, of_value
from tedori.engines.ngsild.queries.tree import Geo


def _spot(geo: Geo) -> Sql:
    return Sql("ngsild_spot(?, p.minx, p.miny, ?)", (geo.relation, geo.reference))


# The haversine of `shapes.metres` in the database's own words: a function of ours would have to wait for the
# interpreter at every place.
METRES = (
    f"2 * {shapes.RADIUS} * asin(min(1.0, sqrt(pow(sin(radians(? - p.miny) / 2), 2) "
    "+ pow(sin(radians(? - p.minx) / 2), 2) * cos(radians(p.miny)) * ?)))"
)


def _metres(x: float, y: float) -> Sql:
    return Sql(METRES, (y, x, math.cos(math.radians(y))))


SQLITE = Dialect(
    name="sqlite",
    placeholder="?",
    same="IS",
    pattern="ngsild_found(?, {text})",
    document="json_each(ngsild_values({doc}, ?)) {alias}",
    columns=tuple(f"json_extract({{alias}}.value, '$[{place}]')" for place in range(5)),  # type: ignore[arg-type]
    boxed=(
        "live_place_rtree r JOIN live_place p ON p.id = r.id "
        "WHERE r.maxx >= ? AND r.maxy >= ? AND r.minx <= ? AND r.miny <= ?"
    ),
    boxes="live_place_rtree r WHERE r.maxx >= ? AND r.maxy >= ? AND r.minx <= ? AND r.miny <= ?",
    among="e.id IN ({candidates})",
    key="",
    spot=_spot,
    metres=_metres,
)


def values(doc: str | bytes, path: str) -> str:
    """The rows [instance, kind, number, text, instant] of a path in a stored document, as JSON."""
    names, member, trail = _path(path)
    document = orjson.loads(doc)
    instances = enumerate(_instances(document, names) if names else [document])
    found = [[at, *row[:4]] for at, instance in instances for row in _rows(instance, member, trail)]
    return json.dumps(found)


def _rows(instance: dict[str, Any], member: str | None, trail: list[list[str]]) -> tuple[Scalar, ...]:
    if member is None:
        rows = of_value(instance["kind"], instance.get("value"), trail)
        return rows or (() if trail else (Scalar("o"),))
    return of_value("Property", instance[member]) if instance.get(member) is not None else ()


def _instances(document: dict[str, Any], names: list[str]) -> Iterator[dict[str, Any]]:
    level = document.get("attributes", {}).get(names[0], ())
    for name in names[1:]:
        level = [sub for instance in level for sub in (instance.get("subs") or {}).get(name, ())]
    yield from level


@lru_cache(maxsize=512)
def _path(path: str) -> tuple[list[str], str | None, list[list[str]]]:
    names, member, trail = orjson.loads(path)
    return names, member, trail


FUNCTIONS: tuple[tuple[str, int, Callable[..., Any]], ...] = (
    ("ngsild_found", 2, patterns.found),
    ("ngsild_values", 2, values),
    ("ngsild_geo", 4, shapes.holds),
    ("ngsild_spot", 4, shapes.spot),
    ("ngsild_distance", 2, shapes.distance),
)
"""For every connection: `connection.create_function(name, arity, function, deterministic=True)`."""
MATHEMATICS: tuple[tuple[str, int, Callable[..., Any]], ...] = (
    ("asin", 1, math.asin),
    ("cos", 1, math.cos),
    ("pow", 2, math.pow),
    ("radians", 1, math.radians),
    ("sin", 1, math.sin),
    ("sqrt", 1, math.sqrt),
)
"""The same for a connection to an SQLite that was built without mathematics."""
