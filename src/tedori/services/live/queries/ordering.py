"""The order of an answer, written in SQL (clause 4.23): by values of entities or by distance."""

from __future__ import annotations

from tedori.engines.ngsild.queries.dialects import Dialect
from tedori.engines.ngsild.queries.rows import Sql, rows
from tedori.engines.ngsild.queries.tree import Order

OF_ENTITY = {"id": "e.urn", "scope": "e.scopes", "createdAt": "e.created_at", "modifiedAt": "e.modified_at"}
TYPE = "(SELECT min(ot.name) FROM live_entitytype ot WHERE ot.entity_id = e.id)"
# Numbers before texts before everything else before booleans before times (clause 4.23.2).
RANK = "CASE {kind} WHEN 'n' THEN 0 WHEN 'o' THEN 2 WHEN 'b' THEN 4 WHEN 't' THEN 5 ELSE 1 END"
ABSENT = 9


def ordered(orders: tuple[Order, ...], dialect: Dialect) -> Sql:
    """What stands after ORDER BY, in the database's own marks; entities come in the order of their coming."""
    parts = [part for number, order in enumerate(orders) for part in _keys(order, number, dialect)]
    text = ", ".join([*(part.text for part in parts), "e.id"])
    return dialect.written(Sql(text, tuple(value for part in parts for value in part.params)))


def _keys(order: Order, number: int, dialect: Dialect) -> list[Sql]:
    way, first = ("DESC", "max") if order.descending else ("ASC", "min")
    path = order.path
    if not path.names:
        column = TYPE if path.member == "type" else OF_ENTITY[path.member or "id"]
        return [Sql(f"{column} {way}")]
    if order.origin is not None:
        far = (
            f"(SELECT {first}(ngsild_distance(op{number}.geometry, ?)) FROM live_place op{number} "  # noqa: S608
            f"WHERE op{number}.entity_id = e.id AND op{number}.name = ?)"
        )
        given = (order.origin, path.names[0])
        return [Sql(f"CASE WHEN {far} IS NULL THEN 1 ELSE 0 END", given), Sql(f"{far} {way}", given)]
    source = rows(path, "e", f"ov{number}", dialect)

    def best(column: str) -> Sql:
        return Sql(f"(SELECT {first}({column}) FROM {source.origin.text})", source.origin.params)  # noqa: S608

    rank = best(RANK.format(kind=source.kind))
    there = Sql(f"COALESCE({'-' if order.descending else ''}{rank.text}, {ABSENT})", rank.params)
    values = (best(column) for column in (source.number, source.instant, source.text))
    return [there, *(Sql(f"{value.text} {way}", value.params) for value in values)]
