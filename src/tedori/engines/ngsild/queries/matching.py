"""Whether an entity at hand is one of a selection: the trees of a query walked in plain Python."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import TypeAlias

from tedori.engines.ngsild.instants import sortable
from tedori.engines.ngsild.queries import patterns, scopes, shapes
from tedori.engines.ngsild.queries.scalars import OTHER, Scalar, column, of_value
from tedori.engines.ngsild.queries.tree import (
    And,
    Boolean,
    Compare,
    Exists,
    Geo,
    Instant,
    Like,
    Literal,
    Node,
    Not,
    Number,
    Or,
    Path,
    Range,
    Selection,
    Text,
)
from tedori.engines.ngsild.values import Attribute, Entity

Linked: TypeAlias = Callable[[str], Entity | None]
"""Finds the entity with this URI, None if there is none (or none that may be read)."""
TEXTS = frozenset("stlv")


def nothing(uri: str) -> Entity | None:
    """No entity is linked."""
    return None


def matches(entity: Entity, selection: Selection, *, linked: Linked = nothing) -> bool:
    """Whether all that the selection asks for holds for the entity; `linked` finds related entities."""
    return (
        (not selection.ids or entity.id in selection.ids)
        and (not selection.id_pattern or bool(patterns.found(selection.id_pattern, entity.id)))
        and typed(entity, selection.types)
        and (not selection.attrs or any(name in entity.attributes for name in selection.attrs))
        and _scoped(entity, selection.scopes)
        and (selection.geo is None or placed(entity, selection.geo))
        and (selection.q is None or holds(selection.q, entity, linked))
        and (not selection.either or any(matches(entity, one, linked=linked) for one in selection.either))
    )


def typed(entity: Entity, groups: tuple[tuple[str, ...], ...]) -> bool:
    """Whether the entity has all types of some group; no groups: any entity."""
    return not groups or any(all(name in entity.types for name in group) for group in groups)


def placed(entity: Entity, geo: Geo) -> bool:
    """Whether a place of the entity stands in the relation to the reference."""
    return any(
        shapes.holds(geo.relation, json.dumps(instance.value), geo.reference, geo.distance)
        for instance in entity.attributes.get(geo.name, ())
        if instance.kind == "GeoProperty"
    )


def holds(node: Node, entity: Entity, linked: Linked = nothing) -> bool:
    """Whether one node of `q` holds for the entity."""
    match node:
        case And(nodes):
            return all(holds(inner, entity, linked) for inner in nodes)
        case Or(nodes):
            return any(holds(inner, entity, linked) for inner in nodes)
        case Not(inner):
            return not holds(inner, entity, linked)
        case _:
            return _term(node, entity, linked)


def _term(node: Exists | Compare | Like, entity: Entity, linked: Linked) -> bool:
    return any(
        _instance_holds(node, rows)
        for one in _targets(entity, node.path, linked)
        for rows in instances(one, node.path)
    )


def _targets(entity: Entity, path: Path, linked: Linked) -> Iterator[Entity]:
    """The entity itself, or those at the end of the path's links."""
    found = [entity]
    for link in path.links:
        uris = [
            row.text
            for one in found
            for rows in instances(one, Path((link.name,)))
            for row in rows
            if row.kind == "u"
        ]
        known = [linked(uri) for uri in uris if uri]
        found = [one for one in known if one and typed(one, tuple((name,) for name in link.types))]
    yield from found


def instances(entity: Entity, path: Path) -> Iterator[tuple[Scalar, ...]]:
    """The values of each instance of the path's end; an instance without a value there is left out."""
    if not path.names:
        value = getattr(entity, MEMBER_FIELDS[path.member or ""], None)
        if value is not None:
            yield of_value("Property", sortable(value) if path.member in COLUMNS else value)
        return
    level = entity.attributes.get(path.names[0], ())
    for name in path.names[1:]:
        level = tuple(sub for instance in level for sub in instance.attributes.get(name, ()))
    for instance in level:
        rows = _rows(instance, path)
        if rows:
            yield rows


COLUMNS = {"createdAt", "modifiedAt"}  # of an entity, which the databases keep in the form that sorts
MEMBER_FIELDS = {
    "observedAt": "observed_at",
    "createdAt": "created_at",
    "modifiedAt": "modified_at",
    "deletedAt": "deleted_at",
    "expiresAt": "expires_at",
    "unitCode": "unit_code",
    "datasetId": "dataset_id",
    "instanceId": "instance_id",
    "objectType": "object_types",
}


def _rows(instance: Attribute, path: Path) -> tuple[Scalar, ...]:
    if path.member is None:
        return of_value(instance.kind, instance.value, path.trail) or (() if path.trail else (OTHER,))
    value = getattr(instance, MEMBER_FIELDS[path.member])
    return of_value("Property", value) if value else ()


def _instance_holds(node: Exists | Compare | Like, rows: tuple[Scalar, ...]) -> bool:
    match node:
        case Compare(operator="!=", operands=operands):
            return not _some_equal(rows, operands)
        case Compare(operator="==", operands=operands):
            return _some_equal(rows, operands)
        case Compare(operator=operator, operands=(operand,)):
            return any(_ordered(row, operator, operand) for row in rows)
        case Like():
            return _alike(node, rows)
        case _:
            return True


def _some_equal(rows: tuple[Scalar, ...], operands: tuple[Literal | Range, ...]) -> bool:
    return any(_equal(row, operand) for row in rows for operand in operands)


def _alike(node: Like, rows: tuple[Scalar, ...]) -> bool:
    found = [bool(patterns.found(node.pattern, row.text)) for row in rows if row.kind in TEXTS]
    return bool(found) and any(found) is not node.negated


def _equal(row: Scalar, operand: Literal | Range) -> bool:
    match operand:
        case Range(low, high):
            return _ordered(row, ">=", low) and _ordered(row, "<=", high)
        case Number(value):
            return row.number == value
        case Boolean(value):
            return row.kind == "b" and row.text == ("true" if value else "false")
        case Instant(value):
            return row.instant == value
        case Text(value):
            return row.kind != "b" and row.text == value


def _ordered(row: Scalar, operator: str, operand: Literal | Range) -> bool:
    match operand:
        case Number(value):
            return row.number is not None and _compared(row.number, operator, value)
        case Instant(value):
            low, high = column(value)
            return (
                row.instant is not None
                and low <= row.instant < high
                and _compared(row.instant, operator, value)
            )
        case Text(value):
            return row.text is not None and row.kind in TEXTS and _compared(row.text, operator, value)
        case _:
            return False


def _compared(left: float | str, operator: str, right: float | str) -> bool:
    if operator == "<":
        return left < right  # type: ignore[operator]
    if operator == ">":
        return left > right  # type: ignore[operator]
    return left <= right if operator == "<=" else left >= right  # type: ignore[operator]


def _scoped(entity: Entity, groups: tuple[tuple[str, ...], ...]) -> bool:
    held = tuple(map(scopes.rooted, entity.scopes))
    return not groups or any(all(any(_within(s, p) for s in held) for p in group) for group in groups)


def _within(scope: str, pattern: str) -> bool:
    return scope == pattern or bool(patterns.found(scopes.level_by_level(pattern), scope))
