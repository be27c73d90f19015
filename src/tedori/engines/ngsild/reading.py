"""Documents of callers turned into entities: normalised, concise, simplified and GeoJSON (clauses 4.5 and 5.5.4).

Everything is checked on the way; an error names the place by a JSON path such as `$.speed[1].observedAt`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tedori.engines.ngsild.contexts import Context
from tedori.engines.ngsild.errors import NgsiLdError, bad_request
from tedori.engines.ngsild.geometries import is_geometry
from tedori.engines.ngsild.instants import read_instant
from tedori.engines.ngsild.kinds import (
    ABSENT,
    DELETED,
    KIND_BY_IRI,
    KIND_OF_MEMBER,
    MEMBER_BY_IRI,
    MEMBERS,
    NO_DATASET,
    VALUE_MEMBER,
    is_deleted,
)
from tedori.engines.ngsild.readable import read_uri, read_value
from tedori.engines.ngsild.values import NONE, Attribute, Entity

DEEPEST = 8
MOST_ATTRIBUTES = 2_000
MOST_INSTANCES = 10_000
MOST_TYPES = 50
MOST_SCOPES = 100
SCOPE = re.compile(r"/?[^\s/#+,;()|<>\"']+(?:/[^\s/#+,;()|<>\"']+)*")
ENTITY_MEMBERS = frozenset(
    ("id", "@id", "type", "@type", "scope", "@context", "createdAt", "modifiedAt", "deletedAt", "expiresAt")
)
SCOPE_IRI = "https://uri.etsi.org/ngsi-ld/scope"
LOCATION_IRI = "https://uri.etsi.org/ngsi-ld/location"
ONE_MEMBER = frozenset(KIND_OF_MEMBER) - {"value"}


@dataclass(frozen=True, slots=True)
class Reading:
    """How a document is to be read.

    `partial`: attributes may come without a value; `nulls`: the standard's null may stand for one, to delete it;
    `history`: several instances of one dataset may stand beside each other; `simplified`: plain values;
    `kinds`: of which kind the attributes are that a plain value is for, by IRI.
    """

    context: Context
    partial: bool = False
    nulls: bool = False
    history: bool = False
    simplified: bool = False
    kinds: Mapping[str, str] = field(default_factory=dict)


def read_entity(payload: Any, context: Context, *, simplified: bool = False) -> Entity:
    """A whole entity, as it is created: with an id and at least one type, without nulls."""
    return _whole(payload, Reading(context, simplified=simplified))


def read_history(payload: Any, context: Context) -> Entity:
    """The temporal evolution of an entity: each attribute has many instances, also of the same dataset."""
    return _whole(payload, Reading(context, history=True))


def read_fragment(
    payload: Any,
    context: Context,
    *,
    partial: bool = False,
    nulls: bool = True,
    history: bool = False,
    simplified: bool = False,
    kinds: Mapping[str, str] | None = None,
) -> Entity:
    """Part of an entity: the id is "" and the types are () when they are not given.

    A merge reads with `partial`; an append without `nulls`; the evolution of an entity with `history`.
    `kinds` (see `kinds_of`) lets a plain value of a `simplified` document take the kind of the attribute it is for.
    """
    return _entity(payload, Reading(context, partial, nulls, history, simplified, kinds or {}))


def read_attribute(
    payload: Any, context: Context, *, partial: bool = False, nulls: bool = True, history: bool = False
) -> tuple[Attribute, ...]:
    """The instances of one attribute, from its value alone (without its name)."""
    return _instances(payload, Reading(context, partial, nulls, history), "$", 0)


def read_feature(payload: Any, context: Context, *, geometry_property: str = LOCATION_IRI) -> Entity:
    """An entity from a GeoJSON Feature; its geometry becomes the geometry property (an IRI) unless that is given."""
    if not isinstance(payload, dict) or payload.get("type") != "Feature":
        raise bad_request("A GeoJSON Feature is wanted.", where="$.type")
    properties = payload.get("properties")
    if not isinstance(properties, dict):
        raise bad_request("A Feature needs its properties.", where="$.properties")
    entity = {"id": payload.get("id"), **properties}
    name = context.compact(geometry_property)
    if payload.get("geometry") is not None and name not in entity:
        entity[name] = {"type": "GeoProperty", "value": payload["geometry"]}
    return read_entity(entity, context)


def kinds_of(entity: Entity) -> Mapping[str, str]:
    """Of which kind each attribute of an entity is."""
    return {iri: instances[0].kind for iri, instances in entity.attributes.items()}


def read_types(value: Any, context: Context, where: str = "$.type") -> tuple[str, ...]:
    """One name of a type or an array of them, as IRIs without repetitions."""
    names = value if isinstance(value, list) else [value]
    if not names or len(names) > MOST_TYPES or not all(isinstance(name, str) for name in names):
        raise bad_request("A type must be a name or an array of names.", where=where)
    return tuple(dict.fromkeys(_name(name, context, where) for name in names))


def read_scopes(value: Any, *, nulls: bool = False, where: str = "$.scope") -> tuple[str, ...]:
    """One scope or an array of them; `(DELETED,)` when they are to go."""
    if isinstance(value, dict) and "value" in value:
        value = value["value"]
    if nulls and (value == DELETED or value == []):
        return (DELETED,)
    scopes = value if isinstance(value, list) else [value]
    if scopes and isinstance(scopes[-1], dict):  # its evolution: the last one holds
        return read_scopes(scopes[-1], nulls=nulls, where=where)
    if len(scopes) > MOST_SCOPES or not all(isinstance(one, str) and SCOPE.fullmatch(one) for one in scopes):
        raise bad_request("A scope must be a path such as /Chiyoda/Kanda, or an array of paths.", where=where)
    return tuple(dict.fromkeys(one if one[0] == "/" else f"/{one}" for one in scopes))


def _whole(payload: Any, reading: Reading) -> Entity:
    entity = _entity(payload, reading)
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
    types = read_types(head["type"], reading.context) if "type" in head else ()
    if types and (inner := reading.context.for_types(types)) is not reading.context:
        reading = replace(reading, context=inner)
    return Entity(
        id=read_uri(head["id"], "$.id") if "id" in head else "",
        types=types,
        attributes=_attributes(rest, reading),
        scopes=read_scopes(head["scope"], nulls=reading.nulls) if "scope" in head else (),
        expires_at=read_instant(head["expiresAt"], where="$.expiresAt") if "expiresAt" in head else None,
    )


def _sorted_members(payload: dict[str, Any], context: Context) -> tuple[dict[str, Any], dict[str, Any]]:
    """What every entity has, under its plain names, and the rest, which are attributes."""
    head: dict[str, Any] = {}
    rest: dict[str, Any] = {}
    aliases = context.aliases
    for name, value in payload.items():
        if name in ENTITY_MEMBERS or name in aliases:
            short = aliases.get(name, name).lstrip("@")
            if short in head:
                raise bad_request("A member is given twice.", where=f"$.{name}")
            head[short] = value
        else:
            rest[name] = value
    return head, rest


def _attributes(members: dict[str, Any], reading: Reading) -> dict[str, tuple[Attribute, ...]]:
    expand = reading.context.expand
    attributes: dict[str, tuple[Attribute, ...]] = {}
    for name, value in members.items():
        where = f"$.{name}"
        try:
            iri = expand(name)
        except NgsiLdError as error:
            raise _placed(error, where) from None
        if iri in attributes or iri[0] == "@":
            raise bad_request("A name is given twice or is not one of an attribute.", where=where)
        if reading.simplified:
            attributes[iri] = _plain(value, reading, reading.kinds.get(iri, "Property"), where)
        else:
            attributes[iri] = _instances(value, reading, where, 0)
    return attributes


def _instances(value: Any, reading: Reading, where: str, depth: int) -> tuple[Attribute, ...]:
    if type(value) is not list or not any(_is_attribute(item) for item in value):
        return (_instance(value, reading, where, depth),)
    if len(value) > MOST_INSTANCES:
        raise bad_request(
            "An attribute has too many instances.", detail=f"at most {MOST_INSTANCES}", where=where
        )
    instances = tuple(_instance(item, reading, f"{where}[{n}]", depth) for n, item in enumerate(value))
    if not reading.history and len({one.dataset_id for one in instances}) < len(instances):
        raise bad_request("Two instances of an attribute have the same datasetId.", where=where)
    return instances


def _is_attribute(value: Any) -> bool:
    """Whether an item of an array is an instance of an attribute, not just part of an array that is a value."""
    return isinstance(value, dict) and (
        value.get("type") in VALUE_MEMBER or not KIND_OF_MEMBER.keys().isdisjoint(value)
    )


def _instance(payload: Any, reading: Reading, where: str, depth: int) -> Attribute:
    if type(payload) is not dict:
        return Attribute("Property", _value("Property", payload, reading, where))
    if is_geometry(payload):
        return Attribute("GeoProperty", _value("GeoProperty", payload, reading, where))
    if depth > DEEPEST:
        raise bad_request("Attributes are nested too deeply.", detail=f"at most {DEEPEST}", where=where)
    found, subs = _members(payload, reading, where, depth)
    kind = _kind(found, reading, where)
    member = VALUE_MEMBER.get(kind, "")
    if member in found:
        value = _value(kind, found[member], reading, f"{where}.{member}")
    elif reading.partial:
        value = ABSENT
    else:
        raise bad_request(f"A {kind} needs its {member}.", where=where)
    return Attribute(kind, value, attributes=subs, **_details(found, reading, where))


def _members(
    payload: dict[str, Any], reading: Reading, where: str, depth: int
) -> tuple[dict[str, Any], Mapping[str, tuple[Attribute, ...]]]:
    """The members that the standard knows, under their plain names, and the sub-attributes."""
    found: dict[str, Any] = {}
    subs: dict[str, tuple[Attribute, ...]] = {}
    for name, value in payload.items():
        if name in MEMBERS:
            found[name] = value
            continue
        if name == "@context":
            continue
        place = f"{where}.{name}"
        try:
            iri = reading.context.expand(name)
        except NgsiLdError as error:
            raise _placed(error, place) from None
        plain = MEMBER_BY_IRI.get(iri, reading.context.aliases.get(name, "").lstrip("@"))
        if iri in subs or plain in found or (iri[0] == "@" and plain != "type"):
            raise bad_request("A name is given twice or is not one of an attribute.", where=place)
        if plain:
            found[plain] = value
        else:
            subs[iri] = _instances(value, reading, place, depth + 1)
    return found, subs or NONE


def _kind(found: dict[str, Any], reading: Reading, where: str) -> str:
    """Of which kind an attribute is: what its type says, or else the member that carries its value."""
    kind = found.get("type")
    carriers = [member for member in found if member in KIND_OF_MEMBER]
    if kind is None:
        if len(carriers) == 1:
            found_kind = KIND_OF_MEMBER[carriers[0]]
            return "GeoProperty" if found_kind == "Property" and is_geometry(found["value"]) else found_kind
        if reading.partial and not carriers:
            return ""
        raise bad_request("An attribute needs exactly one member that carries its value.", where=where)
    if kind not in VALUE_MEMBER:
        kind = KIND_BY_IRI.get(reading.context.expand(kind) if isinstance(kind, str) else "")
        if kind is None:
            raise bad_request("The type of an attribute is not one of the standard.", where=f"{where}.type")
    if any(member != VALUE_MEMBER[kind] for member in carriers):
        raise bad_request(f"A {kind} carries its value in {VALUE_MEMBER[kind]}.", where=where)
    return kind


def _details(found: dict[str, Any], reading: Reading, where: str) -> dict[str, Any]:
    return {
        DETAILS[name][0]: DETAILS[name][1](value, reading, f"{where}.{name}")
        for name, value in found.items()
        if name in DETAILS
    }


def _dataset(value: Any, _: Reading, where: str) -> str | None:
    return None if value == NO_DATASET else read_uri(value, where)


def _unit(value: Any, reading: Reading, where: str) -> str:
    if not isinstance(value, str) or not value:
        raise bad_request("A unit code must be a text of UN/CEFACT, such as CEL.", where=where)
    return value


def _instant(value: Any, reading: Reading, where: str) -> str:
    return value if reading.nulls and value == DELETED else read_instant(value, where=where)


DETAILS = {
    "datasetId": ("dataset_id", _dataset),
    "observedAt": ("observed_at", _instant),
    "unitCode": ("unit_code", _unit),
    "objectType": ("object_types", lambda value, reading, where: read_types(value, reading.context, where)),
    "valueType": ("value_type", lambda value, reading, where: read_types(value, reading.context, where)[0]),
    "expiresAt": ("expires_at", _instant),
}


def _value(kind: str, value: Any, reading: Reading, where: str) -> Any:
    if is_deleted(value):
        if not reading.nulls:
            raise bad_request("The NGSI-LD null may only stand where something is updated.", where=where)
        return DELETED
    return read_value(kind, value, reading.context, where)


def _plain(value: Any, reading: Reading, kind: str, where: str) -> tuple[Attribute, ...]:
    """The instances of an attribute from the plain value of a simplified document."""
    if isinstance(value, dict) and len(value) == 1:
        (name,) = value
        if name == "dataset" and isinstance(value[name], dict):
            return tuple(
                Attribute(one.kind, one.value, dataset_id=_dataset(dataset, reading, where))
                for dataset, part in value[name].items()
                for one in _plain(part, reading, kind, f"{where}.{dataset}")
            )
        if name in ONE_MEMBER:
            kind, value = KIND_OF_MEMBER[name], value[name]
    if is_geometry(value):
        kind = "GeoProperty"
    if kind == "LanguageProperty" and isinstance(value, str) and value != DELETED:
        kind = "Property"  # which language it is in, the merge knows
    return (Attribute(kind, _value(kind, value, reading, where)),)


def _name(name: str, context: Context, where: str) -> str:
    try:
        iri = context.expand(name)
    except NgsiLdError as error:
        raise _placed(error, where) from None
    if iri[0] == "@":
        raise bad_request("A word of JSON-LD cannot be the name of a type.", detail=name, where=where)
    return iri


def _placed(error: NgsiLdError, where: str) -> NgsiLdError:
    return NgsiLdError(error.kind, error.title, detail=error.detail, where=where)
