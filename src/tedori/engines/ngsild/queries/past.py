"""`q`, places and scopes asked of the evolution of the entity `e`, in SQL over `live_history` (5.7.4.4).

What is asked must hold of instances within the span of time; scopes hold from one change to the next.
"""

# Names of tables, columns and aliases are written by this module alone; all that a caller says is bound.
# ruff: noqa: S608
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tedori.engines.ngsild.errors import bad_request
from tedori.engines.ngsild.queries import scopes
from tedori.engines.ngsild.queries.dialects import Dialect
from tedori.engines.ngsild.queries.rows import (
    Rows,
    Sql,
    equal_or_ordered,
    joined,
    matching,
    path_parameter,
)
from tedori.engines.ngsild.queries.tree import And, Compare, Geo, Like, Node, Not, Or, Temporal
from tedori.engines.ngsild.reading import SCOPE_IRI

OWN = "FROM live_history {h} WHERE {h}.tenant_id = e.tenant_id AND {h}.urn = e.urn AND {h}.owner = e.owner"
"""All instances of the evolution of the entity `e`."""
LIVING = f"SELECT 1 {OWN.format(h='h')} AND NOT h.deleted AND "
SINCE = "coalesce({h}.observed_at, {h}.modified_at)"
MOMENTS = {"observedAt": "observed_at", "createdAt": "created_at", "modifiedAt": "modified_at"}
SQLITE_INSTANCE = """json_object('attributes', json_object(h.name, json_array(json_set(coalesce(h.subs, '{}'),
'$.kind', h.kind, '$.value', json(h.value), '$.datasetId', h.dataset, '$.observedAt', h.observed_at,
'$.createdAt', h.created_at, '$.modifiedAt', h.modified_at))))"""
POSTGRESQL_INSTANCE = """jsonb_build_object('attributes', jsonb_build_object(h.name, jsonb_build_array(
coalesce(h.subs, '{}')::jsonb || jsonb_build_object('kind', h.kind, 'value', h.value::jsonb,
'datasetId', h.dataset, 'observedAt', h.observed_at, 'createdAt', h.created_at,
'modifiedAt', h.modified_at))))"""


@dataclass(frozen=True, slots=True)
class Past:
    """Writes what is asked of instances within a span of time, for one dialect, with its placeholders."""

    dialect: Dialect
    span: Temporal | None = None

    def holds(self, node: Node) -> Sql:
        """The condition of `q`; raises BadRequestData where it leads to linked entities."""
        return self.dialect.written(self._node(node))

    def lies(self, geo: Geo) -> Sql:
        """Some geometry of this name stood in the relation to the reference."""
        relation = Sql("ngsild_geo(?, h.value, ?, ?)", (geo.relation, geo.reference, geo.distance))
        return self.dialect.written(
            self._some(geo.name, joined("AND", [Sql("h.kind = 'GeoProperty'"), relation]))
        )

    def scoped(self, groups: tuple[tuple[str, ...], ...]) -> Sql:
        """The entity was within the scopes at some time, of either group within all of it."""
        each = (joined("AND", [self._scope(pattern) for pattern in group]) for group in groups)
        return self.dialect.written(joined("OR", each))

    def _node(self, node: Node) -> Sql:
        match node:
            case And(nodes):
                return joined("AND", [self._node(inner) for inner in nodes])
            case Or(nodes):
                return joined("OR", [self._node(inner) for inner in nodes])
            case Not(inner):
                return Sql("NOT ") + joined("AND", [self._node(inner)])
        if node.path.links:
            raise bad_request("A query of the past cannot lead to other entities.", where="q")
        if not node.path.names:
            raise bad_request(
                "A query of the past asks for attributes.", detail=node.path.member or "", where="q"
            )
        return self._term(node)

    def _term(self, node: Any) -> Sql:
        """Some instance has such a value or, for `!=` and `!~=`, one that has none of them."""
        origin = self.dialect.document.format(doc=self._instance, alias="v")
        values = Rows(
            Sql(f"{origin} WHERE 1 = 1", (path_parameter(node.path),)),
            *(column.format(alias="v") for column in self.dialect.columns),
        )
        some = Sql("EXISTS (SELECT 1 FROM ") + values.origin
        negative = getattr(node, "negated", False) or getattr(node, "operator", "") == "!="
        test = self._test(node, values)
        found = some + Sql(" AND ") + test + Sql(")")
        if negative:
            texts = Sql(f" AND {values.kind} IN ('s', 't', 'l', 'v')" if isinstance(node, Like) else "")
            found = some + texts + Sql(") AND NOT ") + found
        return self._some(node.path.names[0], found)

    @property
    def _instance(self) -> str:
        """An instance as a stored document of its own, which the dialect's function reads."""
        return SQLITE_INSTANCE if self.dialect.name == "sqlite" else POSTGRESQL_INSTANCE

    def _test(self, node: Any, values: Rows) -> Sql:
        match node:
            case Compare():
                return Sql("(") + equal_or_ordered(node, values) + Sql(")")
            case Like():
                return Sql("(") + matching(node, values, self.dialect) + Sql(")")
            case _:
                return Sql("1 = 1")

    def _some(self, name: str, condition: Sql) -> Sql:
        """Some instance of the attribute in the span of time is so."""
        parts = [Sql("h.name = ?", (name,)), *self._during(), condition]
        return Sql(f"EXISTS ({LIVING}") + joined("AND", parts) + Sql(")")

    def _during(self) -> list[Sql]:
        if self.span is None:
            return []
        moment = f"h.{MOMENTS.get(self.span.member, 'modified_at')}"
        start = [Sql(f"{moment} >= ?", (self.span.start,))] if self.span.start else []
        return [*start, *([Sql(f"{moment} < ?", (self.span.end,))] if self.span.end else [])]

    def _scope(self, pattern: str) -> Sql:
        """A scope that began before the span ended and did not end before the span began."""
        parts = [Sql("h.name = ?", (SCOPE_IRI,)), self._path(pattern)]
        if self.span is not None and self.span.end:
            parts.append(Sql(f"{SINCE.format(h='h')} < ?", (self.span.end,)))
        if self.span is not None and self.span.start:
            later = f"{SINCE.format(h='n')} > {SINCE.format(h='h')} AND {SINCE.format(h='n')} <= ?"
            following = f"NOT EXISTS (SELECT 1 {OWN.format(h='n')} AND n.name = h.name AND {later})"
            parts.append(Sql(following, (self.span.start,)))
        return Sql(f"EXISTS ({LIVING}") + joined("AND", parts) + Sql(")")

    def _path(self, pattern: str) -> Sql:
        """One of the scopes of the instance `h` is so."""
        if self.dialect.name == "sqlite":
            each, text = "json_each(h.value) s", "s.value"
        else:
            given = "h.value::jsonb"
            several = (
                f"CASE jsonb_typeof({given}) WHEN 'array' THEN {given} ELSE jsonb_build_array({given}) END"
            )
            each, text = f"jsonb_array_elements_text({several}) s (value)", "s.value"
        return Sql(
            f"EXISTS (SELECT 1 FROM {each} WHERE {self.dialect.found(text)})",
            (scopes.level_by_level(pattern),),
        )
