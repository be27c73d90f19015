"""Which registrations somebody looks for, by discovery or by subscription (clauses 5.10.2 and 5.12)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tedori.engines.ngsild.contexts import CORE, NGSI_LD, Context
from tedori.engines.ngsild.errors import bad_request
from tedori.engines.ngsild.instants import sortable
from tedori.engines.ngsild.queries import patterns, shapes
from tedori.engines.ngsild.queries.matching import holds
from tedori.engines.ngsild.queries.matching import matches as suits_selection
from tedori.engines.ngsild.queries.temporal import parse_temporal
from tedori.engines.ngsild.queries.tree import And, Geo, Node, Not, Or, Selection, Temporal
from tedori.engines.ngsild.registrations.documents import KNOWN, NAME_LISTS, SPACES
from tedori.engines.ngsild.registrations.sources import Information, Selector, information_of
from tedori.engines.ngsild.subscriptions.selecting import selection_of
from tedori.engines.ngsild.values import Attribute, Entity

SPACE_BY_IRI = {f"{NGSI_LD}{name}": name for name in SPACES}
MOMENTS = {"observedAt": "observationInterval"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: entities and attributes as of a selection, a time, and properties of the source."""

    selection: Selection
    temporal: Temporal | None = None
    sources: Node | None = None

    @property
    def attrs(self) -> frozenset[str]:
        """The attributes that must be offered, one of them at least; empty for any."""
        return frozenset(self.selection.attrs) | attributes_of(self.selection.q)


def attributes_of(node: Node | None) -> frozenset[str]:
    """The attributes that a query names."""
    return frozenset(_named(node)) if node is not None else frozenset()


def _named(node: Node) -> Iterator[str]:
    match node:
        case And(nodes) | Or(nodes):
            for inner in nodes:
                yield from _named(inner)
        case Not(inner):
            yield from _named(inner)
        case _:
            path = node.path
            yield from ((path.links[0].name,) if path.links else path.names[:1])


def wanted_of(document: Mapping[str, Any], context: Context, sources: Node | None = None) -> Wanted:
    """What a subscription to registrations looks for; raises NgsiLdError where that cannot be read."""
    temporal = document.get("temporalQ")
    names = (*document.get("watchedAttributes", ()), *document["notification"].get("attributes", ()))
    selection = selection_of(document, context)
    if names:
        selection = Selection(
            attrs=names,
            q=selection.q,
            geo=selection.geo,
            scopes=selection.scopes,
            either=selection.either,
        )
    return Wanted(selection, read_temporal(temporal) if temporal is not None else None, sources)


def read_temporal(value: Any) -> Temporal | None:
    """A `temporalQ`; raises BadRequestData."""
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        raise bad_request("temporalQ is an object of texts.", where="temporalQ")
    found = parse_temporal(*(value.get(name) for name in ("timerel", "timeAt", "endTimeAt", "timeproperty")))
    if found is None:
        raise bad_request("temporalQ needs timerel.", where="temporalQ.timerel")
    return found


def suits(document: Mapping[str, Any], wanted: Wanted) -> bool:
    """Whether a registration is one of those that are looked for."""
    return (
        _in_time(document, wanted.temporal)
        and any(relevant(one, wanted) for one in document["information"])
        and _in_place(document, wanted.selection.geo)
        and _in_scope(document, wanted.selection.scopes)
        and (wanted.sources is None or holds(wanted.sources, as_entity(document)))
    )


def narrowed(document: Mapping[str, Any], wanted: Wanted) -> dict[str, Any]:
    """The registration with only those elements of its information that are looked for."""
    kept = [one for one in document["information"] if relevant(one, wanted)]
    return {**document, "information": kept or document["information"]}


def relevant(one: Mapping[str, Any], wanted: Wanted) -> bool:
    """Whether an element of `information` is about entities and attributes that are looked for."""
    return _offers(information_of(one), wanted)


def _offers(offered: Information, wanted: Wanted) -> bool:
    attrs = wanted.attrs
    if attrs and offered.attrs is not None and attrs.isdisjoint(offered.attrs):
        return False
    selections = wanted.selection.either or (wanted.selection,)
    return not offered.selectors or any(
        meets(selector, one) for selector in offered.selectors for one in selections
    )


def meets(selector: Selector, selection: Selection) -> bool:
    """Whether there may be entities that both mean."""
    groups = selection.types
    if groups and not any(set(selector.types) & set(group) for group in groups):
        return False
    if selection.ids:
        return any(selector.names(urn) for urn in selection.ids)
    if selection.id_pattern and selector.id is not None:
        return bool(patterns.found(selection.id_pattern, selector.id))
    return True  # whether two patterns have a text in common is not asked: a source too many does no harm


def _in_time(document: Mapping[str, Any], temporal: Temporal | None) -> bool:
    if temporal is None:
        return "observationInterval" not in document and "managementInterval" not in document
    span = document.get(MOMENTS.get(temporal.member, "managementInterval"))
    if span is None:
        return False
    start, end = sortable(span["startAt"]), sortable(span["endAt"]) if "endAt" in span else "9"
    return (temporal.end is None or start <= temporal.end) and (
        temporal.start is None or end >= temporal.start
    )


def _in_place(document: Mapping[str, Any], geo: Geo | None) -> bool:
    if geo is None:
        return True
    space = document.get(SPACE_BY_IRI.get(geo.name, "location"))
    if space is None:
        return False
    text = json.dumps(space)
    return shapes.holds(geo.relation, text, geo.reference, geo.distance) or (
        geo.relation not in ("disjoint", "far") and shapes.holds("intersects", text, geo.reference, None)
    )


def _in_scope(document: Mapping[str, Any], scopes: tuple[tuple[str, ...], ...]) -> bool:
    if not scopes:
        return True
    return suits_selection(Entity("", (), scopes=tuple(document.get("scope", ()))), Selection(scopes=scopes))


def as_entity(document: Mapping[str, Any]) -> Entity:
    """A registration as an entity whose attributes are the properties of the source, for `csf`."""
    properties = {
        name if name not in KNOWN else CORE.expand(name): (Attribute("Property", _plain(value)),)
        for name, value in document.items()
        if name not in ("id", "type", "information", "contextSourceInfo", *NAME_LISTS)
    }
    return Entity(document["id"], (), properties)


def _plain(value: Any) -> Any:
    return value["value"] if isinstance(value, dict) and "value" in value else value
