"""What a selection asks of an entity, as conditions in SQL, each with its candidates."""

# Names of tables, columns and aliases are written by this module alone; all that a caller says is bound.
# ruff: noqa: S608
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from tedori.engines.ngsild.queries import patterns, scopes
from tedori.engines.ngsild.queries.dialects import Dialect
from tedori.engines.ngsild.queries.rows import (
    Rows,
    Sql,
    begins,
    equal_or_ordered,
    joined,
    marks,
    matching,
    of_table,
    rows,
)
from tedori.engines.ngsild.queries.shapes import reach
from tedori.engines.ngsild.queries.tree import (
    And,
    Boolean,
    Compare,
    Exists,
    Geo,
    Like,
    Node,
    Not,
    Or,
    Path,
    Range,
    Selection,
)

TRUE = Sql("1 = 1")
STAY = " LIMIT 1 OFFSET 0"
"""Keeps PostgreSQL from turning a test of one entity into a join of all: it guesses too few rows to know."""
END = Sql(f"{STAY})")
Wall = Callable[[str], Sql]
"""What may be read, as a condition over the alias of an entity: applied to linked entities too."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One of the conditions that must all hold.

    `check` tests the entity `e`. `candidates`, if any, selects the ids of all entities that can pass, by an
    index; `exact` says that all of them do. `sketch` selects about as many rows, faster. `rank` guesses how
    few they are, 0 being a handful.
    """

    check: Sql
    candidates: Sql | None = None
    exact: bool = True
    rank: float = 9.0
    sketch: Sql | None = None


def conditions(
    selection: Selection, *, dialect: Dialect, tenant: int, wall: Wall | None = None
) -> tuple[Condition, ...]:
    """All that must hold, with `?` for placeholders."""
    writing = _Writing(dialect, tenant, wall)
    found = [
        *writing.identity(selection),
        *([writing.types(selection.types, "e")] if selection.types else []),
        *([writing.attrs(selection.attrs)] if selection.attrs else []),
        *([writing.scopes(selection.scopes)] if selection.scopes else []),
        *([writing.geo(selection.geo)] if selection.geo else []),
    ]
    for node in selection.q.nodes if isinstance(selection.q, And) else [selection.q] if selection.q else []:
        found.append(writing.node(node, "e"))
    if selection.either:
        found.append(_either(selection.either, dialect, tenant, wall))
    return tuple(found)


def _either(selections: tuple[Selection, ...], dialect: Dialect, tenant: int, wall: Wall | None) -> Condition:
    each = [conditions(one, dialect=dialect, tenant=tenant, wall=wall) for one in selections]
    wholes = [_all(parts) if parts else Condition(TRUE) for parts in each]
    return _any(wholes)


def _all(parts: tuple[Condition, ...]) -> Condition:
    """A conjunction: the fewest candidates of its parts, all checks."""
    best = min(parts, key=lambda part: part.rank)
    return Condition(joined("AND", (part.check for part in parts)), best.candidates, False, best.rank)


def _any(parts: list[Condition]) -> Condition:
    """A disjunction: the candidates of all its parts, if all have some."""
    check = joined("OR", (part.check for part in parts))
    if any(part.candidates is None for part in parts):
        return Condition(check)
    each = [part.candidates for part in parts if part.candidates]
    union = Sql(
        " UNION ".join(one.text for one in each), tuple(value for one in each for value in one.params)
    )
    return Condition(check, union, all(part.exact for part in parts), max(part.rank for part in parts) + 0.5)


