"""Orders of entities (clause 4.23): `orderBy=name,temperature;desc`, `location;dist-asc` from a geometry.

Values of mixed types go numbers, texts, objects and lists, booleans, times, dates, date-times, nothing; an
order reversed by `desc` still has what does not exist last. Texts are compared by code point. Of several
values of one attribute the least counts (the greatest in descending order). Ties are broken by the entity's
place in the store, so that pages never overlap.
"""

# Names of columns and aliases are our own; all that a caller says is bound.
# ruff: noqa: S608
from __future__ import annotations

from typing import Any

from tedori.engines.ngsild.errors import bad_request
from tedori.engines.ngsild.queries.dialects import Dialect
from tedori.engines.ngsild.queries.geo import reference
from tedori.engines.ngsild.queries.limits import too_complex
from tedori.engines.ngsild.queries.parsing import Context, parse_path
from tedori.engines.ngsild.queries.rows import Rows, Sql, rows
from tedori.engines.ngsild.queries.tree import Order, Path

DIRECTIONS = ("asc", "desc", "dist-asc", "dist-desc")
MAX_KEYS = 8
COLUMNS = {"id": "e.urn", "scope": "e.scopes", "createdAt": "e.created_at", "modifiedAt": "e.modified_at"}
RANK = (
    "CASE {kind} WHEN 'n' THEN 1 WHEN 'o' THEN 3 WHEN 'b' THEN 4 "
    "WHEN 't' THEN CASE substr({instant}, 1, 1) WHEN 'T' THEN 5 WHEN 'D' THEN 6 ELSE 7 END ELSE 2 END"
)


def parse_order(
    text: str | None, context: Context, *, origin: Any = None, geometry: str | None = None
) -> tuple[Order, ...]:
    """The keys of `orderBy`; `origin` is `orderFrom` and `geometry` `orderGeometry` (Point)."""
    if not text:
        return ()
    terms = text.split(",")
    if len(terms) > MAX_KEYS:
        raise too_complex("keys of an order", MAX_KEYS)
    return tuple(_term(term, context, origin, geometry or "Point") for term in terms)


def _term(term: str, context: Context, origin: Any, geometry: str) -> Order:
    name, _, direction = term.strip().partition(";")
    direction = direction or "asc"
    if direction not in DIRECTIONS:
        raise bad_request(
            f"The direction of an order is one of {', '.join(DIRECTIONS)}", detail=term, where="orderBy"
        )
    path = Path((), name) if name in ("id", "type", "scope") else parse_path(name, context)
    if path.links:
        raise bad_request("An order cannot follow relationships", detail=term, where="orderBy")
    if not direction.startswith("dist"):
        return Order(path, direction == "desc")
    if not origin:
        raise bad_request("An order by distance needs orderFrom", detail=term, where="orderFrom")
    if not path.plain:
        raise bad_request(
            "An order by distance needs the name of a GeoProperty", detail=term, where="orderBy"
        )
    return Order(path, direction == "dist-desc", reference(geometry, origin, where="orderFrom")[1])


def order(keys: tuple[Order, ...], *, dialect: Dialect) -> Sql:
    """What follows ORDER BY; without keys entities come as they were created."""
    terms = [term for at, key in enumerate(keys) for term in _key(key, f"o{at}", dialect)]
    terms.append(Sql("e.id"))
    text = ", ".join(term.text for term in terms)
    return dialect.written(Sql(text, tuple(value for term in terms for value in term.params)))


def _key(key: Order, alias: str, dialect: Dialect) -> list[Sql]:
    member = key.path.member or ""
    if not key.path.names and member in COLUMNS:
        return [Sql(COLUMNS[member] + _way(key))]
    if not key.path.names and member == "type":
        least = "max" if key.descending else "min"
        names = f"(SELECT {least}({alias}.name) FROM live_entitytype {alias} WHERE {alias}.entity_id = e.id)"
        return [Sql(names + _way(key))]
    if key.origin is not None:
        return [_distance(key, alias), *_values(key, alias, dialect)]
    return _values(key, alias, dialect)


def _distance(key: Order, alias: str) -> Sql:
    least = "max" if key.descending else "min"
    text = (
        f"(SELECT {least}(ngsild_distance({alias}.geometry, ?)) FROM live_place {alias} "
        f"WHERE {alias}.entity_id = e.id AND {alias}.name = ?)"
    )
    return Sql(text + _way(key), (key.origin, *key.path.names))


def _values(key: Order, alias: str, dialect: Dialect) -> list[Sql]:
    """Rank of the type first, then the value by its type: every entity has one rank, so no two types mix."""
    source = rows(key.path, "e", alias, dialect)
    rank = RANK.format(kind=source.kind, instant=source.instant)
    best = f"{rank}{' DESC' if key.descending else ''}"
    columns = (rank, source.number, f"coalesce({source.instant}, {source.text})")
    return [_least(column, best, source, key) for column in columns]


def _least(column: str, best: str, source: Rows, key: Order) -> Sql:
    """One column of the row that comes first among the rows of the attribute."""
    way = " DESC" if key.descending else ""
    value = f"coalesce({source.instant}, {source.text}){way}"
    head = Sql(f"(SELECT {column} FROM ")
    tail = Sql(f" ORDER BY {best}, {source.number}{way}, {value} LIMIT 1)")
    return head + source.origin + tail + Sql(_way(key))


def _way(key: Order) -> str:
    return " DESC NULLS LAST" if key.descending else " ASC NULLS LAST"
