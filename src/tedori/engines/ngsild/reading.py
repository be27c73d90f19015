"""Callers' documents turned into entities: normalised, concise, simplified, GeoJSON (clauses 4.5 and 5.5.4).

Everything is checked on the way; an error names the place by a JSON path such as `$.speed[1].observedAt`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tedori.engines.ngsild.attributes import (
    Reading,
    expand_at,
    read_instances,
    read_plain,
    read_types,
)
from tedori.engines.ngsild.checks import read_uri
from tedori.engines.ngsild.contexts import NGSI_LD, Context
from tedori.engines.ngsild.errors import bad_request
from tedori.engines.ngsild.instants import read_instant
from tedori.engines.ngsild.kinds import DELETED, MEMBER_BY_IRI
from tedori.engines.ngsild.values import Attribute, Entity

MOST_ATTRIBUTES = 2_000
MOST_SCOPES = 100
SCOPE = re.compile(r"/?[^\W_][\w-]*(?:/[^\W_][\w-]*)*")
SCOPE_IRI = f"{NGSI_LD}scope"
LOCATION_IRI = f"{NGSI_LD}location"
SYSTEM_TIMES = (("created_at", "createdAt"), ("modified_at", "modifiedAt"), ("deleted_at", "deletedAt"))
HEAD = frozenset(("id", "type", "scope", "@context", "createdAt", "modifiedAt", "deletedAt", "expiresAt"))
# Names that the standard keeps for what attributes consist of: no attribute may have one (4.5.1).
RESERVED = frozenset(iri for iri, member in MEMBER_BY_IRI.items() if member not in ("lang", "type"))


def read_entity(payload: Any, context: Context, *, simplified: bool = False, system: bool = False) -> Entity:
    """A whole entity, as it is created: with an id and at least one type, without nulls.

    `system` keeps the times that another system has set, as in the answer of a context source.
    """
    return _whole(_entity(payload, Reading(context, simplified=simplified, system=system)))


def read_history(payload: Any, context: Context, *, system: bool = False) -> Entity:
    """The temporal evolution of an entity: each attribute has many instances, also of the same dataset."""
    return _whole(_entity(payload, Reading(context, history=True, nulls=system, system=system)))


def read_fragment(
    payload: Any,
    context: Context,
    *,
    partial: bool = False,
    nulls: bool = True,
    history: bool = False,
    simplified: bool = False,
    system: bool = False,
    kinds: Mapping[str, str] | None = None,
) -> Entity:
    """Part of an entity: the id is "" and the types are () when they are not given.

    The standard's null may stand for values unless `nulls` says no (as for an append). A merge reads with
    `partial`: attributes may come without a value, and nulls also stand inside values. An append to the
    evolution reads with `history`; `system` keeps the times that another system has set. `kinds` (see
    `kinds_of`) lets a plain value of a `simplified` document take the kind of the attribute that it is for.
    """
    reading = Reading(
        context,
        partial=partial,
        nulls=nulls,
        merging=partial,
        history=history,
        simplified=simplified,
        system=system,
        kinds=kinds or {},
    )
    return _entity(payload, reading)


def read_attribute(
    payload: Any,
    context: Context,
    *,
    partial: bool = False,
    nulls: bool = True,
    history: bool = False,
    system: bool = False,
) -> tuple[Attribute, ...]:
    """The instances of one attribute, from what stands for it alone (without its name).

    With `partial` members may be missing: what a partial update takes. `nulls`: the standard's null deletes.
    """
    if isinstance(payload, dict) and "@context" in payload:
        payload = {name: value for name, value in payload.items() if name != "@context"}
    reading = Reading(context, partial=partial, nulls=nulls, history=history, system=system)
    if not isinstance(payload, dict | list) or not payload:
        raise bad_request("An attribute must be a JSON object with members.", where="$")
    return read_instances(payload, reading, "$")


def read_feature(payload: Any, context: Context, *, geometry_property: str = LOCATION_IRI) -> Entity:
    """An entity from a GeoJSON Feature; its geometry becomes the geometry property unless that is given."""
    if not isinstance(payload, dict) or payload.get("type") != "Feature":
        raise bad_request("A GeoJSON Feature is wanted.", where="$.type")
    properties = payload.get("properties")
    if not isinstance(properties, dict):
        raise bad_request("A Feature needs its properties.", where="$.properties")
    entity = {**properties, "id": payload.get("id")}
    name = context.compact(geometry_property)
    if payload.get("geometry") is not None and name not in entity:
        entity[name] = {"type": "GeoProperty", "value": payload["geometry"]}
    return read_entity(entity, context)


def kinds_of(entity: Entity) -> Mapping[str, str]:
    """Of which kind each attribute of an entity is."""
    return {iri: instances[0].kind for iri, instances in entity.attributes.items()}


def read_scopes(value: Any, *, nulls: bool = False, where: str = "$.scope") -> tuple[str, ...]:
    """One scope or an array of them, each with a leading slash; `(DELETED,)` when they are to go.

    In the evolution of an entity scopes are a Property with instances: the last one holds.
    """
    value = _latest(value)
    if nulls and value in (DELETED, [], [DELETED]):
        return (DELETED,)
    scopes = value if isinstance(value, list) else [value]
    if len(scopes) > MOST_SCOPES or not all(map(_is_scope, scopes)):
        raise bad_request("A scope must be a path such as /Chiyoda/Kanda, or an array of paths.", where=where)
    return tuple(dict.fromkeys(f"/{one.removeprefix('/')}" for one in scopes))


def _is_scope(value: Any) -> bool:
    return isinstance(value, str) and SCOPE.fullmatch(value) is not None


def _latest(value: Any) -> Any:
    if isinstance(value, list) and value and isinstance(value[-1], dict):
        value = value[-1]
    return value["value"] if isinstance(value, dict) and "value" in value else value


def _whole(entity: Entity) -> Entity:
    if not entity.id:
        raise bad_request("An entity needs an id.", where="$.id")
    if not entity.types:
        raise bad_request("An entity needs a type.", where="$.type")
    return entity


def _entity(payload: Any, reading: Reading) -> Entity:
    if not isinstance(payload, dict):
        raise bad_request("An entity must be a JSON object.", where="$")
    if len(payload) > MOST_ATTRIBUTES:
        raise bad_request(
            "An entity has too many attributes.", detail=f"at most {MOST_ATTRIBUTES}", where="$"
        )
    head, rest = _sorted_members(payload, reading.context)
    times = {name: head.get(member) for name, member in SYSTEM_TIMES} if reading.system else {}
    return Entity(
        id=read_uri(head["id"], "$.id") if "id" in head else "",
        types=read_types(head["type"], reading.context) if "type" in head else (),
        attributes=_attributes(rest, reading),
        scopes=read_scopes(head["scope"], nulls=reading.nulls) if "scope" in head else (),
        expires_at=_expiry(head["expiresAt"], reading) if "expiresAt" in head else None,
        **times,
    )


def _expiry(value: Any, reading: Reading) -> str:
    return value if reading.nulls and value == DELETED else read_instant(value, where="$.expiresAt")


def _sorted_members(payload: dict[str, Any], context: Context) -> tuple[dict[str, Any], dict[str, Any]]:
    """What every entity has, under its plain names, and the rest, which are attributes."""
    head: dict[str, Any] = {}
    rest: dict[str, Any] = {}
    aliases = context.aliases
    for name, value in payload.items():
        if name in HEAD or name in aliases:
            plain = aliases[name][1:] if name in aliases else name
            if plain in head:
                raise bad_request("A member is given twice.", where=f"$.{name}")
            head[plain] = value
        else:
            rest[name] = value
    return head, rest


def _attributes(members: dict[str, Any], reading: Reading) -> dict[str, tuple[Attribute, ...]]:
    attributes: dict[str, tuple[Attribute, ...]] = {}
    for name, value in members.items():
        where = f"$.{name}"
        iri = expand_at(name, reading.context, where)
        if iri in attributes or iri in RESERVED or iri[0] == "@":
            raise bad_request("A name is given twice or is not one of an attribute.", where=where)
        if reading.simplified:
            attributes[iri] = read_plain(value, reading, reading.kinds.get(iri, "Property"), where)
        else:
            attributes[iri] = read_instances(value, reading, where)
    return attributes