class _Writing:
    """Writes conditions for one dialect and tenant, each subquery with an alias of its own."""

    def __init__(self, dialect: Dialect, tenant: int, wall: Wall | None) -> None:
        self._dialect = dialect
        self._tenant = tenant
        self._wall = wall
        self._aliases = 0

    def _alias(self, letter: str) -> str:
        self._aliases += 1
        return f"{letter}{self._aliases}"

    def identity(self, selection: Selection) -> list[Condition]:
        """Ids and their pattern."""
        found = []
        if selection.ids:
            known = Sql(f"e.urn IN ({marks(selection.ids)})", selection.ids)
            ids = (
                f"SELECT i.id FROM live_entity i WHERE i.tenant_id = ? AND i.urn IN ({marks(selection.ids)})"
            )
            found.append(Condition(known, Sql(ids, (self._tenant, *selection.ids)), rank=0.0))
        if selection.id_pattern:
            found.append(Condition(Sql(self._dialect.found("e.urn"), (selection.id_pattern,))))
        return found

    def types(self, groups: tuple[tuple[str, ...], ...], entity: str) -> Condition:
        """Either group, all types of it."""
        if all(len(group) == 1 for group in groups):
            names = tuple(dict.fromkeys(group[0] for group in groups))
            t = self._alias("t")
            origin = f"FROM live_entitytype {t} WHERE {t}.tenant_id = ? AND {t}.name IN ({marks(names)})"
            params = (self._tenant, *names)
            check = Sql(f"EXISTS (SELECT 1 {origin} AND {t}.entity_id = {entity}.id{STAY})", params)
            return Condition(check, Sql(f"SELECT {t}.entity_id {origin}", params), rank=6.0)
        return _any([_all(tuple(self.types(((name,),), entity) for name in group)) for group in groups])

    def attrs(self, names: tuple[str, ...]) -> Condition:
        """At least one of the attributes."""
        return _any([self.node(Exists(_path(name)), "e") for name in names])

    def scopes(self, groups: tuple[tuple[str, ...], ...]) -> Condition:
        """Either group, all scope patterns of it."""
        return _any([_all(tuple(self._scope(pattern) for pattern in group)) for group in groups])

    def _scope(self, pattern: str) -> Condition:
        s = self._alias("s")
        plain = "+" not in pattern and "#" not in pattern
        test = f"{s}.path = ?" if plain else self._dialect.found(f"{s}.path")
        value = pattern if plain else scopes.level_by_level(pattern)
        check = Sql(
            f"EXISTS (SELECT 1 FROM live_scope {s} WHERE {s}.entity_id = e.id AND {test}{STAY})", (value,)
        )
        if not plain:
            return Condition(check)
        ids = Sql(
            f"SELECT {s}.entity_id FROM live_scope {s} WHERE {s}.tenant_id = ? AND {test}",
            (self._tenant, value),
        )
        return Condition(check, ids, rank=5.0)

    def geo(self, geo: Geo) -> Condition:
        """A place of this name stands in the relation to the reference."""
        exact = _exact(geo, self._dialect)
        named = Sql("p.name = ?", (geo.name,))
        own = Sql("EXISTS (SELECT 1 FROM live_place p WHERE p.entity_id = e.id AND ")
        west, south, east, north = reach(geo.bounds, geo.distance or 0.0)
        apart = Sql("p.maxx < ? OR p.maxy < ? OR p.minx > ? OR p.miny > ?", (west, south, east, north))
        if geo.relation in ("far", "disjoint"):
            return Condition(own + joined("AND", (named, joined("OR", (apart, exact)))) + END)
        close = Sql("p.maxx >= ? AND p.maxy >= ? AND p.minx <= ? AND p.miny <= ?", (west, south, east, north))
        check = own + joined("AND", (named, close, exact)) + END
        box = (west, south, east, north)
        boxed = Sql(
            f"SELECT p.entity_id FROM {self._dialect.boxed} AND p.tenant_id = ? AND ",
            (*box, self._tenant),
        )
        sketch = Sql(f"SELECT 1 FROM {self._dialect.boxes}", box)
        return Condition(check, boxed + joined("AND", (named, exact)), rank=1.5, sketch=sketch)

    def node(self, node: Node, entity: str) -> Condition:
        """One node of `q`."""
        match node:
            case And(nodes):
                return _all(tuple(self.node(inner, entity) for inner in nodes))
            case Or(nodes):
                return _any([self.node(inner, entity) for inner in nodes])
            case Not(inner):
                check = self.node(inner, entity).check
                return Condition(Sql(f"NOT ({check.text})", check.params))
            case _ if node.path.links:
                return Condition(self._linked(node, entity))
            case _:
                return self._term(node, entity)

    def _term(self, node: Exists | Compare | Like, entity: str) -> Condition:
        if not node.path.names and node.path.member in ("createdAt", "modifiedAt"):
            return Condition(self._entity_time(node, entity))
        source = rows(node.path, entity, self._alias("v"), self._dialect)
        check = self._rows_hold(node, source, entity)
        if node.path.names and not node.path.plain:
            return self._with_presence(node, check, entity)
        candidates = self._candidates(node) if node.path.plain else None
        return Condition(check, candidates, rank=_rank(node)) if candidates else Condition(check)

    def _candidates(self, node: Exists | Compare | Like) -> Sql | None:
        """The ids behind an attribute's values, if an index of values finds them."""
        v = self._alias("v")
        origin = Sql(
            f"live_value {v} WHERE {v}.tenant_id = ? AND {v}.name = ?", (self._tenant, *node.path.names)
        )
        source = replace(of_table(v, origin), key=self._dialect.key)
        test = _test(node, source, self._dialect)
        match node:
            case Compare(operator="!="):
                return None
            case Like() if not _prefix(node):
                return None
            case Like():
                test = joined("AND", (begins(_prefix(node), source), test))
        return Sql(f"SELECT {v}.entity_id FROM ") + origin + Sql(" AND ") + test

    def _with_presence(self, node: Exists | Compare | Like, check: Sql, entity: str) -> Condition:
        """A condition on documents: only those of entities that have the attribute at all are read."""
        first = self.node(Exists(_path(node.path.names[0])), entity)
        return Condition(joined("AND", (first.check, check)), first.candidates, False, 7.5)

    def _entity_time(self, node: Exists | Compare | Like, entity: str) -> Sql:
        column = f"{entity}.{'created_at' if node.path.member == 'createdAt' else 'modified_at'}"
        times = Rows(TRUE, "1", "'t'", "NULL", column, column)
        test = _test(node, times, self._dialect)
        negative = getattr(node, "negated", False) or getattr(node, "operator", "") == "!="
        # A time has no number: comparing with one is unknown to SQL, and here it must be plainly false.
        return Sql(f"({test.text}) IS {'NOT ' if negative else ''}TRUE", test.params)

    def _rows_hold(self, node: Exists | Compare | Like, source: Rows, entity: str) -> Sql:
        """Some instance of the attribute passes: one row of it or, for `!=` and `!~=`, none of its rows."""
        test = _test(node, source, self._dialect)
        exists = Sql("EXISTS (SELECT 1 FROM ") + source.origin
        if not (getattr(node, "negated", False) or getattr(node, "operator", "") == "!="):
            return exists + Sql(" AND ") + test + END
        other = rows(node.path, entity, self._alias("v"), self._dialect)
        rest = Sql(f" AND {other.instance} {self._dialect.same} {source.instance} AND ")
        texts = Sql(f" AND {source.kind} IN ('s', 't', 'l', 'v')" if isinstance(node, Like) else "")
        none = (
            Sql(" AND NOT EXISTS (SELECT 1 FROM ") + other.origin + rest + _test(node, other, self._dialect)
        )
        return exists + texts + none + END + END

    def _linked(self, node: Exists | Compare | Like, entity: str) -> Sql:
        """An entity of the same tenant, readable to the same reader, to which the relationship points."""
        link, *more = node.path.links
        r, linked = self._alias("r"), self._alias("e")
        rest = replace(node, path=replace(node.path, links=tuple(more)))
        text = (
            f"EXISTS (SELECT 1 FROM live_value {r} JOIN live_entity {linked} "
            f"ON {linked}.tenant_id = ? AND {linked}.urn = {r}.text "
            f"WHERE {r}.entity_id = {entity}.id AND {r}.name = ? AND {r}.kind = 'u' AND "
        )
        tests = [self.node(rest, linked).check]
        if link.types:
            tests.append(self.types(tuple((name,) for name in link.types), linked).check)
        if self._wall:
            tests.append(self._wall(linked))
        return Sql(text, (self._tenant, link.name)) + joined("AND", tests) + END


def _path(name: str) -> Path:
    return Path((name,))


def _test(node: Exists | Compare | Like, source: Rows, dialect: Dialect) -> Sql:
    """What a row must hold, whatever the sign of the operator."""
    match node:
        case Compare():
            return Sql("(") + equal_or_ordered(node, source) + Sql(")")
        case Like():
            return Sql("(") + matching(node, source, dialect) + Sql(")")
        case _:
            return TRUE


def _prefix(node: Like) -> str:
    """What every text with the pattern begins with, if the pattern tells."""
    return "" if node.negated else patterns.prefix(node.pattern)


def _rank(node: Exists | Compare | Like) -> float:
    if isinstance(node, Like):
        return 4.5
    if not isinstance(node, Compare):
        return 7.0
    if node.operator != "==" or any(isinstance(operand, Range) for operand in node.operands):
        return 4.0
    return 6.5 if any(isinstance(operand, Boolean) for operand in node.operands) else 2.0


def _exact(geo: Geo, dialect: Dialect) -> Sql:
    """The relation itself; of a place that is a point no geometry need be read."""
    west, south, east, north = geo.bounds
    whole = Sql("ngsild_geo(?, p.geometry, ?, ?)", (geo.relation, geo.reference, geo.distance))
    if geo.distance is None:
        point = dialect.spot(geo)
    elif (west, south) == (east, north):
        sign = "<=" if geo.relation == "near" else ">"
        point = dialect.metres(west, south) + Sql(f" {sign} ?", (geo.distance,))
    else:
        return whole
    spot = Sql("CASE WHEN p.minx = p.maxx AND p.miny = p.maxy THEN ")
    return spot + point + Sql(" ELSE ") + whole + Sql(" END")
